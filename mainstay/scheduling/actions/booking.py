"""Booking, moving, calling off: the database itself refuses a double booking."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from mainstay.foundation.actor import Actor
from mainstay.foundation.constraint_names import meaning_of
from mainstay.foundation.dates import spell_date
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations, Finding, Severity
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.messages.queries import clinicians_leave
from mainstay.people.models import Patient
from mainstay.practice.actions import book_beside_closings
from mainstay.practice.models import VisitType
from mainstay.scheduling import queries
from mainstay.scheduling.actions.ages import answer_age
from mainstay.scheduling.actions.stranding import settle_move
from mainstay.scheduling.errors import AnswerAwaited, ClosedThen, RedFlag, SeriesConflict, SlotHeld, SlotTaken
from mainstay.scheduling.events import AppointmentBooked, AppointmentCancelled, AppointmentMissed
from mainstay.scheduling.lifecycle import AppointmentState, appointment_lifecycle
from mainstay.scheduling.models import ON, Appointment, Series, SlotOffer
from mainstay.scheduling.permissions import BOOK, OVER_BOOK, OVERRIDE_RED_FLAG
from mainstay.scheduling.queries.slots import Slot
from mainstay.work.actions import owe

MOST_IN_SERIES = 52
CLOSED_THEN = "closed-then"
"""The finding that nobody is seen where or when somebody is over-booked."""
LONGEST_REASON = 160
"""Characters of why a time is over-booked."""
LEAST_ANSWER = 5
"""Characters of a clinician's answer to a red flag."""


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
    red_flag_override: str = "",
    offer: SlotOffer | None = None,
    ref: str = "",
    confirmed: Confirmations = NOTHING_CONFIRMED,
    other_age_answered: str = "",
) -> Appointment:
    """Keep a time for a patient: the one door to an appointment, whoever asks for it.

    The reason is read for red flags first. Raises `RedFlag` (unless a clinician overrides it with a reason),
    `NotPermitted`, `InvalidInput`, `SlotHeld`, for an age the kind of visit is not for `NeedsConfirmation` or
    `StopFound`, and through the database `SlotTaken`, `RoomBooked`, `EquipmentBooked` or `PatientBusy`. An over-booking
    needs its reason and the right to over-book. Where or when nobody is seen it raises `ClosedThen`, and for an
    over-booking `NeedsConfirmation`: the reason given is kept with the other. `offer` is the wait-list offer this takes
    up; `other_age_answered` a reason for another age given earlier; `ref` is told on with the event, for whoever asked.
    """
    over_book_reason = over_book_reason.strip()[:LONGEST_REASON]
    actor.may(OVER_BOOK if over_book_reason else BOOK).or_raise()
    if slot.minutes <= 0:
        raise InvalidInput("An appointment has a length.", field="minutes")
    if patient.merged_into_id or patient.withdrawn_at or patient.deceased_on:
        raise InvalidInput("This chart cannot be booked for: it was merged, or the patient has died.", field="patient")
    heard = hear_reason(
        actor=actor, patient=patient, reason=reason, override=red_flag_override, answered=_answer_of(replaces)
    )
    other_age_reason = answer_age(
        actor=actor,
        patient=patient,
        visit_type=visit_type,
        on=slot.starts.astimezone(slot.site.zone).date(),
        confirmed=confirmed,
        answered=other_age_answered or _other_age_of(replaces, visit_type),
    )
    book_beside_closings()
    over_book_reason = _answer_closed(slot, over_book_reason, confirmed)
    hold_the_desk(slot, patient)
    if not over_book_reason:
        _not_held_for_another(slot, offer, actor.now)
        _not_over_booked_there(slot)
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
        over_book_reason=over_book_reason,
        series=series,
        moved_from=replaces,
        other_age_reason=other_age_reason,
        red_flag_band=heard.band,
        red_flag_override=heard.override,
    )
    begin(appointment, appointment_lifecycle, actor=actor)
    publish(AppointmentBooked(appointment_id=appointment.pk, replaces=replaces.pk if replaces else None, ref=ref))
    return appointment


@dataclass(frozen=True, slots=True)
class Heard:
    """A reason that was read: the band of what it says (empty: nothing stops), and why it can wait all the same."""

    band: str = ""
    override: str = ""


