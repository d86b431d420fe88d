"""`sloyfe load-content`: everything that comes with Sløyfe, in steps.

Each step is a transaction of its own, or several, and writes only what is not there. So the command
may be killed at any point and run again, and running it twice is as running it once. A step is one
function: it is given the `Content` and says in a few words what it did, or "" for nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sloyfe.cli import connection, exercise, exercise_reporting, exercise_telling, exercise_year
from sloyfe.common import environment


@dataclass(frozen=True)
class Content:
    """Where the content lies, the time at which it is loaded, and whether the exercise is wanted."""

    root: Path
    now: dt.datetime
    with_exercise: bool = True

    @property
    def programmes(self) -> list[Path]:
        """The folders of the programmes; the real ones first, since an exercise may not use their names."""
        found = sorted(file.parent for file in (self.root / "programmes").glob("*/programme.yaml"))
        wanted = [folder for folder in found if self.with_exercise or folder.name != EXERCISE]
        return sorted(wanted, key=lambda folder: folder.name == EXERCISE)


EXERCISE = "exercise"


def load_registers(content: Content) -> str:
    """The municipalities of Norway with their history."""
    from sloyfe.organisations.imports import load_register
    from sloyfe.organisations.rules import Register

    stored = load_register(
        content.root / "registers",
        register=Register.NORWAY,
        source="Statistisk sentralbyrå (CC BY 4.0)",
        actor=None,
        now=content.now,
    )
    rows = stored.organisations + stored.periods + stored.changes + stored.population
    return f"{rows} rows" if rows else ""


def load_programmes(content: Content) -> str:
    """Every programme's folder."""
    from sloyfe.programme.actions import load_programme

    done = []
    for folder in content.programmes:
        loaded = load_programme(folder, actor=None, now=content.now)
        if loaded.changed:
            done.append(f"{folder.name}: {loaded.written} rows")
    return ", ".join(done)


def load_mandates(content: Content) -> str:
    """Mandates, what the offices have time for, and the year wheel."""
    from sloyfe.programme.imports import load_mandate

    done = []
    for folder in content.programmes:
        loaded = load_mandate(folder, actor=None, now=content.now)
        if loaded.changed:
            done.append(f"{folder.name}: {loaded.mandates} mandates, {loaded.dates} dates")
    return ", ".join(done)


def load_results(content: Content) -> str:
    """What is counted in each programme, and how it is added up."""
    from sloyfe.delivery.imports.results import FILE, load_results
    from sloyfe.programme.models import Programme

    done = []
    for folder in content.programmes:
        if not (folder / FILE).is_file():
            continue
        programme = Programme.objects.get(slug=folder.name)
        defined = load_results(programme, folder, actor=None, now=content.now)
        if defined.changed:
            done.append(f"{folder.name}: {defined.results} results")
    return ", ".join(done)


def load_groups(content: Content) -> str:
    """The standing groups that each programme's description names."""
    from sloyfe.delivery.actions.groups import load_groups
    from sloyfe.programme.models import Programme

    made = sum(
        load_groups(programme=Programme.objects.get(slug=folder.name), actor=None, now=content.now)
        for folder in content.programmes
    )
    return f"{made} groups" if made else ""


def load_instruments(content: Content) -> str:
    """The forms that come with the programmes, released; the exercise has a life of its own."""
    from sloyfe.instruments.imports import load_folder
    from sloyfe.programme.models import Programme

    done = []
    for folder in content.programmes:
        if folder.name == EXERCISE or not (folder / "bank.yaml").is_file():
            continue
        programme = Programme.objects.get(slug=folder.name)
        loaded = load_folder(programme, folder, actor=None, now=content.now, release=True)
        if loaded.changed:
            done.append(f"{folder.name}: {len(loaded.changed)} forms")
    return ", ".join(done)


def load_contradictions(content: Content) -> str:
    """What a programme's texts disagree on, put to its owner."""
    from sloyfe.delivery.imports.contradictions import load_folder

    added = {
        folder.name: load_folder(folder, actor=None, now=content.now)
        for folder in content.programmes
    }
    return ", ".join(f"{name}: {number} questions" for name, number in added.items() if number)


def load_printed_rounds(content: Content) -> str:
    """Rounds that are known from a printed report, with every figure worked out again."""
    from sloyfe.analysis.imports import load
    from sloyfe.programme.models import Programme

    done = []
    for folder in content.programmes:
        for file in sorted(folder.glob("*/round.yaml")):
            programme = Programme.objects.get(slug=folder.name)
            loaded = load(programme, file.parent, actor=None, now=content.now)
            if loaded.changed:
                done.append(f"{file.parent.name}: {loaded.printed.figures.count()} figures")
    return ", ".join(done)


def load_letters(content: Content) -> str:
    """The wording of invitations and reminders."""
    from sloyfe.letters.imports import load_texts

    path = content.root / "programmes" / "letters.yaml"
    written = load_texts(path, scope="", actor=None, now=content.now)
    return f"{written} texts" if written else ""


