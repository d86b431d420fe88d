"""Questions about mandates: which holds, what it says, and how much is asked of each office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, JSONObject

from sloyfe.organisations.models import valid_on
from sloyfe.programme.models import (
    Mandate,
    MandateTask,
    OfficeCapacity,
    OverloadDecision,
    Participation,
    Programme,
    Region,
    Statement,
    TaskRole,
    YearDate,
)
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.capacity import (
    MONTHS,
    OfficeLoad,
    Overload,
    Work,
    in_force,
    loads,
    overloads,
    task_work,
)
from sloyfe.programme.rules.mandates import (
    Chapter,
    Entry,
    Fault,
    MandateChange,
    MandateState,
    Part,
    RoleKind,
    TaskFacts,
    changes,
    faults,
)
from sloyfe.programme.rules.year_wheel import DateKind, doers
from sloyfe.render import numbers
from sloyfe.render.blocks import Language

# A period is told in each language that a mandate is read in.
_LANGUAGES: tuple[Language, ...] = ("nb", "nn", "en")


def mandate_in_force(programme: Programme, on: dt.date) -> Mandate | None:
    """Give the mandate that holds on a day, or None. One query."""
    return (
        Mandate.objects.filter(valid_on(on), programme=programme)
        .exclude(state=MandateState.DRAFT.value)
        .order_by("-valid_from")
        .first()
    )


def draft_of(programme: Programme) -> Mandate | None:
    """Give the mandate that is being written, or None."""
    return Mandate.objects.filter(programme=programme, state=MandateState.DRAFT.value).first()


def mandate_before(mandate: Mandate) -> Mandate | None:
    """Give the issued mandate that came before this one, or None."""
    return (
        Mandate.objects.filter(programme=mandate.programme_id, number__lt=mandate.number)
        .exclude(state=MandateState.DRAFT.value)
        .select_related("programme")
        .order_by("-number")
        .first()
    )


def tasks_of(mandate: Mandate) -> list[MandateTask]:
    """Give the tasks of a mandate in order, with who is what in each. Two queries."""
    return list(mandate.tasks.prefetch_related("roles"))


def tasks_in_force(programme: Programme, on: dt.date) -> QuerySet[MandateTask]:
    """Give the tasks of the mandate that holds on a day, in order, with who is what as `assigned`. One query."""
    holds = (
        Mandate.objects.filter(valid_on(on), programme=programme)
        .exclude(state=MandateState.DRAFT.value)
        .order_by("-valid_from")
    )
    roles: Any = TaskRole.objects.filter(task=OuterRef("pk"))
    return MandateTask.objects.filter(mandate=Subquery(holds.values("pk")[:1])).annotate(
        assigned=ArraySubquery(roles.values(one=JSONObject(role="role", part="part")))
    )


def tasks_accountable(programme: Programme, role: RoleKind, on: dt.date) -> list[MandateTask]:
    """Give the tasks for which a role answers on a day."""
    mandate = mandate_in_force(programme, on)
    if mandate is None:
        return []
    return list(
        mandate.tasks.filter(roles__role=role.value, roles__part=Part.ACCOUNTABLE.value)
        .prefetch_related("roles")
        .distinct()
    )


def faults_of(mandate: Mandate) -> tuple[Fault, ...]:
    """Find what must be put right in a mandate's responsibility table before it can be issued."""
    return faults(task.facts for task in tasks_of(mandate))


def entries_of(mandate: Mandate) -> list[Entry]:
    """Give everything that a mandate says, as the rules see it. Five queries."""
    found = [Entry(Chapter.FOREWORD, "", {}, {"text": mandate.foreword})]
    found += [
        Entry(Chapter.GOAL, goal.code, goal.wording, {"expected": goal.expected})
        for goal in mandate.goals.select_related("statement")
    ]
    found += [
        Entry(Chapter.RESOURCE, row.code, row.text, amount=row.amount)
        for row in mandate.resources.all()
    ]
    found += [
        Entry(
            Chapter.RESPONSIBILITY,
            row.code,
            row.text,
            roles={RoleKind(row.role): frozenset({Part.RESPONSIBLE})},
        )
        for row in mandate.responsibilities.all()
    ]
    for task in tasks_of(mandate):
        facts = task.facts
        found.append(
            Entry(Chapter.TASK, task.code, task.text, amount=task.effort_days, roles=facts.roles)
        )
    return found


