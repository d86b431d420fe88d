"""Make an open round in an installation, through the product's own actions.

Run as a process with the settings of that installation; the tests' own process has another database. It
prints, as JSON, what the tests need to know of it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import sys
from typing import Any


def make_round(definition: dict[str, Any], *, units: int, slug: str) -> Any:
    """Open a round with `units` cases. Gives the round."""
    from django.utils import timezone

    from sloyfe.fieldwork.actions import rounds, sampling
    from sloyfe.fieldwork.rules import Declaration, Design
    from sloyfe.instruments.models import Instrument, Version
    from sloyfe.instruments.rules import InstrumentKind, VersionState
    from sloyfe.programme.models import Programme

    now = timezone.now()
    today = timezone.localdate(now)
    if Programme.objects.filter(slug="test-programme").exists():
        programme, actor = existing_world()
    else:
        programme, actor = wide_world(units)
    instrument = Instrument.objects.create(
        programme=programme,
        code=f"form-{slug}",
        kind=InstrumentKind.QUESTIONNAIRE.value,
        title={"nb": "Skjema", "nn": "Skjema"},
    )
    version = Version.objects.create(
        instrument=instrument,
        number=1,
        state=VersionState.RELEASED.value,
        definition=definition,
        content_hash=hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest(),
    )
    notice = {"nb": "Vi tar vare på det som trengs.", "nn": "Vi tek vare på det som trengst."}
    round_ = rounds.plan_round(
        programme=programme,
        slug=slug,
        title={"nb": "Undersøkelsen", "nn": "Undersøkinga"},
        declaration=Declaration.CONFIDENTIAL_PANEL,
        evaluator=actor.affiliations.get().organisation,
        host="Forskningsinstituttet",
        controller="Strategikontoret",
        processor="Forskningsinstituttet",
        legal_ground="GDPR artikkel 6 nr. 1 bokstav e",
        privacy_notice=notice,
        contact="undersokelse@ovelse.invalid",
        closes_on=today + dt.timedelta(days=60),
        delete_contacts_on=today + dt.timedelta(days=90),
        delete_keys_on=today + dt.timedelta(days=90),
        delete_responses_on=None,
        actor=actor,
        now=now,
    )
    population = rounds.add_population(
        round_=round_,
        code="all",
        title={"nb": "Alle kommuner", "nn": "Alle kommunar"},
        version=version,
        frame_rule={"subprogramme": None},
        frame_as_of=today,
        design=Design.CENSUS,
        per_stratum=None,
        actor=actor,
        now=now,
    )
    sampling.make_frame(population=population, actor=actor, now=now)
    sampling.draw_sample(population=population, seed="1", actor=actor, now=now)
    return rounds.open_round(round_=round_, actor=actor, now=now)


def existing_world() -> tuple[Any, Any]:
    """Give the programme and its evaluator."""
    from sloyfe.accounts.models import Person
    from sloyfe.programme.models import Programme

    programme = Programme.objects.get(slug="test-programme")
    return programme, Person.objects.get(email="evaluator@ovelse.invalid")


def wide_world(units: int) -> tuple[Any, Any]:
    """Make the cast, with as many invented municipalities as wanted."""
    from sloyfe.organisations.models import MunicipalityPeriod, Organisation, Population
    from sloyfe.organisations.rules import Register
    from sloyfe.programme.models import Participation, RegionArea
    from sloyfe.programme.rules import Capacity
    from tests.cast import START, make_world

    world = make_world()
    register = Register.EXERCISE.value
    regions = list(world.regions.values())
    more = Organisation.objects.bulk_create(
        Organisation(
            slug=f"x-{at}", name=f"Sted {at} (øving)", kind="municipality", register=register,
            sort_key=f"sted {at:06}", language_form="nn" if at % 4 == 0 else "nb",
        )
        for at in range(len(world.municipalities), units)
    )  # fmt: skip
    numbered = [(f"Y{at:05}", one) for at, one in enumerate(more)]
    MunicipalityPeriod.objects.bulk_create(
        MunicipalityPeriod(
            organisation=one, register=register, code=code, name=one.name, sort_key=one.sort_key,
            county_code="Y", valid_from=START,
        )
        for code, one in numbered
    )  # fmt: skip
    Population.objects.bulk_create(
        Population(register=register, code=code, on=START, inhabitants=5000, source="test")
        for code, _one in numbered
    )
    RegionArea.objects.bulk_create(
        RegionArea(region=regions[at % len(regions)], municipality_code=code, valid_from=START)
        for at, (code, _one) in enumerate(numbered)
    )
    Participation.objects.bulk_create(
        Participation(
            programme=world.programme, organisation=one, capacity=Capacity.MUNICIPALITY.value,
            valid_from=START,
        )
        for _code, one in numbered
    )  # fmt: skip
    return existing_world()


def bring_contacts(round_: Any) -> None:
    """Give every unit of the round an address, and write the letter's text."""
    from django.utils import timezone

    from sloyfe.fieldwork.actions import contacts
    from sloyfe.fieldwork.models import Case
    from sloyfe.fieldwork.rules.contacts import ContactRow
    from sloyfe.letters import actions as letters

    _programme, actor = existing_world()
    now = timezone.now()
    for language in ("nb", "nn"):
        letters.save_text(
            code="invitation",
            scope="",
            language=language,
            subject="{round}",
            body="Til {organisation}: {link}",
            actor=actor,
            now=now,
        )
    cases = Case.objects.filter(population__round=round_)
    rows = [
        ContactRow(case.organisation_id, "", f"enhet-{case.organisation_id}@kommune.invalid", "")
        for case in cases
    ]
    contacts.save_contacts(
        round_=round_, rows=rows, source="prøve", told="prøve", actor=actor, now=now
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("do", choices=["round", "invite", "uncertain"])
    parser.add_argument("--slug", default="runde")
    parser.add_argument("--units", type=int, default=60)
    parser.add_argument("--definition", default="")
    args = parser.parse_args()

    import django

    django.setup()
    from django.utils import timezone

    from sloyfe.fieldwork.actions import mailings
    from sloyfe.fieldwork.models import Case, Round
    from sloyfe.letters import actions as letters

    if args.do == "round":
        round_ = make_round(json.loads(args.definition), units=args.units, slug=args.slug)
        bring_contacts(round_)
        cases = Case.objects.filter(population__round=round_).order_by("organisation__sort_key")
        told = [
            {
                "case": str(case.pk),
                "path": "/svar/" + mailings.link_for(case).partition("/svar/")[2],
            }
            for case in cases
        ]
        sys.stdout.write(json.dumps(told))
    elif args.do == "invite":
        _programme, actor = existing_world()
        round_ = Round.objects.get(slug=args.slug)
        mailings.invite(round_=round_, actor=actor, now=timezone.now())
    else:
        later = timezone.now() + letters.CLAIM_LIFETIME
        letters.mark_uncertain(now=later)


if __name__ == "__main__":
    main()
