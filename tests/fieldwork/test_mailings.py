"""Invitations and reminders: to the right ones, in their language, once, through a real mail server."""

from __future__ import annotations

import datetime as dt
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation
from procrastinate.contrib.django.models import ProcrastinateJob

from sloyfe.audit.models import Event
from sloyfe.common.errors import NotAllowed, NotPossible, Refused
from sloyfe.fieldwork import jobs
from sloyfe.fieldwork.actions import mailings, rounds
from sloyfe.fieldwork.models import Case, Contact, Mailing, Population
from sloyfe.fieldwork.queries import cases_to_remind
from sloyfe.fieldwork.rules import Disposition
from sloyfe.letters.jobs import MOST_TRIES, ServerUnreachable
from sloyfe.letters.models import Letter, LetterText
from sloyfe.letters.rules import LetterState
from sloyfe.ui.refusals import sentence
from tests.cast import NOW, World, make_world
from tests.fieldwork import running
from tests.plugins.mail import MailServer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def population(transactional_db: None) -> Population:
    """An open round with contacts and letter texts."""
    return running.opened(make_world())


@pytest.fixture
def world(population: Population) -> World:
    """The cast of that round."""
    from sloyfe.accounts.models import Person

    found = World(population.round.programme)
    for person in Person.objects.all():
        found.people[person.email.partition("@")[0]] = person
    return found


def invite(world: World, population: Population) -> int:
    return mailings.invite(round_=population.round, actor=world.person("evaluator"), now=NOW)


def remind(world: World, population: Population) -> int:
    return mailings.remind(round_=population.round, actor=world.person("evaluator"), now=NOW)


def work() -> None:
    """Do what the worker does with every letter that waits, the way it does it."""
    for letter_id in Letter.objects.filter(state=LetterState.QUEUED.value).values_list(
        "pk", flat=True
    ):
        jobs.send_mailing(str(letter_id))


def case_of(population: Population, code: str) -> Case:
    return Case.objects.get(population=population, organisation__slug=f"x-{code.lower()}")


def stands(population: Population, code: str, disposition: Disposition) -> None:
    Case.objects.filter(pk=case_of(population, code).pk).update(disposition=disposition.value)


def test_everybody_drawn_gets_one_letter_with_a_link_that_opens(
    world: World, population: Population, mail_server: MailServer
) -> None:
    assert invite(world, population) == 12
    work()

    assert len(mail_server.letters) == 12
    links = {
        re.search(r"/svar/\S+/", letter.get_content()).group() for letter in mail_server.letters
    }  # type: ignore[union-attr]
    assert len(links) == 12
    assert Client().get(links.pop()).status_code == 200
    assert set(population.cases.values_list("disposition", flat=True)) == {"invited"}


def test_the_municipalitys_own_decision_settles_the_language(
    world: World, population: Population, mail_server: MailServer
) -> None:
    invite(world, population)
    work()

    language = {
        str(letter["To"]): str(letter["Content-Language"]) for letter in mail_server.letters
    }
    assert language["post@x102.invalid"] == "nn"
    assert language["post@x101.invalid"] == "nb"
    assert language["post@x203.invalid"] == "nb"  # neutral
    assert language["post@x105.invalid"] == "nb"  # not known
    [nynorsk] = mail_server.to("post@x102.invalid")
    assert nynorsk["Subject"] == "invitation nn: Undersøkinga"


def test_pressing_again_invites_nobody_twice(
    world: World, population: Population, mail_server: MailServer
) -> None:
    invite(world, population)
    work()

    assert invite(world, population) == 0
    work()

    assert len(mail_server.letters) == 12
    assert Event.objects.filter(action="fieldwork.invitations.send").count() == 1


@pytest.mark.parametrize("what", [invite, remind])
def test_two_presses_at_once_send_once(
    world: World, population: Population, mail_server: MailServer, what: Any
) -> None:
    if what is remind:
        invite(world, population)
        work()
    before = Letter.objects.count()
    gate = threading.Barrier(3)
    told: list[object] = []

    def press() -> None:
        gate.wait()
        try:
            told.append(what(world, population))
        except Refused as refusal:
            told.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    nothing: object = "fieldwork.nobody_to_remind" if what is remind else 0
    assert sorted(map(str, told)) == sorted(map(str, [12, nothing, nothing]))
    assert Letter.objects.count() == before + 12


