"""Shape of dates on the year wheel as they come in by form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sloyfe.programme.actions.year_wheel import DateFacts
from sloyfe.programme.forms.mandates import date_field, days_field
from sloyfe.programme.forms.wording import WordingForm
from sloyfe.programme.models import Programme, Region
from sloyfe.programme.queries.year_wheel import arenas_of
from sloyfe.programme.rules.mandates import LONGEST_LINE, RoleKind
from sloyfe.programme.rules.year_wheel import LONGEST_REASON, DateKind, date_problems
from sloyfe.programme.texts import REFUSALS
from sloyfe.programme.texts.mandates import ROLE_TEXT
from sloyfe.programme.texts.year_wheel import DATE_KIND_TEXT
from sloyfe.ui.faults import ClearForm
from sloyfe.ui.fields import SometimesNeededText
from sloyfe.ui.templatetags.ui import pick

_REASON_HELP = _(
    "Needed when less than a year is left. It is sent by e-mail to those whom the date concerns and who are registered here."
)


def reason_field(*, required: bool = False) -> forms.CharField:
    """Give a field for why a date changes at short notice."""
    return SometimesNeededText(
        label=_("Why"),
        help_text=_REASON_HELP,
        required=required,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class DateForm(WordingForm):
    """A date. `regions` are those that the writer may choose; `everywhere` whether none is one of them."""

    wordings: ClassVar = {"title": (_("What it is"), LONGEST_LINE, True)}

    kind = forms.ChoiceField(
        label=_("Kind"), choices=[(kind.value, DATE_KIND_TEXT[kind]) for kind in DateKind]
    )
    starts_on = date_field(_("Day"))
    ends_on = date_field(_("Last day"), _("Only where it is more than one day."), required=False)
    roles = forms.MultipleChoiceField(
        label=_("Whom it concerns"),
        choices=[(role.value, ROLE_TEXT[role]) for role in RoleKind],
        widget=forms.CheckboxSelectMultiple,
    )
    effort_days = days_field(
        _("Working days for each office"), _("Leave it empty if it takes next to no time.")
    )
    reason = reason_field()
    sequence = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(
        self,
        *args: Any,
        programme: Programme,
        regions: Sequence[Region],
        everywhere: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.regions = {row.code: row for row in regions}
        self.subprogrammes = {row.code: row for row in programme.subprogrammes.all()}
        self.arenas = {row.code: row for row in arenas_of(programme)}
        anywhere = [("", _("All regions"))] if everywhere else []
        self.fields["region"] = forms.ChoiceField(
            label=_("Region"),
            required=not everywhere,
            choices=[
                *anywhere,
                *((code, pick(row.title) or row.name) for code, row in self.regions.items()),
            ],
        )
        self.fields["subprogramme"] = forms.ChoiceField(
            label=_("Subprogramme"),
            required=False,
            choices=[
                ("", _("All municipalities")),
                *((code, pick(row.title)) for code, row in self.subprogrammes.items()),
            ],
        )
        self.fields["arena"] = forms.ChoiceField(
            label=_("Arena"),
            required=False,
            choices=[
                ("", _("None")),
                *((code, pick(row.text)) for code, row in self.arenas.items()),
            ],
        )
        self.order_fields(
            [
                "title_nb",
                "title_nn",
                "title_en",
                "kind",
                "starts_on",
                "ends_on",
                "roles",
                "region",
                "subprogramme",
                "arena",
                "effort_days",
                "reason",
            ]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name, code in date_problems(
            starts_on=data.get("starts_on"),
            ends_on=data.get("ends_on"),
            roles=[RoleKind(role) for role in data.get("roles", ())],
            today=timezone.localdate(),
        ):
            if name not in self.errors:
                self.add_error(name, str(REFUSALS[f"programme.{code}"]))
        return data

    @property
    def facts(self) -> DateFacts:
        """Give what the form says of the date."""
        data = self.cleaned_data
        return DateFacts(
            title=self.wording("title"),
            kind=DateKind(data["kind"]),
            starts_on=data["starts_on"],
            ends_on=data["ends_on"] if data["ends_on"] != data["starts_on"] else None,
            roles=[RoleKind(role) for role in data["roles"]],
            subprogramme=self.subprogrammes.get(data["subprogramme"]),
            region=self.regions.get(data["region"]),
            arena=self.arenas.get(data["arena"]),
            effort_days=data["effort_days"],
        )


class CancelForm(ClearForm):
    reason = reason_field()
