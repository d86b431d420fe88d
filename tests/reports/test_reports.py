"""A report holds exactly the answers that were frozen, in every format, and nothing that singles anybody out."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import docx
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from openpyxl import load_workbook
from pypdf import PdfReader

from sloyfe.accounts.models import Person
from sloyfe.analysis.models import ShownTable
from sloyfe.audit.models import Event
from sloyfe.common.errors import ChangedMeanwhile, InputProblem, NotAllowed, NotPossible
from sloyfe.fieldwork.models import Round
from sloyfe.files import rendering as files
from sloyfe.programme.models import Programme
from sloyfe.render import html
from sloyfe.render.blocks import Document
from sloyfe.reports import actions, exports
from sloyfe.reports.models import Report, ReportFile
from sloyfe.reports.queries.documents import document_of
from sloyfe.reports.rules import ReportState
from tests.cast import NOW, TODAY, World
from tests.fieldwork import frozen

pytestmark = pytest.mark.django_db

LEADERS = ("owner", "national_lead", "project_group")
OTHERS = ("municipality", "partner", "auditor", "regional_office_nord")


def made(world: World, n: int = 12, language: str = "nb", slug: str = "rapport") -> Report:
    dataset = frozen.frozen(world, n)
    report = actions.make_report(
        round_=dataset.round,
        slug=slug,
        title="Rapporten om runden",
        subtitle="",
        language=language,
        publisher="Forskningsinstituttet",
        actor=world.person("evaluator"),
        now=NOW,
    )
    actions.prepare(report=report, now=NOW)
    return report


def published(world: World, **more: Any) -> Report:
    report = made(world, **more)
    return actions.publish(report=report, actor=world.person("evaluator"), now=NOW)


def page(world: World, role: str, url: str) -> tuple[int, str]:
    client = Client()
    if role:
        client.force_login(world.person(role))
    answer = client.get(url)
    return answer.status_code, answer.content.decode(errors="replace")


def texts(report: Report) -> dict[str, str]:
    """The text of a report in every format, with spaces evened out."""
    made = files.render_all(document_of(report, day=TODAY))
    word = docx.Document(io.BytesIO(made["docx"]))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    book = load_workbook(io.BytesIO(made["xlsx"]))
    values = [
        str(c)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for c in row
        if c is not None
    ]
    found = {
        "html": re.sub(r"<[^>]+>", " ", made["html"].decode()),
        "pdf": " ".join(page.extract_text() for page in PdfReader(io.BytesIO(made["pdf"])).pages),
        "docx": " ".join([*(p.text for p in word.paragraphs), *cells]),
        "xlsx": " ".join(values),
    }
    return {name: " ".join(text.split()) for name, text in found.items()}


def row_of(report: Report, question: str) -> list[str]:
    """The cells of a question's own row in the table behind its chart."""
    for table in files.tables_of(document_of(report, day=TODAY)):
        if len(table.rows) == 1 and table.title == question:
            return [cell.text for cell in table.rows[0].cells]
    raise LookupError(question)


def test_a_report_to_start_from_holds_every_countable_question(world: World) -> None:
    report = made(world)

    kinds = [(spec["kind"], spec.get("question")) for spec in report.plan]
    assert kinds[0] == ("heading", None)
    assert ("response", None) in kinds
    assert ("question", "satisfied") in kinds
    assert ("question", "useful") in kinds
    assert ("ranking", "wishes") in kinds
    assert ("question", "comment") not in kinds
    assert kinds[-1] == ("method", None)


def test_the_table_holds_exactly_the_answers_in_every_format(world: World) -> None:
    report = made(world)

    # 7 of 12, 0, 3 and 2 (fewer than five), N 12
    assert row_of(report, "Spørsmål satisfied") == ["58", "0", "færre enn 5", "færre enn 5", "12"]
    for name, text in texts(report).items():
        assert "Spørsmål satisfied" in text, name
        assert "færre enn 5" in text, name
        assert "58" in text, name
        assert frozen.SENTINEL not in text, name


