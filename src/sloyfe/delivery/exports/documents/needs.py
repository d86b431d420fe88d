"""Needs notifications as documents. The address of whoever wrote stands in no archive."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from sloyfe.delivery.exports.documents.paper import Paper, day_of, known, passages, written
from sloyfe.delivery.models import Need
from sloyfe.render.blocks import Answer, Language


def need(row: Need, language: Language) -> Paper:
    """A need: what was said, what was decided to be done, what was answered."""
    on = day_of(row.received_at) or timezone.localtime(row.written_at).date()
    return Paper(
        title=_("Needs notification from %(municipality)s, %(day)s")
        % {"municipality": row.municipality, "day": written(on, language)},
        on=on,
        sender=str(row.municipality),
        receiver=str(row.office or row.programme),
        blocks=(
            Answer(
                _("Received on %(day)s by %(office)s.")
                % {"day": written(on, language), "office": row.office or row.programme}
            ),
            *passages(
                [
                    (_("What the municipality needs"), row.text),
                    (_("Who does what next"), row.triage_note),
                    (_("Why it was raised to nasjonalt fagansvar"), row.raised_why),
                    (_("Answer"), row.answer),
                ]
            ),
        ),
        dates=known(
            received=day_of(row.received_at),
            triaged=day_of(row.triaged_at),
            raised=day_of(row.raised_at),
            answered=day_of(row.answered_at),
            closed=day_of(row.closed_at),
        ),
    )
