"""Shape of what comes in about agreements; the rules stand in actions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sloyfe.delivery.actions.agreements import Chosen, Named, Terms
from sloyfe.delivery.forms.fields import WordedChoice, date_field, revision_field, text_field
from sloyfe.delivery.models import Agreement, AgreementRole, EffortArea
from sloyfe.delivery.rules.agreements import (
    MOST_PRIORITIES,
    AgreementRoleKind,
    EndKind,
    Side,
    last_day,
)
from sloyfe.delivery.texts.agreements import END_KIND_TEXT, ROLE_KIND_TEXT, SIDE_TEXT, TERM_TEXT
from sloyfe.programme.models import Subprogramme
from sloyfe.ui.faults import ClearForm
from sloyfe.ui.templatetags.ui import pick

# The roles that the form asks for; those that an agreement has beside them get a place of their own.
SLOTS = (
    (Side.MUNICIPALITY, AgreementRoleKind.PROGRAMME_LEADER),
    (Side.MUNICIPALITY, AgreementRoleKind.LEADERSHIP),
    (Side.MUNICIPALITY, AgreementRoleKind.OTHER),
    (Side.OFFICE, AgreementRoleKind.PROGRAMME_CONTACT),
    (Side.OFFICE, AgreementRoleKind.LEADERSHIP),
    (Side.OFFICE, AgreementRoleKind.OTHER),
)


class AgreementForm(ClearForm):
    revision = revision_field()
    valid_from = date_field(TERM_TEXT["valid_from"])
    last_day = date_field(
        TERM_TEXT["valid_to"], _("Leave it empty where no end is agreed."), required=False
    )
    background = text_field(TERM_TEXT["background"], 4000, required=False)
    municipality_does = text_field(TERM_TEXT["municipality_does"], 4000)
    office_does = text_field(TERM_TEXT["office_does"], 4000)

    def __init__(
        self,
        *args: Any,
        programme_id: int,
        roles: Iterable[AgreementRole] = (),
        asks_subprogramme: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if asks_subprogramme:
            subprogrammes = Subprogramme.objects.filter(programme=programme_id).order_by("code")
            self.fields["subprogramme"] = WordedChoice(
                label=_("Subprogramme"),
                queryset=subprogrammes,
                empty_label=_("choose"),
                initial=subprogrammes.first() if len(subprogrammes) == 1 else None,
            )
            self.order_fields(["subprogramme"])
        self._add_roles(list(roles))
        areas = {str(area.pk): area for area in EffortArea.objects.filter(programme=programme_id)}
        for place in range(1, MOST_PRIORITIES + 1):
            self.fields[f"area_{place}"] = forms.TypedChoiceField(
                label=_("Effort area %(place)s") % {"place": place},
                choices=[("", _("none")), *((key, pick(a.title)) for key, a in areas.items())],
                coerce=areas.get,
                empty_value=None,
                required=False,
            )
            self.fields[f"why_{place}"] = forms.CharField(
                label=_("Why this effort area"), max_length=1000, required=False
            )

    def _add_roles(self, roles: list[AgreementRole]) -> None:
        left = list(roles)
        self.slots: list[tuple[Side, AgreementRoleKind]] = []
        for side, kind in SLOTS:
            row = next((r for r in left if r.side == side and r.kind == kind), None)
            if row is not None:
                left.remove(row)
            self._add_slot(side, kind, row)
        for row in left:
            self._add_slot(Side(row.side), AgreementRoleKind(row.kind), row)

    def _add_slot(self, side: Side, kind: AgreementRoleKind, row: AgreementRole | None) -> None:
        place = len(self.slots)
        self.slots.append((side, kind))
        label = _("%(side)s: %(role)s") % {"side": SIDE_TEXT[side], "role": ROLE_KIND_TEXT[kind]}
        self.fields[f"name_{place}"] = forms.CharField(
            label=label,
            max_length=200,
            required=False,
            help_text=_("Name. Leave it empty where there is nobody."),
            initial=row.name if row else "",
        )
        self.fields[f"title_{place}"] = forms.CharField(
            label=_("Position"), max_length=200, required=False, initial=row.title if row else ""
        )

    @property
    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields in the parts of the agreement, each with its heading."""
        texts = ("background", "municipality_does", "office_does")
        roles = [f"{part}_{at}" for at in range(len(self.slots)) for part in ("name", "title")]
        areas = [f"{part}_{at}" for at in range(1, MOST_PRIORITIES + 1) for part in ("area", "why")]
        later = {*texts, *roles, *areas}
        first = [bound.name for bound in self.visible_fields() if bound.name not in later]
        return [
            (legend, [self[name] for name in names])
            for legend, names in (
                (_("How long it holds"), first),
                (_("What each side does"), texts),
                (TERM_TEXT["roles"], roles),
                (TERM_TEXT["priorities"], areas),
            )
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day must not come before the first day."))
        if last == dt.date.max:
            self.add_error("last_day", _("This day cannot be right. Check the year."))
        chosen: set[int] = set()
        for place in range(1, MOST_PRIORITIES + 1):
            area = data.get(f"area_{place}")
            if area is not None and area.pk in chosen:
                self.add_error(f"area_{place}", _("This effort area is chosen already."))
            elif area is not None:
                chosen.add(area.pk)
            elif data.get(f"why_{place}"):
                self.add_error(f"area_{place}", _("Choose the effort area that you write about."))
        return data

    def terms(self) -> Terms:
        """Give what the form says as an agreement's terms."""
        data = self.cleaned_data
        last = data["last_day"]
        return Terms(
            valid_from=data["valid_from"],
            valid_to=last + dt.timedelta(days=1) if last else None,
            background=data["background"],
            municipality_does=data["municipality_does"],
            office_does=data["office_does"],
            roles=tuple(
                Named(side, kind, data[f"name_{place}"], data[f"title_{place}"])
                for place, (side, kind) in enumerate(self.slots)
                if data[f"name_{place}"]
            ),
            priorities=tuple(
                Chosen(data[f"area_{place}"], data[f"why_{place}"])
                for place in range(1, MOST_PRIORITIES + 1)
                if data[f"area_{place}"]
            ),
        )


def initial_of(agreement: Agreement) -> dict[str, Any]:
    """Give an agreement as the form begins with it."""
    initial: dict[str, Any] = {
        "revision": agreement.revision,
        "valid_from": agreement.valid_from,
        "last_day": last_day(agreement.valid_to),
        "background": agreement.background,
        "municipality_does": agreement.municipality_does,
        "office_does": agreement.office_does,
    }
    for place, priority in enumerate(agreement.priorities.all(), start=1):
        initial |= {f"area_{place}": priority.area_id, f"why_{place}": priority.why}
    return initial


class SendBackForm(ClearForm):
    word = text_field(
        _("What should be otherwise?"),
        4000,
        _("The regional office reads this and mends the agreement."),
    )


class EndForm(ClearForm):
    last_day = date_field(_("Last day on which the agreement holds"))
    reason = text_field(_("The reason, in a sentence or two"), 2000)

    def __init__(self, *args: Any, kinds: Iterable[EndKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Why does the agreement end?"),
            widget=forms.RadioSelect,
            choices=[(kind.value, END_KIND_TEXT[kind]) for kind in kinds],
        )
        self.order_fields(["kind", "last_day", "reason"])

    def clean_last_day(self) -> dt.date:
        day: dt.date = self.cleaned_data["last_day"]
        if day == dt.date.max:
            raise forms.ValidationError(_("This day cannot be right. Check the year."))
        return day
