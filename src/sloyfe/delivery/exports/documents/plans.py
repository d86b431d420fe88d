"""Action plans as documents."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from sloyfe.delivery.exports.documents.paper import (
    Paper,
    day_of,
    known,
    passages,
    words_table,
    written,
)
from sloyfe.delivery.models import Plan
from sloyfe.render.blocks import Block, Language
from sloyfe.ui.templatetags.ui import pick


def plan(row: Plan, language: Language) -> Paper:
    """A year's action plan: each measure with goal, who, by when, and how it will be seen."""
    blocks: list[Block] = passages([(_("In short"), row.summary)])
    measures = list(row.measures.select_related("goal").prefetch_related("activities"))
    if measures:
        blocks.append(
            words_table(
                _("Measures"),
                _("Measure"),
                [_("Goal"), _("Who"), _("By"), _("How it will be seen"), _("How it went")],
                [
                    (
                        each.text,
                        (
                            pick(each.goal.text, language) if each.goal else "–",
                            each.who,
                            written(each.by_when, language),
                            each.how_seen,
                            each.status_note or "–",
                        ),
                    )
                    for each in measures
                ],
            )
        )
    activities = [
        (activity.text, (written(activity.on, language), written(activity.done_on, language)))
        for each in measures
        for activity in each.activities.all()
    ]
    if activities:
        blocks.append(
            words_table(_("Activities"), _("Activity"), [_("Day"), _("Done")], activities)
        )
    return Paper(
        title=_("Action plan of %(municipality)s for %(year)s")
        % {"municipality": row.municipality, "year": row.year},
        on=day_of(row.adopted_at) or dt.date(row.year, 1, 1),
        sender=str(row.municipality),
        receiver=str(row.office),
        blocks=tuple(blocks),
        dates=known(adopted=day_of(row.adopted_at)),
    )
