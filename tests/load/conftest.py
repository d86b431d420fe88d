"""One installation for the tests of load: the servers that `sloyfe up` starts, and a mail server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.fieldwork.answering import definition
from tests.installation import Installation, free_port, installed
from tests.plugins.mail import MailServer


class SlowMailServer(MailServer):
    """Takes a letter and thinks for a while before it says so: time enough to be killed in between."""

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        taken = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(0.1)
        return taken


@dataclass
class Place:
    """An installation that runs, and where its letters go."""

    installation: Installation
    mail: SlowMailServer

    @property
    def port(self) -> int:
        return self.installation.port

    def make_round(self, slug: str, *, units: int = 60) -> list[str]:
        """Open a round and give the respondents' paths, one for each unit."""
        content: dict[str, Any] = definition()
        words = [
            "round",
            "--slug",
            slug,
            "--definition",
            json.dumps(content),
            "--units",
            str(units),
        ]
        told = self.installation.run_python("tests.load.rounds", *words)
        return [unit["path"] for unit in json.loads(told)]


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    handler = SlowMailServer()
    mail_port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=mail_port)
    controller.start()
    try:
        letter_box = f"smtp://127.0.0.1:{mail_port}"
        with installed(prepared=True, EMAIL_URL=letter_box) as installation:
            yield Place(installation, handler)
    finally:
        controller.stop()
