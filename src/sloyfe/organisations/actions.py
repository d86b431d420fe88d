"""What can be done with organisations. A register is taken in whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils.text import slugify

from sloyfe.audit.actions import Actor, action
from sloyfe.common.sorting import sort_key
from sloyfe.organisations.models import (
    MunicipalityChange,
    MunicipalityPeriod,
    Organisation,
    Population,
)
from sloyfe.organisations.rules import Kind, Register, RegisterContent, Stretch, organisations_of

_LETTERS = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "đ": "d", "ŋ": "n", "ŧ": "t"})


@dataclass(frozen=True)
class StoredRegister:
    """What taking in a register wrote: rows by table."""

    organisations: int = 0
    periods: int = 0
    changes: int = 0
    population: int = 0

    @property
    def changed(self) -> bool:
        """Tell whether anything was written at all."""
        return any((self.organisations, self.periods, self.changes, self.population))


def slug_for(*words: str) -> str:
    """Give a slug in plain letters."""
    return slugify(" ".join(words).casefold().translate(_LETTERS))[:120]


def store_register(
    content: RegisterContent, *, register: Register, source: str, actor: Actor, now: dt.datetime
) -> StoredRegister:
    """Take in municipalities with history and population: one transaction, one event, or nothing at all.

    Running it again with the same content writes nothing. What stands in the register but not in
    the content is left as it is, except changes between municipalities that the content tells of.
    """
    plan = RegisterPlan(content, register, source)
    if not plan.counts.changed:
        return plan.counts
    with action("organisations.register.store", actor=actor, now=now, source=source) as event:
        plan.write()
        event.about_kind, event.about_id, event.about_name = "register", register.value, source
        event.details |= {
            "organisations": plan.counts.organisations,
            "periods": plan.counts.periods,
            "changes": plan.counts.changes,
            "population": plan.counts.population,
        }
    return plan.counts


class RegisterPlan:
    """What must be written for the tables to say what the content says; `counts` tells how much.

    For actions that take in a register as a part of something larger, inside their own transaction.
    """

    def __init__(self, content: RegisterContent, register: Register, source: str) -> None:
        self.content = content
        self.register = register.value
        self.source = source
        self.periods = {
            (p.code, p.valid_from): p
            for p in MunicipalityPeriod.objects.filter(register=self.register).select_related(
                "organisation"
            )
        }
        self.new_organisations: list[Organisation] = []
        self.changed_organisations: list[Organisation] = []
        self.new_periods: list[MunicipalityPeriod] = []
        self.changed_periods: list[MunicipalityPeriod] = []
        self.new_changes: list[MunicipalityChange] = []
        self.changed_changes: list[MunicipalityChange] = []
        self.gone_changes: list[int] = []
        self.new_population: list[Population] = []
        self.changed_population: list[Population] = []
        self._plan_organisations_and_periods()
        self._plan_changes()
        self._plan_population()
        self.counts = StoredRegister(
            organisations=len(self.new_organisations) + len(self.changed_organisations),
            periods=len(self.new_periods) + len(self.changed_periods),
            changes=len(self.new_changes) + len(self.changed_changes) + len(self.gone_changes),
            population=len(self.new_population) + len(self.changed_population),
        )

    def write(self) -> None:
        """Write it all; the caller holds the transaction."""
        Organisation.objects.bulk_create(self.new_organisations)
        if self.changed_organisations:
            Organisation.objects.bulk_update(
                self.changed_organisations, ["name", "sort_key", "language_form"]
            )
        MunicipalityPeriod.objects.bulk_create(self.new_periods)
        if self.changed_periods:
            MunicipalityPeriod.objects.bulk_update(
                self.changed_periods,
                ["organisation", "name", "sort_key", "county_code", "county_name", "valid_to"],
            )
        MunicipalityChange.objects.filter(id__in=self.gone_changes).delete()
        MunicipalityChange.objects.bulk_create(self.new_changes)
        if self.changed_changes:
            MunicipalityChange.objects.bulk_update(self.changed_changes, ["kind"])
        Population.objects.bulk_create(self.new_population)
        if self.changed_population:
            Population.objects.bulk_update(self.changed_population, ["inhabitants", "source"])

    def _plan_organisations_and_periods(self) -> None:
        stretches = {s.key: s for s in self.content.stretches}
        first = organisations_of(self.content.stretches, self.content.changes)
        members: dict[tuple[str, dt.date], list[Stretch]] = defaultdict(list)
        for key in sorted(stretches, key=lambda k: (k[1], k[0])):
            members[first[key]].append(stretches[key])
        slugs = set(Organisation.objects.values_list("slug", flat=True))
        taken: set[int] = set()
        for root, own in members.items():
            known = [self.periods[s.key].organisation for s in own if s.key in self.periods]
            organisation = next((o for o in known if o.pk not in taken), None)
            last = max(own, key=lambda s: s.valid_from)
            facts = (last.name, sort_key(last.name), last.language_form.value)
            if organisation is None:
                slug = slug_for(own[0].code, own[0].name)
                if slug in slugs:
                    slug = slug_for(own[0].code, own[0].name, str(root[1]))
                slugs.add(slug)
                organisation = Organisation(
                    kind=Kind.MUNICIPALITY.value, register=self.register, slug=slug
                )
                organisation.name, organisation.sort_key, organisation.language_form = facts
                self.new_organisations.append(organisation)
            else:
                taken.add(organisation.pk)
                if (organisation.name, organisation.sort_key, organisation.language_form) != facts:
                    organisation.name, organisation.sort_key, organisation.language_form = facts
                    self.changed_organisations.append(organisation)
            for stretch in own:
                self._plan_period(stretch, organisation)

    def _plan_period(self, stretch: Stretch, organisation: Organisation) -> None:
        facts = {
            "name": stretch.name,
            "sort_key": sort_key(stretch.name),
            "county_code": stretch.county_code,
            "county_name": stretch.county_name,
            "valid_to": stretch.valid_to,
        }
        period = self.periods.get(stretch.key)
        if period is None:
            period = MunicipalityPeriod(
                organisation=organisation,
                register=self.register,
                code=stretch.code,
                valid_from=stretch.valid_from,
                **facts,
            )
            self.periods[stretch.key] = period
            self.new_periods.append(period)
        elif period.organisation_id != organisation.pk or any(
            getattr(period, name) != value for name, value in facts.items()
        ):
            period.organisation = organisation
            for name, value in facts.items():
                setattr(period, name, value)
            self.changed_periods.append(period)

    def _plan_changes(self) -> None:
        ending = {
            (s.code, s.valid_to): s.key for s in self.content.stretches if s.valid_to is not None
        }
        told = {s.key for s in self.content.stretches}
        known = {
            ((c.before.code, c.before.valid_from), (c.after.code, c.after.valid_from)): c
            for c in MunicipalityChange.objects.filter(register=self.register).select_related(
                "before", "after"
            )
        }
        for change in self.content.changes:
            link = (ending[change.before, change.on], (change.after, change.on))
            row = known.pop(link, None)
            if row is None:
                self.new_changes.append(
                    MunicipalityChange(
                        register=self.register,
                        on=change.on,
                        kind=change.kind.value,
                        before=self.periods[link[0]],
                        after=self.periods[link[1]],
                    )
                )
            elif row.kind != change.kind:
                row.kind = change.kind.value
                self.changed_changes.append(row)
        self.gone_changes = [
            row.pk for (before, after), row in known.items() if before in told and after in told
        ]

    def _plan_population(self) -> None:
        known = {
            (p.code, p.on, p.borders): p for p in Population.objects.filter(register=self.register)
        }
        for counted in self.content.population:
            borders = counted.borders.isoformat() if counted.borders else ""
            row = known.get((counted.code, counted.on, borders))
            if row is None:
                self.new_population.append(
                    Population(
                        register=self.register,
                        code=counted.code,
                        on=counted.on,
                        borders=borders,
                        inhabitants=counted.inhabitants,
                        source=self.source,
                    )
                )
            elif (row.inhabitants, row.source) != (counted.inhabitants, self.source):
                row.inhabitants, row.source = counted.inhabitants, self.source
                self.changed_population.append(row)
