"""Messages that came in: the bytes first, what became of them after, both append-only."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from mainstay.foundation import clock
from mainstay.foundation.history import append_only, never_deleted
from mainstay.foundation.records import Record
from mainstay.people.models import Patient


class InboundMessage(Record):
    """One message as it came, committed before anybody is answered. An edited copy points at its original.

    `sender` is MSH-3 and MSH-4. The same bytes under the same control id are one message, however often they come.
    """

    sender = models.CharField(max_length=160, blank=True)
    control_id = models.CharField(max_length=199, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    body = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    peer = models.CharField(max_length=60, blank=True)
    received_at = models.DateTimeField(default=clock.now)
    repair_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="repairs")
    repaired_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers: ClassVar = [append_only()]
        indexes: ClassVar = [models.Index(fields=["-received_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender", "control_id", "sha256"], condition=Q(repair_of__isnull=True), name="inbound_once"
            )
        ]

    @property
    def who_sent(self) -> str:
        """The sender as people read it: application and facility; empty when the message names neither."""
        return " ".join(part for part in self.sender.split("^") if part)


class InboundOutcome(models.Model):
    """What became of a message: the answer sent, and for a refused one where and why. Only a merge moves its patient.

    `is_dismissed` marks the outcome of a person who put a refused message aside.
    """

    message = models.ForeignKey(InboundMessage, on_delete=models.PROTECT, related_name="outcomes")
    code = models.CharField(max_length=2)
    answer = models.BinaryField()
    place = models.CharField(max_length=40, blank=True)
    words = models.CharField(max_length=300, blank=True)
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="messages_received")
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    is_dismissed = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["pk"]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.ReadOnly(name="outcome_stays", fields=["message", "code", "answer", "place", "words", "at"]),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "is_dismissed"], name="inbound_outcome_once"),
            models.CheckConstraint(condition=Q(code__in=["AA", "AE", "AR"]), name="inbound_code_exists"),
        ]
