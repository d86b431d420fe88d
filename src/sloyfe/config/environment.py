"""What the environment says, in the shapes that Django's settings want.

The variables themselves, their defaults and their explanations stand in
`sloyfe.common.environment`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sloyfe.common import environment
from sloyfe.common.environment import DatabaseAddress, LetterBox, kept_secret
from sloyfe.database.server import Cluster


@dataclass(frozen=True)
class Environment:
    """The settings of this process."""

    var: Path
    secret_key: str
    debug: bool
    hosts: list[str]
    base_url: str
    database: DatabaseAddress
    letter_box: LetterBox
    sender: str
    behind_proxy: bool
    static_root: Path
    oidc: dict[str, Any] = field(default_factory=dict)


def read(root: Path) -> Environment:
    """Read the settings of this process from its environment."""
    var = environment.FOLDER_FOR_DATA.read().resolve()
    return Environment(
        var=var,
        secret_key=environment.SECRET_KEY.read() or kept_secret(var / "secrets" / "django"),
        debug=environment.DEBUG.read(),
        hosts=list(environment.HOSTS.read()),
        base_url=environment.BASE_URL.read(),
        # The address of the embedded server is known whether it runs or not.
        database=environment.DATABASE_URL.read()
        or environment.parse_database_url(Cluster(var / "database").url()),
        letter_box=environment.EMAIL_URL.read() or LetterBox(folder=var / "letters"),
        sender=environment.SENDER.read(),
        behind_proxy=environment.BEHIND_PROXY.read(),
        static_root=root / "build" / "static",
    )


def database_settings(environment: Environment) -> dict[str, Any]:
    """Give Django's connection settings."""
    return environment.database.as_django() | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}


def email_settings(environment: Environment) -> dict[str, Any]:
    """Give Django's mail settings."""
    box = environment.letter_box
    if box.folder is not None:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(box.folder),
        }
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": box.host,
        "EMAIL_PORT": box.port,
        "EMAIL_HOST_USER": box.user,
        "EMAIL_HOST_PASSWORD": box.password,
        "EMAIL_USE_TLS": box.encryption == "starttls",
        "EMAIL_USE_SSL": box.encryption == "tls",
        "EMAIL_TIMEOUT": 20,
    }
