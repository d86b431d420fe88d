"""Reading the pieces of a bank or instrument document: texts, codes, numbers.

A document is what YAML gives: mappings, lists, strings, numbers. Nothing here raises on bad input; every
mistake is noted with the path to it, so that a reader of the file is told all of them at once.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Path = tuple[str | int, ...]
Text = dict[str, str]

LANGUAGES = ("nb", "nn", "en")
REQUIRED_LANGUAGES = ("nb", "nn")
SLOTS = frozenset({"organisation"})
CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,79}")
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")

_SLOT = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Mistake:
    """One thing that is wrong in a document: a code, where it stands, and what fills its sentence."""

    code: str
    path: Path
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass
class Notes:
    """Gathers the mistakes of one document."""

    mistakes: list[Mistake] = field(default_factory=list)

    def add(self, code: str, path: Path, **details: object) -> None:
        self.mistakes.append(Mistake(code, path, details))

    def mapping(
        self, value: object, path: Path, known: Iterable[str], required: Iterable[str] = ()
    ) -> dict[str, object] | None:
        """Give a mapping with only known keys, or nothing; keys that are missing or unknown are noted."""
        if not isinstance(value, dict):
            self.add("not_a_mapping", path)
            return None
        allowed = tuple(known)
        for key in value:
            if key not in allowed:
                self.add("unknown_key", (*path, str(key)), key=shown(key), known=", ".join(allowed))
        for key in required:
            if value.get(key) is None:
                self.add("missing_key", path, key=key)
        return {key: value[key] for key in value if key in allowed}

    def sequence(
        self, value: object, path: Path, *, least: int = 1, most: int = 1000
    ) -> list[object]:
        """Give a list; something else, or a list that is too short or too long, is noted."""
        if not isinstance(value, list):
            self.add("not_a_list", path)
            return []
        if len(value) < least:
            self.add("too_few", path, least=least)
        if len(value) > most:
            self.add("too_many", path, most=most)
            return value[:most]
        return value

    def code(self, value: object, path: Path, pattern: re.Pattern[str] = CODE) -> str:
        """Give a code of small letters, digits and underscore, or an empty string."""
        if not isinstance(value, str) or not pattern.fullmatch(value):
            self.add("bad_code", path, value=shown(value))
            return ""
        return value

    def text(self, value: object, path: Path, *, most: int, slots: bool = True) -> Text:
        """Give a wording in its languages; bokmål and nynorsk must be there."""
        if not isinstance(value, dict):
            self.add("not_a_text", path)
            return {}
        for key in value:
            if key not in LANGUAGES:
                self.add("unknown_language", (*path, str(key)), language=shown(key))
        for language in REQUIRED_LANGUAGES:
            if not isinstance(value.get(language), str) or not value[language].strip():
                self.add("missing_wording", path, language=language)
        found: Text = {}
        for language in LANGUAGES:
            wording = value.get(language)
            if wording is None:
                continue
            here = (*path, language)
            if not isinstance(wording, str):
                self.add("not_a_text", here)
                continue
            found[language] = wording.strip()
            self._wording(found[language], here, most, slots)
        return {language: wording for language, wording in found.items() if wording}

    def _wording(self, wording: str, path: Path, most: int, slots: bool) -> None:
        if len(wording) > most:
            self.add("text_too_long", path, most=most, length=len(wording))
        if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in wording):
            self.add("unreadable_character", path)
        names = _SLOT.findall(wording)
        for name in names:
            if not slots or name not in SLOTS:
                self.add("unknown_slot", path, slot=shown(name))
        if wording.count("{") != len(names) or wording.count("}") != len(names):
            self.add("stray_brace", path)

    def boolean(self, value: object, path: Path) -> bool:
        """Give true or false; absent is false."""
        if value is None or isinstance(value, bool):
            return bool(value)
        self.add("not_true_or_false", path, value=shown(value))
        return False

    def whole(self, value: object, path: Path, *, least: int, most: int) -> int | None:
        """Give a whole number within its limits; absent is nothing."""
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.add("not_a_whole_number", path, value=shown(value))
            return None
        if not least <= value <= most:
            self.add("out_of_range", path, value=shown(value), least=least, most=most)
            return None
        return value

    def number(self, value: object, path: Path) -> int | float | None:
        """Give a finite number; absent is nothing."""
        if value is None:
            return None
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
            or abs(value) > 1e12
        ):
            self.add("not_a_number", path, value=shown(value))
            return None
        return value


def shown(value: object) -> str:
    """Give a value as a message may quote it: short, on one line."""
    text = " ".join(str(value).split())
    return text if len(text) <= 60 else text[:57] + "…"
