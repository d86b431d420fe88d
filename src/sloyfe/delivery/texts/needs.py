"""Words for needs, and a sentence for each action and refusal."""

from __future__ import annotations

from django.utils.functional import Promise

EVENTS: dict[str, str | Promise] = {}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {}
REFUSALS: dict[str, str | Promise] = {}
