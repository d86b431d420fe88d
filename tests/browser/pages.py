"""Every address of the project that gives a page, with something real to show on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.browser import lived
from tests.browser.content import CLOSED, DRAFT, OPEN, PLANNED, PRINTED, Installation

# Addresses that never answer a GET with a page, and why.
NO_PAGES = {
    "accounts:sign_out": "POST",
    "accounts:language": "POST",
    "analysis:printed_file": "a file",
    "analysis:freeze": "POST",
    "analysis:check": "POST",
    "analysis:data": "a file",
    "analysis:codebook": "a file",
    "delivery:archive_part": "POST",
    "delivery:picture_file": "a file",
    "delivery:public_results_file": "a file",
    "delivery:description_file": "a file",
    "delivery:document_archive": "a file",
    "delivery:propose_agreement": "POST",
    "delivery:confirm_agreement": "POST",
    "delivery:renew_agreement": "POST",
    "delivery:comment_meeting": "POST",
    "delivery:adopt_plan": "POST",
    "delivery:close_plan": "POST",
    "delivery:mark_activity": "POST",
    "delivery:follow_reopen": "POST",
    "delivery:follow_close": "POST",
    "delivery:add_agenda_item": "POST",
    "delivery:change_agenda": "POST",
    "delivery:hold_dialogue": "looked at in the journey, on the day of a dialogue",
    "delivery:read_summary": "POST",
    "delivery:open_reporting": "POST",
    "delivery:close_reporting": "POST",
    "delivery:report_send": "POST",
    "delivery:report_go_on": "leads to the page on which writing goes on",
    "delivery:report_take_back": "POST",
    "delivery:report_receive": "POST",
    "delivery:report_close": "POST",
    "delivery:take_back_agreement": "POST",
    "fieldwork:make_frame": "POST",
    "fieldwork:frame_file": "a file",
    "fieldwork:letters_written": "nobody's page where letters leave by a mail server, as here",
    "fieldwork:draw": "POST",
    "fieldwork:open_round": "POST",
    "fieldwork:invite": "POST",
    "fieldwork:remind": "POST",
    "fieldwork:letter_decide": "POST",
    "fieldwork:new_link": "POST",
    "fieldwork:answer_send": "POST",
    "fieldwork:answer_copy": "a file",
    "instruments:send_for_comments": "POST",
    "instruments:withdraw": "POST",
    "instruments:start_pilot": "POST",
    "instruments:new_version": "POST",
    "instruments:move_up": "POST",
    "instruments:move_down": "POST",
    "instruments:codebook": "a file",
    "instruments:programmes": "leads to the one programme that a person works in",
    "instruments:preview": "leads to the first page of the form",
    "programme:begin_mandate": "POST",
    "programme:public_calendar": "a file",
    "programme:calendar": "a file",
    "programme:own_calendar": "a file",
    "reports:file": "a file",
    "reports:change_plan": "POST",
    "reports:circulate": "POST",
    "reports:comment": "POST",
}
# Looked at in test_answering.py, where a municipality answers.
OF_RESPONDENTS = {
    "fieldwork:answer_start",
    "fieldwork:answer_page",
    "fieldwork:answer_check",
    "fieldwork:answer_receipt",
    "fieldwork:answer_refuse",
}
# Looked at in test_signing_in.py: the link is used up by looking.
OF_SIGN_IN = {"accounts:open_link"}


def names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """Give the name of every address of the project."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from names(
                pattern, f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            )
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield f"{prefix}{pattern.name}"


def _form(code: str, number: int, **more: Any) -> dict[str, Any]:
    return {"programme": "exercise", "code": code, "number": number, **more}


_EXERCISE: dict[str, Any] = {"slug": "exercise"}
_DRAFT: dict[str, Any] = _EXERCISE | {"number": 3}
_DESCRIPTION: dict[str, Any] = _EXERCISE | {"audience": "beskrivelse"}

