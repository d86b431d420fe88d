"""What waits and comes back in the evaluation: drafts, comments, surveys and reports."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.accounts.models import Person
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.delivery.models import YearlyReport
from sloyfe.delivery.rules.reports import YearState
from sloyfe.fieldwork.actions.mailings import link_for
from sloyfe.fieldwork.models import Case, Round
from sloyfe.fieldwork.rules import Disposition, RoundState
from sloyfe.home.queries.waiting.shapes import News, Row, Source, Waiting, day, each
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import VersionState
from sloyfe.instruments.rules.access import RIGHTS, Rights
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.reports.models import Report
from sloyfe.reports.rules import ReportState
from sloyfe.ui.templatetags.ui import pick

_VERSION = {
    "programme": "instrument__programme__title",
    "title": "instrument__title",
    "slug": "instrument__programme__slug",
    "code": "instrument__code",
    "number": "number",
    "due": "comments_by",
}


def _comments_page(row: Row) -> str:
    return reverse("instruments:comments", args=[row["slug"], row["code"], row["number"]])


def _number(rows: Any) -> Coalesce:
    """Count rows of another table for each row; none is 0."""
    counted = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(counted.annotate(number=Count("pk")).values("number")), 0)


def _is_late(due: dt.date | None, today: dt.date) -> bool:
    return due is not None and due < today


def _forms_of(
    person: Person, on: dt.date, part: Callable[[Rights], Iterable[Capacity]]
) -> Q | None:
    """Give the versions of those forms in which a person's organisation has a part; nothing where it has none."""
    found = None
    for rights in RIGHTS.values():
        programmes = programmes_where(person, on, part(rights))
        if programmes:
            mine = Q(instrument__programme__in=programmes, instrument__kind__in=rights.kind_codes)
            found = mine if found is None else found | mine
    return found


def _drafts_to_comment(person: Person, today: dt.date) -> Source[Waiting] | None:
    mine = _forms_of(person, today, lambda rights: rights.commenters)
    if mine is None:
        return None

    def tell(row: Row) -> Waiting:
        due = day(row["due"])
        return Waiting(
            text=_("The draft of “%(title)s” waits for your comments.")
            % {"title": pick(row["title"])},
            programme=pick(row["programme"]),
            label=_("Write comments"),
            url=_comments_page(row),
            due=due,
            is_late=_is_late(due, today),
        )

    return Source(
        Version.objects.filter(mine, state=VersionState.COMMENTING.value), _VERSION, each(tell)
    )


def _comments_to_answer(person: Person, today: dt.date) -> Source[Waiting] | None:
    mine = _forms_of(person, today, lambda rights: [rights.maker])
    if mine is None:
        return None

    def tell(row: Row) -> Waiting | None:
        if not row["comments"]:
            return None
        due = day(row["due"])
        text = ngettext(
            "%(number)s comment on “%(title)s” waits for an answer.",
            "%(number)s comments on “%(title)s” wait for an answer.",
            row["comments"],
        )
        return Waiting(
            text=text % {"number": row["comments"], "title": pick(row["title"])},
            programme=pick(row["programme"]),
            label=_("Write answers"),
            url=_comments_page(row),
            due=due,
            is_late=_is_late(due, today),
        )

    comments = Comment.objects.unanswered().filter(
        about_kind=Version._meta.label_lower, about_id=Cast(OuterRef("pk"), CharField())
    )
    return Source(
        Version.objects.filter(
            mine, state__in=[VersionState.COMMENTING.value, VersionState.DRAFT.value]
        ),
        _VERSION | {"comments": _number(comments)},
        each(tell),
    )


def _rounds_to_follow(person: Person, today: dt.date) -> Source[Waiting] | None:
    programmes = programmes_where(person, today, {Capacity.EVALUATOR})
    if not programmes:
        return None

    def tell(row: Row) -> Waiting:
        due = day(row["due"])
        return Waiting(
            text=_("“%(title)s” is open: %(answered)s of %(asked)s have answered.")
            % (row | {"title": pick(row["title"])}),
            programme=pick(row["programme"]),
            label=_("Follow up"),
            url=reverse("fieldwork:round", args=[row["slug"]]),
            due=due,
            is_late=_is_late(due, today),
        )

    cases = Case.objects.filter(population__round=OuterRef("pk"))
    return Source(
        Round.objects.filter(programme__in=programmes, state=RoundState.OPEN.value),
        {
            "programme": "programme__title",
            "title": "title",
            "slug": "slug",
            "due": "closes_on",
            "asked": _number(cases.exclude(disposition=Disposition.DRAWN.value)),
            "answered": _number(cases.filter(disposition=Disposition.COMPLETE.value)),
        },
        each(tell),
    )


def _reports_to_publish(person: Person, today: dt.date) -> Source[Waiting] | None:
    """The owner publishes what nasjonalt fagansvar has made of a year that is closed."""
    programmes = programmes_where(person, today, {Capacity.OWNER})
    if not programmes:
        return None

    def tell(row: Row) -> Waiting:
        return Waiting(
            text=_("“%(title)s” is a draft, which you publish.") % row,
            programme=pick(row["programme"]),
            label=_("Read the draft"),
            url=reverse("reports:report", args=[row["slug"]]),
        )

    return Source(
        Report.objects.filter(
            programme__in=programmes,
            state=ReportState.DRAFT.value,
            reporting_year__state=YearState.CLOSED.value,
        ).exclude(made_by=person),
        {"programme": "programme__title", "title": "title", "slug": "slug"},
        each(tell),
    )


