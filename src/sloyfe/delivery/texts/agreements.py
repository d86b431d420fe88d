"""Words for agreements, and a sentence for each action and refusal."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.agreements import AgreementRoleKind, AgreementState, EndKind, Side

AGREEMENT_STATE_TEXT: dict[AgreementState, Promise] = {
    AgreementState.DRAFT: _("draft at the office"),
    AgreementState.PROPOSED: _("waits for the municipality"),
    AgreementState.IN_FORCE: _("in force"),
    AgreementState.REPLACED: _("replaced by a later version"),
    AgreementState.ENDED: _("ended"),
}


def state_words(
    state: AgreementState, valid_from: dt.date, ended_on: dt.date | None, on: dt.date
) -> str:
    """Say where a version stands on a day: what is confirmed may begin later, and what is replaced may hold still."""
    if state is AgreementState.IN_FORCE and valid_from > on:
        return gettext("holds from %(day)s") % {"day": date_format(valid_from, "DATE_FORMAT")}
    if state is AgreementState.REPLACED and ended_on is not None and ended_on > on:
        last = date_format(ended_on - dt.timedelta(days=1), "DATE_FORMAT")
        return gettext("holds to %(day)s") % {"day": last}
    return str(AGREEMENT_STATE_TEXT[state])


AGREEMENT_STATE_COLOR: dict[AgreementState, str] = {
    AgreementState.DRAFT: "neutral",
    AgreementState.PROPOSED: "warning",
    AgreementState.IN_FORCE: "success",
    AgreementState.REPLACED: "neutral",
    AgreementState.ENDED: "neutral",
}
END_KIND_TEXT: dict[EndKind, Promise] = {
    EndKind.EXPIRED: _("The agreement has run out"),
    EndKind.ROTATED: _("The place goes to another municipality"),
    EndKind.MERGED: _("The municipality has become part of another"),
    EndKind.WITHDRAWN: _("One of the two sides leaves the agreement"),
}
SIDE_TEXT: dict[Side, Promise] = {
    Side.MUNICIPALITY: _("The municipality"),
    Side.OFFICE: _("The regional office"),
}
ROLE_KIND_TEXT: dict[AgreementRoleKind, Promise] = {
    AgreementRoleKind.PROGRAMME_LEADER: _("Programme leader"),
    AgreementRoleKind.LEADERSHIP: _("Answers for the agreement in the leadership"),
    AgreementRoleKind.PROGRAMME_CONTACT: _("Programme contact"),
    AgreementRoleKind.OTHER: _("Another role"),
}
TERM_TEXT: dict[str, Promise] = {
    "valid_from": _("First day"),
    "valid_to": _("Last day"),
    "background": _("Background"),
    "municipality_does": _("What the municipality does"),
    "office_does": _("What the regional office does"),
    "roles": _("Who does what"),
    "priorities": _("Prioritised effort areas"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.agreement.draft": _("An agreement was drafted: %(about)s."),
    "delivery.agreement.change": _("The draft of an agreement was changed: %(about)s."),
    "delivery.agreement.discard": _("The draft of an agreement was thrown away: %(about)s."),
    "delivery.agreement.propose": _(
        "An agreement was sent to the municipality for confirmation: %(about)s."
    ),
    "delivery.agreement.take_back": _(
        "The office took an agreement back before the municipality had answered: %(about)s."
    ),
    "delivery.agreement.confirm": _("The municipality confirmed an agreement: %(about)s."),
    "delivery.agreement.send_back": _(
        "The municipality sent an agreement back with a comment: %(about)s."
    ),
    "delivery.agreement.plan_end": _(
        "It was set that an agreement ends on %(on)s: %(about)s. Cause: %(kind)s. Now part of: %(became)s."
    ),
    "delivery.agreement.end": _(
        "An agreement ended on %(on)s: %(about)s. Cause: %(kind)s. Now part of: %(became)s."
    ),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {
    "delivery.agreement.end": {
        "kind": {kind.value: text for kind, text in END_KIND_TEXT.items()},
        "became": {"": "–"},
    },
    "delivery.agreement.plan_end": {
        "kind": {kind.value: text for kind, text in END_KIND_TEXT.items()},
        "became": {"": "–"},
    },
}
REFUSALS: dict[str, str | Promise] = {
    "delivery.only_its_office_drafts": _(
        "Only the regional office of the municipality writes the agreement. The municipality confirms it."
    ),
    "delivery.only_drafts_change": _(
        "The agreement is %(state)s, and only a draft can be changed. Make a new version instead."
    ),
    "delivery.agreement_cannot_move": _(
        "This cannot be done with the agreement as it is now: “%(state)s”. Open it again to see what"
        " can be done."
    ),
    "delivery.only_the_municipality_confirms": _(
        "Only the municipality that the agreement is with can confirm it or send it back."
    ),
    "delivery.own_side_proposed": _(
        "You belong to the side that proposed the agreement. Somebody else in the municipality must"
        " confirm it."
    ),
    "delivery.only_the_sides_end": _(
        "Only the municipality and its regional office can end the agreement."
    ),
    "delivery.municipality_only_withdraws": _(
        "The municipality can leave the agreement. The regional office writes down every other cause."
    ),
    "delivery.only_standing_renew": _(
        "The agreement is %(state)s. A new version is made from the one in force, or from one that ended."
    ),
    "delivery.agreement_in_work": _(
        "There is a version in work already for this subprogramme. Finish that one first."
    ),
    "delivery.no_office": _(
        "No regional office has this municipality today. Ask nasjonalt fagansvar which region it lies in."
    ),
    "delivery.other_programme": _(
        "What was chosen belongs to another programme. Choose among what this programme has."
    ),
    "delivery.agreement_says_too_little": _(
        "The agreement must tell what the municipality does and what the office does."
    ),
    "delivery.agreement_ends_before_it_begins": _(
        "The last day comes before the first day. Mend one of them."
    ),
    "delivery.agreement_needs_roles": _(
        "Name at least one who does something on each side before the agreement is proposed."
    ),
    "delivery.area_twice": _("An effort area is listed twice. Choose each of them once."),
    "delivery.role_twice": _(
        "The same name is listed twice in the same role. Name each of them once."
    ),
    "delivery.too_many_priorities": _(
        "An agreement puts at most %(most)s effort areas first. Choose those that matter most."
    ),
    "delivery.end_says_why": _("Write why the agreement ends, in a sentence or two."),
    "delivery.end_after_it_runs_out": _(
        "The agreement runs out on %(last)s by itself. Set that day or an earlier one, or make a new version"
        " that holds longer."
    ),
    "delivery.end_before_it_began": _(
        "The agreement began on %(began)s and cannot have ended before that day."
    ),
    "delivery.no_merger_known": _(
        "The register does not know that %(municipality)s has become part of another municipality. Choose"
        " another cause, or have the register brought up to date."
    ),
    "delivery.agreement_changed_before_confirming": _(
        "The agreement has been changed since you opened it. Read it again, and then confirm it."
    ),
    "delivery.agreement_changed_meanwhile": _(
        "Somebody else has changed the agreement since you opened it. What you wrote is below: compare"
        " it with the agreement as it is now, and save again."
    ),
    "delivery.text_too_long": _("“%(field)s” is longer than %(most)s characters. Shorten it."),
    "delivery.birth_number": _(
        "“%(field)s” has a birth number or D-number in line %(line)s. Nothing about one person may stand"
        " here, so it was not saved. Take the number out, and whatever else tells who it is, and save again."
    ),
    "delivery.text_unreadable": _(
        "“%(field)s” holds a character that cannot be shown. Take it out and save again."
    ),
}
