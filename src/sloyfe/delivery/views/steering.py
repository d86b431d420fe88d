"""Pages of the steering dialogue: the plan, the agenda, the minutes and what was decided in it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sloyfe.delivery.actions import matters as matter_actions
from sloyfe.delivery.actions import steering as actions
from sloyfe.delivery.forms.matters import DecisionForm, WhyForm
from sloyfe.delivery.forms.steering import (
    HoldForm,
    ItemForm,
    MeetingsForm,
    MinutesForm,
    MoveMeetingForm,
)
from sloyfe.delivery.models import AgendaItem, SteeringMeeting
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import steering as permissions
from sloyfe.delivery.permissions.matters import check_may_decide
from sloyfe.delivery.queries import steering as queries
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.steering import AgendaKind, SteeringState
from sloyfe.delivery.texts.needs import without_words
from sloyfe.delivery.texts.steering import AGENDA_KIND_TEXT, STEERING_STATE_TEXT
from sloyfe.delivery.views import summaries as summary_views
from sloyfe.delivery.views.matters import decision_line, person_of
from sloyfe.delivery.views.pages import check_first, fetch_programme, form_page, home_of
from sloyfe.programme.models import Programme
from sloyfe.ui.components import Button, Crumb, Step
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.visibility import get_visible_or_404


def _programme(request: HttpRequest, slug: str) -> Programme:
    """Give the programme to people at its offices; everybody else gets 404."""
    today = timezone.localdate()
    row = fetch_programme(request, slug, today)
    if row.pk not in reach_of(request.user, today).inside:
        raise Http404
    return row


def _meeting(request: HttpRequest, programme: str, number: int) -> SteeringMeeting:
    return get_visible_or_404(
        SteeringMeeting.objects.with_place().select_related("programme"),
        request.user,
        programme__slug=programme,
        number=number,
    )


def address(meeting: SteeringMeeting, name: str = "steering_meeting") -> str:
    """Give the address of one of a dialogue's pages."""
    return reverse(f"delivery:{name}", args=[meeting.programme.slug, meeting.number])


def title_of(meeting: SteeringMeeting) -> str:
    """Name a dialogue by number and day."""
    return _("Steering dialogue %(number)s, %(day)s") % {
        "number": meeting.number,
        "day": date_format(meeting.on, "DATE_FORMAT"),
    }


def _crumbs(meeting: SteeringMeeting, last: str = "") -> list[Crumb]:
    way = [Crumb(_("Steering"), reverse("delivery:steering", args=[meeting.programme.slug]))]
    if last:
        return [*way, Crumb(title_of(meeting), address(meeting)), Crumb(last)]
    return [*way, Crumb(title_of(meeting))]


def item_title(item: AgendaItem) -> str:
    """Say what a line of the agenda is about, in the reader's language."""
    if item.matter is not None:
        return item.matter.title
    if item.need is not None:
        return _("%(municipality)s: %(text)s") % {
            "municipality": item.need.municipality.name,
            "text": item.need.text[:120]
            if item.need.access == Access.PUBLIC
            else without_words(timezone.localdate(item.need.written_at)),
        }
    if item.decision is not None:
        return item.decision.text[:160]
    if item.summary is not None:
        return summary_views.title_of(item.summary)
    return item.title


def _item_url(item: AgendaItem) -> str:
    if item.matter is not None:
        return reverse("delivery:matter", args=[item.matter.programme.slug, item.matter.pk])
    if item.need is not None:
        return reverse("delivery:need", args=[item.meeting.programme.slug, item.need.pk])
    if item.summary is not None:
        return summary_views.address(item.summary)
    if item.decision is not None:
        return reverse("delivery:decisions", args=[item.meeting.programme.slug])
    return ""


