"""Pages of a round: the list, the live page, planning, drawing, opening and closing."""

from __future__ import annotations

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.fieldwork import permissions, queries
from sloyfe.fieldwork.actions import mailings, rounds, sampling
from sloyfe.fieldwork.forms import DrawForm, PopulationForm, RoundForm
from sloyfe.fieldwork.models import FrameUnit, Population, Round
from sloyfe.fieldwork.rules import Declaration, Design, Origin, RoundState, hidden_groups
from sloyfe.fieldwork.texts import DECLARATION_TEXT, DESIGN_TEXT, ORIGIN_TEXT, ROUND_STATE_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme, Region
from sloyfe.programme.queries import roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.components import Button, Crumb, Step
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.visibility import get_visible_or_404


def fetch_round(request: HttpRequest, slug: str) -> Round:
    """Give the round, or answer 404 to somebody who may not see it."""
    return get_visible_or_404(
        Round.objects.select_related("programme", "evaluator"), request.user, slug=slug
    )


def _population(request: HttpRequest, slug: str, code: str) -> Population:
    round_ = fetch_round(request, slug)
    return get_object_or_404(
        Population.objects.select_related(
            "round__programme", "round__evaluator", "version__instrument"
        ),
        round=round_,
        code=code,
    )


def crumbs(round_: Round, last: str = "") -> list[Crumb]:
    """Give the way back from a page of a round."""
    way = [Crumb(_("Surveys"), reverse("fieldwork:rounds"))]
    if last:
        return [
            *way,
            Crumb(str(round_), reverse("fieldwork:round", args=[round_.slug])),
            Crumb(last),
        ]
    return [*way, Crumb(str(round_))]


def steps(round_: Round) -> list[Step]:
    """Draw where a round stands from the same states as the rules."""
    order = list(RoundState)
    now = order.index(RoundState(round_.state))
    return [
        Step(
            ROUND_STATE_TEXT[state],
            "done" if place < now else "now" if place == now else "next",
        )
        for place, state in enumerate(order)
    ]


@require_GET
def round_list(request: HttpRequest) -> HttpResponse:
    """Which surveys are there, and how do they go?"""
    today = timezone.localdate()
    visible = (
        Round.objects.visible_to(request.user)
        .select_related("programme")
        .order_by("programme__slug", "-opens_on")
    )
    rows = [
        {
            "round": row,
            "state": ROUND_STATE_TEXT[RoundState(row.state)],
            "origin": ORIGIN_TEXT[Origin(row.origin)],
        }
        for row in visible
    ]
    new = [
        Button(
            _("Plan a survey in %(programme)s") % {"programme": programme},
            reverse("fieldwork:plan_round", args=[programme.slug]),
            method="get",
        )
        for programme in Programme.objects.filter(
            pk__in={
                role.programme_id
                for role in roles_of(request.user, today)
                if role.capacity == Capacity.EVALUATOR
            }
        )
    ]
    if not rows and not roles_of(request.user, today):
        raise Http404
    return render(request, "fieldwork/round_list.html", {"rows": rows, "new": new})


@require_GET
def round_page(request: HttpRequest, slug: str) -> HttpResponse:
    """How far has this survey come?"""
    round_ = fetch_round(request, slug)
    today = timezone.localdate()
    progress = queries.progress(round_)
    to_remind = sum(row.to_remind for row in progress)
    runs = permissions.is_evaluator_of(request.user, round_, today)
    regions = dict(Region.objects.filter(programme=round_.programme).values_list("code", "name"))
    hidden = {} if runs else {row.population.pk: _hidden(row) for row in progress}
    context = {
        "round": round_,
        "is_simulated": round_.is_simulated,
        "crumbs": crumbs(round_),
        "steps": steps(round_),
        "progress": [
            {"row": row, "hidden": hidden.get(row.population.pk, frozenset())} for row in progress
        ],
        "closed": round_.state == RoundState.CLOSED,
        "regions": regions,
        "declaration": DECLARATION_TEXT[Declaration(round_.declaration)],
        "designs": {d.value: DESIGN_TEXT[d] for d in Design},
        "runs": runs,
        "published": round_.origin == Origin.PUBLISHED,
        "buttons": _round_buttons(request, round_, today, to_remind) if runs else [],
        "may_contacts": not refusal_text(
            permissions.check_may_bring_contacts, request.user, round_, today
        ),
        "to_remind": to_remind,
    }
    return render(request, "fieldwork/round_page.html", context)


def _hidden(row: queries.PopulationProgress) -> frozenset[str]:
    """The regions in which so few were asked that a rate would say who has answered."""
    return hidden_groups({stratum.stratum: stratum.asked for stratum in row.strata})


