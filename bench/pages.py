"""Measure every page with ten years of data: for each role, how long the server takes and what it asks.

Run with the settings of an installation that is empty (its own embedded database); prints JSON. The measure
to compare with is the page that says how the service can be used by all (``/tilgjengelighet/``), which holds the frame
and words alone, read by the same role.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from typing import Any

MOST_SECONDS, MOST_QUERIES = 0.1, 15
TIMES = 3
BASELINE = "home:accessibility"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sloyfe.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from tests.browser.content import ROLES, load
    from tests.browser.pages import FOUND, PAGES, paths_of
    from tests.browser.ten_years import YEARS, lengthen

    from sloyfe.delivery.models import YearlyReport
    from sloyfe.programme.models import Programme

    settings.ALLOWED_HOSTS = ["*"]
    installation = load()
    programme = Programme.objects.get(slug="exercise")
    # What is looked at is chosen before the past is made, which repeats it.
    paths_of(FOUND[0], installation)
    lengthen(programme)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    clients = {}
    for role in ROLES:
        clients[role] = Client()
        if role in installation.people:
            clients[role].force_login(installation.people[role])

    def seconds(role: str, path: str) -> float:
        taken = []
        for _ in range(TIMES):
            began = time.perf_counter()
            clients[role].get(path)
            taken.append(time.perf_counter() - began)
        return statistics.median(taken)

    base = {role: seconds(role, reverse(BASELINE)) for role in ROLES}
    found: list[dict[str, Any]] = []
    for name in [*FOUND, *PAGES]:
        for path in paths_of(name, installation):
            for role in ROLES:
                with CaptureQueriesContext(connection) as queries:
                    answer = clients[role].get(path)
                # The next request empties the log that this is counted from.
                asked = len(queries)
                if answer.status_code not in (200, 422):
                    continue
                took = seconds(role, path)
                found.append(
                    {
                        "name": name,
                        "path": path,
                        "role": role,
                        "queries": asked,
                        "seconds": took,
                        "ratio": took / base[role],
                    }
                )
    sys.stdout.write(
        json.dumps(
            {
                "years": YEARS,
                "reports": YearlyReport.objects.filter(programme=programme).count(),
                "baseline_seconds": statistics.median(base.values()),
                "pages": found,
            }
        )
    )


if __name__ == "__main__":
    main()
