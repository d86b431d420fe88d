"""Shape of the form that every case document has; the rules stand in actions."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.models.documents import CaseDocument
from sloyfe.delivery.rules.documents import (
    LEGAL_GROUNDS,
    LONGEST_GROUND,
    LONGEST_JOURNAL_REFERENCE,
    Access,
    access_problem,
)
from sloyfe.delivery.texts.documents import ACCESS_MEANS, ACCESS_TEXT, REFUSALS
from sloyfe.ui.faults import ClearForm


class AccessForm(ClearForm):
    revision = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    access = forms.ChoiceField(
        label=_("Who may read it"),
        widget=forms.RadioSelect,
        choices=[(each.value, ACCESS_TEXT[each]) for each in Access],
    )
    ground = forms.ChoiceField(
        label=_("Legal ground for the access"),
        required=False,
        help_text=_("Needed unless everybody may read the document."),
        choices=[
            ("", _("none, or in your own words below")),
            *((each, each) for grounds in LEGAL_GROUNDS.values() for each in grounds),
        ],
    )
    own_ground = forms.CharField(
        label=_("Legal ground in your own words"), required=False, max_length=LONGEST_GROUND
    )
    journal_reference = forms.CharField(
        label=_("Journal reference"),
        required=False,
        max_length=LONGEST_JOURNAL_REFERENCE,
        help_text=_("The number of the document in your journal, for example 2026/123-4."),
    )

    def __init__(
        self, *args: Any, levels: Collection[Access] = tuple(Access), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        field = self.fields["access"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        # The word, and in the same line what follows from it.
        field.choices = [
            (each.value, f"{str(ACCESS_TEXT[each]).capitalize()}. {ACCESS_MEANS[each]}")
            for each in levels
        ]

    def clean(self) -> dict[str, Any]:
        """Take the ground that was chosen, or the one in own words, and say what is missing."""
        data: dict[str, Any] = super().clean() or {}
        data["legal_ground"] = data.get("own_ground", "").strip() or data.get("ground", "")
        if "access" in data and not self.errors:
            wrong = access_problem(
                Access(data["access"]), data["legal_ground"], data["journal_reference"]
            )
            if wrong:
                self.add_error("ground", str(REFUSALS[wrong]))
        return data


def initial_of(document: CaseDocument) -> dict[str, str]:
    """Give what the form begins with: a ground that we propose is chosen, another stands in own words."""
    legal_ground = document.legal_ground
    proposed = {each for grounds in LEGAL_GROUNDS.values() for each in grounds}
    known = legal_ground in proposed
    return {
        "revision": document.access_revision,
        "access": document.access,
        "ground": legal_ground if known else "",
        "own_ground": "" if known else legal_ground,
        "journal_reference": document.journal_reference,
    }
