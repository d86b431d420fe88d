"""What a programme's folder says, as plain values; and everything in it that does not hang together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sloyfe.common.errors import Problem
from sloyfe.common.yaml_files import Document, Place

Texts = dict[str, Any]


@dataclass(frozen=True)
class StatementRow:
    """One thing that the programme says. `code` is unique in its kind; `parent` is (kind, code)."""

    kind: str
    code: str
    position: int
    text: Texts
    parent: tuple[str, str] | None = None
    description: Texts = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    verified: bool = True
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SubprogrammeRow:
    code: str
    title: Texts
    description: Texts
    stated_members: int | None
    names_known: bool
    source: dict[str, Any]
    details: dict[str, Any]


@dataclass(frozen=True)
class AreaRow:
    """A county lies in a region for a time."""

    county_code: str
    verified: bool


@dataclass(frozen=True)
class RegionRow:
    code: str
    title: Texts
    position: int
    valid_from: dt.date | None
    valid_to: dt.date | None
    areas: tuple[AreaRow, ...]


@dataclass(frozen=True)
class OfficeRow:
    code: str
    kind: str
    title: Texts
    region: str | None


@dataclass(frozen=True)
class MemberRow:
    """A municipality that a source names as a member; `place` is where the folder says so."""

    code: str
    name: str
    subprogramme: str
    valid_from: dt.date
    valid_to: dt.date | None
    source: dict[str, Any]
    place: Place


@dataclass(frozen=True)
class MunicipalityFiles:
    """The files of a programme that brings its own municipalities."""

    municipalities: str
    changes: str
    population: str


@dataclass(frozen=True)
class Description:
    """Everything that a programme's YAML says."""

    slug: str
    is_exercise: bool
    title: Texts
    valid_from: dt.date
    valid_to: dt.date | None
    statements: tuple[StatementRow, ...]
    subprogrammes: tuple[SubprogrammeRow, ...]
    regions: tuple[RegionRow, ...]
    offices: tuple[OfficeRow, ...]
    members: tuple[MemberRow, ...]
    members_from_file: bool
    municipalities: MunicipalityFiles | None


# Lists of coded texts at the top of the file: key → kind of statement.
_LISTS = {
    "criteria": "criterion",
    "learning_tools": "learning_tool",
    "ladder": "ladder_step",
    "arenas": "arena",
    "groups": "group",
    "templates": "template",
    "facts": "fact",
}
# The same inside the strategy.
_STRATEGY_LISTS = {
    "success_factors": "success_factor",
    "ministries": "ministry",
    "directorates": "directorate",
}
_TOLD_APART = frozenset(
    {"code", "text", "title", "note", "source", "verified", "from", "to", "valid_from", "valid_to"}
)


