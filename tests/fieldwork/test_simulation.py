"""The model that answers simulated rounds: the same for the same seed, valid, and with structure."""

from __future__ import annotations

from pathlib import Path
from statistics import mean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sloyfe.fieldwork.rules.simulation import Outcome, Unit, answers_of, satisfaction, simulate
from sloyfe.instruments.imports import read_folder
from sloyfe.instruments.rules.answers import Form, check_complete, read_form

PROGRAMMES = Path(__file__).resolve().parents[2] / "programmes"
FOLDERS = sorted(file.parent for file in PROGRAMMES.glob("*/bank.yaml"))
REGIONS = ("a", "b", "c", "d", "e", "f")


def _forms(folder: Path) -> dict[str, Form]:
    return {row.code: read_form(row.definition) for row in read_folder(folder).instruments}


FORMS = {
    f"{folder.name}/{code}": form for folder in FOLDERS for code, form in _forms(folder).items()
}
BASIC = FORMS["exercise/basic-offer"]
UNITS = [
    Unit(f"u{n}", REGIONS[n % 6], (900, 4_000, 9_000, 30_000)[n % 4], is_member=n % 5 == 0)
    for n in range(600)
]

units = st.builds(
    Unit,
    key=st.text(min_size=1, max_size=20),
    region=st.sampled_from(REGIONS),
    inhabitants=st.integers(0, 800_000),
    is_member=st.booleans(),
    language=st.sampled_from(["nb", "nn", "neutral", ""]),
)


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(sorted(FORMS)), unit=units, round_number=st.integers(1, 9), seed=st.text()
)
def test_answers_are_what_a_person_could_have_sent(
    name: str, unit: Unit, round_number: int, seed: str
) -> None:
    answers = answers_of(FORMS[name], unit, round_number=round_number, seed=seed)

    assert check_complete(FORMS[name], answers) == []
    assert answers == answers_of(FORMS[name], unit, round_number=round_number, seed=seed)


def test_the_model_gives_the_same_on_every_machine() -> None:
    unit = Unit("x-x310", "vestoyane", 2_900)

    assert satisfaction(unit, round_number=1, seed="fixed").hex() == "-0x1.e19fd0783f16ap-3"
    assert answers_of(BASIC, unit, round_number=1, seed="fixed")["satisfaction_total"] == "verken"


def test_another_seed_gives_other_answers() -> None:
    one, other = (
        [answers_of(BASIC, unit, round_number=1, seed=seed) for unit in UNITS[:20]]
        for seed in ("one", "other")
    )

    assert one != other


def _positive(units: list[Unit], item: str = "satisfaction_total", round_number: int = 1) -> float:
    _page, question = BASIC.by_item[item]
    good = {option.code for option in question.options if option.pole == "positive"}
    given = [answers_of(BASIC, u, round_number=round_number, seed="s").get(item) for u in units]
    return mean(value in good for value in given if value is not None)


def test_large_municipalities_and_members_are_better_pleased() -> None:
    assert _positive([u for u in UNITS if u.inhabitants > 15_000]) > _positive(
        [u for u in UNITS if u.inhabitants <= 5_000]
    )
    assert _positive([u for u in UNITS if u.is_member]) > _positive(
        [u for u in UNITS if not u.is_member]
    )


def test_regions_differ() -> None:
    shares = [_positive([u for u in UNITS if u.region == region]) for region in REGIONS]

    assert max(shares) - min(shares) > 0.1


def test_the_second_round_is_better_and_a_municipality_stays_itself() -> None:
    first, second = ([satisfaction(u, round_number=n, seed="s") for u in UNITS] for n in (1, 2))

    assert mean(second) > mean(first)
    middle = mean(first), mean(second)
    together = mean((a - middle[0]) * (b - middle[1]) for a, b in zip(first, second, strict=True))
    spread = mean((a - middle[0]) ** 2 for a in first)
    assert 0.6 < together / spread < 1


def test_those_who_are_pleased_find_less_that_is_challenging() -> None:
    ordered = sorted(UNITS, key=lambda u: satisfaction(u, round_number=1, seed="s"))

    low, high = ordered[:200], ordered[-200:]
    assert _positive(low, "challenge_planning") > _positive(high, "challenge_planning")
    assert _positive(low, "usefulness_advice") < _positive(high, "usefulness_advice")


def test_some_do_not_know_some_skip_and_some_do_not_answer() -> None:
    found = [simulate(BASIC, unit, round_number=1, seed="s") for unit in UNITS]

    outcomes = [each.outcome for each in found]
    assert set(outcomes) == set(Outcome)
    assert 0.5 < outcomes.count(Outcome.COMPLETE) / len(found) < 0.85
    complete = [each.answers for each in found if each.outcome is Outcome.COMPLETE]
    assert any(a.get("changed_practice") == "vet_ikke" for a in complete)
    assert any("changed_practice" not in a for a in complete)
    assert all("satisfaction_total" in a for a in complete)


@pytest.mark.parametrize("unit", UNITS[:60], ids=lambda unit: unit.key)
def test_nobody_sends_before_beginning(unit: Unit) -> None:
    found = simulate(BASIC, unit, round_number=1, seed="s")

    if found.outcome is Outcome.COMPLETE:
        assert found.begun is not None
        assert found.sent is not None
        assert 0 <= found.begun <= found.sent <= 1
    else:
        assert found.sent is None


def test_every_text_says_that_it_is_simulated() -> None:
    for unit in UNITS[:100]:
        answers = answers_of(BASIC, unit, round_number=1, seed="s")
        for item in ("wants_more", "wants_less"):
            assert str(answers.get(item, "Simulert svar")).startswith("Simulert svar")