@require_safe
def steering_page(request: HttpRequest, programme: str) -> HttpResponse:
    """When is the next steering dialogue, and what is it about?"""
    row = _programme(request, programme)
    today = timezone.localdate()
    meetings = queries.meetings_of(row)
    planned = sorted(
        (each for each in meetings if each.state == SteeringState.PLANNED),
        key=lambda each: (each.on, each.number),
    )
    coming = planned[0] if planned else None
    agenda = queries.agenda_of(coming, today, is_next=True) if coming else []
    context = {
        "programme": row,
        "next": coming,
        "next_url": address(coming) if coming else "",
        "agenda": [_line(line) for line in agenda],
        "planned": planned[1:],
        "held": [each for each in meetings if each.state != SteeringState.PLANNED],
        "states": STEERING_STATE_TEXT,
        "plan": Button(
            _("Plan steering dialogues"),
            reverse("delivery:plan_dialogues", args=[row.slug]),
            refusal_text(permissions.check_may_plan_meetings, request.user, row, today),
            method="get",
            variant="secondary" if coming else "primary",
        ),
        "crumbs": [home_of(row), Crumb(_("Steering"))],
    }
    return render(request, "delivery/steering/steering.html", context)


def _line(line: queries.AgendaLine) -> dict[str, object]:
    item = line.item
    return {
        "key": line.key,
        "item": item,
        "carried": line.carried,
        "since": line.since if item.kind != AgendaKind.HANDWRITTEN else None,
        "kind": AGENDA_KIND_TEXT[AgendaKind(item.kind)],
        "is_handwritten": item.kind == AgendaKind.HANDWRITTEN,
        "title": item_title(item),
        "url": _item_url(item),
    }


def _is_next(meeting: SteeringMeeting) -> bool:
    coming = queries.next_meeting(meeting.programme)
    return coming is not None and coming.pk == meeting.pk


