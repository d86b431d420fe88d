"""What a form asks, which questions apply, and what counts as an answer. No Django, no database.

Answers are one mapping from stable item code to value: an option code, a sorted list of option codes, a
number, a text, or a date as ISO text. An item that is not answered has no key.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from sloyfe.common.persons import birth_number_line
from sloyfe.instruments.rules.definitions import QuestionKind
from sloyfe.instruments.rules.parts import excesses

Value = str | int | float | list[str]
Answers = Mapping[str, Value]
Texts = Mapping[str, str]

# Where a question sets no limit of its own.
SHORT_TEXT = 200
LONG_TEXT = 4000
LONGEST_NUMBER = 30
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


@dataclass(frozen=True)
class Option:
    code: str
    text: Texts
    mark: str | None = None
    pole: str | None = None


@dataclass(frozen=True)
class Row:
    """One line of a battery; its code is the item that it asks."""

    code: str
    text: Texts


@dataclass(frozen=True)
class Question:
    code: str
    kind: QuestionKind
    text: Texts
    help: Texts
    required: bool
    relevant: Mapping[str, Any] | None
    options: tuple[Option, ...]
    rows: tuple[Row, ...]
    max_choices: int | None
    minimum: float | None
    maximum: float | None
    decimals: int
    max_length: int
    why: Texts = field(default_factory=dict)
    used_by: Texts = field(default_factory=dict)
    prefill: str = ""
    part_of: str = ""

    @cached_property
    def items(self) -> tuple[str, ...]:
        """The item codes that this question's answers are kept under."""
        if self.kind is QuestionKind.INFORMATION:
            return ()
        if self.kind is QuestionKind.BATTERY:
            return tuple(row.code for row in self.rows)
        return (self.code,)

    @cached_property
    def option_codes(self) -> frozenset[str]:
        return frozenset(option.code for option in self.options)


@dataclass(frozen=True)
class Page:
    code: str
    title: Texts
    intro: Texts
    general: bool
    questions: tuple[Question, ...]

    @cached_property
    def items(self) -> frozenset[str]:
        return frozenset(item for question in self.questions for item in question.items)


@dataclass(frozen=True)
class Form:
    languages: tuple[str, ...]
    pages: tuple[Page, ...]

    @cached_property
    def by_item(self) -> Mapping[str, tuple[Page, Question]]:
        """Where each item is asked."""
        return {
            item: (page, question)
            for page in self.pages
            for question in page.questions
            for item in question.items
        }

    @cached_property
    def by_page(self) -> Mapping[str, Page]:
        return {page.code: page for page in self.pages}

    @cached_property
    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """The items that are part of another, by the item that is the whole."""
        found: dict[str, tuple[str, ...]] = {}
        for page in self.pages:
            for question in page.questions:
                if question.part_of:
                    found[question.part_of] = (*found.get(question.part_of, ()), question.code)
        return found

    @cached_property
    def routed(self) -> bool:
        """Whether any question depends on an earlier answer."""
        return any(q.relevant is not None for page in self.pages for q in page.questions)


@dataclass(frozen=True)
class FieldProblem:
    """One thing that is wrong with an answer: which page, question and item, and what.

    `code` has a sentence in `instruments.texts`, whose named slots `details` fill.
    """

    code: str
    page: str
    question: str
    item: str
    details: Mapping[str, object] = field(default_factory=dict)

    @property
    def is_missing(self) -> bool:
        """Nothing was wrong with what was written; something is left to answer."""
        return self.code in MISSING


MISSING = frozenset({"field.required", "field.rows_required"})


def read_form(definition: Mapping[str, Any]) -> Form:
    """Read a resolved definition into a form. The definition is taken as already checked."""
    return Form(
        languages=tuple(definition["languages"]),
        pages=tuple(
            Page(
                code=page["code"],
                title=page.get("title") or {},
                intro=page.get("intro") or {},
                general=bool(page.get("general")),
                questions=tuple(_question(question) for question in page["questions"]),
            )
            for page in definition["pages"]
        ),
    )


def _question(raw: Mapping[str, Any]) -> Question:
    kind = QuestionKind(raw["kind"])
    standard = SHORT_TEXT if kind is QuestionKind.SHORT_TEXT else LONG_TEXT
    return Question(
        code=raw["code"],
        kind=kind,
        text=raw.get("text") or {},
        help=raw.get("help") or {},
        required=bool(raw.get("required")),
        relevant=raw.get("relevant"),
        options=tuple(
            Option(o["code"], o["text"], o.get("mark"), o.get("pole"))
            for o in raw.get("options") or ()
        ),
        rows=tuple(Row(row["code"], row["text"]) for row in raw.get("rows") or ()),
        max_choices=raw.get("max_choices"),
        minimum=raw.get("minimum"),
        maximum=raw.get("maximum"),
        decimals=raw.get("decimals") or 0,
        max_length=raw.get("max_length") or standard,
        why=raw.get("why") or {},
        used_by=raw.get("used_by") or {},
        prefill=raw.get("prefill") or "",
        part_of=raw.get("part_of") or "",
    )


