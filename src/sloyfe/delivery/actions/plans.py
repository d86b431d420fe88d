"""Writing, adopting, following up and closing a municipality's action plan.

No actor is the loading of content: who may is asked only when somebody acts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import action, set_about
from sloyfe.comments.actions import write_comment
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.actions.agreements import readable
from sloyfe.delivery.models import Activity, Agreement, EffortArea, Measure, Plan
from sloyfe.delivery.permissions.plans import (
    check_is_in_work,
    check_is_open,
    check_may_adopt,
    check_may_close,
    check_may_follow_plan,
    check_may_revise,
    check_may_start_plan,
    check_may_write_plan,
    check_plan_move,
    check_says_something,
)
from sloyfe.delivery.queries.agreements import office_of
from sloyfe.delivery.rules.agreements import AgreementState
from sloyfe.delivery.rules.plans import (
    FIRST_YEAR,
    LAST_YEAR,
    LONGEST_MEASURE,
    MOST_ACTIVITIES,
    MOST_MEASURES,
    UNFINISHED,
    MeasureStatus,
    PlanState,
    stand_of,
)
from sloyfe.delivery.texts.plans import FIELD_TEXT
from sloyfe.organisations.models import Organisation
from sloyfe.programme.models import Programme, Statement
from sloyfe.programme.queries import Visitor

REVISED = "revised"  # where the reason for opening an adopted plan stands among the comments


@dataclass(frozen=True)
class MeasureTerms:
    """What a measure says: what is done, by whom, by when, for which goal, and how it will be seen."""

    text: str
    who: str
    by_when: dt.date
    how_seen: str
    goal: Statement | None = None
    area: EffortArea | None = None


def _lock(plan: Plan) -> Plan:
    return (
        Plan.objects.select_for_update(of=("self",), no_key=True)
        .select_related("programme", "municipality", "office")
        .get(pk=plan.pk)
    )


def _bump(plan: Plan, *fields: str) -> None:
    plan.revision += 1
    plan.save(update_fields=[*fields, "revision"])


def _check_day(plan: Plan, day: dt.date) -> None:
    if day.year < plan.year:
        raise NotPossible("delivery.measure_day_before_the_plan", year=plan.year)
    if day.year > plan.year + LONGEST_MEASURE:
        raise NotPossible(
            "delivery.measure_day_far_off", year=plan.year, last=plan.year + LONGEST_MEASURE
        )


def _check_measure(plan: Plan, terms: MeasureTerms) -> MeasureTerms:
    texts = {
        name: readable(getattr(terms, name), FIELD_TEXT[name], most)
        for name, most in (("text", 500), ("who", 200), ("how_seen", 500))
    }
    for name, text in texts.items():
        if not text:
            raise NotPossible("delivery.measure_incomplete", field=FIELD_TEXT[name])
    if not FIRST_YEAR <= terms.by_when.year <= LAST_YEAR:
        raise NotPossible("delivery.measure_day_unknown")
    _check_day(plan, terms.by_when)
    for thing in (terms.goal, terms.area):
        if thing is not None and thing.programme_id != plan.programme_id:
            raise NotPossible("delivery.other_programme")
    return MeasureTerms(by_when=terms.by_when, goal=terms.goal, area=terms.area, **texts)


def start_plan(
    *,
    programme: Programme,
    municipality: Organisation,
    year: int,
    actor: Visitor | None,
    now: dt.datetime,
    copy_unfinished: bool = True,
) -> Plan:
    """Begin a municipality's plan for a year, and take along what last year's plan did not finish."""
    today = timezone.localdate(now)
    if actor is not None:
        check_may_start_plan(actor, programme.pk, municipality.pk, today)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotPossible("delivery.plan_year_unknown", year=year)
    office = office_of(programme, municipality, today)
    if office is None:
        raise NotPossible("delivery.no_office")
    with action("delivery.plan.start", actor=actor, now=now) as event:
        plan, is_new = Plan.objects.get_or_create(
            programme=programme,
            municipality=municipality,
            year=year,
            defaults={
                "office": office,
                "agreement": Agreement.objects.filter(
                    programme=programme,
                    municipality=municipality,
                    state=AgreementState.IN_FORCE.value,
                )
                .order_by("-confirmed_at")
                .first(),
            },
        )
        if not is_new:
            raise NotPossible("delivery.plan_exists", year=year)
        copied = 0
        if copy_unfinished:
            unfinished = Measure.objects.filter(
                plan__programme=programme,
                plan__municipality=municipality,
                plan__year=year - 1,
                status__in=[status.value for status in UNFINISHED],
            )
            copied = len(
                Measure.objects.bulk_create(
                    Measure(
                        plan=plan,
                        position=place,
                        text=old.text,
                        goal_id=old.goal_id,
                        area_id=old.area_id,
                        who=old.who,
                        by_when=old.by_when if old.by_when.year >= year else dt.date(year, 12, 31),
                        how_seen=old.how_seen,
                        status=old.status,
                        status_note=old.status_note,
                    )
                    for place, old in enumerate(unfinished, start=1)
                )
            )
        event.details["copied"] = copied
        set_about(event, plan)
    return plan


def summarise_plan(
    *, plan: Plan, summary: str, revision: int, actor: Visitor | None, now: dt.datetime
) -> Plan:
    """Write the plan in short, for those who read nothing else of it."""
    if actor is not None:
        check_may_write_plan(actor, plan, timezone.localdate(now))
    summary = readable(summary, FIELD_TEXT["summary"], 4000)
    with action("delivery.plan.summarise", actor=actor, now=now, about=plan):
        locked = _lock(plan)
        check_is_in_work(locked)
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.plan_changed_meanwhile")
        locked.summary = summary
        _bump(locked, "summary")
    return locked


def add_measure(
    *, plan: Plan, terms: MeasureTerms, actor: Visitor | None, now: dt.datetime
) -> Measure:
    """Add a measure at the end of a plan."""
    if actor is not None:
        check_may_write_plan(actor, plan, timezone.localdate(now))
    terms = _check_measure(plan, terms)
    with action("delivery.measure.add", actor=actor, now=now, about=plan):
        locked = _lock(plan)
        check_is_in_work(locked)
        if locked.measures.count() >= MOST_MEASURES:
            raise NotPossible("delivery.too_many_measures", most=MOST_MEASURES)
        last = locked.measures.aggregate(last=Max("position"))["last"] or 0
        measure = Measure.objects.create(
            plan=locked,
            position=last + 1,
            text=terms.text,
            goal=terms.goal,
            area=terms.area,
            who=terms.who,
            by_when=terms.by_when,
            how_seen=terms.how_seen,
        )
        _bump(locked)
    return measure


def _measure_now(measure: Measure) -> Measure:
    found = Measure.objects.select_for_update().filter(pk=measure.pk).first()
    if found is None:
        raise ChangedMeanwhile("delivery.measure_removed_meanwhile")
    return found


def change_measure(
    *,
    measure: Measure,
    terms: MeasureTerms,
    revision: int,
    actor: Visitor | None,
    now: dt.datetime,
) -> Measure:
    """Change a measure. `revision` is the plan's, as it was read."""
    if actor is not None:
        check_may_write_plan(actor, measure.plan, timezone.localdate(now))
    terms = _check_measure(measure.plan, terms)
    with action("delivery.measure.change", actor=actor, now=now, about=measure.plan):
        plan = _lock(measure.plan)
        check_is_in_work(plan)
        if plan.revision != revision:
            raise ChangedMeanwhile("delivery.plan_changed_meanwhile")
        found = _measure_now(measure)
        found.text, found.who, found.how_seen = terms.text, terms.who, terms.how_seen
        found.by_when, found.goal, found.area = terms.by_when, terms.goal, terms.area
        found.save(update_fields=["text", "who", "how_seen", "by_when", "goal", "area"])
        _bump(plan)
    return found


