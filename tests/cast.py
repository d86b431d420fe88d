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
REGIONS = (("nord", "Nord"), ("sor", "Sør"))
# Those who are neither an office of a region nor a municipality: role, name, kind, capacity.
OTHERS = (
    ("head_office", "Hovedkontoret", Kind.OFFICE, Capacity.HEAD_OFFICE),
    ("owner", "Strategikontoret", Kind.OFFICE, Capacity.OWNER),
    ("national_lead", "Nasjonalt fagansvar", Kind.OFFICE, Capacity.NATIONAL_LEAD),
    ("evaluator", "Forskningsinstituttet", Kind.INSTITUTE, Capacity.EVALUATOR),
    ("project_group", "Oppdragsgivers prosjektgruppe", Kind.GROUP, Capacity.PROJECT_GROUP),
    ("partner", "Samarbeidsetaten", Kind.AGENCY, Capacity.PARTNER),
    ("auditor", "Revisjonen", Kind.OFFICE, Capacity.AUDITOR),
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
    return Organisation(
        slug=slug,
        name=name,
        kind=kind.value,
        register=Register.EXERCISE.value,
        sort_key=sort_key(name),
        language_form=language_form,
    )


def make_world() -> World:
    """Build the exercise programme and its cast in the database.

    Most tests begin with it, so the rows of a kind are made together.
    """
    programme = Programme.objects.create(
        slug="test-programme",
        title={"nb": "Prøveprogrammet", "nn": "Prøveprogrammet", "en": "The test programme"},
        is_simulated=True,
        valid_from=START,
        source_hash="0" * 64,
    )
    world = World(programme)
    offices = {
        code: _organisation(f"office-{code}", f"Regionkontor {name}", Kind.OFFICE)
        for code, name in REGIONS
    }
    municipalities = {
        code: _organisation(f"x-{code.lower()}", f"{name} (øving)", Kind.MUNICIPALITY, language)
        for code, name, _, _, language, _ in MUNICIPALITIES
    }
    others = {
        role: _organisation(f"test-{role}".replace("_", "-"), name, kind)
        for role, name, kind, _ in OTHERS
    }
    outside = _organisation("test-outside", "En annen etat", Kind.AGENCY)
    Organisation.objects.bulk_create(
        [*offices.values(), *municipalities.values(), *others.values(), outside]
    )
    world.municipalities = municipalities
    _lay_the_land(world, offices)
    Participation.objects.bulk_create(
        Participation(
            programme=programme,
            organisation=organisation,
            capacity=capacity.value,
            valid_from=START,
        )
        for organisation, capacity in (
            *((office, Capacity.REGIONAL_OFFICE) for office in offices.values()),
            *((each, Capacity.MUNICIPALITY) for each in municipalities.values()),
            *((others[role], capacity) for role, _, _, capacity in OTHERS),
        )
    )
    _let_people_in(
        world,
        {
            **{f"regional_office_{code}": office for code, office in offices.items()},
            "municipality": municipalities["X102"],
            "municipality_in_programme": municipalities["X104"],
            **others,
            "stranger": outside,
        },
    )
    return world


def _lay_the_land(world: World, offices: dict[str, Organisation]) -> None:
    subprogrammes = {
        code: Subprogramme(programme=world.programme, code=code, title={"nb": title})
        for code, title in (("towns", "Byprogrammet"), ("cities", "Storbyprogrammet"))
    }
    Subprogramme.objects.bulk_create(subprogrammes.values())
    world.regions = {
        code: Region(
            programme=world.programme, code=code, name=name, position=position, office=offices[code]
        )
        for position, (code, name) in enumerate(REGIONS)
    }
    Region.objects.bulk_create(world.regions.values())
    MunicipalityPeriod.objects.bulk_create(
        MunicipalityPeriod(
            organisation=municipality,
            register=Register.EXERCISE.value,
            code=code,
            name=municipality.name,
            sort_key=municipality.sort_key,
            county_code=code[:2],
            valid_from=START,
        )
        for code, municipality in world.municipalities.items()
    )
    Population.objects.bulk_create(
        Population(
            register=Register.EXERCISE.value,
            code=code,
            on=START,
            inhabitants=inhabitants,
            source="test",
        )
        for code, _, _, inhabitants, _, _ in MUNICIPALITIES
    )
    RegionArea.objects.bulk_create(
        RegionArea(region=world.regions[region], municipality_code=code, valid_from=START)
        for code, _, region, *_ in MUNICIPALITIES
    )
    Membership.objects.bulk_create(
        Membership(
            subprogramme=subprogrammes[subprogramme],
            organisation=world.municipalities[code],
            valid_from=START,
            source="test",
        )
        for code, *_, subprogramme in MUNICIPALITIES
        if subprogramme
    )


def _let_people_in(world: World, places: dict[str, Organisation]) -> None:
    for role in places:
        person = Person(email=f"{role}@ovelse.invalid", name=role.replace("_", " "))
        person.set_unusable_password()
        world.people[role] = person
    Person.objects.bulk_create(world.people.values())
    Affiliation.objects.bulk_create(
        Affiliation(person=world.people[role], organisation=organisation, valid_from=START)
        for role, organisation in places.items()
    )
