"""Writing the typed values of a yearly report, from its answers, inside the action that sends or mends it."""

from __future__ import annotations

from django.db.models import Q

from sloyfe.common.errors import NotPossible
from sloyfe.delivery.models import Result, ResultDefinition, YearlyReport
from sloyfe.delivery.rules.result_rows import Contract, TooLarge, typed
from sloyfe.delivery.rules.results import Aggregation
from sloyfe.instruments.rules.answers import Answers
from sloyfe.organisations.models import valid_on
from sloyfe.programme.models import Membership


def write_results(report: YearlyReport, answers: Answers) -> int:
    """Write what a report says as one row for each result, in place of what it said before. Gives how many.

    `answers` are those that count. What is left out has no row: missing is not zero. A result that only one
    subprogramme is asked for stands only where the municipality is a member of it.
    """
    definitions = list(ResultDefinition.objects.filter(programme=report.programme_id))
    own: set[int] = set()
    if any(definition.subprogramme_id for definition in definitions):
        day = report.reporting_year.opens_on
        own = set(
            Membership.objects.filter(
                valid_on(day) | Q(valid_to__gt=report.due_on.replace(month=1, day=1)),
                organisation=report.municipality_id,
            ).values_list("subprogramme_id", flat=True)
        )
    rows = []
    for definition in definitions:
        if definition.subprogramme_id and definition.subprogramme_id not in own:
            continue
        contract = Contract(
            Aggregation(definition.aggregation),
            definition.item,
            definition.numerator_item,
            definition.denominator_item,
        )
        try:
            found = typed(contract, answers)
        except TooLarge as large:
            raise NotPossible("delivery.report_number_too_large", item=large.item) from large
        if found is not None:
            rows.append(
                Result(
                    definition=definition,
                    municipality_id=report.municipality_id,
                    report=report,
                    year=report.reporting_year.year,
                    value=found.value,
                    numerator=found.numerator,
                    denominator=found.denominator,
                    words=found.words,
                    is_public=report.is_public,
                )
            )
    Result.objects.filter(report=report).delete()
    Result.objects.bulk_create(rows)
    return len(rows)
