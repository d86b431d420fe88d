"""Words for printed figures: what is printed, what came out, and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from sloyfe.analysis.rules.printed import FigureKind, Outcome, Verdict
from sloyfe.render import numbers
from sloyfe.render.blocks import Language

TIER_TEXT: dict[str, str | Promise] = {
    "grunntilbud": gettext_lazy("The basic offer"),
    "by_tettsted": gettext_lazy("The town programme"),
    "storby": gettext_lazy("The city programme"),
    "frame": gettext_lazy("Facts about programme and survey"),
}
OUTCOME_TEXT: dict[Outcome, str | Promise] = {
    Outcome.EXACT: gettext_lazy("Comes out exactly as printed"),
    Outcome.WORDS: gettext_lazy("Told in words, and holds"),
    Outcome.ROUNDING: gettext_lazy("Rounded in another way"),
    Outcome.CONTRADICTION: gettext_lazy("Does not fit"),
    Outcome.NOTHING: gettext_lazy("Nothing to calculate from"),
}
# Narrow heads for the table that sums up.
OUTCOME_HEAD: dict[Outcome, str | Promise] = {
    Outcome.EXACT: gettext_lazy("Exactly as printed"),
    Outcome.WORDS: gettext_lazy("Words that hold"),
    Outcome.ROUNDING: gettext_lazy("Other rounding"),
    Outcome.CONTRADICTION: gettext_lazy("Does not fit"),
    Outcome.NOTHING: gettext_lazy("Cannot be calculated"),
}
OUTCOME_NOTE: dict[Outcome, str | Promise] = {
    Outcome.EXACT: gettext_lazy(
        "Whole numbers of answers give the printed figure when we round once, half up. Printed counts agree"
        " with the other counts of the question, and printed orders with the counts."
    ),
    Outcome.WORDS: gettext_lazy(
        "A share or an order told in words. The counts bear it out as far as figures are printed."
    ),
    Outcome.ROUNDING: gettext_lazy(
        "The counts are found, but the printed figure was rounded twice, or added from parts that were"
        " rounded already. Ours differs by one."
    ),
    Outcome.CONTRADICTION: gettext_lazy(
        "No number of answers gives all the figures of the question, or the words say something else"
        " than the figure."
    ),
    Outcome.NOTHING: gettext_lazy(
        "The report tells it in words only, or does not give the result. We do not guess."
    ),
}
VERDICT_TEXT: dict[Verdict, str | Promise] = {
    Verdict.EXACT: gettext_lazy("Comes out exactly"),
    Verdict.IN_WORDS: gettext_lazy("Words that hold"),
    Verdict.PARTLY_IN_WORDS: gettext_lazy("Holds as far as figures are printed"),
    Verdict.PARTLY_PUBLISHED: gettext_lazy("Holds among what is printed"),
    Verdict.ROUNDED_TWICE: gettext_lazy("Rounded twice"),
    Verdict.SUM_OF_ROUNDED_PARTS: gettext_lazy("Sum of rounded parts"),
    Verdict.NO_COMMON_BASE: gettext_lazy("Fits no common number of answers"),
    Verdict.WORDS_AGAINST_FIGURE: gettext_lazy("Words and figure differ"),
    Verdict.AGAINST_COUNTS: gettext_lazy("Goes against the counts"),
    Verdict.WORDS_ONLY: gettext_lazy("Told in words only"),
    Verdict.RANK_WITHOUT_FIGURES: gettext_lazy("Placed without figures"),
    Verdict.SPREAD_WITHOUT_COUNTS: gettext_lazy("Said to differ, without numbers"),
    Verdict.NOT_PUBLISHED: gettext_lazy("Result not printed"),
    Verdict.STATED_FACT: gettext_lazy("A stated fact"),
}
KIND_TEXT: dict[FigureKind, str | Promise] = {
    FigureKind.PERCENT: gettext_lazy("percentage"),
    FigureKind.COUNT: gettext_lazy("count"),
    FigureKind.RATE: gettext_lazy("response rate"),
    FigureKind.FRACTION: gettext_lazy("share in words"),
    FigureKind.RANK: gettext_lazy("order"),
    FigureKind.PERIOD: gettext_lazy("date"),
}
_SHARES: dict[str, str | Promise] = {
    "~1/3": gettext_lazy("about a third"),
    "<1/3": gettext_lazy("a little under a third"),
    ">1/3": gettext_lazy("a little over a third"),
    "~3/4": gettext_lazy("nearly three in four"),
    "9/10": gettext_lazy("nine in ten"),
}
_PLACES: dict[str, str | Promise] = {
    "1": gettext_lazy("the highest"),
    "last": gettext_lazy("the lowest"),
    "equal": gettext_lazy("about the same in all regions"),
    "lowest_group": gettext_lazy("lower than the others"),
    "spread": gettext_lazy("the answers differ"),
    "60-85": gettext_lazy("not printed"),
    "": gettext_lazy("not printed"),
}
_SEPARATOR = {"=": " = ", ",": ", ", "": ""}


def language() -> Language:
    """The reader's language, as the renderer names it."""
    code = (get_language() or "nb").split("-")[0]
    return "nn" if code == "nn" else "en" if code == "en" else "nb"


