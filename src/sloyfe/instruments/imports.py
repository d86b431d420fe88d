"""Bank and instrument files in YAML, with the line of everything in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path as File

import yaml

from sloyfe.common.errors import InputProblem, Problem
from sloyfe.instruments.rules import InstrumentKind
from sloyfe.instruments.rules.bank import Bank, read_bank
from sloyfe.instruments.rules.definitions import ResolvedInstrument, read_instrument
from sloyfe.instruments.rules.documents import Mistake, Path, shown
from sloyfe.instruments.texts import place, sentence_for

LARGEST = 2_000_000  # bytes
DEEPEST = 40
MOST_NODES = (
    200_000  # an alias counts each time it is used, so a small file cannot become a huge one
)

KINDS = tuple(kind.value for kind in InstrumentKind)


@dataclass
class Document:
    """What a YAML file holds, and the line on which each part of it begins."""

    source: str
    data: object = None
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """Give the line of a place; of something that is missing, the line of what it is missing in."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return None

    def problems(self, mistakes: Iterable[Mistake]) -> list[Problem]:
        """Give mistakes as sentences with file, line and key."""
        return [
            Problem(
                code=mistake.code,
                message=sentence_for(mistake),
                source=self.source,
                row=self.line(mistake.path),
                column=place(mistake.path),
                value=shown(mistake.details.get("value", "")),
            )
            for mistake in mistakes
        ]


class _TooMuch(Exception):
    """The file has too many levels or parts."""


class _Reader:
    """Builds plain values from YAML nodes and remembers where each one stood."""

    def __init__(self, document: Document, loader: yaml.SafeLoader) -> None:
        self.document = document
        self.loader = loader
        self.nodes = 0

    def build(self, node: yaml.Node, path: Path) -> object:
        self.nodes += 1
        if self.nodes > MOST_NODES or len(path) > DEEPEST:
            raise _TooMuch
        self.document.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(part, (*path, number)) for number, part in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            found: dict[str, object] = {}
            for key_node, value_node in node.value:
                key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
                here = (*path, key)
                self.document.lines[here] = key_node.start_mark.line + 1
                if key in found:
                    self.document.mistakes.append(Mistake("key_twice", here, {"key": shown(key)}))
                found[key] = self.build(value_node, here)
            return found
        return self.loader.construct_object(node)


def read_yaml(content: bytes, source: str) -> Document:
    """Read a YAML file; what is wrong with it as a file is noted on the document."""
    document = Document(source)
    if len(content) > LARGEST:
        document.mistakes.append(Mistake("file_too_large", (), {"most": LARGEST // 1000}))
        return document
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        document.mistakes.append(Mistake("file_not_utf8", ()))
        return document
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            document.mistakes.append(Mistake("file_empty", ()))
        else:
            document.data = _Reader(document, loader).build(node, ())
    except (RecursionError, _TooMuch):
        document.mistakes.append(Mistake("file_too_deep", ()))
    except yaml.MarkedYAMLError as error:
        if error.problem_mark is not None:
            document.lines[()] = error.problem_mark.line + 1
        reason = shown(error.problem or error.context or "")
        document.mistakes.append(Mistake("file_not_yaml", (), {"reason": reason}))
    except (yaml.YAMLError, ValueError) as error:
        document.mistakes.append(Mistake("file_not_yaml", (), {"reason": shown(error)}))
    return document


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
    document = read_yaml(content, source)
    if document.mistakes:
        return None, document.problems(document.mistakes)
    resolved, mistakes = read_instrument(document.data, bank, KINDS)
    return resolved, document.problems(mistakes)


def read_folder(folder: File) -> Folder:
    """Read ``bank.yaml`` and ``instruments/*.yaml`` of a programme, or raise every problem in all of them."""
    bank_file = folder / "bank.yaml"
    if not bank_file.is_file():
        raise InputProblem([_no_bank(bank_file)])
    document = read_yaml(bank_file.read_bytes(), bank_file.name)
    bank, mistakes = Bank(), list(document.mistakes)
    if not mistakes:
        bank, mistakes = read_bank(document.data)
    problems = document.problems(mistakes)
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
            problems.extend(Document(source).problems([twice]))
        codes.add(resolved.code)
        found.append(resolved)
    if problems:
        raise InputProblem(problems)
    return Folder(bank, tuple(found))


def _no_bank(file: File) -> Problem:
    mistake = Mistake("no_bank", ())
    return Problem(code=mistake.code, message=sentence_for(mistake), source=file.name)
