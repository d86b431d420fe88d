"""A day is written in one way in each language."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.formats import date_format

import sloyfe

DAY = dt.date(2026, 12, 1)
PACKAGE = Path(sloyfe.__file__).parent
# A way of writing a day that fits some languages only.
OWN_WAY = re.compile(r"""["']j\.? [FM]\b""")


@pytest.mark.parametrize(
    ("language", "day", "without_year"),
    [
        ("nb", "1. desember 2026", "1. desember"),
        ("nn", "1. desember 2026", "1. desember"),
        ("en-gb", "1 December 2026", "1 December"),
    ],
)
def test_a_day_is_written_as_in_running_text(language: str, day: str, without_year: str) -> None:
    with translation.override(language):
        assert date_format(DAY, "DATE_FORMAT") == day
        assert date_format(DAY, "MONTH_DAY_FORMAT") == without_year


def test_no_page_writes_days_in_a_way_of_its_own() -> None:
    found = [
        str(path.relative_to(PACKAGE))
        for suffix in ("*.py", "*.html")
        for path in PACKAGE.rglob(suffix)
        if "formats" not in path.parts and OWN_WAY.search(path.read_text(encoding="utf-8"))
    ]

    assert found == []
