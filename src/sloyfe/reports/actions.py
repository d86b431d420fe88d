"""Making, writing, circulating and publishing a report: of a round, or of a programme's year."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F
from django.utils.translation import override
from procrastinate.contrib.django import app as jobs

from sloyfe.accounts.models import Person
from sloyfe.analysis.actions import make_tables, show_table
from sloyfe.analysis.models import Dataset
from sloyfe.analysis.queries import items_of
from sloyfe.audit.actions import action, set_about
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.common.errors import ChangedMeanwhile, InputProblem, NotPossible, Problem
from sloyfe.delivery.models import ReportingYear
from sloyfe.fieldwork.models import Round
from sloyfe.files.rendering import render_all
from sloyfe.programme.queries import Visitor
from sloyfe.reports.models import Report, ReportFile
from sloyfe.reports.permissions import (
    check_may_edit,
    check_may_make,
    check_may_make_of_year,
    check_may_publish,
)
from sloyfe.reports.queries.documents import document_of
from sloyfe.reports.rules import (
    MOVES,
    BlockKind,
    ReportState,
    default_plan,
    plan_problems,
    year_plan,
)
from sloyfe.reports.texts import REFUSALS, STATE_TEXT, YEAR_CHAPTER_TEXT

COUNTABLE = {"single", "battery", "multiple"}


def make_report(
    *,
    round_: Round,
    slug: str,
    title: str,
    subtitle: str,
    language: str,
    publisher: str,
    actor: Visitor,
    now: dt.datetime,
) -> Report:
    """Make a whole report of a round to start from: who answered, every question, and the method.

    The tables it needs go through disclosure control in a job; until then they say that they are missing.
    """
    check_may_make(actor, round_, now.date())
    datasets = list(
        Dataset.objects.filter(population__round=round_)
        .select_related("population__version")
        .order_by("population__position")
    )
    if not datasets:
        raise NotPossible("report.nothing_frozen")
    plan = default_plan([_outline(dataset) for dataset in datasets])
    with action("reports.report.make", actor=actor, now=now) as event:
        report = Report.objects.create(
            programme_id=round_.programme_id,
            round=round_,
            slug=slug,
            title=title,
            subtitle=subtitle,
            language=language,
            publisher=publisher,
            plan=plan,
        )
        set_about(event, report)
        jobs.configure_task("reports.prepare").defer(report_id=report.pk)
    return report


def make_report_of_year(
    *,
    year: ReportingYear,
    slug: str,
    title: str,
    subtitle: str,
    language: str,
    publisher: str,
    actor: Visitor,
    now: dt.datetime,
) -> Report:
    """Make a programme's report of a year to start from: who reported, figures by goal and region, what
    municipalities say, needs, decisions, method. Only one for each year."""
    check_may_make_of_year(actor, year, now.date())
    with action("reports.report.make", actor=actor, now=now) as event:
        # Of two at once, the second waits here and is told that there is one.
        ReportingYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        if Report.objects.filter(reporting_year=year).exists():
            raise NotPossible("report.year_taken", year=year.year)
        report = Report.objects.create(
            programme_id=year.programme_id,
            reporting_year=year,
            made_by=actor if isinstance(actor, Person) else None,
            slug=slug,
            title=title,
            subtitle=subtitle,
            language=language,
            publisher=publisher,
            plan=year_plan(_year_headings()),
        )
        set_about(event, report)
    return report


def _year_headings() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {code: {} for code in YEAR_CHAPTER_TEXT}
    for language, name in (("nb", "nb"), ("nn", "nn"), ("en", "en-gb")):
        with override(name):
            for code, text in YEAR_CHAPTER_TEXT.items():
                found[code][language] = str(text)
    return found


def _outline(dataset: Dataset) -> dict[str, Any]:
    population = dataset.population
    return {
        "code": population.code,
        "title": population.title,
        "compare": dataset.responses >= 30,
        "estimate": dataset.responses >= 10,
        "pages": [
            {
                "title": page["title"],
                "questions": [
                    (question["code"], question["kind"])
                    for question in page["questions"]
                    if question["kind"] in COUNTABLE
                ],
            }
            for page in population.version.definition["pages"]
        ],
    }


def prepare(*, report: Report, now: dt.datetime) -> int:
    """Put every table that a report's plan names through disclosure control. Safe to run twice.

    Gives how many tables the plan needs. A table that cannot be shown is left out, and the report says so.
    """
    if report.round is None:
        return 0  # a year's report asks the roll-up, which has no tables to prepare
    datasets = {
        row.population.code: row
        for row in Dataset.objects.filter(population__round=report.round).select_related(
            "population__version", "population__round"
        )
    }
    needed: dict[tuple[str, str, str], None] = {}
    for spec in report.plan:
        if "question" not in spec or spec["population"] not in datasets:
            continue
        population = datasets[spec["population"]].population
        for item in items_of(population).values():
            if item.heading == spec["question"] and item.is_tabulated:
                needed[spec["population"], item.code, ""] = None
                if spec["kind"] == BlockKind.COMPARISON:
                    needed[spec["population"], item.code, spec["by"]] = None
    for dataset in datasets.values():
        if not dataset.tables.exists():
            make_tables(dataset=dataset, now=now)
    for population_code, item_code, by in needed:
        try:
            show_table(
                dataset=datasets[population_code], item=item_code, by=by, actor=None, now=now
            )
        except NotPossible:
            continue  # it would give somebody away; the report tells that the figure is missing
    return len(needed)


def save_plan(
    *,
    report: Report,
    plan: Sequence[Mapping[str, Any]],
    revision: int,
    actor: Visitor,
    now: dt.datetime,
) -> Report:
    """Write a report's plan. Refuses when somebody else has changed it since `revision`."""
    check_may_edit(actor, report, now.date())
    wrong = plan_problems(plan, of_year=report.reporting_year is not None)
    if wrong:
        raise InputProblem(
            [Problem(code, str(REFUSALS[code]) % {"place": place}) for place, code in wrong]
        )
    with action("reports.plan.save", actor=actor, now=now, about=report, blocks=len(plan)):
        saved = Report.objects.filter(pk=report.pk, revision=revision).update(
            plan=list(plan), revision=F("revision") + 1
        )
        if not saved:
            raise ChangedMeanwhile("report.changed_meanwhile")
        jobs.configure_task("reports.prepare").defer(report_id=report.pk)
    report.refresh_from_db()
    return report


