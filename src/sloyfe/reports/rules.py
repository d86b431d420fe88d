"""The life of a report, and the plan it is made from, without Django.

A plan is a list of block specifications in order. Each names a kind and what it is about; the figures come
from the tables that may be shown, never from the plan.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any


class ReportState(StrEnum):
    DRAFT = "draft"
    COMMENTING = "commenting"  # the client's project group comments, by a date
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


MOVES: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFT: frozenset({ReportState.COMMENTING, ReportState.PUBLISHED}),
    ReportState.COMMENTING: frozenset({ReportState.DRAFT, ReportState.PUBLISHED}),
    ReportState.PUBLISHED: frozenset({ReportState.WITHDRAWN}),
    ReportState.WITHDRAWN: frozenset(),
}


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    RESPONSE = "response"  # who was asked and who answered, by region and size
    QUESTION = "question"  # a single question or a battery: table and chart
    RANKING = "ranking"  # the rows of a battery, or the options of a multiple choice, in order
    COMPARISON = "comparison"  # one question by region or size
    ESTIMATE = "estimate"  # what the answers say of everybody in the frame
    METHOD = "method"
    # Of a programme's yearly report
    BRIEF = "brief"  # the whole of it in a few points
    SUMMARY = "summary"  # what nasjonalt fagansvar sums up, and the owner's answer
    COMPLETENESS = "completeness"  # how many reports came, region by region
    FIGURES = "figures"  # what came of it, goal by goal
    REGIONS = "regions"  # regions side by side
    EFFECT = "effect"  # what cannot be read from the figures
    VOICES = "voices"  # what municipalities say
    NEEDS = "needs"  # needs and answers
    DECISIONS = "decisions"
    YEAR_METHOD = "year_method"  # method, and what is missing


# What each kind must name besides its kind.
NEEDS: dict[BlockKind, frozenset[str]] = {
    BlockKind.HEADING: frozenset({"level", "text"}),
    BlockKind.PARAGRAPH: frozenset({"text"}),
    BlockKind.RESPONSE: frozenset({"population"}),
    BlockKind.QUESTION: frozenset({"population", "question"}),
    BlockKind.RANKING: frozenset({"population", "question"}),
    BlockKind.COMPARISON: frozenset({"population", "question", "by"}),
    BlockKind.ESTIMATE: frozenset({"population", "question"}),
    BlockKind.METHOD: frozenset(),
    BlockKind.BRIEF: frozenset(),
    BlockKind.SUMMARY: frozenset(),
    BlockKind.COMPLETENESS: frozenset(),
    BlockKind.FIGURES: frozenset(),
    BlockKind.REGIONS: frozenset(),
    BlockKind.EFFECT: frozenset(),
    BlockKind.VOICES: frozenset(),
    BlockKind.NEEDS: frozenset(),
    BlockKind.DECISIONS: frozenset(),
    BlockKind.YEAR_METHOD: frozenset(),
}
# Blocks that any report may have; the others belong either to a round's report or to a year's.
OF_ALL = frozenset({BlockKind.HEADING, BlockKind.PARAGRAPH})
OF_A_YEAR = frozenset(
    {
        BlockKind.BRIEF,
        BlockKind.SUMMARY,
        BlockKind.COMPLETENESS,
        BlockKind.FIGURES,
        BlockKind.REGIONS,
        BlockKind.EFFECT,
        BlockKind.VOICES,
        BlockKind.NEEDS,
        BlockKind.DECISIONS,
        BlockKind.YEAR_METHOD,
    }
)
LONGEST_TEXT = 8000


def plan_problems(
    plan: Sequence[Mapping[str, Any]], *, of_year: bool = False
) -> list[tuple[int, str]]:
    """Give what is wrong with a plan: the place (from 1) and a refusal code. Empty when it is sound.

    A year's report has other blocks than a round's.
    """
    problems = []
    for place, spec in enumerate(plan, start=1):
        try:
            kind = BlockKind(str(spec.get("kind")))
        except ValueError:
            problems.append((place, "report.unknown_block"))
            continue
        if kind not in OF_ALL and (kind in OF_A_YEAR) != of_year:
            problems.append((place, "report.unknown_block"))
        elif not NEEDS[kind] <= spec.keys():
            problems.append((place, "report.block_incomplete"))
        elif kind == BlockKind.COMPARISON and spec["by"] not in ("region", "size"):
            problems.append((place, "report.unknown_group"))
        elif "text" in spec and len(str(spec["text"])) > LONGEST_TEXT:
            problems.append((place, "report.text_too_long"))
    return problems


def default_plan(populations: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Give a whole report to start from: for each population its answers, page by page, and the method.

    `populations` hold ``code``, ``title`` and ``pages``: a title and the codes of the countable questions
    with their kinds (``single``, ``battery``, ``multiple``).
    """
    plan: list[dict[str, Any]] = []
    for population in populations:
        code = population["code"]
        plan.append({"kind": "heading", "level": 1, "text": population["title"]})
        plan.append({"kind": "response", "population": code})
        for page in population["pages"]:
            if not page["questions"]:
                continue
            plan.append({"kind": "heading", "level": 2, "text": page["title"]})
            for question, kind in page["questions"]:
                about = {"population": code, "question": question}
                if kind == "multiple":
                    plan.append({"kind": "ranking", **about})
                    continue
                plan.append({"kind": "question", **about})
                if kind == "battery":
                    plan.append({"kind": "ranking", **about})
                elif population.get("compare"):
                    plan.append({"kind": "comparison", "by": "region", **about})
                if population.get("estimate"):
                    plan.append({"kind": "estimate", **about})
    plan.append({"kind": "heading", "level": 1, "text": ""})
    plan.append({"kind": "method"})
    return plan


# The chapters of a year's report: the code of its heading and the blocks below it. What may follow from the
# figures stands before them, so that nobody reads them without it.
YEAR_CHAPTERS: tuple[tuple[str, tuple[BlockKind, ...]], ...] = (
    ("short", (BlockKind.EFFECT, BlockKind.BRIEF)),
    ("summary", (BlockKind.SUMMARY,)),
    ("reports", (BlockKind.COMPLETENESS,)),
    ("goals", (BlockKind.FIGURES,)),
    ("regions", (BlockKind.REGIONS,)),
    ("voices", (BlockKind.VOICES,)),
    ("needs", (BlockKind.NEEDS,)),
    ("decisions", (BlockKind.DECISIONS,)),
    ("method", (BlockKind.YEAR_METHOD,)),
)


def year_plan(headings: Mapping[str, Mapping[str, str]]) -> list[dict[str, Any]]:
    """Give a year's report to start from; `headings` are the chapters' titles by code, in every language."""
    plan: list[dict[str, Any]] = []
    for code, kinds in YEAR_CHAPTERS:
        plan.append({"kind": "heading", "level": 1, "text": dict(headings[code])})
        plan += [{"kind": kind.value} for kind in kinds]
    return plan
