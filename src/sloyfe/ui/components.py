"""Small frozen objects that templates show; templates decide nothing themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Button:
    """Something that a person may do, or may not do for a stated reason.

    `why_not` is the text of the refusal that the action itself would raise; empty means it may be pressed.
    """

    label: str | Promise
    url: str
    why_not: str | Promise = ""
    method: str = "post"
    variant: str = "primary"

    @property
    def may(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class Crumb:
    label: str | Promise
    url: str = ""


@dataclass(frozen=True)
class Step:
    """One place in a process: done, where it stands now, or still to come."""

    label: str | Promise
    state: str  # "done" | "now" | "next"
    note: str | Promise = ""
