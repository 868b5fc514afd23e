"""Who came after all, and what was marked by mistake: a booking follows its visit."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked, take_step, undo_step
from mainstay.scheduling.actions.waiting import withdraw_offers
from mainstay.scheduling.errors import SlotTaken
from mainstay.scheduling.lifecycle import AppointmentState, appointment_lifecycle
from mainstay.scheduling.models import ON, Appointment
from mainstay.work.actions import finish_cause


@transaction.atomic
def keep_late_appointment(*, actor: Actor, appointment_id: int, reason: str) -> Appointment:
    """Somebody marked as not come has come after all; the booking is kept.

    When the time was given to somebody else meanwhile, this one stands beside it as an over-booking with the reason:
    the patient is here. What is still held for the wait list is given up.
    """
    if not reason.strip():
        raise InvalidInput("Say why they came late.", field="late_reason")
    fresh = locked(Appointment.objects.all(), pk=appointment_id)
    if fresh.state == AppointmentState.KEPT:
        return fresh
    if _is_given_away(fresh):
        fresh.over_book_reason = f"Came late: {reason.strip()}"[:160]
    take_step(fresh, appointment_lifecycle, "keep", actor=actor, reason=reason.strip()[:300])
    fresh.save()
    _settle(actor, fresh, "They came after all.")
    return fresh


@transaction.atomic
def undo_missed(*, actor: Actor, appointment_id: int) -> Appointment:
    """Nobody missed it: the booking stands again, and is no longer offered to the wait list.

    Raises `SlotTaken` when somebody else has booked the time meanwhile, `IllegalMove` after a minute.
    """
    fresh = locked(Appointment.objects.all(), pk=appointment_id)
    if _is_given_away(fresh):
        raise SlotTaken("Somebody else has this time now. When the patient comes, check them in as late.")
    undo_step(fresh, appointment_lifecycle, actor=actor)
    fresh.save()
    _settle(actor, fresh, "Marked by mistake.")
    return fresh


@transaction.atomic
def undo_kept(*, actor: Actor, appointment_id: int) -> Appointment:
    """They are not here yet after all: the booking stands as before. Raises `IllegalMove` after a minute."""
    fresh = locked(Appointment.objects.all(), pk=appointment_id)
    if fresh.state == AppointmentState.KEPT:
        undo_step(fresh, appointment_lifecycle, actor=actor)
        fresh.save()
    return fresh


def _is_given_away(appointment: Appointment) -> bool:
    if appointment.over_book_reason:
        return False
    same = Q(patient_id=appointment.patient_id)
    team = Q(provider_id=None, site_id=appointment.site_id)
    same |= Q(provider_id=appointment.provider_id) if appointment.provider_id else team
    same |= Q(room_id=appointment.room_id) if appointment.room_id else Q(pk__in=())
    taken = Appointment.objects.filter(same, state__in=ON, over_book_reason="", during__overlap=appointment.during)
    return taken.exclude(pk=appointment.pk).exists()


def _settle(actor: Actor, appointment: Appointment, outcome: str) -> None:
    withdraw_offers(actor=actor, appointment=appointment)
    finish_cause(actor=actor, once_key=f"no-show:{appointment.pk}", outcome=outcome)
