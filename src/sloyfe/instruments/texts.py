"""Words for kinds, states, refusals and mistakes in documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sloyfe.common.errors import Problem
from sloyfe.instruments.rules import InstrumentKind, QuestionKind, VersionState
from sloyfe.instruments.rules.access import Group, group_of
from sloyfe.instruments.rules.answers import FieldProblem
from sloyfe.instruments.rules.changes import ChangeKind
from sloyfe.instruments.rules.definitions import questions_of
from sloyfe.instruments.rules.documents import Mistake, Path, Text, shown
from sloyfe.instruments.rules.pages import worded
from sloyfe.instruments.rules.purposes import Prefill
from sloyfe.instruments.rules.replacing import Field

INSTRUMENT_KINDS: dict[InstrumentKind, Promise] = {
    InstrumentKind.QUESTIONNAIRE: _("Questionnaire"),
    InstrumentKind.REPORT: _("Yearly report"),
    InstrumentKind.NEEDS: _("Notice of needs"),
    InstrumentKind.PLAN: _("Action plan"),
    InstrumentKind.AGREEMENT: _("Agreement"),
    InstrumentKind.GUIDE: _("Interview guide"),
    InstrumentKind.CHECKLIST: _("Checklist"),
}


@dataclass(frozen=True)
class GroupWords:
    """What the pages say of the forms of one group: who makes them, who is asked, and what happened."""

    title: Promise
    maker: Promise
    commenters: Promise
    drafting: Promise
    ask: Promise
    sent: Promise
    commented: Promise
    answered: Promise
    trying: Promise
    tried: Promise
    no_comments: Promise


GROUPS: dict[Group, GroupWords] = {
    Group.EVALUATION: GroupWords(
        title=_("Questionnaires"),
        maker=_("the evaluator"),
        commenters=_("The project group"),
        drafting=_(
            "Each change is kept at once. The project group sees nothing before you send the draft for"
            " comments."
        ),
        ask=_("Ask the project group for comments"),
        sent=_("The form is out for comments. The project group finds it among its tasks."),
        commented=_("Your comment has been sent to the evaluator."),
        answered=_("The answer is kept, and the project group can read it."),
        trying=_(
            "This is a pilot. Your answers are kept apart from every survey, without your name, for the"
            " evaluator alone."
        ),
        tried=_("Thank you. Your pilot answer is kept for the evaluator alone."),
        no_comments=_(
            "What the project group says about the form is shown here, with the evaluator's answer to"
            " each comment."
        ),
    ),
    Group.PROGRAMME: GroupWords(
        title=_("Templates"),
        maker=_("nasjonalt fagansvar"),
        commenters=_("The regional offices and the owner"),
        drafting=_(
            "Each change is kept at once. The regional offices see nothing before you send the draft for"
            " comments."
        ),
        ask=_("Ask the regional offices and the owner for comments"),
        sent=_(
            "The template is out for comments. The regional offices and the owner find it among their"
            " tasks."
        ),
        commented=_("Your comment has been sent to nasjonalt fagansvar."),
        answered=_("The answer is kept, and the regional offices and the owner can read it."),
        trying=_(
            "This is a pilot. Your answers are kept apart from everything else, without your name, for"
            " nasjonalt fagansvar alone."
        ),
        tried=_("Thank you. Your pilot answer is kept for nasjonalt fagansvar alone."),
        no_comments=_(
            "What the regional offices and the owner say about the template is shown here, with the"
            " answer of nasjonalt fagansvar to each comment."
        ),
    ),
}


def words_for(kind: str) -> GroupWords:
    """Give what the pages say of forms of a kind."""
    return GROUPS[group_of(kind)]


STATES: dict[VersionState, Promise] = {
    VersionState.DRAFT: _("Draft"),
    VersionState.COMMENTING: _("Out for comments"),
    VersionState.PILOT: _("In pilot"),
    VersionState.RELEASED: _("Released"),
    VersionState.RETIRED: _("Retired"),
}

QUESTION_KINDS: dict[QuestionKind, Promise] = {
    QuestionKind.SINGLE: _("One answer"),
    QuestionKind.MULTIPLE: _("Several answers"),
    QuestionKind.BATTERY: _("Battery"),
    QuestionKind.NUMBER: _("A number"),
    QuestionKind.SHORT_TEXT: _("Short text"),
    QuestionKind.LONG_TEXT: _("Long text"),
    QuestionKind.DATE: _("Date"),
    QuestionKind.INFORMATION: _("Information"),
}

PREFILLS: dict[Prefill, Promise] = {
    Prefill.NONE: _("Nothing"),
    Prefill.PLAN: _("What stands in the action plan"),
    Prefill.LAST_REPORT: _("What the last report said"),
    Prefill.KNOWN: _("What is known already"),
}

REFUSALS: dict[str, str | Promise] = {
    "instrument.only_evaluator": _(
        "Only the evaluator of the programme may do this. Ask the evaluator's project leader."
    ),
    "instrument.only_national_lead": _(
        "Only nasjonalt fagansvar makes the templates of the programme. Ask them to do it."
    ),
    "instrument.only_makers": _(
        "Only the evaluator and nasjonalt fagansvar put forms into the programme. Ask one of them."
    ),
    "instrument.only_project_group": _(
        "Only the client's project group comments on a draft. Ask your contact in the group."
    ),
    "instrument.only_offices_and_owner": _(
        "Only the regional offices and the owner comment on a draft of a template. Ask one of them."
    ),
    "instrument.only_those_involved": _(
        "Only the evaluator, the owner, nasjonalt fagansvar and the project group may do this."
    ),
    "instrument.only_those_with_templates": _(
        "Only those who work on the templates of the programme may do this. Ask nasjonalt fagansvar."
    ),
    "instrument.answers_only_evaluator": _(
        "Only the evaluator sees answers from the pilot. Ask the evaluator for a summary."
    ),
    "instrument.answers_only_national_lead": _(
        "Only nasjonalt fagansvar sees answers from the pilot of a template. Ask them for a summary."
    ),
    "instrument.out_for_comments": _(
        "The form is out for comments until %(date)s. Take it back to draft before you change it."
    ),
    "instrument.in_pilot": _(
        "The form is being piloted. Take it back to draft before you change it."
    ),
    "instrument.released_is_fixed": _(
        "The form has been released and cannot be changed. Make a new version instead."
    ),
    "instrument.no_such_move": _(
        "The form stands as “%(state)s” and cannot go to “%(wanted)s” from there."
    ),
    "instrument.date_passed": _("The comments must be due today or later, not %(date)s."),
    "instrument.comment_period_open": _(
        "%(commenters)s may comment until %(date)s. The pilot can start on that day."
    ),
    "instrument.comments_unanswered": _(
        "%(number)s comments have no answer yet. Answer them before the form is released."
    ),
    "instrument.not_open_for_comments": _(
        "The form is not out for comments now. Ask %(maker)s to send it."
    ),
    "instrument.comments_closed": _(
        "The comments were due by %(date)s. Ask %(maker)s to send the form once more."
    ),
    "instrument.own_comment": _("You wrote this comment. Somebody else has to answer it."),
    "instrument.comment_fixed": _(
        "The form has been released, so answers to comments cannot be changed any more."
    ),
    "instrument.unknown_anchor": _(
        "The form has no question “%(anchor)s” any more. Reload the page and choose again."
    ),
    "instrument.open_version": _(
        "Version %(number)s is already being worked on. Finish that one first."
    ),
    "instrument.nothing_to_build_on": _(
        "A new version builds on one that has been released. Change the draft instead."
    ),
    "instrument.not_in_pilot": _("The form is not in its pilot now, so it takes no pilot answers."),
    "instrument.changed_meanwhile": _(
        "Somebody else changed the draft while you had it open. Load the page again and make your"
        " change once more."
    ),
    "instrument.no_such_question": _(
        "The question is no longer in the draft. Go back to the draft and look."
    ),
    "instrument.others_depend": _(
        "Other questions are asked only for certain answers to “%(question)s”. Take those out first."
    ),
    "instrument.at_the_end": _("The question already stands at the end of its page."),
    "instrument.new_field_replaces_none": _(
        "A new field in the report must take the place of an old one. These are new and replace none:"
        " %(fields)s. Take a field out for each and name it under “Replaces”, or leave the new ones out."
        " The version before has %(before)s fields, this one %(after)s."
    ),
}

MISTAKES: dict[str, str | Promise] = {
    "not_a_mapping": _("Here there must be keys with values."),
    "not_a_list": _("Here there must be a list."),
    "too_few": _("The list must have at least %(least)s."),
    "too_many": _("The list may have at most %(most)s."),
    "unknown_key": _("The key “%(key)s” is not known here. Known keys: %(known)s."),
    "missing_key": _("The key “%(key)s” is missing."),
    "bad_code": _(
        "“%(value)s” is not a code. Use small letters a–z, digits and underscore, at most 80."
    ),
    "not_a_text": _(
        "Here there must be wording in nb and nn. Put quotes around yes, no and dates."
    ),
    "unknown_language": _("“%(language)s” is not a language here. Use nb, nn and en."),
    "missing_wording": _("The wording in %(language)s is missing."),
    "text_too_long": _("The text has %(length)s characters; there is room for %(most)s."),
    "unreadable_character": _("The text holds a character that cannot be shown. Take it out."),
    "unknown_slot": _(
        "The text holds the slot “%(slot)s”, which is not known here. Questions and pages may hold"
        " {organisation}."
    ),
    "stray_brace": _("The text holds a brace without its partner. Braces are for slots only."),
    "not_true_or_false": _("“%(value)s” must be true or false."),
    "not_a_whole_number": _("“%(value)s” must be a whole number."),
    "out_of_range": _("%(value)s must be from %(least)s to %(most)s."),
    "not_a_number": _("“%(value)s” must be a number."),
    "option_twice": _("The option “%(option)s” stands twice in the scale."),
    "unknown_mark": _("The mark “%(value)s” is not known. Known marks: %(known)s."),
    "unknown_pole": _("The pole “%(value)s” is not known. Known poles: %(known)s."),
    "mark_and_pole": _(
        "The option “%(option)s” has both a mark and a pole. It can have one of them."
    ),
    "mark_twice": _("Two options are marked “%(mark)s”. A scale can have one."),
    "positive_after_negative": _(
        "The option “%(option)s” is positive but stands after a negative one. List the positive first."
    ),
    "only_dont_know": _("The scale has no option but don't know."),
    "scale_twice": _("The scale “%(scale)s” stands twice in the bank."),
    "item_twice_in_bank": _("The item “%(item)s” stands twice in the bank."),
    "variant_twice": _("The variant “%(variant)s” stands twice under its item."),
    "variant_without_difference": _(
        "The variant “%(variant)s” says nothing that differs from its item."
    ),
    "unknown_scale": _("The bank has no scale “%(scale)s”."),
    "unknown_item": _("The bank has no item “%(item)s”."),
    "unknown_variant": _("The item “%(item)s” has no variant “%(variant)s”."),
    "unknown_instrument_kind": _("“%(value)s” is not a kind of form. Known kinds: %(known)s."),
    "unknown_kind": _("“%(value)s” is not a kind of question. Known kinds: %(known)s."),
    "page_twice": _("The page “%(page)s” stands twice."),
    "unknown_page": _("There is no page “%(page)s” in the form."),
    "question_twice": _("The question “%(question)s” stands twice in the form."),
    "item_twice": _("The item “%(item)s” is asked twice in the form; each answer needs one place."),
    "no_scale": _("The question “%(question)s” needs a scale."),
    "scale_not_used": _(
        "The item “%(item)s” has the scale “%(scale)s”, but this kind of question has no options."
    ),
    "other_scale": _(
        "The item “%(item)s” is answered on “%(item_scale)s”, not on “%(scale)s”. Make a variant of it."
    ),
    "max_choices_over_options": _(
        "%(most)s may be chosen, but there are only %(options)s options."
    ),
    "limits_upside_down": _(
        "The lowest value %(minimum)s is higher than the highest value %(maximum)s."
    ),
    "part_of_what": _(
        "“%(item)s” is no number that is asked before this question, so nothing can be part of it."
    ),
    "bad_routing": _(
        "The condition cannot be read. Use item and in, item and answered, all, any or not."
    ),
    "routing_unknown": _("The condition refers to “%(item)s”, which the form does not ask."),
    "routing_later": _(
        "The condition refers to “%(item)s”, which is asked later or in the same question."
    ),
    "routing_needs_options": _(
        "The condition lists answers, but “%(item)s” has no options. Use answered: true."
    ),
    "missing_why": _(
        "The question “%(question)s” does not say why it is asked. In a report each question has the"
        " key why, in nb and nn."
    ),
    "missing_used_by": _(
        "The question “%(question)s” does not say who uses the answer. In a report each question has"
        " the key used_by, in nb and nn."
    ),
    "unknown_prefill": _(
        "“%(value)s” is not a way of filling a field in beforehand. Known ways: %(known)s."
    ),
    "routing_unknown_option": _("“%(item)s” has no option “%(option)s”."),
    # Files as files
    "no_bank": _(
        "There is no bank.yaml in the folder. It must hold the scales and items that the forms use."
    ),
    "instrument_twice": _("Two files hold the form “%(code)s”."),
}


FILE_PROBLEMS: dict[str, Promise] = {
    "yaml.too_large": _("The file is larger than %(value)s kB."),
    "yaml.encoding": _("The file is not UTF-8. Save it once more as UTF-8."),
    "yaml.empty": _("The file is empty."),
    "yaml.broken": _("The file cannot be read as YAML: %(value)s."),
    "yaml.too_deep": _("The file has too many levels to be read."),
    "yaml.too_many": _("The file has too many parts to be read."),
    "yaml.tag": _("The tag %(value)s cannot be used here. Write plain text, numbers and lists."),
    "yaml.key": _("A key must be a single word."),
    "yaml.key_twice": _("The key “%(value)s” stands twice; only one of them can count."),
}


def about_file(problem: Problem) -> str:
    """Say what is wrong with a file as a file, before what it holds is looked at."""
    return str(FILE_PROBLEMS[problem.code]) % {"value": problem.value}


def sentence_for(mistake: Mistake) -> str:
    """Say what is wrong in a document and what belongs there."""
    return str(MISTAKES[mistake.code]) % mistake.details


def problems_of(
    mistakes: Iterable[Mistake],
    source: str,
    line: Callable[[Path], int | None] = lambda path: None,
) -> list[Problem]:
    """Give mistakes in a document as sentences with file, line and key."""
    return [
        Problem(
            code=mistake.code,
            message=sentence_for(mistake),
            source=source,
            row=line(mistake.path),
            column=place(mistake.path),
            value=shown(mistake.details.get("value", "")),
        )
        for mistake in mistakes
    ]


def place(path: Path) -> str:
    """Write a path into a document as people write it: ``pages[2].questions[1].item``, counted from 1."""
    shown = ""
    for step in path:
        if isinstance(step, int):
            shown += f"[{step + 1}]"
        else:
            shown += f".{step}" if shown else step
    return shown


CHANGES: dict[ChangeKind, Promise] = {
    ChangeKind.ADDED: _("New question"),
    ChangeKind.REMOVED: _("Question taken out"),
    ChangeKind.REWORDED: _("Other wording"),
    ChangeKind.OTHER_SCALE: _("Other scale or options"),
    ChangeKind.OTHER_RULES: _("Other rules for answering"),
    ChangeKind.OTHER_REASON: _("Other reason for asking"),
    ChangeKind.MOVED: _("Stands elsewhere"),
    ChangeKind.REPLACED: _("New question in place of another"),
}


def field_names(fields: Iterable[Field]) -> str:
    """Name fields by their wording in the reader's language and their code."""
    language = (get_language() or "nb").split("-")[0]
    return ", ".join(
        str(_("“%(wording)s” (%(code)s)"))
        % {"wording": worded(field.text, language), "code": field.code}
        for field in fields
    )


