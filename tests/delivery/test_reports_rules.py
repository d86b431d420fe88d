"""What holds of yearly reports whatever is put in: counting, reminding, filling in beforehand, typed values."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.delivery.rules.plans import MeasureStatus
from sloyfe.delivery.rules.prefill import Known, PlannedMeasure, area_status, prefill
from sloyfe.delivery.rules.reports import (
    FEWEST_TIMES,
    MOST_REMINDERS,
    REPORT_MOVES,
    SENT_STATES,
    WRITABLE,
    Remindable,
    ReportState,
    completeness,
    due_day,
    reminder_due,
    typical_time,
)
from sloyfe.delivery.rules.result_rows import LARGEST, Contract, TooLarge, typed
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.instruments.rules.answers import check_answer, read_form
from tests.delivery.reporting import DEFINITION

STATES = st.sampled_from(list(ReportState))
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2028, 12, 31))
FORM = read_form(DEFINITION)
DUE = dt.date(2026, 4, 15)


@given(st.lists(STATES, max_size=400))
def test_completeness_is_never_over_100_per_cent_nor_100_before_all_have_sent(
    states: list[ReportState],
) -> None:
    counts = completeness(states)

    assert 0 <= counts.answered <= counts.sent <= counts.expected
    assert counts.expected + counts.excused == len(states)
    assert counts.percent is None or 0 <= counts.percent <= 100
    assert (counts.percent == 100) == (counts.sent == counts.expected > 0)
    assert counts.answered_percent is None or 0 <= counts.answered_percent <= 100


@given(st.lists(st.lists(STATES, max_size=40), max_size=8))
def test_the_regions_add_up_to_the_nation(regions: list[list[ReportState]]) -> None:
    nation = completeness(state for region in regions for state in region)
    parts = [completeness(region) for region in regions]

    assert nation.expected == sum(part.expected for part in parts)
    assert nation.sent == sum(part.sent for part in parts)
    assert nation.answered == sum(part.answered for part in parts)


def test_what_was_sent_is_never_excused_and_what_is_excused_never_sent() -> None:
    assert all(ReportState.EXCUSED not in REPORT_MOVES[state] for state in SENT_STATES)
    assert REPORT_MOVES[ReportState.EXCUSED] == frozenset()
    assert not WRITABLE & SENT_STATES


def _remindable(**more: Any) -> Remindable:
    values: dict[str, Any] = {
        "state": ReportState.BEGUN,
        "due_on": DUE,
        "reminders": 0,
        "reminded_on": None,
        "invited_on": dt.date(2026, 3, 2),
    }
    return Remindable(**(values | more))


@given(state=STATES, due=DAYS, opened=DAYS, skipped=st.sets(st.integers(0, 120)))
def test_nobody_gets_more_than_three_reminders_however_often_the_job_runs_or_fails(
    state: ReportState, due: dt.date, opened: dt.date, skipped: set[int]
) -> None:
    reminders, last = 0, None
    days = []
    for offset in range(120):
        day = due + dt.timedelta(days=offset - 40)
        if offset in skipped:
            continue
        for _twice in range(2):
            facts = _remindable(
                state=state, due_on=due, reminders=reminders, reminded_on=last, invited_on=opened
            )
            if reminder_due(facts, day):
                reminders, last = reminders + 1, day
                days.append(day)

    assert len(days) <= MOST_REMINDERS
    assert len(set(days)) == len(days)
    assert state in WRITABLE or not days
    assert all(day > opened for day in days)


def test_reminders_go_14_and_3_days_before_and_7_days_after() -> None:
    days: list[int] = []
    last = None
    for offset in range(-30, 40):
        day = DUE + dt.timedelta(days=offset)
        if reminder_due(_remindable(reminders=len(days), reminded_on=last), day):
            days.append(offset)
            last = day

    assert days == [-14, -3, 7]


def test_an_extension_moves_the_reminders_with_the_day() -> None:
    day = DUE + dt.timedelta(days=7)

    assert reminder_due(_remindable(), day)
    assert not reminder_due(_remindable(due_on=DUE + dt.timedelta(days=60)), day)


@given(DAYS, DAYS)
def test_who_is_asked_late_gets_time(due: dt.date, asked: dt.date) -> None:
    assert due_day(due, asked) >= max(due, asked + dt.timedelta(days=30))


@given(st.lists(st.one_of(st.none(), st.integers(-5, 500), st.text(max_size=3), st.booleans())))
def test_time_used_is_told_only_of_five_or_more(given_times: list[object]) -> None:
    known = [t for t in given_times if type(t) is int and t > 0]

    told = typical_time(given_times)

    assert (told is None) == (len(known) < FEWEST_TIMES)
    assert told is None or min(known) <= told <= max(known)


ANY_VALUE = st.one_of(
    st.integers(-10, 10**20),
    st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=3),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(
    last=st.dictionaries(st.sampled_from(sorted(FORM.by_item)), ANY_VALUE),
    facts=st.dictionaries(st.sampled_from(sorted(FORM.by_item)), ANY_VALUE),
    texts=st.lists(st.text(max_size=3000), max_size=5),
    statuses=st.lists(st.sampled_from(list(MeasureStatus)), max_size=5),
)
def test_what_is_filled_in_beforehand_is_always_an_answer_with_a_source(
    last: dict[str, Any],
    facts: dict[str, Any],
    texts: list[str],
    statuses: list[MeasureStatus],
) -> None:
    known = Known(
        last_year=2024,
        last_answers=last,
        plan_year=2025,
        measures=tuple(
            PlannedMeasure(text, "housing", s) for text, s in zip(texts, statuses, strict=False)
        ),
        needs=tuple(texts),
        facts={item: (value, {"from": "agreement"}) for item, value in facts.items()},
    )

    answers, sources = prefill(FORM, known)

    assert set(answers) == set(sources)
    assert all(check_answer(FORM, item, value) is None for item, value in answers.items())
    asked = {item for item, (_page, question) in FORM.by_item.items() if question.prefill}
    assert set(answers) <= asked


@given(st.lists(st.sampled_from(list(MeasureStatus)), max_size=8))
def test_an_area_is_carried_out_only_when_nothing_in_it_is_left(
    statuses: list[MeasureStatus],
) -> None:
    found = area_status(statuses)

    assert (found is None) == (not statuses)
    if found is MeasureStatus.DONE:
        assert set(statuses) <= {MeasureStatus.DONE, MeasureStatus.STOPPED}
        assert MeasureStatus.DONE in statuses


@pytest.mark.parametrize(
    ("contract", "answers", "expected"),
    [
        (Contract(Aggregation.SUM, "a"), {"a": 0}, {"value": Decimal(0)}),
        (Contract(Aggregation.SUM, "a"), {}, None),
        (Contract(Aggregation.SUM, "a"), {"a": "tolv"}, None),
        (Contract(Aggregation.LATEST, "a"), {"a": 1.5}, {"value": Decimal("1.5")}),
        (
            Contract(Aggregation.RATIO, "", "a", "b"),
            {"a": 2, "b": 0},
            {"numerator": Decimal(2), "denominator": Decimal(0)},
        ),
        (Contract(Aggregation.RATIO, "", "a", "b"), {"a": 2}, None),
        (Contract(Aggregation.NONE, "a"), {"a": "yes"}, {"words": "yes"}),
        (Contract(Aggregation.NONE, "a"), {"a": ["x", "y"]}, {"words": "x,y"}),
        (Contract(Aggregation.TEXT, "a"), {"a": "Ord"}, {"words": "Ord"}),
        (Contract(Aggregation.TEXT, "a"), {"b": "Ord"}, None),
    ],
)
def test_an_answer_becomes_a_typed_value_and_a_blank_nothing(
    contract: Contract, answers: dict[str, Any], expected: dict[str, Any] | None
) -> None:
    found = typed(contract, answers)

    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert {name: value for name, value in vars(found).items() if value not in (None, "")} == (
            expected
        )


def test_a_number_that_nothing_has_room_for_is_refused() -> None:
    with pytest.raises(TooLarge):
        typed(Contract(Aggregation.SUM, "a"), {"a": int(LARGEST)})