def add_demo_people(content: Content) -> str:
    """One person for each role in the exercise programme."""
    from sloyfe.programme.actions import add_demo_people, demo_codes
    from sloyfe.programme.models import Programme

    folder = content.root / "programmes" / EXERCISE
    if not (folder / "programme.yaml").is_file():
        return ""
    added = add_demo_people(
        Programme.objects.get(slug=EXERCISE),
        municipalities=demo_codes(folder),
        actor=None,
        now=content.now,
    )
    return f"{added} people" if added else ""


def live_through_questionnaires(content: Content) -> str:
    """The forms of the exercise programme: commented, tried, released; a next draft of one."""
    found = exercise.exercise_in(content.root / "programmes" / EXERCISE, content.now)
    if found is None:
        return ""
    released = exercise.live_through_questionnaires(found)
    begun = exercise.begin_next_draft(found)
    return f"{released} released" if released else "a draft" if begun else ""


def _rounds(
    content: Content, kind: str, step: Callable[[exercise.Exercise, Mapping[str, Any]], bool]
) -> str:
    found = exercise.exercise_in(content.root / "programmes" / EXERCISE, content.now)
    if found is None:
        return ""
    done = [
        told["title"]["nb"] for told in found.told["rounds"] if kind in told and step(found, told)
    ]
    return "; ".join(done)


def simulate_rounds(content: Content) -> str:
    """The rounds of the exercise programme that a model answers, frozen and tabulated."""
    return _rounds(content, "simulated", exercise.simulate_round)


def publish_reports(content: Content) -> str:
    """A report of each of them."""
    return _rounds(content, "report", exercise.report_round)


def open_round(content: Content) -> str:
    """The round of the exercise programme that people answer."""
    return _rounds(content, "open", exercise.open_a_round)


def _year(content: Content, step: Callable[[exercise_year.Year], int], words: str) -> str:
    found = exercise_year.year_in(content.root / "programmes" / EXERCISE, content.now)
    done = step(found) if found else 0
    return f"{done} {words}" if done else ""


def make_agreements(content: Content) -> str:
    """Agreements of the exercise programme's members, and of those whose borders change."""
    return _year(content, exercise_year.agree, "agreements")


def make_plans(content: Content) -> str:
    """An action plan for each year that an agreement covers."""
    return _year(content, exercise_year.plan, "plans")


def say_needs(content: Content) -> str:
    """What municipalities of the exercise say they need, and the answers."""
    return _year(content, exercise_reporting.say_needs, "needs")


def report_years(content: Content) -> str:
    """Yearly reports of the exercise programme with their answers, and the summaries up."""
    return _year(content, exercise_reporting.report, "reports sent")


def hold_dialogues(content: Content) -> str:
    """What the exercise's offices ask upwards, and the steering dialogues that decide."""
    return _year(content, exercise_reporting.steer, "steering dialogues")


def publish_descriptions(content: Content) -> str:
    """The description of the exercise programme and the offices' guide, in their versions."""
    return _year(content, exercise_telling.describe, "versions published")


def tell_years(content: Content) -> str:
    """The exercise programme's own report of each ended year."""
    return _year(content, exercise_telling.tell_years, "programme reports made or published")


# In the order in which they need each other.
STEPS: tuple[tuple[str, Callable[[Content], str]], ...] = (
    ("Municipalities 2013–2026", load_registers),
    ("Programmes", load_programmes),
    ("What is counted", load_results),
    ("Mandates and year wheels", load_mandates),
    ("Standing groups", load_groups),
    ("Questions on which the texts of a programme disagree", load_contradictions),
    ("Questionnaires", load_instruments),
    ("Printed figures, worked out again", load_printed_rounds),
    ("Letters", load_letters),
)
EXERCISE_STEPS: tuple[tuple[str, Callable[[Content], str]], ...] = (
    ("People to try the exercise programme as", add_demo_people),
    ("Questionnaires of the exercise programme", live_through_questionnaires),
    ("Simulated rounds of the exercise programme", simulate_rounds),
    ("An open round in the exercise programme", open_round),
    ("Reports of the simulated rounds", publish_reports),
    ("Agreements of the exercise programme", make_agreements),
    ("Plans of the exercise programme", make_plans),
    ("Needs in the exercise programme", say_needs),
    ("Yearly reports of the exercise programme", report_years),
    ("Steering dialogues of the exercise programme", hold_dialogues),
    ("Descriptions of the exercise programme", publish_descriptions),
    ("Programme reports of the exercise programme", tell_years),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There is nothing to choose."""


def run(args: argparse.Namespace) -> int:
    """Take every step and say what each did."""
    connection.use_django()
    from django.conf import settings
    from django.utils import timezone

    content = Content(Path(settings.ROOT), timezone.now(), environment.DEMO.read())
    steps = STEPS + EXERCISE_STEPS if content.with_exercise else STEPS
    for number, (words, step) in enumerate(steps, start=1):
        print(f"  [{number}/{len(steps)}] {words} …", end=" ", flush=True)
        begun = time.monotonic()
        done = step(content)
        print(f"{done or 'already there'} ({time.monotonic() - begun:.1f} s)", flush=True)
    return 0
