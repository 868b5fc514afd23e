"""Vaccine doses somebody had, here or elsewhere."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from mainstay.foundation import clock
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record
from mainstay.people.models import Patient


@tracked()
class VaccineDose(Record):
    """One dose: given here, or historical (told, on paper, or from a registry), by CVX code."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="vaccine_doses")
    cvx = models.CharField(max_length=4)
    mvx = models.CharField(max_length=6, blank=True)
    product = models.CharField(max_length=120, blank=True)
    lot_number = models.CharField(max_length=30, blank=True)
    given_on = models.DateField()
    source = models.CharField(max_length=20, default="historical")
    status = models.CharField(max_length=20, default="completed")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    visit_ref = models.UUIDField(null=True, blank=True)
    evidence = models.CharField(max_length=20, blank=True)
    evidence_note = models.CharField(max_length=120, blank=True)
    change_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["patient", "given_on"]),
            models.Index(Upper("lot_number"), name="dose_by_lot", condition=~Q(lot_number="")),
        ]
