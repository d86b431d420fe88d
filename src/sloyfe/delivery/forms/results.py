"""What can be chosen above a page of figures. A value that the page does not know leaves it as it was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from sloyfe.delivery.queries.results import Wording
from sloyfe.delivery.rules.results import Structure
from sloyfe.delivery.texts.results import STRUCTURE_TEXT
from sloyfe.ui.templatetags.ui import pick


class PictureForm(forms.Form):
    """Which year, and in which structure."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        years: Sequence[int],
        wording: Wording,
        newest: int | None = None,
    ) -> None:
        super().__init__(data)
        self._newest = newest if newest is not None else max(years, default=None)
        self.fields["year"] = forms.ChoiceField(
            label=_("Year"),
            required=False,
            choices=[(str(year), pick(wording.year(year))) for year in reversed(years)],
        )
        self.fields["structure"] = forms.ChoiceField(
            label=_("Municipalities and regions"),
            required=False,
            choices=[(each.value, STRUCTURE_TEXT[each]) for each in Structure],
        )
        self.is_valid()

    @property
    def year(self) -> int | None:
        """The year asked for, or the newest; None where there is no year at all."""
        said = self.cleaned_data.get("year")
        return int(said) if said else self._newest

    @property
    def structure(self) -> Structure:
        """The structure asked for; as reported unless something else is said."""
        return Structure(self.cleaned_data.get("structure") or Structure.AS_REPORTED)

    def settled(self) -> PictureForm:
        """Give the form as it shows what is in fact shown, without any complaint."""
        self.data = {"year": str(self.year), "structure": self.structure.value}
        self._errors = None
        return self
