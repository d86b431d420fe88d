"""What waits and comes back around agreements, meetings and plans, for the two sides of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Count, Min, Q
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
from sloyfe.home.queries.waiting.shapes import News, Waiting
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.programme.queries import roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.templatetags.ui import pick

# How long before its day a planned meeting is told of.
_MEETING_SOON = dt.timedelta(days=14)


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


def _url(name: str, thing: Agreement | Meeting | Plan, *more: object) -> str:
    return reverse(f"delivery:{name}", args=[thing.programme.slug, thing.municipality.slug, *more])


def _day(on: dt.date | None) -> str:
    return date_format(on, "j. F Y") if on else ""


def _agreements_to_confirm(person: Person, today: dt.date) -> list[Waiting]:
    own = _sides(person, today).municipality
    if own is None:
        return []
    rows = Agreement.objects.filter(own, state=AgreementState.PROPOSED.value).select_related(
        "programme", "municipality", "subprogramme"
    )
    return [
        Waiting(
            text=_("The agreement on %(subprogramme)s waits for %(municipality)s to confirm it.")
            % {
                "subprogramme": pick(row.subprogramme.title),
                "municipality": row.municipality.name,
            },
            programme=pick(row.programme.title),
            label=_("Read the agreement"),
            url=_url("agreement", row, row.pk),
        )
        for row in rows
    ]


def _agreements_to_correct(person: Person, today: dt.date) -> list[Waiting]:
    """An office is told of what the municipality sent back."""
    office = _sides(person, today).office
    if office is None:
        return []
    rows = Agreement.objects.filter(office, state=AgreementState.DRAFT.value).select_related(
        "programme", "municipality", "subprogramme"
    )
    back = set(
        Comment.objects.filter(
            about_kind=Agreement._meta.label_lower,
            anchor=SENT_BACK,
            about_id__in=[str(row.pk) for row in rows],
        ).values_list("about_id", flat=True)
    )
    return [
        Waiting(
            text=_(
                "%(municipality)s sent the agreement on %(subprogramme)s back with a comment."
                " The office corrects it and sends it again."
            )
            % {
                "subprogramme": pick(row.subprogramme.title),
                "municipality": row.municipality.name,
            },
            programme=pick(row.programme.title),
            label=_("Correct the agreement"),
            url=_url("agreement", row, row.pk),
        )
        for row in rows
        if str(row.pk) in back
    ]


def _agreements_that_run_out(person: Person, today: dt.date) -> list[Waiting]:
    mine = _either(_sides(person, today))
    if mine is None:
        return []
    rows = Agreement.objects.filter(
        mine,
        state=AgreementState.IN_FORCE.value,
        valid_to__lte=today + EXPIRES_SOON,
        ended_on__isnull=True,  # what is to end by agreement needs nobody's hand
    ).select_related("programme", "municipality", "subprogramme")
    return [
        Waiting(
            text=_("The agreement with %(municipality)s on %(subprogramme)s runs out.")
            % {
                "subprogramme": pick(row.subprogramme.title),
                "municipality": row.municipality.name,
            },
            programme=pick(row.programme.title),
            label=_("Open the agreement"),
            url=_url("agreement", row, row.pk),
            due=last_day(row.valid_to),
            is_late=row.valid_to is not None and row.valid_to <= today,
        )
        for row in rows
    ]


def _meetings(person: Person, today: dt.date) -> list[Waiting]:
    sides = _sides(person, today)
    mine = _either(sides)
    if mine is None:
        return []
    rows = (
        Meeting.objects.filter(
            mine, state=MeetingState.PLANNED.value, on__lte=today + _MEETING_SOON
        )
        .visible_to(person, today)
        .select_related("programme", "municipality")
    )
    reach = reach_of(person, today)
    found = []
    for row in rows:
        passed = row.on < today
        writes = sides.office is not None and row.municipality_id in reach.region
        if passed and not writes:
            continue  # the minutes are the office's to write
        text = (
            _("The minutes of the meeting with %(municipality)s on %(day)s are missing.")
            if passed
            else _("%(municipality)s and its regional office meet on %(day)s.")
        )
        found.append(
            Waiting(
                text=text % {"municipality": row.municipality.name, "day": _day(row.on)},
                programme=pick(row.programme.title),
                label=_("Write the minutes") if passed else _("Open the meeting"),
                url=_url("hold_meeting" if passed else "meeting", row, row.pk),
                due=row.on,
                is_late=passed,
            )
        )
    return found


def _plans_to_adopt(person: Person, today: dt.date) -> list[Waiting]:
    own = _sides(person, today).municipality
    if own is None:
        return []
    rows = (
        Plan.objects.filter(own, state=PlanState.DRAFT.value, year__gte=today.year)
        .annotate(number=Count("measures"))
        .filter(number__gt=0)
        .select_related("programme", "municipality")
    )
    return [
        Waiting(
            text=_("The plan for %(year)s waits for %(municipality)s to adopt it.")
            % {"year": row.year, "municipality": row.municipality.name},
            programme=pick(row.programme.title),
            label=_("Read the plan"),
            url=_url("plan", row, row.year),
        )
        for row in rows
    ]


def _late_measures(person: Person, today: dt.date) -> list[Waiting]:
    own = _sides(person, today, "plan__").municipality
    if own is None:
        return []
    rows = (
        Measure.objects.filter(
            own,
            plan__state=PlanState.ADOPTED.value,
            status__in=[status.value for status in UNFINISHED],
            by_when__lt=today,
        )
        .values_list(
            "plan__programme__title",
            "plan__programme__slug",
            "plan__municipality__name",
            "plan__municipality__slug",
            "plan__year",
        )
        .annotate(number=Count("pk"), first=Min("by_when"))
        .order_by("plan__year")
    )
    return [
        Waiting(
            text=ngettext(
                "%(number)s measure in the plan of %(municipality)s for %(year)s is past its day.",
                "%(number)s measures in the plan of %(municipality)s for %(year)s are past their day.",
                number,
            )
            % {"number": number, "municipality": name, "year": year},
            programme=pick(title),
            label=_("Say how far they have come"),
            url=reverse("delivery:plan", args=[programme, slug, year]),
            due=first,
            is_late=True,
        )
        for title, programme, name, slug, year, number, first in rows
    ]


WAITING: list[Callable[[Person, dt.date], list[Waiting]]] = [
    _agreements_to_confirm,
    _agreements_to_correct,
    _agreements_that_run_out,
    _meetings,
    _plans_to_adopt,
    _late_measures,
]


def _confirmed_agreements(person: Person, since: dt.date) -> list[News]:
    mine = _either(_sides(person, since + NEWS_DAYS))
    if mine is None:
        return []
    rows = (
        Agreement.objects.filter(mine, confirmed_at__date__gte=since)
        .select_related("programme", "municipality", "subprogramme")
        .order_by("-confirmed_at")[:20]
    )
    return [
        News(
            text=_("%(municipality)s has confirmed the agreement on %(subprogramme)s.")
            % {
                "municipality": row.municipality.name,
                "subprogramme": pick(row.subprogramme.title),
            },
            on=row.confirmed_at.date(),
            url=_url("agreement", row, row.pk),
        )
        for row in rows
        if row.confirmed_at is not None
    ]


def _written_minutes(person: Person, since: dt.date) -> list[News]:
    own = _sides(person, since + NEWS_DAYS).municipality
    if own is None:
        return []
    rows = (
        Meeting.objects.filter(own, state=MeetingState.HELD.value, on__gte=since)
        .visible_to(person, since + NEWS_DAYS)
        .select_related("programme", "municipality")
        .order_by("-on")[:20]
    )
    return [
        News(
            text=_("The minutes of the meeting on %(day)s are written. You can comment on them.")
            % {"day": _day(row.on)},
            on=row.on,
            url=_url("meeting", row, row.pk),
        )
        for row in rows
    ]


NEWS: list[Callable[[Person, dt.date], list[News]]] = [_confirmed_agreements, _written_minutes]
