"""Which characters reach a document, so that hostile or odd text breaks no format.

Control characters, halves of characters and invisible direction marks are dropped: they mean nothing
to a reader, XML forbids some of them, and the others can make a text read as something it is not.
"""

from __future__ import annotations

import functools
import re
import unicodedata

_SPACES = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")
_PARAGRAPHS = re.compile(r"(?:\r\n|\r|\n|\u2029)[ \t]*(?:\r\n|\r|\n|\u2029)\s*")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_IN_WORDS = {
    "→": "->", "←": "<-", "↔": "<->", "⇒": "=>", "≥": ">=", "≤": "<=", "≠": "/=", "≈": "ca.",
    "■": "-", "●": "•", "○": "o", "□": "[ ]", "☐": "[ ]", "✓": "ja", "✔": "ja", "✗": "nei",
    "\u2011": "-", "\u202f": "\u2009",
}  # fmt: skip


@functools.lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """A text on one line: composed (NFC), without control characters, runs of space made one."""
    composed = unicodedata.normalize("NFC", _SPACES.sub(" ", text))
    if composed.isascii() and composed.isprintable():
        return composed.strip(" ")
    kept = (c for c in composed if unicodedata.category(c) not in _DROPPED or c == "\u00ad")
    return "".join(kept).strip(" ")


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, parted by blank lines, each cleaned; empty ones left out."""
    return tuple(part for part in map(clean, _PARAGRAPHS.split(text)) if part)


def drawable(text: str, glyphs: frozenset[str]) -> str:
    """A cleaned text in characters the typeface has.

    An accessible PDF may not hold a character that its typeface lacks. Known signs are replaced by
    their usual written form, letters by their base letter, and the rest by their number in brackets,
    so that nothing is lost in silence.
    """
    cleaned = clean(text)
    if glyphs.issuperset(cleaned):
        return cleaned
    return "".join(c if c in glyphs else _spelled(c, glyphs) for c in cleaned)


def _spelled(character: str, glyphs: frozenset[str]) -> str:
    for candidate in (
        _IN_WORDS.get(character, ""),
        unicodedata.normalize("NFKC", character),
        "".join(
            c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
        ),
    ):
        if candidate and glyphs.issuperset(candidate):
            return candidate
    return "" if unicodedata.combining(character) else f"[U+{ord(character):04X}]"
