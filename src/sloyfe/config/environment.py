"""The environment as one typed value."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from sloyfe.common.errors import SettingProblem


@dataclass(frozen=True)
class OrganisationSignIn:
    """The organisation's own sign-in over OpenID Connect; without a server it does not exist.

    `trusts_addresses` is for a server that gives only addresses of its own people and says nothing
    of having verified them.
    """

    server_url: str = ""
    client_id: str = ""
    secret: str = field(default="", repr=False)
    name: str = ""
    trusts_addresses: bool = False

    @property
    def is_on(self) -> bool:
        return bool(self.server_url)

    @property
    def form_targets(self) -> list[str]:
        """The origin to which the sign-in button may send a browser."""
        parts = urlsplit(self.server_url)
        return [f"{parts.scheme}://{parts.netloc}"] if self.is_on else []

    @property
    def providers(self) -> dict[str, Any]:
        """The configuration that allauth reads. Only the address is asked for, never a national number."""
        if not self.is_on:
            return {}
        app = {
            "provider_id": PROVIDER_ID,
            "name": self.name,
            "client_id": self.client_id,
            "secret": self.secret,
            "settings": {"server_url": self.server_url, "scope": ["openid", "email"]},
        }
        return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


PROVIDER_ID = "virksomhet"


@dataclass(frozen=True)
class Environment:
    var: Path
    secret_key: str
    debug: bool
    hosts: list[str]
    base_url: str
    database_url: str
    email_url: str
    sender: str
    behind_proxy: bool
    static_root: Path
    feedback_to: str
    oidc: OrganisationSignIn = field(default_factory=OrganisationSignIn)


def _secret(folder: Path, name: str) -> str:
    """Read a secret of this installation, made at first use and readable by its owner alone."""
    path = folder / name
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w") as stream:
                stream.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _organisation_sign_in() -> OrganisationSignIn:
    """Read the settings of the organisation's own sign-in: all of them, or none."""
    names = ("SLOYFE_OIDC_SERVER", "SLOYFE_OIDC_CLIENT_ID", "SLOYFE_OIDC_CLIENT_SECRET")
    values = [os.environ.get(name, "").strip() for name in names]
    if not any(values):
        return OrganisationSignIn()
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing:
        raise SettingProblem(
            f"Sign-in over OpenID Connect needs {', '.join(missing)} too."
            " Set it, or remove the other SLOYFE_OIDC settings to sign in by link only."
        )
    server, client_id, secret = values
    if urlsplit(server).scheme not in {"https", "http"} or not urlsplit(server).netloc:
        raise SettingProblem(
            "SLOYFE_OIDC_SERVER must be the address of the sign-in server, for example"
            " https://login.example.org/realm."
        )
    return OrganisationSignIn(
        server_url=server,
        client_id=client_id,
        secret=secret,
        name=os.environ.get("SLOYFE_OIDC_NAME", "").strip(),
        trusts_addresses=os.environ.get("SLOYFE_OIDC_TRUST_ADDRESSES", "") == "1",
    )


def read(root: Path) -> Environment:
    """Read the settings of this process from its environment."""
    var = Path(os.environ.get("SLOYFE_VAR") or root / "var").resolve()
    port = os.environ.get("SLOYFE_PORT", "8137")
    base_url = (os.environ.get("SLOYFE_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    sender = os.environ.get("SLOYFE_SENDER", "Sløyfe <sloyfe@localhost>")
    return Environment(
        var=var,
        secret_key=os.environ.get("SLOYFE_SECRET_KEY") or _secret(var / "secrets", "django"),
        debug=os.environ.get("SLOYFE_DEBUG", "") == "1",
        hosts=(os.environ.get("SLOYFE_HOSTS") or "127.0.0.1,localhost,testserver").split(","),
        base_url=base_url,
        database_url=os.environ.get("DATABASE_URL", ""),
        email_url=os.environ.get("EMAIL_URL", ""),
        sender=sender,
        feedback_to=os.environ.get("SLOYFE_FEEDBACK_TO") or sender,
        behind_proxy=os.environ.get("SLOYFE_BEHIND_PROXY", "") == "1",
        static_root=Path(os.environ.get("SLOYFE_STATIC_ROOT") or root / "build" / "static"),
        oidc=_organisation_sign_in(),
    )


def database_settings(environment: Environment) -> dict[str, Any]:
    """Give Django's connection settings from ``DATABASE_URL``."""
    parts = urlsplit(environment.database_url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingProblem(
            "DATABASE_URL must name a PostgreSQL database, for example"
            " postgresql://user:password@host:5432/sloyfe. `sloyfe up` sets it by itself."
        )
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def email_settings(environment: Environment) -> dict[str, Any]:
    """Give Django's mail settings from ``EMAIL_URL``; without it letters become files under ``var``."""
    if not environment.email_url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(environment.var / "letters"),
        }
    parts = urlsplit(environment.email_url)
    if parts.scheme not in {"smtp", "smtps", "smtp+tls"} or not parts.hostname:
        raise SettingProblem(
            "EMAIL_URL must look like smtp://user:password@host:25, smtp+tls://…:587 or smtps://…:465."
        )
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp+tls",
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": 20,
    }
