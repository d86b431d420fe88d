"""The pages ask the database as often for three hundred figures as for one."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests.analysis.small_round import add_figures, make_printed_round
from tests.cast import make_world

pytestmark = pytest.mark.django_db
PAGE = "/rapporter/2017/trykt-og-etterregnet/"
ANSWERS = "/rapporter/2017/svar/{}/"


@pytest.mark.parametrize("path", [PAGE, ANSWERS.format("basic-offer")])
def test_the_number_of_queries_does_not_grow_with_the_figures(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, path: str
) -> None:
    printed = make_printed_round(make_world().programme)
    client.get(path)
    with django_assert_num_queries(4):
        client.get(path)
    add_figures(printed, printed.round.populations.get(), 300)
    with django_assert_num_queries(4):
        client.get(path)
