"""Counts from frozen data: the only file that knows a backend.

A frozen data set is a Parquet file with a fixed schema. It is counted through Ibis expressions, by an
embedded DuckDB unless a backend address is given (``spark://``, ``trino://``, ``bigquery://`` ...), so
that whoever outgrows one machine changes the address and nothing else. The embedded one has bounded
threads and memory, reads the named files and nothing more, loads no extension, and is locked.

The content hash is made from what the file says, not from its bytes, so that it survives another
version of the Parquet writer.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from sloyfe.common.errors import InputProblem, NotPossible, Problem

THREADS = 2
MEMORY_LIMIT = "512MB"
# Numbers that people answer: sums of kroner and shares of a post both fit, exactly.
NUMBER_DIGITS, NUMBER_DECIMALS = 24, 6

ColumnKind = Literal["single", "multiple", "number", "date", "text"]
Value = str | Decimal | int | date | Sequence[str] | None
_CODEBOOK, _COLUMNS, _HASH = b"sloyfe.codebook", b"sloyfe.columns", b"sloyfe.content_hash"


@dataclass(frozen=True)
class Column:
    """A column of a frozen data set: an option's code, several codes, a number, a date or a text."""

    name: str
    kind: ColumnKind


@dataclass(frozen=True)
class Tabulation:
    """Counts by group and option, and how many of each group did not answer.

    `cells` is keyed (*group, option), `not_answered` by the group. A group value that is missing is
    told as "".
    """

    cells: dict[tuple[str, ...], int]
    not_answered: dict[tuple[str, ...], int]


@dataclass(frozen=True)
class MultipleTabulation:
    """Choices by group and option (keyed (*group, option)), and respondents by group."""

    choices: dict[tuple[str, ...], int]
    respondents: dict[tuple[str, ...], int]


def _canonical(value: object) -> object:
    """A value in the one form that is hashed: 2, 2.0 and 2.000000 are the same number."""
    if isinstance(value, float):
        raise TypeError("a float has no exact value to hash; give a Decimal")
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal | int):
        text = f"{Decimal(value):.{NUMBER_DECIMALS}f}".rstrip("0").rstrip(".")
        return {"number": "0" if text == "-0" else text}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Mapping):
        return {str(key): _canonical(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [_canonical(each) for each in value]
    raise TypeError(f"{type(value).__name__} cannot stand in a frozen data set")


def _json(value: object) -> str:
    return json.dumps(_canonical(value), ensure_ascii=True, sort_keys=True, separators=(",", ":"))


def content_hash(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Value]], codebook: Mapping[str, Any]
) -> str:
    """The fingerprint of a data set: SHA-256 in hex of codebook, columns and rows, in canonical JSON.

    Independent of the order of rows and columns, and of any file format.
    """
    digest = hashlib.sha256()
    digest.update(_json(codebook).encode() + b"\n")
    digest.update(_json({each.name: each.kind for each in columns}).encode() + b"\n")
    for line in sorted(_json(row) for row in _complete(columns, rows)):
        digest.update(line.encode() + b"\n")
    return digest.hexdigest()


def _complete(
    columns: Sequence[Column], rows: Sequence[Mapping[str, Value]]
) -> list[dict[str, Value]]:
    """Rows with every column, so that an absent answer and an empty one are the same."""
    names = [each.name for each in columns]
    problems = [
        Problem("dataset.unknown_column", f"no such column: {name}", row=number, column=name)
        for number, row in enumerate(rows, start=1)
        for name in row
        if name not in names
    ]
    if problems:
        raise InputProblem(problems)
    return [{name: row.get(name) for name in names} for row in rows]


def _schema(columns: Sequence[Column]) -> Any:
    import pyarrow as pa

    types = {
        "single": pa.string(),
        "multiple": pa.list_(pa.string()),
        "number": pa.decimal128(NUMBER_DIGITS, NUMBER_DECIMALS),
        "date": pa.date32(),
        "text": pa.string(),
    }
    return pa.schema([(each.name, types[each.kind]) for each in columns])


