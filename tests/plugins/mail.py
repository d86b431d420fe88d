"""A real mail server on loopback that keeps what it gets and refuses what a test tells it to."""

from __future__ import annotations

import email.policy
import logging
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Letters in the order they came; addresses that bounce or that are turned away for now."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.bounces: set[str] = set()
        self.busy: set[str] = set()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.bounces:
            return "550 no such mailbox"
        if address in self.busy:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content: Any = envelope.content
        letter = message_from_bytes(content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"

    def to(self, address: str) -> list[EmailMessage]:
        """Give the letters to an address."""
        return [letter for letter in self.letters if address in str(letter["To"])]


@pytest.fixture
def mail_server(settings: Any) -> Iterator[MailServer]:
    """A running mail server which Django's settings point at."""
    # It is no part of the product, and tells whom it gets letters for.
    logging.getLogger("mail").setLevel(logging.CRITICAL)
    handler = MailServer()
    with socket.socket() as probe:  # the controller needs a port that it can connect to itself
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_TIMEOUT = 5
    yield handler
    controller.stop()
