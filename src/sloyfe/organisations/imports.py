"""Registers of municipalities from files: three tables, held against each other before anything is stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sloyfe.audit.actions import Actor
from sloyfe.common.errors import InputProblem, Problem
from sloyfe.common.tables import Column, Row, read_table
from sloyfe.organisations.actions import StoredRegister, store_register
from sloyfe.organisations.rules import (
    Change,
    ChangeKind,
    Counted,
    LanguageForm,
    Register,
    RegisterContent,
    Stretch,
    broken_at_changes,
    completed,
)

_MUNICIPALITIES = (
    Column("code"),
    Column("name"),
    Column("county_code", required=False),
    Column("county_name", required=False),
    Column("valid_from"),
    Column("valid_to"),
    Column("language_form", required=False),
)
_CHANGES = (Column("date"), Column("kind"), Column("old_code"), Column("new_code"))
_POPULATION = (
    Column("code"),
    Column("date"),
    Column("population"),
    Column("borders", required=False),
)
_FORMS = {
    "": LanguageForm.UNKNOWN,
    "bokmål": LanguageForm.BOKMAAL,
    "nb": LanguageForm.BOKMAAL,
    "nynorsk": LanguageForm.NYNORSK,
    "nn": LanguageForm.NYNORSK,
    "nøytral": LanguageForm.NEUTRAL,
    "neutral": LanguageForm.NEUTRAL,
}


@dataclass(frozen=True)
class RegisterFiles:
    """The three files of a register: name and content of each."""

    municipalities: tuple[str, bytes]
    changes: tuple[str, bytes]
    population: tuple[str, bytes]

    @classmethod
    def in_folder(
        cls,
        folder: Path,
        municipalities: str = "municipalities.csv",
        changes: str = "changes.csv",
        population: str = "population.csv",
    ) -> RegisterFiles:
        """Read the three files of a folder. Raises InputProblem naming each that is missing."""
        names = (municipalities, changes, population)
        outside = [n for n in names if Path(n).name != n]
        missing = [n for n in names if n not in outside and not (folder / n).is_file()]
        problems = [
            Problem("register.file_missing", f"The file is missing in the folder {folder.name}.", n)
            for n in missing
        ] + [
            Problem("register.file_outside", "The file must lie in the folder itself.", n)
            for n in outside
        ]
        if problems:
            raise InputProblem(problems)
        return cls(*((name, (folder / name).read_bytes()) for name in names))


def load_register(
    files: RegisterFiles | Path, *, register: Register, source: str, actor: Actor, now: dt.datetime
) -> StoredRegister:
    """Take in a register from a folder or from three files; twice is as once.

    Raises InputProblem with file, row, column and value of everything that is wrong; nothing is
    written then.
    """
    if isinstance(files, Path):
        files = RegisterFiles.in_folder(files)
    content = parse_register(files)
    return store_register(content, register=register, source=source, actor=actor, now=now)


def parse_register(files: RegisterFiles) -> RegisterContent:
    """Give what three files say together. Raises InputProblem with everything that is wrong."""
    reader = _Reader()
    stretches = [
        s for s in map(reader.stretch, reader.rows(files.municipalities, _MUNICIPALITIES)) if s
    ]
    changes = [c for c in map(reader.change, reader.rows(files.changes, _CHANGES)) if c]
    population = [c for c in map(reader.counted, reader.rows(files.population, _POPULATION)) if c]
    reader.stop()
    _check_stretches(stretches, files.municipalities[0])
    # What happened on the first day of the register led from municipalities that it does not hold.
    begins = min(stretch.valid_from for stretch in stretches)
    later = [(row, change) for row, change in changes if change.on > begins]
    broken = broken_at_changes(stretches, (change for _, change in later))
    _check_changes(broken, later, files.changes[0])
    _check_population(broken, population, files.population[0])
    standing: dict[dt.date, set[str]] = defaultdict(set)
    for day in {change.on for _, change in later}:
        eve = day - dt.timedelta(days=1)
        standing[day] = {s.code for s in broken if s.holds_on(eve)}
    whole = completed((change for _, change in later), standing)
    return RegisterContent(
        tuple(broken_at_changes(broken, whole)), tuple(whole), tuple(c for _, c in population)
    )


class _Reader:
    """Turns rows of text into values and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.source = ""

    def rows(self, file: tuple[str, bytes], columns: Sequence[Column]) -> tuple[Row, ...]:
        self.source = file[0]
        try:
            return read_table(file[1], file[0], columns)
        except InputProblem as problem:
            self.problems.extend(problem.problems)
            return ()

    def stop(self) -> None:
        if self.problems:
            raise InputProblem(self.problems)

    def wrong(self, row: Row, column: str, code: str, text: str) -> None:
        self.problems.append(
            Problem(f"register.{code}", text, self.source, row.number, column, row[column])
        )

    def date(self, row: Row, column: str, *, may_lack: bool = False) -> dt.date | None:
        if not row[column] and may_lack:
            return None
        try:
            return dt.date.fromisoformat(row[column])
        except ValueError:
            self.wrong(row, column, "date", "This is not a date. Write it as 2020-01-31.")
            return None

    def text(self, row: Row, column: str, longest: int) -> str:
        if not row[column] or len(row[column]) > longest:
            self.wrong(row, column, "text", f"Must hold between 1 and {longest} characters.")
        return row[column]

    def stretch(self, row: Row) -> Stretch | None:
        before = len(self.problems)
        code, name = self.text(row, "code", 10), self.text(row, "name", 200)
        start = self.date(row, "valid_from")
        end = self.date(row, "valid_to", may_lack=True)
        form = _FORMS.get(row["language_form"].casefold())
        if form is None:
            self.wrong(
                row,
                "language_form",
                "language_form",
                f"Must be one of: {', '.join(filter(None, _FORMS))}.",
            )
        if start and end and end <= start:
            self.wrong(row, "valid_to", "ends_before_start", "The end must come after the start.")
        if len(self.problems) > before or start is None or form is None:
            return None
        return Stretch(
            code, name, row["county_code"], row["county_name"], form, start, end, row.number
        )

    def change(self, row: Row) -> tuple[int, Change] | None:
        before = len(self.problems)
        on = self.date(row, "date")
        old, new = self.text(row, "old_code", 10), self.text(row, "new_code", 10)
        if row["kind"] not in set(ChangeKind):
            self.wrong(row, "kind", "kind", f"Must be one of: {', '.join(ChangeKind)}.")
        if len(self.problems) > before or on is None:
            return None
        return row.number, Change(on, ChangeKind(row["kind"]), old, new)

    def counted(self, row: Row) -> tuple[int, Counted] | None:
        before = len(self.problems)
        code = self.text(row, "code", 10)
        on = self.date(row, "date")
        borders = self.date(row, "borders", may_lack=True)
        digits = row["population"].replace(" ", "").replace("\u00a0", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 9):
            self.wrong(row, "population", "number", "This is not a whole number of inhabitants.")
        if len(self.problems) > before or on is None:
            return None
        return row.number, Counted(code, on, borders, int(digits))


