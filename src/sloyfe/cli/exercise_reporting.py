"""The reporting of the exercise's programme year: reports, meetings, answers, needs, and what goes up.

Written as `exercise_year` is: from what stands, so that loading may be killed anywhere and run again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sloyfe.cli.exercise_year import FIRST_YEAR, Year, at, meet, words

if TYPE_CHECKING:
    from sloyfe.delivery.models import Matter, Need, ReportingYear, SteeringMeeting, YearlyReport
    from sloyfe.organisations.models import Organisation


def report(year: Year) -> int:
    """Let each year be reported on, as far as it has come. Gives how many reports were sent."""
    return sum(_report_on(year, told) for told in year.told["reporting"])


def _day(year: Year, told: Mapping[str, Any], fixed: str, relative: str) -> dt.date:
    if fixed in told:
        return dt.date.fromisoformat(told[fixed])
    return year.today + dt.timedelta(days=told[relative])


def _report_on(year: Year, told: Mapping[str, Any]) -> int:
    """Plan and open one year's reporting, and take every report as far as is told."""
    from django.db import transaction

    from sloyfe.delivery.actions.reports import years
    from sloyfe.delivery.models import ReportingYear
    from sloyfe.delivery.queries.reporting_days import YearDates, usual_dates
    from sloyfe.delivery.queries.reports import report_forms
    from sloyfe.delivery.rules.reports import YearState

    is_open = "opened_days_ago" in told
    found = ReportingYear.objects.filter(programme=year.programme, year=told["year"]).first()
    if found is None:
        opens = (
            year.today - dt.timedelta(days=told["opened_days_ago"])
            if is_open
            else dt.date.fromisoformat(told["opens"])
        )
        form = report_forms(year.programme).first()
        if form is None:
            return 0
        dates = YearDates(
            opens_on=opens,
            due_on=_day(year, told, "due", "due_in"),
            answer_by=_day(year, told, "answer_by", "answer_in"),
            summary_by=_day(year, told, "summary_by", "summary_in"),
            national_by=_day(year, told, "national_by", "national_in"),
        )
        # The open year keeps the days of the year wheel, as long as there is time left until then.
        usual = usual_dates(year.programme, told["year"])
        if is_open and usual.due_on > year.today + dt.timedelta(days=14):
            dates = replace(usual, opens_on=opens)
        with transaction.atomic():
            found = years.plan_year(
                programme=year.programme,
                year=told["year"],
                form=form,
                dates=dates,
                actor=None,
                now=at(opens),
            )
            years.open_year(
                year=found, actor=None, now=at(opens), with_letters=is_open and _writes_files()
            )
    found.refresh_from_db()
    if found.state != YearState.OPEN:
        return 0
    sizes = _sizes(year, dt.date(told["year"], 12, 31))
    sent = sum(
        _live(year, told, row, sizes)
        for row in found.reports.select_related(
            "municipality", "reporting_year__form", "programme", "office"
        ).order_by("municipality__sort_key")
    )
    if not is_open and _summarise(year, told, found):
        years.close_year(year=found, actor=None, now=at(told["national_by"]))
    return sent


def _writes_files() -> bool:
    """Tell whether letters become files; a mail server would send those of the exercise to nobody."""
    from sloyfe.letters.queries import letters_become_files

    return letters_become_files()


def _sizes(year: Year, on: dt.date) -> dict[int, int]:
    """Give the inhabitants of each municipality on a day, or the day before the last change."""
    from sloyfe.organisations.queries import as_of
    from sloyfe.programme.queries import register_of

    register = register_of(year.programme)
    day = min(on, year.today)
    return {row.organisation_id: row.inhabitants or 0 for row in as_of(register, day)}


