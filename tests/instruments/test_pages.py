"""The pages of the forms, as each role meets them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sloyfe.comments.models import Comment
from sloyfe.instruments import imports
from sloyfe.instruments.models import Instrument, Item, Version
from sloyfe.instruments.rules import VersionState
from sloyfe.instruments.rules.editing import find_question
from tests.cast import World
from tests.instruments import documents
from tests.instruments.pages import (
    Browser,
    out_for_comments,
    released,
    text_of,
    today,
    url,
)


def test_the_list_shows_each_form_with_where_it_stands(
    world: World, draft: Version, client_of: Browser
) -> None:
    page = client_of("evaluator").get(reverse("instruments:list", args=["test-programme"]))

    assert page.status_code == 200
    assert "Grunntilbudet" in text_of(page)


def test_an_empty_programme_tells_what_will_stand_there(world: World, client_of: Browser) -> None:
    page = client_of("evaluator").get(reverse("instruments:list", args=["test-programme"]))

    assert page.status_code == 200
    assert reverse("instruments:upload", args=["test-programme"]) in text_of(page)


@pytest.mark.parametrize(
    ("role", "draft_status", "released_status"),
    [
        ("evaluator", 200, 200),
        ("owner", 200, 200),
        ("national_lead", 200, 200),
        ("project_group", 404, 200),
        ("regional_office_nord", 404, 200),
        ("municipality", 404, 200),
        ("auditor", 404, 200),
        ("stranger", 404, 404),
    ],
)
def test_strangers_find_no_draft(
    world: World,
    draft: Version,
    client_of: Browser,
    role: str,
    draft_status: int,
    released_status: int,
) -> None:
    client = client_of(role)
    names = ("version", "preview")

    for name in names:
        answer = client.get(url(name, draft), follow=True)
        assert answer.status_code == draft_status
    released(world, draft)
    for name in names:
        assert client.get(url(name, draft), follow=True).status_code == released_status


def test_nobody_signed_in_finds_nothing(world: World, draft: Version) -> None:
    for address in (
        url("version", draft),
        reverse("instruments:list", args=["test-programme"]),
        reverse("instruments:programmes"),
    ):
        assert Client().get(address).status_code == 404


def test_the_page_shows_the_wording_in_the_language_that_is_asked_for(
    world: World, draft: Version, client_of: Browser
) -> None:
    client = client_of("evaluator")

    assert "Hvor enig er du?" in text_of(client.get(url("version", draft), {"ordlyd": "nb"}))
    nynorsk = text_of(client.get(url("version", draft), {"ordlyd": "nn"}))
    assert "Hvor enig er du? (nn)" in nynorsk
    assert "Usamd" in nynorsk


def test_the_number_of_statements_does_not_grow_with_the_form(
    world: World,
    draft: Version,
    client_of: Browser,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    client = client_of("evaluator")
    client.get(url("version", draft))

    with django_assert_max_num_queries(15):  # type: ignore[attr-defined]
        client.get(url("version", draft))


def test_a_version_walks_through_its_life_by_buttons(
    world: World, draft: Version, client_of: Browser
) -> None:
    evaluator, group = client_of("evaluator"), client_of("project_group")

    sent = evaluator.post(url("send_for_comments", draft), {"comments_by": today().isoformat()})
    assert sent.status_code == 302
    written = group.post(
        url("comments", draft), {"anchor": "usefulness", "text": "<script>alert(1)</script> Fint."}
    )
    assert written.status_code == 302
    comment = Comment.objects.get()
    assert evaluator.post(url("start_pilot", draft)).status_code == 302
    blocked = evaluator.get(url("release", draft))
    assert blocked.status_code == 409
    shown = evaluator.get(url("comments", draft)).content.decode()
    assert "<script>alert(1)" not in shown
    assert "&lt;script&gt;" in shown
    empty = evaluator.post(url("answer_comment", draft, comment.pk), {"outcome": "followed"})
    assert empty.status_code == 422
    answered = evaluator.post(
        url("answer_comment", draft, comment.pk), {"outcome": "followed", "answer": "Gjort."}
    )
    assert answered.status_code == 302
    assert evaluator.get(url("release", draft)).status_code == 200
    assert Version.objects.get().stands is VersionState.PILOT
    assert evaluator.post(url("release", draft)).status_code == 302
    assert "Gjort." in text_of(group.get(url("comments", draft)))
    assert evaluator.post(url("new_version", draft)).status_code == 302
    second = Version.objects.get(number=2)
    assert evaluator.get(url("changes", second)).status_code == 200
    assert evaluator.post(url("retire", draft)).status_code == 302
    draft.refresh_from_db()
    assert draft.stands is VersionState.RETIRED


@pytest.mark.parametrize(
    "name", ["send_for_comments", "withdraw", "start_pilot", "release", "retire", "new_version"]
)
def test_the_project_group_moves_nothing(
    world: World, draft: Version, client_of: Browser, name: str
) -> None:
    version = out_for_comments(world, draft)

    answer = client_of("project_group").post(
        url(name, version), {"comments_by": today().isoformat()}
    )

    assert answer.status_code == 403
    assert "evaluator" in text_of(answer).lower()


@pytest.mark.parametrize("role", ["evaluator", "owner"])
def test_only_the_project_group_comments(
    world: World, draft: Version, client_of: Browser, role: str
) -> None:
    version = out_for_comments(world, draft)

    answer = client_of(role).post(url("comments", version), {"anchor": "", "text": "Hei"})

    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_a_municipality_never_reads_the_comments(
    world: World, draft: Version, client_of: Browser
) -> None:
    version = released(world, draft)

    assert client_of("municipality").get(url("comments", version)).status_code == 403
    assert url("comments", version) not in text_of(
        client_of("municipality").get(url("version", version))
    )


def test_a_get_changes_nothing(world: World, draft: Version, client_of: Browser) -> None:
    client = client_of("evaluator")

    for name in ("send_for_comments", "withdraw", "start_pilot", "new_version"):
        assert client.get(url(name, draft)).status_code == 405
    assert client.get(url("move_up", draft, "needs_changes")).status_code == 405


# Editing


def question_post(draft: Version, code: str, **changes: object) -> dict[str, object]:
    question = find_question(draft.definition, code)
    posted: dict[str, object] = {"based_on": draft.content_hash}
    for language, wording in question["text"].items():
        posted[f"text_{language}"] = wording
    for row in question["rows"]:
        for language, wording in row["text"].items():
            posted[f"row_{row['code']}_{language}"] = wording
    for key in ("scale", "max_choices", "minimum", "maximum", "decimals", "max_length"):
        if question[key] is not None:
            posted[key] = question[key]
    return posted | changes


def test_a_question_gets_new_wording_by_form(
    world: World, draft: Version, client_of: Browser
) -> None:
    client = client_of("evaluator")
    assert client.get(url("edit", draft)).status_code == 200
    assert client.get(url("edit_question", draft, "usefulness")).status_code == 200

    answer = client.post(
        url("edit_question", draft, "usefulness"),
        question_post(draft, "usefulness", row_offer_known_nb="Alle kjenner tilbudet"),
    )

    assert answer.status_code == 302
    draft.refresh_from_db()
    rows = find_question(draft.definition, "usefulness")["rows"]
    assert rows[0]["text"]["nb"] == "Alle kjenner tilbudet"
    use = draft.item_uses.get(item__code="offer_known")
    assert use.variant is not None


def test_saving_without_changing_changes_nothing(
    world: World, draft: Version, client_of: Browser
) -> None:
    before = draft.content_hash
    for code in ("inhabitants", "usefulness", "what_changes", "channels", "agreed_on", "thanks"):
        question = find_question(draft.definition, code)
        posted = question_post(draft, code)
        if question["required"]:
            posted["required"] = "on"
        answer = client_of("evaluator").post(url("edit_question", draft, code), posted)
        assert answer.status_code == 302, text_of(answer)

    draft.refresh_from_db()
    assert draft.content_hash == before


@pytest.mark.parametrize(
    "changes",
    [
        {"text_nn": ""},
        {"text_nb": "Hva med {kommune}?"},
        {"text_nb": "x" * 2000},
        {"minimum": "9", "maximum": "3"},
        {"decimals": "99"},
        {"minimum": "nan"},
        {"text_nb": "Nul\x00byte"},
    ],
)
def test_bad_wording_and_limits_are_told_and_nothing_is_written(
    world: World, draft: Version, client_of: Browser, changes: dict[str, object]
) -> None:
    before = draft.content_hash

    answer = client_of("evaluator").post(
        url("edit_question", draft, "inhabitants"), question_post(draft, "inhabitants", **changes)
    )

    assert answer.status_code == 422
    assert "error-summary" in text_of(answer)
    draft.refresh_from_db()
    assert draft.content_hash == before


def test_questions_are_added_moved_and_taken_out(
    world: World, draft: Version, client_of: Browser
) -> None:
    client = client_of("evaluator")
    new = {
        "based_on": draft.content_hash,
        "code": "who_decides",
        "kind": "single",
        "scale": "yes_no",
        "text_nb": "Bestemmer dere selv?",
        "text_nn": "Avgjer de sjølve?",
        "text_en": "",
    }
    assert client.get(url("add_question", draft, "about")).status_code == 200
    assert client.post(url("add_question", draft, "about"), new).status_code == 302
    draft.refresh_from_db()
    assert draft.definition["languages"] == ["nb", "nn"]
    assert Item.objects.get(code="who_decides").text["nn"] == "Avgjer de sjølve?"

    moved = client.post(url("move_up", draft, "who_decides"), {"based_on": draft.content_hash})
    assert moved.status_code == 302
    draft.refresh_from_db()
    codes = [question["code"] for question in draft.definition["pages"][0]["questions"]]
    assert codes == ["inhabitants", "needs_changes", "who_decides", "contact_title"]

    assert client.get(url("remove_question", draft, "who_decides")).status_code == 200
    stale = client.post(url("remove_question", draft, "who_decides"), {"based_on": "old"})
    assert stale.status_code == 409
    gone = client.post(
        url("remove_question", draft, "who_decides"), {"based_on": draft.content_hash}
    )
    assert gone.status_code == 302
    assert Item.objects.filter(code="who_decides").exists()


def test_an_item_of_the_bank_lends_its_wording_to_a_new_question(
    world: World, draft: Version, client_of: Browser
) -> None:
    client = client_of("evaluator")
    client.post(url("remove_question", draft, "channels"), {"based_on": draft.content_hash})
    draft.refresh_from_db()

    client.post(
        url("add_question", draft, "about"),
        {"based_on": draft.content_hash, "code": "channels", "kind": "single"},
    )

    draft.refresh_from_db()
    question = find_question(draft.definition, "channels")
    assert question["text"]["nb"] == "Hvilke kanaler?"
    assert question["scale"] == "agree"
    assert draft.item_uses.get(item__code="channels").variant is None


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "Not A Code"},
        {"code": "needs_changes"},
        {"kind": "single", "scale": ""},
        {"kind": "battery", "scale": "agree", "rows": ""},
        {"kind": "battery", "scale": "agree", "rows": "nobody_knows"},
        {"kind": "spell"},
        {"scale": "nothing"},
    ],
)
def test_a_bad_new_question_is_told_and_nothing_is_written(
    world: World, draft: Version, client_of: Browser, changes: dict[str, str]
) -> None:
    posted = {
        "based_on": draft.content_hash,
        "code": "who_decides",
        "kind": "single",
        "scale": "yes_no",
        "text_nb": "Bestemmer dere selv?",
        "text_nn": "Avgjer de sjølve?",
    } | changes

    answer = client_of("evaluator").post(url("add_question", draft, "about"), posted)

    assert answer.status_code == 422
    assert not Item.objects.filter(code="who_decides").exists()


def test_a_question_that_routing_needs_stays(
    world: World, draft: Version, client_of: Browser
) -> None:
    answer = client_of("evaluator").post(
        url("remove_question", draft, "needs_changes"), {"based_on": draft.content_hash}
    )

    assert answer.status_code == 409
    draft.refresh_from_db()
    assert find_question(draft.definition, "needs_changes")


def test_nobody_edits_what_has_left_the_draft(
    world: World, draft: Version, client_of: Browser
) -> None:
    out_for_comments(world, draft)
    client = client_of("evaluator")

    for address in (
        url("edit", draft),
        url("edit_question", draft, "inhabitants"),
        url("add_question", draft, "about"),
        url("remove_question", draft, "inhabitants"),
    ):
        assert client.get(address).status_code == 409


# Files in


def upload(client: Client, content: bytes, name: str = "form.yaml") -> object:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("instruments:upload", args=["test-programme"]), {"file": file})


def test_a_form_is_uploaded_against_the_bank(
    world: World, draft: Version, client_of: Browser
) -> None:
    form = documents.form()
    form["code"] = "towns"

    answer = upload(client_of("evaluator"), yaml.safe_dump(form, allow_unicode=True).encode())

    assert answer.status_code == 302  # type: ignore[attr-defined]
    assert Version.objects.get(instrument__code="towns").stands is VersionState.DRAFT


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00bad",
        b"code: [",
        b"- just\n- a list\n",
        b"a: &x [1]\nb: *y\n",
        b"[" * 5000,
        b"code: towns\x00\n",
        b"code: towns\ncode: towns\n",
        b"when: 2017-13-45\n",
        b"!!python/object/apply:os.system ['true']\n",
        ("x: " + "y" * 2_100_000).encode(),
        b"a: &a [1,2]\n" + b"".join(b"x%d: &b%d [*a,*a]\n" % (n, n) for n in range(5)),
    ],
)
def test_a_hostile_file_is_told_what_is_wrong(
    world: World, draft: Version, client_of: Browser, content: bytes
) -> None:
    answer = upload(client_of("evaluator"), content)

    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert Instrument.objects.count() == 1


def test_only_the_evaluator_uploads(world: World, draft: Version, client_of: Browser) -> None:
    address = reverse("instruments:upload", args=["test-programme"])

    assert client_of("owner").get(address).status_code == 403
    assert client_of("stranger").get(address).status_code == 404


# Files out


def test_the_codebook_comes_as_csv_json_and_workbook(
    world: World, draft: Version, client_of: Browser
) -> None:
    client = client_of("evaluator")

    lines = client.get(url("codebook", draft, "kodebok.csv")).content.decode("utf-8-sig")
    book = json.loads(client.get(url("codebook", draft, "kodebok.json")).content)
    sheets = openpyxl.load_workbook(
        io.BytesIO(client.get(url("codebook", draft, "kodebok.xlsx")).content)
    )

    assert lines.splitlines()[0].startswith("item;page;question;kind;")
    assert [entry["item"] for entry in book["items"]][:2] == ["inhabitants", "needs_changes"]
    assert book["content_hash"] == draft.content_hash
    assert [cell.value for cell in sheets["items"]["A"]][1:3] == ["inhabitants", "needs_changes"]
    assert client.get(url("codebook", draft, "kodebok.doc")).status_code == 404


def test_no_text_becomes_a_formula(world: World, folder: Path, client_of: Browser) -> None:
    form = documents.form()
    evil = '=HYPERLINK("http://x";"klikk")'
    form["pages"][1]["questions"][0]["text"] = {"nb": evil, "nn": evil, "en": evil}
    documents.write_folder(folder, basic=form)
    imports.load_folder(world.programme, folder, actor=None, now=timezone.now())
    version = Version.objects.get()
    client = client_of("evaluator")

    lines = client.get(url("codebook", version, "kodebok.csv")).content.decode("utf-8-sig")
    assert f";{evil[:5]}" not in lines.replace('"', "")
    for name in ("kodebok.xlsx", "xlsform.xlsx"):
        book = openpyxl.load_workbook(
            io.BytesIO(client.get(url("codebook", version, name)).content)
        )
        assert all(
            cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row
        )


def test_the_form_goes_out_as_xlsform(world: World, draft: Version, client_of: Browser) -> None:
    content = client_of("evaluator").get(url("codebook", draft, "xlsform.xlsx")).content
    book = openpyxl.load_workbook(io.BytesIO(content))

    survey = [[cell.value or "" for cell in row] for row in book["survey"].iter_rows()]
    by_name = {str(row[1]): row for row in survey}
    head = survey[0]
    assert [sheet.title for sheet in book] == ["survey", "choices", "settings"]
    assert by_name["inhabitants"][head.index("constraint")] == ". >= 0 and . <= 1000"
    assert by_name["what_changes"][head.index("relevant")] == "selected(${needs_changes}, 'ja')"
    assert by_name["channels"][0] == "select_multiple agree"
    assert by_name["offer_known"][0] == "select_one agree"
    assert by_name["needs_changes"][head.index("required")] == "yes"
    choices = [[cell.value for cell in row][:2] for row in book["choices"].iter_rows()]
    assert ["yes_no", "nei"] in choices


# Preview and pilot
