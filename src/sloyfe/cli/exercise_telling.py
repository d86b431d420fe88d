"""What the exercise tells in writing: its two descriptions, version by version, and the report of each ended year.

Written as `exercise_year` is: from what stands, so that loading may be killed anywhere and run again. What
somebody has written or published since is left alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sloyfe.cli.exercise_year import Year, at

if TYPE_CHECKING:
    from sloyfe.accounts.models import Person
    from sloyfe.programme.rules.descriptions import Audience


def _person(role: str) -> Person | None:
    from sloyfe.accounts.models import Person
    from sloyfe.programme.actions.demo import DOMAIN

    return Person.objects.filter(is_demo=True, email=f"{role}@{DOMAIN}").first()


def describe(year: Year) -> int:
    """Let nasjonalt fagansvar publish each version of both descriptions. Gives how many were published."""
    from sloyfe.programme.rules.descriptions import Audience

    lead = _person("fagansvar")
    if lead is None:
        return 0
    return sum(
        _publish(year, Audience(name), number, told, lead)
        for name, versions in year.told["descriptions"].items()
        for number, told in enumerate(versions, start=1)
    )


def _publish(
    year: Year, audience: Audience, number: int, told: Mapping[str, Any], lead: Person
) -> int:
    from django.db import transaction

    from sloyfe.delivery.queries.descriptions import chapters_now
    from sloyfe.programme.actions import descriptions
    from sloyfe.programme.models import DescriptionVersion
    from sloyfe.programme.queries.descriptions import draft_of
    from sloyfe.programme.rules.descriptions import content_hash

    there = DescriptionVersion.objects.filter(programme=year.programme, audience=audience.value)
    draft = draft_of(year.programme, audience)
    # Whoever has written introductions since, or published, goes on by themselves.
    if there.count() != number - 1 or draft.revision != number - 1:
        return 0
    now = at(told["day"])
    with transaction.atomic():
        descriptions.save_introductions(
            programme=year.programme,
            audience=audience,
            introductions=told["introductions"],
            revision=draft.revision,
            actor=lead,
            now=now,
        )
        chapters = chapters_now(year.programme, audience, dt.date.fromisoformat(told["day"]))
        descriptions.publish_version(
            programme=year.programme,
            audience=audience,
            chapters=chapters,
            note=told.get("note", ""),
            looked_at=content_hash(chapters),
            actor=lead,
            now=now,
        )
    return 1


def tell_years(year: Year) -> int:
    """Let nasjonalt fagansvar make the report of each ended year, and the owner publish those that are told to be.

    Gives how many were made or published.
    """
    lead, owner = _person("fagansvar"), _person("eier")
    if lead is None or owner is None:
        return 0
    return sum(_tell_year(year, told, lead, owner) for told in year.told["programme_reports"])


def _tell_year(year: Year, told: Mapping[str, Any], lead: Person, owner: Person) -> int:
    from sloyfe.delivery.models import ReportingYear
    from sloyfe.reports import actions
    from sloyfe.reports.models import Report
    from sloyfe.reports.queries.documents import owner_of
    from sloyfe.reports.rules import ReportState

    reporting = (
        ReportingYear.objects.filter(programme=year.programme, year=told["year"])
        .select_related("programme", "form__instrument")
        .first()
    )
    if reporting is None:
        return 0
    report = (
        Report.objects.filter(reporting_year=reporting)
        .select_related("programme", "round", "reporting_year__form__instrument")
        .first()
    )
    done = 0
    if report is None:
        report = actions.make_report_of_year(
            year=reporting,
            slug=f"{year.programme.slug}-{told['year']}",
            title=told["title"],
            subtitle=told["subtitle"],
            language=told["language"],
            publisher=owner_of(year.programme, year.today),
            actor=lead,
            now=at(told["made"]),
        )
        done += 1
    # One that somebody has made or written by themselves is theirs to publish.
    is_ours = (report.made_by_id, report.title, report.revision) == (lead.pk, told["title"], 0)
    if "published" in told and is_ours and report.state == ReportState.DRAFT:
        actions.publish(report=report, actor=owner, now=at(told["published"]))
        done += 1
    return done
