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
    oidc: dict[str, Any] = field(default_factory=dict)


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


def read(root: Path) -> Environment:
    """Read the settings of this process from its environment."""
    var = Path(os.environ.get("SLOYFE_VAR") or root / "var").resolve()
    port = os.environ.get("SLOYFE_PORT", "8137")
    base_url = (os.environ.get("SLOYFE_BASE_URL") or f"http://127.0.0.1:{port}").rstrip("/")
    return Environment(
        var=var,
        secret_key=os.environ.get("SLOYFE_SECRET_KEY") or _secret(var / "secrets", "django"),
        debug=os.environ.get("SLOYFE_DEBUG", "") == "1",
        hosts=(os.environ.get("SLOYFE_HOSTS") or "127.0.0.1,localhost,testserver").split(","),
        base_url=base_url,
        database_url=os.environ.get("DATABASE_URL", ""),
        email_url=os.environ.get("EMAIL_URL", ""),
        sender=os.environ.get("SLOYFE_SENDER", "Sløyfe <sloyfe@localhost>"),
        behind_proxy=os.environ.get("SLOYFE_BEHIND_PROXY", "") == "1",
        static_root=root / "build" / "static",
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