def _period_of(mandate: Mandate) -> Entry:
    start, end = mandate.valid_from, mandate.valid_to
    last = end - dt.timedelta(days=1) if end else None
    said: dict[str, str] = {
        language: f"{numbers.date(start, language) if start else ''}–"
        + (numbers.date(last, language) if last else "")
        for language in _LANGUAGES
    }
    return Entry(Chapter.PERIOD, "", {}, {"text": said})


def changes_since(mandate: Mandate, before: Mandate) -> tuple[MandateChange, ...]:
    """Tell what a mandate says that an earlier one did not. Of a draft without days no period is told."""
    old, new = entries_of(before), entries_of(mandate)
    if before.valid_from is not None and mandate.valid_from is not None:
        old, new = [_period_of(before), *old], [_period_of(mandate), *new]
    return changes(old, new)


def goals_to_choose(programme: Programme) -> list[Statement]:
    """Give the programme's own goals, from which a goal of the mandate can be taken."""
    return list(
        Statement.objects.filter(
            programme=programme, kind__in=("goal", "subgoal", "result_goal")
        ).order_by("kind", "position", "pk")
    )


# Capacity


@dataclass(frozen=True)
class Office:
    """An office that takes part in a programme, as what, and in which region if it has one."""

    organisation_id: int
    name: str
    role: RoleKind
    region_id: int | None


def offices_of(programme: Programme, on: dt.date) -> list[Office]:
    """Give the offices of a programme on a day, in the order of roles and then of names. One query.

    Municipalities are not offices: how many days they have is theirs to know.
    """
    return _offices_and_days(programme, on)[0]


def _offices_and_days(
    programme: Programme, on: dt.date
) -> tuple[list[Office], dict[tuple[int, int], Decimal]]:
    """Give the offices, and how many days each has in which year as far as it has said so. One query."""
    regions: Any = Region.objects.filter(programme=programme, office=OuterRef("organisation"))
    said: Any = OfficeCapacity.objects.filter(
        programme=programme, organisation=OuterRef("organisation")
    )
    # As text: a number in JSON would come back as a float.
    days = JSONObject(year="year", days=Cast("days", CharField()))
    rows = (
        Participation.objects.filter(valid_on(on), programme=programme)
        .exclude(capacity=Capacity.MUNICIPALITY.value)
        .annotate(
            region=Subquery(regions.order_by("-position").values("pk")[:1]),
            said=ArraySubquery(said.values(one=days)),
        )
        .order_by("organisation__sort_key")
        .values_list("organisation_id", "organisation__name", "capacity", "region", "said")
    )
    found: list[Office] = []
    available: dict[tuple[int, int], Decimal] = {}
    for pk, name, kind, region, own in rows:
        found.append(Office(pk, name, RoleKind(kind), region))
        available |= {(pk, each["year"]): Decimal(each["days"]) for each in own}
    order = list(RoleKind)
    return sorted(found, key=lambda office: order.index(office.role)), available


@dataclass(frozen=True)
class AskedTask:
    """A task as it is asked of offices: in which mandate, by whom it is done, days a year per office."""

    mandate_id: int
    task_id: int | None
    title: Mapping[str, str]
    doers: tuple[RoleKind, ...]
    days: Decimal


@dataclass(frozen=True)
class AskedDate:
    """A date as it is asked of offices: `roles` are those that do its work."""

    date_id: int | None
    title: Mapping[str, str]
    roles: frozenset[RoleKind]
    region_id: int | None
    starts_on: dt.date
    days: Decimal