def _check_stretches(stretches: Sequence[Stretch], source: str) -> None:
    by_code: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        by_code[stretch.code].append(stretch)
    problems = [
        Problem(
            "register.overlap",
            f"The number {code} is in use already by row {earlier.row} on that day.",
            source,
            later.row,
            "valid_from",
            later.valid_from.isoformat(),
        )
        for code, own in by_code.items()
        for earlier, later in pairwise(sorted(own, key=lambda s: s.valid_from))
        if earlier.valid_to is None or earlier.valid_to > later.valid_from
    ]
    if problems:
        raise InputProblem(problems)


def _check_changes(
    stretches: Sequence[Stretch], changes: Sequence[tuple[int, Change]], source: str
) -> None:
    ending = {(s.code, s.valid_to) for s in stretches}
    starting = {s.key for s in stretches}
    problems: list[Problem] = []
    seen: dict[tuple[dt.date, str, str], int] = {}
    for row, change in changes:
        if (change.before, change.on) not in ending:
            text = f"No municipality with the number {change.before} ends its time on {change.on}."
            problems.append(
                Problem("register.no_before", text, source, row, "old_code", change.before)
            )
        if (change.after, change.on) not in starting:
            text = f"No municipality with the number {change.after} begins its time on {change.on}."
            problems.append(
                Problem("register.no_after", text, source, row, "new_code", change.after)
            )
        link = (change.on, change.before, change.after)
        if link in seen:
            text = f"Row {seen[link]} tells the same change already."
            problems.append(
                Problem("register.change_twice", text, source, row, "new_code", change.after)
            )
        seen.setdefault(link, row)
    if problems:
        raise InputProblem(problems)


def _check_population(
    stretches: Sequence[Stretch], population: Sequence[tuple[int, Counted]], source: str
) -> None:
    by_code: dict[str, list[Stretch]] = defaultdict(list)
    for stretch in stretches:
        by_code[stretch.code].append(stretch)
    problems: list[Problem] = []
    seen: dict[tuple[str, dt.date, dt.date | None], int] = {}
    for row, counted in population:
        borders = counted.borders or counted.on
        if not any(s.holds_on(borders) for s in by_code.get(counted.code, ())):
            text = f"No municipality had the number {counted.code} on {borders}."
            problems.append(
                Problem("register.no_municipality", text, source, row, "code", counted.code)
            )
        key = (counted.code, counted.on, counted.borders)
        if key in seen:
            text = f"Row {seen[key]} gives a figure for the same municipality, day and borders."
            problems.append(
                Problem("register.count_twice", text, source, row, "code", counted.code)
            )
        seen.setdefault(key, row)
    if problems:
        raise InputProblem(problems)
