"""Bank and instrument documents, resolved into the definition that a version holds.

A document names items and scales; the resolved definition holds their wording and options, so that a
released version can be read for ever without the bank.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sloyfe.instruments.rules import QuestionKind as QuestionKind
from sloyfe.instruments.rules.bank import (
    OPTIONS,
    QUESTION,
    Bank,
    BankItem,
    BankVariant,
    known_scale,
    optional_text,
)
from sloyfe.instruments.rules.documents import (
    LANGUAGES,
    REQUIRED_LANGUAGES,
    SLUG,
    Mistake,
    Notes,
    Path,
    Text,
    shown,
)
from sloyfe.instruments.rules.parts import check_part, read_part
from sloyfe.instruments.rules.purposes import (
    ROW_KEYS,
    check_purposes,
    keys_of,
    read_purpose,
    read_replaces,
)

CHOICES = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.BATTERY})
OWN_TEXT = frozenset({QuestionKind.BATTERY, QuestionKind.INFORMATION})

# How long a wording may be, in characters, and how much a form may hold.
TITLE, INTRO, INFORMATION = 300, 4000, 8000
PAGES, QUESTIONS, ROWS = 60, 60, 60
SHORT, LONG = 200, 4000
LONGEST = {QuestionKind.SHORT_TEXT: 500, QuestionKind.LONG_TEXT: 20_000}
DEEPEST_ROUTING = 6

# The keys that a question of each kind may have besides kind, required, relevant and those about its purpose.
KEYS: dict[QuestionKind, tuple[str, ...]] = {
    QuestionKind.SINGLE: ("item", "variant", "scale", "help"),
    QuestionKind.MULTIPLE: ("item", "variant", "scale", "help", "max_choices"),
    QuestionKind.BATTERY: ("code", "text", "help", "scale", "rows"),
    QuestionKind.NUMBER: ("item", "variant", "help", "minimum", "maximum", "decimals", "part_of"),
    QuestionKind.SHORT_TEXT: ("item", "variant", "help", "max_length"),
    QuestionKind.LONG_TEXT: ("item", "variant", "help", "max_length"),
    QuestionKind.DATE: ("item", "variant", "help"),
    QuestionKind.INFORMATION: ("code", "text", "help"),
}

Definition = dict[str, Any]
Question = dict[str, Any]
Placed = tuple[Path, Question]


@dataclass(frozen=True)
class ResolvedInstrument:
    """An instrument document with every item and scale put in; `uses` tells which variant stands where."""

    code: str
    kind: str
    title: Text
    provenance: Text
    definition: Definition
    uses: tuple[tuple[str, str | None], ...]


def content_hash(definition: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a definition as canonical JSON, in hexadecimal; the order of keys is no difference."""
    canonical = json.dumps(
        definition, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def questions_of(definition: Mapping[str, Any]) -> Iterator[Placed]:
    """Give every question of a definition in order, each with the path to it."""
    for page_number, page in enumerate(definition["pages"]):
        for number, question in enumerate(page["questions"]):
            yield ("pages", page_number, "questions", number), question


def item_codes(question: Mapping[str, Any]) -> list[str]:
    """Give the keys under which answers to a question are kept: one, a battery's rows, or none."""
    if question["kind"] == QuestionKind.BATTERY:
        return [row["code"] for row in question["rows"]]
    return [] if question["kind"] == QuestionKind.INFORMATION else [question["code"]]


def languages_of(definition: Mapping[str, Any]) -> list[str]:
    """Give the languages in which every wording of a definition is written."""
    texts = list(_texts(definition["pages"]))
    return [
        language
        for language in LANGUAGES
        if language in REQUIRED_LANGUAGES or (texts and all(language in text for text in texts))
    ]


def _texts(value: Any) -> Iterator[Text]:
    """Walk through everything in a definition that is a wording: a mapping with bokmål in it."""
    if isinstance(value, dict):
        if "nb" in value:
            yield value
        else:
            for part in value.values():
                yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)


# The instrument


@dataclass
class _Reading:
    """What the reading of one instrument document carries from question to question."""

    bank: Bank
    notes: Notes
    uses: list[tuple[str, str | None]] = field(default_factory=list)


