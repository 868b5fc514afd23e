"""The visits and bookings of one patient, past and coming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from mainstay.people.models import Patient
from mainstay.scheduling.models import Appointment
from mainstay.visits.models import Visit, VisitSummary

MOST = 200
"""How many of each are shown at once."""


@dataclass(frozen=True, slots=True)
class PatientVisits:
    """What is coming, what was, and what was called off; each visit with its `summaries_made`."""

    coming: Sequence[Appointment]
    visits: Sequence[Visit]
    called_off: Sequence[Appointment]


def visits_of_patient(patient: Patient, *, now: datetime) -> PatientVisits:
    """Every visit and booking of a patient: the coming ones soonest first, the rest newest first."""
    bookings = Appointment.objects.filter(patient=patient).select_related("visit_type", "provider", "site", "visit")
    made = VisitSummary.objects.defer("pdf").select_related("made_by").order_by("-made_at")
    visits = (
        Visit.objects.filter(patient=patient)
        .exclude(stage__in=["expected", "cancelled"])
        .select_related("visit_type", "provider", "site", "appointment")
        .prefetch_related(Prefetch("summaries", queryset=made, to_attr="summaries_made"))
    )
    return PatientVisits(
        coming=list(bookings.filter(state="booked", during__endswith__gt=now).order_by("during")[:MOST]),
        visits=list(visits.order_by("-expected_at")[:MOST]),
        called_off=list(bookings.filter(state="cancelled", moved_to=None).order_by("-during")[:MOST]),
    )
