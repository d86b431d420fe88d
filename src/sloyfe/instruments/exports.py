"""Codebook and XLSForm of a version as files. Texts are never formulas to a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import QuestionKind
from sloyfe.instruments.rules.codebook import Variable, as_data, codebook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LANGUAGE_NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}

# The header names are stable, since programs read them; a reader finds the wording in three languages.
VARIABLE_HEAD = (
    "item",
    "page",
    "question",
    "kind",
    "lead_nb",
    "lead_nn",
    "lead_en",
    "text_nb",
    "text_nn",
    "text_en",
    "required",
    "relevant",
    "general",
    "scale",
    "max_choices",
    "minimum",
    "maximum",
    "decimals",
    "max_length",
)
# After everything else, so that every other column stands where it has stood.
PURPOSE_HEAD = (
    "why_nb",
    "why_nn",
    "why_en",
    "used_by_nb",
    "used_by_nn",
    "used_by_en",
    "prefill",
    "replaces",
)
VALUE_HEAD = ("option", "option_nb", "option_nn", "option_en", "mark", "pole")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Cell = str | int | float | bool | None


def guarded(cell: Cell) -> Cell:
    """Give a cell that no spreadsheet takes for a formula: an apostrophe before what looks like one."""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return cell


def codebook_json(version: Version) -> bytes:
    """Write the codebook with the version's name and content hash as JSON."""
    book = {
        "instrument": version.instrument.code,
        "title": version.instrument.title,
        "provenance": version.instrument.provenance,
        "version": version.number,
        "state": version.state,
        "content_hash": version.content_hash,
        "items": as_data(codebook(version.definition)),
    }
    return json.dumps(book, ensure_ascii=False, indent=2).encode("utf-8")