@require_safe
def meeting_page(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """What is this dialogue about, what was said, and what was decided?"""
    meeting = _meeting(request, programme, number)
    request.programme = meeting.programme  # type: ignore[attr-defined]
    today = timezone.localdate()
    is_next = meeting.state == SteeringState.PLANNED and not meeting.is_preceded  # type: ignore[attr-defined]
    agenda = queries.agenda_of(meeting, today, is_next=is_next)
    writes = not refusal_text(permissions.check_may_change_agenda, request.user, meeting, today)
    fixed = sum(line.carried for line in agenda)
    lines = []
    for place, line in enumerate(agenda):
        told = _line(line)
        told["up"] = writes and place > fixed
        told["down"] = writes and fixed <= place < len(agenda) - 1
        told["decide"] = (
            is_next
            and line.item.matter is not None
            and not refusal_text(
                check_may_decide, request.user, meeting.programme, today, line.item.matter
            )
        )
        lines.append(told)
    context = {
        "programme": meeting.programme,
        "meeting": meeting,
        "title": title_of(meeting),
        "state": STEERING_STATE_TEXT[SteeringState(meeting.state)],
        "is_planned": meeting.state == SteeringState.PLANNED,
        "is_next": is_next,
        "steps": _steps(meeting),
        "agenda": lines,
        "writes": writes,
        "overloaded": queries.overloaded_offices(meeting.programme, meeting.on.year, today)
        if meeting.state == SteeringState.PLANNED
        else [],
        "item_form": ItemForm() if writes else None,
        "decisions": [decision_line(each) for each in queries.decisions_in(meeting)],
        "buttons": _buttons(request, meeting),
        "crumbs": _crumbs(meeting),
    }
    return render(request, "delivery/steering/meeting.html", context)


def _steps(meeting: SteeringMeeting) -> list[Step]:
    if meeting.state == SteeringState.CANCELLED:
        return [Step(_("Planned"), "done"), Step(_("Cancelled"), "now")]
    held = meeting.state == SteeringState.HELD
    written = bool(meeting.minutes.strip())
    return [
        Step(_("Planned"), "done" if held or written else "now"),
        Step(_("Minutes written"), "done" if held else "now" if written else "next"),
        Step(_("Held"), "done" if held else "next"),
    ]


def _buttons(request: HttpRequest, meeting: SteeringMeeting) -> list[Button]:
    today, person = timezone.localdate(), request.user
    found = []
    if refusal_text(permissions.check_may_change_agenda, person, meeting, today):
        return []
    found.append(
        Button(
            _("Write the minutes"),
            address(meeting, "write_minutes"),
            method="get",
            variant="secondary",
        )
    )
    if not refusal_text(check_may_decide, person, meeting.programme, today):
        found.append(
            Button(
                _("Decide something"),
                address(meeting, "decide_in_meeting"),
                method="get",
                variant="secondary",
            )
        )
    found.append(
        Button(
            _("Finish: the dialogue is held"),
            address(meeting, "hold_dialogue"),
            refusal_text(permissions.check_may_hold_meeting, person, meeting, today),
            method="get",
        )
    )
    if not refusal_text(permissions.check_may_cancel_meeting, person, meeting, today):
        found.append(
            Button(_("Move"), address(meeting, "move_dialogue"), method="get", variant="tertiary")
        )
        found.append(
            Button(
                _("Cancel the dialogue"),
                address(meeting, "cancel_dialogue"),
                method="get",
                variant="tertiary",
            )
        )
    return found


@require_http_methods(["GET", "POST"])
def plan_meetings(request: HttpRequest, programme: str) -> HttpResponse:
    """Plan the dialogues of a year ahead."""
    row = _programme(request, programme)
    actor, today = person_of(request), timezone.localdate()
    permissions.check_may_plan_meetings(actor, row, today)
    form = MeetingsForm(request.POST or None)

    def plan() -> str:
        actions.plan_meetings(
            programme=row,
            days=form.days,
            reason=form.cleaned_data["reason"],
            actor=actor,
            now=timezone.now(),
        )
        return reverse("delivery:steering", args=[row.slug])

    return form_page(
        request,
        form,
        programme=row,
        title=_("Plan steering dialogues"),
        submit=_("Plan ahead"),
        crumbs=[
            Crumb(_("Steering"), reverse("delivery:steering", args=[row.slug])),
            Crumb(_("Plan ahead")),
        ],
        do=plan,
        said=_("The steering dialogues are planned."),
        lead=_(
            "Fixed days make it known when an answer comes. The agenda is made from what waits."
        ),
    )


@require_http_methods(["GET", "POST"])
def move_meeting(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Move a dialogue to another day."""
    meeting = _meeting(request, programme, number)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_cancel_meeting(actor, meeting, today))
    form = MoveMeetingForm(request.POST or None, initial={"on": meeting.on}, was=meeting.on)

    def move() -> str:
        actions.move_meeting(
            meeting=meeting,
            on=form.cleaned_data["on"],
            reason=form.cleaned_data["reason"],
            actor=actor,
            now=timezone.now(),
        )
        return address(meeting)

    return form_page(
        request,
        form,
        programme=meeting.programme,
        title=_("Move the steering dialogue"),
        submit=_("Move"),
        crumbs=_crumbs(meeting, _("Move")),
        do=move,
        said=_("The steering dialogue has a new day."),
    )


@require_http_methods(["GET", "POST"])
def cancel_meeting(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Cancel a dialogue, and say why."""
    meeting = _meeting(request, programme, number)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_cancel_meeting(actor, meeting, today))
    form = WhyForm(request.POST or None)

    def cancel() -> str:
        actions.cancel_meeting(
            meeting=meeting, why=form.cleaned_data["why"], actor=actor, now=timezone.now()
        )
        return reverse("delivery:steering", args=[meeting.programme.slug])

    return form_page(
        request,
        form,
        programme=meeting.programme,
        title=_("Cancel the steering dialogue"),
        submit=_("Cancel the dialogue"),
        crumbs=_crumbs(meeting, _("Cancelling")),
        do=cancel,
        said=_("The steering dialogue is cancelled. What waited goes to the next one by itself."),
    )


@require_POST
def add_item(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Put a line on the agenda by hand."""
    meeting = _meeting(request, programme, number)
    actor, today = person_of(request), timezone.localdate()
    permissions.check_may_change_agenda(actor, meeting, today)
    form = ItemForm(request.POST)

    def add() -> str:
        actions.add_item(
            meeting=meeting, title=form.cleaned_data["title"], actor=actor, now=timezone.now()
        )
        return address(meeting)

    return form_page(
        request,
        form,
        programme=meeting.programme,
        title=_("Put an item on the agenda"),
        submit=_("Put on the agenda"),
        crumbs=_crumbs(meeting, _("Item")),
        do=add,
        said=_("The item is on the agenda."),
    )


@require_POST
def change_agenda(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Move a line up or down, or take away one that was written by hand."""
    meeting = _meeting(request, programme, number)
    actor, now = person_of(request), timezone.now()
    key, what = request.POST.get("key", "")[:80], request.POST.get("what", "")
    if what == "remove":
        actions.remove_item(meeting=meeting, key=key, actor=actor, now=now)
    else:
        actions.move_item(meeting=meeting, key=key, up=what == "up", actor=actor, now=now)
    return redirect(f"{address(meeting)}#agenda")


@require_http_methods(["GET", "POST"])
def write_minutes(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Write the minutes, with a note on each line of the agenda."""
    meeting = _meeting(request, programme, number)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_change_agenda(actor, meeting, today))
    agenda = queries.agenda_of(meeting, today, is_next=_is_next(meeting))
    form = MinutesForm(
        request.POST or None,
        initial={"revision": meeting.revision, "minutes": meeting.minutes},
        lines=[(line.key, item_title(line.item), line.item.note) for line in agenda],
    )

    def write() -> str:
        actions.write_minutes(
            meeting=meeting,
            minutes=form.cleaned_data["minutes"],
            notes=form.notes,
            revision=form.cleaned_data["revision"],
            actor=actor,
            now=timezone.now(),
        )
        return address(meeting)

    return form_page(
        request,
        form,
        programme=meeting.programme,
        title=_("Minutes of steering dialogue %(number)s") % {"number": meeting.number},
        submit=_("Save"),
        crumbs=_crumbs(meeting, _("Minutes")),
        do=write,
        said=_("The minutes are saved. Finish the dialogue when nothing more is to be written."),
        lead=_("Decisions are written as decisions, so that they get an owner and a day."),
    )


@require_http_methods(["GET", "POST"])
def decide_in_meeting(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Decide in a dialogue: on a matter of its agenda, or on something else."""
    meeting = _meeting(request, programme, number)
    actor, today = person_of(request), timezone.localdate()
    key = request.GET.get("sak", "")
    agenda = queries.agenda_of(meeting, today, is_next=_is_next(meeting)) if key else []
    matter = next(
        (
            line.item.matter
            for line in agenda
            if line.item.matter and str(line.item.matter_id) == key
        ),
        None,
    )
    permissions.check_may_change_agenda(actor, meeting, today)
    check_first(request, lambda: check_may_decide(actor, meeting.programme, today, matter))
    form = DecisionForm(
        request.POST or None,
        initial={"text": matter.proposal} if matter and matter.proposal else {},
        carriers=queries.carriers(meeting.programme, today),
    )

    def decide() -> str:
        data = form.cleaned_data
        matter_actions.decide(
            programme=meeting.programme,
            meeting=meeting,
            matter=matter,
            text=data["text"],
            owner=data["owner"],
            due_on=data["due_on"],
            actor=actor,
            now=timezone.now(),
        )
        return address(meeting)

    return form_page(
        request,
        form,
        programme=meeting.programme,
        title=_("Decide on “%(title)s”") % {"title": matter.title}
        if matter
        else _("Decide something"),
        submit=_("Decide"),
        crumbs=_crumbs(meeting, _("Decide")),
        do=decide,
        said=_("The decision stands."),
        quoted=matter,
    )


@require_http_methods(["GET", "POST"])
def hold_meeting(request: HttpRequest, programme: str, number: int) -> HttpResponse:
    """Finish a dialogue: its papers stand from now on. First it is told what goes on without an answer."""
    meeting = _meeting(request, programme, number)
    actor, today = person_of(request), timezone.localdate()
    check_first(request, lambda: permissions.check_may_hold_meeting(actor, meeting, today))
    agenda = queries.agenda_of(meeting, today, is_next=_is_next(meeting))
    own = [
        (line.key, line.item.title) for line in agenda if line.item.kind == AgendaKind.HANDWRITTEN
    ]
    waits = [
        item_title(line.item)
        for line in queries.unsettled(agenda)
        if line.item.kind != AgendaKind.HANDWRITTEN
    ]
    form = HoldForm(request.POST if request.method == "POST" else None, own=own)

    def hold() -> str:
        actions.hold_meeting(
            meeting=meeting,
            settled=form.settled if own else (),
            actor=actor,
            now=timezone.now(),
        )
        return address(meeting)

    return form_page(
        request,
        form,
        programme=meeting.programme,
        title=_("Finish steering dialogue %(number)s?") % {"number": meeting.number},
        submit=_("Finish: the dialogue is held"),
        crumbs=_crumbs(meeting, _("Finish")),
        do=hold,
        said=_("The steering dialogue is held. What got no answer comes first on the next agenda."),
        lead=_("Agenda, minutes and decisions stand as they are from now on."),
        left=waits,
    )
