"""Who makes which forms: the evaluator its questionnaires, nasjonalt fagansvar the programme's templates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from django.test import Client
from django.urls import reverse

from sloyfe.audit.models import Event
from sloyfe.common.errors import NotAllowed
from sloyfe.home.queries.waiting import came_back, waiting
from sloyfe.instruments import actions, imports, permissions
from sloyfe.instruments.models import Instrument, PilotAnswer, Version
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.instruments.rules.access import GROUP_OF, RIGHTS, rights_in
from sloyfe.instruments.texts import GROUPS
from sloyfe.programme.rules import Capacity
from sloyfe.ui.refusals import sentences
from tests.cast import NOW, TODAY, World
from tests.instruments import documents
from tests.instruments.pages import Browser, in_pilot, out_for_comments, released, text_of, url

DUE = TODAY + dt.timedelta(days=14)
OTHERS = ["evaluator", "owner", "project_group", "regional_office_nord", "municipality", "partner"]


def template() -> dict[str, object]:
    """A template of the programme with the questions of the small questionnaire."""
    return documents.form() | {"code": "needs", "kind": "needs", "title": documents.text("Behov")}


@pytest.fixture
def needs(world: World, tmp_path: Path) -> Version:
    folder = documents.write_folder(tmp_path, needs=template())
    imports.load_folder(world.programme, folder, actor=None, now=NOW)
    return Version.objects.select_related("instrument__programme").get()


# The table


def test_every_kind_has_one_maker_and_every_capacity_its_place() -> None:
    assert set(GROUP_OF) == set(InstrumentKind)
    assert sum(len(rights.kinds) for rights in RIGHTS.values()) == len(InstrumentKind)
    assert set(GROUPS) == set(RIGHTS)
    for rights in RIGHTS.values():
        assert set(rights.sees) == set(Capacity)
        assert rights.sees[rights.maker] == set(VersionState)


def test_whoever_is_asked_can_see_what_they_are_asked_about() -> None:
    for rights in RIGHTS.values():
        assert rights.commenters <= rights.comment_readers
        assert rights.maker not in rights.commenters
        for capacity in rights.pilots:
            assert VersionState.PILOT in rights.sees[capacity]


def test_every_refusal_in_the_table_has_a_sentence() -> None:
    told = sentences()
    for rights in RIGHTS.values():
        assert rights.only_maker in told
        assert rights.only_commenters in told
        assert rights.only_involved in told
        assert rights.only_maker_reads in told


@pytest.mark.parametrize("kind", ["report", "needs", "plan", "agreement"])
def test_templates_are_made_by_the_national_lead(kind: str) -> None:
    assert rights_in(kind).maker is Capacity.NATIONAL_LEAD


@pytest.mark.parametrize("kind", ["questionnaire", "guide", "checklist"])
def test_what_the_evaluation_asks_with_is_made_by_the_evaluator(kind: str) -> None:
    assert rights_in(kind).maker is Capacity.EVALUATOR


# In the life of a template


def test_a_template_lives_through_the_national_lead_and_the_regional_office(
    world: World, needs: Version
) -> None:
    lead, office = world.person("national_lead"), world.person("regional_office_nord")
    version = actions.send_for_comments(version=needs, comments_by=TODAY, actor=lead, now=NOW)
    written = actions.comment(version=version, anchor="", text="Fint.", actor=office, now=NOW)
    owners = actions.comment(
        version=version, anchor="", text="Kort nok.", actor=world.person("owner"), now=NOW
    )
    for comment in (written, owners):
        actions.answer_comment(
            version=version, comment=comment, outcome="followed", answer="Ja", actor=lead, now=NOW
        )
    version = actions.start_pilot(version=version, actor=lead, now=NOW)
    actions.save_pilot_answer(
        version=version,
        answers={"inhabitants": 12},
        remark="",
        actor=world.person("municipality"),
        now=NOW,
    )
    version = actions.release(version=version, actor=lead, now=NOW)

    assert version.stands is VersionState.RELEASED
    assert PilotAnswer.objects.all().visible_to(lead, TODAY).count() == 1
    for role in OTHERS:
        assert not PilotAnswer.objects.all().visible_to(world.person(role), TODAY).exists()


@pytest.mark.parametrize("role", [*OTHERS, "stranger"])
def test_nobody_but_the_national_lead_moves_or_edits_a_template(
    world: World, needs: Version, role: str
) -> None:
    person = world.person(role)
    attempts: tuple[Callable[[], object], ...] = (
        lambda: actions.send_for_comments(version=needs, comments_by=DUE, actor=person, now=NOW),
        lambda: actions.withdraw(version=needs, actor=person, now=NOW),
        lambda: actions.start_pilot(version=needs, actor=person, now=NOW),
        lambda: actions.release(version=needs, actor=person, now=NOW),
        lambda: actions.retire(version=needs, actor=person, now=NOW),
        lambda: actions.new_version(version=needs, actor=person, now=NOW),
        lambda: actions.remove_question(
            version=needs, code="channels", based_on=needs.content_hash, actor=person, now=NOW
        ),
    )
    for attempt in attempts:
        with pytest.raises(NotAllowed, match=r"^instrument[.]only_national_lead"):
            attempt()
    with pytest.raises(NotAllowed, match=r"^instrument[.]answers_only_national_lead"):
        permissions.check_may_read_pilot_answers(person, needs, NOW)


@pytest.mark.parametrize("role", ["evaluator", "project_group", "municipality", "national_lead"])
def test_others_do_not_comment_on_a_template(world: World, needs: Version, role: str) -> None:
    version = out_for_comments(world, needs)
    with pytest.raises(NotAllowed, match=r"^instrument[.]only_offices_and_owner"):
        actions.comment(version=version, anchor="", text="x", actor=world.person(role), now=NOW)


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        ("national_lead", (True, True, True, True)),
        ("owner", (True, True, True, True)),
        ("evaluator", (True, True, True, True)),
        ("regional_office_nord", (False, True, True, True)),
        ("municipality", (False, False, True, True)),
        ("project_group", (False, False, False, True)),
        ("partner", (False, False, False, True)),
        ("auditor", (False, False, False, True)),
        ("stranger", (False, False, False, False)),
    ],
)
def test_who_sees_a_template_follows_from_where_it_stands(
    world: World, needs: Version, role: str, sees: tuple[bool, ...]
) -> None:
    def seen() -> tuple[bool, bool]:
        person = world.person(role)
        return (
            Version.objects.all().visible_to(person).exists(),
            Instrument.objects.all().visible_to(person).exists(),
        )

    assert seen() == (sees[0],) * 2
    out_for_comments(world, needs)
    assert seen() == (sees[1],) * 2
    needs.refresh_from_db()
    version = actions.start_pilot(version=needs, actor=None, now=dt.datetime.now(dt.UTC))
    assert seen() == (sees[2],) * 2
    actions.release(version=version, actor=None, now=NOW)
    assert seen() == (sees[3],) * 2


# Putting forms into the programme


def upload(world: World, document: object, role: str) -> Version:
    content = yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode()
    version, _ = imports.upload_instrument(
        programme=world.programme,
        content=content,
        source="form.yaml",
        actor=world.person(role),
        now=NOW,
    )
    return version


def test_each_uploads_forms_of_their_own_kinds(world: World, needs: Version) -> None:
    assert upload(world, template(), "national_lead") == needs
    assert upload(world, documents.form(), "evaluator").instrument.kind == "questionnaire"
    with pytest.raises(NotAllowed, match=r"^instrument[.]only_national_lead"):
        upload(world, template(), "evaluator")
    with pytest.raises(NotAllowed, match=r"^instrument[.]only_evaluator"):
        upload(world, documents.form(), "national_lead")
    with pytest.raises(NotAllowed, match=r"^instrument[.]only_makers"):
        upload(world, template(), "owner")


def test_nobody_takes_a_form_over_by_calling_it_another_kind(world: World, needs: Version) -> None:
    events = Event.objects.count()
    with pytest.raises(NotAllowed, match=r"^instrument[.]only_national_lead"):
        upload(world, template() | {"kind": "questionnaire"}, "evaluator")

    needs.instrument.refresh_from_db()
    assert needs.instrument.kind == "needs"
    assert Event.objects.count() == events


# On pages


def test_the_list_shows_questionnaires_and_templates_under_their_own_headings(
    world: World, needs: Version, client_of: Browser
) -> None:
    upload(world, documents.form(), "evaluator")
    address = reverse("instruments:list", args=["test-programme"])

    page = text_of(client_of("owner").get(address))
    first, second = page.index('id="evaluation">'), page.index('id="programme">')
    assert first < page.index("Grunntilbudet") < second < page.index("Behov")
    assert "Spørreskjemaer" in page
    assert "Maler" in page
    # A heading with nothing under it is left out.
    released(world, needs)
    page = text_of(client_of("regional_office_nord").get(address))
    assert 'id="programme">' in page
    assert 'id="evaluation">' not in page


def test_the_page_of_a_template_asks_the_regional_offices(
    world: World, needs: Version, client_of: Browser
) -> None:
    page = text_of(client_of("national_lead").get(url("version", needs)))
    assert "Be regionkontorene og eieren om kommentarer" in page
    assert "prosjektgruppen" not in page
    # The evaluator reads along, and is offered nothing to do.
    page = text_of(client_of("evaluator").get(url("version", needs)))
    assert "Endre utkastet" not in page


def test_a_regional_office_comments_and_a_municipality_tries(
    world: World, needs: Version, client_of: Browser
) -> None:
    version = in_pilot(world, needs)
    office: Client = client_of("regional_office_nord")

    assert office.get(url("comments", version)).status_code == 200
    assert office.get(url("pilot_page", version, "about")).status_code == 200
    municipality = client_of("municipality")
    page = text_of(municipality.get(url("pilot_page", version, "about")))
    assert "bare for nasjonalt fagansvar" in page
    assert municipality.get(url("comments", version)).status_code == 403
    assert client_of("evaluator").get(url("comments", version)).status_code == 200
    assert client_of("evaluator").get(url("pilot_page", version, "about")).status_code == 403
    assert client_of("project_group").get(url("version", version)).status_code == 404


# At home


def test_a_template_out_for_comments_waits_for_regional_offices_and_the_owner(
    world: World, needs: Version
) -> None:
    version = actions.send_for_comments(version=needs, comments_by=DUE, actor=None, now=NOW)
    comments = url("comments", version)

    def lines(role: str) -> list[str]:
        return [line.url for line in waiting(world.person(role), TODAY)]

    assert comments in lines("regional_office_nord")
    assert comments in lines("regional_office_sor")
    assert comments in lines("owner")
    assert comments not in lines("project_group")
    assert comments not in lines("national_lead")
    actions.comment(
        version=version,
        anchor="",
        text="Fint.",
        actor=world.person("regional_office_nord"),
        now=NOW,
    )
    assert comments in lines("national_lead")
    assert comments not in lines("evaluator")


def test_a_released_template_comes_back_to_the_regional_offices(
    world: World, needs: Version
) -> None:
    actions.release_for_content(version=needs, actor=None, now=NOW)

    def news(role: str) -> list[str]:
        return [line.text for line in came_back(world.person(role), TODAY)]

    assert any("Behov" in line for line in news("regional_office_nord"))
    assert not news("partner")
