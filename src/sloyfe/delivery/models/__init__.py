"""The tables of the programme year, by noun."""

from sloyfe.delivery.models.agreements import Agreement, AgreementRole, Priority
from sloyfe.delivery.models.meetings import Meeting
from sloyfe.delivery.models.needs import Need
from sloyfe.delivery.models.plans import Activity, Measure, Plan
from sloyfe.delivery.models.reports import Extension, ReportingYear, YearlyReport
from sloyfe.delivery.models.results import EffortArea, Result, ResultDefinition
from sloyfe.delivery.models.steering import (
    AgendaItem,
    Decision,
    GroupMember,
    Matter,
    StandingGroup,
    SteeringMeeting,
)
from sloyfe.delivery.models.summaries import Summary

__all__ = [
    "Activity",
    "AgendaItem",
    "Agreement",
    "AgreementRole",
    "Decision",
    "EffortArea",
    "Extension",
    "GroupMember",
    "Matter",
    "Measure",
    "Meeting",
    "Need",
    "Plan",
    "Priority",
    "ReportingYear",
    "Result",
    "ResultDefinition",
    "StandingGroup",
    "SteeringMeeting",
    "Summary",
    "YearlyReport",
]
