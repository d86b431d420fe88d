"""What is looked at once more before a report goes, and what stands beside its fields."""

from __future__ import annotations

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.audit.models import Event
from sloyfe.common.errors import NotPossible
from sloyfe.common.persons import Trace, control_digits
from sloyfe.delivery.actions import matters, reports
from sloyfe.delivery.actions.report_letters import INVITATION, letter_values
from sloyfe.delivery.models import YearlyReport
from sloyfe.delivery.rules.persons import check_no_birth_number
from sloyfe.delivery.rules.second_look import doubts, stands_out
from sloyfe.instruments.rules.answers import read_form
from sloyfe.letters.models import Letter
from tests.cast import NOW, World
from tests.delivery.reporting import (
    ANSWERS,
    DEFINITION,
    WRITER,
    YEAR,
    opened,
    planned,
    report_of,
    sent,
)
from tests.delivery.test_reports_pages import browser, url


def _valid() -> str:
    """Make a number that the register gives nobody: numbers for tests have 80 added to the month."""
    for running in range(1000):
        nine = [int(digit) for digit in f"018190{running:03}"]
        first, second = control_digits(nine)
        if first < 10 and second < 10:
            return "".join(map(str, [*nine, first, second]))
    raise AssertionError


NUMBER = _valid()


@pytest.mark.parametrize(
    ("now", "before", "asked"),
    [
        (61, 611, True),
        (611, 61, True),
        (0, 12, True),
        (5, 1, False),
        (30, 35, False),
        (9, 0, False),
    ],
)
def test_a_number_far_from_the_last_one_is_asked_about(now: int, before: int, asked: bool) -> None:
    assert stands_out(now, before) is asked


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_it_is_as_strange_to_rise_as_to_fall(one: int, other: int) -> None:
    assert stands_out(one, other) == stands_out(other, one)
    assert not stands_out(one, one)


def test_what_may_tell_of_a_person_and_strange_numbers_are_found_in_the_forms_order() -> None:
    answers = ANSWERS | {"homes": 120, "worked": "Ring 91 23 45 67"}

    found = doubts(read_form(DEFINITION), answers, {"homes": 12, "families": 8})

    assert [doubt.item for doubt in found] == ["homes", "worked"]
    assert (found[0].before, found[0].now) == (12, 120)
    assert found[1].traces == {Trace.PHONE}


def test_a_refused_birth_number_says_where_and_never_which() -> None:
    with pytest.raises(NotPossible) as refused:
        check_no_birth_number(("Bakgrunn", f"Først.\nHan er født {NUMBER}."))

    assert refused.value.details == {"field": "Bakgrunn", "line": 2}
    assert NUMBER not in str(refused.value)


def test_a_birth_number_is_refused_in_a_report_and_the_rest_of_the_page_is_saved(
    world: World,
) -> None:
    opened(world)
    data = {"plan": "no", "worked": f"Kari, {NUMBER}", "rapport-revisjon": "0"}

    answer = browser(world, WRITER).post(url(world, "report_page", page="working"), data)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "i linje 1" in page
    assert "Alt annet på siden er lagret." in page
    assert report_of(world).answers["plan"] == "no"
    assert "worked" not in report_of(world).answers
    assert NUMBER not in str(list(Event.objects.values_list("details", flat=True)))


def test_a_birth_number_is_refused_in_what_goes_up(world: World) -> None:
    with pytest.raises(NotPossible) as refused:
        matters.ask_matter(
            programme=world.programme,
            kind=None,  # type: ignore[arg-type]
            title="Sak",
            text=f"Gjelder {NUMBER[:6]} {NUMBER[6:]}",
            asked_by=None,  # type: ignore[arg-type]
            addressed_to=None,  # type: ignore[arg-type]
            actor=None,
            now=NOW,
        )

    assert refused.value.code == "delivery.birth_number"