def test_a_letter_has_one_job_and_the_job_holds_neither_address_nor_link(
    world: World, population: Population
) -> None:
    invite(world, population)

    own = {str(pk) for pk in Letter.objects.values_list("pk", flat=True)}
    waiting = ProcrastinateJob.objects.filter(task_name="fieldwork.send_mailing")
    jobs_of_ours = [job.args for job in waiting if job.args["letter_id"] in own]
    assert sorted(args["letter_id"] for args in jobs_of_ours) == sorted(own)
    assert all(set(args) == {"letter_id"} for args in jobs_of_ours)


def test_invitations_wait_until_everybody_drawn_has_a_contact(
    world: World, population: Population
) -> None:
    Contact.objects.get(organisation__slug="x-x101").delete()
    events = Event.objects.count()

    with pytest.raises(NotPossible) as refusal:
        invite(world, population)

    with translation.override("nb"):
        assert "Askvikøy (øving)" in sentence(refusal.value)
    assert not Letter.objects.exists()
    assert Event.objects.count() == events


def test_invitations_wait_for_the_text_in_every_language_they_need(
    world: World, population: Population
) -> None:
    LetterText.objects.filter(code="invitation", language="nn").delete()

    with pytest.raises(NotPossible) as refusal:
        invite(world, population)

    with translation.override("nb"):
        assert (
            sentence(refusal.value)
            == "Brevet «Invitasjon» har ingen tekst på nynorsk. Skriv den før du sender."
        )
    assert not Letter.objects.exists()


def test_only_those_who_have_not_finished_are_reminded_twice_at_most(
    world: World, population: Population, mail_server: MailServer
) -> None:
    invite(world, population)
    work()
    stands(population, "X101", Disposition.COMPLETE)
    stands(population, "X102", Disposition.REFUSED)
    stands(population, "X103", Disposition.PARTIAL)

    assert remind(world, population) == 10
    work()
    stands(population, "X104", Disposition.COMPLETE)
    assert remind(world, population) == 9
    work()

    with pytest.raises(NotPossible, match="nobody_to_remind"):
        remind(world, population)
    assert len(mail_server.to("post@x101.invalid")) == 1
    assert len(mail_server.to("post@x103.invalid")) == 3
    assert len(mail_server.to("post@x104.invalid")) == 2


def test_the_database_holds_two_reminders_too(world: World, population: Population) -> None:
    invite(world, population)
    mailing = Mailing.objects.select_related("letter").first()
    assert mailing is not None
    [extra] = [
        Letter.objects.create(
            code="x", language="nb", recipient="a@b.invalid", about_kind="x", about_id="1",
            message_id="<x>", queued_at=NOW,
        )
    ]  # fmt: skip

    with pytest.raises(IntegrityError, match="two_reminders_at_most"), transaction.atomic():
        Mailing.objects.create(case=mailing.case, number=3, letter=extra)
    with pytest.raises(IntegrityError, match="each_mailing_goes_once"), transaction.atomic():
        Mailing.objects.create(case=mailing.case, number=0, letter=extra)


def test_nobody_is_reminded_while_the_letter_before_waits(
    world: World, population: Population
) -> None:
    invite(world, population)

    assert cases_to_remind(population.round) == []


def test_a_reminder_is_dropped_for_who_finished_while_it_waited(
    world: World, population: Population, mail_server: MailServer
) -> None:
    invite(world, population)
    work()
    remind(world, population)
    stands(population, "X101", Disposition.COMPLETE)
    work()

    assert len(mail_server.to("post@x101.invalid")) == 1
    assert (
        Mailing.objects.get(case=case_of(population, "X101"), number=1).letter.state
        == LetterState.CANCELLED
    )