def remove_measure(*, measure: Measure, actor: Visitor | None, now: dt.datetime) -> None:
    """Take a measure and its activities out of a plan that is being written."""
    if actor is not None:
        check_may_write_plan(actor, measure.plan, timezone.localdate(now))
    with action("delivery.measure.remove", actor=actor, now=now, about=measure.plan):
        plan = _lock(measure.plan)
        check_is_in_work(plan)
        _measure_now(measure).delete()
        _bump(plan)


def set_status(
    *,
    measure: Measure,
    status: MeasureStatus,
    note: str,
    actor: Visitor | None,
    now: dt.datetime,
    new_day: dt.date | None = None,
    stood: str | None = None,
) -> Measure:
    """Say how far a measure has come, with a note; one that is stopped or gets another day says why.

    `stood` is the mark of how far it had come when that was read (`stand_of`). Raises ChangedMeanwhile where
    somebody else has said something else since; None is the loading of content, which compares nothing.
    """
    if actor is not None:
        check_may_follow_plan(actor, measure.plan, timezone.localdate(now))
    note = readable(note, FIELD_TEXT["status_note"], 500)
    if status is MeasureStatus.STOPPED and not note:
        raise NotPossible("delivery.stopped_says_why")
    if new_day is not None and new_day != measure.by_when:
        if not note:
            raise NotPossible("delivery.new_day_says_why")
        _check_day(measure.plan, new_day)
    with action(
        "delivery.measure.status", actor=actor, now=now, about=measure.plan, status=status.value
    ):
        plan = _lock(measure.plan)
        check_is_open(plan)
        found = _measure_now(measure)
        if stood is not None and stood != stand_of(found.status, found.status_note, found.by_when):
            raise ChangedMeanwhile("delivery.measure_told_meanwhile")
        found.status, found.status_note = status.value, note
        found.by_when = new_day or found.by_when
        found.save(update_fields=["status", "status_note", "by_when"])
    return found


