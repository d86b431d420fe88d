"""Small frozen objects that templates show; templates decide nothing themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Button:
    """Something that a person may do, or may not do for a stated reason.

    `why_not` is the text of the refusal that the action itself would raise; empty means it may be pressed.
    `color` is ``danger`` where something is lost.
    """

    label: str | Promise
    url: str
    why_not: str | Promise = ""
    method: str = "post"
    variant: str = "primary"
    color: str = ""

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


@dataclass(frozen=True)
class FieldProblem:
    """One thing that must be put right in a form, and the id of the field where that is done."""

    text: str | Promise
    anchor: str = ""


@dataclass(frozen=True)
class Work:
    """Long work under way: what it does and how far it has come, in words and as a number.

    `url` answers the component alone (fetched every other second); `page_url` is a whole page that
    shows the same without JavaScript. `total` is 0 where nobody knows how much there is to do.
    """

    label: str | Promise
    words: str | Promise
    url: str
    is_running: bool
    done: int = 0
    total: int = 0
    page_url: str = ""
    result_url: str = ""
