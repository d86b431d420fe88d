"""Taking in a programme from its folder: all of it or nothing, as often as one likes."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.deletion import ProtectedError

from sloyfe.audit.actions import Actor, action, set_about
from sloyfe.common.errors import InputProblem, Problem
from sloyfe.common.sorting import sort_key
from sloyfe.common.tables import read_table
from sloyfe.common.yaml_files import Document, check_schema, read_yaml
from sloyfe.organisations.actions import RegisterPlan, slug_for
from sloyfe.organisations.imports import RegisterFiles, parse_register
from sloyfe.organisations.models import MunicipalityPeriod, Organisation
from sloyfe.organisations.rules import Kind, Register, RegisterContent
from sloyfe.programme.models import (
    Membership,
    Participation,
    Programme,
    Region,
    RegionArea,
    Statement,
    Subprogramme,
)
from sloyfe.programme.rules import OFFICE_KINDS, Capacity, Description, describe
from sloyfe.programme.rules.description import MemberRow, StatementRow
from sloyfe.programme.rules.municipalities import COLUMNS, Placement, check_placements, joined

MAIN_FILE = "programme.yaml"
SCHEMA_FILE = "programme.schema.json"


@dataclass(frozen=True)
class Loaded:
    """A programme as it now stands, and how many rows were written for that."""

    programme: Programme
    written: int

    @property
    def changed(self) -> bool:
        """Tell whether anything was written at all."""
        return self.written > 0


@dataclass(frozen=True)
class _Folder:
    """A programme's folder, read and checked, with nothing of it stored."""

    document: Document
    description: Description
    register: RegisterContent | None
    placements: tuple[Placement, ...]
    files: RegisterFiles | None
    fingerprint: str


def load_programme(folder: Path, *, actor: Actor, now: dt.datetime) -> Loaded:
    """Take in a programme from a folder of YAML and CSV: one transaction, one event.

    A folder that says what already stands writes nothing. What the folder no longer says is taken
    away; members that were imported from a list of their own stay. Raises InputProblem with file, line
    and key of everything that is wrong.
    """
    read = _read(folder)
    try:
        with action("programme.load", actor=actor, now=now) as event:
            writer = _Writer(read)
            programme = writer.write()
            set_about(event, programme)
            event.details |= {"written": writer.written, "fingerprint": read.fingerprint}
            if not writer.written:
                raise _Unchanged(programme)
    except _Unchanged as unchanged:
        return Loaded(unchanged.programme, 0)
    except ProtectedError as error:
        kept = sorted({str(row) for row in error.protected_objects})[:5]
        text = f"Something that the folder no longer says is still in use: {', '.join(kept)}."
        raise InputProblem([Problem("programme.in_use", text, MAIN_FILE)]) from error
    return Loaded(programme, writer.written)


class _Unchanged(Exception):
    """Nothing had to be written, so there is no event either."""

    def __init__(self, programme: Programme) -> None:
        super().__init__()
        self.programme = programme


def demo_codes(folder: Path) -> tuple[str, ...]:
    """Give the numbers of the municipalities that an exercise programme marks for demo people."""
    return tuple(p.code for p in _read(folder).placements if p.is_demo)


# Reading


def _read(folder: Path) -> _Folder:
    document = read_yaml(folder / MAIN_FILE)
    schema = json.loads((Path(settings.ROOT) / "programmes" / SCHEMA_FILE).read_text("utf-8"))
    problems = check_schema(document, schema)
    if problems:
        raise InputProblem(problems)
    description, problems = describe(document)
    if description is None:
        raise InputProblem(problems)
    digest = hashlib.sha256((folder / MAIN_FILE).read_bytes())
    if description.municipalities is None:
        return _Folder(document, description, None, (), None, digest.hexdigest())
    named = description.municipalities
    files = RegisterFiles.in_folder(folder, named.municipalities, named.changes, named.population)
    register = parse_register(files)
    placements, problems = check_placements(
        read_table(files.municipalities[1], files.municipalities[0], COLUMNS),
        files.municipalities[0],
        regions={row.code for row in description.regions},
        subprogrammes={row.code for row in description.subprogrammes},
        real_names={
            name.casefold()
            for name in MunicipalityPeriod.objects.filter(
                register=Register.NORWAY.value
            ).values_list("name", flat=True)
        },
    )
    if problems:
        raise InputProblem(problems)
    for name, content in (files.municipalities, files.changes, files.population):
        digest.update(name.encode() + b"\0" + content)
    return _Folder(document, description, register, tuple(placements), files, digest.hexdigest())


def _spelled(source: Mapping[str, Any]) -> str:
    """Write a source as a line of text, as it stands on a membership."""
    if "name" in source:
        return str(source["name"])
    if "section" in source:
        return f"Evalueringsrapporten 2018, avsnitt {source['section']}, side {source['page']}"
    return MAIN_FILE


