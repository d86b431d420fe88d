"""Freezing a closed round, and making the tables of it."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app as jobs

from sloyfe.analysis.models import Dataset, ShownTable, StoredTable
from sloyfe.analysis.permissions import (
    check_can_freeze,
    check_may_cross,
    check_may_freeze,
)
from sloyfe.analysis.queries import items_of, path_of, require_item
from sloyfe.analysis.rules import (
    BACKGROUND,
    CHOSEN,
    NO_ANSWER,
    NOT_CHOSEN,
    Asked,
    asked_items,
    codebook,
)
from sloyfe.audit.actions import action, set_about
from sloyfe.common.errors import NotPossible
from sloyfe.fieldwork.models import Population
from sloyfe.fieldwork.rules import ResponseState
from sloyfe.organisations.rules import SIZE_CLASSES
from sloyfe.programme.queries import Visitor
from sloyfe.stats.disclose import (
    PROTECTED,
    SURVEY_THRESHOLD,
    CountTable,
    Dimension,
    DisclosedTable,
    Figure,
    Ground,
    disclose,
)
from sloyfe.stats.engine import MultipleTabulation, Tabulation


def freeze_dataset(*, population: Population, actor: Visitor | None, now: dt.datetime) -> Dataset:
    """Freeze the complete answers of a closed round into a file that never changes.

    Strata and background go along, never a name, a case or a time. The file is named by the fingerprint
    of its content; the tables are made by a job. No actor where whoever runs the installation does it.
    """
    from sloyfe.stats import engine

    if actor is None:
        check_can_freeze(population)
    else:
        check_may_freeze(actor, population, now.date())
    items = list(asked_items(population.version.definition))
    book = codebook(
        population.version.definition,
        form=population.version.instrument.code,
        version=population.version.number,
    )
    columns = [
        engine.Column("stratum", "single"),
        *(engine.Column(name, "single") for name in BACKGROUND),
        *(engine.Column(item.code, item.kind) for item in items),  # type: ignore[arg-type]
    ]
    responses = list(
        population.responses.filter(state=ResponseState.COMPLETE.value).values_list(
            "stratum", "background", "answers"
        )
    )
    if not responses:
        raise NotPossible("analysis.no_answers")
    rows = [_row(items, *response) for response in responses]
    complete = Counter(stratum for stratum, _background, _answers in responses)
    strata = [
        {
            "stratum": row["stratum"],
            "frame": row["frame"],
            "sampled": row["sampled"],
            "complete": complete[row["stratum"]],
        }
        for row in population.draw.strata
    ]
    folder = Path(settings.FROZEN)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=folder) as workshop:
        draft = Path(workshop) / "data.parquet"
        fingerprint = engine.write_parquet(draft, columns, rows, book)
        name = f"{fingerprint}.parquet"
        # The file stands before the row that names it; a file without a row harms nobody.
        draft.chmod(0o400)
        draft.replace(folder / name)
    with action("analysis.dataset.freeze", actor=actor, now=now) as event:
        # Of two that freeze at once the second finds the first's row and is told so.
        Population.objects.select_for_update(no_key=True).get(pk=population.pk)
        if Dataset.objects.filter(population=population).exists():
            raise NotPossible("analysis.already_frozen")
        dataset = Dataset.objects.create(
            population=population,
            file=name,
            content_hash=fingerprint,
            codebook=book,
            responses=len(rows),
            strata=strata,
            sizes=_sizes(population, [background for _stratum, background, _answers in responses]),
            frozen_at=now,
        )
        set_about(event, dataset)
        event.details |= {"responses": len(rows), "content_hash": fingerprint}
        jobs.configure_task("analysis.make_tables").defer(dataset_id=dataset.pk)
    return dataset


def _sizes(population: Population, answered: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Count frame, asked and complete by size class, for the table of who answered."""
    frame = Counter(
        row["size"] for row in population.frame_units.values_list("background", flat=True)
    )
    asked = Counter(row["size"] for row in population.cases.values_list("background", flat=True))
    complete = Counter(row["size"] for row in answered)
    order = [code for code, _upper in SIZE_CLASSES]
    return [
        {"code": code, "frame": frame[code], "asked": asked[code], "complete": complete[code]}
        for code in sorted(frame, key=lambda c: order.index(c) if c in order else len(order))
    ]


def _row(
    items: list[Asked], stratum: str, background: Mapping[str, Any], answers: Mapping[str, Any]
) -> dict[str, Any]:
    row: dict[str, Any] = {"stratum": stratum}
    row.update({name: str(background.get(name, "")) for name in BACKGROUND})
    for item in items:
        value = answers.get(item.code)
        if value is None:
            continue
        if item.kind == "number":
            value = Decimal(str(value))
        elif item.kind == "date":
            value = dt.date.fromisoformat(value)
        row[item.code] = value
    return row


