"""A small bank and a small questionnaire with every kind of question, as YAML gives them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml


def text(nb: str, nn: str | None = None) -> dict[str, str]:
    return {"nb": nb, "nn": nn or f"{nb} (nn)", "en": f"{nb} (en)"}


BANK: dict[str, Any] = {
    "scales": [
        {
            "code": "agree",
            "options": [
                {"code": "enig", "text": text("Enig", "Samd"), "pole": "positive"},
                {"code": "verken", "text": text("Verken eller"), "mark": "neutral"},
                {"code": "uenig", "text": text("Uenig", "Usamd"), "pole": "negative"},
                {"code": "vet_ikke", "text": text("Vet ikke"), "mark": "dont_know"},
            ],
        },
        {
            "code": "yes_no",
            "options": [
                {"code": "ja", "text": text("Ja")},
                {"code": "nei", "text": text("Nei")},
            ],
        },
    ],
    "items": [
        {"code": "needs_changes", "text": text("Trengs det endringer?"), "scale": "yes_no"},
        {"code": "offer_known", "text": text("Tilbudet er kjent"), "scale": "agree"},
        {
            "code": "offer_used",
            "text": text("Tilbudet blir brukt i {organisation}"),
            "scale": "agree",
            "variants": [{"code": "town", "text": text("Tilbudet blir brukt i byen")}],
        },
        {"code": "what_changes", "text": text("Hvilke endringer?")},
        {"code": "inhabitants", "text": text("Hvor mange innbyggere?")},
        {"code": "agreed_on", "text": text("Når ble dere enige?")},
        {"code": "contact_title", "text": text("Stillingen din")},
        {"code": "channels", "text": text("Hvilke kanaler?"), "scale": "agree"},
    ],
}

FORM: dict[str, Any] = {
    "code": "basic-offer",
    "kind": "questionnaire",
    "title": text("Grunntilbudet"),
    "provenance": text("Laget for prøver"),
    "general_part": ["about"],
    "pages": [
        {
            "code": "about",
            "title": text("Om kommunen"),
            "questions": [
                {"item": "inhabitants", "kind": "number", "minimum": 0, "maximum": 1000},
                {"item": "needs_changes", "kind": "single", "required": True},
                {"item": "contact_title", "kind": "short_text"},
            ],
        },
        {
            "code": "offer",
            "title": text("Tilbudet"),
            "intro": text("Tenk på det siste året."),
            "questions": [
                {
                    "code": "usefulness",
                    "kind": "battery",
                    "text": text("Hvor enig er du?"),
                    "scale": "agree",
                    "rows": ["offer_known", {"item": "offer_used", "variant": "town"}],
                },
                {
                    "item": "what_changes",
                    "kind": "long_text",
                    "max_length": 2000,
                    "relevant": {"item": "needs_changes", "in": ["ja"]},
                },
                {"item": "channels", "kind": "multiple", "scale": "agree", "max_choices": 2},
                {"item": "agreed_on", "kind": "date"},
                {"code": "thanks", "kind": "information", "text": text("Takk for hjelpen.")},
            ],
        },
    ],
}


def bank() -> dict[str, Any]:
    return copy.deepcopy(BANK)


def form() -> dict[str, Any]:
    return copy.deepcopy(FORM)


def write_folder(path: Path, **forms: object) -> Path:
    """Write a programme's folder with the bank and the forms, the small questionnaire if none is given."""
    (path / "instruments").mkdir(exist_ok=True)
    (path / "bank.yaml").write_text(yaml.safe_dump(bank(), allow_unicode=True))
    for name, document in (forms or {"basic": form()}).items():
        file = path / "instruments" / f"{name}.yaml"
        file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False))
    return path
