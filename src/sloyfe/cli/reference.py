"""The pages of `docs/reference/` that are printed from the code: tables of states, roles, sentences, keys.

Loaded when Django is set up, and asks no database. A page is a function that gives Markdown.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from django.apps import apps

import sloyfe
from sloyfe.audit.queries import sentences as event_sentences
from sloyfe.cli.main import verbs
from sloyfe.cli.reference_files import bank_keys_page, code, programme_keys_page, table
from sloyfe.cli.reference_states import LANGUAGES, in_all_languages, said, states_page
from sloyfe.common.environment import settings_table
from sloyfe.fieldwork import rules as fieldwork
from sloyfe.home.texts import ROLE_RIGHTS
from sloyfe.instruments import rules as instruments
from sloyfe.instruments import texts as instrument_texts
from sloyfe.instruments.rules import bank, definitions, purposes
from sloyfe.instruments.rules.access import RIGHTS
from sloyfe.letters import rules as letters
from sloyfe.letters.texts import LETTER_TEXT
from sloyfe.organisations.rules import SIZE_CLASSES
from sloyfe.organisations.texts import SIZE_CLASS_TEXT
from sloyfe.programme.rules import Capacity
from sloyfe.programme.texts import CAPACITY_TEXT
from sloyfe.reports import rules as reports
from sloyfe.reports.texts import BLOCK_TEXT
from sloyfe.stats import disclose
from sloyfe.ui.texts import TABLE_PROBLEMS

PACKAGE = Path(sloyfe.__file__).resolve().parent


# Settings


def settings_page() -> str:
    """The page on settings."""
    return (
        "# Settings\n\n"
        "An installation is set up by environment variables. None is needed on a laptop. A variable "
        "that begins with `SLOYFE_` and is not in this table is refused as misspelt.\n\n"
        + settings_table()
    )


# Roles


def roles_page() -> str:
    """The capacities in which organisations take part, and what each may do."""
    rows = [(code(key.value), *in_all_languages(text)) for key, text in CAPACITY_TEXT.items()]
    parts = [
        (
            "# Roles, and who may do what\n\n"
            "A right needs two things, both dated: a person works in an organisation, and the organisation takes "
            "part in the programme in some capacity. A stranger gets 404, as if the page did not exist; "
            "somebody who may see but not do gets 403 with the reason.\n\n"
            "What every role gets at every address stands in the table of `tests/architecture/access`, "
            "and a test checks that the table names every address.\n"
        ),
        table(("Capacity", *LANGUAGES.values()), rows),
        "\n## What each comes to do\n",
        table(
            ("Role", "May"),
            (
                (said(CAPACITY_TEXT[key], "en-gb"), "; ".join(said(one, "en-gb") for one in told))
                for key, told in ROLE_RIGHTS.items()
            ),
        ),
        *_forms_seen(),
        (
            "\n## The rules themselves\n\nEach raises its reason, which is also what a button says that may not be "
            "pressed.\n"
        ),
    ]
    for app, checks in _checks():
        parts.append(f"### `sloyfe.{app}.permissions`\n")
        parts.append(table(("Rule", "What it says"), checks))
    return "\n".join(parts)


def _forms_seen() -> Iterator[str]:
    """Print who makes the forms of each group, who comments, who tries them, and who sees which versions."""

    def named(capacities: Iterable[Capacity]) -> str:
        chosen = set(capacities)
        return ", ".join(said(CAPACITY_TEXT[one], "en-gb") for one in Capacity if one in chosen)

    for group, rights in RIGHTS.items():
        kinds = ", ".join(
            said(instrument_texts.INSTRUMENT_KINDS[kind], "en-gb")
            for kind in instruments.InstrumentKind
            if kind in rights.kinds
        )
        title = said(instrument_texts.GROUPS[group].title, "en-gb")
        yield f"\n## {title}: who makes them and who sees them, by where they stand\n"
        yield (
            f"Kinds: {kinds}. Made by: {named([rights.maker])}. Commented on by: {named(rights.commenters)}."
            f" Tried in the pilot by: {named(rights.pilots)}.\n"
        )
        states = instruments.VersionState
        yield table(
            ("Role", *(said(instrument_texts.STATES[state], "en-gb") for state in states)),
            (
                (
                    said(CAPACITY_TEXT[capacity], "en-gb"),
                    *("yes" if state in rights.sees[capacity] else "–" for state in states),
                )
                for capacity in Capacity
            ),
        )


def _checks() -> Iterator[tuple[str, list[tuple[str, str]]]]:
    for app in _our_apps():
        if not (PACKAGE / app / "permissions.py").exists():
            continue
        module = importlib.import_module(f"sloyfe.{app}.permissions")
        found = [
            (code(name), (inspect.getdoc(check) or "").partition("\n\n")[0])
            for name, check in vars(module).items()
            if name.startswith("check_") and getattr(check, "__module__", "") == module.__name__
        ]
        if found:
            yield app, found


def _our_apps() -> list[str]:
    return [config.label for config in apps.get_app_configs() if config.name.startswith("sloyfe.")]


# Sentences


def refusals_page() -> str:
    """Every refusal with its sentence in three languages, and what may be wrong in answers and files."""
    parts = [
        (
            "# Refusals and problems\n\n"
            "A refusal has a stable code, which programs may rely on, and a sentence, which people read. "
            "Words in braces are filled in.\n"
        )
    ]
    for app in _our_apps():
        texts = _texts_of(app, "REFUSALS")
        if texts:
            parts += [f"## {app}\n", _sentence_table("Code", texts)]
    parts += [
        "## An answer to a question\n",
        _sentence_table("Code", instrument_texts.FIELD_PROBLEMS),
        "## A bank or a form as a file\n\nEach is told with file, line and key.\n",
        _sentence_table("Code", instrument_texts.MISTAKES),
        "## A table as a file (CSV or XLSX)\n\nEach is told with row and column.\n",
        _sentence_table("Code", TABLE_PROBLEMS),
    ]
    return "\n".join(parts)


def _texts_of(app: str, name: str) -> Mapping[str, object]:
    folder = PACKAGE / app
    if not ((folder / "texts.py").exists() or (folder / "texts").exists()):
        return {}
    found: Mapping[str, object] = getattr(importlib.import_module(f"sloyfe.{app}.texts"), name, {})
    return found


def _sentence_table(head: str, texts: Mapping[str, object]) -> str:
    return table(
        (head, *LANGUAGES.values()),
        ((code(name), *in_all_languages(text)) for name, text in texts.items()),
    )


def events_page() -> str:
    """Every action that the history records."""
    told = event_sentences()
    head = (
        "# What the history records\n\n"
        "Every action is one transaction with one event: name, who, when, what it was about, a few details. An "
        "event never holds an answer, a link or an address. The page `/historikk/` tells events in words.\n"
    )
    return "\n".join([head, _sentence_table("Action", {name: told[name] for name in sorted(told)})])


# Forms, letters, reports, figures


def question_kinds_page() -> str:
    """The kinds of question, and the keys that each may have."""
    common = ("kind", "relevant")
    rows = []
    for kind in instruments.QuestionKind:
        keys = [*definitions.KEYS[kind], *purposes.keys_of(kind), *common]
        if kind != instruments.QuestionKind.INFORMATION:
            keys.append("required")
        words = in_all_languages(instrument_texts.QUESTION_KINDS[kind])
        rows.append((code(kind.value), *words, ", ".join(map(code, keys))))
    return (
        "# Kinds of question\n\nHow they are written in a file stands in [instruments.md](instruments.md).\n\n"
        + table(("Kind", *LANGUAGES.values(), "Keys"), rows)
        + "\n## Limits\n\n"
        + table(
            ("What", "At most"),
            (
                ("pages of a form", definitions.PAGES),
                ("questions on a page", definitions.QUESTIONS),
                ("rows of a battery", definitions.ROWS),
                ("options of a scale", bank.OPTIONS),
                (
                    "characters in a short answer, unless `max_length` says less or more",
                    definitions.SHORT,
                ),
                (
                    "characters in a long answer, unless `max_length` says less or more",
                    definitions.LONG,
                ),
                *(
                    (f"`max_length` of {code(kind.value)}", most)
                    for kind, most in definitions.LONGEST.items()
                ),
                ("conditions inside each other", definitions.DEEPEST_ROUTING),
            ),
        )
    )


def letter_slots_page() -> str:
    """Which slots the text of a letter may have and must have."""
    rows = []
    for kind, (may, must) in letters.SLOTS.items():
        rows.append(
            (
                code(kind),
                said(LETTER_TEXT[kind], "en-gb"),
                ", ".join(f"`{{{slot}}}`" for slot in sorted(must)) or "–",
                ", ".join(f"`{{{slot}}}`" for slot in sorted(may - must)),
            )
        )
    return (
        "# Letters and their slots\n\n"
        "How letter texts are written and where they stand is told in [letters.md](letters.md). A text with an "
        "unknown slot, or without one that it must have, is refused before anything is sent.\n\n"
        + table(("Kind", "What it is", "Must have", "May have"), rows)
        + f"\nA unit gets one invitation and at most {fieldwork.MAX_REMINDERS} reminders; a unique key and a "
        "check in the database hold that.\n"
    )


def report_blocks_page() -> str:
    """The blocks that a report is made of."""
    rows = [
        (
            code(kind.value),
            *in_all_languages(BLOCK_TEXT[kind]),
            ", ".join(code(key) for key in sorted(reports.NEEDS[kind])) or "–",
        )
        for kind in reports.BlockKind
    ]
    return (
        "# Blocks of a report\n\nA report is a list of blocks. A block says what it is about; its figures come "
        "from the tables that may be shown, never from the block.\n\n"
        + table(("Kind", *LANGUAGES.values(), "Must name"), rows)
        + f"\nA heading or text has at most {reports.LONGEST_TEXT} characters.\n"
    )


def figures_page() -> str:
    """Size classes, and when a figure is not shown."""
    sizes = [
        (code(name), *in_all_languages(SIZE_CLASS_TEXT[name]))
        for name in (*(name for name, _upper in SIZE_CLASSES), "unknown")
    ]
    return (
        "# Size classes and small cells\n\n"
        "## Size classes\n\nInhabitants on the day of the frame, in the classes of the evaluation of 2017.\n\n"
        + table(("Class", *LANGUAGES.values()), sizes)
        + "\n## What is not shown\n\n"
        "`sloyfe.stats.disclose:disclose` is the only door to a table that is shown outside the evaluators. "
        "Where its ground is `protected`:\n\n"
        + table(
            ("Rule", "Number"),
            (
                (
                    "A count above 0 and below this is told as “fewer than”",
                    disclose.SURVEY_THRESHOLD,
                ),
                (
                    "A group smaller than this tells nothing of its answers",
                    disclose.SURVEY_THRESHOLD,
                ),
                (
                    "A group smaller than this of which all answered the same tells nothing of its answers",
                    disclose.PERCENT_FROM,
                ),
                (
                    "A group smaller than this is told in counts, whatever the ground",
                    disclose.PERCENT_FROM,
                ),
                ("The same threshold for figures from registers", disclose.REGISTER_THRESHOLD),
                (
                    "A region in which fewer than this were asked is not told apart in response rates",
                    fieldwork.SMALLEST_GROUP,
                ),
                ("A table with more joint cells than this is refused", disclose.LARGEST_PROBLEM),
            ),
        )
        + "\nA zero is shown, and so is 100 % in a group that is large enough. Then further figures are withheld "
        "until nobody can work a hidden one out from this table and those shown before. Other grounds are "
        "`already_public`, with a citation, and `consent`, with the record of who agreed.\n"
    )


# The command


def command_page() -> str:
    """The verbs of the command."""
    parts = [
        (
            "# The command `sloyfe`\n\n"
            "`make` calls it. By hand it is `.venv/bin/python -m sloyfe.cli.main VERB`, with `PYTHONPATH=src`.\n"
        ),
        table(("Verb", "What it does"), ((code(v.name), v.words) for v in verbs())),
    ]
    for verb in verbs():
        if verb.name == "manage":
            parts.append("\n## `sloyfe manage`\n\nTakes what Django's own command takes.\n")
            continue
        parser = argparse.ArgumentParser(prog=f"sloyfe {verb.name}", add_help=False)
        importlib.import_module(verb.module).add_arguments(parser)
        if not parser._actions:
            continue
        parts.append(f"\n## `sloyfe {verb.name}`\n")
        parts.append(
            table(
                ("Argument", "Needed", "What it is"),
                (
                    (
                        code(_argument(each)),
                        "yes" if each.required else "no",
                        each.help or "",
                    )
                    for each in parser._actions
                ),
            )
        )
    parts.append(
        "\n## Exit codes\n\n"
        + table(
            ("Code", "Means"),
            (
                (0, "done"),
                (1, "`sloyfe status`: not running; else a mistake of ours"),
                (
                    2,
                    "a file or an argument holds something wrong; each problem is told with its place",
                ),
                (3, "refused by a rule"),
                (4, "this person may not do it"),
                (5, "somebody else wrote first"),
                (6, "a setting is missing or wrong"),
                (7, "the database cannot be started or reached"),
                (8, "a step of `sloyfe up` failed before anything was started"),
                (130, "stopped with Ctrl-C"),
            ),
        )
    )
    return "\n".join(parts)


def _argument(action: argparse.Action) -> str:
    name = action.option_strings[0] if action.option_strings else ""
    takes = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    return " ".join(part for part in (name, takes) if part)


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/settings.md": settings_page,
    "docs/reference/states.md": states_page,
    "docs/reference/roles.md": roles_page,
    "docs/reference/refusals.md": refusals_page,
    "docs/reference/history.md": events_page,
    "docs/reference/question-kinds.md": question_kinds_page,
    "docs/reference/letter-slots.md": letter_slots_page,
    "docs/reference/report-blocks.md": report_blocks_page,
    "docs/reference/size-classes-and-small-cells.md": figures_page,
    "docs/reference/command.md": command_page,
    "docs/reference/programme-keys.md": programme_keys_page,
    "docs/reference/instrument-keys.md": bank_keys_page,
}
