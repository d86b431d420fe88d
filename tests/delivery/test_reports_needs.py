"""What a yearly report says beforehand of the municipality's needs, where not everybody may read them."""

from __future__ import annotations

import copy
import datetime as dt

import pytest
from django.utils import translation

from sloyfe.delivery.actions.documents import set_access
from sloyfe.delivery.models import AgendaItem, Need, SteeringMeeting, YearlyReport
from sloyfe.delivery.rules.documents import Access
from sloyfe.delivery.rules.reports import ReportState
from sloyfe.delivery.views.steering import item_title
from sloyfe.instruments.rules.definitions import content_hash
from tests.cast import NOW, World
from tests.delivery import needing, reporting
from tests.delivery.reporting import OFFICE, OWN, WRITER, report_of

pytestmark = pytest.mark.django_db

GROUND = "offentleglova § 13"
SECRET = "Familien i Storgata må ha ny bolig nå."
TOLD = "– Et behov som ble meldt 2. mars 2026. Ordlyden er unntatt offentlighet."


def _said(world: World, text: str, access: Access = Access.PUBLIC) -> Need:
    later = dt.timedelta(minutes=Need.objects.count())
    need = needing.said(world, OWN, text=text, now=NOW + later)
    need.access = access.value
    need.legal_ground = "" if access is Access.PUBLIC else GROUND
    need.save()
    return need


def _opened(world: World) -> YearlyReport:
    definition = copy.deepcopy(reporting.DEFINITION)
    definition["pages"][1]["questions"].append(
        {
            "code": "needs",
            "kind": "long_text",
            "text": {"nb": "Hva trenger kommunen av programmet?"},
            "prefill": "known",
            "why": reporting.WHY,
            "used_by": reporting.WHY,
        }
    )
    reporting.version(world, definition=definition, content_hash=content_hash(definition))
    reporting.opened(world)
    return report_of(world)


def _close(world: World, need: Need, level: Access = Access.EXEMPT) -> None:
    set_access(
        document=need,
        access=level,
        legal_ground=GROUND,
        journal_reference="",
        revision=need.access_revision,
        actor=world.person(OFFICE),
        now=NOW + dt.timedelta(hours=1),
    )


def test_the_words_of_an_exempt_need_are_not_copied_into_a_report(world: World) -> None:
    _said(world, "Vi trenger et regneark.")
    _said(world, SECRET, Access.EXEMPT)

    report = _opened(world)

    assert report.answers["needs"] == f"– Vi trenger et regneark.\n{TOLD}"
    assert report.sources["needs"] == {"from": "needs"}


def test_a_need_that_the_offices_keep_to_themselves_is_not_told_of(world: World) -> None:
    _said(world, SECRET, Access.INTERNAL)

    assert "needs" not in _opened(world).answers


def test_the_words_leave_a_report_in_the_making_when_the_need_is_exempted(world: World) -> None:
    _said(world, "Vi trenger et regneark.")
    need = _said(world, SECRET)
    before = _opened(world)

    _close(world, need)

    report = report_of(world)
    assert before.answers["needs"] == f"– Vi trenger et regneark.\n– {SECRET}"
    assert report.answers["needs"] == f"– Vi trenger et regneark.\n{TOLD}"
    # Whoever has the page open is told that the report has changed.
    assert report.revision == before.revision + 1


@pytest.mark.parametrize("case", ["sent", "own words"])
def test_what_the_municipality_itself_stands_for_is_left_to_it(world: World, case: str) -> None:
    need = _said(world, SECRET)
    report = _opened(world)
    if case == "sent":
        report.state = ReportState.SENT.value
        report.sent_at = NOW
        report.sent_by = world.person(WRITER)
    else:
        report.sources = {}
    report.save()

    _close(world, need)

    assert report_of(world).answers["needs"] == f"– {SECRET}"


def test_the_agenda_names_an_exempt_need_without_its_words(world: World) -> None:
    need = _said(world, SECRET, Access.EXEMPT)
    item = AgendaItem(meeting=SteeringMeeting(programme=world.programme), need=need)

    with translation.override("nb"):
        title = item_title(item)

    assert SECRET not in title
    assert title.endswith(TOLD.removeprefix("– "))
