"""The bank: every item and scale of a programme, once, with variants where wording or scale differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sloyfe.instruments.rules.documents import Mistake, Notes, Path, Text, shown

MARKS = ("neutral", "dont_know")
POLES = ("positive", "negative")

# How long a wording may be, in characters, and how much a bank may hold.
OPTION, QUESTION, HELP = 300, 1500, 1500
OPTIONS, SCALES, ITEMS, VARIANTS = 200, 500, 3000, 50


@dataclass(frozen=True)
class BankVariant:
    """Another wording or scale of an item; what it leaves out it takes from the item."""

    code: str
    text: Text
    help: Text | None
    scale: str | None


@dataclass(frozen=True)
class BankItem:
    code: str
    text: Text
    help: Text | None
    scale: str | None
    variants: Mapping[str, BankVariant] = field(default_factory=dict)


@dataclass(frozen=True)
class Bank:
    """The scales and items of a programme; an option is code, text, mark and pole."""

    scales: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    items: Mapping[str, BankItem] = field(default_factory=dict)


def read_options(raw: object, path: Path, notes: Notes) -> list[dict[str, Any]]:
    """Read the options of a scale: positive pole first, at most one neutral and one don't-know."""
    options: list[dict[str, Any]] = []
    seen: set[str] = set()
    marks: set[str] = set()
    negative = False
    for number, entry in enumerate(notes.sequence(raw, path, least=2, most=OPTIONS)):
        here = (*path, number)
        option = notes.mapping(entry, here, ("code", "text", "mark", "pole"), ("code", "text"))
        if option is None:
            continue
        code = notes.code(option.get("code"), (*here, "code"))
        if code and code in seen:
            notes.add("option_twice", (*here, "code"), option=code)
        seen.add(code)
        mark, pole = option.get("mark"), option.get("pole")
        if mark is not None and mark not in MARKS:
            notes.add("unknown_mark", (*here, "mark"), value=shown(mark), known=", ".join(MARKS))
            mark = None
        if pole is not None and pole not in POLES:
            notes.add("unknown_pole", (*here, "pole"), value=shown(pole), known=", ".join(POLES))
            pole = None
        if mark and pole:
            notes.add("mark_and_pole", here, option=code)
        if mark and mark in marks:
            notes.add("mark_twice", (*here, "mark"), mark=mark)
        if mark:
            marks.add(str(mark))
        if pole == "positive" and negative:
            notes.add("positive_after_negative", (*here, "pole"), option=code)
        negative = negative or pole == "negative"
        text = notes.text(option.get("text"), (*here, "text"), most=OPTION)
        options.append({"code": code, "text": text, "mark": mark, "pole": pole})
    if options and all(option["mark"] == "dont_know" for option in options):
        notes.add("only_dont_know", path)
    return options


def read_bank(document: object) -> tuple[Bank, list[Mistake]]:
    """Read a bank document; give what could be read and every mistake in it."""
    notes = Notes()
    top = notes.mapping(document, (), ("scales", "items"), ("scales", "items"))
    if top is None:
        return Bank(), notes.mistakes
    scales: dict[str, list[dict[str, Any]]] = {}
    for number, entry in enumerate(
        notes.sequence(top.get("scales") or [], ("scales",), least=0, most=SCALES)
    ):
        here: Path = ("scales", number)
        scale = notes.mapping(entry, here, ("code", "options"), ("code", "options"))
        if scale is None:
            continue
        code = notes.code(scale.get("code"), (*here, "code"))
        if code in scales:
            notes.add("scale_twice", (*here, "code"), scale=code)
        scales[code] = read_options(scale.get("options"), (*here, "options"), notes)
    items: dict[str, BankItem] = {}
    for number, entry in enumerate(
        notes.sequence(top.get("items") or [], ("items",), least=0, most=ITEMS)
    ):
        item = _read_item(entry, ("items", number), scales, notes)
        if item is None:
            continue
        if item.code in items:
            notes.add("item_twice_in_bank", ("items", number, "code"), item=item.code)
        items[item.code] = item
    return Bank(scales, items), notes.mistakes


def known_scale(
    value: object, path: Path, scales: Mapping[str, object], notes: Notes
) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or value not in scales:
        notes.add("unknown_scale", path, scale=shown(value))
        return None
    return value


def _read_item(
    entry: object, path: Path, scales: Mapping[str, object], notes: Notes
) -> BankItem | None:
    raw = notes.mapping(
        entry, path, ("code", "text", "help", "scale", "variants"), ("code", "text")
    )
    if raw is None:
        return None
    code = notes.code(raw.get("code"), (*path, "code"))
    text = notes.text(raw.get("text"), (*path, "text"), most=QUESTION)
    help_text = optional_text(raw.get("help"), (*path, "help"), notes)
    scale = known_scale(raw.get("scale"), (*path, "scale"), scales, notes)
    variants: dict[str, BankVariant] = {}
    listed = raw.get("variants")
    for number, part in enumerate(
        notes.sequence(listed, (*path, "variants"), least=0, most=VARIANTS)
        if listed is not None
        else []
    ):
        here = (*path, "variants", number)
        other = notes.mapping(part, here, ("code", "text", "help", "scale"), ("code",))
        if other is None:
            continue
        name = notes.code(other.get("code"), (*here, "code"))
        if name in variants:
            notes.add("variant_twice", (*here, "code"), variant=name)
        if len(other) < 2:
            notes.add("variant_without_difference", here, variant=name)
        variants[name] = BankVariant(
            name,
            notes.text(other["text"], (*here, "text"), most=QUESTION) if "text" in other else text,
            optional_text(other["help"], (*here, "help"), notes) if "help" in other else help_text,
            known_scale(other["scale"], (*here, "scale"), scales, notes)
            if "scale" in other
            else scale,
        )
    return BankItem(code, text, help_text, scale, variants)


def optional_text(value: object, path: Path, notes: Notes, most: int = HELP) -> Text | None:
    return None if value is None else notes.text(value, path, most=most)
