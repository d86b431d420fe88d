"""The page that tells what has been done."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action
from sloyfe.audit.queries import tracked_model
from sloyfe.delivery.models import Measure, Plan
from sloyfe.delivery.rules.plans import PlanState
from sloyfe.delivery.texts.plans import PLAN_STATE_TEXT
from sloyfe.home.queries.row_words import CODE_WORDS
from sloyfe.home.rules import EVENTS_PER_PAGE
from sloyfe.home.texts.rows import FIELD_TEXT
from sloyfe.organisations.models import Affiliation, Organisation
from sloyfe.programme.models import (
    Membership,
    Participation,
    Programme,
    Region,
    RegionArea,
    Subprogramme,
)
from sloyfe.programme.rules import Capacity
from tests.cast import NOW, START, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def _client(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def _do(world: World, number: int, role: str = "evaluator") -> None:
    office = Organisation.objects.get(slug="office-nord")
    for _ in range(number):
        with action("organisations.look", actor=world.person(role), now=NOW, about=office):
            pass


def test_the_history_is_paged(world: World) -> None:
    _do(world, EVENTS_PER_PAGE + 1)
    client = _client(world, "owner")

    first = client.get(reverse("home:history"))
    second = client.get(reverse("home:history"), {"page": 2})

    assert len(first.context["lines"]) == EVENTS_PER_PAGE
    assert len(second.context["lines"]) == 1


def test_the_number_of_queries_does_not_grow_with_the_events(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = _client(world, "owner")
    _do(world, 2)
    with django_assert_max_num_queries(12) as few:
        client.get(reverse("home:history"))
    _do(world, 40, "national_lead")

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse("home:history"))


def test_the_client_never_reads_who_was_asked_or_has_answered(world: World) -> None:
    with action("fieldwork.case.complete", actor=None, now=NOW) as event:
        event.about_kind = "fieldwork.case"
        event.about_id = "1"
        event.about_name = "Askvikøy (øving)"

    for role in ("owner", "national_lead", "auditor"):
        response = _client(world, role).get(reverse("home:history"))
        assert "Askvikøy" not in response.content.decode()


def test_only_the_auditor_reads_who_signed_in(world: World) -> None:
    with action("accounts.sign_in", actor=None, now=NOW, about=world.person("partner")):
        pass

    seen = {
        role: len(_client(world, role).get(reverse("home:history")).context["lines"])
        for role in ("owner", "auditor")
    }

    assert seen == {"owner": 0, "auditor": 1}


def test_a_demo_role_does_not_read_what_real_people_did(world: World) -> None:
    _do(world, 1)
    demo = world.person("owner")
    demo.is_demo = True
    demo.save()

    assert _client(world, "owner").get(reverse("home:history")).context["lines"] == []


def test_a_filter_that_cannot_be_read_is_told_at_its_field(world: World) -> None:
    response = _client(world, "owner").get(reverse("home:history"), {"since": "i fjor"})

    assert response.status_code == 422
    assert 'href="#id_since"' in response.content.decode()


def test_the_history_of_a_thing_tells_before_and_after(world: World) -> None:
    office = Organisation.objects.get(slug="office-nord")
    with action("organisations.rename", actor=world.person("owner"), now=NOW, about=office):
        office.name = "Nordkontoret"
        office.save()

    page = _client(world, "auditor").get(
        reverse("home:thing", args=["organisations.organisation", office.pk])
    )

    text = page.content.decode()
    assert "<del>Regionkontor Nord</del>" in text
    assert "<ins>Nordkontoret</ins>" in text


def test_the_history_of_a_thing_tells_the_action_in_words(world: World) -> None:
    office = Organisation.objects.get(slug="office-nord")
    with action("programme.person.register", actor=None, now=NOW, about=office):
        office.name = "Nordkontoret"
        office.save()

    page = _client(world, "auditor").get(
        reverse("home:thing", args=["organisations.organisation", office.pk])
    )

    text = page.content.decode()
    assert "En person som arbeider ved Regionkontor Nord, ble registrert." in text
    assert "programme.person.register" not in text


def _history_of_a_plan(world: World) -> str:
    plan = Plan.objects.create(
        programme=world.programme,
        municipality=world.municipalities["X104"],
        office=Organisation.objects.get(slug="office-nord"),
        year=2026,
    )
    with action("delivery.plan.adopt", actor=world.person("owner"), now=NOW, about=plan):
        plan.state = PlanState.ADOPTED.value
        plan.adopted_at = dt.datetime(2026, 3, 2, 22, 30, tzinfo=dt.UTC)
        plan.revision += 1
        plan.save()
    return (
        _client(world, "owner")
        .get(reverse("home:thing", args=["delivery.plan", plan.pk]))
        .content.decode()
    )


def test_the_history_of_a_thing_is_told_in_the_words_of_the_pages(world: World) -> None:
    shown, _sep, technical = _history_of_a_plan(world).partition('<details class="ds-details"')

    # The state in words, the moment in Oslo, the office by its name.
    assert f"<ins>{PLAN_STATE_TEXT[PlanState.ADOPTED]}</ins>" in shown
    assert "<ins>2. mars 2026 23:30</ins>" in shown
    assert 'scope="row">Vedtatt</th>' in shown
    for word in ("adopted", "revision", "office_id", "+00:00"):
        assert word not in shown
    assert 'scope="row">revision</th>' in technical


def test_the_history_names_offices_and_languages(world: World) -> None:
    region = world.regions["nord"]
    with action("programme.look", actor=None, now=NOW, about=world.programme):
        region.office = Organisation.objects.get(slug="office-sor")
        region.title = {"nb": "Nord i landet", "nn": "Nord i landet"}
        region.save()

    page = (
        _client(world, "auditor")
        .get(reverse("home:thing", args=["programme.region", region.pk]))
        .content.decode()
    )

    assert "<del>Regionkontor Nord</del>" in page
    assert "<ins>bokmål: Nord i landet<br>nynorsk: Nord i landet</ins>" in page


def test_days_in_the_name_of_a_thing_are_written_out(world: World) -> None:
    with action("organisations.look", actor=None, now=NOW) as event:
        event.about_name = "Bjørkemo 2026-03-02"

    page = _client(world, "owner").get(reverse("home:history")).content.decode()

    assert "Bjørkemo 2. mars 2026" in page


def _tracked() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if tracked_model(model._meta.label_lower)]


@pytest.mark.parametrize("model", _tracked(), ids=lambda model: model._meta.label_lower)
def test_every_code_that_a_row_may_hold_has_its_word_in_the_history(
    model: type[models.Model],
) -> None:
    # What is left out is told among the technical details.
    technical = {"organisations.organisation.kind", "delivery.summary.level"}
    technical |= {"organisations.municipalitychange.kind", "delivery.agreement.end_kind"}
    for field in model._meta.concrete_fields:
        place = f"{model._meta.label_lower}.{field.name}"
        if not field.choices or field.name not in FIELD_TEXT or place in technical:
            continue
        words = CODE_WORDS.get(place) or CODE_WORDS.get(field.name) or {}
        assert [code for code, _name in field.choices if code and code not in words] == [], place


@pytest.mark.parametrize("key", ["0", "x", "\x00", "9" * 40])
def test_a_thing_that_is_not_there_is_not_found(world: World, key: str) -> None:
    page = _client(world, "auditor").get(reverse("home:thing", args=["programme.region", key]))

    assert page.status_code == 404


def test_the_history_of_a_draft_is_read_by_those_who_read_the_draft(world: World) -> None:
    plan = Plan.objects.create(
        programme=world.programme,
        municipality=world.municipalities["X104"],
        office=Organisation.objects.get(slug="office-nord"),
        year=2026,
    )
    measure = Measure.objects.create(
        plan=plan, position=1, text="Ikke sendt", who="x", by_when=NOW.date(), how_seen="y"
    )
    addresses = [
        reverse("home:thing", args=["delivery.plan", plan.pk]),
        reverse("home:thing", args=["delivery.measure", measure.pk]),
    ]
    owner = _client(world, "owner")
    before = [owner.get(address).status_code for address in addresses]

    Plan.objects.update(state=PlanState.ADOPTED.value)

    assert before == [404, 404]
    assert [owner.get(address).status_code for address in addresses] == [200, 200]


# Two programmes


@pytest.fixture
def elsewhere(world: World) -> Programme:
    """Another programme, of which nobody in the cast reads the history but its own owner."""
    other = Programme.objects.create(
        slug="another",
        title={"nb": "Et annet program"},
        valid_from=START,
        source_hash="1" * 64,
    )
    office = Organisation.objects.create(
        slug="another-office", name="Et annet kontor", kind="office", register="exercise"
    )
    Participation.objects.create(
        programme=other, organisation=office, capacity=Capacity.OWNER.value, valid_from=START
    )
    person = Person.objects.create_user("another@ovelse.invalid", name="another owner")
    Affiliation.objects.create(person=person, organisation=office, valid_from=START)
    world.people["another_owner"] = person
    return other


def _told_to(world: World, role: str) -> list[str]:
    lines = _client(world, role).get(reverse("home:history")).context["lines"]
    return [line["text"] for line in lines]


def test_a_reader_sees_what_happened_in_their_own_programmes_and_what_belongs_to_none(
    world: World, elsewhere: Programme
) -> None:
    office = Organisation.objects.get(slug="office-nord")
    for thing in (world.programme, elsewhere, office):
        with action("programme.look", actor=None, now=NOW, about=thing):
            pass

    for role in ("owner", "national_lead", "auditor"):
        assert sorted(_told_to(world, role)) == [
            "programme.look: Prøveprogrammet",
            "programme.look: Regionkontor Nord",
        ]
    assert sorted(_told_to(world, "another_owner")) == [
        "programme.look: Et annet program",
        "programme.look: Regionkontor Nord",
    ]


def test_somebody_with_two_programmes_sees_only_those_whose_history_they_read(
    world: World, elsewhere: Programme
) -> None:
    # The owner of one evaluates the other.
    Participation.objects.create(
        programme=elsewhere,
        organisation=Organisation.objects.get(slug="test-owner"),
        capacity=Capacity.EVALUATOR.value,
        valid_from=START,
    )
    with action("programme.look", actor=None, now=NOW, about=elsewhere):
        pass

    assert _told_to(world, "owner") == []


def test_people_who_only_did_something_elsewhere_are_not_offered_as_a_choice(
    world: World, elsewhere: Programme
) -> None:
    with action("programme.look", actor=world.person("another_owner"), now=NOW, about=elsewhere):
        pass

    assert (
        "another owner" not in _client(world, "owner").get(reverse("home:history")).content.decode()
    )


def test_rows_of_another_programme_have_no_history_here(world: World, elsewhere: Programme) -> None:
    subprogramme = Subprogramme.objects.create(programme=elsewhere, code="x", title={"nb": "X"})
    membership = Membership.objects.create(
        subprogramme=subprogramme,
        organisation=world.municipalities["X101"],
        valid_from=START,
        source="test",
    )
    region = Region.objects.create(programme=elsewhere, code="x", name="X", position=0)
    area = RegionArea.objects.create(region=region, municipality_code="X101", valid_from=START)
    rows = {
        "programme.programme": elsewhere.pk,
        "programme.subprogramme": subprogramme.pk,
        "programme.membership": membership.pk,
        "programme.region": region.pk,
        "programme.regionarea": area.pk,
    }

    def found(role: str) -> set[int]:
        client = _client(world, role)
        return {
            client.get(reverse("home:thing", args=[kind, key])).status_code
            for kind, key in rows.items()
        }

    assert found("auditor") == {404}
    assert found("another_owner") == {200}
    area.delete()
    region.delete()
    assert found("auditor") == {404}
    # What no programme owns is read by the readers of any.
    office = Organisation.objects.get(slug="office-nord")
    address = reverse("home:thing", args=["organisations.organisation", office.pk])
    for role in ("auditor", "another_owner"):
        assert _client(world, role).get(address).status_code == 200


def test_an_action_of_another_programme_is_not_told_with_a_row_that_all_share(
    world: World, elsewhere: Programme
) -> None:
    office = Organisation.objects.get(slug="office-nord")
    with action("programme.description.publish", actor=None, now=NOW, about=elsewhere):
        office.name = "Nordkontoret"
        office.save()
    address = reverse("home:thing", args=["organisations.organisation", office.pk])

    assert "Et annet program" not in _client(world, "auditor").get(address).content.decode()


def test_the_history_of_a_row_takes_the_same_queries_however_often_it_changed(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    area = RegionArea.objects.earliest("pk")
    client = _client(world, "auditor")
    address = reverse("home:thing", args=["programme.regionarea", area.pk])

    def change(times: int) -> None:
        for number in range(times):
            with action("programme.look", actor=None, now=NOW, about=world.programme):
                area.municipality_code = f"X{times}{number:02}"
                area.save()

    change(1)
    with django_assert_max_num_queries(15) as few:
        client.get(address)
    change(20)

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(address)
