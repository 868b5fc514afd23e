"""What people do with vaccines, a module per concern."""

from mainstay.immunizations.actions.amending import DoseChanges, amend_dose, withdraw_dose
from mainstay.immunizations.actions.doubts import ask_clinician, clear_concern, uphold_concern
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
from mainstay.immunizations.actions.given import give_dose, refuse_vaccine, waste_vial
from mainstay.immunizations.actions.giving import (
    AnswerSaid,
    ask_for_order,
    choose_vaccine,
    identify_for_vaccines,
    put_vaccine_aside,
    record_eligibility,
    record_screening,
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
from mainstay.immunizations.actions.vial import (
    check_dose,
    hand_over_statements,
    place_dose,
    put_vial_back,
    scan_vial,
    take_vial,
)
from mainstay.immunizations.actions.watching import (
    end_watch,
    notice_reaction,
    record_treatment,
    record_vaers_report,
)

__all__ = [
    "AnswerSaid",
    "DoseChanges",
    "DoseElsewhere",
    "EditionFacts",
    "FactSaid",
    "OverrideFacts",
    "amend_dose",
    "amend_dose_elsewhere",
    "ask_clinician",
    "ask_for_order",
    "check_dose",
    "choose_schedule",
    "choose_vaccine",
    "clear_concern",
    "document_discussion",
    "end_watch",
    "follow_the_rest",
    "give_dose",
    "hand_over_statements",
    "identify_for_vaccines",
    "notice_reaction",
    "override_schedule",
    "place_dose",
    "put_vaccine_aside",
    "put_vial_back",
    "reckon_stretch",
    "record_doses_elsewhere",
    "record_edition",
    "record_eligibility",
    "record_immunization_fact",
    "record_screening",
    "record_treatment",
    "record_vaers_report",
    "refresh_due",
    "refuse_vaccine",
    "scan_vial",
    "set_edition_status",
    "start_due_run",
    "stop_due_run",
    "take_vial",
    "uphold_concern",
    "waste_vial",
    "withdraw_dose",
    "withdraw_dose_elsewhere",
    "withdraw_immunization_fact",
    "withdraw_override",
]
