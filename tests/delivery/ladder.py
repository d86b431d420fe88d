"""A municipality's way up the ladder, for the tests: one step builds on the one before."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sloyfe.delivery.actions import agreements, meetings, plans
from sloyfe.delivery.actions.agreements import Chosen, Named, Terms
from sloyfe.delivery.actions.plans import MeasureTerms
from sloyfe.delivery.models import Agreement, EffortArea, Measure, Meeting, Plan
from sloyfe.delivery.rules.agreements import AgreementRoleKind, MeetingKind, Side
from sloyfe.programme.models import Statement, Subprogramme
from tests.cast import NOW, TODAY, World

OFFICE = "regional_office_nord"
OTHER_OFFICE = "regional_office_sor"
# The municipality with the basic offer only, in the northern region; and one that is a member already.
OWN = "X102"
MEMBER = "X104"


def area(world: World, code: str = "housing", title: str = "Bolig") -> EffortArea:
    found, _new = EffortArea.objects.get_or_create(
        programme=world.programme,
        code=code,
        defaults={"title": {"nb": title}, "position": EffortArea.objects.count()},
    )
    return found


def goal(world: World) -> Statement:
    found, _new = Statement.objects.get_or_create(
        programme=world.programme,
        kind="goal",
        code="home",
        defaults={"text": {"nb": "Alle skal bo godt"}, "position": 1},
    )
    return found


def terms(world: World, **more: Any) -> Terms:
    values: dict[str, Any] = {
        "valid_from": TODAY,
        "valid_to": dt.date(2028, 1, 1),
        "municipality_does": "Kommunen lager en plan.",
        "office_does": "Kontoret gir råd.",
        "roles": (
            Named(Side.MUNICIPALITY, AgreementRoleKind.PROGRAMME_LEADER, "Programlederen"),
            Named(Side.OFFICE, AgreementRoleKind.PROGRAMME_CONTACT, "Programkontakten"),
        ),
        "priorities": (Chosen(area(world), "Mange venter lenge."),),
    }
    return Terms(**(values | more))


def subprogramme(world: World, code: str = "towns") -> Subprogramme:
    return Subprogramme.objects.get(programme=world.programme, code=code)


def drafted(world: World, code: str = OWN, actor: str | None = OFFICE, **more: Any) -> Agreement:
    return agreements.draft_agreement(
        programme=world.programme,
        subprogramme=subprogramme(world),
        municipality=world.municipalities[code],
        terms=terms(world, **more),
        actor=world.person(actor) if actor else None,
        now=NOW,
    )


def proposed(world: World, code: str = OWN, **more: Any) -> Agreement:
    return agreements.propose_agreement(
        agreement=drafted(world, code, **more), actor=world.person(OFFICE), now=NOW
    )


def in_force(world: World, code: str = OWN, **more: Any) -> Agreement:
    agreement = proposed(world, code, **more)
    return agreements.confirm_agreement(
        agreement=agreement, revision=agreement.revision, actor=None, now=NOW
    )


def meeting(
    world: World,
    code: str = OWN,
    on: dt.date = TODAY,
    kind: MeetingKind = MeetingKind.STATUS,
    actor: str | None = OFFICE,
    **more: Any,
) -> Meeting:
    return meetings.plan_meeting(
        programme=world.programme,
        municipality=world.municipalities[code],
        kind=kind,
        on=on,
        actor=world.person(actor) if actor else None,
        now=NOW,
        **more,
    )


def held(world: World, code: str = OWN, **more: Any) -> Meeting:
    planned = meeting(world, code, **more)
    return meetings.hold_meeting(
        meeting=planned,
        present="programleder, programkontakt",
        minutes="Vi gikk gjennom planen.",
        agreed="- Kontoret sender eksempler\n- Kommunen svarer i mai",
        revision=planned.revision,
        actor=world.person(OFFICE),
        now=NOW,
    )


def measure_terms(world: World, **more: Any) -> MeasureTerms:
    values: dict[str, Any] = {
        "text": "Kartlegge hvem som venter",
        "who": "Boligkontoret",
        "by_when": dt.date(2026, 9, 1),
        "how_seen": "Vi vet hvor mange som venter.",
        "goal": goal(world),
        "area": area(world),
    }
    return MeasureTerms(**(values | more))


def plan(world: World, code: str = OWN, year: int = 2026, **more: Any) -> Plan:
    return plans.start_plan(
        programme=world.programme,
        municipality=world.municipalities[code],
        year=year,
        actor=None,
        now=NOW,
        **more,
    )


def measure(world: World, of: Plan, **more: Any) -> Measure:
    return plans.add_measure(plan=of, terms=measure_terms(world, **more), actor=None, now=NOW)


def adopted(world: World, code: str = OWN, year: int = 2026) -> Plan:
    begun = plan(world, code, year)
    measure(world, begun)
    begun.refresh_from_db()
    return plans.adopt_plan(plan=begun, revision=begun.revision, actor=None, now=NOW)
