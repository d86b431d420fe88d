"""Why a question is asked, and that a report does not grow."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.common.errors import NotPossible
from sloyfe.instruments import actions, exports, imports, texts
from sloyfe.instruments.imports import KINDS
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import VersionState, editing
from sloyfe.instruments.rules.answers import read_form
from sloyfe.instruments.rules.bank import read_bank
from sloyfe.instruments.rules.changes import ChangeKind, compare
from sloyfe.instruments.rules.codebook import as_data, codebook
from sloyfe.instruments.rules.definitions import (
    ResolvedInstrument,
    content_hash,
    questions_of,
    read_instrument,
)
from sloyfe.instruments.rules.documents import Mistake
from sloyfe.instruments.rules.pages import from_answers, page_view
from sloyfe.instruments.rules.purposes import PURPOSE_KEYS, Prefill
from sloyfe.instruments.rules.replacing import fields_of, growth
from tests.cast import NOW, TODAY, World
from tests.instruments import documents
from tests.instruments.documents import text, write_folder
from tests.instruments.pages import Browser, maker, text_of, url

# What the small questionnaire resolved to before questions could say why they are asked.
HASH_BEFORE = "9646548601e2569041c0b37295827bb19268980b6525d5c6c7d7b38959a0f936"


def resolve(document: object) -> tuple[ResolvedInstrument | None, list[Mistake]]:
    bank, _ = read_bank(documents.bank())
    return read_instrument(document, bank, KINDS)


def report() -> dict[str, Any]:
    """The small form as a report: every question that takes an answer says why and for whom."""
    form = documents.form()
    form["kind"] = "report"
    for page in form["pages"]:
        for question in page["questions"]:
            if question["kind"] != "information":
                question["why"] = text("Vi vil vite det.")
                question["used_by"] = text("Regionkontoret bruker svaret.")
                question["prefill"] = "last_report"
    return form


def definition(document: object) -> dict[str, Any]:
    found, mistakes = resolve(document)
    assert mistakes == []
    assert found is not None
    return found.definition


# What a file may say


def test_a_form_that_says_nothing_of_purposes_keeps_its_content_hash() -> None:
    found = definition(documents.form())

    assert content_hash(found) == HASH_BEFORE
    assert not any(set(PURPOSE_KEYS) & set(question) for _, question in questions_of(found))


def test_a_report_says_of_every_field_why_and_for_whom() -> None:
    found = definition(report())

    for _, question in questions_of(found):
        if question["kind"] != "information":
            assert question["why"]["nb"] == "Vi vil vite det."
            assert question["used_by"]["nb"] == "Regionkontoret bruker svaret."
            assert question["prefill"] == Prefill.LAST_REPORT


@pytest.mark.parametrize("key", ["why", "used_by"])
def test_a_report_with_a_field_without_a_reason_is_refused_with_its_place(key: str) -> None:
    form = report()
    del form["pages"][1]["questions"][0][key]

    found, mistakes = resolve(form)

    assert found is None
    (mistake,) = mistakes
    assert mistake.code == f"missing_{key}"
    assert mistake.path == ("pages", 1, "questions", 0)
    assert key in texts.sentence_for(mistake)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("prefill", "guesswork", "unknown_prefill"),
        ("prefill", ["plan"], "unknown_prefill"),
        ("replaces", "Æ", "bad_code"),
        ("why", "fordi", "not_a_text"),
        ("used_by", {"nb": "Noen"}, "missing_wording"),
        ("why", text("x" * 601), "text_too_long"),
    ],
)
def test_bad_words_about_a_purpose_are_told(key: str, value: object, code: str) -> None:
    form = report()
    form["pages"][0]["questions"][0][key] = value

    _, mistakes = resolve(form)

    assert code in {mistake.code for mistake in mistakes}
    assert all(texts.sentence_for(mistake) for mistake in mistakes)


def test_information_has_no_purpose_and_a_battery_replaces_by_its_rows() -> None:
    form = documents.form()
    form["pages"][1]["questions"][4]["why"] = text("Hvorfor")
    form["pages"][1]["questions"][0]["replaces"] = "offer_known"

    _, mistakes = resolve(form)

    assert [mistake.code for mistake in mistakes] == ["unknown_key", "unknown_key"]
    form = documents.form()
    form["pages"][1]["questions"][0]["rows"][0] = {"item": "offer_known", "replaces": "old_row"}
    assert [field.replaces for field in fields_of(definition(form))].count("old_row") == 1


# A new field replaces an old one


def asking(fields: list[tuple[str, str | None]]) -> dict[str, Any]:
    """A definition with one number for each field, and a battery of those whose code begins with r."""

    def said(replaces: str | None) -> dict[str, str]:
        return {"replaces": replaces} if replaces else {}

    numbers = [
        {"code": code, "kind": "number", "text": {"nb": code}, "rows": [], **said(replaces)}
        for code, replaces in fields
        if not code.startswith("r")
    ]
    rows = [
        {"code": code, "text": {"nb": code}, **said(replaces)}
        for code, replaces in fields
        if code.startswith("r")
    ]
    battery = {"code": "battery", "kind": "battery", "text": {"nb": "?"}, "rows": rows}
    return {"pages": [{"code": "one", "questions": [*numbers, battery]}]}


codes = st.sampled_from([f"{letter}{number}" for letter in "qr" for number in range(5)])
versions = st.lists(st.tuples(codes, st.none() | codes), max_size=8, unique_by=lambda x: x[0])


@given(before=versions, after=versions)
def test_a_report_may_follow_another_only_where_each_new_field_has_a_place_of_its_own(
    before: list[tuple[str, str | None]], after: list[tuple[str, str | None]]
) -> None:
    found = growth(asking(before), asking(after))

    old, now = {code for code, _ in before}, {code for code, _ in after}
    new = {code: replaces for code, replaces in after if code not in old}
    named = list(new.values())
    right = len(set(named)) == len(named) and set(named) <= old - now
    assert found.is_allowed == right
    assert (found.before, found.after) == (len(old), len(now))
    assert {field.code for field in found.unplaced} <= set(new)
    if found.is_allowed:
        assert found.after <= found.before


@given(before=versions, after=versions)
def test_fields_that_are_told_of_are_those_whose_removal_makes_the_report_fit(
    before: list[tuple[str, str | None]], after: list[tuple[str, str | None]]
) -> None:
    unplaced = {field.code for field in growth(asking(before), asking(after)).unplaced}

    kept = [(code, replaces) for code, replaces in after if code not in unplaced]
    assert growth(asking(before), asking(kept)).is_allowed


@given(version=versions)
def test_a_report_may_always_follow_itself(version: list[tuple[str, str | None]]) -> None:
    assert growth(asking(version), asking(version)).is_allowed


# What is told of it


def test_what_replaces_and_other_reasons_are_told_as_changes() -> None:
    before = definition(report())
    form = report()
    form["pages"][0]["questions"][0]["why"] = text("Av en annen grunn.")
    form["pages"][0]["questions"][2] = {
        **form["pages"][0]["questions"][2],
        "item": "nowhere_else",
        "replaces": "contact_title",
    }
    bank_document = documents.bank()
    bank_document["items"].append({"code": "nowhere_else", "text": text("Noe nytt?")})
    bank, _ = read_bank(bank_document)
    found, mistakes = read_instrument(form, bank, KINDS)
    assert (mistakes, found is None) == ([], False)
    assert found is not None

    told = {change.code: change for change in compare(before, found.definition)}

    assert told["inhabitants"].kind is ChangeKind.OTHER_REASON
    assert told["nowhere_else"].kind is ChangeKind.REPLACED
    assert told["nowhere_else"].before["nb"] == "Stillingen din"
    assert "contact_title" not in told


def test_the_codebook_tells_the_purpose_and_says_nothing_where_nothing_is_said() -> None:
    told = as_data(codebook(definition(report())))
    silent = as_data(codebook(definition(documents.form())))

    assert all(entry["why"]["nb"] == "Vi vil vite det." for entry in told)
    assert not any(set(PURPOSE_KEYS) & set(entry) for entry in silent)


def test_a_page_shows_why_and_where_a_value_comes_from() -> None:
    form = read_form(definition(report()))
    dynamic = from_answers(
        {"inhabitants": 12},
        organisation="Nes",
        asked={"inhabitants", "needs_changes", "contact_title"},
        sources={"inhabitants": "Fra rapporten for i fjor"},
    )

    view = page_view(form.pages[0], "nb", dynamic)
    html = render_to_string("instruments/fields.html", {"page": view})

    assert view.questions[0].source == "Fra rapporten for i fjor"
    assert view.questions[0].why == "Vi vil vite det."
    assert html.count("<details") == 3
    assert 'id="s-inhabitants"' in html
    assert "s-inhabitants" in html.split('name="inhabitants"')[1].split(">")[0]


def test_a_page_of_a_form_without_reasons_shows_none() -> None:
    form = read_form(definition(documents.form()))
    view = page_view(form.pages[0], "nb", from_answers({}, organisation="Nes", asked=set()))

    assert "<details" not in render_to_string("instruments/fields.html", {"page": view})


def test_nothing_said_by_form_is_the_same_as_no_key() -> None:
    before = definition(documents.form())

    changed = editing.change_question(
        before, "inhabitants", {"why": None, "used_by": None, "prefill": None, "replaces": None}
    )

    assert content_hash(changed) == content_hash(before)


# In the life of a report


@pytest.fixture
def in_use(world: World, tmp_path: Path) -> Version:
    """A report that has been released."""
    folder = write_folder(tmp_path, basic=report())
    imports.load_folder(world.programme, folder, actor=None, now=NOW, release=True)
    return Version.objects.select_related("instrument__programme").get()


def next_draft(world: World, version: Version) -> Version:
    return actions.new_version(version=version, actor=maker(world, version), now=NOW)


def replace_field(world: World, draft: Version, replaces: str | None) -> Version:
    """Take the field contact_title out and put a new one in."""
    actor = maker(world, draft)
    draft = actions.remove_question(
        version=draft, code="contact_title", based_on=draft.content_hash, actor=actor, now=NOW
    )
    question = editing.find_question(draft.definition, "inhabitants") | {"code": "brand_new"}
    question["text"] = text("Hva er helt nytt?")
    return actions.add_question(
        version=draft,
        page="about",
        question=question | ({"replaces": replaces} if replaces else {}),
        based_on=draft.content_hash,
        actor=actor,
        now=NOW,
    )


def send(world: World, draft: Version) -> Version:
    return actions.send_for_comments(
        version=draft, comments_by=TODAY, actor=maker(world, draft), now=NOW
    )


@pytest.mark.django_db
def test_a_report_whose_new_field_replaces_none_is_not_sent_for_comments(
    world: World, in_use: Version, client_of: Browser
) -> None:
    draft = replace_field(world, next_draft(world, in_use), None)

    with pytest.raises(NotPossible) as refused:
        send(world, draft)

    assert refused.value.code == "instrument.new_field_replaces_none"
    assert "brand_new" in str(refused.value.details["fields"])
    page = text_of(client_of("national_lead").get(url("version", draft)))
    assert "Hva er helt nytt?” (brand_new)" in page or "Hva er helt nytt?» (brand_new)" in page
    assert "disabled>" in page.split('id="send"')[1].split("(brand_new)")[0]
    assert 'name="comments_by"' not in page
    sent = client_of("national_lead").post(
        url("send_for_comments", draft), {"comments_by": "2099-01-01"}
    )
    assert sent.status_code == 409
    assert Version.objects.get(pk=draft.pk).stands is VersionState.DRAFT


@pytest.mark.django_db
def test_a_report_whose_new_field_replaces_an_old_one_lives_on(
    world: World, in_use: Version
) -> None:
    draft = replace_field(world, next_draft(world, in_use), "contact_title")

    actions.release_for_content(version=draft, actor=None, now=NOW)

    assert Version.objects.get(pk=draft.pk).stands is VersionState.RELEASED


@pytest.mark.django_db
def test_a_report_that_grew_while_it_was_out_is_not_released(world: World, in_use: Version) -> None:
    actor = world.person("national_lead")
    draft = send(world, next_draft(world, in_use))
    draft = actions.start_pilot(version=draft, actor=actor, now=NOW + dt.timedelta(1))
    grown = editing.add_question(
        draft.definition,
        "about",
        editing.find_question(draft.definition, "inhabitants") | {"code": "brand_new"},
    )
    Version.objects.filter(pk=draft.pk).update(definition=grown)

    with pytest.raises(NotPossible, match=r"^instrument[.]new_field_replaces_none"):
        actions.release(version=draft, actor=actor, now=NOW)


@pytest.mark.django_db
def test_the_first_report_and_every_questionnaire_may_have_what_fields_they_like(
    world: World, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path)
    imports.load_folder(world.programme, folder, actor=None, now=NOW, release=True)
    draft = next_draft(world, Version.objects.select_related("instrument__programme").get())

    sent = send(world, replace_field(world, draft, None))

    assert sent.stands is VersionState.COMMENTING


@pytest.mark.django_db
def test_a_field_of_a_report_is_mended_and_added_by_form_with_its_reason(
    world: World, in_use: Version, client_of: Browser
) -> None:
    draft = next_draft(world, in_use)
    client = client_of("national_lead")
    fields = {"kind": "number", "code": "brand_new", "text_nb": "Nytt", "text_nn": "Nytt"}
    reasons = {
        f"{name}_{language}": "Fordi."
        for name in ("why", "used_by")
        for language in ("nb", "nn", "en")
    }

    bare = client.post(
        url("add_question", draft, "about"), fields | {"based_on": draft.content_hash}
    )
    assert bare.status_code == 422
    assert "why" in text_of(bare)
    added = client.post(
        url("add_question", draft, "about"),
        fields
        | reasons
        | {"based_on": draft.content_hash, "replaces": "contact_title", "prefill": "plan"},
    )
    assert added.status_code == 302
    draft.refresh_from_db()
    question = editing.find_question(draft.definition, "brand_new")
    assert (question["replaces"], question["prefill"]) == ("contact_title", "plan")
    assert question["why"]["nb"] == "Fordi."
    form = text_of(client.get(url("edit_question", draft, "brand_new")))
    assert 'name="replaces"' in form
    assert 'value="contact_title"' in form
    bad = client.post(
        url("edit_question", draft, "brand_new"),
        reasons
        | {
            "text_nb": "Nytt",
            "text_nn": "Nytt",
            "decimals": "0",
            "replaces": "Å!",
            "based_on": draft.content_hash,
        },
    )
    assert bad.status_code == 422


@pytest.mark.django_db
def test_reasons_stand_on_the_page_of_the_form_in_preview_and_in_files(
    world: World, in_use: Version, client_of: Browser
) -> None:
    client = client_of("national_lead")

    page = text_of(client.get(url("version", in_use)))
    preview = text_of(client.get(url("preview_page", in_use, "about")))
    lines = exports.codebook_csv(in_use).decode("utf-8-sig").splitlines()
    survey = openpyxl.load_workbook(io.BytesIO(exports.xlsform(in_use)))["survey"]

    assert "Vi vil vite det." in page
    assert "Vi vil vite det." in preview
    assert "<details" in preview
    assert lines[0].endswith("used_by_en;prefill;replaces")
    head = [cell.value for cell in survey[1]]
    guidance = head.index("guidance_hint::Bokmål (nb)")
    told = {row[1].value: row[guidance].value for row in survey.iter_rows()}
    assert told["inhabitants"] == "Vi vil vite det."


@pytest.mark.django_db
def test_a_form_without_reasons_goes_out_as_xlsform_as_before(world: World, tmp_path: Path) -> None:
    imports.load_folder(world.programme, write_folder(tmp_path), actor=None, now=NOW)
    survey = openpyxl.load_workbook(io.BytesIO(exports.xlsform(Version.objects.get())))["survey"]

    assert [cell.value for cell in survey[1]][-1] == "appearance"
    assert survey.max_column == 2 + 2 * 3 + 4
