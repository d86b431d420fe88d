"""A printed round of one figure, for tests that need one in the small exercise programme."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sloyfe.analysis.models import DerivedCounts, PrintedFigure, PrintedRound
from sloyfe.fieldwork.models import Population, Round
from sloyfe.instruments.models import Instrument, Version
from sloyfe.programme.models import Programme

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)


def texts(word: str) -> dict[str, str]:
    """The same word in every language."""
    return dict.fromkeys(("nb", "nn", "en"), word)


OPTIONS = [{"code": "ja", "text": texts("Ja")}, {"code": "nei", "text": texts("Nei")}]
DEFINITION: dict[str, Any] = {
    "pages": [
        {
            "code": "all",
            "title": texts("Alt"),
            "questions": [
                {"code": code, "kind": "single", "text": texts(code), "options": OPTIONS}
                for code in ("enough", "useful")
            ],
        }
    ]
}


def make_printed_round(programme: Programme) -> PrintedRound:
    """Make a printed round with one questionnaire, one figure and its counts."""
    form = Instrument.objects.create(
        programme=programme, code="basic-offer", kind="questionnaire", title=texts("Skjema")
    )
    version = Version.objects.create(
        instrument=form, number=1, definition=DEFINITION, content_hash="0" * 64
    )
    round_ = Round.objects.create(
        programme=programme, slug="printed", title=texts("Trykt"), origin="published",
        state="closed", declaration="not_stated", host="-", controller="-", legal_ground="-",
        privacy_notice={},
    )  # fmt: skip
    population = Population.objects.create(
        round=round_,
        code="basic-offer",
        title=texts("Grunntilbudet"),
        version=version,
        design="census",
        printed={"tier": "grunntilbud", "asked": 12, "answered": 11, "rate": 92},
    )
    printed = PrintedRound.objects.create(
        round=round_, slug="2017", citation="Rapporten.", public_since=2018, ground=texts("Trykt."),
        facts={"cross_tables": texts("Kan ikke krysses.")}, content_hash="0" * 64, loaded_at=NOW,
    )  # fmt: skip
    add_figures(printed, population, 1)
    DerivedCounts.objects.create(
        printed=printed, population=population, item="enough", tier="grunntilbud",
        status="derived", base=11, counts={"ja": 6, "nei": 5}, bases=[11], note=texts("-"),
    )  # fmt: skip
    return printed


def add_figures(printed: PrintedRound, population: Population, many: int) -> None:
    """Add figures to the round, all of one question."""
    begin = printed.figures.count()
    PrintedFigure.objects.bulk_create(
        PrintedFigure(
            printed=printed, population=population, position=begin + n, code=f"G{begin + n + 1:03}",
            tier="grunntilbud", section="1", page=3, item="enough", options=["ja"], kind="percent",
            value="55", n_if_stated=11, question=texts("enough"), answer=texts("Ja"),
            verdict="exact", own=55, fits=[[11, 6]], remark={"code": "published.reproduced"},
        )
        for n in range(many)
    )  # fmt: skip
