"""A year's programme report: the blocks that are made from what municipalities reported, said and were answered.

Only what is public goes in, since the report is. What is kept back is counted and told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.delivery.models import Decision, Need, ReportingYear, Result, ResultDefinition
from sloyfe.delivery.queries.results import Rollup, roll_up
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import OPEN_NEEDS, NeedState
from sloyfe.delivery.rules.results import Aggregation, Axis, Cell
from sloyfe.delivery.rules.results import rounded as rounded_once
from sloyfe.delivery.rules.steering import DecisionState
from sloyfe.programme.models import Statement
from sloyfe.render import blocks, numbers
from sloyfe.render.blocks import Answer, Block, Bullets, Callout, Heading, Language, Paragraph
from sloyfe.reports.rules import BlockKind
from sloyfe.ui.templatetags.ui import pick

# So many of each are printed; the rest are counted and stand in the product.
MOST_VOICES = 15
MOST_NEEDS = 15


@dataclass(frozen=True)
class NeedCounts:
    """How many needs of the year there were, and what became of them. All are counted, public or not."""

    received: int
    answered: int
    met: int
    raised: int
    waiting: int


class YearMaterial:
    """All that a year's report is made of, each part asked for once."""

    def __init__(self, year: ReportingYear) -> None:
        self.year = year
        self.programme = year.programme

    @cached_property
    def rollup(self) -> Rollup:
        """What has been reported and is public, region by region."""
        return roll_up(
            self.programme, years=[self.year.year], by=Axis.REGION, reader=None, public_only=True
        )

    @cached_property
    def counted(self) -> list[ResultDefinition]:
        """What becomes one figure."""
        figures = (Aggregation.SUM, Aggregation.RATIO, Aggregation.LATEST)
        return [row for row in self.rollup.definitions if Aggregation(row.aggregation) in figures]

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
    def _span(self) -> tuple[dt.date, dt.date]:
        return dt.date(self.year.year, 1, 1), dt.date(self.year.year, 12, 31)

    @cached_property
    def _all_needs(self) -> list[Need]:
        return list(
            Need.objects.filter(programme=self.programme, received_at__date__range=self._span)
            .select_related("municipality")
            .defer("contact_email", "triage_note", "raised_why")
            .order_by("received_at", "pk")
        )

    @cached_property
    def needs(self) -> NeedCounts:
        """What became of the year's needs."""
        rows = self._all_needs
        return NeedCounts(
            received=len(rows),
            answered=sum(row.answered_at is not None for row in rows),
            met=sum(row.is_met is True for row in rows),
            raised=sum(row.raised_at is not None for row in rows),
            waiting=sum(NeedState(row.state) in OPEN_NEEDS for row in rows),
        )

    @cached_property
    def raised(self) -> list[Need]:
        """The public needs that no region could meet, with their answers."""
        return [row for row in self._all_needs if row.raised_at is not None and row.is_public]

    @cached_property
    def decisions(self) -> list[Decision]:
        """What was decided from the year's first day until its report is due at the owner, and is public."""
        public = Q(matter__access=Access.PUBLIC.value) | Q(
            matter__isnull=True, meeting__access=Access.PUBLIC.value
        )
        return list(
            Decision.objects.filter(
                public,
                programme=self.programme,
                decided_on__range=(self._span[0], max(self._span[1], self.year.national_by)),
            )
            .select_related("owner")
            .order_by("decided_on", "pk")
        )


