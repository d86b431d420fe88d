"""Pages on needs for those who are signed in: the list, one need, and each step of it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible, Refused
from sloyfe.delivery.actions import needs as actions
from sloyfe.delivery.forms.needs import (
    ActForm,
    AnswerForm,
    FurtherUpForm,
    OfficeNeedForm,
    OwnNeedForm,
    RaiseForm,
    ReopenForm,
    SaidForm,
    TriageForm,
)
from sloyfe.delivery.models import Matter, Need
from sloyfe.delivery.models.visible import INSIDE, reach_of
from sloyfe.delivery.permissions import needs as permissions
from sloyfe.delivery.queries import needs as queries
from sloyfe.delivery.queries.offices import deciders
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import LONGEST_NEED, OPEN_NEEDS, TRIAGE_WITHIN, Channel, NeedState
from sloyfe.delivery.texts.needs import CHANNEL_TEXT
from sloyfe.delivery.views.need_story import day, stands, state_of, story_of
from sloyfe.delivery.views.pages import home_of
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor, has_capacity, municipalities_of, programmes_where
from sloyfe.programme.rules import Capacity
from sloyfe.ui.components import Button, Crumb
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text, sentence
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404

PER_PAGE = 25
# What the list can be narrowed to: the word in the address, its name, the states.
FILTERS: dict[str, tuple[str | Promise, frozenset[NeedState]]] = {
    "": (gettext_lazy("All"), frozenset()),
    "apne": (gettext_lazy("Open"), OPEN_NEEDS),
    "mottatt": (gettext_lazy("Not looked at"), frozenset({NeedState.RECEIVED})),
    "i-arbeid": (gettext_lazy("In work"), frozenset({NeedState.IN_WORK})),
    "loftet": (gettext_lazy("With nasjonalt fagansvar"), frozenset({NeedState.RAISED})),
    "svart": (gettext_lazy("Answered"), frozenset({NeedState.ANSWERED, NeedState.CLOSED})),
}


def own_programme(request: HttpRequest, slug: str) -> Programme:
    """Give a programme in which the reader has a role, or answer 404 to others."""
    programme = get_object_or_404(Programme, slug=slug)
    if programme.pk not in programmes_where(request.user, timezone.localdate()):
        raise Http404
    request.programme = programme  # type: ignore[attr-defined]
    return programme


def fetch_need(request: HttpRequest, programme: str, need: uuid.UUID) -> Need:
    """Give a need that the reader may read, or answer 404."""
    found: Need = get_visible_or_404(
        Need.objects.select_related("programme", "municipality", "office", "answered_by"),
        request.user,
        pk=need,
        programme__slug=programme,
    )
    request.programme = found.programme  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class Line:
    """A need as the list shows it."""

    need: Need
    url: str
    state: str | Promise
    color: str
    stands: str
    is_late: bool


def _lines(needs: list[Need], today: dt.date) -> list[Line]:
    return [
        Line(
            need=need,
            url=reverse("delivery:need", args=[need.programme.slug, need.pk]),
            state=state_of(need)[0],
            color=state_of(need)[1],
            stands=stands(need, today),
            is_late=getattr(need, "is_late", False),
        )
        for need in needs
    ]


def may_say_needs(person: Visitor, programme: Programme, on: dt.date) -> bool:
    """Tell whether a person may say or write down a need in a programme."""
    return has_capacity(person, on, programme.pk, Capacity.MUNICIPALITY, Capacity.REGIONAL_OFFICE)


@require_safe
@login_required
def need_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Show the needs of a programme that the reader may read: own and overdue ones first."""
    found = own_programme(request, programme)
    today = timezone.localdate()
    chosen = request.GET.get("state", "")
    chosen = chosen if chosen in FILTERS else ""
    rows = queries.need_list(request.user, found, today, states=FILTERS[chosen][1])
    reads_unmet = permissions.may_read_unmet(request.user, found, today)
    return _list_page(
        request,
        found,
        rows,
        title=_("What do the municipalities need?"),
        more={
            "filters": [
                (code, label, code == chosen) for code, (label, _states) in FILTERS.items()
            ],
            "chosen": chosen,
            "unmet": queries.unmet_count(request.user, found, today) if reads_unmet else None,
            "new_url": reverse("delivery:need_new", args=[found.slug])
            if may_say_needs(request.user, found, today)
            else "",
        },
    )


