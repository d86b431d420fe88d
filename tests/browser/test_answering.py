"""The municipality's way through a questionnaire: what it looks like, and with the keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sloyfe.fieldwork.models import Case, Response
from sloyfe.fieldwork.rules import Disposition, RoundState
from tests.browser.looking import both_widths, keyboard
from tests.cast import make_world
from tests.fieldwork.answering import Fielding, make_fielding
from tests.plugins.browser import WIDE

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
SEND = "form[action$='send-inn/'] button"


@pytest.fixture
def fielding(site: str) -> Fielding:
    """An open round with every kind of question."""
    return make_fielding(make_world())


def tab_to(page: Page, selector: str, *, most: int = 60) -> None:
    """Press Tab until something has the focus."""
    for _ in range(most):
        if page.evaluate("it => document.activeElement.matches(it)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab does not reach {selector} on {page.url}")


def look_at(page: Page, axe_source: str) -> list[str]:
    """Tell the faults of the page as it stands, at both widths and by keyboard."""
    told = both_widths(page, axe_source)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    return [f"{page.url.split('/', 5)[-1]}: {fault}" for fault in [*told, *keyboard(page)]]


def answer_first(page: Page) -> None:
    page.locator("input[name=satisfied][value=agree]").check()
    page.locator("button[value=next]").click()


def test_no_page_of_the_way_has_a_fault(
    site: str, fielding: Fielding, new_page: NewPage, axe_source: str
) -> None:
    page = new_page()
    faults = []

    page.goto(site + fielding.url())
    faults += look_at(page, axe_source)
    page.goto(site + fielding.url(rest="first/"))
    faults += look_at(page, axe_source)
    page.locator("button[value=next]").click()
    expect(page.locator("[role=alert], .ds-error-summary").first).to_be_visible()
    faults += look_at(page, axe_source)
    answer_first(page)
    for code in ("second", "third"):
        page.wait_for_url(f"**/{code}/")
        faults += look_at(page, axe_source)
        page.locator("button[value=next]").click()
    page.wait_for_url("**/fourth/")
    faults += look_at(page, axe_source)
    page.locator("input[name=more][value=agree]").check()
    page.locator("button[value=next]").click()
    page.wait_for_url("**/se-over/")
    faults += look_at(page, axe_source)
    page.goto(site + fielding.url(rest="ferdig/nei-takk/"))
    faults += look_at(page, axe_source)
    page.goto(site + fielding.url(rest="ferdig/se-over/"))
    page.locator(SEND).click()
    page.wait_for_url("**/kvittering/")
    faults += look_at(page, axe_source)

    assert faults == []


def test_no_page_of_those_who_cannot_answer_has_a_fault(
    site: str, fielding: Fielding, new_page: NewPage, axe_source: str
) -> None:
    page = new_page()
    faults = []

    page.goto(site + fielding.url(1, "ferdig/nei-takk/"))
    page.locator("form button[type=submit]").first.click()
    page.wait_for_load_state()
    assert Case.objects.get(pk=fielding.cases[1].pk).disposition == Disposition.REFUSED
    faults += look_at(page, axe_source)
    page.goto(site + fielding.url(1))
    faults += look_at(page, axe_source)
    page.goto(f"{site}/svar/not-a-link/")
    faults += look_at(page, axe_source)
    fielding.round.state = RoundState.CLOSED.value
    fielding.round.save()
    page.goto(site + fielding.url(2))
    faults += look_at(page, axe_source)

    assert faults == []


def test_the_questionnaire_is_filled_in_and_sent_with_the_keyboard_alone(
    site: str, fielding: Fielding, new_page: NewPage
) -> None:
    page = new_page()
    page.goto(site + fielding.url())

    tab_to(page, ".sl-answer__buttons a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/first/")
    tab_to(page, "input[name=satisfied]")
    page.keyboard.press("Space")
    tab_to(page, "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/second/")
    tab_to(page, "input[name=useful_1]")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    tab_to(page, "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/third/")
    tab_to(page, "input[name=wishes]")
    page.keyboard.press("Space")
    tab_to(page, "input[name=name]")
    page.keyboard.type("Avdelingen")
    # Enter in a field goes on, as pressing the button does.
    page.keyboard.press("Enter")
    page.wait_for_url("**/fourth/")
    tab_to(page, "textarea[name=comment]")
    page.keyboard.type("Alt er bra.")
    tab_to(page, "input[name=more]")
    page.keyboard.press("Space")
    tab_to(page, "button[value=next]")
    page.keyboard.press("Enter")
    page.wait_for_url("**/se-over/")
    tab_to(page, SEND)
    page.keyboard.press("Enter")
    page.wait_for_url("**/kvittering/")

    assert Response.objects.get().answers == {
        "satisfied": "agree",
        "useful_1": "neither",
        "wishes": ["agree"],
        "name": "Avdelingen",
        "comment": "Alt er bra.",
        "more": "agree",
    }


def test_what_is_typed_is_saved_before_anybody_goes_on(
    site: str, fielding: Fielding, new_page: NewPage
) -> None:
    page = new_page(width=360)
    page.goto(site + fielding.url(rest="fourth/"))

    page.locator("textarea[name=comment]").press_sequentially("Alt er bra.")
    expect(page.locator("#saved")).to_contain_text("Lagret ", timeout=10_000)
    page.goto(site + fielding.url(rest="third/"))
    page.locator("input[name=inhabitants]").press_sequentially("mange")
    expect(page.locator("#saved")).to_contain_text("Ikke lagret. ", timeout=10_000)

    expect(page.locator("input[name=inhabitants]")).to_have_attribute("aria-invalid", "true")
    assert Response.objects.get().answers == {"comment": "Alt er bra."}


def test_the_questionnaire_is_filled_in_and_sent_without_javascript(
    site: str, fielding: Fielding, new_page: NewPage
) -> None:
    page = new_page(width=360, java_script_enabled=False)
    page.goto(site + fielding.url())

    page.locator(".sl-answer__buttons a").first.click()
    answer_first(page)
    for code in ("second", "third"):
        page.wait_for_url(f"**/{code}/")
        page.locator("button[value=next]").click()
    page.wait_for_url("**/fourth/")
    page.locator("input[name=more][value=neither]").check()
    page.locator("button[value=next]").click()
    page.wait_for_url("**/se-over/")
    page.locator(SEND).click()
    page.wait_for_url("**/kvittering/")

    assert Response.objects.get().answers == {"satisfied": "agree", "more": "neither"}
