"""Pages of agreements: one version, writing it, confirming it, sending it back, ending it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile
from sloyfe.delivery.actions import agreements as actions
from sloyfe.delivery.forms.agreements import AgreementForm, SendBackForm, initial_of
from sloyfe.delivery.models import Agreement
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.permissions import agreements as permissions
from sloyfe.delivery.queries.agreements import (
    areas_of,
    became,
    changes_between,
    compared_with,
    versions_of,
)
from sloyfe.delivery.rules.agreements import (
    AgreementRoleKind,
    AgreementState,
    Changed,
    EndKind,
    Side,
    expires_soon,
    last_day,
)
from sloyfe.delivery.texts.agreements import (
    AGREEMENT_STATE_COLOR,
    AGREEMENT_STATE_TEXT,
    END_KIND_TEXT,
    ROLE_KIND_TEXT,
    SIDE_TEXT,
    TERM_TEXT,
    state_words,
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
from sloyfe.ui.templatetags.ui import pick
from sloyfe.ui.visibility import get_visible_or_404

_ORDER = (AgreementState.DRAFT, AgreementState.PROPOSED, AgreementState.IN_FORCE)


def fetch_agreement(request: HttpRequest, place: Place, pk: int) -> Agreement:
    """Give the agreement, or answer 404 to somebody who may not read it."""
    return get_visible_or_404(
        Agreement.objects.select_related("subprogramme", "office", "programme", "municipality"),
        request.user,
        pk=pk,
        programme=place.programme,
        municipality=place.municipality,
    )


def title_of(agreement: Agreement) -> str:
    """Name an agreement as its page's title does."""
    return _("Agreement on %(subprogramme)s, version %(version)s") % {
        "subprogramme": pick(agreement.subprogramme.title),
        "version": agreement.version,
    }


def day(on: dt.date | None) -> str:
    """Give a day in words, or nothing."""
    return date_format(on, "DATE_FORMAT") if on else ""


def _steps(agreement: Agreement, today: dt.date) -> list[Step]:
    """Draw where an agreement stands from the same states as the rules."""
    stands = agreement.stands
    order = [*_ORDER, stands] if stands not in _ORDER else list(_ORDER)
    now = order.index(stands)
    return [
        Step(
            state_words(state, agreement.valid_from, agreement.ended_on, today)
            if state is stands
            else AGREEMENT_STATE_TEXT[state],
            "done" if place < now else "now" if place == now else "next",
        )
        for place, state in enumerate(order)
    ]


def _buttons(
    request: HttpRequest, place: Place, agreement: Agreement, today: dt.date
) -> list[Button]:
    sides = permissions.sides_of(request.user, agreement, today)
    pk = agreement.pk
    user = request.user
    found: list[Button] = []
    if agreement.stands is AgreementState.DRAFT and Side.OFFICE in sides:
        found = [
            Button(
                _("Send to the municipality"),
                place.url("propose_agreement", pk),
                refusal_text(permissions.check_may_propose, user, agreement, today),
            ),
            Button(
                _("Change"),
                place.url("change_agreement", pk),
                method="get",
                variant="secondary",
            ),
            Button(
                _("Throw the draft away"),
                place.url("discard_agreement", pk),
                method="get",
                variant="tertiary",
            ),
        ]
    if agreement.stands is AgreementState.PROPOSED and Side.OFFICE in sides:
        found = [
            Button(
                _("Take the agreement back"),
                place.url("take_back_agreement", pk),
                variant="secondary",
            )
        ]
    if agreement.stands is AgreementState.PROPOSED and Side.MUNICIPALITY in sides:
        why = refusal_text(permissions.check_may_answer, user, agreement, today)
        found = [
            Button(
                _("Confirm the agreement"),
                place.url("confirm_agreement", pk, agreement.revision),
                why,
            ),
            Button(
                _("Send back with a comment"),
                place.url("send_back_agreement", pk),
                why,
                method="get",
                variant="secondary",
            ),
        ]
    if Side.OFFICE in sides and agreement.stands in (
        AgreementState.IN_FORCE,
        AgreementState.ENDED,
    ):
        found.append(
            Button(
                _("Make a new version"),
                place.url("renew_agreement", pk),
                refusal_text(permissions.check_may_renew, user, agreement, today),
                variant="secondary",
            )
        )
    return found


