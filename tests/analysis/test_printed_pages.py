"""The public pages of printed figures."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from sloyfe.analysis.actions.printed import Loaded

pytestmark = pytest.mark.django_db
PAGE = "/rapporter/2017/trykt-og-etterregnet/"


def test_dump(loaded: Loaded, client: Client) -> None:
    out = Path("/tmp/x/pages")
    out.mkdir(exist_ok=True)
    for name, url in {
        "printed": PAGE,
        "filtered": PAGE + "?skjema=by_tettsted&resultat=contradiction",
        "bad": PAGE + "?skjema=x",
        "basic": "/rapporter/2017/svar/basic-offer/",
        "towns": "/rapporter/2017/svar/towns/",
        "cities": "/rapporter/2017/svar/cities/",
    }.items():
        answer = client.get(url)
        assert answer.status_code == 200
        (out / f"{name}.html").write_bytes(answer.content)
    for k in ("csv", "xlsx"):
        (out / f"t.{k}").write_bytes(client.get(PAGE + "tabell." + k).content)