def _reports_to_comment(person: Person, today: dt.date) -> Source[Waiting] | None:
    programmes = programmes_where(person, today, {Capacity.PROJECT_GROUP})
    if not programmes:
        return None

    def tell(row: Row) -> Waiting:
        due = day(row["due"])
        return Waiting(
            text=_("The draft of “%(title)s” waits for your comments.") % row,
            programme=pick(row["programme"]),
            label=_("Write comments"),
            url=reverse("reports:report", args=[row["slug"]]),
            due=due,
            is_late=_is_late(due, today),
        )

    return Source(
        Report.objects.filter(programme__in=programmes, state=ReportState.COMMENTING.value),
        {"programme": "programme__title", "title": "title", "slug": "slug", "due": "comments_by"},
        each(tell),
    )


def _surveys_to_answer(person: Person, today: dt.date) -> Source[Waiting] | None:
    """A municipality that has been drawn is led to its questionnaire; the link is made here and kept nowhere."""
    mine = [
        role.organisation_id
        for role in roles_of(person, today)
        if role.capacity is Capacity.MUNICIPALITY
    ]
    if not mine:
        return None

    def tell(row: Row) -> Waiting:
        return Waiting(
            text=_("%(organisation)s has been asked to answer “%(title)s”.")
            % {"organisation": row["organisation"], "title": pick(row["title"])},
            programme=pick(row["programme"]),
            label=_("Continue to answer")
            if row["disposition"] == Disposition.PARTIAL
            else _("Answer the survey"),
            url=link_for(Case(pk=uuid.UUID(row["pk"]), link_generation=row["generation"])),
            due=day(row["due"]),
        )

    return Source(
        Case.objects.filter(
            organisation__in=mine,
            population__round__state=RoundState.OPEN.value,
            disposition__in=[
                Disposition.DRAWN.value,
                Disposition.INVITED.value,
                Disposition.BOUNCED.value,
                Disposition.PARTIAL.value,
            ],
        ),
        {
            "pk": "pk",
            "generation": "link_generation",
            "disposition": "disposition",
            "organisation": "organisation__name",
            "title": "population__round__title",
            "programme": "population__round__programme__title",
            "due": "population__round__closes_on",
        },
        each(tell),
    )


WAITING: list[Callable[[Person, dt.date], Source[Waiting] | None]] = [
    _drafts_to_comment,
    _reports_to_comment,
    _reports_to_publish,
    _comments_to_answer,
    _rounds_to_follow,
    _surveys_to_answer,
]


def _answered_comments(person: Person, since: dt.date) -> Source[News]:
    def tell(row: Row) -> News:
        return News(
            text=_("Your comment has been answered: “%(answer)s”")
            % {"answer": row["answer"][:160]},
            on=dt.date.fromisoformat(row["on"]),
        )

    return Source(
        Comment.objects.filter(author=person, answered_at__date__gte=since)
        .exclude(outcome=Outcome.OPEN.value)
        # What was asked about a report is told with the report.
        .exclude(about_kind=YearlyReport._meta.label_lower)
        .order_by("-answered_at")[:20],
        {"answer": "answer", "on": F("answered_at__date")},
        each(tell),
    )


def _released_forms(person: Person, since: dt.date) -> Source[News] | None:
    working = {
        Capacity.OWNER,
        Capacity.NATIONAL_LEAD,
        Capacity.EVALUATOR,
        Capacity.PROJECT_GROUP,
        Capacity.AUDITOR,
    }
    mine = _forms_of(person, since + NEWS_DAYS, lambda rights: working | rights.commenters)
    if mine is None:
        return None
    return Source(
        Version.objects.filter(mine, released_at__date__gte=since),
        {"title": "instrument__title", "on": F("released_at__date")},
        each(lambda row: _titled(_("“%(title)s” was released."), row)),
    )


def _closed_rounds(person: Person, since: dt.date) -> Source[News] | None:
    programmes = programmes_where(person, since + NEWS_DAYS)
    if not programmes:
        return None
    return Source(
        Round.objects.filter(
            programme__in=programmes, state=RoundState.CLOSED.value, closed_at__date__gte=since
        ),
        {"title": "title", "on": F("closed_at__date")},
        each(lambda row: _titled(_("“%(title)s” was closed."), row)),
    )


def _titled(text: str, row: Row) -> News:
    return News(text=text % {"title": pick(row["title"])}, on=dt.date.fromisoformat(row["on"]))


def _published_reports(person: Person, since: dt.date) -> Source[News]:
    def tell(row: Row) -> News:
        return News(
            text=_("The report “%(title)s” was published.") % row,
            on=dt.date.fromisoformat(row["on"]),
            url=reverse("reports:report", args=[row["slug"]]),
        )

    return Source(
        Report.objects.visible_to(person).filter(
            state=ReportState.PUBLISHED.value, published_at__date__gte=since
        ),
        {"title": "title", "slug": "slug", "on": F("published_at__date")},
        each(tell),
    )


NEWS: list[Callable[[Person, dt.date], Source[News] | None]] = [
    _answered_comments,
    _released_forms,
    _closed_rounds,
    _published_reports,
]
