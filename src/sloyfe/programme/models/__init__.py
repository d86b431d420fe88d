"""The tables of a programme, by noun."""

from sloyfe.programme.models.programmes import (
    Membership,
    Participation,
    Programme,
    Region,
    RegionArea,
    Statement,
    Subprogramme,
)

__all__ = [
    "Membership",
    "Participation",
    "Programme",
    "Region",
    "RegionArea",
    "Statement",
    "Subprogramme",
]
