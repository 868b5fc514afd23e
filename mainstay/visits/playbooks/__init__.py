"""Playbooks: a kind of visit plus a patient's traits select an ordered list of steps. Pure, no database."""

from mainstay.foundation.ages import AgeRange, Period, read_age_range, read_period
from mainstay.visits.playbooks.model import Playbook, ScreeningDue, Stage, Step, StepPlan, Traits, When
from mainstay.visits.playbooks.papers import kind_for_patients, summary_phrases
from mainstay.visits.playbooks.select import screenings_due, select_steps, staff_minutes, supplies_needed
from mainstay.visits.playbooks.tables import (
    complaints_of,
    conditions_of,
    playbooks,
    screening_intervals,
    step_library,
    trait_kinds,
)

__all__ = [
    "kind_for_patients",
    "AgeRange",
    "Period",
    "Playbook",
    "ScreeningDue",
    "Stage",
    "Step",
    "StepPlan",
    "Traits",
    "When",
    "complaints_of",
    "conditions_of",
    "playbooks",
    "read_age_range",
    "read_period",
    "screening_intervals",
    "screenings_due",
    "select_steps",
    "staff_minutes",
    "step_library",
    "summary_phrases",
    "supplies_needed",
    "trait_kinds",
]