def make_tables(*, dataset: Dataset, now: dt.datetime) -> int:
    """Count every item, for all and by region and size, and store the counts. Safe to run twice."""
    from sloyfe.stats import engine

    items = [item for item in items_of(dataset.population).values() if item.is_tabulated]
    done = set(dataset.tables.values_list("item", "by"))
    wanted = {(item.code, by) for item in items for by in ("", *BACKGROUND)}
    if wanted <= done:
        return len(wanted)
    singles, multiples = engine.tabulate_all(
        path_of(dataset),
        singles=[item.code for item in items if item.kind == "single"],
        multiples=[item.code for item in items if item.kind == "multiple"],
        by=BACKGROUND,
    )
    made = []
    for item in items:
        cells, respondents = _cells(singles.get(item.code) or multiples[item.code])
        for by in ("", *BACKGROUND):
            # Whatever the grouping, the counts are sums of the same finest cells.
            place = BACKGROUND.index(by) if by else None
            counts: Counter[tuple[str, str]] = Counter()
            tally: Counter[str] = Counter()
            for (*group, option), n in cells.items():
                counts["" if place is None else group[place], option] += n
            for fine, n in respondents.items():
                tally["" if place is None else fine[place]] += n
            made.append(
                StoredTable(
                    dataset=dataset,
                    item=item.code,
                    by=by,
                    counts=[[group, option, n] for (group, option), n in sorted(counts.items())],
                    respondents=dict(sorted(tally.items())),
                    made_at=now,
                )
            )
    with action("analysis.tables.make", actor=None, now=now, about=dataset, tables=len(made)):
        StoredTable.objects.bulk_create(made, ignore_conflicts=True)
    return len(made)


def _cells(
    found: Tabulation | MultipleTabulation,
) -> tuple[dict[tuple[str, ...], int], dict[tuple[str, ...], int]]:
    """Give the counts by (region, size, option), and the respondents by (region, size)."""
    if isinstance(found, MultipleTabulation):
        return found.choices, found.respondents
    tally: Counter[tuple[str, ...]] = Counter()
    for key, n in found.cells.items():
        tally[key[:-1]] += n
    return found.cells, dict(tally)


def cross(
    *, population: Population, row: str, column: str, actor: Visitor, now: dt.datetime
) -> StoredTable:
    """Count how two questions go together, and store it for the evaluator.

    Refused for a round of which only printed figures are known.
    """
    from sloyfe.stats import engine

    check_may_cross(actor, population, now.date())
    first, second = require_item(population, row), require_item(population, column)
    if first.kind != "single" or second.kind != "single":
        raise NotPossible("analysis.not_countable", item=row if first.kind != "single" else column)
    dataset = population.dataset
    cells = engine.crosstab(path_of(dataset), first.code, second.code)
    respondents: Counter[str] = Counter()
    for (group, _option), n in cells.items():
        respondents[group] += n
    with action(
        "analysis.cross_table.make", actor=actor, now=now, about=dataset, row=row, column=column
    ):
        table, _made = StoredTable.objects.update_or_create(
            dataset=dataset,
            item=second.code,
            by=f"item:{first.code}",
            defaults={
                "counts": [[group, option, n] for (group, option), n in sorted(cells.items())],
                "respondents": dict(respondents),
                "made_at": now,
            },
        )
    return table


def show_table(
    *,
    dataset: Dataset,
    item: str,
    by: str = "",
    ground: Ground = PROTECTED,
    actor: Visitor | None,
    now: dt.datetime,
) -> ShownTable:
    """Put a table through disclosure control and record what may be shown of it.

    A table that has been shown is given as it was: asking again cannot give more.
    """
    asked = require_item(dataset.population, item)
    already = ShownTable.objects.filter(dataset=dataset, item=item, by=by).first()
    if already is not None:
        return already
    with action("analysis.table.show", actor=actor, now=now, about=dataset, item=item, by=by):
        # One at a time: each must reckon with all that has been shown before.
        Dataset.objects.select_for_update(no_key=True).get(pk=dataset.pk)
        ledger = list(ShownTable.objects.filter(dataset=dataset, item=item).order_by("pk"))
        already = next((row for row in ledger if row.by == by), None)
        if already is not None:
            return already
        earlier = [_disclosed(row) for row in ledger]
        stored = StoredTable.objects.get(dataset=dataset, item=item, by=by)
        figures: list[dict[str, Any]] = []
        tables: list[dict[str, Any]] = []
        for table in _count_tables(dataset, asked, stored):
            names = {each.name for each in table.dimensions}
            before = [
                one for row in earlier for one in row if names & {d.name for d in one.dimensions}
            ]
            disclosed = disclose(table, ground=ground, threshold=SURVEY_THRESHOLD, earlier=before)
            told = _payload_of(disclosed)
            figures += told.pop("named_figures")
            tables.append(told)
        return ShownTable.objects.create(
            dataset=dataset,
            item=item,
            by=by,
            ground={"kind": ground.kind, "citation": ground.citation},
            payload={"below": SURVEY_THRESHOLD, "figures": figures, "tables": tables},
            shown_at=now,
        )


