"""The forms of one visit, and what was confirmed at the desk before."""

from __future__ import annotations

from datetime import datetime

from mainstay.coverage.queries import coverage_in_brief
from mainstay.forms.queries import PaperDue, papers_due
from mainstay.people.models import Patient
from mainstay.visits.models import CheckIn, Visit
from mainstay.visits.playbooks import Traits
from mainstay.visits.queries.traits import traits_of

UNPAID = frozenset({"Self-pay", "Ended"})
"""Coverage under which an estimate of cost is owed."""


def papers_of_visit(visit: Visit, traits: Traits | None = None) -> list[PaperDue]:
    """The forms due at a visit, and those settled at it, with where each stands."""
    known = traits or traits_of(visit.patient, on=visit.day, reason=visit.reason)
    return papers_due(
        visit.patient,
        playbook=visit.visit_type.playbook,
        marks=known.marks | ({"uninsured"} if coverage_in_brief(visit.patient, on=visit.day).word in UNPAID else set()),
        on=visit.day,
        visit_ref=visit.public_id,
    )


def last_confirmed(patient: Patient) -> datetime | None:
    """When the desk last confirmed a patient's address, phone and contacts."""
    rows = CheckIn.objects.filter(visit__patient=patient, demographics_confirmed=True)
    return rows.order_by("-checked_in_at").values_list("checked_in_at", flat=True).first()
