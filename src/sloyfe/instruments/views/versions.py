"""The forms of a programme, one version of a form, the steps of its life, and its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sloyfe.common.errors import InputProblem
from sloyfe.instruments import actions, exports, imports, permissions, queries
from sloyfe.instruments.forms import SendForm, UploadForm
from sloyfe.instruments.models import Version
from sloyfe.instruments.queries import Shared
from sloyfe.instruments.rules import InstrumentKind, QuestionKind, VersionState
from sloyfe.instruments.rules.access import group_of
from sloyfe.instruments.rules.changes import compare
from sloyfe.instruments.rules.purposes import Prefill
from sloyfe.instruments.texts import (
    CHANGES,
    GROUPS,
    INSTRUMENT_KINDS,
    PREFILLS,
    QUESTION_KINDS,
    STATES,
    condition_words,
    words_for,
)
from sloyfe.instruments.views.fetching import address, crumbs, fetch_version
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import programmes_where
from sloyfe.ui.components import Button, Crumb, FieldProblem, Step
from sloyfe.ui.middleware import say
from sloyfe.ui.refusals import refusal_text
from sloyfe.ui.templatetags.ui import pick

STATE_COLORS = {
    VersionState.DRAFT: "neutral",
    VersionState.COMMENTING: "info",
    VersionState.PILOT: "warning",
    VersionState.RELEASED: "success",
    VersionState.RETIRED: "neutral",
}
WORDING_LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}


def fetch_programme(request: HttpRequest, slug: str) -> Programme:
    """Give a programme in which the person has a part, or answer 404."""
    mine = programmes_where(request.user, timezone.localdate())
    programme = Programme.objects.filter(pk__in=mine, slug=slug).first()
    if programme is None:
        raise Http404
    return programme


@require_GET
def programmes(request: HttpRequest) -> HttpResponse:
    """Which programmes have forms for me to see? With one programme, straight to it."""
    mine = programmes_where(request.user, timezone.localdate())
    found = list(Programme.objects.filter(pk__in=mine).order_by("slug"))
    if not found:
        raise Http404
    if len(found) == 1:
        return redirect("instruments:list", found[0].slug)
    return render(request, "instruments/programme_list.html", {"programmes": found})


@require_GET
def instrument_list(request: HttpRequest, programme: str) -> HttpResponse:
    """Which forms does the programme have, and where does each stand?"""
    found = fetch_programme(request, programme)
    versions = (
        Version.objects.all()
        .visible_to(request.user)
        .filter(instrument__programme=found)
        .select_related("instrument__programme")
        .order_by("instrument__code", "-number")
    )
    rows: list[dict[str, Any]] = [
        {
            "instrument": instrument,
            "kind": INSTRUMENT_KINDS[InstrumentKind(instrument.kind)],
            "versions": [
                {
                    "number": version.number,
                    "url": address("version", version),
                    "state": STATES[version.stands],
                    "color": STATE_COLORS[version.stands],
                }
                for version in group
            ],
        }
        for instrument, group in groupby(versions, key=lambda version: version.instrument)
    ]
    upload = Button(
        _("Upload a form"), reverse("instruments:upload", args=[found.slug]), method="get"
    )
    may = permissions.may_add(request.user, found, timezone.now())
    groups = [
        {
            "code": group.value,
            "title": words.title,
            "rows": [row for row in rows if group_of(row["instrument"].kind) is group],
        }
        for group, words in GROUPS.items()
    ]
    context = {
        "programme": found,
        "total": len(rows),
        "groups": [group for group in groups if group["rows"]],
        "upload": upload if may else None,
    }
    return render(request, "instruments/instrument_list.html", context)


@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, programme: str) -> HttpResponse:
    """Take a form from a file, or say everything that is wrong in it."""
    found = fetch_programme(request, programme)
    now = timezone.now()
    permissions.check_may_add(request.user, found, now)
    problems: list[FieldProblem] = []
    form = UploadForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
    )
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            version, written = imports.upload_instrument(
                programme=found,
                content=file.read(),
                source=str(file.name)[:100],
                actor=request.user,
                now=now,
            )
        except InputProblem as wrong:
            problems = [FieldProblem(str(problem), "id_file") for problem in wrong.problems]
        else:
            text = _("The form has been read.") if written else _("Nothing has changed.")
            say(request, text)
            return redirect(address("version", version))
    way = [
        Crumb(_("Forms"), reverse("instruments:list", args=[found.slug])),
        Crumb(_("Upload a form")),
    ]
    context = {"programme": found, "form": form, "problems": problems, "crumbs": way}
    status = 422 if problems or form.errors else 200
    return render(request, "instruments/upload_form.html", context, status=status)


# One version


@dataclass(frozen=True)
class Card:
    """One question as the page of a version shows it."""

    code: str
    kind: str
    text: str
    help: str
    required: bool
    condition: str
    limits: str
    options: tuple[tuple[str, str], ...]  # wording, mark
    rows: tuple[tuple[str, str, tuple[Shared, ...]], ...]  # wording, variant, who shares it
    why: str
    used_by: str
    prefill: str
    replaces: str
    variant: str
    shared: tuple[Shared, ...]
    comments: int


def cards_of(
    version: Version,
    language: str,
    variants: Mapping[str, str],
    shared: Mapping[str, list[Shared]],
    comments: Mapping[str, int],
) -> list[dict[str, Any]]:
    """Give the pages of a version with their questions as cards."""

    def words(text: Mapping[str, str] | None) -> str:
        return pick(dict(text or {}), language)

    def card(question: Mapping[str, Any]) -> Card:
        code, relevant = question["code"], question["relevant"]
        return Card(
            code=code,
            kind=str(QUESTION_KINDS[QuestionKind(question["kind"])]),
            text=words(question["text"]),
            help=words(question["help"]),
            required=question["required"],
            condition=condition_words(relevant, version.definition, language) if relevant else "",
            limits=_limits(question),
            options=tuple((words(o["text"]), o["mark"] or "") for o in question["options"]),
            rows=tuple(
                (words(r["text"]), variants.get(r["code"], ""), tuple(shared.get(r["code"], ())))
                for r in question["rows"]
            ),
            why=words(question.get("why")),
            used_by=words(question.get("used_by")),
            prefill=_filled_in(question),
            replaces=", ".join(
                one["replaces"] for one in (question, *question["rows"]) if one.get("replaces")
            ),
            variant=variants.get(code, ""),
            shared=tuple(shared.get(code, ())),
            comments=comments.get(code, 0),
        )

    return [
        {
            "code": page["code"],
            "title": words(page["title"]),
            "intro": words(page["intro"]),
            "general": page["general"],
            "cards": [card(question) for question in page["questions"]],
        }
        for page in version.definition["pages"]
    ]


def _filled_in(question: Mapping[str, Any]) -> str:
    prefill = Prefill(question.get("prefill", Prefill.NONE))
    return "" if prefill is Prefill.NONE else str(PREFILLS[prefill])


def _limits(question: Mapping[str, Any]) -> str:
    parts = []
    if question["max_choices"]:
        parts.append(_("at most %(number)s choices") % {"number": question["max_choices"]})
    if question["minimum"] is not None:
        parts.append(_("at least %(number)s") % {"number": question["minimum"]})
    if question["maximum"] is not None:
        parts.append(_("at most %(number)s") % {"number": question["maximum"]})
    if question.get("part_of"):
        parts.append(_("part of %(item)s") % {"item": question["part_of"]})
    if question["decimals"]:
        parts.append(_("%(number)s decimals") % {"number": question["decimals"]})
    if question["max_length"]:
        parts.append(_("room for %(number)s characters") % {"number": question["max_length"]})
    return ", ".join(parts)


def steps(version: Version) -> list[Step]:
    """Draw where a version stands from the same states as the rules."""
    order = list(VersionState)
    now = order.index(version.stands)
    notes = {
        VersionState.COMMENTING: permissions.day(version.comments_by),
        VersionState.RELEASED: permissions.day(
            timezone.localdate(version.released_at) if version.released_at else None
        ),
        VersionState.RETIRED: permissions.day(
            timezone.localdate(version.retired_at) if version.retired_at else None
        ),
    }
    return [
        Step(
            STATES[state],
            "done" if place < now else "now" if place == now else "next",
            _("by %(date)s") % {"date": notes[state]}
            if state is VersionState.COMMENTING and notes[state]
            else notes.get(state, ""),
        )
        for place, state in enumerate(order)
    ]


_BUTTONS: dict[VersionState, tuple[str, ...]] = {
    VersionState.DRAFT: ("edit",),
    VersionState.COMMENTING: ("start_pilot", "withdraw"),
    VersionState.PILOT: ("release", "withdraw"),
    VersionState.RELEASED: ("new_version", "retire"),
    VersionState.RETIRED: ("new_version",),
}


def buttons(request: HttpRequest, version: Version) -> list[Button]:
    """Give what those who make a form can do with a version where it stands, each with its reason if not now."""
    now = timezone.now()
    known: dict[str, tuple[str, Callable[..., None], str]] = {
        "edit": (_("Change the draft"), permissions.check_may_edit, "get"),
        "start_pilot": (_("Start the pilot"), permissions.check_may_start_pilot, "post"),
        "withdraw": (_("Take back to draft"), permissions.check_may_withdraw, "post"),
        "release": (_("Release"), permissions.check_may_release, "get"),
        "new_version": (
            _("Make a new version"),
            permissions.check_may_make_new_version,
            "post",
        ),
        "retire": (_("Take out of use"), permissions.check_may_retire, "get"),
    }
    found = []
    for place, name in enumerate(_BUTTONS[version.stands]):
        label, check, method = known[name]
        found.append(
            Button(
                label,
                address(name, version),
                refusal_text(check, request.user, version, now),
                method,
                "secondary" if place else "primary",
            )
        )
    return found


def _send_refused(request: HttpRequest, version: Version) -> Button | None:
    """Give the button that asks for comments with its reason, where a draft cannot be sent as it is."""
    if version.stands is not VersionState.DRAFT:
        return None
    check, now = permissions.check_may_send_for_comments, timezone.now()
    reason = refusal_text(check, request.user, version, now)
    return Button(
        _("Send for comments"), address("send_for_comments", version), reason, "post", "secondary"
    )


def wording_language(request: HttpRequest) -> str:
    """Give the language in which the wording is shown: chosen on the page, or the reader's own."""
    chosen = request.GET.get("ordlyd", "")
    own = (get_language() or "nb").split("-")[0]
    return chosen if chosen in WORDING_LANGUAGES else own if own in WORDING_LANGUAGES else "nb"


