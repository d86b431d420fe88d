"""The secret of links may be given by the installation."""

from __future__ import annotations

from pathlib import Path

import pytest

from sloyfe.common.environment import LINK_SECRET
from sloyfe.common.keys import KeyStore


def test_a_secret_that_was_given_is_used_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LINK_SECRET.name, "a-random-text-of-at-least-50-letters-for-this-test-only")

    secret = KeyStore(tmp_path / "keys").link_secret()

    assert secret == b"a-random-text-of-at-least-50-letters-for-this-test-only"
    assert not (tmp_path / "keys").exists()


def test_without_one_a_secret_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LINK_SECRET.name, raising=False)

    assert KeyStore(tmp_path).link_secret() == KeyStore(tmp_path).link_secret()
