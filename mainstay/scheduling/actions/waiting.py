"""The wait list: who would come sooner is offered what comes free, one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet
from django.urls import reverse

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.dates import spell_date, spell_time
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import locked
from mainstay.people.models import Patient
from mainstay.practice.models import Site, VisitType
from mainstay.scheduling import queries
from mainstay.scheduling.actions.ages import answer_age
from mainstay.scheduling.actions.booking import (
    Slot,
    book_appointment,
    hear_reason,
    hold_the_desk,
    move_appointment,
)
from mainstay.scheduling.events import AppointmentCancelled, AppointmentMissed
from mainstay.scheduling.models import ON, Appointment, SlotOffer, WaitListEntry
from mainstay.scheduling.permissions import BOOK
from mainstay.scheduling.rules import FreedTime, Waiting, first_in_line, hold_until
from mainstay.work.actions import finish_cause, owe
from mainstay.work.lifecycle import Band
from mainstay.workforce.models import Staff


@dataclass(frozen=True, slots=True)
class Wanted:
    """When somebody who waits could come; nothing said means any."""

    sites: tuple[Site, ...] = ()
    weekdays: tuple[int, ...] = ()
    earliest_time: time | None = None
    latest_time: time | None = None
    wanted_by: date | None = None
    urgency: str = "R5"
    note: str = ""


@transaction.atomic
def join_wait_list(
    *,
    actor: Actor,
    patient: Patient,
    visit_type: VisitType,
    provider: Staff | None = None,
    wanted: Wanted,
    current_appointment: Appointment | None = None,
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> WaitListEntry:
    """Put somebody on the wait list; what they have booked is given up only when they accept something sooner.

    Raises `RedFlag`: what cannot wait for a slot cannot wait for a freed one; `NeedsConfirmation` or `StopFound` for
    an age the kind of visit is not for.
    """
    actor.may(BOOK).or_raise()
    if WaitListEntry.objects.filter(patient=patient, visit_type=visit_type, left_at=None).exists():
        raise IllegalMove("This patient waits for this kind of visit already.")
    if current_appointment is not None and current_appointment.patient_id != patient.pk:
        raise InvalidInput("That appointment is another patient's.", field="current_appointment")
    if not wanted.note.strip():
        raise InvalidInput("Write why they come, in their own words.", field="note")
    hear_reason(actor=actor, patient=patient, reason=wanted.note)
    other_age_reason = answer_age(
        actor=actor, patient=patient, visit_type=visit_type, on=actor.today, confirmed=confirmed
    )
    entry = WaitListEntry.objects.create(
        patient=patient,
        visit_type=visit_type,
        provider=provider,
        weekdays=sorted(wanted.weekdays),
        earliest_time=wanted.earliest_time,
        latest_time=wanted.latest_time,
        wanted_by=wanted.wanted_by,
        urgency=Band(wanted.urgency),
        current_appointment=current_appointment,
        note=wanted.note.strip()[:160],
        other_age_reason=other_age_reason,
        joined_at=actor.now,
    )
    entry.sites.set(wanted.sites)
    return entry


@transaction.atomic
def leave_wait_list(*, actor: Actor, entry: WaitListEntry, reason: str) -> WaitListEntry:
    """Take somebody off the wait list, with the reason; what was held for them goes to the next."""
    actor.may(BOOK).or_raise()
    fresh = locked(WaitListEntry.objects.all(), pk=entry.pk)
    if fresh.left_at is not None:
        raise IllegalMove("They have left the wait list already.")
    for offer in SlotOffer.objects.filter(entry=fresh, answer=""):
        _answer(actor, offer, "withdrawn")
    fresh.left_at, fresh.left_because = actor.now, reason.strip()[:80]
    fresh.save()
    return fresh


def offer_freed_time(event: AppointmentCancelled) -> None:
    """Offer the time of a booking that was called off or moved to the first in line."""
    appointment = Appointment.objects.select_related("site", "provider").get(pk=event.appointment_id)
    _offer(appointment.site, appointment.provider, appointment.during.lower, appointment.during.upper)


def offer_missed_time(event: AppointmentMissed) -> None:
    """Offer what is left of the time of somebody who did not come, and still has not."""
    appointment = Appointment.objects.select_related("site", "provider").get(pk=event.appointment_id)
    if appointment.state == "no_show":
        _offer(appointment.site, appointment.provider, appointment.during.lower, appointment.during.upper)


def follow_no_show(event: AppointmentMissed) -> None:
    """Owe the patient who did not come a call: are they well, and do they want another time."""
    appointment = Appointment.objects.select_related("site", "patient", "visit_type").get(pk=event.appointment_id)
    if appointment.state != "no_show":
        return
    owe(
        actor=the_system(now=clock.now(), zone=appointment.site.zone),
        kind="no_show",
        title=f"Did not come: {appointment.visit_type.name}. Call and rebook",
        band="R4",
        patient=appointment.patient,
        site=appointment.site,
        pool="front_desk",
        subject_kind="appointment",
        subject_ref=appointment.public_id,
        url=reverse("appointment", args=[appointment.public_id]),
        once_key=f"no-show:{appointment.pk}",
    )


@transaction.atomic
def _offer(site: Site, provider: Staff | None, starts: datetime, ends: datetime) -> SlotOffer | None:
    actor = the_system(now=clock.now(), zone=site.zone)
    days = queries.site_days(site, actor.today, starts.astimezone(site.zone).date())
    runs_out = hold_until(actor.now, starts, days)
    if runs_out is None:
        return None
    slot = Slot(site=site, provider=provider, starts=starts, minutes=int((ends - starts).total_seconds() // 60))
    hold_the_desk(slot)
    during = DateTimeTZRange(starts, ends)
    if _is_taken(site, provider, during) or queries.why_closed_to(slot):
        return None
    freed = FreedTime(
        provider.pk if provider else None, site.pk, starts.astimezone(site.zone), ends.astimezone(site.zone)
    )
    chosen = first_in_line(_in_line(freed, during), freed)
    if chosen is None:
        return None
    entry = locked(WaitListEntry.objects.select_related("patient", "visit_type"), pk=chosen.entry_id)
    offer = SlotOffer.objects.create(
        entry=entry,
        provider=provider,
        site=site,
        during=DateTimeTZRange(starts, starts + timedelta(minutes=entry.visit_type.minutes)),
        offered_at=actor.now,
        runs_out_at=runs_out,
    )
    _owe_call(actor, offer, freed)
    return offer


def _is_taken(site: Site, provider: Staff | None, during: DateTimeTZRange) -> bool:
    now = clock.now()
    booked = Appointment.objects.filter(provider=provider, site=site, state__in=ON, during__overlap=during)
    held = SlotOffer.objects.filter(
        provider=provider, site=site, answer="", runs_out_at__gt=now, during__overlap=during
    )
    return booked.exists() or held.exists()


def _in_line(freed: FreedTime, during: DateTimeTZRange) -> list[Waiting]:
    asked = Q(answer="") | Q(provider_id=freed.provider_id, site_id=freed.site_id, during__overlap=during)
    busy = Appointment.objects.filter(state__in=ON, during__overlap=during)
    there = Appointment.objects.filter(provider_id=freed.provider_id, site_id=freed.site_id, during__overlap=during)
    given_up = there.exclude(state__in=ON)
    entries: QuerySet[WaitListEntry] = (
        WaitListEntry.objects.filter(left_at=None, patient__merged_into=None, patient__deceased_on=None)
        .exclude(pk__in=SlotOffer.objects.filter(asked).values("entry_id"))
        .exclude(patient_id__in=busy.values("patient_id"))
        .exclude(patient_id__in=given_up.values("patient_id"))
        .select_related("visit_type", "current_appointment")
        .prefetch_related("sites")
    )
    return [
        Waiting(
            entry_id=e.pk,
            minutes=e.visit_type.minutes,
            provider_id=e.provider_id,
            site_ids=frozenset(s.pk for s in e.sites.all()),
            weekdays=frozenset(e.weekdays),
            earliest=e.earliest_time,
            latest=e.latest_time,
            wanted_by=e.wanted_by,
            urgency=e.urgency,
            joined_at=e.joined_at,
            booked_for=_booked_for(e),
            is_with_provider=e.visit_type.is_with_provider,
        )
        for e in entries
    ]


def _booked_for(entry: WaitListEntry) -> datetime | None:
    current = entry.current_appointment
    return current.during.lower if current is not None and current.state == "booked" else None


def _owe_call(actor: Actor, offer: SlotOffer, freed: FreedTime) -> None:
    owe(
        actor=actor,
        kind="slot_offer",
        title=f"Offer {spell_date(freed.starts.date())} {spell_time(freed.starts.time())}: {offer.entry.visit_type}",
        detail="A time came free and is held. Call the patient, then write down what they say.",
        band="R3",
        patient=offer.entry.patient,
        site=offer.site,
        pool="front_desk",
        due_at=offer.runs_out_at,
        subject_kind="slot_offer",
        subject_ref=offer.public_id,
        url=reverse("wait-list"),
        once_key=f"slot-offer:{offer.pk}",
    )


@transaction.atomic
def accept_offer(*, actor: Actor, offer: SlotOffer) -> Appointment:
    """They take it: it is booked, what they had is given up, and they leave the list."""
    actor.may(BOOK).or_raise()
    fresh = _open_offer(offer)
    entry = locked(WaitListEntry.objects.select_related("patient", "visit_type"), pk=fresh.entry_id)
    slot = Slot(site=fresh.site, provider=fresh.provider, starts=fresh.during.lower, minutes=entry.visit_type.minutes)
    answered = entry.other_age_reason or _waited(entry, fresh.site)
    current = Appointment.objects.filter(pk=entry.current_appointment_id, state="booked").first()
    if current is not None:
        booked = move_appointment(
            actor=actor,
            appointment=current,
            slot=slot,
            reason="sooner, from the wait list",
            offer=fresh,
            other_age_answered=answered,
        )
    else:
        booked = book_appointment(
            actor=actor,
            patient=entry.patient,
            visit_type=entry.visit_type,
            slot=slot,
            reason=entry.note,
            offer=fresh,
            other_age_answered=answered,
        )
    _answer(actor, fresh, "accepted", booked)
    entry.left_at, entry.left_because = actor.now, "booked sooner"
    entry.save()
    return booked


def _waited(entry: WaitListEntry, site: Site) -> str:
    """Why an age is not asked about any more that was right when they joined the list."""
    return f"On the wait list for it since {spell_date(entry.joined_at.astimezone(site.zone).date())}."


@transaction.atomic
def decline_offer(*, actor: Actor, offer: SlotOffer) -> SlotOffer | None:
    """They do not take it, and stay on the list; the next in line is asked. Returns the next offer."""
    actor.may(BOOK).or_raise()
    fresh = _open_offer(offer)
    _answer(actor, fresh, "declined")
    return _offer(fresh.site, fresh.provider, fresh.during.lower, fresh.during.upper)


@transaction.atomic
def let_offers_run_out(*, actor: Actor) -> int:
    """End every offer nobody answered in time and ask the next in line; returns how many ended."""
    late = SlotOffer.objects.select_for_update(of=("self",), skip_locked=True).filter(
        answer="", runs_out_at__lte=actor.now
    )
    ended = list(late.select_related("site", "provider"))
    for offer in ended:
        _answer(actor, offer, "ran_out")
        _offer(offer.site, offer.provider, offer.during.lower, offer.during.upper)
    return len(ended)


@transaction.atomic
def withdraw_offers(*, actor: Actor, appointment: Appointment) -> int:
    """Take back the time of a booking from those it was offered to; returns how many had it."""
    offers = SlotOffer.objects.select_for_update(of=("self",)).filter(
        provider_id=appointment.provider_id, site_id=appointment.site_id, answer="", during__overlap=appointment.during
    )
    found = list(offers)
    for offer in found:
        _answer(actor, offer, "withdrawn")
    return len(found)


def _open_offer(offer: SlotOffer) -> SlotOffer:
    fresh = locked(SlotOffer.objects.select_related("site", "provider"), pk=offer.pk)
    if fresh.answer:
        raise IllegalMove("This offer was answered already.")
    return fresh


def _answer(actor: Actor, offer: SlotOffer, answer: str, appointment: Appointment | None = None) -> None:
    offer.answer, offer.answered_at, offer.appointment = answer, actor.now, appointment
    offer.save()
    finish_cause(actor=actor, once_key=f"slot-offer:{offer.pk}", outcome=answer.replace("_", " "))
