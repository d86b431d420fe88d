"""The programme description joined with what the programme year knows: forms, results, and open contradictions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from sloyfe.delivery.models import EffortArea, Matter, ReportingYear, ResultDefinition
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import TRIAGE_WITHIN
from sloyfe.delivery.rules.reports import YearState
from sloyfe.delivery.rules.steering import MatterKind, MatterState
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.organisations.models import valid_on
from sloyfe.programme.models import DescriptionVersion, Participation, Programme
from sloyfe.programme.queries import Visitor
from sloyfe.programme.queries.descriptions import LANGUAGES, chapters_of, day, say
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.descriptions import (
    CHAPTERS,
    Audience,
    Chapter,
    Line,
    LineKind,
    Part,
)
from sloyfe.programme.texts.descriptions import AUDIENCE_LEAD, AUDIENCE_TEXT, PART_TEXT
from sloyfe.render import numbers
from sloyfe.render.blocks import (
    Block,
    Bullets,
    Callout,
    Document,
    Heading,
    Language,
    Paragraph,
)
from sloyfe.ui.templatetags.ui import pick

_FORMS = (
    InstrumentKind.AGREEMENT,
    InstrumentKind.PLAN,
    InstrumentKind.NEEDS,
    InstrumentKind.REPORT,
)
SAYS: dict[str, str | Promise] = {
    "form": gettext_lazy("%(form)s: version %(number)s is in use, with %(questions)s questions"),
    "areas": gettext_lazy("Effort areas to choose from"),
    "area": gettext_lazy("%(area)s. Serves the goal: %(goal)s"),
    "counted": gettext_lazy("What is counted, so that it is asked for once"),
    "triage": gettext_lazy(
        "Any municipality may say a need at any time. Within %(days)s days the regional office says what happens next."
    ),
    "report_due": gettext_lazy(
        "The yearly report for %(year)s is due on %(due)s. The answer from the regional office comes by %(answer)s."
    ),
    "summaries": gettext_lazy(
        "Regional summaries for %(year)s are due on %(region)s, and the national one on %(nation)s."
    ),
}


def chapters_now(programme: Programme, audience: Audience, on: dt.date) -> tuple[Chapter, ...]:
    """Give a description as the data stands on a day. A fixed number of queries."""
    return chapters_of(programme, audience, on, _more(programme, audience, on))


def _more(programme: Programme, audience: Audience, on: dt.date) -> Mapping[str, list[Line]]:
    lines: dict[str, list[Line]] = defaultdict(list)
    versions = Version.objects.filter(
        instrument__programme=programme,
        instrument__kind__in=[kind.value for kind in _FORMS],
        state=VersionState.RELEASED.value,
    ).select_related("instrument")
    order = [kind.value for kind in _FORMS]
    newest: dict[int, Version] = {}
    for version in sorted(versions, key=lambda row: row.number):
        newest[version.instrument_id] = version
    for version in sorted(newest.values(), key=lambda row: order.index(row.instrument.kind)):
        asked = sum(len(page["questions"]) for page in version.definition["pages"])
        lines["templates"].append(
            Line(
                LineKind.POINT,
                say(
                    SAYS["form"],
                    form=version.instrument.title,
                    number=version.number,
                    questions=asked,
                ),
            )
        )
    areas, counted, years = _work_of(programme, on)
    if areas:
        lines["results"].append(Line(LineKind.HEAD, say(SAYS["areas"])))
    for area in areas:
        title, goal = area["title"], area["goal"]
        text = say(SAYS["area"], area=title, goal=goal) if goal else title
        lines["results"].append(Line(LineKind.POINT, text))
    if counted:
        lines["results"].append(Line(LineKind.HEAD, say(SAYS["counted"])))
        lines["results"] += [Line(LineKind.POINT, row["title"]) for row in counted]
    lines["year"].append(Line(LineKind.TEXT, say(SAYS["triage"], days=TRIAGE_WITHIN.days)))
    for year in years:
        due = say(
            SAYS["report_due"],
            year=year["year"],
            due=_day(year["due_on"]),
            answer=_day(year["answer_by"]),
        )
        lines["year"].append(Line(LineKind.TEXT, due))
        if audience is Audience.INTERNAL:
            onwards = say(
                SAYS["summaries"],
                year=year["year"],
                region=_day(year["summary_by"]),
                nation=_day(year["national_by"]),
            )
            lines["year"].append(Line(LineKind.TEXT, onwards))
    return lines


def _day(text: str) -> Callable[[Language], str]:
    return day(dt.date.fromisoformat(text))


def _work_of(
    programme: Programme, on: dt.date
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Give the effort areas with their goals, what is counted, and the year that is reported on. One query.

    On a day that has passed it is the year that was being reported on then, though it has been closed since.
    """
    kept = {"title": "title", "position": "position", "pk": "pk"}
    areas = EffortArea.objects.filter(programme=programme)
    counted = ResultDefinition.objects.filter(programme=programme)
    is_past = on < timezone.localdate()
    waits = Q(national_by__gte=on) if is_past else ~Q(state=YearState.CLOSED.value)
    years = ReportingYear.objects.filter(waits, programme=programme).order_by("year")
    days = {name: name for name in ("due_on", "answer_by", "summary_by", "national_by")}
    parts = [
        areas.values_list(Value("area"), JSONObject(**kept, goal="goal__text")),
        counted.values_list(Value("counted"), JSONObject(**kept)),
        years.values_list(Value("year"), JSONObject(**days, year="year"))[:1],
    ]
    rows: dict[str, list[dict[str, Any]]] = {"area": [], "counted": [], "year": []}
    first: QuerySet[Any, Any] = parts[0]
    for kind, row in first.union(*parts[1:], all=True):
        rows[kind].append(row)
    for kind in ("area", "counted"):
        rows[kind].sort(key=lambda row: (row["position"], row["pk"]))
    return rows["area"], rows["counted"], rows["year"]


