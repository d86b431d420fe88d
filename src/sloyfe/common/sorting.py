"""Norwegian sorting by a stored key, so that nothing depends on the database's locale."""

from __future__ import annotations

import unicodedata

# After z: æ ø å. Private-use neighbours keep plain byte comparison enough.
_AFTER_Z = {"æ": "z\x01", "ä": "z\x01", "ø": "z\x02", "ö": "z\x02", "å": "z\x03"}
# Letters that Unicode does not decompose, but that Norwegian lists file under a Latin letter.
_PLAIN = {"đ": "d", "ŋ": "n", "ŧ": "t", "ß": "ss", "þ": "th", "ð": "d"}


def sort_key(name: str) -> str:
    """Give the key by which a name is filed in a Norwegian list: … z æ ø å, with aa as å and case folded.

    Punctuation sorts before letters, so that "Nes – Ness" follows "Nes". Compare keys byte by byte.
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
        else:
            parts.append(" ")
    return " ".join("".join(parts).split())
