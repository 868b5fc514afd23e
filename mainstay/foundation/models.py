"""What the foundation remembers: events to deliver, answers given, drafts, and who read what."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.db import models

from mainstay.foundation import clock
from mainstay.foundation.history import append_only

CHAIN_THE_ACCESS_LOG = """
    PERFORM pg_advisory_xact_lock(7262001);
    SELECT hash INTO NEW.previous_hash FROM foundation_accessrecord ORDER BY id DESC LIMIT 1;
    NEW.previous_hash := COALESCE(NEW.previous_hash, '');
    NEW.id := nextval(pg_get_serial_sequence('foundation_accessrecord', 'id'));
    NEW.hash := encode(sha256(convert_to(concat_ws('|', NEW.previous_hash, NEW.id, extract(epoch FROM NEW.at),
        NEW.staff_id, NEW.subject_kind, NEW.subject_id, NEW.what, NEW.reason, NEW.is_break_glass,
        NEW.session), 'UTF8')),
        'hex');
    RETURN NEW;
"""


class OutboxEvent(models.Model):
    """Something that happened and that others must hear of: stored with the act, delivered by the worker."""

    kind = models.CharField(max_length=80)
    payload = models.JSONField()
    published_at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers: ClassVar = [append_only()]


class Delivery(models.Model):
    """One subscriber has dealt with one event, or has given up on it."""

    event = models.ForeignKey(OutboxEvent, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=160)
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["event", "subscriber"], name="delivered_once")]


class Answer(models.Model):
    """The answer to one write, kept a day so that the same write sent again gets the same answer."""

    key = models.UUIDField()
    staff_id = models.BigIntegerField()
    path = models.CharField(max_length=300)
    answered_at = models.DateTimeField(default=clock.now)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=bytes)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff_id", "key"], name="one_answer_per_key")]
        indexes: ClassVar = [models.Index(fields=["answered_at"])]


class Draft(models.Model):
    """What somebody has typed and not yet saved, by form."""

    staff_id = models.BigIntegerField()
    key = models.CharField(max_length=120)
    typed = models.JSONField()
    label = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=200, blank=True)
    parked_at = models.DateTimeField(null=True)
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff_id", "key"], name="one_draft_per_form")]


class AccessRecord(models.Model):
    """Somebody looked at something. Append-only, and each row seals the one before it (45 CFR 164.312(b))."""

    at = models.DateTimeField(default=clock.now)
    staff_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=30)
    subject_id = models.UUIDField()
    what = models.CharField(max_length=80)
    reason = models.CharField(max_length=300, blank=True)
    is_break_glass = models.BooleanField(default=False)
    session = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["subject_id", "-at"]), models.Index(fields=["staff_id", "-at"])]
        triggers: ClassVar = [
            append_only(),
            pgtrigger.Trigger(
                name="chain", when=pgtrigger.Before, operation=pgtrigger.Insert, func=CHAIN_THE_ACCESS_LOG
            ),
        ]


class BackupRecord(models.Model):
    """One finished or failed backup, so that the screen can say when the last good one was."""

    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    size_bytes = models.BigIntegerField(null=True)
    failure = models.CharField(max_length=300, blank=True)


class Installation(models.Model):
    """What this database is for: one row, so that demo people and a real practice never meet."""

    kind = models.CharField(max_length=10)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["demo", "real", "test"]), name="installation_kind"),
            models.CheckConstraint(condition=models.Q(pk=1), name="one_installation"),
        ]
