"""Contacts: whom the letters go to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from sloyfe.audit.actions import action
from sloyfe.fieldwork.actions.rounds import lock_round
from sloyfe.fieldwork.models import Case, Contact, Round
from sloyfe.fieldwork.permissions import check_may_bring_contacts
from sloyfe.fieldwork.rules import RoundState
from sloyfe.fieldwork.rules.contacts import ContactRow
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
    are what the privacy notice rests on. Once the round is open, contacts of units that were not drawn
    are not kept. Gives the number of rows read, which tells nothing of who was drawn.
    """
    check_may_bring_contacts(actor, round_, now.date())
    with action("fieldwork.contacts.save", actor=actor, now=now, about=round_, contacts=len(rows)):
        locked = lock_round(round_)
        check_may_bring_contacts(actor, locked, now.date())
        kept = list(rows)
        if locked.state == RoundState.OPEN:
            drawn = set(
                Case.objects.filter(population__round=locked).values_list(
                    "organisation_id", flat=True
                )
            )
            kept = [row for row in rows if row.organisation_id in drawn]
        Contact.objects.bulk_create(
            [
                Contact(
                    round=locked,
                    organisation_id=row.organisation_id,
                    name=row.name,
                    email=row.email,
                    role=row.role,
                    source=source,
                    told=told,
                )
                for row in kept
            ],
            update_conflicts=True,
            unique_fields=["round", "organisation"],
            update_fields=["name", "email", "role", "source", "told"],
        )
    return len(rows)


def delete_due_contacts(*, now: dt.datetime) -> int:
    """Delete the contacts of every round whose declaration says that it is time. Safe to run twice."""
    deleted = 0
    for round_ in Round.objects.filter(
        delete_contacts_on__lte=timezone.localdate(now), contacts__isnull=False
    ).distinct():
        with action("fieldwork.contacts.delete", actor=None, now=now, about=round_) as event:
            count, _by_model = round_.contacts.all().delete()
            event.details["contacts"] = count
        deleted += count
    return deleted
