"""A sentence for each refusal of the analysis, of the statistics and of disclosure control."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REFUSALS = {
    "analysis.only_the_evaluator": _(
        "Only the institute that evaluates the programme works with the answers."
    ),
    "analysis.only_printed": _(
        "This round was carried out elsewhere, and only its printed figures are known. There is nothing to freeze."
    ),
    "analysis.round_not_closed": _(
        "The survey is still open. Close it before its answers are frozen."
    ),
    "analysis.already_frozen": _("The answers are frozen already. They stand as they were."),
    "analysis.not_frozen": _("The answers are not frozen yet. Freeze them first."),
    "analysis.no_answers": _("Nobody has sent in, so there is nothing to freeze."),
    "analysis.cross_table_unknown": _(
        "How the answers of this round go together is not known: only figures for one question at a time"
        " were printed. A cross table cannot be made."
    ),
    "analysis.no_such_item": _("The form has no question %(item)s."),
    "analysis.not_countable": _("%(item)s has no options to count."),
    "analysis.file_changed": _(
        "The frozen file no longer has the content that it was frozen with."
    ),
    "dataset.not_found": _("The frozen file is missing from the storage."),
    "dataset.no_such_item": _("The frozen file has no such question."),
    "dataset.unreadable": _("The frozen file cannot be read."),
    "dataset.without_codebook": _("The file is not one that was frozen here: it has no codebook."),
    "disclose.ground_without_citation": _(
        "Say where the figures stand in print, or who has agreed, before they are shown as they are."
    ),
    "disclose.differencing": _(
        "Together with tables that have been shown before, this one would give away what a few have answered."
    ),
    "disclose.cannot_protect": _(
        "The table cannot be shown without giving away what a few have answered."
    ),
    "disclose.too_much_to_check": _(
        "The table is too large to be sure that it gives nobody away. Ask for a smaller one."
    ),
    "disclose.dimension_changed": _(
        "An earlier table divides the answers in another way than this one."
    ),
    "disclose.threshold_too_low": _("The smallest number to be shown must be two or more."),
}

EVENTS = {
    "analysis.dataset.freeze": _("The answers of %(about)s were frozen (%(responses)s answers)."),
    "analysis.dataset.delete": _(
        "The frozen answers of %(about)s were deleted on the declared day (%(responses)s answers)."
    ),
    "analysis.tables.make": _("%(tables)s tables of %(about)s were counted."),
    "analysis.cross_table.make": _("A cross table of %(about)s was made (%(row)s by %(column)s)."),
    "analysis.table.show": _("A table of %(about)s was cleared to be shown (%(item)s)."),
    "analysis.printed_round.load": _(
        "The printed figures of %(about)s were loaded and worked out again (%(figures)s figures)."
    ),
}
