"""Calls and messages: what people ask of us, in their own words, and what became of it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from mainstay.foundation import clock
from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record
from mainstay.people.models import Patient, RelatedPerson
from mainstay.practice.models import Site
from mainstay.work.models import WorkItem


@tracked()
class Call(Record):
    """One telephone call, in or out, from greeting to disposition."""

    direction = models.CharField(max_length=3, default="in")
    site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="calls")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    caller_name = models.CharField(max_length=120, blank=True)
    caller_relation = models.CharField(max_length=40, default="self")
    has_authority = models.BooleanField(null=True)
    identifiers = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    callback_number = models.CharField(max_length=20, blank=True)
    location_if_urgent = models.CharField(max_length=160, blank=True)
    can_leave_voicemail = models.BooleanField(default=False)
    interpreter = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=3, blank=True)
    words = models.TextField(blank=True)
    onset = models.CharField(max_length=80, blank=True)
    band = models.CharField(max_length=2, blank=True)
    band_raised_because = models.CharField(max_length=240, blank=True)
    action = models.CharField(max_length=40, blank=True)
    warm_transfer_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    warm_transfer_at = models.DateTimeField(null=True, blank=True)
    read_back = models.BooleanField(default=False)
    safety_net_given = models.BooleanField(default=False)
    expected_reply_by = models.DateTimeField(null=True, blank=True)
    work_item_ref = models.UUIDField(null=True, blank=True)
    caller = models.ForeignKey(RelatedPerson, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    last_known_well = models.CharField(max_length=60, blank=True)
    pharmacy = models.CharField(max_length=120, blank=True)
    allergies_shown = models.CharField(max_length=240, blank=True)
    sent_to = models.CharField(max_length=40, blank=True)
    is_recording_agreed = models.BooleanField(null=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ended_because = models.CharField(max_length=240, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["answered_by"], condition=models.Q(ended_at__isnull=True), name="call_unfinished"),
            models.Index(fields=["patient", "-started_at"]),
        ]


class CallAnswer(models.Model):
    """One red-flag question asked in a call, and what the caller said. Append-only."""

    call = models.ForeignKey(Call, on_delete=models.PROTECT, related_name="answers")
    topic = models.CharField(max_length=40)
    question = models.CharField(max_length=60)
    answer = models.CharField(max_length=10)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers: ClassVar = [append_only()]


class Reached(StrEnum):
    """What came of dialing."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"


class CallAttempt(models.Model):
    """One attempt to call somebody about something owed, and what came of it. Append-only."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="call_attempts")
    work_item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="call_attempts")
    number = models.CharField(max_length=20, blank=True)
    outcome = models.CharField(max_length=14)
    note = models.CharField(max_length=240, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers: ClassVar = [append_only()]
        indexes: ClassVar = [models.Index(fields=["patient", "-at"])]
        constraints: ClassVar = [one_of("outcome", Reached, name="call_outcome_exists")]


class Booking(StrEnum):
    """What a clinician decided about booking what was said."""

    UNSAID = ""
    MAY = "may"
    MUST_NOT = "must_not"


@tracked()
class Thread(Record):
    """A conversation about one matter: category, band, whose it is, by when."""

    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="threads")
    subject = models.CharField(max_length=160)
    category = models.CharField(max_length=3)
    band = models.CharField(max_length=2, default="R4")
    channel = models.CharField(max_length=12, default="staff")
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    disposition = models.CharField(max_length=240, blank=True)
    disposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    call = models.ForeignKey(Call, null=True, blank=True, on_delete=models.PROTECT, related_name="threads")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    pool = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    band_raised_because = models.CharField(max_length=240, blank=True)
    work_item = models.ForeignKey(WorkItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    split_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts")
    booking = models.CharField(max_length=8, blank=True, default="")

    class Meta:
        constraints: ClassVar = [one_of("booking", Booking, name="thread_booking_exists")]
        indexes: ClassVar = [
            models.Index(fields=["band", "due_at"], condition=models.Q(closed_at__isnull=True), name="thread_open"),
            models.Index(fields=["patient", "-opened_at"]),
        ]


class Message(Record):
    """One message of a thread, locked once sent. Append-only.

    A message whose `is_for_relay` is true is a clinician's own text, to be read to the patient word for word.
    """

    thread = models.ForeignKey(Thread, on_delete=models.PROTECT, related_name="messages")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    from_patient = models.BooleanField(default=False)
    text = models.TextField()
    is_for_relay = models.BooleanField(default=False)
    sent_at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers: ClassVar = [append_only()]
        ordering: ClassVar = ["sent_at"]


class Relay(models.Model):
    """A clinician's text was read to somebody, word for word, and taught back. Append-only."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="relays")
    told_to = models.CharField(max_length=120)
    relation = models.CharField(max_length=40, default="self")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    is_taught_back = models.BooleanField(default=False)
    question_passed_up = models.CharField(max_length=300, blank=True)

    class Meta:
        triggers: ClassVar = [append_only()]
