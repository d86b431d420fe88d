"""What has happened in the exercise programme when it is loaded, through the product's own actions.

Each part looks at what is there and goes on from it, so that loading may be killed anywhere and run again.
What people have changed since is left alone. Everything is said in ``programmes/exercise/rounds.yaml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sloyfe.accounts.models import Person
    from sloyfe.analysis.models import Dataset
    from sloyfe.fieldwork.models import Round
    from sloyfe.programme.models import Programme

ROUNDS = "rounds.yaml"


@dataclass(frozen=True)
class Exercise:
    """The exercise programme while it is loaded: its folder, what the folder tells, and who acts in it."""

    folder: Path
    told: Mapping[str, Any]
    programme: Programme
    evaluator: Person
    project_group: Person
    national_lead: Person
    regional_office: Person
    now: dt.datetime


def told_in(file: Path) -> Mapping[str, Any]:
    """Give what a file of the exercise tells. Every step begins from it, so a process reads it once."""
    return _told(file, file.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _told(file: Path, changed: int) -> Mapping[str, Any]:
    from sloyfe.common.yaml_files import read_yaml

    told: Mapping[str, Any] = read_yaml(file).data
    return told


def exercise_in(folder: Path, now: dt.datetime) -> Exercise | None:
    """Give the exercise programme of a folder; None where it tells of no rounds or nobody is there to try it."""
    from sloyfe.accounts.models import Person
    from sloyfe.programme.actions.demo import DOMAIN
    from sloyfe.programme.models import Programme

    people = {person.email: person for person in Person.objects.filter(is_demo=True)}
    roles = ("evaluator", "prosjektgruppe", "fagansvar", "regionkontor")
    cast = [people[f"{role}@{DOMAIN}"] for role in roles if f"{role}@{DOMAIN}" in people]
    if not (folder / ROUNDS).is_file() or len(cast) < len(roles):
        return None
    evaluator, project_group, national_lead, regional_office = cast
    return Exercise(
        folder=folder,
        told=told_in(folder / ROUNDS),
        programme=Programme.objects.get(slug=folder.name),
        evaluator=evaluator,
        project_group=project_group,
        national_lead=national_lead,
        regional_office=regional_office,
        now=now,
    )


def _at(day: str) -> dt.datetime:
    """Give noon of a day, in the time zone that days are counted in."""
    from django.utils import timezone

    return timezone.make_aware(dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12)))


# Questionnaires and other forms


def live_through_questionnaires(exercise: Exercise) -> int:
    """Let every form be commented, answered, tried and released. Gives how many were released.

    The evaluator makes the questionnaires and the project group comments; nasjonalt fagansvar makes the
    templates and a regional office comments.
    A form that has come into the folder since the programme was loaded is taken in and lives on by itself.
    """
    from sloyfe.instruments import actions
    from sloyfe.instruments.imports import load_folder
    from sloyfe.instruments.models import Instrument, Version
    from sloyfe.instruments.rules import VersionState

    told = exercise.told["questionnaires"]
    there = set(
        Instrument.objects.filter(programme=exercise.programme).values_list("code", flat=True)
    )
    if {file.stem for file in (exercise.folder / "instruments").glob("*.yaml")} - there:
        load_folder(
            exercise.programme,
            exercise.folder,
            leave=there,
            actor=None,  # as when the programme was loaded: the forms are of several makers
            now=_at(told["sent_for_comments"]),
        )
    released = 0
    first = Version.objects.filter(instrument__programme=exercise.programme, number=1)
    for version in first.select_related("instrument__programme").order_by("instrument__code"):
        actor, _reader = _makers(exercise, version)
        if version.stands is VersionState.DRAFT:
            version = actions.send_for_comments(
                version=version,
                comments_by=dt.date.fromisoformat(told["comments_by"]),
                actor=actor,
                now=_at(told["sent_for_comments"]),
            )
        if version.stands is VersionState.COMMENTING:
            _comment(exercise, version)
            version = actions.start_pilot(version=version, actor=actor, now=_at(told["piloted"]))
        if version.stands is VersionState.PILOT:
            _pilot(exercise, version)
            actions.release(version=version, actor=actor, now=_at(told["released"]))
            released += 1
    return released


def _makers(exercise: Exercise, version: Any) -> tuple[Person, Person]:
    """Give who makes a form of its kind in the exercise, and who comments on it."""
    from sloyfe.instruments.rules.access import Group, group_of

    if group_of(version.instrument.kind) is Group.PROGRAMME:
        return exercise.national_lead, exercise.regional_office
    return exercise.evaluator, exercise.project_group


def _comment(exercise: Exercise, version: Any) -> None:
    """Write the comments on a version and the answers of those who make it, those that lack."""
    from sloyfe.comments.rules import Outcome
    from sloyfe.instruments import actions
    from sloyfe.instruments.queries import comments_on

    told = exercise.told["questionnaires"]
    maker, reader = _makers(exercise, version)
    for said in told["comments"]:
        if said["instrument"] != version.instrument.code:
            continue
        comment = comments_on(version).filter(anchor=said["question"]).first()
        if comment is None:
            comment = actions.comment(
                version=version,
                anchor=said["question"],
                text=said["text"],
                actor=reader,
                now=_at(told["commented"]),
            )
        if comment.outcome == Outcome.OPEN:
            actions.answer_comment(
                version=version,
                comment=comment,
                outcome=said["outcome"],
                answer=said["answer"],
                actor=maker,
                now=_at(told["answered"]),
            )


def _pilot(exercise: Exercise, version: Any) -> None:
    from sloyfe.instruments import actions

    told = exercise.told["questionnaires"]
    if version.pilot_answers.exists():
        return
    maker, _reader = _makers(exercise, version)
    for said in told["pilot"]:
        if said["instrument"] == version.instrument.code:
            actions.save_pilot_answer(
                version=version,
                answers=said["answers"],
                remark=said["remark"],
                actor=maker,
                now=_at(told["piloted"]),
            )


def begin_next_draft(exercise: Exercise) -> bool:
    """Let the next version of one questionnaire wait for the project group's comments. Once only."""
    from django.db import transaction
    from django.utils import timezone

    from sloyfe.instruments import actions
    from sloyfe.instruments.models import Version

    told = exercise.told["questionnaires"]["next_draft"]
    versions = Version.objects.filter(
        instrument__programme=exercise.programme, instrument__code=told["instrument"]
    ).select_related("instrument__programme")
    if versions.filter(number__gt=1).exists():
        return False
    actor, now = exercise.evaluator, exercise.now
    with transaction.atomic():
        draft = actions.new_version(version=versions.get(number=1), actor=actor, now=now)
        draft = actions.change_question(
            version=draft,
            code=told["question"],
            changes={"help": told["help"]},
            based_on=draft.content_hash,
            actor=actor,
            now=now,
        )
        draft = actions.send_for_comments(
            version=draft,
            comments_by=timezone.localdate(now) + dt.timedelta(told["days"]),
            actor=actor,
            now=now,
        )
        actions.comment(
            version=draft,
            anchor=told["question"],
            text=told["comment"],
            actor=exercise.project_group,
            now=now,
        )
    return True


