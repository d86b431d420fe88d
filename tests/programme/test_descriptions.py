"""A description says what the data says, a published one never changes, and each change is told in words."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import docx
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from sloyfe.audit.models import Event
from sloyfe.common.errors import ChangedMeanwhile, NotAllowed, NotPossible
from sloyfe.delivery.actions.contradictions import Disagreement, load_contradictions
from sloyfe.delivery.imports.contradictions import load_folder
from sloyfe.delivery.models import Matter
from sloyfe.delivery.queries.descriptions import chapters_now
from sloyfe.programme.actions.descriptions import publish_version, save_introductions
from sloyfe.programme.models import DescriptionVersion, Programme, Statement
from sloyfe.programme.rules.descriptions import (
    Audience,
    ChangeKind,
    Chapter,
    Line,
    LineKind,
    as_data,
    changes,
    content_hash,
    read_chapters,
)
from tests.cast import NOW, TODAY, World, make_world
from tests.delivery.results import year_of
from tests.plugins.database import ROOT

INSIDE = ("owner", "national_lead", "regional_office_nord", "auditor")
WORDINGS = st.dictionaries(
    st.sampled_from(["nb", "nn", "en"]), st.text(min_size=1, max_size=5), min_size=1
)
CHAPTERS = st.lists(
    st.builds(
        Chapter,
        code=st.sampled_from(["about", "goals", "offer", "ladder"]),
        title=WORDINGS,
        introduction=st.one_of(st.just({}), WORDINGS),
        lines=st.lists(
            st.builds(Line, kind=st.sampled_from(LineKind), text=WORDINGS), max_size=6
        ).map(tuple),
    ),
    max_size=4,
    unique_by=lambda chapter: chapter.code,
)


@pytest.fixture(autouse=True)
def own_folders(settings: Any, tmp_path: Any) -> None:
    settings.DRAFTS = tmp_path / "drafts"


@pytest.fixture
def world(db: None) -> World:
    """The exercise programme with something to say."""
    made = make_world()
    rows = {
        "summary": ("summary", "Et program for å prøve."),
        "goal": ("m1", "Ingen mangler et sted å bo"),
        "basic_offer": ("basic-offer", "Grunntilbudet"),
        "ladder_step": ("dialogmote", "Dialogmøte"),
    }
    for position, (kind, (code, text)) in enumerate(rows.items()):
        Statement.objects.create(
            programme=made.programme, kind=kind, code=code, position=position, text={"nb": text}
        )
    return made


def publish(
    world: World, audience: Audience = Audience.EXTERNAL, note: str = "", **more: Any
) -> DescriptionVersion:
    chapters = chapters_now(world.programme, audience, TODAY)
    return publish_version(
        programme=world.programme,
        audience=audience,
        chapters=chapters,
        note=note,
        looked_at=content_hash(chapters),
        actor=more.get("actor", world.person("national_lead")),
        now=NOW,
    )


def add_goal(world: World, text: str) -> None:
    Statement.objects.create(
        programme=world.programme,
        kind="goal",
        code=f"m{len(text)}-{text[:3]}",
        position=9,
        text={"nb": text},
    )


def get(world: World, role: str, address: str, **query: Any) -> Any:
    client = Client()
    if role:
        client.force_login(world.person(role))
    return client.get(address, query)


def url(world: World, name: str = "description", *more: object, which: str = "beskrivelse") -> str:
    return reverse(f"delivery:{name}", args=[world.programme.slug, which, *more])


# What changed


@given(before=CHAPTERS, after=CHAPTERS)
def test_nothing_changed_exactly_where_both_say_the_same(
    before: list[Chapter], after: list[Chapter]
) -> None:
    def said(chapters: list[Chapter]) -> dict[str, list[Any]]:
        return {
            chapter.code: [
                *([dict(chapter.introduction)] if chapter.introduction else []),
                *(dict(line.text) for line in chapter.lines),
            ]
            for chapter in chapters
            if not chapter.is_empty
        }

    assert (changes(before, after) == ()) == (said(before) == said(after))
    for chapter in changes(before, after):
        assert chapter.lines


@given(before=CHAPTERS, after=CHAPTERS)
def test_what_came_and_what_went_account_for_every_line(
    before: list[Chapter], after: list[Chapter]
) -> None:
    lines = [line for chapter in changes(before, after) for line in chapter.lines]
    came = sum(line.kind is ChangeKind.ADDED for line in lines)
    went = sum(line.kind is ChangeKind.REMOVED for line in lines)

    def count(chapters: list[Chapter]) -> int:
        return sum(len(each.lines) + bool(each.introduction) for each in chapters)

    assert count(before) + came - went == count(after)


@given(chapters=CHAPTERS)
def test_what_is_kept_with_a_version_reads_back_the_same(chapters: list[Chapter]) -> None:
    assert list(read_chapters(as_data(chapters))) == chapters


# Publishing


def test_a_version_says_what_the_data_says(world: World) -> None:
    version = publish(world)

    codes = [chapter.code for chapter in version.chapters]
    assert codes[:2] == ["about", "goals"]
    said = str(version.content)
    assert "Ingen mangler et sted å bo" in said
    assert "Regionkontor Nord" in said
    event = Event.objects.get(action="programme.description.publish")
    assert event.details == {"audience": "external", "number": 1}


@pytest.mark.parametrize("what", ["update", "delete"])
def test_the_database_itself_refuses_to_change_what_is_published(world: World, what: str) -> None:
    publish(world)

    rows = DescriptionVersion.objects.all()

    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(note="x") if what == "update" else rows.delete()


def test_a_version_that_says_nothing_new_is_none(world: World) -> None:
    publish(world)

    with pytest.raises(NotPossible, match=r"nothing_new"):
        publish(world, note="Ingenting")


def test_a_later_version_says_what_changed(world: World) -> None:
    publish(world)
    add_goal(world, "Flere eier boligen sin")

    with pytest.raises(NotPossible, match=r"needs_note"):
        publish(world, note=" ")
    assert publish(world, note="Et nytt mål.").number == 2


def test_data_that_changed_since_it_was_looked_over_is_not_published(world: World) -> None:
    chapters = chapters_now(world.programme, Audience.EXTERNAL, TODAY)
    add_goal(world, "Flere eier boligen sin")

    with pytest.raises(ChangedMeanwhile):
        publish_version(
            programme=world.programme,
            audience=Audience.EXTERNAL,
            chapters=chapters_now(world.programme, Audience.EXTERNAL, TODAY),
            note="",
            looked_at=content_hash(chapters),
            actor=world.person("national_lead"),
            now=NOW,
        )


@pytest.mark.parametrize("role", ["owner", "regional_office_nord", "municipality", "stranger"])
def test_only_nasjonalt_fagansvar_publishes(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        publish(world, actor=world.person(role))


def test_a_day_that_passes_does_not_put_a_description_out_of_date(world: World) -> None:
    today = chapters_now(world.programme, Audience.INTERNAL, TODAY)
    later = chapters_now(world.programme, Audience.INTERNAL, TODAY + dt.timedelta(days=40))

    assert changes(today, later) == ()


def write(world: World, text: str, revision: int) -> None:
    save_introductions(
        programme=world.programme,
        audience=Audience.EXTERNAL,
        introductions={"goals": {"nb": text, "nn": text}},
        revision=revision,
        actor=world.person("national_lead"),
        now=NOW,
    )


def test_of_two_who_write_the_introductions_one_wins_and_the_other_is_told(world: World) -> None:
    write(world, "Den første", 0)

    with pytest.raises(ChangedMeanwhile):
        write(world, "Den andre", 0)

    goals = next(
        each
        for each in chapters_now(world.programme, Audience.EXTERNAL, TODAY)
        if each.code == "goals"
    )
    assert goals.introduction["nb"] == "Den første"


# Pages


def test_the_whole_way_from_introduction_to_a_second_version_on_pages(world: World) -> None:
    client = Client()
    client.force_login(world.person("national_lead"))
    wrote = client.post(
        url(world, "description_write"), {"revision": "0", "goals_nb": "Slik leser du målene."}
    )
    assert wrote["Location"] == url(world, "description_publish")
    for note in ("", "Et nytt mål er kommet til."):
        page = client.get(url(world, "description_publish")).context
        posted = client.post(
            url(world, "description_publish"), {"looked_at": page["looked_at"], "note": note}
        )
        assert posted.status_code == 302
        add_goal(world, f"Flere eier boligen sin{note}")

    shown = get(world, "municipality", url(world)).content.decode()
    told = get(world, "municipality", url(world, "description_changes", 2)).content.decode()

    assert "Slik leser du målene." in shown
    assert "Et nytt mål er kommet til." in shown
    assert "<ins>Flere eier boligen sin</ins>" in told
    # Words, not colours alone.
    assert "<strong>Ny" in told


def test_somebody_who_was_too_late_gets_the_text_back(world: World) -> None:
    write(world, "Den første", 0)
    client = Client()
    client.force_login(world.person("national_lead"))

    answer = client.post(
        url(world, "description_write"), {"revision": "0", "goals_nb": "Min egen tekst"}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Min egen tekst" in page
    assert "Den første" in page


@pytest.mark.parametrize("bad", ["\x00", "x" * 20_000])
def test_odd_text_gives_a_sentence(world: World, bad: str) -> None:
    client = Client()
    client.force_login(world.person("national_lead"))

    wrote = client.post(url(world, "description_write"), {"revision": "0", "goals_nb": bad})
    sent = client.post(url(world, "description_publish"), {"looked_at": bad, "note": bad})

    assert (wrote.status_code, sent.status_code) == (422, 422)


def test_the_guide_is_for_the_programmes_offices_alone(world: World) -> None:
    publish(world, Audience.INTERNAL)

    for role in INSIDE:
        assert get(world, role, url(world, which="veileder")).status_code == 200
    for role in ("", "stranger", "municipality", "partner", "evaluator"):
        assert get(world, role, url(world, which="veileder")).status_code == 404


def test_the_description_of_a_real_programme_is_for_everybody(world: World) -> None:
    publish(world)
    exercise = get(world, "", url(world)).status_code
    Programme.objects.filter(pk=world.programme.pk).update(is_simulated=False)

    assert exercise == 404
    assert get(world, "", url(world)).status_code == 200


def test_offices_are_told_when_the_data_has_changed_since(world: World) -> None:
    publish(world)
    add_goal(world, "Flere eier boligen sin")

    since = url(world, "description_since", 1)
    assert since in get(world, "regional_office_sor", url(world)).content.decode()
    assert "Flere eier boligen sin" in get(world, "regional_office_sor", since).content.decode()
    assert since not in get(world, "municipality", url(world)).content.decode()
    assert get(world, "municipality", since).status_code == 404


def test_a_version_can_be_taken_away_as_pdf_and_word(world: World) -> None:
    publish(world)
    pdf = get(world, "municipality", url(world, "description_file", 1, "pdf")).content
    word = get(world, "municipality", url(world, "description_file", 1, "docx")).content

    said = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    wrote = " ".join(each.text for each in docx.Document(io.BytesIO(word)).paragraphs)
    for text in (said, wrote):
        assert "Ingen mangler et sted å bo" in text
    assert get(world, "owner", url(world, "description_file", 1, "exe")).status_code == 404


def test_a_page_asks_as_few_questions_with_ten_times_the_content(
    world: World, django_assert_max_num_queries: Any
) -> None:
    publish(world, Audience.INTERNAL)
    for number in range(100):
        add_goal(world, f"{number} mål")
    client = Client()
    client.force_login(world.person("owner"))

    addresses = [url(world, which="veileder"), url(world)]
    addresses.append(url(world, "description_since", 1, which="veileder"))

    for address in addresses:
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200


# Before anything is published


def test_the_offices_see_a_proposal_before_anything_is_published_and_the_municipalities_do_not(
    world: World,
) -> None:
    save_introductions(
        programme=world.programme,
        audience=Audience.EXTERNAL,
        introductions={"goals": {"nb": "Uferdig innledning"}},
        revision=0,
        actor=world.person("national_lead"),
        now=NOW,
    )

    seen = {role: get(world, role, url(world)) for role in ("owner", "municipality")}

    inside, outside = (page.content.decode() for page in seen.values())
    assert "Ingen mangler et sted å bo" in inside
    assert "Dette er et forslag" in inside
    assert "Uferdig innledning" not in inside
    assert "Ingen mangler et sted å bo" not in outside
    assert "Ingen versjon er publisert ennå" in outside


def test_a_programme_that_is_over_is_described_to_everybody_as_a_proposal(world: World) -> None:
    Programme.objects.update(is_simulated=False, valid_to=TODAY)

    page = Client().get(url(world)).content.decode()

    assert "Ingen mangler et sted å bo" in page
    assert "Ingen beskrivelse av det er publisert her" in page
    # What the product brings of its own is nothing that the programme said.
    assert "fjorten dager" not in page
    assert "14 dager" not in page
    assert Client().get(url(world, which="veileder")).status_code == 404


def test_a_description_made_for_a_day_that_has_passed_tells_of_the_year_reported_on_then(
    world: World,
) -> None:
    for year, state in ((2024, "closed"), (2025, "open")):
        year_of(world.programme, year, state=state)

    def due(day: dt.date) -> str:
        chapters = chapters_now(world.programme, Audience.EXTERNAL, day)
        (year,) = (chapter for chapter in chapters if chapter.code == "year")
        return year.lines[-1].text["nb"].replace("\xa0", " ")

    assert "10. januar 2025" in due(dt.date(2025, 1, 1))
    assert "10. januar 2026" in due(dt.date(2025, 1, 11))
    assert "10. januar 2026" in due(timezone.localdate())


def test_an_exercise_says_the_day_of_a_version_and_no_round(world: World) -> None:
    Statement.objects.create(
        programme=world.programme, kind="period", code="runde-2", position=0,
        text={"nb": "runde 2"}, valid_from=dt.date(2024, 1, 1),
    )  # fmt: skip
    publish(world)

    page = get(world, "owner", url(world)).content.decode()

    assert "runde 2" not in page
    assert "2.\xa0mars 2026" in page


# What the texts disagree on


def disagree(world: World, code: str = "goals-wording") -> int:
    rows = [Disagreement(code, "Hvilken ordlyd?", "– Den ene\n\n– Den andre", "Den ene.")]
    return load_contradictions(programme=world.programme, rows=rows, actor=None, now=NOW)


def test_a_contradiction_stands_as_a_proposal_until_the_owner_has_answered(world: World) -> None:
    publish(world)
    disagree(world)
    before = get(world, "municipality", url(world)).content.decode()
    Matter.objects.update(state="answered", answer="Den andre gjelder.", answered_at=NOW)
    after = get(world, "municipality", url(world)).content.decode()

    assert "Ikke avgjort: Hvilken ordlyd? Forslag: Den ene." in " ".join(before.split())
    assert "Ikke avgjort" not in after
    assert "Den andre gjelder." in after


def test_a_contradiction_that_is_kept_back_is_read_by_the_offices_only(world: World) -> None:
    publish(world)
    disagree(world)
    Matter.objects.update(access="internal", legal_ground="offentleglova § 14")

    assert "Hvilken ordlyd?" not in get(world, "municipality", url(world)).content.decode()
    assert "Hvilken ordlyd?" in get(world, "owner", url(world)).content.decode()


def test_loading_twice_asks_once(world: World) -> None:
    assert disagree(world) == 1
    assert disagree(world) == 0
    assert Matter.objects.get().addressed_to.name == "Strategikontoret"


@pytest.mark.parametrize("slug", ["husbankens-kommuneprogram-2016-2020", "exercise"])
def test_the_questions_that_come_with_the_programmes_can_be_put(world: World, slug: str) -> None:
    Programme.objects.filter(pk=world.programme.pk).update(slug=slug)

    added = load_folder(ROOT / "programmes" / slug, actor=None, now=NOW)

    assert added == Matter.objects.count() > 2
    assert not Matter.objects.filter(proposal="").exists()
    assert load_folder(ROOT / "programmes" / slug, actor=None, now=NOW) == 0
