"""Settings read from the environment."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from sloyfe.common import environment
from sloyfe.common.environment import DatabaseAddress, LetterBox, Setting
from sloyfe.common.errors import SettingProblem


def test_nothing_set_gives_defaults_that_run_on_a_laptop() -> None:
    assert environment.PORT.read({}) == 8137
    assert environment.HOST.read({}) == "127.0.0.1"
    assert environment.DATABASE_URL.read({}) is None
    assert environment.EMAIL_URL.read({}) is None
    assert environment.DEBUG.read({}) is False
    environment.check_all({})


def test_an_empty_variable_counts_as_absent() -> None:
    assert environment.PORT.read({"SLOYFE_PORT": " "}) == 8137


@pytest.mark.parametrize(
    ("setting", "text", "wrong"),
    [
        (environment.PORT, "web", "not a whole number"),
        (environment.PORT, "70000", "outside 1 to 65535"),
        (environment.DEBUG, "maybe", "neither yes nor no"),
        (environment.LOG_LEVEL, "loud", "none of the choices"),
        (environment.FOLDER_FOR_DATA, "var", "root of the file system"),
        (environment.BASE_URL, "sloyfe.example.org", "does not begin with"),
        (environment.BASE_URL, "https:///x", "not the address"),
        (environment.DATABASE_URL, "mysql://a/b", "does not begin with"),
        (environment.DATABASE_URL, "postgresql://host:port/b", "cannot be read"),
        (environment.DATABASE_URL, "postgresql://host/", "names no database"),
        (environment.EMAIL_URL, "mail.example.org", "does not begin with"),
        (environment.EMAIL_URL, "smtp://", "names no server"),
        (environment.EMAIL_URL, "file://letters", "three slashes"),
    ],
)
def test_a_wrong_value_is_told_with_an_example_and_the_default(
    setting: Setting[Any], text: str, wrong: str
) -> None:
    with pytest.raises(SettingProblem) as caught:
        setting.read({setting.name: text})

    said = str(caught.value)
    assert wrong in said
    assert f"{setting.name}={setting.example}" in said
    assert setting.told_default() in said


@pytest.mark.parametrize(
    "name", ["DATABASE_URL", "EMAIL_URL"], ids=["of the database", "of the mail server"]
)
def test_a_password_never_stands_in_an_error(name: str) -> None:
    setting = getattr(environment, name)

    with pytest.raises(SettingProblem) as caught:
        setting.read({name: "ftp://user:planted@host:x/b"})

    assert "planted" not in str(caught.value)


def test_a_password_never_stands_in_what_is_printed_of_an_address() -> None:
    assert "planted" not in repr(environment.parse_database_url("postgres://u:planted@h/b"))
    assert "planted" not in repr(environment.parse_email_url("smtp://u:planted@h"))


@pytest.mark.parametrize("setting", environment.SETTINGS, ids=lambda setting: setting.name)
def test_every_example_can_be_read(setting: Setting[Any]) -> None:
    setting.read({setting.name: setting.example})


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (
            "postgresql://sloyfe@/sloyfe?host=%2Ftmp%2Fsloyfe-1",
            DatabaseAddress("sloyfe", user="sloyfe", host="/tmp/sloyfe-1"),  # noqa: S108
        ),
        (
            "postgres://me:p%40ss@db:6543/bl%C3%A5?sslmode=require",
            DatabaseAddress("blå", "me", "p@ss", "db", 6543, {"sslmode": "require"}),
        ),
    ],
)
def test_a_database_address_is_taken_apart(text: str, address: DatabaseAddress) -> None:
    assert environment.parse_database_url(text) == address
    assert address.as_django()["NAME"] == address.name


@pytest.mark.parametrize(
    ("text", "box"),
    [
        ("smtp://localhost:2525", LetterBox(host="localhost", port=2525)),
        ("smtp://mail", LetterBox(host="mail", port=25)),
        (
            "smtp+tls://a%40b:c@mail",
            LetterBox(host="mail", port=587, user="a@b", password="c", encryption="starttls"),
        ),
        ("smtps://mail", LetterBox(host="mail", port=465, encryption="tls")),
        ("file:///srv/brev%20ut", LetterBox(folder=Path("/srv/brev ut"))),
    ],
)
def test_a_letter_box_is_taken_apart(text: str, box: LetterBox) -> None:
    assert environment.parse_email_url(text) == box


def test_a_misspelt_setting_is_named_with_the_likeliest_right_one() -> None:
    with pytest.raises(SettingProblem, match=r"SLOYFE_PROT \(did you mean SLOYFE_PORT\?\)"):
        environment.refuse_misspelt({"SLOYFE_PROT": "1", "HOME": "/", "SLOYFE_HOST": "::1"})


def test_the_public_address_follows_host_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLOYFE_PORT", "9000")

    assert environment.BASE_URL.read() == "http://127.0.0.1:9000"


def test_a_kept_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "key"
    with ThreadPoolExecutor(8) as many:
        secrets = set(many.map(lambda _: environment.kept_secret(path), range(32)))

    assert len(secrets) == 1
    assert len(secrets.pop()) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["key"]


def test_a_truncated_secret_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("short")

    with pytest.raises(SettingProblem, match="backup"):
        environment.kept_secret(tmp_path / "key")


def test_the_table_of_settings_names_each() -> None:
    table = environment.settings_table()

    assert all(f"| `{setting.name}` |" in table for setting in environment.SETTINGS)
