"""Taking in a list of a subprogramme's members, which always needs a source."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from sloyfe.audit.actions import Actor, action
from sloyfe.common.errors import InputProblem, NotPossible, Problem
from sloyfe.common.tables import Column, Row, read_table
from sloyfe.organisations.queries import Municipality, NameBook, name_book
from sloyfe.programme.models import Membership, Subprogramme
from sloyfe.programme.queries import register_of

COLUMNS = (
    Column("code", ("kommunenummer", "kommunenr", "knr", "number", "nummer", "nr"), required=False),
    Column("name", ("kommunenavn", "kommunenamn", "kommune", "navn", "namn", "municipality"), required=False),
    Column("valid_from", ("fra", "frå", "from", "gyldig fra"), required=False),
    Column("valid_to", ("til", "to", "gyldig til"), required=False),
)  # fmt: skip


@dataclass(frozen=True)
class Imported:
    """How many members a list added, and how many stood already."""

    added: int
    known: int


def import_members(
    subprogramme: Subprogramme,
    file: Path | tuple[str, bytes],
    *,
    source: str,
    actor: Actor,
    now: dt.datetime,
) -> Imported:
    """Take in a CSV or XLSX list of members, by number or by name: all of it or nothing, one event.

    `source` says where the list comes from and is kept on each membership; without one the list is
    refused. A number or name counts on the day the membership begins, which is the programme's first
    day where the list does not say. Raises InputProblem with the row of each municipality that is
    unknown, ambiguous or named twice.
    """
    source = source.strip()
    if not source:
        raise NotPossible("programme.members_need_source")
    if len(source) > 300:
        raise NotPossible("programme.source_too_long", most=300)
    name, content = file if isinstance(file, tuple) else _read(file)
    rows = read_table(content, name, COLUMNS)
    found = _Resolver(subprogramme, name).resolve(rows)
    open_now = {row.organisation_id: row for row in subprogramme.memberships.all()}
    new = [
        Membership(
            subprogramme=subprogramme,
            organisation_id=municipality.organisation_id,
            valid_from=start,
            valid_to=end,
            source=source,
        )
        for municipality, start, end in found
        if municipality.organisation_id not in open_now
    ]
    if new:
        with action("programme.members.import", actor=actor, now=now, about=subprogramme) as event:
            Membership.objects.bulk_create(new)
            event.details |= {"added": len(new), "source": source}
            stated = subprogramme.stated_members
            if stated is not None and len(open_now) + len(new) >= stated:
                subprogramme.names_known = True
                subprogramme.save(update_fields=["names_known"])
    return Imported(len(new), len(found) - len(new))


def _read(path: Path) -> tuple[str, bytes]:
    try:
        with path.open("rb") as stream:
            return path.name, stream.read(6 * 1024 * 1024)
    except OSError as error:
        text = f"The file cannot be read ({error.strerror})."
        raise InputProblem([Problem("table.unreadable", text, path.name)]) from error


class _Resolver:
    """Finds the municipality that each row means, and gathers what it cannot find."""

    def __init__(self, subprogramme: Subprogramme, source: str) -> None:
        self.programme = subprogramme.programme
        self.register = register_of(self.programme)
        self.source = source
        self.problems: list[Problem] = []
        self.books: dict[dt.date, NameBook] = {}

    def resolve(self, rows: tuple[Row, ...]) -> list[tuple[Municipality, dt.date, dt.date | None]]:
        found: list[tuple[Municipality, dt.date, dt.date | None]] = []
        seen: dict[int, int] = {}
        for row in rows:
            start = self._date(row, "valid_from") or self.programme.valid_from
            end = self._date(row, "valid_to")
            if end is not None and end <= start:
                self._wrong(
                    row, "valid_to", "ends_before_start", "The end must come after the start."
                )
            municipality = self._municipality(row, start)
            if municipality is None:
                continue
            if municipality.organisation_id in seen:
                text = (
                    f"The municipality stands in row {seen[municipality.organisation_id]} already."
                )
                self._wrong(row, "code" if row["code"] else "name", "member_twice", text)
            seen.setdefault(municipality.organisation_id, row.number)
            found.append((municipality, start, end))
        if self.problems:
            raise InputProblem(self.problems)
        return found

    def _municipality(self, row: Row, on: dt.date) -> Municipality | None:
        if on not in self.books:
            self.books[on] = name_book(self.register, on)
        book = self.books[on]
        code, name = row["code"], row["name"]
        if code.isdigit() and len(code) == 3:
            code = "0" + code  # a spreadsheet has taken the first zero away
        named = book.named(name) if name else ()
        if code:
            municipality = book.by_code.get(code)
            if municipality is None:
                self._wrong(
                    row,
                    "code",
                    "no_municipality",
                    f"No municipality had the number {code} on {on}.",
                )
            elif name and municipality not in named:
                text = f"The number {code} was {municipality.name} on {on}, not {name}."
                self._wrong(row, "name", "other_name", text)
            return municipality
        if not name:
            self._wrong(row, "name", "nobody_named", "The row gives neither a number nor a name.")
        elif not named:
            self._wrong(
                row, "name", "no_municipality", f"No municipality was named {name} on {on}."
            )
        elif len(named) > 1:
            which = ", ".join(f"{m.code} ({m.county_name or m.county_code})" for m in named)
            self._wrong(
                row,
                "name",
                "ambiguous_name",
                f"Several municipalities are named {name}: {which}. Give the number.",
            )
        else:
            return named[0]
        return None

    def _date(self, row: Row, column: str) -> dt.date | None:
        if not row[column]:
            return None
        try:
            return dt.date.fromisoformat(row[column])
        except ValueError:
            self._wrong(row, column, "date", "This is not a date. Write it as 2016-01-31.")
            return None

    def _wrong(self, row: Row, column: str, code: str, text: str) -> None:
        self.problems.append(
            Problem(f"members.{code}", text, self.source, row.number, column, row[column])
        )
