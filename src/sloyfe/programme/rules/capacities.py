"""Capacities in which an organisation takes part in a programme, without Django."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sloyfe.organisations.rules import Kind


class Capacity(StrEnum):
    HEAD_OFFICE = "head_office"  # above the owner, and part of the steering dialogue
    OWNER = "owner"
    NATIONAL_LEAD = "national_lead"  # nasjonalt fagansvar
    REGIONAL_OFFICE = "regional_office"
    MUNICIPALITY = "municipality"
    EVALUATOR = "evaluator"
    PROJECT_GROUP = "project_group"  # the client's project group
    PARTNER = "partner"
    AUDITOR = "auditor"


@dataclass(frozen=True)
class OfficeKind:
    """What an office of a programme's folder is, and in what capacity it takes part."""

    kind: Kind
    capacity: Capacity


OFFICE_KINDS = {
    "head_office": OfficeKind(Kind.OFFICE, Capacity.HEAD_OFFICE),
    "owner_office": OfficeKind(Kind.OFFICE, Capacity.OWNER),
    "national_office": OfficeKind(Kind.OFFICE, Capacity.NATIONAL_LEAD),
    "regional_office": OfficeKind(Kind.OFFICE, Capacity.REGIONAL_OFFICE),
    "evaluator": OfficeKind(Kind.INSTITUTE, Capacity.EVALUATOR),
    "project_group": OfficeKind(Kind.GROUP, Capacity.PROJECT_GROUP),
    "partner": OfficeKind(Kind.AGENCY, Capacity.PARTNER),
    "auditor": OfficeKind(Kind.OFFICE, Capacity.AUDITOR),
}
