"""The fact files of an evaluation round that is known from its printed report only.

A folder holds ``round.yaml`` and four tables. Everything is read and checked before anything is written:
places in the report, answers against the forms, counts against percentages, reasons against what our own
calculation finds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sloyfe.analysis.actions.printed import (
    CountsRow,
    Evaluation,
    FigureRow,
    Loaded,
    PopulationRow,
    load_printed_round,
)
from sloyfe.analysis.rules import Asked, asked_items
from sloyfe.analysis.rules.printed import (
    FRAME,
    TIERS,
    Derived,
    Figure,
    FigureKind,
    Recalculated,
    Status,
    Verdict,
    counts_that_do_not_fit,
    order_terms,
    recalculate,
)
from sloyfe.audit.actions import Actor
from sloyfe.common.errors import InputProblem, Problem
from sloyfe.common.tables import Column, Row, read_table
from sloyfe.common.yaml_files import Document, read_yaml
from sloyfe.fieldwork.rules import Design
from sloyfe.instruments.models import Instrument, Version
from sloyfe.instruments.queries import latest_version, released_version
from sloyfe.organisations.rules import SIZE_CLASSES
from sloyfe.programme.models import Programme, Region
from sloyfe.stats import wording

FOLDER = "evaluation-2017"
ROUND, FIGURES, COUNTS = "round.yaml", "figures.csv", "derived_counts.csv"
REASONS, LABELS = "figure_reasons.csv", "figure_labels.csv"
NOT_STATED = "ikke_oppgitt"
LANGUAGES = ("nb", "nn", "en")
REGION, SIZE = "respondent_region", "respondent_population"
_DESIGNS = {"stratified_random": Design.STRATIFIED, "census": Design.CENSUS}

Texts = dict[str, str]

_COLUMNS = {
    FIGURES: (
        "id section page tier item category kind value n_if_stated bank_item bank_codes order note"
    ),
    COUNTS: "item tier base counts all_bases status rounding reason note_nb note_nn note_en",
    REASONS: "id reason note_nb note_nn note_en",
    LABELS: "item label_nb label_nn label_en",
}


def load(programme: Programme, folder: Path, *, actor: Actor, now: dt.datetime) -> Loaded:
    """Take in the fact files of a printed round. The same files again write nothing.

    Raises InputProblem with file, row and column of everything that is wrong.
    """
    evaluation = read_evaluation(programme, folder)
    return load_printed_round(programme=programme, evaluation=evaluation, actor=actor, now=now)


def read_evaluation(programme: Programme, folder: Path) -> Evaluation:
    """Read and check a folder of fact files against the programme's forms; nothing is written."""
    document = read_yaml(folder / ROUND)
    reader = _Reader(programme, document, {name: _rows(folder, name) for name in _COLUMNS})
    found = reader.read()
    if reader.problems:
        raise InputProblem(reader.problems)
    content = hashlib.sha256()
    for name in (ROUND, *_COLUMNS):
        content.update((folder / name).read_bytes())
    for version in reader.versions.values():
        content.update(version.content_hash.encode())
    return Evaluation(**found, content_hash=content.hexdigest())


def _rows(folder: Path, name: str) -> tuple[Row, ...]:
    try:
        content = (folder / name).read_bytes()
    except OSError as error:
        text = f"The file cannot be read ({error.strerror})."
        raise InputProblem([Problem("printed.unreadable", text, name)]) from error
    return read_table(content, name, [Column(column) for column in _COLUMNS[name].split()])


@dataclass(frozen=True)
class _Named:
    """The words for a question and its answers."""

    question: Texts
    heading: Texts
    answers: Mapping[str, Texts]