def hear_reason(*, actor: Actor, patient: Patient, reason: str, override: str = "", answered: str = "") -> Heard:
    """Read the reason of a visit. `answered` is a clinician's answer to the same words, given for an earlier time.

    Raises `AnswerAwaited` while a clinician owes this patient an answer, `RedFlag` for a red flag nobody answered, and
    `NotPermitted` and `InvalidInput` for an answer that is none.
    """
    found = queries.red_flags_of(patient, reason, at=actor.now, on=actor.today)
    awaited = queries.stopped_until_answered(patient, zone=actor.zone)
    stop = found or awaited
    if stop is None:
        return Heard()
    if override.strip():
        actor.may(OVERRIDE_RED_FLAG).or_raise()
        if len(override.strip()) < LEAST_ANSWER:
            raise InvalidInput("Say in a few words why this can wait for a slot.", field="red_flag_override")
        return Heard(stop.band, override.strip()[:240])
    if awaited is not None:
        raise AnswerAwaited(f"{awaited.reasons[0]} Nothing is booked until then.", field="reason")
    if leave := answered or clinicians_leave(patient, reason, at=actor.now):
        return Heard(stop.band, leave[:240])
    raise RedFlag(field="reason")


def _answer_of(replaces: Appointment | None) -> str:
    return replaces.red_flag_override if replaces is not None else ""


def _other_age_of(replaces: Appointment | None, visit_type: VisitType) -> str:
    return replaces.other_age_reason if replaces is not None and replaces.visit_type_id == visit_type.pk else ""


def hold_the_desk(slot: Slot, patient: Patient | None = None) -> None:
    """Let one booking at a time go on for the same provider, team, patient, room or thing.

    Constraints would refuse the second anyway; waiting in one order spares everybody the deadlocks.
    """
    keys = [
        (1, slot.provider.pk) if slot.provider else (2, slot.site.pk),
        *([(3, patient.pk)] if patient else []),
        *([(4, slot.room.pk)] if slot.room else []),
        *([(5, slot.equipment.pk)] if slot.equipment else []),
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(726210 + k, id) FROM unnest(%s::int[], %s::int[]) AS held (k, id)",
            [[kind for kind, _ in keys], [key for _, key in keys]],
        )


def _answer_closed(slot: Slot, over_book_reason: str, confirmed: Confirmations) -> str:
    """Why a time is over-booked, with why it is although nobody is seen then."""
    if not (closed := queries.why_closed_to(slot)):
        return over_book_reason
    if not over_book_reason:
        raise ClosedThen(closed)
    asked = f"{closed} Say why they are seen all the same."
    confirmed.answer([Finding(Severity.CONFIRM, CLOSED_THEN, "", asked)])
    kept = f"{over_book_reason}; {closed} {confirmed.reason_for(CLOSED_THEN)}"
    if len(kept) > LONGEST_REASON:
        raise InvalidInput(f"Say both reasons in {LONGEST_REASON} characters.", field="over_book_reason")
    return kept


def _not_held_for_another(slot: Slot, offer: SlotOffer | None, now: datetime) -> None:
    held = SlotOffer.objects.filter(
        provider=slot.provider, site=slot.site, answer="", runs_out_at__gt=now, during__overlap=slot.during()
    )
    if held.exclude(pk=offer.pk if offer else None).exists():
        raise SlotHeld()


def _not_over_booked_there(slot: Slot) -> None:
    """A time that was over-booked is full, though no constraint counts what was over-booked with a reason."""
    there = Appointment.objects.filter(provider=slot.provider, state__in=ON, during__overlap=slot.during())
    if slot.provider is None:
        there = there.filter(site=slot.site)
    if there.exclude(over_book_reason="").exists():
        raise SlotTaken()


@dataclass(frozen=True, slots=True)
class BookedSeries:
    """What was booked of a series, and the days that could not be had, in words."""

    booked: tuple[Appointment, ...]
    failed: tuple[str, ...]


