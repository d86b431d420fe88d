"""Reads a calendar as RFC 5545 says that it is written, and takes nothing that a strict reader would refuse."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

NAME = re.compile(r"[A-Z0-9-]+(?:;[A-Z0-9-]+=[^;:]+)*")
ONCE = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS"}
KNOWN = ONCE | {"TRANSP", "DESCRIPTION", "URL"}


@dataclass(frozen=True)
class Event:
    uid: str
    summary: str
    day: dt.date
    sequence: int
    changed_at: str
    status: str
    description: str
    url: str


def events(answer: bytes) -> dict[str, Event]:
    """Give the events of a calendar by UID; fails where the file is not valid."""
    text = answer.decode("utf-8")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    lines: list[str] = []
    for line in text.removesuffix("\r\n").split("\r\n"):
        assert 0 < len(line.encode()) <= 75, line
        if line[0] in " \t":
            lines[-1] += line[1:]
        else:
            lines.append(line)
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert lines.count("VERSION:2.0") == 1
    assert sum(line.startswith("PRODID:") for line in lines) == 1
    found: dict[str, Event] = {}
    inside: dict[str, str] | None = None
    for line in lines[1:-1]:
        if line == "BEGIN:VEVENT":
            assert inside is None
            inside = {}
        elif line == "END:VEVENT":
            assert inside is not None
            event = _event(inside)
            assert event.uid not in found
            found[event.uid] = event
            inside = None
        else:
            name, colon, value = line.partition(":")
            assert colon
            assert NAME.fullmatch(name), line
            if inside is not None:
                assert name.split(";")[0] in KNOWN
                assert name.split(";")[0] not in {key.split(";")[0] for key in inside}
                inside[name] = value
    assert inside is None
    return found


def _event(said: dict[str, str]) -> Event:
    assert {name.split(";")[0] for name in said} >= ONCE
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        assert re.fullmatch(r"\d{8}T\d{6}Z", said[name])
    first, after = (
        dt.datetime.strptime(said[f"{name};VALUE=DATE"], "%Y%m%d").replace(tzinfo=dt.UTC).date()
        for name in ("DTSTART", "DTEND")
    )
    assert first < after
    assert said["STATUS"] in ("CONFIRMED", "CANCELLED")
    return Event(
        uid=said["UID"],
        summary=re.sub(r"\\(.)", r"\1", said["SUMMARY"]),
        day=first,
        sequence=int(said["SEQUENCE"]),
        changed_at=said["LAST-MODIFIED"],
        status=said["STATUS"],
        description=said.get("DESCRIPTION", ""),
        url=said.get("URL", ""),
    )