class _Reader:
    def __init__(
        self, programme: Programme, document: Document, tables: Mapping[str, Sequence[Row]]
    ) -> None:
        self.programme = programme
        self.document = document
        self.tables = tables
        self.problems: list[Problem] = []
        self.versions: dict[str, Version] = {}
        self.asked: dict[str, dict[str, Asked]] = {}
        self.titles: dict[str, Texts] = {}
        self.labels = {
            row["item"]: {code: row[f"label_{code}"] for code in LANGUAGES}
            for row in tables[LABELS]
        }
        self.regions = dict(Region.objects.filter(programme=programme).values_list("code", "name"))

    def read(self) -> dict[str, Any]:
        populations = self._populations()
        figures = self._figures()
        counts = self._counts()
        reasons = self._reasons({figure.code for figure in figures})
        if self.problems:
            return {}
        multiple = {
            code
            for items in self.asked.values()
            for code, a in items.items()
            if a.kind == "multiple"
        }
        derived = [row.derived for row in counts]
        self._check_counts(figures, derived, multiple)
        found = recalculate(figures, derived, multiple)
        self._check_reasons(found, reasons)
        rows = tuple(self._figure_row(each, reasons) for each in found)
        data = self.document.data
        return {
            "slug": str(data["disclosure"]["slug"]),
            "round_slug": str(data["disclosure"]["round_slug"]),
            "title": _texts(data["title"]),
            "citation": str(data["disclosure"]["citation"]),
            "public_since": int(data["disclosure"]["since"]),
            "ground": _texts(data["disclosure"]["note"]),
            "facts": self._facts(data),
            "populations": populations,
            "figures": rows,
            "counts": counts,
        }

    # The round

    def _facts(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "evaluator": str(data["evaluator"]["name"]),
            "mode": _texts(data["mode"]),
            "system": str(data["survey_system"]["name"]),
            "quality_checked_by": _texts(data["quality_checked_by"]),
            "contacts_from": _texts(data["contacts_from"]),
            "cross_tables": _texts(data["cross_tables"]["reason"]),
            "intervals": _texts(data["intervals"]["reason"]),
            "provenance": _texts(data["provenance"]),
            "fielded_note": _texts(data["fielded_note"]),
        }

    def _populations(self) -> tuple[PopulationRow, ...]:
        try:
            rows = [
                self._population(place, row)
                for place, row in enumerate(self.document.data["populations"])
            ]
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            text = (
                f"The description of the round lacks something or has it in another form: {error}."
            )
            self.problems.append(Problem("printed.round", text, ROUND))
            return ()
        return tuple(row for row in rows if row is not None)

    def _population(self, place: int, row: Mapping[str, Any]) -> PopulationRow | None:
        tier = str(row["tier"])
        version = self._version(place, str(row["instrument"]))
        if version is None:
            return None
        self.versions[tier] = version
        self.asked[tier] = {a.code: a for a in asked_items(version.definition)}
        self.titles[tier] = _texts(row["title"])
        frame, reminders, asked = row["frame"], row["reminders"], row["asked"]
        by_region = _known(row["answered_by_region"]) or {}
        by_size = _known(row["answered_by_size"]) or {}
        asked_by_region = _known(row.get("asked_by_region", NOT_STATED)) or {}
        rate = _known(row["response_rate_printed"])
        fielded = self.document.data["fielded"]
        printed = {
            "tier": tier,
            "frame": _known(frame["size"]),
            "frame_definition": _texts(frame["definition"]),
            "asked": int(asked["total"]),
            "answered": int(row["answered"]["total"]),
            "rate": int(rate["percent"]) if rate else None,
            "page": int(asked["source"]["page"]),
            "reminders": int(reminders["rounds"]),
            "reminders_at_most": bool(reminders["at_most"]),
            "fielded": _months(
                str(fielded["from"]), str(fielded["to"]) if tier == "grunntilbud" else ""
            ),
            "told_as": str(row.get("told_as", "percent")),
            "regions": [
                {
                    "name": self.regions.get(code, code),
                    "asked": asked_by_region.get(code),
                    "percent": percent,
                    "count": by_region["derived_counts"].get(code),
                }
                for code, percent in by_region.get("printed_percent", {}).items()
            ],
            "sizes": [
                {
                    "name": size_words(code),
                    "percent": percent,
                    "count": by_size["derived_counts"].get(code),
                }
                for code, percent in by_size.get("printed_percent", {}).items()
            ],
            "groups_page": int(by_region["source"]["page"]) if by_region else None,
            "note": _texts(row["weights"]["note"]) if "weights" in row else {},
        }
        return PopulationRow(
            code=str(row["code"]),
            tier=tier,
            title=self.titles[tier],
            version=version,
            design=_DESIGNS[str(row["design"])],
            per_stratum=max(n for n in asked_by_region.values() if isinstance(n, int))
            if asked_by_region
            else None,
            printed=printed,
        )

    def _version(self, place: int, code: str) -> Version | None:
        form = Instrument.objects.filter(programme=self.programme, code=code).first()
        version = None
        if form is not None:
            version = released_version(self.programme, code) or latest_version(form)
        if version is None:
            text = "The programme has no form of this name. Load its forms first."
            where = ("populations", place, "instrument")
            self.problems.append(self.document.problem("printed.no_form", where, text, code))
        return version

    # The tables

    def _wrong(self, file: str, row: Row, column: str, code: str, text: str) -> None:
        self.problems.append(
            Problem(f"printed.{code}", text, file, row.number, column, row[column][:80])
        )

    def _number(self, file: str, row: Row, column: str, *, least: int, most: int) -> int | None:
        text = row[column]
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        self._wrong(file, row, column, "number", f"Must be a whole number from {least} to {most}.")
        return None

    def _figures(self) -> list[Figure]:
        figures: list[Figure] = []
        seen: set[str] = set()
        for row in self.tables[FIGURES]:
            figure = self._figure(row)
            if figure is None:
                continue
            if figure.code in seen:
                self._wrong(FIGURES, row, "id", "twice", "This figure stands twice.")
            seen.add(figure.code)
            figures.append(figure)
        return figures

    def _figure(self, row: Row) -> Figure | None:
        before = len(self.problems)
        if row["kind"] not in list(FigureKind):
            words = f"Must be one of: {', '.join(FigureKind)}."
            self._wrong(FIGURES, row, "kind", "kind", words)
        if row["tier"] not in TIERS:
            self._wrong(FIGURES, row, "tier", "tier", f"Must be one of: {', '.join(TIERS)}.")
        if not row["section"]:
            self._wrong(FIGURES, row, "section", "place", "Say in which section it is printed.")
        page = self._number(FIGURES, row, "page", least=1, most=9999)
        n = None
        if row["n_if_stated"]:
            n = self._number(FIGURES, row, "n_if_stated", least=1, most=100_000)
        if len(self.problems) > before or page is None:
            return None
        figure = Figure(
            code=row["id"],
            section=row["section"],
            page=page,
            tier=row["tier"],
            item=row["item"],
            category=row["category"],
            kind=FigureKind(row["kind"]),
            value=row["value"],
            n_stated=n,
            bank_item=row["bank_item"],
            codes=tuple(code for code in row["bank_codes"].split("+") if code),
            order=row["order"],
            note=row["note"],
        )
        self._check_value(row, figure)
        self._check_answers(row, figure)
        return figure if len(self.problems) == before else None

    def _check_value(self, row: Row, figure: Figure) -> None:
        try:
            if figure.kind in (FigureKind.PERCENT, FigureKind.RATE):
                self._number(FIGURES, row, "value", least=0, most=100)
            elif figure.kind == FigureKind.COUNT:
                self._number(FIGURES, row, "value", least=0, most=100_000)
            elif figure.kind == FigureKind.FRACTION and figure.tier != FRAME:
                wording.worded_share(figure.value)
        except ValueError:
            text = "Must be a share in words: 9/10, ~1/3, <1/3 or >1/3."
            self._wrong(FIGURES, row, "value", "words", text)
        try:
            if figure.order:
                order_terms(figure)
        except ValueError as error:
            self._wrong(FIGURES, row, "order", "order", f"{error}.")

    def _check_answers(self, row: Row, figure: Figure) -> None:
        if figure.tier == FRAME or figure.tier not in self.asked:
            return
        if figure.bank_item in (REGION, SIZE):
            return
        if not figure.bank_item:
            if figure.item not in self.labels:
                text = f"It has no name. Give it one in {LABELS}."
                self._wrong(FIGURES, row, "item", "no_name", text)
            return
        asked = self.asked[figure.tier].get(figure.bank_item)
        if asked is None:
            text = "The form of this questionnaire does not ask this."
            self._wrong(FIGURES, row, "bank_item", "no_item", text)
            return
        unknown = set(figure.codes) - set(asked.option_codes)
        if unknown:
            text = f"The question has no such answer: {', '.join(sorted(unknown))}."
            self._wrong(FIGURES, row, "bank_codes", "no_answer", text)

    def _counts(self) -> tuple[CountsRow, ...]:
        rows = []
        for row in self.tables[COUNTS]:
            before = len(self.problems)
            if row["status"] not in list(Status):
                words = f"Must be one of: {', '.join(Status)}."
                self._wrong(COUNTS, row, "status", "status", words)
            base = None
            if row["base"]:
                base = self._number(COUNTS, row, "base", least=1, most=100_000)
            counts: dict[str, int] = {}
            for pair in filter(None, row["counts"].split("; ")):
                code, sign, number = pair.partition("=")
                if not sign or not number.isascii() or not number.isdigit() or code in counts:
                    self._wrong(COUNTS, row, "counts", "counts", f"{pair!r} is not answer=number.")
                    break
                counts[code] = int(number)
            bases = tuple(int(n) for n in row["all_bases"].split() if n.isdigit())
            if len(bases) != len(row["all_bases"].split()):
                self._wrong(COUNTS, row, "all_bases", "counts", "Must be numbers with spaces.")
            if len(self.problems) > before:
                continue
            derived = Derived(row["item"], row["tier"], Status(row["status"]), base, counts, bases)
            note = self._note(COUNTS, row)
            rows.append(CountsRow(derived, row["rounding"], row["reason"], note))
        return tuple(rows)

    def _note(self, file: str, row: Row) -> Texts:
        for code in LANGUAGES:
            if not row[f"note_{code}"]:
                self._wrong(file, row, f"note_{code}", "note", "Say it in this language too.")
        return {code: row[f"note_{code}"] for code in LANGUAGES}

    def _reasons(self, known: set[str]) -> dict[str, tuple[Row, Verdict, Texts]]:
        reasons = {}
        for row in self.tables[REASONS]:
            if row["id"] not in known:
                self._wrong(REASONS, row, "id", "no_figure", f"No such figure in {FIGURES}.")
            elif row["reason"] not in list(Verdict):
                words = f"Must be one of: {', '.join(v for v in Verdict if v != Verdict.EXACT)}."
                self._wrong(REASONS, row, "reason", "reason", words)
            else:
                note = self._note(REASONS, row)
                reasons[row["id"]] = (row, Verdict(row["reason"]), note)
        return reasons

    # What the files say of each other

    def _check_counts(
        self, figures: Sequence[Figure], derived: Sequence[Derived], multiple: set[str]
    ) -> None:
        places = {(row["tier"], row["item"]): row for row in self.tables[COUNTS]}
        words = {
            "more_than_base": ("counts", "More answers than the base holds."),
            "no_such_question": ("item", f"No figure in {FIGURES} speaks of this question."),
            "no_fit": ("counts", "These counts do not give the printed percentages."),
            "base_too_small": ("base", "The largest number of answers that fits is another."),
            "other_bases": ("all_bases", "The numbers of answers that fit are others."),
        }
        for row, problem in counts_that_do_not_fit(figures, derived, multiple):
            column, text = words[problem]
            self._wrong(COUNTS, places[row.about], column, problem, text)

    def _check_reasons(
        self,
        found: Sequence[Recalculated],
        reasons: Mapping[str, tuple[Row, Verdict, Texts]],
    ) -> None:
        places = {row["id"]: row for row in self.tables[FIGURES]}
        for each in found:
            code = each.figure.code
            if code in reasons and reasons[code][1] is not each.verdict:
                text = f"Our own calculation finds another reason: {each.verdict}."
                self._wrong(REASONS, reasons[code][0], "reason", "other_reason", text)
            elif code not in reasons and each.verdict is not Verdict.EXACT:
                text = f"It does not come out ({each.verdict}), and {REASONS} gives no reason."
                self._wrong(FIGURES, places[code], "value", "no_reason", text)

    # Words

    def _figure_row(
        self, each: Recalculated, reasons: Mapping[str, tuple[Row, Verdict, Texts]]
    ) -> FigureRow:
        figure = each.figure
        named = self._named(figure.tier, figure.bank_item or figure.item)
        reason = reasons.get(figure.code)
        return FigureRow(
            recalculated=each,
            question=named.question,
            heading=named.heading,
            answer=_joined(
                [named.answers.get(code, dict.fromkeys(LANGUAGES, code)) for code in figure.codes]
            ),
            order=self._order(figure),
            reason=reason[2] if reason else {},
        )

    def _named(self, tier: str, item: str) -> _Named:
        if item == REGION:
            answers = {code: dict.fromkeys(LANGUAGES, name) for code, name in self.regions.items()}
            return _Named(self.labels[item], {}, answers)
        if item == SIZE:
            sizes = {code: size_words(code) for code, _upper in SIZE_CLASSES}
            return _Named(self.labels[item], {}, sizes)
        asked = self.asked.get(tier, {}).get(item)
        if asked is None:
            return _Named(self.labels.get(item, dict.fromkeys(LANGUAGES, item)), {}, {})
        heading = dict(asked.heading_text) if asked.heading != asked.code else {}
        answers = {str(o["code"]): dict(o["text"]) for o in asked.options}
        return _Named(dict(asked.text), heading, answers)

    def _order(self, figure: Figure) -> list[list[Any]]:
        """The places of an order in words: what differs among the things it speaks of."""
        if not figure.order:
            return []
        terms = {term.text: term for term in order_terms(figure)}
        tiers = {term.tier for term in terms.values()}
        items = {term.item for term in terms.values()}

        def name(text: str) -> Texts:
            term = terms[text]
            if len(tiers) > 1:
                return self.titles[term.tier]
            named = self._named(term.tier, term.item)
            if len(items) > 1:
                return named.question
            return _joined([named.answers[code] for code in term.codes])

        return [
            [joint, [name(text) for text in texts]]
            for texts, joint in wording.parse_order(figure.order)
        ]


