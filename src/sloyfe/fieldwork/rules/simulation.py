"""A seeded model of how invented municipalities answer a questionnaire. No Django, no database.

It exists so that an exercise programme has rounds to analyse; it says nothing of any real municipality.
Everything follows from a seed by HMAC-SHA256, and only sums, products and comparisons are used, so the
same seed gives the same answers on every machine. `docs/explanation/simulation.md` describes the model.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sloyfe.instruments.rules.answers import Form, Option, Question, Value, counted, holds
from sloyfe.instruments.rules.definitions import QuestionKind

# What the model assumes. Effects are in standard deviations of the satisfaction behind the answers.
SIZE_EFFECT: tuple[tuple[int | None, float], ...] = (  # inhabitants up to and with, effect
    (5_000, -0.45),  # few staff, little time to use what is offered
    (15_000, -0.10),
    (50_000, 0.20),
    (None, 0.35),
)
REGION_SPREAD = 0.45  # each region lies somewhere in ± this, by its code and the seed
MEMBER_EFFECT = 0.30  # municipalities in a subprogramme are better pleased
ROUND_EFFECT = {1: 0.0, 2: 0.20, 3: 0.30}  # the programme finds its form
STAYS, CHANGES = 0.75, 0.35  # weight of what a municipality keeps, and of what is new each round
LOADING = 0.65  # how far an answer follows satisfaction
BATTERY = 0.45  # how far the rows of one battery follow each other beyond that
NOISE = 0.60  # what belongs to the single answer
ITEM_SPREAD = 0.55  # each item lies somewhere in ± this
# Items where a pleased municipality chooses the negative end: beginnings of their codes.
REVERSED = (
    "challenge_",
    "same_results_without",
    "stmt_same_goals_without",
    "stmt_more_homeless_without",
    "would_cooperate_without",
    "no_more_work_packages",
    "other_ways_to_cooperate",
    "needs_changes",
)
# Where the scale is cut, from the least to the most positive option, by how many options it has.
CUTS: Mapping[int, tuple[float, ...]] = {
    2: (-0.40,),
    3: (-1.10, 0.10),
    4: (-1.50, -0.60, 0.50),
    5: (-1.15, -0.60, -0.15, 0.60),
}
DONT_KNOW = 0.04  # where the scale has the option …
DONT_KNOW_SMALL = 0.05  # … and this more in municipalities of at most 5 000 inhabitants
SKIPPED = 0.02  # questions that need not be answered …
SKIPPED_PER_PAGE = 0.004  # … and this more for each page that lies before
WRITES = 0.22  # open questions that get a text
RESPONSE = 0.66  # municipalities that send in …
RESPONSE_REGION = 0.12  # … ± this by region …
RESPONSE_MEMBER = 0.10  # … more in a subprogramme …
RESPONSE_PLEASED = 0.05  # … and more where they are pleased, per standard deviation
# What becomes of those who do not send in; the rest is silent.
BEGINS, REFUSES, BOUNCES = 0.16, 0.07, 0.05
# When answers come: share of the answers, from and to which part of the time the round is open.
ARRIVALS = ((0.45, 0.00, 0.20), (0.33, 0.35, 0.60), (0.22, 0.70, 1.00))
TEXTS: Mapping[str, tuple[str, ...]] = {
    "nb": (
        "Simulert svar: Mer tid til å lære av nabokommunene.",
        "Simulert svar: Færre maler, og at de kommer tidligere.",
        "Simulert svar: Hjelp til å planlegge utleieboliger.",
        "Simulert svar: Møtene er nyttige, men reisen er lang.",
        "Simulert svar: Ett sted å henvende seg.",
    ),
    "nn": (
        "Simulert svar: Meir tid til å lære av nabokommunane.",
        "Simulert svar: Færre malar, og at dei kjem tidlegare.",
        "Simulert svar: Hjelp til å planleggje utleigebustader.",
        "Simulert svar: Møta er nyttige, men reisa er lang.",
        "Simulert svar: Éin stad å vende seg.",
    ),
}


class Outcome(StrEnum):
    COMPLETE = "complete"
    PARTIAL = "partial"
    REFUSED = "refused"
    BOUNCED = "bounced"
    SILENT = "silent"


@dataclass(frozen=True)
class Unit:
    """An invented municipality as the model knows it; `key` stays the same from round to round."""

    key: str
    region: str
    inhabitants: int
    is_member: bool = False
    language: str = "nb"


@dataclass(frozen=True)
class Answered:
    """What became of one unit: its answers, and at which parts of the open time it began and sent (0 to 1)."""

    outcome: Outcome
    answers: dict[str, Value]
    begun: float | None = None
    sent: float | None = None


class Chance:
    """Numbers that follow from a seed and a name, and look like chance."""

    def __init__(self, seed: str) -> None:
        self._key = seed.encode()

    def uniform(self, *name: object) -> float:
        """Give a number from 0 up to 1, of 53 bits."""
        message = "\x1f".join(str(part) for part in name).encode()
        digest = hmac.digest(self._key, message, hashlib.sha256)
        return (int.from_bytes(digest[:8], "big") >> 11) / 2**53

    def spread(self, width: float, *name: object) -> float:
        """Give a number within ± a width."""
        return (2 * self.uniform(*name) - 1) * width

    def normal(self, *name: object) -> float:
        """Give a number with mean 0 and variance 1, within ± 6: twelve uniform ones added.

        A sum is the same on every machine, which logarithms need not be.
        """
        message = "\x1f".join(str(part) for part in name).encode()
        digest = hmac.digest(self._key, b"n" + message, hashlib.sha512)
        parts = [int.from_bytes(digest[at : at + 5], "big") for at in range(0, 60, 5)]
        return sum(parts) / 2**40 - 6.0


def satisfaction(unit: Unit, *, round_number: int, seed: str) -> float:
    """Give how pleased a unit is in a round, in standard deviations."""
    chance = Chance(seed)
    size = next(e for upto, e in SIZE_EFFECT if upto is None or unit.inhabitants <= upto)
    return (
        size
        + chance.spread(REGION_SPREAD, "region", unit.region)
        + (MEMBER_EFFECT if unit.is_member else 0.0)
        + ROUND_EFFECT.get(round_number, max(ROUND_EFFECT.values()))
        + STAYS * chance.normal("unit", unit.key)
        + CHANGES * chance.normal("change", unit.key, round_number)
    )


def simulate(form: Form, unit: Unit, *, round_number: int, seed: str) -> Answered:
    """Give what becomes of one unit in a round: whether and when it answers, and what."""
    chance = Chance(seed)
    pleased = satisfaction(unit, round_number=round_number, seed=seed)
    sends = (
        RESPONSE
        + chance.spread(RESPONSE_REGION, "response", unit.region)
        + (RESPONSE_MEMBER if unit.is_member else 0.0)
        + RESPONSE_PLEASED * pleased
    )
    if chance.uniform("sends", unit.key, round_number) < sends:
        sent = _arrival(chance, unit.key, round_number)
        begun = sent * chance.uniform("begun", unit.key, round_number)
        answers = answers_of(form, unit, round_number=round_number, seed=seed)
        return Answered(Outcome.COMPLETE, answers, begun, sent)
    fate = chance.uniform("fate", unit.key, round_number)
    if fate < BEGINS and len(form.pages) > 1:
        begun = _arrival(chance, unit.key, round_number)
        pages = 1 + int(chance.uniform("pages", unit.key, round_number) * (len(form.pages) - 1))
        kept = {item for page in form.pages[:pages] for item in page.items}
        answers = answers_of(form, unit, round_number=round_number, seed=seed)
        return Answered(Outcome.PARTIAL, {i: v for i, v in answers.items() if i in kept}, begun)
    if fate < BEGINS + REFUSES:
        return Answered(Outcome.REFUSED, {})
    if fate < BEGINS + REFUSES + BOUNCES:
        return Answered(Outcome.BOUNCED, {})
    return Answered(Outcome.SILENT, {})


def answers_of(form: Form, unit: Unit, *, round_number: int, seed: str) -> dict[str, Value]:
    """Give a unit's whole answers to a form: complete, within routing, and the same for the same seed."""
    respondent = _Respondent(unit, round_number, seed)
    answers: dict[str, Value] = {}
    for place, page in enumerate(form.pages):
        for question in page.questions:
            if not holds(question.relevant, answers):
                continue
            for item in question.items:
                value = respondent.answer(question, item, place, _room(form, question, answers))
                if value is not None:
                    answers[item] = value
    return counted(form, answers)


