"""One page of a form as a template shows it: plain strings and tuples, everything decided. No Django.

Every part that differs from person to person is a string of its own (`checked`, `value`, `hidden`, names of
organisations), so a page may also be made once with marks in those places and filled per request.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sloyfe.instruments.rules.answers import (
    Answers,
    Page,
    Question,
    Texts,
    Value,
    number_text,
    piped,
)
from sloyfe.instruments.rules.definitions import QuestionKind


@dataclass(frozen=True)
class OptionView:
    code: str
    id: str
    label: str
    mark: str
    checked: str  # "checked" or nothing


@dataclass(frozen=True)
class RowView:
    code: str
    id: str
    label: str
    options: tuple[OptionView, ...]
    problem: str = ""
    source: str = ""
    before: str = ""
    unchecked: str = ""  # "checked" where the row has no answer


@dataclass(frozen=True)
class QuestionView:
    code: str
    kind: str
    id: str
    label: str
    help: str
    required: bool
    hidden: str  # "hidden" or nothing
    options: tuple[OptionView, ...]
    rows: tuple[RowView, ...]
    max_choices: int | None
    max_length: int
    value: str
    problem: str = ""
    described_by: str = ""
    why: str = ""
    used_by: str = ""
    source: str = ""  # where the value in the field comes from, in words
    before: str = ""  # what was answered the last time, in words
    blank: str = ""  # what the choice that takes an answer back is called; "" for none
    unchecked: str = ""  # "checked" where there is no answer


@dataclass(frozen=True)
class PageView:
    code: str
    title: str
    intro: str
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True)
class Dynamic:
    """Where the parts that differ from person to person come from."""

    checked: Callable[[str, str], str]  # item, option → "checked" or nothing
    value: Callable[[str], str]  # item → what stands in the field
    hidden: Callable[[str], str]  # question → "hidden" or nothing
    organisation: str
    problems: Mapping[str, str] = field(default_factory=dict)  # item or question → sentence
    sources: Mapping[str, str] = field(default_factory=dict)  # item → where its value comes from
    before: Mapping[str, str] = field(
        default_factory=dict
    )  # item → what was answered last, in words
    # Question → the words of the choice that takes an answer back. A radio button is never unpressed.
    blanks: Mapping[str, str] = field(default_factory=dict)
    rows: Collection[str] | None = None  # rows of batteries that are shown; None: all


def field_id(item: str, option: str = "") -> str:
    """Give the id of an item's field, or of one option in it; error summaries link to it."""
    return f"f-{item}-{option}" if option else f"f-{item}"


def first_field_id(question: Question, item: str) -> str:
    """Give the id of the place where an item's answering begins."""
    if question.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.BATTERY):
        return field_id(item, question.options[0].code) if question.options else field_id(item)
    return field_id(item)


def from_answers(
    answers: Answers,
    *,
    organisation: str,
    asked: Collection[str],
    problems: Mapping[str, str] | None = None,
    sources: Mapping[str, str] | None = None,
) -> Dynamic:
    """Show stored answers; `asked` are the codes of the questions that apply.

    `sources` say, by item, where a value that was filled in beforehand comes from.
    """

    def checked(item: str, option: str) -> str:
        value = answers.get(item)
        chosen = option in value if isinstance(value, list) else option == value
        return "checked" if chosen else ""

    return Dynamic(
        checked=checked,
        value=lambda item: value_text(answers.get(item)),
        hidden=lambda question: "" if question in asked else "hidden",
        organisation=organisation,
        problems=problems or {},
        sources=sources or {},
    )


def from_posted(
    posted: Mapping[str, Sequence[str]],
    *,
    organisation: str,
    asked: Collection[str],
    problems: Mapping[str, str],
    sources: Mapping[str, str] | None = None,
) -> Dynamic:
    """Show what a person just sent, as it was sent, so that nothing has to be written again."""
    return Dynamic(
        checked=lambda item, option: "checked" if option in posted.get(item, ()) else "",
        value=lambda item: next(iter(posted.get(item, ())), ""),
        hidden=lambda question: "" if question in asked else "hidden",
        organisation=organisation,
        problems=problems,
        sources=sources or {},
    )


