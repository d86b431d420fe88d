"""A whole programme year in browsers, by seven roles: from the owner's mandate to the answer in the municipality.

 1. The owner writes a mandate, with a goal and a task, and issues it.
 2. Nasjonalt fagansvar puts the year's day on the year wheel; the regional office sees it.
 3. The regional office plans a dialogue meeting with the municipality and writes its minutes.
 4. The office drafts the agreement and sends it; the municipality confirms it on a phone.
 5. The municipality begins its plan, writes a measure and adopts it.
 6. A municipality with the basic offer says what it needs, without signing in; it confirms by letter.
 7. Its office cannot meet the need and raises it; nasjonalt fagansvar takes it to the owner.
 8. Nasjonalt fagansvar plans the year's reporting and opens it.
 9. The adviser fills in the report in the meeting and hands it over; the municipality looks it over and
    sends it.
10. The office receives the report and asks about a number; the municipality replies on its phone, and the
    office answers the report.
11. The office writes the summary of the region and sends it; nasjonalt fagansvar reads and answers it,
    writes the national summary and sends it.
12. The owner opens the national picture and goes down from the nation to the region and to the municipality;
    the office of the other region sees the same nation.
13. The owner plans a steering dialogue; the need stands on its agenda, and the head office reads it there.
    It is decided, the minutes are written, and the dialogue is held. The head office reads the decision.
14. Nasjonalt fagansvar carries the decision out and answers the need; the municipality reads the answer by
    its link and closes the need. The municipality in the programme sees what became of its report.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Browser

from sloyfe.delivery.imports.results import load_results
from sloyfe.delivery.models import (
    Agreement,
    Decision,
    EffortArea,
    Matter,
    Meeting,
    Need,
    Plan,
    Summary,
    YearlyReport,
)
from sloyfe.instruments.imports import load_folder
from sloyfe.instruments.models import Version
from sloyfe.letters.imports import load_texts
from sloyfe.programme.models import Mandate, YearDate
from tests.cast import World, make_world
from tests.journey.content import state_strategy
from tests.journey.visitor import Visitor, fill
from tests.plugins.mail import MailServer
from tests.plugins.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
EXERCISE = ROOT / "programmes" / "exercise"
MEMBER, BASIC = "X104", "X102"  # Elvarheim in the subprogramme, Bjørkemo with the basic offer
ADDRESS = "post@bjorkemo.invalid"
LINK = re.compile(r"https?://[^\s<>\"]+/mitt-behov/[^\s<>\"]+")


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> Iterator[World]:
    """The exercise programme with its forms, what is counted of them, and the letters."""
    settings.KEYS = tmp_path / "keys"
    settings.FROZEN = tmp_path / "frozen"
    settings.DRAFTS = tmp_path / "drafts"
    cache.clear()
    world, now = make_world(), timezone.now()
    state_strategy(world.programme, EXERCISE)
    load_folder(world.programme, EXERCISE, actor=None, now=now, release=True)
    load_results(world.programme, EXERCISE, actor=None, now=now)
    load_texts(ROOT / "programmes" / "letters.yaml", scope="", actor=None, now=now)
    yield world
    cache.clear()


def test_a_programme_year_goes_from_the_mandate_to_the_answer_in_the_municipality(
    browser: Browser,
    live_server: Any,
    world: World,
    mail_server: MailServer,
    worker: Worker,
    settings: Any,
) -> None:
    settings.BASE_URL = live_server.url
    today = timezone.localdate()
    year = today.year
    slug = world.programme.slug
    member = world.municipalities[MEMBER]

    def visitor(role: str, width: int = 1280) -> Visitor:
        return Visitor(browser, live_server.url, width).sign_in(world.person(role))

    owner, lead = visitor("owner"), visitor("national_lead")
    head = visitor("head_office")
    office, other_office = visitor("regional_office_nord"), visitor("regional_office_sor")
    phone = visitor("municipality_in_programme", width=360)

    # 1. The mandate.
    owner.go(f"/program/{slug}/")
    owner.follow("/mandat/")
    owner.push("/mandat/begynn/")
    owner.follow("/tekst/")
    owner.write(
        foreword_nb="Flere skal få et trygt sted å bo.",
        foreword_nn="Fleire skal få ein trygg stad å bu.",
        valid_from=today.isoformat(),
    )
    owner.follow("/mandat/1/mal/ny/")
    owner.write(
        text_nb="Færre bor midlertidig",
        text_nn="Færre bur mellombels",
        expected_nb="Kommunene har oversikt.",
        expected_nn="Kommunane har oversikt.",
    )
    owner.follow("/oppgave/ny/")
    owner.write(
        text_nb="Inngå avtaler",
        text_nn="Inngå avtalar",
        effort_days="20",
        role_national_lead="accountable",
        role_regional_office="responsible",
    )
    owner.take("year-mandate")
    owner.follow("/utsted/")
    owner.write("main form")
    assert Mandate.objects.get().state == "issued"

    # 2. The year wheel.
    lead.go(f"/program/{slug}/")
    lead.follow("/arshjul/", "/arshjul/ny/")
    lead.write(
        title_nb="Fagdag for kommunene",
        title_nn="Fagdag for kommunane",
        starts_on=(today + dt.timedelta(days=60)).isoformat(),
        roles="regional_office",
        reason="Lokalet ble ledig.",
    )
    assert YearDate.objects.exists()
    office.go(f"/program/{slug}/")
    office.follow("/arshjul/")
    office.reads("Fagdag for kommunene")
    office.take("year-wheel")

    # 3. The dialogue meeting.
    here = f"/rapportering/{slug}/kommuner/{member.slug}/"
    office.go(here)
    office.follow("/moter/nytt/")
    office.write(kind="dialogue", on=today.isoformat(), place="Rådhuset", agenda="Avtalen")
    meeting = Meeting.objects.get()
    office.follow(f"/moter/{meeting.pk}/referat/")
    office.write(
        present="programleder, rådgiver",
        minutes="Vi ble enige om å lage en avtale.",
        agreed="Kontoret skriver et utkast",
    )

    # 4. The agreement.
    office.go(here)
    office.follow("/avtaler/ny/")
    towns = world.programme.subprogrammes.get(code="towns")
    area = EffortArea.objects.order_by("position")[0]
    office.write(
        subprogramme=str(towns.pk),
        municipality_does="Kommunen lager en plan og rapporterer.",
        office_does="Kontoret gir råd.",
        name_0="Programlederen",
        name_3="Programkontakten",
        area_1=str(area.pk),
        why_1="Mange bor midlertidig.",
    )
    agreement = Agreement.objects.get()
    office.push(f"/avtaler/{agreement.pk}/send/")
    office.reads("Avtalen er sendt.")
    phone.go("/")
    phone.follow(f"/avtaler/{agreement.pk}/")
    phone.take("year-agreement")
    phone.push(f"/bekreft/{Agreement.objects.get().revision}/")
    assert Agreement.objects.get().state == "in_force"

    # 5. The plan.
    phone.go(here)
    phone.follow("/plan/ny/")
    phone.write(year=str(year))
    phone.follow(f"/plan/{year}/tiltak/nytt/")
    phone.write(
        text="Kartlegge hvem som bor midlertidig",
        who="Boligkontoret",
        by_when=(today + dt.timedelta(days=90)).isoformat(),
        how_seen="Vi vet hvor mange som venter.",
        area=str(area.pk),
    )
    phone.take("year-plan")
    phone.push(f"/vedta/{Plan.objects.get().revision}/")
    assert Plan.objects.get().state == "adopted"

    # 6. A need, without signing in.
    basic = Visitor(browser, live_server.url, width=360)
    basic.go(f"/meld-behov/{slug}/")
    basic.write(
        municipality=world.municipalities[BASIC].slug,
        text="Vi trenger noen som kan regne på kjøp av boliger.",
        email=ADDRESS,
    )
    worker.run()
    basic.go(_link(mail_server))
    basic.take("year-need", 640)
    basic.write("main form")
    need = Need.objects.get()
    assert need.state == "received"
    worker.run()
    followed = _link(mail_server)

    # 7. The need goes up.
    office.go("/")
    office.follow(f"/behov/{slug}/{need.pk}/", "/loft/")
    office.write(why="Ingen i regionen kan regne på dette.")
    lead.go("/")
    lead.follow(f"/behov/{slug}/{need.pk}/", "/til-eier/")
    lead.write(
        title="Hjelp til å regne på kjøp av boliger",
        text="Små kommuner mangler noen som kan regne.",
        proposal="Ett kontor regner for alle.",
    )
    matter = Matter.objects.get()

    # 8. The reporting of the year.
    lead.go("/rapportering/")
    lead.follow("/nytt-aar/")
    days = [today + dt.timedelta(days=each) for each in (0, 30, 60, 90, 120)]
    names = ("opens_on", "due_on", "answer_by", "summary_by", "national_by")
    lead.write(
        year=str(year),
        form=str(Version.objects.get(instrument__code="yearly-report").pk),
        reason="Skjemaet ble prøvd en gang til.",
        **{name: day.isoformat() for name, day in zip(names, days, strict=True)},
    )
    lead.push("/aar/apne/")
    report = YearlyReport.objects.get()
    assert report.state == "expected"

    # 9. The report, filled in by the adviser in the meeting, confirmed by the municipality.
    office.go(here)
    office.follow("/moter/nytt/")
    office.write(kind="status", on=today.isoformat(), agenda="Årsrapporten")
    first = f"/rapportering/{slug}/{year}/{member.slug}/"
    office.go(first)
    office.follow("/skriv/homes/")
    for answers in (
        {"homes_provided": "12", "homes_bought": "5"},
        {"households_to_permanent": "8", "families_temporary": "4", "families_temporary_long": "1"},
        {"plan_adopted": "vedtatt"},
        {"worked_well": "Vi ringte alle som ventet."},
        {"time_used": "20"},
    ):
        fill(office.page, **answers)
        office.press("button[value=next]")
    office.take("year-report")
    office.follow("/lever/")
    office.write(meeting=str(Meeting.objects.get(kind="status").pk))
    phone.go("/")
    phone.follow(f"{first}se-over/")
    phone.reads("12")
    phone.push("/send/")
    assert YearlyReport.objects.get().state == "sent"

    # 10. A question, its answer, and the office's answer to the report.
    office.go("/")
    office.press("main a[href*='/rapportering/?']")
    office.press(f"main a[href*='{first}']")
    office.push("/ta-imot/")
    office.follow("/sporsmal/?felt=homes_provided")
    office.write(text="Gjelder de tolv boligene bare i år?")
    phone.go("/")
    phone.press(f"main a[href*='{first}']")
    phone.press("main .sl-thread a[href*='/sporsmal/']")
    phone.take("year-question", 640)
    phone.write(text="Ja, alle er fra i år.")
    office.go(first)
    office.reads("Ja, alle er fra i år.")
    office.follow("/svar/")
    office.write(text="Takk. Vi hjelper dere med å kjøpe flere.")
    assert YearlyReport.objects.get().state == "answered"

    # 11. Summaries.
    office.go("/rapportering/")
    office.follow("/oppsummering/", "/oppsummering/nord/", "/oppsummering/nord/skriv/")
    office.write(overview="Tolv nye boliger i regionen.", worked="Å ringe alle.")
    office.take("year-summary")
    office.follow("/oppsummering/nord/send/")
    office.write()
    assert Summary.objects.get().state == "sent"
    lead.go("/")
    lead.follow("/oppsummering/nord/")
    lead.push("/lest/")
    lead.follow("/oppsummering/nord/svar/")
    lead.write(answer="Takk. Vi tar det med til eieren.")
    lead.go("/rapportering/")
    lead.follow("/oppsummering/", "/oppsummering/nasjonal/", "/oppsummering/nasjonal/skriv/")
    lead.write(
        overview="Tolv nye boliger i landet.", incomplete_why="Regionen Sør har ingen avtaler."
    )
    lead.follow("/oppsummering/nasjonal/send/")
    lead.write()

    # 12. The national picture, and down.
    owner.go(f"/program/{slug}/")
    owner.follow("/bilde/")
    owner.reads("12")
    owner.take("year-picture")
    owner.press("main a[href*='/bilde/regioner/']")
    owner.press("main a[href$='/bilde/']")
    owner.press("main a[href*='/bilde/region/nord/']")
    owner.press(f"main a[href*='/bilde/kommune/{member.slug}/']")
    owner.reads("12")
    other_office.go(f"/rapportering/{slug}/bilde/")
    other_office.reads("12")

    # 13. The steering dialogue.
    owner.go(f"/program/{slug}/")
    owner.follow(f"/styring/{slug}/", "/mote/ny/")
    owner.write(day_1=today.isoformat(), reason="Kommunene venter på svar.")
    owner.go(f"/styring/{slug}/")
    owner.follow("/mote/1/")
    owner.reads(matter.title)
    owner.take("year-steering")
    head.go("/")
    head.follow(f"/styring/{slug}/mote/1/")
    head.reads(matter.title)
    owner.follow(f"/vedtak/?sak={matter.pk}")
    owner.write(
        text="Regionkontor Nord regner for alle kommuner.",
        owner=str(world.people["national_lead"].affiliations.get().organisation_id),
        due_on=(today + dt.timedelta(days=30)).isoformat(),
    )
    lead.go("/")
    lead.follow("/mote/1/", "/mote/1/referat/")
    lead.write(minutes="Eier, nasjonalt fagansvar og hovedkontoret møtte.")
    owner.go(f"/styring/{slug}/mote/1/")
    owner.follow("/mote/1/holdt/")
    owner.write()
    head.go(f"/styring/{slug}/mote/1/")
    head.reads("Regionkontor Nord regner for alle kommuner.")

    # 14. Back to the municipality.
    decision = Decision.objects.get()
    lead.go("/")
    lead.follow(f"/vedtak/{decision.pk}/ferdig/")
    lead.write(note="Kontoret er i gang.")
    lead.go("/")
    lead.follow(f"/behov/{slug}/{need.pk}/", "/svar/")
    lead.write(text="Regionkontor Nord regner for dere.", is_met="yes")
    worker.run()
    basic.go(followed)
    basic.reads("Regionkontor Nord regner for dere.")
    basic.take("year-answer")
    basic.push("/lukk/")
    need.refresh_from_db()
    assert need.state == "closed"
    phone.go(first)
    phone.reads("Takk. Vi hjelper dere med å kjøpe flere.")
    phone.take("year-came-back", 1400)
    for each in (owner, lead, head, office, other_office, phone, basic):
        each.close()


def _link(server: MailServer) -> str:
    """The link in the newest letter to the municipality with the basic offer."""
    found = LINK.search(str(server.to(ADDRESS)[-1].get_content()))
    assert found is not None
    return found.group()
