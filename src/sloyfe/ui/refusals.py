"""Turns a refusal's code into the sentence that an app wrote for it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sloyfe.common.errors import Refused


@cache
def sentences() -> dict[str, str | Promise]:
    """Gather ``REFUSALS`` from the ``texts`` module of every app: code → sentence with named slots."""
    found: dict[str, str | Promise] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("sloyfe.") and find_spec(f"{config.name}.texts"):
            for code, text in getattr(
                import_module(f"{config.name}.texts"), "REFUSALS", {}
            ).items():
                if code in found:
                    raise LookupError(f"two sentences for the refusal {code}")
                found[code] = text
    return found


def sentence(refusal: Refused) -> str:
    """Say a refusal in the reader's language: what is wrong, where, what can be done."""
    text = sentences().get(refusal.code)
    if text is None:
        return _("This cannot be done now.")
    return str(text) % refusal.details


def refusal_text(check: Callable[..., None], *args: object) -> str:
    """Give the sentence of the refusal that a check raises, or nothing when it lets pass.

    What a button says when it may not be pressed is thereby always what the action itself would say.
    """
    try:
        check(*args)
    except Refused as refusal:
        return sentence(refusal)
    return ""
