"""Shape of what comes in about plans; the rules stand in actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.actions.plans import MeasureTerms
from sloyfe.delivery.forms.fields import WordedChoice, date_field, revision_field, text_field
from sloyfe.delivery.models import EffortArea, Measure
from sloyfe.delivery.queries.plans import goals_to_serve
from sloyfe.delivery.rules.plans import MeasureStatus
from sloyfe.delivery.texts.plans import FIELD_TEXT, MEASURE_STATUS_TEXT
from sloyfe.ui.faults import ClearForm


class MeasureForm(ClearForm):
    revision = revision_field()
    text = text_field(FIELD_TEXT["text"], 500, rows=3)
    who = forms.CharField(
        label=FIELD_TEXT["who"], max_length=200, help_text=_("A role or a unit, not a name.")
    )
    by_when = date_field(_("By when"))
    how_seen = text_field(
        FIELD_TEXT["how_seen"], 500, _("What is different when it has worked?"), rows=3
    )

    def __init__(self, *args: Any, programme_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"] = WordedChoice(
            label=_("Effort area"),
            queryset=EffortArea.objects.filter(programme=programme_id),
            required=False,
            empty_label=_("none"),
        )
        self.fields["goal"] = WordedChoice(
            label=_("The goal that it serves"),
            queryset=goals_to_serve(programme_id),
            required=False,
            empty_label=_("none"),
        )
        self.order_fields(["revision", "text", "area", "goal", "who", "by_when", "how_seen"])

    def terms(self) -> MeasureTerms:
        """Give what the form says as a measure's terms."""
        data = self.cleaned_data
        return MeasureTerms(
            text=data["text"],
            who=data["who"],
            by_when=data["by_when"],
            how_seen=data["how_seen"],
            goal=data["goal"],
            area=data["area"],
        )


def initial_of(measure: Measure) -> dict[str, Any]:
    """Give a measure as the form begins with it."""
    return {
        "revision": measure.plan.revision,
        "text": measure.text,
        "who": measure.who,
        "by_when": measure.by_when,
        "how_seen": measure.how_seen,
        "goal": measure.goal_id,
        "area": measure.area_id,
    }


class SummaryForm(ClearForm):
    revision = revision_field()
    summary = text_field(
        FIELD_TEXT["summary"], 4000, _("What does the municipality want this year?"), required=False
    )


class StatusForm(ClearForm):
    stood = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    status = forms.ChoiceField(
        label=_("How far has it come?"),
        widget=forms.RadioSelect,
        choices=[(status.value, MEASURE_STATUS_TEXT[status]) for status in MeasureStatus],
    )
    note = text_field(FIELD_TEXT["status_note"], 500, required=False, rows=3)
    new_day = date_field(
        _("New day"), _("Where it takes longer than planned; the note says why."), required=False
    )


class ActivityForm(ClearForm):
    text = forms.CharField(label=FIELD_TEXT["activity"], max_length=500)
    on = date_field(_("Day"), required=False)


class ReviseForm(ClearForm):
    reason = text_field(_("Why is the plan opened for changes?"), 4000)


class StartForm(ClearForm):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100)
    copy_unfinished = forms.BooleanField(
        label=_("Take along what last year's plan did not finish"), required=False, initial=True
    )
