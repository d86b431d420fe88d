"""Norwegian sorting by a stored key, so that nothing depends on the database's locale."""

from __future__ import annotations

import unicodedata

# The characters that follow "z" in ASCII stand for the letters that follow it in Norwegian.
_AFTER_Z = {"æ": "{", "ä": "{", "ø": "|", "ö": "|", "å": "}"}
# Letters that Unicode does not decompose, or that Norwegian lists file under another Latin letter.
_PLAIN = {"đ": "d", "ŋ": "n", "ŧ": "t", "þ": "th", "ð": "d", "ł": "l", "ü": "y"}


def sort_key(name: str) -> str:
    """Give the key by which a name is filed in a Norwegian list: … z æ ø å, with aa as å and case folded.

    A space, hyphen or other mark counts as one space and sorts before letters, so that "Nes – Ness"
    comes after "Nes" and before "Nesna". Names that differ in marks only get the same key: order by
    the name itself after the key. Compare keys byte by byte.
    """
    folded = unicodedata.normalize("NFC", name).casefold().replace("aa", "å")
    parts: list[str] = []
    for letter in folded:
        if letter in _AFTER_Z:
            parts.append(_AFTER_Z[letter])
        elif letter in _PLAIN:
            parts.append(_PLAIN[letter])
        elif letter.isalnum():
            base = unicodedata.normalize("NFD", letter)
            parts.append("".join(c for c in base if not unicodedata.combining(c)))
        elif not unicodedata.combining(letter):
            parts.append(" ")
    return " ".join("".join(parts).split())