# Rounds


def _plan(
    exercise: Exercise,
    told: Mapping[str, Any],
    *,
    now: dt.datetime,
    opens_on: dt.date,
    closes_on: dt.date,
    contacts_on: dt.date,
    keys_on: dt.date,
) -> Round:
    """Plan a round with its populations, frames and samples; all of it or nothing."""
    from django.db import transaction

    from sloyfe.fieldwork.actions import rounds, sampling
    from sloyfe.fieldwork.rules import Declaration, Design, Origin
    from sloyfe.instruments.models import Version
    from sloyfe.instruments.rules import VersionState
    from sloyfe.organisations.models import Organisation
    from sloyfe.programme.rules import Capacity

    general = exercise.told
    evaluator = Organisation.objects.get(
        participations__programme=exercise.programme,
        participations__capacity=Capacity.EVALUATOR.value,
    )
    actor = exercise.evaluator
    with transaction.atomic():
        round_ = rounds.plan_round(
            programme=exercise.programme,
            slug=told["slug"],
            title=told["title"],
            declaration=Declaration(general["declaration"]),
            evaluator=evaluator,
            host=general["host"],
            controller=general["controller"],
            processor=general["processor"],
            legal_ground=general["legal_ground"],
            privacy_notice=general["privacy_notice"],
            contact=general["contact"],
            opens_on=opens_on,
            closes_on=closes_on,
            delete_contacts_on=contacts_on,
            delete_keys_on=keys_on,
            delete_responses_on=None,
            origin=Origin.SIMULATED if "simulated" in told else Origin.FIELDED,
            actor=actor,
            now=now,
        )
        for asked in general["populations"]:
            population = rounds.add_population(
                round_=round_,
                code=asked["code"],
                title=asked["title"],
                version=Version.objects.filter(
                    instrument__programme=exercise.programme,
                    instrument__code=asked["instrument"],
                    state=VersionState.RELEASED.value,
                )
                .select_related("instrument")
                .latest("number"),
                frame_rule={"subprogramme": asked["subprogramme"]},
                frame_as_of=opens_on,
                design=Design.STRATIFIED if "per_stratum" in asked else Design.CENSUS,
                per_stratum=asked.get("per_stratum"),
                actor=actor,
                now=now,
            )
            sampling.make_frame(population=population, actor=actor, now=now)
            sampling.draw_sample(
                population=population, seed=told["draw_seed"], actor=actor, now=now
            )
    return round_