@transaction.atomic
def book_series(
    *,
    actor: Actor,
    patient: Patient,
    visit_type: VisitType,
    first: Slot,
    every_weeks: int,
    times: int,
    reason: str = "",
    how: str = "phone",
    red_flag_override: str = "",
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> BookedSeries:
    """Book the same hour every so many weeks; days that cannot be had are named, become work, and the others are kept.

    The hour is the one on the wall, so a series keeps it across a clock change. Raises `RedFlag` before anything is
    booked, `SeriesConflict` naming every day when the first cannot be had or no other can, and `InvalidInput`.
    """
    if not 2 <= times <= MOST_IN_SERIES or not 1 <= every_weeks <= 26:
        raise InvalidInput(f"A series has 2 to {MOST_IN_SERIES} visits, 1 to 26 weeks apart.", field="times")
    weeks = "every week" if every_weeks == 1 else f"every {every_weeks} weeks"
    series = Series.objects.create(patient=patient, visit_type=visit_type, rule=f"{weeks}, {times} times")
    booked: list[Appointment] = []
    failed: list[str] = []
    for n in range(times):
        slot = replace(first, starts=_weeks_later(first.starts, first.site.zone, n * every_weeks))
        day = slot.starts.astimezone(first.site.zone).date()
        try:
            with transaction.atomic():
                _keeps_its_hour(first, slot)
                booked.append(
                    book_appointment(
                        actor=actor,
                        patient=patient,
                        visit_type=visit_type,
                        slot=slot,
                        reason=reason,
                        how=how,
                        series=series,
                        red_flag_override=red_flag_override,
                        confirmed=confirmed,
                    )
                )
        except SlotTaken as error:
            failed.append(f"{spell_date(day)}: {error.message}")
        except IntegrityError as error:
            if (known := meaning_of(error)) is None:
                raise
            failed.append(f"{spell_date(day)}: {known.message}")
        if failed and not booked:
            raise SeriesConflict(f"Nothing was booked. {failed[0]}", field="times")
    if len(booked) < 2:
        raise SeriesConflict("Nothing was booked. " + " ".join(failed), field="times")
    if failed:
        _owe_what_failed(actor, series, booked[0], failed)
    return BookedSeries(tuple(booked), tuple(failed))


def _owe_what_failed(actor: Actor, series: Series, first: Appointment, failed: list[str]) -> None:
    series.not_booked = [text[:160] for text in failed]
    series.save(update_fields=["not_booked"])
    owe(
        actor=actor,
        kind="series_gap",
        title=f"{len(failed)} of a series not booked: {first.visit_type.name}",
        detail="\n".join(failed),
        band="R5",
        patient=first.patient,
        site=first.site,
        pool="front_desk",
        subject_kind="appointment",
        subject_ref=first.public_id,
        url=reverse("appointment", args=[first.public_id]),
        once_key=f"series:{series.pk}",
    )


def _weeks_later(starts: datetime, zone: ZoneInfo, weeks: int) -> datetime:
    local = starts.astimezone(zone).replace(tzinfo=None) + timedelta(weeks=weeks)
    return local.replace(tzinfo=zone).astimezone(UTC)


def _keeps_its_hour(first: Slot, slot: Slot) -> None:
    zone = first.site.zone
    if slot.starts.astimezone(zone).time() != first.starts.astimezone(zone).time():
        raise SlotTaken("The clocks skip that hour on that day.")


@transaction.atomic
def confirm_appointment(*, actor: Actor, appointment: Appointment) -> Appointment:
    """The patient said they will come; does nothing when they had said so already."""
    actor.may(BOOK).or_raise()
    fresh = locked(Appointment.objects.all(), pk=appointment.pk)
    if fresh.state != AppointmentState.BOOKED:
        raise IllegalMove("Only a booked appointment can be confirmed.")
    if fresh.confirmed_at is None:
        fresh.confirmed_at = actor.now
        fresh.save()
    return fresh


@transaction.atomic
def cancel_appointment(*, actor: Actor, appointment: Appointment, reason: str) -> Appointment:
    """Call a booking off, with the reason; the freed time is offered to those who wait."""
    if not reason.strip():
        raise InvalidInput("Say why it is cancelled.", field="reason")
    fresh = locked(Appointment.objects.all(), pk=appointment.pk)
    take_step(fresh, appointment_lifecycle, "cancel", actor=actor, reason=reason.strip()[:300])
    fresh.cancel_reason = reason.strip()[:160]
    fresh.save()
    settle_move(actor=actor, appointment=fresh, outcome="Called off")
    publish(AppointmentCancelled(appointment_id=fresh.pk))
    return fresh


@transaction.atomic
def move_appointment(
    *,
    actor: Actor,
    appointment: Appointment,
    slot: Slot,
    reason: str,
    over_book_reason: str = "",
    red_flag_override: str = "",
    offer: SlotOffer | None = None,
    confirmed: Confirmations = NOTHING_CONFIRMED,
    other_age_answered: str = "",
) -> Appointment:
    """Move a booking to another time: the old one is called off and the new one takes over its visit."""
    book_beside_closings()
    fresh = locked(Appointment.objects.select_related("patient", "visit_type"), pk=appointment.pk)
    if fresh.state != AppointmentState.BOOKED:
        raise IllegalMove("Only a booked appointment can be moved.")
    take_step(fresh, appointment_lifecycle, "cancel", actor=actor, reason=f"Moved: {reason}"[:300])
    fresh.cancel_reason = f"Moved: {reason}"[:160]
    fresh.save()
    settle_move(actor=actor, appointment=fresh, outcome="Moved")
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
        red_flag_override=red_flag_override,
        offer=offer,
        confirmed=confirmed,
        other_age_answered=other_age_answered,
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
