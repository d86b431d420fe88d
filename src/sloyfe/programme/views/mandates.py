"""Pages of the mandate: what the owner asks for, who answers for what, and how one is written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sloyfe.programme import permissions
from sloyfe.programme.actions import mandates as actions
from sloyfe.programme.forms.mandates import (
    GoalForm,
    MandateTextForm,
    ResourceForm,
    ResponsibilityForm,
    TaskForm,
    role_values,
)
from sloyfe.programme.forms.wording import WordingForm, spread
from sloyfe.programme.models import (
    Mandate,
    MandateGoal,
    MandateResource,
    MandateResponsibility,
    MandateTask,
    Programme,
)
from sloyfe.programme.queries import mandates as queries
from sloyfe.programme.queries import roles_of
from sloyfe.programme.rules.mandates import (
    Fault,
    MandateState,
    Part,
    RoleKind,
    TaskFacts,
    faults,
)
from sloyfe.programme.texts.mandates import (
    CHANGE_TEXT,
    CHAPTER_TEXT,
    FAULT_TEXT,
    MANDATE_STATE_TEXT,
    PART_LETTER,
    PART_TEXT,
    ROLE_TEXT,
)
from sloyfe.programme.views.overloads import ask_about_overloads, overload_reason
from sloyfe.ui.components import Button, Crumb, FieldProblem, Step
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404


def fetch_programme(request: HttpRequest, slug: str) -> Programme:
    """Give the programme to somebody who has a role in it, or answer 404."""
    mine = {role.programme_id for role in roles_of(request.user, timezone.localdate())}
    found = Programme.objects.filter(slug=slug, pk__in=mine).first()
    if found is None:
        raise Http404
    request.programme = found  # type: ignore[attr-defined]
    return found


def fetch_mandate(request: HttpRequest, slug: str, number: int) -> Mandate:
    """Give the mandate, or answer 404 to somebody who may not read it."""
    mandate: Mandate = get_visible_or_404(
        Mandate.objects.select_related("programme"),
        request.user,
        programme__slug=slug,
        number=number,
    )
    request.programme = mandate.programme  # type: ignore[attr-defined]
    return mandate


def crumbs(programme: Programme, mandate: Mandate | None = None, last: str = "") -> list[Crumb]:
    """Give the way back from a page of a mandate."""
    way = [Crumb(pick(programme.title), reverse("home:programme", args=[programme.slug]))]
    if mandate is None:
        return [*way, Crumb(_("Mandates"))]
    way.append(Crumb(_("Mandates"), reverse("programme:mandates", args=[programme.slug])))
    if not last:
        return [*way, Crumb(title_of(mandate))]
    here = reverse("programme:mandate", args=[programme.slug, mandate.number])
    return [*way, Crumb(title_of(mandate), here), Crumb(last)]


def title_of(mandate: Mandate) -> str:
    """Give what a mandate is called."""
    if mandate.stands is MandateState.DRAFT:
        return _("Draft of mandate %(number)s") % {"number": mandate.number}
    return _("Mandate %(number)s") % {"number": mandate.number}


@require_safe
def mandate_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Which mandate holds, and which came before it?"""
    programme = fetch_programme(request, slug)
    today = timezone.localdate()
    rows = list(Mandate.objects.visible_to(request.user).filter(programme=programme))
    why = refusal_text(permissions.check_may_begin_mandate, request.user, programme, today)
    writes = not refusal_text(permissions.check_may_write_mandates, request.user, programme, today)
    begin = Button(
        _("Write a new mandate"), reverse("programme:begin_mandate", args=[programme.slug]), why
    )
    context = {
        "programme": programme,
        "crumbs": crumbs(programme),
        "rows": [
            {
                "mandate": row,
                "title": title_of(row),
                "state": MANDATE_STATE_TEXT[row.stands],
                "holds": row.holds_on(today),
            }
            for row in rows
        ],
        "in_force": next((row for row in rows if row.holds_on(today)), None),
        "begin": begin if writes else None,
    }
    return render(request, "programme/mandate_list.html", context)


