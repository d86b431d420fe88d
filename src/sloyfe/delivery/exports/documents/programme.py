"""Papers of the programme itself for the archive: the mandate and the description that was published."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext as _

from sloyfe.delivery.exports.documents.paper import Paper, known, passages, words_table, written
from sloyfe.delivery.queries.descriptions import document_of
from sloyfe.programme.models import DescriptionVersion, Mandate
from sloyfe.programme.queries.mandates import tasks_of
from sloyfe.programme.rules.mandates import Part, RoleKind
from sloyfe.programme.texts.mandates import PART_TEXT, ROLE_TEXT
from sloyfe.render.blocks import Answer, Block, Language
from sloyfe.ui.templatetags.ui import pick


def mandate(row: Mandate, language: Language) -> Paper:
    """A mandate: goals, resources, what each role is responsible for, tasks with who is what in them."""
    owner = str(ROLE_TEXT[RoleKind.OWNER])
    blocks: list[Block] = [
        Answer(
            _("Holds from %(day)s. Issued %(issued)s.")
            % {
                "day": written(row.valid_from, language),
                "issued": written(row.issued_on, language),
            }
        ),
        *passages([(_("Foreword"), pick(row.foreword))]),
    ]
    goals = list(row.goals.select_related("statement"))
    if goals:
        blocks.append(
            words_table(
                _("Goals"),
                _("Goal"),
                [_("What should be reached")],
                [(pick(each.wording), (pick(each.expected) or "–",)) for each in goals],
            )
        )
    resources = list(row.resources.all())
    if resources:
        blocks.append(
            words_table(
                _("Resources"),
                _("Resource"),
                [_("Amount in kroner")],
                [
                    (pick(each.text), (f"{each.amount:.0f}" if each.amount is not None else "–",))
                    for each in resources
                ],
            )
        )
    responsibilities = list(row.responsibilities.all())
    if responsibilities:
        blocks.append(
            words_table(
                _("What each role is responsible for"),
                _("Role"),
                [_("Responsible for")],
                [
                    (str(ROLE_TEXT[RoleKind(each.role)]), (pick(each.text),))
                    for each in responsibilities
                ],
            )
        )
    tasks = tasks_of(row)
    if tasks:
        blocks.append(
            words_table(
                _("Tasks"),
                _("Task"),
                [str(PART_TEXT[part]) for part in Part],
                [
                    (
                        pick(task.text),
                        tuple(
                            ", ".join(str(ROLE_TEXT[role]) for role in task.facts.who(part)) or "–"
                            for part in Part
                        ),
                    )
                    for task in tasks
                ],
            )
        )
    return Paper(
        title=_("Mandate %(number)s") % {"number": row.number},
        # The database holds that what is issued is dated.
        on=row.issued_on or dt.date.min,
        sender=owner,
        receiver=", ".join(
            str(ROLE_TEXT[role]) for role in (RoleKind.NATIONAL_LEAD, RoleKind.REGIONAL_OFFICE)
        ),
        blocks=tuple(blocks),
        dates=known(issued=row.issued_on, valid_from=row.valid_from, valid_to=row.valid_to),
    )


def description(row: DescriptionVersion, language: Language) -> Paper:
    """A description of the programme as it was published."""
    day = timezone.localtime(row.published_at).date()
    # What an outsider reads: the same file whoever takes it out.
    made = document_of(row, AnonymousUser(), day, language)
    return Paper(
        title=_("%(title)s, version %(number)s") % {"title": made.title, "number": row.number},
        on=day,
        sender=made.publisher or pick(row.programme.title),
        receiver=made.subtitle,
        blocks=tuple(made.blocks),
        dates=known(published=day),
    )