# Name of the address → what to look at there: arguments, and what follows "?".
PAGES: dict[str, list[tuple[dict[str, Any], str]]] = {
    "home:start": [({}, "")],
    "home:me": [({}, "")],
    "home:programme": [({"slug": "exercise"}, ""), ({"slug": PRINTED}, "")],
    "home:history": [({}, ""), ({}, "?since=unknown")],
    "home:accessibility": [({}, "")],
    "home:privacy": [({}, "")],
    "home:feedback": [({}, "")],
    "ui:gallery": [({}, "")],
    "accounts:ask": [({}, "")],
    "accounts:asked": [({}, "")],
    "organisations:list": [({}, ""), ({}, "?register=exercise"), ({}, "?q=ingen+heter+dette")],
    "instruments:list": [({"programme": "exercise"}, "")],
    "instruments:upload": [({"programme": "exercise"}, "")],
    "instruments:version": [
        (_form("basic-offer", 1), ""),
        (_form("yearly-report", 1), ""),
        (_form("towns", 2), ""),
        (_form("cities", 2), ""),
    ],
    "instruments:changes": [(_form("towns", 2), "")],
    "instruments:comments": [(_form("towns", 2), ""), (_form("basic-offer", 1), "")],
    "instruments:edit": [(_form("cities", 2), "")],
    "instruments:release": [(_form("basic-offer", 2), "")],
    "instruments:retire": [(_form("basic-offer", 1), "")],
    "instruments:pilot_answers": [(_form("basic-offer", 1), "")],
    "delivery:description": [
        (_DESCRIPTION, ""),
        (_DESCRIPTION | {"audience": "veileder"}, ""),
        (_DESCRIPTION | {"slug": PRINTED}, ""),
    ],
    "delivery:description_version": [(_DESCRIPTION | {"number": 1}, "")],
    "delivery:description_changes": [
        (_DESCRIPTION | {"number": 2}, ""),
        (_DESCRIPTION | {"number": 2, "audience": "veileder"}, ""),
    ],
    "delivery:description_since": [(_DESCRIPTION | {"number": 2}, "")],
    "delivery:description_write": [({"slug": "exercise", "audience": "beskrivelse"}, "")],
    "delivery:description_publish": [({"slug": "exercise", "audience": "veileder"}, "")],
    "delivery:picture": [
        ({"programme": "exercise"}, ""),
        ({"programme": "exercise"}, "?structure=today"),
    ],
    "delivery:picture_regions": [({"programme": "exercise"}, "")],
    "delivery:picture_region": [({"programme": "exercise", "region": "ostvidda"}, "")],
    "delivery:picture_municipality": [
        ({"programme": "exercise", "municipality": "x101-aabakken-oving"}, "")
    ],
    "delivery:picture_figure": [({"programme": "exercise", "definition": "homes_provided"}, "")],
    "delivery:public_results": [({"programme": "exercise"}, "")],
    "delivery:archive_year": [({"programme": "exercise", "year": 2025}, "")],
    "delivery:reporting": [({}, "")],
    "delivery:report_fields": [({"programme": "exercise"}, "")],
    "delivery:plan_reporting": [({"programme": "exercise"}, "")],
    "delivery:basic_offers": [({"programme": "exercise"}, ""), ({"programme": PRINTED}, "")],
    "delivery:write_need": [({"programme": "exercise"}, ""), ({"programme": PRINTED}, "")],
    "delivery:need_written": [({"programme": "exercise"}, "")],
    "delivery:needs": [
        ({"programme": "exercise"}, ""),
        ({"programme": "exercise"}, "?state=mottatt"),
    ],
    "delivery:needs_unmet": [({"programme": "exercise"}, "")],
    "delivery:need_new": [({"programme": "exercise"}, "")],
    "delivery:steering": [({"programme": "exercise"}, "")],
    "delivery:plan_dialogues": [({"programme": "exercise"}, "")],
    "delivery:matters": [({"programme": "exercise"}, "")],
    "delivery:ask_matter": [({"programme": "exercise"}, "")],
    "delivery:decisions": [({"programme": "exercise"}, "")],
    "delivery:passage": [({"programme": "exercise"}, "")],
    "delivery:groups": [({"programme": "exercise"}, "")],
    "delivery:add_group": [({"programme": "exercise"}, "")],
    "fieldwork:rounds": [({}, "")],
    "fieldwork:plan_round": [({"programme": "exercise"}, "")],
    "fieldwork:round": [({"slug": slug}, "") for slug in (OPEN, CLOSED, PLANNED)],
    "fieldwork:add_population": [({"slug": PLANNED}, "")],
    "fieldwork:population": [({"slug": OPEN, "code": "towns"}, "")],
    "fieldwork:close_round": [({"slug": OPEN}, "")],
    "fieldwork:contacts": [({"slug": OPEN}, "")],
    "fieldwork:letters": [({"slug": OPEN}, "")],
    "analysis:round": [({"slug": CLOSED}, ""), ({"slug": OPEN}, "")],
    "analysis:cross": [
        ({"slug": CLOSED, "code": "towns"}, ""),
    ],
    "analysis:question": [({"slug": CLOSED, "code": "towns", "item": "satisfaction_total"}, "")],
    "programme:mandates": [(_EXERCISE, "")],
    "programme:mandate": [(_EXERCISE | {"number": number}, "") for number in (1, 2, 3)],
    "programme:mandate_changes": [(_EXERCISE | {"number": 2}, "")],
    "programme:mandate_text": [(_DRAFT, "")],
    "programme:issue_mandate": [(_DRAFT, "")],
    "programme:discard_mandate": [(_DRAFT, "")],
    "programme:add_task": [(_DRAFT, "")],
    "programme:edit_task": [(_DRAFT | {"code": "maler"}, "")],
    "programme:add_part": [(_DRAFT | {"kind": kind}, "") for kind in ("mal", "ressurs", "ansvar")],
    "programme:edit_part": [(_DRAFT | {"kind": "mal", "code": "alle-faar-svar"}, "")],
    "programme:remove_part": [(_DRAFT | {"kind": "oppgave", "code": "maler"}, "")],
    "programme:capacity": [(_EXERCISE, ""), (_EXERCISE, "?ar=2031")],
    "programme:set_capacity": [
        (_EXERCISE | {"office": "regionkontoret-ytterkysten-oving", "year": 2027}, "")
    ],
    "programme:year_wheel": [
        (_EXERCISE, ""),
        (_EXERCISE, "?for=meg"),
        ({"slug": PRINTED}, ""),
    ],
    "programme:add_date": [(_EXERCISE, "")],
    "reports:list": [({}, "")],
    "reports:make": [({"round_slug": CLOSED}, "")],
    "reports:make_year": [({"programme": "exercise", "year": 2026}, "")],
    "reports:report": [
        ({"slug": slug}, "") for slug in (CLOSED, DRAFT, "exercise-2024", "exercise-2025")
    ],
    "reports:edit": [({"slug": slug}, "") for slug in (DRAFT, "exercise-2025")],
    "reports:publish": [({"slug": slug}, "") for slug in (DRAFT, "exercise-2025")],
}


