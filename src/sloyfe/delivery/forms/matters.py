"""Shape of matters and decisions as they come in by form; the rules stand in actions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.models import Need, YearlyReport
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.steering import MatterKind
from sloyfe.delivery.texts.matters import MATTER_KIND_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.ui.faults import ClearForm

# A group's issue and a summary's matter get their kind from where they are asked.
FREE_KINDS = (
    MatterKind.DECISION_WANTED,
    MatterKind.NEED,
    MatterKind.CAPACITY,
    MatterKind.CONTRADICTION,
)


class _ReportChoice(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.municipality.name} {obj.reporting_year.year}"


class _NeedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.municipality.name}: {obj.text[:70]}"


class _OfficeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of a few offices, given as rows that are already at hand."""


def office_field(
    label: Any, offices: Sequence[Organisation] | QuerySet[Organisation]
) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    """Give a field that chooses one of these offices; where there is only one, it is chosen."""
    ids = [office.pk for office in offices]
    field = _OfficeChoice(
        label=label,
        queryset=Organisation.objects.filter(pk__in=ids).order_by("sort_key"),
        empty_label=None if len(ids) == 1 else _("Choose"),
    )
    if len(ids) == 1:
        field.initial = ids[0]
    return field


class MatterForm(ClearForm):
    title = forms.CharField(label=_("What is asked, in one line"), max_length=200)
    text = forms.CharField(
        label=_("Why it must be decided"),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
        help_text=_("Do not write about individuals: the matter can be read by others."),
    )
    proposal = forms.CharField(
        label=_("Your proposal"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
        help_text=_("Marked “proposal” until somebody has decided."),
    )
    access = forms.ChoiceField(
        label=_("Who may read it"),
        choices=[
            (Access.PUBLIC.value, _("Everybody whom it concerns (the rule)")),
            (Access.INTERNAL.value, _("The programme’s offices only")),
        ],
        initial=Access.PUBLIC.value,
    )
    legal_ground = forms.CharField(
        label=_("Legal ground for keeping it among the offices"),
        max_length=200,
        required=False,
        help_text=_("For example offentleglova § 14. Only where not everybody may read it."),
    )

    def __init__(
        self,
        *args: Any,
        asking: Sequence[Organisation],
        asked: Sequence[Organisation] = (),
        reports: QuerySet[YearlyReport] | None = None,
        needs: QuerySet[Need] | None = None,
        with_kind: bool = True,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        first: list[str] = []
        if with_kind:
            self.fields["kind"] = forms.ChoiceField(
                label=_("What it is about"),
                choices=[(kind.value, MATTER_KIND_TEXT[kind]) for kind in FREE_KINDS],
            )
            first.append("kind")
        if len(asking) > 1:
            self.fields["asked_by"] = office_field(_("On behalf of"), asking)
            first.append("asked_by")
        if asked:
            self.fields["addressed_to"] = office_field(_("Who is asked"), asked)
            first.append("addressed_to")
        if reports is not None and reports.exists():
            self.fields["reports"] = _ReportChoice(
                label=_("Reports that it rests on"),
                queryset=reports,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        if needs is not None and needs.exists():
            self.fields["need"] = _NeedChoice(
                label=_("Need that it rests on"),
                queryset=needs,
                required=False,
                empty_label=_("No need"),
            )
        self.order_fields([*first, "title", "text", "proposal", "reports", "need"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        closed = data.get("access") not in (None, Access.PUBLIC.value)
        if closed and not data.get("legal_ground"):
            self.add_error("legal_ground", _("Write the legal ground for keeping it closed."))
        return data


class WhyForm(ClearForm):
    why = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)


class NoteForm(ClearForm):
    note = forms.CharField(
        label=_("How it was carried out"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class DecisionForm(ClearForm):
    text = forms.CharField(
        label=_("What is decided"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    due_on = forms.DateField(
        label=_("Carried out by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, carriers: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = forms.ModelChoiceField(
            label=_("Who carries it out"), queryset=carriers, empty_label=_("Choose")
        )
        self.order_fields(["text", "owner", "due_on"])
