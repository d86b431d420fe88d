"""A year's programme report says what was reported, in public, and only the owner publishes it."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from sloyfe.common.errors import InputProblem, NotAllowed, NotPossible
from sloyfe.delivery.models import Decision, Result, ResultDefinition, YearlyReport
from sloyfe.delivery.rules.documents import Access, DocumentKind
from sloyfe.files.rendering import render_all, tables_of
from sloyfe.organisations.models import Affiliation
from sloyfe.programme.models import Programme, Statement
from sloyfe.reports import actions
from sloyfe.reports.models import Report
from sloyfe.reports.queries.documents import document_of
from sloyfe.reports.rules import BlockKind, ReportState, plan_problems
from tests.cast import NOW, START, TODAY, World
from tests.delivery.cabinet import YEAR, make_document, office, reporting_year

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


def cells(report: Report, head: str) -> list[str]:
    """The cells of the first row with this head, in any table."""
    for table in tables_of(document_of(report, day=TODAY)):
        for row in table.rows:
            if row.head == head:
                return [cell.text for cell in row.cells]
    raise LookupError(head)


def get(world: World, role: str, address: str, data: Any = None) -> Any:
    client = Client()
    if role:
        client.force_login(world.person(role))
    return client.get(address) if data is None else client.post(address, data)


def test_the_report_adds_up_what_was_reported_and_says_what_is_missing(world: World) -> None:
    reported(world, "X104", 12, "Vi fant boliger i hele byen")
    reported(world, "X203", 5, "Naboene hjalp til")
    make_document(world, DocumentKind.NEED)
    report = made(world)

    assert cells(report, "Nye boliger") == ["boliger", "17", "2", "2"]
    assert cells(report, "Nye boliger (boliger)") == ["12", "5", "17"]
    said = text_of(report)
    assert "Naboene hjalp til" in said
    assert "Ingen mangler et sted å bo" in said
    assert "Simulert" in said


def test_what_is_kept_from_the_public_is_in_no_figure_and_no_quotation(world: World) -> None:
    reported(world, "X104", 12, "Dette er åpent")
    reported(world, "X203", 5, "Dette er lukket", Access.EXEMPT)
    make_document(world, DocumentKind.MATTER, access=Access.INTERNAL, words="Hemmelig vedtak")
    report = made(world)

    assert cells(report, "Nye boliger")[1] == "12"
    said = text_of(report)
    assert "Dette er åpent" in said
    assert "Dette er lukket" not in said
    assert "Hemmelig vedtak" not in said


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
    listed = get(world, "national_lead", reverse("reports:list")).content.decode()
    make = reverse("reports:make_year", args=[world.programme.slug, YEAR])
    assert make in listed
    form = get(world, "national_lead", make).context["form"]

    answer = get(world, "national_lead", make, dict(form.initial) | {"subtitle": ""})
    page = get(world, "national_lead", answer["Location"])
    written = get(world, "national_lead", f"{answer['Location']}skriv/")
    sent = get(world, "owner", f"{answer['Location']}publiser/", {})

    assert (page.status_code, written.status_code, sent.status_code) == (200, 200, 302)
    assert Report.objects.get().state == ReportState.PUBLISHED
    again = get(world, "national_lead", make)
    assert again["Location"] == answer["Location"]


def test_a_report_asks_as_few_questions_of_many_municipalities(
    world: World, django_assert_max_num_queries: Any
) -> None:
    for code in world.municipalities:
        reported(world, code, 3, f"ord {code}")
        make_document(world, DocumentKind.NEED, code=code)
    report = made(world)

    client = Client()
    client.force_login(world.person("national_lead"))

    with django_assert_max_num_queries(17):
        assert client.get(reverse("reports:report", args=[report.slug])).status_code == 200
