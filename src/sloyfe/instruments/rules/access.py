"""Who makes which kinds of form, who comments on them and tries them, and who sees a version where it stands.

The evaluator makes what the evaluation asks with; nasjonalt fagansvar makes the templates that municipalities and
regional offices work with from day to day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sloyfe.instruments.rules import InstrumentKind, VersionState
from sloyfe.programme.rules import Capacity


class Group(StrEnum):
    """What a form belongs to: the evaluation of the programme, or the programme's own work."""

    EVALUATION = "evaluation"
    PROGRAMME = "programme"


@dataclass(frozen=True)
class Rights:
    """Who does what with the forms of one group, by the capacity of the person's organisation.

    `only_maker`, `only_commenters`, `only_involved` and `only_maker_reads` are the refusals of everybody else:
    to change, to comment, to read comments and try the pilot, to read what the pilot gave.
    """

    kinds: frozenset[InstrumentKind]
    maker: Capacity
    commenters: frozenset[Capacity]
    pilots: frozenset[Capacity]
    sees: Mapping[Capacity, frozenset[VersionState]]
    only_maker: str
    only_commenters: str
    only_involved: str
    only_maker_reads: str

    @property
    def comment_readers(self) -> frozenset[Capacity]:
        """Who reads the comments on drafts and what was answered: all who see a draft that is out for them."""
        return frozenset(
            capacity for capacity, states in self.sees.items() if VersionState.COMMENTING in states
        )

    @property
    def kind_codes(self) -> list[str]:
        """The kinds as the database keeps them."""
        return sorted(kind.value for kind in self.kinds)


_ALL = frozenset(VersionState)
_SENT = _ALL - {VersionState.DRAFT}
_PUBLIC = frozenset({VersionState.RELEASED, VersionState.RETIRED})

RIGHTS: dict[Group, Rights] = {
    # Owner and nasjonalt fagansvar may read along from the first draft. The client's project group sees what
    # has been sent to it. Everybody else in the programme sees what is in use.
    Group.EVALUATION: Rights(
        kinds=frozenset(
            {InstrumentKind.QUESTIONNAIRE, InstrumentKind.GUIDE, InstrumentKind.CHECKLIST}
        ),
        maker=Capacity.EVALUATOR,
        commenters=frozenset({Capacity.PROJECT_GROUP}),
        pilots=frozenset(
            {
                Capacity.EVALUATOR,
                Capacity.OWNER,
                Capacity.NATIONAL_LEAD,
                Capacity.PROJECT_GROUP,
            }
        ),
        sees={
            Capacity.EVALUATOR: _ALL,
            Capacity.OWNER: _ALL,
            Capacity.NATIONAL_LEAD: _ALL,
            Capacity.PROJECT_GROUP: _SENT,
            Capacity.REGIONAL_OFFICE: _PUBLIC,
            Capacity.MUNICIPALITY: _PUBLIC,
            Capacity.HEAD_OFFICE: _PUBLIC,
            Capacity.PARTNER: _PUBLIC,
            Capacity.AUDITOR: _PUBLIC,
        },
        only_maker="instrument.only_evaluator",
        only_commenters="instrument.only_project_group",
        only_involved="instrument.only_those_involved",
        only_maker_reads="instrument.answers_only_evaluator",
    ),
    # Owner and evaluator may read along from the first draft. Regional offices see what has been sent to them.
    # A municipality that is asked to try a template sees it while it is in its pilot.
    Group.PROGRAMME: Rights(
        kinds=frozenset(
            {
                InstrumentKind.REPORT,
                InstrumentKind.NEEDS,
                InstrumentKind.PLAN,
                InstrumentKind.AGREEMENT,
            }
        ),
        maker=Capacity.NATIONAL_LEAD,
        commenters=frozenset({Capacity.REGIONAL_OFFICE, Capacity.OWNER}),
        pilots=frozenset(
            {
                Capacity.NATIONAL_LEAD,
                Capacity.OWNER,
                Capacity.REGIONAL_OFFICE,
                Capacity.MUNICIPALITY,
            }
        ),
        sees={
            Capacity.NATIONAL_LEAD: _ALL,
            Capacity.OWNER: _ALL,
            Capacity.EVALUATOR: _ALL,
            Capacity.REGIONAL_OFFICE: _SENT,
            Capacity.MUNICIPALITY: _PUBLIC | {VersionState.PILOT},
            Capacity.PROJECT_GROUP: _PUBLIC,
            Capacity.HEAD_OFFICE: _PUBLIC,
            Capacity.PARTNER: _PUBLIC,
            Capacity.AUDITOR: _PUBLIC,
        },
        only_maker="instrument.only_national_lead",
        only_commenters="instrument.only_offices_and_owner",
        only_involved="instrument.only_those_with_templates",
        only_maker_reads="instrument.answers_only_national_lead",
    ),
}
GROUP_OF: dict[InstrumentKind, Group] = {
    kind: group for group, rights in RIGHTS.items() for kind in rights.kinds
}
MAKERS = frozenset(rights.maker for rights in RIGHTS.values())


def group_of(kind: str) -> Group:
    """Give what a form of a kind belongs to."""
    return GROUP_OF[InstrumentKind(kind)]


def rights_in(kind: str) -> Rights:
    """Give who does what with forms of a kind."""
    return RIGHTS[group_of(kind)]


def sees(kind: InstrumentKind, capacity: Capacity, state: VersionState) -> bool:
    """Tell whether someone in a capacity may see a version of a form of a kind that stands there."""
    return state in rights_in(kind).sees[capacity]
