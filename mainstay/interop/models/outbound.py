"""Messages on their way out: the bytes never change, the state does, and every answer is kept."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

from mainstay.foundation import clock
from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import append_only, never_deleted
from mainstay.foundation.records import Record, StepRecord
from mainstay.interop.lifecycle import OutboundState, outbound_lifecycle
from mainstay.interop.models.partners import RegistryConnection
from mainstay.people.models import Patient


class Purpose(StrEnum):
    """What a message is for."""

    REPORT = "report"
    QUERY = "query"


class OutboundMessage(Record):
    """One message to a partner. Its control id stays the same however often it is sent.

    `dose_ref` is the public id of the dose or refusal reported, `action` A, U or D. `repair_of` is the message this one
    was made from by hand. `next_try_at` is when a message that waits goes out again.
    """

    connection = models.ForeignKey(RegistryConnection, on_delete=models.PROTECT, related_name="messages")
    purpose = models.CharField(max_length=10)
    kind = models.CharField(max_length=12)
    control_id = models.CharField(max_length=40, unique=True)
    body = models.BinaryField()
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="registry_messages")
    dose_ref = models.UUIDField(null=True, blank=True)
    action = models.CharField(max_length=1, blank=True)
    what = models.CharField(max_length=160, blank=True)
    repair_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repairs")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=OutboundState.QUEUED)
    attempts = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=300, blank=True)

    class Meta:
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.ReadOnly(name="message_stays", fields=["connection", "control_id", "body", "dose_ref"]),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "next_try_at"]),
            models.Index(fields=["patient", "-created_at"]),
            models.Index(fields=["dose_ref"]),
        ]
        constraints: ClassVar = [
            one_of("state", OutboundState, name="outbound_state_exists"),
            one_of("purpose", Purpose, name="outbound_purpose_exists"),
        ]


class OutboundStep(StepRecord):
    """One move of a message."""

    message = models.ForeignKey(OutboundMessage, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(outbound_lifecycle, name="outbound_step_is_legal")]


class OutboundReply(models.Model):
    """What a partner answered, word for word. Append-only."""

    message = models.ForeignKey(OutboundMessage, on_delete=models.PROTECT, related_name="replies")
    body = models.BinaryField()
    code = models.CharField(max_length=2, blank=True)
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering: ClassVar = ["pk"]
        triggers: ClassVar = [append_only()]
