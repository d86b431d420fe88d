"""One case document of each kind, with words in it that can be searched for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sloyfe.delivery.models import (
    Agreement,
    Decision,
    Matter,
    Meeting,
    Need,
    Plan,
    ReportingYear,
    Result,
    ResultDefinition,
    SteeringMeeting,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.rules.documents import Access, DocumentKind
from sloyfe.instruments.models import Instrument, Version
from sloyfe.instruments.rules import InstrumentKind
from sloyfe.instruments.rules.definitions import content_hash
from sloyfe.organisations.models import Organisation
from tests.cast import NOW, TODAY, World

SENTINEL = "Kvartsbekken"
OWN = "X104"  # Elvarheim, in the region nord, where the person municipality_in_programme works
YEAR = 2025


def office(world: World, role: str) -> Organisation:
    """The office that a person of the cast works in."""
    return Organisation.objects.get(affiliations__person=world.people[role])


def form_version(world: World) -> Version:
    """A released form of a yearly report with a number and a text."""
    instrument, _ = Instrument.objects.get_or_create(
        programme=world.programme,
        code="yearly-report",
        defaults={"kind": InstrumentKind.REPORT.value, "title": {"nb": "Årsrapport"}},
    )
    definition: dict[str, Any] = {
        "languages": ["nb"],
        "pages": [
            {
                "code": "results",
                "title": {"nb": "Resultater"},
                "questions": [
                    {"code": "homes", "kind": "number", "text": {"nb": "Nye boliger"}},
                    {"code": "worked", "kind": "long_text", "text": {"nb": "Hva virket?"}},
                ],
            }
        ],
    }
    version, _ = Version.objects.get_or_create(
        instrument=instrument,
        number=1,
        defaults={
            "state": "released",
            "definition": definition,
            "content_hash": content_hash(definition),
            "released_at": NOW,
        },
    )
    return version


def reporting_year(world: World) -> ReportingYear:
    """The reporting of one year, open."""
    found, _ = ReportingYear.objects.get_or_create(
        programme=world.programme,
        year=YEAR,
        defaults={
            "form": form_version(world),
            "state": "open",
            "opens_on": dt.date(2026, 1, 10),
            "due_on": dt.date(2026, 2, 15),
            "answer_by": dt.date(2026, 3, 31),
            "summary_by": dt.date(2026, 4, 30),
            "national_by": dt.date(2026, 5, 31),
        },
    )
    return found


def make_document(
    world: World,
    kind: DocumentKind,
    *,
    access: Access = Access.PUBLIC,
    words: str = SENTINEL,
    code: str = OWN,
) -> Any:
    """Make a settled document of a kind; its words stand in every text that it has."""
    municipality = world.municipalities[code]
    region = world.regions["nord" if code < "X2" else "sor"]
    closed = "" if access is Access.PUBLIC else "offentleglova § 14 (organinternt dokument)"
    shared: dict[str, Any] = {
        "programme": world.programme,
        "access": access.value,
        "legal_ground": closed,
    }
    ours = {**shared, "municipality": municipality, "office": region.office}
    if kind is DocumentKind.AGREEMENT:
        return Agreement.objects.create(
            **ours,
            subprogramme=world.programme.subprogrammes.get(code="towns"),
            state="in_force",
            valid_from=dt.date(2025, 1, 1),
            background=words,
            municipality_does=words,
            office_does=words,
            confirmed_at=NOW,
        )
    if kind is DocumentKind.PLAN:
        plan = Plan.objects.create(
            **ours, year=YEAR, state="adopted", summary=words, adopted_at=NOW
        )
        plan.measures.create(
            position=0, text=words, who="Boligkontoret", by_when=TODAY, how_seen=words
        )
        return plan
    if kind is DocumentKind.MEETING:
        return Meeting.objects.create(
            **ours,
            kind="status",
            state="held",
            on=dt.date(2025, 9, 1),
            agenda=words,
            minutes=words,
            agreed=words,
        )
    if kind is DocumentKind.NEED:
        return Need.objects.create(
            **ours,
            channel="signed_in",
            state="answered",
            text=words,
            contact_email="post@kommune.invalid",
            written_at=dt.datetime(2025, 5, 2, 9, tzinfo=dt.UTC),
            received_at=dt.datetime(2025, 5, 2, 9, tzinfo=dt.UTC),
            triage_due=dt.date(2025, 5, 16),
            answer=words,
            answered_at=NOW,
        )
    if kind is DocumentKind.REPORT:
        report = YearlyReport.objects.create(
            **ours,
            reporting_year=reporting_year(world),
            state="answered",
            due_on=dt.date(2026, 2, 15),
            answers={"homes": 12, "worked": words},
            sent_at=NOW,
            received_at=NOW,
            answer=words,
            answered_at=NOW,
        )
        _result(world, report, words)
        return report
    if kind is DocumentKind.SUMMARY:
        return Summary.objects.create(
            **shared,
            reporting_year=reporting_year(world),
            level="region",
            region=region,
            office=ours["office"],
            to_office=office(world, "national_lead"),
            state="sent",
            sent_at=NOW,
            overview=words,
            asked_for=words,
        )
    if kind is DocumentKind.MATTER:
        matter = Matter.objects.create(
            **shared,
            kind="decision_wanted",
            title=words,
            text=words,
            proposal=words,
            asked_by=office(world, "national_lead"),
            asked_on=dt.date(2025, 10, 1),
            addressed_to=office(world, "owner"),
        )
        Decision.objects.create(
            programme=world.programme,
            matter=matter,
            text=words,
            owner=office(world, "owner"),
            decided_on=TODAY,
            due_on=TODAY,
        )
        return matter
    meeting = SteeringMeeting.objects.create(
        **shared, number=1, on=dt.date(2025, 11, 1), state="held", minutes=words, held_at=NOW
    )
    meeting.agenda.create(position=0, title=words, note=words)
    return meeting


def _result(world: World, report: YearlyReport, words: str) -> None:
    definition, _ = ResultDefinition.objects.get_or_create(
        programme=world.programme,
        code="what_worked",
        defaults={
            "title": {"nb": "Hva virket"},
            "aggregation": "text",
            "item": "worked",
            "position": 9,
        },
    )
    Result.objects.create(
        definition=definition,
        municipality=report.municipality,
        report=report,
        year=YEAR,
        words=words,
        is_public=report.is_public,
    )
