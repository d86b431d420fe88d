"""What can be chosen above a page of figures. A value that the page does not know leaves it as it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from sloyfe.delivery.rules.results import Structure
from sloyfe.delivery.texts.results import STRUCTURE_TEXT
from sloyfe.ui.faults import ClearForm


class PictureForm(ClearForm):
    """Which year, and in which structure."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        years: Sequence[int],
        first: int | None,
        unfinished: Collection[int] = (),
    ) -> None:
        super().__init__(data)
        self._first = first
        self.fields["year"] = forms.ChoiceField(
            label=_("Year"),
            required=False,
            choices=[
                (
                    str(year),
                    _("%(year)s, not finished") % {"year": year}
                    if year in unfinished
                    else str(year),
                )
                for year in reversed(years)
            ],
        )
        self.fields["structure"] = forms.ChoiceField(
            label=_("Municipalities and regions"),
            required=False,
            choices=[(each.value, STRUCTURE_TEXT[each]) for each in Structure],
        )
        self.is_valid()

    @property
    def year(self) -> int | None:
        """The year asked for, or the one to read first; None where there is no year at all."""
        said = self.cleaned_data.get("year")
        return int(said) if said else self._first

    @property
    def structure(self) -> Structure:
        """The structure asked for; as reported unless something else is said."""
        return Structure(self.cleaned_data.get("structure") or Structure.AS_REPORTED)

    def settled(self) -> PictureForm:
        """Give the form as it shows what is in fact shown, without any complaint."""
        self.data = {"year": str(self.year), "structure": self.structure.value}
        self._errors = None
        return self
