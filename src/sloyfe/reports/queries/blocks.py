"""One block specification to the blocks that show it, in the report's own language.

Called with the report's language active, so that gettext gives the words. Figures come from `Material`,
which holds only what may be shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.analysis.rules import Asked
from sloyfe.fieldwork.rules import hidden_groups
from sloyfe.organisations.rules import SIZE_CLASSES
from sloyfe.render import blocks as b
from sloyfe.render import numbers
from sloyfe.reports.queries.material import Group, Material, PopulationMaterial
from sloyfe.reports.rules import BlockKind
from sloyfe.stats.disclose import PERCENT_FROM, SURVEY_THRESHOLD, TOTAL, Figure
from sloyfe.stats.frequency import ranking

Spec = Mapping[str, Any]


class Writer:
    """Writes the blocks of one report."""

    def __init__(self, material: Material, language: b.Language, marks: tuple[str, ...]) -> None:
        self.material = material
        self.language = language
        self.marks = marks
        self._kinds: dict[BlockKind, Callable[[Spec], list[b.Block]]] = {
            BlockKind.HEADING: self._heading,
            BlockKind.PARAGRAPH: self._paragraph,
            BlockKind.RESPONSE: self._response,
            BlockKind.QUESTION: self._question,
            BlockKind.RANKING: self._ranking,
            BlockKind.COMPARISON: self._comparison,
            BlockKind.ESTIMATE: self._estimate,
            BlockKind.METHOD: self._method,
        }

    def write(self, plan: Sequence[Spec]) -> tuple[b.Block, ...]:
        """Give the blocks of a whole plan; a block whose figures may not be shown says so."""
        return tuple(block for spec in plan for block in self._kinds[BlockKind(spec["kind"])](spec))

    # Words

    def _say(self, texts: Mapping[str, str] | str) -> str:
        if isinstance(texts, str):
            return texts
        return str(texts.get(self.language) or texts.get("nb") or "")

    def _population(self, spec: Spec) -> PopulationMaterial | None:
        return self.material.populations.get(str(spec["population"]))

    def _not_frozen(self) -> list[b.Block]:
        return [b.Callout("provisional", _("These answers are not frozen yet."))]

    def _source(self, material: PopulationMaterial) -> str:
        # Ends without a full stop: the formats set it in a line of its own.
        return _("%(round)s, %(population)s. Answers from %(complete)s of %(asked)s") % {
            "round": self._say(self.material.round.title),
            "population": self._say(material.population.title),
            "complete": material.complete,
            "asked": _("not stated") if material.asked is None else material.asked,
        }

    def _region(self, code: str) -> str:
        return str(self.material.region_names.get(code, code))

    def _size(self, code: str) -> str:
        if code not in dict(SIZE_CLASSES):
            return _("not known")
        low, _dash, high = code.partition("-")
        first = numbers.number(int(low), self.language)
        if not high:
            return _("%(first)s or more") % {"first": first}
        return f"{first}–{numbers.number(int(high), self.language)}"

    def _group(self, by: str, code: str) -> str:
        return self._region(code) if by == "region" else self._size(code)

    # Cells

    def _cell(self, figure: Figure | None) -> b.Cell:
        """A figure as a cell: percent, a count in a small group, or why it does not stand there."""
        if figure is None or figure.base == 0:
            return b.Cell("–")
        if figure.mark == "below_threshold":
            return b.Cell(_("fewer than %(n)s") % {"n": SURVEY_THRESHOLD})
        if figure.mark == "withheld":
            return b.Cell(b.HIDDEN)
        if figure.percent is None:
            return b.Cell(_("%(count)s of %(base)s") % {"count": figure.count, "base": figure.base})
        return b.Cell(numbers.number(figure.percent, self.language))

    def _parts(
        self, item: Asked, figures: Mapping[tuple[str, ...], Figure], group: tuple[str, ...]
    ) -> tuple[b.LikertPart, ...]:
        """The parts of a bar; none when a part is hidden or the group is told in counts."""
        parts = []
        for option in item.options:
            figure = figures.get((*group, str(option["code"])))
            if figure is None or figure.count is None or figure.percent is None or not figure.base:
                return ()
            parts.append(
                b.LikertPart(
                    label=self._say(option["text"]),
                    share=figure.count / figure.base,
                    count=figure.count,
                    pole=_pole(option),
                    mark="dont_know" if option.get("mark") == "dont_know" else "",
                    text=str(figure.percent),
                )
            )
        return tuple(parts)

    # Kinds

    def _heading(self, spec: Spec) -> list[b.Block]:
        text = self._say(spec["text"]) or _("How it was done")
        return [b.Heading(int(spec["level"]), text)]

    def _paragraph(self, spec: Spec) -> list[b.Block]:
        text = self._say(spec["text"])
        return [b.Paragraph(text)] if text.strip() else []

    def _response(self, spec: Spec) -> list[b.Block]:
        material = self._population(spec)
        if material is None:
            return self._not_frozen()
        sentence = _("%(complete)s of %(asked)s municipalities that were asked, answered.") % {
            "complete": material.complete,
            "asked": _("not stated") if material.asked is None else material.asked,
        }
        if material.asked and material.complete >= PERCENT_FROM:
            share = numbers.share(Fraction(material.complete, material.asked), self.language)
            sentence = _(
                "%(complete)s of %(asked)s municipalities that were asked, answered: a response rate of"
                " %(rate)s."
            ) % {
                "complete": material.complete,
                "asked": material.asked,
                "rate": numbers.percent_in_prose(int(share), self.language),
            }
        return [
            b.Answer(sentence),
            self._response_table(
                material, _("Answers by region"), _("Region"), "region", material.regions
            ),
            self._response_table(
                material, _("Answers by size"), _("Inhabitants"), "size", material.sizes
            ),
        ]

    def _response_table(
        self, material: PopulationMaterial, title: str, head: str, by: str, groups: Sequence[Group]
    ) -> b.Table:
        def cells(
            frame: int | None, asked: int | None, complete: int | None, *, hidden: bool = False
        ) -> tuple[b.Cell, ...]:
            sizes = tuple(b.Cell("–" if n is None else str(n)) for n in (frame, asked))
            if hidden:
                return (*sizes, b.Cell(b.HIDDEN, few), b.Cell(b.HIDDEN, few))
            rate = "–"
            if asked and complete is not None:
                rate = numbers.share(Fraction(complete, asked), self.language)
            return (*sizes, b.Cell("–" if complete is None else str(complete)), b.Cell(rate))

        few = _("So few were asked that the figure would say who has answered.")
        small = hidden_groups({group.code: group.asked or 0 for group in groups})
        rows = [
            b.Row(
                self._group(by, group.code),
                cells(group.frame, group.asked, group.complete, hidden=group.code in small),
            )
            for group in groups
        ]
        rows.append(
            b.Row(_("All"), cells(material.frame, material.asked, material.complete), emphasis=True)
        )
        return b.Table(
            title=title,
            head=head,
            columns=(
                b.Column(_("In the frame")),
                b.Column(_("Asked")),
                b.Column(_("Answered")),
                b.Column(_("Response rate"), "%", "percent"),
            ),
            rows=tuple(rows),
            source=self._source(material),
            marks=self.marks,
        )

    def _question(self, spec: Spec) -> list[b.Block]:
        material = self._population(spec)
        if material is None:
            return self._not_frozen()
        rows = material.rows_of(str(spec["question"]))
        if not rows:
            return []
        table = self._frequency_table(material, rows)
        likert = []
        for item in rows:
            figures = material.figures(item.code)
            parts = self._parts(item, figures, ()) if figures else ()
            base = _base(figures)
            note = (
                "" if parts else _("Not drawn: too few answers, or a figure that may not be shown.")
            )
            # The question of a single one stands above the chart; its row names who answered.
            one = self._say(material.population.title)
            label = self._say(item.text) if len(rows) > 1 else one
            likert.append(b.LikertRow(label, base, parts, note))
        if not any(row.parts for row in likert):
            return [table]
        finding = self._finding(material, rows)
        return [
            b.LikertChart(
                title=finding,
                subtitle=self._say(rows[0].heading_text),
                rows=tuple(likert),
                alt=finding,
                data=table,
                source=self._source(material),
                marks=self.marks,
            )
        ]

    def _frequency_table(self, material: PopulationMaterial, rows: Sequence[Asked]) -> b.Table:
        options = rows[0].options
        lines = []
        for item in rows:
            figures = material.figures(item.code) or {}
            base = _base(figures)
            cells = [self._cell(figures.get((str(option["code"]),))) for option in options]
            lines.append(
                b.Row(self._say(item.text), (*cells, b.Cell("–" if base is None else str(base))))
            )
        unit, kind = ("%", "percent") if material.in_percent else ("", "number")
        return b.Table(
            title=self._say(rows[0].heading_text),
            head=_("Statement") if len(rows) > 1 else _("Question"),
            columns=(
                *(b.Column(self._say(option["text"]), unit, kind) for option in options),  # type: ignore[arg-type]
                b.Column("N"),
            ),
            rows=tuple(lines),
            notes=self._notes(material, rows[0]),
            source=self._source(material),
            marks=self.marks,
        )

    def _notes(self, material: PopulationMaterial, item: Asked) -> tuple[str, ...]:
        notes = []
        if item.marked("dont_know"):
            notes.append(_("Those who answered that they do not know are part of the whole."))
        if not material.in_percent:
            notes.append(
                _(
                    "Fewer than ten answered, so the answers are told in numbers and not in per cent."
                )
            )
        return tuple(notes)

    def _finding(self, material: PopulationMaterial, rows: Sequence[Asked]) -> str:
        """Say what the chart shows: the largest share at the positive end, or the commonest answer."""
        best: tuple[Fraction, int, str, str] | None = None
        for item in rows:
            figures = material.figures(item.code) or {}
            name, figure = _positive(item, figures)
            if figure is not None and figure.mark == "withheld":
                # What may not be shown might be the largest, so nothing is said of the largest.
                return self._say(rows[0].heading_text)
            if figure is None or figure.count is None or figure.percent is None or not figure.base:
                continue
            said = _either([self._say(o["text"]) for o in item.options if str(o["code"]) in name])
            share = Fraction(figure.count, figure.base)
            if best is None or share > best[0]:
                best = (share, figure.percent, self._say(item.text), said)
        if best is None:
            return self._say(rows[0].heading_text)
        _share, percent, text, said = best
        slots = {
            "percent": numbers.percent_in_prose(percent, self.language),
            "answer": said.lower(),
            "what": text,
        }
        if len(rows) > 1:
            return _("Most positive of %(what)s: %(percent)s answer %(answer)s") % slots
        return _("%(percent)s answer %(answer)s") % slots

    def _ranking(self, spec: Spec) -> list[b.Block]:
        material = self._population(spec)
        if material is None:
            return self._not_frozen()
        rows = material.rows_of(str(spec["question"]))
        if not rows:
            return []
        if rows[0].kind == "multiple":
            return self._choices(material, rows[0])
        values: dict[str, Fraction] = {}
        texts: dict[str, str] = {}
        said = ""
        for item in rows:
            name, figure = _positive(item, material.figures(item.code) or {})
            if figure is None or figure.count is None or not figure.base:
                continue
            values[item.code] = Fraction(figure.count, figure.base)
            texts[item.code] = self._cell(figure).text
            said = _either([self._say(o["text"]) for o in item.options if str(o["code"]) in name])
        if len(values) < 2:
            return []
        names = {item.code: self._say(item.text) for item in rows}
        entries = tuple(
            b.RankingEntry(f"{ranked.rank}.", names[ranked.key], texts[ranked.key])
            for ranked in ranking(values)
        )
        left_out = len(rows) - len(values)
        notes = (
            (
                ngettext(
                    "One statement is left out because its figure may not be shown.",
                    "%(n)s statements are left out because their figures may not be shown.",
                    left_out,
                )
                % {"n": left_out},
            )
            if left_out
            else ()
        )
        return [
            b.RankingList(
                title=_("In order of how many answered %(answer)s") % {"answer": said.lower()},
                entries=entries,
                notes=notes,
                source=self._source(material),
                value_title="%" if material.in_percent else _("How many"),
                marks=self.marks,
            )
        ]

    def _choices(self, material: PopulationMaterial, item: Asked) -> list[b.Block]:
        """A multiple choice: how many chose each option, most chosen first. May sum to more than all."""
        figures = material.figures(item.code) or {}
        known = {
            str(o["code"]): figures[(str(o["code"]),)]
            for o in item.options
            if (str(o["code"]),) in figures
        }
        if not known:
            return self._not_frozen()
        order = {
            ranked.key: ranked.rank
            for ranked in ranking(
                {code: f.count for code, f in known.items() if f.count is not None}
            )
        }
        names = {str(o["code"]): self._say(o["text"]) for o in item.options}
        placed = sorted(known, key=lambda code: (order.get(code, len(known) + 1), names[code]))
        base = next((f.base for f in known.values() if f.base is not None), None)
        unit = "%" if material.in_percent else ""
        table = b.Table(
            title=self._say(item.text),
            head=_("Option"),
            columns=(b.Column(_("Chose it"), unit, "percent" if unit else "number", n=base),),
            rows=tuple(b.Row(names[code], (self._cell(known[code]),)) for code in placed),
            notes=(
                _("Each could choose up to %(n)s, so the shares may sum to more than 100.")
                % {"n": item.max_choices or len(item.options)},
            ),
            source=self._source(material),
            marks=self.marks,
        )
        first = known[placed[0]]
        if first.percent is None:
            return [table]
        finding = self._say(item.text)
        # A withheld figure might be the largest, and one below the threshold is not.
        if first.count and not any(f.mark == "withheld" for f in known.values()):
            finding = _("%(what)s is chosen most often, by %(percent)s") % {
                "what": names[placed[0]],
                "percent": numbers.percent_in_prose(first.percent, self.language),
            }
        return [
            b.BarChart(
                title=finding,
                subtitle=self._say(item.text),
                rows=tuple(
                    b.BarRow(
                        names[code],
                        None if (percent := known[code].percent) is None else float(percent),
                        text=self._cell(known[code]).text,
                    )
                    for code in placed
                ),
                alt=finding,
                data=table,
                unit="%",
                source=self._source(material),
                marks=self.marks,
            )
        ]

    def _comparison(self, spec: Spec) -> list[b.Block]:
        material = self._population(spec)
        if material is None:
            return self._not_frozen()
        by = str(spec["by"])
        found = []
        for item in material.rows_of(str(spec["question"])):
            figures = material.figures(item.code, by)
            if figures is None:
                continue
            groups = list(dict.fromkeys(place[0] for place in figures if place[0] != TOTAL))
            rows = []
            for group in [*groups, TOTAL]:
                base = figures.get((group, TOTAL))
                cells = [self._cell(figures.get((group, str(o["code"])))) for o in item.options]
                size = "–" if base is None or base.base is None else str(base.base)
                name = _("All") if group == TOTAL else self._group(by, group)
                rows.append(b.Row(name, (*cells, b.Cell(size)), emphasis=group == TOTAL))
            found.append(
                b.Table(
                    title=(_("%(what)s – by region") if by == "region" else _("%(what)s – by size"))
                    % {"what": self._say(item.text)},
                    head=_("Region") if by == "region" else _("Inhabitants"),
                    columns=(
                        *(b.Column(self._say(o["text"]), "%", "percent") for o in item.options),
                        b.Column("N"),
                    ),
                    rows=tuple(rows),
                    notes=(
                        _(
                            "A group in which fewer than ten answered is told in numbers and not in per cent."
                        ),
                    ),
                    source=self._source(material),
                    marks=self.marks,
                )
            )
        return list(found)

    def _estimate(self, spec: Spec) -> list[b.Block]:
        material = self._population(spec)
        if material is None or not material.in_percent:
            return []
        rows, dots = [], []
        for item in material.rows_of(str(spec["question"])):
            name, figure = _positive(item, material.figures(item.code) or {})
            if figure is None or figure.count is None:
                continue
            found = material.estimate(item.code, name)
            if found is None:
                continue
            said = _either([self._say(o["text"]) for o in item.options if str(o["code"]) in name])
            label = _("%(what)s – %(answer)s") % {
                "what": self._say(item.text),
                "answer": said.lower(),
            }
            point = numbers.share(found.share, self.language)
            interval = "–"
            if found.low is not None and found.high is not None:
                interval = _span(found.low, found.high, self.language)
            bounds = _span(found.bound_low, found.bound_high, self.language)
            rows.append(b.Row(label, (b.Cell(point), b.Cell(interval), b.Cell(bounds))))
            dots.append(
                b.DotRow(
                    label,
                    float(found.share * 100),
                    None if found.low is None else float(found.low * 100),
                    None if found.high is None else float(found.high * 100),
                    n=figure.base,
                )
            )
        if not rows:
            return []
        table = b.Table(
            title=_("What the answers say of all %(frame)s municipalities")
            % {"frame": material.frame},
            head=_("Question"),
            columns=(
                b.Column(_("Estimate"), "%", "percent"),
                b.Column(_("95 per cent interval"), "%", "interval"),
                b.Column(_("If all the others had answered"), "%", "interval"),
            ),
            rows=tuple(rows),
            notes=(
                _(
                    "The estimate takes those who answered as a simple random sample within each region."
                    " That is an assumption. The last column says how low and how high the share could be"
                    " whatever those who did not answer would have said."
                ),
            ),
            source=self._source(material),
            marks=self.marks,
        )
        return [
            b.DotChart(
                title=table.title,
                subtitle=_("Estimated share of the municipalities, with 95 per cent interval"),
                rows=tuple(dots),
                alt=table.title,
                data=table,
                source=self._source(material),
                marks=self.marks,
            )
        ]

    def _method(self, spec: Spec) -> list[b.Block]:
        points = [
            _(
                "%(population)s: %(frame)s in the frame, %(asked)s asked, %(complete)s answered."
                " Form %(form)s, version %(version)s. Fingerprint of the frozen answers: %(hash)s."
            )
            % {
                "population": self._say(material.population.title),
                "frame": _("not stated") if material.frame is None else material.frame,
                "asked": _("not stated") if material.asked is None else material.asked,
                "complete": material.complete,
                "form": self._say(material.population.version.instrument.title),
                "version": material.population.version.number,
                "hash": material.content_hash[:16] or "–",
            }
            for material in self.material.populations.values()
        ]
        return [
            b.Bullets(tuple(points)),
            b.Paragraph(
                _(
                    "Percentages are rounded once, half up, from the counts. Merged categories are counted"
                    " anew and never added up from rounded figures. Counts below %(n)s are not shown, nor"
                    " figures that they could be worked out from. A group of fewer than ten is told in"
                    " numbers and not in per cent."
                )
                % {"n": SURVEY_THRESHOLD}
            ),
        ]


def _pole(option: Mapping[str, Any]) -> b.Pole:
    pole = option.get("pole")
    return "positive" if pole == "positive" else "negative" if pole == "negative" else "neutral"


def _base(figures: Mapping[tuple[str, ...], Figure] | None) -> int | None:
    if not figures:
        return None
    return next((figure.base for figure in figures.values() if figure.base is not None), None)


def _positive(
    item: Asked, figures: Mapping[tuple[str, ...], Figure]
) -> tuple[tuple[str, ...], Figure | None]:
    """The options at the positive end of a scale and their figure; without poles, the first option."""
    codes = item.pole("positive") or item.option_codes[:1]
    if len(codes) > 1:
        return codes, figures.get(("positive",))
    return codes, figures.get(codes)


def _either(words: Sequence[str]) -> str:
    return (
        _(" or ").join(words) if len(words) < 3 else ", ".join(words[:-1]) + _(" or ") + words[-1]
    )


def _span(low: Fraction, high: Fraction, language: b.Language) -> str:
    return numbers.interval(
        int(numbers.rounded(low * 100)), int(numbers.rounded(high * 100)), language
    )