def piped(text: str, organisation: str) -> str:
    """Put the organisation's name where the wording has its one slot."""
    return text.replace("{organisation}", organisation)


# Routing


def holds(condition: Mapping[str, Any] | None, answers: Answers) -> bool:
    """Tell whether a routing condition holds for these answers. No condition always holds."""
    if condition is None:
        return True
    if "all" in condition:
        return all(holds(part, answers) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, answers) for part in condition["any"])
    if "not" in condition:
        return not holds(condition["not"], answers)
    value = answers.get(condition["item"])
    if "in" in condition:
        chosen = value if isinstance(value, list) else [value]
        return any(one in condition["in"] for one in chosen)
    return (value is not None) == bool(condition.get("answered", True))


def counted(form: Form, answers: Answers) -> dict[str, Value]:
    """Give the answers that count: those to questions that routing still asks, in the form's order.

    Conditions see only answers that count themselves, so a chain of questions closes as a whole.
    """
    kept: dict[str, Value] = {}
    for page in form.pages:
        for question in page.questions:
            if holds(question.relevant, kept):
                for item in question.items:
                    if item in answers:
                        kept[item] = answers[item]
    return kept


def relevant_questions(form: Form, answers: Answers) -> frozenset[str]:
    """Give the codes of the questions that apply, given these answers."""
    kept = counted(form, answers) if form.routed else answers
    return frozenset(
        question.code
        for page in form.pages
        for question in page.questions
        if question.relevant is None or holds(question.relevant, kept)
    )


def is_relevant(form: Form, question: Question, answers: Answers) -> bool:
    """Tell whether a question applies, given these answers."""
    return question.relevant is None or holds(question.relevant, counted(form, answers))


def relevant_pages(form: Form, answers: Answers) -> tuple[Page, ...]:
    """Give the pages on which something applies, in order. A page of information alone stands too."""
    if not form.routed:
        return form.pages
    asked = relevant_questions(form, answers)
    return tuple(page for page in form.pages if any(q.code in asked for q in page.questions))


# Reading what a browser sent


class _NotAnAnswer(Exception):
    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = details


_NUMBER = re.compile(r"[-−+]?[0-9]+(?:[.,][0-9]+)?", re.ASCII)
_SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")
# Norwegians write 12.000 for twelve thousand, others for twelve; so it is asked about, not guessed.
_POINTS_IN_THOUSANDS = re.compile(r"[-−+]?[0-9]{1,3}(?:\.[0-9]{3})+", re.ASCII)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", re.ASCII)
_LOCAL_DATE = re.compile(r"([0-9]{1,2})[./ ]+([0-9]{1,2})[./ ]+([0-9]{4})", re.ASCII)
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_UNREADABLE = "\ufffd"  # what a decoder leaves where the bytes were not text


def read_page(
    form: Form, page_code: str, posted: Mapping[str, Sequence[str]], answers: Answers
) -> tuple[dict[str, Value | None], list[FieldProblem]]:
    """Read one page as a browser sent it.

    Gives what changes against `answers` (None: the answer is taken back) and what is wrong, in the order
    of the page. A changed value stands only where nothing was wrong with it. Answers to questions that
    routing hides are taken as they come; they are kept, but `counted` leaves them out.
    Raises KeyError for a page that the form does not have.
    """
    page = form.by_page[page_code]
    changes: dict[str, Value | None] = {}
    problems = [_foreign(form, page, name) for name in posted if name not in page.items]
    merged = dict(answers)
    wrong: set[str] = set()
    for question in page.questions:
        for item in question.items:
            try:
                value = _read(question, posted.get(item, ()))
            except _NotAnAnswer as no:
                problems.append(FieldProblem(no.code, page.code, question.code, item, no.details))
                wrong.add(item)
                continue
            if value != answers.get(item):
                changes[item] = value
            if value is None:
                merged.pop(item, None)
            else:
                merged[item] = value
    kept = counted(form, merged)
    for question in page.questions:
        missing = _missing(page, question, kept, wrong)
        if missing is not None:
            problems.append(missing)
    problems.extend(_too_large(form, kept, wrong, page))
    order = {item: at for at, q in enumerate(page.questions) for item in q.items}
    problems.sort(key=lambda problem: order.get(problem.item, -1))
    return changes, problems