def _count_tables(dataset: Dataset, item: Asked, stored: StoredTable) -> list[CountTable]:
    """Give the tables that a stored one is for disclosure control.

    A single-answer item is one table over its options and those who did not answer. Of an item where
    several may be chosen, each option is a table of its own: chosen, not chosen, not answered.
    """
    groups = _groups(dataset, stored.by)
    sizes = _group_sizes(dataset, stored.by)
    cells: dict[tuple[str, str], int] = {(group, option): n for group, option, n in stored.counts}
    tables = []
    options = (
        [item.option_codes] if item.kind == "single" else [(code,) for code in item.option_codes]
    )
    for codes in options:
        name = item.code if item.kind == "single" else f"{item.code}:{codes[0]}"
        categories = codes if item.kind == "single" else (CHOSEN, NOT_CHOSEN)
        merged = _merged(item) if item.kind == "single" else ()
        question = Dimension(name, (*categories, NO_ANSWER), only=tuple(categories), merged=merged)
        counts: dict[tuple[str, ...], int] = {}
        for group in groups:
            respondents = stored.respondents.get(group, 0)
            if sizes.get(group, respondents) < respondents:
                raise NotPossible("analysis.file_changed")
            place = (group,) if stored.by else ()
            if item.kind == "single":
                for code in codes:
                    counts[(*place, code)] = cells.get((group, code), 0)
            else:
                chosen = cells.get((group, codes[0]), 0)
                counts[(*place, CHOSEN)] = chosen
                counts[(*place, NOT_CHOSEN)] = respondents - chosen
        by = (Dimension(stored.by, tuple(groups), known=True),) if stored.by else ()
        tables.append(CountTable(dataset.content_hash, (*by, question), counts))
    return tables


def _merged(item: Asked) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The two ends of a scale, merged where an end has more than one option."""
    ends = (("positive", item.pole("positive")), ("negative", item.pole("negative")))
    return tuple((name, codes) for name, codes in ends if len(codes) > 1)


def _groups(dataset: Dataset, by: str) -> list[str]:
    if not by:
        return [""]
    known = {group for table in dataset.tables.filter(by=by) for group in table.respondents}
    return sorted(known)


def _group_sizes(dataset: Dataset, by: str) -> dict[str, int]:
    if not by:
        return {"": dataset.responses}
    if by == "region":
        return {row["stratum"]: row["complete"] for row in dataset.strata}
    return {}


def _payload_of(table: DisclosedTable) -> dict[str, Any]:
    figures: list[dict[str, Any]] = [
        {
            "place": list(f.place),
            "mark": f.mark,
            "count": f.count,
            "base": f.base,
            "percent": f.percent,
        }
        for f in table.figures
    ]
    question = table.dimensions[-1].name
    option = question.partition(":")[2]
    named = []
    for figure in figures:
        place = list(figure["place"])
        if option:
            # Only the chosen side is told; the other follows from it.
            if place[-1] != CHOSEN:
                continue
            place[-1] = option
        named.append({**figure, "place": place})
    return {
        "dataset": table.dataset,
        "dimensions": [
            {
                "name": d.name,
                "categories": list(d.categories),
                "known": d.known,
                "only": list(d.only),
                "merged": [[key, list(members)] for key, members in d.merged],
            }
            for d in table.dimensions
        ],
        "ground": {"kind": table.ground.kind, "citation": table.ground.citation},
        "below": table.below,
        "figures": figures,
        "named_figures": named,
    }


def _disclosed(row: ShownTable) -> list[DisclosedTable]:
    """Read back what the ledger keeps of a shown table."""
    return [
        DisclosedTable(
            dataset=table["dataset"],
            dimensions=tuple(
                Dimension(
                    d["name"],
                    tuple(d["categories"]),
                    known=d["known"],
                    only=tuple(d["only"]),
                    merged=tuple((key, tuple(members)) for key, members in d["merged"]),
                )
                for d in table["dimensions"]
            ),
            ground=Ground(table["ground"]["kind"], table["ground"]["citation"]),
            below=table["below"],
            figures=tuple(
                Figure(tuple(f["place"]), f["mark"], f["count"], f["base"], f["percent"])
                for f in table["figures"]
            ),
        )
        for table in row.payload["tables"]
    ]
