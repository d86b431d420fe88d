"""Takes the pictures of README and docs from the content that `make up` loads."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils import timezone
from playwright.sync_api import Browser

from sloyfe.accounts.models import Person
from sloyfe.cli import load_content
from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.models import Case
from sloyfe.fieldwork.rules.links import link_token
from sloyfe.programme.actions.demo import DOMAIN
from tests.browser.conftest import Place
from tests.browser.content import ROLES, Installation
from tests.plugins.browser import serving, wait_for_htmx
from tests.plugins.database import ROOT
from tests.plugins.emptying import empty_of_content
from tests.plugins.worker import Worker
from tests.screenshots.pictures import (
    ANSWERING,
    CLOSED,
    FOLDER,
    LARGEST,
    OPEN,
    PDF,
    PICTURES,
    Picture,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
FIELD = re.compile(r'<input[^>]*type="(radio|checkbox)"[^>]*>')
NAME, VALUE = re.compile(r'name="([^"]+)"'), re.compile(r'value="([^"]*)"')
REVISION = re.compile(r'name="svar-revisjon" value="(\d+)"')


def link_of(case: Case) -> str:
    secret = KeyStore(Path(settings.KEYS)).link_secret()
    return f"/svar/{link_token(secret, case.pk, case.link_generation)}/"


def answer(case: Case, choice: int, pages: int) -> None:
    """Answer some pages as a municipality would, always the same choice among those there are."""
    client = Client()
    path = link_of(case)
    codes = [page["code"] for page in case.population.version.definition["pages"]]
    for code in codes[:pages]:
        html = client.get(f"{path}{code}/").content.decode()
        options: dict[str, list[str]] = {}
        for found in FIELD.finditer(html):
            name, value = NAME.search(found.group()), VALUE.search(found.group())
            if name and value:
                options.setdefault(name[1], []).append(value[1])
        revision = REVISION.search(html)
        assert revision is not None
        answers = {
            name: values[(choice + at) % len(values)]
            for at, (name, values) in enumerate(options.items())
        }
        client.post(
            f"{path}{code}/", {**answers, "svar-revisjon": revision[1], "svar-videre": "next"}
        )
    if pages >= len(codes):
        revision = REVISION.search(client.get(f"{path}ferdig/se-over/").content.decode())
        assert revision is not None
        client.post(f"{path}ferdig/send-inn/", {"svar-revisjon": revision[1]})


def let_some_answer() -> None:
    """Let about half of the drawn municipalities in the open round answer, some of them in part."""
    cases = Case.objects.filter(population__round__slug=OPEN).select_related("population__version")
    for at, case in enumerate(cases.order_by("organisation__sort_key")):
        is_demo = Person.objects.filter(
            is_demo=True, affiliations__organisation=case.organisation_id
        ).exists()
        if not is_demo and at % 5 < 3:
            answer(case, at, 3 if at % 5 == 2 else 99)


@pytest.fixture(scope="module")
def place(
    django_db_setup: None,
    django_db_blocker: Any,
    browser: Browser,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Place]:
    """Everything that `make up` loads, with a worker that has done its work and some answers."""
    folder = tmp_path_factory.mktemp("pictures")
    files = "django.core.mail.backends.filebased.EmailBackend"
    with (
        django_db_blocker.unblock(),
        override_settings(
            FROZEN=folder / "frozen", EMAIL_BACKEND=files, EMAIL_FILE_PATH=str(folder / "letters")
        ),
        serving(folder / "keys") as url,
    ):
        try:
            content = load_content.Content(ROOT, timezone.now())
            for _, step in (*load_content.STEPS, *load_content.EXERCISE_STEPS):
                step(content)
            Worker().run()
            let_some_answer()
            people = {
                role: Person.objects.get(email=f"{address}@{DOMAIN}")
                for role, address in ROLES.items()
                if address and role != "stranger"
            }
            place = Place(url, Installation(people, "2017"), browser)
            place.sign_everybody_in()
            FOLDER.mkdir(exist_ok=True)
            yield place
            for context, _ in place.windows.values():
                context.close()
        finally:
            empty_of_content()


def take(page: Any, name: str) -> None:
    path = FOLDER / f"{name}.png"
    page.screenshot(path=str(path))
    assert path.stat().st_size < LARGEST


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_take(picture: Picture, place: Place) -> None:
    page = place.window(picture.role)
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    answered = page.goto(place.url + picture.path)
    assert answered is not None
    assert answered.status == 200
    wait_for_htmx(page)
    if picture.at:
        page.locator(picture.at).first.evaluate(
            "node => window.scrollTo(0, node.getBoundingClientRect().top + scrollY - 24)"
        )
    take(page, picture.name)


def test_take_a_page_of_the_questionnaire_on_a_phone(place: Place) -> None:
    case = Case.objects.select_related("population__version").get(
        population__round__slug=OPEN,
        organisation__affiliations__person=place.installation.people["municipality"],
    )
    pages = case.population.version.definition["pages"]
    code = next(
        page["code"]
        for page in pages
        if any(question["kind"] == "battery" for question in page["questions"])
    )
    page = place.window("anonymous")
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"{place.url}{link_of(case)}{code}/")
    take(page, ANSWERING)


def test_take_a_page_of_the_report_as_pdf(place: Place, tmp_path: Path) -> None:
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    pdf = place.clients["evaluator"].get(f"/rapporter/les/{CLOSED}/fil/pdf/").content
    (tmp_path / "report.pdf").write_bytes(pdf)
    target = FOLDER / PDF
    subprocess.run(
        ["pdftoppm", "-png", "-r", "80", "-f", "4", "-l", "4", "-singlefile",
         str(tmp_path / "report.pdf"), str(target)],
        check=True,
    )  # fmt: skip
    assert (FOLDER / f"{PDF}.png").stat().st_size < LARGEST
