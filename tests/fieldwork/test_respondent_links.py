"""Links open what they were made for and nothing else; keys are made once and can be destroyed."""

from __future__ import annotations

import stat
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sloyfe.common.errors import NotPossible
from sloyfe.common.keys import KeyStore
from sloyfe.fieldwork.rules.links import Link, link_token, read_token, receipt_code, unit_ref

SECRETS = st.binary(min_size=32, max_size=32)


@given(SECRETS, st.uuids(), st.integers(0, 65_535))
def test_a_token_says_which_case_and_generation_it_was_made_for(
    secret: bytes, case: uuid.UUID, generation: int
) -> None:
    assert read_token(secret, link_token(secret, case, generation)) == Link(case, generation)


@given(SECRETS, SECRETS, st.uuids(), st.integers(0, 47), st.characters(codec="utf-8"))
def test_a_changed_token_opens_nothing(
    secret: bytes, other: bytes, case: uuid.UUID, at: int, letter: str
) -> None:
    token = link_token(secret, case, 1)
    changed = token[:at] + letter + token[at + 1 :]
    assert changed == token or read_token(secret, changed) is None
    assert other == secret or read_token(other, token) is None


@given(SECRETS, st.text())
def test_what_is_no_token_opens_nothing(secret: bytes, text: str) -> None:
    assert read_token(secret, text) is None


@given(SECRETS, SECRETS, st.uuids())
def test_references_and_receipts_follow_from_key_and_case_alone(
    key: bytes, other: bytes, case: uuid.UUID
) -> None:
    assert unit_ref(key, case) == unit_ref(key, case)
    assert key == other or unit_ref(key, case) != unit_ref(other, case)
    assert receipt_code(key, case) == receipt_code(key, case)
    assert len(receipt_code(key, case)) == 9


def test_keys_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys")
    store.link_secret()
    store.make_round_key(7)
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    assert {stat.S_IMODE(f.stat().st_mode) for f in (tmp_path / "keys").iterdir()} == {0o600}
    assert sorted(f.name for f in (tmp_path / "keys").iterdir()) == ["links", "round-7"]


def test_a_key_is_the_same_however_many_make_it_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: KeyStore(tmp_path / "keys").make_round_key(1), range(16)))
    assert len(keys) == 1


def test_a_destroyed_key_is_gone_and_never_made_anew(tmp_path: Path) -> None:
    store = KeyStore(tmp_path / "keys")
    store.make_round_key(1)
    kept = store.make_round_key(2)
    store.destroy(1)
    store.destroy(1)
    assert not store.has_round_key(1)
    with pytest.raises(NotPossible, match=r"round\.key_missing"):
        store.round_key(1)
    with pytest.raises(NotPossible, match=r"round\.key_destroyed"):
        store.make_round_key(1)
    assert store.round_key(2) == kept
