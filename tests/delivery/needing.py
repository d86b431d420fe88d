"""Needs in the small exercise programme, said and brought some way."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from django.utils import timezone

from sloyfe.delivery import jobs
from sloyfe.delivery.actions import need_letters, needs
from sloyfe.delivery.models import Need
from sloyfe.delivery.queries.needs import place_in, receiver_in
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.need_links import Purpose
from sloyfe.delivery.rules.needs import NeedState
from sloyfe.letters.models import Letter
from sloyfe.letters.rules import LetterState
from sloyfe.organisations.models import MunicipalityPeriod
from sloyfe.programme.models import Programme
from tests.cast import NOW, World
from tests.plugins.mail import MailServer
from tests.wording import write_letters

ROOT = Path(__file__).resolve().parents[2]
TEXT = "Vi trenger hjelp til å regne på kjøp av boliger."
ADDRESS = "post@bjorkemo.invalid"
WRITTEN_IN = "X102"


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


def one_of_each(programme: Programme) -> dict[str, Need]:
    """Needs of one municipality of a loaded programme, one in each state, by state; made when not there."""
    today = timezone.localdate()
    periods = (
        MunicipalityPeriod.objects.filter(
            valid_to=None,
            organisation__participations__programme=programme,
            organisation__affiliations__isnull=False,
        )
        .select_related("organisation")
        .order_by("code")
    )
    places = [place_in(programme, period.organisation.slug, today) for period in periods]
    # One whose people and whose office's people there are.
    municipality, office = next(
        (place.municipality, office)
        for place in places
        if place and (office := receiver_in(programme, place.region, today))
        if office.affiliations.exists()
    )
    now = timezone.now()
    found: dict[str, Need] = {}
    for state in NeedState:
        is_settled = state in (NeedState.ANSWERED, NeedState.CLOSED)
        was_raised = state is NeedState.RAISED or is_settled
        made, _new = Need.objects.get_or_create(
            programme=programme,
            municipality=municipality,
            state=state.value,
            text=f"{TEXT} ({state.value})",
            defaults={
                "channel": "open_page",
                "office": None if state is NeedState.UNCONFIRMED else office,
                "contact_email": "" if state is NeedState.CLOSED else "post@kommune.invalid",
                "written_at": now,
                "received_at": None if state is NeedState.UNCONFIRMED else now,
                "triage_due": None if state is NeedState.UNCONFIRMED else today,
                "triaged_at": now if state is not NeedState.RECEIVED else None,
                "triage_note": "Rådgiveren ringer dere i uke 12." if was_raised else "",
                "raised_at": now if was_raised else None,
                "raised_why": "Flere kommuner spør om det samme." if was_raised else "",
                "answer": "Det er det ikke satt av midler til i år." if is_settled else "",
                "answered_at": now if is_settled else None,
                "answered_by": office if is_settled else None,
                "is_met": False if is_settled else None,
                "closed_at": now if state is NeedState.CLOSED else None,
            },
        )
        found[state.value] = made
    return found