def value_text(value: Value | None) -> str:
    """Write a stored value as it stands in a field."""
    if value is None or isinstance(value, list):
        return ""
    return value if isinstance(value, str) else number_text(value)


def worded(texts: Texts, language: str) -> str:
    """Give the wording in a language; falls back to bokmål, then to what there is."""
    return texts.get(language) or texts.get("nb") or next(iter(texts.values()), "")


def page_view(page: Page, language: str, dynamic: Dynamic) -> PageView:
    """Make one page ready to show in a language."""

    def words(texts: Texts) -> str:
        return piped(worded(texts, language), dynamic.organisation)

    def options(question: Question, item: str) -> tuple[OptionView, ...]:
        return tuple(
            OptionView(
                code=option.code,
                id=field_id(item, option.code),
                label=words(option.text),
                mark=option.mark or "",
                checked=dynamic.checked(item, option.code),
            )
            for option in question.options
        )

    def unchecked(question: Question, item: str) -> str:
        if not dynamic.blanks.get(question.code):
            return ""
        is_answered = any(dynamic.checked(item, option.code) for option in question.options)
        return "" if is_answered else "checked"

    def view(question: Question) -> QuestionView:
        battery = question.kind is QuestionKind.BATTERY
        shown = [row for row in question.rows if dynamic.rows is None or row.code in dynamic.rows]
        problem = dynamic.problems.get(question.code, "")
        return QuestionView(
            code=question.code,
            kind=question.kind.value,
            id=field_id(question.code),
            label=words(question.text),
            help=words(question.help),
            required=question.required,
            hidden=dynamic.hidden(question.code) if question.relevant is not None else "",
            # A battery's options stand in its head, unchecked; each row has its own.
            options=(
                tuple(
                    OptionView(
                        o.code, field_id(question.code, o.code), words(o.text), o.mark or "", ""
                    )
                    for o in question.options
                )
                if battery
                else options(question, question.code)
            ),
            rows=tuple(
                RowView(
                    code=row.code,
                    id=field_id(row.code),
                    label=words(row.text),
                    options=options(question, row.code),
                    problem=dynamic.problems.get(row.code, ""),
                    source=dynamic.sources.get(row.code, ""),
                    before=dynamic.before.get(row.code, ""),
                    unchecked=unchecked(question, row.code),
                )
                for row in shown
            ),
            max_choices=question.max_choices,
            max_length=question.max_length,
            value=dynamic.value(question.code) if question.items and not battery else "",
            problem=problem,
            why=words(question.why),
            used_by=words(question.used_by),
            source=dynamic.sources.get(question.code, ""),
            before=dynamic.before.get(question.code, ""),
            blank=dynamic.blanks.get(question.code, ""),
            unchecked="" if battery else unchecked(question, question.code),
        )

    return PageView(
        code=page.code,
        title=words(page.title),
        intro=words(page.intro),
        questions=tuple(view(question) for question in page.questions),
    )


@dataclass(frozen=True)
class AnswerLine:
    """One answer in words, for looking over and for the respondent's own copy."""

    label: str
    answer: str  # empty: not answered


def answer_words(question: Question, value: Value | None, language: str) -> str:
    """Say an answer in words; empty when there is none."""
    if value is None:
        return ""
    if question.options:
        chosen = value if isinstance(value, list) else [value]
        return "; ".join(worded(o.text, language) for o in question.options if o.code in chosen)
    if question.kind is QuestionKind.DATE and isinstance(value, str):
        year, month, day = value.split("-")
        return f"{day}.{month}.{year}"
    return value_text(value)


def answer_lines(
    question: Question, answers: Answers, language: str, organisation: str
) -> tuple[AnswerLine, ...]:
    """Give a question's answers in words, one line for each item."""
    if question.kind is QuestionKind.BATTERY:
        return tuple(
            AnswerLine(
                piped(worded(row.text, language), organisation),
                answer_words(question, answers.get(row.code), language),
            )
            for row in question.rows
        )
    return tuple(
        AnswerLine(
            piped(worded(question.text, language), organisation),
            answer_words(question, answers.get(item), language),
        )
        for item in question.items
    )