@require_GET
def version_page(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """Where does this version stand, and what does it ask?"""
    version = fetch_version(request, programme, code, number)
    return _show_version(request, version)


def _show_version(
    request: HttpRequest, version: Version, send_form: SendForm | None = None
) -> HttpResponse:
    now = timezone.now()
    works = permissions.may_make(request.user, version, now)
    reads_comments = permissions.may_read_comments(request.user, version, now)
    comments = list(queries.comments_on(version)) if reads_comments else []
    counts: dict[str, int] = {}
    for comment in comments:
        counts[comment.anchor] = counts.get(comment.anchor, 0) + 1
    language = wording_language(request)
    uses = version.item_uses.filter(variant__isnull=False)
    variants = dict(uses.values_list("item__code", "variant__code"))
    if send_form is None and permissions.may_send_for_comments(request.user, version, now):
        send_form = SendForm(today=timezone.localdate())
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "crumbs": crumbs(version),
        "state": STATES[version.stands],
        "state_color": STATE_COLORS[version.stands],
        "kind": INSTRUMENT_KINDS[InstrumentKind(version.instrument.kind)],
        "words": words_for(version.instrument.kind),
        "steps": steps(version),
        "buttons": buttons(request, version) if works else [],
        "send_form": send_form,
        "send_refused": _send_refused(request, version) if works and send_form is None else None,
        "pages": cards_of(version, language, variants, queries.shared_items(version), counts),
        "language": language,
        "languages": [(code, WORDING_LANGUAGES[code]) for code in version.definition["languages"]],
        "reads_comments": reads_comments,
        "comment_total": len(comments),
        "unanswered": sum(not comment.is_answered for comment in comments),
        "may_comment": permissions.may_comment(request.user, version, now),
        "may_pilot": permissions.may_pilot(request.user, version, now),
        "may_read_pilot": permissions.may_read_pilot_answers(request.user, version, now)
        and version.pilot_answers.exists(),
        "has_previous": _previous(request, version) is not None,
    }
    status = 422 if send_form is not None and send_form.errors else 200
    return render(request, "instruments/version_detail.html", context, status=status)


