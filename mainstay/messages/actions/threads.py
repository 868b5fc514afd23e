"""Conversations: opened, made more urgent, split, answered, read out word for word, closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, StopFound
from mainstay.foundation.moves import locked
from mainstay.messages.errors import ThreadClosed
from mainstay.messages.models import Booking, Call, Message, Relay, Thread
from mainstay.messages.permissions import ANSWER_CLINICALLY, TAKE_CALLS
from mainstay.messages.queries.facts import facts_about
from mainstay.messages.queries.stops import booking_key, stops_booking
from mainstay.messages.queries.threads import may_relay
from mainstay.messages.red_flags import complaint_band
from mainstay.messages.rules import before_closing, categories, pool_for
from mainstay.messages.rules_calls import band_for_writing
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.work import actions as work_actions
from mainstay.work.lifecycle import CLINICAL_BANDS, Band, Closing, most_urgent
from mainstay.work.models import WorkItem
from mainstay.work.queries import due_for_band, due_for_clock, open_causes
from mainstay.workforce.models import Staff

RELAYING_POOL = "clinical_support"
BOOKING_CHANNEL = "booking"
"""How a red flag came that was said when a time was asked for."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What a conversation is about. `band` is empty where the category's own clock runs."""

    subject: str
    category: str
    band: Band | None = None
    raised_because: str = ""
    owner: Staff | None = None


@dataclass(frozen=True, slots=True)
class ReadOut:
    """How a clinician's words were read: to whom, taught back or not, and what they asked back."""

    told_to: str
    relation: str = "self"
    taught_back: str = "no"
    question: str = ""


def due_of(matter: Matter, site: Site | None, *, at: datetime) -> datetime:
    """When a matter is due: by its band if it has one, else by the clock of its category."""
    category = categories()[matter.category]
    if matter.band is not None:
        return due_for_band(matter.band, site, at=at)
    return due_for_clock(category.clock, site, at=at)


def open_thread(
    *,
    actor: Actor,
    matter: Matter,
    patient: Patient | None,
    site: Site | None,
    channel: str,
    call: Call | None = None,
    split_from: Thread | None = None,
) -> Thread:
    """Open a conversation with its clock and its work item. Part of a larger action; runs in its transaction."""
    category = categories()[matter.category]
    due = due_of(matter, site, at=actor.now)
    thread = Thread.objects.create(
        patient=patient,
        subject=matter.subject.strip()[:160],
        category=category.code,
        band=matter.band or "R4",
        channel=channel,
        opened_at=actor.now,
        call=call,
        site=site,
        pool=pool_for(category, matter.band),
        due_at=due,
        band_raised_because=matter.raised_because[:240],
        split_from=split_from,
    )
    thread.work_item = _owe(actor, thread, matter, due)
    thread.save()
    return thread


def _owe(actor: Actor, thread: Thread, matter: Matter, due: datetime) -> WorkItem:
    category = categories()[thread.category]
    return work_actions.owe(
        actor=actor,
        kind="red_flag" if thread.channel == BOOKING_CHANNEL else "message",
        title=f"{category.title}: {thread.subject}"[:160],
        detail=matter.raised_because if thread.channel == BOOKING_CHANNEL else "",
        band=thread.band,
        patient=thread.patient,
        site=thread.site,
        pool=thread.pool,
        owner=matter.owner,
        due_at=due,
        closing=Closing.BY_CLINICIAN if category.needs_disposition else Closing.BY_BAND,
        subject_kind="thread",
        subject_ref=thread.public_id,
        url=reverse("thread", args=[thread.public_id]),
        once_key=f"thread:{thread.pk}",
    )


@transaction.atomic
def receive_message(
    *, actor: Actor, patient: Patient | None, text: str, category: str, channel: str, site: Site | None = None
) -> Thread:
    """Take in what somebody wrote or left on the machine, verbatim; red-flag words make it a clinician's at once."""
    actor.may(TAKE_CALLS).or_raise()
    if not text.strip():
        raise InvalidInput("Write what they said, in their own words.", field="text")
    if category not in categories():
        raise InvalidInput("Choose what it is about.", field="category")
    band, why = _band_in(text, patient, actor)
    matter = Matter(text.strip().splitlines()[0][:120], category, band, why)
    home = patient.home_site if patient else None
    thread = open_thread(actor=actor, matter=matter, patient=patient, site=site or home, channel=channel)
    _write(actor, thread, text, from_patient=True)
    return thread


@transaction.atomic
def add_message(*, actor: Actor, thread: Thread, text: str) -> Message:
    """Add what the patient wrote next; red-flag words raise the conversation."""
    actor.may(TAKE_CALLS).or_raise()
    fresh = _open(thread)
    band, why = _band_in(text, fresh.patient, actor)
    message = _write(actor, fresh, text, from_patient=True)
    if band is not None:
        _raise(actor, fresh, band, why)
    return message