@dataclass(frozen=True)
class Contradiction:
    """Something on which the programme's texts disagree, with our proposal and the owner's answer if any."""

    title: str
    text: str
    proposal: str
    answer: str
    answered_on: dt.date | None


def contradictions_of(
    programme: Programme, person: Visitor, on: dt.date
) -> dict[str, list[Contradiction]]:
    """Give what the programme's texts disagree on, by chapter, as far as a person may read it. One query.

    Public ones are for everybody who reads the description; others for the programme's offices.
    """
    readable = Q(access=Access.PUBLIC.value)
    if programme.pk in reach_of(person, on).inside:
        readable = Q()
    rows = (
        Matter.objects.filter(readable, programme=programme, kind=MatterKind.CONTRADICTION.value)
        .filter(state__in=[MatterState.ASKED.value, MatterState.ANSWERED.value])
        .order_by("code", "pk")
    )
    found: dict[str, list[Contradiction]] = defaultdict(list)
    for row in rows:
        answered = row.answered_at
        found[chapter_of(row.code)].append(
            Contradiction(
                title=row.title,
                text=row.text,
                proposal=row.proposal,
                answer=row.answer if row.state == MatterState.ANSWERED else "",
                answered_on=timezone.localtime(answered).date() if answered else None,
            )
        )
    return found


def chapter_of(code: str) -> str:
    """Give the chapter that a contradiction belongs to: the word before the first hyphen of its code."""
    chapter = code.partition("-")[0]
    known = {each for chapters in CHAPTERS.values() for each in chapters}
    return chapter if chapter in known else "about"


def blocks_of(
    chapters: tuple[Chapter, ...],
    audience: Audience,
    questions: Mapping[str, list[Contradiction]],
    language: Language,
) -> tuple[Block, ...]:
    """Give chapters as blocks in one language, with what is not decided where it belongs.

    What belongs to a chapter that is not there stands in the first one.
    """
    blocks: list[Block] = []
    there = [chapter.code for chapter in chapters]
    placed: dict[str, list[Contradiction]] = defaultdict(list)
    for code, rows in questions.items():
        placed[code if code in there else next(iter(there), "")] += rows
    with override(LANGUAGES[language]):
        part: Part | None = None
        for chapter in chapters:
            stands_in = CHAPTERS[audience].get(chapter.code, part or Part.WHAT)
            if stands_in is not part:
                part = stands_in
                blocks.append(Heading(1, str(PART_TEXT[part])))
            blocks.append(Heading(2, pick(chapter.title, language), chapter.code))
            if introduction := pick(chapter.introduction, language):
                blocks.append(Paragraph(introduction))
            blocks += _lines(chapter.lines, language)
            for each in placed[chapter.code]:
                blocks += _question(each, language)
    return tuple(blocks)