@dataclass(frozen=True)
class Demand:
    """Everything that is asked of the offices of a programme, and what they have."""

    offices: tuple[Office, ...]
    available: Mapping[tuple[int, int], Decimal]
    periods: tuple[tuple[int, dt.date, dt.date | None], ...]
    tasks: tuple[AskedTask, ...]
    dates: tuple[AskedDate, ...]

    def loads(self, years: Iterable[int]) -> dict[tuple[int, int], OfficeLoad]:
        """Hold what is asked in some years against what each office has."""
        wanted = set(years)
        work: list[Work] = []
        for year in sorted(wanted):
            months: dict[int, list[int]] = {}
            for month in MONTHS:
                mandate = in_force(self.periods, year, month)
                if mandate is not None:
                    months.setdefault(mandate, []).append(month)
            for task in self.tasks:
                for office in self.offices:
                    if office.role in task.doers and task.mandate_id in months:
                        work += task_work(
                            office.organisation_id, year, months[task.mandate_id], task.days
                        )
        for date in self.dates:
            if date.starts_on.year not in wanted:
                continue
            work += [
                Work(
                    office.organisation_id,
                    date.starts_on.year,
                    date.starts_on.month,
                    date.days,
                )
                for office in self.offices
                if _asks(date, office)
            ]
        available = {key: days for key, days in self.available.items() if key[1] in wanted}
        return loads(available, work)


def _asks(date: AskedDate, office: Office) -> bool:
    if office.role not in date.roles:
        return False
    elsewhere = date.region_id is not None and office.region_id != date.region_id
    return not (elsewhere and office.role == RoleKind.REGIONAL_OFFICE)


def demand_of(programme: Programme, on: dt.date, *, with_draft: bool = False) -> Demand:
    """Give everything that is asked of the offices of a programme. Three queries.

    With `with_draft` the mandate in work counts as if it were issued, from its first day on.
    """
    mandates = Mandate.objects.filter(programme=programme, valid_from__isnull=False)
    if not with_draft:
        mandates = mandates.exclude(state=MandateState.DRAFT.value)
    periods: list[tuple[int, dt.date, dt.date | None]] = []
    tasks: list[AskedTask] = []
    for pk, start, end, asked in mandates.annotate(asked=ArraySubquery(_asked_tasks())).values_list(
        "pk", "valid_from", "valid_to", "asked"
    ):
        if start is not None:
            periods.append((pk, start, end))
            tasks += [
                AskedTask(
                    pk,
                    row["pk"],
                    row["text"],
                    tuple(role for role in RoleKind if role.value in row["doers"]),
                    Decimal(row["days"]),
                )
                for row in asked
            ]
    dates = [
        asked_date(row)
        for row in YearDate.objects.filter(
            programme=programme, is_cancelled=False, effort_days__gt=0
        )
    ]
    offices, available = _offices_and_days(programme, on)
    return Demand(
        offices=tuple(offices),
        available=available,
        periods=tuple(periods),
        tasks=tuple(tasks),
        dates=tuple(dates),
    )


def _asked_tasks() -> QuerySet[MandateTask, Any]:
    """The tasks of a mandate that take days, each with who does it, as a subquery."""
    does: Any = TaskRole.objects.filter(task=OuterRef("pk"), part=Part.RESPONSIBLE.value)
    days = Cast("effort_days", CharField())
    return (
        MandateTask.objects.filter(mandate=OuterRef("pk"), effort_days__gt=0)
        .order_by("position", "pk")
        .values(
            asked=JSONObject(
                pk="pk", text="text", days=days, doers=ArraySubquery(does.values("role"))
            )
        )
    )


def asked_task(
    mandate_id: int, task_id: int | None, text: Mapping[str, str], facts: TaskFacts
) -> AskedTask:
    """Give a task as it is asked of the offices that do it."""
    return AskedTask(
        mandate_id,
        task_id,
        text,
        facts.who(Part.RESPONSIBLE),
        facts.effort_days or Decimal(0),
    )


def asked_date(row: YearDate) -> AskedDate:
    """Give a date as it is asked of the offices that it concerns."""
    return AskedDate(
        row.pk,
        row.title,
        doers(DateKind(row.kind), row.reach.roles),
        row.region_id,
        row.starts_on,
        row.effort_days or Decimal(0),
    )


def overloads_by_task(
    mandate: Mandate, task_id: int | None, facts: TaskFacts, on: dt.date
) -> tuple[Overload, ...]:
    """Tell of which offices too much would be asked if a task of a draft were as given.

    Looks at the years that the mandate holds in, three at most from its first day.
    """
    if mandate.valid_from is None:
        return ()
    before = demand_of(mandate.programme, on, with_draft=True)
    task = asked_task(mandate.pk, task_id, {}, facts)
    others = tuple(each for each in before.tasks if task_id is None or each.task_id != task_id)
    after = replace(before, tasks=(*others, task))
    years = years_of(mandate.valid_from, mandate.valid_to)
    return overloads(before.loads(years), after.loads(years))


