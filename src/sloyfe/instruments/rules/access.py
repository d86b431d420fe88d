"""Who may see a version while it stands where, by the capacity of the reader's organisation."""

from __future__ import annotations

from sloyfe.instruments.rules import VersionState
from sloyfe.programme.rules import Capacity

_ALL = frozenset(VersionState)
_PUBLIC = frozenset({VersionState.RELEASED, VersionState.RETIRED})

# The evaluator makes it; owner and nasjonalt fagansvar may read along from the first draft. The client's
# project group sees what has been sent to it. Everybody else in the programme sees what is in use.
SEES: dict[Capacity, frozenset[VersionState]] = {
    Capacity.EVALUATOR: _ALL,
    Capacity.OWNER: _ALL,
    Capacity.NATIONAL_LEAD: _ALL,
    Capacity.PROJECT_GROUP: _ALL - {VersionState.DRAFT},
    Capacity.REGIONAL_OFFICE: _PUBLIC,
    Capacity.MUNICIPALITY: _PUBLIC,
    Capacity.PARTNER: _PUBLIC,
    Capacity.AUDITOR: _PUBLIC,
}
# Who reads the comments on drafts and what was answered to them.
COMMENT_READERS = (
    Capacity.EVALUATOR,
    Capacity.OWNER,
    Capacity.NATIONAL_LEAD,
    Capacity.PROJECT_GROUP,
)
# Who may try a version that is in its pilot.
PILOTS = COMMENT_READERS


def sees(capacity: Capacity, state: VersionState) -> bool:
    """Tell whether someone in a capacity may see a version that stands there."""
    return state in SEES[capacity]
