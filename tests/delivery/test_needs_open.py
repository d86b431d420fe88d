"""Needs from the page without sign-in: written, confirmed by letter, followed by link, forgotten."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sloyfe.audit.models import Event
from sloyfe.common.errors import NotPossible
from sloyfe.common.persons import control_digits
from sloyfe.delivery.actions import needs
from sloyfe.delivery.models import Need
from sloyfe.delivery.rules.need_links import Purpose
from sloyfe.delivery.rules.needs import (
    TRIAGE_WITHIN,
    UNCONFIRMED_KEPT,
    WRITTEN_PER_ADDRESS,
    WRITTEN_PER_CLIENT,
)
from sloyfe.letters.models import Letter
from sloyfe.programme.models import Participation
from tests.architecture.rows import ROLES
from tests.cast import World, make_world
from tests.delivery import needing
from tests.plugins.mail import MailServer
from tests.wording import write_letters

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.KEYS = tmp_path / "keys"
    cache.clear()
    write_letters()
    return make_world()


def path(world: World, slug: str = "x-x102") -> str:
    return reverse("delivery:write_need_of", args=[world.programme.slug, slug])


def write(client: Client, world: World, **more: str) -> Any:
    data = {"municipality": "x-x102", "text": needing.TEXT, "email": needing.ADDRESS} | more
    return client.post(path(world), data)


@pytest.mark.django_db(transaction=True)
def test_a_need_goes_from_the_open_page_by_letter_to_the_office_and_back(
    world: World, mail_server: MailServer
) -> None:
    """A real mail server, and nobody signs in but the office."""
    client = Client()
    assert write(client, world).status_code == 302
    needing.work()
    [letter] = mail_server.letters
    assert letter["To"] == needing.ADDRESS
    assert letter["Content-Language"] == "nn"  # the municipality's own decision
    assert needing.TEXT not in letter.get_content()
    confirm = needing.link_in(mail_server)

    page = client.get(confirm)
    assert needing.TEXT in page.content.decode()
    assert Need.objects.get().state == "unconfirmed"
    receipt = client.post(confirm, follow=True).content.decode()

    assert "Regionkontor Nord" in receipt
    need = Need.objects.get()
    assert need.state == "received"
    assert need.triage_due == timezone.localdate() + TRIAGE_WITHIN
    needing.work()
    follow = needing.link_in(mail_server)
    needs.answer(
        need=need,
        revision=need.revision,
        text="Vi kommer på torsdag.",
        is_met=True,
        actor=world.person("regional_office_nord"),
        now=timezone.now(),
    )
    needing.work()
    assert len(mail_server.letters) == 3
    assert needing.link_in(mail_server) == follow
    assert "Vi kommer på torsdag." not in mail_server.letters[-1].get_content()
    assert "Vi kommer på torsdag." in client.get(follow).content.decode()
    need.refresh_from_db()

    client.post(f"{follow}lukk/", {"revision": str(need.revision)})

    need.refresh_from_db()
    assert (need.state, need.contact_email) == ("closed", "")
    assert "Vi kommer på torsdag." in client.get(follow).content.decode()


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_nobody_sees_a_need_before_it_is_confirmed(world: World, role: str) -> None:
    need = needing.written(world)
    client = Client()
    client.force_login(world.person(role))

    assert not Need.objects.visible_to(world.person(role)).exists()
    assert (
        client.get(reverse("delivery:need", args=[world.programme.slug, need.pk])).status_code
        == 404
    )
    offer = reverse("delivery:basic_offer", args=[world.programme.slug, "x-x102"])
    assert needing.TEXT not in client.get(offer).content.decode()


def test_a_link_confirms_once(world: World) -> None:
    need = needing.written(world)
    link = reverse("delivery:confirm_need", args=[needing.token(need, Purpose.CONFIRM)])
    client = Client()

    assert client.post(link).status_code == 302
    assert client.post(link).status_code == 410
    assert client.get(link).status_code == 410
    assert Event.objects.filter(action="delivery.need.confirm").count() == 1


def test_who_confirms_may_correct_the_text_first_and_a_birth_number_is_not_sent(
    world: World,
) -> None:
    need = needing.written(world)
    link = reverse("delivery:confirm_need", args=[needing.token(need, Purpose.CONFIRM)])
    client = Client()
    first, second = control_digits([0, 1, 8, 1, 9, 0, 0, 0, 3])
    number = f"018190003{first}{second}"

    refused = client.post(link, {"text": f"Hjelp til Kari, {number}"})
    Need.objects.update(text="Ring 91 23 45 67")
    asked = client.get(link).content.decode()
    sent = client.post(link, {"text": "Hjelp til å kartlegge behovet"})

    assert refused.status_code == 422
    assert "fødselsnummer" in refused.content.decode()
    assert "Står det noe om en person der?" in asked
    assert sent.status_code == 302
    assert Need.objects.get().text == "Hjelp til å kartlegge behovet"


def test_the_office_is_told_when_an_address_is_not_the_municipalitys(world: World) -> None:
    need = needing.written(world)
    needs.confirm(token=needing.token(need, Purpose.CONFIRM), now=timezone.now())
    Need.objects.update(contact_email="ola@gmail.com")
    client = Client()
    client.force_login(world.person("regional_office_nord"))

    page = client.get(reverse("delivery:need", args=[world.programme.slug, need.pk]))

    assert "Bekreftet fra en adresse utenfor kommunen." in page.content.decode()


def test_a_link_confirms_only_as_long_as_the_need_is_kept(world: World) -> None:
    late = needing.written(world, now=timezone.now() - UNCONFIRMED_KEPT)

    link = reverse("delivery:confirm_need", args=[needing.token(late, Purpose.CONFIRM)])

    assert Client().get(link).status_code == 410
    assert Client().post(link).status_code == 410
    assert Need.objects.get().state == "unconfirmed"


def test_links_are_for_one_purpose_one_need_and_one_generation(world: World) -> None:
    need = needing.written(world)
    confirm = needing.token(need, Purpose.CONFIRM)
    follow = needing.token(need, Purpose.FOLLOW)
    client = Client()

    assert client.get(reverse("delivery:follow_need", args=[follow])).status_code == 404
    assert client.post(reverse("delivery:confirm_need", args=[follow])).status_code == 410
    forged = confirm[:-1] + ("A" if confirm[-1] != "A" else "B")
    for token in (forged, "x" * 48, "%00" * 48, "æ" * 48, confirm + "A", "a"):
        assert client.post(f"/mitt-behov/{token}/bekreft/").status_code in (404, 410)
    needs.confirm(token=confirm, now=timezone.now())
    assert client.get(reverse("delivery:follow_need", args=[follow])).status_code == 200
    assert client.get(reverse("delivery:follow_need", args=[confirm])).status_code == 404

    need.refresh_from_db()
    needs.renew_link(
        need=need,
        revision=need.revision,
        actor=world.person("regional_office_nord"),
        now=timezone.now(),
    )

    assert client.get(reverse("delivery:follow_need", args=[follow])).status_code == 404


def test_what_nobody_confirms_is_deleted_after_seven_days_with_every_trace_of_it(
    world: World,
) -> None:
    now = timezone.now()
    needing.written(world, now=now - UNCONFIRMED_KEPT)
    fresh = needing.written(world, now=now - UNCONFIRMED_KEPT + dt.timedelta(minutes=1))
    confirmed = needing.written(world, now=now)
    needs.confirm(token=needing.token(confirmed, Purpose.CONFIRM), now=now)
    cache.clear()

    assert needs.forget_unconfirmed(now=now) == 1
    assert needs.forget_unconfirmed(now=now) == 0

    assert set(Need.objects.all()) == {fresh, confirmed}
    [event] = Event.objects.filter(action="delivery.needs.forget")
    assert event.details == {"needs": 1}
    needs.forget_unconfirmed(now=now + UNCONFIRMED_KEPT)
    Need.objects.all().delete()
    Letter.objects.exclude(about_id=str(fresh.pk)).delete()
    with connection.cursor() as cursor:
        for table in ("delivery_needevent", "letters_letter", "audit_event"):
            cursor.execute(
                f"SELECT count(*) FROM {table} t WHERE t::text LIKE ANY(%s)",
                [[f"%{needing.ADDRESS}%", f"%{needing.TEXT}%"]],
            )
            assert cursor.fetchone() == (0,), table


def test_the_answer_is_the_same_whether_or_not_anybody_knows_the_address(world: World) -> None:
    known = write(Client(), world, email=world.people["municipality"].email)
    unknown = write(Client(), world, email="ingen@ukjent.invalid")

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert Need.objects.count() == 2


def test_a_machine_that_fills_every_field_gets_the_same_answer_and_nothing_is_written(
    world: World,
) -> None:
    person = write(Client(), world)
    machine = write(Client(), world, website="http://spam.invalid")

    assert machine["Location"] == person["Location"]
    assert Need.objects.count() == 1


def test_so_many_letters_go_to_one_address_within_an_hour(world: World) -> None:
    statuses = [write(Client(), world).status_code for _ in range(WRITTEN_PER_ADDRESS + 1)]

    assert statuses == [302] * WRITTEN_PER_ADDRESS + [429]
    assert write(Client(), world, email="annen@kommune.invalid").status_code == 302


def test_so_many_needs_come_from_one_client_within_an_hour(world: World) -> None:
    for number in range(WRITTEN_PER_CLIENT):
        assert write(Client(), world, email=f"a{number}@kommune.invalid").status_code == 302

    refused = write(Client(), world, email="enda@kommune.invalid")

    assert refused.status_code == 429
    assert needing.TEXT in refused.content.decode()  # the text is kept on the page


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", ""),
        ("text", "a" * 4001),
        ("text", "før\x00etter"),
        ("email", "ikke en adresse"),
        ("email", "a@b.invalid\nBcc: alle@kommune.invalid"),
        ("email", "a@b.invalid\r\nSubject: noe annet"),
        ("email", "a@b.invalid, c@d.invalid"),
        ("email", "post\x00@b.invalid"),
        ("email", f"{'a' * 300}@b.invalid"),
        ("municipality", "finnes-ikke"),
        ("municipality", "\x00"),
    ],
)
def test_bad_input_gives_a_sentence_and_writes_nothing(
    world: World, field: str, value: str
) -> None:
    data = {"municipality": "x-x102", "text": needing.TEXT, "email": needing.ADDRESS} | {
        field: value
    }

    answer = Client().post(reverse("delivery:write_need", args=[world.programme.slug]), data)

    assert answer.status_code == 422
    assert "ds-error-summary" in answer.content.decode() or "ds-validation" in (
        answer.content.decode()
    )
    assert not Need.objects.exists()
    assert not Letter.objects.exists()


@pytest.mark.parametrize("email", ["a@b.invalid\nBcc: c@d.invalid", "", "uten krøll", "a@b\x00"])
def test_an_address_is_checked_where_the_need_is_taken_in_too(world: World, email: str) -> None:
    with pytest.raises(NotPossible, match="no_address"):
        needs.write_openly(
            programme=world.programme,
            municipality=world.municipalities["X102"],
            text=needing.TEXT,
            email=email,
            client="",
            now=timezone.now(),
        )


HOSTILE = '<script>alert(1)</script>{{ 7|add:7 }}{organisation}%(x)s" onload="x'


@pytest.mark.django_db(transaction=True)
def test_hostile_text_is_shown_as_text_everywhere_and_never_stands_in_a_letter(
    world: World, mail_server: MailServer
) -> None:
    write(Client(), world, text=HOSTILE)
    needing.work()
    need = Need.objects.get()
    pages = [Client().get(needing.link_in(mail_server))]
    needs.confirm(token=needing.token(need, Purpose.CONFIRM), now=timezone.now())
    pages.append(
        Client().get(reverse("delivery:follow_need", args=[needing.token(need, Purpose.FOLLOW)]))
    )
    office = Client()
    office.force_login(world.person("regional_office_nord"))
    pages.append(office.get(reverse("delivery:needs", args=[world.programme.slug])))
    pages.append(office.get(reverse("delivery:need", args=[world.programme.slug, need.pk])))

    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html
        assert 'onload="x' not in html
    assert "alert(1)" not in "".join(letter.get_content() for letter in mail_server.letters)


def test_the_way_to_an_answer_shows_nothing_that_is_kept_within_the_offices(world: World) -> None:
    need = needing.written(world)
    needs.confirm(token=needing.token(need, Purpose.CONFIRM), now=timezone.now())
    need.refresh_from_db()
    needing.internal(need)
    needs.answer(
        need=need,
        revision=need.revision,
        text="Hemmelig svar",
        is_met=True,
        actor=world.person("regional_office_nord"),
        now=timezone.now(),
    )
    follow = reverse("delivery:follow_need", args=[needing.token(need, Purpose.FOLLOW)])

    page = Client().get(follow).content.decode()

    assert "Hemmelig svar" not in page
    assert needing.TEXT not in page
    assert "Regionkontor Nord" in page
    assert not Letter.objects.filter(code="need_answered").exists()


def test_who_follows_by_link_can_say_that_the_answer_did_not_help(world: World) -> None:
    need = needing.answered(world)
    link = reverse("delivery:follow_reopen", args=[needing.token(need, Purpose.FOLLOW)])
    client = Client()

    assert client.post(link, {"revision": str(need.revision), "why": ""}).status_code == 422
    late = client.post(link, {"revision": "0", "why": "Det mangler fortsatt noe."})
    assert late.status_code == 409
    assert "Det mangler fortsatt noe." in late.content.decode()
    assert (
        client.post(
            link, {"revision": str(need.revision), "why": "Det mangler fortsatt noe."}
        ).status_code
        == 302
    )

    need.refresh_from_db()
    assert (need.state, need.reopened_why) == ("in_work", "Det mangler fortsatt noe.")


def test_a_programme_that_has_ended_says_so_instead_of_taking_needs(world: World) -> None:
    Participation.objects.exclude(capacity="municipality").update(valid_to=timezone.localdate())

    for page in (
        Client().get(path(world)),
        Client().get(reverse("delivery:write_need", args=[world.programme.slug])),
    ):
        assert page.status_code == 200
        assert 'name="text"' not in page.content.decode()
    assert write(Client(), world).status_code == 409


def test_the_page_without_a_municipality_lets_one_choose_without_script(world: World) -> None:
    page = Client().get(reverse("delivery:write_need", args=[world.programme.slug]))

    html = page.content.decode()
    assert html.count("<option") == 13
    assert html.index("Askvikøy") < html.index("Øyrenes") < html.index("Aamotsvik")
