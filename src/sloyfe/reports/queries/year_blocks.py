"""A year's programme report as blocks: each chapter's answer, its table, and what stands behind the figures.

Beside each figure stands how many of how many municipalities have reported it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.delivery.models import Decision, Need, ResultDefinition
from sloyfe.delivery.queries.results import Line
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.results import Aggregation, Cell, PlaceKind, is_comparable
from sloyfe.delivery.rules.results import rounded as rounded_once
from sloyfe.delivery.rules.steering import DecisionState
from sloyfe.delivery.texts.results import GROUP_TEXT, HIDDEN_NOTE, how_many, place_name
from sloyfe.programme.models import Statement
from sloyfe.render import blocks, numbers
from sloyfe.render.blocks import (
    Answer,
    BarChart,
    BarRow,
    Block,
    Bullets,
    Callout,
    Heading,
    Language,
    Paragraph,
    Table,
)
from sloyfe.reports.queries.year import YearMaterial
from sloyfe.reports.rules import BlockKind
from sloyfe.ui.templatetags.ui import pick

# So many of each are printed; the rest are counted and stand in the product.
MOST_VOICES = 15
MOST_NEEDS = 15
# So many figures stand in the short version: those for people who are meant to benefit.
MOST_IN_SHORT = 4


class YearWriter:
    """Writes the plan of a year's report as blocks, in one language, which is active already."""

    def __init__(
        self, material: YearMaterial, language: Language, marks: tuple[str, ...] = ()
    ) -> None:
        self.material, self.language, self.marks = material, language, marks

    def write(self, plan: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
        """Give all blocks of a plan in order."""
        kinds: dict[BlockKind, Callable[[], list[Block]]] = {
            BlockKind.BRIEF: self._brief,
            BlockKind.SUMMARY: self._summary,
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

    def cautions(self) -> tuple[Block, ...]:
        """What has to be said before anything else: that more reports are to come."""
        if self.material.is_finished:
            return ()
        told = _(
            "%(year)s is not finished. More reports may come, and the figures here may change."
        )
        return (Callout("provisional", told % {"year": self.material.year.year}),)

    # Words and figures

    def _wording(self, text: object) -> str:
        return pick(text, self.language) if isinstance(text, dict) else str(text)

    def _number(self, value: int | Decimal, decimals: int = 0) -> str:
        return numbers.number(value, self.language, decimals=decimals)

    def _cell(self, definition: ResultDefinition, cell: Cell) -> str:
        if cell.is_hidden:
            return blocks.HIDDEN
        if cell.value is None:
            return numbers.DASH
        value = rounded_once(cell.value, definition.decimals)
        return self._number(value, definition.decimals)

    def _title(self, definition: ResultDefinition) -> str:
        title = pick(definition.title, self.language)
        unit = pick(definition.unit, self.language)
        return f"{title} ({unit})" if unit else title

    def _goal(self, goal: Statement | None) -> str:
        return pick(goal.text, self.language) if goal else _("Serves no single goal")

    def _source(self) -> str:
        return _("Yearly reports of the municipalities for %(year)s") % {
            "year": self.material.year.year
        }

    def _name(self, line: Line) -> str:
        region = next(
            (
                each
                for each in self.material.rollup.ground.regions
                if line.place.kind is PlaceKind.REGION and each.code == line.place.code
            ),
            None,
        )
        own = pick(region.title, self.language) if region else ""
        return own or place_name(line.place, line.name)

    def _came(self) -> str:
        whole = self.material.rollup.reports()
        year = self.material.year.year
        if not whole.expected:
            return _("No reports are expected for %(year)s.") % {"year": year}
        told = _("%(sent)s of %(expected)s municipalities have reported for %(year)s, %(share)s.")
        return told % {
            "sent": self._number(whole.sent),
            "expected": self._number(whole.expected),
            "year": year,
            "share": numbers.percent_in_prose(
                Decimal(whole.sent * 100) / whole.expected, self.language
            ),
        }

    def _needs_told(self) -> str:
        counts, year = self.material.needs, self.material.year.year
        if not counts.received:
            return _("No needs were said in %(year)s.") % {"year": year}
        return ngettext(
            "Municipalities said %(received)s need in %(year)s; %(answered)s is answered.",
            "Municipalities said %(received)s needs in %(year)s; %(answered)s are answered.",
            counts.received,
        ) % {
            "received": self._number(counts.received),
            "year": year,
            "answered": self._number(counts.answered),
        }

    def _decided_told(self) -> str:
        number = len(self.material.decisions)
        if not number:
            return _("No decisions that are public were taken on what came up.")
        return ngettext(
            "One decision was taken on what came up.",
            "%(number)s decisions were taken on what came up.",
            number,
        ) % {"number": self._number(number)}

    # Blocks

    def _brief(self) -> list[Block]:
        rollup = self.material.rollup
        outcomes = [row for row in self.material.counted if row.is_outcome]
        points = []
        for definition in (outcomes or self.material.counted)[:MOST_IN_SHORT]:
            cell = rollup.cell(definition)
            if cell.value is None:
                continue
            told = _("%(result)s: %(value)s %(unit)s, reported by %(how_many)s municipalities.")
            points.append(
                told
                % {
                    "result": pick(definition.title, self.language),
                    "value": self._cell(definition, cell),
                    "unit": pick(definition.unit, self.language),
                    "how_many": how_many(cell),
                }
            )
        return [
            Answer(self._came()),
            Bullets((*points, self._needs_told(), self._decided_told())),
        ]

    def _summary(self) -> list[Block]:
        summary = self.material.summary
        if summary is None:
            return [Paragraph(_("The national summary has not been sent to the owner yet."))]
        if summary.access != Access.PUBLIC:
            return [Paragraph(_("The national summary is not public, so it is not told here."))]
        sender = {"office": summary.office.name, "owner": summary.to_office.name}
        told = (
            (_("What worked"), summary.worked),
            (_("What was hard"), summary.was_hard),
            (_("What they ask for"), summary.asked_for),
            (_("Sent though reports were missing"), summary.incomplete_why),
        )
        points = tuple(f"{title}: {text}" for title, text in told if text)
        found: list[Block] = [
            Paragraph(_("%(office)s sums up for %(owner)s:") % sender),
            Paragraph(summary.overview),
        ]
        if points:
            found.append(Bullets(points))
        answered = summary.answered_at
        day = timezone.localdate(answered) if answered else None
        if day is None or not summary.answer or day > self.material.day:
            waits = _("%(owner)s has not answered yet.") % sender
            return [*found, Paragraph(waits)]
        answer = _("Answer from %(owner)s on %(day)s: %(answer)s") % {
            **sender,
            "day": numbers.date(day, self.language),
            "answer": summary.answer,
        }
        return [*found, Paragraph(answer)]

    def _completeness(self) -> list[Block]:
        rollup, year = self.material.rollup, self.material.year.year
        whole = rollup.reports()
        if not whole.expected:
            return [Paragraph(self._came())]
        lines = [
            (self._name(line), rollup.reports(place=line.place), False) for line in rollup.lines()
        ]
        found: list[Block] = [
            Table(
                title=_("Reports for %(year)s, by region") % {"year": year},
                head=_("Region"),
                columns=tuple(blocks.Column(title) for title in (_("Expected"), _("Sent"))),
                rows=tuple(
                    blocks.Row(
                        name,
                        (
                            blocks.Cell(self._number(row.expected)),
                            blocks.Cell(self._number(row.sent)),
                        ),
                        emphasis=is_whole,
                    )
                    for name, row, is_whole in [*lines, (_("All"), whole, True)]
                ),
                marks=self.marks,
                source=self._source(),
                anchor="rapporter",
            ),
        ]
        if whole.withheld:
            told = ngettext(
                "%(number)s of the reports is not public. It counts as sent, but is in no figure here.",
                "%(number)s of the reports are not public. They count as sent, but are in no figure here.",
                whole.withheld,
            )
            found.append(Paragraph(told % {"number": self._number(whole.withheld)}))
        return found

    def _figures(self) -> list[Block]:
        found: list[Block] = []
        for goal, definitions in self.material.rollup.by_goal():
            name = self._goal(goal)
            tables: list[Block] = []
            for is_outcome in (True, False):
                same = [row for row in definitions if row.is_outcome is is_outcome]
                kind = str(GROUP_TEXT[is_outcome])
                title = f"{name}: {kind[:1].lower()}{kind[1:]}"
                tables += self._counted(
                    title, [row for row in same if row in self.material.counted]
                )
                tables += self._chosen(
                    title, [row for row in same if row.aggregation == Aggregation.NONE]
                )
            if tables:
                found += [Heading(2, name), *tables]
        return found or [Paragraph(_("No figures have been reported for the year."))]

    def _counted(self, title: str, definitions: Sequence[ResultDefinition]) -> Iterable[Block]:
        rows = []
        for definition in definitions:
            cell = self.material.rollup.cell(definition)
            value = blocks.Cell(self._cell(definition, cell))
            rows.append(blocks.Row(self._title(definition), (value, blocks.Cell(how_many(cell)))))
        if not rows:
            return
        is_missing = any(row.cells[0].text == numbers.DASH for row in rows)
        yield Table(
            title=title,
            head=_("Result"),
            columns=(blocks.Column(_("Nation")), blocks.Column(_("Reported by"))),
            rows=tuple(rows),
            marks=self.marks,
            notes=(_("A dash means that nobody has reported it. It is not zero."),)
            if is_missing
            else (),
            source=self._source(),
        )

    def _chosen(self, title: str, definitions: Sequence[ResultDefinition]) -> Iterable[Block]:
        """What municipalities chose among options: how many chose what, never added up."""
        rows = []
        for definition in definitions:
            cell = self.material.rollup.cell(definition)
            told = "; ".join(
                f"{pick(self.material.wording.option(definition, code), self.language)}:{numbers.NBSP}{self._number(cell.options.get(code, 0))}"
                for code in self.material.wording.in_order(definition, cell.options)
                if cell.options
            )
            rows.append(
                blocks.Row(
                    self._title(definition),
                    (
                        blocks.Cell(how_many(cell)),
                        blocks.Cell(told or self._cell(definition, cell)),
                    ),
                )
            )
        if rows:
            yield Table(
                title=_("%(what)s, in words") % {"what": title},
                head=_("Result"),
                columns=(
                    blocks.Column(_("Reported by")),
                    blocks.Column(_("Answers"), kind="text"),
                ),
                rows=tuple(rows),
                marks=self.marks,
                notes=(_("After each answer stands how many municipalities gave it."),),
                source=self._source(),
            )

    def _regions(self) -> list[Block]:
        rollup = self.material.rollup
        lines = rollup.lines()
        if not self.material.counted or not lines:
            return [Paragraph(_("No figures have been reported for the year."))]
        names = [self._name(line) for line in lines]
        places = (*(line.place for line in lines), None)
        come = [rollup.reports(place=place) for place in places]
        told = _("%(sent)s of %(expected)s")
        first = blocks.Row(
            _("Municipalities that have reported"),
            tuple(
                blocks.Cell(told % {"sent": each.sent, "expected": each.expected}) for each in come
            ),
        )
        rows = [first]
        for definition in self.material.counted:
            cells = []
            for place, reports in zip(places, come, strict=True):
                cell = rollup.cell(definition, place=place)
                note = ""
                if cell.is_hidden:
                    note = str(HIDDEN_NOTE)
                elif cell.reported != reports.sent:
                    note = _("%(how_many)s municipalities have reported it.") % {
                        "how_many": how_many(cell)
                    }
                cells.append(blocks.Cell(self._cell(definition, cell), note))
            rows.append(blocks.Row(self._title(definition), tuple(cells)))
        table = Table(
            title=_("Regions side by side, %(year)s") % {"year": self.material.year.year},
            head=_("Result"),
            columns=tuple(blocks.Column(name) for name in (*names, _("All"))),
            rows=tuple(rows),
            marks=self.marks,
            notes=(
                _(
                    "A figure without a letter is reported by all those in its region that have sent a report."
                ),
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
        return [*self._bars(lines, names, table), table]

    def _bars(self, lines: Sequence[Line], names: Sequence[str], data: Table) -> Iterable[Block]:
        """The first share that differs between regions. A sum is not drawn: it follows how many people live there."""
        rollup = self.material.rollup
        shares = [row for row in self.material.counted if row.aggregation == Aggregation.RATIO]
        for definition in sorted(shares, key=lambda row: not row.is_outcome):
            cells = [rollup.cell(definition, place=line.place) for line in lines]
            known = [
                (cell.value, name)
                for cell, name in zip(cells, names, strict=True)
                if cell.value is not None and is_comparable(Aggregation.RATIO, cell)
            ]
            if len({value for value, _name in known}) < 2:
                continue
            value, name = max(known, key=lambda pair: (pair[0], pair[1]))
            title = _("%(result)s: the highest in %(region)s, %(value)s %(unit)s") % {
                "result": pick(definition.title, self.language),
                "region": name,
                "value": self._number(
                    rounded_once(value, definition.decimals), definition.decimals
                ),
                "unit": pick(definition.unit, self.language),
            }
            subtitle = _(
                "Beside each region stands how many of its municipalities have reported it."
            )
            if len(known) < len(cells):
                subtitle += " " + _(
                    "A region without a bar is not compared: too few have reported, or the figure would tell of few."
                )
            yield BarChart(
                title=title,
                subtitle=subtitle,
                rows=tuple(
                    BarRow(
                        f"{region} ({how_many(cell)})",
                        float(Fraction(cell.value))
                        if cell.value is not None and is_comparable(Aggregation.RATIO, cell)
                        else None,
                        text=self._cell(definition, cell),
                    )
                    for cell, region in zip(cells, names, strict=True)
                ),
                alt=title,
                data=data,
                unit="%",
                source=self._source(),
                marks=self.marks,
                anchor="andeler",
            )
            return

    def _effect(self) -> list[Block]:
        text = _(
            "The effect of the programme cannot be read from these figures. They tell what municipalities do and what those concerned meet in the same year, and much else than the programme plays a part."
        )
        return [Callout("reading", text)]

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
                told = _(
                    "These are the first %(shown)s of %(all)s in alphabetical order. None was chosen for what it says."
                )
                found.append(
                    Paragraph(told % {"shown": MOST_VOICES, "all": self._number(len(rows))})
                )
        return found or [Paragraph(_("No municipality has written anything that is public."))]

    def _needs(self) -> list[Block]:
        counts, year = self.material.needs, self.material.year.year
        if not counts.received:
            return [Paragraph(self._needs_told())]
        rows = [
            (_("Received"), counts.received),
            (_("Answered"), counts.answered),
            (_("Met by the answer"), counts.met),
            (_("Raised, since nobody in the region could meet them"), counts.raised),
            (_("Still waiting for an answer"), counts.waiting),
        ]
        found: list[Block] = [
            Answer(self._needs_told()),
            Table(
                title=_("Needs said in %(year)s, and what became of them") % {"year": year},
                head=_("What became of them"),
                columns=(blocks.Column(_("Needs")),),
                rows=tuple(
                    blocks.Row(name, (blocks.Cell(self._number(value)),)) for name, value in rows
                ),
                marks=self.marks,
                anchor="behov",
            ),
        ]
        if self.material.raised:
            found.append(Heading(2, _("Needs that went up")))
        for need in self.material.raised[:MOST_NEEDS]:
            found += self._raised(need)
        return found

    def _raised(self, need: Need) -> Iterable[Block]:
        yield Heading(3, str(need.municipality))
        yield Paragraph(_("The need: %(text)s") % {"text": need.text})
        for decision in self.material.decisions_on(need):
            told = _("Decided on %(day)s: %(what)s (%(state)s)")
            yield Paragraph(
                told
                % {
                    "day": numbers.date(decision.decided_on, self.language),
                    "what": decision.text,
                    "state": self._state(decision),
                }
            )
        answer = need.answer if self.material.is_answered(need) else _("Not answered yet.")
        yield Paragraph(_("Answer: %(answer)s") % {"answer": answer})

    def _state(self, decision: Decision) -> str:
        return {
            DecisionState.OPEN: _("in work"),
            DecisionState.DONE: _("done"),
            DecisionState.DROPPED: _("dropped"),
        }[self.material.state_of(decision)]

    def _decisions(self) -> list[Block]:
        rows = self.material.decisions
        since, until = (numbers.date(day, self.language) for day in self.material.decided_between)
        when = _("What was decided from %(since)s, when the reporting opened, until %(until)s.") % {
            "since": since,
            "until": until,
        }
        if not rows:
            return [Paragraph(self._decided_told()), Paragraph(when)]
        return [
            Table(
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
                            blocks.Cell(self._state(row)),
                        ),
                    )
                    for row in rows
                ),
                marks=self.marks,
                notes=(when,),
                anchor="vedtak",
            )
        ]

    def _method(self) -> list[Block]:
        whole = self.material.rollup.reports()
        year = self.material.year
        missing = whole.expected - whole.sent
        told = _("Of %(expected)s reports that are expected, %(missing)s are missing.") if missing else _(
            "All %(expected)s reports that are expected have come."
        )  # fmt: skip
        come = told % {
            "expected": self._number(whole.expected),
            "missing": self._number(missing),
        }
        counted = _(
            "A value that is missing is not counted as zero; beside each figure stands how many have reported it. A percentage is made from those who gave both numbers."
        )
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
            Paragraph(f"{come} {counted}"),
            Paragraph(
                _(
                    "Figures and words from reports that are kept from the public are in no table and no quotation here."
                )
            ),
        ]
