"""Pages of one measure of a plan: writing it, saying how far it has come, and its activities."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from sloyfe.common.errors import ChangedMeanwhile
from sloyfe.delivery.actions import plans as actions
from sloyfe.delivery.forms.plans import (
    ActivityForm,
    MeasureForm,
    StatusForm,
    initial_of,
)
from sloyfe.delivery.models import Activity, Measure, Plan
from sloyfe.delivery.permissions import plans as permissions
from sloyfe.delivery.rules.plans import MeasureStatus, is_late, stand_of
from sloyfe.delivery.texts.plans import FIELD_TEXT, MEASURE_STATUS_TEXT
from sloyfe.delivery.views.agreements import day
from sloyfe.delivery.views.place import (
    attempt,
    attempt_revised,
    form_page,
    place_of,
    with_revision,
)
from sloyfe.delivery.views.plans import plan_of, way_to
from sloyfe.ui.components import Button
from sloyfe.ui.middleware import say
from sloyfe.ui.templatetags.ui import pick


def measure_of(plan: Plan, pk: int) -> Measure:
    measure = get_object_or_404(Measure.objects.select_related("goal", "area"), plan=plan, pk=pk)
    measure.plan = plan
    return measure


@require_http_methods(["GET", "POST"])
def add_measure(request: HttpRequest, programme: str, municipality: str, year: int) -> HttpResponse:
    """Add a measure to the plan."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    permissions.check_may_write_plan(request.user, plan, timezone.localdate())
    form = MeasureForm(request.POST or None, programme_id=place.programme.pk)
    if request.method == "POST" and form.is_valid():
        measure = attempt(
            form,
            lambda: actions.add_measure(
                plan=plan, terms=form.terms(), actor=request.user, now=timezone.now()
            ),
        )
        if measure is not None:
            say(request, _("The measure is in the plan."), at=f"m-{measure.pk}")
            return redirect(place.url("plan", year) + f"#m-{measure.pk}")
    return form_page(
        request,
        place,
        form=form,
        title=_("Add a measure"),
        submit=_("Add the measure"),
        crumbs=way_to(place, plan, _("Add a measure")),
    )


@require_http_methods(["GET", "POST"])
def change_measure(
    request: HttpRequest, programme: str, municipality: str, year: int, pk: int
) -> HttpResponse:
    """Change a measure."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    permissions.check_may_write_plan(request.user, plan, timezone.localdate())
    measure = measure_of(plan, pk)
    form = MeasureForm(
        request.POST or None, programme_id=place.programme.pk, initial=initial_of(measure)
    )
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = attempt(
                form,
                lambda: actions.change_measure(
                    measure=measure,
                    terms=form.terms(),
                    revision=form.cleaned_data["revision"] or 0,
                    actor=request.user,
                    now=timezone.now(),
                ),
            )
            if saved is not None:
                say(request, _("The measure is saved."), at=f"m-{pk}")
                return redirect(place.url("plan", year) + f"#m-{pk}")
        except ChangedMeanwhile as meanwhile:
            refusal = meanwhile
            plan.refresh_from_db()
            measure = (
                Measure.objects.select_related("goal", "area").filter(pk=pk).first() or measure
            )
            form = MeasureForm(
                with_revision(request, plan.revision), programme_id=place.programme.pk
            )
            form.is_valid()
    return form_page(
        request,
        place,
        form=form,
        title=_("Change the measure"),
        submit=_("Save"),
        crumbs=way_to(place, plan, _("Change the measure")),
        refusal=refusal,
        now=[
            (FIELD_TEXT["text"], measure.text),
            (_("Effort area"), pick(measure.area.title) if measure.area else ""),
            (_("The goal that it serves"), pick(measure.goal.text) if measure.goal else ""),
            (FIELD_TEXT["who"], measure.who),
            (_("By when"), day(measure.by_when)),
            (FIELD_TEXT["how_seen"], measure.how_seen),
        ]
        if refusal
        else None,
    )


@require_http_methods(["GET", "POST"])
def remove_measure(
    request: HttpRequest, programme: str, municipality: str, year: int, pk: int
) -> HttpResponse:
    """Take a measure out of the plan, after naming what is lost."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    permissions.check_may_write_plan(request.user, plan, timezone.localdate())
    measure = measure_of(plan, pk)
    if request.method == "POST":
        actions.remove_measure(measure=measure, actor=request.user, now=timezone.now())
        say(request, _("The measure is taken out of the plan."))
        return redirect(place.url("plan", year))
    number = measure.activities.count()
    context = {
        "place": place,
        "title": _("Take the measure out"),
        "what": ngettext(
            "“%(measure)s” is lost, with %(number)s activity.",
            "“%(measure)s” is lost, with %(number)s activities.",
            number,
        )
        % {"measure": measure.text, "number": number},
        "button": Button(
            _("Take the measure out"), place.url("remove_measure", year, pk), color="danger"
        ),
        "cancel": place.url("plan", year),
        "is_simulated": place.municipality.is_simulated,
        "crumbs": way_to(place, plan, _("Take the measure out")),
    }
    return render(request, "delivery/municipality_year/lose.html", context)


