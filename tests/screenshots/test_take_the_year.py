"""Takes the pictures of the tutorial on the programme year while the journey walks through it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.cast import World
from tests.journey import test_programme_year as journey
from tests.journey.visitor import Visitor
from tests.plugins.mail import MailServer
from tests.plugins.worker import Worker
from tests.screenshots.pictures import FOLDER, LARGEST, YEAR

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
world = journey.world


def test_take_the_year(
    browser: Browser,
    live_server: Any,
    world: World,
    mail_server: MailServer,
    worker: Worker,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Visitor, "album", FOLDER)
    journey.test_a_programme_year_goes_from_the_mandate_to_the_answer_in_the_municipality(
        browser, live_server, world, mail_server, worker, settings
    )
    for name in YEAR:
        assert (FOLDER / f"{name}.png").stat().st_size < LARGEST