def _known(value: Any) -> Any:
    return None if value == NOT_STATED else value


def _texts(value: Mapping[str, Any]) -> Texts:
    return {code: str(value[code]) for code in LANGUAGES}


def _joined(texts: Sequence[Mapping[str, str]]) -> Texts:
    """Several answers told as one."""
    return {
        code: " + ".join(
            text[code] if place == 0 else text[code][:1].lower() + text[code][1:]
            for place, text in enumerate(texts)
        )
        for code in LANGUAGES
        if texts
    }


_MONTHS = {
    "11": ("november", "november", "November"),
    "12": ("desember", "desember", "December"),
}


def _months(first: str, last: str) -> Texts:
    """A month, or from one month to another in the same year: "november–desember 2017"."""
    year, month = first.split("-")
    found = {}
    for place, code in enumerate(LANGUAGES):
        words = _MONTHS[month][place]
        if last and last != first:
            words += f"–{_MONTHS[last.split('-')[1]][place]}"
        found[code] = f"{words} {year}"
    return found


def size_words(code: str) -> Texts:
    """A size class of inhabitants in words: "5 001–15 000"."""
    low, _, high = code.partition("-")
    spaced = [f"{int(n):,}" for n in (low, high) if n]
    norwegian = [text.replace(",", "\u202f") for text in spaced]
    if not high:
        return {
            "nb": f"{norwegian[0]} og flere",
            "nn": f"{norwegian[0]} og fleire",
            "en": f"{spaced[0]} and more",
        }
    return {"nb": "–".join(norwegian), "nn": "–".join(norwegian), "en": "–".join(spaced)}