def rename(
    *, report: Report, title: str, subtitle: str, publisher: str, actor: Visitor, now: dt.datetime
) -> Report:
    """Change a report's title, subtitle and publisher."""
    check_may_edit(actor, report, now.date())
    with action("reports.report.rename", actor=actor, now=now, about=report):
        report.title, report.subtitle, report.publisher = title, subtitle, publisher
        report.save(update_fields=["title", "subtitle", "publisher"])
    return report


def _move(report: Report, wanted: ReportState) -> None:
    if wanted not in MOVES[ReportState(report.state)]:
        raise NotPossible(
            "report.cannot_move",
            state=STATE_TEXT[ReportState(report.state)],
            wanted=STATE_TEXT[wanted],
        )
    report.state = wanted.value


def send_for_comments(
    *, report: Report, comments_by: dt.date, actor: Visitor, now: dt.datetime
) -> Report:
    """Let the client's project group read the draft and comment on it, by a date."""
    check_may_edit(actor, report, now.date())
    if comments_by < now.date():
        raise NotPossible("report.comments_by_has_passed")
    with action(
        "reports.report.circulate", actor=actor, now=now, about=report, by=comments_by.isoformat()
    ):
        _move(report, ReportState.COMMENTING)
        report.comments_by = comments_by
        report.save(update_fields=["state", "comments_by"])
    return report


def open_comments(report: Report) -> int:
    """Give how many comments have no answer yet."""
    return Comment.objects.filter(
        about_kind=report._meta.label_lower, about_id=str(report.pk), outcome=Outcome.OPEN.value
    ).count()


def publish(*, report: Report, actor: Person, now: dt.datetime) -> Report:
    """Publish a report: its files are made once and never change; every comment has been answered."""
    check_may_publish(actor, report, now.date())
    unanswered = open_comments(report)
    if unanswered:
        raise NotPossible("report.comments_unanswered", count=unanswered)
    prepare(report=report, now=now)
    document = document_of(report, day=now.date())
    files = render_all(document)
    with action("reports.report.publish", actor=actor, now=now, about=report) as event:
        _move(report, ReportState.PUBLISHED)
        moved = Report.objects.filter(pk=report.pk, revision=report.revision).exclude(
            state=ReportState.PUBLISHED.value
        )
        if not moved.update(state=report.state, published_at=now):
            raise ChangedMeanwhile("report.changed_meanwhile")
        report.published_at = now
        made = [
            ReportFile(
                report=report,
                format=name,
                content=content,
                content_hash=hashlib.sha256(content).hexdigest(),
            )
            for name, content in files.items()
        ]
        ReportFile.objects.bulk_create(made)
        event.details["files"] = {row.format: row.content_hash for row in made}
    return report
