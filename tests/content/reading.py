"""Reading the content files for the tests of content."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
PROGRAMMES = ROOT / "programmes"
HUSBANKEN = PROGRAMMES / "husbankens-kommuneprogram-2016-2020"
EXERCISE = PROGRAMMES / "exercise"
EVALUATION = HUSBANKEN / "evaluation-2017"
SHARED = ROOT.parent / "shared"
BOTH = (HUSBANKEN, EXERCISE)
INSTRUMENTS = ("basic-offer", "towns", "cities")
OTHER_FORMS = ("yearly-report", "needs", "action-plan", "agreement")
FORMS = (*INSTRUMENTS, *OTHER_FORMS)

Row = dict[str, str]


def rows(path: Path) -> list[Row]:
    """The rows of one CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{k: (v or "").strip() for k, v in row.items()} for row in csv.DictReader(file)]


def data(path: Path) -> Any:
    """The content of one YAML or JSON file."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


def as_of(register: list[Row], date: str) -> dict[str, Row]:
    """The municipalities of a register that exist on a date."""
    found = [
        row
        for row in register
        if row["valid_from"] <= date and (not row["valid_to"] or date < row["valid_to"])
    ]
    assert len({row["code"] for row in found}) == len(found)
    return {row["code"]: row for row in found}
