"""Pages on needs and the page of the basic offer: who is shown what, in which order, at what cost."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sloyfe.delivery.actions import needs
from sloyfe.delivery.models import Decision, Need
from sloyfe.delivery.rules.needs import TRIAGE_WITHIN
from sloyfe.home.queries.waiting import came_back, waiting
from sloyfe.organisations.models import MunicipalityPeriod, Organisation
from sloyfe.programme.models import Programme, Statement, YearDate
from tests.cast import World, make_world
from tests.delivery import needing
from tests.wording import write_letters

pytestmark = pytest.mark.django_db
MOST_QUERIES = 15


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.KEYS = tmp_path / "keys"
    write_letters()
    return make_world()


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world.person(role))
    return client


def listed(world: World, role: str, query: str = "") -> list[str]:
    url = reverse("delivery:needs", args=[world.programme.slug])
    html = signed_in(world, role).get(url + query).content.decode()
    return re.findall(r'class="sl-waiting__text"><a[^>]*>([^<]+)<', html)


def test_an_office_sees_its_own_region_first_and_what_is_overdue_on_top(world: World) -> None:
    now = timezone.now()
    needing.said(world, "X201", now=now)
    needing.said(world, "X101", now=now)
    late = needing.said(world, "X103", now=now - TRIAGE_WITHIN - dt.timedelta(days=1))
    needing.triaged(world, needing.said(world, "X104", now=now - dt.timedelta(days=60)), now=now)

    assert listed(world, "regional_office_nord") == [
        "Dalskog (øving)",
        "Elvarheim (øving)",
        "Askvikøy (øving)",
        "Havnesund (øving)",
    ]
    assert listed(world, "regional_office_sor")[0] == "Havnesund (øving)"
    assert listed(world, "regional_office_nord", "?state=i-arbeid") == ["Elvarheim (øving)"]
    assert listed(world, "regional_office_nord", "?state=\x00") == listed(
        world, "regional_office_nord"
    )
    page = signed_in(world, "regional_office_nord").get(
        reverse("delivery:need", args=[world.programme.slug, late.pk])
    )
    assert "skulle" in page.content.decode() or "should have" in page.content.decode()


def test_nasjonalt_fagansvar_sees_what_has_been_raised_on_top(world: World) -> None:
    now = timezone.now()
    needing.said(world, "X101", now=now - dt.timedelta(days=90))
    needing.raised(world, now=now)

    assert listed(world, "national_lead")[0] == "Bjørkemo (øving)"


def test_whoever_is_second_keeps_the_text_and_sees_what_the_first_answered(world: World) -> None:
    need = needing.said(world, now=timezone.now())
    office = signed_in(world, "regional_office_nord")
    url = reverse("delivery:need_act", args=[world.programme.slug, need.pk, "svar"])
    first = {"revision": "0", "text": "Det første svaret", "is_met": "yes"}
    second = {"revision": "0", "text": "Det andre svaret", "is_met": "no"}

    assert office.post(url, first).status_code == 302
    late = office.post(url, second)

    assert late.status_code == 409
    assert "Det første svaret" in late.content.decode()
    assert "Det andre svaret" in late.content.decode()
    need.refresh_from_db()
    assert (need.answer, need.is_met) == ("Det første svaret", True)


def test_who_was_overtaken_by_a_step_that_still_fits_can_send_the_kept_text(world: World) -> None:
    need = needing.said(world, now=timezone.now())
    office = signed_in(world, "regional_office_nord")
    url = reverse("delivery:need_act", args=[world.programme.slug, need.pk, "svar"])
    needing.triaged(world, need, now=timezone.now())

    late = office.post(url, {"revision": "0", "text": "Svaret", "is_met": "yes"})

    assert late.status_code == 409
    assert 'name="revision" value="1"' in late.content.decode()
    assert office.post(url, {"revision": "1", "text": "Svaret", "is_met": "yes"}).status_code == 302


@pytest.mark.parametrize(
    "data",
    [
        {"revision": "x", "text": "a", "is_met": "yes"},
        {"revision": "99999999999999", "text": "a", "is_met": "yes"},
        {"revision": "0", "text": "a\x00", "is_met": "yes"},
        {"revision": "0", "text": "a" * 4001, "is_met": "yes"},
        {"revision": "0", "text": "a", "is_met": "kanskje"},
        {},
    ],
)
def test_bad_input_to_an_answer_gives_a_sentence(world: World, data: dict[str, str]) -> None:
    need = needing.said(world, now=timezone.now())
    url = reverse("delivery:need_act", args=[world.programme.slug, need.pk, "svar"])

    assert signed_in(world, "regional_office_nord").post(url, data).status_code == 422
    assert Need.objects.get().state == "received"


def test_a_municipality_says_a_need_in_one_field(world: World) -> None:
    client = signed_in(world, "municipality")
    url = reverse("delivery:need_new", args=[world.programme.slug])

    page = client.get(url).content.decode()
    assert page.count("<textarea") == 1
    assert 'name="email"' not in page
    assert "<select" not in page
    answer = client.post(url, {"text": needing.TEXT}, follow=True)

    assert "Regionkontor Nord" in answer.content.decode()
    assert Need.objects.get().channel == "signed_in"


def test_an_office_writes_a_need_down_for_a_municipality_of_its_region_only(world: World) -> None:
    client = signed_in(world, "regional_office_sor")
    url = reverse("delivery:need_new", args=[world.programme.slug])

    own = client.post(url, {"text": needing.TEXT, "municipality": "x-x201"})
    foreign = client.post(url, {"text": needing.TEXT, "municipality": "x-x102"})

    assert (own.status_code, foreign.status_code) == (302, 422)
    assert [need.channel for need in Need.objects.all()] == ["office"]


def test_the_municipality_reads_what_the_owner_decided_on_its_need(world: World) -> None:
    need = needing.raised(world, now=timezone.now())
    matter = needs.raise_to_owner(
        need=need,
        revision=need.revision,
        title="Samtaleguide på flere språk",
        text="Det bør lages én gang for alle.",
        proposal="",
        actor=world.person("national_lead"),
        now=timezone.now(),
    )
    matter.state, matter.answer, matter.answered_at = "answered", "Ja.", timezone.now()
    matter.save()
    today = timezone.localdate()
    Decision.objects.create(
        programme=world.programme,
        matter=matter,
        text="Det settes av midler til fem språk.",
        owner=matter.addressed_to,
        decided_on=today,
        due_on=today,
    )

    page = signed_in(world, "municipality").get(
        reverse("delivery:need", args=[world.programme.slug, need.pk])
    )

    assert "Det settes av midler til fem språk." in page.content.decode()


def offer_page(world: World, client: Client | None = None) -> str:
    url = reverse("delivery:basic_offer", args=[world.programme.slug, "x-x102"])
    return (client or Client()).get(url).content.decode()


def test_anybody_reads_of_a_public_need_in_words_only_when_the_office_has_looked_at_it(
    world: World,
) -> None:
    need = needing.said(world, now=timezone.now())
    assert needing.TEXT not in offer_page(world)
    assert needing.TEXT in offer_page(world, signed_in(world, "municipality"))

    need = needing.triaged(world, need, now=timezone.now())
    assert needing.TEXT in offer_page(world)

    need.access, need.legal_ground = "exempt", "offentleglova § 13"
    need.save()
    assert needing.TEXT not in offer_page(world)
    assert needing.TEXT in offer_page(world, signed_in(world, "municipality"))
    needing.internal(need)
    for client in (Client(), signed_in(world, "municipality"), signed_in(world, "partner")):
        html = offer_page(world, client)
        assert needing.TEXT not in html
        assert str(need.pk) not in html


def test_an_internal_need_is_in_no_list_and_no_news_of_the_municipality(world: World) -> None:
    need = needing.internal(needing.answered(world, now=timezone.now()))
    person = world.person("municipality")

    assert listed(world, "municipality") == []
    assert listed(world, "partner") == []
    lines = waiting(person, timezone.localdate()) + came_back(person, timezone.localdate())
    assert not [line for line in lines if str(need.pk) in line.url]


def test_the_basic_offer_shows_offer_dates_contact_and_numbers(world: World) -> None:
    for kind, code, theme, text in (
        ("basic_offer", "basic-offer", "", "Grunntilbudet"),
        ("offer", "lan", "funding", "Lån og tilskudd til kommunen"),
        ("offer", "kurs", "courses", "Kurs i boligsosialt arbeid"),
        ("offer", "annet", "", "Noe for seg selv"),
    ):
        Statement.objects.create(
            programme=world.programme,
            kind=kind,
            code=code,
            position=0,
            text={"nb": text},
            description={"nb": "Likt for alle kommuner."} if kind == "basic_offer" else {},
            details={"theme": theme} if theme else {},
        )
    soon = timezone.localdate() + dt.timedelta(days=30)
    for role, title in (("municipality", "Fagdag for kommuner"), ("owner", "Styringsdialog")):
        YearDate.objects.create(
            programme=world.programme,
            code=role,
            title={"nb": title},
            kind="gathering",
            starts_on=soon,
            roles=[role],
            changed_at=timezone.now(),
        )

    html = offer_page(world)

    for text in (
        "Likt for alle kommuner.",
        "Lån og tilskudd til kommunen",
        "Kurs i boligsosialt arbeid",
        "Noe for seg selv",
        "Fagdag for kommuner",
        "Regionkontor Nord",
        "6\u202f100",
        'name="text"',
    ):
        assert text in html
    assert "Styringsdialog" not in html


def test_a_real_municipality_has_its_page_with_nothing_simulated_on_it(world: World) -> None:
    programme = Programme.objects.create(
        slug="ekte",
        title={"nb": "Et ekte program"},
        valid_from=dt.date(2016, 1, 1),
        valid_to=dt.date(2021, 1, 1),
        source_hash="0" * 64,
    )
    real = Organisation.objects.create(
        slug="5636-unjarga-nesseby", name="Unjárga - Nesseby", kind="municipality", sort_key="u"
    )
    MunicipalityPeriod.objects.create(
        organisation=real,
        register="norway",
        code="5636",
        name=real.name,
        sort_key="u",
        county_code="56",
        county_name="Finnmark",
        valid_from=dt.date(2024, 1, 1),
    )
    needing.said(world)

    page = Client().get(reverse("delivery:basic_offer", args=[programme.slug, real.slug]))

    html = page.content.decode()
    assert page.status_code == 200
    assert "Unjárga - Nesseby" in html
    assert "sl-simulated" not in html
    assert 'name="text"' not in html
    assert needing.TEXT not in html
    foreign = reverse("delivery:basic_offer", args=[programme.slug, "x-x102"])
    assert Client().get(foreign).status_code == 404
    everybody = Client().get(reverse("delivery:basic_offers", args=[programme.slug]))
    assert everybody.content.decode().count(f"/grunntilbud/{programme.slug}/{real.slug}/") == 1


def test_home_tells_each_level_what_waits_about_needs(world: World) -> None:
    now, today = timezone.now(), timezone.localdate()
    late = needing.said(world, now=now - TRIAGE_WITHIN - dt.timedelta(days=1))
    up = needing.raised(world, now=now)
    done = needing.answered(world, now=now)

    def lines(role: str) -> dict[str, bool]:
        found = waiting(world.person(role), today)
        return {line.url: line.is_late for line in found if "/behov/" in line.url}

    def url(need: Need) -> str:
        return reverse("delivery:need", args=[world.programme.slug, need.pk])

    assert lines("regional_office_nord") == {url(late): True}
    assert lines("regional_office_sor") == {}
    assert lines("national_lead") == {url(up): False}
    assert lines("municipality") == {url(done): False}
    assert url(up) in {line.url for line in came_back(world.person("municipality"), today)}


def _many(world: World, number: int) -> None:
    now = timezone.now()
    for _ in range(number):
        needing.said(world, now=now)
        needing.triaged(world, now=now)
        needing.raised(world, now=now)
        needing.answered(world, is_met=False, now=now)


def test_pages_cost_the_same_with_ten_times_as_many_needs(world: World) -> None:
    _many(world, 1)
    need = Need.objects.filter(state="raised")[0]
    needs.raise_to_owner(
        need=need,
        revision=need.revision,
        title="t",
        text="t",
        proposal="",
        actor=world.person("national_lead"),
        now=timezone.now(),
    )
    slug = world.programme.slug
    urls = [
        ("national_lead", reverse("delivery:needs", args=[slug])),
        ("regional_office_nord", reverse("delivery:needs", args=[slug])),
        ("municipality", reverse("delivery:needs", args=[slug])),
        ("national_lead", reverse("delivery:needs_unmet", args=[slug])),
        ("national_lead", reverse("delivery:need", args=[slug, need.pk])),
        ("regional_office_nord", reverse("delivery:need", args=[slug, need.pk])),
        ("municipality", reverse("delivery:basic_offer", args=[slug, "x-x102"])),
        ("regional_office_nord", reverse("delivery:need_new", args=[slug])),
        ("", reverse("delivery:basic_offer", args=[slug, "x-x102"])),
        ("", reverse("delivery:basic_offers", args=[slug])),
        ("", reverse("delivery:write_need", args=[slug])),
    ]

    def cost() -> dict[tuple[str, str], int]:
        found = {}
        for role, url in urls:
            client = signed_in(world, role) if role else Client()
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(url).status_code == 200
            found[role, url] = len(queries)
        return found

    before = cost()
    _many(world, 9)

    assert cost() == before
    assert {key: n for key, n in before.items() if n > MOST_QUERIES} == {}
