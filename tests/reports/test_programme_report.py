"""A year's programme report says what was reported, in public, and only the owner publishes it."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from sloyfe.common.errors import InputProblem, NotAllowed, NotPossible
from sloyfe.delivery.models import (
    Decision,
    Matter,
    Need,
    ReportingYear,
    Result,
    ResultDefinition,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.rules.documents import Access, DocumentKind
from sloyfe.files.rendering import render_all, tables_of
from sloyfe.home.queries.waiting import waiting
from sloyfe.instruments.models import Version
from sloyfe.organisations.models import Affiliation
from sloyfe.programme.models import Programme, Statement
from sloyfe.render.blocks import Bullets, Callout, Table
from sloyfe.reports import actions
from sloyfe.reports.models import Report
from sloyfe.reports.queries.documents import document_of
from sloyfe.reports.rules import BlockKind, ReportState, plan_problems
from tests.cast import NOW, START, TODAY, World
from tests.delivery.cabinet import YEAR, make_document, office, reporting_year
from tests.delivery.results import year_of

pytestmark = pytest.mark.django_db
LEADERS = ("owner", "national_lead")


def homes(world: World) -> ResultDefinition:
    """What is counted: homes, for a goal."""
    goal, _ = Statement.objects.get_or_create(
        programme=world.programme,
        kind="goal",
        code="m1",
        defaults={"position": 0, "text": {"nb": "Ingen mangler et sted å bo"}},
    )
    found, _ = ResultDefinition.objects.get_or_create(
        programme=world.programme,
        code="homes",
        defaults={
            "title": {"nb": "Nye boliger"},
            "unit": {"nb": "boliger"},
            "aggregation": "sum",
            "item": "homes",
            "goal": goal,
            "position": 1,
            "is_outcome": True,
        },
    )
    return found


def reported(
    world: World, code: str, value: int, words: str, access: Access = Access.PUBLIC
) -> YearlyReport:
    report: YearlyReport = make_document(
        world, DocumentKind.REPORT, access=access, words=words, code=code
    )
    Result.objects.create(
        definition=homes(world),
        municipality=report.municipality,
        report=report,
        year=YEAR,
        value=value,
        is_public=report.is_public,
    )
    return report


def made(world: World, slug: str = "ar", language: str = "nb") -> Report:
    return actions.make_report_of_year(
        year=reporting_year(world),
        slug=slug,
        title="Programrapport",
        subtitle="",
        language=language,
        publisher="Strategikontoret",
        actor=world.person("national_lead"),
        now=NOW,
    )


def text_of(report: Report) -> str:
    pages = PdfReader(io.BytesIO(render_all(document_of(report, day=TODAY))["pdf"])).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def rows(report: Report, head: str, day: dt.date = TODAY) -> list[list[str]]:
    """The cells of every row with this head, in the order of the tables."""
    return [
        [cell.text for cell in row.cells]
        for table in tables_of(document_of(report, day=day))
        for row in table.rows
        if row.head == head
    ]


def cells(report: Report, head: str) -> list[str]:
    """The cells of the first row with this head, in any table."""
    return rows(report, head)[0]


def due_on(day: dt.date, year: int = YEAR) -> None:
    """Let a year's reporting open and be due on one day."""
    names = ("opens_on", "due_on", "answer_by", "summary_by", "national_by")
    ReportingYear.objects.filter(year=year).update(**dict.fromkeys(names, day))


def get(world: World, role: str, address: str, data: Any = None) -> Any:
    client = Client()
    if role:
        client.force_login(world.person(role))
    return client.get(address) if data is None else client.post(address, data)


def test_the_report_adds_up_what_was_reported_and_says_what_is_missing(world: World) -> None:
    reported(world, "X104", 12, "Vi fant boliger i hele byen")
    reported(world, "X203", 5, "Naboene hjalp til")
    for code in ("X101", "X102", "X201", "X202"):
        reported(world, code, 0, "Ord")
    make_document(world, DocumentKind.NEED)
    report = made(world)

    assert rows(report, "Nye boliger (boliger)") == [["17", "6 av 6"], ["12", "5", "17"]]
    said = text_of(report)
    assert "Naboene hjalp til" in said
    assert "Ingen mangler et sted å bo" in said
    assert "Simulert" in said


