"""One municipality's year: where it stands, what comes next and who has it, and all its papers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions.agreements import is_municipality, is_office
from sloyfe.delivery.permissions.results import check_may_see_municipality
from sloyfe.delivery.queries.municipality_year import (
    AgreementLine,
    Before,
    MunicipalityYear,
    with_past,
)
from sloyfe.delivery.queries.municipality_year import (
    municipality_year as year_of,
)
from sloyfe.delivery.rules.agreements import (
    MEETINGS_A_YEAR,
    AgreementState,
    MeetingKind,
    MeetingState,
    Side,
    expires_soon,
    last_day,
)
from sloyfe.delivery.rules.municipality_year import Ladder, LadderFacts, NextStep, Rung
from sloyfe.delivery.texts.agreements import AGREEMENT_STATE_COLOR, END_KIND_TEXT, state_words
from sloyfe.delivery.texts.meetings import (
    MEETING_KIND_TEXT,
    MEETING_STATE_COLOR,
    MEETING_STATE_TEXT,
)
from sloyfe.delivery.texts.municipality_year import (
    DECISION_STATE_WORD,
    MATTER_STATE_WORD,
    NEED_STATE_WORD,
    NEXT_TEXT,
    REPORT_STATE_WORD,
    RUNG_TEXT,
)
from sloyfe.delivery.texts.plans import PLAN_STATE_COLOR, PLAN_STATE_TEXT
from sloyfe.delivery.views.agreements import day
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import roles_of
from sloyfe.ui.components import Button, Crumb, Step
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick


def _steps(ladder: Ladder) -> list[Step]:
    return [
        Step(
            RUNG_TEXT[rung],
            "done" if rung in ladder.done else "now" if rung is ladder.now else "next",
            _note(rung, ladder.facts),
        )
        for rung in Rung
    ]


def _note(rung: Rung, facts: LadderFacts) -> str:
    """Say since when a step stands, or when it comes; empty where nothing is known of it."""
    if rung is Rung.DIALOGUE:
        if facts.dialogue_planned and not facts.dialogue_held:
            return _("planned for %(day)s") % {"day": day(facts.dialogue_planned)}
        return day(facts.dialogue_held) if facts.dialogue_held else ""
    if rung is Rung.AGREEMENT:
        return _("since %(day)s") % {"day": day(facts.since)} if facts.since else ""
    if rung is Rung.PRIORITIES:
        return _("%(number)s chosen") % {"number": facts.priorities} if facts.priorities else ""
    if rung is Rung.PLAN:
        adopted = facts.plan_adopted
        return _("adopted on %(day)s") % {"day": day(adopted)} if adopted else ""
    told = {"finished": facts.finished, "all": facts.measures}
    return _("%(finished)s of %(all)s finished") % told if facts.measures else ""


class _Addresses:
    """Addresses under one municipality; one that another part has not handed in is empty."""

    def __init__(self, programme: str, municipality: str) -> None:
        self.programme, self.municipality = programme, municipality

    def under(self, name: str, *more: object, of: Before | None = None) -> str:
        """Give the address of a page; `of` is the municipality that it came from, for its papers."""
        slug = of.slug if of else self.municipality
        return reverse(f"delivery:{name}", args=[self.programme, slug, *more])

    def elsewhere(self, name: str, *args: object) -> str:
        try:
            return reverse(f"delivery:{name}", args=args)
        except NoReverseMatch:
            return ""


@require_GET
def municipality_year(request: HttpRequest, programme: str, municipality: str) -> HttpResponse:
    """Where does the municipality stand, what comes next, and who has it?"""
    today = timezone.localdate()
    pk = next(
        (r.programme_id for r in roles_of(request.user, today) if r.programme_slug == programme),
        None,
    )
    if pk is None:
        raise Http404
    known = with_past(municipality)
    if known is None:
        raise Http404
    place, before = known
    found = Programme.objects.get(pk=pk)
    request.programme = found  # type: ignore[attr-defined]
    year = year_of(pk, place, before, request.user, today)
    own = is_municipality(request.user, pk, place.pk, today)
    office = is_office(request.user, pk, place.pk, today)
    urls = _Addresses(programme, municipality)
    context = {
        "municipality": place,
        "is_simulated": place.is_simulated,
        "programme": found,
        "own": own,
        "sees_figures": not refusal_text(
            check_may_see_municipality,
            request.user,
            found,
            today,
            place.pk,
            reach_of(request.user, today).municipalities,
        ),
        "crumbs": [
            Crumb(pick(found.title), reverse("home:programme", args=[found.slug])),
            Crumb(place.name),
        ],
        "basic_only": year.has_basic_offer_only,
        "steps": _steps(year.ladder),
        "answer": _("%(municipality)s has the basic offer, and is not in a subprogramme.")
        % {"municipality": place.name}
        if year.has_basic_offer_only
        else _answer(year, today),
        "ended_why": ended.end_reason if (ended := _ended(year)) else "",
        "next": _("Next: is %(municipality)s to go on, it begins with a new agreement.")
        % {"municipality": place.name}
        if _ended(year) and year.ladder.next_step is NextStep.DRAFT_AGREEMENT
        else NEXT_TEXT[year.ladder.next_step]
        % {"municipality": place.name, "office": _("the regional office")},
        "who": year.ladder.who,
        "button": _button(year, urls, today, own=own, office=office),
        "merged": [
            {"name": each.name, "url": urls.under("municipality_year", of=each)}
            for each in year.came_from.values()
        ],
        "agreements": [_agreement(row, year, urls, today) for row in year.agreements],
        "write_agreement": Button(
            _("Write an agreement"), urls.under("draft_agreement"), method="get"
        )
        # The button for what comes next stands at the top already.
        if office and year.ladder.next_step is not NextStep.DRAFT_AGREEMENT
        else None,
        "plans": [
            {
                "line": row,
                "of": year.came_from.get(row.municipality_id),
                "state": PLAN_STATE_TEXT[row.state],
                "color": PLAN_STATE_COLOR[row.state],
                "url": urls.under("plan", row.year, of=year.came_from.get(row.municipality_id)),
            }
            for row in year.plans
        ],
        "start_plan": Button(
            _("Begin a plan"),
            urls.under("start_plan"),
            method="get",
            variant="secondary",
        )
        if own or office
        else None,
        "meetings": [
            {
                "line": row,
                "of": year.came_from.get(row.municipality_id),
                "kind": MEETING_KIND_TEXT[row.kind],
                "state": MEETING_STATE_TEXT[row.state],
                "color": MEETING_STATE_COLOR[row.state],
                "is_late": row.state is MeetingState.PLANNED and row.on < today,
                "url": urls.under("meeting", row.pk, of=year.came_from.get(row.municipality_id)),
            }
            for row in year.meetings
        ],
        "a_year": MEETINGS_A_YEAR,
        "plan_meeting": Button(
            _("Plan a meeting"), urls.under("plan_meeting"), method="get", variant="secondary"
        )
        if own or office
        else None,
        "needs": [
            {
                "line": row,
                "of": year.came_from.get(row.municipality_id),
                "state": NEED_STATE_WORD[row.state],
                "url": urls.elsewhere("need", programme, row.pk),
            }
            for row in year.needs
        ],
        "reports": [
            {
                "line": row,
                "of": year.came_from.get(row.municipality_id),
                "state": REPORT_STATE_WORD[row.state],
                "url": urls.elsewhere(
                    "report",
                    programme,
                    row.year,
                    earlier.slug
                    if (earlier := year.came_from.get(row.municipality_id))
                    else municipality,
                ),
            }
            for row in year.reports
        ],
        "matters": [
            {
                "line": row,
                "state": MATTER_STATE_WORD[row.state],
                "decisions": [
                    {"line": each, "state": DECISION_STATE_WORD[each.state]}
                    for each in row.decisions
                ],
            }
            for row in year.matters
        ],
        "dates": year.dates,
        "this_year": today.year,
        "facts": year.ladder.facts,
    }
    return render(request, "delivery/municipality_year/page.html", context)


def _agreement(
    row: AgreementLine, year: MunicipalityYear, urls: _Addresses, today: dt.date
) -> dict[str, Any]:
    return {
        "line": row,
        "of": year.came_from.get(row.municipality_id),
        "state": state_words(row.state, row.valid_from, row.ended_on, today),
        "color": AGREEMENT_STATE_COLOR[row.state],
        "last_day": last_day(row.ended_on or row.valid_to),
        "expires": row.state is AgreementState.IN_FORCE and expires_soon(row.valid_to, today),
        "holds": row.state is AgreementState.IN_FORCE,
        "ended": END_KIND_TEXT[row.end_kind] if row.end_kind else "",
        "url": urls.under("agreement", row.pk, of=year.came_from.get(row.municipality_id)),
    }


def _ended(year: MunicipalityYear) -> AgreementLine | None:
    """Give the agreement that ended last, where no other has come after it."""
    mine = [row for row in year.agreements if row.municipality_id not in year.came_from]
    if any(row.state is AgreementState.IN_FORCE for row in mine):
        return None
    ended = [row for row in mine if row.state is AgreementState.ENDED]
    return max(ended, key=lambda row: (row.ended_on or dt.date.min, row.version), default=None)


def _answer(year: MunicipalityYear, today: dt.date) -> str:
    """Tell in a sentence where the municipality stands."""
    ladder = year.ladder
    facts = ladder.facts
    ended = _ended(year)
    if ended is not None and ended.end_kind is not None:
        return _("The agreement ended on %(day)s: %(why)s.") % {
            "day": day(last_day(ended.ended_on)),
            "why": _uncapitalised(str(END_KIND_TEXT[ended.end_kind])),
        }
    if ladder.now is Rung.DIALOGUE:
        return _("There is no agreement yet. It begins with a dialogue meeting.")
    if ladder.now is Rung.AGREEMENT:
        if facts.in_force:
            return _("The agreement has run out.")
        return _("The dialogue is under way, and there is no agreement in force yet.")
    if ladder.now is Rung.PRIORITIES:
        return _("The agreement is in force, but no effort areas are chosen yet.")
    if ladder.now is Rung.PLAN:
        return _("The agreement is in force. There is no adopted plan for %(year)s yet.") % {
            "year": today.year
        }
    if ladder.now is None:
        return _("All measures in the plan for %(year)s are finished.") % {"year": today.year}
    return _("The plan for %(year)s is adopted: %(finished)s of %(all)s measures are finished.") % {
        "year": today.year,
        "finished": facts.finished,
        "all": facts.measures,
    }


def _uncapitalised(text: str) -> str:
    return text[:1].lower() + text[1:]


def _button(
    year: MunicipalityYear, urls: _Addresses, today: dt.date, *, own: bool, office: bool
) -> Button | None:
    """Give the one button that does what comes next, to the side that has it."""
    step = year.ladder.next_step
    has_it = own if year.ladder.who is Side.MUNICIPALITY else office
    if not has_it:
        return None
    mine = [row for row in year.agreements if row.municipality_id not in year.came_from]

    def agreement(*states: AgreementState) -> str:
        return next((urls.under("agreement", row.pk) for row in mine if row.state in states), "")

    def meeting() -> str:
        return next(
            (
                urls.under("meeting", row.pk)
                for row in reversed(year.meetings)
                if row.kind is MeetingKind.DIALOGUE and row.state is MeetingState.PLANNED
            ),
            "",
        )

    plan_dialogue = (
        _("Plan a dialogue meeting"), urls.under("plan_meeting") + "?kind=dialogue",
    )  # fmt: skip
    ways: dict[NextStep, tuple[str, str]] = {
        NextStep.PLAN_DIALOGUE: plan_dialogue,
        NextStep.BASIC_OFFER: plan_dialogue,
        NextStep.GOES_ON: ("", ""),
        NextStep.HOLD_DIALOGUE: (_("Open the meeting"), meeting()),
        NextStep.DRAFT_AGREEMENT: (_("Write an agreement"), urls.under("draft_agreement")),
        NextStep.PROPOSE_AGREEMENT: (_("Open the draft"), agreement(AgreementState.DRAFT)),
        NextStep.CONFIRM_AGREEMENT: (
            _("Read and confirm the agreement"),
            agreement(AgreementState.PROPOSED),
        ),
        NextStep.RENEW_AGREEMENT: (_("Open the agreement"), agreement(AgreementState.IN_FORCE)),
        NextStep.CHOOSE_PRIORITIES: (_("Open the agreement"), agreement(AgreementState.IN_FORCE)),
        NextStep.MAKE_PLAN: (
            (_("Open the plan"), urls.under("plan", today.year))
            if year.ladder.facts.plan
            else (_("Begin the plan"), urls.under("start_plan"))
        ),
        NextStep.ADOPT_PLAN: (_("Read and adopt the plan"), urls.under("plan", today.year)),
        NextStep.CATCH_UP: (_("Open the plan"), urls.under("plan", today.year)),
        NextStep.PLAN_MEETING: (_("Plan a meeting"), urls.under("plan_meeting")),
        NextStep.CARRY_OUT: (_("Open the plan"), urls.under("plan", today.year)),
    }
    label, url = ways[step]
    return Button(label, url, method="get") if url else None
