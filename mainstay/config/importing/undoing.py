"""Taking back one thing an import made: ended, cancelled or taken out of use with a reason, never deleted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from mainstay.foundation.actor import Actor
from mainstay.people import actions as people
from mainstay.people.models import Patient, PatientEvent  # type: ignore[attr-defined]  # made by pghistory
from mainstay.practice import actions as practice
from mainstay.practice.models import Room, VisitType
from mainstay.scheduling import actions as scheduling
from mainstay.scheduling.lifecycle import AppointmentState
from mainstay.scheduling.models import Appointment
from mainstay.visits.models import Visit
from mainstay.workforce import actions as workforce
from mainstay.workforce.models import Staff

REASON = "The import was undone"
RECKONED = {"immunizations.DueVaccine"}
"""What the program works out by itself about every patient: no sign that somebody used the chart."""


CALLED_OFF = {"state": AppointmentState.CANCELLED, "cancel_reason": REASON}
UNUSED: Mapping[str, Mapping[str, object]] = {
    "scheduling.Appointment": CALLED_OFF,
    "visits.Visit": {f"appointment__{name}": value for name, value in CALLED_OFF.items()},
}
"""What hangs on a chart only because an import that was undone put it there."""


class Kept(Exception):
    """Something was used since it was imported, and stays."""


def end_staff(actor: Actor, ref: UUID) -> None:
    """End an account nobody has signed in with."""
    staff = Staff.objects.get(public_id=ref)
    if staff.last_login is not None:
        raise Kept("This person has signed in since.")
    workforce.end_staff(actor=actor, staff=staff, left_on=actor.today, reason=REASON)


def retire_room(actor: Actor, ref: UUID) -> None:
    """Take a room out of use that nobody was in."""
    room = Room.objects.get(public_id=ref)
    if Visit.objects.filter(room=room).exists() or Appointment.objects.filter(room=room).exists():
        raise Kept("This room was used since.")
    practice.retire_room(actor=actor, room=room)


def withdraw_visit_type(actor: Actor, ref: UUID) -> None:
    """Offer a kind of visit no longer that nobody booked."""
    visit_type = VisitType.objects.get(public_id=ref)
    if Appointment.objects.filter(visit_type=visit_type).exists():
        raise Kept("This kind of visit was booked since.")
    practice.withdraw_visit_type(actor=actor, visit_type=visit_type)


def withdraw_patient(actor: Actor, ref: UUID) -> None:
    """Withdraw a chart nobody touched since: nothing hangs on it, and nothing of it was changed."""
    patient = Patient.objects.get(public_id=ref)
    if used := used_by(patient):
        raise Kept(f"This chart was used since: {used}. If it is somebody we have, merge the two.")
    people.withdraw_chart(actor=actor, patient=patient, reason=REASON)


def used_by(patient: Patient) -> str:
    """What hangs on a chart, or that it was changed since it was registered; empty when nobody touched it."""
    for relation in Patient._meta.related_objects:
        model = relation.related_model
        if model._meta.label in RECKONED or model._meta.app_label == "people":
            continue
        hanging = model._default_manager.filter(**{relation.field.name: patient})
        if unused := UNUSED.get(model._meta.label):
            hanging = hanging.exclude(**unused)
        if hanging.exists():
            return str(model._meta.verbose_name_plural)
    versions = PatientEvent.objects.filter(pgh_obj_id=patient.pk).order_by("pgh_id")
    first = versions.values_list("pgh_created_at", flat=True).first()
    if first is not None and versions.filter(pgh_created_at__gt=first).exists():
        return "who it is was changed"
    return ""


def cancel_appointment(actor: Actor, ref: UUID) -> None:
    """Call off a booking nobody came for yet."""
    appointment = Appointment.objects.get(public_id=ref)
    if appointment.state != AppointmentState.BOOKED:
        raise Kept(f"This appointment is {appointment.state.replace('_', ' ')} since.")
    scheduling.cancel_appointment(actor=actor, appointment=appointment, reason=REASON)


UNDOERS: Mapping[str, Callable[[Actor, UUID], None]] = {
    "staff": end_staff,
    "rooms": retire_room,
    "visit-types": withdraw_visit_type,
    "patients": withdraw_patient,
    "appointments": cancel_appointment,
}
