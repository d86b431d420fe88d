"""Programme agreements and meetings as documents."""

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
from sloyfe.delivery.models import Agreement, Meeting
from sloyfe.delivery.rules.agreements import Side, last_day
from sloyfe.render.blocks import Answer, Block, Language
from sloyfe.ui.templatetags.ui import pick


def agreement(row: Agreement, language: Language) -> Paper:
    """A version of a programme agreement: what both owe, from when, who stands behind it."""
    blocks: list[Block] = [
        Answer(
            _("The agreement holds from %(start)s to %(end)s.")
            % {
                "start": written(row.valid_from, language),
                "end": written(last_day(row.valid_to), language),
            }
            if row.valid_to
            else _("The agreement holds from %(start)s until one of the two ends it.")
            % {"start": written(row.valid_from, language)}
        ),
        *passages(
            [
                (_("Background"), row.background),
                (_("What the municipality does"), row.municipality_does),
                (_("What the regional office does"), row.office_does),
            ]
        ),
    ]
    priorities = row.priorities.select_related("area").order_by("position", "pk")
    listed = [(pick(each.area.title, language), (each.why,)) for each in priorities]
    if listed:
        blocks.append(
            words_table(_("What is put first"), _("Effort area"), [_("Why")], listed),
        )
    sides = {
        Side.MUNICIPALITY.value: _("the municipality"),
        Side.OFFICE.value: _("the regional office"),
    }
    roles = [
        (each.name, (each.title, sides.get(each.side, each.side)))
        for each in row.roles.order_by("side", "pk")
    ]
    if roles:
        blocks.append(words_table(_("Who has which role"), _("Name"), [_("Role"), _("For")], roles))
    if row.end_reason and row.ended_on:
        ended = _("The last day on which it held was %(day)s.") % {
            "day": written(last_day(row.ended_on), language)
        }
        blocks += passages([(_("How the agreement ended"), f"{ended}\n\n{row.end_reason}")])
    title = _("Programme agreement with %(municipality)s, version %(version)s") % {
        "municipality": row.municipality,
        "version": row.version,
    }
    return Paper(
        title=title,
        on=day_of(row.confirmed_at) or row.valid_from,
        sender=str(row.office),
        receiver=str(row.municipality),
        blocks=tuple(blocks),
        dates=known(
            valid_from=row.valid_from,
            valid_to=last_day(row.valid_to),
            proposed=day_of(row.proposed_at),
            confirmed=day_of(row.confirmed_at),
            ended=last_day(row.ended_on),
        ),
    )


def meeting(row: Meeting, language: Language) -> Paper:
    """A meeting: what was on the agenda, what was said, what was agreed."""
    place = f", {row.place}" if row.place else ""
    return Paper(
        title=_("Meeting between %(municipality)s and %(office)s, %(day)s")
        % {
            "municipality": row.municipality,
            "office": row.office,
            "day": written(row.on, language),
        },
        on=row.on,
        sender=str(row.office),
        receiver=str(row.municipality),
        blocks=(
            Answer(f"{written(row.on, language)}{place}"),
            *passages(
                [
                    (_("Present"), row.present),
                    (_("Agenda"), row.agenda),
                    (_("Minutes"), row.minutes),
                    (_("What was agreed"), row.agreed),
                ]
            ),
        ),
        dates=known(held=row.on),
    )
