"""The start page: what waits, what came back, and what visitors read."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from sloyfe.comments.models import Comment
from sloyfe.fieldwork.models import Case, Population, Round
from sloyfe.home.actions import FEEDBACK_PER_HOUR
from sloyfe.home.queries.waiting import came_back, waiting
from sloyfe.instruments.models import Instrument, Version
from sloyfe.programme.models import Programme, Statement
from tests.cast import NOW, TODAY, World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    cache.clear()
    return make_world()


def _draft(world: World, code: str, by: dt.date | None) -> Version:
    instrument = Instrument.objects.create(
        programme=world.programme, code=code, kind="questionnaire", title={"nb": code}
    )
    return Version.objects.create(
        instrument=instrument,
        number=1,
        state="commenting",
        definition={},
        content_hash="0" * 64,
        comments_by=by,
    )


def test_drafts_wait_for_the_project_group_with_the_earliest_date_first(world: World) -> None:
    _draft(world, "none", None)
    _draft(world, "later", TODAY + dt.timedelta(days=9))
    _draft(world, "late", TODAY - dt.timedelta(days=1))

    lines = waiting(world.person("project_group"), TODAY)

    assert [line.is_late for line in lines] == [True, False, False]
    assert [line.due for line in lines] == [
        TODAY - dt.timedelta(days=1),
        TODAY + dt.timedelta(days=9),
        None,
    ]


@pytest.mark.parametrize("role", ["stranger", "partner", "municipality", "owner", "auditor"])
def test_drafts_wait_for_nobody_else(world: World, role: str) -> None:
    _draft(world, "draft", TODAY)

    assert waiting(world.person(role), TODAY) == []


def test_open_comments_wait_for_the_evaluator(world: World) -> None:
    version = _draft(world, "draft", TODAY)
    for _ in range(2):
        Comment.objects.create(
            about_kind="instruments.version",
            about_id=str(version.pk),
            author=world.people["project_group"],
            text="Hva menes?",
            made_at=NOW,
        )

    lines = waiting(world.person("evaluator"), TODAY)

    assert len(lines) == 1
    assert "2" in lines[0].text


def test_an_answer_to_a_comment_comes_back_to_its_author(world: World) -> None:
    version = _draft(world, "draft", TODAY)
    Comment.objects.create(
        about_kind="instruments.version",
        about_id=str(version.pk),
        author=world.people["project_group"],
        text="Hva menes?",
        made_at=NOW,
        outcome="followed",
        answer="Vi har delt spørsmålet.",
        answered_at=NOW,
    )

    assert "Vi har delt" in came_back(world.person("project_group"), TODAY)[0].text
    assert came_back(world.person("evaluator"), TODAY) == []
    assert came_back(world.person("project_group"), TODAY + dt.timedelta(days=60)) == []


def test_visitors_see_real_programmes_and_are_told_that_an_exercise_is_invented(
    world: World,
) -> None:
    Programme.objects.create(
        slug="ekte", title={"nb": "Det ekte"}, valid_from=TODAY, source_hash="0" * 64
    )

    page = Client().get(reverse("home:start")).content.decode()

    assert "Det ekte" in page
    assert reverse("home:programme", args=[world.programme.slug]) not in page
    assert "Prøveprogrammet</a>: oppdiktede kommuner" in page


def test_a_simulated_programme_says_so_on_every_page_of_those_who_take_part(world: World) -> None:
    client = Client()
    client.force_login(world.person("evaluator"))

    for name, args in (("home:start", []), ("home:me", []), ("home:programme", ["test-programme"])):
        assert 'class="sl-simulated"' in client.get(reverse(name, args=args)).content.decode()


def test_the_programme_page_says_what_is_not_checked(world: World) -> None:
    goal = Statement.objects.create(
        programme=world.programme, kind="goal", code="a", position=1, text={"nb": "Et mål"}
    )
    Statement.objects.create(
        programme=world.programme,
        kind="goal",
        code="b",
        position=1,
        parent=goal,
        text={"nb": "Et delmål"},
        verified=False,
    )
    client = Client()
    client.force_login(world.person("partner"))

    page = client.get(reverse("home:programme", args=["test-programme"])).content.decode()

    assert page.index("Et mål") < page.index("Et delmål")
    assert 'data-color="warning"' in page


def test_an_exercise_says_from_which_year_it_runs_as_its_reports_do(world: World) -> None:
    client = Client()
    client.force_login(world.person("partner"))

    page = client.get(reverse("home:programme", args=["test-programme"])).content.decode()

    assert "Fra 2024" in page.partition("<main")[2]


def test_what_the_person_may_do_follows_from_the_role(world: World) -> None:
    client = Client()
    client.force_login(world.person("auditor"))

    lines = client.get(reverse("home:me")).context["lines"]

    assert [line["organisation"] for line in lines] == ["Revisjonen"]


def test_feedback_is_sent_and_not_stored(world: World) -> None:
    response = Client().post(
        reverse("home:feedback"), {"text": "Kartet er tomt.", "email": "noen@ovelse.invalid"}
    )

    assert response.status_code == 302
    assert [(m.body, m.reply_to) for m in mail.outbox] == [
        ("Kartet er tomt.", ["noen@ovelse.invalid"])
    ]


def test_feedback_has_a_limit(world: World) -> None:
    statuses = [
        Client().post(reverse("home:feedback"), {"text": "Hei"}).status_code
        for _ in range(FEEDBACK_PER_HOUR + 1)
    ]

    assert statuses == [302] * FEEDBACK_PER_HOUR + [429]


def _open_round(world: World) -> Round:
    version = _draft(world, "round", None)
    round_ = Round.objects.create(
        programme=world.programme,
        slug="runde-3",
        title={"nb": "Runde 3"},
        state="open",
        declaration="confidential_panel",
        host="x",
        controller="x",
        legal_ground="x",
        privacy_notice={"nb": "x"},
        closes_on=TODAY + dt.timedelta(days=5),
    )
    population = Population.objects.create(
        round=round_, code="alle", title={"nb": "Alle"}, version=version, design="census"
    )
    for code, disposition in (("X101", "complete"), ("X102", "invited"), ("X103", "drawn")):
        Case.objects.create(
            population=population,
            organisation=world.municipalities[code],
            stratum="nord",
            disposition=disposition,
        )
    return round_


def test_an_open_round_waits_for_the_evaluator_with_its_counts(world: World) -> None:
    _open_round(world)

    line = next(one for one in waiting(world.person("evaluator"), TODAY) if one.due is not None)

    assert "Runde 3" in line.text
    assert re.findall(r"\d+", line.text) == ["3", "1", "2"]


def test_a_municipality_sees_that_it_has_been_asked_and_others_do_not(world: World) -> None:
    _open_round(world)

    assert "Bjørkemo" in waiting(world.person("municipality"), TODAY)[0].text
    assert waiting(world.person("municipality_in_programme"), TODAY) == []
    assert waiting(world.person("owner"), TODAY) == []


def test_the_start_page_costs_a_fixed_number_of_queries(
    world: World, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(world.person("project_group"))
    _draft(world, "a", TODAY)
    with django_assert_max_num_queries(15) as few:
        client.get(reverse("home:start"))
    for number in range(12):
        _draft(world, f"b{number}", TODAY)

    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(reverse("home:start"))
