"""The versions of a row in words: labels of fields, words for codes, days in the reader's language and Oslo's time."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sloyfe.accounts.models import Person
from sloyfe.audit.queries import Change, RowVersion
from sloyfe.comments.texts import OUTCOMES
from sloyfe.delivery.models import EffortArea
from sloyfe.delivery.texts.agreements import (
    AGREEMENT_STATE_TEXT,
    END_KIND_TEXT,
    ROLE_KIND_TEXT,
    SIDE_TEXT,
)
from sloyfe.delivery.texts.documents import ACCESS_TEXT
from sloyfe.delivery.texts.groups import GROUP_ROLE_TEXT
from sloyfe.delivery.texts.matters import (
    DECISION_STATE_TEXT,
    MATTER_KIND_TEXT,
    MATTER_STATE_TEXT,
)
from sloyfe.delivery.texts.meetings import MEETING_KIND_TEXT, MEETING_STATE_TEXT
from sloyfe.delivery.texts.needs import CHANNEL_TEXT, NEED_STATE_TEXT
from sloyfe.delivery.texts.plans import MEASURE_STATUS_TEXT, PLAN_STATE_TEXT
from sloyfe.delivery.texts.reports import REPORT_STATE_TEXT, YEAR_STATE_TEXT
from sloyfe.delivery.texts.steering import AGENDA_KIND_TEXT, STEERING_STATE_TEXT
from sloyfe.delivery.texts.summaries import SUMMARY_STATE_TEXT
from sloyfe.fieldwork.texts import DECLARATION_TEXT, DESIGN_TEXT, ORIGIN_TEXT, ROUND_STATE_TEXT
from sloyfe.home.texts.rows import FIELD_TEXT, KIND_TEXT
from sloyfe.instruments.texts import INSTRUMENT_KINDS, STATES
from sloyfe.letters.texts import LANGUAGE_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.organisations.texts import LANGUAGE_FORM_TEXT
from sloyfe.programme.models import Programme, Region, Subprogramme
from sloyfe.programme.texts.descriptions import AUDIENCE_TEXT
from sloyfe.programme.texts.mandates import MANDATE_STATE_TEXT, PART_TEXT, ROLE_TEXT
from sloyfe.programme.texts.programmes import CAPACITY_TEXT
from sloyfe.programme.texts.year_wheel import DATE_CHANGE_TEXT, DATE_KIND_TEXT
from sloyfe.reports.texts import STATE_TEXT

Words = Mapping[Any, str | Promise]

# The words of codes, by the column in which they stand: of one kind of row, or of all.
CODE_WORDS: dict[str, Words] = {
    "access": ACCESS_TEXT,
    "capacity": CAPACITY_TEXT,
    "language": {**LANGUAGE_TEXT, "en-gb": LANGUAGE_TEXT["en"]},
    "language_form": LANGUAGE_FORM_TEXT,
    "outcome": OUTCOMES,
    "roles": ROLE_TEXT,
    "programme.mandate.state": MANDATE_STATE_TEXT,
    "programme.mandateresponsibility.role": ROLE_TEXT,
    "programme.taskrole.role": ROLE_TEXT,
    "programme.taskrole.part": PART_TEXT,
    "programme.descriptiondraft.audience": AUDIENCE_TEXT,
    "programme.yeardate.kind": DATE_KIND_TEXT,
    "programme.datechange.kind": DATE_CHANGE_TEXT,
    "instruments.instrument.kind": INSTRUMENT_KINDS,
    "instruments.version.state": STATES,
    "delivery.agreement.state": AGREEMENT_STATE_TEXT,
    "delivery.agreement.end_kind": END_KIND_TEXT,
    "delivery.agreementrole.side": SIDE_TEXT,
    "delivery.agreementrole.kind": ROLE_KIND_TEXT,
    "delivery.meeting.kind": MEETING_KIND_TEXT,
    "delivery.meeting.state": MEETING_STATE_TEXT,
    "delivery.need.channel": CHANNEL_TEXT,
    "delivery.need.state": NEED_STATE_TEXT,
    "delivery.plan.state": PLAN_STATE_TEXT,
    "delivery.measure.status": MEASURE_STATUS_TEXT,
    "delivery.reportingyear.state": YEAR_STATE_TEXT,
    "delivery.yearlyreport.state": REPORT_STATE_TEXT,
    "delivery.summary.state": SUMMARY_STATE_TEXT,
    "delivery.groupmember.role": GROUP_ROLE_TEXT,
    "delivery.steeringmeeting.state": STEERING_STATE_TEXT,
    "delivery.matter.kind": MATTER_KIND_TEXT,
    "delivery.matter.state": MATTER_STATE_TEXT,
    "delivery.agendaitem.kind": AGENDA_KIND_TEXT,
    "delivery.decision.state": DECISION_STATE_TEXT,
    "fieldwork.round.state": ROUND_STATE_TEXT,
    "fieldwork.round.origin": ORIGIN_TEXT,
    "fieldwork.round.declaration": DECLARATION_TEXT,
    "fieldwork.population.design": DESIGN_TEXT,
    "reports.report.state": STATE_TEXT,
}
# Columns that hold codes in every kind of row; one that has no words here is told among the technicalities.
CODED = frozenset({"kind", "state", "status", "level", "outcome"})
# Rows whose names hold nobody's own words, so that whoever reads the history may read them.
NAMED = (Organisation, Person, Programme, Subprogramme, Region, EffortArea)


@dataclass(frozen=True)
class Told:
    """The changes of a version: those that say something to people, and the technicalities."""

    plain: tuple[Change, ...]
    technical: tuple[Change, ...]


def kind_name(model: type[models.Model]) -> str:
    """Say what kind of row it is; one without a word of its own is a row of something."""
    return str(KIND_TEXT.get(model._meta.label_lower, model._meta.verbose_name))


def tell(model: type[models.Model], versions: Iterable[RowVersion]) -> list[Told]:
    """Put the changes of the versions of a row in words. One query for each kind of thing that is named."""
    versions = list(versions)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = _names(fields, versions)
    found = []
    for version in versions:
        plain, technical = [], []
        for change in version.changes:
            field = fields[change.field]
            if field.name not in FIELD_TEXT or (
                field.is_relation and field.related_model not in NAMED
            ):
                technical.append(change)
                continue
            before, after = (
                _words(model, field, value, names) for value in (change.was, change.became)
            )
            if before is None or after is None:
                technical.append(change)
            elif before != after:
                plain.append(Change(str(FIELD_TEXT[field.name]), before, after))
        found.append(Told(tuple(plain), tuple(technical)))
    return found


def _names(
    fields: Mapping[str, models.Field[Any, Any]], versions: list[RowVersion]
) -> dict[tuple[type[models.Model], Any], str]:
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for version in versions:
        for change in version.changes:
            whole = fields[change.field].related_model
            if isinstance(whole, type) and whole in NAMED:
                wanted[whole] |= {change.was, change.became} - {None}
    return {
        (kind, row.pk): str(row)
        for kind, keys in wanted.items()
        for row in kind._default_manager.filter(pk__in=keys)
    }


def _words(
    model: type[models.Model],
    field: models.Field[Any, Any],
    value: Any,
    names: Mapping[tuple[type[models.Model], Any], str],
) -> str | None:
    """Give a value as people read it; None where only a machine reads it."""
    if value is None or value == "" or value == [] or value == {}:
        return ""
    if field.is_relation:
        return names.get((field.related_model, value), "–")  # type: ignore[arg-type]
    known = CODE_WORDS.get(f"{model._meta.label_lower}.{field.name}") or CODE_WORDS.get(field.name)
    if known is not None and not isinstance(value, dict):
        codes = value if isinstance(value, list) else [value]
        if all(code in known for code in codes):
            return ", ".join(str(known[code]) for code in codes)
        return None
    if field.choices or field.name in CODED:
        return None
    return _plainly(value)


def _plainly(value: Any) -> str | None:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, dt.datetime):
        return date_format(timezone.localtime(value), "DATE_FORMAT") + timezone.localtime(
            value
        ).strftime(" %H:%M")
    if isinstance(value, dt.date):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, dict):
        if not all(key in LANGUAGE_TEXT and isinstance(text, str) for key, text in value.items()):
            return None
        return "\n".join(f"{LANGUAGE_TEXT[key]}: {text}" for key, text in value.items())
    return None if isinstance(value, list) else str(value)
