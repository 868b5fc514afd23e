"""What people do with vaccines, a module per concern."""

from mainstay.immunizations.actions.elsewhere import (
    DoseElsewhere,
    amend_dose_elsewhere,
    record_doses_elsewhere,
    withdraw_dose_elsewhere,
)
from mainstay.immunizations.actions.facts import (
    FactSaid,
    document_discussion,
    record_immunization_fact,
    withdraw_immunization_fact,
)
from mainstay.immunizations.actions.practice_list import reckon_stretch, refresh_due, start_due_run, stop_due_run
from mainstay.immunizations.actions.schedules import (
    EditionFacts,
    OverrideFacts,
    choose_schedule,
    follow_the_rest,
    override_schedule,
    record_edition,
    set_edition_status,
    withdraw_override,
)

__all__ = [
    "DoseElsewhere",
    "EditionFacts",
    "FactSaid",
    "OverrideFacts",
    "amend_dose_elsewhere",
    "choose_schedule",
    "document_discussion",
    "follow_the_rest",
    "override_schedule",
    "reckon_stretch",
    "record_doses_elsewhere",
    "record_edition",
    "record_immunization_fact",
    "refresh_due",
    "set_edition_status",
    "start_due_run",
    "stop_due_run",
    "withdraw_dose_elsewhere",
    "withdraw_immunization_fact",
    "withdraw_override",
]