def _round_buttons(
    request: HttpRequest, round_: Round, today: dt.date, to_remind: int
) -> list[Button]:
    def url(name: str) -> str:
        return reverse(f"fieldwork:{name}", args=[round_.slug])

    if round_.origin == Origin.PUBLISHED:
        return []
    if round_.state == RoundState.PLANNED:
        return [
            Button(_("Add a group"), url("add_population"), method="get", variant="secondary"),
            Button(
                _("Open for answers"),
                url("open_round"),
                refusal_text(permissions.check_may_open, request.user, round_, today),
            ),
        ]
    why = refusal_text(permissions.check_may_send, request.user, round_, today)
    if round_.state != RoundState.OPEN:
        return []
    # What is done already is not offered; what comes next is the one that stands out.
    buttons = []
    if queries.cases_to_invite(round_):
        buttons.append(Button(_("Send invitations"), url("invite"), why))
    if to_remind:
        buttons.append(
            Button(
                _("Remind those who have not finished"),
                url("remind"),
                why,
                variant="secondary" if buttons else "primary",
            )
        )
    close = Button(_("Close the survey"), url("close_round"), method="get", variant="tertiary")
    return [*buttons, close]


@require_http_methods(["GET", "POST"])
def plan_round(request: HttpRequest, programme: str) -> HttpResponse:
    """Plan a survey: what it is, who answers for it, what is deleted when."""
    today = timezone.localdate()
    visible = {role.programme_slug for role in roles_of(request.user, today)}
    if programme not in visible:
        raise Http404
    row = Programme.objects.get(slug=programme)
    permissions.check_may_plan_rounds(request.user, row, today)
    form = RoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if Round.objects.filter(slug=data["slug"]).exists():
            form.add_error("slug", _("Another survey has this short name. Choose another."))
        else:
            institute = next(
                role.organisation_id
                for role in roles_of(request.user, today)
                if role.programme_id == row.pk and role.capacity == Capacity.EVALUATOR
            )
            round_ = rounds.plan_round(
                programme=row,
                slug=data["slug"],
                title={"nb": data["title_nb"], "nn": data["title_nn"]},
                declaration=Declaration(data["declaration"]),
                evaluator=Organisation.objects.get(pk=institute),
                host=data["host"],
                controller=data["controller"],
                processor=data["processor"],
                legal_ground=data["legal_ground"],
                privacy_notice={"nb": data["privacy_nb"], "nn": data["privacy_nn"]},
                contact=data["contact"],
                opens_on=data["opens_on"],
                closes_on=data["closes_on"],
                delete_contacts_on=data["delete_contacts_on"],
                delete_keys_on=data["delete_keys_on"],
                delete_responses_on=data["delete_responses_on"],
                actor=request.user,
                now=timezone.now(),
            )
            say(request, _("The survey is planned. Now say who is asked."))
            return redirect("fieldwork:add_population", round_.slug)
    context = {
        "is_simulated": row.is_simulated,
        "form": form,
        "title": _("Plan a survey"),
        "submit": _("Save the plan"),
        "crumbs": [Crumb(_("Surveys"), reverse("fieldwork:rounds")), Crumb(_("Plan a survey"))],
    }
    return render(request, "ui/form_page.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def add_population(request: HttpRequest, slug: str) -> HttpResponse:
    """Say who else is asked in a survey."""
    round_ = fetch_round(request, slug)
    permissions.check_may_change_plan(request.user, round_, timezone.localdate())
    form = PopulationForm(request.POST or None, programme=round_.programme)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if round_.populations.filter(code=data["code"]).exists():
            form.add_error("code", _("Another group has this short name. Choose another."))
        elif data["design"] == Design.STRATIFIED and not data["per_stratum"]:
            form.add_error("per_stratum", _("Say how many to draw in each region."))
        else:
            population = rounds.add_population(
                round_=round_,
                code=data["code"],
                title={"nb": data["title_nb"], "nn": data["title_nn"]},
                version=data["version"],
                frame_rule={"subprogramme": data["subprogramme"] or None},
                frame_as_of=data["frame_as_of"],
                design=Design(data["design"]),
                per_stratum=data["per_stratum"],
                actor=request.user,
                now=timezone.now(),
            )
            return redirect("fieldwork:population", round_.slug, population.code)
    context = {
        "is_simulated": round_.is_simulated,
        "form": form,
        "title": _("Who is asked?"),
        "submit": _("Add the group"),
        "crumbs": crumbs(round_, _("Who is asked?")),
    }
    return render(request, "ui/form_page.html", context, status=422 if form.errors else 200)


@require_GET
def population_page(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """Who can be asked, who was drawn, and with what chance?"""
    population = _population(request, slug, code)
    today = timezone.localdate()
    drawn = getattr(population, "draw", None)
    regions = dict(
        Region.objects.filter(programme=population.round.programme).values_list("code", "name")
    )
    frame: dict[str, int] = {}
    for stratum in FrameUnit.objects.filter(population=population).values_list(
        "stratum", flat=True
    ):
        frame[stratum] = frame.get(stratum, 0) + 1
    runs = permissions.is_evaluator_of(request.user, population.round, today)
    why = refusal_text(permissions.check_may_change_plan, request.user, population.round, today)
    cases = []
    if runs:
        cases = list(
            population.cases.select_related("organisation").order_by("organisation__sort_key")
        )
    context = {
        "population": population,
        "round": population.round,
        "is_simulated": population.round.is_simulated,
        "crumbs": crumbs(population.round, str(population)),
        "draw": drawn,
        "drawn_total": sum(row["sampled"] for row in drawn.strata) if drawn else 0,
        "strata": [
            {**row, "name": regions.get(row["stratum"], row["stratum"])} for row in drawn.strata
        ]
        if drawn
        else [],
        "frame_rows": [(regions.get(key, key), n) for key, n in sorted(frame.items())],
        "frame_size": sum(frame.values()),
        "runs": runs,
        "design": DESIGN_TEXT[Design(population.design)],
        "frame_button": Button(
            _("Make the frame"),
            reverse("fieldwork:make_frame", args=[slug, code]),
            why,
            variant="secondary" if frame else "primary",
        ),
        "draw_form": DrawForm(),
        "draw_why": why,
        "needs_seed": population.design == Design.STRATIFIED,
        "cases": cases,
        "regions": regions,
    }
    return render(request, "fieldwork/population_page.html", context)


@require_POST
def make_frame(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    population = _population(request, slug, code)
    size = sampling.make_frame(population=population, actor=request.user, now=timezone.now())
    say(request, _("The frame holds %(size)s municipalities.") % {"size": size})
    return redirect("fieldwork:population", slug, code)


@require_POST
def draw(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    population = _population(request, slug, code)
    form = DrawForm(request.POST)
    needs_seed = population.design == Design.STRATIFIED
    seed = form.cleaned_data["seed"] if form.is_valid() else ""
    if needs_seed and not seed:
        permissions.check_may_change_plan(request.user, population.round, timezone.localdate())
    sampling.draw_sample(population=population, seed=seed, actor=request.user, now=timezone.now())
    say(request, _("The sample is drawn."))
    return redirect("fieldwork:population", slug, code)


@require_POST
def open_round(request: HttpRequest, slug: str) -> HttpResponse:
    rounds.open_round(round_=fetch_round(request, slug), actor=request.user, now=timezone.now())
    say(request, _("The survey is open. Send the invitations when you are ready."))
    return redirect("fieldwork:round", slug)


@require_http_methods(["GET", "POST"])
def close_round(request: HttpRequest, slug: str) -> HttpResponse:
    """Close a survey, after telling what is lost by it."""
    round_ = fetch_round(request, slug)
    permissions.check_may_run(request.user, round_, timezone.localdate())
    if request.method == "POST":
        rounds.close_round(round_=round_, actor=request.user, now=timezone.now())
        say(request, _("The survey is closed."))
        return redirect("fieldwork:round", slug)
    waiting = sum(row.total.waiting + row.total.partial for row in queries.progress(round_))
    context = {
        "round": round_,
        "is_simulated": round_.is_simulated,
        "waiting": waiting,
        "crumbs": crumbs(round_, _("Close the survey")),
        "button": Button(_("Close the survey"), reverse("fieldwork:close_round", args=[slug])),
    }
    return render(request, "fieldwork/round_close.html", context)


@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    count = mailings.invite(
        round_=fetch_round(request, slug), actor=request.user, now=timezone.now()
    )
    say(
        request,
        _("%(count)s invitations are on their way.") % {"count": count}
        if count
        else _("Everybody drawn has been invited already."),
    )
    return redirect("fieldwork:round", slug)


@require_POST
def remind(request: HttpRequest, slug: str) -> HttpResponse:
    count = mailings.remind(
        round_=fetch_round(request, slug), actor=request.user, now=timezone.now()
    )
    say(request, _("%(count)s reminders are on their way.") % {"count": count})
    return redirect("fieldwork:round", slug)
