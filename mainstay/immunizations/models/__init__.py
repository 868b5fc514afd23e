"""What immunizations remember, a module per concern."""

from mainstay.immunizations.models.dose import VaccineDose
from mainstay.immunizations.models.due import (
    DiscussionOutcome,
    DueRun,
    DueRunPart,
    DueVaccine,
    ImmunizationFact,
    RunState,
    VaccineDiscussion,
)
from mainstay.immunizations.models.schedule import ScheduleChoice, ScheduleEdition, ScheduleOverride, ScheduleStamp

__all__ = [
    "DiscussionOutcome",
    "DueRun",
    "DueRunPart",
    "DueVaccine",
    "ImmunizationFact",
    "RunState",
    "ScheduleChoice",
    "ScheduleEdition",
    "ScheduleOverride",
    "ScheduleStamp",
    "VaccineDiscussion",
    "VaccineDose",
]