def _end_button(
    request: HttpRequest, place: Place, agreement: Agreement, today: dt.date
) -> Button | None:
    """Give the way out of an agreement; it stands last on the page."""
    sides = permissions.sides_of(request.user, agreement, today)
    if not sides or agreement.stands is not AgreementState.IN_FORCE:
        return None
    return Button(
        _("End the agreement") if Side.OFFICE in sides else _("Leave the agreement"),
        place.url("end_agreement", agreement.pk),
        method="get",
        variant="tertiary",
    )


def _answer(agreement: Agreement, today: dt.date, sent_back: list[Comment]) -> str:
    """Tell in a sentence where the agreement stands and who has it."""
    stands = agreement.stands
    last = last_day(agreement.valid_to)
    slots = {
        "municipality": agreement.municipality.name,
        "office": agreement.office.name,
        "first": day(agreement.valid_from),
        "last": day(last),
        "ended": day(last_day(agreement.ended_on)),
        "proposed": day(timezone.localdate(agreement.proposed_at)) if agreement.proposed_at else "",
    }
    if stands is AgreementState.DRAFT and sent_back:
        slots["back"] = day(timezone.localdate(sent_back[0].made_at))
        return (
            _(
                "%(municipality)s sent the agreement back on %(back)s, with a comment. %(office)s corrects it"
                " and sends it again."
            )
            % slots
        )
    if stands is AgreementState.DRAFT:
        return (
            _("%(office)s is writing the agreement. %(municipality)s does not see it yet.") % slots
        )
    if stands is AgreementState.PROPOSED:
        return (
            _("The agreement waits for %(municipality)s to confirm it, since %(proposed)s.") % slots
        )
    if stands is AgreementState.ENDED and agreement.ended_on == agreement.valid_from:
        return _("The agreement was to hold from %(first)s, and was ended before it began.") % slots
    if stands is AgreementState.ENDED:
        return _("The agreement held from %(first)s to %(ended)s.") % slots
    if stands is AgreementState.REPLACED and agreement.ended_on and agreement.ended_on > today:
        return _("The agreement holds to %(ended)s. Then a later version takes its place.") % slots
    if stands is AgreementState.REPLACED:
        return _("A later version has taken the place of this one.")
    if agreement.ended_on is not None:
        return _("The agreement ends. The last day on which it holds is %(ended)s.") % slots
    if agreement.valid_from > today and last is None:
        return _("The agreement is confirmed and holds from %(first)s. No end is agreed.") % slots
    if last is None:
        return _("The agreement has held since %(first)s, and no end is agreed.") % slots
    if last < today:
        return (
            _("The agreement ran out on %(last)s. The office makes a new version or ends it.")
            % slots
        )
    return _("The agreement holds from %(first)s to %(last)s.") % slots


