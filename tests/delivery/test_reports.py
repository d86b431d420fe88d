"""Yearly reports: who is asked, what is sent, answered, extended, excused and reminded of."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from sloyfe.audit.models import Event
from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible, Refused
from sloyfe.delivery.actions import reports
from sloyfe.delivery.actions.reports import filling
from sloyfe.delivery.models import Meeting, Plan, Result, YearlyReport
from sloyfe.delivery.queries.reporting_days import YearDates, propose_dates, usual_dates
from sloyfe.delivery.queries.reports import lines_of
from sloyfe.delivery.rules.reports import ReportState
from sloyfe.organisations.models import (
    Affiliation,
)
from sloyfe.programme.models import RegionArea, YearDate
from tests.cast import NOW, TODAY, World
from tests.delivery.reporting import (
    ANSWERS,
    DATES,
    OFFICE,
    OTHER_OFFICE,
    OWN,
    WRITER,
    YEAR,
    agreement,
    at,
    office,
    opened,
    planned,
    received,
    report_of,
    sent,
    version,
)

pytestmark = pytest.mark.django_db


def save(
    world: World, changes: dict[str, Any], role: str | None = WRITER, revision: int | None = None
) -> YearlyReport:
    report = report_of(world)
    return reports.save_answers(
        report=report,
        changes=changes,
        revision=report.revision if revision is None else revision,
        actor=world.person(role) if role else None,
        now=NOW + dt.timedelta(hours=1),
    )


def meeting(world: World, code: str = OWN, **more: Any) -> Meeting:
    values: dict[str, Any] = {
        "programme": world.programme,
        "municipality": world.municipalities[code],
        "office": office(world),
        "kind": "report",
        "state": "held",
        "on": TODAY,
    }
    return Meeting.objects.create(**(values | more))


# The year


def test_the_days_are_proposed_from_the_year_wheel(world: World) -> None:
    YearDate.objects.create(
        programme=world.programme,
        code="due",
        title={"nb": "Frist"},
        kind="report_due",
        starts_on=dt.date(2027, 3, 1),
        roles=["municipality"],
        changed_at=NOW,
    )

    dates = usual_dates(world.programme, 2026)

    assert dates.due_on == dt.date(2027, 3, 1)
    assert list(vars(dates).values()) == sorted(vars(dates).values())


def _deadlines(world: World) -> None:
    for code, kind, day, roles in (
        ("due", "report_due", dt.date(2027, 2, 15), ["municipality", "regional_office"]),
        ("answer", "answer_due", dt.date(2027, 4, 15), ["municipality", "regional_office"]),
        ("region", "summary_due", dt.date(2027, 5, 14), ["regional_office", "national_lead"]),
        ("nation", "summary_due", dt.date(2027, 6, 15), ["national_lead", "owner"]),
    ):
        YearDate.objects.create(
            programme=world.programme,
            code=code,
            title={"nb": code},
            kind=kind,
            starts_on=day,
            roles=roles,
            changed_at=NOW,
        )


def test_each_deadline_of_the_wheel_is_proposed_also_that_of_the_national_summary(
    world: World,
) -> None:
    _deadlines(world)

    proposed = propose_dates(world.programme, 2026)

    assert proposed.dates == YearDates(
        dt.date(2027, 1, 4),
        dt.date(2027, 2, 15),
        dt.date(2027, 4, 15),
        dt.date(2027, 5, 14),
        dt.date(2027, 6, 15),
    )
    assert (proposed.on_wheel, proposed.as_before) == (4, 0)


def test_where_the_wheel_is_silent_the_days_are_those_of_the_year_before_on_weekdays(
    world: World,
) -> None:
    _deadlines(world)

    proposed = propose_dates(world.programme, 2027)

    assert list(vars(proposed.dates).values())[1:] == [
        dt.date(2028, 2, 15),
        dt.date(2028, 4, 17),  # the 15th is a Saturday
        dt.date(2028, 5, 15),
        dt.date(2028, 6, 15),
    ]
    assert (proposed.on_wheel, proposed.as_before) == (0, 4)


def test_only_nasjonalt_fagansvar_plans_and_opens(world: World) -> None:
    for role in ("owner", OFFICE, WRITER, "auditor"):
        with pytest.raises(NotAllowed):
            reports.plan_year(
                programme=world.programme,
                year=YEAR,
                form=version(world),
                dates=DATES,
                actor=world.person(role),
                now=NOW,
            )
    year = planned(world)
    agreement(world)
    with pytest.raises(NotAllowed):
        reports.open_year(year=year, actor=world.person(OFFICE), now=NOW)
    assert len(reports.open_year(year=year, actor=world.person("national_lead"), now=NOW)) == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"year": 1814}, "delivery.reporting_year_unknown"),
        (
            {"dates": YearDates(*reversed(list(vars(DATES).values())))},
            "delivery.reporting_dates_in_wrong_order",
        ),
    ],
)
def test_a_year_that_makes_no_sense_is_not_planned(
    world: World, more: dict[str, Any], code: str
) -> None:
    values: dict[str, Any] = {"programme": world.programme, "year": YEAR, "dates": DATES}

    with pytest.raises(NotPossible) as refusal:
        reports.plan_year(**(values | more), form=version(world), actor=None, now=NOW)

    assert refusal.value.code == code


def test_a_year_is_planned_once_and_with_a_released_form(world: World) -> None:
    planned(world)

    with pytest.raises(NotPossible) as refusal:
        planned(world)
    assert refusal.value.code == "delivery.reporting_planned_already"
    form = version(world)
    form.state = "draft"
    with pytest.raises(NotPossible) as refusal:
        reports.plan_year(
            programme=world.programme, year=2024, form=form, dates=DATES, actor=None, now=NOW
        )
    assert refusal.value.code == "delivery.reporting_form_not_released"


def test_a_report_is_expected_from_each_municipality_with_an_agreement_on_the_day(
    world: World,
) -> None:
    agreement(world, "X104")
    agreement(world, "X202")
    agreement(world, "X101", state="ended", ended_on=TODAY, end_kind="rotated", end_reason="x")
    agreement(world, "X103", state="proposed", confirmed_at=None)
    agreement(world, "X105", valid_from=dt.date(2026, 6, 1))
    agreement(world, "X203", valid_to=TODAY)
    year = planned(world)

    reports.open_year(year=year, actor=None, now=NOW)

    found = YearlyReport.objects.filter(reporting_year=year)
    assert {row.municipality for row in found} == {
        world.municipalities["X104"],
        world.municipalities["X202"],
    }
    assert report_of(world, "X202").office == world.regions["sor"].office
    assert {row.state for row in found} == {"expected"}


def test_a_municipality_in_no_region_stops_the_opening_instead_of_being_forgotten(
    world: World,
) -> None:
    year = planned(world)
    agreement(world)
    RegionArea.objects.filter(municipality_code=OWN).delete()

    with pytest.raises(NotPossible) as refusal:
        reports.open_year(year=year, actor=None, now=NOW)

    assert "Elvarheim" in refusal.value.details["names"]  # type: ignore[operator]
    assert not YearlyReport.objects.exists()


def test_one_that_gets_its_agreement_later_is_asked_by_its_office_and_has_time(
    world: World,
) -> None:
    year = opened(world)
    later = at(dt.date(2026, 4, 10))
    other = world.municipalities["X102"]

    def expect(role: str) -> YearlyReport:
        return reports.expect_report(
            year=year, municipality=other, actor=world.person(role), now=later
        )

    with pytest.raises(NotPossible):
        expect(OFFICE)
    agreement(world, "X102")
    with pytest.raises(NotAllowed):
        expect(OTHER_OFFICE)
    report = expect(OFFICE)
    assert report.due_on == dt.date(2026, 5, 10)
    with pytest.raises(NotPossible) as refusal:
        expect("national_lead")
    assert refusal.value.code == "delivery.report_expected_already"


def test_the_report_is_filled_in_with_what_is_known_and_says_where_it_comes_from(
    world: World,
) -> None:
    last = planned(world, YEAR - 1)
    agreement(world)
    reports.open_year(year=last, actor=None, now=NOW, with_letters=False)
    reports.send_report(
        report=report_of(world, year=YEAR - 1),
        answers=ANSWERS | {"stock": 210},
        actor=None,
        now=NOW,
    )
    plan = Plan.objects.create(
        programme=world.programme,
        municipality=world.municipalities[OWN],
        office=office(world),
        year=YEAR,
        state="adopted",
        adopted_at=NOW,
    )
    area = world.programme.effort_areas.get(code="housing")
    plan.measures.create(
        position=1,
        text="Leie inn",
        who="Eiendom",
        by_when=TODAY,
        how_seen="x",
        area=area,
        status="under_way",
    )
    year = planned(world)

    reports.open_year(year=year, actor=None, now=NOW)

    report = report_of(world)
    assert report.answers == {
        "inhabitants": 31_000,
        "plan": "yes",
        "status_housing": "i_gang",
        "measures": "– Leie inn",
    }
    # A number of last year stands beside its field and is never sent on unseen.
    assert report.sources["plan"] == {"from": "last_report", "year": YEAR - 1}
    assert report.sources["status_housing"] == {"from": "plan", "year": YEAR}
    report = save(world, {"plan": "no"})
    assert "plan" not in report.sources
    assert "status_housing" in report.sources


def test_a_closed_plan_does_not_leak_into_a_report(world: World) -> None:
    Plan.objects.create(
        programme=world.programme,
        municipality=world.municipalities[OWN],
        office=office(world),
        year=YEAR,
        state="adopted",
        adopted_at=NOW,
        access="internal",
        legal_ground="offentleglova § 14",
    ).measures.create(position=1, text="Hemmelig", who="x", by_when=TODAY, how_seen="x")

    opened(world)

    assert "Hemmelig" not in str(report_of(world).answers)


# Filling in and sending


def test_the_adviser_fills_in_and_hands_over_but_only_the_municipality_sends(world: World) -> None:
    opened(world)
    save(world, ANSWERS, OFFICE)
    with pytest.raises(NotAllowed):
        reports.send_report(report=report_of(world), actor=world.person(OFFICE), now=NOW)

    reports.hand_over(
        report=report_of(world), meeting=meeting(world), actor=world.person(OFFICE), now=NOW
    )

    report = report_of(world)
    assert report.stands is ReportState.TO_CONFIRM
    with pytest.raises(NotPossible) as refusal:
        save(world, {"homes": 1}, OFFICE)
    assert refusal.value.code == "delivery.report_handed_over"
    save(world, {"homes": 13})
    reports.send_report(report=report_of(world), actor=world.person(WRITER), now=NOW)
    report = report_of(world)
    assert (report.stands, report.answers["homes"], report.filled_in_at_id is not None) == (
        ReportState.SENT,
        13,
        True,
    )


def test_a_meeting_with_somebody_else_does_not_fit(world: World) -> None:
    opened(world)
    save(world, ANSWERS, OFFICE)
    wrong = (meeting(world, "X102"), meeting(world, state="cancelled"))

    for one in wrong:
        with pytest.raises(NotPossible):
            reports.hand_over(report=report_of(world), meeting=one, actor=None, now=NOW)


def test_sending_writes_typed_results_and_leaves_out_what_is_blank(world: World) -> None:
    opened(world)

    report = sent(world)

    rows = {row.definition.code: row for row in Result.objects.select_related("definition")}
    assert set(rows) == {"homes", "long", "plan", "worked"}
    assert rows["homes"].value == 12
    assert (rows["long"].numerator, rows["long"].denominator) == (Decimal(2), Decimal(8))
    assert (rows["plan"].words, rows["worked"].words) == ("yes", "Vi ringte alle.")
    assert {(row.year, row.municipality_id) for row in rows.values()} == {
        (YEAR, report.municipality_id)
    }
    event = Event.objects.get(action="delivery.report.send")
    assert "ringte" not in str(event.details)


def test_a_closed_report_gives_closed_results(world: World) -> None:
    agreement(world, access="exempt", legal_ground="offentleglova § 13")
    reports.open_year(year=planned(world), actor=None, now=NOW)

    sent(world)

    assert not Result.objects.filter(is_public=True).exists()


def test_what_is_left_stands_in_the_way_of_sending(world: World) -> None:
    opened(world)

    with pytest.raises(reports.Incomplete) as left:
        reports.send_report(report=report_of(world), actor=world.person(WRITER), now=NOW)

    assert [problem.item for problem in left.value.problems] == ["homes"]


@pytest.mark.parametrize(
    "answers",
    [
        {"homes": "mange"},
        {"homes": -1},
        {"homes": True},
        {"families": 10**20},
        {"plan": "kanskje"},
        {"worked": "x\x00"},
        {"worked": "x" * 5000},
        {"unknown": 1},
    ],
)
def test_answers_that_are_none_are_refused_and_nothing_is_written(
    world: World, answers: dict[str, Any]
) -> None:
    opened(world)

    with pytest.raises(Refused):
        sent(world, **answers)

    assert report_of(world).stands is ReportState.EXPECTED
    assert not Result.objects.exists()


def test_sending_is_all_or_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(world)

    def dies(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(filling, "write_results", dies)
    with pytest.raises(KeyboardInterrupt):
        sent(world)

    assert report_of(world).stands is ReportState.EXPECTED
    assert not Event.objects.filter(action="delivery.report.send").exists()


def test_a_report_is_sent_once(world: World) -> None:
    opened(world)
    sent(world)

    with pytest.raises(NotPossible):
        sent(world)


def test_what_somebody_else_looked_over_is_not_sent(world: World) -> None:
    opened(world)
    read = save(world, ANSWERS)
    save(world, {"homes": 40})

    with pytest.raises(ChangedMeanwhile):
        reports.send_report(
            report=read, revision=read.revision, actor=world.person(WRITER), now=NOW
        )


def test_mending_rewrites_the_results_and_stops_when_answered(world: World) -> None:
    opened(world)
    received(world)

    save(world, {"homes": 20, "worked": None})

    assert report_of(world).stands is ReportState.RECEIVED
    assert Result.objects.get(definition__code="homes").value == 20
    assert not Result.objects.filter(definition__code="worked").exists()
    assert Event.objects.filter(action="delivery.report.mend").count() == 1
    with pytest.raises(reports.Incomplete):
        save(world, {"homes": None})
    with pytest.raises(NotPossible):
        save(world, {"homes": 3}, OFFICE)
    [line] = lines_of(report_of(world).reporting_year, world.person(OFFICE), TODAY)
    assert line.was_mended
    reports.answer_report(
        report=report_of(world), text="Takk.", revision=0, actor=world.person(OFFICE), now=NOW
    )
    with pytest.raises(NotPossible):
        save(world, {"homes": 21})


# What the office does


def test_the_office_receives_discusses_answers_and_closes(world: World) -> None:
    opened(world)
    sent(world)
    adviser = world.person(OFFICE)

    reports.receive_report(report=report_of(world), actor=adviser, now=NOW)
    reports.discuss_report(report=report_of(world), meeting=meeting(world), actor=adviser, now=NOW)
    reports.answer_report(
        report=report_of(world), text=" Takk. ", revision=0, actor=adviser, now=NOW
    )
    reports.answer_report(
        report=report_of(world), text="Tusen takk.", revision=1, actor=adviser, now=NOW
    )
    reports.close_report(report=report_of(world), actor=adviser, now=NOW)

    report = report_of(world)
    assert (report.stands, report.answer) == (ReportState.CLOSED, "Tusen takk.")
    actions = list(Event.objects.order_by("happened_at").values_list("action", flat=True))
    assert "delivery.report.mend_answer" in actions
    assert "takk" not in str(list(Event.objects.values_list("details", flat=True))).lower()


def test_nobody_answers_what_they_sent(world: World) -> None:
    opened(world)
    sent(world)
    writer = world.people[WRITER]
    Affiliation.objects.filter(person=writer).update(organisation=world.regions["nord"].office)
    reports.receive_report(report=report_of(world), actor=None, now=NOW)

    with pytest.raises(NotAllowed) as refusal:
        reports.answer_report(
            report=report_of(world), text="Bra.", revision=0, actor=world.person(WRITER), now=NOW
        )

    assert refusal.value.code == "delivery.nobody_answers_own_report"


def test_only_the_own_office_treats_a_report(world: World) -> None:
    opened(world)
    sent(world)

    for role in (OTHER_OFFICE, "owner", "national_lead", WRITER):
        with pytest.raises(NotAllowed):
            reports.receive_report(report=report_of(world), actor=world.person(role), now=NOW)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 8001, "a\x00b"])
def test_an_answer_must_say_something_readable(world: World, text: str) -> None:
    opened(world)
    received(world)

    with pytest.raises(NotPossible):
        reports.answer_report(report=report_of(world), text=text, revision=0, actor=None, now=NOW)


def test_a_question_is_no_state_and_must_have_a_reply_before_the_report_is_closed(
    world: World,
) -> None:
    opened(world)
    received(world)
    adviser, writer = world.person(OFFICE), world.person(WRITER)

    question = reports.ask_about_report(
        report=report_of(world), item="homes", text="Riktig?", actor=adviser, now=NOW
    )

    assert report_of(world).stands is ReportState.RECEIVED
    with pytest.raises(NotPossible):
        reports.ask_about_report(
            report=report_of(world), item="nothing", text="?", actor=adviser, now=NOW
        )
    with pytest.raises(NotAllowed):
        reports.reply_about_report(
            report=report_of(world), comment=question, text="Ja.", actor=adviser, now=NOW
        )
    reports.answer_report(report=report_of(world), text="Takk.", revision=0, actor=adviser, now=NOW)
    with pytest.raises(NotPossible) as refusal:
        reports.close_report(report=report_of(world), actor=adviser, now=NOW)
    assert refusal.value.code == "delivery.report_questions_open"
    reports.reply_about_report(
        report=report_of(world), comment=question, text="Ja.", actor=writer, now=NOW
    )
    reports.close_report(report=report_of(world), actor=adviser, now=NOW)
    assert Comment.objects.get().answer == "Ja."