def simulate_round(exercise: Exercise, told: Mapping[str, Any]) -> bool:
    """Let a round be planned, drawn, answered by the model, closed and frozen. Tells whether it did anything."""
    from django.db import transaction

    from sloyfe.analysis.actions import freeze_dataset, make_tables
    from sloyfe.analysis.models import Dataset
    from sloyfe.fieldwork.actions import rounds
    from sloyfe.fieldwork.actions.simulated import answer_simulated_round
    from sloyfe.fieldwork.models import Round
    from sloyfe.fieldwork.rules import RoundState

    days, actor, done = told["simulated"], exercise.evaluator, False
    round_ = Round.objects.filter(slug=told["slug"]).select_related("programme").first()
    if round_ is None:
        closes_on = dt.date.fromisoformat(days["closes"])
        round_ = _plan(
            exercise,
            told,
            now=_at(days["planned"]),
            opens_on=dt.date.fromisoformat(days["opens"]),
            closes_on=closes_on,
            contacts_on=closes_on + dt.timedelta(90),
            keys_on=closes_on + dt.timedelta(120),
        )
        done = True
    if round_.state == RoundState.PLANNED:
        # One transaction, since the worker closes a round whose day has passed.
        with transaction.atomic():
            round_ = rounds.open_round(round_=round_, actor=actor, now=_at(days["opens"]))
            answer_simulated_round(
                round_=round_,
                round_number=told["number"],
                seed=exercise.told["model_seed"],
                actor=actor,
                now=_at(days["closes"]),
            )
            rounds.close_round(round_=round_, actor=actor, now=_at(days["closes"]))
        done = True
    for population in round_.populations.select_related("round", "version__instrument", "draw"):
        dataset: Dataset | None = Dataset.objects.filter(population=population).first()
        if dataset is None:
            population.round.refresh_from_db()
            dataset = freeze_dataset(population=population, actor=actor, now=_at(days["frozen"]))
            done = True
        if not dataset.tables.exists():
            make_tables(dataset=dataset, now=_at(days["frozen"]))
            done = True
    return done


def report_round(exercise: Exercise, told: Mapping[str, Any]) -> bool:
    """Publish the report of a simulated round. Tells whether it did anything."""
    from sloyfe.fieldwork.models import Round
    from sloyfe.reports.actions import make_report, publish
    from sloyfe.reports.models import Report
    from sloyfe.reports.rules import ReportState

    said, actor = told["report"], exercise.evaluator
    now = _at(told["simulated"]["published"])
    report = Report.objects.filter(slug=said["slug"]).select_related("round__programme").first()
    if report is None:
        report = make_report(
            round_=Round.objects.select_related("programme").get(slug=told["slug"]),
            slug=said["slug"],
            title=said["title"],
            subtitle=said["subtitle"],
            language=said["language"],
            publisher=exercise.told["host"],
            actor=actor,
            now=now,
        )
    if report.state != ReportState.DRAFT:
        return False
    publish(report=report, actor=actor, now=now)
    return True


def open_a_round(exercise: Exercise, told: Mapping[str, Any]) -> bool:
    """Open the round that people answer, on the day it is loaded. Tells whether it did anything.

    Whoever is drawn gets a contact at an address that leads nowhere. Invitations are queued only where
    letters become files; an installation with a mail server would send them to nobody.
    """
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from sloyfe.fieldwork.actions import contacts, mailings, rounds
    from sloyfe.fieldwork.models import Case, Round
    from sloyfe.fieldwork.queries import cases_to_invite
    from sloyfe.fieldwork.rules import RoundState

    days, actor, now, done = told["open"], exercise.evaluator, exercise.now, False
    today = timezone.localdate(now)
    round_ = Round.objects.filter(slug=told["slug"]).select_related("programme").first()
    if round_ is None:
        closes_on = today + dt.timedelta(days["days"])
        with transaction.atomic():
            round_ = _plan(
                exercise,
                told,
                now=now,
                opens_on=today,
                closes_on=closes_on,
                contacts_on=closes_on + dt.timedelta(days["contacts_deleted_after"]),
                keys_on=closes_on + dt.timedelta(days["keys_deleted_after"]),
            )
            drawn = Case.objects.filter(population__round=round_).select_related("organisation")
            contacts.save_contacts(
                round_=round_,
                rows=_contacts(drawn),
                source=days["contact_source"],
                told=days["contact_told"],
                actor=actor,
                now=now,
            )
            round_ = rounds.open_round(round_=round_, actor=actor, now=now)
        done = True
    writes_files = settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
    if writes_files and round_.state == RoundState.OPEN and cases_to_invite(round_):
        mailings.invite(round_=round_, actor=actor, now=now)
        done = True
    return done


def _contacts(cases: Any) -> list[Any]:
    from sloyfe.accounts.models import Person
    from sloyfe.fieldwork.rules.contacts import ContactRow
    from sloyfe.programme.actions.demo import DOMAIN

    demo = dict(
        Person.objects.filter(is_demo=True).values_list("affiliations__organisation_id", "email")
    )
    return [
        ContactRow(
            organisation_id=case.organisation_id,
            name="",
            email=demo.get(case.organisation_id, f"{case.organisation.slug}@{DOMAIN}"),
            role="",
        )
        for case in cases
    ]
