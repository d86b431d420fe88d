"""The one place where environment variables are read.

A setting says how *this installation* runs: where the database is, how letters leave, which port.
What the programme decides (days to a reminder, thresholds) is never a setting.

Each setting is one object with a type, a default and an explanation; `read` gives its value or
says what to set. The list `SETTINGS` is printed in the documentation, and a variable that begins
with `PREFIX` but is not in it is named as misspelt.
"""

from __future__ import annotations

import difflib
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import sloyfe
from sloyfe.common.errors import SettingProblem

PREFIX = "SLOYFE_"
T = TypeVar("T")


@dataclass(frozen=True)
class Kind(Generic[T]):
    """How a value is written: its name in words, and how it is read. ValueError tells what is wrong."""

    words: str
    parse: Callable[[str], T]


@dataclass(frozen=True)
class Setting(Generic[T]):
    """One environment variable.

    `default` is the value when the variable is absent or empty; `default_words` tells it where the
    value itself would not (a path of this machine, a number of processors).
    """

    name: str
    kind: Kind[T]
    default: T | Callable[[], T]
    explanation: str
    example: str
    default_words: str = ""

    def read(self, environ: Mapping[str, str] | None = None) -> T:
        """Give the value that this installation has set, or the default.

        :raises SettingProblem: when what is set cannot be read; says what to set instead.
        """
        text = (os.environ if environ is None else environ).get(self.name, "").strip()
        if not text:
            return self.default() if callable(self.default) else self.default
        try:
            return self.kind.parse(text)
        except ValueError as error:
            raise SettingProblem(
                f"{self.name} {error}. Set it to {self.kind.words}, for example "
                f"{self.name}={self.example}, or leave it out to get {self.told_default()}."
            ) from error

    def told_default(self) -> str:
        """The default in words."""
        return self.default_words or str(self.default)


# Kinds


def _whole_number(lowest: int, highest: int) -> Kind[int]:
    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            raise ValueError(f"is {text!r}, which is not a whole number") from None
        if not lowest <= number <= highest:
            raise ValueError(f"is {number}, which is outside {lowest} to {highest}")
        return number

    return Kind(f"a whole number from {lowest} to {highest}", parse)


def _parse_yes_or_no(text: str) -> bool:
    answers = {"yes": True, "true": True, "1": True, "on": True}
    answers |= {"no": False, "false": False, "0": False, "off": False}
    if text.lower() not in answers:
        raise ValueError(f"is {text!r}, which is neither yes nor no")
    return answers[text.lower()]


def _one_of(*choices: str) -> Kind[str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"is {text!r}, which is none of the choices")
        return text.lower()

    return Kind("one of " + ", ".join(choices), parse)


def _parse_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _parse_folder(text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_absolute():
        raise ValueError(f"is {text!r}, which does not begin at the root of the file system")
    return path


def _parse_web_address(text: str) -> str:
    parts = _split(text, {"http", "https"}, secret=False)
    if not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"is {text!r}, which is not the address of a web site")
    return text.rstrip("/")


def _split(text: str, schemes: set[str], *, secret: bool = True) -> SplitResult:
    # An address with a password in it is not repeated in the error.
    told = "holds an address" if secret else f"is {text!r}"
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise ValueError(f"{told} that cannot be read") from None
    if parts.scheme not in schemes:
        begins = " or ".join(f"{scheme}://" for scheme in sorted(schemes))
        raise ValueError(f"{told} that does not begin with {begins}")
    return parts


@dataclass(frozen=True)
class DatabaseAddress:
    """A PostgreSQL database and how to reach it. `host` may be the folder of a socket."""

    name: str
    user: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    options: dict[str, str] = field(default_factory=dict)

    def as_django(self) -> dict[str, Any]:
        """The same as one entry of Django's DATABASES."""
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": self.name,
            "USER": self.user,
            "PASSWORD": self.password,
            "HOST": self.host,
            "PORT": self.port or "",
            "OPTIONS": dict(self.options),
        }


