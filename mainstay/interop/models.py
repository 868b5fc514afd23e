"""What others sent us, word for word."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from mainstay.foundation import clock
from mainstay.foundation.history import never_deleted
from mainstay.people.models import Patient


class ImportRun(models.Model):
    """One import: from where, when, what came of it."""

    source = models.CharField(max_length=160)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)


class ExternalResource(models.Model):
    """One resource as it was sent, verbatim, and the row of ours that was made from it (if any)."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="resources")
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="external_resources"
    )
    source = models.CharField(max_length=160)
    kind = models.CharField(max_length=60)
    foreign_id = models.CharField(max_length=160)
    version = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    body = models.JSONField()
    disposition = models.CharField(max_length=10)
    mapped_table = models.CharField(max_length=60, blank=True)
    mapped_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers: ClassVar = [never_deleted()]
        indexes: ClassVar = [models.Index(fields=["patient", "kind"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "foreign_id", "version"], name="resource_version_once")
        ]
