"""Shape of what is written for a programme description; the rules stand in actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sloyfe.programme.rules.descriptions import (
    INTRODUCTION_LANGUAGES,
    LONGEST_INTRODUCTION,
    LONGEST_NOTE,
)
from sloyfe.ui.faults import ClearForm


class IntroductionsForm(ClearForm):
    """A text in each language for each chapter; `chapters` are code and title."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(
        self,
        data: Any = None,
        *,
        chapters: Iterable[tuple[str, str | Promise]],
        written: Mapping[str, Mapping[str, str]],
        revision: int,
    ) -> None:
        super().__init__(data, initial={"revision": revision})
        self.use_required_attribute = False
        self.codes: list[str] = []
        names = {"nb": gettext("in bokmål"), "nn": gettext("in nynorsk")}
        for code, title in chapters:
            self.codes.append(code)
            for language in INTRODUCTION_LANGUAGES:
                self.fields[f"{code}_{language}"] = forms.CharField(
                    label=f"{title}, {names[language]}",
                    required=False,
                    max_length=LONGEST_INTRODUCTION,
                    initial=written.get(code, {}).get(language, ""),
                    widget=forms.Textarea(attrs={"rows": 3, "lang": language}),
                )

    def introductions(self) -> dict[str, dict[str, str]]:
        """Give what was written: chapter → language → text."""
        return {
            code: {
                language: self.cleaned_data.get(f"{code}_{language}", "")
                for language in INTRODUCTION_LANGUAGES
            }
            for code in self.codes
        }


class PublishForm(ClearForm):
    looked_at = forms.CharField(widget=forms.HiddenInput, max_length=64)
    note = forms.CharField(
        label=_("What has changed"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences for those who have read the last version."),
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False
        self.fields["note"].required = not first
