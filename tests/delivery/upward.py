"""What goes up in the exercise programme of the cast: reports, summaries, matters, groups, dialogues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.test import Client
from django.urls import reverse

from sloyfe.delivery.actions import groups, matters, steering, summaries
from sloyfe.delivery.models import (
    Decision,
    Matter,
    Need,
    ReportingYear,
    StandingGroup,
    SteeringMeeting,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.rules.steering import GroupRole, MatterKind
from sloyfe.organisations.models import Affiliation
from tests.cast import MUNICIPALITIES, NOW, START, TODAY, World
from tests.delivery.cabinet import office, reporting_year

NORD = tuple(row[0] for row in MUNICIPALITIES if row[2] == "nord")
WORDS = {
    "worked_well": "Husrådet kom i gang.",
    "was_hard": "Få tomter.",
    "needs_from_programme": "Mer kurs.",
}


def report(
    world: World, code: str, state: str = "answered", year: ReportingYear | None = None
) -> YearlyReport:
    """A municipality's report of the year, as it stands in a state."""
    region = next(row[2] for row in MUNICIPALITIES if row[0] == code)
    more: dict[str, Any] = {}
    if state not in {"expected", "begun", "to_confirm", "excused"}:
        more |= {"sent_at": NOW, "received_at": NOW}
    if state in {"answered", "closed"}:
        more |= {"answer": "Takk. Vi følger opp tomtene.", "answered_at": NOW}
    if state == "excused":
        more |= {"excused_why": "Avtalen er avsluttet."}
    region_office = world.regions[region].office
    assert region_office is not None
    found: YearlyReport = YearlyReport.objects.create(
        programme=world.programme,
        reporting_year=year or reporting_year(world),
        municipality=world.municipalities[code],
        office=region_office,
        state=state,
        due_on=dt.date(2026, 3, 1),
        answers=WORDS,
        **more,
    )
    return found


def need(world: World, code: str = "X104", state: str = "raised", **more: Any) -> Need:
    """A need that a municipality has said and that the office has raised."""
    region = next(row[2] for row in MUNICIPALITIES if row[0] == code)
    values: dict[str, Any] = {
        "programme": world.programme,
        "municipality": world.municipalities[code],
        "office": world.regions[region].office,
        "channel": "signed_in",
        "state": state,
        "text": "Vi trenger hjelp til å planlegge nye boliger.",
        "written_at": NOW,
        "received_at": NOW,
        "triage_due": TODAY + dt.timedelta(days=14),
    }
    if state == "raised":
        values |= {"raised_at": NOW, "raised_why": "Ingen i regionen kan dette."}
    found: Need = Need.objects.create(**(values | more))
    return found


def written(
    world: World, region: str | None = "nord", *, why: str = "", revision: int = 0
) -> Summary:
    """A summary that its office has written; of the nation when there is no region."""
    role = f"regional_office_{region}" if region else "national_lead"
    codes = [row[0] for row in MUNICIPALITIES if region in (None, row[2])]
    there = YearlyReport.objects.filter(reporting_year=reporting_year(world))
    # A summary stands on reports; one that is excused counts nowhere else.
    if not there.filter(municipality__in=[world.municipalities[code] for code in codes]).exists():
        report(world, codes[-1], "excused")
    return summaries.write_summary(
        reporting_year=reporting_year(world),
        region=world.regions[region] if region else None,
        text=summaries.SummaryText(
            overview="Året gikk bra i regionen.", worked="Samlingene.", incomplete_why=why
        ),
        revision=revision,
        actor=world.person(role),
        now=NOW,
    )


def sent(world: World, region: str | None = "nord") -> Summary:
    """A summary that has been sent, with everything below it answered or a reason."""
    role = f"regional_office_{region}" if region else "national_lead"
    draft = written(world, region, why="Ikke alle er klare.")
    return summaries.send_summary(
        summary=draft, revision=draft.revision, actor=world.person(role), now=NOW
    )


def read(world: World, region: str | None = "nord") -> Summary:
    """A summary that has been read by those above."""
    role = "national_lead" if region else "owner"
    return summaries.read_summary(summary=sent(world, region), actor=world.person(role), now=NOW)


def asked(
    world: World,
    *,
    by: str = "regional_office_nord",
    to: str = "owner",
    on: dt.datetime = NOW,
    reports: Iterable[YearlyReport] = (),
    **more: Any,
) -> Matter:
    """A matter that an office asks another."""
    values: dict[str, Any] = {
        "programme": world.programme,
        "kind": MatterKind.DECISION_WANTED,
        "title": "Skal faktaarket komme før avtalen?",
        "text": "Programbeskrivelsen sier to ting.",
        "proposal": "Faktaarket kommer før dialogmøtet.",
        "asked_by": office(world, by),
        "addressed_to": office(world, to),
        "reports": reports,
        "actor": world.person(by),
        "now": on,
    }
    return matters.ask_matter(**(values | more))


def group(world: World, *members: str, code: str = "arbeidsgruppe") -> StandingGroup:
    """A standing group with these members, on whose issues the owner decides."""
    made = groups.save_group(
        programme=world.programme,
        code=code,
        title={"nb": "Arbeidsgruppa", "nn": "Arbeidsgruppa", "en": "The working group"},
        purpose="Tar opp det som er likt i regionene.",
        decides=office(world, "owner"),
        valid_from=START,
        valid_to=None,
        actor=world.person("national_lead"),
        now=NOW,
    )
    for role in members:
        groups.add_member(
            group=made,
            organisation=office(world, role),
            role=GroupRole.MEMBER,
            valid_from=START,
            actor=world.person("national_lead"),
            now=NOW,
        )
    return made


def planned(world: World, *days: dt.date) -> SteeringMeeting:
    """Steering dialogues on these days, or one today. Gives the first."""
    return steering.plan_meetings(
        programme=world.programme, days=days or [TODAY], actor=None, now=NOW
    )[0]


def held(world: World, meeting: SteeringMeeting, now: dt.datetime = NOW) -> SteeringMeeting:
    """The dialogue with minutes, finished."""
    meeting = steering.write_minutes(
        meeting=meeting,
        minutes="Til stede: eier og nasjonalt fagansvar.",
        notes={},
        revision=meeting.revision,
        actor=world.person("national_lead"),
        now=now,
    )
    return steering.hold_meeting(meeting=meeting, actor=world.person("owner"), now=now)


def works_also_at(world: World, role: str, other: str) -> None:
    """Let a person of the cast work at another's office as well."""
    Affiliation.objects.create(
        person=world.people[role], organisation=office(world, other), valid_from=START
    )


def url(world: World, name: str, *more: object) -> str:
    return reverse(f"delivery:{name}", args=[world.programme.slug, *more])


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def decide(
    world: World, matter: Matter | None = None, by: str = "owner", **more: object
) -> Decision:
    values = {
        "programme": world.programme,
        "matter": matter,
        "text": "Faktaarket kommer før avtalen.",
        "owner": office(world, "national_lead"),
        "due_on": TODAY + dt.timedelta(days=60),
        "actor": world.person(by),
        "now": NOW,
    }
    return matters.decide(**(values | more))  # type: ignore[arg-type]
