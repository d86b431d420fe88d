"""Words for the life of a report, and a sentence for each refusal."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sloyfe.reports.rules import BlockKind, ReportState

STATE_TEXT = {
    ReportState.DRAFT: _("draft"),
    ReportState.COMMENTING: _("out for comments"),
    ReportState.PUBLISHED: _("published"),
    ReportState.WITHDRAWN: _("withdrawn"),
}
BLOCK_TEXT = {
    BlockKind.HEADING: _("Heading"),
    BlockKind.PARAGRAPH: _("Text"),
    BlockKind.RESPONSE: _("Who answered"),
    BlockKind.QUESTION: _("Table and chart"),
    BlockKind.RANKING: _("Ranking"),
    BlockKind.COMPARISON: _("Comparison of groups"),
    BlockKind.ESTIMATE: _("Estimate for all"),
    BlockKind.METHOD: _("Method"),
    BlockKind.BRIEF: _("In short"),
    BlockKind.SUMMARY: _("The summary, and the owner’s answer"),
    BlockKind.COMPLETENESS: _("How many reports came"),
    BlockKind.FIGURES: _("Figures, goal by goal"),
    BlockKind.REGIONS: _("Regions side by side"),
    BlockKind.EFFECT: _("What cannot be read from the figures"),
    BlockKind.VOICES: _("What municipalities say"),
    BlockKind.NEEDS: _("Needs and answers"),
    BlockKind.DECISIONS: _("Decisions"),
    BlockKind.YEAR_METHOD: _("Method, and what is missing"),
}
YEAR_CHAPTER_TEXT = {
    "short": _("In short"),
    "summary": _("The summary, and the owner’s answer"),
    "reports": _("Who has reported"),
    "goals": _("What came of it, goal by goal"),
    "regions": _("Regions side by side"),
    "voices": _("What municipalities say"),
    "needs": _("Needs and answers"),
    "decisions": _("Decisions"),
    "method": _("Method, and what is missing"),
}
FORMAT_TEXT = {"pdf": _("PDF"), "docx": _("Word"), "xlsx": _("Excel, tables only")}

EVENTS = {
    "reports.report.make": _("The report %(about)s was made."),
    "reports.report.rename": _("The title page of the report %(about)s was changed."),
    "reports.plan.save": _(
        "The content of the report %(about)s was changed. It now has %(blocks)s blocks."
    ),
    "reports.report.circulate": _("The report %(about)s was sent for comments, due %(by)s."),
    "reports.report.publish": _("The report %(about)s was published."),
}

REFUSALS = {
    "report.only_the_evaluator": _(
        "Only the institute that evaluates the programme writes and publishes reports."
    ),
    "report.only_the_national_lead": _(
        "Only nasjonalt fagansvar makes and writes the programme’s yearly report."
    ),
    "report.only_the_owner": _(
        "Only the programme’s owner publishes the yearly report that nasjonalt fagansvar has made."
    ),
    "report.your_own": _(
        "Whoever made the report cannot publish it. Ask somebody else who works for the owner."
    ),
    "report.year_taken": _("There is a report for %(year)s already. Go on with that one."),
    "report.published": _(
        "The report is published and stands as it is. Make a new one to say something else."
    ),
    "report.cannot_move": _("A report that is %(state)s cannot become %(wanted)s."),
    "report.nothing_frozen": _("Nothing of this survey is frozen yet. Freeze the answers first."),
    "report.changed_meanwhile": _(
        "Somebody else changed the report while you were writing. Look at it as it is now, and do it once more."
    ),
    "report.unknown_block": _("Block %(place)s is of a kind that we do not know."),
    "report.block_incomplete": _("Block %(place)s does not say what it is about."),
    "report.unknown_group": _("Block %(place)s compares by something else than region or size."),
    "report.text_too_long": _("The text of block %(place)s is too long."),
    "report.comments_by_has_passed": _(
        "The day for comments has passed already. Choose a later one."
    ),
    "report.not_open_for_comments": _("The report is not open for comments from you now."),
    "report.no_such_block": _("That block is no longer in the report."),
    "report.comments_unanswered": _(
        "%(count)s comments have no answer yet. Answer them before the report is published."
    ),
}