def codebook_csv(version: Version) -> bytes:
    """Write the codebook as CSV, one line for each item and option, separated by semicolons."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
    writer.writerow([*VARIABLE_HEAD, *VALUE_HEAD, *PURPOSE_HEAD])
    for variable in codebook(version.definition):
        row, purpose = _variable_row(variable), _purpose_row(variable)
        for value in _value_rows(variable) or [("",) * len(VALUE_HEAD)]:
            writer.writerow([guarded(cell) for cell in (*row, *value, *purpose)])
    return stream.getvalue().encode("utf-8-sig")


def codebook_xlsx(version: Version) -> bytes:
    """Write the codebook as a workbook: a sheet of items, a sheet of their values."""
    variables = codebook(version.definition)
    values = [(v.item, *row) for v in variables for row in _value_rows(v)]
    return _workbook(
        {
            "items": (
                (*VARIABLE_HEAD, *PURPOSE_HEAD),
                [(*_variable_row(one), *_purpose_row(one)) for one in variables],
            ),
            "values": (("item", *VALUE_HEAD), values),
        }
    )


def _variable_row(variable: Variable) -> tuple[Cell, ...]:
    relevant = variable.relevant
    return (
        variable.item,
        variable.page,
        variable.question,
        variable.kind,
        *_in_languages(variable.lead),
        *_in_languages(variable.text),
        variable.required,
        json.dumps(relevant, ensure_ascii=False, sort_keys=True) if relevant else "",
        variable.general,
        variable.scale,
        variable.max_choices,
        variable.minimum,
        variable.maximum,
        variable.decimals,
        variable.max_length,
    )


def _purpose_row(variable: Variable) -> tuple[Cell, ...]:
    return (
        *_in_languages(variable.why),
        *_in_languages(variable.used_by),
        variable.prefill,
        variable.replaces,
    )


def _value_rows(variable: Variable) -> list[tuple[Cell, ...]]:
    return [
        (value.code, *_in_languages(value.text), value.mark, value.pole)
        for value in variable.values
    ]


def _in_languages(text: Mapping[str, str] | None) -> tuple[str, ...]:
    return tuple((text or {}).get(language, "") for language in LANGUAGE_NAMES)


def _workbook(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    bold = book.add_format({"bold": True})
    for name, (head, rows) in sheets.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for column, title in enumerate(head):
            sheet.write_string(0, column, title, bold)
        for line, row in enumerate(rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    # Written as a string cell, so it is text whatever it begins with; the apostrophe
                    # is for those who save the sheet on as CSV.
                    sheet.write_string(line, column, str(guarded(cell)))
                elif cell is not None:
                    sheet.write(line, column, cell)
    book.close()
    return stream.getvalue()


# XLSForm


def xlsform(version: Version) -> bytes:
    """Write a version as an XLSForm: the sheets survey, choices and settings.

    A page is a group shown on one screen, a battery a table, the reason for a question its guidance. The slot for the organisation's name becomes a
    hidden field that whoever sets up the survey fills in.
    """
    writer = _XlsForm(version.definition["languages"])
    for page in version.definition["pages"]:
        writer.page(page)
    languages = version.definition["languages"]
    survey_head = (
        "type",
        "name",
        *(f"label::{_language(code)}" for code in languages),
        *(f"hint::{_language(code)}" for code in languages),
        "required",
        "relevant",
        "constraint",
        "appearance",
        *(f"guidance_hint::{_language(code)}" for code in languages if writer.guides),
    )
    choices_head = ("list_name", "name", *(f"label::{_language(code)}" for code in languages))
    settings = [
        (
            version.instrument.title.get("nb", version.instrument.code),
            version.instrument.code.replace("-", "_"),
            f"{version.number}-{version.content_hash[:12]}",
            _language("nb"),
        )
    ]
    survey = [writer.hidden_organisation(), *writer.survey] if writer.pipes else writer.survey
    if not writer.guides:
        survey = [row[: len(survey_head)] for row in survey]
    return _workbook(
        {
            "survey": (survey_head, survey),
            "choices": (choices_head, writer.choices),
            "settings": (("form_title", "form_id", "version", "default_language"), settings),
        }
    )


def _language(code: str) -> str:
    return f"{LANGUAGE_NAMES[code]} ({code})"


def _name(code: str) -> str:
    """Give a code as an XML name, which may not begin with a digit."""
    name = code.replace("-", "_")
    return f"i_{name}" if name[0].isdigit() else name


class _XlsForm:
    def __init__(self, languages: Sequence[str]) -> None:
        self.languages = languages
        self.survey: list[tuple[Cell, ...]] = []
        self.choices: list[tuple[Cell, ...]] = []
        self.lists: dict[str, tuple[str, ...]] = {}
        self.pipes = False
        self.guides = False
        self._parts: dict[str, list[str]] = {}  # the parts of each whole that have been written

    def page(self, page: Mapping[str, Any]) -> None:
        group = f"page_{_name(page['code'])}"
        self._row("begin_group", group, page["title"], appearance="field-list")
        if page["intro"]:
            self._row("note", f"{group}_intro", page["intro"])
        for question in page["questions"]:
            self._question(question)
        self._row("end_group", "")

    def hidden_organisation(self) -> tuple[Cell, ...]:
        return ("hidden", "organisation", *("" for _ in range(3 * len(self.languages) + 4)))

    def _question(self, question: Mapping[str, Any]) -> None:
        kind = QuestionKind(question["kind"])
        name, text = _name(question["code"]), question["text"]
        common = {
            "hint": question["help"],
            "required": question["required"],
            "relevant": _expression(question["relevant"]) if question["relevant"] else "",
            "guidance": question.get("why"),
        }
        if kind is QuestionKind.BATTERY:
            choices = self._list(question)
            required = common.pop("required")
            self._row("begin_group", f"{name}_rows", text, appearance="table-list", **common)
            for row in question["rows"]:
                self._row(
                    f"select_one {choices}", _name(row["code"]), row["text"], required=required
                )
            self._row("end_group", "")
        elif kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
            one = "select_one" if kind is QuestionKind.SINGLE else "select_multiple"
            most = question["max_choices"]
            limit = f"count-selected(.) <= {most}" if most else ""
            self._row(f"{one} {self._list(question)}", name, text, constraint=limit, **common)
        elif kind is QuestionKind.NUMBER:
            limits = [
                f". {sign} {question[key]}"
                for sign, key in ((">=", "minimum"), ("<=", "maximum"))
                if question[key] is not None
            ]
            limits += self._whole(question)
            number = "decimal" if question["decimals"] else "integer"
            self._row(number, name, text, constraint=" and ".join(limits), **common)
        elif kind is QuestionKind.DATE:
            self._row("date", name, text, **common)
        elif kind is QuestionKind.INFORMATION:
            common.pop("required")
            self._row("note", name, text, **common)
        else:
            long = kind is QuestionKind.LONG_TEXT
            limit = f"string-length(.) <= {question['max_length']}"
            appearance = "multiline" if long else ""
            self._row("text", name, text, constraint=limit, appearance=appearance, **common)

    def _whole(self, question: Mapping[str, Any]) -> list[str]:
        """Write that a part, with the parts of the same whole before it, is not larger than the whole."""
        whole = question.get("part_of")
        if whole is None:
            return []
        before = self._parts.setdefault(whole, [])
        parts = " + ".join((".", *(f"coalesce(${{{_name(part)}}}, 0)" for part in before)))
        before.append(question["code"])
        item = "${" + _name(whole) + "}"
        return [f"({item} = '' or {parts} <= {item})"]

    def _row(
        self,
        kind: str,
        name: str,
        text: Mapping[str, str] | None = None,
        *,
        hint: Mapping[str, str] | None = None,
        required: bool = False,
        relevant: str = "",
        constraint: str = "",
        appearance: str = "",
        guidance: Mapping[str, str] | None = None,
    ) -> None:
        self.guides = self.guides or bool(guidance)
        self.survey.append(
            (
                kind,
                name,
                *(self._piped(text, language) for language in self.languages),
                *(self._piped(hint, language) for language in self.languages),
                "yes" if required else "",
                relevant,
                constraint,
                appearance,
                *(self._piped(guidance, language) for language in self.languages),
            )
        )

    def _piped(self, text: Mapping[str, str] | None, language: str) -> str:
        wording = (text or {}).get(language, "")
        if "{organisation}" in wording:
            self.pipes = True
        return wording.replace("{organisation}", "${organisation}")

    def _list(self, question: Mapping[str, Any]) -> str:
        """Give the name of a list with exactly these options; one scale can have had two wordings."""
        options = question["options"]
        look = tuple(repr((option["code"], sorted(option["text"].items()))) for option in options)
        name, number = str(question["scale"] or question["code"]), 1
        while self.lists.get(name, look) != look:
            number += 1
            name = f"{question['scale']}_{number}"
        if name not in self.lists:
            self.lists[name] = look
            self.choices.extend(
                (
                    name,
                    option["code"],
                    *(self._piped(option["text"], language) for language in self.languages),
                )
                for option in options
            )
        return name


def _expression(condition: Mapping[str, Any]) -> str:
    """Write a routing condition as XLSForm does."""
    if "all" in condition:
        return " and ".join(f"({_expression(part)})" for part in condition["all"])
    if "any" in condition:
        return " or ".join(f"({_expression(part)})" for part in condition["any"])
    if "not" in condition:
        return f"not({_expression(condition['not'])})"
    item = "${" + _name(condition["item"]) + "}"
    if "in" in condition:
        return " or ".join(f"selected({item}, '{code}')" for code in condition["in"])
    return f"{item} != ''"
