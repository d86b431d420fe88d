"""The yearly report as it is written: saved by itself, on a telephone, without a connection, and by two at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from sloyfe.audit.models import Event
from sloyfe.delivery.rules.reports import ReportState
from tests.browser.looking import both_widths, keyboard
from tests.browser.test_answering import tab_to
from tests.cast import World, make_world
from tests.delivery.reporting import OFFICE, WRITER, kwargs, opened, report_of
from tests.plugins.browser import WIDE, sign_in

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
SAVED = "#saved"
# The page saves two seconds after the last key.
SOON = 10_000


@pytest.fixture
def world(site: str) -> World:
    """A report that is expected of the municipality."""
    world = make_world()
    opened(world)
    return world


@pytest.fixture
def open_report(site: str, world: World, new_page: NewPage) -> Callable[..., Page]:
    """Open a page of the report as somebody."""

    def go(role: str = WRITER, code: str = "homes", **more: object) -> Page:
        page = new_page(**more)
        sign_in(page, world.person(role), site)
        page.goto(site + reverse("delivery:report_page", kwargs=kwargs(world, page=code)))
        return page

    return go


def said(page: Page, words: str) -> None:
    expect(page.locator(SAVED)).to_contain_text(words, timeout=SOON)


def covered(page: Page) -> bool:
    """Tell whether the line that says what is saved lies over the field that has the focus."""
    hidden: bool = page.evaluate(
        """() => {
            const field = document.activeElement.getBoundingClientRect();
            const line = document.getElementById('saved').getBoundingClientRect();
            return field.bottom > line.top && field.top < line.bottom;
        }"""
    )
    return hidden


def test_what_is_typed_is_saved_without_being_sent(
    world: World, open_report: Callable[..., Page]
) -> None:
    page = open_report(code="working")
    here = page.url

    page.locator("textarea[name=worked]").press_sequentially("Vi ringte alle.")
    said(page, "Lagret ")
    page.locator("input[name=plan][value=yes]").check()
    expect(page.locator("input[name=rapport-revisjon]")).to_have_value("2", timeout=SOON)

    assert page.url == here
    answers = report_of(world).answers
    assert (answers["worked"], answers["plan"]) == ("Vi ringte alle.", "yes")
    assert report_of(world).stands is ReportState.BEGUN
    assert Event.objects.filter(action="delivery.report.save").count() == 1
    page.reload()
    expect(page.locator("textarea[name=worked]")).to_have_value("Vi ringte alle.")


def test_whoever_leaves_by_a_link_or_by_back_has_it_saved(
    world: World, open_report: Callable[..., Page]
) -> None:
    page = open_report(code="working")

    page.locator("textarea[name=worked]").press_sequentially("Vi ringte.")
    page.locator("button[value=back]").click()
    page.wait_for_url("**/homes/")
    assert report_of(world).answers["worked"] == "Vi ringte."
    page.go_back()
    expect(page.locator("textarea[name=worked]")).to_have_value("Vi ringte.")
    page.locator("textarea[name=worked]").press("Control+End")
    page.locator("textarea[name=worked]").press_sequentially(" Alle.")
    page.locator(".ds-skip-link + header a").first.click()
    page.wait_for_url(lambda url: "/skriv/" not in url)
    page.go_back()
    expect(page.locator("textarea[name=worked]")).to_have_value("Vi ringte. Alle.")

    assert report_of(world).answers["worked"] == "Vi ringte. Alle."


def test_what_cannot_be_right_is_told_while_the_rest_is_saved(
    world: World, open_report: Callable[..., Page]
) -> None:
    page = open_report()

    page.locator("input[name=homes]").press_sequentially("mange")
    said(page, "Ikke lagret. Nye boliger: Skriv et tall")
    page.locator("input[name=families]").press_sequentially("8")
    said(page, "men ikke alt. Nye boliger: Skriv et tall")
    expect(page.locator("input[name=homes]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(SAVED)).to_have_attribute("data-trouble", "")
    assert report_of(world).answers["families"] == 8
    assert "homes" not in report_of(world).answers
    page.locator("input[name=homes]").fill("12")
    expect(page.locator(SAVED)).not_to_contain_text("Skriv et tall", timeout=SOON)

    assert page.locator("[aria-invalid]").count() == 0
    assert report_of(world).answers["homes"] == 12


def test_of_two_who_write_at_once_one_wins_and_the_other_keeps_the_text(
    world: World, open_report: Callable[..., Page]
) -> None:
    one, other = open_report(), open_report(OFFICE)

    one.locator("input[name=homes]").press_sequentially("12")
    said(one, "Lagret ")
    other.locator("input[name=homes]").press_sequentially("13")
    said(other, "Noen andre har endret rapporten")

    expect(other.locator("input[name=homes]")).to_have_value("13")
    assert report_of(world).answers["homes"] == 12
    other.locator("button[value=next]").click()
    alert = other.locator("[role=alert]")
    expect(alert).to_contain_text("Nye boliger")
    expect(alert.locator("dd")).to_have_text(["12"])
    expect(other.locator("input[name=homes]")).to_have_value("13")
    other.locator("button[value=next]").click()
    other.wait_for_url("**/working/")
    assert report_of(world).answers["homes"] == 13


def test_a_lost_connection_is_told_and_nothing_typed_is_lost(
    world: World, open_report: Callable[..., Page]
) -> None:
    page = open_report(code="working")
    here = page.url

    page.context.set_offline(True)
    page.locator("textarea[name=worked]").press_sequentially("Vi ringte.")
    said(page, "Ingen nettforbindelse")
    page.locator("button[value=next]").click()
    page.locator("textarea[name=worked]").press_sequentially(" Alle.")
    said(page, "Ingen nettforbindelse")
    assert page.url == here
    expect(page.locator("textarea[name=worked]")).to_have_value("Vi ringte. Alle.")
    assert "worked" not in report_of(world).answers
    page.context.set_offline(False)

    said(page, "Lagret ")
    assert report_of(world).answers["worked"] == "Vi ringte. Alle."


def test_whoever_was_signed_out_keeps_the_text_on_the_page(
    world: World, open_report: Callable[..., Page]
) -> None:
    page = open_report(code="working")
    here = page.url

    page.context.clear_cookies()
    page.locator("textarea[name=worked]").press_sequentially("Vi ringte.")
    said(page, "Kopier det du skrev")
    page.locator("button[value=next]").click()
    said(page, "Kopier det du skrev")

    assert page.url == here
    expect(page.locator("textarea[name=worked]")).to_have_value("Vi ringte.")


def test_the_report_is_written_with_the_keyboard_alone_on_a_telephone(
    world: World, open_report: Callable[..., Page]
) -> None:
    page = open_report(width=360, height=740)

    for name, text in (("homes", "12"), ("families", "8"), ("families_long", "2")):
        tab_to(page, f"input[name={name}]")
        page.keyboard.type(text)
        assert not covered(page)
    said(page, "Lagret ")
    assert not covered(page)
    tab_to(page, "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/working/")
    tab_to(page, "input[name=plan]")
    # The group is entered at "No answer", which is chosen until something else is; the first choice comes after it.
    page.keyboard.press("ArrowDown")
    tab_to(page, "textarea[name=worked]")
    page.keyboard.type("Vi ringte alle.")
    said(page, "Lagret ")
    assert not covered(page)
    tab_to(page, "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/se-over/")

    answers = report_of(world).answers
    assert [answers[item] for item in ("homes", "families", "families_long", "plan", "worked")] == [
        12, 8, 2, "yes", "Vi ringte alle.",
    ]  # fmt: skip


def test_the_page_has_no_fault_whatever_it_says(
    open_report: Callable[..., Page], axe_source: str
) -> None:
    page = open_report()
    faults = both_widths(page, axe_source)
    page.locator("input[name=homes]").fill("mange")
    said(page, "Skriv et tall")
    faults += both_widths(page, axe_source)
    page.locator("input[name=homes]").fill("12")
    said(page, "Lagret ")
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    faults += keyboard(page)

    assert faults == []


def test_the_report_is_written_without_javascript(
    world: World, site: str, new_page: NewPage
) -> None:
    page = new_page(width=360, java_script_enabled=False)
    sign_in(page, world.person(WRITER), site)
    page.goto(site + reverse("delivery:report_page", kwargs=kwargs(world, page="homes")))

    page.locator("input[name=homes]").fill("12")
    page.locator("button[value=next]").click()
    page.wait_for_url("**/working/")
    expect(page.locator(SAVED)).to_contain_text("Lagret ")
    page.locator("textarea[name=worked]").fill("Vi ringte.")
    page.locator("button[value=back]").click()
    page.wait_for_url("**/homes/")

    answers = report_of(world).answers
    assert (answers["homes"], answers["worked"]) == (12, "Vi ringte.")
