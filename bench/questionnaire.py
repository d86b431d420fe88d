"""The questionnaire that is measured: 30 questions on 10 pages, and somebody's answers to all of them."""

from __future__ import annotations

from typing import Any

PAGES, PER_PAGE = 10, 3
# What the 30 questions are, in the order in which they are asked; 38 things to answer in all.
KINDS = (
    *("single", "single", "battery"),
    *("single", "single", "number"),
    *("single", "single", "multiple"),
    *("single", "single", "short_text"),
    *("single", "single", "multiple"),
    *("single", "single", "battery"),
    *("single", "single", "number"),
    *("single", "single", "multiple"),
    *("single", "single", "multiple"),
    *("single", "number", "long_text"),
)
_SCALE = (
    "Svært enig",
    "Ganske enig",
    "Verken enig eller uenig",
    "Ganske uenig",
    "Svært uenig",
    "Vet ikke",
)
OPTIONS = [
    {"code": f"o{at}", "text": {"nb": words, "nn": words}, "mark": "dont_know" if at == 6 else None}
    for at, words in enumerate(_SCALE, start=1)
]
ROWS = 5


def _text(words: str) -> dict[str, str]:
    return {"nb": words, "nn": words}


def _question(number: int, kind: str) -> dict[str, Any]:
    code = f"q{number}"
    rows = [
        {"code": f"{code}_{row}", "text": _text(f"Samarbeidet om oppgave {row}")}
        for row in range(1, ROWS + 1)
    ]
    return {
        "code": code,
        "kind": kind,
        "text": _text(f"Spørsmål {number}: hvordan har dere arbeidet med dette det siste året?"),
        "help": None,
        "required": kind == "single",
        "relevant": None,
        "scale": None,
        "options": OPTIONS if kind in ("single", "multiple", "battery") else [],
        "rows": rows if kind == "battery" else [],
        "max_choices": 2 if kind == "multiple" else None,
        "minimum": 0 if kind == "number" else None,
        "maximum": 1_000_000 if kind == "number" else None,
        "decimals": None,
        "max_length": {"short_text": 100, "long_text": 4000}.get(kind),
    }


def definition() -> dict[str, Any]:
    """Give the questionnaire."""
    questions = [_question(number, kind) for number, kind in enumerate(KINDS, start=1)]
    return {
        "languages": ["nb", "nn"],
        "pages": [
            {
                "code": f"p{page + 1}",
                "title": _text(f"Del {page + 1}"),
                "intro": None,
                "general": False,
                "questions": questions[page * PER_PAGE : (page + 1) * PER_PAGE],
            }
            for page in range(PAGES)
        ],
    }


def answers(unit: int) -> list[tuple[str, dict[str, str]]]:
    """Give what a unit answers on each page, as a browser posts it."""
    pages = []
    for page in range(PAGES):
        fields: dict[str, str] = {}
        for at in range(page * PER_PAGE, (page + 1) * PER_PAGE):
            code, kind = f"q{at + 1}", KINDS[at]
            choice = f"o{(unit + at) % 6 + 1}"
            if kind == "battery":
                fields |= {
                    f"{code}_{row}": f"o{(unit + row) % 6 + 1}" for row in range(1, ROWS + 1)
                }
            else:
                fields[code] = {
                    "number": str(unit),
                    "short_text": f"Enhet {unit}",
                    "long_text": "Vi har arbeidet godt med dette, men kunne ønsket mer tid. " * 5,
                }.get(kind, choice)
        pages.append((f"p{page + 1}", fields))
    return pages


def stored_answers() -> dict[str, Any]:
    """Give one whole set of answers as the database keeps them, for filling it."""
    kept: dict[str, Any] = {}
    for _page, fields in answers(7):
        for name, value in fields.items():
            kind = KINDS[int(name.removeprefix("q").split("_")[0]) - 1]
            kept[name] = (
                [value] if kind == "multiple" else int(value) if kind == "number" else value
            )
    return kept