def test_what_is_kept_from_the_public_is_in_no_figure_and_no_quotation(world: World) -> None:
    for code, value in (("X104", 12), ("X101", 0), ("X102", 0)):
        reported(world, code, value, "Dette er åpent")
    reported(world, "X203", 5, "Dette er lukket", Access.EXEMPT)
    make_document(world, DocumentKind.MATTER, access=Access.INTERNAL, words="Hemmelig vedtak")
    report = made(world)

    assert cells(report, "Nye boliger (boliger)")[0] == "12"
    said = text_of(report)
    assert "Dette er åpent" in said
    assert "Dette er lukket" not in said
    assert "Hemmelig vedtak" not in said


def test_the_report_begins_with_what_it_says_in_short_and_how_many_stand_behind_each_figure(
    world: World,
) -> None:
    for code, value in (("X104", 12), ("X101", 0), ("X102", 0)):
        reported(world, code, value, "ord")
    make_document(world, DocumentKind.NEED)
    blocks = document_of(made(world), day=TODAY).blocks

    effect = next(block for block in blocks if isinstance(block, Callout) and "ffekt" in block.text)
    points = next(block for block in blocks if isinstance(block, Bullets))
    assert blocks.index(effect) < blocks.index(points)
    assert points.items[0] == "Nye boliger: 12 boliger. Tallet kommer fra 3 av 3 kommuner."
    assert "1 har fått svar" in points.items[1]
    for table in (block for block in blocks if isinstance(block, Table)):
        assert table.marks == ("Simulert innhold (øving)",), table.title


def test_what_was_chosen_is_told_option_by_option(world: World) -> None:
    ResultDefinition.objects.create(
        programme=world.programme,
        code="plan",
        title={"nb": "Har en plan"},
        aggregation="none",
        item="plan",
        goal=homes(world).goal,
        position=2,
    )
    for code, words in (("X104", "ja"), ("X203", "nei"), ("X101", "ja")):
        report = reported(world, code, 1, "ord")
        Result.objects.create(
            definition=ResultDefinition.objects.get(code="plan"),
            municipality=report.municipality,
            report=report,
            year=YEAR,
            words=words,
        )
    asked = {
        "code": "plan",
        "kind": "single",
        "text": {"nb": "Har kommunen en plan?"},
        "options": [{"code": "ja", "text": {"nb": "Ja"}}, {"code": "nei", "text": {"nb": "Nei"}}],
    }
    form = Version.objects.create(
        instrument=reporting_year(world).form.instrument,
        number=2,
        definition={"pages": [{"code": "p", "title": {"nb": "Plan"}, "questions": [asked]}]},
        content_hash="0" * 64,
    )
    ReportingYear.objects.update(form=form)

    assert rows(made(world), "Har en plan") == [["3 av 3", "Ja:\xa02; Nei:\xa01"]]


def test_a_region_says_where_not_all_who_sent_a_report_gave_a_figure(world: World) -> None:
    for code, value in (("X104", 12), ("X101", 3), ("X103", 0)):
        reported(world, code, value, "ord")
    make_document(world, DocumentKind.REPORT, code="X102")  # sent, without the figure
    table = tables_of(document_of(made(world), day=TODAY))[-1]
    north = next(row for row in table.rows if row.head == "Nye boliger (boliger)").cells[0]

    assert table.rows[0].cells[0].text == "4 av 4"
    assert (north.text, north.note) == ("15", "3 av 4 kommuner har oppgitt tallet.")


def test_a_figure_that_tells_of_one_or_two_is_not_printed(world: World) -> None:
    for code, value in (("X104", 12), ("X101", 3), ("X102", 4), ("X203", 9173)):
        reported(world, code, value, "ord")
    table = tables_of(document_of(made(world), day=TODAY))[-1]
    row = next(row for row in table.rows if row.head == "Nye boliger (boliger)")

    assert [cell.text for cell in row.cells] == [":", ":", "9 192".replace(" ", "\u202f")]
    assert "færre enn tre kommuner" in row.cells[1].note


def test_the_national_summary_and_its_answer_are_told_if_they_are_public(world: World) -> None:
    report = made(world)
    assert "ikke sendt til eieren" in text_of(report)
    summary = Summary.objects.create(
        programme=world.programme,
        reporting_year=reporting_year(world),
        level="nation",
        office=office(world, "national_lead"),
        to_office=office(world, "owner"),
        state="answered",
        sent_at=NOW,
        overview="Det går fremover",
        worked="Felles kontor",
        answer="Takk for det",
        answered_at=NOW,
    )

    said = text_of(report)
    assert "Det går fremover" in said
    assert "Felles kontor" in said
    assert "Takk for det" in said
    assert "ikke ferdig" not in said
    summary.access, summary.legal_ground = Access.INTERNAL.value, "offl. § 14"
    summary.save()
    said = text_of(report)
    assert "Det går fremover" not in said
    assert "Takk for det" not in said
    assert "ikke offentlig" in said


