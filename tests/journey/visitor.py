"""Somebody at a browser of their own, who reads pages, follows links and presses buttons."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import ClassVar

from django.utils import timezone
from playwright.sync_api import Browser, Page

from sloyfe.accounts.actions import make_link
from sloyfe.accounts.models import Person


class Visitor:
    """Somebody at a browser of their own."""

    # Where pictures of what they see are put; without it none are taken.
    album: ClassVar[Path | None] = None

    def __init__(self, browser: Browser, base: str, width: int = 1280) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, locale="nb-NO")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.base = base

    def go(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.base + path)

    def press(self, selector: str) -> None:
        """Press what leads to another address, and wait until it is there.

        A page that is saving an answer sends itself first when that is done.
        """
        before = self.page.url
        # On a wide window the way up is there too, hidden.
        self.page.locator(f"{selector} >> visible=true").first.click()
        self.page.wait_for_url(lambda url: url != before, wait_until="load")

    def follow(self, *ways: str) -> None:
        """Follow links of the page, one after another, each by the end of its address."""
        for way in ways:
            link = self.page.locator(f"a[href$='{way}']:visible").first
            assert link.count(), f"no link to {way} on {self.page.url}:\n{self.text}"
            with self.page.expect_navigation():
                link.click()

    def push(self, action: str) -> None:
        """Press the button that does something, by the end of where it is sent."""
        button = self.page.locator(f"main form[action$='{action}'] button[type=submit]:visible")
        assert button.count(), f"no button for {action} on {self.page.url}:\n{self.text}"
        submit(self.page, f"main form[action$='{action}']")
        self.is_taken_in()

    def write(self, form: str = "main form.sl-form", /, **values: str) -> None:
        """Fill in a form and send it; it is taken in, which an error summary would tell against."""
        fill(self.page, **values)
        submit(self.page, form)
        self.is_taken_in()

    def is_taken_in(self) -> None:
        """Find that what was sent was neither refused nor has something to put right."""
        wrong = self.page.locator("main .ds-error-summary, main h1:text-is('Dette gikk ikke')")
        assert not wrong.count(), f"{self.page.url} refuses:\n{self.text}"

    def take(self, name: str, height: int = 900) -> None:
        """Take a picture of the page for the tutorial, if anybody keeps them."""
        if self.album is None:
            return
        width = self.page.viewport_size["width"] if self.page.viewport_size else 1280
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.screenshot(path=self.album / f"{name}.png")

    @property
    def text(self) -> str:
        """What stands on the page."""
        return self.page.locator("main").inner_text()

    def reads(self, *words: str) -> None:
        """Find words on the page."""
        shown = " ".join(self.text.split())
        for each in words:
            assert each in shown, f"“{each}” does not stand on {self.page.url}:\n{self.text}"

    def sign_in(self, person: Person) -> Visitor:
        link = make_link(
            person=person, actor=None, lifetime=dt.timedelta(minutes=5), now=timezone.now()
        )
        self.go(re.sub(r"^https?://[^/]+", self.base, link))
        self.press("main form button[type=submit]")
        return self

    def close(self) -> None:
        self.context.close()


def fill(page: Page, **values: str) -> None:
    """Fill a form's fields by name."""
    for name, value in values.items():
        field = page.locator(f"main [name={name}]").first
        if field.evaluate("each => each.tagName") == "SELECT":
            field.select_option(value)
        elif field.get_attribute("type") in {"radio", "checkbox"}:
            page.locator(f"main [name={name}][value='{value}']").check()
        else:
            field.fill(value)


def submit(page: Page, of: str = "main form") -> None:
    """Press the form's own button, and wait until what it did is shown."""
    with page.expect_navigation():
        page.locator(f"{of} button[type=submit]").first.click()
