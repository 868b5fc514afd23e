"""What is known about a patient that selects the steps of a visit."""

from __future__ import annotations

from datetime import date

from mainstay.chart.models import Observation, Problem
from mainstay.people.models import NeedKind, Patient
from mainstay.visits.models import VisitTask
from mainstay.visits.playbooks import Traits, conditions_of

NEED_MARKS = {
    NeedKind.INTERPRETER: "needs_interpreter",
    NeedKind.HEARING: "hearing_need",
    NeedKind.MOBILITY: "needs_lift",
    NeedKind.FEAR: "needle_fear",
}
"""Needs that select steps, under the names `tables/traits.toml` gives them."""


def traits_of(patient: Patient, *, on: date) -> Traits:
    """The traits of one patient on one day: age, sex, conditions, needs, and what was last done when."""
    codes = Problem.objects.filter(patient=patient, status="active").exclude(code="").values_list("code", flat=True)
    marks = set(conditions_of(code.replace(".", "") for code in codes))
    needs = patient.needs.filter(ended_at=None).values_list("kind", flat=True)
    marks |= {NEED_MARKS[kind] for kind in needs if kind in NEED_MARKS}
    done = VisitTask.objects.filter(visit__patient=patient, state="done", visit__day__lt=on)
    last_done: dict[str, date] = {}
    for row in done.values_list("step", "panel", "form", "screening", "visit__day"):
        for code in filter(None, row[:4]):
            last_done[code] = max(last_done.get(code, row[4]), row[4])
    scores = Observation.objects.filter(patient=patient, panel="screening", status="final").order_by("effective_at")
    return Traits(
        born=patient.birth_date,
        sex=patient.sex,
        is_first_visit=not patient.visits.filter(day__lt=on, stage="closed").exists(),
        marks=frozenset(marks),
        last_done=last_done,
        scores={key: int(value) for key, value in scores.values_list("key", "value") if value is not None},
    )