def test_a_year_that_is_not_finished_says_so_first(world: World) -> None:
    report = made(world)

    assert "2025 er ikke ferdig" in document_of(report, day=TODAY).blocks[1].text  # type: ignore[union-attr]
    ReportingYear.objects.update(state="closed")
    assert "2025 er ikke ferdig" not in text_of(report)


def test_each_decision_stands_in_the_report_of_one_year(world: World) -> None:
    make_document(world, DocumentKind.MATTER, words="Malen blir kortere")
    Decision.objects.update(
        decided_on=dt.date(2026, 1, 20), state="done", done_on=dt.date(2026, 2, 20), done_note="Ja."
    )
    report = made(world)

    def told(day: dt.date) -> list[list[str]]:
        return rows(report, "Malen blir kortere", day)

    # As it stood on the report's day: not decided, decided, carried out.
    assert told(dt.date(2026, 1, 19)) == []
    assert [row[-1] for row in told(dt.date(2026, 1, 21))] == ["i arbeid"]
    assert [row[-1] for row in told(TODAY)] == ["gjort"]
    # A decision from before the reporting opened, or after the next year's did, belongs to another.
    for day in (dt.date(2026, 1, 9), dt.date(2026, 2, 25)):
        Decision.objects.update(decided_on=day, done_on=day)
        year_of(world.programme, 2026)
        due_on(dt.date(2026, 2, 24), 2026)
        assert told(TODAY) == [], day


def test_a_need_that_went_up_is_told_with_what_was_decided_on_it(world: World) -> None:
    need = make_document(world, DocumentKind.NEED, words="Vi trenger en guide")
    Need.objects.update(raised_at=NOW, answered_at=NOW + dt.timedelta(days=1))
    make_document(world, DocumentKind.MATTER, words="Guiden blir laget")
    Matter.objects.update(need=need)
    Decision.objects.update(decided_on=dt.date(2026, 1, 5))

    said = text_of(made(world))

    assert "Behovet: Vi trenger en guide" in said
    assert "Vedtatt 5. januar 2026: Guiden blir laget (i arbeid)" in said
    assert "Ikke fått svar ennå" in said


def test_a_decision_that_is_public_is_told_with_who_carries_it_out(world: World) -> None:
    make_document(world, DocumentKind.MATTER, words="Kommunene får malen i januar")
    report = made(world)

    assert cells(report, "Kommunene får malen i januar")[0] == "Strategikontoret"
    assert Decision.objects.count() == 1


def test_what_effect_the_programme_has_is_not_claimed(world: World) -> None:
    reported(world, "X104", 12, "ord")
    kinds = [spec["kind"] for spec in made(world).plan]

    assert kinds.index("effect") < kinds.index("figures")
    assert kinds[-1] == "year_method"


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_year_without_reports_still_makes_a_report(world: World, language: str) -> None:
    report = made(world, language=language)

    files = render_all(document_of(report, day=TODAY))

    assert b"pdfuaid:part>1<" in files["pdf"]
    assert files["docx"].startswith(b"PK")


def test_nasjonalt_fagansvar_makes_it_and_the_owner_publishes_it(world: World) -> None:
    reported(world, "X104", 12, "ord")
    report = made(world)

    with pytest.raises(NotAllowed, match=r"only_the_owner"):
        actions.publish(report=report, actor=world.person("national_lead"), now=NOW)
    published = actions.publish(report=report, actor=world.person("owner"), now=NOW)

    assert published.state == ReportState.PUBLISHED
    assert {row.format for row in published.files.all()} == {"html", "pdf", "docx", "xlsx"}


def test_whoever_made_it_cannot_publish_it_even_in_both_offices(world: World) -> None:
    person = world.people["national_lead"]
    Affiliation.objects.create(person=person, organisation=office(world, "owner"), valid_from=START)
    report = made(world)

    with pytest.raises(NotAllowed, match=r"your_own"):
        actions.publish(report=report, actor=world.person("national_lead"), now=NOW)


