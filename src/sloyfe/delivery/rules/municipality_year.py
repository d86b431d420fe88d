"""Where a municipality stands on the programme's ladder, and what comes next. Without Django."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from sloyfe.delivery.rules.agreements import MEETINGS_A_YEAR, EndKind, Side, expires_soon
from sloyfe.delivery.rules.plans import PlanState


class Rung(StrEnum):
    """The steps in their order: each is reached when the one before is."""

    DIALOGUE = "dialogue"
    AGREEMENT = "agreement"
    PRIORITIES = "priorities"
    PLAN = "plan"
    ACTIVITIES = "activities"


class NextStep(StrEnum):
    BASIC_OFFER = "basic_offer"  # the agreement has ended, and nobody has asked for another
    GOES_ON = "goes_on"  # the municipality has become part of another
    PLAN_DIALOGUE = "plan_dialogue"
    HOLD_DIALOGUE = "hold_dialogue"
    DRAFT_AGREEMENT = "draft_agreement"
    PROPOSE_AGREEMENT = "propose_agreement"
    CONFIRM_AGREEMENT = "confirm_agreement"
    RENEW_AGREEMENT = "renew_agreement"
    CHOOSE_PRIORITIES = "choose_priorities"
    MAKE_PLAN = "make_plan"
    ADOPT_PLAN = "adopt_plan"
    CATCH_UP = "catch_up"
    PLAN_MEETING = "plan_meeting"
    CARRY_OUT = "carry_out"


@dataclass(frozen=True)
class LadderFacts:
    """What is known of one municipality in one year. `drafting` and `proposed` are of an agreement in work.

    `since` is when the first of the agreements in force began to hold, `ended_on` the first day on which the
    newest of those that have ended no longer held.
    """

    dialogue_held: dt.date | None = None
    dialogue_planned: dt.date | None = None
    drafting: bool = False
    proposed: bool = False
    in_force: bool = False
    since: dt.date | None = None
    ended_on: dt.date | None = None
    end_kind: EndKind | None = None
    valid_to: dt.date | None = None
    priorities: int = 0
    plan: PlanState | None = None
    plan_adopted: dt.date | None = None
    measures: int = 0
    finished: int = 0
    late: int = 0
    meetings_held: int = 0
    meetings_planned: int = 0


@dataclass(frozen=True)
class Ladder:
    """Where a municipality stands: the first rung not reached (None: all are), what is next, who has it."""

    facts: LadderFacts
    done: frozenset[Rung]
    now: Rung | None
    next_step: NextStep
    who: Side

    @property
    def has_ended(self) -> bool:
        """Whether the last that happened is that the agreement ended."""
        return self.next_step in (NextStep.BASIC_OFFER, NextStep.GOES_ON)

    @property
    def holds(self) -> int:
        """How many rungs are reached."""
        return len(self.done)


def ladder(facts: LadderFacts, on: dt.date) -> Ladder:
    """Tell where a municipality stands on a day, what comes next and which side has it.

    An agreement in force implies the dialogue before it, whether or not it was written down here. One that
    has ended brings the municipality back to where it began: what comes then begins with a new dialogue.
    """
    if facts.ended_on is not None and facts.dialogue_held is not None:
        led_to_it = facts.dialogue_held < facts.ended_on
        facts = replace(facts, dialogue_held=None if led_to_it else facts.dialogue_held)
    runs_out = facts.in_force and facts.valid_to is not None and facts.valid_to <= on
    reached = (
        (Rung.DIALOGUE, facts.dialogue_held is not None or facts.in_force or facts.proposed),
        (Rung.AGREEMENT, facts.in_force and not runs_out),
        (Rung.PRIORITIES, facts.priorities > 0),
        (Rung.PLAN, facts.plan in (PlanState.ADOPTED, PlanState.CLOSED)),
        (Rung.ACTIVITIES, facts.measures > 0 and facts.finished == facts.measures),
    )
    done: set[Rung] = set()
    now: Rung | None = None
    for rung, is_reached in reached:
        if not is_reached:
            now = rung
            break
        done.add(rung)
    step, who = _next(facts, now, on)
    return Ladder(facts, frozenset(done), now, step, who)


def _next(facts: LadderFacts, now: Rung | None, on: dt.date) -> tuple[NextStep, Side]:
    # What has been sent waits for the one who got it, whatever else there is to do.
    if facts.proposed:
        return NextStep.CONFIRM_AGREEMENT, Side.MUNICIPALITY
    if facts.drafting:
        return NextStep.PROPOSE_AGREEMENT, Side.OFFICE
    if now is Rung.DIALOGUE:
        planned = facts.dialogue_planned is not None
        if facts.ended_on is not None and not planned:
            is_merged = facts.end_kind is EndKind.MERGED
            return (NextStep.GOES_ON if is_merged else NextStep.BASIC_OFFER), Side.OFFICE
        return (NextStep.HOLD_DIALOGUE if planned else NextStep.PLAN_DIALOGUE), Side.OFFICE
    if now is Rung.AGREEMENT:
        renew = facts.in_force
        return (NextStep.RENEW_AGREEMENT if renew else NextStep.DRAFT_AGREEMENT), Side.OFFICE
    if now is Rung.PRIORITIES:
        return NextStep.CHOOSE_PRIORITIES, Side.OFFICE
    if now is Rung.PLAN:
        has_something = facts.plan is not None and facts.measures > 0
        return (NextStep.ADOPT_PLAN if has_something else NextStep.MAKE_PLAN), Side.MUNICIPALITY
    if expires_soon(facts.valid_to, on):
        return NextStep.RENEW_AGREEMENT, Side.OFFICE
    if facts.late:
        return NextStep.CATCH_UP, Side.MUNICIPALITY
    if facts.meetings_held + facts.meetings_planned < MEETINGS_A_YEAR:
        return NextStep.PLAN_MEETING, Side.OFFICE
    return NextStep.CARRY_OUT, Side.MUNICIPALITY
