"""The fixed cast of the tests: one person per role, in a small exercise programme of twelve municipalities.

Roles are named by function. The municipalities are invented.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sloyfe.accounts.models import Person
from sloyfe.common.sorting import sort_key
from sloyfe.organisations.models import Affiliation, MunicipalityPeriod, Organisation, Population
from sloyfe.organisations.rules import Kind, Register
from sloyfe.programme.models import (
    Membership,
    Participation,
    Programme,
    Region,
    RegionArea,
    Subprogramme,
)
from sloyfe.programme.rules import Capacity

TODAY = dt.date(2026, 3, 2)
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
START = dt.date(2024, 1, 1)

MUNICIPALITIES = (
    # code, name, region, inhabitants, language form, subprogramme
    ("X101", "Askvikøy", "nord", 2_400, "nb", ""),
    ("X102", "Bjørkemo", "nord", 6_100, "nn", ""),
    ("X103", "Dalskog", "nord", 12_000, "nb", ""),
    ("X104", "Elvarheim", "nord", 31_000, "nb", "towns"),
    ("X105", "Fjellvåg", "nord", 4_800, "", ""),
    ("X106", "Grønnmyr", "nord", 88_000, "nb", "cities"),
    ("X201", "Havnesund", "sor", 3_300, "nn", ""),
    ("X202", "Innstrand", "sor", 7_700, "nn", ""),
    ("X203", "Kvitlia", "sor", 15_500, "neutral", "towns"),
    ("X204", "Aamotsvik", "sor", 1_900, "nb", ""),
    ("X205", "Øyrenes", "sor", 9_400, "nb", ""),
    ("X206", "Ålskjær", "sor", 145_000, "nb", "cities"),
)


@dataclass
class World:
    programme: Programme
    municipalities: dict[str, Organisation] = field(default_factory=dict)
    regions: dict[str, Region] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, role: str) -> Person:
        """Give a fresh copy of the person with a role, so that no test sees another's remembered rights."""
        return Person.objects.get(pk=self.people[role].pk)


def _organisation(slug: str, name: str, kind: Kind, language_form: str = "") -> Organisation:
    return Organisation.objects.create(
        slug=slug,
        name=name,
        kind=kind.value,
        register=Register.EXERCISE.value,
        sort_key=sort_key(name),
        language_form=language_form,
    )


def _person(world: World, role: str, organisation: Organisation) -> None:
    person = Person.objects.create_user(f"{role}@ovelse.invalid", name=role.replace("_", " "))
    Affiliation.objects.create(person=person, organisation=organisation, valid_from=START)
    world.people[role] = person


def make_world() -> World:
    """Build the exercise programme and its cast in the database."""
    programme = Programme.objects.create(
        slug="test-programme",
        title={"nb": "Prøveprogrammet", "nn": "Prøveprogrammet", "en": "The test programme"},
        is_simulated=True,
        valid_from=START,
        source_hash="0" * 64,
    )
    world = World(programme)
    subprogrammes = {
        code: Subprogramme.objects.create(programme=programme, code=code, title={"nb": title})
        for code, title in (("towns", "Byprogrammet"), ("cities", "Storbyprogrammet"))
    }
    for position, (code, name) in enumerate((("nord", "Nord"), ("sor", "Sør"))):
        office = _organisation(f"office-{code}", f"Regionkontor {name}", Kind.OFFICE)
        region = Region.objects.create(
            programme=programme, code=code, name=name, position=position, office=office
        )
        world.regions[code] = region
        Participation.objects.create(
            programme=programme,
            organisation=office,
            capacity=Capacity.REGIONAL_OFFICE.value,
            valid_from=START,
        )
        _person(world, f"regional_office_{code}", office)
    for code, name, region_code, inhabitants, language, subprogramme in MUNICIPALITIES:
        municipality = _organisation(
            f"x-{code.lower()}", f"{name} (øving)", Kind.MUNICIPALITY, language
        )
        MunicipalityPeriod.objects.create(
            organisation=municipality,
            register=Register.EXERCISE.value,
            code=code,
            name=municipality.name,
            sort_key=municipality.sort_key,
            county_code=code[:2],
            valid_from=START,
        )
        Population.objects.create(
            register=Register.EXERCISE.value,
            code=code,
            on=START,
            inhabitants=inhabitants,
            source="test",
        )
        RegionArea.objects.create(
            region=world.regions[region_code], municipality_code=code, valid_from=START
        )
        Participation.objects.create(
            programme=programme,
            organisation=municipality,
            capacity=Capacity.MUNICIPALITY.value,
            valid_from=START,
        )
        if subprogramme:
            Membership.objects.create(
                subprogramme=subprogrammes[subprogramme],
                organisation=municipality,
                valid_from=START,
                source="test",
            )
        world.municipalities[code] = municipality
    _person(world, "municipality", world.municipalities["X102"])
    _person(world, "municipality_in_programme", world.municipalities["X104"])
    for role, name, kind, capacity in (
        ("head_office", "Hovedkontoret", Kind.OFFICE, Capacity.HEAD_OFFICE),
        ("owner", "Strategikontoret", Kind.OFFICE, Capacity.OWNER),
        ("national_lead", "Nasjonalt fagansvar", Kind.OFFICE, Capacity.NATIONAL_LEAD),
        ("evaluator", "Forskningsinstituttet", Kind.INSTITUTE, Capacity.EVALUATOR),
        ("project_group", "Oppdragsgivers prosjektgruppe", Kind.GROUP, Capacity.PROJECT_GROUP),
        ("partner", "Samarbeidsetaten", Kind.AGENCY, Capacity.PARTNER),
        ("auditor", "Revisjonen", Kind.OFFICE, Capacity.AUDITOR),
    ):
        organisation = _organisation(f"test-{role}".replace("_", "-"), name, kind)
        Participation.objects.create(
            programme=programme,
            organisation=organisation,
            capacity=capacity.value,
            valid_from=START,
        )
        _person(world, role, organisation)
    outside = _organisation("test-outside", "En annen etat", Kind.AGENCY)
    _person(world, "stranger", outside)
    return world
