"""Access level and journal reference of case documents: one action for every kind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from sloyfe.audit.actions import action
from sloyfe.common.errors import ChangedMeanwhile, NotPossible
from sloyfe.delivery.models import Need, Result, YearlyReport
from sloyfe.delivery.permissions.documents import check_may_set_access, check_may_take_out
from sloyfe.delivery.queries.documents import AnyDocument, kind_of
from sloyfe.delivery.queries.reports import told_without_words
from sloyfe.delivery.rules.documents import (
    Access,
    access_problem,
    access_revision,
    levels_of,
)
from sloyfe.delivery.rules.prefill import taken_back
from sloyfe.delivery.rules.reports import WRITABLE
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import Visitor


def set_access(
    *,
    document: AnyDocument,
    access: Access,
    legal_ground: str,
    journal_reference: str,
    revision: str,
    actor: Visitor,
    now: dt.datetime,
) -> AnyDocument:
    """Say who may read a document and on what legal ground, and write its reference in the journal.

    `revision` is the `access_revision` that was seen; raises ChangedMeanwhile when it stands otherwise now.
    What was reported follows the report: figures and words of a closed report leave the open pages in the
    same transaction.
    """
    check_may_set_access(actor, document, timezone.localdate(now))
    ground, reference = legal_ground.strip(), journal_reference.strip()
    if wrong := access_problem(access, ground, reference):
        raise NotPossible(wrong)
    if access not in levels_of(kind_of(document)) and document.access != access.value:
        raise NotPossible("delivery.document.municipality_wrote_it")
    with action(
        "delivery.document.access",
        actor=actor,
        now=now,
        about=document,
        access=access.value,
        kind=kind_of(document).value,
    ):
        rows: Any = type(document)._base_manager
        stands = (
            rows.select_for_update(no_key=True)
            .values_list("access", "legal_ground", "journal_reference")
            .get(pk=document.pk)
        )
        if access_revision(*stands) != revision:
            raise ChangedMeanwhile("delivery.document.access_changed_meanwhile")
        document.access, document.legal_ground = access.value, ground
        document.journal_reference = reference
        document.save(update_fields=["access", "legal_ground", "journal_reference"])
        # The row is held, so of two at once the later one also writes the results last.
        if isinstance(document, YearlyReport):
            Result.objects.filter(report=document).update(is_public=access is Access.PUBLIC)
        if isinstance(document, Need) and access is not Access.PUBLIC:
            _take_words_out_of_reports(document)
    return document


def _take_words_out_of_reports(need: Need) -> None:
    """Let reports that are still being written say only that there is a need, where its words were filled in."""
    reports = YearlyReport.objects.select_for_update(of=("self",), no_key=True).filter(
        programme=need.programme_id,
        municipality=need.municipality_id,
        state__in=[state.value for state in WRITABLE],
    )
    for report in reports:
        changes = taken_back(report.answers, report.sources, need.text, told_without_words(need))
        if changes:
            report.answers = {**report.answers, **changes}
            report.revision += 1
            report.save(update_fields=["answers", "revision"])


def note_export(*, document: AnyDocument, actor: Visitor, now: dt.datetime) -> None:
    """Write down that somebody took a document out for the archive."""
    check_may_take_out(document)
    with action("delivery.document.export", actor=actor, now=now, about=document):
        pass


def note_archive(
    *, programme: Programme, year: int, documents: int, actor: Visitor | None, now: dt.datetime
) -> None:
    """Write down that documents of a year were taken out for the archive, and how many."""
    with action(
        "delivery.archive.export",
        actor=actor,
        now=now,
        about=programme,
        year=year,
        documents=documents,
    ):
        pass
