"""Shape of what comes in by form; the rules stand in actions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.fieldwork.rules import Declaration, Design
from sloyfe.fieldwork.texts import DECLARATION_TEXT, DESIGN_TEXT
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.programme.models import Programme, Subprogramme
from sloyfe.programme.queries import BASIC_OFFER
from sloyfe.ui.faults import ClearForm


def _date(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class RoundForm(ClearForm):
    title_nb = forms.CharField(label=_("Title in bokmål"), max_length=200)
    title_nn = forms.CharField(label=_("Title in nynorsk"), max_length=200)
    slug = forms.SlugField(
        label=_("Short name for the address"),
        max_length=60,
        help_text=_("Letters, digits and hyphens."),
    )
    declaration = forms.ChoiceField(
        label=_("How the answers are kept"),
        choices=[
            (d.value, DECLARATION_TEXT[d]) for d in Declaration if d is not Declaration.NOT_STATED
        ],
        help_text=_("Stands from the day the round opens."),
    )
    controller = forms.CharField(label=_("Controller of the personal data"), max_length=200)
    processor = forms.CharField(label=_("Processor"), max_length=200, required=False)
    host = forms.CharField(label=_("Who runs this installation"), max_length=200)
    legal_ground = forms.CharField(label=_("Legal ground"), max_length=300)
    privacy_nb = forms.CharField(
        label=_("Privacy notice in bokmål"), widget=forms.Textarea, max_length=4000
    )
    privacy_nn = forms.CharField(
        label=_("Privacy notice in nynorsk"), widget=forms.Textarea, max_length=4000
    )
    contact = forms.CharField(label=_("Whom respondents can ask"), max_length=200)
    opens_on = _date(_("Opens"))
    closes_on = _date(_("Closes"))
    delete_contacts_on = _date(_("Contacts are deleted"))
    delete_keys_on = _date(
        _("The key is destroyed"), _("After this day nobody can find out whose an answer is.")
    )
    delete_responses_on = _date(_("Answers are deleted"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        opens, closes = data.get("opens_on"), data.get("closes_on")
        if opens and closes and closes <= opens:
            self.add_error("closes_on", _("The closing day must come after the opening day."))
        for name in ("delete_contacts_on", "delete_keys_on", "delete_responses_on"):
            if closes and data.get(name) and data[name] < closes:
                self.add_error(name, _("This day must not come before the round closes."))
        return data


class PopulationForm(ClearForm):
    title_nb = forms.CharField(label=_("Name of the group in bokmål"), max_length=200)
    title_nn = forms.CharField(label=_("Name of the group in nynorsk"), max_length=200)
    code = forms.SlugField(label=_("Short name for the address"), max_length=60)
    frame_as_of = _date(_("As the municipalities stood on"))
    design = forms.ChoiceField(
        label=_("How they are chosen"), choices=[(d.value, DESIGN_TEXT[d]) for d in Design]
    )
    per_stratum = forms.IntegerField(
        label=_("Number in each region"), min_value=1, max_value=500, required=False
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"] = forms.ModelChoiceField(
            label=_("Form"),
            queryset=Version.objects.filter(
                instrument__programme=programme,
                instrument__kind=InstrumentKind.QUESTIONNAIRE.value,
                state=VersionState.RELEASED.value,
            ).select_related("instrument"),
        )
        subprogrammes = Subprogramme.objects.filter(programme=programme)
        self.fields["subprogramme"] = forms.ChoiceField(
            label=_("Who is asked"),
            required=False,
            choices=[
                (BASIC_OFFER, _("Municipalities with the basic offer only")),
                ("", _("All municipalities")),
                *((row.code, str(row)) for row in subprogrammes),
            ],
        )
        self.order_fields(
            [
                "title_nb",
                "title_nn",
                "code",
                "version",
                "subprogramme",
                "frame_as_of",
                "design",
                "per_stratum",
            ]
        )


class DrawForm(ClearForm):
    seed = forms.CharField(
        label=_("Seed"),
        max_length=100,
        help_text=_("Any words. With the same words anybody can draw the same sample again."),
    )


class ContactsForm(ClearForm):
    file = forms.FileField(label=_("File with contacts (CSV or XLSX)"))
    source = forms.CharField(label=_("Where the addresses come from"), max_length=200)
    told = forms.CharField(label=_("How the people were told"), max_length=300)


class LetterTextForm(ClearForm):
    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"), widget=forms.Textarea(attrs={"rows": 14}), max_length=8000
    )
