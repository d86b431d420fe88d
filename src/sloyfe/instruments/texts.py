"""Words for the forms: what may be wrong with an answer."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.instruments.rules.answers import FieldProblem

FIELD_PROBLEMS: dict[str, str | Promise] = {
    "field.required": _("Answer this question before you go on."),
    "field.rows_required": _("Answer every line. %(missing)s left."),
    "field.unknown_option": _("“%(value)s” is not one of the options. Choose one of those shown."),
    "field.too_many_choices": _(
        "Choose %(maximum)s at most. You have chosen %(chosen)s; take some away."
    ),
    "field.several_values": _("Give one answer here. Several arrived at once."),
    "field.other_page": _(
        "An answer to a question on another page (%(item)s) came along, so nothing was saved."
        " Load the page again and answer here once more."
    ),
    "field.unknown_item": _(
        "An answer to a question that the form does not have (%(item)s) came along, so nothing was"
        " saved. Load the page again and answer here once more."
    ),
    "field.not_a_number": _("Write a number, for example 12 or 1 200."),
    "field.point_in_number": _(
        "A full stop in a number can be read in two ways. Write 12 000 for thousands and 12,5 for"
        " decimals."
    ),
    "field.whole_number": _("Write a whole number, without decimals."),
    "field.too_many_decimals": _("Write the number with %(decimals)s decimals at most."),
    "field.too_small": _("The number cannot be below %(minimum)s."),
    "field.too_large": _("The number cannot be above %(maximum)s."),
    "field.not_a_date": _("Write a day that exists, for example 31.12.2026."),
    "field.year_out_of_range": _("The year must lie between %(first)s and %(last)s."),
    "field.too_long": _(
        "The text is too long: there is room for %(maximum)s characters, and it has %(length)s."
        " Shorten it."
    ),
    "field.one_line": _("There is room for one line here. Take away the line breaks."),
    "field.unreadable": _(
        "Some of the characters could not be read (�). Write them again, or paste as plain text."
    ),
    "field.control_character": _(
        "The text holds invisible control characters, often from copying. Paste it as plain text."
    ),
}


def problem_text(problem: FieldProblem) -> str:
    """Say what is wrong with an answer, in the reader's language."""
    return str(FIELD_PROBLEMS[problem.code]) % problem.details
