"""Signing in and out in a real browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from sloyfe.accounts.actions import make_link
from tests.browser.looking import both_widths, keyboard
from tests.cast import make_world
from tests.plugins.browser import sign_in

pytestmark = pytest.mark.browser


def test_a_link_signs_in_by_a_press_and_signing_out_ends_it(
    site: str, new_page: Callable[..., Page]
) -> None:
    world = make_world()
    page = new_page()

    sign_in(page, world.person("evaluator"), site)
    expect(page.locator(".sl-me")).to_have_text("evaluator")
    page.get_by_role("button", name="Logg ut").click()

    expect(page.locator(".sl-me")).to_have_count(0)
    page.goto(f"{site}/meg/")
    expect(page).to_have_url(f"{site}/logg-inn/?next=/meg/")


def test_pages_ask_no_other_host_and_run_without_errors(
    site: str, new_page: Callable[..., Page]
) -> None:
    world = make_world()
    page = new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    told: list[str] = []
    page.on("console", lambda said: told.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: told.append(str(error)))

    sign_in(page, world.person("evaluator"), site)
    for path in ("/", "/kommuner/", "/ui/", "/undersokelser/"):
        page.goto(site + path)

    assert [url for url in asked if not url.startswith((site, "data:"))] == []
    assert told == []


def test_the_pages_of_a_link_have_no_fault_before_and_after_it_is_used(
    site: str, new_page: Callable[..., Page], axe_source: str
) -> None:
    link = make_link(
        person=make_world().person("evaluator"),
        actor=None,
        lifetime=dt.timedelta(minutes=5),
        now=timezone.now(),
    )
    page = new_page()

    assert link.startswith(site)
    page.goto(link)
    faults = [*both_widths(page, axe_source), *keyboard(page)]
    page.locator("main form button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site}/")
    page.context.clear_cookies()
    page.goto(link)
    faults += [*both_widths(page, axe_source), *keyboard(page)]

    assert faults == []
