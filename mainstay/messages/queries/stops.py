"""Red flags that wait for a clinician, and what clinicians answered about booking."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse

from mainstay.foundation.compiled import compiled, the_first
from mainstay.messages.models import Booking, Call, Thread
from mainstay.messages.red_flags import script
from mainstay.people.models import Patient
from mainstay.work.lifecycle import Band

STOPPING = (Band.R0, Band.R1, Band.R2)
"""Until a clinician has answered what is as urgent as this, nothing is booked for the patient."""
WORDS_COMPARED = 240
"""The reason of an appointment holds no more characters than this."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """What was said that a clinician has not answered yet: since when, whose it is, where it is answered."""

    words: str
    band: Band
    since: datetime
    whose: str
    url: str


def answer_awaited(patient: Patient | None) -> Awaited | None:
    """The most urgent red flag of a patient that nobody has answered: a conversation, or a call still open."""
    if patient is None:
        return None
    thread = the_first(_threads_stopping(patient.pk))
    if thread is not None:
        owner = thread.work_item.owner if thread.work_item else None
        url = reverse("thread", args=[thread.public_id])
        return Awaited(thread.subject, Band(thread.band), thread.opened_at, owner.shown_name if owner else "", url)
    call = the_first(_calls_stopping(patient.pk))
    if call is None:
        return None
    url = reverse("call", args=[call.public_id])
    return Awaited(call.words, Band(call.band), call.started_at, call.answered_by.shown_name, url)


@compiled
def _threads_stopping(patient_id: int) -> QuerySet[Thread]:
    asked = Thread.objects.filter(patient_id=patient_id, closed_at=None, disposition="", band__in=STOPPING)
    return asked.select_related("work_item__owner").order_by("band", "opened_at")[:1]


@compiled
def _calls_stopping(patient_id: int) -> QuerySet[Call]:
    calls = Call.objects.filter(patient_id=patient_id, ended_at=None, direction="in", band__in=STOPPING)
    return calls.select_related("answered_by").order_by("band", "started_at")[:1]


@dataclass(frozen=True, slots=True)
class Decided:
    """What a clinician answered to words that stopped a booking: whether they may be booked, who decided, and what."""

    may_book: bool
    text: str


def clinicians_answer(patient: Patient, words: str, *, at: datetime) -> Decided | None:
    """The latest answer to these very words that still holds (`leave_holds_days` of `tables/red_flags.toml`)."""
    since = at - timedelta(days=script().leave_holds_days)
    for thread in _answered(patient.pk, since):
        if _same(words_of(thread), words):
            who = thread.disposed_by.shown_name if thread.disposed_by else ""
            return Decided(thread.booking == Booking.MAY, f"{who}: {thread.disposition}")
    return None


@compiled
def _answered(patient_id: int, since: datetime) -> QuerySet[Thread]:
    answered = Thread.objects.filter(patient_id=patient_id, opened_at__gt=since).exclude(booking=Booking.UNSAID)
    return answered.select_related("disposed_by").order_by("-opened_at")


def clinicians_leave(patient: Patient, words: str, *, at: datetime) -> str:
    """Who said that these very words may be booked, and what they decided; empty where nobody did of late."""
    answer = clinicians_answer(patient, words, at=at)
    return answer.text if answer is not None and answer.may_book else ""


def asked_already(patient: Patient, words: str) -> Thread | None:
    """The open conversation in which these very words wait for a clinician's answer."""
    unanswered = Thread.objects.filter(patient=patient, closed_at=None, disposition="", band__in=STOPPING)
    for thread in unanswered.select_related("work_item").order_by("opened_at"):
        if _same(words_of(thread), words):
            return thread
    return None


def leave_for_call(call: Call) -> bool:
    """Whether a clinician said that what was asked for in this call may be booked."""
    return call.threads.filter(booking=Booking.MAY).exists()


def booking_key(thread: Thread) -> str:
    """The cause of the desk's work of booking what a clinician gave leave for."""
    return f"book:{thread.pk}"


def stops_booking(thread: Thread) -> bool:
    """Whether nothing is booked for the patient until this conversation is answered."""
    return thread.patient_id is not None and thread.band in STOPPING


def words_of(thread: Thread) -> str:
    """What the patient or caller said first in a conversation."""
    first = thread.messages.filter(from_patient=True).order_by("sent_at", "pk").values_list("text", flat=True).first()
    return first or thread.subject


def _same(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


def _plain(words: str) -> str:
    return " ".join(words.lower().split())[:WORDS_COMPARED].strip()
