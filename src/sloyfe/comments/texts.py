"""Words for what became of a comment, and for refusals."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sloyfe.comments.rules import Outcome

OUTCOMES: dict[Outcome, Promise] = {
    Outcome.OPEN: _("Not answered yet"),
    Outcome.FOLLOWED: _("Followed"),
    Outcome.PARTLY_FOLLOWED: _("Partly followed"),
    Outcome.NOT_FOLLOWED: _("Not followed"),
    Outcome.WITHDRAWN: _("Withdrawn"),
}

EVENTS = {
    "comments.comment.write": _("A comment on %(about)s was written."),
    "comments.comment.answer": _("A comment on %(about)s was answered. Outcome: %(outcome)s."),
    "comments.comment.mend_answer": _(
        "The answer to a comment on %(about)s was corrected. Outcome: %(outcome)s."
    ),
    "comments.comment.withdraw": _("A comment on %(about)s was withdrawn by who wrote it."),
}
# What stands in the details as a code, and is told by its word.
EVENT_WORDS = {
    "comments.comment.answer": {"outcome": OUTCOMES},
    "comments.comment.mend_answer": {"outcome": OUTCOMES},
}

REFUSALS: dict[str, str | Promise] = {
    "comments.empty": _("The comment is empty. Write what you think, then send it."),
    "comments.too_long": _("The text is longer than %(most)s characters. Shorten it or split it."),
    "comments.no_reason": _(
        "An answer says why. Write a sentence on what was done with the comment, or why not."
    ),
    "comments.no_outcome": _("Choose whether the comment was followed, partly followed or not."),
    "comments.answered_meanwhile": _(
        "Somebody has answered since you opened the page. Compare what you wrote with the answer as it"
        " is now, and save again if yours should stand."
    ),
    "comments.answered_already": _(
        "There is an answer already, so there is nothing left to withdraw."
    ),
    "comments.birth_number": _(
        "There is a birth number or D-number in line %(line)s. Nothing about one person may stand here. Take"
        " it out, and whatever else tells who it is, and send again."
    ),
    "comments.unreadable": _("The text holds a character that cannot be shown. Take it out."),
}