def condition_words(
    condition: Mapping[str, Any], definition: Mapping[str, Any], language: str
) -> str:
    """Say when a question is asked, with the wording of the questions it depends on."""
    if "all" in condition or "any" in condition:
        joint = _(" and ") if "all" in condition else _(" or ")
        parts = condition.get("all") or condition["any"]
        return str(joint).join(condition_words(part, definition, language) for part in parts)
    if "not" in condition:
        return str(_("not (%(condition)s)")) % {
            "condition": condition_words(condition["not"], definition, language)
        }
    question, text = _asked_as(condition["item"], definition)
    wording = text.get(language) or text.get("nb", "")
    if "in" in condition:
        options = {
            option["code"]: option["text"].get(language) or option["text"].get("nb", "")
            for option in question["options"]
        }
        answers = ", ".join(options.get(code, code) for code in condition["in"])
        return str(_("“%(question)s” is answered with %(answers)s")) % {
            "question": wording,
            "answers": answers,
        }
    return str(_("“%(question)s” is answered")) % {"question": wording}


def _asked_as(item: str, definition: Mapping[str, Any]) -> tuple[Mapping[str, Any], Text]:
    for _path, question in questions_of(definition):
        for row in question["rows"]:
            if row["code"] == item:
                return question, row["text"]
        if question["code"] == item:
            return question, question["text"]
    return {"options": []}, {"nb": item}


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
    "field.part_over_whole": _(
        "The answer here is %(parts)s, but “%(whole)s” is answered with only %(number)s. A part cannot be"
        " larger than the whole. Correct the number that is wrong."
    ),
    "field.parts_over_whole": _(
        "What is part of “%(whole)s” comes to %(parts)s, but the whole is answered with %(number)s. Parts"
        " cannot be larger than the whole together. Correct the number that is wrong."
    ),
    "field.not_a_date": _("Write a day that exists, for example 31.12.2026."),
    "field.year_out_of_range": _("The year must lie between %(first)s and %(last)s."),
    "field.too_long": _(
        "The text is too long: there is room for %(maximum)s characters, and it has %(length)s."
        " Shorten it."
    ),
    "field.one_line": _("There is room for one line here. Take away the line breaks."),
    "field.birth_number": _(
        "There is a birth number or D-number in line %(line)s. Nothing about one person may stand here, so"
        " the text was not saved. Take the number out, and whatever else tells who it is."
    ),
    "field.unreadable": _(
        "Some of the characters could not be read (�). Write them again, or paste as plain text."
    ),
    "field.control_character": _(
        "The text holds invisible control characters, often from copying. Paste it as plain text."
    ),
}


