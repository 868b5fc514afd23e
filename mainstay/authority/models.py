"""What a practice decided for itself about who may do what."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record
from mainstay.practice.models import Site


@tracked()
class ClinicPolicy(Record):
    """One rule of the practice for one act: narrower than law, or wider only with a statute and a signature.

    `is_loosening` rows need `statute`, `signed_by` (the medical director) and `signed_at`.
    """

    act = models.CharField(max_length=40)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    credentials = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    outcome = models.CharField(max_length=30)
    supervision = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300)
    is_loosening = models.BooleanField(default=False)
    statute = models.CharField(max_length=160, blank=True)
    effective = models.DateField()
    expires = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_loosening=False)
                | (~Q(statute="") & Q(signed_by__isnull=False, signed_at__isnull=False)),
                name="loosening_names_its_statute",
            )
        ]
