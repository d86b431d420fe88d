"""The keys of the files that people write, as pages of `docs/reference/`, printed from their schemas."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sloyfe.common.environment import project_folder


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Write a table in Markdown."""
    names = list(heads)
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _cell(value: object) -> str:
    return re.sub(r"\s+", " ", str(value)).replace("|", "\\|").strip()


def code(value: object) -> str:
    """Write a value as code."""
    return f"`{value}`"


def programme_keys_page() -> str:
    """The keys of programme.yaml."""
    return _keys_page("programme.yaml", "programme.schema.json", "programme-folder.md")


def bank_keys_page() -> str:
    """The keys of bank.yaml and of a form's file."""
    return (
        _keys_page("bank.yaml", "bank.schema.json", "instruments.md")
        + "\n"
        + _keys_page("instruments/*.yaml", "instrument.schema.json", "instruments.md")
    )


def _keys_page(file: str, schema_file: str, told_in: str) -> str:
    schema = json.loads((project_folder() / "programmes" / schema_file).read_text(encoding="utf-8"))
    parts = [
        (
            f"# Keys of `{file}`\n\nChecked by `programmes/{schema_file}`. How the file is used is told in "
            f"[{told_in}]({told_in}). `[]` means a list.\n"
        ),
        table(("Key", "Written as", "Needed", "What it is"), _keys(schema, schema)),
    ]
    for name, part in schema.get("$defs", {}).items():
        parts.append(f"\n## {name}\n\n{part.get('description', '')}.\n")
        parts.append(table(("Key", "Written as", "Needed", "What it is"), _keys(part, schema)))
    return "\n".join(parts)


def _keys(
    node: Mapping[str, Any], root: Mapping[str, Any], path: str = ""
) -> Iterator[tuple[str, str, str, str]]:
    choices = [choice for choice in node.get("oneOf", []) if "properties" in choice]
    for number, choice in enumerate(choices, start=1):
        if len(choices) > 1:
            told = f"*{number} of {len(choices)} forms:* {choice.get('description', '')}"
            yield (code(path) if path else "–", "keys", "", told)
        yield from _keys(choice, root, path)
    needed = set(node.get("required", []))
    for name, part in node.get("properties", {}).items():
        here = f"{path}.{name}" if path else name
        yield (
            code(here),
            _written_as(part),
            "yes" if name in needed else "no",
            part.get("description", ""),
        )
        inner = part.get("items", part)
        if "$ref" not in inner:
            yield from _keys(inner, root, here + ("[]" if "items" in part else ""))


def _written_as(part: Mapping[str, Any]) -> str:
    if "$ref" in part:
        name = part["$ref"].rpartition("/")[2]
        return f"[{name}](#{name})"
    if "enum" in part:
        return " or ".join(code(value) for value in part["enum"])
    if "const" in part:
        return code(json.dumps(part["const"]).strip('"'))
    if part.get("type") == "array":
        return "list of " + (_written_as(part["items"]) if "items" in part else "values")
    if part.get("format") == "date":
        return "date"
    if isinstance(part.get("type"), list):
        return " or ".join(_written_as({"type": one}) for one in part["type"])
    words = {
        "object": "keys",
        "string": "text",
        "integer": "whole number",
        "number": "number",
        "boolean": "true or false",
        "null": "nothing",
    }
    return words.get(part.get("type", "object"), "keys")