def problem_text(problem: FieldProblem) -> str:
    """Say what is wrong with an answer, in the reader's language."""
    language = (get_language() or "nb").split("-")[0]
    details = {
        name: worded(value, language) if isinstance(value, Mapping) else value
        for name, value in problem.details.items()
    }
    return str(FIELD_PROBLEMS[problem.code]) % details


EVENTS = {
    "instruments.bank.load": _(
        "Questions and scales were put into the bank of %(about)s (%(rows)s rows)."
    ),
    "instruments.version.load": _("%(about)s was loaded from a file."),
    "instruments.version.begin": _(
        "%(about)s was begun as a draft with the content of version %(from)s."
    ),
    "instruments.version.send_for_comments": _(
        "%(about)s was sent for comments, due %(comments_by)s."
    ),
    "instruments.version.withdraw": _("%(about)s was taken back to draft."),
    "instruments.version.start_pilot": _("The pilot of %(about)s was started."),
    "instruments.version.release": _("%(about)s was released for use."),
    "instruments.version.retire": _("%(about)s was taken out of use."),
    "instruments.question.add": _("The question %(question)s was put into %(about)s."),
    "instruments.question.change": _("The question %(question)s in %(about)s was changed."),
    "instruments.question.move": _("The question %(question)s in %(about)s was moved."),
    "instruments.question.remove": _("The question %(question)s was taken out of %(about)s."),
    "instruments.pilot.answer": _("The pilot of %(about)s got an answer."),
}