@pytest.mark.parametrize("role", ["owner", "evaluator", "regional_office_nord", "municipality"])
def test_nobody_else_makes_it(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        actions.make_report_of_year(
            year=reporting_year(world),
            slug="ar",
            title="x",
            subtitle="",
            language="nb",
            publisher="x",
            actor=world.person(role),
            now=NOW,
        )


def test_a_year_has_one_report(world: World) -> None:
    made(world)

    with pytest.raises(NotPossible, match=r"year_taken"):
        made(world, slug="enda-en")


def test_a_report_tells_of_a_round_or_a_year_and_never_of_neither(world: World) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(programme=world.programme, slug="x", title="x", language="nb")


def test_blocks_of_a_round_do_not_fit_into_a_years_report(world: World) -> None:
    report = made(world)

    assert plan_problems([{"kind": "figures"}]) == [(1, "report.unknown_block")]
    assert not plan_problems([{"kind": kind} for kind in ("figures", "needs")], of_year=True)
    with pytest.raises(InputProblem):
        actions.save_plan(
            report=report,
            plan=[{"kind": BlockKind.METHOD.value}],
            revision=0,
            actor=world.person("national_lead"),
            now=NOW,
        )


def test_the_draft_is_read_by_those_who_lead_and_the_published_one_by_all_who_take_part(
    world: World,
) -> None:
    report = made(world)
    address = reverse("reports:report", args=[report.slug])
    others = ("evaluator", "municipality", "regional_office_nord", "")

    drafts = {role: get(world, role, address).status_code for role in (*LEADERS, *others)}
    actions.publish(report=report, actor=world.person("owner"), now=NOW)
    after = {role: get(world, role, address).status_code for role in ("municipality", "stranger")}
    Programme.objects.update(is_simulated=False)

    assert drafts == dict.fromkeys(LEADERS, 200) | dict.fromkeys(others, 404)
    assert after == {"municipality": 200, "stranger": 404}
    assert get(world, "", address).status_code == 200


def test_the_whole_way_on_pages(world: World) -> None:
    reported(world, "X104", 12, "ord")
    due_on(timezone.localdate())
    early = get(world, "national_lead", reverse("reports:list")).content.decode()
    assert "Lag programrapport" not in early
    due_on(TODAY)
    listed = get(world, "national_lead", reverse("reports:list")).content.decode()
    make = reverse("reports:make_year", args=[world.programme.slug, YEAR])
    assert make in listed
    form = get(world, "national_lead", make).context["form"]

    answer = get(world, "national_lead", make, dict(form.initial) | {"subtitle": ""})
    page = get(world, "national_lead", answer["Location"])
    written = get(world, "national_lead", f"{answer['Location']}skriv/")
    assert "frosne" not in written.content.decode()
    assert not waiting(world.person("owner"), TODAY)
    ReportingYear.objects.update(state="closed")
    (line,) = waiting(world.person("owner"), TODAY)
    assert line.url == answer["Location"]
    sent = get(world, "owner", f"{answer['Location']}publiser/", {})

    assert (page.status_code, written.status_code, sent.status_code) == (200, 200, 302)
    assert Report.objects.get().state == ReportState.PUBLISHED
    again = get(world, "national_lead", make)
    assert again["Location"] == answer["Location"]


def test_drafting_the_report_asks_the_database_as_often_for_ten_times_as_much(
    world: World, django_assert_max_num_queries: Any
) -> None:
    make = reverse("reports:make_year", args=[world.programme.slug, YEAR])
    client = Client()
    client.force_login(world.person("national_lead"))

    def draft() -> list[int]:
        """How often each page on the way from the form to the written draft asks."""
        counts = []

        def ask(address: str, status: int, data: Any = None) -> Any:
            with django_assert_max_num_queries(15) as asked:
                answer = client.get(address) if data is None else client.post(address, data)
            assert answer.status_code == status
            counts.append(len(asked))
            return answer

        form = ask(make, 200).context["form"]
        page = ask(make, 302, dict(form.initial) | {"subtitle": ""})["Location"]
        ask(page, 200)
        ask(f"{page}skriv/", 200)
        Report.objects.all().delete()
        return counts

    def live(codes: Any, rounds: int = 1) -> None:
        for code in codes:
            reported(world, code, 3, f"ord {code}")
            for number in range(rounds):
                need = make_document(world, DocumentKind.NEED, code=code)
                matter = make_document(world, DocumentKind.MATTER, words=f"{code} {number}")
                Matter.objects.filter(pk=matter.pk).update(need=need)
                Need.objects.update(raised_at=NOW)

    live(["X104"])
    few = draft()
    live([code for code in world.municipalities if code != "X104"], rounds=3)

    assert draft() == few
