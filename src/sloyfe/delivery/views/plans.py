"""Pages of action plans: the plan with its measures, beginning, adopting, opening and closing it."""

from __future__ import annotations

import datetime as dt
import itertools

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile
from sloyfe.delivery.actions import plans as actions
from sloyfe.delivery.forms.plans import (
    ReviseForm,
    StartForm,
    SummaryForm,
)
from sloyfe.delivery.models import Plan
from sloyfe.delivery.permissions import plans as permissions
from sloyfe.delivery.permissions.agreements import sides_of
from sloyfe.delivery.queries.plans import MeasureLine, measures_of
from sloyfe.delivery.rules.agreements import Side
from sloyfe.delivery.rules.plans import PlanState
from sloyfe.delivery.texts.plans import (
    FIELD_TEXT,
    MEASURE_STATUS_COLOR,
    MEASURE_STATUS_TEXT,
    PLAN_STATE_TEXT,
)
from sloyfe.delivery.views.place import (
    Place,
    attempt,
    form_page,
    person_of,
    place_of,
    with_revision,
)
from sloyfe.ui.components import Button, Crumb, Step
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.visibility import get_visible_or_404


def plan_of(request: HttpRequest, place: Place, year: int) -> Plan:
    """Give the plan of a page; who may not read it gets 404."""
    return get_visible_or_404(
        Plan.objects.select_related("office", "programme", "municipality", "agreement"),
        request.user,
        programme=place.programme,
        municipality=place.municipality,
        year=year,
    )


def _title(plan: Plan) -> str:
    return _("Action plan for %(year)s") % {"year": plan.year}


def way_to(place: Place, plan: Plan, last: str) -> list[Crumb]:
    """Give the way back from a page under the plan."""
    return place.crumbs(Crumb(_title(plan), place.url("plan", plan.year)), last)


def _steps(plan: Plan) -> list[Step]:
    order = list(PlanState)
    now = order.index(PlanState(plan.state))
    return [
        Step(PLAN_STATE_TEXT[state], "done" if place < now else "now" if place == now else "next")
        for place, state in enumerate(order)
    ]


def _buttons(request: HttpRequest, place: Place, plan: Plan, today: dt.date) -> list[Button]:
    sides = sides_of(request.user, plan, today)
    state = PlanState(plan.state)
    user = request.user
    if not sides or state is PlanState.CLOSED:
        return []
    if state is PlanState.DRAFT:
        return [
            Button(
                _("Add a measure"),
                place.url("add_measure", plan.year),
                method="get",
            ),
            Button(
                _("Adopt the plan"),
                place.url("adopt_plan", plan.year, plan.revision),
                refusal_text(permissions.check_may_adopt, user, plan, today),
                variant="secondary",
            ),
            Button(
                _("Write the plan in short"),
                place.url("summarise_plan", plan.year),
                method="get",
                variant="tertiary",
            ),
        ]
    found = []
    if Side.MUNICIPALITY in sides:
        found.append(
            Button(
                _("Open for changes"),
                place.url("revise_plan", plan.year),
                method="get",
                variant="secondary",
            )
        )
    if today.year >= plan.year:
        found.append(
            Button(
                _("Close the plan"),
                place.url("close_plan", plan.year),
                refusal_text(permissions.check_may_close, user, plan, today),
                variant="tertiary",
            )
        )
    return found


def _answer(plan: Plan, lines: tuple[MeasureLine, ...]) -> str:
    if not lines:
        return _("The plan has no measures yet.")
    finished = sum(1 for line in lines if line.is_finished)
    late = sum(1 for line in lines if line.is_late)
    left = len(lines) - finished if plan.state == PlanState.CLOSED else 0
    text = ngettext(
        "%(finished)s of %(all)s measure is finished.",
        "%(finished)s of %(all)s measures are finished.",
        len(lines),
    ) % {"finished": finished, "all": len(lines)}
    if late:
        text += " " + ngettext(
            "%(late)s is past its day.", "%(late)s are past their day.", late
        ) % {"late": late}
    if left:
        text += " " + ngettext(
            "%(left)s was not finished.", "%(left)s were not finished.", left
        ) % {"left": left}
    return text


@require_GET
def plan_page(request: HttpRequest, programme: str, municipality: str, year: int) -> HttpResponse:
    """What does the municipality do this year, and how far has it come?"""
    place = place_of(request, programme, municipality)
    today = timezone.localdate()
    plan = plan_of(request, place, year)
    lines = measures_of(plan, today)
    sides = sides_of(request.user, plan, today)
    state = PlanState(plan.state)
    writes = bool(sides) and state is PlanState.DRAFT
    follows = bool(sides) and state is not PlanState.CLOSED
    years = (
        Plan.objects.visible_to(request.user)
        .filter(programme=place.programme, municipality=place.municipality)
        .exclude(year=year)
        .order_by("-year")
        .values_list("year", flat=True)
    )
    revised = (
        Comment.objects.about(plan).filter(anchor=actions.REVISED).order_by("-made_at")
        if sides
        else []
    )
    context = {
        "place": place,
        "plan": plan,
        "title": _title(plan),
        "answer": _answer(plan, lines),
        "steps": _steps(plan),
        "buttons": _buttons(request, place, plan, today),
        "is_simulated": place.municipality.is_simulated,
        "crumbs": place.crumbs(_title(plan)),
        "rows": [
            {
                "line": line,
                "place": f"m-{line.measure.pk}",
                "is_left": state is PlanState.CLOSED and not line.is_finished,
                "status": MEASURE_STATUS_TEXT[line.status],
                "color": MEASURE_STATUS_COLOR[line.status],
                "status_url": place.url("measure_status", year, line.measure.pk) if follows else "",
                "change_url": place.url("change_measure", year, line.measure.pk) if writes else "",
                "remove_url": place.url("remove_measure", year, line.measure.pk) if writes else "",
                "add_url": place.url("add_activity", year, line.measure.pk) if follows else "",
                "activities": [
                    {
                        "activity": activity,
                        "mark_url": place.url("mark_activity", year, activity.pk)
                        if follows
                        else "",
                        "remove_url": place.url("remove_activity", year, activity.pk)
                        if follows
                        else "",
                    }
                    for activity in line.activities
                ],
            }
            for line in lines
        ],
        "other_years": [(each, place.url("plan", each)) for each in years],
        "revised": list(revised),
        "add": Button(_("Add a measure"), place.url("add_measure", year), method="get")
        if writes
        else None,
    }
    return render(request, "delivery/plans/plan.html", context)