def describe(document: Document) -> tuple[Description | None, list[Problem]]:
    """Give what a document that fits the schema says, and what in it does not hang together.

    There is no description when there is any problem.
    """
    reader = _Reader(document)
    description = reader.read()
    return (None if reader.problems else description), reader.problems


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.data: dict[str, Any] = document.data
        self.problems: list[Problem] = []
        self.statements: dict[tuple[str, str], StatementRow] = {}

    def read(self) -> Description | None:
        data = self.data
        self._texts()
        self._periods()
        self._strategy()
        self._offer()
        for key, kind in _LISTS.items():
            self._coded(data.get(key, ()), kind, (key,))
        offices = self._offices()
        self._roles({office.code for office in offices})
        regions = self._regions()
        codes = {region.code for region in regions}
        for i, office in enumerate(offices):
            if office.region is not None and office.region not in codes:
                self._unknown(("offices", i, "region"), "region", office.region, codes)
            if office.kind == "regional_office" and office.region is None:
                self._wrong(
                    "office_without_region", ("offices", i), "A regional office needs a region."
                )
        subprogrammes = self._subprogrammes()
        members = self._members({row.code for row in subprogrammes})
        self._check_counts(subprogrammes, members)
        if self.problems:
            return None
        files = data.get("municipalities")
        days = [self._date(period, "from", ()) for period in data["periods"]]
        last = data["periods"][-1]
        first = min(day for day in days if day is not None)
        return Description(
            slug=data["slug"],
            is_exercise=data["kind"] == "exercise",
            title=data["title"],
            valid_from=first,
            valid_to=self._date(last, "to", ()),
            statements=tuple(self.statements.values()),
            subprogrammes=tuple(subprogrammes),
            regions=tuple(regions),
            offices=tuple(offices),
            members=tuple(members),
            members_from_file="from_municipalities" in data["members"],
            municipalities=MunicipalityFiles(
                files["register"], files["changes"], files["population"]
            )
            if files
            else None,
        )

    # What the parts of the file say

    def _texts(self) -> None:
        self._add("summary", "summary", 0, self.data["summary"], self.data, ("summary",))
        if "notice" in self.data:
            self._add("notice", "notice", 0, self.data["notice"], {}, ("notice",))

    def _periods(self) -> None:
        before: dt.date | None = None
        periods = self.data["periods"]
        for i, period in enumerate(periods):
            place: Place = ("periods", i)
            self._add("period", period["code"], i, period["label"], period, place)
            start, end = self._date(period, "from", place), self._date(period, "to", place)
            if start and before and start < before:
                self._wrong(
                    "periods_overlap",
                    (*place, "from"),
                    "The period begins before the one above it ends.",
                    start,
                )
            if end is None and i + 1 < len(periods):
                self._wrong("period_open", place, "Only the last period may lack its end.")
            before = end or start

    def _strategy(self) -> None:
        strategy = self.data["strategy"]
        place: Place = ("strategy",)
        root = self._add("strategy", strategy["code"], 0, strategy["title"], strategy, place)
        self._add(
            "purpose", strategy["code"], 0, strategy["purpose"], strategy, (*place, "purpose"), root
        )
        for i, goal in enumerate(strategy["goals"]):
            at = (*place, "goals", i)
            parent = self._add("goal", goal["code"], i, goal["text"], goal, at)
            self._coded(goal["subgoals"], "subgoal", (*at, "subgoals"), parent)
        for i, group in enumerate(strategy.get("target_groups", ())):
            at = (*place, "target_groups", i)
            parent = self._add("target_group", group["code"], i, group["title"], group, at)
            self._coded(group["result_goals"], "result_goal", (*at, "result_goals"), parent)
        for key, kind in _STRATEGY_LISTS.items():
            self._coded(strategy.get(key, ()), kind, (*place, key))

    def _offer(self) -> None:
        offer = self.data["basic_offer"]
        parent = self._add(
            "basic_offer",
            offer["code"],
            0,
            offer["title"],
            offer,
            ("basic_offer",),
            None,
            offer["text"],
        )
        self._coded(offer["parts"], "offer", ("basic_offer", "parts"), parent)

    def _offices(self) -> list[OfficeRow]:
        rows = []
        for i, office in enumerate(self.data.get("offices", ())):
            self._add("office", office["code"], i, office["title"], office, ("offices", i))
            rows.append(
                OfficeRow(office["code"], office["kind"], office["title"], office.get("region"))
            )
        return rows

    def _roles(self, offices: set[str]) -> None:
        for i, role in enumerate(self.data["roles"]):
            place: Place = ("roles", i)
            if "holder" in role and role["holder"] not in offices:
                self._unknown((*place, "holder"), "office", role["holder"], offices)
            parent = self._add("role", role["code"], i, role["title"], role, place)
            self._coded(
                role["responsibilities"], "responsibility", (*place, "responsibilities"), parent
            )

    def _regions(self) -> list[RegionRow]:
        rows: list[RegionRow] = []
        counties: dict[str, str] = {}
        seen: set[str] = set()
        for i, region in enumerate(self.data["regions"]):
            place: Place = ("regions", i)
            if region["code"] in seen:
                self._twice((*place, "code"), region["code"])
            seen.add(region["code"])
            for j, county in enumerate(region.get("counties", ())):
                if county["code"] in counties:
                    text = f"The county lies in the region {counties[county['code']]} already."
                    self._wrong(
                        "county_twice", (*place, "counties", j, "code"), text, county["code"]
                    )
                counties.setdefault(county["code"], region["code"])
            areas = tuple(
                AreaRow(county["code"], county.get("verified", True))
                for county in region.get("counties", ())
            )
            start, end = (
                self._date(region, "valid_from", place),
                self._date(region, "valid_to", place),
            )
            rows.append(RegionRow(region["code"], region["title"], i, start, end, areas))
        return rows

    def _subprogrammes(self) -> list[SubprogrammeRow]:
        rows: list[SubprogrammeRow] = []
        for i, part in enumerate(self.data["subprogrammes"]):
            place: Place = ("subprogrammes", i)
            if any(part["code"] == row.code for row in rows):
                self._twice((*place, "code"), part["code"])
            head = self._add(
                "subprogramme", part["code"], i, part["title"], part, place, None, part["text"]
            )
            self._coded(part["parts"], "subprogramme_offer", (*place, "parts"), head)
            self._coded(
                part.get("work_packages", ()),
                "work_package",
                (*place, "work_packages"),
                head,
                "title",
            )
            rows.append(
                SubprogrammeRow(
                    code=part["code"],
                    title=part["title"],
                    description=part["text"],
                    stated_members=part.get("members_count"),
                    names_known=part.get("member_names", "known") == "known",
                    source=part.get("source", {}),
                    details={k: part[k] for k in ("number", "run_by") if k in part},
                )
            )
        return rows

    def _members(self, subprogrammes: set[str]) -> list[MemberRow]:
        members, exercise = self.data["members"], self.data["kind"] == "exercise"
        brings = "municipalities" in self.data
        if exercise and not brings:
            self._wrong(
                "exercise_without_municipalities",
                ("kind",),
                "An exercise programme must bring its own invented municipalities.",
            )
        if brings and not exercise:
            self._wrong(
                "real_with_municipalities",
                ("municipalities",),
                "Only an exercise programme may bring municipalities of its own.",
            )
        if "from_municipalities" in members:
            named = self.data.get("municipalities", {}).get("register")
            if members["from_municipalities"] != named:
                self._wrong(
                    "members_file",
                    ("members", "from_municipalities"),
                    "Must be the same file as municipalities.register.",
                    members["from_municipalities"],
                )
            return []
        if exercise and members["named"]:
            self._wrong(
                "exercise_with_real_members",
                ("members", "named"),
                "An exercise programme may not name real municipalities.",
            )
        rows = []
        seen: set[tuple[str, str]] = set()
        first = self.data["periods"][0]
        for i, member in enumerate(members["named"]):
            place: Place = ("members", "named", i)
            if member["subprogramme"] not in subprogrammes:
                self._unknown(
                    (*place, "subprogramme"), "subprogramme", member["subprogramme"], subprogrammes
                )
            if (member["code"], member["subprogramme"]) in seen:
                self._twice((*place, "code"), member["code"])
            seen.add((member["code"], member["subprogramme"]))
            start = self._date(member, "valid_from", place) or self._date(first, "from", ())
            if start is not None:
                rows.append(
                    MemberRow(
                        member["code"],
                        member["name"],
                        member["subprogramme"],
                        start,
                        self._date(member, "valid_to", place),
                        member.get("source", {}),
                        place,
                    )
                )
        for i, group in enumerate(members["unnamed"]):
            place = ("members", "unnamed", i)
            if group["subprogramme"] not in subprogrammes:
                self._unknown(
                    (*place, "subprogramme"), "subprogramme", group["subprogramme"], subprogrammes
                )
            else:
                self._add("unnamed_members", group["subprogramme"], i, group["note"], group, place)
        return rows

    def _check_counts(
        self, subprogrammes: Iterable[SubprogrammeRow], members: Iterable[MemberRow]
    ) -> None:
        named = [member.subprogramme for member in members]
        if "from_municipalities" in self.data["members"]:
            return
        for i, row in enumerate(subprogrammes):
            count = named.count(row.code)
            if row.names_known and row.stated_members is not None and count != row.stated_members:
                text = f"The members are said to be known, but {count} are named."
                self._wrong(
                    "members_count", ("subprogrammes", i, "members_count"), text, row.stated_members
                )

    # Small tools of the reading

    def _coded(
        self,
        rows: Iterable[dict[str, Any]],
        kind: str,
        place: Place,
        parent: StatementRow | None = None,
        wording: str = "text",
    ) -> None:
        for i, row in enumerate(rows):
            code = f"{parent.code}.{row['code']}" if parent else row["code"]
            self._add(kind, code, i, row[wording], row, (*place, i), parent)

    def _add(
        self,
        kind: str,
        code: str,
        position: int,
        text: Texts,
        row: dict[str, Any],
        place: Place,
        parent: StatementRow | None = None,
        description: Texts | None = None,
    ) -> StatementRow:
        dated = kind != "summary"
        start = self._date(row, "from", place) or self._date(row, "valid_from", place)
        end = self._date(row, "to", place) or self._date(row, "valid_to", place)
        if start and end and end <= start:
            self._wrong("ends_before_start", place, "The end must come after the start.", end)
        details = {
            k: v
            for k, v in row.items()
            if k not in _TOLD_APART and isinstance(v, str | int) and dated
        }
        statement = StatementRow(
            kind=kind,
            code=code,
            position=position,
            text=text,
            parent=(parent.kind, parent.code) if parent else None,
            description=description or row.get("note", {}),
            source=row.get("source", {}),
            verified=row.get("verified", True),
            valid_from=start if dated else None,
            valid_to=end if dated else None,
            details=details,
        )
        if (kind, code) in self.statements:
            self._twice((*place, "code"), code)
        self.statements[kind, code] = statement
        return statement

    def _date(self, row: dict[str, Any], key: str, place: Place) -> dt.date | None:
        value = row.get(key)
        if value is None:
            return None
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            if place:
                self._wrong("date", (*place, key), "There is no such day.", value)
            return None

    def _wrong(self, code: str, place: Place, text: str, value: object = "") -> None:
        problem = self.document.problem(f"programme.{code}", place, text, value)
        if problem not in self.problems:
            self.problems.append(problem)

    def _twice(self, place: Place, code: str) -> None:
        self._wrong("code_twice", place, f"The code {code} stands twice in its list.", code)

    def _unknown(self, place: Place, what: str, code: str, known: Iterable[str]) -> None:
        text = f"There is no {what} {code} in this file. There are: {', '.join(sorted(known)) or 'none'}."
        self._wrong("unknown_reference", place, text, code)