# Writing


class _Writer:
    """Makes the tables say what the folder says, and counts the rows that it had to write."""

    def __init__(self, folder: _Folder) -> None:
        self.folder = folder
        self.description = folder.description
        self.written = 0

    def write(self) -> Programme:
        """Write all of it; the caller holds the transaction."""
        self.programme = self._programme()
        if self.folder.register is not None and self.folder.files is not None:
            self._refuse_numbers_of_others(self.folder.register)
            source = f"{self.description.slug}/{self.folder.files.population[0]}"
            plan = RegisterPlan(self.folder.register, Register.EXERCISE, source)
            plan.write()
            counts = plan.counts
            self.written += (
                counts.organisations + counts.periods + counts.changes + counts.population
            )
        previous = set(
            self.programme.statements.filter(kind="office").values_list("code", flat=True)
        )
        offices = self._offices()
        self._statements(offices)
        self._end_offices(previous - {row.code for row in self.description.offices}, offices)
        subprogrammes = self._subprogrammes()
        regions = self._regions(offices)
        self._areas(regions)
        self._municipalities_take_part()
        self._memberships(subprogrammes)
        return self.programme

    def _save(
        self,
        row: models.Model | None,
        kind: type[models.Model],
        key: dict[str, Any],
        facts: dict[str, Any],
    ) -> Any:
        """Create a row, or change it where it says something else."""
        if row is None:
            row = kind(**key, **facts)
        elif all(getattr(row, name) == value for name, value in facts.items()):
            return row
        else:
            for name, value in facts.items():
                setattr(row, name, value)
        row.save()
        self.written += 1
        return row

    def _delete(self, rows: Iterable[models.Model]) -> None:
        for row in rows:
            row.delete()
            self.written += 1

    def _programme(self) -> Programme:
        said = self.description
        row = Programme.objects.select_for_update().filter(slug=said.slug).first()
        if row is not None and row.is_simulated != said.is_exercise:
            text = "A programme of the other kind has this slug already. Choose another."
            raise InputProblem(
                [self.folder.document.problem("programme.kind_changed", ("kind",), text)]
            )
        facts = {
            "title": said.title,
            "is_simulated": said.is_exercise,
            "valid_from": said.valid_from,
            "valid_to": said.valid_to,
            "source_hash": self.folder.fingerprint,
        }
        programme: Programme = self._save(row, Programme, {"slug": said.slug}, facts)
        return programme

    def _refuse_numbers_of_others(self, register: RegisterContent) -> None:
        """Two exercise programmes may not use the same invented numbers."""
        codes = {stretch.code for stretch in register.stretches}
        taken = (
            Organisation.objects.filter(
                register=Register.EXERCISE.value,
                periods__code__in=codes,
                participations__capacity=Capacity.MUNICIPALITY.value,
            )
            .exclude(participations__programme=self.programme)
            .order_by("periods__code")
            .values_list("periods__code", flat=True)
            .distinct()
        )
        problems = [
            Problem("programme.number_taken", f"Another exercise programme uses the number {code}.",
                    self.folder.files.municipalities[0] if self.folder.files else "", None, "code", code)
            for code in taken[:20]
        ]  # fmt: skip
        if problems:
            raise InputProblem(problems)

    def _offices(self) -> dict[str, Organisation]:
        register = Register.EXERCISE if self.description.is_exercise else Register.NORWAY
        found: dict[str, Organisation] = {}
        for office in self.description.offices:
            name = str(office.title["nb"])
            what = OFFICE_KINDS[office.kind]
            slug = slug_for(name)
            row = Organisation.objects.filter(slug=slug).first()
            if row is not None and row.kind == Kind.MUNICIPALITY:
                text = "A municipality has this name in its address already."
                raise InputProblem(
                    [
                        self.folder.document.problem(
                            "programme.office_name", ("offices",), text, name
                        )
                    ]
                )
            found[office.code] = self._save(
                row,
                Organisation,
                {"slug": slug},
                {
                    "kind": what.kind.value,
                    "register": register.value,
                    "name": name,
                    "sort_key": sort_key(name),
                },
            )
            self._take_part(found[office.code], what.capacity)
        return found

    def _take_part(self, organisation: Organisation, capacity: Capacity) -> None:
        key = {
            "programme": self.programme,
            "organisation": organisation,
            "capacity": capacity.value,
        }
        # Who took part since when may have been changed by hand; the folder only begins it.
        if not Participation.objects.filter(**key).exists():
            facts = {
                "valid_from": self.description.valid_from,
                "valid_to": self.description.valid_to,
            }
            self._save(None, Participation, key, facts)

    def _end_offices(self, gone: set[str], offices: Mapping[str, Organisation]) -> None:
        """An office that the folder no longer names takes no part any more."""
        ids = [self._office_ids[code] for code in gone if code in self._office_ids]
        kept = {office.pk for office in offices.values()}
        rows = Participation.objects.filter(programme=self.programme, organisation_id__in=ids)
        self._delete(row for row in rows if row.organisation_id not in kept)

    def _statements(self, offices: Mapping[str, Organisation]) -> None:
        known: dict[tuple[str, str], Statement] = {
            (row.kind, row.code): row for row in self.programme.statements.all()
        }
        self._office_ids = {
            code: row.details.get("organisation", 0)
            for (kind, code), row in known.items()
            if kind == "office"
        }
        stored: dict[tuple[str, str], Statement] = {}
        for said in self.description.statements:
            stored[said.kind, said.code] = self._save(
                known.pop((said.kind, said.code), None),
                Statement,
                {"programme": self.programme, "kind": said.kind, "code": said.code},
                self._statement_facts(said, stored, offices),
            )
        gone = list(known.values())
        self._delete([row for row in gone if row.parent_id is not None])
        self._delete([row for row in gone if row.parent_id is None])

    def _statement_facts(
        self,
        said: StatementRow,
        stored: Mapping[tuple[str, str], Statement],
        offices: Mapping[str, Organisation],
    ) -> dict[str, Any]:
        details = dict(said.details)
        if said.kind == "office":
            details["organisation"] = offices[said.code].pk
        return {
            "position": said.position,
            "text": said.text,
            "parent_id": stored[said.parent].pk if said.parent else None,
            "description": said.description,
            "source": said.source,
            "verified": said.verified,
            "valid_from": said.valid_from,
            "valid_to": said.valid_to,
            "details": details,
        }

    def _subprogrammes(self) -> dict[str, Subprogramme]:
        known = {row.code: row for row in self.programme.subprogrammes.all()}
        found: dict[str, Subprogramme] = {}
        for said in self.description.subprogrammes:
            row = known.pop(said.code, None)
            # A list that was imported later may have made the names known.
            known_now = said.names_known or (
                row is not None
                and said.stated_members is not None
                and row.memberships.values("organisation").distinct().count() >= said.stated_members
            )
            found[said.code] = self._save(
                row,
                Subprogramme,
                {"programme": self.programme, "code": said.code},
                {
                    "title": said.title,
                    "description": said.description,
                    "stated_members": said.stated_members,
                    "names_known": known_now,
                    "source": said.source,
                    "details": said.details,
                },
            )
        for row in known.values():
            if row.memberships.exists():
                text = f"The subprogramme {row.code} has members; it cannot be left out."
                raise InputProblem(
                    [
                        self.folder.document.problem(
                            "programme.in_use", ("subprogrammes",), text, row.code
                        )
                    ]
                )
        self._delete(known.values())
        return found

    def _regions(self, offices: Mapping[str, Organisation]) -> dict[str, Region]:
        known = {row.code: row for row in self.programme.regions.all()}
        office_of = {
            row.region: offices[row.code].pk
            for row in self.description.offices
            if row.region and row.kind == "regional_office"
        }
        found = {
            said.code: self._save(
                known.pop(said.code, None),
                Region,
                {"programme": self.programme, "code": said.code},
                {
                    "name": str(said.title["nb"]),
                    "title": said.title,
                    "position": said.position,
                    "office_id": office_of.get(said.code),
                },
            )
            for said in self.description.regions
        }
        self._delete(known.values())
        return found

    def _areas(self, regions: Mapping[str, Region]) -> None:
        wanted: dict[tuple[int, str, str, dt.date], dict[str, Any]] = {}
        for said in self.description.regions:
            start = said.valid_from or self.description.valid_from
            end = said.valid_to or self.description.valid_to
            for area in said.areas:
                key = (regions[said.code].pk, area.county_code, "", start)
                wanted[key] = {"valid_to": end, "verified": area.verified}
        ids = {code: i for i, code in enumerate(sorted({p.code for p in self.folder.placements}))}
        names = {i: code for code, i in ids.items()}
        spans = ((ids[p.code], p.region, p.valid_from, p.valid_to) for p in self.folder.placements)
        for (who, region, start), end in joined(spans).items():
            key = (regions[region].pk, "", names[who], start)
            wanted[key] = {"valid_to": end, "verified": True}
        known = {
            (row.region_id, row.county_code, row.municipality_code, row.valid_from): row
            for row in RegionArea.objects.filter(region__programme=self.programme)
        }
        for key, facts in wanted.items():
            names_of_key = ("region_id", "county_code", "municipality_code", "valid_from")
            self._save(
                known.pop(key, None), RegionArea, dict(zip(names_of_key, key, strict=True)), facts
            )
        self._delete(known.values())

    def _municipalities_take_part(self) -> None:
        """Every municipality that existed while the programme ran has at least the basic offer."""
        begin, end = self.description.valid_from, self.description.valid_to
        rows = MunicipalityPeriod.objects.filter(
            register=(Register.EXERCISE if self.description.is_exercise else Register.NORWAY).value
        ).order_by("valid_from")
        if self.folder.register is not None:
            rows = rows.filter(code__in={s.code for s in self.folder.register.stretches})
        spans: dict[int, tuple[dt.date, dt.date | None]] = {}
        for row in rows:
            first = (
                spans[row.organisation_id][0] if row.organisation_id in spans else row.valid_from
            )
            spans[row.organisation_id] = (first, row.valid_to)
        known = set(
            Participation.objects.filter(
                programme=self.programme, capacity=Capacity.MUNICIPALITY.value
            ).values_list("organisation_id", flat=True)
        )
        new = []
        for organisation_id, (first, last) in spans.items():
            start = max(first, begin)
            stop = min((day for day in (last, end) if day is not None), default=None)
            if organisation_id not in known and (stop is None or stop > start):
                new.append(
                    Participation(
                        programme=self.programme,
                        organisation_id=organisation_id,
                        capacity=Capacity.MUNICIPALITY.value,
                        valid_from=start,
                        valid_to=stop,
                    )
                )
        Participation.objects.bulk_create(new)
        self.written += len(new)

    def _memberships(self, subprogrammes: Mapping[str, Subprogramme]) -> None:
        if self.description.members_from_file:
            self._memberships_from_file(subprogrammes)
            return
        problems = []
        for member in self.description.members:
            period = _period_at(Register.NORWAY, member.code, member.valid_from)
            if period is None or member.name.casefold() not in {
                period.name.casefold(),
                *period.name.casefold().split(" - "),
            }:
                problems.append(self._no_such(member, period))
                continue
            self._member(subprogrammes[member.subprogramme], period.organisation_id, member)
        if problems:
            raise InputProblem(problems)

    def _no_such(self, member: MemberRow, period: MunicipalityPeriod | None) -> Problem:
        if period is None:
            text = f"No municipality had the number {member.code} on {member.valid_from}. Is the register loaded?"
            return self.folder.document.problem(
                "programme.no_municipality", (*member.place, "code"), text, member.code
            )
        text = (
            f"The number {member.code} was {period.name} on {member.valid_from}, not {member.name}."
        )
        return self.folder.document.problem(
            "programme.other_name", (*member.place, "name"), text, member.name
        )

    def _member(self, subprogramme: Subprogramme, organisation_id: int, member: MemberRow) -> None:
        row = subprogramme.memberships.filter(organisation_id=organisation_id).first()
        self._save(
            row,
            Membership,
            {"subprogramme": subprogramme, "organisation_id": organisation_id},
            {
                "valid_from": member.valid_from,
                "valid_to": _ending(row, member.valid_to),
                "source": _spelled(member.source),
            },
        )

    def _memberships_from_file(self, subprogrammes: Mapping[str, Subprogramme]) -> None:
        source = (
            f"{self.description.slug}/{self.folder.files.municipalities[0]}"
            if self.folder.files
            else ""
        )
        organisation_of = {
            (row.code, row.valid_from): row.organisation_id
            for row in MunicipalityPeriod.objects.filter(register=Register.EXERCISE.value)
        }
        spans = (
            (organisation_of[p.code, p.valid_from], p.subprogramme, p.valid_from, p.valid_to)
            for p in self.folder.placements
            if p.subprogramme
        )
        known = {
            (row.organisation_id, row.subprogramme_id, row.valid_from): row
            for row in Membership.objects.filter(
                subprogramme__programme=self.programme, source=source
            )
        }
        for (who, code, start), end in sorted(joined(spans).items(), key=lambda item: item[0]):
            subprogramme = subprogrammes[code]
            row = known.pop((who, subprogramme.pk, start), None)
            self._save(
                row,
                Membership,
                {"subprogramme": subprogramme, "organisation_id": who, "valid_from": start},
                {"valid_to": _ending(row, end), "source": source},
            )
        self._delete(known.values())


def _ending(row: Membership | None, told: dt.date | None) -> dt.date | None:
    """A folder that tells of no end does not open again what an agreement has ended since."""
    return row.valid_to if row is not None and told is None else told


def _period_at(register: Register, code: str, on: dt.date) -> MunicipalityPeriod | None:
    rows = MunicipalityPeriod.objects.filter(register=register.value, code=code, valid_from__lte=on)
    return rows.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gt=on)).first()
