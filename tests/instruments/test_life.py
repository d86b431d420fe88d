"""A version from its file to its retirement, with the people who take part."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from django.db import connection, transaction
from django.db.utils import DatabaseError, InternalError

from sloyfe.audit.models import Event
from sloyfe.comments.actions import write_comment
from sloyfe.comments.models import Comment
from sloyfe.common.errors import ChangedMeanwhile, InputProblem, NotAllowed, NotPossible, Refused
from sloyfe.instruments import actions, imports, permissions
from sloyfe.instruments.models import Item, ItemUse, ItemVariant, PilotAnswer, Version
from sloyfe.instruments.queries import comments_on, shared_items
from sloyfe.instruments.rules import VersionState
from tests.cast import NOW, TODAY, World
from tests.instruments import documents
from tests.instruments.documents import write_folder

LATER = NOW + dt.timedelta(days=14)
DUE = TODAY + dt.timedelta(days=14)


def send(world: World, version: Version) -> Version:
    return actions.send_for_comments(
        version=version, comments_by=DUE, actor=world.person("evaluator"), now=NOW
    )


def refused(code: str, kind: type[Refused] = Refused) -> pytest.RaisesExc[Refused]:
    return pytest.raises(kind, match=f"^{code.replace('.', '[.]')}")


def test_a_folder_becomes_drafts_with_their_items(world: World, folder: Path) -> None:
    loaded = imports.load_folder(world.programme, folder, actor=None, now=NOW)

    (version,) = loaded.changed
    assert version.stands is VersionState.DRAFT
    assert version.number == 1
    uses = {use.item.code: use.variant and use.variant.code for use in version.item_uses.all()}
    assert uses == {
        "inhabitants": None,
        "needs_changes": None,
        "contact_title": None,
        "offer_known": None,
        "offer_used": "town",
        "what_changes": None,
        "channels": None,
        "agreed_on": None,
    }


def test_loading_the_same_folder_again_writes_nothing(world: World, folder: Path) -> None:
    imports.load_folder(world.programme, folder, actor=None, now=NOW)
    events = Event.objects.count()

    again = imports.load_folder(world.programme, folder, actor=None, now=NOW)

    assert again.changed == ()
    assert again.bank_changes == 0
    assert Event.objects.count() == events


def test_changed_content_replaces_the_open_draft(
    world: World, draft: Version, folder: Path
) -> None:
    form = documents.form()
    del form["pages"][1]["questions"][4]

    imports.load_folder(world.programme, write_folder(folder, basic=form), actor=None, now=NOW)

    version = Version.objects.get()
    assert version.pk == draft.pk
    assert version.content_hash != draft.content_hash


def test_changed_content_is_refused_while_the_form_is_out_for_comments(
    world: World, draft: Version, folder: Path
) -> None:
    send(world, draft)
    form = documents.form()
    del form["pages"][1]["questions"][4]

    with refused("instrument.out_for_comments", NotPossible):
        imports.load_folder(world.programme, write_folder(folder, basic=form), actor=None, now=NOW)


def test_a_folder_with_mistakes_leaves_nothing_behind(world: World, folder: Path) -> None:
    bad = documents.form()
    bad["code"] = "towns"
    bad["pages"][0]["questions"][0]["item"] = "nobody_knows"
    write_folder(folder, basic=documents.form(), towns=bad)

    with pytest.raises(InputProblem) as raised:
        imports.load_folder(world.programme, folder, actor=None, now=NOW)

    (problem,) = raised.value.problems
    assert problem.source == "instruments/towns.yaml"
    assert problem.column == "pages[1].questions[1].item"
    lines = (folder / "instruments" / "towns.yaml").read_text().splitlines()
    assert problem.row is not None
    assert "nobody_knows" in lines[problem.row - 1]
    assert not Item.objects.exists()
    assert not Version.objects.exists()


def test_content_walks_its_whole_life_with_an_event_for_each_step(
    world: World, folder: Path
) -> None:
    imports.load_folder(world.programme, folder, actor=None, now=NOW, release=True)

    assert Version.objects.get().stands is VersionState.RELEASED
    assert list(
        Event.objects.filter(about_kind="instruments.version")
        .order_by("id")
        .values_list("action", flat=True)
        .distinct()
        .order_by("action")
    ) == [
        "instruments.version.load",
        "instruments.version.release",
        "instruments.version.send_for_comments",
        "instruments.version.start_pilot",
    ]
    again = imports.load_folder(world.programme, folder, actor=None, now=LATER, release=True)
    assert again.changed == ()


def test_a_version_walks_from_draft_to_retired(world: World, draft: Version) -> None:
    evaluator = world.person("evaluator")
    version = send(world, draft)
    note = actions.comment(
        version=version,
        anchor="usefulness",
        text="Spør heller om det siste året.",
        actor=world.person("project_group"),
        now=NOW,
    )
    version = actions.start_pilot(version=version, actor=evaluator, now=LATER)

    with refused("instrument.comments_unanswered", NotPossible):
        actions.release(version=version, actor=evaluator, now=LATER)
    actions.answer_comment(
        version=version,
        comment=note,
        outcome="followed",
        answer="Ingressen sier det nå.",
        actor=evaluator,
        now=LATER,
    )
    version = actions.release(version=version, actor=evaluator, now=LATER)

    assert version.stands is VersionState.RELEASED
    second = actions.new_version(version=version, actor=evaluator, now=LATER)
    assert (second.number, second.content_hash) == (2, version.content_hash)
    for step in (
        lambda: send(world, second),
        lambda: actions.start_pilot(version=second, actor=evaluator, now=LATER),
        lambda: actions.release(version=second, actor=evaluator, now=LATER),
    ):
        step()
    version.refresh_from_db()
    second.refresh_from_db()
    assert version.stands is VersionState.RETIRED
    assert second.stands is VersionState.RELEASED
    assert actions.retire(version=second, actor=evaluator, now=LATER).retired_at == LATER


@pytest.mark.parametrize(
    "change",
    [
        "definition = '{}'",
        "content_hash = 'x'",
        "number = 9",
        "state = 'draft'",
        "state = 'pilot'",
    ],
)
def test_the_database_refuses_to_change_a_released_version(
    world: World, folder: Path, change: str
) -> None:
    imports.load_folder(world.programme, folder, actor=None, now=NOW, release=True)

    with (
        pytest.raises((InternalError, DatabaseError), match="Cannot update rows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE instruments_version SET {change}")
    with (
        pytest.raises((InternalError, DatabaseError), match="Cannot delete rows"),
        transaction.atomic(),
    ):
        Version.objects.get().delete()


def test_a_released_version_keeps_its_wording_when_the_bank_changes(
    world: World, folder: Path
) -> None:
    imports.load_folder(world.programme, folder, actor=None, now=NOW, release=True)
    bank = documents.bank()
    bank["items"][0]["text"] = documents.text("Trengs det noe nytt?")
    (folder / "bank.yaml").write_text(yaml.safe_dump(bank, allow_unicode=True))

    imports.load_folder(world.programme, folder, actor=None, now=LATER)

    first, second = Version.objects.order_by("number")
    assert first.definition["pages"][0]["questions"][1]["text"]["nb"] == "Trengs det endringer?"
    assert second.definition["pages"][0]["questions"][1]["text"]["nb"] == "Trengs det noe nytt?"
    assert second.stands is VersionState.DRAFT


# Who may


@pytest.mark.parametrize(
    "role",
    ["owner", "national_lead", "project_group", "regional_office_nord", "municipality", "stranger"],
)
def test_only_the_evaluator_moves_and_edits(world: World, draft: Version, role: str) -> None:
    person = world.person(role)
    question = draft.definition["pages"][0]["questions"][0]["code"]
    attempts = (
        lambda: actions.send_for_comments(version=draft, comments_by=DUE, actor=person, now=NOW),
        lambda: actions.withdraw(version=draft, actor=person, now=NOW),
        lambda: actions.start_pilot(version=draft, actor=person, now=NOW),
        lambda: actions.release(version=draft, actor=person, now=NOW),
        lambda: actions.retire(version=draft, actor=person, now=NOW),
        lambda: actions.new_version(version=draft, actor=person, now=NOW),
        lambda: actions.remove_question(
            version=draft, code=question, based_on=draft.content_hash, actor=person, now=NOW
        ),
        lambda: imports.upload_instrument(
            programme=world.programme, content=b"", source="x.yaml", actor=person, now=NOW
        ),
    )

    for attempt in attempts[:-1]:
        with refused("instrument.only_evaluator", NotAllowed):
            attempt()
    if role == "national_lead":  # who uploads templates; see test_makers
        with pytest.raises(InputProblem):
            attempts[-1]()
    else:
        with refused("instrument.only_makers", NotAllowed):
            attempts[-1]()

    draft.refresh_from_db()
    assert draft.stands is VersionState.DRAFT


@pytest.mark.parametrize(
    ("role", "draft_too", "commenting", "released"),
    [
        ("evaluator", True, True, True),
        ("owner", True, True, True),
        ("national_lead", True, True, True),
        ("project_group", False, True, True),
        ("regional_office_nord", False, False, True),
        ("municipality", False, False, True),
        ("partner", False, False, True),
        ("auditor", False, False, True),
        ("stranger", False, False, False),
    ],
)
def test_who_sees_a_version_follows_from_where_it_stands(
    world: World, draft: Version, role: str, draft_too: bool, commenting: bool, released: bool
) -> None:
    def seen() -> bool:
        return Version.objects.all().visible_to(world.person(role), TODAY).exists()

    assert seen() is draft_too
    version = send(world, draft)
    assert seen() is commenting
    evaluator = world.person("evaluator")
    actions.release_for_content(version=version, actor=evaluator, now=LATER)
    assert seen() is released


def test_the_project_group_comments_only_while_it_is_asked(world: World, draft: Version) -> None:
    group = world.person("project_group")

    def comment(version: Version, now: dt.datetime) -> Comment:
        return actions.comment(version=version, anchor="", text="Fint.", actor=group, now=now)

    with refused("instrument.not_open_for_comments", NotPossible):
        comment(draft, NOW)
    version = send(world, draft)
    last_minute = dt.datetime.combine(DUE, dt.time(22, 30), tzinfo=dt.UTC)
    assert comment(version, last_minute).anchor == ""
    with refused("instrument.comments_closed", NotPossible):
        comment(version, last_minute + dt.timedelta(hours=1))
    with refused("instrument.unknown_anchor", NotPossible):
        actions.comment(version=version, anchor="gone", text="x", actor=group, now=NOW)
    with refused("instrument.only_project_group", NotAllowed):
        actions.comment(version=version, anchor="", text="x", actor=world.person("owner"), now=NOW)


def test_nobody_answers_their_own_comment(world: World, draft: Version) -> None:
    evaluator = world.person("evaluator")
    version = send(world, draft)
    own = write_comment(about=version, anchor="", text="Husk dette.", actor=evaluator, now=NOW)

    with refused("instrument.own_comment", NotAllowed):
        actions.answer_comment(
            version=version, comment=own, outcome="followed", answer="Ja", actor=evaluator, now=NOW
        )


def test_the_project_group_never_sees_pilot_answers(world: World, draft: Version) -> None:
    version = send(world, draft)
    version = actions.start_pilot(version=version, actor=world.person("evaluator"), now=LATER)
    actions.save_pilot_answer(
        version=version,
        answers={"inhabitants": 12},
        remark="",
        actor=world.person("project_group"),
        now=LATER,
    )

    assert not PilotAnswer.objects.all().visible_to(world.person("project_group"), TODAY).exists()
    assert PilotAnswer.objects.all().visible_to(world.person("evaluator"), TODAY).exists()
    with refused("instrument.answers_only_evaluator", NotAllowed):
        permissions.check_may_read_pilot_answers(world.person("project_group"), version, LATER)


def test_the_pilot_waits_for_the_day_that_was_promised(world: World, draft: Version) -> None:
    version = send(world, draft)

    with refused("instrument.comment_period_open", NotPossible):
        actions.start_pilot(version=version, actor=world.person("evaluator"), now=NOW)
    with refused("instrument.no_such_move", NotPossible):
        actions.release(version=version, actor=world.person("evaluator"), now=LATER)


def test_comments_cannot_be_asked_for_yesterday(world: World, draft: Version) -> None:
    with refused("instrument.date_passed", NotPossible):
        actions.send_for_comments(
            version=draft,
            comments_by=TODAY - dt.timedelta(days=1),
            actor=world.person("evaluator"),
            now=NOW,
        )


# Editing


def test_new_wording_in_a_draft_becomes_a_variant_and_leaves_the_item(
    world: World, draft: Version
) -> None:
    evaluator = world.person("evaluator")
    wording = documents.text("Trengs det store endringer?")

    version = actions.change_question(
        version=draft,
        code="needs_changes",
        changes={"text": wording},
        based_on=draft.content_hash,
        actor=evaluator,
        now=NOW,
    )

    use = ItemUse.objects.get(version=version, item__code="needs_changes")
    assert use.variant is not None
    assert use.variant.text == wording
    assert Item.objects.get(code="needs_changes").text["nb"] == "Trengs det endringer?"
    version = actions.change_question(
        version=version,
        code="needs_changes",
        changes={"text": documents.text("Trengs det endringer?")},
        based_on=version.content_hash,
        actor=evaluator,
        now=NOW,
    )
    assert not ItemVariant.objects.filter(code="basic_offer_1").exists()


def test_two_editors_do_not_overwrite_each_other(world: World, draft: Version) -> None:
    evaluator = world.person("evaluator")
    actions.move_question(
        version=draft,
        code="inhabitants",
        by=1,
        based_on=draft.content_hash,
        actor=evaluator,
        now=NOW,
    )

    with refused("instrument.changed_meanwhile", ChangedMeanwhile):
        actions.remove_question(
            version=draft,
            code="inhabitants",
            based_on=draft.content_hash,
            actor=evaluator,
            now=NOW,
        )


def test_a_question_that_others_depend_on_cannot_be_removed(world: World, draft: Version) -> None:
    with pytest.raises(InputProblem) as raised:
        actions.remove_question(
            version=draft,
            code="needs_changes",
            based_on=draft.content_hash,
            actor=world.person("evaluator"),
            now=NOW,
        )

    assert [problem.code for problem in raised.value.problems] == ["routing_unknown"]


def test_an_item_tells_which_forms_share_it(world: World, folder: Path) -> None:
    other = documents.form()
    other["code"] = "towns"
    other["title"] = documents.text("Byene")
    other["pages"][1]["questions"][0]["rows"] = ["offer_known", "offer_used"]
    write_folder(folder, basic=documents.form(), towns=other)
    imports.load_folder(world.programme, folder, actor=None, now=NOW)

    shared = shared_items(Version.objects.get(instrument__code="basic-offer"))

    assert [(s.title["nb"], s.same) for s in shared["offer_known"]] == [("Byene", True)]
    assert [(s.title["nb"], s.same) for s in shared["offer_used"]] == [("Byene", False)]


def test_comments_stay_with_the_version(world: World, draft: Version) -> None:
    version = send(world, draft)
    actions.comment(
        version=version, anchor="", text="Fint.", actor=world.person("project_group"), now=NOW
    )

    back = actions.withdraw(version=version, actor=world.person("evaluator"), now=NOW)

    assert [c.text for c in comments_on(back)] == ["Fint."]
    assert not Version.objects.all().visible_to(world.person("project_group"), TODAY).exists()
