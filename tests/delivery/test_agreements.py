"""An agreement is written by the office, confirmed by the municipality, and makes it a member."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from sloyfe.accounts.models import Person
from sloyfe.audit.models import Event
from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible
from sloyfe.delivery.actions import agreements
from sloyfe.delivery.actions.agreements import Chosen, Named
from sloyfe.delivery.models import Agreement, EffortArea
from sloyfe.delivery.queries.agreements import changes_between
from sloyfe.delivery.rules.agreements import (
    AgreementRoleKind,
    AgreementState,
    EndKind,
    Side,
    expires_soon,
    last_day,
    what_changed,
)
from sloyfe.home.queries.waiting import came_back, waiting
from sloyfe.organisations.models import Affiliation, MunicipalityChange, MunicipalityPeriod
from sloyfe.programme.models import Membership, Programme
from tests.cast import NOW, TODAY, World
from tests.delivery import ladder

pytestmark = pytest.mark.django_db
WRONG_SIDES = [
    "regional_office_sor",
    "municipality",
    "municipality_in_programme",
    "owner",
    "national_lead",
    "partner",
    "stranger",
]


def confirm(agreement: Agreement, person: Person | None) -> Agreement:
    return agreements.confirm_agreement(
        agreement=agreement, revision=agreement.revision, actor=person, now=NOW
    )


def end(agreement: Agreement, person: Person | None, **more: Any) -> Agreement:
    values: dict[str, Any] = {
        "kind": EndKind.ROTATED,
        "reason": "Plassen går videre.",
        "ended_on": TODAY,
    }
    return agreements.end_agreement(agreement=agreement, actor=person, now=NOW, **(values | more))


def members(world: World, code: str = ladder.OWN) -> list[Membership]:
    return list(
        Membership.objects.filter(organisation=world.municipalities[code]).order_by("valid_from")
    )


@pytest.mark.parametrize("role", WRONG_SIDES)
def test_only_its_own_office_drafts(world: World, role: str) -> None:
    with pytest.raises(NotAllowed, match="only_its_office_drafts"):
        ladder.drafted(world, actor=role)
    assert not Agreement.objects.exists()


def test_a_draft_is_the_offices_own_until_it_is_proposed(world: World) -> None:
    draft = ladder.drafted(world)

    assert not Agreement.objects.visible_to(world.person("municipality"), TODAY).exists()
    assert not Agreement.objects.visible_to(world.person("owner"), TODAY).exists()
    agreements.propose_agreement(agreement=draft, actor=world.person(ladder.OFFICE), now=NOW)
    assert Agreement.objects.visible_to(world.person("municipality"), TODAY).exists()
    assert not Agreement.objects.visible_to(
        world.person("municipality_in_programme"), TODAY
    ).exists()


def test_confirming_puts_the_agreement_in_force_and_makes_a_member(world: World) -> None:
    agreement = ladder.proposed(world)

    confirmed = confirm(agreement, world.person("municipality"))

    assert confirmed.stands is AgreementState.IN_FORCE
    [member] = members(world)
    assert (member.valid_from, member.valid_to) == (TODAY, None)
    assert member.source == "Programavtale versjon 1"


def test_a_member_by_another_source_stays_as_it_is(world: World) -> None:
    before = members(world, ladder.MEMBER)

    ladder.in_force(world, ladder.MEMBER)

    assert [(m.pk, m.source, m.valid_to) for m in members(world, ladder.MEMBER)] == [
        (m.pk, m.source, m.valid_to) for m in before
    ]


def test_a_membership_that_ended_before_is_followed_by_a_new_one(world: World) -> None:
    ended = end(ladder.in_force(world, valid_from=dt.date(2025, 1, 1)), None)
    renewed = agreements.renew_agreement(agreement=ended, actor=None, now=NOW)
    agreements.propose_agreement(agreement=renewed, actor=None, now=NOW)
    renewed.refresh_from_db()
    confirm(renewed, None)

    assert [(m.valid_from, m.valid_to) for m in members(world)] == [
        (dt.date(2025, 1, 1), TODAY),
        (TODAY, None),
    ]


@pytest.mark.parametrize("role", [*WRONG_SIDES, ladder.OFFICE])
def test_nobody_but_the_municipality_confirms(world: World, role: str) -> None:
    agreement = ladder.proposed(world)
    if role == "municipality":
        assert confirm(agreement, world.person(role)).stands is AgreementState.IN_FORCE
        return

    with pytest.raises(NotAllowed, match="only_the_municipality_confirms"):
        confirm(agreement, world.person(role))


def test_somebody_who_works_on_both_sides_does_not_confirm(world: World) -> None:
    agreement = ladder.proposed(world)
    both = world.person("municipality")
    office = world.person(ladder.OFFICE).affiliations.get().organisation
    Affiliation.objects.create(person=both, organisation=office, valid_from=TODAY)

    with pytest.raises(NotAllowed, match="own_side_proposed"):
        confirm(agreement, both)


def test_whoever_proposed_does_not_confirm_after_changing_employer(world: World) -> None:
    agreement = ladder.proposed(world)
    mover = world.person(ladder.OFFICE)
    Affiliation.objects.filter(person=mover).delete()
    Affiliation.objects.create(
        person=mover, organisation=world.municipalities[ladder.OWN], valid_from=TODAY
    )

    with pytest.raises(NotAllowed, match="own_side_proposed"):
        confirm(agreement, world.person(ladder.OFFICE))


def test_sending_back_takes_a_word_and_makes_it_a_draft_again(world: World) -> None:
    agreement = ladder.proposed(world)

    agreements.send_back(
        agreement=agreement,
        word="Vi har ikke folk til dette.",
        actor=world.person("municipality"),
        now=NOW,
    )

    agreement.refresh_from_db()
    assert agreement.stands is AgreementState.DRAFT
    assert Comment.objects.about(agreement).get().text == "Vi har ikke folk til dette."
    event = Event.objects.get(action="delivery.agreement.send_back")
    assert "folk" not in str(event.details)


def test_sending_back_without_a_word_changes_nothing(world: World) -> None:
    agreement = ladder.proposed(world)

    with pytest.raises(NotPossible, match=r"comments\.empty"):
        agreements.send_back(
            agreement=agreement, word="  ", actor=world.person("municipality"), now=NOW
        )
    agreement.refresh_from_db()
    assert agreement.stands is AgreementState.PROPOSED


def test_a_new_version_replaces_the_one_in_force(world: World) -> None:
    first = ladder.in_force(world)
    second = agreements.renew_agreement(agreement=first, actor=world.person(ladder.OFFICE), now=NOW)
    second = agreements.propose_agreement(agreement=second, actor=None, now=NOW)

    confirm(second, world.person("municipality"))

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.stands, second.stands) == (AgreementState.REPLACED, AgreementState.IN_FORCE)
    assert second.replaces_id == first.pk
    assert second.version == 2
    assert second.valid_from == dt.date(2028, 1, 1)
    assert first.ended_on is None  # it runs out by itself on that day
    assert [p.area.code for p in second.priorities.all()] == ["housing"]
    assert len(members(world)) == 1


def test_only_one_version_is_in_work_at_a_time(world: World) -> None:
    ladder.drafted(world)

    with pytest.raises(NotPossible, match="agreement_in_work"):
        ladder.drafted(world)


def test_a_draft_thrown_away_makes_room_for_another(world: World) -> None:
    agreements.discard_draft(
        agreement=ladder.drafted(world), actor=world.person(ladder.OFFICE), now=NOW
    )

    assert ladder.drafted(world).version == 1


def test_what_is_proposed_is_neither_changed_nor_thrown_away(world: World) -> None:
    agreement = ladder.proposed(world)
    office = world.person(ladder.OFFICE)

    with pytest.raises(NotPossible, match="only_drafts_change"):
        agreements.discard_draft(agreement=agreement, actor=office, now=NOW)
    with pytest.raises(NotPossible, match="agreement_cannot_move"):
        agreements.discard_draft(agreement=agreement, actor=None, now=NOW)
    with pytest.raises(NotPossible, match="only_drafts_change"):
        agreements.change_agreement(
            agreement=agreement,
            terms=ladder.terms(world),
            revision=agreement.revision,
            actor=office,
            now=NOW,
        )


def test_of_two_who_change_a_draft_the_second_writes_nothing(world: World) -> None:
    draft = ladder.drafted(world)
    office = world.person(ladder.OFFICE)
    agreements.change_agreement(
        agreement=draft,
        terms=ladder.terms(world, background="Den første"),
        revision=0,
        actor=office,
        now=NOW,
    )

    with pytest.raises(ChangedMeanwhile):
        agreements.change_agreement(
            agreement=draft,
            terms=ladder.terms(world, background="Den andre"),
            revision=0,
            actor=office,
            now=NOW,
        )
    draft.refresh_from_db()
    assert draft.background == "Den første"


def test_nobody_confirms_something_else_than_they_read(world: World) -> None:
    agreement = ladder.proposed(world)

    with pytest.raises(ChangedMeanwhile):
        agreements.confirm_agreement(
            agreement=agreement,
            revision=agreement.revision - 1,
            actor=world.person("municipality"),
            now=NOW,
        )


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_once_one_does(world: World) -> None:
    agreement = ladder.proposed(world)
    told: list[str] = []

    def press() -> None:
        try:
            confirm(Agreement.objects.get(pk=agreement.pk), world.person("municipality"))
            told.append("done")
        except (NotPossible, ChangedMeanwhile) as refusal:
            told.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told) == ["delivery.agreement_cannot_move", "done"]
    assert len(members(world)) == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"municipality_does": " "}, "agreement_says_too_little"),
        ({"office_does": ""}, "agreement_says_too_little"),
        ({"valid_to": TODAY}, "ends_before_it_begins"),
        ({"valid_from": dt.date(1800, 1, 1)}, "year_unknown"),
        ({"valid_to": dt.date(2900, 1, 1)}, "year_unknown"),
        ({"background": "x" * 4001}, "text_too_long"),
        ({"background": "a\x00b"}, "text_unreadable"),
        (
            {
                "roles": (
                    Named(Side.OFFICE, AgreementRoleKind.OTHER, "A"),
                    Named(Side.OFFICE, AgreementRoleKind.OTHER, "A"),
                )
            },
            "role_twice",
        ),
    ],
)
def test_bad_terms_are_refused_with_a_reason(world: World, more: dict[str, Any], code: str) -> None:
    with pytest.raises(NotPossible, match=code):
        ladder.drafted(world, **more)


def test_effort_areas_are_the_programmes_own_once_each_and_few(world: World) -> None:
    other = Programme.objects.create(
        slug="other", title={"nb": "Annet"}, valid_from=TODAY, source_hash="0"
    )
    foreign = EffortArea.objects.create(programme=other, code="a", title={"nb": "A"}, position=1)
    own = ladder.area(world)

    with pytest.raises(NotPossible, match="other_programme"):
        ladder.drafted(world, priorities=(Chosen(foreign),))
    with pytest.raises(NotPossible, match="area_twice"):
        ladder.drafted(world, priorities=(Chosen(own), Chosen(own)))
    with pytest.raises(NotPossible, match="too_many_priorities"):
        ladder.drafted(
            world, priorities=tuple(Chosen(ladder.area(world, f"area-{n}")) for n in range(6))
        )


def test_an_agreement_without_roles_on_both_sides_is_not_proposed(world: World) -> None:
    draft = ladder.drafted(world, roles=())

    with pytest.raises(NotPossible, match="needs_roles"):
        agreements.propose_agreement(agreement=draft, actor=None, now=NOW)


def test_ending_says_why_and_ends_the_membership(world: World) -> None:
    agreement = ladder.in_force(world, ladder.MEMBER, valid_from=dt.date(2025, 1, 1))

    ended = end(agreement, world.person(ladder.OFFICE))

    assert (ended.stands, ended.ended_on) == (AgreementState.ENDED, TODAY)
    assert [m.valid_to for m in members(world, ladder.MEMBER)] == [TODAY]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reason": " "}, "end_says_why"),
        ({"ended_on": dt.date(2028, 1, 2)}, "end_after_it_runs_out"),
        ({"ended_on": dt.date(1800, 1, 1)}, "year_unknown"),
        ({"ended_on": dt.date(2025, 1, 1)}, "end_before_it_began"),
        ({"kind": EndKind.MERGED}, "no_merger_known"),
    ],
)
def test_an_end_that_cannot_be_is_refused(world: World, more: dict[str, Any], code: str) -> None:
    agreement = ladder.in_force(world, valid_from=dt.date(2025, 1, 1))

    with pytest.raises(NotPossible, match=code):
        end(agreement, None, **more)
    agreement.refresh_from_db()
    assert agreement.stands is AgreementState.IN_FORCE


def test_the_municipality_may_leave_but_not_rotate(world: World) -> None:
    agreement = ladder.in_force(world, valid_from=dt.date(2025, 1, 1))
    own = world.person("municipality")

    with pytest.raises(NotAllowed, match="municipality_only_withdraws"):
        end(agreement, own)
    with pytest.raises(NotAllowed, match="only_the_sides_end"):
        end(agreement, world.person("regional_office_sor"), kind=EndKind.WITHDRAWN)
    assert end(agreement, own, kind=EndKind.WITHDRAWN).stands is AgreementState.ENDED


def merge(world: World, code: str = ladder.OWN, into: str = "X103", on: dt.date = TODAY) -> None:
    """Let one municipality become part of another on a day."""
    before = MunicipalityPeriod.objects.get(organisation=world.municipalities[code])
    after = MunicipalityPeriod.objects.get(organisation=world.municipalities[into])
    before.valid_to = on
    before.save()
    MunicipalityChange.objects.create(
        register=before.register, on=on, kind="merge", before=before, after=after
    )


def test_an_end_by_merger_tells_what_the_municipality_became(world: World) -> None:
    agreement = ladder.in_force(world, valid_from=dt.date(2025, 1, 1))
    merge(world)

    end(agreement, world.person(ladder.OFFICE), kind=EndKind.MERGED)

    event = Event.objects.get(action="delivery.agreement.end")
    assert event.details["became"] == "Dalskog (øving)"


def test_no_agreement_is_drafted_with_a_municipality_that_is_gone(world: World) -> None:
    merge(world)

    with pytest.raises(NotPossible, match="no_office"):
        ladder.drafted(world, actor=None)


def test_versions_tell_what_changed(world: World) -> None:
    first = ladder.in_force(world)
    second = agreements.renew_agreement(agreement=first, actor=None, now=NOW)
    agreements.change_agreement(
        agreement=second,
        terms=ladder.terms(
            world, valid_from=second.valid_from, valid_to=None, office_does="Noe annet."
        ),
        revision=0,
        actor=None,
        now=NOW,
    )
    second.refresh_from_db()

    assert [change.term for change in changes_between(first, second)] == [
        "valid_from",
        "valid_to",
        "office_does",
    ]


TERMS = st.dictionaries(
    st.sampled_from("abc"),
    st.text("xyæ", max_size=2) | st.lists(st.sampled_from(["x", "y"]), max_size=3).map(tuple),
    max_size=3,
)


@given(TERMS, TERMS)
def test_nothing_has_changed_between_a_version_and_itself_and_changes_mirror(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert what_changed(one, one) == ()
    there = {change.term for change in what_changed(one, other)}
    back = {change.term for change in what_changed(other, one)}
    assert there == back


@given(
    st.dates(min_value=dt.date(2000, 1, 2), max_value=dt.date(2100, 1, 1)), st.integers(-400, 400)
)
def test_an_agreement_runs_out_soon_from_ninety_days_before(on: dt.date, days: int) -> None:
    assert expires_soon(on + dt.timedelta(days=days), on) == (days <= 90)
    assert not expires_soon(None, on)
    assert last_day(on) == on - dt.timedelta(days=1)


def test_content_is_loaded_without_anybody_acting(world: World) -> None:
    agreement = ladder.drafted(world, actor=None)

    agreement = agreements.propose_agreement(agreement=agreement, actor=None, now=NOW)
    assert confirm(agreement, None).stands is AgreementState.IN_FORCE


def test_the_first_page_tells_what_waits_and_what_came_back(world: World) -> None:
    agreement = ladder.proposed(world, valid_to=TODAY + dt.timedelta(days=60))

    [line] = [
        each for each in waiting(world.person("municipality"), TODAY) if "avtaler" in each.url
    ]
    assert line.url.endswith(f"/{agreement.pk}/")
    assert not [
        each for each in waiting(world.person(ladder.OFFICE), TODAY) if "avtaler" in each.url
    ]

    confirm(agreement, world.person("municipality"))
    for role in ("municipality", ladder.OFFICE):
        [runs_out] = [each for each in waiting(world.person(role), TODAY) if "avtaler" in each.url]
        assert runs_out.due == TODAY + dt.timedelta(days=59)
        assert [n for n in came_back(world.person(role), TODAY) if "avtaler" in n.url]
    assert not [
        each for each in waiting(world.person(ladder.OTHER_OFFICE), TODAY) if "avtaler" in each.url
    ]


def page(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def url(world: World, name: str, *more: object, code: str = ladder.OWN) -> str:
    return reverse(
        f"delivery:{name}", args=[world.programme.slug, world.municipalities[code].slug, *more]
    )


def form_data(world: World, **more: Any) -> dict[str, Any]:
    return {
        "subprogramme": ladder.subprogramme(world).pk,
        "valid_from": "2026-03-02",
        "last_day": "2027-12-31",
        "municipality_does": "Kommunen lager en plan.",
        "office_does": "Kontoret gir råd.",
        "name_0": "Programlederen",
        "name_3": "Programkontakten",
        "area_1": ladder.area(world).pk,
        "why_1": "Mange venter.",
        "revision": "0",
    } | more


def test_the_office_writes_an_agreement_by_its_form(world: World) -> None:
    response = page(world, ladder.OFFICE).post(url(world, "draft_agreement"), form_data(world))

    agreement = Agreement.objects.get()
    assert response.headers["Location"] == url(world, "agreement", agreement.pk)
    assert agreement.valid_to == dt.date(2028, 1, 1)
    assert agreement.roles.count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_from": "31.02.2026"},
        {"last_day": "9999-12-31"},
        {"last_day": "2026-01-01"},
        {"municipality_does": ""},
        {"office_does": "x" * 5000},
        {"background": "a\x00b"},
        {"area_1": "999999"},
        {"area_2": "1; drop"},
        {"why_3": "Uten område"},
        {"subprogramme": "nei"},
        {"valid_from": ""},
    ],
)
def test_a_wrong_form_is_given_back_with_what_was_written(
    world: World, wrong: dict[str, str]
) -> None:
    response = page(world, ladder.OFFICE).post(
        url(world, "draft_agreement"), form_data(world, **wrong)
    )

    assert response.status_code == 422
    assert "Mange venter." in response.content.decode()
    assert not Agreement.objects.exists()


def test_whoever_comes_second_keeps_the_text_and_may_save_again(world: World) -> None:
    draft = ladder.drafted(world)
    agreements.change_agreement(
        agreement=draft,
        terms=ladder.terms(world, background="Den første skrev dette"),
        revision=0,
        actor=None,
        now=NOW,
    )
    client = page(world, ladder.OFFICE)
    where = url(world, "change_agreement", draft.pk)

    response = client.post(where, form_data(world, background="Den andre skrev dette"))

    shown = response.content.decode()
    assert response.status_code == 409
    assert "Den første skrev dette" in shown
    assert "Den andre skrev dette" in shown
    again = client.post(where, form_data(world, background="Begge deler", revision="1"))
    assert again.status_code == 302


def test_the_page_of_an_agreement_takes_the_same_queries_with_ten_versions(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(6):
        agreement = ladder.in_force(
            world,
            valid_from=dt.date(2025, 1, 1) + dt.timedelta(days=number),
            priorities=tuple(Chosen(ladder.area(world, f"a{n}")) for n in range(5)),
        )
    client = page(world, "municipality")

    with django_assert_max_num_queries(15):
        response = client.get(url(world, "agreement", agreement.pk))
    assert response.status_code == 200


def test_an_agreement_is_not_found_under_another_municipality(world: World) -> None:
    agreement = ladder.in_force(world)

    response = page(world, "owner").get(url(world, "agreement", agreement.pk, code="X103"))

    assert response.status_code == 404
