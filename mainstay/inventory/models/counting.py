"""Blind counts: what the books said is kept, and not shown to who counts."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.inventory.lifecycle import CountState, count_lifecycle
from mainstay.inventory.models.stock import Movement, Stock
from mainstay.inventory.models.storage import StorageUnit


@tracked()
class Count(Record):
    """One count of everything in a unit."""

    unit = models.ForeignKey(StorageUnit, on_delete=models.PROTECT, related_name="counts")
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recounted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, default=CountState.COUNTING)

    class Meta:
        constraints: ClassVar = [
            one_of("state", CountState, name="count_state_exists"),
            models.UniqueConstraint(
                fields=["unit"],
                condition=models.Q(state__in=["counting", "recounting", "to_settle"]),
                name="one_open_count_per_unit",
            ),
        ]


@tracked()
class CountLine(models.Model):
    """One lot in a count: what was found first, what the second counter found, and how it was put right.

    `expected` and `expected_again` are what the books said at the moment each figure was written; `is_found` marks a
    lot that stood in the unit and not in its books. A lot found in the second count has no first figure.
    """

    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="lines")
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="+")
    is_found = models.BooleanField(default=False)
    counted = models.PositiveIntegerField(null=True)
    expected = models.PositiveIntegerField(null=True)
    counted_again = models.PositiveIntegerField(null=True)
    expected_again = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    movement = models.OneToOneField(Movement, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["count", "stock"], name="one_count_line_per_stock")]

    @property
    def differed_first(self) -> bool:
        """Whether it is counted again: its first figure was not the books', or there is none."""
        return self.counted is None or self.counted != self.expected


class CountStep(StepRecord):
    """One move of a count."""

    count = models.ForeignKey(Count, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(count_lifecycle, name="count_step_is_legal")]
