"""Questions about meetings: what waits between a municipality and its office, for the agenda."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sloyfe.comments.models import Comment
from sloyfe.delivery.models import Measure, Meeting, Need, YearlyReport
from sloyfe.delivery.rules.agreements import MeetingState
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.needs import OPEN_NEEDS
from sloyfe.delivery.rules.plans import UNFINISHED
from sloyfe.delivery.rules.reports import ReportState

_SHOWN = 160  # characters of a need in the agenda
_FINISHED_REPORTS = (ReportState.CLOSED, ReportState.EXCUSED)


@dataclass(frozen=True)
class Waits:
    """What waits between the two sides of a meeting; only what everybody may read."""

    needs: tuple[str, ...]
    report: tuple[int, ReportState, dt.date] | None
    questions: tuple[str, ...]
    late: tuple[tuple[str, dt.date], ...]
    agreed_on: dt.date | None
    agreed: tuple[str, ...]


def what_waits(programme: int, municipality: int, on: dt.date) -> Waits:
    """Give what a meeting's agenda is made from. Five queries.

    The agenda is read by both sides, and by others when the meeting has been held, so what is closed to
    them leaves no words in it.
    """
    of_both = {"programme": programme, "municipality": municipality}
    needs = Need.objects.filter(
        **of_both, state__in=[s.value for s in OPEN_NEEDS], access=Access.PUBLIC.value
    ).order_by("received_at", "pk")
    report = (
        YearlyReport.objects.filter(**of_both)
        .exclude(state__in=[s.value for s in _FINISHED_REPORTS])
        .order_by("due_on")
        .values_list("reporting_year__year", "state", "due_on", "pk", "access")
        .first()
    )
    questions = (
        Comment.objects.unanswered()
        .filter(about_kind=YearlyReport._meta.label_lower, about_id=str(report[3]))
        .order_by("made_at", "pk")
        .values_list("text", flat=True)[:20]
        if report and report[4] == Access.PUBLIC
        else ()
    )
    late = Measure.objects.filter(
        plan__programme=programme,
        plan__municipality=municipality,
        plan__access=Access.PUBLIC.value,
        plan__year__gte=on.year - 1,
        status__in=[s.value for s in UNFINISHED],
        by_when__lt=on,
    ).order_by("by_when", "pk")
    last = (
        Meeting.objects.filter(
            **of_both, state=MeetingState.HELD.value, access=Access.PUBLIC.value, on__lte=on
        )
        .exclude(agreed="")
        .order_by("-on", "-pk")
        .first()
    )
    return Waits(
        needs=tuple(_short(text) for text in needs.values_list("text", flat=True)[:20]),
        report=(report[0], ReportState(report[1]), report[2]) if report else None,
        questions=tuple(_short(text) for text in questions),
        late=tuple(late.values_list("text", "by_when")[:20]),
        agreed_on=last.on if last else None,
        agreed=tuple(line.strip("-• \t") for line in last.agreed.splitlines() if line.strip())
        if last
        else (),
    )


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 1].rsplit(" ", 1)[0] + "…"
