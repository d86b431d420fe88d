"""A made-up report of the size of a whole survey evaluation: 60 tables, 25 charts, some 30 pages."""

from __future__ import annotations

import random
from decimal import Decimal

from sloyfe.render import numbers
from sloyfe.render.blocks import (
    Answer,
    BarChart,
    BarRow,
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Document,
    DotChart,
    DotRow,
    Heading,
    LikertChart,
    LikertPart,
    LikertRow,
    Paragraph,
    RankingEntry,
    RankingList,
    Row,
    Table,
    Tile,
    TileMap,
)

MARK = "Simulert innhold (øving)"
SCALE = (
    ("Svært uenig", "negative", ""),
    ("Ganske uenig", "negative", ""),
    ("Verken enig eller uenig", "neutral", ""),
    ("Ganske enig", "positive", ""),
    ("Svært enig", "positive", ""),
    ("Vet ikke", "neutral", "dont_know"),
)
STATEMENTS = (
    "Dialogen med regionkontoret er god",
    "Programavtalen er et nyttig verktøy for å prioritere det boligsosiale arbeidet i kommunen",
    "Kommunen vet hvem den skal kontakte",
    "Vi rapporterer det samme flere ganger til ulike deler av forvaltningen",
    "Samlingene gir oss noe vi kan bruke i arbeidet etterpå",
    "Ledelsen i kommunen kjenner målene for programmet",
    "Vi får svar på det vi rapporterer",
    "Tilskuddene er forutsigbare nok til at vi kan planlegge flere år fram i tid",
)
REGIONS = ("Nordmark", "Vestmark", "Sørmark", "Østmark", "Midtmark", "Øymark")


def likert_table(rows: tuple[LikertRow, ...], title: str, base: int) -> Table:
    """The frequency table behind a battery."""
    columns = (*(Column(label, "%", "percent") for label, _, _ in SCALE), Column("N"))
    return Table(
        title,
        columns,
        tuple(
            Row(
                row.label,
                (
                    *(Cell(numbers.share(part.share)) for part in row.parts),
                    Cell(numbers.number(row.n or 0)),
                ),
            )
            for row in rows
        ),
        notes=("Andelene er avrundet hver for seg.",),
        source=f"Runde 2, {base} svar",
        head="Påstand",
    )


def battery(random_: random.Random, base: int, size: int) -> tuple[LikertRow, ...]:
    """Answers to a battery, made up."""
    rows = []
    for statement in STATEMENTS[:size]:
        counts = [random_.randint(1, 20) for _ in SCALE]
        total = sum(counts)
        rows.append(
            LikertRow(
                statement,
                total,
                tuple(
                    LikertPart(label, count / total, count, pole, mark)  # type: ignore[arg-type]
                    for (label, pole, mark), count in zip(SCALE, counts, strict=True)
                ),
            )
        )
    return tuple(rows)


def small() -> Document:
    """One of every block, with a hidden cell, Sámi letters and signs that mean something elsewhere."""
    rows = battery(random.Random(1), 44, 3)
    data = likert_table(rows, "Samarbeidet", 44)
    by_region = Table(
        "Svar etter region",
        (
            Column("Fornøyde", "%", "percent", n=1234),
            Column("Intervall", "%", "interval"),
            Column("Merknad", kind="text"),
        ),
        (
            Row("Nordmark", (Cell("73"), Cell("60–83"), Cell("Mátta-Várjjaga gielda"))),
            Row("Sørmark", (Cell(":"), Cell(":", "Færre enn 5 svar."), Cell("#let $x$ *b* <i>&"))),
            Row("I alt", (Cell("71"), Cell("64–77"), Cell("=1+1")), emphasis=True),
        ),
        notes=("Etterregnet.",),
        source="Runde 2",
        head="Region",
    )
    return Document(
        "Slik virker <programmet> & dialogen",
        "Spørreundersøkelsen i runde 2",
        "nb",
        (MARK,),
        "23. november 2026",
        "Øvelsesprogrammet",
        (
            Heading(1, "Er kommunene fornøyde?", "fornoyde"),
            Answer("73 prosent av kommunene er fornøyde med dialogen."),
            Callout("simulated", "Alle tall er laget av en modell."),
            Paragraph("Første avsnitt.\n\nAndre avsnitt med «sitat» og #hash."),
            Bullets(("Ett", "To")),
            by_region,
            LikertChart("Tre av fire er enige", "Grad av enighet", rows, "Tre av fire er enige i at dialogen er god.", data, "Runde 2"),
            DotChart(
                "Nordmark ligger høyest", "Andel fornøyde",
                (DotRow("Nordmark", 73, 60, 83, 44), DotRow("Storbyene", 80, n=5), DotRow("Sørmark", None, n=3, text=":")),
                "Nordmark ligger høyest med 73 prosent.", by_region,
            ),
            BarChart("Flest bruker startlån", "Antall kommuner", (BarRow("Startlån", 94), BarRow("Tilskudd", 61.5)), "94 kommuner bruker startlån.", by_region, "kommuner"),
            TileMap("Nord er mest fornøyd", "Andel fornøyde", (Tile("Nordmark", 0, 1, 73, "73 %"), Tile("Sørmark", 1, 0, None, ":")), "Nordmark er mest fornøyd.", by_region),
            RankingList("Nytten av tilbudene", (RankingEntry("1", "Startlån", "94 %"), RankingEntry("2–3", "Kurs", "61 %")), value_title="Andel"),
        ),
        series="Evaluering",
    )  # fmt: skip


