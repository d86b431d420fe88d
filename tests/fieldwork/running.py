"""A round from its plan to its letters, for the tests of running it."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from typing import Any

from openpyxl import Workbook

from sloyfe.fieldwork.actions import contacts, rounds, sampling
from sloyfe.fieldwork.imports import frame_units, read_contacts
from sloyfe.fieldwork.models import Population, Round
from sloyfe.fieldwork.rules import Declaration, Design
from sloyfe.instruments.models import Instrument, Version
from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.letters.actions import save_text
from tests.cast import MUNICIPALITIES, NOW, TODAY, World
from tests.fieldwork.answering import definition, text


def released(
    world: World,
    code: str = "form",
    content: dict[str, Any] | None = None,
    state: VersionState = VersionState.RELEASED,
) -> Version:
    """A version of a form, released unless told otherwise."""
    content = content or definition()
    instrument = Instrument.objects.create(
        programme=world.programme,
        code=code,
        kind=InstrumentKind.QUESTIONNAIRE.value,
        title=text("Skjema"),
    )
    return Version.objects.create(
        instrument=instrument,
        number=1,
        state=state.value,
        definition=content,
        content_hash=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest(),
    )


def planned(world: World, slug: str = "runde-1", **more: Any) -> Round:
    """A round that the evaluator has planned and that asks nobody yet."""
    values: dict[str, Any] = {
        "programme": world.programme,
        "slug": slug,
        "title": text("Undersøkelsen", "Undersøkinga"),
        "declaration": Declaration.CONFIDENTIAL_PANEL,
        "evaluator": world.person("evaluator").affiliations.get().organisation,
        "host": "Forskningsinstituttet",
        "controller": "Strategikontoret",
        "processor": "Forskningsinstituttet",
        "legal_ground": "GDPR artikkel 6 nr. 1 bokstav e",
        "privacy_notice": text("Vi tar bare vare på det som trengs."),
        "contact": "undersokelse@ovelse.invalid",
        "opens_on": TODAY,
        "closes_on": dt.date(2026, 4, 1),
        "delete_contacts_on": dt.date(2026, 5, 1),
        "delete_keys_on": dt.date(2026, 6, 1),
        "delete_responses_on": dt.date(2027, 6, 1),
        "actor": world.person("evaluator"),
        "now": NOW,
    }
    return rounds.plan_round(**(values | more))


def asking(
    world: World,
    round_: Round,
    *,
    design: Design = Design.CENSUS,
    per_stratum: int | None = None,
    subprogramme: str | None = None,
    code: str = "alle",
    version: Version | None = None,
) -> Population:
    """A group of a round, with its frame made."""
    population = rounds.add_population(
        round_=round_,
        code=code,
        title=text("Alle kommuner", "Alle kommunar"),
        version=version or released(world, f"form-{round_.slug}-{code}"),
        frame_rule={"subprogramme": subprogramme},
        frame_as_of=TODAY,
        design=design,
        per_stratum=per_stratum,
        actor=world.person("evaluator"),
        now=NOW,
    )
    sampling.make_frame(population=population, actor=world.person("evaluator"), now=NOW)
    return population


def drawn(world: World, **more: Any) -> Population:
    """A planned round whose sample is drawn."""
    population = asking(world, planned(world), **more)
    draw(world, population)
    return population


def draw(world: World, population: Population, seed: str = "frø") -> None:
    sampling.draw_sample(population=population, seed=seed, actor=world.person("evaluator"), now=NOW)


def contact_file(*more: str, leave_out: tuple[str, ...] = ()) -> bytes:
    """A CSV file with a contact for every municipality of the cast."""
    lines = ["Kommunenummer;Navn;E-post;Rolle"]
    lines += [
        f"{code};Kontakt {name};post@{code.lower()}.invalid;rådgiver"
        for code, name, *_rest in MUNICIPALITIES
        if code not in leave_out
    ]
    return "\n".join([*lines, *more]).encode()


def sheet(rows: list[list[object]]) -> bytes:
    """The same as a spreadsheet."""
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def bring(world: World, round_: Round, data: bytes | None = None, name: str = "k.csv") -> int:
    """Take in a file of contacts."""
    units = frame_units(round_)
    outside = tuple(row[0] for row in MUNICIPALITIES if row[0] not in units)
    rows = read_contacts(contact_file(leave_out=outside) if data is None else data, name, units)
    return contacts.save_contacts(
        round_=round_,
        rows=rows,
        source="Kommunenes nettsteder",
        told="I brevet",
        actor=world.person("evaluator"),
        now=NOW,
    )


def write_letters(world: World, *languages: str) -> None:
    """Write every letter in bokmål and nynorsk."""
    words = {
        "nb": "Hei {organisation}, svar her: {link}",
        "nn": "Hei {organisation}, svar her, takk: {link}",
    }
    for code in ("invitation", "reminder_1", "reminder_2"):
        for language in languages or ("nb", "nn"):
            save_text(
                code=code,
                scope="",
                language=language,
                subject=f"{code} {language}: {{round}}",
                body=words[language],
                actor=None,
                now=NOW,
            )


def opened(world: World, **more: Any) -> Population:
    """An open round with contacts and letter texts, ready to invite."""
    population = drawn(world, **more)
    bring(world, population.round)
    write_letters(world)
    rounds.open_round(round_=population.round, actor=world.person("evaluator"), now=NOW)
    return Population.objects.get(pk=population.pk)
