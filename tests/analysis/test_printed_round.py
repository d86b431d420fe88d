"""Loading the printed round of 2017: all of it, once, with every figure worked out again."""

from __future__ import annotations

import pytest

from sloyfe.analysis.actions.printed import Loaded
from sloyfe.analysis.models import PrintedFigure
from sloyfe.analysis.queries import recalculated
from tests.analysis.conftest import load_evaluation

pytestmark = pytest.mark.django_db


def test_loading_twice_writes_once(loaded: Loaded) -> None:
    assert loaded.changed
    again = load_evaluation(loaded.round.programme)
    assert not again.changed
    assert PrintedFigure.objects.count() == 308
    for each in recalculated(loaded.round)[49:140:5]:
        print(each)
