"""Reads YAML that describes something, and says on which line a fault stands.

Only plain data comes out: texts, numbers, yes/no, lists and mappings. Tags that would build objects,
aliases that would grow without end, keys written twice and files too large are refused. A date stays
the text that was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sloyfe.common.errors import InputProblem, Problem

MOST_BYTES = 2_000_000
MOST_NODES = 200_000
DEEPEST = 60

Place = tuple[str | int, ...]
_SCALARS = {f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "null")}
_TEXTS = {f"tag:yaml.org,2002:{name}" for name in ("str", "timestamp")}


@dataclass(frozen=True)
class Document:
    """What a YAML file says, and the line of every place in it."""

    source: str
    data: Any
    lines: Mapping[Place, int] = field(repr=False)

    def line(self, place: Sequence[str | int]) -> int:
        """Give the line on which a place stands, or the nearest place above it."""
        key = tuple(place)
        while key and key not in self.lines:
            key = key[:-1]
        return self.lines.get(key, 1)

    def problem(
        self, code: str, place: Sequence[str | int], text: str, value: object = ""
    ) -> Problem:
        """Say what is wrong at a place: file, line, key and value."""
        return Problem(code, text, self.source, self.line(place), spell(place), str(value)[:80])


def spell(place: Sequence[str | int]) -> str:
    """Write a place as people read it: ``regions[2].counties[0].code``."""
    words = ""
    for step in place:
        words += f"[{step}]" if isinstance(step, int) else (f".{step}" if words else step)
    return words


def read_yaml(path: Path, *, source: str = "") -> Document:
    """Read one YAML file. Raises InputProblem with file and line."""
    name = source or path.name
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise InputProblem(
            [Problem("yaml.unreadable", f"The file cannot be read ({error.strerror}).", name)]
        ) from error
    return parse_yaml(content, name)


def parse_yaml(content: bytes, source: str) -> Document:
    """Give what YAML text says. Raises InputProblem with file and line."""
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // 1000
        raise _one("yaml.too_large", f"The file is larger than {most} kB.", source, value=most)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        at = content[: error.start].count(b"\n") + 1
        raise _one("yaml.encoding", "The file is not UTF-8.", source, at) from error
    try:
        # Not CSafeLoader: libyaml has no end to how deep it goes, and a deep file ends the whole process.
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                raise _one("yaml.empty", "The file is empty.", source)
            walker = _Walker(source, loader)
            data = walker.value(node, ())
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        said = error.problem or error.context or "cannot be read"
        place = mark.line + 1 if mark else None
        raise _one("yaml.broken", f"This is not YAML: {said}.", source, place, said) from error
    except (yaml.YAMLError, ValueError) as error:
        said = str(error).splitlines()[0]
        raise _one("yaml.broken", f"This is not YAML: {said}.", source, value=said) from error
    except RecursionError as error:
        raise _one("yaml.too_deep", "The file is nested too deeply.", source) from error
    if walker.problems:
        raise InputProblem(walker.problems)
    return Document(source, data, walker.lines)


class _Walker:
    """Turns nodes into data, counting: an alias is walked anew each time, so that a bomb runs out."""

    def __init__(self, source: str, loader: yaml.SafeLoader) -> None:
        self.source = source
        self.loader = loader
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        self.count = 0

    def value(self, node: yaml.Node, place: Place) -> Any:
        self.count += 1
        line = node.start_mark.line + 1
        self.lines.setdefault(place, line)
        if self.count > MOST_NODES:
            raise _one(
                "yaml.too_many",
                "The file holds too much, or an alias that repeats itself.",
                self.source,
                line,
            )
        if len(place) > DEEPEST:
            raise _one("yaml.too_deep", "The file is nested too deeply.", self.source, line)
        if isinstance(node, yaml.MappingNode) and node.tag.endswith(":map"):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode) and node.tag.endswith(":seq"):
            return [self.value(child, (*place, i)) for i, child in enumerate(node.value)]
        if isinstance(node, yaml.ScalarNode) and node.tag in _TEXTS:
            return node.value
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return self.loader.construct_object(node)
        self.problems.append(
            Problem(
                "yaml.tag",
                f"The tag {node.tag} is not allowed here.",
                self.source,
                line,
                spell(place),
                node.tag[:80],
            )
        )
        return None

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                text = "A key must be a single word."
                self.problems.append(Problem("yaml.key", text, self.source, line, spell(place)))
                continue
            key = str(key_node.value)
            inner = (*place, key)
            if key in found:
                text = f"The key {key} stands twice in the same place."
                self.problems.append(
                    Problem("yaml.key_twice", text, self.source, line, spell(inner), key[:80])
                )
                continue
            self.lines[inner] = line
            found[key] = self.value(value_node, inner)
        return found


def check_schema(document: Document, schema: Mapping[str, Any]) -> list[Problem]:
    """Hold a document against a JSON schema (draft 2020-12); every fault with file, line and key."""
    from jsonschema import Draft202012Validator  # only whoever loads content pays for it

    problems = [
        _told(document, leaf)
        for error in Draft202012Validator(schema).iter_errors(document.data)
        for leaf in _leaves(error)
    ]
    unique = {(p.row, p.column, p.message): p for p in problems}
    return sorted(unique.values(), key=lambda p: (p.row or 0, p.column, p.message))


def _leaves(error: Any) -> list[Any]:
    """Of alternatives that all fail, take the faults of the one that fits best."""
    if not error.context:
        return [error]
    by_branch: dict[Any, list[Any]] = {}
    for inner in error.context:
        by_branch.setdefault(inner.schema_path[0], []).append(inner)

    def distance(errors: list[Any]) -> tuple[int, int]:
        # The branch whose faults lie deepest is the one that was meant.
        return (-max(len(e.absolute_path) for e in errors), len(errors))

    best = min(by_branch.values(), key=distance)
    return [leaf for inner in best for leaf in _leaves(inner)]


def _told(document: Document, error: Any) -> Problem:
    place: list[str | int] = list(error.absolute_path)
    rule, value = str(error.validator), error.instance
    shown: object = "" if isinstance(value, dict | list) else value
    if rule == "required":
        missing = [name for name in error.validator_value if name not in value]
        text = f"Required key missing: {', '.join(missing)}."
    elif rule == "additionalProperties":
        known = set(error.schema.get("properties", {}))
        unknown = sorted(set(value) - known)
        text = f"Unknown key: {', '.join(unknown)}. Known here: {', '.join(sorted(known))}."
        place.append(unknown[0])
        shown = ""
    elif rule == "enum":
        text = f"Must be one of: {', '.join(map(str, error.validator_value))}."
    elif rule == "const":
        text = f"Must be {error.validator_value}."
    elif rule == "type":
        wanted = error.validator_value
        text = f"Must be of type {wanted if isinstance(wanted, str) else ' or '.join(wanted)}."
    elif rule == "pattern":
        text = f"Does not have the form {error.validator_value}."
    elif rule in {"minItems", "minLength", "minProperties"}:
        text = f"Must hold at least {error.validator_value}."
    elif rule in {"maxItems", "maxLength", "maxProperties"}:
        text = f"Must hold at most {error.validator_value}."
    else:
        text = str(error.message)[:200]
    return document.problem("schema." + rule, place, text, shown)


def _one(
    code: str, text: str, source: str, line: int | None = None, value: object = ""
) -> InputProblem:
    return InputProblem([Problem(code, text, source, line, value=str(value)[:80])])