def read_instrument(
    document: object, bank: Bank, kinds: tuple[str, ...]
) -> tuple[ResolvedInstrument | None, list[Mistake]]:
    """Resolve an instrument document against the bank; give it, or nothing and every mistake in it.

    `kinds` are the kinds of instrument that there are.
    """
    notes = Notes()
    top = notes.mapping(
        document,
        (),
        ("code", "kind", "title", "provenance", "general_part", "pages"),
        ("code", "kind", "title", "pages"),
    )
    if top is None:
        return None, notes.mistakes
    code = notes.code(top.get("code"), ("code",), SLUG)
    kind = top.get("kind")
    if kind not in kinds:
        notes.add("unknown_instrument_kind", ("kind",), value=shown(kind), known=", ".join(kinds))
    title = notes.text(top.get("title"), ("title",), most=TITLE, slots=False)
    provenance = (
        notes.text(top["provenance"], ("provenance",), most=INTRO, slots=False)
        if top.get("provenance")
        else {}
    )
    reading = _Reading(bank, notes)
    pages: list[dict[str, Any]] = []
    placed: list[Placed] = []
    for number, entry in enumerate(notes.sequence(top.get("pages"), ("pages",), most=PAGES)):
        page, found = _read_page(entry, ("pages", number), reading)
        placed.extend(found)
        if page is not None:
            pages.append(page)
    _mark_general_pages(top.get("general_part"), pages, notes)
    notes.mistakes.extend(check_questions(placed))
    check_purposes(str(kind), placed, notes)
    if notes.mistakes:
        return None, notes.mistakes
    definition: Definition = {"languages": [], "pages": pages}
    definition["languages"] = languages_of(definition)
    return (
        ResolvedInstrument(code, str(kind), title, provenance, definition, tuple(reading.uses)),
        [],
    )


def _read_page(
    entry: object, path: Path, reading: _Reading
) -> tuple[dict[str, Any] | None, list[Placed]]:
    notes = reading.notes
    raw = notes.mapping(
        entry, path, ("code", "title", "intro", "questions"), ("code", "title", "questions")
    )
    if raw is None:
        return None, []
    page: dict[str, Any] = {
        "code": notes.code(raw.get("code"), (*path, "code"), SLUG),
        "title": notes.text(raw.get("title"), (*path, "title"), most=TITLE),
        "intro": optional_text(raw.get("intro"), (*path, "intro"), notes, INTRO),
        "general": False,
    }
    here = (*path, "questions")
    placed: list[Placed] = []
    for number, part in enumerate(notes.sequence(raw.get("questions"), here, most=QUESTIONS)):
        question = _read_question(part, (*here, number), reading)
        if question is not None:
            placed.append(((*here, number), question))
    page["questions"] = [question for _, question in placed]
    return page, placed


def _mark_general_pages(raw: object, pages: list[dict[str, Any]], notes: Notes) -> None:
    codes: set[str] = set()
    for number, page in enumerate(pages):
        if page["code"] and page["code"] in codes:
            notes.add("page_twice", ("pages", number, "code"), page=page["code"])
        codes.add(page["code"])
    if raw is None:
        return
    general = notes.sequence(raw, ("general_part",), least=0, most=PAGES)
    for number, name in enumerate(general):
        if not isinstance(name, str) or name not in codes:
            notes.add("unknown_page", ("general_part", number), page=shown(name))
    for page in pages:
        page["general"] = page["code"] in general


def blank_question(code: str, kind: str) -> Question:
    """Give a question of a kind with every key of the resolved form, and nothing in them."""
    return {
        "code": code,
        "kind": kind,
        "text": {},
        "help": None,
        "required": False,
        "relevant": None,
        "scale": None,
        "options": [],
        "rows": [],
        "max_choices": None,
        "minimum": None,
        "maximum": None,
        "decimals": None,
        "max_length": None,
    }


