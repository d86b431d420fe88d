"""What waits and comes back around agreements, meetings and plans, for the two sides of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.accounts.models import Person
from sloyfe.comments.models import Comment
from sloyfe.delivery.actions.agreements import SENT_BACK
from sloyfe.delivery.models import Agreement, Measure, Meeting, Plan
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.rules.agreements import (
    EXPIRES_SOON,
    AgreementState,
    MeetingState,
    last_day,
)
from sloyfe.delivery.rules.plans import UNFINISHED, PlanState
from sloyfe.home.queries.waiting.shapes import PLACE, News, Row, Source, Waiting, day, each
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.programme.queries import roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.templatetags.ui import pick

# How long before its day a planned meeting is told of.
_MEETING_SOON = dt.timedelta(days=14)
_AGREEMENT = PLACE | {"pk": "pk", "subprogramme": "subprogramme__title"}


@dataclass(frozen=True)
class _Sides:
    """The municipalities and programmes in which a person acts on each side."""

    municipality: Q | None
    office: Q | None


def _sides(person: Person, today: dt.date, prefix: str = "") -> _Sides:
    own = Q()
    offices: set[int] = set()
    for role in roles_of(person, today):
        if role.capacity is Capacity.MUNICIPALITY:
            own |= Q(
                **{
                    f"{prefix}programme": role.programme_id,
                    f"{prefix}municipality": role.organisation_id,
                }
            )
        elif role.capacity is Capacity.REGIONAL_OFFICE:
            offices.add(role.programme_id)
    office = None
    if offices:
        office = Q(
            **{
                f"{prefix}programme__in": offices,
                f"{prefix}municipality__in": reach_of(person, today).region,
            }
        )
    return _Sides(own or None, office)


def _either(sides: _Sides) -> Q | None:
    found = [side for side in (sides.municipality, sides.office) if side is not None]
    if not found:
        return None
    return found[0] if len(found) == 1 else found[0] | found[1]


def _url(name: str, row: Row, *more: object) -> str:
    return reverse(f"delivery:{name}", args=[row["slug"], row["place"], *more])


def _names(row: Row) -> dict[str, str]:
    return {"municipality": row["municipality"], "subprogramme": pick(row["subprogramme"])}


def _agreements_to_confirm(person: Person, today: dt.date) -> Source[Waiting] | None:
    own = _sides(person, today).municipality
    if own is None:
        return None

    def tell(row: Row) -> Waiting:
        return Waiting(
            text=_("The agreement on %(subprogramme)s waits for %(municipality)s to confirm it.")
            % _names(row),
            programme=pick(row["programme"]),
            label=_("Read the agreement"),
            url=_url("agreement", row, row["pk"]),
            since=day(row["since"]),
        )

    return Source(
        Agreement.objects.filter(own, state=AgreementState.PROPOSED.value),
        _AGREEMENT | {"since": F("proposed_at__date")},
        each(tell),
    )


def _agreements_to_correct(person: Person, today: dt.date) -> Source[Waiting] | None:
    """An office is told of what the municipality sent back."""
    office = _sides(person, today).office
    if office is None:
        return None

    def tell(row: Row) -> Waiting:
        return Waiting(
            text=_(
                "%(municipality)s sent the agreement on %(subprogramme)s back with a comment."
                " The office corrects it and sends it again."
            )
            % _names(row),
            programme=pick(row["programme"]),
            label=_("Correct the agreement"),
            url=_url("agreement", row, row["pk"]),
        )

    sent_back: Any = Comment.objects.filter(
        about_kind=Agreement._meta.label_lower,
        about_id=Cast(OuterRef("pk"), CharField()),
        anchor=SENT_BACK,
    )
    return Source(
        Agreement.objects.filter(office, Exists(sent_back), state=AgreementState.DRAFT.value),
        _AGREEMENT,
        each(tell),
    )


def _agreements_that_run_out(person: Person, today: dt.date) -> Source[Waiting] | None:
    mine = _either(_sides(person, today))
    if mine is None:
        return None

    def tell(row: Row) -> Waiting:
        until = day(row["until"])
        return Waiting(
            text=_("The agreement with %(municipality)s on %(subprogramme)s runs out.")
            % _names(row),
            programme=pick(row["programme"]),
            label=_("Open the agreement"),
            url=_url("agreement", row, row["pk"]),
            due=last_day(until),
            is_late=until is not None and until <= today,
        )

    return Source(
        Agreement.objects.filter(
            mine,
            state=AgreementState.IN_FORCE.value,
            valid_to__lte=today + EXPIRES_SOON,
            ended_on__isnull=True,  # what is to end by agreement needs nobody's hand
        ),
        _AGREEMENT | {"until": "valid_to"},
        each(tell),
    )


def _meetings(person: Person, today: dt.date) -> Source[Waiting] | None:
    sides = _sides(person, today)
    mine = _either(sides)
    if mine is None:
        return None
    reach = reach_of(person, today)

    def tell(row: Row) -> Waiting | None:
        on = dt.date.fromisoformat(row["on"])
        passed = on < today
        writes = sides.office is not None and row["municipality_id"] in reach.region
        if passed and not writes:
            return None  # the minutes are the office's to write
        text = (
            _("The minutes of the meeting with %(municipality)s on %(day)s are missing.")
            if passed
            else _("%(municipality)s and its regional office meet on %(day)s.")
        )
        return Waiting(
            text=text
            % {"municipality": row["municipality"], "day": date_format(on, "DATE_FORMAT")},
            programme=pick(row["programme"]),
            label=_("Write the minutes") if passed else _("Open the meeting"),
            url=_url("hold_meeting" if passed else "meeting", row, row["pk"]),
            due=on,
            is_late=passed,
        )

    return Source(
        Meeting.objects.filter(
            mine, state=MeetingState.PLANNED.value, on__lte=today + _MEETING_SOON
        ).visible_to(person, today),
        PLACE | {"pk": "pk", "on": "on", "municipality_id": "municipality_id"},
        each(tell),
    )


def _plans_to_adopt(person: Person, today: dt.date) -> Source[Waiting] | None:
    own = _sides(person, today).municipality
    if own is None:
        return None

    def tell(row: Row) -> Waiting:
        return Waiting(
            text=_("The plan for %(year)s waits for %(municipality)s to adopt it.") % row,
            programme=pick(row["programme"]),
            label=_("Read the plan"),
            url=_url("plan", row, row["year"]),
        )

    drafts = Plan.objects.filter(own, state=PlanState.DRAFT.value, year__gte=today.year)
    return Source(
        drafts.filter(pk__in=Measure.objects.values("plan_id")),
        PLACE | {"year": "year"},
        each(tell),
    )


def _late_measures(person: Person, today: dt.date) -> Source[Waiting] | None:
    """One line for each plan, however many of its measures are late."""
    own = _sides(person, today, "plan__").municipality
    if own is None:
        return None

    def tell(rows: list[Row]) -> list[Waiting]:
        plans: dict[int, list[Row]] = {}
        for row in rows:
            plans.setdefault(row["plan"], []).append(row)
        return [
            Waiting(
                text=ngettext(
                    "%(number)s measure in the plan of %(municipality)s for %(year)s is past its day.",
                    "%(number)s measures in the plan of %(municipality)s for %(year)s are past their day.",
                    len(late),
                )
                % {"number": len(late), **late[0]},
                programme=pick(late[0]["programme"]),
                label=_("Say how far they have come"),
                url=_url("plan", late[0], late[0]["year"]),
                due=min(dt.date.fromisoformat(row["by_when"]) for row in late),
                is_late=True,
            )
            for late in plans.values()
        ]

    fields = {name: f"plan__{column}" for name, column in PLACE.items()}
    return Source(
        Measure.objects.filter(
            own,
            plan__state=PlanState.ADOPTED.value,
            status__in=[status.value for status in UNFINISHED],
            by_when__lt=today,
        ),
        fields | {"plan": "plan_id", "year": "plan__year", "by_when": "by_when"},
        tell,
    )


WAITING: list[Callable[[Person, dt.date], Source[Waiting] | None]] = [
    _agreements_to_confirm,
    _agreements_to_correct,
    _agreements_that_run_out,
    _meetings,
    _plans_to_adopt,
    _late_measures,
]


def _confirmed_agreements(person: Person, since: dt.date) -> Source[News] | None:
    mine = _either(_sides(person, since + NEWS_DAYS))
    if mine is None:
        return None

    def tell(row: Row) -> News:
        return News(
            text=_("%(municipality)s has confirmed the agreement on %(subprogramme)s.")
            % _names(row),
            on=dt.date.fromisoformat(row["on"]),
            url=_url("agreement", row, row["pk"]),
        )

    return Source(
        Agreement.objects.filter(mine, confirmed_at__date__gte=since).order_by("-confirmed_at")[
            :20
        ],
        _AGREEMENT | {"on": F("confirmed_at__date")},
        each(tell),
    )


def _written_minutes(person: Person, since: dt.date) -> Source[News] | None:
    own = _sides(person, since + NEWS_DAYS).municipality
    if own is None:
        return None

    def tell(row: Row) -> News:
        on = dt.date.fromisoformat(row["on"])
        return News(
            text=_("The minutes of the meeting on %(day)s are written. You can comment on them.")
            % {"day": date_format(on, "DATE_FORMAT")},
            on=on,
            url=_url("meeting", row, row["pk"]),
        )

    return Source(
        Meeting.objects.filter(own, state=MeetingState.HELD.value, on__gte=since)
        .visible_to(person, since + NEWS_DAYS)
        .order_by("-on")[:20],
        PLACE | {"pk": "pk", "on": "on"},
        each(tell),
    )


NEWS: list[Callable[[Person, dt.date], Source[News] | None]] = [
    _confirmed_agreements,
    _written_minutes,
]
