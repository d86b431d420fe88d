"""What the journeys rest on: a form of three pages with every kind of answer, and the goals of the exercise."""

from __future__ import annotations

from pathlib import Path

from sloyfe.common.yaml_files import read_yaml
from sloyfe.programme.models import Programme, Statement

BANK = """\
scales:
  - code: satisfaction
    options:
      - {code: satisfied, text: {nb: "Fornøyd", nn: "Nøgd", en: "Satisfied"}, pole: positive}
      - {code: neither, text: {nb: "Verken eller", nn: "Verken eller", en: "Neither"}, mark: neutral}
      - {code: dissatisfied, text: {nb: "Misfornøyd", nn: "Misnøgd", en: "Dissatisfied"}, pole: negative}
      - {code: dont_know, text: {nb: "Vet ikke", nn: "Veit ikkje", en: "Do not know"}, mark: dont_know}
  - code: challenges
    options:
      - {code: homes, text: {nb: "Egnede boliger", nn: "Eigna bustader", en: "Suitable homes"}}
      - {code: services, text: {nb: "Oppfølging", nn: "Oppfølging", en: "Follow-up"}}
      - {code: planning, text: {nb: "Planlegging", nn: "Planlegging", en: "Planning"}}
items:
  - code: total
    text: {nb: "Hvor fornøyd er kommunen?", nn: "Kor nøgd er kommunen?", en: "How satisfied is the municipality?"}
    scale: satisfaction
  - code: meetings
    text: {nb: "Møtene", nn: "Møta", en: "The meetings"}
    scale: satisfaction
  - code: advice
    text: {nb: "Rådene", nn: "Råda", en: "The advice"}
    scale: satisfaction
  - code: ahead
    text: {nb: "Hva blir viktigst?", nn: "Kva blir viktigast?", en: "What will matter most?"}
    scale: challenges
  - code: wishes
    text: {nb: "Hva vil dere ha mer av?", nn: "Kva vil de ha meir av?", en: "What do you want more of?"}
"""

FORM = """\
code: journey
kind: questionnaire
title: {nb: Skjema for reisen, nn: Skjema for reisa, en: The form of the journey}
provenance: {nb: Laget for øvelse, nn: Laga for øving, en: Made for exercise}
pages:
  - code: whole
    title: {nb: Helheten, nn: Heilskapen, en: The whole}
    questions:
      - {item: total, kind: single, required: true}
  - code: parts
    title: {nb: Delene, nn: Delane, en: The parts}
    questions:
      - code: parts_of_it
        kind: battery
        text: {nb: "Hvor fornøyd er kommunen med dette?", nn: "Kor nøgd er kommunen med dette?", en: "How satisfied with this?"}
        scale: satisfaction
        rows: [meetings, advice]
  - code: ahead_of_us
    title: {nb: Framover, nn: Framover, en: Ahead}
    questions:
      - {item: ahead, kind: multiple, max_choices: 2, scale: challenges}
      - {item: wishes, kind: long_text, max_length: 500}
"""


def state_strategy(programme: Programme, folder: Path) -> None:
    """Give a programme the goals and work packages of the strategy that a programme's folder tells."""
    told = read_yaml(folder / "programme.yaml").data
    for goal in told["strategy"]["goals"]:
        above = _state(programme, "goal", goal["code"], goal["text"])
        for subgoal in goal["subgoals"]:
            _state(programme, "subgoal", subgoal["code"], subgoal["text"], above)
    for subprogramme in told["subprogrammes"]:
        for package in subprogramme.get("work_packages", ()):
            code = f"{subprogramme['code']}.{package['code']}"
            _state(programme, "work_package", code, package["title"])


def _state(
    programme: Programme,
    kind: str,
    code: str,
    text: dict[str, str],
    parent: Statement | None = None,
) -> Statement:
    position = Statement.objects.filter(programme=programme, kind=kind).count()
    return Statement.objects.create(
        programme=programme, kind=kind, code=code, text=text, position=position, parent=parent
    )