@require_http_methods(["GET", "POST"])
def measure_status(
    request: HttpRequest, programme: str, municipality: str, year: int, pk: int
) -> HttpResponse:
    """Say how far a measure has come."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    permissions.check_may_follow_plan(request.user, plan, timezone.localdate())
    measure = measure_of(plan, pk)

    def again() -> StatusForm:
        nonlocal measure
        # One that has been taken out meanwhile is shown as it was: what was written must not be lost.
        measure = Measure.objects.filter(pk=pk).first() or measure
        data = request.POST.copy()
        data["stood"] = _stand(measure)
        return StatusForm(data)

    form, saved, refusal = attempt_revised(
        request,
        StatusForm(
            request.POST or None,
            initial={
                "stood": _stand(measure),
                "status": measure.status,
                "note": measure.status_note,
                "new_day": measure.by_when,
            },
        ),
        lambda data: actions.set_status(
            measure=measure,
            status=MeasureStatus(data["status"]),
            note=data["note"],
            new_day=data["new_day"],
            stood=data["stood"],
            actor=request.user,
            now=timezone.now(),
        ),
        again,
    )
    if saved is not None:
        told = _("How far the measure has come is saved.")
        if is_late(MeasureStatus(saved.status), saved.by_when, timezone.localdate()):
            told += " " + _(
                "Its day has passed: it waits on the first page until it gets a new day, is done or is stopped."
            )
        say(request, told, at=f"m-{pk}")
        return redirect(place.url("plan", year) + f"#m-{pk}")
    return form_page(
        request,
        place,
        form=form,
        title=_("How far has the measure come?"),
        lead=measure.text,
        submit=_("Save"),
        crumbs=way_to(place, plan, _("How far has the measure come?")),
        refusal=refusal,
        now=[
            (_("How far it has come"), MEASURE_STATUS_TEXT[MeasureStatus(measure.status)]),
            (FIELD_TEXT["status_note"], measure.status_note),
            (_("By when"), day(measure.by_when)),
        ]
        if refusal
        else None,
    )


def _stand(measure: Measure) -> str:
    return stand_of(measure.status, measure.status_note, measure.by_when)


@require_http_methods(["GET", "POST"])
def add_activity(
    request: HttpRequest, programme: str, municipality: str, year: int, pk: int
) -> HttpResponse:
    """Add an activity under a measure."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    permissions.check_may_follow_plan(request.user, plan, timezone.localdate())
    measure = measure_of(plan, pk)
    form = ActivityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        added = attempt(
            form,
            lambda: actions.add_activity(
                measure=measure,
                text=form.cleaned_data["text"],
                on=form.cleaned_data["on"],
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if added is not None:
            say(request, _("The activity is under the measure."), at=f"m-{pk}")
            return redirect(place.url("plan", year) + f"#m-{pk}")
    return form_page(
        request,
        place,
        form=form,
        title=_("Add an activity"),
        lead=measure.text,
        submit=_("Add the activity"),
        crumbs=way_to(place, plan, _("Add an activity")),
    )


def _activity(plan: Plan, pk: int) -> Activity:
    activity = get_object_or_404(
        Activity.objects.select_related("measure"), measure__plan=plan, pk=pk
    )
    activity.measure.plan = plan
    return activity


@require_POST
def mark_activity(
    request: HttpRequest, programme: str, municipality: str, year: int, pk: int
) -> HttpResponse:
    """Mark an activity as done today, or as not done after all."""
    place = place_of(request, programme, municipality)
    today = timezone.localdate()
    plan = plan_of(request, place, year)
    permissions.check_may_follow_plan(request.user, plan, today)
    activity = _activity(plan, pk)
    # The button says what is wanted, so that pressing it twice does not take it back.
    done = request.POST.get("done") == "yes"
    actions.mark_activity(
        activity=activity,
        done_on=today if done else None,
        actor=request.user,
        now=timezone.now(),
    )
    return redirect(place.url("plan", year) + f"#m-{activity.measure_id}")


@require_http_methods(["GET", "POST"])
def remove_activity(
    request: HttpRequest, programme: str, municipality: str, year: int, pk: int
) -> HttpResponse:
    """Take an activity out of the plan, after naming what is lost."""
    place = place_of(request, programme, municipality)
    plan = plan_of(request, place, year)
    permissions.check_may_follow_plan(request.user, plan, timezone.localdate())
    activity = _activity(plan, pk)
    back = place.url("plan", year) + f"#m-{activity.measure_id}"
    if request.method == "POST":
        actions.remove_activity(activity=activity, actor=request.user, now=timezone.now())
        say(request, _("The activity is taken out of the plan."), at=f"m-{activity.measure_id}")
        return redirect(back)
    context = {
        "place": place,
        "title": _("Take the activity out"),
        "what": _("“%(activity)s” is lost. It stands under the measure “%(measure)s”.")
        % {"activity": activity.text, "measure": activity.measure.text},
        "button": Button(
            _("Take the activity out"), place.url("remove_activity", year, pk), color="danger"
        ),
        "cancel": back,
        "is_simulated": place.municipality.is_simulated,
        "crumbs": way_to(place, plan, _("Take the activity out")),
    }
    return render(request, "delivery/municipality_year/lose.html", context)