def _room(form: Form, question: Question, answers: Mapping[str, Value]) -> int | None:
    """Tell how much is left of the whole that a number is part of; None where there is no such limit."""
    whole = answers.get(question.part_of)
    if not isinstance(whole, int | float):
        return None
    told = (answers.get(part) for part in form.parts[question.part_of])
    return int(whole - sum(value for value in told if isinstance(value, int | float)))


class _Respondent:
    """One unit in one round, with the satisfaction that its answers follow."""

    def __init__(self, unit: Unit, round_number: int, seed: str) -> None:
        self.unit = unit
        self.round = round_number
        self.chance = Chance(seed)
        self.pleased = satisfaction(unit, round_number=round_number, seed=seed)

    def answer(self, question: Question, item: str, place: int, room: int | None) -> Value | None:
        if not question.required and self._u("skip", item) < SKIPPED + SKIPPED_PER_PAGE * place:
            return None
        if question.kind in (QuestionKind.SINGLE, QuestionKind.BATTERY):
            return self._choose(question, item)
        if question.kind is QuestionKind.MULTIPLE:
            return self._choose_several(question, item)
        if question.kind is QuestionKind.NUMBER:
            return self._count(question, item, room)
        if question.kind is QuestionKind.DATE:
            return "2000-01-01" if question.required else None
        return self._write(question, item)

    def _u(self, what: str, item: str) -> float:
        return self.chance.uniform(what, item, self.unit.key, self.round)

    def _choose(self, question: Question, item: str) -> str:
        unsure = [option for option in question.options if option.mark == "dont_know"]
        sure = [option for option in question.options if option.mark != "dont_know"]
        limit = DONT_KNOW + (DONT_KNOW_SMALL if self.unit.inhabitants <= 5_000 else 0.0)
        if unsure and (not sure or self._u("know", item) < limit):
            return unsure[0].code
        if not any(option.pole for option in sure):
            return _pick(sure, self._u("pick", item)).code
        ordered = _worst_first(sure)
        direction = -1.0 if item.startswith(REVERSED) else 1.0
        score = (
            direction * LOADING * self.pleased
            + BATTERY * self.chance.normal("battery", question.code, self.unit.key, self.round)
            + NOISE * self.chance.normal("answer", item, self.unit.key, self.round)
            + self.chance.spread(ITEM_SPREAD, "item", item)
        )
        return ordered[sum(score > cut for cut in _cuts(len(ordered)))].code

    def _choose_several(self, question: Question, item: str) -> list[str] | None:
        """Choose the options that weigh most for this unit; those that many choose weigh more."""
        most = min(question.max_choices or len(question.options), len(question.options))
        number = 1 + int(self._u("number", item) * most) if most else 0
        weighed = sorted(
            (
                self.chance.uniform("popular", item, option.code)
                + self._u(f"weight {option.code}", item),
                option.code,
            )
            for option in question.options
        )
        return sorted(code for _weight, code in weighed[len(weighed) - number :]) or None

    def _count(self, question: Question, item: str, room: int | None) -> int | None:
        low = int(question.minimum) if question.minimum is not None else 0
        if question.minimum is not None and low < question.minimum:
            low += 1
        high = int(question.maximum) if question.maximum is not None else low + 20
        if room is not None:
            high = min(high, room)
        if high < low:
            return None
        return low + int(self._u("count", item) * (high - low + 1))

    def _write(self, question: Question, item: str) -> str | None:
        if not question.required and self._u("writes", item) >= WRITES:
            return None
        texts = TEXTS["nn" if self.unit.language == "nn" else "nb"]
        return texts[int(self._u("text", item) * len(texts))][: question.max_length].rstrip()


def _worst_first(options: Sequence[Option]) -> list[Option]:
    first = next(option.pole for option in options if option.pole)
    return list(options) if first == "negative" else list(reversed(options))


def _cuts(number: int) -> tuple[float, ...]:
    """Give where a scale of so many options is cut; evenly where the table has no row for it."""
    if number in CUTS:
        return CUTS[number]
    return tuple(-1.5 + 2.0 * at / max(number - 2, 1) for at in range(number - 1))


def _pick(options: Sequence[Option], chance: float) -> Option:
    return options[int(chance * len(options))]


def _arrival(chance: Chance, key: str, round_number: int) -> float:
    which = chance.uniform("wave", key, round_number)
    within = chance.uniform("arrival", key, round_number)
    for share, begins, ends in ARRIVALS:
        if which < share:
            return begins + within * (ends - begins)
        which -= share
    return within