def test_no_name_of_those_who_answered_stands_in_the_report(world: World) -> None:
    for name, text in texts(made(world)).items():
        assert not any(
            row.name.removesuffix(" (øving)") in text for row in world.municipalities.values()
        ), name


def test_a_group_under_ten_is_told_in_numbers(world: World) -> None:
    report = made(world, n=9)

    row = row_of(report, "Spørsmål satisfied")

    assert row[0] == "5 av 9"
    assert "%" not in " ".join(row)
    assert "Færre enn ti svarte" in texts(report)["html"]


def test_figures_come_only_from_tables_that_have_been_through_disclosure_control(
    world: World,
) -> None:
    report = made(world)
    assert ShownTable.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE analysis_showntable DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM analysis_showntable")
        cursor.execute("ALTER TABLE analysis_showntable ENABLE TRIGGER USER")

    assert row_of(report, "Spørsmål satisfied") == ["–"] * 5


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("reader", ["nb", "nn", "en-gb"])
def test_the_reports_language_is_its_own_whoever_reads_it(
    world: World, language: str, reader: str
) -> None:
    report = made(world, language=language)

    with translation.override(reader):
        text = html.render(document_of(report, day=TODAY))

    words = {
        "nb": "kommuner som ble spurt",
        "nn": "kommunar som vart spurde",
        "en": "municipalities that were asked",
    }
    assert words[language] in text
    assert not any(other in text for key, other in words.items() if key != language)


def test_simulated_content_says_so_in_every_format(world: World) -> None:
    for name, text in texts(made(world)).items():
        assert "Simulert innhold (øving)" in text, name


def test_a_draft_is_for_the_evaluator_until_it_is_sent_for_comments(world: World) -> None:
    report = made(world)
    url = f"/rapporter/les/{report.slug}/"
    for role in ("", "stranger", *LEADERS, *OTHERS):
        assert page(world, role, url)[0] == 404
        assert page(world, role, f"{url}fil/pdf/")[0] == 404
    assert page(world, "evaluator", url)[0] == 200

    day = timezone.localdate() + dt.timedelta(days=7)
    actions.send_for_comments(
        report=report, comments_by=day, actor=world.person("evaluator"), now=NOW
    )

    assert [page(world, role, url)[0] for role in LEADERS] == [200, 200, 200]
    assert {page(world, role, url)[0] for role in ("", "stranger", *OTHERS)} == {404}


def test_a_published_exercise_is_for_the_programme_and_never_public(world: World) -> None:
    report = published(world)
    url = f"/rapporter/les/{report.slug}/"

    assert page(world, "municipality", url)[0] == 200
    assert page(world, "", url)[0] == 404
    assert report.title not in page(world, "", "/rapporter/")[1]
    # Not even where the programme is real but the round was simulated.
    Programme.objects.update(is_simulated=False)
    Round.objects.update(origin="simulated")
    assert page(world, "stranger", url)[0] == 404
    Round.objects.update(origin="fielded")
    assert page(world, "", url)[0] == 200


