"""What holds for programmes, without Django: capacities, and what a programme's folder says."""

from sloyfe.programme.rules.capacities import OFFICE_KINDS, Capacity, OfficeKind
from sloyfe.programme.rules.description import Description, describe
from sloyfe.programme.rules.municipalities import Placement, check_placements

__all__ = [
    "OFFICE_KINDS",
    "Capacity",
    "Description",
    "OfficeKind",
    "Placement",
    "check_placements",
    "describe",
]
