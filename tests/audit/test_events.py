"""One append-only event per action, in the action's own transaction, and row history that points to it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.utils import translation

from sloyfe.audit.actions import action, set_about
from sloyfe.audit.models import Event
from sloyfe.audit.queries import events, history, sentence, tracked_model
from sloyfe.organisations.models import Organisation
from tests.cast import NOW, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return make_world()


def _rename(world: World, name: str) -> Event:
    office = Organisation.objects.get(slug="office-nord")
    person = world.person("national_lead")
    with action("organisations.rename", actor=person, now=NOW, about=office, name=name) as event:
        office.name = name
        office.save()
    return event


def test_an_event_cannot_be_changed(world: World) -> None:
    event = _rename(world, "Nordkontoret")

    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(action="something.else")

    assert Event.objects.get(pk=event.pk).action == "organisations.rename"


def test_an_event_cannot_be_deleted(world: World) -> None:
    event = _rename(world, "Nordkontoret")

    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.filter(pk=event.pk).delete()

    assert Event.objects.filter(pk=event.pk).exists()


def test_the_history_row_carries_event_action_and_actor(world: World) -> None:
    event = _rename(world, "Nordkontoret")

    last = history(Organisation, str(Organisation.objects.get(slug="office-nord").pk))[-1]

    assert (last.event_id, last.action) == (str(event.pk), "organisations.rename")
    assert last.actor_id == world.people["national_lead"].pk
    assert [(c.field, c.before, c.after) for c in last.changes] == [
        ("name", "Regionkontor Nord", "Nordkontoret")
    ]


def test_history_rows_cannot_be_changed(world: World) -> None:
    _rename(world, "Nordkontoret")
    versions = Organisation.pgh_event_model.objects  # type: ignore[attr-defined]

    with pytest.raises(DatabaseError), transaction.atomic():
        versions.update(name="Et annet navn")


def test_a_change_by_update_leaves_history_too(world: World) -> None:
    office = Organisation.objects.get(slug="office-nord")

    Organisation.objects.filter(pk=office.pk).update(email="post@ovelse.invalid")

    assert history(Organisation, str(office.pk))[-1].changes[0].field == "email"


def test_a_failed_action_leaves_neither_row_nor_event(world: World) -> None:
    before = Event.objects.count()
    office = Organisation.objects.get(slug="office-nord")

    def fail_halfway() -> None:
        with action("organisations.rename", actor=None, now=NOW):
            Organisation.objects.filter(pk=office.pk).update(name="Halvveis")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()

    assert Event.objects.count() == before
    assert len(history(Organisation, str(office.pk))) == 1
    office.refresh_from_db()
    assert office.name == "Regionkontor Nord"


def test_an_action_may_name_what_came_to_be_inside_it(world: World) -> None:
    with action("organisations.make", actor=None, now=NOW) as event:
        made = Organisation.objects.create(
            kind="office", slug="ny", name="Nytt kontor", sort_key="n"
        )
        set_about(event, made)

    told = Event.objects.get(pk=event.pk)

    assert (told.about_kind, told.about_id) == ("organisations.organisation", str(made.pk))


def test_an_unknown_action_is_told_by_its_dotted_name(world: World) -> None:
    event = _rename(world, "Nordkontoret")

    assert sentence(event) == "organisations.rename: Regionkontor Nord"


def test_a_known_action_is_told_in_a_sentence(world: World) -> None:
    with action("accounts.sign_out", actor=None, now=NOW, about=world.person("owner")) as event:
        pass

    with translation.override("en"):
        assert sentence(event) == "owner signed out."


def test_a_code_among_the_details_is_told_by_its_word_and_a_day_as_people_write_it(
    world: World,
) -> None:
    office = Organisation.objects.get(slug="office-nord")
    with action(
        "comments.comment.answer", actor=None, now=NOW, about=office, outcome="followed"
    ) as answered:
        pass
    with action(
        "reports.report.circulate", actor=None, now=NOW, about=office, by="2026-03-09"
    ) as circulated:
        pass

    with translation.override("nb"):
        assert (
            sentence(answered) == "En kommentar til Regionkontor Nord ble besvart. Utfall: Fulgt."
        )
        assert sentence(circulated).endswith("med frist 9. mars 2026.")


def test_a_sentence_with_a_slot_that_the_event_lacks_is_still_told(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sloyfe.audit import queries

    event = _rename(world, "Nordkontoret")
    monkeypatch.setattr(queries, "sentences", lambda: {"organisations.rename": "%(missing)s."})

    assert sentence(event) == "…."


def test_events_are_narrowed_by_thing_person_and_period(world: World) -> None:
    event = _rename(world, "Nordkontoret")
    actor = world.people["national_lead"].pk

    assert event in events(about="regionkontor", actor_id=actor, since=NOW.date(), until=NOW.date())
    assert event not in events(about="et annet sted")
    assert event not in events(actor_id=world.people["owner"].pk)
    assert event not in events(since=NOW.date() + dt.timedelta(days=1))
    assert event not in events(until=NOW.date() - dt.timedelta(days=1))
    assert event not in events(without_kinds={"organisations.organisation"})


@pytest.mark.parametrize("kind", ["fieldwork.response", "no.such", "nonsense", "fieldwork.case"])
def test_kinds_without_row_history_have_none(kind: str) -> None:
    assert tracked_model(kind) is None
