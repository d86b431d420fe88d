"""The programme description as chapters of lines, and what changed from one version to the next. No Django."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

Wording = Mapping[str, str]


class Audience(StrEnum):
    EXTERNAL = "external"  # programbeskrivelse: for municipalities, public
    INTERNAL = "internal"  # veileder: for the programme's offices


class LineKind(StrEnum):
    HEAD = "head"  # what the points below it are about
    TEXT = "text"
    POINT = "point"
    STEP = "step"  # a point whose place in the order matters


class Part(StrEnum):
    """The two halves of a description."""

    WHAT = "what"
    HOW = "how"


# The chapters of each description in order, and the half that each stands in. A description never goes by
# the data's own order, so that a reader finds the same thing in the same place in every version.
CHAPTERS: dict[Audience, dict[str, Part]] = {
    Audience.EXTERNAL: {
        "about": Part.WHAT,
        "goals": Part.WHAT,
        "offer": Part.WHAT,
        "subprogrammes": Part.WHAT,
        "ladder": Part.HOW,
        "year": Part.HOW,
        "roles": Part.HOW,
        "arenas": Part.HOW,
        "templates": Part.HOW,
        "results": Part.HOW,
    },
    Audience.INTERNAL: {
        "about": Part.WHAT,
        "goals": Part.WHAT,
        "roles": Part.WHAT,
        "tasks": Part.WHAT,
        "ladder": Part.HOW,
        "offer": Part.HOW,
        "subprogrammes": Part.HOW,
        "year": Part.HOW,
        "arenas": Part.HOW,
        "groups": Part.HOW,
        "templates": Part.HOW,
        "results": Part.HOW,
    },
}
LONGEST_INTRODUCTION = 4000
LONGEST_NOTE = 1000
INTRODUCTION_LANGUAGES = ("nb", "nn")


@dataclass(frozen=True)
class Line:
    """One thing that is said, in every language that it is written in."""

    kind: LineKind
    text: Wording


@dataclass(frozen=True)
class Chapter:
    """A chapter: own introduction of those who publish it, then what the data says."""

    code: str
    title: Wording
    introduction: Wording
    lines: tuple[Line, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is said in it."""
        return not self.lines and not any(self.introduction.values())


def as_data(chapters: Iterable[Chapter]) -> list[dict[str, Any]]:
    """Give chapters as they are kept with a version."""
    return [
        {
            "code": chapter.code,
            "title": dict(chapter.title),
            "introduction": dict(chapter.introduction),
            "lines": [{"kind": line.kind.value, "text": dict(line.text)} for line in chapter.lines],
        }
        for chapter in chapters
    ]


def read_chapters(data: Iterable[Mapping[str, Any]]) -> tuple[Chapter, ...]:
    """Read chapters as they are kept with a version."""
    return tuple(
        Chapter(
            code=str(chapter["code"]),
            title=dict(chapter["title"]),
            introduction=dict(chapter["introduction"]),
            lines=tuple(Line(LineKind(row["kind"]), dict(row["text"])) for row in chapter["lines"]),
        )
        for chapter in data
    )


def content_hash(chapters: Iterable[Chapter]) -> str:
    """Give the fingerprint of what a description says."""
    written = json.dumps(as_data(chapters), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class LineChange:
    """A paragraph that came, went or reads otherwise now; the missing side is empty."""

    kind: ChangeKind
    before: Wording
    after: Wording


@dataclass(frozen=True)
class ChapterChange:
    """What is different in one chapter. A chapter that came or went says so as a whole."""

    code: str
    title: Wording
    kind: ChangeKind
    lines: tuple[LineChange, ...]


def changes(before: Sequence[Chapter], after: Sequence[Chapter]) -> tuple[ChapterChange, ...]:
    """Tell what is different, chapter by chapter in the order of the later version, then what is gone.

    Nothing comes out where both say the same, whatever order the languages stand in.
    """
    old = {chapter.code: chapter for chapter in before}
    found: list[ChapterChange] = []
    for chapter in after:
        earlier = old.pop(chapter.code, None)
        if earlier is None:
            if not chapter.is_empty:
                lines = _line_changes((), _said(chapter))
                found.append(ChapterChange(chapter.code, chapter.title, ChangeKind.ADDED, lines))
            continue
        lines = _line_changes(_said(earlier), _said(chapter))
        if lines:
            found.append(ChapterChange(chapter.code, chapter.title, ChangeKind.CHANGED, lines))
    for chapter in old.values():
        if not chapter.is_empty:
            lines = _line_changes(_said(chapter), ())
            found.append(ChapterChange(chapter.code, chapter.title, ChangeKind.REMOVED, lines))
    return tuple(found)


def _said(chapter: Chapter) -> tuple[Wording, ...]:
    introduction = (chapter.introduction,) if any(chapter.introduction.values()) else ()
    return (*introduction, *(line.text for line in chapter.lines))


def _line_changes(before: Sequence[Wording], after: Sequence[Wording]) -> tuple[LineChange, ...]:
    old, new = ([tuple(sorted(each.items())) for each in side] for side in (before, after))
    found: list[LineChange] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            continue
        both = min(i2 - i1, j2 - j1)
        found += [
            LineChange(ChangeKind.CHANGED, before[i1 + k], after[j1 + k]) for k in range(both)
        ]
        found += [LineChange(ChangeKind.REMOVED, before[k], {}) for k in range(i1 + both, i2)]
        found += [LineChange(ChangeKind.ADDED, {}, after[k]) for k in range(j1 + both, j2)]
    return tuple(found)