@require_http_methods(["GET", "POST"])
def start_plan(request: HttpRequest, programme: str, municipality: str) -> HttpResponse:
    """Begin the plan of a year."""
    place = place_of(request, programme, municipality)
    today = timezone.localdate()
    permissions.check_may_start_plan(request.user, place.programme.pk, place.municipality.pk, today)
    known = set(
        Plan.objects.filter(
            programme=place.programme, municipality=place.municipality, year__gte=today.year
        ).values_list("year", flat=True)
    )
    proposed = next(year for year in itertools.count(today.year) if year not in known)
    form = StartForm(request.POST or None, initial={"year": proposed})
    if request.method == "POST" and form.is_valid():
        year = form.cleaned_data["year"]
        if Plan.objects.filter(
            programme=place.programme, municipality=place.municipality, year=year
        ).exists():
            say(request, _("There is a plan for %(year)s already. This is it.") % {"year": year})
            return redirect(place.url("plan", year))
        plan = attempt(
            form,
            lambda: actions.start_plan(
                programme=place.programme,
                municipality=place.municipality,
                year=year,
                copy_unfinished=form.cleaned_data["copy_unfinished"],
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if plan is not None:
            copied = plan.measures.count()
            text = ngettext(
                "The plan is begun, with %(number)s measure that last year's plan did not finish. Look over"
                " it, and add the new ones. Adopt the plan when it is ready.",
                "The plan is begun, with %(number)s measures that last year's plan did not finish. Look over"
                " them, and add the new ones. Adopt the plan when it is ready.",
                copied,
            )
            say(
                request,
                text % {"number": copied} if copied else _("The plan is begun. Add the measures."),
            )
            return redirect(place.url("plan", plan.year))
    return form_page(
        request,
        place,
        form=form,
        title=_("Begin an action plan"),
        submit=_("Begin the plan"),
        crumbs=place.crumbs(_("Begin an action plan")),
    )


@require_http_methods(["GET", "POST"])
def summarise_plan(
    request: HttpRequest, programme: str, municipality: str, year: int
) -> HttpResponse:
    """Write the plan in short."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    permissions.check_may_write_plan(request.user, plan, timezone.localdate())
    form = SummaryForm(
        request.POST or None, initial={"revision": plan.revision, "summary": plan.summary}
    )
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = attempt(
                form,
                lambda: actions.summarise_plan(
                    plan=plan,
                    summary=form.cleaned_data["summary"],
                    revision=form.cleaned_data["revision"] or 0,
                    actor=request.user,
                    now=timezone.now(),
                ),
            )
            if saved is not None:
                return redirect(place.url("plan", year))
        except ChangedMeanwhile as meanwhile:
            refusal = meanwhile
            plan.refresh_from_db()
            form = SummaryForm(with_revision(request, plan.revision))
            form.is_valid()
    return form_page(
        request,
        place,
        form=form,
        title=_("Write the plan in short"),
        submit=_("Save"),
        crumbs=way_to(place, plan, _("Write the plan in short")),
        refusal=refusal,
        now=[(FIELD_TEXT["summary"], plan.summary)] if refusal else None,
    )


@require_POST
def adopt_plan(
    request: HttpRequest, programme: str, municipality: str, year: int, revision: int
) -> HttpResponse:
    """Adopt the plan as it was read."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    actions.adopt_plan(plan=plan, revision=revision, actor=request.user, now=timezone.now())
    say(request, _("The plan is adopted. Tell here how far the measures have come."))
    return redirect(place.url("plan", year))


@require_http_methods(["GET", "POST"])
def revise_plan(request: HttpRequest, programme: str, municipality: str, year: int) -> HttpResponse:
    """Open an adopted plan for changes, with why."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    permissions.check_may_revise(request.user, plan, timezone.localdate())
    form = ReviseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        opened = attempt(
            form,
            lambda: actions.revise_plan(
                plan=plan,
                reason=form.cleaned_data["reason"],
                actor=person_of(request),
                now=timezone.now(),
            ),
        )
        if opened is not None:
            say(request, _("The plan is open for changes. Adopt it again when it is ready."))
            return redirect(place.url("plan", year))
    return form_page(
        request,
        place,
        form=form,
        title=_("Open the plan for changes"),
        lead=_("Others in the programme do not see the plan until it is adopted again."),
        submit=_("Open the plan"),
        crumbs=way_to(place, plan, _("Open the plan for changes")),
    )


@require_POST
def close_plan(request: HttpRequest, programme: str, municipality: str, year: int) -> HttpResponse:
    """Close the plan of a year."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    actions.close_plan(plan=plan, actor=request.user, now=timezone.now())
    say(request, _("The plan is closed. What is unfinished can be taken along to the next year."))
    return redirect(place.url("plan", year))
