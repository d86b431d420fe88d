"""Words of the programme year, by noun."""

from __future__ import annotations

from django.utils.functional import Promise

from sloyfe.delivery.texts import (
    agreements,
    descriptions,
    documents,
    groups,
    matters,
    meetings,
    needs,
    plans,
    reports,
    results,
    steering,
    summaries,
)

_NOUNS = (
    documents,
    descriptions,
    agreements,
    plans,
    meetings,
    needs,
    reports,
    results,
    summaries,
    steering,
    matters,
    groups,
)
EVENTS: dict[str, str | Promise] = {
    action: sentence for noun in _NOUNS for action, sentence in noun.EVENTS.items()
}
EVENT_WORDS = {action: words for noun in _NOUNS for action, words in noun.EVENT_WORDS.items()}
REFUSALS: dict[str, str | Promise] = {
    code: sentence for noun in _NOUNS for code, sentence in noun.REFUSALS.items()
}