@require_safe
@login_required
def unmet_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Show what nobody has been able to meet, to those who can do something about it."""
    found = own_programme(request, programme)
    today = timezone.localdate()
    if not permissions.may_read_unmet(request.user, found, today):
        raise NotAllowed("delivery.need.only_national_lead")
    rows = queries.need_list(request.user, found, today, unmet=True)
    more = {"is_unmet": True, "crumbs": [_crumb(found), Crumb(_("Not met"))]}
    return _list_page(
        request, found, rows, title=_("What has nobody been able to meet?"), more=more
    )


def _crumb(programme: Programme) -> Crumb:
    return Crumb(_("Needs"), reverse("delivery:needs", args=[programme.slug]))


def _list_page(
    request: HttpRequest, programme: Programme, rows: Any, *, title: str, more: Mapping[str, Any]
) -> HttpResponse:
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    for need in page.object_list:
        need.programme = programme
    late = sum(1 for need in page.object_list if need.is_late and need.is_mine)
    context = {
        "programme": programme,
        "title": title,
        "page": page,
        "lines": _lines(list(page.object_list), timezone.localdate()),
        "late": late,
        "query": f"state={more['chosen']}" if more.get("chosen") else "",
        "open_url": reverse("delivery:write_need", args=[programme.slug]),
        "crumbs": [home_of(programme), Crumb(_("Needs"))],
        **more,
    }
    return render(request, "delivery/needs/list.html", context)


@dataclass(frozen=True)
class Verb:
    """One thing that may be done with a need: who may, what is asked, and what is said afterwards."""

    check: Callable[[Visitor, Need, dt.date], None]
    form: type[ActForm]
    button: str | Promise
    title: str | Promise
    lead: str | Promise
    done: str | Promise
    run: Callable[[Need, Mapping[str, Any], Visitor, dt.datetime], object]


VERBS: dict[str, Verb] = {
    "si-hvem": Verb(
        permissions.check_may_triage,
        TriageForm,
        gettext_lazy("Say who does what"),
        gettext_lazy("Who does what about this need?"),
        gettext_lazy(
            "The municipality sees that the need has been looked at, and what happens next."
        ),
        gettext_lazy("The need is in work, and the municipality sees what happens next."),
        lambda need, data, actor, now: actions.triage(
            need=need, revision=data["revision"], note=data["note"], actor=actor, now=now
        ),
    ),
    "svar": Verb(
        permissions.check_may_answer,
        AnswerForm,
        gettext_lazy("Answer"),
        gettext_lazy("What do you answer?"),
        gettext_lazy(
            "The municipality gets a letter with the way to the answer. An answer that does not meet the need stays on the list of what nobody could meet."
        ),
        gettext_lazy("The need is answered."),
        lambda need, data, actor, now: actions.answer(
            need=need,
            revision=data["revision"],
            text=data["text"],
            is_met=data["is_met"] == "yes",
            actor=actor,
            now=now,
        ),
    ),
    "loft": Verb(
        permissions.check_may_raise,
        RaiseForm,
        gettext_lazy("Raise to nasjonalt fagansvar"),
        gettext_lazy("Why does this go up?"),
        gettext_lazy("Nasjonalt fagansvar then answers the municipality."),
        gettext_lazy("Nasjonalt fagansvar has the need now."),
        lambda need, data, actor, now: actions.raise_need(
            need=need, revision=data["revision"], why=data["why"], actor=actor, now=now
        ),
    ),
    "til-eier": Verb(
        permissions.check_may_raise_to_owner,
        FurtherUpForm,
        gettext_lazy("Take further up"),
        gettext_lazy("What must be decided?"),
        gettext_lazy(
            "The matter comes up in the steering dialogue and stays at the top until it is answered. The municipality sees what is decided."
        ),
        gettext_lazy("The matter has been asked. It stays at the top until it is answered."),
        lambda need, data, actor, now: actions.raise_to_owner(
            need=need,
            revision=data["revision"],
            title=data["title"],
            text=data["text"],
            proposal=data["proposal"],
            addressed_to=data.get("addressed_to"),
            actor=actor,
            now=now,
        ),
    ),
    "hjalp-ikke": Verb(
        permissions.check_may_reopen,
        ReopenForm,
        gettext_lazy("The answer did not help"),
        gettext_lazy("What is still missing?"),
        gettext_lazy("The office takes the need up again."),
        gettext_lazy("The office has the need again."),
        lambda need, data, actor, now: actions.reopen(
            need=need, revision=data["revision"], why=data["why"], actor=actor, now=now
        ),
    ),
    "lukk": Verb(
        permissions.check_may_close,
        ActForm,
        gettext_lazy("Close the need"),
        gettext_lazy("Is the need finished?"),
        gettext_lazy(
            "The e-mail address that was given is deleted, and the need cannot be taken up again. What was said and answered stays."
        ),
        gettext_lazy("The need is closed."),
        lambda need, data, actor, now: actions.close(
            need=need, revision=data["revision"], actor=actor, now=now
        ),
    ),
    "ny-lenke": Verb(
        permissions.check_may_renew_link,
        ActForm,
        gettext_lazy("Make a new link"),
        gettext_lazy("Has the letter gone to the wrong person?"),
        gettext_lazy(
            "Every earlier link to the need stops working. If the municipality’s address is still kept, a new link is sent to it."
        ),
        gettext_lazy("Earlier links no longer work."),
        lambda need, data, actor, now: actions.renew_link(
            need=need, revision=data["revision"], actor=actor, now=now
        ),
    ),
}
# The last ones stand as links below, since they are seldom wanted.
SELDOM = frozenset({"ny-lenke"})
# Fields in which somebody chose rather than wrote, so there is no text to keep.
CHOSEN = frozenset({"is_met", "addressed_to"})


def _form(verb: Verb, need: Need, *args: Any, **kwargs: Any) -> ActForm:
    if issubclass(verb.form, FurtherUpForm):
        kwargs["offices"] = deciders(need.programme, timezone.localdate())
    return verb.form(*args, **kwargs)


def _refusal(verb: Verb, person: Visitor, need: Need, on: dt.date) -> Refused | None:
    try:
        verb.check(person, need, on)
    except Refused as refusal:
        return refusal
    return None


def _buttons(person: Visitor, need: Need, on: dt.date) -> list[Button]:
    """What the reader may do now. A step that is not this person's, or not this state's, is not shown; one
    that must wait for something else tells for what."""
    shown = {
        "delivery.need.answer_stands",
        "delivery.need.matter_waits",
        "delivery.need.own_municipality",
    }
    buttons: list[Button] = []
    for code, verb in VERBS.items():
        refusal = _refusal(verb, person, need, on)
        if code in SELDOM or (refusal is not None and refusal.code not in shown):
            continue
        if (
            refusal is not None
            and refusal.code == "delivery.need.own_municipality"
            and code != "svar"
        ):
            continue
        buttons.append(
            Button(
                verb.button,
                reverse("delivery:need_act", args=[need.programme.slug, need.pk, code]),
                sentence(refusal) if refusal else "",
                method="get",
                variant="secondary" if buttons else "primary",
            )
        )
    return buttons


def _is_for_municipality(person: Visitor, need: Need, on: dt.date) -> bool:
    return not has_capacity(person, on, need.programme_id, *INSIDE)


def _proposed(matter: Matter) -> str:
    """Propose an answer from what was decided, and from what has been done about it."""
    said = [matter.answer]
    for decision in matter.decisions.all():
        if decision.text.strip() != matter.answer.strip():
            said.append(decision.text)
        said.append(decision.done_note)
    return "\n\n".join(text.strip() for text in said if text.strip())[:LONGEST_NEED]


def _decided(need: Need) -> str:
    """Say that it has been decided, while the municipality waits for the answer."""
    matter = queries.decision_on(need)
    if matter is None or need.state == NeedState.CLOSED:
        return ""
    office = (matter.answered_by or matter.addressed_to).name
    return _("%(office)s has decided. Give the municipality the answer.") % {"office": office}


def _sender(need: Need, on: dt.date) -> str:
    """Say what is known of the address that confirmed a need: anybody can write in a municipality's name."""
    if need.channel != Channel.OPEN_PAGE or not need.contact_email:
        return ""
    known = queries.addresses_of(need.municipality, on)
    if not known:
        return _("No address of the municipality is known here to compare with.")
    if need.contact_email.rpartition("@")[2].lower() in known:
        return ""
    return _(
        "Confirmed from an address outside the municipality. Ask the municipality if it is theirs."
    )


