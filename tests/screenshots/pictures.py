"""Which pictures there are: of which page, as whom, how large."""

from __future__ import annotations

from dataclasses import dataclass

from tests.plugins.database import ROOT

FOLDER = ROOT / "docs" / "screenshots"
LARGEST = 200_000
OPEN, CLOSED = "ovelse-runde-3", "ovelse-runde-1"


@dataclass(frozen=True)
class Picture:
    """One picture of a page. `at` names what is scrolled to the top; without it the page's own top is."""

    name: str
    role: str
    path: str
    at: str = ""
    width: int = 1280
    height: int = 900


PICTURES = (
    Picture("home-evaluator", "evaluator", "/"),
    Picture("home-owner", "owner", "/"),
    Picture("home-municipality", "municipality", "/", height=760),
    Picture("questionnaire", "evaluator", "/skjema/exercise/towns/2/", height=1100),
    Picture("comments", "project_group", "/skjema/exercise/towns/2/kommentarer/"),
    Picture("draw", "evaluator", f"/undersokelser/{OPEN}/grupper/basic-offer/"),
    Picture("round", "evaluator", f"/undersokelser/{OPEN}/", height=1100),
    Picture(
        "question",
        "evaluator",
        f"/undersokelser/{CLOSED}/svar/basic-offer/sporsmal/satisfaction_total/",
        height=1100,
    ),
    Picture(
        "report",
        "evaluator",
        f"/rapporter/les/{CLOSED}/",
        at="h2:has-text('Betydning'), h3:has-text('Betydning')",
        height=1000,
    ),
    Picture("printed", "anonymous", "/rapporter/2017/trykt-og-etterregnet/", height=1100),
    Picture("municipalities", "evaluator", "/kommuner/"),
    Picture("history", "auditor", "/historikk/"),
)
# Taken in ways of their own.
ANSWERING, PDF = "answering", "report-pdf"
# Taken on the journey through the programme year.
YEAR = (
    "year-mandate",
    "year-wheel",
    "year-agreement",
    "year-plan",
    "year-need",
    "year-report",
    "year-question",
    "year-summary",
    "year-picture",
    "year-steering",
    "year-answer",
    "year-came-back",
)
NAMES = (*(picture.name for picture in PICTURES), ANSWERING, PDF, *YEAR)
