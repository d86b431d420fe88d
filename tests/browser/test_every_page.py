"""Every page, for every role that may see it: nothing that axe-core finds, nothing wider than the window.

A page is drawn at 1280 and at 360 px, and walked through with Tab. Each address is drawn for the role that sees
most of it. Another role, or another page of the same address, is drawn where it has an element that no page drawn
before it has: elements are told apart by their classes, kinds and labels between the header and the footer, not by
their words. The frame around the content, which differs by role alone, is drawn and walked through for each of
them on the start page.

All of it runs in one process (``--dist loadfile``), which reads every page once for each role.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.browser.conftest import Place
from tests.browser.content import ROLES
from tests.browser.looking import both_widths, keyboard
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


def _seen(place: Place, path: str) -> list[tuple[frozenset[str], str]]:
    """Give the different contents of a path by their elements, each with a role; what has most to see first."""
    found: dict[frozenset[str], tuple[int, str]] = {}
    for role, reading in place.read(path).items():
        if reading.is_page:
            main = MAIN.search(reading.content)
            assert main is not None, f"{path} has no main part"
            found.setdefault(_structure(main.group()), (len(main.group()), role))
    return [(elements, role) for elements, (_, role) in sorted(found.items(), key=_most_first)]


def _most_first(one: tuple[frozenset[str], tuple[int, str]]) -> int:
    return -one[1][0]


@dataclass(frozen=True)
class Visit:
    """What is wrong with the pages of one address."""

    nobody: list[str]
    looks: list[str]
    keyboard: list[str]


@pytest.fixture(scope="module")
def to_draw(place: Place) -> dict[str, list[tuple[str, str]]]:
    """The pages that are drawn, by the name of their address: role and path."""
    chosen: dict[str, list[tuple[str, str]]] = {}
    told: set[str] = set()
    for name in (*PAGES, *FOUND):
        chosen[name] = []
        for path in paths_of(name, place.installation):
            for elements, role in _seen(place, path):
                if not chosen[name] or not elements <= told:
                    chosen[name].append((role, path))
                    told |= elements
    return chosen


@pytest.fixture(scope="module")
def visit(
    place: Place, to_draw: dict[str, list[tuple[str, str]]], axe_source: str
) -> Callable[[str], Visit]:
    """Draw the pages of an address once, for all that is asked of them."""
    visits: dict[str, Visit] = {}

    def draw(name: str) -> Visit:
        looks, walked = [], []
        for at, (role, path) in enumerate(to_draw[name]):
            page = place.window(role)
            page.set_viewport_size(WIDE)  # type: ignore[arg-type]
            page.goto(place.url + path)
            if not at:
                walked = [f"{role} {path}: {fault}" for fault in keyboard(page, "main")]
            looks += [f"{role} {path} at {fault}" for fault in both_widths(page, axe_source)]
        paths = paths_of(name, place.installation)
        nobody = [
            path for path in paths if not any(one.is_page for one in place.read(path).values())
        ]
        return Visit(nobody, looks, walked)

    def give(name: str) -> Visit:
        if name not in visits:
            visits[name] = draw(name)
        return visits[name]

    return give


def test_every_address_of_the_project_is_looked_at_or_is_no_page() -> None:
    told = {*PAGES, *FOUND, *NO_PAGES, *OF_RESPONDENTS, *OF_SIGN_IN}

    assert sorted(set(names()) ^ told) == []


@pytest.mark.parametrize("name", [*PAGES, *FOUND])
def test_page_has_no_fault_for_any_role(name: str, visit: Callable[[str], Visit]) -> None:
    assert visit(name).nobody == [], "nobody gets a page there"
    assert visit(name).looks == []


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
def test_frame_of_every_role_has_no_fault(
    role: str, place: Place, look: Callable[[str, str], list[str]]
) -> None:
    assert look(role, "/") == []
    page = place.window(role)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    assert keyboard(page) == []


@pytest.mark.parametrize("path", WRONG.values(), ids=WRONG.keys())
def test_page_of_an_error_has_no_fault(
    path: str, place: Place, look: Callable[[str, str], list[str]]
) -> None:
    assert place.clients["evaluator"].get(path).status_code == 404
    assert look("evaluator", path) == []


@pytest.mark.parametrize("name", [*PAGES, *FOUND])
def test_tab_reaches_everything_in_order_and_is_seen(
    name: str, visit: Callable[[str], Visit]
) -> None:
    assert visit(name).keyboard == []


def test_the_skip_link_is_the_first_stop_and_leads_to_the_content(place: Place) -> None:
    page = place.window("evaluator")
    page.goto(place.url + "/undersokelser/")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
