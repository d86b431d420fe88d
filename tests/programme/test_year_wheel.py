"""The year wheel: who sets dates, what needs a reason, who is told, and calendars."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible
from sloyfe.letters.models import Letter
from sloyfe.letters.rules import LetterState
from sloyfe.organisations.models import Affiliation
from sloyfe.programme.actions import mandates
from sloyfe.programme.actions import year_wheel as actions
from sloyfe.programme.actions.year_wheel import DateFacts
from sloyfe.programme.models import (
    Announcement,
    DateChange,
    OverloadDecision,
    Subprogramme,
    YearDate,
)
from sloyfe.programme.queries.year_wheel import (
    dates_for,
    key_of_feed,
    people_concerned,
    without_address,
)
from sloyfe.programme.rules.mandates import RoleKind
from sloyfe.programme.rules.year_wheel import DateKind
from tests.cast import NOW, TODAY, World, make_world
from tests.wording import write_letters

pytestmark = pytest.mark.django_db

NEAR, FAR = TODAY + dt.timedelta(100), TODAY + dt.timedelta(365)
MUNICIPAL = (RoleKind.MUNICIPALITY,)


@pytest.fixture
def world() -> World:
    world = make_world()
    write_letters()
    return world


def facts(day: dt.date = FAR, **more: Any) -> DateFacts:
    said: dict[str, Any] = {
        "title": {"nb": "Samling", "nn": "Samling"},
        "kind": DateKind.GATHERING,
        "starts_on": day,
        "ends_on": None,
        "roles": MUNICIPAL,
    }
    return DateFacts(**(said | more))


def add(
    world: World, day: dt.date = FAR, reason: str = "", role: str = "owner", **more: Any
) -> YearDate:
    overload = more.pop("overload_reason", "")
    return actions.add_date(
        programme=world.programme,
        facts=facts(day, **more),
        reason=reason,
        overload_reason=overload,
        actor=world.person(role),
        now=NOW,
    )


def test_a_date_a_year_ahead_needs_no_reason_and_is_not_announced(world: World) -> None:
    add(world)

    assert not DateChange.objects.exists()
    assert not Letter.objects.exists()


def test_a_date_inside_the_year_needs_a_reason_and_is_announced(world: World) -> None:
    with pytest.raises(NotPossible, match="date_needs_reason"):
        add(world, NEAR, "  ")

    date = add(world, NEAR, "Lokalet ble ledig")

    assert date.changes.get().reason == "Lokalet ble ledig"
    told = set(Letter.objects.values_list("recipient", "language", "code"))
    assert told == {
        ("municipality@ovelse.invalid", "nn", "date_new"),
        ("municipality_in_programme@ovelse.invalid", "nb", "date_new"),
    }
    jobs = ProcrastinateJob.objects.filter(task_name="programme.send_announcement")
    assert jobs.count() == 2


def test_only_members_and_the_offices_of_the_region_are_told(world: World) -> None:
    towns = Subprogramme.objects.get(code="towns")
    add(world, NEAR, "x", subprogramme=towns, roles=(RoleKind.MUNICIPALITY, RoleKind.OWNER))
    assert list(Letter.objects.values_list("recipient", flat=True)) == [
        "municipality_in_programme@ovelse.invalid"
    ]

    Letter.objects.all().delete()
    add(world, NEAR, "x", region=world.regions["sor"], roles=(RoleKind.REGIONAL_OFFICE, *MUNICIPAL))
    assert list(Letter.objects.values_list("recipient", flat=True)) == [
        "regional_office_sor@ovelse.invalid"
    ]


def test_somebody_who_works_no_more_is_not_told(world: World) -> None:
    Affiliation.objects.filter(person=world.people["municipality"]).update(valid_to=TODAY)

    add(world, NEAR, "x")

    assert Announcement.objects.count() == 1


def test_the_letter_says_what_when_before_and_why(
    world: World, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    date = add(world, FAR, ends_on=FAR + dt.timedelta(1))
    moved = actions.change_date(
        date=date,
        facts=facts(NEAR),
        sequence=0,
        reason="Lokalet ble borte",
        actor=world.person("owner"),
        now=NOW,
    )
    found = Announcement.objects.get(letter__language="nb")

    values = actions.letter_values(found, "nb")

    assert moved.sequence == 1
    assert values["day"].replace("\u00a0", " ") == "10. juni 2026"
    assert values["old_day"].replace("\u00a0", " ") == "2. mars 2027–3. mars 2027"
    assert values["reason"] == "Lokalet ble borte"
    assert values["organisation"] == "Elvarheim (øving)"


@pytest.mark.django_db(transaction=True)
def test_a_letter_is_sent_once_and_one_about_an_older_change_never(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    world = make_world()
    write_letters()
    date = add(world, NEAR, "Ny")
    old = Announcement.objects.get(letter__language="nb").letter
    actions.cancel_date(date=date, reason="For få meldte seg", actor=world.person("owner"), now=NOW)
    new = Announcement.objects.exclude(letter=old).get(
        letter__language="nb", change__kind="cancelled"
    )

    for letter in (old, new.letter, new.letter):
        actions.send_announcement(letter_id=str(letter.pk), now=NOW)

    old.refresh_from_db()
    assert old.state == LetterState.CANCELLED
    [message] = mail.outbox
    assert "For få meldte seg" in message.body
    assert "Elvarheim" in message.body


@pytest.mark.parametrize("role", ["municipality", "evaluator", "auditor", "stranger"])
def test_dates_are_set_by_those_who_lead(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        add(world, role=role)


def test_a_regional_office_sets_dates_of_its_own_region(world: World) -> None:
    date = add(world, role="regional_office_nord", region=world.regions["nord"])

    with pytest.raises(NotAllowed, match="only_its_own_region"):
        add(world, role="regional_office_nord", region=world.regions["sor"])
    with pytest.raises(NotAllowed, match="only_its_own_region"):
        add(world, role="regional_office_nord")
    with pytest.raises(NotAllowed, match="only_its_own_region"):
        actions.cancel_date(
            date=date, reason="", actor=world.person("regional_office_sor"), now=NOW
        )


def test_of_two_who_change_a_date_at_once_the_second_is_told(world: World) -> None:
    date = add(world)
    by: dict[str, Any] = {"reason": "", "actor": world.person("owner"), "now": NOW, "sequence": 0}
    actions.change_date(date=date, facts=facts(FAR + dt.timedelta(1)), **by)

    with pytest.raises(ChangedMeanwhile):
        actions.change_date(date=date, facts=facts(FAR + dt.timedelta(2)), **by)


def test_whom_a_date_inside_the_year_concerns_stands_fast(world: World) -> None:
    date = add(world, NEAR, "x")

    with pytest.raises(NotPossible, match="date_concerns_the_same"):
        actions.change_date(
            date=date,
            facts=facts(NEAR, roles=(RoleKind.PARTNER,)),
            sequence=0,
            reason="x",
            actor=world.person("owner"),
            now=NOW,
        )


@pytest.mark.parametrize(
    ("day", "more", "code"),
    [
        (TODAY - dt.timedelta(1), {}, "date_is_in_the_past"),
        (FAR, {"ends_on": TODAY}, "date_ends_before"),
        (TODAY + dt.timedelta(4000), {}, "date_too_far"),
        (FAR, {"roles": ()}, "date_concerns_nobody"),
    ],
)
def test_a_date_that_cannot_be_meant_is_refused(
    world: World, day: dt.date, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(NotPossible, match=code):
        add(world, day, "x", **more)


def test_a_date_that_asks_too_much_is_set_only_with_a_reason(world: World) -> None:
    office = world.regions["nord"].office
    assert office is not None
    mandates.set_capacity(
        programme=world.programme,
        organisation=office,
        year=FAR.year,
        days=Decimal(3),
        actor=world.person("national_lead"),
        now=NOW,
    )
    heavy: dict[str, Any] = {"roles": (RoleKind.REGIONAL_OFFICE,), "effort_days": Decimal(5)}

    with pytest.raises(NotPossible, match="Regionkontor Nord"):
        add(world, **heavy)
    add(world, **heavy, overload_reason="Bare i år")

    assert OverloadDecision.objects.get().offices[0]["asked"] == "5.0"


def test_dates_are_found_by_whom_they_concern(world: World) -> None:
    towns = Subprogramme.objects.get(code="towns")
    add(world, title={"nb": "Alle", "nn": "Alle"})
    add(world, title={"nb": "Byer", "nn": "Byar"}, subprogramme=towns)
    add(world, title={"nb": "Sør", "nn": "Sør"}, region=world.regions["sor"])
    add(world, title={"nb": "Eier", "nn": "Eigar"}, roles=(RoleKind.OWNER,))

    def found(code: str) -> list[str]:
        rows = dates_for(
            world.programme,
            roles=MUNICIPAL,
            organisation=world.municipalities[code],
            starts=TODAY,
            ends=FAR + dt.timedelta(9),
        )
        return [str(row) for row in rows]

    assert found("X102") == ["Alle"]
    assert found("X104") == ["Alle", "Byer"]
    assert found("X203") == ["Alle", "Byer", "Sør"]


def test_those_whom_a_date_concerns_and_who_have_no_address_are_named(world: World) -> None:
    date = add(world, title={"nb": "Alle", "nn": "Alle"})

    silent = {each.pk for each in without_address(date, TODAY)}
    reached = {each.organisation.pk for each in people_concerned(date, TODAY)}

    assert silent
    assert not silent & reached
    assert {world.municipalities[code].pk for code in world.municipalities} <= silent | reached


# Calendars


def later(world: World) -> YearDate:
    """A date that lies ahead of the clock of the machine, since pages look at that."""
    return YearDate.objects.create(
        programme=world.programme,
        code="samling",
        title={"nb": "Samling, vår; med \\ tegn", "nn": "Samling"},
        kind=DateKind.GATHERING.value,
        starts_on=timezone.localdate() + dt.timedelta(30),
        roles=[RoleKind.MUNICIPALITY.value],
        changed_at=timezone.now(),
    )


def test_a_role_calendar_opens_by_its_key_alone(world: World, client: Client) -> None:
    later(world)
    key = key_of_feed(world.programme, RoleKind.MUNICIPALITY)
    path = f"/program/{world.programme.slug}/arshjul/municipality/{key}.ics"

    answer = client.get(path)

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert "UID:test-programme-samling@" in text
    assert "SUMMARY:Samling\\, vår\\; med \\\\ tegn" in text
    assert client.get(path.replace(key, key[::-1])).status_code == 404
    assert client.get(path.replace("municipality", "owner")).status_code == 404
    assert client.get(path.replace(key, key + "x" * 9)).status_code == 404


def test_the_public_calendar_is_a_real_programmes_and_shows_what_concerns_municipalities(
    world: World, client: Client
) -> None:
    date = later(world)
    YearDate.objects.create(
        programme=world.programme,
        code="internt",
        title={"nb": "Internt", "nn": "Internt"},
        kind=DateKind.MEETING.value,
        starts_on=date.starts_on,
        roles=[RoleKind.OWNER.value],
        changed_at=timezone.now(),
    )
    path = f"/program/{world.programme.slug}/arshjul/kalender.ics"
    assert client.get(path).status_code == 404

    world.programme.is_simulated = False
    world.programme.save()
    text = client.get(path).content.decode()
    assert "Samling" in text
    assert "Internt" not in text
    page = client.get(f"/program/{world.programme.slug}/arshjul/").content.decode()
    assert "Samling" in page
    assert "Internt" not in page
