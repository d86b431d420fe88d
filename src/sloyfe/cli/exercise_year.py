"""The programme year of the exercise, through the product's own actions: agreements, plans, reports, answers.

Each part looks at what is there and goes on from it, so that loading may be killed anywhere and run again.
What people have changed since is left alone. Everything is said in ``programmes/exercise/lived.yaml``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sloyfe.cli.exercise import told_in

if TYPE_CHECKING:
    from sloyfe.delivery.models import Agreement, EffortArea, Meeting, Plan
    from sloyfe.delivery.rules.simulation import Draw
    from sloyfe.organisations.models import Organisation
    from sloyfe.programme.models import Programme, Subprogramme

LIVED = "lived.yaml"
FIRST_YEAR = 2024


@dataclass(frozen=True)
class Year:
    """The exercise while its programme year is loaded: what the folder tells, and its municipalities."""

    told: Mapping[str, Any]
    programme: Programme
    municipalities: Mapping[str, Organisation]  # by number, today's or the last
    areas: Sequence[EffortArea]
    now: dt.datetime

    @property
    def today(self) -> dt.date:
        """The day on which it is loaded."""
        from django.utils import timezone

        return timezone.localdate(self.now)

    def draw(self, municipality: Organisation, year: int) -> Draw:
        """Give the numbers that a municipality's year is drawn by."""
        from sloyfe.delivery.rules.simulation import Draw

        return Draw(str(self.told["seed"]), municipality.slug, year)

    def said(self, name: str, municipality: Organisation, year: int, *, on: str = "") -> str:
        """Pick one of several wordings for a municipality and a year, in its own language.

        Wordings `on` what another list says are picked as that one was: the answer to what was written.
        """
        choices, drawn = self.told[name], self.draw(municipality, year)
        return words(choices[drawn.pick(on or name, len(choices))], municipality)


def words(texts: Mapping[str, str], municipality: Organisation) -> str:
    """Give a wording in the language that a municipality has decided on."""
    from sloyfe.letters.rules import language_for

    return texts[language_for(municipality.language_form)]


def at(day: str | dt.date) -> dt.datetime:
    """Give noon of a day, in the time zone that days are counted in."""
    from django.utils import timezone

    on = dt.date.fromisoformat(day) if isinstance(day, str) else day
    return timezone.make_aware(dt.datetime.combine(on, dt.time(12)))


def year_in(folder: Path, now: dt.datetime) -> Year | None:
    """Give the programme year of a folder; None where it tells of none or nobody is there to try it."""
    from sloyfe.accounts.models import Person
    from sloyfe.delivery.models import EffortArea
    from sloyfe.organisations.models import MunicipalityPeriod
    from sloyfe.programme.models import Programme
    from sloyfe.programme.queries import register_of

    if not (folder / LIVED).is_file() or not Person.objects.filter(is_demo=True).exists():
        return None
    programme = Programme.objects.get(slug=folder.name)
    periods = MunicipalityPeriod.objects.filter(register=register_of(programme).value)
    return Year(
        told=told_in(folder / LIVED),
        programme=programme,
        municipalities={
            period.code: period.organisation
            for period in periods.select_related("organisation").order_by("valid_from")
        },
        areas=list(EffortArea.objects.filter(programme=programme).select_related("goal")),
        now=now,
    )


# Agreements


def agree(year: Year) -> int:
    """Let every member have an agreement, and those of the story of changes theirs. Gives how many were made."""
    from sloyfe.programme.models import Subprogramme

    made = 0
    towns = Subprogramme.objects.get(programme=year.programme, code="towns")
    for subprogramme, municipality in _members(year):
        made += _agreement(year, subprogramme, municipality, dt.date(FIRST_YEAR, 2, 1))
    for joined in year.told["joined"]:
        municipality = year.municipalities[joined["code"]]
        made += _agreement(year, towns, municipality, dt.date.fromisoformat(joined["from"]))
    for ended in year.told["ended"]:
        _end(year, ended)
    for joined in year.told["joined_later"]:
        municipality = year.municipalities[joined["code"]]
        begins = dt.date.fromisoformat(joined["from"])
        made += _agreement(year, towns, municipality, begins, joined.get("background"))
    return made


def _members(year: Year) -> Iterator[tuple[Subprogramme, Organisation]]:
    """Give who was a member from the start, as the programme's own list of members says."""
    from sloyfe.programme.models import Membership

    rows = (
        Membership.objects.filter(
            subprogramme__programme=year.programme, valid_from__lte=dt.date(FIRST_YEAR, 2, 1)
        )
        .select_related("subprogramme", "organisation")
        .order_by("organisation__sort_key")
    )
    for row in rows:
        yield row.subprogramme, row.organisation


