"""Shape of what comes in about meetings; the rules stand in actions."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.comments.rules import ANSWERS
from sloyfe.comments.texts import OUTCOMES
from sloyfe.delivery.forms.fields import date_field, revision_field, text_field
from sloyfe.delivery.rules.agreements import MeetingKind
from sloyfe.delivery.texts.meetings import FIELD_TEXT, MEETING_KIND_TEXT
from sloyfe.ui.faults import ClearForm


class MeetingForm(ClearForm):
    revision = revision_field()
    kind = forms.ChoiceField(
        label=_("What kind of meeting?"),
        choices=[(kind.value, MEETING_KIND_TEXT[kind]) for kind in MeetingKind],
    )
    on = date_field(_("Day"))
    place = forms.CharField(
        label=FIELD_TEXT["place"],
        max_length=200,
        required=False,
        help_text=_("A room, or how you meet on screen."),
    )
    agenda = text_field(
        FIELD_TEXT["agenda"],
        4000,
        _("Made from what waits between you. Change it as you like."),
        required=False,
        rows=12,
    )


class MinutesForm(ClearForm):
    revision = revision_field()
    present = forms.CharField(
        label=FIELD_TEXT["present"],
        max_length=1000,
        help_text=_("Roles, not names: programme leader, adviser at the regional office."),
    )
    minutes = text_field(
        FIELD_TEXT["minutes"],
        8000,
        _("Write nothing about single persons who live in the municipality."),
        rows=12,
    )
    agreed = text_field(
        FIELD_TEXT["agreed"],
        4000,
        _("One point on each line. They come up again in the next meeting."),
        required=False,
    )


class CancelForm(ClearForm):
    reason = text_field(FIELD_TEXT["reason"], 2000)


class CommentForm(ClearForm):
    text = text_field(_("Your comment"), 4000)


class AnswerForm(ClearForm):
    outcome = forms.ChoiceField(
        label=_("What was done with the comment?"),
        widget=forms.RadioSelect,
        choices=[(each.value, OUTCOMES[each]) for each in ANSWERS],
    )
    answer = text_field(_("Your answer"), 4000)
