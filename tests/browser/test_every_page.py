"""Every page, for every role that may see it: nothing that axe-core finds, nothing wider than the window.

A page is drawn at 1280 and at 360 px. Roles that get the same elements with the same classes, kinds and labels
between the header and the footer are drawn once, whatever the words; a repeated row counts once. Where more than
two remain, those two that see most are drawn: the others see parts of what they see. The header, which differs by
role alone, is drawn for each of them on the start page.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.browser.conftest import Place
from tests.browser.content import ROLES
from tests.browser.looking import keyboard
from tests.browser.pages import (
    FOUND,
    NO_PAGES,
    OF_RESPONDENTS,
    OF_SIGN_IN,
    PAGES,
    WRONG,
    names,
    paths_of,
)
from tests.plugins.browser import WIDE

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
MOST_DRAWN = 2
MOST_QUERIES = 15
MAIN = re.compile(r"<main.*</main>", re.DOTALL)
TAG = re.compile(r"<[a-z][^>]*>")
# What decides how an element looks and what a screen reader says of it.
TELLING = re.compile(r' (class|type|role|hidden|disabled|checked|open|data-[a-z]+)(="[^"]*")?')


def _structure(main: str) -> frozenset[str]:
    return frozenset(
        " ".join([tag.split()[0], *sorted(found[0] for found in TELLING.finditer(tag))])
        for tag in TAG.findall(main)
    )


def seen_by(place: Place, path: str) -> dict[str, str]:
    """Give one role for each different content that a path has, with the content."""
    contents: dict[frozenset[str], tuple[str, str]] = {}
    for role, reading in place.read(path).items():
        if reading.is_page:
            found = MAIN.search(reading.content)
            assert found is not None, f"{path} has no main part"
            contents.setdefault(_structure(found.group()), (role, found.group()))
    return dict(contents.values())


def test_every_address_of_the_project_is_looked_at_or_is_no_page() -> None:
    told = {*PAGES, *FOUND, *NO_PAGES, *OF_RESPONDENTS, *OF_SIGN_IN}

    assert sorted(set(names()) ^ told) == []


@pytest.mark.parametrize("name", [*PAGES, *FOUND])
def test_page_has_no_fault_for_any_role(
    name: str, place: Place, look: Callable[[str, str], list[str]]
) -> None:
    paths = paths_of(name, place.installation)
    faults = []
    for path in paths:
        seen = seen_by(place, path)
        assert seen, f"nobody gets a page at {path}"
        for role in sorted(seen, key=lambda one: -len(seen[one]))[:MOST_DRAWN]:
            faults += look(role, path)

    assert faults == []


@pytest.mark.parametrize("name", [*PAGES, *FOUND])
def test_page_asks_the_database_few_questions_of_any_role(name: str, place: Place) -> None:
    asked = {
        (role, path): reading.queries
        for path in paths_of(name, place.installation)
        for role, reading in place.read(path).items()
        if reading.status < 400
    }

    assert asked, f"nobody gets {name}"
    assert {key: number for key, number in asked.items() if number > MOST_QUERIES} == {}


@pytest.mark.parametrize("role", ROLES)
def test_frame_of_every_role_has_no_fault(role: str, look: Callable[[str, str], list[str]]) -> None:
    assert look(role, "/") == []


@pytest.mark.parametrize("path", WRONG.values(), ids=WRONG.keys())
def test_page_of_an_error_has_no_fault(
    path: str, place: Place, look: Callable[[str, str], list[str]]
) -> None:
    assert place.clients["evaluator"].get(path).status_code == 404
    assert look("evaluator", path) == []


@pytest.mark.parametrize("name", [*PAGES, *FOUND])
def test_tab_reaches_everything_in_order_and_is_seen(name: str, place: Place) -> None:
    faults = []
    for path in paths_of(name, place.installation)[:1]:
        # The role that sees most has the most to reach.
        role = max(seen := seen_by(place, path), key=lambda one: len(seen[one]))
        page = place.window(role)
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.goto(place.url + path)
        faults += [f"{role} {path}: {fault}" for fault in keyboard(page)]

    assert faults == []


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(place: Place) -> None:
    page = place.window("evaluator")
    page.goto(place.url + "/undersokelser/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
