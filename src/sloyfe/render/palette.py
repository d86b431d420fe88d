"""The colours of charts: one hue per pole, from light to dark, grey between.

Orange and blue stay apart for every common kind of colour blindness; printed in grey, the blue pole is
the darker one and white gaps part the pieces. Text on a colour has a contrast of at least 4.5 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from sloyfe.render.blocks import LikertPart
from sloyfe.render.canvas import INK, WHITE

NEUTRAL = "#C9CED4"
DONT_KNOW = "#F1F3F5"
DONT_KNOW_EDGE = "#AAB3BD"
BLUE = "#08457E"
_SHADES = {
    # From the end of the scale towards its middle, for one, two, three and four answers on a side.
    "positive": {
        1: ("#08457E",),
        2: ("#08457E", "#6BA6D6"),
        3: ("#08457E", "#3076B3", "#A3CBEA"),
        4: ("#08457E", "#2F75B2", "#76AFDC", "#B9D8F0"),
    },
    "negative": {
        1: ("#B0560F",),
        2: ("#B0560F", "#EDB377"),
        3: ("#A34B0A", "#E0914A", "#F4CDA0"),
        4: ("#A34B0A", "#D67F33", "#EDB377", "#F8DCBC"),
    },
}
_SCALE = ("#D6E7F5", "#A3CBEA", "#6BA6D6", "#2F75B2", "#08457E")


def of_parts(parts: Sequence[LikertPart]) -> dict[str, str]:
    """The colour of each answer of a scale, by its label: darker towards the scale's two ends."""
    colours = {part.label: DONT_KNOW for part in parts if part.mark == "dont_know"}
    scale = [part for part in parts if part.mark != "dont_know"]
    colours |= {part.label: NEUTRAL for part in scale if part.pole == "neutral"}
    for pole, shades in _SHADES.items():
        side = [(place, part) for place, part in enumerate(scale) if part.pole == pole]
        if not side:
            continue
        # The end of the scale is where this pole's parts lie: the side away from the others.
        others = [place for place, part in enumerate(scale) if part.pole != pole]
        starts = not others or side[0][0] < sum(others) / len(others)
        if not others:
            starts = pole == "negative"
        ordered = [part for _, part in side] if starts else [part for _, part in reversed(side)]
        tones = shades[min(max(len(ordered), 1), 4)]
        for place, part in enumerate(ordered):
            colours[part.label] = tones[min(place, len(tones) - 1)]
    return colours


def of_value(value: float, low: float, high: float) -> str:
    """A shade of blue in five equal steps from `low` to `high`."""
    if high <= low:
        return _SCALE[2]
    return _SCALE[min(4, int((value - low) / (high - low) * 5))]


def on(background: str) -> str:
    """Black or white ink, whichever reads better on a colour."""
    return max((INK, WHITE), key=lambda ink: contrast(ink, background))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2.2 defines it, from 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
