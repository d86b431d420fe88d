"""The life of a letter, without Django."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from string import Formatter


class LetterState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"  # claimed by a worker; if that worker dies, the letter becomes uncertain
    SENT = "sent"  # the server took it
    UNCERTAIN = "uncertain"  # the server may have taken it; never resent by itself
    FAILED = "failed"  # the server refused it for now; may be tried again
    BOUNCED = "bounced"  # the address does not take letters
    CANCELLED = "cancelled"


MOVES: dict[LetterState, frozenset[LetterState]] = {
    LetterState.QUEUED: frozenset({LetterState.SENDING, LetterState.CANCELLED}),
    LetterState.SENDING: frozenset(
        {LetterState.SENT, LetterState.UNCERTAIN, LetterState.FAILED, LetterState.BOUNCED}
    ),
    LetterState.SENT: frozenset({LetterState.BOUNCED}),
    LetterState.UNCERTAIN: frozenset({LetterState.QUEUED, LetterState.SENT, LetterState.CANCELLED}),
    LetterState.FAILED: frozenset({LetterState.QUEUED, LetterState.CANCELLED}),
    # Only to another address: whoever sends it again sees to that.
    LetterState.BOUNCED: frozenset({LetterState.QUEUED}),
    LetterState.CANCELLED: frozenset(),
}


# What a letter text may say, by kind of letter; the starred ones it must say.
SLOTS: dict[str, tuple[frozenset[str], frozenset[str]]] = (
    {
        kind: (
            frozenset(
                {
                    "organisation",
                    "round",
                    "link",
                    "closes",
                    "controller",
                    "contact",
                    "person",
                    "receipt",
                }
            ),
            frozenset(must),
        )
        for kind, must in {
            "invitation": {"link"},
            "reminder_1": {"link"},
            "reminder_2": {"link"},
            "receipt": set[str](),
            "sign_in": {"link"},
        }.items()
    }
    | {
        # To those whom a date on a programme's year wheel concerns, when it changes at short notice.
        kind: (frozenset({"organisation", "programme", "title", "reason", "link", *days}), must)
        for kind, days, must in (
            ("date_new", ("day",), frozenset({"title", "day", "reason"})),
            ("date_moved", ("day", "old_day"), frozenset({"title", "day", "old_day", "reason"})),
            ("date_cancelled", ("old_day",), frozenset({"title", "old_day", "reason"})),
        )
    }
    | {
        # About a need that a municipality has said; none of them holds what was written.
        kind: (
            frozenset({"organisation", "programme", "office", "link", *days}),
            frozenset({"link", *days}),
        )
        for kind, days in (
            ("need_confirm", ("last_day",)),
            ("need_received", ("day",)),
            ("need_answered", ()),
        )
    }
    | {
        # About a municipality's yearly report; none of them holds what stands in it.
        kind: (
            frozenset({"organisation", "programme", "office", "year", "day", "link"}),
            frozenset({"year", "day", "link"}),
        )
        for kind in ("report_invitation", "report_reminder", "report_receipt")
    }
    | {
        # That something has come to a report, an agreement or a meeting; none of them holds what was written.
        kind: (
            frozenset({"organisation", "programme", "office", "link", *more}),
            frozenset({"link", *more}),
        )
        for kind, more in (
            ("report_question", ("year",)),
            ("report_answered", ("year",)),
            ("report_extended", ("year", "day")),
            ("report_excused", ("year",)),
            ("agreement_sent", ()),
            ("meeting_planned", ("day",)),
        )
    }
)


def text_problems(code: str, subject: str, body: str) -> list[tuple[str, dict[str, str]]]:
    """Give what is wrong with a letter text, as refusal codes with details; empty when it may be sent.

    A slot is a word in braces, as in ``{organisation}``. A subject is one line.
    """
    may, must = SLOTS.get(code, (frozenset(), frozenset()))
    problems: list[tuple[str, dict[str, str]]] = []
    if not subject.strip() or not body.strip():
        problems.append(("letter.empty", {"code": code}))
    if "\n" in subject or "\r" in subject:
        problems.append(("letter.subject_is_one_line", {"code": code}))
    used: set[str] = set()
    for text in (subject, body):
        try:
            for _literal, slot, spec, conversion in Formatter().parse(text):
                if slot is None:
                    continue
                if spec or conversion or slot not in may:
                    problems.append(
                        ("letter.unknown_slot", {"slot": slot, "known": ", ".join(sorted(may))})
                    )
                used.add(slot)
        except ValueError:
            problems.append(("letter.broken_braces", {"code": code}))
    problems += [("letter.missing_slot", {"slot": slot}) for slot in sorted(must - used)]
    return problems


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values into a checked letter text. Raises KeyError when a slot has no value."""
    return Formatter().vformat(text, (), values)


def language_for(language_form: str) -> str:
    """Give the language of a letter from the municipality's decision; neutral and unknown get bokmål."""
    return "nn" if language_form == "nn" else "nb"
