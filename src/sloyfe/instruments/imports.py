"""Bank and instrument files in YAML: read, checked against each other, and taken in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path as File

from django.db import transaction

from sloyfe.common.errors import InputProblem, Problem
from sloyfe.common.yaml_files import MOST_BYTES, Document, parse_yaml
from sloyfe.instruments import actions, permissions
from sloyfe.instruments.models import Version
from sloyfe.instruments.permissions import Actor
from sloyfe.instruments.queries import bank_of
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.instruments.rules.bank import Bank, read_bank
from sloyfe.instruments.rules.definitions import ResolvedInstrument, read_instrument
from sloyfe.instruments.rules.documents import Mistake
from sloyfe.instruments.texts import about_file, problems_of
from sloyfe.programme.models import Programme

LARGEST = MOST_BYTES
KINDS = tuple(kind.value for kind in InstrumentKind)


@dataclass(frozen=True)
class Loaded:
    """What a folder brought: how many scales and items were written, and which versions."""

    bank_changes: int
    changed: tuple[Version, ...]
    unchanged: tuple[Version, ...]


def read_yaml(content: bytes, source: str) -> Document:
    """Read a YAML file. Raises InputProblem with every fault of the file, in the reader's language."""
    try:
        return parse_yaml(content, source)
    except InputProblem as error:
        raise InputProblem(
            [replace(problem, message=about_file(problem)) for problem in error.problems]
        ) from error


@dataclass(frozen=True)
class Folder:
    """A programme's bank and its instruments, read and resolved."""

    bank: Bank
    instruments: tuple[ResolvedInstrument, ...]


def resolve_instrument(content: bytes, source: str, bank: Bank) -> ResolvedInstrument:
    """Read one instrument file against a bank, or raise every problem in it."""
    resolved, problems = _resolve(content, source, bank)
    if resolved is None:
        raise InputProblem(problems)
    return resolved


def _resolve(
    content: bytes, source: str, bank: Bank
) -> tuple[ResolvedInstrument | None, list[Problem]]:
    try:
        document = read_yaml(content, source)
    except InputProblem as error:
        return None, list(error.problems)
    resolved, mistakes = read_instrument(document.data, bank, KINDS)
    return resolved, problems_of(mistakes, source, document.line)


def read_folder(folder: File) -> Folder:
    """Read ``bank.yaml`` and ``instruments/*.yaml`` of a programme, or raise every problem in all of them."""
    bank_file = folder / "bank.yaml"
    if not bank_file.is_file():
        raise InputProblem(problems_of([Mistake("no_bank", ())], bank_file.name))
    bank, problems = _read_bank(bank_file)
    found: list[ResolvedInstrument] = []
    codes: set[str] = set()
    for file in sorted((folder / "instruments").glob("*.yaml")):
        source = f"instruments/{file.name}"
        resolved, wrong = _resolve(file.read_bytes(), source, bank)
        problems.extend(wrong)
        if resolved is None:
            continue
        if resolved.code in codes:
            twice = Mistake("instrument_twice", ("code",), {"code": resolved.code})
            problems.extend(problems_of([twice], source))
        codes.add(resolved.code)
        found.append(resolved)
    if problems:
        raise InputProblem(problems)
    return Folder(bank, tuple(found))


def _read_bank(file: File) -> tuple[Bank, list[Problem]]:
    try:
        document = read_yaml(file.read_bytes(), file.name)
    except InputProblem as error:
        return Bank(), list(error.problems)
    bank, mistakes = read_bank(document.data)
    return bank, problems_of(mistakes, file.name, document.line)


def load_folder(
    programme: Programme,
    folder: File,
    *,
    actor: Actor,
    now: dt.datetime,
    release: bool = False,
    leave: Collection[str] = (),
) -> Loaded:
    """Load ``bank.yaml`` and ``instruments/*.yaml`` of a programme: all of it, or nothing.

    With `release`, each version that is not released walks its whole life through the actions below.
    `leave` are codes of instruments that are left as they are, whatever the folder says.
    Loading the same folder again writes nothing. Raises InputProblem with every problem in every file.
    """
    read = read_folder(folder)
    changed: list[Version] = []
    unchanged: list[Version] = []
    with transaction.atomic():
        rows = actions.load_bank(programme=programme, bank=read.bank, actor=actor, now=now)
        for resolved in read.instruments:
            if resolved.code in leave:
                continue
            version, written = actions.load_instrument(
                programme=programme, resolved=resolved, actor=actor, now=now
            )
            if release and version.stands in {
                VersionState.DRAFT,
                VersionState.COMMENTING,
                VersionState.PILOT,
            }:
                version, written = (
                    actions.release_for_content(version=version, actor=actor, now=now),
                    True,
                )
            (changed if written else unchanged).append(version)
    return Loaded(rows, tuple(changed), tuple(unchanged))


def upload_instrument(
    *, programme: Programme, content: bytes, source: str, actor: Actor, now: dt.datetime
) -> tuple[Version, bool]:
    """Take an instrument file that somebody sends, read against the bank that is there.

    Raises InputProblem with every problem in it; then nothing has been written.
    """
    permissions.check_may_add(actor, programme, now)
    resolved = resolve_instrument(content, source, bank_of(programme))
    return actions.load_instrument(programme=programme, resolved=resolved, actor=actor, now=now)