def write_parquet(
    path: Path,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Value]],
    codebook: Mapping[str, Any],
) -> str:
    """Freeze rows into a Parquet file with its codebook inside, and give the content hash.

    Rows are sorted by what they say, so that their order does not tell who answered first. The file
    appears whole or not at all. Raises `InputProblem` for a row with an unknown column or a value
    that does not fit its column.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    complete = sorted(_complete(columns, rows), key=_json)
    fingerprint = content_hash(columns, rows, codebook)
    try:
        table = pa.Table.from_pylist(
            [
                {
                    each.name: Decimal(value)
                    if each.kind == "number" and isinstance(value := row[each.name], int | Decimal)
                    else row[each.name]
                    for each in columns
                }
                for row in complete
            ],
            schema=_schema(columns),
        )
    except (pa.ArrowInvalid, pa.ArrowTypeError, TypeError) as error:
        raise InputProblem([Problem("dataset.value_does_not_fit", str(error))]) from error
    table = table.replace_schema_metadata(
        {
            _CODEBOOK: json.dumps(codebook, ensure_ascii=False).encode(),
            _COLUMNS: json.dumps([[each.name, each.kind] for each in columns]).encode(),
            _HASH: fingerprint.encode(),
        }
    )
    beside = path.with_name(path.name + ".part")
    pq.write_table(table, beside, compression="zstd")
    beside.replace(path)
    return fingerprint


@dataclass(frozen=True)
class FrozenData:
    """A frozen data set as read back: columns, rows, codebook, and the hash it was written with."""

    columns: tuple[Column, ...]
    rows: tuple[dict[str, Value], ...]
    codebook: dict[str, Any]
    stated_hash: str

    @property
    def is_intact(self) -> bool:
        """Whether the content still gives the hash that the file states."""
        return content_hash(self.columns, self.rows, self.codebook) == self.stated_hash


def read_parquet(path: Path) -> FrozenData:
    """A frozen data set with everything in it. Raises `NotPossible` if it is none."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    _check_files([path])
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise NotPossible("dataset.unreadable", path=path.name) from error
    metadata = table.schema.metadata or {}
    if not {_CODEBOOK, _COLUMNS, _HASH} <= metadata.keys():
        raise NotPossible("dataset.without_codebook", path=path.name)
    return FrozenData(
        tuple(Column(name, kind) for name, kind in json.loads(metadata[_COLUMNS])),
        tuple(table.to_pylist()),
        json.loads(metadata[_CODEBOOK]),
        metadata[_HASH].decode(),
    )


def _check_files(paths: Sequence[Path]) -> None:
    for path in paths:
        if not path.is_file():
            raise NotPossible("dataset.not_found", path=path.name)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _opened(paths: Path | Sequence[Path], url: str | None) -> Iterator[Any]:
    """The data as an Ibis table, on the embedded backend or the one at `url`."""
    import ibis

    # Ibis 12 fetches by a name that DuckDB 2 has replaced; nothing that we could call otherwise.
    warnings.filterwarnings("ignore", "fetch_arrow_table", DeprecationWarning)
    files = [paths] if isinstance(paths, Path) else list(paths)
    if url is not None:
        backend = ibis.connect(url)
    else:
        _check_files(files)
        backend = ibis.duckdb.connect(
            threads=THREADS,
            memory_limit=MEMORY_LIMIT,
            autoinstall_known_extensions=False,
            autoload_known_extensions=False,
            allow_community_extensions=False,
        )
        allowed = ", ".join(_quoted(str(file)) for file in files)
        for setting in (
            f"SET allowed_paths = [{allowed}]",
            "SET temp_directory = ''",
            "SET enable_external_access = false",
            "SET lock_configuration = true",
        ):
            backend.raw_sql(setting)
    try:
        yield backend.read_parquet([str(file) for file in files])
    finally:
        backend.disconnect()


def _narrowed(table: Any, names: Sequence[str], where: Mapping[str, str]) -> Any:
    missing = [name for name in (*names, *where) if name not in table.columns]
    if missing:
        raise NotPossible("dataset.no_such_item", items=tuple(missing))
    for name, value in where.items():
        table = table.filter(table[name] == value)
    return table


def _counted(table: Any, by: Sequence[str]) -> dict[tuple[str | None, ...], int]:
    counted = table.group_by(list(by)).aggregate(_n=table.count()) if by else None
    if counted is None:
        return {(): int(table.count().to_pyarrow().as_py())}
    return {tuple(row[name] for name in by): row["_n"] for row in counted.to_pyarrow().to_pylist()}


