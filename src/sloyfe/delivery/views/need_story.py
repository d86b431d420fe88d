"""What every page about one need shows of it: where it stands, who has it, what was said and answered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sloyfe.delivery.models import Need
from sloyfe.delivery.queries.needs import WentUp, went_up
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import NeedState, is_overdue, way_of
from sloyfe.delivery.texts.needs import (
    NEED_STATE_COLOR,
    NEED_STATE_TEXT,
    NEXT_TEXT,
    STEP_TEXT,
    UNMET_TEXT,
    where_it_stands,
)
from sloyfe.ui.components import Step


def day(at: dt.datetime | dt.date | None) -> str:
    """Write a day in the reader's language; nothing where there is none."""
    if at is None:
        return ""
    on = timezone.localdate(at) if isinstance(at, dt.datetime) else at
    return date_format(on, "DATE_FORMAT")


@dataclass(frozen=True)
class Story:
    """A need as a page tells it. `is_open_to_reader` is false where it is kept within the offices."""

    need: Need
    stands: str
    comes: str | Promise
    steps: tuple[Step, ...]
    is_open_to_reader: bool
    went_up: tuple[WentUp, ...]


def state_of(need: Need) -> tuple[str | Promise, str]:
    """Give the state of a need in words and the colour of its tag; an answer that does not meet it tells so."""
    state = NeedState(need.state)
    if need.is_met is False and state in (NeedState.ANSWERED, NeedState.CLOSED):
        return UNMET_TEXT, "danger"
    return NEED_STATE_TEXT[state], NEED_STATE_COLOR[state]


def stands(need: Need, today: dt.date) -> str:
    """Tell in a sentence who has a need now."""
    state = NeedState(need.state)
    since = {
        NeedState.RECEIVED: need.received_at,
        NeedState.IN_WORK: max(
            (at for at in (need.triaged_at, need.reopened_at) if at), default=need.received_at
        ),
        NeedState.RAISED: need.raised_at,
        NeedState.ANSWERED: need.answered_at,
        NeedState.CLOSED: need.closed_at,
        NeedState.UNCONFIRMED: None,
    }[state]
    return where_it_stands(
        state,
        office=need.office.name if need.office else "–",
        since=day(since),
        due=day(need.triage_due),
        is_late=is_overdue(state, need.triage_due, today),
        is_met=need.is_met,
        answered_by=need.answered_by.name if need.answered_by else "–",
    )


def steps_of(need: Need) -> tuple[Step, ...]:
    """Give the steps of a need with the day on which each was reached."""
    reached = {
        NeedState.RECEIVED: need.received_at,
        NeedState.IN_WORK: need.triaged_at or need.reopened_at,
        NeedState.RAISED: need.raised_at,
        NeedState.ANSWERED: need.answered_at,
        NeedState.CLOSED: need.closed_at,
    }
    way = way_of(
        NeedState(need.state),
        was_triaged=need.triaged_at is not None or need.reopened_at is not None,
        was_raised=need.raised_at is not None,
    )
    return tuple(
        Step(
            STEP_TEXT[step],
            place.value,
            day(reached[step]) if place.value != "next" else "",
        )
        for step, place in way
    )


def kept_inside(need: Need) -> str:
    """Tell a municipality who has a need of which nothing more is told to it."""
    return _("%(office)s has the need, and keeps within the offices what is done with it.") % {
        "office": need.office.name if need.office else "–"
    }


def _comes(need: Need, *, is_open: bool, for_municipality: bool) -> str | Promise:
    """Tell what comes next, and to an office when the municipality hears nothing of the answer by itself."""
    state = NeedState(need.state)
    if not is_open:
        return ""
    if not for_municipality and state is NeedState.ANSWERED:
        if need.access == Access.INTERNAL:
            return _(
                "The need is internal, so the municipality neither gets a letter nor reads the answer."
                " Tell it what it may know yourselves."
            )
        if not need.contact_email:
            return _(
                "There is no address, so no letter has been sent. Tell the municipality the answer yourselves."
            )
    return NEXT_TEXT[state]


def story_of(need: Need, today: dt.date, *, for_municipality: bool) -> Story:
    """Tell a need; what is kept within the programme's offices is not told to the municipality."""
    is_open = not (for_municipality and need.access == Access.INTERNAL)
    has_been_up = need.raised_at is not None or need.is_met is False
    return Story(
        need=need,
        stands=stands(need, today) if is_open else kept_inside(need),
        comes=_comes(need, is_open=is_open, for_municipality=for_municipality),
        steps=steps_of(need),
        is_open_to_reader=is_open,
        went_up=tuple(went_up(need, for_municipality=for_municipality))
        if is_open and has_been_up
        else (),
    )
