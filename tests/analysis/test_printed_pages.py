"""The public pages of printed figures: "Trykt og etterregnet" and one page per questionnaire."""

from __future__ import annotations

import csv
import io
import re

import pytest
from django.test import Client
from openpyxl import load_workbook

from sloyfe.analysis.actions.printed import Loaded
from sloyfe.analysis.models import PrintedFigure
from sloyfe.analysis.texts import REFUSALS
from tests.analysis.facts import FIGURES

pytestmark = pytest.mark.django_db
PAGE = "/rapporter/2017/trykt-og-etterregnet/"
ANSWERS = "/rapporter/2017/svar/{}/"


def page(client: Client, path: str, **query: str) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200
    return answer.content.decode()


def ids(html: str) -> set[str]:
    return set(re.findall(r'<tr role="row" id="(\w+)"', html))


def test_every_figure_stands_on_the_page_with_an_address_of_its_own(
    client: Client, loaded: Loaded
) -> None:
    html = page(client, PAGE)

    assert ids(html) == {figure.code for figure in FIGURES}
    assert "Av 259 tall fra de tre spørreskjemaene lar 185 seg regne ut nøyaktig som trykt." in html
    assert "Tallene har vært offentlige siden 2018." in html
    for word in ("Trykt", "Avledet", "Ukjent", "Simulert"):
        assert f"<dt>{word}</dt>" in html
    assert html.count("<h1") == 1
    assert "None" not in html


@pytest.mark.parametrize(
    ("query", "prefix", "many"),
    [
        ({"skjema": "storby"}, "S", 65),
        ({"skjema": "frame"}, "F", 49),
        ({"skjema": "by_tettsted", "resultat": "rounding"}, "B", 8),
        ({"skjema": "grunntilbud", "resultat": "contradiction"}, "G", 8),
    ],
)
def test_the_filter_leaves_what_was_asked_for(
    client: Client, loaded: Loaded, query: dict[str, str], prefix: str, many: int
) -> None:
    found = ids(page(client, PAGE, **query))

    assert len(found) == many
    assert {code[0] for code in found} == {prefix}


@pytest.mark.parametrize(
    "query",
    [{"skjema": "nobody"}, {"resultat": "<script>alert(1)</script>"}, {"skjema": "\0"}, {"skjema": "x" * 5000}],
)  # fmt: skip
def test_a_filter_value_that_does_not_exist_shows_all_and_says_so(
    client: Client, loaded: Loaded, query: dict[str, str]
) -> None:
    html = page(client, PAGE, **query)

    assert len(ids(html)) == 308
    assert "Derfor vises alle." in html
    assert "<script>alert" not in html


def test_a_filter_that_leaves_nothing_says_so(client: Client, loaded: Loaded) -> None:
    html = page(client, PAGE, skjema="storby", resultat="rounding")

    assert ids(html) == set()
    assert "Ingen slike tall" in html


def test_the_csv_file_holds_the_same_figures_and_no_formula(client: Client, loaded: Loaded) -> None:
    PrintedFigure.objects.filter(code="G017").delete()
    hostile = PrintedFigure.objects.get(code="G018")
    hostile.pk, hostile.code, hostile.question = None, "G999", {"nb": "=1+1"}
    hostile.save(force_insert=True)

    answer = client.get(f"{PAGE}tabell.csv", {"skjema": "grunntilbud"})

    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert answer["Content-Disposition"].startswith("attachment")
    assert len(rows) == 1 + 70
    cells = {cell for row in rows for cell in row}
    assert "'=1+1" in cells
    assert not any(cell.startswith(("=", "@", "+")) for cell in cells)


def test_the_workbook_holds_every_figure(client: Client, loaded: Loaded) -> None:
    answer = client.get(f"{PAGE}tabell.xlsx")

    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    first = {str(row[0].value) for row in sheet.iter_rows()}
    assert {figure.code for figure in FIGURES} <= first


def test_the_questionnaires_are_told_as_printed(client: Client, loaded: Loaded) -> None:
    basic = page(client, ANSWERS.format("basic-offer"))
    towns = page(client, ANSWERS.format("towns"))
    cities = page(client, ANSWERS.format("cities"))

    assert "42 av 102 kommuner svarte" in basic
    assert "44 av 62 kommuner svarte" in towns
    assert "4 av 5 kommuner svarte" in cities
    assert "<svg" in basic
    assert "<svg" in towns
    # A group under ten is told in counts, never in percent.
    told = cities[cities.index('<article class="sl-report"') : cities.index("</article>")]
    assert "<svg" not in told
    assert "%" not in told
    assert "prosent" not in told.lower()
    # Merged stays merged, and what is not printed says so.
    assert "Enig + delvis enig: 82" in basic
    assert "ikke oppgitt" in towns
    for html in (basic, towns, cities):
        assert "Selve spørreskjemaet er ikke trykt." in html


def test_the_page_says_why_no_cross_table_can_be_made(client: Client, loaded: Loaded) -> None:
    html = page(client, ANSWERS.format("towns"))

    assert "Hvordan svarene hører sammen, er ikke kjent." in html
    assert "analysis.cross_table_unknown" in REFUSALS


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("nn", ("Trykt og etterrekna", "Kven som vart trekte ut", "Stemmer nøyaktig", "Nøgd")),
        ("en-gb", ("Printed and recalculated", "Comes out exactly", "Satisfied", "21 of 39")),
    ],
)
def test_the_page_speaks_the_readers_language(
    client: Client, loaded: Loaded, language: str, words: tuple[str, ...]
) -> None:
    client.cookies["django_language"] = language
    html = page(client, PAGE)

    for each in words:
        assert each in html
    assert ("Fornøyd" in html, "Vår avrunding" in html) == (False, language == "nn")


def test_another_round_is_not_found(client: Client, loaded: Loaded) -> None:
    for path in (
        "/rapporter/2018/trykt-og-etterregnet/",
        ANSWERS.format("nobody"),
        f"{PAGE}tabell.exe",
    ):
        assert client.get(path).status_code == 404
