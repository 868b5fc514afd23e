"""Who waits for an earlier time, and who is to be called back, in the demo clinic."""

from __future__ import annotations

from datetime import timedelta

from mainstay.foundation.actor import Actor
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.scheduling.actions import join_wait_list, recall_patient
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.models import Appointment, Recall, WaitListEntry
from mainstay.workforce.models import Staff

RECALLS = (
    ("A1c and blood pressure, three months after the change", 0),
    ("Second hepatitis B dose", 4),
    ("Look at the mole on the left arm again", 12),
    ("Yearly diabetic eye examination", 21),
)
"""What for, and in how many days."""
WANTS = ("Any morning", "Works nights, calls back at once")


def fill_lists(system: Actor, site: Site, providers: list[Staff]) -> None:
    """Put two booked patients in line for an earlier time, and four on the list of recalls; once for a site."""
    if not providers or Recall.objects.filter(provider__in=providers).exists():
        return
    called = set(Recall.objects.values_list("patient_id", flat=True))
    adults = Patient.objects.exclude(pk__in=called).filter(
        merged_into=None, deceased_on=None, birth_date__lt=system.today - timedelta(days=40 * 365)
    )
    for (reason, days), patient in zip(RECALLS, adults.order_by("pk"), strict=False):
        due = system.today + timedelta(days=days)
        recall_patient(actor=system, patient=patient, reason=reason, due_on=due, provider=providers[0])
    later = Appointment.objects.filter(
        site=site, state="booked", provider__in=providers, during__startswith__gt=system.now + timedelta(days=4)
    ).select_related("patient", "visit_type", "provider")
    taken = set(WaitListEntry.objects.values_list("patient_id", flat=True))
    for note, booked in zip(WANTS, later.exclude(patient__in=taken).order_by("-during"), strict=False):
        join_wait_list(
            actor=system,
            patient=booked.patient,
            visit_type=booked.visit_type,
            provider=booked.provider,
            wanted=Wanted(sites=(site,), note=note),
            current_appointment=booked,
        )
