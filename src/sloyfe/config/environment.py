"""What the environment says, in the shapes that Django's settings want.

The variables themselves, their defaults and their explanations stand in
`sloyfe.common.environment`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sloyfe.common import environment
from sloyfe.common.environment import DatabaseAddress, LetterBox, kept_secret
from sloyfe.common.errors import SettingProblem
from sloyfe.database.server import Cluster

PROVIDER_ID = "virksomhet"


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
        """What allauth reads. Only the address is asked for, never a national number."""
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
    feedback_to: str
    oidc: OrganisationSignIn = field(default_factory=OrganisationSignIn)


def _organisation_sign_in() -> OrganisationSignIn:
    """Read the settings of the organisation's own sign-in: all of them, or none."""
    needed = (environment.OIDC_SERVER, environment.OIDC_CLIENT_ID, environment.OIDC_CLIENT_SECRET)
    server, client_id, secret = (setting.read() for setting in needed)
    if not (server or client_id or secret):
        return OrganisationSignIn()
    missing = [setting.name for setting in needed if not setting.read()]
    if missing:
        raise SettingProblem(
            f"Sign-in over OpenID Connect needs {', '.join(missing)} too."
            " Set it, or remove the other SLOYFE_OIDC settings to sign in by link only."
        )
    return OrganisationSignIn(
        server_url=server,
        client_id=client_id,
        secret=secret,
        name=environment.OIDC_NAME.read(),
        trusts_addresses=environment.OIDC_TRUST_ADDRESSES.read(),
    )


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
        feedback_to=environment.FEEDBACK_TO.read(),
        behind_proxy=environment.BEHIND_PROXY.read(),
        static_root=root / "build" / "static",
        oidc=_organisation_sign_in(),
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
