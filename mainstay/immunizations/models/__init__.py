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
from mainstay.immunizations.models.given import (
    DoseAmendment,
    GivenDose,
    VaccineReaction,
    VaccineWatch,
    WatchStep,
)
from mainstay.immunizations.models.giving import (
    ConcernStep,
    PreparationStep,
    ScreeningAnswer,
    StatementGiven,
    Vaccination,
    VaccinationStep,
    VaccineConcern,
    VaccineConfirmation,
    VaccinePreparation,
    VaccineRefusal,
)
from mainstay.immunizations.models.schedule import ScheduleChoice, ScheduleEdition, ScheduleOverride, ScheduleStamp

__all__ = [
    "ConcernStep",
    "DiscussionOutcome",
    "DoseAmendment",
    "DueRun",
    "DueRunPart",
    "DueVaccine",
    "GivenDose",
    "ImmunizationFact",
    "PreparationStep",
    "RunState",
    "ScheduleChoice",
    "ScheduleEdition",
    "ScheduleOverride",
    "ScheduleStamp",
    "ScreeningAnswer",
    "StatementGiven",
    "Vaccination",
    "VaccinationStep",
    "VaccineConcern",
    "VaccineConfirmation",
    "VaccineDiscussion",
    "VaccineDose",
    "VaccinePreparation",
    "VaccineReaction",
    "VaccineRefusal",
    "VaccineWatch",
    "WatchStep",
]
