"""Words for the year wheel, and a sentence for each refusal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sloyfe.programme.rules.year_wheel import ChangeKind, DateKind

DATE_KIND_TEXT = {
    DateKind.REPORT_DUE: _("Report due"),
    DateKind.ANSWER_DUE: _("Answer due"),
    DateKind.SUMMARY_DUE: _("Summary due"),
    DateKind.GATHERING: _("Gathering"),
    DateKind.MEETING: _("Meeting"),
    DateKind.SURVEY: _("Survey"),
    DateKind.DEADLINE: _("Deadline"),
    DateKind.OTHER: _("Other"),
}
DATE_CHANGE_TEXT = {
    ChangeKind.NEW: _("New"),
    ChangeKind.MOVED: _("Moved"),
    ChangeKind.CANCELLED: _("Cancelled"),
}

EVENTS = {
    "programme.date.add": _("The date %(about)s was put on the year wheel."),
    "programme.date.change": _("The date %(about)s was changed."),
    "programme.date.cancel": _("The date %(about)s was cancelled."),
}
REFUSALS = {
    "programme.dates_are_set_by_those_who_lead": _(
        "Dates are set by the owner, by nasjonalt fagansvar and by the regional offices."
    ),
    "programme.only_its_own_region": _(
        "A regional office sets dates of its own region. Choose that region."
    ),
    "programme.date_is_cancelled": _("The date has been cancelled. Set a new one instead."),
    "programme.date_has_been": _("The date has passed, so it cannot be changed."),
    "programme.date_is_in_the_past": _("The day has been already. Choose today or a later day."),
    "programme.date_missing": _("Write the day."),
    "programme.date_too_far": _("The day lies more than five years ahead. Check the year."),
    "programme.date_ends_before": _("The last day must not come before the first."),
    "programme.date_too_long": _("A date may last a year at most. Check the last day."),
    "programme.date_concerns_nobody": _("Choose at least one whom the date concerns."),
    "programme.date_needs_reason": _(
        "Less than a year is left, and people have planned by the wheel. Write why; they will be told."
    ),
    "programme.date_concerns_the_same": _(
        "Less than a year is left, so whom the date concerns cannot be changed. Cancel it and set another."
    ),
    "programme.date_changed_meanwhile": _(
        "Somebody else changed the date while you wrote. Look at it as it is now, and change it again."
    ),
}
