"""Booking at the desk: a red flag is heard first, and a time is booked only while it is still free."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.messages.actions import Matter, ask_before_booking, settle_booking
from mainstay.messages.models import Call, Thread
from mainstay.messages.queries import clinicians_leave, leave_for_call
from mainstay.people.models import Patient
from mainstay.practice.models import Site, VisitType
from mainstay.scheduling import queries
from mainstay.scheduling.actions.booking import (
    Slot,
    book_appointment,
    book_series,
    hear_reason,
    hold_the_desk,
    move_appointment,
)
from mainstay.scheduling.errors import RedFlag, SlotTaken
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.permissions import BOOK
from mainstay.work.lifecycle import Band
from mainstay.work.models import WorkItem


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for at the desk: by whom the time is needed, and why it may break the usual rules.

    `weeks` and `times` above 1 make a series; `moving` gives up another appointment for it; in `call` it was asked for;
    in `conversation` a clinician gave leave for it.
    """

    reason: str = ""
    how: str = "phone"
    over_book_reason: str = ""
    red_flag_override: str = ""
    weeks: int = 1
    times: int = 1
    moving: Appointment | None = None
    call: Call | None = None
    conversation: Thread | None = None
    ref: str = ""
    confirmed: Confirmations = NOTHING_CONFIRMED


@transaction.atomic
def stop_for_red_flag(
    *, actor: Actor, patient: Patient, reason: str, site: Site | None = None, asked_for: str = ""
) -> WorkItem | None:
    """Put a complaint that cannot wait before a clinician, once until it is answered; None if it can wait.

    A clinician's leave for the same words lets it wait. `asked_for` says in words which time was wanted, where one was.
    """
    actor.may(BOOK).or_raise()
    found = queries.red_flags_of(patient, reason, at=actor.now, on=actor.today)
    if found is None or clinicians_leave(patient, reason, at=actor.now):
        return None
    band = min(found.band, Band.R1, key=lambda b: Band(b).rank)
    thread = ask_before_booking(
        actor=actor,
        patient=patient,
        matter=Matter(reason.strip(), "SYM", band, "; ".join(found.reasons)),
        site=site or patient.home_site,
        wanted=f"Wanted: {asked_for}. Not booked." if asked_for else "",
    )
    return thread.work_item


@transaction.atomic
def book_found_time(*, actor: Actor, patient: Patient, visit_type: VisitType, slot: Slot, asked: Asked) -> Appointment:
    """Book a time somebody chose at the desk; of a series, the first.

    Raises `InvalidInput` without a reason, `RedFlag` unless a clinician overrides it with a reason, and `SlotTaken`
    when the time is no longer free (an over-booking with its reason needs no free time).
    """
    if asked.call is not None and not asked.red_flag_override.strip():
        _not_stopped_in(asked.call)
    if asked.moving is None:
        if not asked.reason.strip():
            raise InvalidInput("Write why they come, in their own words.", field="reason")
        hear_reason(actor=actor, patient=patient, reason=asked.reason, override=asked.red_flag_override)
    if not asked.over_book_reason.strip():
        hold_the_desk(slot, patient)
        if not _is_open(actor, patient, visit_type, slot, asked):
            raise SlotTaken()
    if asked.moving is not None:
        return move_appointment(
            actor=actor,
            appointment=asked.moving,
            slot=slot,
            reason="patient asked" if not asked.over_book_reason else asked.over_book_reason,
            over_book_reason=asked.over_book_reason,
            red_flag_override=asked.red_flag_override,
            confirmed=asked.confirmed,
        )
    if asked.conversation is not None:
        settle_booking(actor=actor, thread=asked.conversation)
    if asked.times > 1:
        return book_series(
            actor=actor,
            patient=patient,
            visit_type=visit_type,
            first=slot,
            every_weeks=asked.weeks,
            times=asked.times,
            reason=asked.reason,
            how=asked.how,
            red_flag_override=asked.red_flag_override,
            confirmed=asked.confirmed,
        ).booked[0]
    return book_appointment(
        actor=actor,
        patient=patient,
        visit_type=visit_type,
        slot=slot,
        reason=asked.reason,
        how=asked.how,
        over_book_reason=asked.over_book_reason,
        red_flag_override=asked.red_flag_override,
        ref=asked.ref,
        confirmed=asked.confirmed,
    )


def _not_stopped_in(call: Call) -> None:
    if queries.stopped_by_call(call) and not leave_for_call(call):
        raise RedFlag(field="reason")


def _is_open(actor: Actor, patient: Patient, visit_type: VisitType, slot: Slot, asked: Asked) -> bool:
    search = queries.Search(
        visit_type=visit_type,
        now=actor.now,
        first_day=slot.starts.astimezone(slot.site.zone).date(),
        days=1,
        patient=patient,
        providers=[slot.provider.pk] if slot.provider else [],
        sites=[slot.site.pk],
        moving=asked.moving.pk if asked.moving else None,
    )
    wanted = int(slot.starts.timestamp() // 60)
    who = slot.provider.pk if slot.provider else None
    return any(o.starts == wanted and o.provider_id == who for o in queries.openings(search))
