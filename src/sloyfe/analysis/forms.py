"""The filter of printed figures."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.analysis.rules.printed import TIERS, Outcome
from sloyfe.analysis.texts.printed import OUTCOME_TEXT, TIER_TEXT
from sloyfe.ui.faults import ClearForm


class PrintedFilter(ClearForm):
    """Which questionnaire, and which outcome. Empty means all."""

    skjema = forms.ChoiceField(
        label=_("Questionnaire"),
        required=False,
        choices=[("", _("All")), *((tier, TIER_TEXT[tier]) for tier in TIERS)],
        error_messages={"invalid_choice": _("There is no such questionnaire. All are shown.")},
    )
    resultat = forms.ChoiceField(
        label=_("What came out"),
        required=False,
        choices=[("", _("Everything")), *((o.value, OUTCOME_TEXT[o]) for o in Outcome)],
        error_messages={"invalid_choice": _("There is no such outcome. All are shown.")},
    )
