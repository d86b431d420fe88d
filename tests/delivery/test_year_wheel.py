"""The days of the programme year on the year wheel and in calendars: each is told to those it concerns, and to nobody else."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from sloyfe.delivery.actions import agreements, meetings, reports, steering
from sloyfe.delivery.models import Agreement, Meeting, SteeringMeeting
from sloyfe.delivery.queries.reporting_days import YearDates
from sloyfe.delivery.rules.agreements import EndKind, MeetingKind
from sloyfe.delivery.rules.documents import Access
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Participation, YearDate
from sloyfe.programme.queries.year_wheel import key_of_feed
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import DateKind
from tests.cast import World
from tests.delivery.reporting import (
    OFFICE,
    OTHER_OFFICE,
    OWN,
    WRITER,
    agreement,
    definitions,
    report_of,
    version,
)
from tests.programme.icalendar import Event, events

pytestmark = pytest.mark.django_db
NEIGHBOUR, FOREIGN = "X105", "X203"
# Words by which each of the days is known.
STEERING, NATIONAL, SUMMARIES = "Styringsdialog", "den nasjonale oppsummeringen", "regionenes"
OWN_REPORT, MEETING, END = "Frist for årsrapporten for", "Statusmøte med", "Siste dag for avtalen"
DAYS = {
    STEERING,
    NATIONAL,
    SUMMARIES,
    OWN_REPORT,
    MEETING,
    END,
    "Rapporteringen for",
    "Frist for svar",
}


def in_days(number: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(number)


def meeting(world: World, code: str = OWN, **more: Any) -> Meeting:
    values: dict[str, Any] = {
        "programme": world.programme,
        "municipality": world.municipalities[code],
        "kind": MeetingKind.STATUS,
        "on": in_days(40),
        "place": "hemmelig sted",
        "agenda": "hemmelig dagsorden",
        "actor": None,
        "now": timezone.now(),
    }
    return meetings.plan_meeting(**(values | more))


def dialogue(world: World, number: int = 50) -> SteeringMeeting:
    return steering.plan_meetings(
        programme=world.programme,
        days=[in_days(number)],
        actor=None,
        now=timezone.now(),
    )[0]


def opened(world: World, *codes: str) -> None:
    """A year of reporting that is open, with agreements that run out."""
    definitions(world)
    for code in codes or (OWN,):
        agreement(world, code, valid_to=in_days(200))
    year = reports.plan_year(
        programme=world.programme,
        year=timezone.localdate().year - 1,
        form=version(world),
        dates=YearDates(*(in_days(number) for number in (0, 60, 90, 120, 150))),
        actor=None,
        now=timezone.now(),
    )
    reports.open_year(year=year, actor=None, now=timezone.now(), with_letters=False)


def on_wheel(world: World) -> None:
    """The day by which reports are due, as somebody put it on the wheel."""
    YearDate.objects.create(
        programme=world.programme,
        code="rapport",
        title={"nb": "Rapportfrist for alle"},
        kind=DateKind.REPORT_DUE.value,
        starts_on=in_days(60),
        roles=["municipality", "regional_office"],
        changed_at=timezone.now(),
    )


def whole_year(world: World) -> None:
    """Everything that may stand on the wheel, for the own municipality, its neighbour and one in the other region."""
    codes = (OWN, NEIGHBOUR, FOREIGN)
    opened(world, *codes)
    for code in codes:
        meeting(world, code)
    dialogue(world)


def wheel(world: World, role: str, choice: str = "") -> str:
    client = Client()
    if role:
        client.force_login(world.person(role))
    address = reverse("programme:year_wheel", args=[world.programme.slug])
    answer = client.get(address, {"for": choice} if choice else {})
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def feed(
    world: World, role: RoleKind, organisation: Organisation | None = None
) -> dict[str, Event]:
    names = [world.programme.slug, role.value]
    if organisation is not None:
        names.append(organisation.slug)
    key = key_of_feed(world.programme, role, organisation)
    name = "programme:own_calendar" if organisation else "programme:calendar"
    answer = Client().get(reverse(name, args=[*names, key]))
    assert answer.status_code == 200
    return events(answer.content)


def own(world: World, code: str = OWN) -> dict[str, Event]:
    return feed(world, RoleKind.MUNICIPALITY, world.municipalities[code])


def office(world: World, region: str = "nord") -> dict[str, Event]:
    found = world.regions[region].office
    assert found is not None
    return feed(world, RoleKind.REGIONAL_OFFICE, found)


def told(found: dict[str, Event]) -> set[str]:
    """Give which of the days a calendar tells."""
    return {words for words in DAYS if any(words in event.summary for event in found.values())}


# Who is told what


def test_a_municipality_sees_every_day_that_concerns_it_on_its_wheel_and_in_its_calendar(
    world: World,
) -> None:
    whole_year(world)

    page, found = wheel(world, WRITER), own(world)

    expected = {OWN_REPORT, MEETING, END, "Rapporteringen for", "Frist for svar"}
    assert told(found) == expected
    assert {words for words in DAYS if words in page} == expected
    days = {event.summary: event.day for event in found.values()}
    assert days["Statusmøte med Regionkontor Nord"] == in_days(40)
    # The agreement's first day without force is given; the last day with it is told.
    assert days["Siste dag for avtalen om Byprogrammet"] == in_days(199)
    assert reverse("delivery:report", args=_report_names(world)) in page


def _report_names(world: World) -> list[Any]:
    year = timezone.localdate().year - 1
    return [world.programme.slug, year, world.municipalities[OWN].slug]


def test_a_municipality_sees_its_own_later_day_and_nobody_elses(world: World) -> None:
    opened(world, OWN, NEIGHBOUR)
    for code, number in ((OWN, 75), (NEIGHBOUR, 80)):
        reports.extend_report(
            report=report_of(world, code, timezone.localdate().year - 1),
            new_due=in_days(number),
            reason="Sykdom",
            actor=None,
            now=timezone.now(),
        )

    [event] = [event for event in own(world).values() if OWN_REPORT in event.summary]

    assert (event.day, event.sequence) == (in_days(75), 1)
    text = str(own(world)) + wheel(world, WRITER)
    assert world.municipalities[NEIGHBOUR].name not in text
    assert "Sykdom" not in text
    # Its office sees whose days are later than the others'.
    later = {e.summary: e.day for e in office(world).values() if "Utsatt frist" in e.summary}
    assert sorted(later.values()) == [in_days(75), in_days(80)]
    assert any(world.municipalities[NEIGHBOUR].name in summary for summary in later)


def test_a_regional_office_sees_the_days_of_its_own_region(world: World) -> None:
    whole_year(world)

    north, south = office(world), office(world, "sor")
    page = wheel(world, OFFICE, "meg")

    names = {code: world.municipalities[code].name for code in (OWN, NEIGHBOUR, FOREIGN)}
    assert names[OWN] in str(north)
    assert names[NEIGHBOUR] in str(north)
    assert names[FOREIGN] not in str(north) + page
    assert names[OWN] not in str(south) + wheel(world, OTHER_OFFICE, "meg")
    assert told(north) == {MEETING, END, SUMMARIES, "Rapporteringen for", "Frist for svar"}
    assert STEERING not in page


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (RoleKind.OWNER, {STEERING, NATIONAL}),
        (RoleKind.HEAD_OFFICE, {STEERING, NATIONAL}),
        (
            RoleKind.NATIONAL_LEAD,
            {STEERING, NATIONAL, SUMMARIES, "Rapporteringen for", "Frist for svar"},
        ),
        (RoleKind.MUNICIPALITY, {"Rapporteringen for", "Frist for svar"}),
        (
            RoleKind.REGIONAL_OFFICE,
            {SUMMARIES, "Rapporteringen for", "Frist for svar"},
        ),
        (RoleKind.EVALUATOR, set()),
        (RoleKind.PROJECT_GROUP, set()),
        (RoleKind.PARTNER, set()),
        (RoleKind.AUDITOR, set()),
    ],
)
def test_the_calendar_of_a_role_tells_what_concerns_the_role(
    world: World, role: RoleKind, expected: set[str]
) -> None:
    whole_year(world)

    found = feed(world, role)

    assert told(found) == expected
    assert not [name for name in world.municipalities.values() if name.name in str(found)]


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("owner", True),
        ("national_lead", True),
        ("regional_office_nord", True),  # who may read about them anyway
        ("auditor", True),
        ("municipality", False),
        (WRITER, False),
        ("evaluator", False),
        ("project_group", False),
        ("partner", False),
    ],
)
def test_steering_dialogues_stand_on_the_wheel_of_those_who_may_read_about_them(
    world: World, role: str, sees: bool
) -> None:
    whole_year(world)

    pages = [wheel(world, role, choice) for choice in ("", "alle", "owner", "municipality")]

    assert (STEERING in pages[1]) is sees
    assert all((STEERING in page) <= sees for page in pages)
    if role in ("owner", "national_lead"):
        assert STEERING in wheel(world, role, "meg")


def test_whoever_sees_every_date_sees_no_meeting_of_others(world: World) -> None:
    whole_year(world)

    for role in ("owner", "national_lead", "auditor", "municipality", "partner"):
        for choice in ("alle", "meg", "municipality", "regional_office"):
            page = wheel(world, role, choice)
            assert MEETING not in page
            assert END not in page
            assert OWN_REPORT not in page


def test_nothing_of_the_programme_year_leaks_to_the_public(world: World) -> None:
    whole_year(world)
    world.programme.is_simulated = False
    world.programme.save()

    public = Client().get(reverse("programme:public_calendar", args=[world.programme.slug]))
    page = wheel(world, "")

    assert events(public.content) == {}
    assert not [words for words in DAYS if words in page]
    assert "Statusmøte" not in page


def test_a_calendar_holds_neither_agenda_nor_place_nor_reason(world: World) -> None:
    whole_year(world)
    gone = meeting(world, on=in_days(41))
    meetings.cancel_meeting(meeting=gone, reason="hemmelig grunn", actor=None, now=timezone.now())
    steering.cancel_meeting(
        meeting=dialogue(world, 51),
        why="hemmelig grunn",
        actor=None,
        now=timezone.now(),
    )

    everything = [own(world), office(world), feed(world, RoleKind.OWNER), wheel(world, OFFICE)]

    assert "hemmelig" not in str(everything)


def test_what_is_internal_is_the_offices_alone(world: World) -> None:
    opened(world)
    row = meeting(world)
    closed = {"access": Access.INTERNAL.value, "legal_ground": "offentleglova § 14"}
    Meeting.objects.filter(pk=row.pk).update(**closed)
    Agreement.objects.update(**closed)
    report = report_of(world, OWN, timezone.localdate().year - 1)
    type(report).objects.update(**closed)

    page, found = wheel(world, WRITER), own(world)

    assert not {MEETING, END, OWN_REPORT} & told(found)
    assert not [words for words in (MEETING, END, OWN_REPORT) if words in page]
    assert {MEETING, END} <= told(office(world))


def test_a_municipality_that_reports_nothing_is_told_no_days_of_reporting(world: World) -> None:
    opened(world, NEIGHBOUR)

    assert told(own(world)) == set()


def test_a_year_that_is_planned_is_told_to_those_who_have_an_agreement(world: World) -> None:
    agreement(world, OWN)
    reports.plan_year(
        programme=world.programme,
        year=timezone.localdate().year,
        form=version(world),
        dates=YearDates(*(in_days(number) for number in (200, 250, 280, 300, 320))),
        actor=None,
        now=timezone.now(),
    )

    assert told(own(world)) == {"Rapporteringen for", "Frist for svar"}
    assert told(own(world, NEIGHBOUR)) == set()


def test_a_calendar_closes_when_its_municipality_takes_part_no_more(world: World) -> None:
    opened(world)
    municipality = world.municipalities[OWN]
    Participation.objects.filter(organisation=municipality).update(valid_to=timezone.localdate())
    key = key_of_feed(world.programme, RoleKind.MUNICIPALITY, municipality)
    names = [world.programme.slug, "municipality", municipality.slug, key]

    assert Client().get(reverse("programme:own_calendar", args=names)).status_code == 404


def test_a_municipality_is_shown_the_address_of_its_own_calendar_alone(world: World) -> None:
    page = wheel(world, WRITER)

    keys = {
        code: key_of_feed(world.programme, RoleKind.MUNICIPALITY, municipality)
        for code, municipality in world.municipalities.items()
    }
    assert keys[OWN] in page
    assert not [code for code, key in keys.items() if code != OWN and key in page]
    assert key_of_feed(world.programme, RoleKind.OWNER) not in page


# Days that move, are cancelled, or stand twice


def test_a_meeting_that_moves_is_the_same_in_the_calendar_and_one_that_is_cancelled_says_so(
    world: World,
) -> None:
    row = meeting(world)
    [first] = own(world).values()
    row = meetings.change_meeting(
        meeting=row,
        kind=MeetingKind.STATUS,
        on=in_days(45),
        place="",
        agenda="",
        revision=row.revision,
        actor=None,
        now=timezone.now(),
    )
    [moved] = own(world).values()
    meetings.cancel_meeting(meeting=row, reason="Sykdom", actor=None, now=timezone.now())
    [gone] = own(world).values()

    assert {first.uid, moved.uid, gone.uid} == {first.uid}
    assert first.sequence < moved.sequence < gone.sequence
    assert first.changed_at <= moved.changed_at <= gone.changed_at
    assert (first.day, moved.day) == (in_days(40), in_days(45))
    assert (moved.status, gone.status) == ("CONFIRMED", "CANCELLED")
    page = wheel(world, WRITER)
    assert "<s>Statusmøte med Regionkontor Nord</s>" in page
    assert "Avlyst" in page


def test_a_steering_dialogue_that_moves_and_is_cancelled_keeps_its_uid(world: World) -> None:
    row = dialogue(world)
    by: dict[str, Any] = {"actor": None, "now": timezone.now()}
    [first] = feed(world, RoleKind.OWNER).values()
    row = steering.move_meeting(meeting=row, on=in_days(55), **by)
    [moved] = feed(world, RoleKind.OWNER).values()
    steering.cancel_meeting(meeting=row, why="Valg", **by)
    [gone] = feed(world, RoleKind.OWNER).values()

    assert {first.uid, moved.uid, gone.uid} == {first.uid}
    assert first.sequence < moved.sequence < gone.sequence
    assert (moved.day, gone.status) == (in_days(55), "CANCELLED")


def test_an_excused_report_is_cancelled_in_the_calendar(world: World) -> None:
    opened(world)
    report = report_of(world, OWN, timezone.localdate().year - 1)
    [before] = [e for e in own(world).values() if OWN_REPORT in e.summary]
    reports.excuse_report(report=report, reason="Sykdom", actor=None, now=timezone.now())
    [after] = [e for e in own(world).values() if OWN_REPORT in e.summary]

    assert (before.uid, before.sequence + 1) == (after.uid, after.sequence)
    assert after.status == "CANCELLED"
    assert "Frist for svar" not in told(own(world))


def test_writing_in_the_report_moves_nothing_in_the_calendar(world: World) -> None:
    opened(world)
    report = report_of(world, OWN, timezone.localdate().year - 1)
    before = own(world)

    reports.save_answers(
        report=report, changes={"homes": 12}, revision=0, actor=None, now=timezone.now()
    )

    assert own(world) == before


def test_an_agreement_that_is_renewed_or_ends_early_is_the_same_with_another_day(
    world: World,
) -> None:
    row = agreement(world, OWN, valid_to=in_days(200))
    [first] = own(world).values()
    Agreement.objects.filter(pk=row.pk).update(state="replaced")
    renewed = agreement(world, OWN, version=2, replaces=row, valid_to=in_days(300))
    [second] = own(world).values()
    agreements.end_agreement(
        agreement=renewed,
        kind=EndKind.WITHDRAWN,
        reason="Kommunen trakk seg.",
        ended_on=in_days(1),
        actor=None,
        now=timezone.now(),
    )
    [third] = own(world).values()

    assert {first.uid, second.uid, third.uid} == {first.uid}
    assert first.sequence < second.sequence < third.sequence
    assert [e.day for e in (first, second, third)] == [in_days(199), in_days(299), in_days(0)]


def test_a_day_that_stands_on_the_wheel_already_is_told_once(world: World) -> None:
    opened(world)
    on_wheel(world)

    page, found = wheel(world, WRITER), own(world)

    assert "Rapportfrist for alle" in page
    assert OWN_REPORT not in page
    assert OWN_REPORT not in told(found)
    assert "Rapportfrist for alle" in str(found)


def test_names_that_are_long_or_odd_make_a_valid_calendar(world: World) -> None:
    municipality = world.municipalities[OWN]
    municipality.name = "Kåfjord–Gáivuotna; " * 8 + ", \\ \r\nSTATUS:CANCELLED"
    municipality.save()
    whole_year(world)

    [event] = [
        e for e in office(world).values() if "Gáivuotna" in e.summary and MEETING in e.summary
    ]

    assert event.status == "CONFIRMED"


# What it costs


@pytest.mark.parametrize("role", ["owner", OFFICE, WRITER])
def test_the_wheel_asks_as_much_for_ten_times_as_many(
    world: World, role: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    whole_year(world)
    on_wheel(world)
    client = Client()
    client.force_login(world.person(role))
    address = reverse("programme:year_wheel", args=[world.programme.slug])
    with django_assert_max_num_queries(15) as few:
        client.get(address)
    for number in range(20):
        meeting(world, on=in_days(100 + number))
        dialogue(world, 130 + number)

    with django_assert_max_num_queries(len(few.captured_queries)):
        answer = client.get(address)

    assert answer.status_code == 200


def test_a_calendar_asks_as_much_for_ten_times_as_many(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    whole_year(world)
    with django_assert_max_num_queries(15) as few:
        office(world)
    for number in range(20):
        meeting(world, on=in_days(100 + number))

    with django_assert_max_num_queries(len(few.captured_queries)):
        assert len(office(world)) > 20
