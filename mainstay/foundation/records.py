"""The abstract rows that domains build on."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from mainstay.foundation import clock
from mainstay.foundation.history import append_only


class Record(models.Model):
    """A row the outside may name: a stable public id and the moment it was made."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True


class StepRecord(models.Model):
    """One move of a lifecycle: who, when, from, to, why. Append-only; an undo is a row of its own."""

    name = models.CharField(max_length=40)
    source = models.CharField(max_length=30, blank=True)
    target = models.CharField(max_length=30)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    is_undo = models.BooleanField(default=False)

    class Meta:
        abstract = True
        triggers: ClassVar = [append_only()]
