"""Fill a round with responses that others have sent, so that it can be seen whether it grows slow.

Run with the settings of an installation: ``python -m bench.fill SLUG COUNT`` brings the number of stored
responses up to COUNT, each with its organisation and its case.
"""

from __future__ import annotations

import json
import os
import sys

_CASES = """
INSERT INTO fieldwork_case
       (id, population_id, organisation_id, stratum, background, disposition, link_generation,
        started_on, completed_on)
SELECT gen_random_uuid(), %(population)s, o.id, 'nord', '{}', 'complete', 1, current_date, current_date
  FROM organisations_organisation o
 WHERE o.slug IN (SELECT 'stored-' || n FROM generate_series(%(first)s::int, %(last)s::int) n)
"""
_RESPONSES = """
INSERT INTO fieldwork_response
       (round_id, population_id, unit_ref, stratum, background, state, answers, revision)
SELECT %(round)s, %(population)s,
       encode(sha256(convert_to('stored ' || n, 'UTF8')), 'hex'), 'nord', '{}', 'complete',
       %(answers)s::jsonb, 11
  FROM generate_series(%(first)s::int, %(last)s::int) n
"""


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sloyfe.config.settings")
    import django

    django.setup()
    from django.db import connection, transaction

    from bench.questionnaire import stored_answers
    from sloyfe.fieldwork.models import Population, Response
    from sloyfe.organisations.models import Organisation

    population = Population.objects.get(round__slug=sys.argv[1])
    before, wanted = Response.objects.count(), int(sys.argv[2])
    values = {
        "population": population.pk,
        "round": population.round_id,
        "answers": json.dumps(stored_answers()),
        "first": before + 1,
        "last": wanted,
    }
    Organisation.objects.bulk_create(
        (
            Organisation(
                slug=f"stored-{n}",
                name=f"Lagret {n}",
                kind="municipality",
                register="exercise",
                sort_key=f"lagret {n}",
            )
            for n in range(before + 1, wanted + 1)
        ),
        batch_size=5000,
    )
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in (_CASES, _RESPONSES):
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        for table in ("organisations_organisation", "fieldwork_case", "fieldwork_response"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    sys.stdout.write(f"{Response.objects.count()}\n")


if __name__ == "__main__":
    main()