def overloads_by_date(programme: Programme, date: AskedDate, on: dt.date) -> tuple[Overload, ...]:
    """Tell of which offices too much would be asked if a date stood as given."""
    before = demand_of(programme, on)
    others = tuple(
        each for each in before.dates if date.date_id is None or each.date_id != date.date_id
    )
    years = [date.starts_on.year]
    after = replace(before, dates=(*others, date))
    return overloads(before.loads(years), after.loads(years))


def years_of(start: dt.date, end: dt.date | None, most: int = 3) -> list[int]:
    """Give the years in which a period lies, so many at most from its first."""
    last = start.year + most - 1 if end is None else (end - dt.timedelta(days=1)).year
    return list(range(start.year, min(last, start.year + most - 1) + 1))


@dataclass(frozen=True)
class CapacityRow:
    """One office on the capacity page."""

    office: Office
    load: OfficeLoad


def rows_of(demand: Demand, year: int) -> list[CapacityRow]:
    """Give what each office has and what is asked of it in a year, in working days.

    Those that run the programme are always there: the head office, the owner's, nasjonalt fagansvar and
    the regional offices. Others only if they have said what they have time for.
    """
    found = demand.loads([year])
    runs = (
        RoleKind.HEAD_OFFICE,
        RoleKind.OWNER,
        RoleKind.NATIONAL_LEAD,
        RoleKind.REGIONAL_OFFICE,
    )
    rows: list[CapacityRow] = []
    seen: set[int] = set()
    for office in demand.offices:
        load = found.get((office.organisation_id, year))
        said = load is not None and load.available is not None
        if office.organisation_id in seen or not (said or office.role in runs):
            continue
        seen.add(office.organisation_id)
        nothing = OfficeLoad(office.organisation_id, year, None, (Decimal(0),) * 12)
        rows.append(CapacityRow(office, load or nothing))
    return rows


def capacity_rows(programme: Programme, year: int, on: dt.date) -> list[CapacityRow]:
    """Give what each office of a programme has and what is asked of it in a year, in working days."""
    return rows_of(demand_of(programme, on), year)


def work_of(demand: Demand, office: Office, year: int) -> list[tuple[Mapping[str, str], Decimal]]:
    """Give what is asked of an office in a year, by title, the largest first."""
    key = (office.organisation_id, year)
    alone = replace(demand, offices=(office,), available={}, tasks=(), dates=())
    found = [
        (task.title, load[key].asked)
        for task in demand.tasks
        if key in (load := replace(alone, tasks=(task,)).loads([year]))
    ]
    found += [
        (date.title, date.days)
        for date in demand.dates
        if date.starts_on.year == year and _asks(date, office)
    ]
    return sorted(found, key=lambda pair: -pair[1])


@dataclass(frozen=True)
class TooMuch:
    """What was set although an office has too few days for it, and how it stands with those offices now."""

    what: Mapping[str, str]
    reason: str
    decided_at: dt.datetime
    offices: tuple[tuple[str, OfficeLoad], ...]


def overload_decisions(
    programme: Programme, demand: Demand, year: int, most: int = 20
) -> list[TooMuch]:
    """Give what holds in a year although too much is asked of an office for it, the latest first. One query.

    Of a mandate that is not issued nothing is told: it has not been decided. What was taken away, or no
    longer is too much, is not told either; and of several reasons for the same thing the last one.
    """
    loads = demand.loads([year])
    names = {office.organisation_id: office.name for office in demand.offices}
    found: list[TooMuch] = []
    told: set[tuple[int | None, int | None]] = set()
    for row in (
        OverloadDecision.objects.filter(programme=programme)
        .filter(Q(task__isnull=False) | Q(date__isnull=False, date__is_cancelled=False))
        .exclude(task__mandate__state=MandateState.DRAFT.value)
    ):
        key = (row.task_id, row.date_id)
        if key in told:
            continue
        told.add(key)
        offices = tuple(
            (names[each["office"]], load)
            for each in row.offices
            if each["year"] == year
            and each["office"] in names
            and (load := loads.get((each["office"], year))) is not None
            and load.is_too_much
        )
        if offices:
            found.append(TooMuch(row.what, row.reason, row.decided_at, offices))
    return found[:most]
