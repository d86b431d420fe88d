"""Letters to the other side when something has come to a report, an agreement or a meeting."""

from __future__ import annotations

import datetime as dt

import pytest

from sloyfe.delivery.actions import case_letters, needs, reports
from sloyfe.delivery.models import Meeting, Need
from sloyfe.letters.models import Letter
from tests.cast import NOW, TODAY, World
from tests.delivery import ladder
from tests.delivery.reporting import OFFICE, WRITER, opened, received, report_of
from tests.wording import write_letters

pytestmark = [pytest.mark.django_db, pytest.mark.time_machine(NOW)]


def codes() -> list[str]:
    return list(
        Letter.objects.exclude(code="report_invitation")
        .order_by("pk")
        .values_list("code", flat=True)
    )


def test_the_side_that_is_asked_gets_one_letter_for_all_that_waits(world: World) -> None:
    opened(world)
    received(world)
    for text in ("Riktig?", "Hvor mange?"):
        reports.ask_about_report(
            report=report_of(world), item="homes", text=text, actor=world.person(OFFICE), now=NOW
        )

    found = Letter.objects.filter(code="report_question")

    assert [letter.recipient for letter in found] == [world.person(WRITER).email]


def test_the_same_question_sent_twice_is_asked_once(world: World) -> None:
    opened(world)
    received(world)

    one, other = (
        reports.ask_about_report(
            report=report_of(world),
            item="homes",
            text="Riktig?",
            actor=world.person(OFFICE),
            now=NOW + dt.timedelta(minutes=minutes),
        )
        for minutes in (0, 5)
    )

    assert one == other


def test_the_same_need_and_the_same_meeting_sent_twice_are_taken_in_once(world: World) -> None:
    for _time in range(2):
        needs.say_need(
            programme=world.programme,
            municipality=world.municipalities["X104"],
            text="Vi trenger kurs.",
            actor=world.person(WRITER),
            now=NOW,
        )
        ladder.meeting(world, on=TODAY + dt.timedelta(days=9))

    assert Need.objects.count() == 1
    assert Meeting.objects.count() == 1


def test_an_answer_is_told_by_letter_and_its_correction_is_not(world: World) -> None:
    opened(world)
    received(world)
    actor = world.person(OFFICE)
    reports.answer_report(report=report_of(world), text="Takk.", revision=0, actor=actor, now=NOW)
    reports.answer_report(
        report=report_of(world), text="Takk for alt.", revision=1, actor=actor, now=NOW
    )

    assert codes().count("report_answered") == 1


def test_the_letter_on_an_agreement_goes_out_only_while_it_waits(world: World) -> None:
    write_letters()
    agreement = ladder.proposed(world)
    letter = Letter.objects.get(code="agreement_sent")

    assert case_letters.fits(letter.code, agreement)
    values = case_letters.letter_values(agreement, "nb")
    assert values["link"].endswith(f"/avtaler/{agreement.pk}/")
    assert agreement.municipality_does not in str(values)
    ladder.agreements.take_back_agreement(agreement=agreement, actor=None, now=NOW)

    assert case_letters.send_case_letter(letter_id=str(letter.pk), now=NOW) is None
    letter.refresh_from_db()
    assert letter.state == "cancelled"