def test_a_published_report_never_changes(world: World) -> None:
    report = published(world)
    stored = {row.format: bytes(row.content) for row in ReportFile.objects.all()}
    assert set(stored) == {"html", "pdf", "docx", "xlsx"}

    with pytest.raises(NotPossible, match=r"report[.]published"):
        actions.save_plan(
            report=report,
            plan=[],
            revision=report.revision,
            actor=world.person("evaluator"),
            now=NOW,
        )
    with pytest.raises(NotPossible, match=r"report[.]published"):
        actions.publish(report=report, actor=world.person("evaluator"), now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        ReportFile.objects.update(content=b"noe annet")

    client = Client()
    client.force_login(world.person("owner"))
    assert client.get(f"/rapporter/les/{report.slug}/fil/pdf/").content == stored["pdf"]
    [event] = Event.objects.filter(action="reports.report.publish")
    assert set(event.details["files"]) == set(stored)


@pytest.mark.parametrize("role", [*LEADERS, "auditor", "municipality"])
def test_nobody_but_the_evaluator_writes_or_publishes(world: World, role: str) -> None:
    report = made(world)
    person = world.person(role)
    with pytest.raises(NotAllowed):
        actions.publish(report=report, actor=person, now=NOW)
    with pytest.raises(NotAllowed):
        actions.save_plan(report=report, plan=[], revision=0, actor=person, now=NOW)
    report.refresh_from_db()
    assert report.state == ReportState.DRAFT


def test_every_comment_is_answered_before_the_report_is_published(world: World) -> None:
    report = made(world)
    evaluator: Person = world.person("evaluator")
    day = timezone.localdate() + dt.timedelta(days=7)
    actions.send_for_comments(report=report, comments_by=day, actor=evaluator, now=NOW)
    group = Client()
    group.force_login(world.person("project_group"))

    told = group.post(
        f"/rapporter/les/{report.slug}/kommenter/", {"text": "Hva betyr dette?"}, follow=True
    )
    assert "Hva betyr dette?" in told.content.decode()
    with pytest.raises(NotPossible) as refusal:
        actions.publish(report=report, actor=evaluator, now=NOW)
    assert refusal.value.details == {"count": 1}

    from sloyfe.comments.models import Comment

    writer = Client()
    writer.force_login(evaluator)
    number = Comment.objects.get().pk
    told = writer.post(
        f"/rapporter/les/{report.slug}/kommentar/{number}/",
        {"outcome": "followed", "answer": "Skrevet om."},
        follow=True,
    )
    assert "Skrevet om." in told.content.decode()
    assert actions.publish(report=report, actor=evaluator, now=NOW).state == ReportState.PUBLISHED


def test_an_empty_comment_and_one_by_somebody_else_are_refused(world: World) -> None:
    report = made(world)
    day = timezone.localdate() + dt.timedelta(days=7)
    actions.send_for_comments(
        report=report, comments_by=day, actor=world.person("evaluator"), now=NOW
    )
    client = Client()

    client.force_login(world.person("project_group"))
    assert client.post(f"/rapporter/les/{report.slug}/kommenter/", {"text": " "}).status_code == 409
    client.force_login(world.person("owner"))
    assert (
        client.post(f"/rapporter/les/{report.slug}/kommenter/", {"text": "Hei"}).status_code == 403
    )


def test_of_two_editors_at_once_the_second_is_told_and_keeps_the_text(world: World) -> None:
    report = made(world)
    client = Client()
    client.force_login(world.person("evaluator"))
    here = f"/rapporter/les/{report.slug}/skriv/endre/"

    def put_in(text: str) -> Any:
        return client.post(
            here, {"place": 1, "revision": 0, "what": "insert", "kind": "paragraph", "text": text}
        )

    assert put_in("Den første teksten.").status_code == 302
    refused = put_in("Den andre teksten.")

    told = refused.content.decode()
    assert refused.status_code == 409
    assert "Noen andre endret rapporten mens du skrev." in told
    assert "Den andre teksten.</textarea>" in told
    assert 'name="revision" value="1"' in told
    report.refresh_from_db()
    assert [spec["text"] for spec in report.plan if spec["kind"] == "paragraph"] == [
        "Den første teksten."
    ]
    assert Event.objects.filter(action="reports.plan.save").count() == 1


def test_a_plan_from_yesterday_is_refused_by_the_action_too(world: World) -> None:
    report = made(world)
    evaluator = world.person("evaluator")
    actions.save_plan(report=report, plan=report.plan, revision=0, actor=evaluator, now=NOW)

    with pytest.raises(ChangedMeanwhile):
        actions.save_plan(report=report, plan=[], revision=0, actor=evaluator, now=NOW)


@pytest.mark.parametrize(
    "spec",
    [{"kind": "spell"}, {"kind": "question"}, {"kind": "comparison", "population": "a", "question": "b", "by": "name"}, {"kind": "paragraph", "text": "x" * 9000}],
    ids=["unknown", "incomplete", "unknown group", "too long"],
)  # fmt: skip
def test_a_plan_that_cannot_be_made_is_refused_with_the_place(
    world: World, spec: dict[str, Any]
) -> None:
    report = made(world)

    with pytest.raises(InputProblem) as wrong:
        actions.save_plan(
            report=report, plan=[spec], revision=0, actor=world.person("evaluator"), now=NOW
        )

    assert "1" in str(wrong.value)


@pytest.mark.parametrize(
    "data",
    [
        {"place": "x", "revision": "0", "what": "up"},
        {"place": "-1", "revision": "0", "what": "up"},
        {"place": "0", "revision": "0", "what": "explode"},
        {},
    ],
)
def test_a_change_that_makes_no_sense_is_no_fault_of_ours(
    world: World, data: dict[str, str]
) -> None:
    report = made(world)
    client = Client()
    client.force_login(world.person("evaluator"))

    assert client.post(f"/rapporter/les/{report.slug}/skriv/endre/", data).status_code == 404


def test_blocks_move_and_go_and_the_last_one_may_go(world: World) -> None:
    report = made(world)
    client = Client()
    client.force_login(world.person("evaluator"))
    here = f"/rapporter/les/{report.slug}/skriv/endre/"
    count = len(report.plan)

    for revision in range(count):
        told = client.post(here, {"place": 0, "revision": revision, "what": "remove"})
        assert told.status_code == 302
    report.refresh_from_db()
    assert report.plan == []
    assert client.get(f"/rapporter/les/{report.slug}/").status_code == 200
    assert "Sett inn tekst" in client.get(f"/rapporter/les/{report.slug}/skriv/").content.decode()
    assert client.post(here, {"place": 0, "revision": count, "what": "remove"}).status_code == 302


def test_script_in_a_text_stays_text(world: World) -> None:
    report = made(world)
    plan = [{"kind": "paragraph", "text": "<script>alert(1)</script> & «»"}]
    actions.save_plan(
        report=report, plan=plan, revision=0, actor=world.person("evaluator"), now=NOW
    )

    told = page(world, "evaluator", f"/rapporter/les/{report.slug}/")[1]

    assert "<script>alert" not in told
    assert "&lt;script&gt;alert(1)" in told


def test_a_draft_is_rendered_once_for_each_content(world: World, monkeypatch: Any) -> None:
    report = made(world)
    made_files: list[str] = []
    before = files.FORMATS["docx"]

    def rendered(document: Document) -> bytes:
        made_files.append(document.title)
        return before(document)

    monkeypatch.setitem(files.FORMATS, "docx", rendered)

    first = exports.draft_file(report, "docx", day=TODAY)
    assert exports.draft_file(report, "docx", day=TODAY) == first
    assert len(made_files) == 1
    report.title = "En annen tittel"
    exports.draft_file(report, "docx", day=TODAY)
    assert len(made_files) == 2


def test_only_so_many_drafts_are_kept(world: World, monkeypatch: Any, settings: Any) -> None:
    report = made(world)
    monkeypatch.setattr(exports, "KEPT", 2)
    for at in range(4):
        report.title = f"Tittel {at}"
        exports.draft_file(report, "xlsx", day=TODAY)

    assert len(list(settings.DRAFTS.glob("*.xlsx"))) == 2


def test_a_report_of_any_length_takes_the_same_number_of_queries(world: World) -> None:
    report = made(world)

    def count() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            document_of(report, day=TODAY)
        return len(queries)

    report.refresh_from_db()
    count()  # what the report remembers of its round is read the first time
    before = count()
    report.plan = report.plan * 10
    assert count() == before <= 12