def merge(answers: Answers, changes: Mapping[str, Value | None]) -> dict[str, Value]:
    """Give the answers as they are after the changes."""
    merged = {
        item: value for item, value in answers.items() if changes.get(item, value) is not None
    }
    merged.update({item: value for item, value in changes.items() if value is not None})
    return merged


def check_answer(form: Form, item: str, value: object) -> FieldProblem | None:
    """Check one stored or imported answer: kind, range, options. None when there is nothing wrong."""
    place = form.by_item.get(item)
    if place is None:
        return FieldProblem("field.unknown_item", "", "", item, {"item": _shown(item)})
    page, question = place
    try:
        _check(question, value)
    except _NotAnAnswer as no:
        return FieldProblem(no.code, page.code, question.code, item, no.details)
    return None


def check_complete(form: Form, answers: Answers) -> list[FieldProblem]:
    """Give everything that stands in the way of sending, in the form's order; empty when it may go."""
    problems: list[FieldProblem] = []
    kept = counted(form, answers)
    wrong: set[str] = set()
    for page in form.pages:
        for question in page.questions:
            for item in question.items:
                if item in kept and (problem := check_answer(form, item, kept[item])):
                    problems.append(problem)
                    wrong.add(item)
            missing = _missing(page, question, kept, wrong)
            if missing is not None:
                problems.append(missing)
        problems.extend(
            problem for problem in _too_large(form, kept, wrong) if problem.page == page.code
        )
    problems.extend(
        FieldProblem("field.unknown_item", "", "", item, {"item": _shown(item)})
        for item in answers
        if item not in form.by_item
    )
    return problems


def resume_page(form: Form, answers: Answers) -> Page | None:
    """Give the first page with a question that applies and has no answer; None when all have one."""
    kept = counted(form, answers)
    for page in relevant_pages(form, answers):
        for question in page.questions:
            if holds(question.relevant, kept) and any(i not in kept for i in question.items):
                return page
    return None


def answered_count(form: Form, answers: Answers) -> tuple[int, int]:
    """Give how many of the items that apply have an answer, and how many apply."""
    kept = counted(form, answers)
    asked = [
        item
        for page in form.pages
        for question in page.questions
        if holds(question.relevant, kept)
        for item in question.items
    ]
    return sum(item in kept for item in asked), len(asked)


def _missing(page: Page, question: Question, kept: Answers, wrong: set[str]) -> FieldProblem | None:
    if not question.required or not holds(question.relevant, kept):
        return None
    lacking = [item for item in question.items if item not in kept and item not in wrong]
    if not lacking:
        return None
    if question.kind is QuestionKind.BATTERY:
        details = {"missing": len(lacking)}
        return FieldProblem("field.rows_required", page.code, question.code, lacking[0], details)
    return FieldProblem("field.required", page.code, question.code, lacking[0])


def _too_large(
    form: Form, kept: Answers, wrong: set[str], page: Page | None = None
) -> Iterator[FieldProblem]:
    """Give every whole that is smaller than its parts, told at the last part; with `page` at an item there."""
    for found in excesses(form, kept):
        items = [found.whole, *found.parts]
        if wrong.intersection(items) or (page is not None and not page.items & set(items)):
            continue
        item = [each for each in items if page is None or each in page.items][-1]
        where, question = form.by_item[item]
        is_alone = found.parts == (item,)
        code = "field.part_over_whole" if is_alone else "field.parts_over_whole"
        details = {
            "whole": form.by_item[found.whole][1].text,
            "number": _plain(float(found.number)),
            "parts": _plain(float(found.total)),
        }
        yield FieldProblem(code, where.code, question.code, item, details)


def _foreign(form: Form, page: Page, name: str) -> FieldProblem:
    code = "field.other_page" if name in form.by_item else "field.unknown_item"
    return FieldProblem(code, page.code, "", name, {"item": _shown(name)})


def _shown(text: str) -> str:
    """Shorten what somebody sent to what can be shown in a sentence."""
    clean = _CONTROL.sub(" ", text)
    return clean if len(clean) <= 40 else clean[:39] + "…"


def _read(question: Question, sent: Sequence[str]) -> Value | None:
    """Read the values of one field; None when it is not answered."""
    kind = question.kind
    if kind is QuestionKind.MULTIPLE:
        chosen = sorted({text for text in sent if text})
        if not chosen:
            return None
        _check(question, chosen)
        return chosen
    given = [text for text in sent if text]
    if not given:
        return None
    if len(given) > 1:
        raise _NotAnAnswer("field.several_values")
    text = given[0]
    value: Value
    if kind is QuestionKind.NUMBER:
        if not text.strip():
            return None
        value = _number(question, text)
    elif kind is QuestionKind.DATE:
        if not text.strip():
            return None
        value = _date(text)
    elif kind in (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT):
        value = text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if not value:
            return None
    else:
        value = text
    _check(question, value)
    return value


