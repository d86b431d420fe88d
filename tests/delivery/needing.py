"""Needs in the small exercise programme, said and brought some way."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from django.utils import timezone

from sloyfe.delivery import jobs
from sloyfe.delivery.actions import need_letters, needs
from sloyfe.delivery.models import Need
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.need_links import Purpose
from sloyfe.letters.imports import load_texts
from sloyfe.letters.models import Letter
from sloyfe.letters.rules import LetterState
from tests.cast import NOW, World
from tests.plugins.mail import MailServer

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Vi trenger hjelp til å regne på kjøp av boliger."
ADDRESS = "post@bjorkemo.invalid"
WRITTEN_IN = "X102"


def write_letters() -> None:
    """Load the letters that the product comes with."""
    load_texts(ROOT / "programmes" / "letters.yaml", scope="", actor=None, now=NOW)


def said(world: World, code: str = WRITTEN_IN, text: str = TEXT, now: dt.datetime = NOW) -> Need:
    """A need that the municipality of the cast, or the office of another one, has said."""
    role = "municipality" if code == WRITTEN_IN else "regional_office_nord"
    if code.startswith("X2"):
        role = "regional_office_sor"
    return needs.say_need(
        programme=world.programme,
        municipality=world.municipalities[code],
        text=text,
        actor=world.person(role),
        now=now,
    )


def triaged(world: World, need: Need | None = None, now: dt.datetime = NOW) -> Need:
    """A need of which the office has said who does what."""
    need = need or said(world, now=now)
    return needs.triage(
        need=need,
        revision=need.revision,
        note="Rådgiveren ringer dere i uke 12.",
        actor=world.person("regional_office_nord"),
        now=now,
    )


def answered(world: World, *, is_met: bool = True, now: dt.datetime = NOW) -> Need:
    """A need that the office has answered."""
    write_letters()
    need = said(world, now=now)
    return needs.answer(
        need=need,
        revision=need.revision,
        text="Dere får regnearket som byene bruker.",
        is_met=is_met,
        actor=world.person("regional_office_nord"),
        now=now,
    )


def raised(world: World, now: dt.datetime = NOW) -> Need:
    """A need that the office has raised to nasjonalt fagansvar."""
    need = said(world, now=now)
    return needs.raise_need(
        need=need,
        revision=need.revision,
        why="Flere kommuner spør om det samme.",
        actor=world.person("regional_office_nord"),
        now=now,
    )


def internal(need: Need) -> Need:
    """The same need, kept within the programme's offices."""
    need.access, need.legal_ground = Access.INTERNAL.value, "offentleglova § 14"
    need.save(update_fields=["access", "legal_ground"])
    return need


def written(world: World, code: str = WRITTEN_IN, now: dt.datetime | None = None) -> Need:
    """A need from the open page that nobody has confirmed."""
    write_letters()
    return needs.write_openly(
        programme=world.programme,
        municipality=world.municipalities[code],
        text=TEXT,
        email=ADDRESS,
        client="203.0.113.5",
        now=now or timezone.now(),
    )


def token(need: Need, purpose: Purpose) -> str:
    """What the letter's link ends in."""
    return (
        need_letters.link_to(need, purpose).rstrip("/").removesuffix("/bekreft").rpartition("/")[2]
    )


def work() -> None:
    """Do what the worker does with every letter that waits."""
    for letter_id in Letter.objects.filter(state=LetterState.QUEUED.value).values_list(
        "pk", flat=True
    ):
        jobs.needs.send_need_letter(str(letter_id))


def link_in(server: MailServer, number: int = -1) -> str:
    """The path of the link in a letter that has come."""
    found = re.search(r"/mitt-behov/\S+", server.letters[number].get_content())
    assert found is not None
    return found.group()
