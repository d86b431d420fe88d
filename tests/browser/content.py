"""A small whole installation to look at: what comes with Sløyfe, less what only makes it larger.

Loaded through the same functions as `sloyfe load-content` uses. It leaves out, in
the exercise programme, the second simulated round and the population of a hundred municipalities.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from sloyfe.accounts.models import Person
from sloyfe.analysis import imports as evaluations
from sloyfe.analysis.models import PrintedRound
from sloyfe.cli import exercise, load_content
from sloyfe.comments.actions import write_comment
from sloyfe.fieldwork.actions import rounds
from sloyfe.fieldwork.models import Round
from sloyfe.fieldwork.rules import Declaration, Origin
from sloyfe.instruments import actions as instruments
from sloyfe.instruments.models import Version
from sloyfe.programme.actions import mandates, year_wheel
from sloyfe.programme.actions.demo import DOMAIN
from sloyfe.programme.models import Programme
from sloyfe.programme.rules.mandates import Part, RoleKind
from sloyfe.programme.rules.year_wheel import DateKind
from sloyfe.reports.actions import make_report, send_for_comments
from tests.browser import lived
from tests.delivery import needing
from tests.plugins.database import ROOT

# What each role's address begins with; "" has not signed in.
ROLES = {
    "anonymous": "",
    "owner": "eier",
    "head_office": "hovedkontor",
    "national_lead": "fagansvar",
    "regional_office": "regionkontor",
    "municipality": "kommune",
    "municipality_with_basic_offer": "grunntilbud",
    "evaluator": "evaluator",
    "project_group": "prosjektgruppe",
    "partner": "partner",
    "auditor": "revisor",
    "stranger": "fremmed",
}
PRINTED = "husbankens-kommuneprogram-2016-2020"
OPEN, CLOSED, PLANNED, DRAFT = "ovelse-runde-3", "ovelse-runde-1", "ovelse-runde-4", "ovelse-utkast"


@dataclass
class Installation:
    """What was loaded, and who is there."""

    people: dict[str, Person]
    printed_slug: str
    # The pages whose arguments are known now: name of the address → arguments, and what follows "?".
    found: dict[str, list[tuple[dict[str, Any], str]]] = field(default_factory=dict, repr=False)


def load() -> Installation:
    """Load it all. Needs an empty database."""
    now = timezone.now()
    content = load_content.Content(ROOT, now)
    for step in (
        load_content.load_registers,
        load_content.load_programmes,
        load_content.load_results,
        load_content.load_mandates,
        load_content.load_groups,
        load_content.load_instruments,
        load_content.load_letters,
        load_content.add_demo_people,
        load_content.live_through_questionnaires,
    ):
        step(content)
    found = exercise.exercise_in(ROOT / "programmes" / "exercise", now)
    assert found is not None
    small = replace(
        found,
        told=found.told
        | {
            "populations": [
                row for row in found.told["populations"] if row["code"] != "basic-offer"
            ]
        },
    )
    first, _, third = found.told["rounds"]
    exercise.simulate_round(small, first)
    exercise.report_round(small, first)
    exercise.open_a_round(small, third)
    _draft_of_a_report(small)
    _planned_round(small)
    _next_versions(found)
    _draft_of_a_mandate(found)
    for step in (
        load_content.make_agreements,
        load_content.make_plans,
        load_content.say_needs,
        load_content.report_years,
        load_content.hold_dialogues,
        load_content.publish_descriptions,
        load_content.tell_years,
    ):
        step(content)
    lived.live(found.programme, now)
    # After it, since it is said where people work.
    needing.one_of_each(found.programme)
    programme = Programme.objects.get(slug=PRINTED)
    folder = next((ROOT / "programmes" / PRINTED).glob("evaluation-*"))
    evaluations.load(programme, folder, actor=None, now=now)
    Person.objects.create_user(f"fremmed@{DOMAIN}", name="Fremmed")
    people = {
        role: Person.objects.get(email=f"{address}@{DOMAIN}")
        for role, address in ROLES.items()
        if address
    }
    printed = PrintedRound.objects.get(round__programme=programme)
    return Installation(people, printed.slug)


def _next_versions(found: exercise.Exercise) -> None:
    """One questionnaire has a draft, another is being tried out; a third is out for comments already."""
    by = {"actor": found.evaluator, "now": found.now}
    earlier = found.now - dt.timedelta(14)
    made = {}
    for code in ("cities", "basic-offer"):
        released = Version.objects.select_related("instrument__programme").get(
            instrument__programme=found.programme, instrument__code=code, number=1
        )
        made[code] = instruments.new_version(version=released, **by)
    sent = instruments.send_for_comments(
        version=made["basic-offer"],
        comments_by=earlier.date() + dt.timedelta(7),
        actor=found.evaluator,
        now=earlier,
    )
    instruments.start_pilot(version=sent, **by)


def _draft_of_a_mandate(found: exercise.Exercise) -> None:
    """The owner writes a third mandate that asks too much of an office, and has cancelled a date."""
    owner = Person.objects.get(email=f"eier@{DOMAIN}")
    draft = mandates.begin_mandate(programme=found.programme, actor=owner, now=found.now)
    mandates.save_text(
        mandate=draft,
        foreword=draft.foreword,
        valid_from=found.now.date() + dt.timedelta(90),
        valid_to=None,
        actor=owner,
        now=found.now,
    )
    mandates.save_task(
        mandate=draft,
        task=None,
        text={"nb": "Holde oversikt over frister", "nn": "Halde oversyn over fristar"},
        roles={
            RoleKind.REGIONAL_OFFICE: frozenset({Part.RESPONSIBLE}),
            RoleKind.NATIONAL_LEAD: frozenset({Part.ACCOUNTABLE}),
        },
        effort_days=Decimal(4),
        overload_reason="Fristene må noen passe på. Ytterkysten får hjelp av Nordfjella.",
        actor=owner,
        now=found.now,
    )
    by: dict[str, Any] = {"actor": owner, "now": found.now}
    for days in (60, 90):
        date = year_wheel.add_date(
            programme=found.programme,
            facts=year_wheel.DateFacts(
                title={"nb": "Fagdag om utkastet", "nn": "Fagdag om utkastet"},
                kind=DateKind.GATHERING,
                starts_on=found.now.date() + dt.timedelta(days),
                ends_on=None,
                roles=(RoleKind.MUNICIPALITY, RoleKind.REGIONAL_OFFICE),
            ),
            reason="Utkastet bør drøftes med kommunene.",
            **by,
        )
        if days == 60:
            year_wheel.cancel_date(date=date, reason="For få kunne komme den dagen.", **by)


def _draft_of_a_report(found: exercise.Exercise) -> None:
    report = make_report(
        round_=Round.objects.select_related("programme").get(slug=CLOSED),
        slug=DRAFT,
        title="Et utkast som prosjektgruppen leser",
        subtitle="",
        language="nb",
        publisher="Evalueringsinstituttet (øving)",
        actor=found.evaluator,
        now=found.now,
    )
    until = found.now.date() + dt.timedelta(7)
    send_for_comments(report=report, comments_by=until, actor=found.evaluator, now=found.now)
    write_comment(
        about=report,
        anchor="",
        text="Si hvor mange som ble spurt.",
        actor=Person.objects.get(email=f"prosjektgruppe@{DOMAIN}"),
        now=found.now,
    )


def _planned_round(found: exercise.Exercise) -> None:
    like = Round.objects.get(slug=OPEN)
    today = found.now.date()
    rounds.plan_round(
        programme=found.programme,
        slug=PLANNED,
        title={"nb": "Øvelsesprogrammet, runde 4", "nn": "Øvingsprogrammet, runde 4"},
        declaration=Declaration(like.declaration),
        evaluator=like.evaluator,
        host=like.host,
        controller=like.controller,
        processor=like.processor,
        legal_ground=like.legal_ground,
        privacy_notice=like.privacy_notice,
        contact=like.contact,
        opens_on=today + dt.timedelta(7),
        closes_on=today + dt.timedelta(60),
        delete_contacts_on=today + dt.timedelta(120),
        delete_keys_on=today + dt.timedelta(150),
        delete_responses_on=None,
        origin=Origin.FIELDED,
        actor=found.evaluator,
        now=found.now,
    )