def add_activity(
    *,
    measure: Measure,
    text: str,
    on: dt.date | None,
    actor: Visitor | None,
    now: dt.datetime,
) -> Activity:
    """Add an activity under a measure, with its day where it is known."""
    if actor is not None:
        check_may_follow_plan(actor, measure.plan, timezone.localdate(now))
    text = readable(text, FIELD_TEXT["activity"], 500)
    if not text:
        raise NotPossible("delivery.activity_empty")
    if on is not None and not FIRST_YEAR <= on.year <= LAST_YEAR:
        raise NotPossible("delivery.measure_day_unknown")
    with action("delivery.activity.add", actor=actor, now=now, about=measure.plan):
        check_is_open(_lock(measure.plan))
        found = _measure_now(measure)
        if found.activities.count() >= MOST_ACTIVITIES:
            raise NotPossible("delivery.too_many_activities", most=MOST_ACTIVITIES)
        return Activity.objects.create(measure=found, text=text, on=on)


def mark_activity(
    *, activity: Activity, done_on: dt.date | None, actor: Visitor | None, now: dt.datetime
) -> Activity:
    """Say on which day an activity was done, or that it has not been done after all."""
    plan = activity.measure.plan
    today = timezone.localdate(now)
    if actor is not None:
        check_may_follow_plan(actor, plan, today)
    if done_on is not None and done_on > today:
        raise NotPossible("delivery.activity_in_the_future")
    with action("delivery.activity.mark", actor=actor, now=now, about=plan):
        check_is_open(_lock(plan))
        changed = Activity.objects.filter(pk=activity.pk).update(done_on=done_on)
        if not changed:
            raise ChangedMeanwhile("delivery.measure_removed_meanwhile")
    activity.done_on = done_on
    return activity


def remove_activity(*, activity: Activity, actor: Visitor | None, now: dt.datetime) -> None:
    """Take an activity out of a plan that is not closed."""
    plan = activity.measure.plan
    if actor is not None:
        check_may_follow_plan(actor, plan, timezone.localdate(now))
    with action("delivery.activity.remove", actor=actor, now=now, about=plan):
        check_is_open(_lock(plan))
        Activity.objects.filter(pk=activity.pk).delete()


def adopt_plan(*, plan: Plan, revision: int, actor: Visitor | None, now: dt.datetime) -> Plan:
    """Adopt a plan as it was read; from now on others in the programme may read it."""
    if actor is not None:
        check_may_adopt(actor, plan, timezone.localdate(now))
    with action("delivery.plan.adopt", actor=actor, now=now, about=plan):
        locked = _lock(plan)
        check_plan_move(locked, PlanState.ADOPTED)
        check_says_something(locked)
        if locked.revision != revision:
            raise ChangedMeanwhile("delivery.plan_changed_meanwhile")
        locked.state, locked.adopted_at = PlanState.ADOPTED.value, now
        _bump(locked, "state", "adopted_at")
    return locked


def revise_plan(*, plan: Plan, reason: str, actor: Person, now: dt.datetime) -> Plan:
    """Open an adopted plan for changes; the reason stands on the plan."""
    check_may_revise(actor, plan, timezone.localdate(now))
    if not reason.strip():
        raise NotPossible("delivery.revise_says_why")
    with action("delivery.plan.revise", actor=actor, now=now, about=plan):
        locked = _lock(plan)
        check_plan_move(locked, PlanState.DRAFT)
        write_comment(about=locked, anchor=REVISED, text=reason, actor=actor, now=now)
        locked.state = PlanState.DRAFT.value
        _bump(locked, "state")
    return locked


def close_plan(*, plan: Plan, actor: Visitor | None, now: dt.datetime) -> Plan:
    """Close an adopted plan: what it says stands as it is."""
    if actor is not None:
        check_may_close(actor, plan, timezone.localdate(now))
    with action("delivery.plan.close", actor=actor, now=now, about=plan):
        locked = _lock(plan)
        check_plan_move(locked, PlanState.CLOSED)
        locked.state = PlanState.CLOSED.value
        _bump(locked, "state")
    return locked
