"""The printed page of states and moves, and how a printed page says a text in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils import translation

from sloyfe.cli.reference_files import code, table
from sloyfe.comments.texts import OUTCOMES
from sloyfe.delivery.rules import agreements, needs, plans, steering, summaries
from sloyfe.delivery.rules import reports as yearly
from sloyfe.delivery.texts.agreements import AGREEMENT_STATE_TEXT
from sloyfe.delivery.texts.matters import DECISION_STATE_TEXT, MATTER_STATE_TEXT
from sloyfe.delivery.texts.meetings import MEETING_STATE_TEXT
from sloyfe.delivery.texts.needs import NEED_STATE_TEXT
from sloyfe.delivery.texts.plans import PLAN_STATE_TEXT
from sloyfe.delivery.texts.reports import REPORT_STATE_TEXT
from sloyfe.delivery.texts.steering import STEERING_STATE_TEXT
from sloyfe.delivery.texts.summaries import SUMMARY_STATE_TEXT
from sloyfe.fieldwork import rules as fieldwork
from sloyfe.fieldwork.texts import DISPOSITION_TEXT, ROUND_STATE_TEXT
from sloyfe.instruments import rules as instruments
from sloyfe.instruments import texts as instrument_texts
from sloyfe.letters import rules as letters
from sloyfe.letters.texts import STATE_TEXT as LETTER_STATES
from sloyfe.programme.rules import mandates
from sloyfe.programme.texts.mandates import MANDATE_STATE_TEXT
from sloyfe.reports import rules as reports
from sloyfe.reports.texts import STATE_TEXT as REPORT_STATES

LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en-gb": "English"}
SLOT = re.compile(r"%\((\w+)\)[sd]")


def said(text: object, language: str) -> str:
    """Say a text in a language, with its slots in braces."""
    with translation.override(language):
        return SLOT.sub(r"{\1}", str(text)).replace("%%", "%")


def in_all_languages(text: object) -> list[str]:
    """Say a text in every language, in the order of `LANGUAGES`."""
    return [said(text, language) for language in LANGUAGES]


@dataclass(frozen=True)
class Process:
    """Something that goes from state to state, and where its table of allowed moves stands."""

    title: str
    about: str
    states: type[StrEnum]
    moves: Mapping[Any, Iterable[Any]]
    words: Mapping[Any, object]
    begins: str


def _processes() -> tuple[Process, ...]:
    return (
        Process(
            "A version of a form",
            "The table is `sloyfe.instruments.rules:MOVES`. A released version is immutable; a database "
            "trigger holds that.",
            instruments.VersionState,
            instruments.MOVES,
            instrument_texts.STATES,
            "draft",
        ),
        Process(
            "A round",
            "The table is `sloyfe.fieldwork.rules:ROUND_MOVES`. The declaration stands from the day the "
            "round opens.",
            fieldwork.RoundState,
            fieldwork.ROUND_MOVES,
            ROUND_STATE_TEXT,
            "planned",
        ),
        Process(
            "A case: somebody who was drawn",
            "The tables are `sloyfe.fieldwork.rules:ANSWERING_COMES_FROM` and "
            "`sloyfe.fieldwork.rules:LETTER_COMES_FROM`. What has been sent in stays sent in.",
            fieldwork.Disposition,
            _case_moves(),
            DISPOSITION_TEXT,
            "drawn",
        ),
        Process(
            "A letter",
            "The table is `sloyfe.letters.rules:MOVES`. From `uncertain` only a person moves a letter on.",
            letters.LetterState,
            letters.MOVES,
            LETTER_STATES,
            "queued",
        ),
        Process(
            "A report",
            "The table is `sloyfe.reports.rules:MOVES`. The files of a published report are made once.",
            reports.ReportState,
            reports.MOVES,
            REPORT_STATES,
            "draft",
        ),
    )


def _year_processes() -> tuple[Process, ...]:
    """What goes from state to state in a programme year."""
    return (
        Process(
            "A mandate",
            "The table is `sloyfe.programme.rules.mandates:MANDATE_MOVES`. An issued mandate is never changed; a new one takes its place.",
            mandates.MandateState,
            mandates.MANDATE_MOVES,
            MANDATE_STATE_TEXT,
            "draft",
        ),
        Process(
            "A programme agreement",
            "The table is `sloyfe.delivery.rules.agreements:AGREEMENT_MOVES`. Both sides confirm the same version.",
            agreements.AgreementState,
            agreements.AGREEMENT_MOVES,
            AGREEMENT_STATE_TEXT,
            "draft",
        ),
        Process(
            "A meeting with a municipality",
            "The table is `sloyfe.delivery.rules.agreements:MEETING_MOVES`. A meeting is held when its minutes are written.",
            agreements.MeetingState,
            agreements.MEETING_MOVES,
            MEETING_STATE_TEXT,
            "planned",
        ),
        Process(
            "An action plan",
            "The table is `sloyfe.delivery.rules.plans:PLAN_MOVES`. The municipality adopts it.",
            plans.PlanState,
            plans.PLAN_MOVES,
            PLAN_STATE_TEXT,
            "draft",
        ),
        Process(
            "A need",
            "The table is `sloyfe.delivery.rules.needs:NEED_MOVES`. What is written without signing in is confirmed by e-mail first.",
            needs.NeedState,
            needs.NEED_MOVES,
            NEED_STATE_TEXT,
            "unconfirmed",
        ),
        Process(
            "A yearly report",
            "The table is `sloyfe.delivery.rules.reports:REPORT_MOVES`. A question about a report is a thread beside it and never a state of its own.",
            yearly.ReportState,
            yearly.REPORT_MOVES,
            REPORT_STATE_TEXT,
            "expected",
        ),
        Process(
            "A summary",
            "The table is `sloyfe.delivery.rules.summaries:SUMMARY_MOVES`. Nobody answers what they sent.",
            summaries.SummaryState,
            summaries.SUMMARY_MOVES,
            SUMMARY_STATE_TEXT,
            "draft",
        ),
        Process(
            "A steering dialogue",
            "The table is `sloyfe.delivery.rules.steering:STEERING_MOVES`. It is held on its day, with minutes.",
            steering.SteeringState,
            steering.STEERING_MOVES,
            STEERING_STATE_TEXT,
            "planned",
        ),
        Process(
            "A matter",
            "The table is `sloyfe.delivery.rules.steering:MATTER_MOVES`. What has no answer stays on top of the agenda.",
            steering.MatterState,
            steering.MATTER_MOVES,
            MATTER_STATE_TEXT,
            "prepared",
        ),
        Process(
            "A decision",
            "The table is `sloyfe.delivery.rules.steering:DECISION_MOVES`. Whoever drops one says why.",
            steering.DecisionState,
            steering.DECISION_MOVES,
            DECISION_STATE_TEXT,
            "open",
        ),
    )


def _case_moves() -> dict[fieldwork.Disposition, list[fieldwork.Disposition]]:
    before = (fieldwork.LETTER_COMES_FROM, fieldwork.ANSWERING_COMES_FROM)
    return {
        state: [to for to in fieldwork.Disposition if any(state in f.get(to, ()) for f in before)]
        for state in fieldwork.Disposition
    }


def states_page() -> str:
    """What goes from state to state, and which moves are allowed."""
    parts = [
        (
            "# States and moves\n\nWhat is not in a table is refused with a sentence. Beside the tables, "
            "[permissions](roles.md) say who may make a move, and when.\n"
        )
    ]
    for process in (*_processes(), *_year_processes()):
        order = list(process.states)
        rows = [
            (
                code(state.value),
                *in_all_languages(process.words[state]),
                ", ".join(code(to.value) for to in _ordered(process.moves[state], order)) or "–",
            )
            for state in order
        ]
        parts.append(f"## {process.title}\n\n{process.about}\n")
        parts.append(table(("State", *LANGUAGES.values(), "May become"), rows))
        parts.append(_diagram(process, order))
    parts.append(
        "## What becomes of a comment\n\nAn answer to a comment always has a reason.\n\n"
        + table(
            ("Outcome", *LANGUAGES.values()),
            ((code(key.value), *in_all_languages(text)) for key, text in OUTCOMES.items()),
        )
    )
    return "\n".join(parts)


def _ordered(moves: Iterable[Any], order: list[Any]) -> list[Any]:
    return sorted(moves, key=order.index)


def _diagram(process: Process, order: list[Any]) -> str:
    arrows = [f"    [*] --> {process.begins}"]
    arrows += [
        f"    {state.value} --> {to.value}"
        for state in order
        for to in _ordered(process.moves[state], order)
    ]
    return "```mermaid\nstateDiagram-v2\n" + "\n".join(arrows) + "\n```\n"
