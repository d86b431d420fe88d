"""Yearly reports and the summaries made of them as documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from sloyfe.audit.queries import earlier_texts
from sloyfe.comments.rules import Outcome
from sloyfe.delivery.exports.documents.paper import Paper, day_of, known, passages, written
from sloyfe.delivery.models import Summary, YearlyReport
from sloyfe.delivery.queries.reports import questions_on, wrote_for_municipality
from sloyfe.delivery.queries.results import items_not_chosen
from sloyfe.delivery.rules.reports import TIME_ITEM
from sloyfe.delivery.texts.reports import why_empty
from sloyfe.instruments.rules.answers import (
    Form,
    Option,
    Question,
    counted,
    number_text,
    piped,
    read_form,
    relevant_questions,
)
from sloyfe.render.blocks import Answer, Block, Heading, Language, Paragraph
from sloyfe.ui.templatetags.ui import pick


def report(row: YearlyReport, language: Language) -> Paper:
    """A municipality's yearly report as it was sent, with the office's answer."""
    year = row.reporting_year.year
    blocks: list[Block] = [
        Answer(
            _("Sent by %(municipality)s on %(day)s to %(office)s.")
            % {
                "municipality": row.municipality,
                "day": written(day_of(row.sent_at), language),
                "office": row.office,
            }
        )
    ]
    form = read_form(row.reporting_year.form.definition)
    # How long it took is a voluntary estimate, which is told of several together and never of one.
    said = {item: value for item, value in row.answers.items() if item != TIME_ITEM}
    not_chosen = items_not_chosen(row.programme, row.municipality_id, year)
    blocks += answered(form, said, str(row.municipality), language, not_chosen)
    blocks += _thread(row, form, language)
    blocks += _answer(row, language)
    return Paper(
        title=_("Yearly report of %(municipality)s for %(year)s")
        % {"municipality": row.municipality, "year": year},
        on=day_of(row.sent_at) or dt.date(year + 1, 1, 1),
        sender=str(row.municipality),
        receiver=str(row.office),
        blocks=tuple(blocks),
        dates=known(
            due=row.due_on,
            sent=day_of(row.sent_at),
            received=day_of(row.received_at),
            answered=day_of(row.answered_at),
            closed=day_of(row.closed_at),
        ),
    )


def _answer(row: YearlyReport, language: Language) -> list[Block]:
    """Give the office's answer, and what it said before it was corrected."""
    blocks = passages([(_("Answer from %(office)s") % {"office": row.office}, row.answer)])
    if row.answer_revision > 1:
        for earlier in earlier_texts([row], "answer").get(row.pk, ()):
            blocks += [
                Heading(3, _until(earlier.until, language)),
                Paragraph(earlier.text),
            ]
    return blocks


def _until(moment: dt.datetime, language: Language) -> str:
    return _("Corrected on %(day)s. Until then stood:") % {"day": written(day_of(moment), language)}


def _thread(row: YearlyReport, form: Form, language: Language) -> list[Block]:
    """Give what the two sides asked each other about the report, with the replies."""
    comments = questions_on(row)
    if not comments:
        return []
    ours = wrote_for_municipality(row, comments)
    corrected = earlier_texts([each for each in comments if each.answer_revision > 1], "answer")
    blocks: list[Block] = [Heading(2, _("Questions and replies"))]
    for comment in comments:
        sides = (str(row.municipality), str(row.office))
        asks, replies = sides if comment.author_id in ours else sides[::-1]
        label = _label(form, comment.anchor, str(row.municipality), language)
        asked = _("%(who)s asked on %(day)s") % {
            "who": asks,
            "day": written(day_of(comment.made_at), language),
        }
        blocks += [
            Heading(3, f"{asked}: {label}" if label else asked),
            Paragraph(comment.text),
        ]
        if not comment.is_answered:
            blocks.append(Paragraph(_("Nobody has replied.")))
            continue
        withdrawn = comment.outcome == Outcome.WITHDRAWN
        text = (
            _("%(who)s withdrew the question on %(day)s")
            if withdrawn
            else _("%(who)s replied on %(day)s")
        )
        told = text % {
            "who": asks if withdrawn else replies,
            "day": written(day_of(comment.answered_at), language),
        }
        blocks.append(Paragraph(f"{told}: {comment.answer}"))
        blocks += [
            Paragraph(f"{_until(earlier.until, language)} {earlier.text}")
            for earlier in corrected.get(comment.pk, ())
        ]
    return blocks


def _label(form: Form, item: str, organisation: str, language: Language) -> str:
    found = form.by_item.get(item)
    if found is None:
        return ""
    row = next((each for each in found[1].rows if each.code == item), None)
    return piped(pick(row.text if row else found[1].text, language), organisation)


def answered(
    form: Form,
    answers: Mapping[str, object],
    organisation: str,
    language: Language,
    not_chosen: Collection[str],
) -> list[Block]:
    """Give every question that was asked with its answer, page by page; what routing hides is left out."""
    kept = counted(form, answers)  # type: ignore[arg-type]
    asked_for = relevant_questions(form, answers)  # type: ignore[arg-type]
    blocks: list[Block] = []
    for page in form.pages:
        told: list[Block] = []
        for question in page.questions:
            for item in question.items:
                # How long it took is told of several together and never of one.
                if question.code not in asked_for or item == TIME_ITEM:
                    continue
                asked = piped(pick(question.text, language), organisation)
                row = next((each for each in question.rows if each.code == item), None)
                if row is not None:
                    asked = f"{asked} {piped(pick(row.text, language), organisation)}".strip()
                if item in kept:
                    said = answer_text(question, kept[item], language)
                else:
                    said = str(why_empty(item, not_chosen))
                told += [Heading(3, asked), Paragraph(said)]
        if told:
            blocks += [Heading(2, pick(page.title, language) or _("The report")), *told]
    return blocks


def answer_text(question: Question, value: object, language: Language) -> str:
    """Write one answer in words: options by their text, numbers with a decimal comma."""
    options: dict[str, Option] = {option.code: option for option in question.options}
    if isinstance(value, list):
        return ", ".join(pick(options[one].text, language) for one in value if one in options)
    if isinstance(value, str) and value in options:
        return pick(options[value].text, language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_text(value)
    return str(value)


def summary(row: Summary, language: Language) -> Paper:
    """A summary on its way up, with the answer that came back."""
    where = row.region or row.programme
    return Paper(
        title=_("Summary from %(office)s: %(where)s, %(year)s")
        % {"office": row.office, "where": where, "year": row.reporting_year.year},
        on=day_of(row.sent_at) or row.reporting_year.summary_by,
        sender=str(row.office),
        receiver=str(row.to_office),
        blocks=tuple(
            passages(
                [
                    (_("In short"), row.overview),
                    (_("What worked"), row.worked),
                    (_("What was hard"), row.was_hard),
                    (_("What is asked for"), row.asked_for),
                    (_("Answer from %(office)s") % {"office": row.to_office}, row.answer),
                ]
            )
        ),
        dates=known(
            sent=day_of(row.sent_at), read=day_of(row.read_at), answered=day_of(row.answered_at)
        ),
    )