def test_a_returned_letter_is_shown_and_goes_again_only_to_another_address(
    world: World, population: Population, mail_server: MailServer
) -> None:
    mail_server.bounces.add("post@x101.invalid")
    invite(world, population)
    work()
    case = case_of(population, "X101")
    assert case.disposition == Disposition.BOUNCED
    assert case.pk not in {each.pk for each, _number in cases_to_remind(population.round)}
    mailing = Mailing.objects.select_related("letter", "case__population__round").get(case=case)

    with pytest.raises(NotPossible, match="same_address"):
        mailings.send_again(mailing=mailing, actor=world.person("evaluator"), now=NOW)
    Contact.objects.filter(organisation=case.organisation).update(email="ny@x101.invalid")
    mailings.send_again(mailing=mailing, actor=world.person("evaluator"), now=NOW)
    work()

    assert len(mail_server.to("ny@x101.invalid")) == 1
    case.refresh_from_db()
    assert case.disposition == Disposition.INVITED


def test_a_server_that_stays_busy_leaves_the_letter_to_a_person(
    world: World, population: Population, mail_server: MailServer
) -> None:
    mail_server.busy.add("post@x101.invalid")
    invite(world, population)
    letter = Letter.objects.get(recipient="post@x101.invalid")

    for _try in range(MOST_TRIES - 1):
        with pytest.raises(ServerUnreachable):
            jobs.send_mailing(str(letter.pk))
    jobs.send_mailing(str(letter.pk))

    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == (LetterState.FAILED, MOST_TRIES)
    jobs.send_mailing(str(letter.pk))
    assert mail_server.to("post@x101.invalid") == []


def test_an_uncertain_letter_is_sent_again_only_when_a_person_says_so(
    world: World, population: Population, mail_server: MailServer
) -> None:
    invite(world, population)
    letter = Letter.objects.get(recipient="post@x101.invalid")
    Letter.objects.filter(pk=letter.pk).update(state=LetterState.UNCERTAIN.value)
    work()
    assert mail_server.to("post@x101.invalid") == []
    mailing = Mailing.objects.select_related("letter", "case__population__round").get(letter=letter)

    mailings.leave(mailing=mailing, actor=world.person("evaluator"), now=NOW)
    letter.refresh_from_db()
    assert letter.state == LetterState.SENT


def test_a_new_link_makes_earlier_ones_void(world: World, population: Population) -> None:
    case = case_of(population, "X101")
    old = mailings.link_for(case)

    mailings.make_new_link(case=case, actor=world.person("evaluator"), now=NOW)

    case.refresh_from_db()
    new = mailings.link_for(case)
    assert Client().get(new).status_code == 200
    told = Client().get(old)
    assert told.status_code in (403, 404, 409, 410)
    assert "Undersøkelsen" not in told.content.decode() or told.status_code != 200
    [event] = Event.objects.filter(action="fieldwork.link.renew")
    assert "/svar/" not in str(event.details)


def test_a_letter_that_waits_when_the_round_closes_is_withdrawn(
    world: World, population: Population, mail_server: MailServer
) -> None:
    invite(world, population)
    rounds.close_due_rounds(now=NOW + dt.timedelta(days=90))
    work()

    assert mail_server.letters == []
    assert set(Letter.objects.values_list("state", flat=True)) == {LetterState.CANCELLED.value}


@pytest.mark.parametrize("role", ["owner", "national_lead", "project_group", "auditor"])
def test_the_client_sends_no_letters(world: World, population: Population, role: str) -> None:
    for send in (mailings.invite, mailings.remind):
        with pytest.raises(NotAllowed):
            send(round_=population.round, actor=world.person(role), now=NOW)
    assert not Letter.objects.exists()


def test_the_evaluator_of_an_exercise_reads_the_letters_that_became_files(
    world: World, population: Population, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "letters")
    invite(world, population)
    work()
    url = f"/undersokelser/{population.round.slug}/brev/sendt/"
    evaluator, owner = Client(), Client()
    evaluator.force_login(world.person("evaluator"))
    owner.force_login(world.person("owner"))

    page = evaluator.get(url)

    assert page.status_code == 200
    assert "/svar/" in page.content.decode()
    assert owner.get(url).status_code == 404


def test_letters_of_a_real_programme_are_never_shown_with_their_links(
    world: World, population: Population, settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "letters")
    population.round.programme.is_simulated = False
    population.round.programme.save()
    client = Client()
    client.force_login(world.person("evaluator"))

    assert client.get(f"/undersokelser/{population.round.slug}/brev/sendt/").status_code == 404
