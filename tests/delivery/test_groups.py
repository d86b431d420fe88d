"""Standing groups: who is in them, what they raise, who answers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible
from sloyfe.delivery.actions import groups as actions
from sloyfe.delivery.actions.matters import answer_matter
from sloyfe.delivery.models import GroupMember, Matter, StandingGroup
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.steering import GroupRole, MatterKind
from sloyfe.programme.models import Statement
from tests.cast import NOW, START, TODAY, World
from tests.delivery.cabinet import office
from tests.delivery.upward import asked, group

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]


def url(world: World, name: str = "group", *more: object) -> str:
    return reverse(f"delivery:{name}", args=[world.programme.slug, *more])


def client_of(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def raised(world: World, row: StandingGroup, by: str, **more: object) -> Matter:
    return asked(world, by=by, group=row, kind=MatterKind.GROUP_ISSUE, **more)  # type: ignore[arg-type]


def test_a_member_raises_an_issue_and_the_office_that_decides_answers(world: World) -> None:
    row = group(world, "regional_office_nord", "partner")

    matter = raised(world, row, "partner", title="Felles mal")
    answer_matter(matter=matter, answer="Ja.", actor=world.person("owner"), now=NOW)

    page = client_of(world, "partner").get(url(world, "group", row.code)).content.decode()
    assert "Felles mal" in page
    assert "Ja." in page


def test_only_members_raise_for_the_member_that_they_work_for(world: World) -> None:
    row = group(world, "regional_office_nord")

    with pytest.raises(NotAllowed, match="only_members_raise"):
        raised(world, row, "regional_office_sor")
    with pytest.raises(NotAllowed, match="only_members_raise"):
        raised(
            world,
            row,
            "regional_office_sor",
            asked_by=office(world, "regional_office_nord"),
        )


def test_who_has_left_raises_nothing_more_but_stays_in_the_history(world: World) -> None:
    row = group(world, "regional_office_nord")
    actions.end_membership(
        member=GroupMember.objects.get(),
        valid_to=TODAY,
        actor=world.person("national_lead"),
        now=NOW,
    )

    with pytest.raises(NotAllowed, match="only_members_raise"):
        raised(world, row, "regional_office_nord")
    page = client_of(world, "owner").get(url(world, "group", row.code)).content.decode()
    assert "Regionkontor Nord" in page


def test_only_the_owner_and_the_national_lead_set_up_groups(world: World) -> None:
    row = group(world)

    for role in ("regional_office_nord", "municipality", "evaluator"):
        with pytest.raises(NotAllowed, match="only_leaders_keep_groups"):
            actions.add_member(
                group=row,
                organisation=office(world, role),
                role=GroupRole.MEMBER,
                valid_from=START,
                actor=world.person(role),
                now=NOW,
            )


def test_a_member_is_in_a_group_once_at_a_time(world: World) -> None:
    row = group(world, "regional_office_nord")

    with pytest.raises(NotPossible, match="already_member"):
        actions.add_member(
            group=row,
            organisation=office(world, "regional_office_nord"),
            role=GroupRole.LEADER,
            valid_from=TODAY,
            actor=world.person("owner"),
            now=NOW,
        )


def test_somebody_outside_the_programme_is_no_member_and_decides_nothing(world: World) -> None:
    with pytest.raises(NotPossible, match="not_part_of_programme"):
        group(world, "stranger")


def test_two_groups_do_not_share_a_short_name(world: World) -> None:
    group(world)

    with pytest.raises(NotPossible, match="group_code_taken"):
        group(world)


def test_a_change_is_not_written_over(world: World) -> None:
    row = group(world)

    with pytest.raises(ChangedMeanwhile, match="group_changed"):
        actions.save_group(
            programme=world.programme,
            group=row,
            revision=0,
            code=row.code,
            title=row.title,
            purpose="Noe annet",
            decides=row.decides,
            valid_from=START,
            valid_to=None,
            actor=world.person("owner"),
            now=NOW,
        )


def test_a_group_that_has_ended_raises_nothing(world: World) -> None:
    row = group(world, "regional_office_nord")
    StandingGroup.objects.update(valid_to=TODAY)
    row.refresh_from_db()

    with pytest.raises(NotPossible, match="group_has_ended"):
        raised(world, row, "regional_office_nord")


def test_a_closed_issue_is_kept_from_members_outside_the_offices(world: World) -> None:
    row = group(world, "regional_office_nord", "municipality_in_programme")
    raised(
        world,
        row,
        "regional_office_nord",
        title="Bare for kontorene",
        access=Access.INTERNAL,
        legal_ground="offl. § 14",
    )

    page = client_of(world, "municipality_in_programme").get(url(world, "group", row.code))

    assert page.status_code == 200
    assert "Bare for kontorene" not in page.content.decode()


def test_a_municipality_outside_the_group_does_not_know_of_it(world: World) -> None:
    row = group(world, "regional_office_nord")

    assert client_of(world, "municipality").get(url(world, "group", row.code)).status_code == 404


def test_groups_that_the_programme_names_are_set_up_once_without_members(world: World) -> None:
    for position, code in enumerate(("operativ-arbeidsgruppe", "storbynettverket")):
        Statement.objects.create(
            programme=world.programme,
            kind="group",
            code=code,
            position=position,
            text={"nb": code.capitalize()},
        )

    first = actions.load_groups(programme=world.programme, actor=None, now=NOW)
    second = actions.load_groups(programme=world.programme, actor=None, now=NOW)

    assert (first, second) == (2, 0)
    assert not GroupMember.objects.exists()
    assert {row.decides for row in StandingGroup.objects.all()} == {office(world, "owner")}
    page = client_of(world, "owner").get(url(world, "groups")).content.decode()
    assert "Storbynettverket" in page


def test_a_group_is_set_up_by_form_and_bad_input_is_told(world: World) -> None:
    client = client_of(world, "national_lead")
    data = {
        "revision": "0",
        "title_nb": "Arbeidsgruppa",
        "title_nn": "Arbeidsgruppa",
        "code": "arbeidsgruppa",
        "decides": str(office(world, "owner").pk),
        "valid_from": "2026-01-01",
    }

    wrong = client.post(url(world, "add_group"), data | {"valid_from": "i fjor"})
    early = client.post(url(world, "add_group"), data | {"valid_to": "2025-12-31"})
    taken = client.post(url(world, "add_group"), data | {"code": "ny"})
    right = client.post(url(world, "add_group"), data)

    assert [wrong.status_code, early.status_code, taken.status_code] == [422, 409, 422]
    assert right.status_code == 302


@pytest.mark.parametrize("name", ["groups", "group"])
def test_the_pages_ask_the_database_as_often_with_ten_times_as_much(
    world: World, name: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    row = group(world, "regional_office_nord", "regional_office_sor", "partner")
    for at in range(20):
        raised(world, row, "regional_office_nord", title=f"Sak {at}")
        group(world, code=f"gruppe-{at}")
    client = client_of(world, "owner")

    with django_assert_max_num_queries(15):
        more = [row.code] if name == "group" else []
        assert client.get(url(world, name, *more)).status_code == 200


def test_membership_has_a_beginning_before_its_end(world: World) -> None:
    group(world, "partner")

    with pytest.raises(NotPossible, match="leaves_before_joining"):
        actions.end_membership(
            member=GroupMember.objects.get(),
            valid_to=START - dt.timedelta(days=1),
            actor=world.person("owner"),
            now=NOW,
        )