@require_POST
def begin_mandate(request: HttpRequest, slug: str) -> HttpResponse:
    programme = fetch_programme(request, slug)
    mandate = actions.begin_mandate(programme=programme, actor=request.user, now=timezone.now())
    say(request, _("The draft is there. It begins with what the mandate in force says."))
    return redirect("programme:mandate", slug, mandate.number)


@dataclass(frozen=True)
class Cell:
    """What a role is to a task, as the table shows it."""

    role: str | Promise
    letters: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TaskRow:
    task: MandateTask
    cells: tuple[Cell, ...]
    faulty: bool


def _task_row(task: MandateTask, facts: TaskFacts, shown: list[RoleKind], faulty: bool) -> TaskRow:
    cells = []
    for role in shown:
        parts = facts.roles.get(role, frozenset())
        cells.append(
            Cell(
                ROLE_TEXT[role],
                tuple((str(PART_LETTER[p]), str(PART_TEXT[p])) for p in Part if p in parts),
            )
        )
    return TaskRow(task, tuple(cells), faulty)


def _fault_said(fault: Fault, tasks: dict[str, MandateTask]) -> FieldProblem:
    roles = ", ".join(str(ROLE_TEXT[role]) for role in fault.roles)
    text = str(FAULT_TEXT[fault.kind]) % {"roles": roles}
    if not fault.task:
        return FieldProblem(text)
    said = _("%(task)s: %(fault)s") % {"task": pick(tasks[fault.task].text), "fault": text}
    return FieldProblem(said, f"task-{fault.task}")


def _steps(mandate: Mandate) -> list[Step]:
    order = list(MandateState)
    now = order.index(mandate.stands)
    return [
        Step(MANDATE_STATE_TEXT[state], "done" if i < now else "now" if i == now else "next")
        for i, state in enumerate(order)
    ]


@require_safe
def mandate_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What does the owner ask for, and who answers for what?"""
    mandate = fetch_mandate(request, slug, number)
    today = timezone.localdate()
    tasks = queries.tasks_of(mandate)
    facts = {task.code: task.facts for task in tasks}
    found = faults(facts.values())
    shown = [role for role in RoleKind if any(role in each.roles for each in facts.values())]
    wrong = {fault.task for fault in found}
    writes = not refusal_text(permissions.check_may_change_mandate, request.user, mandate, today)
    responsibilities: dict[RoleKind, list[MandateResponsibility]] = {}
    for row in mandate.responsibilities.all():
        responsibilities.setdefault(RoleKind(row.role), []).append(row)
    before = queries.mandate_before(mandate)
    by_code = {task.code: task for task in tasks}
    context = {
        "programme": mandate.programme,
        "mandate": mandate,
        "title": title_of(mandate),
        "crumbs": crumbs(mandate.programme, mandate),
        "steps": _steps(mandate),
        "is_draft": mandate.stands is MandateState.DRAFT,
        "holds": mandate.holds_on(today),
        "will_hold": mandate.valid_from is not None and mandate.valid_from > today,
        "goals": mandate.goals.select_related("statement"),
        "resources": mandate.resources.all(),
        "responsibilities": [
            (ROLE_TEXT[role], rows)
            for role, rows in sorted(
                responsibilities.items(), key=lambda pair: list(RoleKind).index(pair[0])
            )
        ],
        "roles": [ROLE_TEXT[role] for role in shown],
        "tasks": [_task_row(task, facts[task.code], shown, task.code in wrong) for task in tasks],
        "faults": [_fault_said(fault, by_code) for fault in found],
        "legend": [(PART_LETTER[part], PART_TEXT[part]) for part in Part],
        "writes": writes,
        "before": before,
        "issue": Button(
            _("Issue the mandate"),
            reverse("programme:issue_mandate", args=[slug, number]),
            refusal_text(permissions.check_may_issue, request.user, mandate, today),
            method="get",
        ),
        "discard": Button(
            _("Throw the draft away"),
            reverse("programme:discard_mandate", args=[slug, number]),
            method="get",
            variant="tertiary",
            color="danger",
        ),
    }
    return render(request, "programme/mandate_page.html", context)


@require_safe
def mandate_changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What does this mandate say that the one before it did not?"""
    mandate = fetch_mandate(request, slug, number)
    before = queries.mandate_before(mandate)
    if before is None:
        raise Http404
    found = queries.changes_since(mandate, before)
    rows = [
        {
            "chapter": CHAPTER_TEXT[change.chapter],
            "what": CHANGE_TEXT[change.what],
            "before": _said(change.before),
            "after": _said(change.after),
        }
        for change in found
    ]
    context = {
        "programme": mandate.programme,
        "mandate": mandate,
        "before": before,
        "title": _("What changed from mandate %(old)s to %(new)s?")
        % {"old": before.number, "new": mandate.number},
        "rows": rows,
        "crumbs": crumbs(mandate.programme, mandate, _("What changed")),
    }
    return render(request, "programme/mandate_changes.html", context)


