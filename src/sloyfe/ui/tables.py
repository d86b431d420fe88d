"""Dresses a table so that it can be read on any screen: as a table where there is room, row by row where there is not.

Below the width of a phone the rows stand one under another, and each cell has the head of its column in front of it.
Some browsers take `display: block` to mean that it is no table any more, so every part says what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PART = re.compile(r"<(/?)(table|caption|thead|tbody|tfoot|tr|th|td)\b([^>]*)>", re.IGNORECASE)
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
HIDDEN = re.compile(r'<span class="ds-sr-only">.*?</span>', re.DOTALL)
TAG = re.compile(r"<[^>]*>")
HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
HEAD_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
HEAD_CELL = re.compile(r"<t[hd]\b([^>]*)>(.*?)</t[hd]>", re.DOTALL)
GROUPS = ("thead", "tbody", "tfoot")
ROLES = {"row": "rowheader", "rowgroup": "rowheader"}


def column_heads(html: str) -> list[str]:
    """Give what stands in the last row of the head as it is seen, one text for each column."""
    head = HEAD.search(html)
    rows = HEAD_ROW.findall(head.group()) if head else []
    heads: list[str] = []
    for attributes, content in HEAD_CELL.findall(rows[-1]) if rows else ():
        text = " ".join(TAG.sub(" ", HIDDEN.sub("", content)).split()).replace('"', "&quot;")
        heads += [text] * _columns(attributes)
    return heads


def dress(html: str) -> str:
    """Give a table's rows with roles, and its cells with the head of their column."""
    return "".join(_dressed(html, column_heads(html)))


def _attribute(attributes: str, name: str) -> str:
    # Most cells have none; a table has thousands of cells.
    return dict(ATTRIBUTE.findall(attributes)).get(name, "") if name in attributes else ""


def _columns(attributes: str) -> int:
    return int(_attribute(attributes, "colspan") or 1)


def _dressed(html: str, heads: list[str]) -> Iterator[str]:
    end, column = 0, 0
    in_head = False
    for part in PART.finditer(html):
        closing, name, attributes = part[1], part[2].lower(), part[3]
        yield html[end : part.start()]
        end = part.end()
        if name == "thead":
            in_head = not closing
        if closing:
            yield "</div></td>" if name == "td" and not in_head else part.group()
        elif name in GROUPS:
            yield f'<{name} role="rowgroup"{attributes}>'
        elif name == "tr":
            column = 0
            yield f'<tr role="row"{attributes}>'
        elif name == "th":
            scope = _attribute(attributes, "scope") or "col"
            yield f'<th role="{ROLES.get(scope, "columnheader")}"{attributes}>'
            column += _columns(attributes)
        elif name == "td" and not in_head:
            label = heads[column] if column < len(heads) else ""
            told = f' data-label="{label}"' if label else ""
            yield f'<td role="cell"{told}{attributes}><div class="sl-cell">'
            column += _columns(attributes)
        else:
            yield part.group()
    yield html[end:]