def _previous(request: HttpRequest, version: Version) -> Version | None:
    """Give the version before this one, if the reader may see it too."""
    return (
        Version.objects.all()
        .visible_to(request.user)
        .filter(instrument=version.instrument_id, number__lt=version.number)
        .order_by("-number")
        .first()
    )


@require_GET
def changes(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """What differs from the version before?"""
    version = fetch_version(request, programme, code, number)
    previous = _previous(request, version)
    if previous is None:
        raise Http404
    rows = [
        {"change": change, "kind": CHANGES[change.kind]}
        for change in compare(previous.definition, version.definition)
    ]
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "previous": previous,
        "rows": rows,
        "crumbs": crumbs(version, _("What has changed")),
    }
    return render(request, "instruments/version_changes.html", context)


# The steps of its life


@require_POST
def send_for_comments(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """Send a draft to those who comment on it, with the day by which they are to answer."""
    version = fetch_version(request, programme, code, number)
    form = SendForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        permissions.check_may_send_for_comments(request.user, version, timezone.now())
        return _show_version(request, version, form)
    actions.send_for_comments(
        version=version,
        comments_by=form.cleaned_data["comments_by"],
        actor=request.user,
        now=timezone.now(),
    )
    say(request, str(words_for(version.instrument.kind).sent))
    return redirect(address("version", version))


@require_POST
def withdraw(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """Take a version back to draft."""
    version = fetch_version(request, programme, code, number)
    actions.withdraw(version=version, actor=request.user, now=timezone.now())
    say(request, _("The form is a draft again. Comments and their answers are kept."))
    return redirect(address("version", version))


@require_POST
def start_pilot(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """Start the pilot of a version."""
    version = fetch_version(request, programme, code, number)
    actions.start_pilot(version=version, actor=request.user, now=timezone.now())
    say(request, _("The pilot has started. Pilot answers are kept apart from every survey."))
    return redirect(address("version", version))


@require_POST
def new_version(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """Begin the next version."""
    version = fetch_version(request, programme, code, number)
    draft = actions.new_version(version=version, actor=request.user, now=timezone.now())
    say(request, _("This is a new draft with the content of the version before."))
    return redirect(address("version", draft))


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """Say what release means, and release."""
    version = fetch_version(request, programme, code, number)
    now = timezone.now()
    permissions.check_may_release(request.user, version, now)
    if request.method == "POST":
        actions.release(version=version, actor=request.user, now=now)
        surveyed = version.instrument.kind == InstrumentKind.QUESTIONNAIRE
        say(
            request,
            _("The form is released and can be used in a survey.")
            if surveyed
            else _("The form is released and can be used."),
        )
        return redirect(address("version", version))
    used = queries.released_version(version.instrument.programme, version.instrument.code)
    loss = [_("From then on no word of this version can be changed, by anybody.")]
    if used is not None:
        loss.append(
            _("Version %(number)s, which is in use now, is retired.") % {"number": used.number}
        )
    return _confirm(request, version, _("Release this version?"), loss, _("Release"))


@require_http_methods(["GET", "POST"])
def retire(request: HttpRequest, programme: str, code: str, number: int) -> HttpResponse:
    """Say what is lost, and take a version out of use."""
    version = fetch_version(request, programme, code, number)
    now = timezone.now()
    permissions.check_may_retire(request.user, version, now)
    if request.method == "POST":
        actions.retire(version=version, actor=request.user, now=now)
        say(request, _("The form is out of use. What was answered with it is kept."))
        return redirect(address("version", version))
    loss = [
        _("No new survey can use this version, and it cannot be taken into use again."),
        _("Surveys that use it already go on, and what was answered is kept."),
    ]
    return _confirm(
        request, version, _("Take this version out of use?"), loss, _("Take out of use")
    )


def _confirm(
    request: HttpRequest, version: Version, title: str, loss: list[str], label: str
) -> HttpResponse:
    context = {
        "version": version,
        "programme": version.instrument.programme,
        "title": title,
        "loss": loss,
        "button": Button(label, request.path, color="danger"),
        "back": address("version", version),
        "crumbs": crumbs(version, label),
    }
    return render(request, "instruments/confirm_form.html", context)


# Files


@require_GET
def codebook(
    request: HttpRequest, programme: str, code: str, number: int, form: str
) -> HttpResponse:
    """Give the codebook, or the form itself as XLSForm, as a file."""
    version = fetch_version(request, programme, code, number)
    name = f"{version.instrument.code}-{version.number}"
    makers: dict[str, tuple[Callable[[Version], bytes], str, str]] = {
        "kodebok.csv": (exports.codebook_csv, "text/csv; charset=utf-8", f"{name}-kodebok.csv"),
        "kodebok.xlsx": (exports.codebook_xlsx, exports.XLSX, f"{name}-kodebok.xlsx"),
        "kodebok.json": (exports.codebook_json, "application/json", f"{name}-kodebok.json"),
        "xlsform.xlsx": (exports.xlsform, exports.XLSX, f"{name}-xlsform.xlsx"),
    }
    if form not in makers:
        raise Http404
    make, kind, file_name = makers[form]
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"'}
    return HttpResponse(make(version), content_type=kind, headers=headers)
