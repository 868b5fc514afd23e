"""Judging vital signs: plain Python over plain values, every limit from a dated table."""

from mainstay.chart.rules.growth_flags import growth_age_days, growth_findings, growth_scores, standard_for
from mainstay.chart.rules.judge import judge_vitals
from mainstay.chart.rules.known import Known, Listed, fact_rules, what_is_known
from mainstay.chart.rules.limits import Limits, child_band, limits_with, vital_limits
from mainstay.chart.rules.news2 import Consciousness, EarlyWarning, News2Signs, news2, news2_applies, news2_from
from mainstay.chart.rules.orthostatics import Posture, judge_orthostatics
from mainstay.chart.rules.patient import Condition, PastValue, PatientMeasures, Reading, Symptom
from mainstay.chart.rules.pews import PewsSigns, pews, pews_applies
from mainstay.chart.rules.plausible import body_mass_index, last_period_findings, mean_pressure
from mainstay.chart.rules.pressure import (
    Pressure,
    Step,
    arm_difference,
    cuff_for,
    next_pressure_steps,
    pressure_category,
    pressure_to_use,
)
from mainstay.chart.rules.pressure_of_children import ChildPressure, childs_category
from mainstay.chart.rules.technique import DigitPreference, end_digit_preference, technique_hints
from mainstay.chart.rules.temperature import sites_to_avoid
from mainstay.chart.rules.typed import Quantity, blood_pressure_as_typed, quantity_as_typed, reading_as_typed
from mainstay.chart.rules.urgency import Urgency, how_urgent

__all__ = [
    "ChildPressure",
    "Condition",
    "Consciousness",
    "DigitPreference",
    "EarlyWarning",
    "Known",
    "Limits",
    "Listed",
    "News2Signs",
    "PastValue",
    "PatientMeasures",
    "PewsSigns",
    "Posture",
    "Pressure",
    "Quantity",
    "Reading",
    "Step",
    "Symptom",
    "Urgency",
    "arm_difference",
    "blood_pressure_as_typed",
    "body_mass_index",
    "child_band",
    "childs_category",
    "cuff_for",
    "end_digit_preference",
    "fact_rules",
    "growth_age_days",
    "growth_findings",
    "growth_scores",
    "how_urgent",
    "judge_orthostatics",
    "judge_vitals",
    "last_period_findings",
    "limits_with",
    "mean_pressure",
    "news2",
    "news2_applies",
    "news2_from",
    "next_pressure_steps",
    "pews",
    "pews_applies",
    "pressure_category",
    "pressure_to_use",
    "quantity_as_typed",
    "reading_as_typed",
    "sites_to_avoid",
    "standard_for",
    "technique_hints",
    "vital_limits",
    "what_is_known",
]
