"""Reads what is counted in a programme from its folder: effort areas and results, with their contract."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from sloyfe.audit.actions import Actor
from sloyfe.common.errors import InputProblem, Problem
from sloyfe.common.yaml_files import Document, check_schema, read_yaml
from sloyfe.delivery.actions.definitions import Area, Counted, Defined, define_results
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.programme.models import Programme, Statement

FILE = "results.yaml"
SCHEMA_FILE = "results.schema.json"


def load_results(programme: Programme, folder: Path, *, actor: Actor, now: dt.datetime) -> Defined:
    """Take in what is counted in a programme: one transaction, one event; nothing where nothing is new.

    Raises InputProblem with file, line and key of everything that is wrong.
    """
    document = read_yaml(folder / FILE)
    schema = json.loads((Path(settings.ROOT) / "programmes" / SCHEMA_FILE).read_text("utf-8"))
    problems = check_schema(document, schema)
    if problems:
        raise InputProblem(problems)
    known = _Known(programme)
    problems = [*_problems(document, known)]
    if problems:
        raise InputProblem(problems)
    areas = tuple(
        Area(
            code=each["code"],
            title=each["title"],
            goal=known.goals[each["goal"]],
            verified=each.get("verified", True),
        )
        for each in document.data["effort_areas"]
    )
    results = tuple(_counted(each, known) for each in document.data["results"])
    return define_results(programme, areas=areas, results=results, actor=actor, now=now)


class _Known:
    """What the programme has that results may name, by code as the programme's own file writes it.

    A stored code begins with the codes of what it stands under; the last part is its own.
    """

    def __init__(self, programme: Programme) -> None:
        rows = Statement.objects.filter(programme=programme, kind__in=("subgoal", "work_package"))
        self.goals: dict[str, int] = {}
        self.packages: set[str] = set()
        for key, kind, code in rows.order_by("position").values_list("pk", "kind", "code"):
            own = code.rpartition(".")[2]
            if kind == "subgoal":
                self.goals[own] = key
            else:
                self.packages.add(own)
        self.subprogrammes = dict(programme.subprogrammes.values_list("code", "pk"))


def _counted(each: dict[str, Any], known: _Known) -> Counted:
    return Counted(
        code=each["code"],
        title=each["title"],
        unit=each["unit"],
        aggregation=Aggregation(each["aggregation"]),
        item=each.get("item", ""),
        numerator=each.get("numerator", ""),
        denominator=each.get("denominator", ""),
        goal=known.goals[each["goal"]],
        area=each.get("effort_area", ""),
        subprogramme=known.subprogrammes.get(each.get("subprogramme", "")),
        is_outcome=each["is_outcome"],
        decimals=each["decimals"],
    )


def _problems(document: Document, known: _Known) -> Iterator[Problem]:
    areas: set[str] = set()
    for at, area in enumerate(document.data["effort_areas"]):
        place = ("effort_areas", at)
        yield from _twice(document, area["code"], areas, place)
        yield from _unknown(document, area, "goal", known.goals, place)
        yield from _unknown(document, area, "work_package", known.packages, place)
    codes: set[str] = set()
    for at, result in enumerate(document.data["results"]):
        place = ("results", at)
        yield from _twice(document, result["code"], codes, place)
        yield from _unknown(document, result, "goal", known.goals, place)
        yield from _unknown(document, result, "effort_area", areas, place)
        yield from _unknown(document, result, "subprogramme", known.subprogrammes, place)
        is_ratio = result["aggregation"] == Aggregation.RATIO
        for key in ("item",) if is_ratio else ("numerator", "denominator"):
            if key in result:
                text = f"A result that is added up as {result['aggregation']} has no {key}."
                yield document.problem("results.wrong_item", (*place, key), text, result[key])
        is_number = result["aggregation"] not in (Aggregation.NONE, Aggregation.TEXT)
        if is_number != bool(result["unit"]):
            text = (
                "A number has a unit; write it in nb, nn and en."
                if is_number
                else "A choice or a text has no unit; write {}."
            )
            yield document.problem("results.unit", (*place, "unit"), text)
        elif is_number and len(result["unit"]) < 3:
            text = "The unit is missing in a language; write it in nb, nn and en."
            yield document.problem("results.unit", (*place, "unit"), text)


def _twice(
    document: Document, code: str, seen: set[str], place: tuple[str | int, ...]
) -> Iterator[Problem]:
    if code in seen:
        text = f"The code {code} stands twice. Give one of them another."
        yield document.problem("results.twice", (*place, "code"), text, code)
    seen.add(code)


def _unknown(
    document: Document,
    said: dict[str, Any],
    key: str,
    known: dict[str, int] | set[str],
    place: tuple[str | int, ...],
) -> Iterator[Problem]:
    code = said.get(key)
    if code is not None and code not in known:
        there = ", ".join(sorted(known)) or "none"
        text = f"There is no {key.replace('_', ' ')} with this code. There are: {there}."
        yield document.problem("results.unknown", (*place, key), text, code)
