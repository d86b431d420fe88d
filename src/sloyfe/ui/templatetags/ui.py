"""Tags for the components; loaded in every template."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from sloyfe.ui.components import Button

register = template.Library()


@register.inclusion_tag("ui/button.html", takes_context=True)
def button(context: dict[str, Any], button: Button) -> dict[str, Any]:
    """Show a button, or the reason why it may not be pressed."""
    return {"button": button, "csrf_token": context.get("csrf_token", "")}


def pick(texts: dict[str, str] | None, language: str | None = None) -> str:
    """Give the wording in the reader's language; falls back to bokmål, then to what there is."""
    if not texts:
        return ""
    code = (language or get_language() or "nb").split("-")[0]
    return texts.get(code) or texts.get("nb") or next(iter(texts.values()), "")


@register.filter
def wording(texts: dict[str, str] | None) -> str:
    """Show data with nb, nn and en columns in the reader's language."""
    return pick(texts)
