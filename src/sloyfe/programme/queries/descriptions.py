"""What a programme says of itself, as the chapters of its descriptions."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import override

from sloyfe.organisations.models import valid_on
from sloyfe.programme.models import (
    DescriptionDraft,
    DescriptionVersion,
    MandateTask,
    Participation,
    Programme,
    Statement,
    Subprogramme,
    YearDate,
)
from sloyfe.programme.queries.mandates import tasks_in_force
from sloyfe.programme.queries.programmes import Visitor, programmes_where
from sloyfe.programme.rules import Capacity
from sloyfe.programme.rules.descriptions import CHAPTERS, Audience, Chapter, Line, LineKind, Wording
from sloyfe.programme.rules.mandates import Part, RoleKind
from sloyfe.programme.texts import CAPACITY_TEXT
from sloyfe.programme.texts.descriptions import CHAPTER_TEXT, SAYS
from sloyfe.programme.texts.mandates import ROLE_TEXT
from sloyfe.render import numbers
from sloyfe.render.blocks import Language
from sloyfe.ui.templatetags.ui import pick

LANGUAGES: dict[Language, str] = {"nb": "nb", "nn": "nn", "en": "en-gb"}


def readable_programmes(person: Visitor, on: dt.date) -> QuerySet[Programme]:
    """Give the programmes whose description somebody may read: all real ones, and own exercises."""
    return Programme.objects.filter(Q(is_simulated=False) | Q(pk__in=programmes_where(person, on)))


def newest_version(programme: Programme, audience: Audience) -> DescriptionVersion | None:
    """Give the description that holds now, or None where none has been published."""
    return (
        DescriptionVersion.objects.filter(programme=programme, audience=audience.value)
        .order_by("-number")
        .first()
    )


def draft_of(programme: Programme, audience: Audience) -> DescriptionDraft:
    """Give the introductions as they are being written; an empty, unsaved one where nobody has begun."""
    found = DescriptionDraft.objects.filter(programme=programme, audience=audience.value).first()
    return found or DescriptionDraft(programme=programme, audience=audience.value)


def say(text: str | Promise, **slots: object) -> Wording:
    """Give a sentence of ours in every language, its slots filled with wordings, numbers or names."""
    said: dict[str, str] = {}
    for language, code in LANGUAGES.items():
        with override(code):
            filled = {
                name: pick(value, language)
                if isinstance(value, Mapping)
                else value(language)
                if callable(value)
                else str(value)
                for name, value in slots.items()
            }
            said[language] = (str(text) % filled).strip()
    return said


def day(value: dt.date) -> Callable[[Language], str]:
    """Give a day as it is written in each language."""
    return lambda language: numbers.date(value, language)


def chapters_of(
    programme: Programme,
    audience: Audience,
    on: dt.date,
    more: Mapping[str, Iterable[Line]] | None = None,
) -> tuple[Chapter, ...]:
    """Give a description's chapters as the data stands on a day. A fixed number of queries.

    `more` holds what subjects above this one know for a chapter; it stands after what the programme says.
    Chapters about which nothing is known are left out.
    """
    said = _Said(programme, on)
    introductions = draft_of(programme, audience).introductions
    found = [
        Chapter(
            code=code,
            title=say(CHAPTER_TEXT[code]),
            introduction=introductions.get(code, {}),
            lines=(*said.lines(code, audience), *(more or {}).get(code, ())),
        )
        for code in CHAPTERS[audience]
    ]
    return tuple(chapter for chapter in found if not chapter.is_empty)


def _worded(text: Mapping[str, object]) -> Wording:
    return {language: str(text[language]) for language in LANGUAGES if text.get(language)}


def _text(text: Mapping[str, object]) -> Line:
    return Line(LineKind.TEXT, _worded(text))


def _point(text: Mapping[str, object]) -> Line:
    return Line(LineKind.POINT, _worded(text))


def _head(text: Mapping[str, object]) -> Line:
    return Line(LineKind.HEAD, _worded(text))


class _Said:
    """All that a programme says, asked for once."""

    def __init__(self, programme: Programme, on: dt.date) -> None:
        self.programme, self.on = programme, on
        self.kinds: dict[str, list[Statement]] = defaultdict(list)
        self.below: dict[int, list[Statement]] = defaultdict(list)
        for row in programme.statements.order_by("position", "pk"):
            self.kinds[row.kind].append(row)
            if row.parent_id is not None:
                self.below[row.parent_id].append(row)

    def lines(self, code: str, audience: Audience) -> list[Line]:
        """Give what the programme says in one chapter."""
        internal = audience is Audience.INTERNAL
        if code == "year":
            return self._year(internal)
        if code == "tasks":
            return self._tasks()
        if code == "groups":
            return self._points("group")
        if code == "about":
            return self._about(internal)
        written: dict[str, Callable[[], list[Line]]] = {
            "goals": self._goals,
            "offer": self._offer,
            "subprogrammes": self._subprogrammes,
            "ladder": self._ladder,
            "roles": self._roles,
            "arenas": self._arenas,
            "templates": lambda: self._points("template"),
        }
        return written[code]() if code in written else []

    def _points(self, kind: str) -> list[Line]:
        return [_point(row.text) for row in self.kinds[kind]]

    def _headed(self, head: str, kind: str) -> list[Line]:
        points = self._points(kind)
        return [_head(say(SAYS[head])), *points] if points else []

    def _about(self, internal: bool) -> list[Line]:
        lines = [_text(row.text) for row in self.kinds["summary"]]
        # A programme that has ended is described by its last period.
        known = [row for row in self.kinds["period"] if row.valid_from is not None]
        begun = [row for row in known if row.valid_from is not None and row.valid_from <= self.on]
        # An exercise has its rounds as periods, and they are the surveys'; its year has days like any other's.
        if known and not self.programme.is_simulated:
            period = max(begun or known, key=lambda row: row.valid_from or dt.date.min)
            lines.append(_text(say(SAYS["period"], period=period.text)))
        lines += [
            _text(say(SAYS["strategy"], strategy=row.text, purpose=row.description))
            for row in self.kinds["strategy"]
        ]
        lines += self._headed("criteria", "criterion")
        return lines + (self._headed("tools", "learning_tool") if internal else [])

    def _goals(self) -> list[Line]:
        lines: list[Line] = []
        for goal in self.kinds["goal"]:
            lines.append(_head(goal.text))
            lines += [_point(row.text) for row in self.below[goal.pk]]
        for group in self.kinds["target_group"]:
            lines.append(_head(say(SAYS["result_goals"], group=group.text)))
            lines += [_point(row.text) for row in self.below[group.pk]]
        return lines + self._headed("success", "success_factor")

    def _offer(self) -> list[Line]:
        lines: list[Line] = []
        for offer in self.kinds["basic_offer"]:
            lines += [_text(offer.description)] if any(offer.description.values()) else []
            lines += [_point(row.text) for row in self.below[offer.pk]]
        return lines

    def _subprogrammes(self) -> list[Line]:
        lines: list[Line] = []
        stated = dict(
            Subprogramme.objects.filter(
                programme=self.programme, stated_members__isnull=False
            ).values_list("code", "stated_members")
        )
        for sub in self.kinds["subprogramme"]:
            lines.append(_head(sub.text))
            lines += [_text(sub.description)] if any(sub.description.values()) else []
            if sub.code in stated:
                lines.append(_text(say(SAYS["members"], number=stated[sub.code])))
            for row in self.below[sub.pk]:
                if row.kind == "work_package":
                    number = row.details.get("number", row.position + 1)
                    lines.append(_point(say(SAYS["work_package"], number=number, title=row.text)))
                else:
                    lines.append(_point(row.text))
        return lines

    def _ladder(self) -> list[Line]:
        return [Line(LineKind.STEP, _worded(row.text)) for row in self.kinds["ladder_step"]]

    def _roles(self) -> list[Line]:
        lines: list[Line] = []
        for role in self.kinds["role"]:
            lines.append(_head(role.text))
            lines += [_point(row.text) for row in self.below[role.pk]]
        offices = (
            Participation.objects.filter(valid_on(self.on), programme=self.programme)
            .filter(
                capacity__in=[
                    Capacity.HEAD_OFFICE.value,
                    Capacity.OWNER.value,
                    Capacity.NATIONAL_LEAD.value,
                    Capacity.REGIONAL_OFFICE.value,
                ]
            )
            .order_by("capacity", "organisation__sort_key")
            .values_list("capacity", "organisation__name")
        )
        named: dict[Capacity, list[str]] = defaultdict(list)
        for capacity, name in offices:
            named[Capacity(capacity)].append(name)
        lines += [
            _text(say(SAYS["holder"], role=_capital(CAPACITY_TEXT[kind]), office=", ".join(names)))
            for kind in Capacity
            if (names := named.get(kind))
        ]
        return lines

    def _tasks(self) -> list[Line]:
        def who(task: MandateTask, part: Part) -> Callable[[Language], str]:
            assigned: list[dict[str, str]] = task.assigned  # type: ignore[attr-defined]
            roles = {one["role"] for one in assigned if one["part"] == part}
            names = [ROLE_TEXT[role] for role in RoleKind if role.value in roles]
            return lambda language: ", ".join(map(str, names)) or str(SAYS["nobody"])

        return [
            _point(
                say(
                    SAYS["task"],
                    task=task.text,
                    accountable=who(task, Part.ACCOUNTABLE),
                    responsible=who(task, Part.RESPONSIBLE),
                )
            )
            for task in tasks_in_force(self.programme, self.on)
        ]

    def _year(self, internal: bool) -> list[Line]:
        # Whole years, so that a description is not out of date because a day has passed.
        rows = YearDate.objects.filter(
            programme=self.programme,
            starts_on__year__in=(self.on.year, self.on.year + 1),
            is_cancelled=False,
        )
        if not internal:
            rows = rows.filter(roles__contains=[RoleKind.MUNICIPALITY.value])
        return [
            _point(
                say(SAYS["date"], day=day(row.starts_on), what=row.title)
                if row.ends_on in (None, row.starts_on)
                else say(
                    SAYS["days"],
                    first=day(row.starts_on),
                    last=day(row.ends_on or row.starts_on),
                    what=row.title,
                )
            )
            for row in rows.order_by("starts_on", "pk")
        ]

    def _arenas(self) -> list[Line]:
        return [
            _point(say(SAYS["per_year"], what=row.text, number=row.details["per_year"]))
            if "per_year" in row.details
            else _point(row.text)
            for row in self.kinds["arena"]
        ]


def _capital(text: str | Promise) -> Callable[[Language], str]:
    return lambda language: str(text).capitalize()
