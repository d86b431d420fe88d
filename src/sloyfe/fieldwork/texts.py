"""Words for the fieldwork, and a sentence for each refusal."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sloyfe.fieldwork.rules import Declaration, Design, Disposition, Origin, RoundState

ROUND_STATE_TEXT = {
    RoundState.PLANNED: _("being planned"),
    RoundState.OPEN: _("open for answers"),
    RoundState.CLOSED: _("closed"),
}
DECLARATION_TEXT = {
    Declaration.ANONYMOUS: _("anonymous"),
    Declaration.CONFIDENTIAL_PANEL: _("confidential"),
    Declaration.ATTRIBUTABLE: _("attributable"),
    Declaration.NOT_STATED: _("not stated"),
}
DESIGN_TEXT = {
    Design.CENSUS: _("everybody is asked"),
    Design.STRATIFIED: _("a fixed number at random in each region"),
}
DISPOSITION_TEXT = {
    Disposition.DRAWN: _("drawn, not written to"),
    Disposition.INVITED: _("invited"),
    Disposition.PARTIAL: _("begun"),
    Disposition.COMPLETE: _("sent in"),
    Disposition.REFUSED: _("will not take part"),
    Disposition.BOUNCED: _("letter returned"),
}
ORIGIN_TEXT = {
    Origin.FIELDED: _("asked and answered here"),
    Origin.SIMULATED: _("simulated"),
    Origin.PUBLISHED: _("known from a printed report"),
}


def _say_shortages(problems: Sequence[tuple[str, int]]) -> str:
    return ", ".join(
        gettext("%(region)s has %(has)s") % {"region": region, "has": has}
        for region, has in problems
    )


# Told in the language of whoever reads the refusal, so they are put into words when it is shown.
shortages = lazy(_say_shortages, str)
written_day = lazy(partial(date_format, format="DATE_FORMAT"), str)

EVENTS = {
    "fieldwork.round.plan": _("The round %(about)s was planned."),
    "fieldwork.population.add": _("The group %(about)s was added to those who are asked."),
    "fieldwork.frame.make": _(
        "A list was made of those who can be asked in %(about)s (%(units)s municipalities)."
    ),
    "fieldwork.sample.draw": _("The sample of %(about)s was drawn (%(drawn)s municipalities)."),
    "fieldwork.contacts.save": _("A list of contacts for %(about)s was read (%(contacts)s rows)."),
    "fieldwork.contacts.delete": _(
        "The contacts of %(about)s were deleted on the day that was declared (%(contacts)s rows)."
    ),
    "fieldwork.round.open": _("The round %(about)s was opened for answers."),
    "fieldwork.invitations.send": _(
        "Invitations to answer %(about)s were put in line to be sent (%(letters)s letters)."
    ),
    "fieldwork.reminders.send": _(
        "Reminders to answer %(about)s were put in line to be sent (%(letters)s letters)."
    ),
    # Who was asked and who has answered is never named, so these two leave out what they are about.
    "fieldwork.link.renew": _(
        "One of those asked got a new link, and the earlier links no longer work."
    ),
    "fieldwork.case.move": _("One of those asked got the status “%(to)s”."),
    "fieldwork.round.simulate": _(
        "The model answered the simulated round %(about)s: %(complete)s of %(asked)s sent in."
    ),
    "fieldwork.round.close": _("The round %(about)s was closed."),
    "fieldwork.key.destroy": _(
        "The key of %(about)s was destroyed on the day that was declared. Answers can no longer be tied to municipalities."
    ),
    "fieldwork.responses.delete": _(
        "The answers of %(about)s were deleted on the day that was declared (%(responses)s rows)."
    ),
}
# What stands in the details as a code, and is told by its word.
EVENT_WORDS = {"fieldwork.case.move": {"to": DISPOSITION_TEXT}}

REFUSALS = {
    "fieldwork.only_the_evaluator": _(
        "Only the institute that evaluates the programme may do this."
    ),
    "fieldwork.only_the_evaluator_sees_cases": _(
        "Who has answered is known to the evaluator alone. You see the response rates."
    ),
    "fieldwork.only_client_or_evaluator_brings_contacts": _(
        "Contacts are brought by the evaluator, the national lead or the client's project group."
    ),
    "fieldwork.fielded_elsewhere": _(
        "This round was carried out elsewhere. Only what was printed of it is known."
    ),
    "fieldwork.not_simulated": _(
        "Only a round that is declared simulated, in an exercise programme, is answered by the model."
    ),
    "fieldwork.simulated_only_in_exercise": _(
        "A simulated round can stand in an exercise programme only."
    ),
    "fieldwork.has_answers": _("The round has answers already."),
    "fieldwork.model_does_not_fit": _("The model cannot answer the form of %(population)s."),
    "fieldwork.already_open": _("The round is open, so its frame and sample stand."),
    "fieldwork.not_open_yet": _("The round is not open yet. Open it first."),
    "fieldwork.round_closed": _("The round is closed."),
    "fieldwork.cannot_move": _("The round is %(state)s, so it cannot become %(wanted)s."),
    "fieldwork.form_not_released": _(
        "The form %(form)s is not released. Release it before it goes out to anybody."
    ),
    "fieldwork.not_a_questionnaire": _(
        "The form %(form)s is not a questionnaire, so no survey can ask with it. Choose a questionnaire."
    ),
    "fieldwork.no_population": _("The round asks nobody yet. Add a group first."),
    "fieldwork.no_frame": _("%(population)s has no frame yet. Make the frame first."),
    "fieldwork.empty_frame": _(
        "No municipality fits the frame of %(population)s on %(day)s. Check the day and the subprogramme."
    ),
    "fieldwork.no_region": _(
        "%(count)s municipalities lay in no region on %(day)s, among them %(example)s."
        " Say which region each lies in first."
    ),
    "fieldwork.no_frame_for_contacts": _(
        "It is not said yet who can be asked. Make the frame before you bring contacts."
    ),
    "fieldwork.same_address": _(
        "The letter came back from the address that the contact still has. Bring a new contact first."
    ),
    "fieldwork.not_drawn": _("%(population)s has not been drawn yet. Draw the sample first."),
    "fieldwork.already_drawn": _("%(population)s has been drawn. A sample is drawn once."),
    "fieldwork.needs_per_stratum": _("Say how many to draw in each region."),
    "fieldwork.no_contacts": _(
        "%(count)s of those drawn have no contact, among them %(example)s. Bring the contacts first."
    ),
    "fieldwork.nobody_to_remind": _("Nobody is waiting for a reminder now."),
    "fieldwork.closes_before_it_opens": _("The closing day must come after the opening day."),
    "fieldwork.dates_missing": _(
        "Say when the round closes and when contacts and keys are deleted."
    ),
    "sampling.stratum_too_small": _(
        "Nothing was drawn: %(wanted)s are to be drawn in each region, but %(problems)s."
        " Ask for %(most)s at most, or widen the frame."
    ),
    "sampling.no_seed": _("Write a seed, so that anybody can draw the same sample again."),
    "sampling.empty_frame": _("There is nobody to draw from."),
    "sampling.strata_mismatch": _("The numbers to draw do not name the strata that there are."),
    "sampling.negative_size": _("The number to draw in %(stratum)s is below zero."),
    "answer.changed_elsewhere": _(
        "The answers have been changed in another tab or on another device since you opened this page."
    ),
    "answer.already_sent": _("The answers have been sent and can no longer be changed."),
    "answer.not_complete": _("Some questions must be answered before you can send."),
    "answer.round_closed": _("The survey is closed, so answers can no longer be saved."),
    "answer.not_open_yet": _("The survey is not open for answers yet."),
    "answer.link_replaced": _("This link has been replaced by a newer one. Use the newest letter."),
    "round.key_missing": _(
        "The key that ties answers to municipalities is not in its place, so answers cannot be saved now."
    ),
    "round.key_destroyed": _(
        "The key of this round has been destroyed, so it cannot be opened again."
    ),
}
