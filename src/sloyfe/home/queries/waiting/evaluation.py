"""What waits and comes back in the evaluation: drafts, comments, surveys and reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sloyfe.accounts.models import Person
from sloyfe.comments.models import Comment
from sloyfe.comments.rules import Outcome
from sloyfe.delivery.rules.reports import YearState
from sloyfe.fieldwork.actions.mailings import link_for
from sloyfe.fieldwork.models import Case, Round
from sloyfe.fieldwork.rules import Disposition, RoundState
from sloyfe.home.queries.waiting.shapes import News, Waiting
from sloyfe.home.rules import NEWS_DAYS
from sloyfe.instruments.models import Version
from sloyfe.instruments.rules import VersionState
from sloyfe.instruments.rules.access import RIGHTS, Rights
from sloyfe.programme.queries import programmes_where, roles_of
from sloyfe.programme.rules import Capacity
from sloyfe.reports.models import Report
from sloyfe.reports.rules import ReportState
from sloyfe.ui.templatetags.ui import pick


def _comments_page(version: Version) -> str:
    return reverse(
        "instruments:comments",
        args=[version.instrument.programme.slug, version.instrument.code, version.number],
    )


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


def _drafts_to_comment(person: Person, today: dt.date) -> list[Waiting]:
    mine = _forms_of(person, today, lambda rights: rights.commenters)
    if mine is None:
        return []
    versions = Version.objects.filter(mine, state=VersionState.COMMENTING.value).select_related(
        "instrument__programme"
    )
    return [
        Waiting(
            text=_("The draft of “%(title)s” waits for your comments.")
            % {"title": pick(version.instrument.title)},
            programme=pick(version.instrument.programme.title),
            label=_("Write comments"),
            url=_comments_page(version),
            due=version.comments_by,
            is_late=version.comments_by is not None and version.comments_by < today,
        )
        for version in versions
    ]


def _comments_to_answer(person: Person, today: dt.date) -> list[Waiting]:
    mine = _forms_of(person, today, lambda rights: [rights.maker])
    if mine is None:
        return []
    versions = {
        str(version.pk): version
        for version in Version.objects.filter(
            mine, state__in=[VersionState.COMMENTING.value, VersionState.DRAFT.value]
        ).select_related("instrument__programme")
    }
    counts = (
        Comment.objects.filter(
            about_kind="instruments.version",
            about_id__in=list(versions),
            outcome=Outcome.OPEN.value,
        )
        .values_list("about_id")
        .annotate(number=Count("pk"))
    )
    found = []
    for about_id, number in counts:
        version = versions[about_id]
        text = ngettext(
            "%(number)s comment on “%(title)s” waits for an answer.",
            "%(number)s comments on “%(title)s” wait for an answer.",
            number,
        ) % {"number": number, "title": pick(version.instrument.title)}
        found.append(
            Waiting(
                text=text,
                programme=pick(version.instrument.programme.title),
                label=_("Write answers"),
                url=_comments_page(version),
                due=version.comments_by,
                is_late=version.comments_by is not None and version.comments_by < today,
            )
        )
    return found


def _rounds_to_follow(person: Person, today: dt.date) -> list[Waiting]:
    programmes = programmes_where(person, today, {Capacity.EVALUATOR})
    if not programmes:
        return []
    rounds = list(
        Round.objects.filter(programme__in=programmes, state=RoundState.OPEN.value).select_related(
            "programme"
        )
    )
    counts = {
        round_id: (asked, answered)
        for round_id, asked, answered in Case.objects.filter(population__round__in=rounds)
        .values_list("population__round_id")
        .annotate(
            asked=Count("pk", filter=~Q(disposition=Disposition.DRAWN.value)),
            answered=Count("pk", filter=Q(disposition=Disposition.COMPLETE.value)),
        )
    }
    return [
        Waiting(
            text=_("“%(title)s” is open: %(answered)s of %(asked)s have answered.")
            % {
                "title": pick(found.title),
                "asked": counts.get(found.pk, (0, 0))[0],
                "answered": counts.get(found.pk, (0, 0))[1],
            },
            programme=pick(found.programme.title),
            label=_("Follow up"),
            url=reverse("fieldwork:round", args=[found.slug]),
            due=found.closes_on,
            is_late=found.closes_on is not None and found.closes_on < today,
        )
        for found in rounds
    ]


def _reports_to_publish(person: Person, today: dt.date) -> list[Waiting]:
    """The owner publishes what nasjonalt fagansvar has made of a year that is closed."""
    programmes = programmes_where(person, today, {Capacity.OWNER})
    if not programmes:
        return []
    reports = (
        Report.objects.filter(
            programme__in=programmes,
            state=ReportState.DRAFT.value,
            reporting_year__state=YearState.CLOSED.value,
        )
        .exclude(made_by=person)
        .select_related("programme")
    )
    return [
        Waiting(
            text=_("“%(title)s” is a draft, which you publish.") % {"title": report.title},
            programme=pick(report.programme.title),
            label=_("Read the draft"),
            url=reverse("reports:report", args=[report.slug]),
        )
        for report in reports
    ]


def _reports_to_comment(person: Person, today: dt.date) -> list[Waiting]:
    programmes = programmes_where(person, today, {Capacity.PROJECT_GROUP})
    if not programmes:
        return []
    reports = Report.objects.filter(
        programme__in=programmes, state=ReportState.COMMENTING.value
    ).select_related("programme")
    return [
        Waiting(
            text=_("The draft of “%(title)s” waits for your comments.") % {"title": report.title},
            programme=pick(report.programme.title),
            label=_("Write comments"),
            url=reverse("reports:report", args=[report.slug]),
            due=report.comments_by,
            is_late=report.comments_by is not None and report.comments_by < today,
        )
        for report in reports
    ]


def _surveys_to_answer(person: Person, today: dt.date) -> list[Waiting]:
    """A municipality that has been drawn is led to its questionnaire; the link is made here and kept nowhere."""
    mine = [
        role.organisation_id
        for role in roles_of(person, today)
        if role.capacity is Capacity.MUNICIPALITY
    ]
    if not mine:
        return []
    cases = Case.objects.filter(
        organisation__in=mine,
        population__round__state=RoundState.OPEN.value,
        disposition__in=[
            Disposition.DRAWN.value,
            Disposition.INVITED.value,
            Disposition.BOUNCED.value,
            Disposition.PARTIAL.value,
        ],
    ).select_related("population__round__programme", "organisation")
    return [
        Waiting(
            text=_("%(organisation)s has been asked to answer “%(title)s”.")
            % {"organisation": case.organisation.name, "title": pick(case.population.round.title)},
            programme=pick(case.population.round.programme.title),
            label=_("Continue to answer")
            if case.disposition == Disposition.PARTIAL
            else _("Answer the survey"),
            url=link_for(case),
            due=case.population.round.closes_on,
            is_late=False,
        )
        for case in cases
    ]


WAITING: list[Callable[[Person, dt.date], list[Waiting]]] = [
    _drafts_to_comment,
    _reports_to_comment,
    _reports_to_publish,
    _comments_to_answer,
    _rounds_to_follow,
    _surveys_to_answer,
]


def _answered_comments(person: Person, since: dt.date) -> list[News]:
    comments = (
        Comment.objects.filter(author=person, answered_at__date__gte=since)
        .exclude(outcome=Outcome.OPEN.value)
        .order_by("-answered_at")[:20]
    )
    return [
        News(
            text=_("Your comment has been answered: “%(answer)s”")
            % {"answer": comment.answer[:160]},
            on=comment.answered_at.date(),
        )
        for comment in comments
        if comment.answered_at is not None
    ]


def _released_forms(person: Person, since: dt.date) -> list[News]:
    working = {
        Capacity.OWNER,
        Capacity.NATIONAL_LEAD,
        Capacity.EVALUATOR,
        Capacity.PROJECT_GROUP,
        Capacity.AUDITOR,
    }
    mine = _forms_of(person, since + NEWS_DAYS, lambda rights: working | rights.commenters)
    if mine is None:
        return []
    versions = Version.objects.filter(mine, released_at__date__gte=since).select_related(
        "instrument"
    )
    return [
        News(
            text=_("“%(title)s” was released.") % {"title": pick(version.instrument.title)},
            on=version.released_at.date(),
        )
        for version in versions
        if version.released_at is not None
    ]


def _closed_rounds(person: Person, since: dt.date) -> list[News]:
    programmes = programmes_where(person, since + NEWS_DAYS)
    if not programmes:
        return []
    rounds = Round.objects.filter(
        programme__in=programmes, state=RoundState.CLOSED.value, closed_at__date__gte=since
    )
    return [
        News(
            text=_("“%(title)s” was closed.") % {"title": pick(found.title)},
            on=found.closed_at.date(),
        )
        for found in rounds
        if found.closed_at is not None
    ]


def _published_reports(person: Person, since: dt.date) -> list[News]:
    reports = Report.objects.visible_to(person).filter(
        state=ReportState.PUBLISHED.value, published_at__date__gte=since
    )
    return [
        News(
            text=_("The report “%(title)s” was published.") % {"title": report.title},
            on=report.published_at.date(),
            url=reverse("reports:report", args=[report.slug]),
        )
        for report in reports
        if report.published_at is not None
    ]


NEWS: list[Callable[[Person, dt.date], list[News]]] = [
    _answered_comments,
    _released_forms,
    _closed_rounds,
    _published_reports,
]
