"""Dates as iCalendar text (RFC 5545), and the key of a calendar's address, without Django."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

# RFC 5545, 3.1: a line is at most 75 octets, its end not counted.
LONGEST_LINE = 75
LINE_END = "\r\n"
PRODUCT = "-//Sloyfe//Year wheel//NO"
KEY_LENGTH = 32
# Calendars ask again about so often.
REFRESH = "PT12H"


@dataclass(frozen=True)
class CalendarEntry:
    """One all-day event. `ends_on` is its last day, or None where it is one day."""

    uid: str
    summary: str
    starts_on: dt.date
    ends_on: dt.date | None
    changed_at: dt.datetime
    sequence: int
    is_cancelled: bool = False
    description: str = ""
    url: str = ""


def _is_written(character: str) -> bool:
    is_control = character < " " or "\x7f" <= character <= "\x9f"
    is_half_of_a_pair = "\ud800" <= character <= "\udfff"
    return not (is_control or is_half_of_a_pair)


def escape(text: str) -> str:
    """Write a text value as RFC 5545 wants it (3.3.11); characters that no calendar takes are left out."""
    plain = text.replace("\r\n", "\n")
    for end in "\r\x85\u2028\u2029":
        plain = plain.replace(end, "\n")
    plain = "".join(c for c in plain if c in "\n\t" or _is_written(c))
    for character, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        plain = plain.replace(character, written)
    return plain


def fold(line: str) -> str:
    """Fold a line so that none is longer than 75 octets, never inside a character (RFC 5545, 3.1)."""
    lines: list[str] = []
    current, size = "", 0
    for character in line:
        width = len(character.encode("utf-8", "replace"))
        if size + width > LONGEST_LINE:
            lines.append(current)
            # The blank that begins a continued line counts too.
            current, size = " ", 1
        current += character
        size += width
    return LINE_END.join([*lines, current])


def _day(day: dt.date) -> str:
    return f"{day.year:04}{day.month:02}{day.day:02}"


def _moment(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def _event(entry: CalendarEntry) -> list[str]:
    # DTEND of an all-day event is the day after its last.
    after = (entry.ends_on or entry.starts_on) + dt.timedelta(days=1)
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escape(entry.uid)}",
        f"DTSTAMP:{_moment(entry.changed_at)}",
        f"LAST-MODIFIED:{_moment(entry.changed_at)}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART;VALUE=DATE:{_day(entry.starts_on)}",
        f"DTEND;VALUE=DATE:{_day(after)}",
        f"SUMMARY:{escape(entry.summary)}",
        f"STATUS:{'CANCELLED' if entry.is_cancelled else 'CONFIRMED'}",
        # A date of the wheel keeps nobody's day occupied.
        "TRANSP:TRANSPARENT",
    ]
    if entry.description:
        lines.append(f"DESCRIPTION:{escape(entry.description)}")
    if entry.url:
        lines.append(f"URL:{entry.url}")
    return [*lines, "END:VEVENT"]


def calendar_text(name: str, entries: Iterable[CalendarEntry]) -> str:
    """Write a calendar that phones and mail programs read."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escape(name)}",
        f"X-WR-CALNAME:{escape(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{REFRESH}",
    ]
    for entry in entries:
        lines += _event(entry)
    lines.append("END:VCALENDAR")
    return "".join(fold(line) + LINE_END for line in lines)


def feed_key(secret: bytes, programme: str, role: str, organisation: str = "") -> str:
    """Give the key of the address at which a role's calendar stands, or one organisation's in that role.

    Nothing of it is stored. A slug holds no NUL, so no two calendars have the same key.
    """
    said = "\0".join(["year-wheel", programme, role, *([organisation] if organisation else [])])
    return hmac.new(secret, said.encode(), hashlib.sha256).hexdigest()[:KEY_LENGTH]


def key_fits(secret: bytes, programme: str, role: str, key: str, organisation: str = "") -> bool:
    """Tell whether a key opens a calendar, in a time that says nothing of the right one."""
    return hmac.compare_digest(
        feed_key(secret, programme, role, organisation).encode(), key.encode("utf-8", "replace")
    )