def _offers() -> list[tuple[dict[str, Any], str]]:
    """The longest name of a real municipality, and one of the exercise."""
    from sloyfe.organisations.models import MunicipalityPeriod

    today = MunicipalityPeriod.objects.filter(valid_to=None).select_related("organisation")
    rows = [max(today.filter(register="norway"), key=lambda each: len(each.name))]
    rows += today.filter(register="exercise").order_by("code")[:1]
    return [
        (
            {
                "programme": "exercise" if row.register == "exercise" else PRINTED,
                "slug": row.organisation.slug,
            },
            "",
        )
        for row in rows
    ]


def _needs(programme: Any) -> dict[str, list[tuple[dict[str, Any], str]]]:
    """One need in each state, as its page, its steps, and as its municipality follows it by link."""
    from sloyfe.delivery.models import Need
    from sloyfe.delivery.rules.need_links import Purpose
    from tests.delivery import needing

    found = needing.one_of_each(programme)
    at = {"programme": "exercise"}
    acts = [
        ("received", "si-hvem"),
        ("received", "svar"),
        ("received", "loft"),
        ("received", "ny-lenke"),
        ("raised", "til-eier"),
        ("answered", "hjalp-ikke"),
        ("answered", "lukk"),
    ]
    confirmed: list[Need] = [need for state, need in found.items() if state != "unconfirmed"]
    return {
        "delivery:need": [(at | {"need": need.pk}, "") for need in confirmed],
        "delivery:need_act": [
            (at | {"need": found[state].pk, "verb": verb}, "") for state, verb in acts
        ],
        "delivery:confirm_need": [
            ({"token": needing.token(found["unconfirmed"], Purpose.CONFIRM)}, ""),
        ],
        "delivery:follow_need": [
            ({"token": needing.token(need, Purpose.FOLLOW)}, query)
            for need, query in ((found["received"], "?ny=1"), (found["answered"], ""))
        ],
    }


