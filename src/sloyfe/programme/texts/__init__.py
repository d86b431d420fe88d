"""Words for programmes, by noun, and a sentence for each refusal."""

from __future__ import annotations

from sloyfe.programme.texts import programmes
from sloyfe.programme.texts.programmes import CAPACITY_TEXT as CAPACITY_TEXT

EVENTS = {**programmes.EVENTS}
REFUSALS = {**programmes.REFUSALS}