@require_safe
@login_required
def need_page(request: HttpRequest, programme: str, need: uuid.UUID) -> HttpResponse:
    """Show one need: where it stands, what was said, what was answered, what came of it."""
    found = fetch_need(request, programme, need)
    today = timezone.localdate()
    handles = permissions.is_handler(request.user, found, today)
    is_national = permissions.is_national_lead(request.user, found, today)
    context = {
        "need": found,
        "programme": found.programme,
        "story": story_of(
            found, today, for_municipality=_is_for_municipality(request.user, found, today)
        ),
        "buttons": _buttons(request.user, found, today),
        "decided": _decided(found) if is_national else "",
        "channel": CHANNEL_TEXT[Channel(found.channel)],
        "shows_contact": handles or is_national,
        "sender": _sender(found, today) if handles or is_national else "",
        "renews": handles
        and not refusal_text(permissions.check_may_renew_link, request.user, found, today),
        "crumbs": [_crumb(found.programme), Crumb(found.municipality.name)],
    }
    return render(request, "delivery/needs/page.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def need_act(request: HttpRequest, programme: str, need: uuid.UUID, verb: str) -> HttpResponse:
    """Do one thing with a need. Of two who do so at once one wins, and the other keeps the text on the page."""
    found = fetch_need(request, programme, need)
    if verb not in VERBS:
        raise Http404
    step = VERBS[verb]
    today = timezone.localdate()
    refusal = _refusal(step, request.user, found, today)
    if refusal is not None and (request.method != "POST" or isinstance(refusal, NotAllowed)):
        raise refusal
    if request.method != "POST":
        initial: dict[str, Any] = {"revision": found.revision}
        if verb == "svar" and (matter := queries.decision_on(found)) is not None:
            initial["text"] = _proposed(matter)
        form = _form(step, found, initial=initial)
        return _act_page(request, found, verb, form)
    form = _form(step, found, request.POST)
    if not form.is_valid():
        return _act_page(request, found, verb, form, status=422)
    try:
        step.run(found, form.cleaned_data, request.user, timezone.now())
    except ChangedMeanwhile as meanwhile:
        return _meanwhile_page(request, found, verb, form, sentence(meanwhile))
    except NotPossible as impossible:
        return _meanwhile_page(request, found, verb, form, sentence(impossible))
    say(request, str(step.done))
    return redirect("delivery:need", found.programme.slug, found.pk)


def _meanwhile_page(
    request: HttpRequest, need: Need, verb: str, form: ActForm, text: str
) -> HttpResponse:
    """Show the need as it stands now beside the text that was not saved, which can be sent where it still fits."""
    now = fetch_need(request, need.programme.slug, need.pk)
    fits = _refusal(VERBS[verb], request.user, now, timezone.localdate()) is None
    data = dict(form.data.items()) | {"revision": str(now.revision)}
    again = _form(VERBS[verb], now, data)
    return _act_page(request, now, verb, again, meanwhile=text, fits=fits, status=409)


def _act_page(
    request: HttpRequest,
    need: Need,
    verb: str,
    form: ActForm,
    *,
    meanwhile: str = "",
    fits: bool = True,
    status: int = 200,
) -> HttpResponse:
    step = VERBS[verb]
    today = timezone.localdate()
    kept = [
        (bound.label, bound.value())
        for bound in form
        if not bound.is_hidden and bound.name not in CHOSEN and bound.value()
    ]
    context = {
        "need": need,
        "programme": need.programme,
        "title": step.title,
        "lead": _lead(step, need),
        "submit": step.button,
        "form": form,
        "meanwhile": meanwhile,
        "fits": fits,
        "kept": kept,
        "story": story_of(
            need, today, for_municipality=_is_for_municipality(request.user, need, today)
        ),
        "received": day(need.received_at),
        "crumbs": [
            _crumb(need.programme),
            Crumb(
                need.municipality.name,
                reverse("delivery:need", args=[need.programme.slug, need.pk]),
            ),
            Crumb(step.button),
        ],
    }
    return render(request, "delivery/needs/act.html", context, status=status)


def _lead(step: Verb, need: Need) -> str | Promise:
    """Say what follows, and never that a letter goes where none does."""
    if step.form is not AnswerForm:
        return step.lead
    if need.access == Access.INTERNAL:
        return _(
            "The need is internal, so the municipality neither gets a letter nor reads the answer. An answer"
            " that does not meet the need stays on the list of what nobody could meet."
        )
    if not need.contact_email:
        return _(
            "There is no address, so no letter is sent. An answer that does not meet the need stays on the"
            " list of what nobody could meet."
        )
    return step.lead


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def new_need(request: HttpRequest, programme: str) -> HttpResponse:
    """Report a need in one field as the municipality, or write one down as its regional office."""
    found = own_programme(request, programme)
    today = timezone.localdate()
    if not may_say_needs(request.user, found, today):
        raise NotAllowed("delivery.need.not_this_municipality")
    reach = reach_of(request.user, today)
    is_office = has_capacity(request.user, today, found.pk, Capacity.REGIONAL_OFFICE)
    mine = reach.municipalities | (reach.region if is_office else frozenset())
    choices = [
        (row.slug, row.name)
        for row in municipalities_of(found, today)
        if row.organisation_id in mine
    ]
    chosen = request.GET.get("kommune", "")
    initial = {"municipality": chosen if chosen in dict(choices) else ""}
    posted = request.POST or None
    form: SaidForm
    if is_office:
        form = OfficeNeedForm(posted, municipalities=choices, initial=initial)
    elif len(choices) > 1:
        form = OwnNeedForm(posted, municipalities=choices, initial=initial)
    else:
        form = SaidForm(posted)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and choices:
            slug = form.cleaned_data.get("municipality") or choices[0][0]
            municipality = queries.municipality_in(found, slug, today)
            if municipality is None:
                raise Http404
            need = actions.say_need(
                programme=found,
                municipality=municipality,
                text=form.cleaned_data["text"],
                email=form.cleaned_data.get("email", ""),
                actor=request.user,
                now=timezone.now(),
            )
            office = need.office.name if need.office else ""
            say(
                request,
                _("%(office)s has received the need and looks at it by %(day)s.")
                % {"office": office, "day": day(need.triage_due)},
            )
            return redirect("delivery:need", found.slug, need.pk)
    context = {
        "programme": found,
        "form": form,
        "is_office": is_office,
        "triage_days": TRIAGE_WITHIN.days,
        "nothing": not choices,
        "crumbs": [_crumb(found), Crumb(_("Report a need"))],
        "title_of_programme": pick(found.title),
    }
    return render(request, "delivery/needs/new.html", context, status=status)