def in_words(texts: Mapping[str, str]) -> str:
    """Data in several languages, in the reader's."""
    return texts.get(language()) or texts.get("nb") or ""


def printed_text(
    kind: FigureKind, value: str, n_stated: int | None, order: Sequence[Sequence[Any]], tier: str
) -> str:
    """Say what is printed, as the report says it."""
    if kind in (FigureKind.PERCENT, FigureKind.RATE):
        return numbers.percent(int(value), language())
    if kind == FigureKind.COUNT:
        if tier == "storby":
            return of(int(value), n_stated or 0)
        # A year is not a number of anything.
        return value if len(value) == 4 else numbers.number(int(value), language())
    if kind == FigureKind.FRACTION:
        return str(_SHARES.get(value, value))
    if kind == FigureKind.PERIOD:
        return _period(value)
    if order and value not in _PLACES:
        return " > ".join(
            _SEPARATOR[joint].join(in_words(name) for name in names) for joint, names in order
        )
    if value.startswith("<"):
        return _("lower than %(percent)s") % {
            "percent": numbers.percent(int(value[1:]), language())
        }
    return str(_PLACES.get(value, value))


def own_text(kind: FigureKind, own: int | None, fits: Sequence[Sequence[int]], tier: str) -> str:
    """Say what our own rounding gives; nothing where nothing can be calculated."""
    if own is None:
        return ""
    if kind == FigureKind.COUNT:
        return of(own, fits[0][0]) if tier == "storby" and fits else numbers.number(own, language())
    return numbers.percent(own, language())


def of(count: int, base: int) -> str:
    """So many of so many."""
    return _("%(count)s of %(base)s") % {"count": count, "base": base}


def exact_share(count: int, base: int, two_decimals: object) -> str:
    """A count of a base with its share in two decimals, as it was before rounding."""
    shown = numbers.percent(_decimal(two_decimals), language(), decimals=2)
    return _("%(count)s of %(base)s is %(share)s") % {"count": count, "base": base, "share": shown}


def _decimal(value: object) -> Any:
    from decimal import Decimal

    return Decimal(str(value))


def exact_text(kind: FigureKind, tier: str, item: str, calculation: str) -> str:
    """Say how a figure came out exactly."""
    if kind == FigureKind.RANK:
        return _("The counts give the same order.")
    if kind == FigureKind.COUNT and tier == "storby":
        return _("The number goes together with the other answers to the question.")
    if kind == FigureKind.COUNT:
        return _("The other figures of the question leave this number of answers.")
    return calculation


_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_MONTH = re.compile(r"(\d{4})-(\d{2})")


def _period(value: str) -> str:
    import datetime as dt

    parts = []
    for text in value.split("/"):
        if match := _DAY.fullmatch(text):
            parts.append(numbers.date(dt.date(*map(int, match.groups())), language()))
        elif match := _MONTH.fullmatch(text):
            first = numbers.date(dt.date(int(match[1]), int(match[2]), 1), language())
            # Without the day: "1. november 2017" is "november 2017" here.
            parts.append(first.split("\u00a0", 1)[1])
        else:
            parts.append(text)
    return "–".join(parts)


def lead(total: int, counted: Mapping[Outcome, int]) -> str:
    """The answer of the page in a sentence or two, from the counted figures."""
    first = _(
        "Of %(total)s figures in the three questionnaires, %(exact)s come out exactly as printed from whole"
        " numbers of answers."
    ) % {"total": total, "exact": counted.get(Outcome.EXACT, 0)}
    rest = _(
        "%(words)s are told in words that hold, %(rounding)s are rounded in another way, %(against)s do not"
        " fit, and %(nothing)s cannot be calculated from what is printed."
    ) % {
        "words": counted.get(Outcome.WORDS, 0),
        "rounding": counted.get(Outcome.ROUNDING, 0),
        "against": counted.get(Outcome.CONTRADICTION, 0),
        "nothing": counted.get(Outcome.NOTHING, 0),
    }
    return f"{first} {rest}"


def shown_text(shown: int, total: int) -> str:
    """How many figures a filter leaves."""
    return ngettext(
        "%(shown)s of %(total)s figures is shown.",
        "%(shown)s of %(total)s figures are shown.",
        shown,
    ) % {"shown": shown, "total": total}


def base_text(status: str, base: int | None, bases: Sequence[int]) -> str:
    """Say what is known of how many answered a question."""
    if base is None:
        return _("The number of answers is not known: no number fits all the figures.")
    if status == "stated":
        return _("%(base)s answers, as printed.") % {"base": base}
    others = ", ".join(str(n) for n in bases if n != base)
    if others:
        return _(
            "%(base)s answers (derived). %(others)s answers fit as well; the largest is used."
        ) % {
            "base": base,
            "others": others,
        }
    return _("%(base)s answers (derived). No other number fits.") % {"base": base}


def population_lead(printed: Mapping[str, Any], name: str) -> str:
    """Say how many were asked and how many answered, as printed."""
    values = {"name": name, "asked": printed["asked"], "answered": printed["answered"]}
    if printed["rate"] is None:
        return _("%(name)s: %(answered)s of %(asked)s municipalities answered.") % values
    values["rate"] = numbers.percent(printed["rate"], language())
    return _("%(name)s: %(answered)s of %(asked)s municipalities answered, %(rate)s.") % values
