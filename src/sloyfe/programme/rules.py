"""Capacities in which an organisation takes part in a programme, without Django."""

from __future__ import annotations

from enum import StrEnum


class Capacity(StrEnum):
    OWNER = "owner"
    NATIONAL_LEAD = "national_lead"  # nasjonalt fagansvar
    REGIONAL_OFFICE = "regional_office"
    MUNICIPALITY = "municipality"
    EVALUATOR = "evaluator"
    PROJECT_GROUP = "project_group"  # the client's project group
    PARTNER = "partner"
    AUDITOR = "auditor"
