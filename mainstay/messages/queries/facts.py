"""What the chart and the calls say about somebody before a word is judged."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import QuerySet

from mainstay.chart.queries import Known, known_of
from mainstay.foundation.compiled import compiled, the_first
from mainstay.messages.models import Call
from mainstay.messages.red_flags import NOTHING_KNOWN, Facts
from mainstay.people.models import Patient, Sex

WEAK = ("weak_immunity", "chemotherapy", "neutropenia", "no_spleen", "dialysis")
"""Facts of a chart with which an infection cannot wait."""
SYMPTOMS = ("SYM", "MED")
REPEAT_FROM, REPEAT_UNTIL = timedelta(hours=1), timedelta(hours=72)
"""A call about a symptom counts as an earlier one from an hour after it began: before that it is this one."""


def facts_about(patient: Patient | None, *, at: datetime, on: date) -> Facts:
    """What is known without asking: age, sex, chart, and a call about a symptom in the last 72 hours. Two queries."""
    if patient is None:
        return NOTHING_KNOWN
    known = known_of(patient, on=on)
    return facts_with(patient, known, on=on, hours_since_same_problem=_hours_since_call(patient, at))


def facts_with(patient: Patient, known: Known, *, on: date, hours_since_same_problem: float | None = None) -> Facts:
    """The facts of a chart that was read already. What is not in a chart is not known, never denied."""
    born, cut = known.gave_birth_on, known.operated_on
    return Facts(
        age_days=(on - patient.birth_date).days,
        sex=patient.sex,
        is_pregnant=True if known.has("pregnant") and patient.sex != Sex.MALE else None,
        weeks_since_birth=(on - born).days // 7 if born else None,
        is_immunosuppressed=known.has(*WEAK),
        days_since_operation=(on - cut).days if cut else None,
        hours_since_same_problem=hours_since_same_problem,
        is_anticoagulated=known.has("anticoagulated"),
        has_heart_disease=known.has("heart_disease"),
        has_diabetes=known.has("diabetes"),
        takes_vital_medicine=known.has("vital_medicine"),
    )


def _hours_since_call(patient: Patient, at: datetime) -> float | None:
    last = the_first(_symptom_calls(patient.pk, at - REPEAT_UNTIL, at - REPEAT_FROM))
    return (at - last).total_seconds() / 3600 if last else None


@compiled
def _symptom_calls(patient_id: int, after: datetime, until: datetime) -> QuerySet[Call, datetime]:
    calls = Call.objects.filter(patient_id=patient_id, category__in=SYMPTOMS, direction="in")
    earlier = calls.filter(started_at__gt=after, started_at__lte=until)
    return earlier.order_by("-started_at").values_list("started_at", flat=True)[:1]
