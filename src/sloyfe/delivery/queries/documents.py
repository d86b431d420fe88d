"""Case documents of every kind as one: which there are, whose they are, who may read them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Count, Q

from sloyfe.delivery.models import (
    Agreement,
    Matter,
    Meeting,
    Need,
    Plan,
    SteeringMeeting,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.rules.agreements import AgreementState, MeetingState
from sloyfe.delivery.rules.documents import DocumentKind, ProgrammePaper
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.delivery.rules.plans import PlanState
from sloyfe.delivery.rules.reports import SENT_STATES
from sloyfe.delivery.rules.steering import SteeringState
from sloyfe.delivery.rules.summaries import SummaryState
from sloyfe.programme.models import DescriptionVersion, Mandate, Programme
from sloyfe.programme.queries import Visitor
from sloyfe.programme.rules.mandates import MandateState

AnyDocument: TypeAlias = (
    Agreement | Matter | Meeting | Need | Plan | SteeringMeeting | Summary | YearlyReport
)


AnyPaper: TypeAlias = Mandate | DescriptionVersion


@dataclass(frozen=True)
class Shelf:
    """All documents of one kind.

    `offices` are the fields that name the offices which have it. `related` is what its page and its archive
    show of others. `settled` tells which are documents and no longer drafts. `year` is the filter for one
    year's documents.
    """

    kind: DocumentKind
    model: Any
    offices: tuple[str, ...]
    related: tuple[str, ...]
    settled: Q

    def of_year(self, year: int) -> Q:
        """Give the filter for the documents of one year, by the day or year that each kind goes by."""
        first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
        if self.kind is DocumentKind.AGREEMENT:
            over = Q(valid_to__isnull=True) | Q(valid_to__gte=first)
            ended = Q(ended_on__isnull=True) | Q(ended_on__gte=first)
            return Q(valid_from__lte=last) & over & ended
        if self.kind is DocumentKind.PLAN:
            return Q(year=year)
        if self.kind in (DocumentKind.MEETING, DocumentKind.STEERING):
            return Q(on__range=(first, last))
        if self.kind is DocumentKind.NEED:
            return Q(received_at__date__range=(first, last))
        if self.kind is DocumentKind.MATTER:
            return Q(asked_on__range=(first, last))
        return Q(reporting_year__year=year)


_CASE = ("programme", "municipality", "office")
SHELVES: dict[DocumentKind, Shelf] = {
    shelf.kind: shelf
    for shelf in (
        Shelf(
            DocumentKind.AGREEMENT,
            Agreement,
            ("office",),
            (*_CASE, "subprogramme"),
            ~Q(state__in=[AgreementState.DRAFT.value, AgreementState.PROPOSED.value]),
        ),
        Shelf(DocumentKind.PLAN, Plan, ("office",), _CASE, ~Q(state=PlanState.DRAFT.value)),
        Shelf(DocumentKind.MEETING, Meeting, ("office",), _CASE, Q(state=MeetingState.HELD.value)),
        Shelf(
            DocumentKind.NEED,
            Need,
            ("office", "answered_by"),
            (*_CASE, "answered_by"),
            ~Q(state=NeedState.UNCONFIRMED.value),
        ),
        Shelf(
            DocumentKind.REPORT,
            YearlyReport,
            ("office",),
            (*_CASE, "reporting_year__form__instrument", "reporting_year__programme"),
            Q(state__in=[state.value for state in SENT_STATES]),
        ),
        Shelf(
            DocumentKind.SUMMARY,
            Summary,
            ("office",),
            ("programme", "office", "to_office", "region", "reporting_year"),
            ~Q(state=SummaryState.DRAFT.value),
        ),
        Shelf(
            DocumentKind.MATTER,
            Matter,
            ("asked_by", "addressed_to"),
            ("programme", "asked_by", "addressed_to"),
            Q(),
        ),
        Shelf(
            DocumentKind.STEERING,
            SteeringMeeting,
            (),
            ("programme",),
            Q(state=SteeringState.HELD.value),
        ),
    )
}


def kind_of(document: AnyDocument) -> DocumentKind:
    """Give the kind of a case document."""
    for shelf in SHELVES.values():
        if isinstance(document, shelf.model):
            return shelf.kind
    raise TypeError(f"{type(document).__name__} is no case document")


def documents(kind: DocumentKind) -> Any:
    """Give all documents of one kind with what their pages name. Fetch from it by `visible_to` only."""
    shelf = SHELVES[kind]
    return shelf.model.objects.select_related(*shelf.related)


def is_settled(document: AnyDocument) -> bool:
    """Tell whether a document is one, and no longer a draft. One query."""
    shelf = SHELVES[kind_of(document)]
    return bool(shelf.model.objects.filter(shelf.settled, pk=document.pk).exists())


def offices_with(document: AnyDocument) -> tuple[tuple[int, str], ...]:
    """Give id and name of the offices that have a document. No office is named for a steering dialogue,
    which those who lead the programme hold together."""
    held = (getattr(document, name) for name in SHELVES[kind_of(document)].offices)
    return tuple((office.pk, office.name) for office in held if office is not None)


@dataclass(frozen=True)
class InArchive:
    """One document of a year, as the archive of the programme lists it."""

    kind: DocumentKind
    document: AnyDocument


def documents_of_year(
    programme: Programme, year: int, *, person: Visitor | None, on: dt.date
) -> list[InArchive]:
    """Give a programme's settled documents of one year that a person may read, in a fixed order.

    Drafts are not documents yet. Without a person, all of them: for whoever runs the installation. One
    query per kind.
    """
    return [
        InArchive(shelf.kind, row)
        for shelf in SHELVES.values()
        for row in _of_year(shelf, programme, year, person=person, on=on)
        .select_related(*shelf.related)
        .order_by("pk")
    ]


def _of_year(
    shelf: Shelf, programme: Programme, year: int, *, person: Visitor | None, on: dt.date
) -> Any:
    rows = shelf.model.objects.filter(shelf.settled, shelf.of_year(year), programme=programme)
    # By their keys: what a document says need not be compared to tell one from another.
    return (
        shelf.model.objects.filter(pk__in=rows.visible_to(person, on))
        if person is not None
        else rows
    )


@dataclass(frozen=True)
class Holding:
    """How many papers and documents of a kind an owner has in a year's archive; "" is the programme itself."""

    kind: DocumentKind | ProgrammePaper
    slug: str
    name: str
    number: int