def test_one_unreadable_number_holds_nobody_up_who_goes_on_later(world: World) -> None:
    opened(world)
    data = {"homes": "mange", "families": "4", "rapport-revisjon": "0", "rapport-videre": "later"}

    answer = browser(world, WRITER).post(url(world, "report_page", page="homes"), data, follow=True)

    assert answer.redirect_chain[-1][0] == url(world, "report")
    page = answer.content.decode()
    assert "bortsett fra dette: Nye boliger: " in page
    assert report_of(world).answers["families"] == 4


def test_a_choice_can_be_taken_back(world: World) -> None:
    opened(world)
    report = report_of(world)
    reports.save_answers(
        report=report, changes={"plan": "yes"}, revision=report.revision, actor=None, now=NOW
    )
    page = url(world, "report_page", page="working")
    data = {"plan": "", "status_housing": "", "rapport-revisjon": str(report_of(world).revision)}

    shown = browser(world, WRITER).get(page).content.decode()
    browser(world, WRITER).post(page, data)

    assert 'name="plan" value=""' in shown
    assert "Ikke i planen" in shown
    assert "plan" not in report_of(world).answers


def _with_last_year(world: World) -> None:
    """Last year's report stands sent, and this year's is open."""
    opened(world)
    sent(world)
    year = planned(world, YEAR + 1)
    reports.open_year(year=year, actor=None, now=NOW)


def test_last_years_number_stands_beside_the_field_and_not_in_it(world: World) -> None:
    _with_last_year(world)
    report = YearlyReport.objects.get(reporting_year__year=YEAR + 1)
    page = reverse(
        "delivery:report_page",
        args=[world.programme.slug, YEAR + 1, report.municipality.slug, "homes"],
    )

    shown = browser(world, WRITER).get(page).content.decode()

    assert f"I rapporten for {YEAR}: 12" in shown
    assert "homes" not in report.answers


def test_the_overview_asks_about_a_number_and_leads_back_to_itself(world: World) -> None:
    _with_last_year(world)
    report = YearlyReport.objects.get(reporting_year__year=YEAR + 1)
    reports.save_answers(
        report=report, changes={"homes": 120}, revision=report.revision, actor=None, now=NOW
    )
    at = [world.programme.slug, YEAR + 1, report.municipality.slug]
    client = browser(world, WRITER)

    look = client.get(reverse("delivery:report_check", args=at)).content.decode()
    page = reverse("delivery:report_page", args=[*at, "homes"]) + "?ett="
    report.refresh_from_db()
    data = {"homes": "12", "rapport-revisjon": str(report.revision), "rapport-videre": "check"}
    answer = client.post(page, data)

    assert f"I rapporten for {YEAR}: 12. Nå: 120. Stemmer det?" in look
    assert page.replace("&", "&amp;") in look
    assert answer.headers["Location"] == reverse("delivery:report_check", args=at)


def test_who_has_sent_is_not_asked_to_send(world: World) -> None:
    opened(world)
    sent(world)

    answer = browser(world, WRITER).get(url(world, "report_check"))

    assert answer.status_code == 302
    assert answer.headers["Location"] == url(world, "report")


def test_the_municipality_gets_a_receipt_with_the_day_of_the_answer(world: World) -> None:
    opened(world)
    Letter.objects.all().delete()
    report = report_of(world)
    reports.save_answers(
        report=report, changes=ANSWERS, revision=report.revision, actor=None, now=NOW
    )

    reports.send_report(report=report_of(world), actor=world.person(WRITER), now=NOW)

    [letter] = Letter.objects.all()
    assert letter.code == "report_receipt"
    assert letter_values(letter.code, report_of(world), "nb")["day"] == "31.\xa0mai 2026"


def test_loading_past_years_writes_no_receipts(world: World) -> None:
    opened(world)
    Letter.objects.all().delete()

    reports.send_report(report=report_of(world), answers=ANSWERS, actor=None, now=NOW)

    assert not Letter.objects.exists()


def test_a_letter_leads_through_signing_in_to_the_report(world: World) -> None:
    opened(world)
    link = letter_values(INVITATION, report_of(world), "nb")["link"]
    path = link.partition("/logg-inn")[2]

    answer = browser(world, WRITER).get("/logg-inn" + path)

    assert answer.headers["Location"] == url(world, "report")
