"""Words for results, and a sentence for each action and refusal."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from sloyfe.delivery.rules.results import Aggregation, Cell, Place, PlaceKind, Structure, rounded
from sloyfe.render import numbers
from sloyfe.render.blocks import HIDDEN, Language

STRUCTURE_TEXT: dict[Structure, str | Promise] = {
    Structure.AS_REPORTED: gettext_lazy("As they were that year"),
    Structure.TODAY: gettext_lazy("As they are today"),
}
AGGREGATION_TEXT: dict[Aggregation, str | Promise] = {
    Aggregation.SUM: gettext_lazy("The municipalities’ values are added up."),
    Aggregation.RATIO: gettext_lazy(
        "Worked out from the sums of all who gave both numbers, not from the municipalities’ own shares."
    ),
    Aggregation.LATEST: gettext_lazy(
        "Over several years, the newest value of each municipality counts; values of different years are not added."
    ),
    Aggregation.NONE: gettext_lazy("What the municipalities chose is counted, never added up."),
    Aggregation.TEXT: gettext_lazy("The municipalities’ own words, listed."),
}
NO_EFFECT: str | Promise = gettext_lazy(
    "What is reported for those who are meant to benefit is shown beside what the municipalities have done. The effect of the programme cannot be read from these figures."
)
GROUP_TEXT: dict[bool, str | Promise] = {
    True: gettext_lazy("For those who are meant to benefit"),
    False: gettext_lazy("What the municipalities do"),
}

EVENTS: dict[str, str | Promise] = {
    "delivery.results.define": gettext_lazy(
        "What is counted in %(about)s was written: %(areas)s effort areas and %(results)s results changed."
    ),
}
EVENT_WORDS: dict[str, dict[str, dict[str, str | Promise]]] = {}
REFUSALS: dict[str, str | Promise] = {
    "delivery.results.in_use": gettext_lazy(
        "Something that the file no longer counts has been reported already: %(codes)s. Keep it in the file."
    ),
    "delivery.results.aggregation_in_use": gettext_lazy(
        "%(code)s has been reported already, so how it is added up cannot be changed. Give the new way a new code."
    ),
    "delivery.results.not_yours": gettext_lazy(
        "The programme’s offices and municipalities see this page. The figures that everybody may see are on the programme’s open page."
    ),
    "delivery.results.regions_for_offices": gettext_lazy(
        "Only the programme’s offices see the regions side by side. You see your own region and the country."
    ),
    "delivery.results.not_your_region": gettext_lazy(
        "You see the region that your municipality lies in, and the country. Other regions are seen by the programme’s offices."
    ),
    "delivery.results.not_your_municipality": gettext_lazy(
        "You see the page of your own municipality. The pages of other municipalities are seen by the programme’s offices."
    ),
}


# Why a figure is written as ":", as in every table of the house.
HIDDEN_NOTE: str | Promise = gettext_lazy(
    "The figure rests on fewer than three municipalities or cases, or would tell of another one that does. It is not shown to the public."
)


def language() -> Language:
    """The reader's language, as the renderer names it."""
    code = (get_language() or "nb").split("-")[0]
    return "nn" if code == "nn" else "en" if code == "en" else "nb"


def number(value: object, decimals: int) -> str:
    """Write an exact value as people read it, rounded once."""
    from fractions import Fraction

    return numbers.number(rounded(Fraction(value), decimals), language(), decimals=decimals)  # type: ignore[call-overload]


def figure(cell: Cell, decimals: int) -> str:
    """Write a figure; words where there is none, never a zero that nobody has reported."""
    if cell.is_hidden:
        return HIDDEN
    if cell.value is not None:
        return number(cell.value, decimals)
    if cell.disagrees:
        return _("the numbers do not agree")
    if cell.reported:
        return _("cannot be worked out")
    if cell.withheld and not cell.missing:
        return _("not for you to read")
    return _("not reported") if cell.expected else "–"


def how_many(cell: Cell) -> str:
    """Say how many of how many have reported a figure."""
    if not cell.expected:
        return _("nobody was asked")
    return _("%(reported)s of %(expected)s") % {
        "reported": cell.reported,
        "expected": cell.expected,
    }


def not_finished(year: int, sent: int, expected: int, *, is_shown: bool) -> str:
    """Say that more reports are to come on a year, or that they have come and nobody has told of them yet.

    A page that shows the year says how many have come by itself.
    """
    if sent == expected:
        return _(
            "%(year)s is not finished: every report has come, but the national summary has not been sent."
        ) % {"year": year}
    if is_shown:
        return _(
            "%(year)s is not fully reported. The figures here change as more reports come."
        ) % {"year": year}
    return ngettext(
        "%(year)s is not fully reported: %(sent)s of %(count)s municipality has sent its report.",
        "%(year)s is not fully reported: %(sent)s of %(count)s municipalities have sent their report.",
        expected,
    ) % {"year": year, "sent": sent, "count": expected}


def withheld(count: int) -> str:
    """Say that reports are left out since the reader may not read them; nothing where there are none."""
    if not count:
        return ""
    return ngettext(
        "One report is not public. It is not in the figures you see here.",
        "%(count)s reports are not public. They are not in the figures you see here.",
        count,
    ) % {"count": count}


def place_name(place: Place, name: str) -> str:
    """Give the name of a line of figures."""
    if place.kind is PlaceKind.SPLIT:
        return _("Split, not placed")
    if place.kind is PlaceKind.NOWHERE:
        return _("In no region")
    return name or place.code
