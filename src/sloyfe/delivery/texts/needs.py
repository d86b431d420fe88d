"""Words for needs, and a sentence for each action and refusal."""

from __future__ import annotations

import datetime as dt

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.rules.needs import Channel, NeedState

NEED_STATE_TEXT: dict[NeedState, str | Promise] = {
    NeedState.UNCONFIRMED: _("not confirmed"),
    # A need is of another gender than a report, and in Norwegian the word follows it.
    NeedState.RECEIVED: pgettext_lazy("need", "received"),
    NeedState.IN_WORK: _("in work"),
    NeedState.RAISED: _("with nasjonalt fagansvar"),
    NeedState.ANSWERED: _("answered"),
    NeedState.CLOSED: _("closed"),
}
UNMET_TEXT = _("nobody has been able to meet the need")
NEED_STATE_COLOR = {
    NeedState.UNCONFIRMED: "neutral",
    NeedState.RECEIVED: "warning",
    NeedState.IN_WORK: "info",
    NeedState.RAISED: "warning",
    NeedState.ANSWERED: "success",
    NeedState.CLOSED: "neutral",
}
# The same states as steps on the way, in the order in which they come.
STEP_TEXT: dict[NeedState, str | Promise] = {
    NeedState.RECEIVED: _("Received"),
    NeedState.IN_WORK: _("In work"),
    NeedState.RAISED: _("With nasjonalt fagansvar"),
    NeedState.ANSWERED: _("Answered"),
    NeedState.CLOSED: _("Closed"),
}
CHANNEL_TEXT: dict[Channel, str | Promise] = {
    Channel.OPEN_PAGE: _("on the open page, confirmed by e-mail"),
    Channel.SIGNED_IN: _("by somebody who is signed in for the municipality"),
    Channel.OFFICE: _("by the office, after a conversation with the municipality"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.need.write": _("A need was written on the open page and waits to be confirmed."),
    "delivery.need.confirm": _("The need %(about)s was confirmed and received."),
    "delivery.need.say": _("The need %(about)s was said %(channel)s."),
    "delivery.need.triage": _("It was said who does what about the need %(about)s."),
    "delivery.need.answer": _("The need %(about)s was answered."),
    "delivery.need.raise": _("The need %(about)s was raised to nasjonalt fagansvar."),
    "delivery.need.raise_to_owner": _("The need %(about)s was taken further up."),
    "delivery.need.close": _("The need %(about)s was closed."),
    "delivery.need.reopen": _(
        "The answer to the need %(about)s did not help; it is in work again."
    ),
    "delivery.need.renew_link": _("Earlier links to the need %(about)s were made void."),
    "delivery.needs.forget": _("%(needs)s needs that nobody confirmed were deleted."),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {
    "delivery.need.say": {"channel": {code.value: text for code, text in CHANNEL_TEXT.items()}}
}
REFUSALS: dict[str, str | Promise] = {
    "delivery.need.empty": _("Write what the municipality needs."),
    "delivery.need.too_long": _("The text is too long. Write at most %(most)s characters."),
    "delivery.need.birth_number": _(
        "There is a birth number or D-number in line %(line)s. Nothing about one person may stand here, so"
        " it was not sent. Take the number out, and whatever else tells who it is."
    ),
    "delivery.need.unreadable": _(
        "The text holds characters that cannot be read. Write it anew without pasting."
    ),
    "delivery.need.no_address": _("Write an e-mail address like name@municipality.no."),
    "delivery.need.nobody_receives": _(
        "The programme has ended or has no office that receives needs now, so nothing can be sent."
    ),
    "delivery.need.not_this_municipality": _(
        "You can report a need for your own municipality, or for one that lies in your office’s region."
    ),
    "delivery.need.too_many": _(
        "Many needs have been written from here within a short time. Wait an hour and send again."
    ),
    "delivery.need.unknown_link": _(
        "The link is not whole, or the need was deleted since nobody confirmed it. Write it anew."
    ),
    "delivery.need.confirmed_already": _(
        "The need has been confirmed already. The letter about that has the link by which you follow it."
    ),
    "delivery.need.link_expired": _(
        "The time to confirm is over, and what was written is being deleted. Write the need anew."
    ),
    "delivery.need.only_the_office": _("Only %(office)s, which has the need, does this."),
    "delivery.need.only_national_lead": _(
        "Only nasjonalt fagansvar, which has the need, does this."
    ),
    "delivery.need.own_municipality": _(
        "Your own municipality wrote this need. Somebody else handles it."
    ),
    "delivery.need.only_the_municipality": _(
        "Only the municipality says whether the answer helped."
    ),
    "delivery.need.cannot_move": _("A need that is %(state)s cannot become %(wanted)s."),
    "delivery.need.answered_as_met": _(
        "The answer says that the need is met, so there is nothing to raise."
    ),
    "delivery.need.is_national_already": _("Nasjonalt fagansvar has the need already."),
    "delivery.need.answer_stands": _(
        "The municipality has until %(day)s to say whether the answer helped. Then the need can be closed."
    ),
    "delivery.need.not_for_owner": _(
        "Only a need that nasjonalt fagansvar has, or that nobody could meet, is taken further up."
    ),
    "delivery.need.matter_waits": _(
        "The need has been taken further up already, and the matter has no answer yet."
    ),
    "delivery.need.is_decided": _(
        "It has been decided what will happen with the need. Give the municipality the answer."
    ),
    "delivery.need.no_owner": _("Nobody is the owner of this programme now."),
    "delivery.need.say_something": _("Write it in words; the field is empty."),
    "delivery.need.changed_meanwhile": _(
        "Somebody else has just done something with this need. Your text is below and has not been saved."
    ),
}


def without_words(written_on: dt.date) -> str:
    """Say that there is a need which is exempt from public access, where its words are not for all who read."""
    return gettext("A need said on %(day)s. Its words are exempt from public access.") % {
        "day": date_format(written_on, "DATE_FORMAT")
    }


def where_it_stands(
    state: NeedState,
    *,
    office: str,
    since: str,
    due: str,
    is_late: bool,
    is_met: bool | None,
    answered_by: str,
) -> str:
    """Tell in a sentence who has a need now, and since when. Days and offices come in words."""
    if state is NeedState.RECEIVED:
        told = (
            gettext(
                "%(office)s received the need on %(since)s and should have looked at it by %(due)s."
            )
            if is_late
            else gettext("%(office)s received the need on %(since)s and looks at it by %(due)s.")
        )
        return told % {"office": office, "since": since, "due": due}
    if state is NeedState.IN_WORK:
        return gettext("%(office)s has been working on the need since %(since)s.") % {
            "office": office,
            "since": since,
        }
    if state is NeedState.RAISED:
        return gettext(
            "The region could not meet the need. Nasjonalt fagansvar has had it since %(since)s."
        ) % {"since": since}
    if state is NeedState.ANSWERED and is_met is False:
        return gettext(
            "Nobody has been able to meet the need. %(office)s answered on %(since)s."
        ) % {"office": answered_by, "since": since}
    if state is NeedState.ANSWERED:
        return gettext("%(office)s answered on %(since)s.") % {
            "office": answered_by,
            "since": since,
        }
    if state is NeedState.CLOSED:
        told = (
            gettext("The need was closed on %(since)s. Nobody has been able to meet it.")
            if is_met is False
            else gettext("The need was closed on %(since)s.")
        )
        return told % {"since": since}
    return gettext("Nobody sees the need before it is confirmed.")


# What comes after each state, told to the municipality.
NEXT_TEXT: dict[NeedState, str | Promise] = {
    NeedState.UNCONFIRMED: _("Confirm it by the link in the letter."),
    NeedState.RECEIVED: _("Next, the office says who does what, or answers at once."),
    NeedState.IN_WORK: _("Next, the office answers, or raises the need to nasjonalt fagansvar."),
    NeedState.RAISED: _("Next, nasjonalt fagansvar answers, or takes the need further up."),
    NeedState.ANSWERED: _("Next, the municipality says whether the answer helped."),
    NeedState.CLOSED: _("A new need can be said at any time."),
}
