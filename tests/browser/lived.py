"""The programme year of the exercise as it is looked at: what is loaded, and what waits for somebody.

The loaded year is over or has been answered in most places. Here are added, through the product's own actions,
the states in between: a draft, what has been sent and not answered, a question without a reply.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sloyfe.accounts.models import Person
from sloyfe.comments.models import Comment
from sloyfe.delivery.actions import agreements, matters, meetings, plans, summaries
from sloyfe.delivery.actions.reports import treating, years
from sloyfe.delivery.models import (
    Activity,
    Agreement,
    Decision,
    GroupMember,
    Matter,
    Meeting,
    Plan,
    ReportingYear,
    SteeringMeeting,
    Summary,
    YearlyReport,
)
from sloyfe.delivery.queries.reporting_days import usual_dates
from sloyfe.delivery.rules.agreements import AgreementState, MeetingKind, MeetingState
from sloyfe.delivery.rules.documents import DocumentKind
from sloyfe.delivery.rules.plans import PlanState
from sloyfe.delivery.rules.reports import ReportState, YearState
from sloyfe.delivery.rules.steering import DecisionState, MatterKind, MatterState, SteeringState
from sloyfe.delivery.rules.summaries import NATIONAL, SummaryState
from sloyfe.organisations.models import Affiliation, Organisation
from sloyfe.programme.actions.demo import DOMAIN
from sloyfe.programme.models import Programme
from sloyfe.programme.rules import Capacity

Rows = list[tuple[dict[str, Any], str]]


def _person(address: str) -> Person:
    return Person.objects.get(email=f"{address}@{DOMAIN}")


def _organisation(address: str) -> Organisation:
    return Organisation.objects.get(
        pk=_person(address).affiliations.order_by("pk")[0].organisation_id
    )


def _office(programme: Programme, capacity: Capacity) -> Organisation:
    found = programme.participations.filter(capacity=capacity.value).order_by("pk")
    return found.select_related("organisation")[0].organisation


def _open_year(programme: Programme) -> ReportingYear:
    return ReportingYear.objects.get(programme=programme, state=YearState.OPEN.value)


def live(programme: Programme, now: dt.datetime) -> None:
    """Add what the loaded year does not hold."""
    office, member = _organisation("regionkontor"), _organisation("kommune")
    adviser, leader = _person("regionkontor"), _person("kommune")
    by: dict[str, Any] = {"actor": adviser, "now": now}
    ahead = now.date() + dt.timedelta(days=30)

    # An agreement that waits for the municipality, and one that is being written.
    own, other = (
        Agreement.objects.in_force().filter(programme=programme, office=office, **which)[0]
        for which in ({"municipality": member}, {"municipality__in": _others(office, member)})
    )
    agreements.propose_agreement(agreement=agreements.renew_agreement(agreement=own, **by), **by)
    agreements.renew_agreement(agreement=other, **by)

    # A meeting ahead, and a comment on the minutes of one that was.
    meetings.plan_meeting(
        programme=programme,
        municipality=member,
        kind=MeetingKind.STATUS,
        on=ahead,
        agenda="Planen",
        **by,
    )
    held = Meeting.objects.filter(municipality=member, state=MeetingState.HELD.value).latest("on")
    meetings.comment_on_meeting(
        meeting=held, text="Vi ble enige om en dato også.", actor=leader, now=now
    )

    # Next year's plan is begun.
    plans.start_plan(
        programme=programme, municipality=member, year=now.year + 1, actor=leader, now=now
    )

    # Next year's reporting is planned.
    this = _open_year(programme)
    years.plan_year(
        programme=programme,
        year=this.year + 1,
        form=this.form,
        dates=usual_dates(programme, this.year + 1),
        actor=_person("fagansvar"),
        now=now,
    )

    # A question about a report that has been sent, and a report to answer. Both persons work there too.
    sent, *others = (
        YearlyReport.objects.filter(reporting_year=_open_year(programme), state=state.value)
        .select_related("programme", "reporting_year__form", "municipality", "office")
        .order_by("municipality__sort_key")[0]
        for state in (ReportState.SENT, ReportState.RECEIVED, ReportState.BEGUN)
    )
    for person, place in {
        (leader, sent.municipality),
        *((adviser, each.office) for each in (sent, *others) if each.office != office),
    }:
        Affiliation.objects.create(
            person=person, organisation=place, valid_from=now.date() - dt.timedelta(days=1)
        )
    treating.ask_about_report(
        report=sent,
        item="homes_provided",
        text="Gjelder tallet bare i år?",
        actor=_person("regionkontor"),  # who remembers no rights from before
        now=now,
    )

    # A regional summary that is being written, and one that waits for an answer.
    regions = list(programme.regions.order_by("position"))
    mine = next(region for region in regions if region.office_id == office.pk)
    for region in (mine, next(region for region in regions if region.pk != mine.pk)):
        summary = summaries.write_summary(
            reporting_year=_open_year(programme),
            region=region,
            text=summaries.SummaryText(
                overview="Flere boliger, og færre som venter.",
                worked="Å ringe alle.",
                was_hard="",
                asked_for="",
                incomplete_why="Noen kommuner har fått lengre frist.",
            ),
            revision=0,
            actor=None,
            now=now,
        )
        if region.pk != mine.pk:
            summary = summaries.send_summary(
                summary=summary, revision=summary.revision, actor=None, now=now
            )
            summaries.read_summary(summary=summary, actor=None, now=now)

    # A matter for nasjonalt fagansvar, and a decision to carry out.
    lead = _office(programme, Capacity.NATIONAL_LEAD)
    matters.ask_matter(
        programme=programme,
        kind=MatterKind.DECISION_WANTED,
        title="Felles mal for innleie",
        text="Tre kommuner spør om det samme.",
        proposal="Én mal for alle.",
        asked_by=office,
        addressed_to=lead,
        **by,
    )
    matters.decide(
        programme=programme,
        text="Nasjonalt fagansvar lager malen.",
        owner=lead,
        due_on=ahead,
        actor=_person("eier"),
        now=now,
    )


def _others(office: Organisation, member: Organisation) -> list[int]:
    return list(
        Agreement.objects.in_force()
        .filter(office=office)
        .exclude(municipality=member)
        .order_by("municipality__sort_key")
        .values_list("municipality_id", flat=True)[:1]
    )


def pages(programme: Programme) -> dict[str, Rows]:
    """Give what to look at for each address of the programme year."""
    at = {"programme": programme.slug}
    office, member = _organisation("regionkontor"), _organisation("kommune")
    here = at | {"municipality": member.slug}
    found: dict[str, Rows] = {}

    def see(name: str, *kwargs: dict[str, Any]) -> None:
        found[f"delivery:{name}"] = [(each, "") for each in kwargs]

    def agreement(state: AgreementState, **which: Any) -> dict[str, Any]:
        row = Agreement.objects.filter(programme=programme, state=state.value, **which).order_by(
            "pk"
        )[0]
        return at | {"municipality": row.municipality.slug, "pk": row.pk}

    draft = agreement(AgreementState.DRAFT, office=office)
    proposed = agreement(AgreementState.PROPOSED, municipality=member)
    in_force = agreement(AgreementState.IN_FORCE, municipality=member)
    without = (
        Organisation.objects.filter(
            kind="municipality",
            participations__programme=programme,
            needs__office=office,
            agreements=None,
        )
        | Organisation.objects.filter(pk=member.pk)
    ).order_by("agreements__pk")[0]
    see("agreement", draft, proposed, in_force, agreement(AgreementState.ENDED))
    see("draft_agreement", at | {"municipality": without.slug})
    see("change_agreement", draft)
    see("discard_agreement", draft)
    see("send_back_agreement", proposed)
    see("end_agreement", in_force)
    see("municipality_year", here, at | {"municipality": draft["municipality"]})

    planned = Meeting.objects.get(municipality=member, state=MeetingState.PLANNED.value)
    comment = Comment.objects.filter(about_kind="delivery.meeting").latest("pk")
    held = Meeting.objects.get(pk=comment.about_id)
    see("plan_meeting", here)
    see("meeting", here | {"pk": planned.pk}, here | {"pk": held.pk})
    for name in ("change_meeting", "hold_meeting", "cancel_meeting"):
        see(name, here | {"pk": planned.pk})
    see("answer_meeting", here | {"pk": held.pk, "comment": comment.pk})

    begun = Plan.objects.get(municipality=member, state=PlanState.DRAFT.value)
    adopted = Plan.objects.get(municipality=member, state=PlanState.ADOPTED.value)
    measure = begun.measures.order_by("pk").first() or adopted.measures.order_by("pk")[0]
    followed = adopted.measures.order_by("pk")[0]
    see("start_plan", at | {"municipality": draft["municipality"]})
    see("plan", here | {"year": begun.year}, here | {"year": adopted.year})
    see("summarise_plan", here | {"year": begun.year})
    see("revise_plan", here | {"year": adopted.year})
    see("add_measure", here | {"year": begun.year})
    for name in ("change_measure", "remove_measure"):
        see(name, here | {"year": measure.plan.year, "pk": measure.pk})
    for name in ("measure_status", "add_activity"):
        see(name, here | {"year": adopted.year, "pk": followed.pk})
    under = Activity.objects.filter(measure__plan=adopted).order_by("pk")[0]
    see("remove_activity", here | {"year": adopted.year, "pk": under.pk})

    year = _open_year(programme)
    of_year = at | {"year": year.year}

    def report(state: ReportState) -> dict[str, Any]:
        rows = YearlyReport.objects.filter(reporting_year=year, state=state.value)
        return of_year | {
            "municipality": rows.order_by("municipality__sort_key")[0].municipality.slug
        }

    own = of_year | {"municipality": member.slug}
    question = Comment.objects.filter(about_kind="delivery.yearlyreport", answer="").latest("pk")
    asked = YearlyReport.objects.get(pk=question.about_id)
    of_asked = of_year | {"municipality": asked.municipality.slug}
    received = report(ReportState.RECEIVED)
    answered = at | {"year": year.year - 1, "municipality": member.slug}
    see("report", own, of_asked, received, answered)
    found["delivery:report_page"] = [
        (own | {"page": page["code"]}, "") for page in year.form.definition["pages"]
    ]
    for name in ("report_check", "report_extend", "report_excuse"):
        see(name, own)
    see("report_hand_over", report(ReportState.BEGUN))
    see("report_ask", of_asked)
    see("report_reply", of_asked | {"comment": question.pk})
    see("report_withdraw", of_asked | {"comment": question.pk})
    see("report_discuss", received)
    see("report_answer", received)
    see("change_reporting", at | {"year": year.year + 1})
    see("expect_report", of_year)

    def summary(state: SummaryState) -> dict[str, Any]:
        row = Summary.objects.filter(reporting_year=year, state=state.value).order_by("pk")[0]
        return of_year | {"region": row.region.code if row.region else NATIONAL}

    written, waits = summary(SummaryState.DRAFT), summary(SummaryState.READ)
    last = at | {"year": year.year - 1}
    see("summaries", of_year, last)
    see("summary", written, waits, last | {"region": NATIONAL})
    for name in ("write_summary", "summary_matter", "send_summary"):
        see(name, written)
    see("answer_summary", waits)

    to_lead, to_owner = (
        Matter.objects.filter(
            programme=programme,
            state=MatterState.ASKED.value,
            addressed_to=_office(programme, to),
        ).order_by("-pk")[0]
        for to in (Capacity.NATIONAL_LEAD, Capacity.OWNER)
    )
    decision = Decision.objects.filter(
        programme=programme,
        state=DecisionState.OPEN.value,
        owner=_office(programme, Capacity.NATIONAL_LEAD),
    ).latest("pk")
    see("matter", at | {"matter": to_lead.pk}, at | {"matter": to_owner.pk})
    see("answer_matter", at | {"matter": to_lead.pk})
    see("withdraw_matter", at | {"matter": to_lead.pk})
    see("decide_matter", at | {"matter": to_owner.pk})
    see("finish_decision", at | {"decision": decision.pk})
    see("drop_decision", at | {"decision": decision.pk})

    ahead, past = (
        SteeringMeeting.objects.filter(programme=programme, state=state.value).order_by("number")[0]
        for state in (SteeringState.PLANNED, SteeringState.HELD)
    )
    see("steering_meeting", at | {"number": ahead.number}, at | {"number": past.number})
    for name in ("move_dialogue", "cancel_dialogue", "write_minutes", "decide_in_meeting"):
        see(name, at | {"number": ahead.number})

    of_group = GroupMember.objects.filter(group__programme=programme).order_by("pk")[0]
    group = at | {"group": of_group.group.code}
    for name in ("group", "change_group", "add_member", "raise_issue"):
        see(name, group)
    see("end_membership", group | {"member": of_group.pk})
    found["delivery:document_access"] = [
        ({"kind": kind.value, "key": key}, "")
        for kind, key in (
            (DocumentKind.AGREEMENT, in_force["pk"]),
            (DocumentKind.REPORT, asked.pk),
        )
    ]
    return found


NAMES = tuple(
    f"delivery:{name}"
    for name in (
        *("agreement", "draft_agreement", "change_agreement", "discard_agreement"),
        *("send_back_agreement", "end_agreement", "municipality_year"),
        *("plan_meeting", "meeting", "change_meeting", "hold_meeting", "cancel_meeting"),
        *("answer_meeting", "start_plan", "plan", "summarise_plan", "revise_plan", "add_measure"),
        *("change_measure", "remove_measure", "measure_status", "add_activity", "remove_activity"),
        *("report", "report_page", "report_check", "report_hand_over", "report_extend"),
        *(
            "report_excuse",
            "report_ask",
            "report_reply",
            "report_withdraw",
            "report_discuss",
            "report_answer",
        ),
        *("change_reporting", "expect_report", "summaries", "summary", "write_summary"),
        *("summary_matter", "send_summary", "answer_summary", "matter", "answer_matter"),
        *("withdraw_matter", "decide_matter", "finish_decision", "drop_decision"),
        *("steering_meeting", "move_dialogue", "cancel_dialogue", "write_minutes"),
        *("decide_in_meeting", "group", "change_group", "add_member", "raise_issue"),
        *("end_membership", "document_access"),
    )
)
