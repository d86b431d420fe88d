"""What waits and comes back with yearly reports: to write, to confirm, to receive, to answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.accounts.models import Person
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.delivery.models import YearlyReport
from sloyfe.delivery.models.visible import reach_of
from sloyfe.delivery.rules.reports import SENT_STATES, WRITABLE, ReportState, YearState
from sloyfe.home.queries.waiting.shapes import PLACE, News, Row, Source, Waiting, day, each
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.organisations.models import Affiliation
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.ui.templatetags.ui import pick

_REPORT = PLACE | {"year": "reporting_year__year", "office": "office__name", "state": "state"}


def _municipalities(person: Person, on: dt.date) -> list[int]:
    return [
        role.organisation_id
        for role in roles_of(person, on)
        if role.capacity is Capacity.MUNICIPALITY
    ]


def _url(row: Row, name: str = "report") -> str:
    return reverse(f"delivery:{name}", args=[row["slug"], row["year"], row["place"]])


def _reports_to_write(person: Person, today: dt.date) -> Source[Waiting] | None:
    """A municipality is led to the report that it has not sent."""
    mine = _municipalities(person, today)
    if not mine:
        return None

    def tell(row: Row) -> Waiting:
        confirms = row["state"] == ReportState.TO_CONFIRM
        text = (
            _(
                "The yearly report for %(year)s is filled in. %(municipality)s confirms and sends it."
            )
            if confirms
            else _("%(municipality)s sends its yearly report for %(year)s.")
        )
        due = dt.date.fromisoformat(row["due"])
        return Waiting(
            text=text % row,
            programme=pick(row["programme"]),
            label=_("Look over and send")
            if confirms
            else _("Go on with the report")
            if row["state"] == ReportState.BEGUN
            else _("Fill in the report"),
            url=_url(row, "report_check" if confirms else "report_go_on"),
            due=due,
            is_late=due < today,
        )

    return Source(
        YearlyReport.objects.filter(
            municipality__in=mine,
            state__in=[state.value for state in WRITABLE],
            reporting_year__state=YearState.OPEN.value,
        ),
        _REPORT | {"due": "due_on"},
        each(tell),
    )


def _reports_to_treat(person: Person, today: dt.date) -> Source[Waiting] | None:
    """An office is told how many reports wait to be received and answered, once for each year."""
    programmes = programmes_where(person, today, {Capacity.REGIONAL_OFFICE})
    if not programmes:
        return None

    def tell(rows: list[Row]) -> list[Waiting]:
        piles: dict[tuple[str, int, bool], list[Row]] = {}
        for row in rows:
            is_new = row["state"] == ReportState.SENT
            piles.setdefault((row["slug"], row["year"], is_new), []).append(row)
        return [_pile(pile, today, is_new=key[2]) for key, pile in piles.items()]

    wanted = (ReportState.SENT, ReportState.RECEIVED, ReportState.DISCUSSED)
    return Source(
        YearlyReport.objects.filter(
            municipality__in=reach_of(person, today).region,
            programme__in=programmes,
            state__in=[state.value for state in wanted],
        ),
        _REPORT | {"due": "reporting_year__answer_by", "since": F("sent_at__date")},
        tell,
    )


def _pile(pile: list[Row], today: dt.date, *, is_new: bool) -> Waiting:
    one, number = pile[0], len(pile)
    if is_new:
        text = ngettext(
            "%(number)s yearly report for %(year)s waits to be received.",
            "%(number)s yearly reports for %(year)s wait to be received.",
            number,
        )
    else:
        text = ngettext(
            "%(number)s yearly report for %(year)s waits for an answer.",
            "%(number)s yearly reports for %(year)s wait for an answer.",
            number,
        )
    show = "mottak" if is_new else "svar"
    due = dt.date.fromisoformat(one["due"])
    return Waiting(
        text=text % {"number": number, "year": one["year"]},
        programme=pick(one["programme"]),
        label=_("Receive") if is_new else _("Answer the reports"),
        url=reverse("delivery:reporting") + f"?program={one['slug']}&aar={one['year']}&vis={show}",
        due=due,
        since=day(min(row["since"] for row in pile)),
        is_late=due < today,
    )


def _questions_to_reply_to(person: Person, today: dt.date) -> Source[Waiting] | None:
    """The side that was asked is told of the questions that have no reply, once for each report."""
    mine = set(_municipalities(person, today))
    offices = programmes_where(person, today, {Capacity.REGIONAL_OFFICE})
    if not (mine or offices):
        return None

    def tell(row: Row) -> Waiting | None:
        own = row["municipality_id"] in mine
        # Those of the other side: a municipality does not reply to itself.
        asked = [each["at"] for each in row["asked"] if each["by_municipality"] is not own]
        if not asked:
            return None
        text = ngettext(
            "%(number)s question about the yearly report of %(municipality)s waits for a reply.",
            "%(number)s questions about the yearly report of %(municipality)s wait for a reply.",
            len(asked),
        )
        return Waiting(
            text=text % {"number": len(asked), **row},
            programme=pick(row["programme"]),
            label=_("Reply"),
            url=_url(row),
            since=day(min(asked)),
        )

    open_questions = _open_questions()
    works_there: Any = Affiliation.objects.filter(
        person=OuterRef("author"), organisation=OuterRef(OuterRef("municipality"))
    )
    reports = YearlyReport.objects.filter(
        Q(municipality__in=mine)
        | Q(municipality__in=reach_of(person, today).region, programme__in=offices),
        Exists(open_questions),
    ).annotate(
        asked=ArraySubquery(
            open_questions.annotate(of_place=Exists(works_there)).values(
                one=JSONObject(at=F("made_at__date"), by_municipality="of_place")
            )
        )
    )
    return Source(
        reports, _REPORT | {"municipality_id": "municipality_id", "asked": "asked"}, each(tell)
    )


def _reports_to_close(person: Person, today: dt.date) -> Source[Waiting] | None:
    """An office is told how many answered reports have nothing left to reply to, once for each year."""
    programmes = programmes_where(person, today, {Capacity.REGIONAL_OFFICE})
    if not programmes:
        return None

    def tell(rows: list[Row]) -> list[Waiting]:
        piles: dict[tuple[str, int], list[Row]] = {}
        for row in rows:
            piles.setdefault((row["slug"], row["year"]), []).append(row)
        return [
            Waiting(
                text=ngettext(
                    "%(number)s yearly report for %(year)s is answered and can be closed.",
                    "%(number)s yearly reports for %(year)s are answered and can be closed.",
                    len(pile),
                )
                % {"number": len(pile), "year": year},
                programme=pick(pile[0]["programme"]),
                label=_("Open the reports"),
                url=reverse("delivery:reporting") + f"?program={slug}&aar={year}&vis=lukk",
            )
            for (slug, year), pile in piles.items()
        ]

    return Source(
        YearlyReport.objects.filter(
            ~Exists(_open_questions()),
            municipality__in=reach_of(person, today).region,
            programme__in=programmes,
            state=ReportState.ANSWERED.value,
        ),
        _REPORT,
        tell,
    )


def _open_questions() -> Any:
    return Comment.objects.unanswered().filter(
        about_kind=YearlyReport._meta.label_lower, about_id=Cast(OuterRef("pk"), CharField())
    )


WAITING: list[Callable[[Person, dt.date], Source[Waiting] | None]] = [
    _reports_to_write,
    _reports_to_treat,
    _reports_to_close,
    _questions_to_reply_to,
]


def _came_back(person: Person, since: dt.date) -> Source[News] | None:
    """What the office did with a municipality's report."""
    mine = _municipalities(person, since + NEWS_DAYS)
    if not mine:
        return None

    def tell(row: Row) -> News:
        text = (
            _("%(office)s has answered the yearly report for %(year)s.")
            if row["answered"]
            else _("%(office)s has received the yearly report for %(year)s.")
        )
        on = dt.date.fromisoformat(row["answered"] or row["received"])
        return News(text=text % row, on=on, url=_url(row))

    return Source(
        YearlyReport.objects.filter(
            Q(received_at__date__gte=since) | Q(answered_at__date__gte=since),
            municipality__in=mine,
            state__in=[state.value for state in SENT_STATES],
        ),
        _REPORT | {"received": F("received_at__date"), "answered": F("answered_at__date")},
        each(tell),
    )


def _replied(person: Person, since: dt.date) -> Source[News] | None:
    """Replies to what somebody asked about a report, with the way to it."""
    if not roles_of(person, since + NEWS_DAYS):
        return None

    def tell(row: Row) -> News:
        return News(
            text=_(
                "There is a reply to your question about the yearly report of %(municipality)s for %(year)s."
            )
            % row,
            on=dt.date.fromisoformat(row["on"]),
            url=_url(row),
        )

    replies: Any = Comment.objects.filter(
        author=person.pk,
        about_kind=YearlyReport._meta.label_lower,
        about_id=Cast(OuterRef("pk"), CharField()),
        outcome=Outcome.FOLLOWED.value,
        answered_at__date__gte=since,
    ).order_by("-answered_at")
    return Source(
        YearlyReport.objects.visible_to(person, since + NEWS_DAYS)
        .filter(Exists(replies))
        .annotate(replied=Subquery(replies.values("answered_at__date")[:1])),
        _REPORT | {"on": "replied"},
        each(tell),
    )


NEWS: list[Callable[[Person, dt.date], Source[News] | None]] = [_came_back, _replied]
