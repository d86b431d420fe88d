"""Measure the roll-up of results: 357 municipalities × 120 results × 15 years, without any cache.

Run with the settings of an installation (its own embedded database); prints JSON. The measure to compare
with is what the database takes to go through the same rows once: ``SELECT count(*), sum(value)``.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

MUNICIPALITIES, RESULTS, YEARS = 357, 120, 15
LAST_YEAR = 2024
REGIONS = 6
SLUG = "bench-results"
# For the pages: as many results as the programmes have that come with Sløyfe, for ten years.
PAGES_SLUG, PAGES_RESULTS, PAGES_YEARS = "bench-pages", 24, 10
READER = "bench@ovelse.invalid"
TODAY = dt.date(2025, 3, 1)
MOST_SECONDS, MOST_PAGE_SECONDS = 0.3, 0.1
# Of ten results, six are added up, two are ratios, one is a stock and one is a choice.
KINDS = ("sum",) * 6 + ("ratio",) * 2 + ("latest", "none")

_RESULTS = """
INSERT INTO delivery_result
       (definition_id, municipality_id, report_id, year, value, numerator, denominator, words, is_public)
SELECT d.id, r.municipality_id, r.id, y.year,
       CASE WHEN d.aggregation IN ('sum', 'latest') THEN (d.id * 31 + r.id * 17) %% 5000 END,
       CASE WHEN d.aggregation = 'ratio' THEN (d.id * 7 + r.id * 3) %% 40 END,
       CASE WHEN d.aggregation = 'ratio' THEN 40 + (d.id * 5 + r.id * 11) %% 60 END,
       CASE WHEN d.aggregation = 'none' THEN (ARRAY['yes', 'partly', 'no'])[1 + (d.id + r.id) %% 3]
            ELSE '' END,
       true
  FROM delivery_yearlyreport r
  JOIN delivery_reportingyear y ON y.id = r.reporting_year_id
  JOIN delivery_resultdefinition d ON d.programme_id = r.programme_id
 WHERE r.programme_id = %s
 ORDER BY r.id, d.id