def _group(key: Sequence[str | None]) -> tuple[str, ...]:
    return tuple("" if each is None else str(each) for each in key)


def tabulate(
    paths: Path | Sequence[Path],
    item: str,
    *,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    url: str | None = None,
) -> Tabulation:
    """How often each option of a single-answer item was given, by group.

    `by` names the columns that make the groups, `where` limits the rows. Raises `NotPossible`:
    ``dataset.no_such_item``, ``dataset.not_found``.
    """
    with _opened(paths, url) as opened:
        table = _narrowed(opened, (item, *by), where or {})
        counted = _counted(table, (*by, item))
    return _tabulation(counted)


def _tabulation(counted: Mapping[tuple[str | None, ...], int]) -> Tabulation:
    cells = {(*_group(key[:-1]), key[-1]): n for key, n in counted.items() if key[-1] is not None}
    silent = {_group(key[:-1]): n for key, n in counted.items() if key[-1] is None}
    return Tabulation(
        dict(sorted(cells.items())),
        {group: silent.get(group, 0) for group in sorted({_group(key[:-1]) for key in counted})},
    )


def tabulate_all(
    paths: Path | Sequence[Path],
    *,
    singles: Sequence[str],
    multiples: Sequence[str],
    by: Sequence[str] = (),
    url: str | None = None,
) -> tuple[dict[str, Tabulation], dict[str, MultipleTabulation]]:
    """As `tabulate` of each single-answer item and `count_multiple` of the others, opened once.

    All single-answer items are counted by one query, so a form of a hundred takes as long as one of ten.
    """
    with _opened(paths, url) as opened:
        table = _narrowed(opened, (*singles, *multiples, *by), {})
        several = {item: _choices(table, item, by) for item in multiples}
        counted: dict[tuple[str | None, ...], int] = {}
        if singles:
            long = table.select(*by, *singles).pivot_longer(
                list(singles), names_to="_item", values_to="_option"
            )
            counted = _counted(long, ("_item", *by, "_option"))
    apart: dict[str, dict[tuple[str | None, ...], int]] = {item: {} for item in singles}
    for (item, *key), n in counted.items():
        apart[str(item)][tuple(key)] = n
    return {item: _tabulation(found) for item, found in apart.items()}, several


def crosstab(
    paths: Path | Sequence[Path],
    row: str,
    column: str,
    *,
    where: Mapping[str, str] | None = None,
    url: str | None = None,
) -> dict[tuple[str, str], int]:
    """How two single-answer items go together, among those who answered both."""
    cells = tabulate(paths, column, by=(row,), where=where, url=url).cells
    return {(key[0], key[1]): count for key, count in cells.items() if key[0]}


def count_multiple(
    paths: Path | Sequence[Path],
    item: str,
    *,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    url: str | None = None,
) -> MultipleTabulation:
    """How often each option of a multi-answer item was chosen, and by how many respondents.

    Whoever answered with none of the options (an empty list) is a respondent; whoever did not answer
    is not.
    """
    with _opened(paths, url) as opened:
        return _choices(_narrowed(opened, (item, *by), where or {}), item, by)


def _choices(table: Any, item: str, by: Sequence[str]) -> MultipleTabulation:
    answered = table.filter(table[item].notnull())
    respondents = _counted(answered, by)
    choices = _counted(answered.select(*by, item).unnest(item), (*by, item))
    return MultipleTabulation(
        dict(sorted(((*_group(key[:-1]), str(key[-1])), n) for key, n in choices.items())),
        dict(sorted((_group(key), n) for key, n in respondents.items())),
    )


def numbers(
    paths: Path | Sequence[Path],
    item: str,
    *,
    by: Sequence[str] = (),
    where: Mapping[str, str] | None = None,
    url: str | None = None,
) -> dict[tuple[str, ...], tuple[Decimal, ...]]:
    """The numbers that were answered, by group, in ascending order."""
    with _opened(paths, url) as opened:
        table = _narrowed(opened, (item, *by), where or {})
        rows = table.filter(table[item].notnull()).select(*by, item).to_pyarrow().to_pylist()
    found: dict[tuple[str, ...], list[Decimal]] = {}
    for row in rows:
        found.setdefault(_group([row[name] for name in by]), []).append(Decimal(row[item]))
    return {group: tuple(sorted(values)) for group, values in sorted(found.items())}
