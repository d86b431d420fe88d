"""Taking in a round that is known from its printed report: what is printed, and what we made of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sloyfe.analysis.models.printed import DerivedCounts, PrintedFigure, PrintedRound
from sloyfe.analysis.rules.printed import Derived, Recalculated
from sloyfe.audit.actions import Actor, action, set_about
from sloyfe.fieldwork.models import Population, Round
from sloyfe.fieldwork.rules import Declaration, Design, Origin, RoundState
from sloyfe.instruments.models import Version
from sloyfe.programme.models import Programme

NOT_STATED = "ikke oppgitt"

Texts = Mapping[str, str]


@dataclass(frozen=True)
class PopulationRow:
    """A questionnaire of the round: who was asked with it, as far as it is printed."""

    code: str
    tier: str
    title: Texts
    version: Version
    design: Design
    per_stratum: int | None
    printed: Mapping[str, Any]


@dataclass(frozen=True)
class FigureRow:
    """A printed figure with its names and what working it out again gave."""

    recalculated: Recalculated
    question: Texts
    heading: Texts
    answer: Texts
    order: Sequence[Sequence[Any]]
    reason: Texts


@dataclass(frozen=True)
class CountsRow:
    """Derived counts of a question, and what is to be said of them."""

    derived: Derived
    rounding: str
    reason: str
    note: Texts


@dataclass(frozen=True)
class Evaluation:
    """A printed round, read and checked."""

    slug: str
    round_slug: str
    title: Texts
    citation: str
    public_since: int
    ground: Texts
    facts: Mapping[str, Any]
    populations: Sequence[PopulationRow]
    figures: Sequence[FigureRow]
    counts: Sequence[CountsRow]
    content_hash: str


@dataclass(frozen=True)
class Loaded:
    """A printed round as it now stands; `changed` tells whether anything was written."""

    printed: PrintedRound
    changed: bool

    @property
    def round(self) -> Round:
        """The round itself."""
        return self.printed.round


def load_printed_round(
    *, programme: Programme, evaluation: Evaluation, actor: Actor, now: dt.datetime
) -> Loaded:
    """Write a printed round with its figures, counts and verdicts: all of it, or nothing.

    What already stands is left alone. Other content replaces the figures and counts whole; they are never
    altered one by one.
    """
    there = (
        PrintedRound.objects.select_related("round")
        .filter(round__slug=evaluation.round_slug)
        .first()
    )
    if there is not None and there.content_hash == evaluation.content_hash:
        return Loaded(there, changed=False)
    with action("analysis.printed_round.load", actor=actor, now=now) as event:
        round_, _new = Round.objects.update_or_create(
            slug=evaluation.round_slug,
            defaults={
                "programme": programme,
                "title": dict(evaluation.title),
                "origin": Origin.PUBLISHED.value,
                "state": RoundState.CLOSED.value,
                "declaration": Declaration.NOT_STATED.value,
                "host": NOT_STATED,
                "controller": NOT_STATED,
                "processor": NOT_STATED,
                "legal_ground": NOT_STATED,
                "privacy_notice": {},
            },
        )
        populations = {
            row.tier: _population(round_, position, row)
            for position, row in enumerate(evaluation.populations)
        }
        printed, _new = PrintedRound.objects.update_or_create(
            round=round_,
            defaults={
                "slug": evaluation.slug,
                "citation": evaluation.citation,
                "public_since": evaluation.public_since,
                "ground": dict(evaluation.ground),
                "facts": dict(evaluation.facts),
                "content_hash": evaluation.content_hash,
                "loaded_at": now,
            },
        )
        printed.figures.all().delete()
        printed.counts.all().delete()
        PrintedFigure.objects.bulk_create(
            _figure(printed, populations, position, row)
            for position, row in enumerate(evaluation.figures)
        )
        DerivedCounts.objects.bulk_create(
            _counts(printed, populations, row) for row in evaluation.counts
        )
        set_about(event, round_)
        event.details |= {
            "figures": len(evaluation.figures),
            "counts": len(evaluation.counts),
            "content_hash": evaluation.content_hash,
            "ground": "already_public",
        }
    return Loaded(printed, changed=True)


def _population(round_: Round, position: int, row: PopulationRow) -> Population:
    population, _new = Population.objects.update_or_create(
        round=round_,
        code=row.code,
        defaults={
            "title": dict(row.title),
            "position": position,
            "version": row.version,
            "design": row.design.value,
            "per_stratum": row.per_stratum,
            "printed": dict(row.printed),
        },
    )
    return population


def _figure(
    printed: PrintedRound, populations: Mapping[str, Population], position: int, row: FigureRow
) -> PrintedFigure:
    found, figure = row.recalculated, row.recalculated.figure
    return PrintedFigure(
        printed=printed,
        population=populations.get(figure.tier),
        position=position,
        code=figure.code,
        tier=figure.tier,
        section=figure.section,
        page=figure.page,
        item=figure.about[1],
        options=list(figure.codes),
        kind=figure.kind.value,
        value=figure.value,
        n_if_stated=figure.n_stated,
        order=list(row.order),
        heading=dict(row.heading),
        question=dict(row.question),
        answer=dict(row.answer),
        verdict=found.verdict.value,
        own=found.own,
        fits=[list(pair) for pair in found.fits],
        alone=[list(pair) for pair in found.alone],
        remark={
            "code": found.remark.code,
            **{name: _plain(value) for name, value in found.remark.parameters.items()},
        },
        reason=dict(row.reason),
    )


def _plain(value: object) -> object:
    """A parameter as JSON keeps it; decimals as text, so that no digit is lost."""
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, int | str) or value is None else str(value)


def _counts(
    printed: PrintedRound, populations: Mapping[str, Population], row: CountsRow
) -> DerivedCounts:
    derived = row.derived
    return DerivedCounts(
        printed=printed,
        population=populations.get(derived.tier),
        item=derived.item,
        tier=derived.tier,
        status=derived.status.value,
        base=derived.base,
        counts=dict(derived.counts),
        bases=list(derived.bases),
        rounding=row.rounding,
        reason=row.reason,
        note=dict(row.note),
    )
