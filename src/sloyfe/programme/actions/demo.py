"""People to try an exercise programme as: one for each role, named by what they do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sloyfe.accounts.models import Person
from sloyfe.audit.actions import Actor, action
from sloyfe.common.errors import NotPossible
from sloyfe.organisations.models import Affiliation, MunicipalityPeriod, Organisation, valid_on
from sloyfe.organisations.rules import Register
from sloyfe.programme.models import Programme
from sloyfe.programme.queries import region_of
from sloyfe.programme.rules import Capacity

DOMAIN = "ovelse.invalid"

# Capacity, address and name; the names are Norwegian, as the exercise programme's own are.
OFFICES = (
    (Capacity.HEAD_OFFICE, "hovedkontor", "Hovedkontor (demo)"),
    (Capacity.OWNER, "eier", "Eier (demo)"),
    (Capacity.NATIONAL_LEAD, "fagansvar", "Nasjonalt fagansvar (demo)"),
    (Capacity.EVALUATOR, "evaluator", "Evaluator (demo)"),
    (Capacity.PROJECT_GROUP, "prosjektgruppe", "Prosjektgruppe (demo)"),
    (Capacity.PARTNER, "partner", "Samarbeidspartner (demo)"),
    (Capacity.AUDITOR, "revisor", "Revisor (demo)"),
)
MUNICIPALITY_IN_PROGRAMME = ("kommune", "Kommune i delprogram (demo)")
MUNICIPALITY_WITH_BASIC_OFFER = ("grunntilbud", "Kommune med grunntilbud (demo)")
REGIONAL_OFFICE = ("regionkontor", "Regionkontor (demo)")


def add_demo_people(
    programme: Programme, *, municipalities: Sequence[str], actor: Actor, now: dt.datetime
) -> int:
    """Give an exercise programme one person per role; who is there already stays. Gives how many were added.

    `municipalities` are the numbers of those that demo people work in. The regional office is that of
    the one in a subprogramme.
    """
    if not programme.is_simulated:
        raise NotPossible("programme.demo_only_in_exercise")
    wanted = _wanted(programme, municipalities, now.date())
    known = set(Person.objects.values_list("email", flat=True))
    missing = [row for row in wanted if f"{row[0]}@{DOMAIN}" not in known]
    if not missing:
        return 0
    with action("programme.demo.people", actor=actor, now=now, about=programme) as event:
        for address, name, organisation in missing:
            person = Person.objects.create_user(f"{address}@{DOMAIN}", name, is_demo=True)
            Affiliation.objects.create(
                person=person, organisation=organisation, valid_from=programme.valid_from
            )
        event.details["added"] = len(missing)
    return len(missing)


def _wanted(
    programme: Programme, municipalities: Sequence[str], on: dt.date
) -> list[tuple[str, str, Organisation]]:
    found: list[tuple[str, str, Organisation]] = []
    for capacity, address, name in OFFICES:
        part = (
            programme.participations.filter(valid_on(on), capacity=capacity.value)
            .select_related("organisation")
            .order_by("organisation__sort_key")
            .first()
        )
        if part is not None:
            found.append((address, name, part.organisation))
    periods = (
        MunicipalityPeriod.objects.filter(
            valid_on(on), register=Register.EXERCISE.value, code__in=municipalities
        )
        .select_related("organisation")
        .order_by("code")
    )
    for period in periods:
        member = period.organisation.memberships.filter(
            valid_on(on), subprogramme__programme=programme
        ).exists()
        role = MUNICIPALITY_IN_PROGRAMME if member else MUNICIPALITY_WITH_BASIC_OFFER
        if role[0] in {address for address, _, _ in found}:
            continue
        found.append((*role, period.organisation))
        region = region_of(period, on, programme)
        if member and region is not None and region.office is not None:
            found.append((*REGIONAL_OFFICE, region.office))
    return found
