"""The exercise's programme year as it is loaded: whole, true to itself, once, and resumable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.utils import timezone

from sloyfe.audit.models import Event
from sloyfe.cli import load_content
from sloyfe.common.yaml_files import read_yaml
from sloyfe.delivery.models import (
    Agreement,
    Decision,
    Matter,
    Meeting,
    Need,
    Plan,
    ReportingYear,
    Result,
    SteeringMeeting,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.queries.results import ground_of
from sloyfe.organisations.models import MunicipalityPeriod, Organisation
from sloyfe.programme.actions import load_programme
from sloyfe.programme.models import DescriptionVersion, Membership, Programme
from sloyfe.programme.rules.descriptions import Audience, changes
from sloyfe.render.blocks import BarChart
from sloyfe.reports.models import Report, ReportFile
from sloyfe.reports.queries.documents import document_of

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "programmes" / "exercise"
TOLD = read_yaml(FOLDER / "lived.yaml").data
pytestmark = pytest.mark.django_db
BEFORE = (
    load_content.load_registers,
    load_content.load_programmes,
    load_content.load_results,
    load_content.load_mandates,
    load_content.load_groups,
    load_content.load_letters,
    load_content.add_demo_people,
    load_content.live_through_questionnaires,
)
YEAR = (
    load_content.make_agreements,
    load_content.make_plans,
    load_content.say_needs,
    load_content.report_years,
    load_content.hold_dialogues,
    load_content.publish_descriptions,
    load_content.tell_years,
)
COUNTED = (Agreement, Membership, Plan, Meeting, Need, YearlyReport, Result, Summary, Matter, Decision,
           SteeringMeeting, DescriptionVersion, Report, ReportFile, Event)  # fmt: skip


@pytest.fixture
def content(settings: object, tmp_path: Path) -> load_content.Content:
    """The content with everything loaded that comes before the programme year."""
    settings.DRAFTS = tmp_path / "drafts"  # type: ignore[attr-defined]
    made = load_content.Content(ROOT, timezone.now())
    for step in BEFORE:
        step(made)
    return made


def _load(content: load_content.Content) -> list[str]:
    return [step(content) for step in YEAR]


def _counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


def _municipality(code: str) -> Organisation:
    periods = MunicipalityPeriod.objects.filter(code=code, register="exercise")
    return periods.select_related("organisation").latest("valid_from").organisation


def _the_year_holds_together(content: load_content.Content) -> None:
    exercise = Programme.objects.get(slug="exercise")
    _both_descriptions_tell_what_changed(exercise)
    _a_place_has_gone_on_to_another_and_stays_there(content)
    _every_ended_year_has_its_report(exercise)
    _figures_add_up_and_answers_answer(exercise)
    # A need that went up has been answered, now that what was decided on it is done; another still waits.
    guide = Need.objects.get(municipality=_municipality("X419"))
    assert (guide.state, guide.is_met) == ("answered", True)
    assert Need.objects.filter(state="raised", answered_at__isnull=True).exists()
    # The open year is not what a reader sees first.
    ground = ground_of(exercise, reader=None)
    assert (ground.year_to_read, ground.unfinished) == (2025, (2026,))
    # Nothing of it stands on a real programme.
    for model in (
        Agreement,
        Plan,
        Meeting,
        Need,
        YearlyReport,
        Summary,
        Report,
        DescriptionVersion,
    ):
        assert not model._default_manager.exclude(programme=exercise).exists(), model


def _both_descriptions_tell_what_changed(exercise: Programme) -> None:
    for audience in Audience:
        first, second = DescriptionVersion.objects.filter(
            programme=exercise, audience=audience.value
        ).order_by("number")
        assert not first.note
        assert second.note
        told = {change.title["nb"] for change in changes(first.chapters, second.chapters)}
        assert "Året" in told
    # The guide follows the mandate that was in force when each version was published.
    assert "Hvem som gjør hva i hver oppgave" in told


def _a_place_has_gone_on_to_another_and_stays_there(content: load_content.Content) -> None:
    left, came = _municipality("X122"), _municipality("X101")
    old = Agreement.objects.get(municipality=left)
    new = Agreement.objects.get(municipality=came)
    assert (old.state, old.end_kind) == ("ended", "rotated")
    assert "Aabakken" in old.end_reason
    assert (new.state, new.subprogramme_id) == ("in_force", old.subprogramme_id)
    assert "Ørnvidda" in new.background

    def members() -> list[tuple[int, dt.date, dt.date | None]]:
        rows = Membership.objects.filter(organisation__in=[left, came]).order_by("valid_from")
        return list(rows.values_list("organisation_id", "valid_from", "valid_to"))

    stands = [
        (left.pk, dt.date(2024, 1, 1), dt.date(2026, 1, 1)),
        (came.pk, dt.date(2026, 2, 1), None),
    ]
    assert members() == stands
    # The programme's folder still lists the one that left, and is loaded again when anything in it changes.
    load_programme(FOLDER, actor=None, now=content.now)
    assert members() == stands


def _every_ended_year_has_its_report(exercise: Programme) -> None:
    closed = ReportingYear.objects.filter(programme=exercise, state="closed").order_by("year")
    reports = [Report.objects.get(reporting_year=year) for year in closed]
    assert [report.state for report in reports] == ["published", "draft"]
    publishing = Event.objects.get(action="reports.report.publish")
    assert publishing.actor is not None
    assert (publishing.actor.email, publishing.happened_at.year) == ("eier@ovelse.invalid", 2025)
    page = bytes(reports[0].files.get(format="html").content).decode()
    assert "Effekten av programmet kan ikkje lesast" in page
    assert "Simulert innhald" in page
    # It tells what was decided on that year's reporting, as it stood that day.
    assert "oversettes til fem språk" in page
    assert "i arbeid" in page
    assert "inntil en femdel" not in page
    # Where a region's share is not drawn, its figure says beside the claim that not all are compared.
    blocks = document_of(reports[1], day=timezone.localdate()).blocks
    [bars] = [block for block in blocks if isinstance(block, BarChart)]
    assert any(row.value is None for row in bars.rows)
    assert "En region uten søyle er ikke sammenlignet" in bars.subtitle


def _figures_add_up_and_answers_answer(exercise: Programme) -> None:
    for report in YearlyReport.objects.filter(programme=exercise, sent_at__isnull=False):
        given = report.answers
        parts = [given[item] for item in ("homes_bought", "homes_rented") if item in given]
        assert given["homes_provided"] >= sum(parts)
        # The whole is known also where a part of it is not told.
        assert given["homes_provided"] == sum(parts) or len(parts) < 2
        if not report.answer:
            continue
        hard = next(
            at for at, words in enumerate(TOLD["was_hard"]) if given["was_hard"] in words.values()
        )
        assert report.answer in TOLD["answers"][hard].values()


def test_there_is_an_answer_to_everything_that_was_hard() -> None:
    assert len(TOLD["answers"]) == len(TOLD["was_hard"])


class _Killed(BaseException):
    """As good as kill -9: nothing catches it."""


def test_a_year_whose_loading_dies_at_any_point_goes_on_from_there_and_holds_together(
    content: load_content.Content, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []
    whole = Event.save

    def save(self: Event, *args: object, **kwargs: object) -> None:
        if left:
            left[0] -= 1
            if left[0] < 0:
                left.clear()
                raise _Killed
        whole(self, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Event, "save", save)
    deaths = 0
    for actions_done in (
        3, 60, 70, 200, 700, 150, 200, 130, 60, 30, 20, 10, 8, 6, 5, 4, 3, 2, 2, 1, 1, 1, 1,
    ):  # fmt: skip
        left[:] = [actions_done]
        try:
            _load(content)
        except _Killed:
            deaths += 1
    left.clear()
    _load(content)
    assert deaths >= 12
    died = _counts()

    assert not any(_load(content))
    assert _counts() == died
    _the_year_holds_together(content)
    assert died["DescriptionVersion"] == 4
    assert (died["Report"], died["ReportFile"]) == (2, 4)
    assert not Agreement.objects.filter(state="draft").exists()
