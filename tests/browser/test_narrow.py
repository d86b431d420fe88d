"""The frame on a telephone: one line, with the menu behind it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.looking import sideways
from tests.browser.test_answering import tab_to
from tests.cast import make_world
from tests.plugins.browser import sign_in

pytestmark = pytest.mark.browser
NewPage = Callable[..., Page]
SLIM = 90
ENTRIES = ".sl-menu a"


@pytest.fixture
def open_start(site: str, new_page: NewPage) -> Callable[..., Page]:
    """Open the first page as an owner on a telephone."""
    world = make_world()

    def go(**more: object) -> Page:
        page = new_page(width=360, height=740, **more)
        sign_in(page, world.person("owner"), site)
        page.goto(site)
        return page

    return go


def test_the_header_is_one_slim_line_and_the_menu_opens(open_start: Callable[..., Page]) -> None:
    page = open_start()

    assert page.locator(".sl-header").evaluate("it => it.offsetHeight") <= SLIM
    expect(page.locator(ENTRIES).first).to_be_hidden()
    page.locator(".sl-open > summary").click()
    expect(page.locator(ENTRIES).first).to_be_visible()
    expect(page.locator(".sl-language button").first).to_be_visible()
    assert sideways(page) == []


def test_the_menu_closes_with_escape_and_when_it_is_left(open_start: Callable[..., Page]) -> None:
    page = open_start()

    tab_to(page, ".sl-open > summary")
    page.keyboard.press("Enter")
    tab_to(page, ENTRIES)
    page.keyboard.press("Escape")
    expect(page.locator(ENTRIES).first).to_be_hidden()
    assert page.evaluate("document.activeElement.matches('.sl-open > summary')")
    page.keyboard.press("Enter")
    tab_to(page, "main a, footer a")
    expect(page.locator(ENTRIES).first).to_be_hidden()


def test_the_menu_opens_without_javascript(open_start: Callable[..., Page]) -> None:
    page = open_start(java_script_enabled=False)

    expect(page.locator(ENTRIES).first).to_be_hidden()
    page.locator(".sl-open > summary").click()
    expect(page.locator(ENTRIES).first).to_be_visible()


def test_text_of_double_size_does_not_make_the_page_scroll_sideways(
    open_start: Callable[..., Page],
) -> None:
    page = open_start()
    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert sideways(page) == []