def _said(entry: Any) -> dict[str, Any] | None:
    if entry is None:
        return None
    return {
        "title": entry.title,
        "texts": [text for text in entry.texts.values() if text],
        "amount": entry.amount,
        "is_task": entry.chapter == "task",
        "roles": [
            (
                ROLE_TEXT[role],
                ", ".join(str(PART_TEXT[part]) for part in Part if part in entry.roles[role])
                if entry.chapter == "task"
                else "",
            )
            for role in RoleKind
            if role in entry.roles
        ],
    }


def _changeable(request: HttpRequest, slug: str, number: int) -> Mandate:
    mandate = fetch_mandate(request, slug, number)
    permissions.check_may_change_mandate(request.user, mandate, timezone.localdate())
    return mandate


def _form_page(
    request: HttpRequest,
    mandate: Mandate,
    form: Any,
    title: str,
    lead: str = "",
    template: str = "ui/form_page.html",
    **more: Any,
) -> HttpResponse:
    context = {
        "programme": mandate.programme,
        "form": form,
        "title": title,
        "lead": lead,
        "submit": _("Save"),
        "crumbs": crumbs(mandate.programme, mandate, title),
        **more,
    }
    return render(request, template, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def mandate_text(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Write the foreword of a draft and the period that it is for."""
    mandate = _changeable(request, slug, number)
    last = mandate.valid_to - dt.timedelta(days=1) if mandate.valid_to else None
    first = {"valid_from": mandate.valid_from, "last_day": last}
    form = MandateTextForm(
        request.POST if request.method == "POST" else None,
        initial=first | spread("foreword", mandate.foreword),
    )
    if request.method == "POST" and form.is_valid():
        actions.save_text(
            mandate=mandate,
            foreword=form.wording("foreword"),
            valid_from=form.cleaned_data["valid_from"],
            valid_to=form.valid_to,
            actor=request.user,
            now=timezone.now(),
        )
        say(request, _("Saved."))
        return redirect("programme:mandate", slug, number)
    return _form_page(request, mandate, form, _("Foreword and period"))


# Goals, resources and responsibilities


Row = MandateGoal | MandateResource | MandateResponsibility | MandateTask
# The word in the address → the rows of that kind, and what a page about a new one is called.
KINDS: dict[str, tuple[type[Any], str | Promise]] = {
    "mal": (MandateGoal, gettext_lazy("A goal of the mandate")),
    "ressurs": (MandateResource, gettext_lazy("A resource of the mandate")),
    "ansvar": (MandateResponsibility, gettext_lazy("What a role is responsible for")),
    "oppgave": (MandateTask, gettext_lazy("A task of the mandate")),
}


def _row(mandate: Mandate, kind: str, code: str) -> Any:
    if kind not in KINDS:
        raise Http404
    found = KINDS[kind][0].objects.filter(mandate=mandate, code=code).first()
    if found is None:
        raise Http404
    return found


def _part_form(request: HttpRequest, mandate: Mandate, kind: str, row: Any) -> WordingForm:
    data = request.POST if request.method == "POST" else None
    first = spread("text", row.text) if row else {}
    if kind == "mal":
        if row:
            first |= spread("expected", row.expected) | {"statement": str(row.statement_id or "")}
        return GoalForm(data, initial=first, programme=mandate.programme)
    if kind == "ressurs":
        return ResourceForm(data, initial=first | ({"amount": row.amount} if row else {}))
    return ResponsibilityForm(data, initial=first | ({"role": row.role} if row else {}))


def _save_part(
    mandate: Mandate, kind: str, row: Any, form: WordingForm, by: dict[str, Any]
) -> None:
    data, text = form.cleaned_data, form.wording("text")
    if isinstance(form, GoalForm):
        actions.save_goal(
            mandate=mandate,
            goal=row,
            statement=form.goals.get(data["statement"]),
            text=text,
            expected=form.wording("expected"),
            **by,
        )
    elif kind == "ressurs":
        actions.save_resource(mandate=mandate, resource=row, text=text, amount=data["amount"], **by)
    else:
        actions.save_responsibility(
            mandate=mandate, responsibility=row, role=RoleKind(data["role"]), text=text, **by
        )


@require_http_methods(["GET", "POST"])
def edit_part(
    request: HttpRequest, slug: str, number: int, kind: str, code: str = ""
) -> HttpResponse:
    """Add a goal, a resource or a responsibility to a draft, or change one."""
    mandate = _changeable(request, slug, number)
    if kind not in KINDS or kind == "oppgave":
        raise Http404
    row = _row(mandate, kind, code) if code else None
    form = _part_form(request, mandate, kind, row)
    if request.method == "POST" and form.is_valid():
        by = {"actor": request.user, "now": timezone.now()}
        _save_part(mandate, kind, row, form, by)
        say(request, _("Saved."))
        return redirect("programme:mandate", slug, number)
    return _form_page(request, mandate, form, str(KINDS[kind][1]))


@require_http_methods(["GET", "POST"])
def edit_task(request: HttpRequest, slug: str, number: int, code: str = "") -> HttpResponse:
    """Add a task to a draft, or change one: what, who is what in it, and how much work it is."""
    mandate = _changeable(request, slug, number)
    row: MandateTask | None = _row(mandate, "oppgave", code) if code else None
    first: dict[str, Any] = {}
    if row is not None:
        first |= spread("text", row.text) | role_values(row.facts.roles)
        first["effort_days"] = row.effort_days
    form = TaskForm(request.POST if request.method == "POST" else None, initial=first)
    title = str(KINDS["oppgave"][1])
    if request.method == "POST" and form.is_valid():
        facts = TaskFacts(code, form.roles, form.cleaned_data["effort_days"])
        today = timezone.localdate()
        too_much = queries.overloads_by_task(mandate, row.pk if row else None, facts, today)
        asked = ask_about_overloads(
            request,
            mandate.programme,
            too_much,
            what=form.wording("text"),
            submit=_("Save the task all the same"),
            crumbs=crumbs(mandate.programme, mandate, title),
        )
        if asked is not None:
            return asked
        if "back" not in request.POST:
            saved = actions.save_task(
                mandate=mandate,
                task=row,
                text=form.wording("text"),
                roles=form.roles,
                effort_days=form.cleaned_data["effort_days"],
                overload_reason=overload_reason(request),
                actor=request.user,
                now=timezone.now(),
            )
            wrong = _wrong_in(TaskFacts(saved.code, form.roles, None))
            if not wrong:
                say(request, _("Saved."))
                return redirect("programme:mandate", slug, number)
            # It may stand so in a draft; whoever wrote it is told where it was written.
            return redirect("programme:edit_task", slug, number, saved.code)
    return _form_page(
        request,
        mandate,
        form,
        title,
        template="programme/task_form.html",
        wrong=_wrong_in(row.facts) if row is not None and request.method != "POST" else [],
        row_url=reverse("programme:mandate", args=[slug, number]) + f"#task-{code}",
    )


def _wrong_in(facts: TaskFacts) -> list[str]:
    """Say what must be put right in a task before its mandate can be issued."""
    return [
        str(FAULT_TEXT[fault.kind])
        % {"roles": ", ".join(str(ROLE_TEXT[role]) for role in fault.roles)}
        for fault in faults([facts])
    ]


@require_http_methods(["GET", "POST"])
def remove_part(request: HttpRequest, slug: str, number: int, kind: str, code: str) -> HttpResponse:
    """Take something out of a draft, after saying what will be lost."""
    mandate = _changeable(request, slug, number)
    row = _row(mandate, kind, code)
    if request.method == "POST":
        actions.remove_part(part=row, actor=request.user, now=timezone.now())
        say(request, _("It was taken out of the draft."))
        return redirect("programme:mandate", slug, number)
    words = pick(row.wording if isinstance(row, MandateGoal) else row.text)
    context = {
        "programme": mandate.programme,
        "title": _("Take this out of the draft?"),
        "text": words,
        "submit": _("Take it out"),
        "back": reverse("programme:mandate", args=[slug, number]),
        "color": "danger",
        "crumbs": crumbs(mandate.programme, mandate, _("Take out")),
    }
    return render(request, "programme/ask.html", context)


@require_http_methods(["GET", "POST"])
def discard_mandate(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Throw a draft away, after saying what will be lost."""
    mandate = _changeable(request, slug, number)
    if request.method == "POST":
        actions.delete_draft(mandate=mandate, actor=request.user, now=timezone.now())
        say(request, _("The draft is gone."))
        return redirect("programme:mandates", slug)
    context = {
        "programme": mandate.programme,
        "title": _("Throw the draft of mandate %(number)s away?") % {"number": number},
        "text": _("Its foreword, goals, resources and tasks will be lost. Issued mandates stay."),
        "submit": _("Throw the draft away"),
        "back": reverse("programme:mandate", args=[slug, number]),
        "color": "danger",
        "crumbs": crumbs(mandate.programme, mandate, _("Throw away")),
    }
    return render(request, "programme/ask.html", context)


@require_http_methods(["GET", "POST"])
def issue_mandate(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Issue a mandate, after saying what follows from it and which offices get too much."""
    mandate = fetch_mandate(request, slug, number)
    today = timezone.localdate()
    permissions.check_may_issue(request.user, mandate, today)
    if request.method == "POST":
        actions.issue_mandate(mandate=mandate, actor=request.user, now=timezone.now())
        say(
            request, _("The mandate is issued. Everybody with a role in the programme can read it.")
        )
        return redirect("programme:mandate", slug, number)
    start = mandate.valid_from or today
    demand = queries.demand_of(mandate.programme, today, with_draft=True)
    names = {office.organisation_id: office.name for office in demand.offices}
    loads = demand.loads(queries.years_of(start, mandate.valid_to))
    context = {
        "programme": mandate.programme,
        "title": _("Issue mandate %(number)s?") % {"number": number},
        "text": _("From then on it cannot be changed; only a new mandate can replace it."),
        "mandate": mandate,
        "before": queries.mandate_before(mandate),
        "overloads": [
            {"name": names[load.office], "load": load, "too_much": -(load.difference or 0)}
            for load in loads.values()
            if load.is_too_much and load.office in names
        ],
        "submit": _("Issue the mandate"),
        "back": reverse("programme:mandate", args=[slug, number]),
        "crumbs": crumbs(mandate.programme, mandate, _("Issue")),
    }
    return render(request, "programme/ask.html", context)