def large() -> Document:
    """60 tables and 25 charts in five chapters."""
    random_ = random.Random(2017)
    blocks: list[Block] = []
    tables = charts = 0
    for chapter in range(1, 6):
        blocks += [
            Heading(
                1, f"Kapittel {chapter}: hva sier kommunene om samarbeidet?", f"kapittel-{chapter}"
            ),
            Answer(
                "Tre av fire kommuner mener at dialogen er god, men færre får svar på det de rapporterer."
            ),
        ]
        if chapter == 1:
            blocks.append(
                Callout(
                    "method",
                    "Intervallene bygger på at de som svarte, er et tilfeldig utvalg i hvert stratum.",
                )
            )
        for part in range(1, 6):
            rows = battery(random_, 60, 3 + (chapter + part) % 6)
            data = likert_table(rows, f"Svar på batteri {chapter}.{part} etter påstand", 62)
            blocks += [
                Heading(
                    2, f"Tema {chapter}.{part}: planer, tilskudd og kurs", f"tema-{chapter}-{part}"
                ),
                Paragraph(
                    "De fleste kommunene er enige i påstandene. Forskjellene mellom regionene er små, og de er "
                    "mindre enn usikkerheten i tallene. Kommuner med færre enn 5 000 innbyggere svarer oftere "
                    "«vet ikke» enn de andre."
                ),
            ]
            if part == 5:
                dots = tuple(
                    DotRow(region, 40 + 7 * place, 33 + 7 * place, 52 + 7 * place, 17)
                    for place, region in enumerate(REGIONS)
                )
                shown = LikertChart if chapter % 2 else DotChart
                if shown is DotChart:
                    blocks.append(
                        DotChart(
                            "Øymark ligger høyest",
                            "Andel fornøyde, med 95 prosent intervall",
                            dots,
                            "Øymark ligger høyest.",
                            data,
                            "Runde 2",
                        )
                    )
                else:
                    blocks.append(
                        BarChart(
                            "Startlån brukes av flest",
                            "Andel kommuner",
                            tuple(BarRow(r, 90 - 9 * i, 17) for i, r in enumerate(REGIONS)),
                            "Flest bruker startlån.",
                            data,
                            "%",
                            "Runde 2",
                        )
                    )
            else:
                blocks.append(
                    LikertChart(
                        "De fleste er enige i at dialogen er god",
                        "Grad av enighet, prosent",
                        rows,
                        "De fleste er enige.",
                        data,
                        "Runde 2, spørsmål 7",
                    )
                )
            charts += 1
            blocks.append(data)
            tables += 1
            for extra in range(2 if (part != 1) else 1):
                if tables >= 12 * chapter:
                    break
                blocks.append(
                    Table(
                        f"Andel enige etter region {chapter}.{part}.{extra}",
                        (Column("Runde 1", "%", "percent", n=102), Column("Runde 2", "%", "percent", n=98), Column("Endring", "prosentpoeng")),
                        tuple(
                            Row(region, (Cell(str(random_.randint(40, 90))), Cell(str(random_.randint(40, 90))), Cell(numbers.difference(Decimal(random_.randint(-9, 9))))))
                            for region in REGIONS
                        ),
                        source="Runde 1 og 2",
                        head="Region",
                    )
                )  # fmt: skip
                tables += 1
        blocks.append(
            RankingList(
                f"Mest nyttig, kapittel {chapter}",
                tuple(
                    RankingEntry(str(i), s, f"{95 - 6 * i} %")
                    for i, s in enumerate(STATEMENTS[:5], 1)
                ),
            )
        )
        tables += 1
    return Document(
        "Følgeevaluering av øvelsesprogrammet", "Spørreundersøkelsene i runde 2", "nb", (MARK,), "23. november 2026",
        "Øvelsesprogrammet", tuple(blocks), series="Evalueringsrapport 2", appendix=False,
    )  # fmt: skip
