"""Visits begin as bookings, or walk in."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.people.models import Patient
from mainstay.practice.models import Site, VisitType
from mainstay.scheduling.actions import answer_age
from mainstay.scheduling.events import AppointmentBooked, AppointmentCancelled, AppointmentMissed
from mainstay.scheduling.models import Appointment
from mainstay.visits.actions.board import nudge_board
from mainstay.visits.actions.tasks import plan_tasks
from mainstay.visits.events import VisitArrived
from mainstay.visits.lifecycle import Stage, visit_lifecycle
from mainstay.visits.models import Visit
from mainstay.visits.permissions import CHECK_IN
from mainstay.visits.queries.traits import traits_of
from mainstay.workforce.models import Staff


def expect_visit(event: AppointmentBooked) -> None:
    """Expect a visit for a booking, in the same transaction; a moved booking takes its visit along."""
    appointment = Appointment.objects.select_related("site", "visit_type", "patient").get(pk=event.appointment_id)
    actor = the_system(now=appointment.booked_at, zone=appointment.site.zone)
    starts = appointment.during.lower
    visit = Visit.objects.filter(appointment_id=event.replaces).first() if event.replaces else None
    is_new = visit is None or visit.stage not in (Stage.EXPECTED, Stage.NO_SHOW)
    if visit is None or is_new:
        visit = Visit(patient=appointment.patient)
    visit.site, visit.visit_type = appointment.site, appointment.visit_type
    visit.provider_id = appointment.provider_id
    visit.appointment = appointment
    visit.day, visit.expected_at = starts.astimezone(appointment.site.zone).date(), starts
    visit.reason, visit.stage_since = appointment.reason, actor.now
    visit.save()
    if is_new:
        begin(visit, visit_lifecycle, actor=actor)
    nudge_board(visit.site_id)


def cancel_visit_of(event: AppointmentCancelled) -> None:
    """Cancel the visit of a booking that was called off; a moved one keeps its visit."""
    if event.is_moved:
        return
    visit = Visit.objects.select_for_update(of=("self",)).filter(appointment_id=event.appointment_id).first()
    if visit is None or visit.stage not in (Stage.EXPECTED, Stage.NO_SHOW):
        return
    actor = the_system(now=clock.now(), zone=visit.site.zone)
    take_step(visit, visit_lifecycle, "cancel", actor=actor, column="stage")
    visit.version += 1
    visit.save()
    nudge_board(visit.site_id)


def follow_missed_appointment(event: AppointmentMissed) -> None:
    """Mark the visit of a missed booking, when the booking was marked first."""
    visit = Visit.objects.select_for_update(of=("self",)).filter(appointment_id=event.appointment_id).first()
    if visit is None or visit.stage != Stage.EXPECTED:
        return
    actor = the_system(now=clock.now(), zone=visit.site.zone)
    take_step(visit, visit_lifecycle, "miss", actor=actor, column="stage")
    visit.version += 1
    visit.save()
    nudge_board(visit.site_id)


@transaction.atomic
def register_walk_in(
    *,
    actor: Actor,
    patient: Patient,
    site: Site,
    visit_type: VisitType,
    provider: Staff | None,
    reason: str,
    at: datetime | None = None,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Visit:
    """Somebody is here without a booking: on the board at once, as arrived.

    Raises `NeedsConfirmation` or `StopFound` for an age the kind of visit is not for; the reason stands in the
    timeline.
    """
    actor.may(CHECK_IN).or_raise()
    if not reason.strip():
        raise InvalidInput("Write why they come, in their own words.", field="reason")
    moment = at or actor.now
    day = moment.astimezone(site.zone).date()
    other_age = answer_age(actor=actor, patient=patient, visit_type=visit_type, on=day, confirmed=confirmed)
    visit = Visit.objects.create(
        patient=patient,
        site=site,
        day=day,
        visit_type=visit_type,
        provider=provider,
        expected_at=moment,
        reason=reason,
        stage_since=actor.now,
        is_walk_in=True,
    )
    begin(visit, visit_lifecycle, actor=actor, reason=other_age)
    visit = locked(Visit.objects.select_related("visit_type"), pk=visit.pk)
    take_step(visit, visit_lifecycle, "arrive", actor=actor, column="stage")
    visit.arrived_at, visit.version = actor.now, visit.version + 1
    visit.save()
    plan_tasks(actor=actor, visit=visit, traits=traits_of(patient, on=visit.day, reason=visit.reason))
    publish(VisitArrived(visit_id=visit.pk))
    nudge_board(site.pk)
    return visit
