"""What a year's programme report is made of: what municipalities reported, said and were answered.

Only what is public goes in, since the report is. What is kept back is counted and told.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from sloyfe.delivery.models import (
    Decision,
    Need,
    ReportingYear,
    Result,
    ResultDefinition,
    Summary,
)
from sloyfe.delivery.queries.results import NUMBERS, Rollup, Wording, roll_up, wording_in
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import OPEN_NEEDS, NeedState
from sloyfe.delivery.rules.results import Aggregation, Axis
from sloyfe.delivery.rules.steering import DecisionState
from sloyfe.delivery.rules.summaries import Level


@dataclass(frozen=True)
class NeedCounts:
    """How many needs of the year there were, and what became of them. All are counted, public or not."""

    received: int
    answered: int
    met: int
    raised: int
    waiting: int


class YearMaterial:
    """All that a year's report is made of on a day, each part asked for once."""

    def __init__(self, year: ReportingYear, day: dt.date) -> None:
        self.year = year
        self.programme = year.programme
        self.day = day

    @cached_property
    def rollup(self) -> Rollup:
        """What has been reported and is public, region by region; nothing that tells of one or two."""
        return roll_up(
            self.programme,
            years=[self.year.year],
            by=Axis.REGION,
            reader=None,
            public_only=True,
            is_guarded=True,
        )

    @property
    def is_finished(self) -> bool:
        """Whether the figures wait for no more reports: the year is closed, or told of to the owner."""
        return self.year.year in self.rollup.ground.finished

    @cached_property
    def counted(self) -> list[ResultDefinition]:
        """What becomes one figure."""
        return [row for row in self.rollup.definitions if row.aggregation in NUMBERS]

    @cached_property
    def wording(self) -> Wording:
        """The words for the options that the year's form offers."""
        return wording_in(self.year.form.definition)

    @cached_property
    def summary(self) -> Summary | None:
        """The national summary that nasjonalt fagansvar has sent to the owner, public or not."""
        return (
            Summary.objects.filter(
                reporting_year=self.year,
                level=Level.NATION.value,
                sent_at__date__lte=self.day,
            )
            .select_related("office", "to_office")
            .first()
        )

    @cached_property
    def voices(self) -> dict[int, list[Result]]:
        """What municipalities say in public, by definition, in Norwegian order."""
        rows = (
            Result.objects.filter(
                definition__programme=self.programme,
                definition__aggregation=Aggregation.TEXT.value,
                report__access=Access.PUBLIC.value,
                year=self.year.year,
                is_public=True,
            )
            .exclude(words="")
            .select_related("municipality")
            .order_by("municipality__sort_key", "pk")
        )
        found: dict[int, list[Result]] = {}
        for row in rows:
            found.setdefault(row.definition_id, []).append(row)
        return found

    @cached_property
    def _all_needs(self) -> list[Need]:
        first, last = dt.date(self.year.year, 1, 1), dt.date(self.year.year, 12, 31)
        return list(
            Need.objects.filter(programme=self.programme, received_at__date__range=(first, last))
            .select_related("municipality")
            .defer("contact_email", "triage_note", "raised_why")
            .order_by("received_at", "pk")
        )

    @cached_property
    def needs(self) -> NeedCounts:
        """What had become of the year's needs."""
        rows = self._all_needs
        return NeedCounts(
            received=len(rows),
            answered=sum(self.is_answered(row) for row in rows),
            met=sum(self.is_answered(row) and row.is_met is True for row in rows),
            raised=sum(self._has_come(row.raised_at) for row in rows),
            waiting=sum(
                NeedState(row.state) in OPEN_NEEDS or not self.is_answered(row) for row in rows
            ),
        )

    def _has_come(self, at: dt.datetime | None) -> bool:
        return at is not None and timezone.localdate(at) <= self.day

    def is_answered(self, need: Need) -> bool:
        """Whether a need had an answer on the report's day."""
        return self._has_come(need.answered_at)

    @cached_property
    def raised(self) -> list[Need]:
        """The public needs that no region could meet, with their answers."""
        return [row for row in self._all_needs if self._has_come(row.raised_at) and row.is_public]

    @cached_property
    def _all_decisions(self) -> list[Decision]:
        public = Q(matter__access=Access.PUBLIC.value) | Q(
            matter__isnull=True, meeting__access=Access.PUBLIC.value
        )
        since, until = self.decided_between
        return list(
            Decision.objects.filter(
                public,
                Q(decided_on__range=(since, until)) | Q(matter__need__in=self.raised),
                programme=self.programme,
                decided_on__lte=self.day,
            )
            .select_related("owner", "matter")
            .order_by("decided_on", "pk")
        )

    @cached_property
    def decided_between(self) -> tuple[dt.date, dt.date]:
        """The days whose decisions the report tells: from when the year's reporting opened, until the next did.

        What was reported comes up then. So each decision stands in the report of one year.
        """
        opened = self.rollup.ground.opened
        later = next((opened[year] for year in opened if year > self.year.year), None)
        last = later - dt.timedelta(days=1) if later else self.day
        return self.year.opens_on, max(min(last, self.day), self.year.opens_on)

    @cached_property
    def decisions(self) -> list[Decision]:
        """What was decided after the year's reporting had opened, and is public."""
        since, until = self.decided_between
        return [row for row in self._all_decisions if since <= row.decided_on <= until]

    def decisions_on(self, need: Need) -> list[Decision]:
        """What was decided on a need that went up, and is public."""
        return [
            row
            for row in self._all_decisions
            if row.matter is not None and row.matter.need_id == need.pk
        ]

    def state_of(self, decision: Decision) -> DecisionState:
        """Where a decision stood on the report's day."""
        if decision.done_on is not None and decision.done_on > self.day:
            return DecisionState.OPEN
        return DecisionState(decision.state)


def material_of_year(year: ReportingYear, day: dt.date) -> YearMaterial:
    """Give all that a year's report is made of, as it stands on a day."""
    return YearMaterial(year, day)