class YearWriter:
    """Writes the plan of a year's report as blocks, in one language, which is active already."""

    def __init__(
        self, material: YearMaterial, language: Language, marks: tuple[str, ...] = ()
    ) -> None:
        self.material, self.language, self.marks = material, language, marks

    def write(self, plan: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
        """Give all blocks of a plan in order."""
        kinds: dict[BlockKind, Callable[[], list[Block]]] = {
            BlockKind.COMPLETENESS: self._completeness,
            BlockKind.FIGURES: self._figures,
            BlockKind.REGIONS: self._regions,
            BlockKind.EFFECT: self._effect,
            BlockKind.VOICES: self._voices,
            BlockKind.NEEDS: self._needs,
            BlockKind.DECISIONS: self._decisions,
            BlockKind.YEAR_METHOD: self._method,
        }
        found: list[Block] = []
        for spec in plan:
            kind = BlockKind(spec["kind"])
            if kind is BlockKind.HEADING:
                found.append(Heading(int(spec["level"]), self._wording(spec["text"])))
            elif kind is BlockKind.PARAGRAPH:
                found.append(Paragraph(self._wording(spec["text"])))
            else:
                found += kinds[kind]()
        return tuple(found)

    def _wording(self, text: object) -> str:
        return pick(text, self.language) if isinstance(text, dict) else str(text)

    def _number(self, value: int | Decimal, decimals: int = 0) -> str:
        return numbers.number(value, self.language, decimals=decimals)

    # Blocks

    def _completeness(self) -> list[Block]:
        rollup, year = self.material.rollup, self.material.year.year
        whole = rollup.reports()
        share = numbers.percent_in_prose(
            Decimal(whole.sent * 100) / whole.expected if whole.expected else 0, self.language
        )
        if not whole.expected:
            return [Answer(_("No reports are expected for %(year)s.") % {"year": year})]
        told = _("%(sent)s of %(expected)s municipalities have reported for %(year)s, %(share)s.")
        lines = [
            (line.name or _("In no region"), rollup.reports(place=line.place))
            for line in rollup.lines()
        ]
        rows = [
            blocks.Row(
                name,
                tuple(
                    blocks.Cell(self._number(value))
                    for value in (row.expected, row.sent, row.expected - row.sent)
                ),
                emphasis=name == _("All"),
            )
            for name, row in [*lines, (_("All"), whole)]
        ]
        columns = tuple(blocks.Column(title) for title in (_("Expected"), _("Sent"), _("Not sent")))
        found: list[Block] = [
            Answer(
                told
                % {
                    "sent": self._number(whole.sent),
                    "expected": self._number(whole.expected),
                    "year": year,
                    "share": share,
                }
            ),
            blocks.Table(
                title=_("Reports for %(year)s, by region") % {"year": year},
                head=_("Region"),
                columns=columns,
                rows=tuple(rows),
                marks=self.marks,
                anchor="rapporter",
            ),
        ]
        if whole.withheld:
            found.append(
                Paragraph(
                    ngettext(
                        "%(number)s of the reports is not public. It counts as sent, but is in no figure here.",
                        "%(number)s of the reports are not public. They count as sent, but are in no figure here.",
                        whole.withheld,
                    )
                    % {"number": self._number(whole.withheld)}
                )
            )
        return found

    def _cell(self, definition: ResultDefinition, cell: Cell) -> str:
        if cell.value is None:
            return numbers.DASH
        value = rounded_once(cell.value, definition.decimals)
        return self._number(value, definition.decimals)

    def _unit(self, definition: ResultDefinition) -> str:
        if definition.aggregation == Aggregation.RATIO:
            return "%"
        return pick(definition.unit, self.language)

    def _goal(self, goal: Statement | None) -> str:
        if goal is None:
            return _("Serves no single goal")
        return pick(goal.text, self.language)

    def _figures(self) -> list[Block]:
        rollup = self.material.rollup
        wanted = {row.pk for row in self.material.counted}
        found: list[Block] = []
        columns = (
            blocks.Column(_("Unit"), kind="text"),
            blocks.Column(_("Nation")),
            blocks.Column(_("Reported by")),
            blocks.Column(_("Asked")),
        )
        for goal, definitions in rollup.by_goal():
            rows = []
            for definition in definitions:
                if definition.pk not in wanted:
                    continue
                cell = rollup.cell(definition)
                rows.append(
                    blocks.Row(
                        pick(definition.title, self.language),
                        (
                            blocks.Cell(self._unit(definition)),
                            blocks.Cell(self._cell(definition, cell)),
                            blocks.Cell(self._number(cell.reported)),
                            blocks.Cell(self._number(cell.expected)),
                        ),
                    )
                )
            if rows:
                found.append(Heading(2, self._goal(goal)))
                found.append(
                    blocks.Table(
                        title=self._goal(goal),
                        head=_("Result"),
                        columns=columns,
                        rows=tuple(rows),
                        marks=self.marks,
                        notes=(_("A dash means that nobody has reported it. It is not zero."),),
                        source=self._source(),
                    )
                )
        return found or [Paragraph(_("No figures have been reported for the year."))]

    def _source(self) -> str:
        return _("Yearly reports of the municipalities for %(year)s") % {
            "year": self.material.year.year
        }

    def _regions(self) -> list[Block]:
        rollup = self.material.rollup
        lines = rollup.lines()
        if not self.material.counted or not lines:
            return [Paragraph(_("No figures have been reported for the year."))]
        names = [line.name or _("In no region") for line in lines]
        rows = [
            blocks.Row(
                " ".join(
                    filter(
                        None,
                        (
                            pick(definition.title, self.language),
                            f"({unit})" if (unit := self._unit(definition)) else "",
                        ),
                    )
                ),
                tuple(
                    blocks.Cell(self._cell(definition, rollup.cell(definition, place=place)))
                    for place in (*(line.place for line in lines), None)
                ),
            )
            for definition in self.material.counted
        ]
        return [
            blocks.Table(
                title=_("Regions side by side"),
                head=_("Result"),
                columns=tuple(blocks.Column(name) for name in (*names, _("All"))),
                rows=tuple(rows),
                marks=self.marks,
                notes=(
                    _(
                        "Regions differ in how many municipalities report and in what these are like. The table shows likenesses and differences, not who does best."
                    ),
                    _(
                        "Sums of the regions equal the whole. A percentage is made from numerators and denominators added up, so it is no sum of percentages."
                    ),
                ),
                source=self._source(),
                anchor="regioner",
            )
        ]

    def _effect(self) -> list[Block]:
        outcomes = [
            pick(row.title, self.language) for row in self.material.counted if row.is_outcome
        ]
        text = _(
            "The effect of the programme cannot be read from these figures. They tell what municipalities do and what those concerned meet in the same year, and much else than the programme plays a part."
        )
        found: list[Block] = [Callout("method", text)]
        if outcomes:
            found += [
                Paragraph(
                    _("These concern those who are meant to benefit; the others are activity:")
                ),
                Bullets(tuple(outcomes)),
            ]
        return found

    def _voices(self) -> list[Block]:
        found: list[Block] = []
        for definition in self.material.rollup.definitions:
            rows = self.material.voices.get(definition.pk, [])
            if not rows:
                continue
            found.append(Heading(2, pick(definition.title, self.language)))
            found.append(
                Bullets(tuple(f"{row.municipality}: {row.words}" for row in rows[:MOST_VOICES]))
            )
            if len(rows) > MOST_VOICES:
                found.append(
                    Paragraph(
                        _(
                            "These are the first %(shown)s of %(all)s in alphabetical order. None was chosen for what it says."
                        )
                        % {"shown": MOST_VOICES, "all": self._number(len(rows))}
                    )
                )
        return found or [Paragraph(_("No municipality has written anything that is public."))]

    def _needs(self) -> list[Block]:
        counts, year = self.material.needs, self.material.year.year
        if not counts.received:
            return [Paragraph(_("No needs were said in %(year)s.") % {"year": year})]
        rows = [
            (_("Received"), counts.received),
            (_("Answered"), counts.answered),
            (_("Met by the answer"), counts.met),
            (_("Raised, since nobody in the region could meet them"), counts.raised),
            (_("Still waiting for an answer"), counts.waiting),
        ]
        found: list[Block] = [
            Answer(
                ngettext(
                    "Municipalities said %(received)s need in %(year)s; %(answered)s is answered.",
                    "Municipalities said %(received)s needs in %(year)s; %(answered)s are answered.",
                    counts.received,
                )
                % {
                    "received": self._number(counts.received),
                    "year": year,
                    "answered": self._number(counts.answered),
                }
            ),
            blocks.Table(
                title=_("Needs said in %(year)s, and what became of them") % {"year": year},
                columns=(blocks.Column(_("Needs")),),
                rows=tuple(
                    blocks.Row(name, (blocks.Cell(self._number(value)),)) for name, value in rows
                ),
                marks=self.marks,
                anchor="behov",
            ),
        ]
        for need in self.material.raised[:MOST_NEEDS]:
            found.append(Heading(3, str(need.municipality)))
            found.append(Paragraph(need.text))
            answer = need.answer or _("Not answered yet.")
            found.append(Paragraph(_("Answer: %(answer)s") % {"answer": answer}))
        return found

    def _decisions(self) -> list[Block]:
        states = {
            DecisionState.OPEN: _("in work"),
            DecisionState.DONE: _("done"),
            DecisionState.DROPPED: _("dropped"),
        }
        rows = self.material.decisions
        if not rows:
            return [Paragraph(_("No decisions that are public were taken on what came up."))]
        return [
            blocks.Table(
                title=_("What was decided"),
                head=_("Decision"),
                columns=tuple(
                    blocks.Column(name, kind="text")
                    for name in (_("Who carries it out"), _("By"), _("State"))
                ),
                rows=tuple(
                    blocks.Row(
                        row.text,
                        (
                            blocks.Cell(str(row.owner)),
                            blocks.Cell(numbers.date(row.due_on, self.language)),
                            blocks.Cell(states[DecisionState(row.state)]),
                        ),
                    )
                    for row in rows
                ),
                marks=self.marks,
                anchor="vedtak",
            )
        ]

    def _method(self) -> list[Block]:
        whole = self.material.rollup.reports()
        year = self.material.year
        return [
            Paragraph(
                _(
                    "The figures are those that municipalities wrote in their yearly report for %(year)s, with the form “%(form)s”, version %(version)s. They are added up as reported, in the regions and municipalities of that year."
                )
                % {
                    "year": year.year,
                    "form": pick(year.form.instrument.title, self.language),
                    "version": year.form.number,
                }
            ),
            Paragraph(
                _(
                    "A value that is missing is not counted as zero. Of %(expected)s reports that are expected, %(missing)s are missing; beside each figure stands how many have reported it. A percentage is made from those who gave both numbers."
                )
                % {
                    "expected": self._number(whole.expected),
                    "missing": self._number(whole.expected - whole.sent),
                }
            ),
            Paragraph(
                _(
                    "Figures and words from reports that are kept from the public are in no table and no quotation here."
                )
            ),
        ]


def material_of_year(year: ReportingYear) -> YearMaterial:
    """Give all that a year's report is made of."""
    return YearMaterial(year)
