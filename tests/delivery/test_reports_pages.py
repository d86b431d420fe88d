"""The pages of yearly reports, as the two sides and those above walk through them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from sloyfe.comments.models import Comment
from sloyfe.delivery.actions.reports.filling import Incomplete
from sloyfe.delivery.exports.documents import paper_of
from sloyfe.delivery.models import Agreement, EffortArea, Result, YearlyReport
from sloyfe.delivery.queries.results import ground_of
from sloyfe.delivery.rules.reports import ReportState
from sloyfe.render.blocks import Paragraph
from tests.cast import NOW, World
from tests.delivery.reporting import (
    DATES,
    OFFICE,
    OWN,
    WRITER,
    YEAR,
    kwargs,
    opened,
    planned,
    received,
    report_of,
    sent,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("morning")]


@pytest.fixture
def morning() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def browser(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def url(world: World, name: str, **more: Any) -> str:
    return reverse(f"delivery:{name}", kwargs=kwargs(world, **more))


def test_a_municipality_comes_from_the_menu_to_its_own_report_and_sends_it(world: World) -> None:
    opened(world)
    client = browser(world, WRITER)

    found = client.get(reverse("delivery:reporting"), follow=True)
    assert found.redirect_chain[-1][0] == url(world, "report")
    assert "Fyll ut rapporten" in found.content.decode()
    first = client.get(url(world, "report_page", page="homes")).content.decode()
    assert "Del 1 av 2" in first
    assert "31 000" in first or "31000" in first

    answer = client.post(
        url(world, "report_page", page="homes"),
        {
            "homes": "12",
            "families": "8",
            "families_long": "2",
            "inhabitants": "31000",
            "rapport-revisjon": "0",
            "rapport-videre": "next",
        },
    )
    assert answer["Location"] == url(world, "report_page", page="working")
    second = client.get(answer["Location"]).content.decode()
    assert "Lagret 10.00" in second
    answer = client.post(
        answer["Location"],
        {"plan": "yes", "worked": "Vi ringte.", "rapport-revisjon": "1", "rapport-videre": "next"},
    )
    assert answer["Location"] == url(world, "report_check")
    look = client.get(answer["Location"]).content.decode()
    assert "Send rapporten" in look
    answer = client.post(url(world, "report_send"), {"rapport-revisjon": "2"}, follow=True)

    assert "Rapporten er sendt" in answer.content.decode()
    assert report_of(world).stands is ReportState.SENT
    assert Result.objects.filter(report=report_of(world)).count() == 4


@pytest.mark.parametrize("page", ["report", "report_check"])
def test_an_effort_area_that_nobody_chose_is_told_from_one_that_nobody_answered(
    world: World, page: str
) -> None:
    opened(world)

    told = browser(world, WRITER).get(url(world, page)).content.decode()

    assert "Ikke valgt: området står verken i avtalen eller i planen" in told


def test_the_paper_of_a_report_tells_them_apart_too(world: World) -> None:
    opened(world)
    sent(world)

    paper = paper_of(report_of(world))

    told = [each.text for each in paper.blocks if isinstance(each, Paragraph)]
    assert "Ikke valgt: området står verken i avtalen eller i planen" in told


def test_a_year_that_is_only_planned_hides_neither_the_open_one_nor_stands_in_the_picture(
    world: World,
) -> None:
    opened(world)
    later = replace(
        DATES, **{name: day + dt.timedelta(days=366) for name, day in vars(DATES).items()}
    )
    planned(world, YEAR + 1, later)
    lead = browser(world, "national_lead")

    overview = lead.get(reverse("delivery:reporting")).content.decode()

    assert f"Årsrapportene for {YEAR}" in overview
    assert f"{YEAR + 1}, planlagt" in overview
    assert ground_of(world.programme, reader=world.person("national_lead")).years == (YEAR,)
    asked = f"?program={world.programme.slug}&aar={YEAR + 1}"
    assert "er planlagt" in lead.get(reverse("delivery:reporting") + asked).content.decode()


def test_the_page_that_plans_says_where_its_days_come_from(world: World) -> None:
    opened(world)
    lead = browser(world, "national_lead")
    address = reverse("delivery:plan_reporting", args=[world.programme.slug])

    assert "foreslått ut fra årshjulet" not in lead.get(address).content.decode()
    assert (
        "Årshjulet har ingen dager for rapporteringen i 2027." in lead.get(address).content.decode()
    )


def test_a_page_with_something_wrong_keeps_what_was_written(world: World) -> None:
    opened(world)

    answer = browser(world, WRITER).post(
        url(world, "report_page", page="homes"),
        {"homes": "mange", "rapport-revisjon": "0"},
    )

    assert answer.status_code == 422
    assert 'value="mange"' in answer.content.decode()
    assert report_of(world).answers.get("homes") is None


@pytest.mark.parametrize(
    "data",
    [
        {"homes": "1\x00", "rapport-revisjon": "0"},
        {"homes": "9" * 5000, "rapport-revisjon": "0"},
        {"homes": "1", "rapport-revisjon": "x" * 5000},
        {"homes": ["1", "2"], "rapport-revisjon": "0"},
        {"worked": "another page", "rapport-revisjon": "0"},
        {"no_such": "1", "rapport-revisjon": "0"},
        {},
    ],
)
def test_what_no_browser_would_send_is_refused_in_words(world: World, data: dict[str, Any]) -> None:
    opened(world)

    answer = browser(world, WRITER).post(url(world, "report_page", page="homes"), data)

    assert answer.status_code in (409, 422)
    assert "homes" not in report_of(world).answers


def test_of_two_who_write_at_once_one_wins_and_the_other_keeps_the_text(world: World) -> None:
    opened(world)
    page = url(world, "report_page", page="homes")
    one, other = browser(world, WRITER), browser(world, OFFICE)
    one.post(page, {"homes": "12", "inhabitants": "31000", "rapport-revisjon": "0"})

    answer = other.post(page, {"homes": "13", "inhabitants": "31000", "rapport-revisjon": "0"})

    assert answer.status_code == 409
    assert 'value="13"' in answer.content.decode()
    assert report_of(world).answers["homes"] == 12
    again = other.post(page, {"homes": "13", "inhabitants": "31000", "rapport-revisjon": "1"})
    assert again.status_code == 302
    assert report_of(world).answers["homes"] == 13


def test_of_two_who_answer_at_once_one_wins_and_the_other_keeps_the_text(world: World) -> None:
    opened(world)
    received(world)
    one, other = browser(world, OFFICE), browser(world, OFFICE)
    assert one.get(url(world, "report_answer")).status_code == 200
    one.post(url(world, "report_answer"), {"text": "Takk for det.", "revision": "0"})

    answer = other.post(url(world, "report_answer"), {"text": "Godt gjort.", "revision": "0"})

    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Godt gjort." in text
    assert "Takk for det." in text
    assert report_of(world).answer == "Takk for det."


def test_the_whole_way_of_a_report_is_walked_on_its_page(world: World) -> None:
    opened(world)
    sent(world)
    office, writer = browser(world, OFFICE), browser(world, WRITER)

    assert "Ta imot rapporten" in office.get(url(world, "report")).content.decode()
    office.post(url(world, "report_receive"))
    asked = office.post(url(world, "report_ask") + "?felt=homes", {"text": "Er tallet riktig?"})
    assert asked["Location"].endswith("#felt-homes")
    page = writer.get(url(world, "report")).content.decode()
    assert "Er tallet riktig?" in page
    reply = url(world, "report_reply", comment=Comment.objects.get().pk)
    assert reply in page
    assert office.post(reply, {"text": "Ja."}).status_code == 403
    writer.post(reply, {"text": "Ja, vi telte på nytt."})
    office.post(url(world, "report_answer"), {"text": "Takk.", "revision": "0"})
    office.post(url(world, "report_close"))

    report = report_of(world)
    assert report.stands is ReportState.CLOSED
    page = writer.get(url(world, "report")).content.decode()
    assert "Ja, vi telte på nytt." in page
    assert "Svaret fra Regionkontor Nord" in page


def test_a_report_that_only_stands_as_expected_can_be_given_more_time_or_excused(
    world: World,
) -> None:
    opened(world)
    office = browser(world, OFFICE)

    late = office.post(url(world, "report_extend"), {"new_due": "2026-04-01", "reason": "Sykdom"})
    office.post(url(world, "report_extend"), {"new_due": "2026-05-02", "reason": "Sykdom"})

    assert late.status_code == 422
    page = browser(world, WRITER).get(url(world, "report")).content.decode()
    assert "Sykdom" in page
    office.post(url(world, "report_excuse"), {"reason": "Avtalen er avsluttet."})
    assert report_of(world).stands is ReportState.EXCUSED


def test_the_overview_asks_as_much_for_ten_times_as_many(
    world: World, django_assert_max_num_queries: Any
) -> None:
    year = opened(world)
    lead, office = browser(world, "national_lead"), browser(world, OFFICE)
    template = report_of(world)
    place = template.municipality
    for number in range(60):
        place.pk, place.slug, place.name = None, f"x-many-{number}", f"Kommune {number}"
        place._state.adding = True
        place.save()
        template.pk, template.municipality = None, place
        template._state.adding = True
        template.state = "received" if number % 2 else "expected"
        template.sent_at = template.received_at = NOW if number % 2 else None
        template.save()

    with django_assert_max_num_queries(15):
        answer = lead.get(reverse("delivery:reporting"))
    assert "30 av 61 rapporter er sendt" in answer.content.decode()
    with django_assert_max_num_queries(15):
        answer = office.get(reverse("delivery:reporting"))
    assert "30 av 61" in answer.content.decode()
    assert YearlyReport.objects.filter(reporting_year=year).count() == 61


@pytest.mark.parametrize("role", [WRITER, OFFICE, "owner", "evaluator"])
def test_the_page_of_a_report_asks_little(
    world: World, role: str, django_assert_max_num_queries: Any
) -> None:
    opened(world)
    received(world)
    client = browser(world, role)
    for number in range(10):
        browser(world, OFFICE).post(
            url(world, "report_ask") + "?felt=homes", {"text": f"Spørsmål {number}"}
        )

    with django_assert_max_num_queries(15):
        answer = client.get(url(world, "report"))

    assert answer.status_code == 200
    assert ("Spørsmål 9" in answer.content.decode()) is (role != "evaluator")


def test_anybody_can_read_what_the_fields_are_for(world: World) -> None:
    opened(world)

    answer = Client().get(reverse("delivery:report_fields", args=[world.programme.slug]))

    assert "Nye boliger" in answer.content.decode()
    assert "Tallet trengs." in answer.content.decode()


def test_nobody_else_reads_a_report_that_has_not_been_sent(world: World) -> None:
    opened(world, OWN, "X102")

    for role in ("municipality", "regional_office_sor", "evaluator", "owner", "partner"):
        assert browser(world, role).get(url(world, "report")).status_code == 404
    assert browser(world, "municipality").get(url(world, "report", code="X102")).status_code == 200
    assert OWN in world.municipalities


def test_the_time_that_one_municipality_used_is_shown_to_nobody_else(world: World) -> None:
    opened(world)
    sent(world, time_used=4321)

    own = browser(world, WRITER).get(url(world, "report")).content.decode()
    others = [
        browser(world, role).get(url(world, "report")).content.decode()
        for role in (OFFICE, "owner", "municipality", "evaluator")
    ]
    paper = paper_of(report_of(world))

    assert "4321" in own
    assert not [page for page in others if "4321" in page]
    assert "4321" not in str(paper)


def test_time_used_is_told_from_five_answers_up(world: World) -> None:
    codes = [OWN, "X101", "X102", "X103", "X105"]
    opened(world, *codes)
    lead = browser(world, "national_lead")
    for code in codes[:4]:
        sent(world, code, time_used=20)
    assert "20 minutter" not in lead.get(reverse("delivery:reporting")).content.decode()

    sent(world, codes[4], time_used=20)

    assert "20 minutter" in lead.get(reverse("delivery:reporting")).content.decode()


def test_a_part_larger_than_its_whole_is_refused_on_the_page_with_both_numbers(
    world: World,
) -> None:
    opened(world)
    data = {"homes": "12", "families": "2", "families_long": "5", "rapport-revisjon": "0"}

    answer = browser(world, WRITER).post(url(world, "report_page", page="homes"), data)

    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Her er svaret 5, men svaret på «Familier i midlertidig bolig» er bare 2." in said
    assert 'value="5"' in said
    assert "families_long" not in report_of(world).answers


def test_a_report_with_a_part_larger_than_its_whole_is_not_sent_past_the_page(
    world: World,
) -> None:
    opened(world)

    with pytest.raises(Incomplete) as refused:
        sent(world, families=2, families_long=5)

    assert [problem.code for problem in refused.value.problems] == ["field.part_over_whole"]
    assert not Result.objects.exists()


def test_an_area_that_was_never_chosen_is_not_told_as_unanswered(world: World) -> None:
    opened(world)
    area, _ = EffortArea.objects.get_or_create(
        programme=world.programme,
        code="housing",
        defaults={"title": {"nb": "Bolig"}, "position": 0},
    )
    sent(world)
    client = browser(world, OFFICE)

    before = client.get(url(world, "report")).content.decode()
    Agreement.objects.get(municipality=world.municipalities[OWN]).priorities.create(
        area=area, position=1
    )
    after = client.get(url(world, "report")).content.decode()

    assert "Ikke valgt: området står verken i avtalen eller i planen" in before
    assert "Ikke valgt" not in after
