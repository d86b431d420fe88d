"""Taking in mandates, capacity and the year wheel of a programme from its folder's `year.yaml`.

What stands already is left alone: a mandate by its number, capacity by office and year, a date by its
code. People may have changed those since; a mandate that has been issued cannot change at all.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from sloyfe.audit.actions import Actor, action
from sloyfe.common.errors import InputProblem, NotPossible, Problem
from sloyfe.common.yaml_files import Document, Place, check_schema, read_yaml
from sloyfe.organisations.models import Organisation
from sloyfe.programme.actions.mandates import write_capacity, write_issued, write_parts
from sloyfe.programme.actions.year_wheel import DateFacts, write_date
from sloyfe.programme.models import (
    Mandate,
    MandateGoal,
    MandateResource,
    MandateResponsibility,
    MandateTask,
    OfficeCapacity,
    Programme,
    Statement,
    YearDate,
)
from sloyfe.programme.queries.mandates import draft_of, goals_to_choose
from sloyfe.programme.rules.mandates import (
    LONGEST_LINE,
    LONGEST_TEXT,
    MandateState,
    Part,
    RoleKind,
    TaskFacts,
    faults,
    period_is_possible,
    wording_problems,
)
from sloyfe.programme.rules.year_wheel import DateKind, date_problems

YEAR_FILE = "year.yaml"
SCHEMA_FILE = "year.schema.json"
PARTS: dict[str, frozenset[Part]] = {
    "R": frozenset({Part.RESPONSIBLE}),
    "A": frozenset({Part.ACCOUNTABLE}),
    "RA": frozenset({Part.RESPONSIBLE, Part.ACCOUNTABLE}),
    "C": frozenset({Part.CONSULTED}),
    "I": frozenset({Part.INFORMED}),
}


@dataclass(frozen=True)
class LoadedYear:
    """How many mandates, capacities and dates were written."""

    mandates: int = 0
    capacities: int = 0
    dates: int = 0

    @property
    def changed(self) -> bool:
        """Tell whether anything was written at all."""
        return bool(self.mandates or self.capacities or self.dates)


class _NothingNew(Exception):
    """Nothing had to be written, so there is no event either."""


def load_mandate(folder: Path, *, actor: Actor, now: dt.datetime) -> LoadedYear:
    """Take in a programme's mandates, capacity and dates: all that is not there yet, in one transaction.

    A folder without `year.yaml` has none. Raises InputProblem with file, line and key of everything
    that is wrong; the programme itself must have been loaded before.
    """
    if not (folder / YEAR_FILE).is_file():
        return LoadedYear()
    document = read_yaml(folder / YEAR_FILE)
    schema = json.loads((Path(settings.ROOT) / "programmes" / SCHEMA_FILE).read_text("utf-8"))
    problems = check_schema(document, schema)
    if problems:
        raise InputProblem(problems)
    programme = Programme.objects.get(slug=folder.name)
    reader = _Reader(document, programme, now)
    reader.check()
    if reader.problems:
        raise InputProblem(reader.problems)
    try:
        with action("programme.year.load", actor=actor, now=now, about=programme) as event:
            done = LoadedYear(reader.mandates(), reader.capacities(), reader.dates())
            if not done.changed:
                raise _NothingNew
            event.details |= {
                "mandates": done.mandates,
                "capacities": done.capacities,
                "dates": done.dates,
            }
    except _NothingNew:
        return LoadedYear()
    except NotPossible as refusal:
        text = f"The mandate cannot be issued after those that stand already ({refusal.code})."
        raise InputProblem(
            [document.problem("programme.mandate_refused", ("mandates",), text)]
        ) from refusal
    return done


class _Reader:
    """Holds what the file says against the programme, and writes what is not there."""

    def __init__(self, document: Document, programme: Programme, now: dt.datetime) -> None:
        self.document = document
        self.data: Mapping[str, Any] = document.data
        self.programme = programme
        self.now = now
        self.problems: list[Problem] = []
        self.goals = {row.code: row for row in goals_to_choose(programme)}
        self.subprogrammes = {row.code: row for row in programme.subprogrammes.all()}
        self.regions = {row.code: row for row in programme.regions.all()}
        statements = Statement.objects.filter(programme=programme, kind__in=("arena", "office"))
        self.arenas = {row.code: row for row in statements if row.kind == "arena"}
        offices = {row.code: row for row in statements if row.kind == "office"}
        known = Organisation.objects.in_bulk(
            [row.details.get("organisation", 0) for row in offices.values()]
        )
        self.offices = {
            code: known[row.details["organisation"]]
            for code, row in offices.items()
            if row.details.get("organisation") in known
        }

    # Checking

    def check(self) -> None:
        last: dict[str, Any] | None = None
        rows = self.data.get("mandates", ())
        for i, row in enumerate(rows):
            place: Place = ("mandates", i)
            self._mandate(row, place, is_last=i == len(rows) - 1)
            if last is not None and row["number"] <= last["number"]:
                self._wrong(
                    "number_order", (*place, "number"), "Mandates stand in order of number."
                )
            if last is not None and row.get("valid_from", "9") <= last.get("valid_from", ""):
                self._wrong(
                    "mandate_order",
                    (*place, "valid_from"),
                    "A mandate begins after the one before it.",
                )
            last = row
        for i, row in enumerate(self.data.get("capacity", ())):
            self._known("office", row["office"], self.offices, ("capacity", i, "office"))
        seen: set[str] = set()
        for i, row in enumerate(self.data.get("dates", ())):
            self._code_once(row["code"], seen, ("dates", i))
            self._date_row(row, ("dates", i))

    def _mandate(self, row: Mapping[str, Any], place: Place, *, is_last: bool) -> None:
        issued = row["state"] == MandateState.ISSUED
        start, end = self._day(row, "valid_from", place), self._day(row, "valid_to", place)
        if issued and (start is None or self._day(row, "issued_on", place) is None):
            self._wrong(
                "mandate_undated", place, "An issued mandate needs valid_from and issued_on."
            )
        if not issued and not is_last:
            self._wrong("draft_not_last", place, "Only the last mandate may be a draft.")
        if not period_is_possible(start, end):
            self._wrong(
                "ends_before_start", (*place, "valid_to"), "The end must come after the start."
            )
        self._wording(row["foreword"], (*place, "foreword"), LONGEST_TEXT)
        if issued and not row["goals"]:
            self._wrong("no_goals", (*place, "goals"), "An issued mandate needs a goal.")
        seen: set[str] = set()
        for i, goal in enumerate(row["goals"]):
            at = (*place, "goals", i)
            self._code_once(goal["code"], seen, at)
            self._wording(goal["expected"], (*at, "expected"), LONGEST_TEXT)
            if "goal" in goal:
                self._known("goal", goal["goal"], self.goals, (*at, "goal"))
            else:
                self._wording(goal["text"], (*at, "text"), LONGEST_LINE)
        for chapter in ("resources", "responsibilities", "tasks"):
            seen = set()
            for i, part in enumerate(row.get(chapter, ())):
                at = (*place, chapter, i)
                self._code_once(part["code"], seen, at)
                self._wording(part["text"], (*at, "text"), LONGEST_LINE)
        if issued:
            places = {task["code"]: i for i, task in enumerate(row["tasks"])}
            for fault in faults(_facts(task) for task in row["tasks"]):
                at = (*place, "tasks", places[fault.task]) if fault.task else (*place, "tasks")
                self._wrong(
                    "responsibility", at, f"The task has a fault: {fault.kind}.", fault.task
                )

    def _date_row(self, row: Mapping[str, Any], place: Place) -> None:
        self._wording(row["title"], (*place, "title"), LONGEST_LINE)
        for key, known in (
            ("subprogramme", self.subprogrammes),
            ("region", self.regions),
            ("arena", self.arenas),
        ):
            if key in row:
                self._known(key, row[key], known, (*place, key))
        start, end = self._day(row, "starts_on", place), self._day(row, "ends_on", place)
        if start is None:
            return
        for key, code in date_problems(
            starts_on=start,
            ends_on=end,
            roles=[RoleKind(role) for role in row["roles"]],
            today=self.now.date(),
        ):
            self._wrong(code, (*place, key), "The date cannot stand so.", row.get(key, ""))

    def _day(self, row: Mapping[str, Any], key: str, place: Place) -> dt.date | None:
        if key not in row:
            return None
        try:
            return dt.date.fromisoformat(row[key])
        except ValueError:
            self._wrong("date", (*place, key), "There is no such day.", row[key])
            return None

    def _wording(self, text: Mapping[str, str], place: Place, longest: int) -> None:
        for language in wording_problems(text, longest=longest):
            self._wrong(
                "wording",
                (*place, language),
                f"The text is missing, or longer than {longest} characters.",
            )

    def _code_once(self, code: str, seen: set[str], place: Place) -> None:
        if code in seen:
            self._wrong("code_twice", (*place, "code"), f"The code {code} stands twice.", code)
        seen.add(code)

    def _known(self, what: str, code: str, known: Mapping[str, object], place: Place) -> None:
        if code not in known:
            there = ", ".join(sorted(known)) or "none"
            text = f"The programme has no {what} {code}. It has: {there}."
            self._wrong("unknown_reference", place, text, code)

    def _wrong(self, code: str, place: Place, text: str, value: object = "") -> None:
        problem = self.document.problem(f"programme.{code}", place, text, value)
        if problem not in self.problems:
            self.problems.append(problem)

    # Writing, inside the caller's transaction

    def mandates(self) -> int:
        there = set(
            Mandate.objects.filter(programme=self.programme).values_list("number", flat=True)
        )
        if draft_of(self.programme) is not None:
            return 0
        new = [
            row
            for row in self.data.get("mandates", ())
            # An earlier one cannot be put in between.
            if row["number"] > max(there, default=0)
        ]
        for row in new:
            self._write_mandate(row)
        return len(new)

    def _write_mandate(self, row: Mapping[str, Any]) -> None:
        mandate = Mandate.objects.create(
            programme=self.programme,
            number=row["number"],
            foreword=row["foreword"],
            valid_from=row.get("valid_from") and dt.date.fromisoformat(row["valid_from"]),
            valid_to=row.get("valid_to") and dt.date.fromisoformat(row["valid_to"]),
            source=row.get("source", ""),
        )
        for i, goal in enumerate(row["goals"]):
            MandateGoal.objects.create(
                mandate=mandate,
                code=goal["code"],
                position=i,
                statement=self.goals[goal["goal"]] if "goal" in goal else None,
                text=goal.get("text", {}),
                expected=goal["expected"],
            )
        for i, resource in enumerate(row.get("resources", ())):
            amount = resource.get("amount")
            MandateResource.objects.create(
                mandate=mandate,
                code=resource["code"],
                position=i,
                text=resource["text"],
                amount=None if amount is None else Decimal(str(amount)),
            )
        for i, said in enumerate(row.get("responsibilities", ())):
            MandateResponsibility.objects.create(
                mandate=mandate,
                code=said["code"],
                position=i,
                role=said["role"],
                text=said["text"],
                source=said.get("source", ""),
            )
        for i, told in enumerate(row["tasks"]):
            task = MandateTask.objects.create(
                mandate=mandate,
                code=told["code"],
                position=i,
                text=told["text"],
                effort_days=_facts(told).effort_days,
                source=told.get("source", ""),
            )
            write_parts(
                task,
                [
                    (role, part.value)
                    for role, letters in told["roles"].items()
                    for part in sorted(PARTS[letters])
                ],
            )
        if row["state"] == MandateState.ISSUED:
            write_issued(mandate, dt.date.fromisoformat(row["issued_on"]))

    def capacities(self) -> int:
        there = set(
            OfficeCapacity.objects.filter(programme=self.programme).values_list(
                "organisation_id", "year"
            )
        )
        written = 0
        for row in self.data.get("capacity", ()):
            office = self.offices[row["office"]]
            for year, days in row["days"].items():
                if (office.pk, int(year)) not in there:
                    write_capacity(self.programme, office, int(year), Decimal(str(days)))
                    written += 1
        return written

    def dates(self) -> int:
        there = set(
            YearDate.objects.filter(programme=self.programme).values_list("code", flat=True)
        )
        new = [row for row in self.data.get("dates", ()) if row["code"] not in there]
        for row in new:
            effort = row.get("effort_days")
            facts = DateFacts(
                title=row["title"],
                kind=DateKind(row["kind"]),
                starts_on=dt.date.fromisoformat(row["starts_on"]),
                ends_on=row.get("ends_on") and dt.date.fromisoformat(row["ends_on"]),
                roles=[RoleKind(role) for role in row["roles"]],
                subprogramme=self.subprogrammes.get(row.get("subprogramme", "")),
                region=self.regions.get(row.get("region", "")),
                arena=self.arenas.get(row.get("arena", "")),
                effort_days=None if effort is None else Decimal(str(effort)),
            )
            write_date(self.programme, None, row["code"], facts, self.now)
        return len(new)


def _facts(task: Mapping[str, Any]) -> TaskFacts:
    effort = task.get("effort_days")
    return TaskFacts(
        task["code"],
        {RoleKind(role): PARTS[letters] for role, letters in task["roles"].items()},
        None if effort is None else Decimal(str(effort)),
    )
