"""The evaluator's pages of frozen answers: what is frozen, one question, two questions crossed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sloyfe.analysis.actions import delete_due_data, freeze_dataset, make_tables, show_table
from sloyfe.analysis.models import Dataset, ShownTable, StoredTable
from sloyfe.analysis.queries.datasets import is_intact, path_of
from sloyfe.audit.models import Event
from sloyfe.common.errors import NotAllowed, NotPossible
from tests.cast import NOW, World, make_world
from tests.fieldwork import frozen

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.KEYS, settings.FROZEN = tmp_path / "keys", tmp_path / "frozen"
    return make_world()


def visitor(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def address(dataset: Dataset, rest: str) -> str:
    population = dataset.population
    return f"/undersokelser/{population.round.slug}/svar/{population.code}/{rest}"


def test_a_question_by_region_shows_a_tile_for_each_region(world: World) -> None:
    dataset = frozen.frozen(world)

    page = visitor(world, "evaluator").get(address(dataset, "sporsmal/satisfied/?by=region"))
    text = page.content.decode()

    # Of the six in each region five agree in the first and two in the second.
    assert page.status_code == 200
    assert "Flest i Nord: 83\xa0prosent svarer enig" in text
    assert "sl-chart-tiles" in text


def test_a_question_for_all_shows_no_map(world: World) -> None:
    dataset = frozen.frozen(world)

    page = visitor(world, "evaluator").get(address(dataset, "sporsmal/satisfied/"))

    assert "sl-chart-tiles" not in page.content.decode()


def test_two_questions_are_crossed_and_the_table_is_kept(world: World) -> None:
    dataset = frozen.frozen(world)
    client = visitor(world, "evaluator")

    client.post(address(dataset, "kryss/"), {"row": "satisfied", "column": "useful_1"})

    kept = StoredTable.objects.get(dataset=dataset, by="item:satisfied", item="useful_1")
    # The fixture gives both questions the same answer, so only the diagonal holds anybody.
    assert kept.counts == [
        ["agree", "agree", 7],
        ["disagree", "disagree", 3],
        ["dont_know", "dont_know", 2],
    ]
    shown = client.get(address(dataset, "kryss/?row=satisfied&column=useful_1"))
    assert shown.status_code == 200


def test_a_question_is_not_crossed_with_itself(world: World) -> None:
    dataset = frozen.frozen(world)

    answer = visitor(world, "evaluator").post(
        address(dataset, "kryss/"), {"row": "satisfied", "column": "satisfied"}
    )

    assert answer.status_code == 422
    assert not StoredTable.objects.filter(by__startswith="item:").exists()


def test_only_the_evaluator_reaches_the_answers(world: World) -> None:
    dataset = frozen.frozen(world)

    for role in ("owner", "national_lead", "project_group", "auditor", "municipality", "stranger"):
        page = visitor(world, role).get(address(dataset, "sporsmal/satisfied/"))
        assert page.status_code in (403, 404), role
        assert frozen.SENTINEL not in page.content.decode()


def test_answers_are_frozen_once(world: World) -> None:
    dataset = frozen.frozen(world)
    events = Event.objects.count()
    population = type(dataset.population).objects.get(pk=dataset.population_id)

    with pytest.raises(NotPossible) as refusal:
        freeze_dataset(population=population, actor=world.person("evaluator"), now=NOW)

    assert refusal.value.code == "analysis.already_frozen"
    assert Event.objects.count() == events


def test_nobody_but_the_evaluator_freezes(world: World) -> None:
    population = frozen.closed(world)

    with pytest.raises(NotAllowed):
        freeze_dataset(population=population, actor=world.person("owner"), now=NOW)


def test_a_frozen_data_set_cannot_be_changed(world: World) -> None:
    dataset = frozen.frozen(world)

    with pytest.raises(DatabaseError), transaction.atomic():
        Dataset.objects.filter(pk=dataset.pk).update(responses=99)


def test_a_file_that_somebody_has_touched_is_told(world: World) -> None:
    dataset = frozen.frozen(world)
    assert is_intact(dataset)

    file = path_of(dataset)
    file.chmod(0o600)
    content = file.read_bytes()
    file.write_bytes(content[:-20] + bytes(20))

    with pytest.raises(NotPossible):
        is_intact(dataset)


def test_tables_made_twice_are_made_once(world: World) -> None:
    dataset = frozen.frozen(world)
    before = StoredTable.objects.count()

    make_tables(dataset=dataset, now=NOW)

    assert StoredTable.objects.count() == before


def test_a_question_page_takes_the_same_number_of_queries_whatever_is_stored(world: World) -> None:
    dataset = frozen.frozen(world)
    client = visitor(world, "evaluator")

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address(dataset, "sporsmal/satisfied/?by=region"))
        return len(queries)

    count()
    before = count()
    StoredTable.objects.bulk_create(
        StoredTable(
            dataset=dataset,
            item="satisfied",
            by=f"item:other_{at}",
            counts=[["agree", "agree", 1]],
            respondents={"agree": 1},
            made_at=NOW,
        )
        for at in range(200)
    )

    assert count() == before <= 15


def test_frozen_answers_go_on_the_declared_day_and_what_was_shown_stays(world: World) -> None:
    dataset = frozen.frozen(world)
    show_table(dataset=dataset, item="satisfied", actor=None, now=NOW)
    round_ = dataset.population.round
    round_.delete_responses_on = NOW.date() + dt.timedelta(days=10)
    round_.save()

    assert delete_due_data(now=NOW) == 0
    assert path_of(dataset).exists()

    later = NOW + dt.timedelta(days=10)
    assert delete_due_data(now=later) == 1
    assert delete_due_data(now=later) == 0
    assert not path_of(dataset).exists()
    assert not StoredTable.objects.exists()
    assert ShownTable.objects.filter(dataset=dataset).exists()
    assert Event.objects.filter(action="analysis.dataset.delete").count() == 1
