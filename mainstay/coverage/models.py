"""Who pays: payers and the policies patients hold."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mainstay.chart.models import Document
from mainstay.foundation import clock
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record
from mainstay.people.models import Patient


@tracked()
class Payer(Record):
    """An insurer or program."""

    name = models.CharField(max_length=120, unique=True)
    payer_id = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=20, default="commercial")
    phone = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


@tracked()
class Policy(Record):
    """One patient's coverage with one payer: rank 1 pays first."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="policies")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="policies")
    plan_name = models.CharField(max_length=120, blank=True)
    member_id = models.CharField(max_length=60, blank=True)
    group_number = models.CharField(max_length=60, blank=True)
    subscriber_name = models.CharField(max_length=120, blank=True)
    subscriber_birth_date = models.DateField(null=True, blank=True)
    relationship = models.CharField(max_length=12, default="self")
    rank = models.PositiveSmallIntegerField(default=1)
    effective = models.DateField(null=True, blank=True)
    ended = models.DateField(null=True, blank=True)
    copay = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    card_front = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    card_back = models.ForeignKey(Document, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    card_seen_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=160, blank=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "rank"],
                condition=Q(is_withdrawn=False, ended__isnull=True),
                name="one_policy_per_rank",
            ),
            models.CheckConstraint(
                condition=Q(ended__isnull=True) | Q(effective__isnull=True) | Q(ended__gte=models.F("effective")),
                name="policy_ends_after_it_begins",
            ),
        ]

    @property
    def rank_words(self) -> str:
        """In which order it pays."""
        return {1: "Primary", 2: "Secondary", 3: "Tertiary"}.get(self.rank, f"Number {self.rank}")

    def covers(self, day: date) -> bool:
        """Whether it is in force on a day, as far as its dates say."""
        return (not self.effective or self.effective <= day) and (not self.ended or self.ended >= day)


@tracked()
class CoverageCheck(Record):
    """What somebody found out about a policy, when and how: active, inactive or unknown, and the copay stated."""

    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="checks")
    checked_at = models.DateTimeField(default=clock.now)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20, default="phone")
    result = models.CharField(max_length=12)
    copay = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    note = models.CharField(max_length=240, blank=True)
