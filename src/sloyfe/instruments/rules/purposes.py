"""Why a question is asked, who uses the answer, and what the field holds before anybody writes in it.

All of it is optional but in a report, where a municipality is told the reason for every field. A key that is
left out leaves no trace in the definition, so that versions from before keep their content hash.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sloyfe.instruments.rules import InstrumentKind, QuestionKind
from sloyfe.instruments.rules.documents import Notes, Path, shown

REASON = 600

# Keys of a question; rows of a battery share those of their battery, but each takes the place of its own item.
PURPOSE_KEYS = ("why", "used_by", "prefill", "replaces")
BATTERY_KEYS = ("why", "used_by", "prefill")
ROW_KEYS = ("replaces",)


class Prefill(StrEnum):
    """What the owner of a form puts into a field beforehand."""

    NONE = "none"
    PLAN = "plan"
    LAST_REPORT = "last_report"
    KNOWN = "known"


def keys_of(kind: QuestionKind) -> tuple[str, ...]:
    """Give the keys about its purpose that a question of a kind may have."""
    if kind is QuestionKind.INFORMATION:
        return ()
    return BATTERY_KEYS if kind is QuestionKind.BATTERY else PURPOSE_KEYS


def read_purpose(raw: Mapping[str, object], path: Path, notes: Notes) -> dict[str, Any]:
    """Read the keys about a question's purpose that are there; give them as the definition holds them."""
    found: dict[str, Any] = {}
    for key in ("why", "used_by"):
        if raw.get(key) is not None:
            found[key] = notes.text(raw[key], (*path, key), most=REASON)
    prefill = raw.get("prefill")
    if prefill is not None:
        if prefill not in list(Prefill):
            known = ", ".join(one.value for one in Prefill)
            notes.add("unknown_prefill", (*path, "prefill"), value=shown(prefill), known=known)
        else:
            found["prefill"] = str(prefill)
    found.update(read_replaces(raw, path, notes))
    return found


def read_replaces(raw: Mapping[str, object], path: Path, notes: Notes) -> dict[str, str]:
    """Read which item of the version before a question or a row takes the place of."""
    if raw.get("replaces") is None:
        return {}
    return {"replaces": notes.code(raw["replaces"], (*path, "replaces"))}


def check_purposes(kind: str, placed: list[tuple[Path, dict[str, Any]]], notes: Notes) -> None:
    """Note every question of a report that takes an answer and does not say why and for whom."""
    if kind != InstrumentKind.REPORT:
        return
    for path, question in placed:
        if question["kind"] == QuestionKind.INFORMATION:
            continue
        for key in ("why", "used_by"):
            if not question.get(key):
                notes.add(f"missing_{key}", path, question=question["code"])
