"""Forms people fill in and sign, each pinned to its version and language."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from mainstay.foundation import clock
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record
from mainstay.people.models import Patient


@tracked()
class FormResponse(Record):
    """One form given to one patient: assigned, filled, signed, witnessed, or declined with a reason.

    `answers` is the form's own document (FHIR QuestionnaireResponse items); answers that matter become typed rows.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="form_responses")
    form = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    visit_ref = models.UUIDField(null=True, blank=True)
    assigned_at = models.DateTimeField(default=clock.now)
    answers = models.JSONField(default=dict)
    status = models.CharField(max_length=12, default="assigned")
    signer_name = models.CharField(max_length=120, blank=True)
    signer_relation = models.CharField(max_length=40, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    witnessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    interpreter = models.CharField(max_length=80, blank=True)
    declined_reason = models.CharField(max_length=200, blank=True)
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "form", "-assigned_at"])]