@transaction.atomic
def write_note(*, actor: Actor, thread: Thread, text: str) -> Message:
    """Add a word among colleagues."""
    actor.may(TAKE_CALLS).or_raise()
    return _write(actor, _open(thread), text)


def _band_in(text: str, patient: Patient | None, actor: Actor) -> tuple[Band | None, str]:
    facts = facts_about(patient, at=actor.now, on=actor.today)
    found = complaint_band(text, facts)
    if found is None:
        return None, ""
    return band_for_writing(found.band), "; ".join((*found.reasons, *found.raised_by))


def _raise(actor: Actor, thread: Thread, band: Band, why: str) -> None:
    higher = most_urgent(Band(thread.band), band)
    if higher == thread.band:
        return
    thread.band, thread.band_raised_because = higher, why[:240]
    thread.pool = pool_for(categories()[thread.category], higher)
    due = due_for_band(higher, thread.site, at=actor.now)
    thread.due_at = min(thread.due_at or due, due)
    matter = Matter(thread.subject, thread.category, higher)
    item = thread.work_item
    if item is None or item.state in ("done", "dropped"):
        thread.work_item = _owe(actor, thread, matter, thread.due_at)
    else:
        work_actions.raise_work(actor=actor, item=item, band=higher)
    thread.save()


def _write(actor: Actor, thread: Thread, text: str, *, from_patient: bool = False, for_relay: bool = False) -> Message:
    if not text.strip():
        raise InvalidInput("The message is empty.", field="text")
    return Message.objects.create(
        thread=thread,
        written_by_id=actor.staff_id,
        from_patient=from_patient,
        text=text.strip(),
        is_for_relay=for_relay,
        sent_at=actor.now,
    )


def _open(thread: Thread) -> Thread:
    fresh = locked(Thread.objects.select_related("patient", "site", "work_item"), pk=thread.pk)
    if fresh.closed_at is not None:
        raise ThreadClosed()
    return fresh


@transaction.atomic
def split_thread(*, actor: Actor, thread: Thread, parts: Sequence[Matter]) -> list[Thread]:
    """Make one message of several requests into one conversation each, every one with its own owner and clock.

    The first is closed; its urgency and its need for a disposition go on in a part that has the same need.
    """
    actor.may(TAKE_CALLS).or_raise()
    fresh = _open(thread)
    if len(parts) < 2:
        raise InvalidInput("Write at least two requests, each with what it is about.")
    if any(not part.subject.strip() or part.category not in categories() for part in parts):
        raise InvalidInput("Every request needs its words and what it is about.")
    carries = [part for part in parts if categories()[part.category].needs_disposition]
    is_clinical = categories()[fresh.category].needs_disposition or fresh.band in CLINICAL_BANDS
    if is_clinical and not carries:
        raise InvalidInput("One of the requests has to stay a clinician's: this message is clinical.")
    made = [_part(actor, fresh, part) for part in parts]
    fresh.closed_at, fresh.disposition = actor.now, f"Split into {len(made)} requests."
    fresh.save()
    work_actions.finish_cause(actor=actor, once_key=f"thread:{fresh.pk}", outcome=fresh.disposition)
    return made


def _part(actor: Actor, whole: Thread, part: Matter) -> Thread:
    band, why = _band_in(part.subject, whole.patient, actor)
    if whole.band in CLINICAL_BANDS and categories()[part.category].needs_disposition:
        band = most_urgent(Band(whole.band), band or Band.R5)
        why = why or whole.band_raised_because
    matter = Matter(part.subject, part.category, band, why)
    made = open_thread(
        actor=actor,
        matter=matter,
        patient=whole.patient,
        site=whole.site,
        channel=whole.channel,
        call=whole.call,
        split_from=whole,
    )
    _write(actor, made, part.subject, from_patient=True)
    return made