def _read_question(entry: object, path: Path, reading: _Reading) -> Question | None:
    notes = reading.notes
    kind_name = entry.get("kind") if isinstance(entry, dict) else None
    if isinstance(entry, dict) and kind_name not in list(QuestionKind):
        notes.add(
            "unknown_kind",
            (*path, "kind"),
            value=shown(kind_name),
            known=", ".join(kind.value for kind in QuestionKind),
        )
        return None
    kind = QuestionKind(kind_name) if kind_name else QuestionKind.INFORMATION
    name_key = "code" if kind in OWN_TEXT else "item"
    required = {
        QuestionKind.BATTERY: ("code", "text", "scale", "rows"),
        QuestionKind.INFORMATION: ("code", "text"),
    }.get(kind, ("item",))
    known = ("kind", *KEYS[kind], *keys_of(kind), "relevant")
    raw = notes.mapping(
        entry, path, known if kind == QuestionKind.INFORMATION else (*known, "required"), required
    )
    if raw is None or raw.get(name_key) is None:
        return None
    question = blank_question(notes.code(raw[name_key], (*path, name_key)), kind.value)
    question["required"] = notes.boolean(raw.get("required"), (*path, "required"))
    question["relevant"] = raw.get("relevant")
    if kind in OWN_TEXT:
        most = INFORMATION if kind == QuestionKind.INFORMATION else QUESTION
        question["text"] = notes.text(raw.get("text"), (*path, "text"), most=most)
        question["help"] = optional_text(raw.get("help"), (*path, "help"), notes)
        item_scale = None
    else:
        wording = _find_item(raw["item"], raw.get("variant"), path, reading)
        if wording is None:
            return None
        question["text"] = dict(wording.text)
        question["help"] = (
            optional_text(raw["help"], (*path, "help"), notes) if "help" in raw else wording.help
        )
        item_scale = wording.scale
    _read_scale(question, raw.get("scale"), item_scale, path, reading)
    if kind == QuestionKind.BATTERY:
        question["rows"] = _read_rows(raw.get("rows"), question["scale"], (*path, "rows"), reading)
    _read_limits(question, raw, path, notes)
    question.update(read_purpose(raw, path, notes))
    return question


def _find_item(
    item: object, variant: object, path: Path, reading: _Reading
) -> BankItem | BankVariant | None:
    found = reading.bank.items.get(item) if isinstance(item, str) else None
    if found is None:
        reading.notes.add("unknown_item", (*path, "item"), item=shown(item))
        return None
    if variant is not None and (not isinstance(variant, str) or variant not in found.variants):
        reading.notes.add(
            "unknown_variant", (*path, "variant"), item=found.code, variant=shown(variant)
        )
        return None
    reading.uses.append((found.code, str(variant) if variant is not None else None))
    return found.variants[str(variant)] if variant is not None else found


def _read_scale(
    question: Question, named: object, item_scale: str | None, path: Path, reading: _Reading
) -> None:
    notes, scales = reading.notes, reading.bank.scales
    if question["kind"] not in CHOICES:
        if item_scale is not None:
            notes.add("scale_not_used", path, item=question["code"], scale=item_scale)
        return
    scale = known_scale(named, (*path, "scale"), scales, notes) or item_scale
    if scale is None:
        if named is None:
            notes.add("no_scale", path, question=question["code"])
        return
    if item_scale is not None and scale != item_scale:
        notes.add(
            "other_scale",
            (*path, "scale"),
            item=question["code"],
            scale=scale,
            item_scale=item_scale,
        )
    question["scale"] = scale
    question["options"] = [dict(option) for option in scales[scale]]