def _lines(lines: tuple[Line, ...], language: Language) -> list[Block]:
    blocks: list[Block] = []
    for kind, together in groupby(lines, key=lambda line: line.kind):
        texts = tuple(pick(line.text, language) for line in together)
        if kind in (LineKind.POINT, LineKind.STEP):
            blocks.append(Bullets(texts, numbered=kind is LineKind.STEP))
        elif kind is LineKind.HEAD:
            blocks += [Heading(3, text) for text in texts]
        else:
            blocks += [Paragraph(text) for text in texts]
    return blocks


def _question(each: Contradiction, language: Language) -> list[Block]:
    if each.answer and each.answered_on:
        told = _("Decided on %(day)s: %(title)s %(answer)s") % {
            "day": numbers.date(each.answered_on, language),
            "title": each.title,
            "answer": each.answer,
        }
        return [Paragraph(told)]
    told = _("Not decided: %(title)s Proposal: %(proposal)s") % {
        "title": each.title,
        "proposal": each.proposal,
    }
    return [Callout("provisional", f"{told}\n\n{each.text}")]


def publisher_of(programme: Programme, on: dt.date) -> str:
    """Give the name of the office that publishes the descriptions; "" where none is known."""
    name = (
        Participation.objects.filter(
            valid_on(on), programme=programme, capacity=Capacity.NATIONAL_LEAD.value
        )
        .order_by("organisation__sort_key")
        .values_list("organisation__name", flat=True)
        .first()
    )
    return name or ""


def document_of(
    version: DescriptionVersion, person: Visitor, on: dt.date, language: Language
) -> Document:
    """Give a published version as the document that every format is made from."""
    programme = version.programme
    published = timezone.localtime(version.published_at).date()
    with override(LANGUAGES[language]):
        issued = _("Version %(number)s, %(when)s") % {
            "number": version.number,
            "when": numbers.date(published, language),
        }
    made = document_as_it_would_be(
        programme, Audience(version.audience), version.chapters, person, on, language
    )
    return replace(made, issued=issued)


def proposal_of(
    programme: Programme,
    audience: Audience,
    person: Visitor,
    on: dt.date,
    language: Language,
    *,
    is_over: bool,
) -> Document | None:
    """Give a description that nobody has published, from the data alone; None where nothing is known.

    Introductions are left out: they are somebody's own words, and not finished. Of a programme that is over
    only what is said of itself is told: forms and what is counted may have come into the product since.
    """
    known = (
        chapters_of(programme, audience, on) if is_over else chapters_now(programme, audience, on)
    )
    chapters = tuple(replace(chapter, introduction={}) for chapter in known if chapter.lines)
    if not chapters:
        return None
    with override(LANGUAGES[language]):
        told = (
            _(
                "A proposal, put together from what is known of the programme. No description of it has been published here."
            )
            if is_over
            else _(
                "A proposal, put together from what is said of the programme today. It has not been published, and the municipalities do not see it."
            )
        )
    made = document_as_it_would_be(
        programme, audience, chapters, person, on, language, is_published=False
    )
    return replace(made, blocks=(Callout("provisional", told), *made.blocks))


def document_as_it_would_be(
    programme: Programme,
    audience: Audience,
    chapters: tuple[Chapter, ...],
    person: Visitor,
    on: dt.date,
    language: Language,
    *,
    is_published: bool = True,
) -> Document:
    """Give chapters as a document, before they are published. One that nobody publishes names no publisher."""
    questions = contradictions_of(programme, person, on)
    blocks = blocks_of(chapters, audience, questions, language)
    with override(LANGUAGES[language]):
        simulated = programme.is_simulated
        caution = _("The programme described here is invented for an exercise.")
        return Document(
            title=f"{AUDIENCE_TEXT[audience]}: {pick(programme.title, language)}",
            subtitle=str(AUDIENCE_LEAD[audience]),
            language=language,
            marks=(_("Simulated content (exercise)"),) if simulated else (),
            issued="",
            publisher=publisher_of(programme, on) if is_published else "",
            blocks=(*((Callout("simulated", caution),) if simulated else ()), *blocks),
        )
