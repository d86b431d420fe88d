"""An open round with a form of every kind of question, for the tests of answering."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.models import Case, Population, Round
from sloyfe.fieldwork.rules import Declaration, Design, Disposition, RoundState
from sloyfe.fieldwork.rules.links import link_token
from sloyfe.instruments.models import Instrument, Version
from sloyfe.instruments.rules import InstrumentKind, VersionState
from tests.cast import World

SCALE = [
    {"code": "agree", "text": {"nb": "Enig", "nn": "Samd", "en": "Agree"}, "pole": "positive"},
    {"code": "neither", "text": {"nb": "Verken eller", "nn": "Verken eller"}, "mark": "neutral"},
    {"code": "disagree", "text": {"nb": "Uenig", "nn": "Usamd"}, "pole": "negative"},
    {"code": "dont_know", "text": {"nb": "Vet ikke", "nn": "Veit ikkje"}, "mark": "dont_know"},
]


def text(nb: str, nn: str = "") -> dict[str, str]:
    return {"nb": nb, "nn": nn or nb, "en": nb}


def question(code: str, kind: str, **more: Any) -> dict[str, Any]:
    standard = {
        "code": code, "kind": kind, "text": text(f"Spørsmål {code}"), "help": None, "required": False,
        "relevant": None, "scale": None, "options": [], "rows": [], "max_choices": None,
        "minimum": None, "maximum": None, "decimals": None, "max_length": None,
    }  # fmt: skip
    return standard | more


def page(code: str, *questions: dict[str, Any], title: str = "") -> dict[str, Any]:
    return {
        "code": code,
        "title": text(title or f"Side {code}"),
        "intro": None,
        "general": False,
        "questions": list(questions),
    }


def battery(code: str, rows: int, **more: Any) -> dict[str, Any]:
    lines = [{"code": f"{code}_{at}", "text": text(f"Linje {at}")} for at in range(1, rows + 1)]
    return question(code, "battery", options=SCALE, rows=lines, **more)


def definition() -> dict[str, Any]:
    """Every kind of question on four pages, with routing on a page and between pages."""
    return {
        "languages": ["nb", "nn", "en"],
        "pages": [
            page(
                "first",
                question("hello", "information", text=text("Vi spør {organisation}.")),
                question("satisfied", "single", options=SCALE, required=True),
                question(
                    "why_not",
                    "long_text",
                    max_length=500,
                    relevant={"item": "satisfied", "in": ["disagree"]},
                ),
            ),
            page("second", battery("useful", 5)),
            page(
                "third",
                question("wishes", "multiple", options=SCALE, max_choices=2),
                question("inhabitants", "number", minimum=0, maximum=1_000_000),
                question("share", "number", minimum=0, maximum=100, decimals=1),
                question("agreed_on", "date"),
                question("name", "short_text", max_length=40),
            ),
            page(
                "fourth",
                question("comment", "long_text", max_length=4000),
                question(
                    "more",
                    "single",
                    options=SCALE,
                    required=True,
                    relevant={"item": "satisfied", "in": ["agree", "neither"]},
                ),
            ),
        ],
    }


FIRST = {"satisfied": ["agree"]}
FOURTH = {"comment": ["Alt er bra."], "more": ["neither"]}


@dataclass
class Fielding:
    """An open round with one case for each municipality."""

    round: Round
    population: Population
    cases: list[Case]

    def token(self, at: int = 0) -> str:
        case = self.cases[at]
        secret = KeyStore(settings.KEYS).link_secret()
        return link_token(secret, case.pk, case.link_generation)

    def url(self, at: int = 0, rest: str = "") -> str:
        return f"/svar/{self.token(at)}/{rest}"


def make_fielding(
    world: World, content: dict[str, Any] | None = None, *, slug: str = "runde-1"
) -> Fielding:
    """Open a round with a case for each of the world's municipalities."""
    content = content or definition()
    instrument = Instrument.objects.create(
        programme=world.programme,
        code=f"form-{slug}",
        kind=InstrumentKind.QUESTIONNAIRE.value,
        title=text("Skjema"),
    )
    version = Version.objects.create(
        instrument=instrument,
        number=1,
        state=VersionState.RELEASED.value,
        definition=content,
        content_hash=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
    )
    round_ = Round.objects.create(
        programme=world.programme,
        slug=slug,
        title=text("Undersøkelsen", "Undersøkinga"),
        state=RoundState.OPEN.value,
        declaration=Declaration.CONFIDENTIAL_PANEL.value,
        host="Forskningsinstituttet",
        controller="Strategikontoret",
        processor="Forskningsinstituttet",
        legal_ground="GDPR artikkel 6 nr. 1 bokstav e",
        privacy_notice=text("Vi tar bare vare på det som trengs."),
        contact="undersokelse@ovelse.invalid",
        closes_on=dt.date(2026, 4, 1),
        delete_keys_on=dt.date(2026, 6, 1),
    )
    KeyStore(Path(settings.KEYS)).make_round_key(round_.pk)
    population = Population.objects.create(
        round=round_,
        code="all",
        title=text("Alle kommuner", "Alle kommunar"),
        version=version,
        design=Design.CENSUS.value,
    )
    cases = [
        Case.objects.create(
            population=population,
            organisation=municipality,
            stratum=code[:2],
            background={"region": code[:2]},
            disposition=Disposition.INVITED.value,
        )
        for code, municipality in sorted(world.municipalities.items())
    ]
    return Fielding(round_, population, cases)
