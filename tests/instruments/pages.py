"""What the tests of the forms' pages share: addresses, and versions at each place of their life."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.instruments import actions
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules.access import rights_in
from tests.cast import World

Browser = Callable[[str], Client]


def url(name: str, version: Version, *more: str | int) -> str:
    instrument = version.instrument
    arguments = [instrument.programme.slug, instrument.code, version.number, *more]
    return reverse(f"instruments:{name}", args=arguments)


def maker(world: World, version: Version) -> Person:
    """Give who makes forms of the version's kind."""
    return world.person(rights_in(version.instrument.kind).maker.value)


def today() -> dt.date:
    return timezone.localdate()


def out_for_comments(world: World, draft: Version) -> Version:
    return actions.send_for_comments(
        version=draft,
        comments_by=today(),
        actor=maker(world, draft),
        now=timezone.now(),
    )


def in_pilot(world: World, draft: Version) -> Version:
    version = out_for_comments(world, draft)
    return actions.start_pilot(version=version, actor=maker(world, draft), now=timezone.now())


def released(world: World, draft: Version) -> Version:
    return actions.release_for_content(version=draft, actor=maker(world, draft), now=timezone.now())


def text_of(response: object) -> str:
    return html.unescape(response.content.decode())  # type: ignore[attr-defined]
