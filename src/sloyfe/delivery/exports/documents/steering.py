"""Matters that wait for a decision, and the steering dialogues in which they are taken, as documents."""

from __future__ import annotations

from django.utils.translation import gettext as _

from sloyfe.delivery.exports.documents.paper import (
    Paper,
    day_of,
    known,
    passages,
    words_table,
    written,
)
from sloyfe.delivery.models import AgendaItem, Decision, Matter, SteeringMeeting
from sloyfe.render.blocks import Answer, Block, Language, Table


def _decisions(rows: list[Decision], language: Language) -> Table:
    return words_table(
        _("Decisions"),
        _("What was decided"),
        [_("Who carries it out"), _("By"), _("Done")],
        [
            (
                each.text,
                (
                    str(each.owner),
                    written(each.due_on, language),
                    written(each.done_on, language),
                ),
            )
            for each in rows
        ],
    )


def matter(row: Matter, language: Language) -> Paper:
    """A matter: what is asked, what is proposed, what was answered and decided."""
    blocks: list[Block] = [
        Answer(
            _("%(asks)s asks %(decides)s, %(day)s.")
            % {
                "asks": row.asked_by,
                "decides": row.addressed_to,
                "day": written(row.asked_on, language),
            }
        ),
        *passages(
            [
                (_("The question that is asked"), row.text),
                (_("What is proposed"), row.proposal),
                (_("Answer"), row.answer),
            ]
        ),
    ]
    decisions = list(row.decisions.select_related("owner").order_by("decided_on", "pk"))
    if decisions:
        blocks.append(_decisions(decisions, language))
    return Paper(
        title=row.title,
        on=row.asked_on,
        sender=str(row.asked_by),
        receiver=str(row.addressed_to),
        blocks=tuple(blocks),
        dates=known(asked=row.asked_on, answered=day_of(row.answered_at)),
    )


def _about(item: AgendaItem) -> str:
    """Say what a line of the agenda was about; only one written by hand has words of its own."""
    if item.matter is not None:
        return item.matter.title
    if item.need is not None:
        return _("Need of %(municipality)s") % {"municipality": item.need.municipality}
    if item.decision is not None:
        return item.decision.text
    if item.summary is not None:
        where = str(item.summary.region) if item.summary.region else _("The nation")
        return _("Summary: %(where)s, %(year)s") % {
            "where": where,
            "year": item.summary.reporting_year.year,
        }
    return item.title


def steering_meeting(row: SteeringMeeting, language: Language) -> Paper:
    """A steering dialogue: agenda with what was said, minutes, decisions."""
    blocks: list[Block] = [Answer(written(row.on, language))]
    agenda = list(
        row.agenda.select_related(
            "matter", "need__municipality", "decision", "summary__region", "summary__reporting_year"
        ).order_by("position", "pk")
    )
    if agenda:
        blocks.append(
            words_table(
                _("Agenda"),
                _("Matter"),
                [_("What was said")],
                [(_about(each), (each.note or "–",)) for each in agenda],
            )
        )
    blocks += passages([(_("Minutes"), row.minutes)])
    decisions = list(row.decisions.select_related("owner").order_by("pk"))
    if decisions:
        blocks.append(_decisions(decisions, language))
    return Paper(
        title=_("Steering dialogue %(number)s, %(day)s")
        % {"number": row.number, "day": written(row.on, language)},
        on=row.on,
        sender=str(row.programme),
        receiver="",
        blocks=tuple(blocks),
        dates=known(held=row.on),
    )
