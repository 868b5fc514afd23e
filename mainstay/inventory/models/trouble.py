"""Recalls, holds, waste and what one fund owes another."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mainstay.foundation.constraints import both_or_neither, legal_steps_only, one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.inventory.lifecycle import RecallState, recall_lifecycle
from mainstay.inventory.models.catalog import Item
from mainstay.inventory.models.stock import Draw, Lot, Movement, Stock
from mainstay.inventory.models.storage import Excursion
from mainstay.people.models import Patient


@tracked()
class Recall(Record):
    """A lot number of an item called back, under whatever fund it was bought; why and what to do also in Spanish."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="recalls")
    lot_number = models.CharField(max_length=30)
    issued_by = models.CharField(max_length=80)
    reference = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=300)
    what_to_do = models.CharField(max_length=600)
    reason_es = models.CharField(max_length=300, blank=True)
    what_to_do_es = models.CharField(max_length=600, blank=True)
    recalled_at = models.DateTimeField()
    recalled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default=RecallState.OPEN)

    class Meta:
        constraints: ClassVar = [
            one_of("state", RecallState, name="recall_state_exists"),
            models.UniqueConstraint(fields=["item", "lot_number"], name="one_recall_per_lot_number"),
        ]


class RecallStep(StepRecord):
    """One move of a recall."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(recall_lifecycle, name="recall_step_is_legal")]


@tracked()
class RecallNotice(Record):
    """One dose of a recalled lot that somebody had, here or elsewhere, and when they were told.

    A dose given elsewhere has no draw but the public id of its record, its day, and how the lot is known.
    """

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="notices")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    draw = models.ForeignKey(Draw, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    dose_ref = models.UUIDField(null=True, blank=True)
    given_on = models.DateField(null=True, blank=True)
    known_from = models.CharField(max_length=60, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    told_how = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["recall", "draw"], name="one_notice_per_recalled_dose"),
            models.UniqueConstraint(fields=["recall", "dose_ref"], name="one_notice_per_dose_elsewhere"),
            models.CheckConstraint(
                condition=Q(draw__isnull=False, dose_ref__isnull=True, given_on__isnull=True)
                | (Q(draw__isnull=True, dose_ref__isnull=False, given_on__isnull=False) & ~Q(known_from="")),
                name="notice_of_a_dose_here_or_elsewhere",
            ),
        ]


class Verdict(StrEnum):
    """What is decided about held stock."""

    USABLE = "usable"
    DISCARD = "discard"
    SEND_BACK = "send_back"


@tracked()
class Hold(Record):
    """Stock that must not be used: why, and the verdict that ends it (whose, and under which case number)."""

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="holds")
    excursion = models.ForeignKey(Excursion, null=True, on_delete=models.PROTECT, related_name="holds")
    recall = models.ForeignKey(Recall, null=True, on_delete=models.PROTECT, related_name="holds")
    reason = models.CharField(max_length=300)
    doses = models.PositiveIntegerField()
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10, blank=True)
    verdict_by = models.CharField(max_length=120, blank=True)
    verdict_reference = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=300, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["stock"], condition=Q(lifted_at__isnull=True), name="stock_held")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict="", lifted_at__isnull=True)
                | Q(verdict__in=[str(v) for v in Verdict], lifted_at__isnull=False),
                name="hold_ends_with_a_verdict",
            ),
        ]


@tracked()
class Waste(Record):
    """Doses thrown away: why, and who saw it. Nobody witnesses their own waste."""

    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="wastes")
    doses = models.PositiveSmallIntegerField()
    cause = models.CharField(max_length=30)
    note = models.CharField(max_length=300, blank=True)
    wasted_at = models.DateTimeField()
    wasted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    used_for = models.UUIDField(null=True, blank=True)
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, related_name="waste")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(witness=F("wasted_by")), name="nobody_witnesses_their_own_waste"),
        ]


@tracked()
class Borrowing(Record):
    """Doses one fund lent another, for whom and why, until they are replaced."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    lent_by = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="lent")
    borrowed_as = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="borrowed")
    doses = models.PositiveSmallIntegerField()
    patient = models.ForeignKey(Patient, null=True, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=30)
    note = models.CharField(max_length=300, blank=True)
    borrowed_at = models.DateTimeField()
    borrowed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    replaced_at = models.DateTimeField(null=True, blank=True)
    replaced_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    replaced_with = models.ForeignKey(Lot, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            both_or_neither("replaced_at", "replaced_with", name="borrowing_replaced_with_a_lot"),
            models.CheckConstraint(condition=Q(doses__gte=1), name="borrowing_lends_something"),
        ]