"""


def fill(slug: str, results: int, years: int) -> Any:
    """Make a programme in which every municipality has reported everything in every year."""
    from django.conf import settings
    from django.db import connection, transaction
    from django.utils import timezone

    from sloyfe.accounts.models import Person
    from sloyfe.delivery.models import ReportingYear, ResultDefinition, YearlyReport
    from sloyfe.instruments.models import Instrument, Version
    from sloyfe.organisations.imports import load_register
    from sloyfe.organisations.models import (
        Affiliation,
        MunicipalityPeriod,
        Organisation,
        valid_on,
    )
    from sloyfe.organisations.rules import Register
    from sloyfe.programme.models import Participation, Programme, Region, RegionArea, Statement

    now = timezone.now()
    with transaction.atomic():
        programme = Programme.objects.create(
            slug=slug, title={"nb": "Målt"}, valid_from=dt.date(2010, 1, 1), source_hash="0" * 64
        )
        office = Organisation.objects.create(
            slug=f"{slug}-office", name="Målt kontor", kind="office", sort_key="målt kontor"
        )
        Participation.objects.create(
            programme=programme,
            organisation=office,
            capacity="owner",
            valid_from=dt.date(2010, 1, 1),
        )
        person = Person.objects.filter(email=READER).first() or Person.objects.create_user(
            READER, name="bench"
        )
        Affiliation.objects.create(
            person=person, organisation=office, valid_from=dt.date(2010, 1, 1)
        )
        goals = [
            Statement.objects.create(
                programme=programme, kind="subgoal", code=f"g{at}", position=at,
                text={"nb": f"Delmål {at}"},
            )
            for at in range(8)
        ]  # fmt: skip
        day = dt.date(LAST_YEAR, 12, 31)
        load_register(
            Path(settings.ROOT) / "registers",
            register=Register.NORWAY,
            source="bench",
            actor=None,
            now=timezone.now(),
        )
        periods = list(MunicipalityPeriod.objects.filter(valid_on(day), register="norway"))
        assert len(periods) == MUNICIPALITIES, len(periods)
        regions = [
            Region.objects.create(
                programme=programme, code=f"r{at}", name=f"Region {at}", position=at, office=office
            )
            for at in range(REGIONS)
        ]
        counties = sorted(set(MunicipalityPeriod.objects.values_list("county_code", flat=True)))
        RegionArea.objects.bulk_create(
            RegionArea(
                region=regions[at % REGIONS], county_code=county, valid_from=dt.date(2010, 1, 1)
            )
            for at, county in enumerate(counties)
        )
        instrument = Instrument.objects.create(
            programme=programme, code="report", kind="report", title={"nb": "Rapport"}
        )
        version = Version.objects.create(
            instrument=instrument, number=1, definition={}, content_hash="0" * 64
        )
        ResultDefinition.objects.bulk_create(
            ResultDefinition(
                programme=programme,
                code=f"result_{at}",
                title={"nb": f"Resultat {at}"},
                unit={"nb": "boliger"},
                aggregation=KINDS[at % len(KINDS)],
                item=f"item_{at}",
                numerator_item="a",
                denominator_item="b",
                goal=goals[at % len(goals)],
                is_outcome=at % 3 == 0,
                position=at,
            )
            for at in range(results)
        )
        for year in range(LAST_YEAR - years + 1, LAST_YEAR + 1):
            first = dt.date(year + 1, 1, 10)
            reporting = ReportingYear.objects.create(
                programme=programme, year=year, form=version, state="closed", opens_on=first,
                due_on=first, answer_by=first, summary_by=first, national_by=first,
            )  # fmt: skip
            YearlyReport.objects.bulk_create(
                YearlyReport(
                    programme=programme,
                    reporting_year=reporting,
                    municipality_id=period.organisation_id,
                    office=office,
                    state="sent",
                    due_on=first,
                    sent_at=now,
                )
                for period in periods
            )
        with connection.cursor() as cursor:
            cursor.execute(_RESULTS, [programme.pk])
    with connection.cursor() as cursor:
        for table in ("delivery_result", "delivery_yearlyreport", "delivery_reportingyear"):
            cursor.execute(f"VACUUM ANALYZE {table}")
    return programme


def middle(do: Callable[[], Any], times: int = 9) -> float:
    """Give the median of the seconds that something takes, after once to get warm."""
    do()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        do()
        taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sloyfe.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from sloyfe.accounts.models import Person
    from sloyfe.delivery.models import Result
    from sloyfe.delivery.queries.results import roll_up
    from sloyfe.delivery.rules.results import Structure
    from sloyfe.programme.models import Programme

    settings.ALLOWED_HOSTS = ["*"]
    programme = Programme.objects.filter(slug=SLUG).first() or fill(SLUG, RESULTS, YEARS)
    years = range(LAST_YEAR - YEARS + 1, LAST_YEAR + 1)
    assert (
        Result.objects.filter(definition__programme=programme).count()
        == MUNICIPALITIES * RESULTS * YEARS
    )
    reader = Person.objects.get(email=READER)

    def baseline() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*), sum(value) FROM delivery_result")
            cursor.fetchone()

    def rolled_up(structure: Structure) -> None:
        """By goal, region, nation and year: every figure that a national picture may show."""
        up = roll_up(programme, years=years, structure=structure, reader=reader, today=TODAY)
        shown = 0
        for _goal, definitions in up.by_goal():
            for definition in definitions:
                for year in (None, *years):
                    shown += up.cell(definition, year).reported
        assert shown == 2 * MUNICIPALITIES * RESULTS * YEARS

    found: dict[str, Any] = {"values": Result.objects.count()}
    found["baseline_seconds"] = middle(baseline)
    for structure in Structure:
        found[f"{structure.value}_seconds"] = middle(functools.partial(rolled_up, structure))
    found["ratio_to_baseline"] = (
        max(found[f"{each.value}_seconds"] for each in Structure) / found["baseline_seconds"]
    )
    if not Programme.objects.filter(slug=PAGES_SLUG).exists():
        fill(PAGES_SLUG, PAGES_RESULTS, PAGES_YEARS)
    client = Client()
    client.force_login(reader)
    pages = {
        "picture": "rapportering/{}/bilde/",
        "regions": "rapportering/{}/bilde/regioner/",
        "region": "rapportering/{}/bilde/region/r1/",
        "figure": "rapportering/{}/bilde/tall/result_0/",
        "public": "program/{}/resultater/",
    }

    def ask(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)

    for key, slug in (("pages", PAGES_SLUG), ("pages_of_the_largest", SLUG)):
        found[key] = {
            name: middle(functools.partial(ask, "/" + path.format(slug)), 5)
            for name, path in pages.items()
        }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
