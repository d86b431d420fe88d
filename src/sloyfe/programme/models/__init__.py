"""The tables of a programme, by noun."""

from sloyfe.programme.models.descriptions import DescriptionDraft, DescriptionVersion
from sloyfe.programme.models.mandates import (
    Mandate,
    MandateGoal,
    MandateResource,
    MandateResponsibility,
    MandateTask,
    OfficeCapacity,
    TaskRole,
)
from sloyfe.programme.models.programmes import (
    Membership,
    Participation,
    Programme,
    Region,
    RegionArea,
    Statement,
    Subprogramme,
)
from sloyfe.programme.models.year_wheel import (
    Announcement,
    DateChange,
    OverloadDecision,
    YearDate,
)

__all__ = [
    "Announcement",
    "DateChange",
    "DescriptionDraft",
    "DescriptionVersion",
    "Mandate",
    "MandateGoal",
    "MandateResource",
    "MandateResponsibility",
    "MandateTask",
    "Membership",
    "OfficeCapacity",
    "OverloadDecision",
    "Participation",
    "Programme",
    "Region",
    "RegionArea",
    "Statement",
    "Subprogramme",
    "TaskRole",
    "YearDate",
]