def _read_rows(
    raw: object, scale: str | None, path: Path, reading: _Reading
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    notes = reading.notes
    for number, entry in enumerate(notes.sequence(raw, path, most=ROWS)):
        here = (*path, number)
        if isinstance(entry, str):
            entry = {"item": entry}
        row = notes.mapping(entry, here, ("item", "variant", *ROW_KEYS), ("item",))
        if row is None or row.get("item") is None:
            continue
        wording = _find_item(row["item"], row.get("variant"), here, reading)
        if wording is None:
            continue
        if wording.scale is not None and scale is not None and wording.scale != scale:
            notes.add("other_scale", here, item=row["item"], scale=scale, item_scale=wording.scale)
        rows.append(
            {
                "code": str(row["item"]),
                "text": dict(wording.text),
                **read_replaces(row, here, notes),
            }
        )
    return rows


def _read_limits(question: Question, raw: Mapping[str, object], path: Path, notes: Notes) -> None:
    kind = QuestionKind(question["kind"])
    if kind == QuestionKind.MULTIPLE:
        question["max_choices"] = notes.whole(
            raw.get("max_choices"), (*path, "max_choices"), least=1, most=OPTIONS
        )
    elif kind == QuestionKind.NUMBER:
        question["minimum"] = notes.number(raw.get("minimum"), (*path, "minimum"))
        question["maximum"] = notes.number(raw.get("maximum"), (*path, "maximum"))
        question["decimals"] = (
            notes.whole(raw.get("decimals"), (*path, "decimals"), least=0, most=6) or 0
        )
        question.update(read_part(raw, path, notes))
    elif kind in LONGEST:
        length = notes.whole(
            raw.get("max_length"), (*path, "max_length"), least=1, most=LONGEST[kind]
        )
        question["max_length"] = length or (SHORT if kind == QuestionKind.SHORT_TEXT else LONG)


# What must hold of the questions together


def check_questions(placed: list[Placed]) -> list[Mistake]:
    """Give what is wrong with questions together: an item twice, limits upside down, routing forwards."""
    notes = Notes()
    all_codes = {code for _, question in placed for code in item_codes(question)}
    earlier: dict[str, Question] = {}
    names: set[str] = set()
    for path, question in placed:
        if question["code"] in names:
            notes.add("question_twice", path, question=question["code"])
        names.add(question["code"])
        _check_limits(question, path, notes)
        check_part(question, path, earlier, notes)
        if question["relevant"] is not None:
            _check_routing(question["relevant"], (*path, "relevant"), earlier, all_codes, notes)
        for code in item_codes(question):
            if code in earlier:
                notes.add("item_twice", path, item=code)
            earlier[code] = question
    return notes.mistakes


def _check_limits(question: Question, path: Path, notes: Notes) -> None:
    most = question["max_choices"]
    if most is not None and question["options"] and most > len(question["options"]):
        notes.add(
            "max_choices_over_options",
            (*path, "max_choices"),
            most=most,
            options=len(question["options"]),
        )
    low, high = question["minimum"], question["maximum"]
    if low is not None and high is not None and low > high:
        notes.add("limits_upside_down", (*path, "minimum"), minimum=low, maximum=high)


def _check_routing(
    condition: object,
    path: Path,
    earlier: Mapping[str, Question],
    all_codes: set[str],
    notes: Notes,
    depth: int = 0,
) -> None:
    if not isinstance(condition, dict) or depth > DEEPEST_ROUTING:
        notes.add("bad_routing", path)
        return
    keys = set(condition)
    if keys in ({"all"}, {"any"}):
        joint = next(iter(keys))
        for number, part in enumerate(notes.sequence(condition[joint], (*path, joint), most=20)):
            _check_routing(part, (*path, joint, number), earlier, all_codes, notes, depth + 1)
    elif keys == {"not"}:
        _check_routing(condition["not"], (*path, "not"), earlier, all_codes, notes, depth + 1)
    elif keys in ({"item", "in"}, {"item", "answered"}):
        item = condition["item"]
        if not isinstance(item, str) or item not in earlier:
            later = isinstance(item, str) and item in all_codes
            code = "routing_later" if later else "routing_unknown"
            notes.add(code, (*path, "item"), item=shown(item))
        elif "in" in condition:
            _check_routing_answers(condition["in"], earlier[item], item, (*path, "in"), notes)
        if "answered" in condition and condition["answered"] is not True:
            notes.add("bad_routing", (*path, "answered"))
    else:
        notes.add("bad_routing", path)


def _check_routing_answers(
    answers: object, question: Question, item: str, path: Path, notes: Notes
) -> None:
    options = {option["code"] for option in question["options"]}
    listed = notes.sequence(answers, path, most=OPTIONS)
    if not options:
        notes.add("routing_needs_options", path, item=item)
        return
    for number, answer in enumerate(listed):
        if not isinstance(answer, str) or answer not in options:
            notes.add("routing_unknown_option", (*path, number), item=item, option=shown(answer))


def check_definition(definition: Mapping[str, Any], kind: str = "") -> list[Mistake]:
    """Give what is wrong with a resolved definition that was changed by form; `kind` is its instrument's."""
    notes = Notes()
    if not definition["pages"]:
        notes.add("too_few", ("pages",), least=1)
    for number, page in enumerate(definition["pages"]):
        if not page["questions"]:
            notes.add("too_few", ("pages", number, "questions"), least=1)
    placed = list(questions_of(definition))
    check_purposes(kind, placed, notes)
    return notes.mistakes + check_questions(placed)