def parse_database_url(text: str) -> DatabaseAddress:
    """Read the address of a PostgreSQL database.

    :raises ValueError: when it is not one.
    """
    parts = _split(text, {"postgresql", "postgres"})
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("names no database")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return DatabaseAddress(
        name=name,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=host,
        port=parts.port,
        options=options,
    )


@dataclass(frozen=True)
class LetterBox:
    """How letters leave: through an SMTP server, or as files in a folder.

    `encryption` is "" (none), "starttls" or "tls".
    """

    folder: Path | None = None
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    encryption: str = ""


def parse_email_url(text: str) -> LetterBox:
    """Read how letters leave.

    :raises ValueError: when it is neither an SMTP server nor a folder.
    """
    parts = _split(text, {"smtp", "smtp+tls", "smtps", "file"})
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/"):
            raise ValueError("names a folder that does not begin at the root: use three slashes")
        return LetterBox(folder=Path(unquote(parts.path)))
    if not parts.hostname:
        raise ValueError("names no server")
    usual = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
    return LetterBox(
        host=parts.hostname,
        port=parts.port or usual[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        encryption={"smtp+tls": "starttls", "smtps": "tls"}.get(parts.scheme, ""),
    )


TEXT: Kind[str] = Kind("a text", str)
YES_OR_NO = Kind("yes or no", _parse_yes_or_no)
LIST = Kind("a list with commas", _parse_list)
FOLDER = Kind("the full path of a folder", _parse_folder)
WEB_ADDRESS = Kind("the address of a web site", _parse_web_address)
OPTIONAL_DATABASE: Kind[DatabaseAddress | None] = Kind(
    "the address of a PostgreSQL database", parse_database_url
)
OPTIONAL_LETTER_BOX: Kind[LetterBox | None] = Kind(
    "an SMTP server or a folder for files", parse_email_url
)


def project_folder() -> Path:
    """The folder of the checkout; for an installed package, the folder we were started in."""
    root = Path(sloyfe.__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").exists() else Path.cwd()


# The settings

DATABASE_URL = Setting(
    "DATABASE_URL",
    OPTIONAL_DATABASE,
    default=None,
    default_words="the embedded PostgreSQL in the folder for data",
    explanation="A PostgreSQL server, version 15 or newer, to use instead of the embedded one. "
    "The role must own the database.",
    example="postgresql://sloyfe:secret@db.example.org:5432/sloyfe?sslmode=verify-full",
)
EMAIL_URL = Setting(
    "EMAIL_URL",
    OPTIONAL_LETTER_BOX,
    default=None,
    default_words="letters as files in the folder for data",
    explanation="Where letters leave: smtp:// (no encryption), smtp+tls://, smtps://, or "
    "file:// with a folder.",
    example="smtp+tls://user:secret@mail.example.org:587",
)
FOLDER_FOR_DATA = Setting(
    "SLOYFE_VAR",
    FOLDER,
    default=lambda: project_folder() / "var",
    default_words="the folder var in the checkout",
    explanation="The folder for all that this installation keeps: embedded database, letters as "
    "files, uploaded files, frozen data, secrets. Back it up.",
    example="/srv/sloyfe",
)
FOLDER_FOR_ROUND_KEYS = Setting(
    "SLOYFE_ROUND_KEYS",
    FOLDER,
    default=lambda: FOLDER_FOR_DATA.read() / "round-keys",
    default_words="round-keys in the folder for data",
    explanation="The folder of the keys that tie a response to who was asked. Keep it out of "
    "ordinary backups, so that a destroyed key stays destroyed.",
    example="/srv/sloyfe-keys",
)
HOST = Setting(
    "SLOYFE_HOST",
    TEXT,
    default="127.0.0.1",
    explanation="The network address that the web server listens on. Put a proxy with TLS before "
    "it when others are to reach it.",
    example="127.0.0.1",
)
PORT = Setting(
    "SLOYFE_PORT",
    _whole_number(1, 65535),
    default=8137,
    explanation="The port that the web server listens on.",
    example="8137",
)
BASE_URL = Setting(
    "SLOYFE_BASE_URL",
    WEB_ADDRESS,
    default=lambda: f"http://{HOST.read()}:{PORT.read()}",
    default_words="http:// with host and port",
    explanation="The address that people use, which stands in letters and links. With https, "
    "cookies are sent over https only.",
    example="https://sloyfe.example.org",
)
HOSTS = Setting(
    "SLOYFE_HOSTS",
    LIST,
    default=("localhost", "127.0.0.1", "[::1]"),
    default_words="localhost, 127.0.0.1 and [::1]",
    explanation="The host names that this installation answers to, beside that of its public "
    "address.",
    example="sloyfe.example.org,www.sloyfe.example.org",
)
SECRET_KEY = Setting(
    "SLOYFE_SECRET_KEY",
    TEXT,
    default="",
    default_words="one made at the first start and kept in the folder for data",
    explanation="The key that sessions and links are signed with. Needed when several machines "
    "serve the same database.",
    example="a-random-text-of-at-least-50-letters",
)
LINK_SECRET = Setting(
    "SLOYFE_LINK_SECRET",
    TEXT,
    default="",
    default_words="one made at the first start and kept beside the round keys",
    explanation="The secret that invitation links are computed from. Changing it makes every link "
    "that was sent useless.",
    example="a-random-text-of-at-least-50-letters",
)
DEBUG = Setting(
    "SLOYFE_DEBUG",
    YES_OR_NO,
    default=False,
    default_words="no",
    explanation="Whether mistakes are shown in the browser. Never on a machine that others reach.",
    example="yes",
)
SENDER = Setting(
    "SLOYFE_SENDER",
    TEXT,
    default="Sløyfe <sloyfe@localhost>",
    explanation="Who letters come from.",
    example="Evalueringen <evaluering@example.org>",
)
BEHIND_PROXY = Setting(
    "SLOYFE_BEHIND_PROXY",
    YES_OR_NO,
    default=False,
    default_words="no",
    explanation="Whether a proxy of yours stands before the web server and says in "
    "X-Forwarded-Proto how the visitor came. Only yes if nobody can reach the server past it.",
    example="yes",
)
DEMO = Setting(
    "SLOYFE_DEMO",
    YES_OR_NO,
    default=True,
    default_words="yes",
    explanation="Whether the exercise programme with its demo people is loaded, and sign-in links "
    "for them are printed at the start.",
    example="no",
)
FEEDBACK_TO = Setting(
    "SLOYFE_FEEDBACK_TO",
    TEXT,
    default=lambda: SENDER.read(),
    default_words="the address that letters come from",
    explanation="Who gets what people write on the page about what does not work.",
    example="brukerstotte@example.org",
)
OIDC_SERVER = Setting(
    "SLOYFE_OIDC_SERVER",
    WEB_ADDRESS,
    default="",
    default_words="sign-in by one-time link only",
    explanation="The OpenID Connect server of the organisation's own sign-in (Ansattporten, Entra "
    "ID, Feide). Needs client id and secret too.",
    example="https://login.example.org/realm",
)
OIDC_CLIENT_ID = Setting(
    "SLOYFE_OIDC_CLIENT_ID",
    TEXT,
    default="",
    default_words="nothing",
    explanation="What the OpenID Connect server calls this installation.",
    example="sloyfe",
)
OIDC_CLIENT_SECRET = Setting(
    "SLOYFE_OIDC_CLIENT_SECRET",
    TEXT,
    default="",
    default_words="nothing",
    explanation="The secret that the OpenID Connect server gave this installation.",
    example="a-secret-from-the-server",
)
OIDC_NAME = Setting(
    "SLOYFE_OIDC_NAME",
    TEXT,
    default="",
    default_words="your organisation",
    explanation="The name of the organisation's own sign-in, as the button shows it.",
    example="Ansattporten",
)
OIDC_TRUST_ADDRESSES = Setting(
    "SLOYFE_OIDC_TRUST_ADDRESSES",
    YES_OR_NO,
    default=False,
    default_words="no",
    explanation="Whether an e-mail address counts though the server does not say that it verified "
    "it. Only yes for a server that knows its own employees alone.",
    example="yes",
)
LOG_LEVEL = Setting(
    "SLOYFE_LOG_LEVEL",
    _one_of("debug", "info", "warning", "error"),
    default="info",
    explanation="How much is written to the log.",
    example="warning",
)
WEB_PROCESSES = Setting(
    "SLOYFE_WEB_PROCESSES",
    _whole_number(1, 64),
    default=lambda: min(4, max(2, os.cpu_count() or 2)),
    default_words="the number of processors, at least 2 and at most 4",
    explanation="How many web processes share the work.",
    example="4",
)
WEB_THREADS = Setting(
    "SLOYFE_WEB_THREADS",
    _whole_number(1, 64),
    default=8,
    explanation="How many requests each web process works on at once. Each holds one connection to "
    "the database: processes × threads must stay below the server's max_connections.",
    example="8",
)
START_SECONDS = Setting(
    "SLOYFE_START_SECONDS",
    _whole_number(5, 3600),
    default=120,
    explanation="How many seconds the database and the web server get to answer when starting.",
    example="300",
)

SETTINGS: tuple[Setting[Any], ...] = (
    DATABASE_URL,
    EMAIL_URL,
    FOLDER_FOR_DATA,
    FOLDER_FOR_ROUND_KEYS,
    HOST,
    PORT,
    BASE_URL,
    HOSTS,
    SECRET_KEY,
    LINK_SECRET,
    DEBUG,
    DEMO,
    SENDER,
    BEHIND_PROXY,
    FEEDBACK_TO,
    OIDC_SERVER,
    OIDC_CLIENT_ID,
    OIDC_CLIENT_SECRET,
    OIDC_NAME,
    OIDC_TRUST_ADDRESSES,
    LOG_LEVEL,
    WEB_PROCESSES,
    WEB_THREADS,
    START_SECONDS,
)


def refuse_misspelt(environ: Mapping[str, str] | None = None) -> None:
    """Refuse variables that look like settings of ours and are none.

    :raises SettingProblem: naming each, with the likeliest right name.
    """
    known = [setting.name for setting in SETTINGS]
    told = []
    for name in sorted(os.environ if environ is None else environ):
        if not name.startswith(PREFIX) or name in known:
            continue
        near = difflib.get_close_matches(name, known, n=1)
        told.append(f"{name} (did you mean {near[0]}?)" if near else name)
    if told:
        raise SettingProblem(
            f"Sløyfe knows no setting {', '.join(told)}. Unset it, or correct the name. "
            "The settings are: " + ", ".join(known) + "."
        )


def check_all(environ: Mapping[str, str] | None = None) -> None:
    """Read every setting once, so that a mistake is told at the start and not at midnight.

    :raises SettingProblem: for the first one that is wrong.
    """
    refuse_misspelt(environ)
    for setting in SETTINGS:
        setting.read(environ)


def kept_secret(path: Path) -> str:
    """The secret in this file, made at random the first time; only its owner may read it.

    Safe when several processes ask at once: all get the same.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        half = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
        descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(half, path)  # fails if somebody was quicker, where a rename would overwrite
        except FileExistsError:
            pass
        finally:
            half.unlink()
    secret = path.read_text(encoding="ascii").strip()
    if len(secret) < 32:
        raise SettingProblem(
            f"The secret in {path} is too short to be one that Sløyfe made. Put the right one "
            "back from a backup; removing the file gives a new secret, and what was signed with "
            "the old one is no longer accepted."
        )
    return secret


def settings_table() -> str:
    """All settings as a Markdown table, for the reference documentation."""
    lines = ["| Variable | Written as | Default | What it is |", "|---|---|---|---|"]
    lines += [
        f"| `{setting.name}` | {setting.kind.words}, e.g. `{setting.example}` "
        f"| {setting.told_default()} | {setting.explanation} |"
        for setting in SETTINGS
    ]
    return "\n".join(lines) + "\n"
