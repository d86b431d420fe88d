"""Pure rules of the programme's year: calendars, who is concerned, capacity, faults and changes."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.programme.rules import calendar
from sloyfe.programme.rules.capacity import Work, in_force, loads, overloads, task_work
from sloyfe.programme.rules.mandates import (
    PART_SETS,
    ChangeOf,
    Chapter,
    Entry,
    FaultKind,
    Part,
    RoleKind,
    TaskFacts,
    changes,
    faults,
    next_code,
    wording_problems,
)
from sloyfe.programme.rules.year_wheel import (
    DateKind,
    Reach,
    Reader,
    concerns,
    date_problems,
    doers,
    is_marked,
    months_from,
    needs_reason,
)

DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2090, 1, 1))
NOW = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)


def entry(**more: object) -> calendar.CalendarEntry:
    said: dict[str, object] = {
        "uid": "p-date-1@example.org",
        "summary": "Samling",
        "starts_on": dt.date(2027, 3, 16),
        "ends_on": None,
        "changed_at": NOW,
        "sequence": 0,
    }
    return calendar.CalendarEntry(**(said | more))  # type: ignore[arg-type]


def unfold(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


def unescape(text: str) -> str:
    found, rest = "", iter(text)
    for character in rest:
        if character == "\\":
            after = next(rest)
            found += "\n" if after == "n" else after
        else:
            found += character
    return found


@given(st.text(max_size=400), st.text(max_size=400))
def test_no_line_of_a_calendar_is_longer_than_75_octets(title: str, words: str) -> None:
    text = calendar.calendar_text(title, [entry(summary=words, description=title + words)])

    assert text.endswith("\r\n")
    for line in text.split("\r\n"):
        assert len(line.encode()) <= 75
        assert "\n" not in line
        assert "\r" not in line


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp")), max_size=300))
def test_what_is_folded_and_escaped_reads_as_it_was_written(words: str) -> None:
    lines = unfold(calendar.calendar_text("x", [entry(summary=words)]))

    [said] = [line for line in lines if line.startswith("SUMMARY:")]
    assert unescape(said.removeprefix("SUMMARY:")) == words


@given(st.text(max_size=200))
def test_nothing_that_somebody_writes_adds_a_line_to_the_calendar(words: str) -> None:
    plain = unfold(calendar.calendar_text("x", [entry()]))
    theirs = unfold(calendar.calendar_text("x", [entry(summary=words)]))

    assert [line.split(":")[0] for line in theirs] == [line.split(":")[0] for line in plain]


def test_an_all_day_event_ends_on_the_day_after_its_last() -> None:
    lines = unfold(calendar.calendar_text("x", [entry(ends_on=dt.date(2027, 3, 17))]))

    assert "DTSTART;VALUE=DATE:20270316" in lines
    assert "DTEND;VALUE=DATE:20270318" in lines


def test_a_cancelled_date_says_so_with_a_higher_sequence() -> None:
    lines = unfold(calendar.calendar_text("x", [entry(is_cancelled=True, sequence=3)]))

    assert "STATUS:CANCELLED" in lines
    assert "SEQUENCE:3" in lines
    assert "DTSTAMP:20261123T120000Z" in lines


@given(st.binary(min_size=1), st.sampled_from(list(RoleKind)), st.sampled_from(list(RoleKind)))
def test_a_key_opens_the_calendar_of_its_role_only(
    secret: bytes, role: RoleKind, other: RoleKind
) -> None:
    key = calendar.feed_key(secret, "p", role)

    assert calendar.key_fits(secret, "p", other, key) == (role == other)
    assert not calendar.key_fits(secret, "q", role, key)
    assert not calendar.key_fits(secret, "p", role, "æ")


# The wheel


@given(DAYS, st.integers(-400, 400))
def test_a_date_less_than_a_year_ahead_needs_a_reason(today: dt.date, ahead: int) -> None:
    day = today + dt.timedelta(ahead)

    assert needs_reason(today, day, None) == (ahead < 365)


@given(DAYS, st.integers(-5, 100))
def test_a_change_stands_marked_for_sixty_days(made: dt.date, later: int) -> None:
    assert is_marked(made, made + dt.timedelta(later)) == (0 <= later < 60)


@given(DAYS)
def test_the_wheel_shows_twelve_months_that_follow_each_other(today: dt.date) -> None:
    months = months_from(today)

    assert len(months) == 12
    assert months[0] == today.replace(day=1)
    assert all((b - a).days in (28, 29, 30, 31) for a, b in pairwise(months))


def test_a_subprogramme_narrows_municipalities_and_a_region_offices_too() -> None:
    everybody = frozenset(RoleKind)
    member = Reader(RoleKind.MUNICIPALITY, frozenset({1}), frozenset({7}))
    office = Reader(RoleKind.REGIONAL_OFFICE, None, frozenset({7}))
    owner = Reader(RoleKind.OWNER)

    assert concerns(Reach(everybody, subprogramme=1), member)
    assert not concerns(Reach(everybody, subprogramme=2), member)
    assert concerns(Reach(everybody, subprogramme=2), office)
    assert not concerns(Reach(everybody, region=8), office)
    assert not concerns(Reach(everybody, region=8), member)
    assert concerns(Reach(everybody, region=8), owner)
    assert not concerns(Reach(frozenset({RoleKind.PARTNER})), owner)


@given(DAYS, DAYS, st.none() | DAYS)
def test_a_date_that_may_stand_ends_no_sooner_than_it_begins(
    today: dt.date, start: dt.date, end: dt.date | None
) -> None:
    problems = date_problems(starts_on=start, ends_on=end, roles=[RoleKind.OWNER], today=today)

    if not problems:
        assert end is None or start <= end
    assert ("roles", "date_concerns_nobody") in date_problems(
        starts_on=start, ends_on=end, roles=[], today=today
    )


# Capacity


@given(
    st.lists(
        st.builds(
            Work,
            st.integers(1, 3),
            st.integers(2026, 2027),
            st.integers(1, 12),
            st.decimals(0, 100, places=1),
        )
    ),
    st.dictionaries(
        st.tuples(st.integers(1, 3), st.integers(2026, 2027)), st.decimals(0, 300, places=1)
    ),
)
def test_what_is_asked_adds_up_and_nothing_is_lost(
    work: list[Work], available: dict[tuple[int, int], Decimal]
) -> None:
    found = loads(available, work)

    assert sum(load.asked for load in found.values()) == sum(each.days for each in work)
    assert all(key in found for key in available)
    for load in found.values():
        if load.difference is not None:
            assert load.is_too_much == (load.asked > (load.available or 0))


@given(st.decimals(0, 300, places=1), st.sets(st.integers(1, 12)))
def test_a_task_asks_a_twelfth_in_each_month(days: Decimal, months: set[int]) -> None:
    found = task_work(1, 2026, months, days)

    assert abs(sum(each.days for each in found) - days * len(months) / 12) < Decimal("0.001")


def test_only_offices_of_which_more_is_asked_than_before_are_told_of() -> None:
    has = {(1, 2026): Decimal(10), (2, 2026): Decimal(10)}
    before = loads(has, [Work(1, 2026, 1, Decimal(20)), Work(2, 2026, 1, Decimal(8))])
    after = loads(
        has,
        [
            Work(1, 2026, 1, Decimal(20)),
            Work(2, 2026, 1, Decimal(15)),
            Work(3, 2026, 1, Decimal(99)),
        ],
    )

    [found] = overloads(before, after)
    assert (found.office, found.too_much, found.asked_before) == (2, Decimal(5), Decimal(8))


def test_the_mandate_of_a_month_is_that_of_its_first_day() -> None:
    periods = [
        (1, dt.date(2025, 1, 1), dt.date(2026, 3, 2)),
        (2, dt.date(2026, 3, 2), None),
    ]

    assert in_force(periods, 2026, 3) == 1
    assert in_force(periods, 2026, 4) == 2
    assert in_force(periods, 2024, 12) is None


# Responsibility

ASSIGNED = st.dictionaries(st.sampled_from(list(RoleKind)), st.sampled_from(PART_SETS))


@given(st.lists(ASSIGNED, min_size=1, max_size=6))
def test_a_table_without_faults_has_one_that_answers_and_somebody_who_does_each_task(
    rows: list[dict[RoleKind, frozenset[Part]]],
) -> None:
    tasks = [TaskFacts(str(i), roles) for i, roles in enumerate(rows)]
    wrong = {fault.task for fault in faults(tasks)}

    for task in tasks:
        whole = len(task.who(Part.ACCOUNTABLE)) == 1 and bool(task.who(Part.RESPONSIBLE))
        assert whole == (task.code not in wrong)


def test_a_table_without_tasks_is_a_fault() -> None:
    assert [fault.kind for fault in faults([])] == [FaultKind.NO_TASKS]


TEXTS = st.fixed_dictionaries({"nb": st.text(max_size=5), "nn": st.text(max_size=5)})
ENTRIES = st.lists(
    st.builds(Entry, st.sampled_from(list(Chapter)), st.sampled_from("abc"), TEXTS),
    unique_by=lambda each: (each.chapter, each.code),
)


@given(ENTRIES, ENTRIES)
def test_changes_one_way_are_the_other_way_turned_round(old: list[Entry], new: list[Entry]) -> None:
    turned = {ChangeOf.ADDED: ChangeOf.REMOVED, ChangeOf.REMOVED: ChangeOf.ADDED}
    there = {(c.chapter, c.code, c.what) for c in changes(old, new)}
    back = {(c.chapter, c.code, turned.get(c.what, c.what)) for c in changes(new, old)}

    assert there == back
    assert changes(old, old) == ()


@given(st.lists(st.integers(1, 20).map(lambda n: f"task-{n}"), unique=True))
def test_a_new_code_is_never_one_that_is_there(known: list[str]) -> None:
    assert next_code("task", known) not in known


def test_a_text_needs_both_forms_of_norwegian_and_may_lack_english() -> None:
    assert wording_problems({"nb": "a", "nn": "b"}, longest=5) == []
    assert wording_problems({"nb": "a", "nn": " "}, longest=5) == ["nn"]
    assert wording_problems({"nb": "a" * 6, "nn": "b"}, longest=5) == ["nb"]
    assert wording_problems({}, longest=5, required=False) == []
    assert wording_problems({"en": "x"}, longest=5, required=False) == ["nb", "nn"]


@pytest.mark.parametrize(
    ("kind", "roles", "does"),
    [
        ("summary_due", {"regional_office", "national_lead"}, {"regional_office"}),
        ("summary_due", {"national_lead", "owner"}, {"national_lead"}),
        ("answer_due", {"municipality", "regional_office", "national_lead"}, {"regional_office"}),
        ("gathering", {"owner", "municipality"}, {"owner", "municipality"}),
    ],
)
def test_a_date_asks_for_the_days_of_those_who_do_its_work(
    kind: str, roles: set[str], does: set[str]
) -> None:
    assert doers(DateKind(kind), [RoleKind(role) for role in roles]) == does
