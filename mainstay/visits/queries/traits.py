"""What is known about a patient that selects the steps of a visit."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from mainstay.chart.models import Observation, Problem
from mainstay.coverage.models import Policy
from mainstay.people.models import NeedKind, Patient
from mainstay.visits.models import VisitTask
from mainstay.visits.playbooks import Traits, complaints_of, conditions_of

NEED_MARKS: dict[str, str] = {
    NeedKind.INTERPRETER: "needs_interpreter",
    NeedKind.HEARING: "hearing_need",
    NeedKind.MOBILITY: "needs_lift",
    NeedKind.FEAR: "needle_fear",
}
"""Needs that select steps, under the names `tables/traits.toml` gives them."""


PAYER_MARKS = frozenset({"medicare", "medicaid"})
"""Kinds of payer that select steps."""


def traits_of(patient: Patient, *, on: date, reason: str = "") -> Traits:
    """The traits of one patient on one day: age, sex, conditions, needs, coverage, and what was last done when.

    The reason of the visit adds the complaints it names.
    """
    codes = Problem.objects.filter(patient=patient, status="active").exclude(code="").values_list("code", flat=True)
    marks = set(conditions_of(code.replace(".", "") for code in codes))
    needs = patient.needs.filter(ended_at=None).values_list("kind", flat=True)
    marks |= {NEED_MARKS[kind] for kind in needs if kind in NEED_MARKS}
    marks |= complaints_of(reason)
    marks |= PAYER_MARKS & _payer_kinds(patient, on)
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


def _payer_kinds(patient: Patient, on: date) -> set[str]:
    in_force = Q(effective=None) | Q(effective__lte=on), Q(ended=None) | Q(ended__gte=on)
    policies = Policy.objects.filter(*in_force, patient=patient, is_withdrawn=False)
    return set(policies.values_list("payer__kind", flat=True))
