"""What a practice decided for itself about who may do what."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mainstay.authority.facts import PolicyEffect
from mainstay.foundation.constraints import both_or_neither, one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record
from mainstay.practice.models import Site


@tracked()
class ClinicPolicy(Record):
    """One rule of the practice for one act: narrower than the tables, or wider only with a statute and a signature.

    In force from `effective` through `expires`, until withdrawn. A loosening row needs `statute`, and `signed_by` (the
    medical director) and `signed_at`.
    """

    act = models.CharField(max_length=40)
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    credentials = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    effect = models.CharField(max_length=30, choices=[(e, e.title()) for e in PolicyEffect])
    supervision = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300)
    least_patient_age = models.PositiveSmallIntegerField(null=True, blank=True)
    statute = models.CharField(max_length=160, blank=True)
    effective = models.DateField()
    expires = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawal_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["act", "-effective", "-pk"]
        constraints: ClassVar = [
            one_of("effect", PolicyEffect, name="policy_effect_exists"),
            both_or_neither("withdrawn_at", "withdrawn_by", name="policy_withdrawn_by_somebody"),
            models.CheckConstraint(
                condition=~Q(effect=PolicyEffect.LOOSEN)
                | (~Q(statute="") & Q(signed_by__isnull=False, signed_at__isnull=False)),
                name="loosening_names_its_statute",
            ),
            models.CheckConstraint(
                condition=Q(expires__isnull=True) | Q(expires__gte=F("effective")), name="policy_ends_after_it_starts"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effect} {self.act} from {self.effective}"
