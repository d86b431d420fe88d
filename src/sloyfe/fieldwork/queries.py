"""Questions across rounds, cases and letters. Counts never say who."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Max, Q

from sloyfe.fieldwork.models import Case, Mailing, Population, Round
from sloyfe.fieldwork.rules import MAX_REMINDERS, Disposition
from sloyfe.letters.rules import LetterState


@dataclass(frozen=True)
class StratumProgress:
    stratum: str
    frame: int | None
    asked: int
    complete: int
    partial: int
    refused: int
    bounced: int
    waiting: int

    @property
    def rate(self) -> Fraction | None:
        """Complete of all asked (AAPOR RR1 where nobody asked is ineligible); None when nobody is asked."""
        return Fraction(self.complete, self.asked) if self.asked else None


@dataclass(frozen=True)
class PopulationProgress:
    population: Population
    strata: tuple[StratumProgress, ...]
    total: StratumProgress
    letters: dict[str, int]
    per_day: tuple[tuple[dt.date, int], ...]
    to_remind: int


def cases_to_invite(round_: Round) -> list[Case]:
    """Give the drawn cases that no invitation has been queued for."""
    return list(
        Case.objects.filter(population__round=round_)
        .exclude(mailings__number=0)
        .select_related("organisation")
        .order_by("organisation__sort_key")
    )


def cases_to_remind(round_: Round) -> list[tuple[Case, int]]:
    """Give the invited cases that have not finished, each with the number of its next reminder.

    Only after the letter before has left: nobody gets a reminder while an invitation still waits.
    """
    cases = (
        Case.objects.filter(
            population__round=round_,
            disposition__in=[Disposition.INVITED.value, Disposition.PARTIAL.value],
        )
        .annotate(
            latest=Max("mailings__number"),
            unsent=Count(
                "mailings",
                filter=~Q(
                    mailings__letter__state__in=[
                        LetterState.SENT.value,
                        LetterState.UNCERTAIN.value,
                    ]
                ),
            ),
        )
        .filter(latest__lt=MAX_REMINDERS, unsent=0)
        .select_related("organisation")
        .order_by("organisation__sort_key")
    )
    return [(case, case.latest + 1) for case in cases]


def progress(round_: Round) -> list[PopulationProgress]:
    """Give how far a round has come, by population and stratum. A constant number of queries."""
    populations = list(round_.populations.select_related("version__instrument", "draw"))
    counted = (
        Case.objects.filter(population__round=round_)
        .values_list("population_id", "stratum", "disposition")
        .annotate(n=Count("pk"))
    )
    by_stratum: dict[tuple[int, str], Counter[str]] = {}
    for population_id, stratum, disposition, n in counted:
        by_stratum.setdefault((population_id, stratum), Counter())[disposition] = n
    letters: dict[int, dict[str, int]] = {}
    for population_id, state, n in (
        Mailing.objects.filter(case__population__round=round_)
        .values_list("case__population_id", "letter__state")
        .annotate(n=Count("pk"))
    ):
        letters.setdefault(population_id, {})[state] = n
    days: dict[int, list[tuple[dt.date, int]]] = {}
    for population_id, day, n in (
        Case.objects.filter(population__round=round_, completed_on__isnull=False)
        .values_list("population_id", "completed_on")
        .annotate(n=Count("pk"))
        .order_by("completed_on")
    ):
        days.setdefault(population_id, []).append((day, n))
    remind = Counter(case.population_id for case, _number in cases_to_remind(round_))
    result = []
    for population in populations:
        drawn = getattr(population, "draw", None)
        frames = {row["stratum"]: row["frame"] for row in drawn.strata} if drawn else {}
        names = sorted(frames or {s for p, s in by_stratum if p == population.pk})
        strata = tuple(
            _progress(name, frames.get(name), by_stratum.get((population.pk, name), Counter()))
            for name in names
        )
        total = _progress(
            "",
            sum(frames.values()) if frames else None,
            sum((by_stratum.get((population.pk, name), Counter()) for name in names), Counter()),
        )
        result.append(
            PopulationProgress(
                population=population,
                strata=strata,
                total=total,
                letters=letters.get(population.pk, {}),
                per_day=tuple(days.get(population.pk, [])),
                to_remind=remind[population.pk],
            )
        )
    return result


def _progress(name: str, frame: int | None, counts: Counter[str]) -> StratumProgress:
    return StratumProgress(
        stratum=name,
        frame=frame,
        asked=sum(counts.values()),
        complete=counts[Disposition.COMPLETE],
        partial=counts[Disposition.PARTIAL],
        refused=counts[Disposition.REFUSED],
        bounced=counts[Disposition.BOUNCED],
        waiting=counts[Disposition.INVITED] + counts[Disposition.DRAWN],
    )