def holdings_of_year(
    programme: Programme, year: int, *, person: Visitor | None, on: dt.date
) -> list[Holding]:
    """Count what `papers_of_year` and `documents_of_year` give, without reading any of it. As many queries."""
    found = []
    for shelf in SHELVES.values():
        rows = _of_year(shelf, programme, year, person=person, on=on).order_by()
        owner = ("municipality__slug", "municipality__name")
        if "municipality" not in shelf.related:
            found.append(Holding(shelf.kind, "", "", rows.count()))
            continue
        for slug, name, number in rows.values_list(*owner).annotate(number=Count("pk")):
            found.append(Holding(shelf.kind, slug, name, number))
    for kind, papers in _papers_of_year(programme, year, person=person, on=on).items():
        found.append(Holding(kind, "", "", papers.count()))
    return [holding for holding in found if holding.number]


@dataclass(frozen=True)
class Given:
    """A paper of the programme itself, as its archive lists it."""

    kind: ProgrammePaper
    document: AnyPaper


def papers_of_year(
    programme: Programme, year: int, *, person: Visitor | None, on: dt.date
) -> list[Given]:
    """Give the mandates that held in a year and the descriptions published in it, that a person may read.

    Without a person, all of them. Two queries.
    """
    return [
        Given(kind, row)
        for kind, papers in _papers_of_year(programme, year, person=person, on=on).items()
        for row in papers.select_related("programme")
    ]


def _papers_of_year(
    programme: Programme, year: int, *, person: Visitor | None, on: dt.date
) -> dict[ProgrammePaper, Any]:
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    mandates = Mandate.objects.all()
    descriptions = DescriptionVersion.objects.all()
    if person is not None:
        mandates = mandates.visible_to(person, on)
        descriptions = descriptions.visible_to(person, on)
    held = (
        mandates.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=first))
        .filter(programme=programme, valid_from__lte=last)
        .exclude(state=MandateState.DRAFT.value)
    )
    published = descriptions.filter(
        programme=programme, published_at__date__range=(first, last)
    ).order_by("published_at", "pk")
    return {ProgrammePaper.MANDATE: held, ProgrammePaper.DESCRIPTION: published}
