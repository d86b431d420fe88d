"""Letting somebody in: a person, and the office or municipality where they work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import Actor, action
from sloyfe.common.errors import NotPossible
from sloyfe.organisations.models import Affiliation, Organisation
from sloyfe.programme.models import Programme


@dataclass(frozen=True)
class Registered:
    """A person as registered, and whether anything was written for that."""

    person: Person
    changed: bool


def register_person(
    *,
    programme: Programme,
    organisation: Organisation,
    email: str,
    name: str,
    valid_from: dt.date,
    valid_to: dt.date | None,
    actor: Actor,
    now: dt.datetime,
) -> Registered:
    """Let a person sign in as somebody who works in an organisation that takes part in a programme.

    Saying the same again changes nothing; saying it with `valid_to`, the first day after, ends the work.
    Raises NotPossible for what is no address, for an organisation that takes no part, and for an end
    that is not after the beginning.
    """
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise NotPossible("programme.person_needs_address") from None
    if not organisation.participations.filter(programme=programme).exists():
        raise NotPossible("programme.takes_no_part", organisation=organisation.name)
    with action("programme.person.register", actor=actor, now=now, about=organisation) as event:
        event.programme_id = programme.pk
        person = Person.objects.filter(email=address).first()
        known = person is not None
        if person is None:
            person = Person.objects.create_user(address, name.strip())
        work = Affiliation.objects.filter(
            person=person, organisation=organisation, valid_to=None
        ).first()
        begins = work.valid_from if work else valid_from
        if valid_to is not None and valid_to <= begins:
            raise NotPossible("programme.ends_before_it_begins")
        changed = not known or work is None or valid_to is not None
        if work is None:
            Affiliation.objects.create(
                person=person, organisation=organisation, valid_from=valid_from, valid_to=valid_to
            )
        elif valid_to is not None:
            work.valid_to = valid_to
            work.save(update_fields=["valid_to"])
        event.details["changed"] = changed
    return Registered(person, changed)
