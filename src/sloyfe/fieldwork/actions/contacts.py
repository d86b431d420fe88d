"""Contacts: whom the letters go to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sloyfe.audit.actions import action
from sloyfe.fieldwork.imports import ContactRow
from sloyfe.fieldwork.models import Contact, Round
from sloyfe.fieldwork.permissions import check_may_bring_contacts
from sloyfe.programme.queries import Visitor


def save_contacts(
    *,
    round_: Round,
    rows: Sequence[ContactRow],
    source: str,
    told: str,
    actor: Visitor,
    now: dt.datetime,
) -> int:
    """Take in checked contact rows, all or none; a unit that has a contact gets the new one.

    `source` says where the addresses come from and `told` how the people were told of this use; both
    are what the privacy notice rests on. Gives the number of contacts.
    """
    check_may_bring_contacts(actor, round_, now.date())
    with action("fieldwork.contacts.save", actor=actor, now=now, about=round_, contacts=len(rows)):
        for row in rows:
            Contact.objects.update_or_create(
                round=round_,
                organisation_id=row.organisation_id,
                defaults={
                    "name": row.name,
                    "email": row.email,
                    "role": row.role,
                    "source": source,
                    "told": told,
                },
            )
    return len(rows)


def delete_due_contacts(*, now: dt.datetime) -> int:
    """Delete the contacts of every round whose declaration says that it is time. Safe to run twice."""
    deleted = 0
    for round_ in Round.objects.filter(
        delete_contacts_on__lte=now.date(), contacts__isnull=False
    ).distinct():
        with action("fieldwork.contacts.delete", actor=None, now=now, about=round_) as event:
            count, _by_model = round_.contacts.all().delete()
            event.details["contacts"] = count
        deleted += count
    return deleted
