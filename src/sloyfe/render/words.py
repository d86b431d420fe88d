"""The few words the formats themselves add to a report, in the report's own language.

They follow the document, not the reader of the page, so they stand here and not in a catalogue.
"""

from __future__ import annotations

from typing import TypedDict

from sloyfe.render.blocks import CalloutKind, Language


class Words(TypedDict):
    """What a format writes of its own."""

    table: str
    figure: str
    source: str
    contents: str
    page: str
    """With the slots {page} and {pages}."""
    show_table: str
    appendix: str
    appendix_lead: str
    data_of: str
    """With the slot {number}."""
    note: str
    n: str
    percent: str
    hidden: str
    rank: str
    what: str
    value: str
    no_value: str
    published: str
    callouts: dict[CalloutKind, str]


WORDS: dict[Language, Words] = {
    "nb": {
        "table": "Tabell",
        "figure": "Figur",
        "source": "Kilde",
        "contents": "Innhold",
        "page": "Side {page} av {pages}",
        "show_table": "Vis tallene som tabell",
        "appendix": "Tallene bak figurene",
        "appendix_lead": "Her står tallene som figurene er tegnet av.",
        "data_of": "Tallene bak figur {number}",
        "note": "Merknad",
        "n": "N",
        "percent": "Prosent",
        "hidden": "Tallet vises ikke fordi det bygger på for få svar.",
        "rank": "Plass",
        "what": "Hva",
        "value": "Verdi",
        "no_value": "ikke oppgitt",
        "published": "Utgitt",
        "callouts": {
            "simulated": "Simulert innhold",
            "reconstructed": "Gjenskapt",
            "provisional": "Foreløpig",
            "small": "Få svar",
            "method": "Slik er det regnet",
            "reading": "Slik leser du tallene",
        },
    },
    "nn": {
        "table": "Tabell",
        "figure": "Figur",
        "source": "Kjelde",
        "contents": "Innhald",
        "page": "Side {page} av {pages}",
        "show_table": "Vis tala som tabell",
        "appendix": "Tala bak figurane",
        "appendix_lead": "Her står tala som figurane er teikna av.",
        "data_of": "Tala bak figur {number}",
        "note": "Merknad",
        "n": "N",
        "percent": "Prosent",
        "hidden": "Talet blir ikkje vist fordi det byggjer på for få svar.",
        "rank": "Plass",
        "what": "Kva",
        "value": "Verdi",
        "no_value": "ikkje oppgitt",
        "published": "Utgitt",
        "callouts": {
            "simulated": "Simulert innhald",
            "reconstructed": "Attskapt",
            "provisional": "Førebels",
            "small": "Få svar",
            "method": "Slik er det rekna",
            "reading": "Slik les du tala",
        },
    },
    "en": {
        "table": "Table",
        "figure": "Figure",
        "source": "Source",
        "contents": "Contents",
        "page": "Page {page} of {pages}",
        "show_table": "Show the numbers as a table",
        "appendix": "The numbers behind the figures",
        "appendix_lead": "These are the numbers from which the figures are drawn.",
        "data_of": "The numbers behind figure {number}",
        "note": "Note",
        "n": "N",
        "percent": "Per cent",
        "hidden": "The number is not shown because it rests on too few answers.",
        "rank": "Rank",
        "what": "What",
        "value": "Value",
        "no_value": "not given",
        "published": "Published",
        "callouts": {
            "simulated": "Simulated content",
            "reconstructed": "Reconstructed",
            "provisional": "Provisional",
            "small": "Few answers",
            "method": "How this was computed",
            "reading": "How to read the figures",
        },
    },
}
