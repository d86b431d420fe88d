"""Words for programmes, by noun, and a sentence for each refusal."""

from __future__ import annotations

from sloyfe.programme.texts import descriptions, mandates, programmes, year_wheel
from sloyfe.programme.texts.programmes import CAPACITY_TEXT as CAPACITY_TEXT

EVENTS = {**programmes.EVENTS, **mandates.EVENTS, **year_wheel.EVENTS, **descriptions.EVENTS}
REFUSALS = {
    **programmes.REFUSALS,
    **mandates.REFUSALS,
    **year_wheel.REFUSALS,
    **descriptions.REFUSALS,
}