def _found(installation: Installation) -> dict[str, list[tuple[dict[str, Any], str]]]:
    """The pages whose arguments are known only when the content has been loaded."""
    from sloyfe.comments.models import Comment
    from sloyfe.fieldwork.models import Population
    from sloyfe.instruments.models import Version
    from sloyfe.letters.models import LetterText
    from sloyfe.organisations.models import Organisation
    from sloyfe.programme.models import Programme, YearDate

    draft = Version.objects.get(
        instrument__programme__slug="exercise", instrument__code="cities", number=2
    )
    page = draft.definition["pages"][0]
    comment = Comment.objects.filter(about_kind="instruments.version").latest("pk")
    on_report = Comment.objects.filter(about_kind="reports.report").latest("pk")
    text = LetterText.objects.get(language="nb", scope="", code="invitation")
    programme = Programme.objects.get(slug="exercise")
    longest = max(Organisation.objects.filter(kind="municipality"), key=lambda each: len(each.name))
    printed = {"slug": installation.printed_slug}
    answered = Population.objects.filter(round__programme__slug=PRINTED)[0].code
    question = page["questions"][0]["code"]
    date = YearDate.objects.filter(programme=programme, is_cancelled=False).latest("pk").code
    offers = _offers()
    return {
        "delivery:basic_offer": offers,
        "delivery:write_need_of": offers,
        **_needs(programme),
        **lived.pages(programme),
        "programme:change_date": [(_EXERCISE | {"code": date}, "")],
        "programme:cancel_date": [(_EXERCISE | {"code": date}, "")],
        "home:thing": [({"kind": "programme.programme", "key": str(programme.pk)}, "")],
        "organisations:detail": [({"slug": longest.slug}, "")],
        "instruments:answer_comment": [(_form("towns", 2, comment=comment.pk), "")],
        "instruments:add_question": [(_form("cities", 2, page=page["code"]), "")],
        "instruments:edit_question": [(_form("cities", 2, question=question), "")],
        "instruments:remove_question": [(_form("cities", 2, question=question), "")],
        "instruments:preview_page": [
            (_form("yearly-report", 1, page="working"), ""),
            *((_form("cities", 2, page=each["code"]), "") for each in draft.definition["pages"]),
        ],
        "instruments:pilot_page": [(_form("basic-offer", 2, page="overall"), "")],
        "fieldwork:letter_text": [
            ({"slug": OPEN, "code": text.code, "language": text.language}, "")
        ],
        "reports:answer": [({"slug": DRAFT, "number": on_report.pk}, "")],
        "analysis:printed": [(printed, "")],
        "analysis:answers": [(printed | {"code": answered}, "")],
    }


FOUND = (
    *lived.NAMES,
    "delivery:basic_offer",
    "delivery:write_need_of",
    "delivery:need",
    "delivery:need_act",
    "delivery:confirm_need",
    "delivery:follow_need",
    "programme:change_date",
    "programme:cancel_date",
    "home:thing",
    "organisations:detail",
    "instruments:answer_comment",
    "instruments:add_question",
    "instruments:edit_question",
    "instruments:remove_question",
    "instruments:preview_page",
    "instruments:pilot_page",
    "fieldwork:letter_text",
    "reports:answer",
    "analysis:printed",
    "analysis:answers",
)
# Pages that answer with an error, for how they look.
WRONG = {"not found": "/finnes-ikke/", "not there for this visitor": "/undersokelser/finnes-ikke/"}


def paths_of(name: str, installation: Installation) -> list[str]:
    """Give the paths to look at for one address."""
    rows = PAGES.get(name)
    if rows is None:
        if not installation.found:
            installation.found.update(_found(installation))
        rows = installation.found[name]
    return [reverse(name, kwargs=kwargs) + query for kwargs, query in rows]
