"""What others sent us, word for word."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models

from mainstay.foundation import clock
from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import never_deleted, tracked
from mainstay.foundation.records import Record
from mainstay.interop.fhir.exact import ExactDecoder, ExactEncoder
from mainstay.people.models import Patient


class ImportRun(models.Model):
    """One import: from where, when, what came of it."""

    source = models.CharField(max_length=160)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)


class Disposition(StrEnum):
    """What became of a resource; all three are kept word for word."""

    MAPPED = "mapped"
    """A row of ours was made from it, or it is the same as one."""
    KEPT = "kept"
    """It has no place in our tables."""
    REFUSED = "refused"
    """Something is wrong with it; the reason says what."""


class ExternalResource(models.Model):
    """One resource as it was sent, verbatim, and the row of ours that was made from it (if any).

    The same content sent again makes no new row; other content under the same id makes the next version.
    """

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="resources")
    patient = models.ForeignKey(
        Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="external_resources"
    )
    source = models.CharField(max_length=160)
    kind = models.CharField(max_length=60)
    foreign_id = models.CharField(max_length=160)
    version = models.PositiveIntegerField(default=1)
    sha256 = models.CharField(max_length=64)
    body = models.JSONField(encoder=ExactEncoder, decoder=ExactDecoder)
    disposition = models.CharField(max_length=10)
    reason = models.CharField(max_length=200, blank=True)
    mapped_table = models.CharField(max_length=60, blank=True)
    mapped_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers: ClassVar = [never_deleted()]
        indexes: ClassVar = [models.Index(fields=["patient", "kind"])]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "kind", "foreign_id", "version"], name="resource_version_once"),
            one_of("disposition", Disposition, name="disposition_exists"),
        ]


@tracked()
class EncounterElsewhere(Record):
    """A visit or stay at another place, as told; `kind` is the HL7 ActCode (AMB, EMER, IMP, VR…)."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="encounters_elsewhere")
    kind = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=20)
    what = models.CharField(max_length=240, blank=True)
    reason = models.CharField(max_length=240, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=160, blank=True)
    clinician = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "-started_at"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True) | models.Q(ended_at__gte=models.F("started_at")),
                name="encounter_ends_after_start",
            )
        ]
