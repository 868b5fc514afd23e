"""Booking, moving, calling off: the database itself refuses a double booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.people.models import Patient
from mainstay.practice.models import Equipment, Room, Site, VisitType
from mainstay.scheduling.events import AppointmentBooked, AppointmentCancelled, AppointmentMissed
from mainstay.scheduling.lifecycle import AppointmentState, appointment_lifecycle
from mainstay.scheduling.models import Appointment, Series
from mainstay.scheduling.permissions import BOOK, OVER_BOOK
from mainstay.workforce.models import Staff


@dataclass(frozen=True, slots=True)
class Slot:
    """A time at a site with a provider (None: the medical assistants' own list)."""

    site: Site
    provider: Staff | None
    starts: datetime
    minutes: int
    room: Room | None = None
    equipment: Equipment | None = None

    def during(self) -> DateTimeTZRange:
        """The time as PostgreSQL keeps it: from the first moment to just before the last."""
        return DateTimeTZRange(self.starts, self.starts + timedelta(minutes=self.minutes))


@transaction.atomic
def book_appointment(
    *,
    actor: Actor,
    patient: Patient,
    visit_type: VisitType,
    slot: Slot,
    reason: str = "",
    how: str = "phone",
    over_book_reason: str = "",
    series: Series | None = None,
    replaces: Appointment | None = None,
) -> Appointment:
    """Keep a time for a patient.

    Raises `NotPermitted`, `InvalidInput`, and through the database `SlotTaken`, `RoomBooked`, `EquipmentBooked` or
    `PatientBusy`. An over-booking needs its reason and the right to over-book.
    """
    actor.may(OVER_BOOK if over_book_reason else BOOK).or_raise()
    if slot.minutes <= 0:
        raise InvalidInput("An appointment has a length.", field="minutes")
    if patient.merged_into_id or patient.deceased_on:
        raise InvalidInput("This chart cannot be booked for: it was merged, or the patient has died.", field="patient")
    appointment = Appointment.objects.create(
        patient=patient,
        provider=slot.provider,
        site=slot.site,
        visit_type=visit_type,
        during=slot.during(),
        room=slot.room,
        equipment=slot.equipment,
        reason=reason.strip()[:240],
        booked_by_id=actor.staff_id,
        booked_at=actor.now,
        booked_how=how,
        over_book_reason=over_book_reason.strip()[:160],
        series=series,
        moved_from=replaces,
    )
    begin(appointment, appointment_lifecycle, actor=actor)
    publish(AppointmentBooked(appointment_id=appointment.pk, replaces=replaces.pk if replaces else None))
    return appointment


@transaction.atomic
def cancel_appointment(*, actor: Actor, appointment: Appointment, reason: str) -> Appointment:
    """Call a booking off, with the reason; the freed time is offered to those who wait."""
    if not reason.strip():
        raise InvalidInput("Say why it is cancelled.", field="reason")
    fresh = locked(Appointment.objects.all(), pk=appointment.pk)
    take_step(fresh, appointment_lifecycle, "cancel", actor=actor, reason=reason.strip()[:300])
    fresh.cancel_reason = reason.strip()[:160]
    fresh.save()
    publish(AppointmentCancelled(appointment_id=fresh.pk))
    return fresh


@transaction.atomic
def move_appointment(
    *, actor: Actor, appointment: Appointment, slot: Slot, reason: str, over_book_reason: str = ""
) -> Appointment:
    """Move a booking to another time: the old one is called off and the new one takes over its visit."""
    fresh = locked(Appointment.objects.select_related("patient", "visit_type"), pk=appointment.pk)
    if fresh.state != AppointmentState.BOOKED:
        raise IllegalMove("Only a booked appointment can be moved.")
    take_step(fresh, appointment_lifecycle, "cancel", actor=actor, reason=f"Moved: {reason}"[:300])
    fresh.cancel_reason = f"Moved: {reason}"[:160]
    fresh.save()
    publish(AppointmentCancelled(appointment_id=fresh.pk, is_moved=True))
    return book_appointment(
        actor=actor,
        patient=fresh.patient,
        visit_type=fresh.visit_type,
        slot=slot,
        reason=fresh.reason,
        how=fresh.booked_how,
        over_book_reason=over_book_reason,
        series=fresh.series,
        replaces=fresh,
    )


@transaction.atomic
def keep_appointment(*, actor: Actor, appointment_id: int) -> Appointment:
    """The patient came; does nothing for a booking that is kept already."""
    fresh = locked(Appointment.objects.all(), pk=appointment_id)
    if fresh.state != AppointmentState.KEPT:
        take_step(fresh, appointment_lifecycle, "keep", actor=actor)
        fresh.save()
    return fresh


@transaction.atomic
def miss_appointment(*, actor: Actor, appointment_id: int) -> Appointment:
    """Nobody came; does nothing for a booking that is marked already."""
    fresh = locked(Appointment.objects.all(), pk=appointment_id)
    if fresh.state != AppointmentState.NO_SHOW:
        take_step(fresh, appointment_lifecycle, "miss", actor=actor)
        fresh.save()
        publish(AppointmentMissed(appointment_id=fresh.pk))
    return fresh