def _number(question: Question, text: str) -> int | float:
    compact = _SPACES.sub("", text)
    if len(text) > LONGEST_NUMBER:
        raise _NotAnAnswer("field.not_a_number")
    if _POINTS_IN_THOUSANDS.fullmatch(compact):
        raise _NotAnAnswer("field.point_in_number")
    if not _NUMBER.fullmatch(compact):
        raise _NotAnAnswer("field.not_a_number")
    number = Decimal(compact.replace(",", ".").replace("−", "-"))
    if number != round(number, question.decimals):
        code = "field.whole_number" if question.decimals == 0 else "field.too_many_decimals"
        raise _NotAnAnswer(code, decimals=question.decimals)
    return int(number) if number == number.to_integral_value() else float(number)


def _date(text: str) -> str:
    compact = text.strip()
    if match := _ISO_DATE.fullmatch(compact):
        year, month, day = (int(part) for part in match.groups())
    elif match := _LOCAL_DATE.fullmatch(compact):
        day, month, year = (int(part) for part in match.groups())
    else:
        raise _NotAnAnswer("field.not_a_date")
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        raise _NotAnAnswer("field.not_a_date") from None


def _check(question: Question, value: object) -> None:
    kind = question.kind
    if kind in (QuestionKind.SINGLE, QuestionKind.BATTERY):
        if not isinstance(value, str) or value not in question.option_codes:
            raise _NotAnAnswer("field.unknown_option", value=_shown(str(value)))
    elif kind is QuestionKind.MULTIPLE:
        _check_choices(question, value)
    elif kind is QuestionKind.NUMBER:
        _check_number(question, value)
    elif kind is QuestionKind.DATE:
        _check_date(value)
    elif kind in (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT):
        _check_text(question, value)
    else:
        raise _NotAnAnswer("field.unknown_item", item=question.code)


def _check_choices(question: Question, value: object) -> None:
    if not isinstance(value, list) or not value:
        raise _NotAnAnswer("field.unknown_option", value=_shown(str(value)))
    for one in value:
        if not isinstance(one, str) or one not in question.option_codes:
            raise _NotAnAnswer("field.unknown_option", value=_shown(str(one)))
    if value != sorted(set(value)):
        raise _NotAnAnswer("field.several_values")
    if question.max_choices is not None and len(value) > question.max_choices:
        raise _NotAnAnswer(
            "field.too_many_choices", maximum=question.max_choices, chosen=len(value)
        )


def _check_number(question: Question, value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise _NotAnAnswer("field.not_a_number")
    if question.minimum is not None and value < question.minimum:
        raise _NotAnAnswer("field.too_small", minimum=_plain(question.minimum))
    if question.maximum is not None and value > question.maximum:
        raise _NotAnAnswer("field.too_large", maximum=_plain(question.maximum))


def _check_date(value: object) -> None:
    try:
        day = dt.date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        raise _NotAnAnswer("field.not_a_date")
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise _NotAnAnswer("field.year_out_of_range", first=EARLIEST_YEAR, last=LATEST_YEAR)


def _check_text(question: Question, value: object) -> None:
    if not isinstance(value, str):
        raise _NotAnAnswer("field.unreadable")
    # Length first: a megabyte is measured, not searched.
    if len(value) > question.max_length:
        raise _NotAnAnswer(
            "field.too_long", maximum=_plain(question.max_length), length=_plain(len(value))
        )
    if _UNREADABLE in value:
        raise _NotAnAnswer("field.unreadable")
    if (line := birth_number_line(value)) is not None:
        raise _NotAnAnswer("field.birth_number", line=line)
    if _CONTROL.search(value):
        raise _NotAnAnswer("field.control_character")
    if question.kind is QuestionKind.SHORT_TEXT and "\n" in value:
        raise _NotAnAnswer("field.one_line")


def _plain(number: float) -> str:
    """Write a limit as Norwegians do: 12 000, 0,5."""
    whole = f"{number:,.10g}" if number != int(number) else f"{int(number):,}"
    return whole.replace(",", "\u00a0").replace(".", ",")


def number_text(value: int | float) -> str:
    """Write a stored number back into its field: decimal comma, no grouping."""
    return str(Decimal(repr(value)).normalize().__format__("f")).replace(".", ",")


def walk(form: Form) -> Iterator[tuple[Page, Question]]:
    """Go through every question with its page, in order."""
    for page in form.pages:
        for question in page.questions:
            yield page, question
