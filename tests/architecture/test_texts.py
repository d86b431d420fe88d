"""Every refusal has its own sentence, and every sentence its Norwegian."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.apps import apps
from django.utils import translation

import sloyfe
from sloyfe.audit.queries import sentences as event_sentences
from sloyfe.ui.refusals import sentences

PACKAGE = Path(sloyfe.__file__).parent
REFUSALS = {"Refused", "NotAllowed", "NotPossible", "ChangedMeanwhile"}
# The command speaks English by itself, without Django.
WITHOUT_DJANGO = {"cli", "common", "database", "render", "stats"}
CATALOGUES = sorted(PACKAGE.glob("*/locale/*/LC_MESSAGES/django.po"))
SLOT = re.compile(r"%\((\w+)\)")


def _raised_codes() -> dict[str, str]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        if path.relative_to(PACKAGE).parts[0] in WITHOUT_DJANGO:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in REFUSALS
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                found[str(node.args[0].value)] = f"{path.relative_to(PACKAGE)}:{node.lineno}"
    return found


def test_every_refusal_that_is_raised_has_a_sentence() -> None:
    told = sentences()

    missing = {code: place for code, place in _raised_codes().items() if code not in told}

    assert not missing, "write them in that app's texts.REFUSALS"


def test_no_two_refusals_share_a_sentence() -> None:
    with translation.override("en"):
        told = [str(text) for text in sentences().values()]

    assert len(told) == len(set(told))


def test_no_code_stands_in_two_apps() -> None:
    codes: list[str] = []
    for config in apps.get_app_configs():
        if config.name.startswith("sloyfe.") and find_spec(f"{config.name}.texts"):
            codes += getattr(import_module(f"{config.name}.texts"), "REFUSALS", {})

    assert len(codes) == len(set(codes))


def test_events_are_told_in_sentences() -> None:
    with translation.override("en"):
        assert all(str(text).rstrip().endswith(".") for text in event_sentences().values())


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "-".join(path.parts[-5:-1]))
def test_every_text_is_translated_and_keeps_its_slots(path: Path) -> None:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.parents[1].name)
    untranslated, lost = [], []

    for message in catalogue:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        sources = message.id if isinstance(message.id, tuple) else (message.id,)
        if message.fuzzy or not all(forms):
            untranslated.append(message.id)
        elif set(SLOT.findall(str(forms[-1]))) != set(SLOT.findall(str(sources[-1]))):
            lost.append(message.id)

    assert not untranslated
    assert not lost


@pytest.mark.parametrize("app", sorted({path.parents[3].name for path in CATALOGUES}), ids=str)
def test_both_forms_of_norwegian_have_the_same_texts(app: str) -> None:
    found = []
    for language in ("nb", "nn"):
        path = PACKAGE / app / "locale" / language / "LC_MESSAGES" / "django.po"
        with path.open("rb") as file:
            found.append({str(message.id) for message in read_po(file)})

    assert found[0] == found[1]


def test_every_app_that_shows_texts_has_catalogues() -> None:
    asks = re.compile(r"""\b(?:gettext|gettext_lazy|ngettext|_)\(\s*["']|{% (?:block)?translate """)
    missing = [
        folder.name
        for folder in sorted(PACKAGE.iterdir())
        if folder.is_dir()
        and folder.name not in WITHOUT_DJANGO | {"config"}
        and any(
            asks.search(path.read_text(encoding="utf-8"))
            for suffix in ("*.py", "*.html")
            for path in folder.rglob(suffix)
            if "migrations" not in path.parts
        )
        and not (folder / "locale" / "nn").exists()
    ]

    assert not missing


@pytest.mark.parametrize("language", ["nb", "nn"])
def test_the_same_words_say_the_same_in_every_catalogue(language: str) -> None:
    # Django keeps one wording of each message for the whole product: the first subject's.
    told: dict[tuple[str | None, str], dict[str, set[str]]] = {}
    for path in CATALOGUES:
        if path.parts[-3] != language:
            continue
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, str) and message.id and message.string:
                    wordings = told.setdefault((message.context, message.id), {})
                    wordings.setdefault(str(message.string), set()).add(path.parts[-5])

    assert {key: said for key, said in told.items() if len(said) > 1} == {}


def _written() -> tuple[set[str], str]:
    """Give every constant in the code, and what all templates hold, with slots as catalogues write them."""
    constants = {
        node.value
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    templates = "\n".join(path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.html"))
    return constants, re.sub(r"{{\s*(\w+)\s*}}", r"%(\1)s", templates)


def test_no_catalogue_keeps_a_text_that_nothing_says() -> None:
    constants, templates = _written()
    unused = []
    for path in CATALOGUES:
        with path.open("rb") as file:
            for message in read_po(file):
                first = str(message.id[0] if isinstance(message.id, tuple) else message.id)
                is_written = (
                    first in constants
                    or first in templates
                    or first.replace('"', '\\"') in templates
                    or first.replace("%%", "%") in templates
                )
                if first and not is_written:
                    unused.append((path.parts[-5], first))

    assert unused == []
