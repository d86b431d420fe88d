"""Preview and pilot: trying a form before it is released, apart from every survey."""

from __future__ import annotations

import json

import pytest

from sloyfe.instruments.models import PilotAnswer, Version
from tests.cast import World
from tests.instruments.pages import (
    Browser,
    in_pilot,
    out_for_comments,
    text_of,
    url,
)
from tests.instruments.silence import nothing_written


def test_preview_writes_nothing(world: World, draft: Version, client_of: Browser) -> None:
    client = client_of("evaluator")
    first, second = (url("preview_page", draft, page) for page in ("about", "offer"))
    answers = {"inhabitants": "12", "needs_changes": "ja", "_step": "next"}

    with nothing_written() as run:
        assert client.get(url("preview", draft)).status_code == 302
        assert client.get(first, {"ordlyd": "nn"}).status_code == 200
        wrong = client.post(first, {"inhabitants": "-3", "_step": "next"})
        onward = client.post(first, answers)
        earlier = json.dumps({"inhabitants": 12, "needs_changes": "ja"})
        end = client.post(
            second, {"_earlier": earlier, "offer_known": "enig", "what_changes": "Alt"}
        )
        back = client.post(second, {"_earlier": earlier, "_step": "back"})

    assert run
    assert wrong.status_code == 422
    assert "Tilbudet" in text_of(onward)
    assert "Alt" in text_of(end)
    assert "Om kommunen" in text_of(back)
    assert not PilotAnswer.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {"_earlier": "{"},
        {"_earlier": "[]"},
        {"_earlier": '{"nobody": 1, "needs_changes": ["x"], "inhabitants": true}'},
        {"needs_changes": "kanskje"},
        {"channels": "enig"},
        {"nobody": "1"},
        {"inhabitants": ["1", "2"]},
        {"contact_title": "x" * 100_000},
        {"contact_title": "a\x00b"},
        {"_earlier": "[" * 200_000},
    ],
)
def test_a_hostile_preview_is_answered_in_words(
    world: World, draft: Version, client_of: Browser, posted: dict[str, object]
) -> None:
    client = client_of("evaluator")

    with nothing_written():
        answer = client.post(url("preview_page", draft, "about"), posted)

    assert answer.status_code in {200, 422}


def test_a_pilot_answer_is_kept_apart_and_without_a_name(
    world: World, draft: Version, client_of: Browser
) -> None:
    version = in_pilot(world, draft)
    group, evaluator = client_of("project_group"), client_of("evaluator")
    first, second = (url("pilot_page", version, page) for page in ("about", "offer"))
    assert group.get(first).status_code == 200
    group.post(first, {"needs_changes": "nei"})

    done = group.post(
        second,
        {
            "_earlier": json.dumps({"needs_changes": "nei"}),
            "offer_known": "enig",
            "what_changes": "Skjult, så det teller ikke",
            "_remark": "Greit å svare på.",
        },
    )

    assert done.status_code == 302
    answer = PilotAnswer.objects.get()
    assert answer.answers == {"needs_changes": "nei", "offer_known": "enig"}
    assert group.get(url("pilot_answers", version)).status_code == 403
    assert "Greit å svare på." in text_of(evaluator.get(url("pilot_answers", version)))


def test_a_pilot_answer_needs_a_pilot(world: World, draft: Version, client_of: Browser) -> None:
    version = out_for_comments(world, draft)

    assert client_of("project_group").get(url("pilot_page", version, "about")).status_code == 409
    assert client_of("owner").get(url("pilot_page", version, "nowhere")).status_code == 409


def test_a_pilot_cannot_be_sent_past_a_required_question(
    world: World, draft: Version, client_of: Browser
) -> None:
    version = in_pilot(world, draft)

    answer = client_of("evaluator").post(url("pilot_page", version, "offer"), {})

    assert answer.status_code == 422
    assert not PilotAnswer.objects.exists()