@require_GET
def agreement_page(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """What have the municipality and its office agreed on?"""
    place = place_of(request, programme, municipality)
    today = timezone.localdate()
    agreement = fetch_agreement(request, place, pk)
    versions = list(versions_of(agreement, request.user))
    this = next(each for each in versions if each.pk == agreement.pk)
    before = compared_with(this, versions)
    areas = {area.code: pick(area.title) for area in areas_of(place.programme.pk)}
    sides = permissions.sides_of(request.user, agreement, today)
    sent_back = []
    if sides:
        sent_back = list(
            Comment.objects.about(agreement).filter(anchor=actions.SENT_BACK).order_by("-made_at")
        )
    context = {
        "place": place,
        "inside": bool(sides) or place.programme.pk in reach_of(request.user, today).inside,
        "agreement": agreement,
        "title": title_of(agreement),
        "answer": _answer(agreement, today, sent_back),
        "is_simulated": place.municipality.is_simulated,
        "crumbs": place.crumbs(title_of(agreement)),
        "steps": _steps(agreement, today),
        "buttons": _buttons(request, place, agreement, today),
        "end": _end_button(request, place, agreement, today),
        "expires": agreement.stands is AgreementState.IN_FORCE
        and expires_soon(agreement.valid_to, today)
        and agreement.valid_to is not None
        and agreement.valid_to > today,
        "last_day": last_day(agreement.valid_to),
        "end_kind": END_KIND_TEXT[EndKind(agreement.end_kind)] if agreement.end_kind else "",
        "became": became(place.municipality, today) if agreement.end_kind == EndKind.MERGED else [],
        "sides": [
            {
                "side": SIDE_TEXT[side],
                "rows": [
                    {"role": role, "kind": ROLE_KIND_TEXT[AgreementRoleKind(role.kind)]}
                    for role in this.roles.all()
                    if role.side == side
                ],
            }
            for side in Side
        ],
        "priorities": list(this.priorities.all()),
        "before": before,
        "changes": [_told(change, areas) for change in changes_between(before, this)]
        if before
        else [],
        "versions": [
            {
                "agreement": each,
                "state": state_words(each.stands, each.valid_from, each.ended_on, today),
                "color": AGREEMENT_STATE_COLOR[each.stands],
                "url": place.url("agreement", each.pk),
                "is_this": each.pk == agreement.pk,
                "last_day": last_day(each.ended_on or each.valid_to),
            }
            for each in versions
        ],
        "sent_back": sent_back,
    }
    return render(request, "delivery/agreements/agreement.html", context)


def _told(change: Changed, areas: dict[str, str]) -> dict[str, Any]:
    """Put a changed term into words: days, roles and areas by their names."""

    def text(value: str) -> str:
        if change.term == "valid_to" and value:
            return day(last_day(dt.date.fromisoformat(value)))
        if change.term == "valid_from" and value:
            return day(dt.date.fromisoformat(value))
        return value

    def line(value: str) -> str:
        if change.term == "priorities":
            code, why = value.split("/", 1)
            name = areas.get(code, code)
            return f"{name}: {why}" if why else name
        side, kind, rest = value.split("/", 2)
        name, _slash, title = rest.rpartition("/")
        role = f"{SIDE_TEXT[Side(side)]}, {ROLE_KIND_TEXT[AgreementRoleKind(kind)]}: {name}"
        return f"{role} ({title})" if title else role

    return {
        "term": TERM_TEXT[change.term],
        "before": text(change.before),
        "after": text(change.after),
        "taken_out": [line(each) for each in change.taken_out],
        "put_in": [line(each) for each in change.put_in],
        "reordered": change.reordered,
        "is_list": bool(change.taken_out or change.put_in or change.reordered),
    }


@require_http_methods(["GET", "POST"])
def draft_agreement(request: HttpRequest, programme: str, municipality: str) -> HttpResponse:
    """Write an agreement with the municipality."""
    place = place_of(request, programme, municipality)
    today = timezone.localdate()
    permissions.check_may_draft(request.user, place.programme.pk, place.municipality.pk, today)
    form = AgreementForm(
        request.POST or None,
        programme_id=place.programme.pk,
        asks_subprogramme=True,
        initial={"valid_from": today},
    )
    if request.method == "POST" and form.is_valid():
        agreement = attempt(
            form,
            lambda: actions.draft_agreement(
                programme=place.programme,
                subprogramme=form.cleaned_data["subprogramme"],
                municipality=place.municipality,
                terms=form.terms(),
                actor=request.user,
                now=timezone.now(),
            ),
        )
        if agreement is not None:
            say(request, _("The agreement is drafted. Read it through, then send it."))
            return redirect(place.url("agreement", agreement.pk))
    return form_page(
        request,
        place,
        form=form,
        title=_("Write an agreement with %(municipality)s")
        % {"municipality": place.municipality.name},
        lead=_("The municipality sees it when you send it, and confirms it or sends it back."),
        submit=_("Save the draft"),
        crumbs=place.crumbs(_("Write an agreement")),
    )


@require_http_methods(["GET", "POST"])
def change_agreement(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Change the draft of an agreement."""
    place = place_of(request, programme, municipality)
    agreement = fetch_agreement(request, place, pk)
    permissions.check_may_edit(request.user, agreement, timezone.localdate())

    def shown(data: Any) -> AgreementForm:
        return AgreementForm(
            data,
            programme_id=place.programme.pk,
            roles=agreement.roles.order_by("pk"),
            initial=initial_of(agreement),
        )

    form = shown(request.POST or None)
    refusal: ChangedMeanwhile | None = None
    if request.method == "POST" and form.is_valid():
        try:
            saved = attempt(
                form,
                lambda: actions.change_agreement(
                    agreement=agreement,
                    terms=form.terms(),
                    revision=form.cleaned_data["revision"] or 0,
                    actor=request.user,
                    now=timezone.now(),
                ),
            )
            if saved is not None:
                say(request, _("The draft is saved."))
                return redirect(place.url("agreement", pk))
        except ChangedMeanwhile as meanwhile:
            refusal = meanwhile
            agreement.refresh_from_db()
            form = shown(with_revision(request, agreement.revision))
            form.is_valid()
    return form_page(
        request,
        place,
        form=form,
        title=_("Change the agreement"),
        submit=_("Save"),
        crumbs=place.crumbs(
            Crumb(title_of(agreement), place.url("agreement", pk)), _("Change the agreement")
        ),
        refusal=refusal,
        now=_as_it_stands(agreement) if refusal else None,
    )


def _as_it_stands(agreement: Agreement) -> list[tuple[str | Promise, Any]]:
    return [
        (TERM_TEXT["valid_from"], day(agreement.valid_from)),
        (TERM_TEXT["valid_to"], day(last_day(agreement.valid_to))),
        (TERM_TEXT["background"], agreement.background),
        (TERM_TEXT["municipality_does"], agreement.municipality_does),
        (TERM_TEXT["office_does"], agreement.office_does),
        (TERM_TEXT["roles"], "\n".join(role.name for role in agreement.roles.order_by("pk"))),
        (
            TERM_TEXT["priorities"],
            "\n".join(pick(p.area.title) for p in agreement.priorities.select_related("area")),
        ),
    ]


@require_http_methods(["GET", "POST"])
def discard_agreement(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Throw a draft away, after naming what is lost."""
    place = place_of(request, programme, municipality)
    agreement = fetch_agreement(request, place, pk)
    permissions.check_may_edit(request.user, agreement, timezone.localdate())
    if request.method == "POST":
        actions.discard_draft(agreement=agreement, actor=request.user, now=timezone.now())
        say(request, _("The draft is thrown away."))
        return redirect(place.url("municipality_year"))
    context = {
        "place": place,
        "title": _("Throw the draft away"),
        "what": _(
            "The draft of version %(version)s and all that is written in it is lost. An agreement in"
            " force is not touched."
        )
        % {"version": agreement.version},
        "button": Button(
            _("Throw the draft away"), place.url("discard_agreement", pk), color="danger"
        ),
        "cancel": place.url("agreement", pk),
        "is_simulated": place.municipality.is_simulated,
        "crumbs": place.crumbs(
            Crumb(title_of(agreement), place.url("agreement", pk)), _("Throw the draft away")
        ),
    }
    return render(request, "delivery/municipality_year/lose.html", context)


@require_POST
def propose_agreement(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Send a draft to the municipality."""
    place = place_of(request, programme, municipality)
    agreement = fetch_agreement(request, place, pk)
    actions.propose_agreement(agreement=agreement, actor=request.user, now=timezone.now())
    say(request, _("The agreement is sent. It waits for the municipality now."))
    return redirect(place.url("agreement", pk))


@require_POST
def take_back_agreement(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Take back what waits for the municipality."""
    place = place_of(request, programme, municipality)
    agreement = fetch_agreement(request, place, pk)
    actions.take_back_agreement(agreement=agreement, actor=request.user, now=timezone.now())
    say(request, _("The agreement is a draft again. Change it, and send it when it is ready."))
    return redirect(place.url("agreement", pk))


@require_POST
def confirm_agreement(
    request: HttpRequest, programme: str, municipality: str, pk: int, revision: int
) -> HttpResponse:
    """Confirm the agreement as it was read."""
    place = place_of(request, programme, municipality)
    agreement = fetch_agreement(request, place, pk)
    actions.confirm_agreement(
        agreement=agreement, revision=revision, actor=request.user, now=timezone.now()
    )
    say(request, _("The agreement is in force. Next is the plan."))
    return redirect(place.url("agreement", pk))


@require_http_methods(["GET", "POST"])
def send_back_agreement(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Send a proposed agreement back to the office with a word."""
    place = place_of(request, programme, municipality)
    agreement = fetch_agreement(request, place, pk)
    permissions.check_may_answer(request.user, agreement, timezone.localdate())
    form = SendBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = attempt(
            form,
            lambda: actions.send_back(
                agreement=agreement,
                word=form.cleaned_data["word"],
                actor=person_of(request),
                now=timezone.now(),
            ),
        )
        if sent is not None:
            say(request, _("The agreement is with the office again, with your comment."))
            return redirect(place.url("municipality_year"))
    return form_page(
        request,
        place,
        form=form,
        title=_("Send the agreement back"),
        submit=_("Send back"),
        crumbs=place.crumbs(
            Crumb(title_of(agreement), place.url("agreement", pk)), _("Send the agreement back")
        ),
    )


@require_POST
def renew_agreement(
    request: HttpRequest, programme: str, municipality: str, pk: int
) -> HttpResponse:
    """Draft the next version with the same terms."""
    place = place_of(request, programme, municipality)
    agreement = fetch_agreement(request, place, pk)
    new = actions.renew_agreement(agreement=agreement, actor=request.user, now=timezone.now())
    say(
        request,
        _(
            "Here is the new version with the terms of the last one. Change what should be different."
        ),
    )
    return redirect(place.url("change_agreement", new.pk))
