"""Who may do what with an agreement. The office writes and proposes, the municipality confirms.

An office acts for the municipalities that lie in its region today; a municipality acts for itself only,
and only reads the papers of those it came from.
"""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from sloyfe.audit.models import Event
from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import Agreement
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.rules.agreements import (
    AGREEMENT_MOVES,
    MUNICIPALITY_ENDS,
    AgreementState,
    EndKind,
    Side,
)
from sloyfe.delivery.texts.agreements import AGREEMENT_STATE_TEXT
from sloyfe.programme.queries import Visitor, has_capacity, roles_of
from sloyfe.programme.rules import Capacity


class Between(Protocol):
    """Something between a municipality and its office: an agreement, a plan, a meeting."""

    programme_id: int
    municipality_id: int


def is_municipality(person: Visitor, programme: int, municipality: int, on: dt.date) -> bool:
    """Tell whether a person works in a municipality that takes part in a programme."""
    return any(
        role.capacity is Capacity.MUNICIPALITY
        and role.programme_id == programme
        and role.organisation_id == municipality
        for role in roles_of(person, on)
    )


def is_office(person: Visitor, programme: int, municipality: int, on: dt.date) -> bool:
    """Tell whether a person works in the regional office that a municipality belongs to today."""
    return (
        has_capacity(person, on, programme, Capacity.REGIONAL_OFFICE)
        and municipality in reach_of(person, on).region
    )


def sides_of(person: Visitor, thing: Between, on: dt.date) -> frozenset[Side]:
    """Give the sides on which a person stands between a municipality and its office."""
    found = set()
    if is_municipality(person, thing.programme_id, thing.municipality_id, on):
        found.add(Side.MUNICIPALITY)
    if is_office(person, thing.programme_id, thing.municipality_id, on):
        found.add(Side.OFFICE)
    return frozenset(found)


def check_may_draft(person: Visitor, programme: int, municipality: int, on: dt.date) -> None:
    """Only the regional office of the municipality drafts an agreement with it."""
    if not is_office(person, programme, municipality, on):
        raise NotAllowed("delivery.only_its_office_drafts")


def check_move(agreement: Agreement, wanted: AgreementState) -> None:
    """Refuse a step that the agreement cannot take from where it stands."""
    if wanted not in AGREEMENT_MOVES[agreement.stands]:
        raise NotPossible(
            "delivery.agreement_cannot_move",
            state=AGREEMENT_STATE_TEXT[agreement.stands],
        )


def check_may_edit(person: Visitor, agreement: Agreement, on: dt.date) -> None:
    """The office changes a draft; what has been proposed stands as the municipality read it."""
    check_may_draft(person, agreement.programme_id, agreement.municipality_id, on)
    if agreement.stands is not AgreementState.DRAFT:
        raise NotPossible(
            "delivery.only_drafts_change", state=AGREEMENT_STATE_TEXT[agreement.stands]
        )


def check_may_propose(person: Visitor, agreement: Agreement, on: dt.date) -> None:
    """The office proposes what it has drafted."""
    check_may_draft(person, agreement.programme_id, agreement.municipality_id, on)
    check_can_be_proposed(agreement)


def check_can_be_proposed(agreement: Agreement) -> None:
    """A draft that names somebody on each side is proposed."""
    check_move(agreement, AgreementState.PROPOSED)
    if {role.side for role in agreement.roles.all()} != {side.value for side in Side}:
        raise NotPossible("delivery.agreement_needs_roles")


def check_may_take_back_agreement(person: Visitor, agreement: Agreement, on: dt.date) -> None:
    """The office takes back what waits for the municipality."""
    check_may_draft(person, agreement.programme_id, agreement.municipality_id, on)
    check_move(agreement, AgreementState.DRAFT)


def check_may_answer(person: Visitor, agreement: Agreement, on: dt.date) -> None:
    """Only the municipality answers a proposal, and nobody who stands on the proposing side."""
    sides = sides_of(person, agreement, on)
    if Side.MUNICIPALITY not in sides:
        raise NotAllowed("delivery.only_the_municipality_confirms")
    if Side.OFFICE in sides or _proposed(person, agreement):
        raise NotAllowed("delivery.own_side_proposed")
    check_move(agreement, AgreementState.IN_FORCE)


def _proposed(person: Visitor, agreement: Agreement) -> bool:
    return Event.objects.filter(
        action="delivery.agreement.propose",
        about_kind=agreement._meta.label_lower,
        about_id=str(agreement.pk),
        actor_id=person.pk,
    ).exists()


def check_may_end(
    person: Visitor, agreement: Agreement, on: dt.date, kind: EndKind | None = None
) -> None:
    """The office ends an agreement for any cause; the municipality may withdraw from it."""
    sides = sides_of(person, agreement, on)
    if not sides:
        raise NotAllowed("delivery.only_the_sides_end")
    if Side.OFFICE not in sides and kind is not None and kind not in MUNICIPALITY_ENDS:
        raise NotAllowed("delivery.municipality_only_withdraws")
    check_move(agreement, AgreementState.ENDED)


def check_may_renew(person: Visitor, agreement: Agreement, on: dt.date) -> None:
    """The office drafts a new version while one is in force or has ended, and none is in work."""
    check_may_draft(person, agreement.programme_id, agreement.municipality_id, on)
    if agreement.stands not in (AgreementState.IN_FORCE, AgreementState.ENDED):
        raise NotPossible(
            "delivery.only_standing_renew", state=AGREEMENT_STATE_TEXT[agreement.stands]
        )
    if in_work(agreement.subprogramme_id, agreement.municipality_id):
        raise NotPossible("delivery.agreement_in_work")


def in_work(subprogramme: int, municipality: int) -> bool:
    """Tell whether a version is being drafted or waits to be confirmed."""
    return Agreement.objects.filter(
        subprogramme=subprogramme,
        municipality=municipality,
        state__in=[AgreementState.DRAFT.value, AgreementState.PROPOSED.value],
    ).exists()