def _agreement(
    year: Year,
    subprogramme: Subprogramme,
    municipality: Organisation,
    begins: dt.date,
    background: Mapping[str, str] | None = None,
) -> int:
    """Meet, draft, propose and confirm; from where it stands. Tells 1 if an agreement came into force."""
    from django.db import transaction

    from sloyfe.delivery.actions import agreements
    from sloyfe.delivery.models import Agreement
    from sloyfe.delivery.rules.agreements import AgreementRoleKind, MeetingKind, Side

    if Agreement.objects.filter(subprogramme=subprogramme, municipality=municipality).exists():
        return 0
    told, drawn = year.told["agreement"], year.draw(municipality, begins.year)
    first = drawn.pick("first area", len(year.areas))
    chosen = [year.areas[(first + step) % len(year.areas)] for step in (0, 2, 3)]
    now = at(begins)
    with transaction.atomic():
        meet(year, municipality, MeetingKind.DIALOGUE, begins - dt.timedelta(days=14))
        agreement = agreements.draft_agreement(
            programme=year.programme,
            subprogramme=subprogramme,
            municipality=municipality,
            terms=agreements.Terms(
                valid_from=begins,
                valid_to=None,
                background=words(background or told["background"], municipality),
                municipality_does=words(told["municipality_does"], municipality),
                office_does=words(told["office_does"], municipality),
                roles=tuple(
                    agreements.Named(side, kind, words(told["roles"][kind.value], municipality))
                    for side, kind in (
                        (Side.MUNICIPALITY, AgreementRoleKind.PROGRAMME_LEADER),
                        (Side.MUNICIPALITY, AgreementRoleKind.LEADERSHIP),
                        (Side.OFFICE, AgreementRoleKind.PROGRAMME_CONTACT),
                    )
                ),
                priorities=tuple(
                    agreements.Chosen(area, words(told["why"], municipality)) for area in chosen
                ),
            ),
            actor=None,
            now=now,
        )
        agreement = agreements.propose_agreement(agreement=agreement, actor=None, now=now)
        agreements.confirm_agreement(
            agreement=agreement, revision=agreement.revision, actor=None, now=now
        )
    return 1


def _end(year: Year, ended: Mapping[str, Any]) -> None:
    from sloyfe.delivery.actions import agreements
    from sloyfe.delivery.models import Agreement
    from sloyfe.delivery.rules.agreements import EndKind

    municipality = year.municipalities[ended["code"]]
    agreement: Agreement | None = (
        Agreement.objects.in_force()
        .filter(programme=year.programme, municipality=municipality)
        .first()
    )
    last_day = dt.date.fromisoformat(ended["day"])
    # An agreement that was made after that day is somebody's own.
    if agreement is None or agreement.valid_from > last_day:
        return
    agreements.end_agreement(
        agreement=agreement,
        kind=EndKind(ended["kind"]),
        reason=words(ended["reason"], municipality),
        ended_on=last_day + dt.timedelta(days=1),
        actor=None,
        now=at(last_day + dt.timedelta(days=1)),
    )


# Meetings and plans


def meet(year: Year, municipality: Organisation, kind: Any, on: dt.date) -> Meeting:
    """Let a municipality and its office meet on a day, with what is told of every meeting."""
    from sloyfe.delivery.actions import meetings

    told = {name: words(texts, municipality) for name, texts in year.told["meeting"].items()}
    meeting = meetings.plan_meeting(
        programme=year.programme,
        municipality=municipality,
        kind=kind,
        on=on,
        agenda=told["agenda"],
        actor=None,
        now=at(on - dt.timedelta(days=10)),
    )
    return meetings.hold_meeting(
        meeting=meeting,
        present=told["present"],
        minutes=told["minutes"],
        agreed=told["agreed"],
        revision=meeting.revision,
        actor=None,
        now=at(on),
    )


def plan(year: Year) -> int:
    """Let everybody with an agreement have a plan for each year that it covered. Gives how many were made."""
    from sloyfe.delivery.models import Agreement, Plan

    made = 0
    known = set(
        Plan.objects.filter(programme=year.programme).values_list("municipality_id", "year")
    )
    rows = (
        Agreement.objects.filter(programme=year.programme, confirmed_at__isnull=False)
        .select_related("municipality")
        .prefetch_related("priorities__area__goal")
        .order_by("municipality__sort_key", "version")
    )
    for agreement in rows:
        last = agreement.ended_on.year - 1 if agreement.ended_on else year.today.year
        for each in range(agreement.valid_from.year, last + 1):
            if (agreement.municipality_id, each) in known:
                continue
            known.add((agreement.municipality_id, each))
            _plan(year, agreement, each)
            made += 1
    return made


def _plan(year: Year, agreement: Agreement, of: int) -> Plan:
    """Write, adopt and follow up one plan: earlier years' measures are mostly done."""
    from django.db import transaction

    from sloyfe.delivery.actions import plans
    from sloyfe.delivery.rules.plans import MeasureStatus

    municipality, drawn = agreement.municipality, year.draw(agreement.municipality, of)
    begun = max(dt.date(of, 2, 10), agreement.valid_from)
    now = at(begun)
    is_over = of < year.today.year
    with transaction.atomic():
        made = plans.start_plan(
            programme=year.programme,
            municipality=municipality,
            year=of,
            copy_unfinished=False,
            actor=None,
            now=now,
        )
        for number, priority in enumerate(agreement.priorities.all()):
            for told in year.told["measures"][priority.area.code]:
                terms = plans.MeasureTerms(
                    text=words(told["text"], municipality),
                    who=words(told["who"], municipality),
                    by_when=dt.date(of, 6 + 2 * (number % 3), 15),
                    how_seen=words(told["how_seen"], municipality),
                    goal=priority.area.goal,
                    area=priority.area,
                )
                measure = plans.add_measure(plan=made, terms=terms, actor=None, now=now)
                for texts in year.told["activities"][: 1 + number % 2]:
                    plans.add_activity(
                        measure=measure,
                        text=words(texts, municipality),
                        on=begun + dt.timedelta(days=40),
                        actor=None,
                        now=now,
                    )
        made.refresh_from_db()
        made = plans.adopt_plan(plan=made, revision=made.revision, actor=None, now=now)
        for measure in made.measures.all():
            done = drawn.share(measure.text) < (0.8 if is_over else 0.3)
            plans.set_status(
                measure=measure,
                status=MeasureStatus.DONE if done else MeasureStatus.UNDER_WAY,
                note="",
                actor=None,
                now=at(dt.date(of, 11, 1)) if is_over else year.now,
            )
        if is_over:
            made.refresh_from_db()
            made = plans.close_plan(plan=made, actor=None, now=at(dt.date(of + 1, 1, 20)))
    return made
