"""What a programme's texts disagree on, from `contradictions.yaml` in its folder."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.conf import settings

from sloyfe.audit.actions import Actor
from sloyfe.common.errors import InputProblem
from sloyfe.common.yaml_files import check_schema, read_yaml
from sloyfe.delivery.actions.contradictions import Disagreement, load_contradictions
from sloyfe.programme.models import Programme

FILE = "contradictions.yaml"
SCHEMA_FILE = "contradictions.schema.json"


def load_folder(folder: Path, *, actor: Actor, now: dt.datetime) -> int:
    """Take in what a programme's texts disagree on; gives how many were new, 0 where there is no such file.

    Raises InputProblem with every fault of the file.
    """
    path = folder / FILE
    if not path.is_file():
        return 0
    document = read_yaml(path)
    schema = json.loads(
        (Path(settings.ROOT) / "programmes" / SCHEMA_FILE).read_text(encoding="utf-8")
    )
    problems = check_schema(document, schema)
    if not problems:
        seen: set[str] = set()
        for place, row in enumerate(document.data["contradictions"]):
            if row["code"] in seen:
                text = f"The code {row['code']} stands twice."
                problems.append(
                    document.problem(
                        "contradictions.twice", ("contradictions", place, "code"), text, row["code"]
                    )
                )
            seen.add(row["code"])
    if problems:
        raise InputProblem(problems)
    rows = [
        Disagreement(row["code"], row["title"], _readings(row), row["proposal"])
        for row in document.data["contradictions"]
    ]
    programme = Programme.objects.get(slug=folder.name)
    return load_contradictions(programme=programme, rows=rows, actor=actor, now=now)


def _readings(row: dict[str, Any]) -> str:
    """Write the readings below each other, each with where it stands."""
    lines = []
    for reading in row["readings"]:
        source = reading.get("source")
        where = f" ({source['name']}, s. {source['page']})" if source else ""
        lines.append(f"– {reading['text']}{where}")
    return "\n\n".join(lines)