def _live(
    year: Year, told: Mapping[str, Any], report: YearlyReport, sizes: Mapping[int, int]
) -> int:
    """Take one report from where it stands to where it is told to be. Gives 1 if it was sent."""
    from django.db import transaction

    from sloyfe.delivery.actions.reports import deadlines, filling, treating
    from sloyfe.delivery.rules.agreements import MeetingKind
    from sloyfe.delivery.rules.reports import ReportState

    if report.stands is not ReportState.EXPECTED:
        return 0
    of, municipality = told["year"], report.municipality
    code = next(c for c, each in year.municipalities.items() if each.pk == municipality.pk)
    excused = next((row for row in told.get("excused", ()) if row["code"] == code), None)
    if excused:
        deadlines.excuse_report(
            report=report,
            reason=words(excused["reason"], municipality),
            actor=None,
            now=at(told["opens"]),
        )
        return 0
    goal = _goal(year, told, code, municipality)
    if goal is ReportState.EXPECTED:
        return 0
    answers = _answers(year, report, of, sizes.get(municipality.pk, 3000))
    early = told.get("early", {})
    opened = report.reporting_year.opens_on
    sent_on = (
        dt.date.fromisoformat(early["day"])
        if code in early.get("codes", ())
        else min(
            opened + dt.timedelta(days=10 + year.draw(municipality, of).pick("days", 15)),
            year.today,
        )
    )
    if "opened_days_ago" not in told and not early.get("codes", ()):
        sent_on = max(sent_on, opened)
    with transaction.atomic():
        if goal is ReportState.BEGUN:
            half = dict(list(answers.items())[: len(answers) // 2])
            filling.save_answers(
                report=report, changes=half, revision=report.revision, actor=None, now=at(sent_on)
            )
            return 0
        report = filling.send_report(report=report, answers=answers, actor=None, now=at(sent_on))
        if goal is ReportState.SENT:
            return 1
        later = sent_on + dt.timedelta(days=2)
        report = treating.receive_report(report=report, actor=None, now=at(min(later, year.today)))
        if goal is ReportState.RECEIVED:
            return 1
        # A municipality that becomes another meets its office before it does.
        day = min(sent_on + dt.timedelta(days=9), year.today)
        if code in early.get("codes", ()):
            day = dt.date.fromisoformat(early["day"]) + dt.timedelta(days=3)
        meeting = meet(year, municipality, MeetingKind.REPORT, day)
        report = treating.discuss_report(report=report, meeting=meeting, actor=None, now=at(day))
        if goal is ReportState.DISCUSSED:
            return 1
        report = treating.answer_report(
            report=report,
            text=year.said("answers", municipality, of, on="was_hard"),
            revision=report.answer_revision,
            actor=None,
            now=at(day),
        )
        _ask_and_reply(year, report, of, code, day)
        if goal is ReportState.CLOSED:
            treating.close_report(
                report=report, actor=None, now=at(min(day + dt.timedelta(days=30), year.today))
            )
    return 1


def _goal(year: Year, told: Mapping[str, Any], code: str, municipality: Organisation) -> Any:
    """Tell how far a municipality's report has come. Where somebody tries the exercise, it waits for them."""
    from sloyfe.accounts.models import Person
    from sloyfe.delivery.rules.reports import ReportState

    if code in told.get("never_sent", ()):
        return ReportState.EXPECTED
    if "shares" not in told:
        return ReportState.CLOSED
    if Person.objects.filter(is_demo=True, affiliations__organisation=municipality).exists():
        return ReportState.EXPECTED
    drawn, so_far = year.draw(municipality, told["year"]).share("how far"), 0.0
    for state, share in told["shares"].items():
        so_far += share
        if drawn < so_far:
            return ReportState(state)
    return ReportState.ANSWERED


def _answers(year: Year, report: YearlyReport, of: int, inhabitants: int) -> dict[str, Any]:
    """Give what a municipality reports: the model's numbers and choices, and words of its own."""
    from sloyfe.delivery.models import Measure
    from sloyfe.delivery.rules.simulation import simulated_answers
    from sloyfe.instruments.rules.definitions import item_codes, questions_of

    options: dict[str, Sequence[str]] = {
        item: [option["code"] for option in question["options"]]
        for _, question in questions_of(report.reporting_year.form.definition)
        for item in item_codes(question)
        if question["options"]
    }
    items = {
        item
        for _, question in questions_of(report.reporting_year.form.definition)
        for item in item_codes(question)
    }
    areas = list(
        Measure.objects.filter(
            plan__programme=year.programme, plan__municipality=report.municipality, plan__year=of
        )
        .order_by("area__position")
        .values_list("area__code", flat=True)
        .distinct()
    )
    answers: dict[str, Any] = dict(
        simulated_answers(
            year.draw(report.municipality, of),
            inhabitants=inhabitants,
            years_in=of - FIRST_YEAR,
            areas=areas,
            options=options,
        )
    )
    # The two that the form requires are never left out, and a sum is never less than its parts.
    parts = [answers.get(item) or 0 for item in ("homes_bought", "homes_rented")]
    answers.setdefault("homes_provided", sum(parts))
    answers.setdefault("households_to_permanent", 0)
    for item in ("worked_well", "was_hard", "needs_from_programme"):
        text = year.said(item, report.municipality, of)
        if text:
            answers[item] = text
    return {item: value for item, value in answers.items() if item in items}


def _ask_and_reply(year: Year, report: YearlyReport, of: int, code: str, on: dt.date) -> None:
    """Let the office ask about one field, and the municipality reply; both by those who try the exercise."""
    from sloyfe.accounts.models import Person
    from sloyfe.delivery.actions.reports import treating

    said = year.told["question"]
    if (code, of) != (said["code"], said["year"]):
        return
    demo = Person.objects.filter(is_demo=True)
    office = demo.filter(affiliations__organisation=report.office).first()
    own = demo.filter(affiliations__organisation=report.municipality).first()
    if office is None or own is None:
        return
    comment = treating.ask_about_report(
        report=report,
        item=said["item"],
        text=words(said["text"], report.municipality),
        actor=office,
        now=at(on),
    )
    treating.reply_about_report(
        report=report,
        comment=comment,
        text=words(said["answer"], report.municipality),
        actor=own,
        now=at(on),
    )


# Summaries


def _summarise(year: Year, told: Mapping[str, Any], reporting: ReportingYear) -> bool:
    """Let each region's summary go up and be answered, and then the nation's. Tells whether all are."""
    from sloyfe.delivery.models import Summary

    late = {year.municipalities[code].pk for code in told.get("never_sent", ())}
    offices = set(
        reporting.reports.filter(municipality__in=late).values_list("office_id", flat=True)
    )
    said = year.told["summaries"][str(told["year"])]
    for place, region in enumerate(year.programme.regions.order_by("position")):
        why = told["never_sent_why"] if region.office_id in offices else ""
        own = said["regions"][place % len(said["regions"])]
        _go_up(reporting, region, own, told["summary_by"], why)
    _go_up(reporting, None, said["nation"], told["national_by"], told.get("never_sent_why", ""))
    return not Summary.objects.filter(reporting_year=reporting, answered_at__isnull=True).exists()


def _go_up(
    reporting: ReportingYear, region: Any, said: Mapping[str, str], day: str, why: str
) -> None:
    from django.db import transaction

    from sloyfe.delivery.actions import summaries
    from sloyfe.delivery.models import Summary

    if Summary.objects.filter(reporting_year=reporting, region=region).exists():
        return
    now = at(day)
    with transaction.atomic():
        summary = summaries.write_summary(
            reporting_year=reporting,
            region=region,
            text=summaries.SummaryText(
                overview=said["overview"],
                worked=said["worked"],
                was_hard=said["was_hard"],
                asked_for=said["asked_for"],
                incomplete_why=why,
            ),
            revision=0,
            actor=None,
            now=now,
        )
        summary = summaries.send_summary(
            summary=summary, revision=summary.revision, actor=None, now=now
        )
        later = at(dt.date.fromisoformat(day) + dt.timedelta(days=12))
        summary = summaries.read_summary(summary=summary, actor=None, now=later)
        summaries.answer_summary(summary=summary, answer=said["answer"], actor=None, now=later)


# Needs


def say_needs(year: Year) -> int:
    """Let municipalities say what they need, and offices answer. Gives how many were said."""
    from sloyfe.delivery.models import Need

    made = 0
    for said in year.told["needs"]:
        municipality = year.municipalities[said["code"]]
        if Need.objects.filter(
            programme=year.programme, municipality=municipality, written_at__year=said["year"]
        ).exists():
            continue
        _need(year, said, municipality)
        made += 1
    return made


def _need(year: Year, said: Mapping[str, Any], municipality: Organisation) -> Need:
    """Say one need and take it as far as is told: triaged, answered, or raised to the owner."""
    from django.db import transaction

    from sloyfe.delivery.actions import needs

    begins = (
        year.today - dt.timedelta(days=20)
        if "days_ago" not in said and said["year"] == year.today.year
        else dt.date(said["year"], 4, 8)
    )
    now, later = at(begins), at(begins + dt.timedelta(days=9))

    def told(name: str) -> str:
        return words(said[name], municipality)

    with transaction.atomic():
        need = needs.say_need(
            programme=year.programme,
            municipality=municipality,
            text=told("text"),
            actor=None,
            now=now,
        )
        if "triage_note" in said:
            need = needs.triage(
                need=need,
                revision=need.revision,
                note=told("triage_note"),
                actor=None,
                now=later,
            )
        if "answer" in said:
            need = needs.answer(
                need=need,
                revision=need.revision,
                text=told("answer"),
                is_met=said["met"],
                actor=None,
                now=later,
            )
        if "raised_why" in said:
            need = needs.raise_need(
                need=need,
                revision=need.revision,
                why=told("raised_why"),
                actor=None,
                now=later,
            )
        if "matter" in said:
            needs.raise_to_owner(
                need=need,
                revision=need.revision,
                title=said["matter"]["title"],
                text=need.text,
                proposal=said["matter"]["proposal"],
                actor=None,
                now=later,
            )
    return need


# What is asked upwards, and the steering dialogues


def steer(year: Year) -> int:
    """Let matters be asked, groups raise issues and steering dialogues decide. Gives how many were held."""
    from sloyfe.delivery.actions import steering
    from sloyfe.delivery.models import SteeringMeeting

    _fill_groups(year)
    held = 0
    for told in year.told["steering"]:
        meeting = SteeringMeeting.objects.filter(
            programme=year.programme, number=told["number"]
        ).first()
        on = dt.date.fromisoformat(told["day"])
        if meeting is None:
            [meeting] = steering.plan_meetings(
                programme=year.programme, days=[on], on_past_days=True, actor=None, now=at(on)
            )
        if meeting.held_at is None:
            _hold(year, told, meeting, on)
            held += 1
    if not SteeringMeeting.objects.filter(programme=year.programme, held_at__isnull=True).exists():
        steering.plan_meetings(
            programme=year.programme,
            days=[year.today + dt.timedelta(days=year.told["next_dialogue_in"])],
            actor=None,
            now=year.now,
        )
    _ask(year, in_meeting=None)
    return held


def _office(year: Year, who: str) -> Organisation:
    """Give an office by its code in programme.yaml, or the first that takes part in a capacity."""
    from sloyfe.organisations.models import Organisation
    from sloyfe.programme.models import Statement

    named = Statement.objects.filter(programme=year.programme, kind="office", code=who).first()
    if named is not None:
        return Organisation.objects.get(pk=named.details["organisation"])
    return (
        Organisation.objects.filter(
            participations__programme=year.programme, participations__capacity=who
        )
        .order_by("sort_key")
        .distinct()[0]
    )


def _hold(year: Year, told: Mapping[str, Any], meeting: SteeringMeeting, on: dt.date) -> None:
    """Ask what was to be decided, decide it, write the minutes and finish; all of it or nothing."""
    from django.db import transaction

    from sloyfe.delivery.actions import matters, steering
    from sloyfe.delivery.models import Matter

    now = at(on)
    with transaction.atomic():
        _ask(year, in_meeting=told["number"])
        for said in told["decisions"]:
            matter = (
                Matter.objects.unanswered()
                .filter(programme=year.programme, title=said["matter"])
                .first()
            )
            decision = matters.decide(
                programme=year.programme,
                text=said["text"],
                owner=_office(year, said["owner"]),
                due_on=dt.date.fromisoformat(said["due"]),
                matter=matter,
                meeting=meeting,
                decided_on=on,
                actor=None,
                now=now,
            )
            if "done" in said:
                matters.finish_decision(
                    decision=decision, note=said["note"], actor=None, now=at(said["done"])
                )
                _answer_asker(year, matter, said["done"])
        meeting.refresh_from_db()
        meeting = steering.write_minutes(
            meeting=meeting,
            minutes=told["minutes"],
            notes={},
            revision=meeting.revision,
            actor=None,
            now=now,
        )
        steering.hold_meeting(meeting=meeting, actor=None, now=now)


def _answer_asker(year: Year, matter: Matter | None, day: str) -> None:
    """Answer the municipality whose need has been met by what was decided and done."""
    from sloyfe.delivery.actions import needs
    from sloyfe.delivery.rules.needs import NeedState

    need = matter.need if matter is not None else None
    if need is None or need.state != NeedState.RAISED:
        return
    for said in year.told["needs"]:
        if "answer_when_done" in said and year.municipalities[said["code"]] == need.municipality:
            needs.answer(
                need=need,
                revision=need.revision,
                text=words(said["answer_when_done"], need.municipality),
                is_met=True,
                actor=None,
                now=at(day),
            )


def _ask(year: Year, *, in_meeting: int | None) -> None:
    """Ask what is told to be decided in a steering dialogue, or what waits still."""
    from sloyfe.delivery.actions import matters
    from sloyfe.delivery.models import Matter
    from sloyfe.delivery.rules.steering import MatterKind

    for said in year.told["matters"]:
        if said.get("decided_in") != in_meeting:
            continue
        if Matter.objects.filter(programme=year.programme, title=said["title"]).exists():
            continue
        matters.ask_matter(
            programme=year.programme,
            kind=MatterKind(said["kind"]),
            title=said["title"],
            text=said["text"],
            proposal=said["proposal"],
            asked_by=_office(year, said["asked_by"]),
            addressed_to=_office(year, said.get("asked_of", "owner")),
            actor=None,
            now=at(said["asked_on"]),
        )


def _fill_groups(year: Year) -> None:
    """Put the offices into the standing groups, and let each raise the issue that is told."""
    from django.db import transaction

    from sloyfe.delivery.actions import groups, matters
    from sloyfe.delivery.models import StandingGroup
    from sloyfe.delivery.rules.steering import GroupRole, MatterKind
    from sloyfe.organisations.models import Organisation

    now = at(dt.date(FIRST_YEAR, 2, 1))
    for code, said in year.told["groups"].items():
        group = StandingGroup.objects.filter(programme=year.programme, code=code).first()
        if group is None or group.members.exists():
            continue
        lead = _office(year, "national_lead")
        offices = Organisation.objects.filter(
            participations__programme=year.programme, participations__capacity="regional_office"
        ).distinct()
        with transaction.atomic():
            for organisation, role in [
                (lead, GroupRole.LEADER),
                *((office, GroupRole.MEMBER) for office in offices),
            ]:
                groups.add_member(
                    group=group,
                    organisation=organisation,
                    role=role,
                    valid_from=now.date(),
                    actor=None,
                    now=now,
                )
            issue = said["issue"]
            matter = matters.ask_matter(
                programme=year.programme,
                kind=MatterKind.GROUP_ISSUE,
                title=issue["title"],
                text=issue["text"],
                asked_by=lead,
                addressed_to=group.decides,
                group=group,
                actor=None,
                now=at(issue["asked_on"]),
            )
            matters.answer_matter(
                matter=matter, answer=issue["answer"], actor=None, now=at(issue["answered_on"])
            )
