"""One answer from the browser to a table in the report, by every role that has a part in it.

 1. The evaluator sends a draft form to the client's project group.
 2. The project group comments on a question; the evaluator answers, tries the form out and releases it.
 3. The evaluator plans a survey, makes the frame, draws the sample and opens it.
 4. Contacts are brought as a file.
 5. Invitations go out over a real mail server.
 6. The municipality opens its link, answers two pages and closes the browser.
 7. It goes on from another device by the same link, answers the third page and sends.
 8. The reminder goes to the others only.
 9. The others answer; the survey is closed and frozen.
10. The report is made and published; its table holds exactly those answers in HTML, PDF and DOCX.

The eight hops of `docs/explanation/one-answer.md` are walked on the way.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import docx
import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser
from pypdf import PdfReader

from sloyfe.analysis.models import Dataset
from sloyfe.audit.models import Event
from sloyfe.fieldwork.models import Case, Response, Round
from sloyfe.fieldwork.rules import Disposition
from sloyfe.instruments.imports import load_folder
from sloyfe.instruments.models import Version
from sloyfe.letters.imports import load_texts
from tests.cast import World, make_world
from tests.journey.content import BANK, FORM
from tests.journey.visitor import Visitor, fill, submit
from tests.plugins.mail import MailServer
from tests.plugins.worker import Worker

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
HERO = "X202"  # Innstrand, which has decided on nynorsk


@pytest.fixture
def world(settings: Any, tmp_path: Path) -> World:
    settings.KEYS = tmp_path / "keys"
    settings.FROZEN = tmp_path / "frozen"
    world = make_world()
    folder = tmp_path / "content"
    (folder / "instruments").mkdir(parents=True)
    (folder / "bank.yaml").write_text(BANK, encoding="utf-8")
    (folder / "instruments" / "journey.yaml").write_text(FORM, encoding="utf-8")
    load_folder(world.programme, folder, actor=None, now=timezone.now())
    load_texts(ROOT / "programmes" / "letters.yaml", scope="", actor=None, now=timezone.now())
    return world


def test_an_answer_goes_from_the_browser_to_the_tables_of_the_report(
    browser: Browser,
    live_server: Any,
    world: World,
    mail_server: MailServer,
    worker: Worker,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.BASE_URL = live_server.url
    today = timezone.localdate()
    evaluator = Visitor(browser, live_server.url).sign_in(world.person("evaluator"))
    form = f"/skjema/{world.programme.slug}/journey/1/"

    # 1. A draft goes to the project group.
    evaluator.go(form)
    fill(evaluator.page, comments_by=today.isoformat())
    submit(evaluator.page, "main form[action$='send-til-kommentar/']")

    # 2. A comment, its answer, the pilot, the release.
    group = Visitor(browser, live_server.url, width=360).sign_in(world.person("project_group"))
    group.go(form + "kommentarer/?om=total")
    group.page.locator("main textarea").fill("Bør det stå «i år»?")
    submit(group.page)
    assert "Bør det stå" in group.page.locator("main").inner_text()
    group.close()

    evaluator.go(form + "kommentarer/")
    evaluator.press("main li a.ds-button")
    fill(evaluator.page, outcome="not_followed", answer="Spørsmålet gjelder hele perioden.")
    submit(evaluator.page)
    evaluator.go(form)
    submit(evaluator.page, "main form[action$='start-utproving/']")
    evaluator.go(form + "ta-i-bruk/")
    submit(evaluator.page, "main form[action$='ta-i-bruk/']")
    assert Version.objects.get().state == "released"

    # 3. The survey is planned, framed, drawn and opened.
    evaluator.go(f"/undersokelser/ny/{world.programme.slug}/")
    fill(
        evaluator.page,
        title_nb="Reisen",
        title_nn="Reisa",
        slug="reisen",
        declaration="confidential_panel",
        controller="Strategikontoret",
        host="Forskningsinstituttet",
        legal_ground="Personvernforordningen artikkel 6 nr. 1 bokstav e",
        privacy_nb="Vi tar vare på det som trengs.",
        privacy_nn="Vi tek vare på det som trengst.",
        contact="undersokelse@ovelse.invalid",
        opens_on=today.isoformat(),
        closes_on=(today + dt.timedelta(days=30)).isoformat(),
        delete_contacts_on=(today + dt.timedelta(days=60)).isoformat(),
        delete_keys_on=(today + dt.timedelta(days=90)).isoformat(),
        delete_responses_on=(today + dt.timedelta(days=900)).isoformat(),
    )
    submit(evaluator.page, "main form.sl-form")
    fill(
        evaluator.page,
        title_nb="Alle kommuner",
        title_nn="Alle kommunar",
        code="alle",
        version=str(Version.objects.get().pk),
        subprogramme="",
        frame_as_of=today.isoformat(),
        design="stratified",
        per_stratum="5",
    )
    submit(evaluator.page, "main form.sl-form")
    submit(evaluator.page, "main form[action$='ramme/']")
    fill(evaluator.page, seed=_seed_that_draws(HERO))
    submit(evaluator.page, "main form[action$='trekk/']")
    evaluator.go("/undersokelser/reisen/")
    submit(evaluator.page, "main form[action$='apne/']")
    round_ = Round.objects.get(slug="reisen")
    assert round_.state == "open"
    drawn = sorted(Case.objects.values_list("organisation__periods__code", flat=True))
    assert len(drawn) == 10
    assert HERO in drawn

    # 4. Contacts come as a file.
    rows = ["kommunenummer;navn;epost;rolle"]
    rows += [f"{code};Mottaker;{code.lower()}@ovelse.invalid;postmottak" for code in drawn]
    evaluator.go("/undersokelser/reisen/kontakter/")
    evaluator.page.locator("main input[type=file]").set_input_files(
        {"name": "kontakter.csv", "mimeType": "text/csv", "buffer": "\n".join(rows).encode()}
    )
    fill(evaluator.page, source="Kommunenes nettsider", told="I e-post med personvernerklæring")
    submit(evaluator.page, "main form.sl-form")

    # 5. Invitations leave over SMTP; the client sees how it goes, and no names.
    evaluator.go("/undersokelser/reisen/")
    submit(evaluator.page, "main form[action$='inviter/']")
    worker.run()
    assert len(mail_server.letters) == 10
    links = {code: _link(mail_server, code) for code in drawn}
    assert "Lenkja" in _text(mail_server, HERO) or "skjemaet" in _text(mail_server, HERO)
    owner = Visitor(browser, live_server.url).sign_in(world.person("owner"))
    owner.go("/undersokelser/reisen/")
    shown = owner.page.locator("main").inner_text()
    assert "10" in shown
    assert world.municipalities[HERO].name not in shown
    owner.close()

    # 6. The municipality answers two pages on a phone and closes the browser.
    phone = Visitor(browser, live_server.url, width=360)
    phone.go(links[HERO])
    phone.press("main .sl-answer__buttons a")
    phone.page.locator("input[name=total][value=satisfied]").check()
    phone.press("button[value=next]")
    phone.page.locator("input[name=meetings][value=satisfied]").check()
    phone.page.locator("input[name=advice][value=dissatisfied]").check()
    phone.press("button[value=next]")
    assert "/ahead_of_us/" in phone.page.url
    phone.close()
    case = Case.objects.get(organisation=world.municipalities[HERO])
    assert case.disposition == Disposition.PARTIAL

    # 7. It goes on from another device, looks over and sends.
    desk = Visitor(browser, live_server.url)
    desk.go(links[HERO])
    desk.press("main .sl-answer__buttons a")
    assert "/ahead_of_us/" in desk.page.url
    desk.page.locator("input[name=ahead][value=homes]").check()
    desk.page.locator("textarea[name=wishes]").fill("Flere møter.")
    desk.press("button[value=next]")
    desk.press("form[action$='send-inn/'] button")
    receipt = desk.page.locator(".sl-receipt").inner_text()
    assert receipt
    desk.close()
    case.refresh_from_db()
    assert case.disposition == Disposition.COMPLETE
    assert case.completed_on == today
    response = Response.objects.get()
    assert response.answers == {
        "total": "satisfied",
        "meetings": "satisfied",
        "advice": "dissatisfied",
        "ahead": ["homes"],
        "wishes": "Flere møter.",
    }

    # 8. The reminder goes to the other nine only.
    mail_server.letters.clear()
    evaluator.go("/undersokelser/reisen/")
    submit(evaluator.page, "main form[action$='minn-om/']")
    worker.run()
    assert len(mail_server.letters) == 9
    assert mail_server.to(f"{HERO.lower()}@ovelse.invalid") == []

    # 9. The others answer: four are satisfied too, five are not. The survey closes and is frozen.
    others = [code for code in drawn if code != HERO]
    for place, code in enumerate(others):
        _answer(links[code], "satisfied" if place < 4 else "dissatisfied")
    evaluator.go("/undersokelser/reisen/lukk/")
    submit(evaluator.page, "main form[action$='lukk/']")
    _freeze(world)
    worker.run()
    dataset = Dataset.objects.get()
    assert dataset.responses == 10

    # 10. The report holds exactly those answers: five of ten, which is 50 per cent.
    evaluator.go("/rapporter/ny/reisen/")
    fill(evaluator.page, title="Reisen, første rapport", slug="reisen", publisher="Instituttet")
    submit(evaluator.page, "main form.sl-form")
    worker.run()
    evaluator.go("/rapporter/les/reisen/publiser/")
    submit(evaluator.page, "main form[action$='publiser/']")
    evaluator.go("/rapporter/les/reisen/")
    row = evaluator.page.locator("table tr", has_text="Hvor fornøyd er kommunen?").first
    # The table is folded below its chart; its text is there all the same.
    cells = [cell.strip() for cell in row.locator("td").all_text_contents()]
    assert cells == ["50", "0", "50", "0", "10"]

    client = Client()
    client.force_login(world.person("evaluator"))
    pdf = client.get("/rapporter/les/reisen/fil/pdf/").content
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    assert re.search(r"Hvor fornøyd er kommunen\?\s+50\s+0\s+50\s+0\s+10", " ".join(text.split()))
    word = docx.Document(io.BytesIO(client.get("/rapporter/les/reisen/fil/docx/").content))
    lines = [
        [cell.text.strip() for cell in line.cells] for table in word.tables for line in table.rows
    ]
    assert ["Hvor fornøyd er kommunen?", "50", "0", "50", "0", "10"] in lines

    # Nothing on the way has told an answer to the audit trail or a link to the database.
    told = str(list(Event.objects.values_list("action", "about_name", "details")))
    assert "Flere møter" not in told
    assert links[HERO].rstrip("/").rsplit("/", 1)[-1] not in told
    evaluator.close()


def _seed_that_draws(code: str) -> str:
    """Find words that draw a municipality, so that the journey has somebody to follow."""
    from sloyfe.fieldwork.models import FrameUnit
    from sloyfe.stats import sampling

    rows = FrameUnit.objects.values_list("code", "stratum")
    frame = [sampling.FrameUnit(unit, stratum) for unit, stratum in rows]
    return next(
        seed
        for seed in (f"reise {number}" for number in range(100))
        if code in sampling.draw(frame, 5, seed).units
    )


def _text(mail_server: MailServer, code: str) -> str:
    [letter] = mail_server.to(f"{code.lower()}@ovelse.invalid")
    return str(letter.get_content())


def _link(mail_server: MailServer, code: str) -> str:
    found = re.search(r"https?://\S+/svar/\S+/", _text(mail_server, code))
    assert found is not None
    return found.group(0)


def _answer(link: str, option: str) -> None:
    """Answer without a browser and without JavaScript, as old equipment would."""
    path = re.sub(r"^https?://[^/]+", "", link)
    client = Client()
    for page, answers in (
        ("whole", {"total": option}),
        ("parts", {"meetings": option, "advice": option}),
        ("ahead_of_us", {"ahead": ["services"]}),
    ):
        revision = _revision(client.get(f"{path}{page}/").content.decode())
        reply = client.post(
            f"{path}{page}/", {**answers, "svar-revisjon": revision, "svar-videre": "next"}
        )
        assert reply.status_code == 303 or reply.status_code == 302
    revision = _revision(client.get(f"{path}ferdig/se-over/").content.decode())
    reply = client.post(f"{path}ferdig/send-inn/", {"svar-revisjon": revision})
    assert reply.status_code in (302, 303)


def _revision(page: str) -> str:
    found = re.search(r'name="svar-revisjon" value="(\d+)"', page)
    assert found is not None
    return found.group(1)


def _freeze(world: World) -> None:
    from sloyfe.analysis.actions import freeze_dataset
    from sloyfe.fieldwork.models import Population

    population = Population.objects.select_related(
        "round__programme", "round__evaluator", "version__instrument", "draw"
    ).get()
    freeze_dataset(population=population, actor=world.person("evaluator"), now=timezone.now())
