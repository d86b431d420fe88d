"""A text in the languages that a programme speaks, as fields of a form."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sloyfe.programme.rules.mandates import LANGUAGES, LONGEST_TEXT, wording_problems
from sloyfe.ui.faults import ClearForm


class WordingForm(ClearForm):
    """A form with texts in bokmål and nynorsk, and in English where somebody has written it.

    `wordings` says for each text its label, how long it may be and whether it must be there.
    """

    wordings: ClassVar[dict[str, tuple[str | Promise, int, bool]]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, longest, required) in self.wordings.items():
            for language, title in zip(
                LANGUAGES,
                (_("%(what)s (bokmål)"), _("%(what)s (nynorsk)"), _("%(what)s (English)")),
                strict=True,
            ):
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=title % {"what": label},
                    max_length=longest,
                    required=required and language != "en",
                    widget=forms.Textarea(attrs={"rows": 8 if longest == LONGEST_TEXT else 2}),
                )
        # What is written comes before what is chosen about it.
        self.order_fields([f"{name}_{each}" for name in self.wordings for each in LANGUAGES])

    def wording(self, name: str) -> dict[str, str]:
        """Give a text that was written: language → words, without the languages left empty."""
        found = {each: self.cleaned_data.get(f"{name}_{each}", "").strip() for each in LANGUAGES}
        return {language: text for language, text in found.items() if text}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, (_label, longest, required) in self.wordings.items():
            for language in wording_problems(
                self.wording(name), longest=longest, required=required
            ):
                field = f"{name}_{language}"
                if field not in self.errors:
                    self.add_error(field, _("Write the text in both bokmål and nynorsk."))
        return data


def spread(name: str, text: dict[str, str]) -> dict[str, str]:
    """Give a stored text as the first values of a form's fields."""
    return {f"{name}_{language}": text.get(language, "") for language in LANGUAGES}