@transaction.atomic
def answer_thread(
    *, actor: Actor, thread: Thread, text: str, disposition: str, relay: str, booking: str = Booking.UNSAID
) -> Message:
    """A clinician answers: what was decided, and the words for the patient (`relay`: `read_out` or `not_needed`).

    Words to be read out are locked as they are, and reading them becomes work. An answer to what stopped a booking says
    whether it may be booked now (`booking`: a `Booking`); if it may, booking it becomes the desk's work.
    """
    actor.may(ANSWER_CLINICALLY).or_raise()
    if not disposition.strip():
        raise InvalidInput("Say what was decided.", field="disposition")
    fresh = _open(thread)
    if stops_booking(fresh) and booking not in (Booking.MAY, Booking.MUST_NOT):
        raise InvalidInput("Say whether the desk may book this now.", field="booking")
    message = _write(actor, fresh, text, for_relay=relay == "read_out")
    fresh.disposition, fresh.disposed_by_id = disposition.strip()[:240], actor.staff_id
    fresh.booking = booking if stops_booking(fresh) else Booking.UNSAID
    fresh.save()
    work_actions.finish_cause(actor=actor, once_key=f"thread:{fresh.pk}", outcome=disposition)
    if fresh.booking == Booking.MAY:
        _owe_booking(actor, fresh)
    for asked in open_causes(f"refill:{fresh.pk}:"):
        work_actions.finish_cause(actor=actor, once_key=asked, outcome=disposition)
    if message.is_for_relay:
        work_actions.owe(
            actor=actor,
            kind="relay",
            title=f"Read the answer to {fresh.patient.called_name if fresh.patient else 'the caller'}"[:160],
            band=Band.R3 if fresh.band in CLINICAL_BANDS else Band(fresh.band),
            patient=fresh.patient,
            site=fresh.site,
            pool=RELAYING_POOL,
            subject_kind="thread",
            subject_ref=fresh.public_id,
            url=reverse("thread", args=[fresh.public_id]),
            once_key=f"relay:{message.pk}",
        )
    return message


def _owe_booking(actor: Actor, thread: Thread) -> None:
    work_actions.owe(
        actor=actor,
        kind="book_as_decided",
        title=f"Book as decided: {thread.disposition}"[:160],
        detail=f"Said: “{thread.subject}”.",
        band=Band.R3,
        patient=thread.patient,
        site=thread.site,
        pool="front_desk",
        subject_kind="thread",
        subject_ref=thread.public_id,
        url=reverse("thread", args=[thread.public_id]),
        once_key=booking_key(thread),
    )


@transaction.atomic
def relay_message(*, actor: Actor, message: Message, read_out: ReadOut) -> Relay:
    """Write down that a clinician's words were read out, word for word; a question back goes to the clinician."""
    thread = _open(message.thread)
    may_relay(actor, thread).or_raise()
    if not message.is_for_relay:
        raise InvalidInput("Only a clinician's words marked to be read out are relayed.")
    if not read_out.told_to.strip():
        raise InvalidInput("Say who was told.", field="told_to")
    question = read_out.question.strip()
    if read_out.taught_back != "yes" and not question:
        raise InvalidInput("Ask them to say it back. If they could not, pass that up as a question.", field="question")
    relay = Relay.objects.create(
        message=message,
        told_to=read_out.told_to.strip()[:120],
        relation=read_out.relation[:40],
        by_id=actor.staff_id,
        at=actor.now,
        is_taught_back=read_out.taught_back == "yes",
        question_passed_up=question[:300],
    )
    work_actions.finish_cause(actor=actor, once_key=f"relay:{message.pk}", outcome="Read out.")
    if question:
        _write(actor, thread, question, from_patient=True)
        thread.disposition, thread.disposed_by, thread.booking = "", None, Booking.UNSAID
        work_actions.finish_cause(actor=actor, once_key=booking_key(thread), outcome="Asked again before booking.")
        band, why = _band_in(question, thread.patient, actor)
        matter = Matter(question, thread.category, most_urgent(Band(thread.band), band or Band.R5), why)
        thread.due_at = due_of(matter, thread.site, at=actor.now)
        thread.band = matter.band or thread.band
        thread.work_item = _owe(actor, thread, matter, thread.due_at)
        thread.save()
    return relay


@transaction.atomic
def close_thread(*, actor: Actor, thread: Thread, outcome: str) -> Thread:
    """Close a conversation. A symptom needs a clinician's disposition, and words to read out have to be read."""
    actor.may(TAKE_CALLS).or_raise()
    fresh = _open(thread)
    is_clinician = bool(actor.may(ANSWER_CLINICALLY))
    disposition = fresh.disposition or (outcome if is_clinician else "")
    category = categories()[fresh.category]
    if found := before_closing(category, disposition_by_clinician=disposition):
        raise StopFound(found)
    if fresh.messages.filter(is_for_relay=True, relays=None).exists():
        raise InvalidInput("The clinician's words have not been read to the patient yet.")
    fresh.closed_at = actor.now
    if not fresh.disposition:
        fresh.disposition = outcome.strip()[:240]
        fresh.disposed_by_id = actor.staff_id if is_clinician else None
    fresh.save()
    work_actions.finish_cause(actor=actor, once_key=f"thread:{fresh.pk}", outcome=fresh.disposition)
    return fresh
