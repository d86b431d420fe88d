"""Who says a need, who handles it, who answers it. Nobody handles what their own municipality wrote."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.formats import date_format

from sloyfe.common.errors import NotAllowed, NotPossible
from sloyfe.delivery.models import Need
from sloyfe.delivery.models.visible import ABOVE
from sloyfe.delivery.queries.needs import (
    decision_on,
    has_waiting_matter,
    is_own_municipality,
    lies_in_region_of,
)
from sloyfe.delivery.rules.needs import (
    ANSWER_STANDS,
    NEED_MOVES,
    Channel,
    NeedState,
    is_known_move,
)
from sloyfe.delivery.texts.needs import NEED_STATE_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity, roles_of
from sloyfe.programme.rules import Capacity

# Somebody, or the loading of content.
Doer = Visitor | None


def channel_for(
    person: Doer, programme: Programme, municipality: Organisation, on: dt.date
) -> Channel:
    """Give how a person says a need for a municipality: as its own, or as the office that writes it down."""
    if person is None:
        return Channel.OFFICE
    if is_own_municipality(person, programme.pk, municipality.pk, on):
        return Channel.SIGNED_IN
    if lies_in_region_of(person, programme.pk, municipality.pk, on):
        return Channel.OFFICE
    raise NotAllowed("delivery.need.not_this_municipality")


def may_say(person: Visitor, programme: Programme, municipality: Organisation, on: dt.date) -> bool:
    """Tell whether a person may say a need for a municipality, as its own or as its office."""
    try:
        channel_for(person, programme, municipality, on)
    except NotAllowed:
        return False
    return True


def is_handler(person: Visitor, need: Need, on: dt.date) -> bool:
    """Tell whether a person works for the office that has a need, or for that of the region it now lies in."""
    if lies_in_region_of(person, need.programme_id, need.municipality_id, on):
        return True
    return any(
        role.programme_id == need.programme_id
        and role.organisation_id == need.office_id
        and role.capacity in (Capacity.REGIONAL_OFFICE, Capacity.NATIONAL_LEAD)
        for role in roles_of(person, on)
    )


def is_national_lead(person: Visitor, need: Need, on: dt.date) -> bool:
    """Tell whether a person works for nasjonalt fagansvar of the need's programme."""
    return has_capacity(person, on, need.programme_id, Capacity.NATIONAL_LEAD)


def is_of_municipality(person: Visitor, need: Need, on: dt.date) -> bool:
    """Tell whether a person works for the municipality that a need is about."""
    return is_own_municipality(person, need.programme_id, need.municipality_id, on)


def _check_other_than_own(person: Doer, need: Need, on: dt.date) -> None:
    if person is not None and is_of_municipality(person, need, on):
        raise NotAllowed("delivery.need.own_municipality")


def _check_office_has_it(person: Doer, need: Need, on: dt.date) -> None:
    if person is None:
        return
    if not is_handler(person, need, on):
        office = need.office.name if need.office else "–"
        raise NotAllowed("delivery.need.only_the_office", office=office)
    _check_other_than_own(person, need, on)


def _check_move(need: Need, wanted: NeedState) -> None:
    state = NeedState(need.state)
    if wanted not in NEED_MOVES[state]:
        raise NotPossible(
            "delivery.need.cannot_move",
            state=NEED_STATE_TEXT[state],
            wanted=NEED_STATE_TEXT[wanted],
        )
    if not is_known_move(state, wanted, is_met=need.is_met):
        raise NotPossible("delivery.need.answered_as_met")


def check_may_triage(person: Doer, need: Need, on: dt.date) -> None:
    """The office that has a need says who does what about it."""
    _check_office_has_it(person, need, on)
    state = NeedState(need.state)
    # From an answer back to work is the municipality's to say.
    if state is not NeedState.RECEIVED:
        raise NotPossible(
            "delivery.need.cannot_move",
            state=NEED_STATE_TEXT[state],
            wanted=NEED_STATE_TEXT[NeedState.IN_WORK],
        )


def check_may_answer(person: Doer, need: Need, on: dt.date) -> None:
    """The office that has a need answers it; nasjonalt fagansvar answers one that was raised."""
    if need.state == NeedState.RAISED:
        if person is not None and not is_national_lead(person, need, on):
            raise NotAllowed("delivery.need.only_national_lead")
        _check_other_than_own(person, need, on)
    else:
        _check_office_has_it(person, need, on)
    _check_move(need, NeedState.ANSWERED)


def check_may_raise(person: Doer, need: Need, on: dt.date) -> None:
    """A regional office raises what it cannot meet to nasjonalt fagansvar."""
    _check_office_has_it(person, need, on)
    has_it = person is not None and any(
        role.organisation_id == need.office_id
        and role.programme_id == need.programme_id
        and role.capacity is Capacity.NATIONAL_LEAD
        for role in roles_of(person, on)
    )
    if has_it:
        raise NotPossible("delivery.need.is_national_already")
    _check_move(need, NeedState.RAISED)


def check_may_raise_to_owner(person: Doer, need: Need, on: dt.date) -> None:
    """Nasjonalt fagansvar takes a need that it cannot meet to the owner or the head office, once at a time."""
    if person is not None and not is_national_lead(person, need, on):
        raise NotAllowed("delivery.need.only_national_lead")
    _check_other_than_own(person, need, on)
    is_unmet = need.state == NeedState.ANSWERED and need.is_met is False
    if need.state != NeedState.RAISED and not is_unmet:
        raise NotPossible("delivery.need.not_for_owner")
    if has_waiting_matter(need):
        raise NotPossible("delivery.need.matter_waits")
    if decision_on(need) is not None:
        raise NotPossible("delivery.need.is_decided")


def check_may_close(person: Visitor, need: Need, on: dt.date) -> None:
    """The municipality closes its need when the answer helped; the office when it has had time to say so."""
    if is_of_municipality(person, need, on):
        check_can_close(need)
        return
    if not is_national_lead(person, need, on):
        _check_office_has_it(person, need, on)
    check_can_close(need)
    if need.answered_at is not None:
        day = timezone.localdate(need.answered_at) + ANSWER_STANDS
        if on < day:
            raise NotPossible("delivery.need.answer_stands", day=date_format(day, "DATE_FORMAT"))


def check_can_close(need: Need) -> None:
    """Only an answered need can be closed."""
    _check_move(need, NeedState.CLOSED)


def check_may_reopen(person: Visitor, need: Need, on: dt.date) -> None:
    """The municipality says that an answer did not help."""
    if not is_of_municipality(person, need, on):
        raise NotAllowed("delivery.need.only_the_municipality")
    check_can_reopen(need)


def check_can_reopen(need: Need) -> None:
    """Only an answered need can be taken up again."""
    if need.state != NeedState.ANSWERED:
        raise NotPossible(
            "delivery.need.cannot_move",
            state=NEED_STATE_TEXT[NeedState(need.state)],
            wanted=NEED_STATE_TEXT[NeedState.IN_WORK],
        )


def check_may_renew_link(person: Visitor, need: Need, on: dt.date) -> None:
    """The office that has a need makes its links void, for when a letter went astray."""
    _check_office_has_it(person, need, on)


def may_read_unmet(person: Visitor, programme: Programme, on: dt.date) -> bool:
    """Tell whether a person reads the list of what nobody could meet: those above the offices, and the auditor."""
    return has_capacity(person, on, programme.pk, *ABOVE)
