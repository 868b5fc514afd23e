"""Where stock is kept, and how warm it was there."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.inventory.lifecycle import ExcursionState, excursion_lifecycle
from mainstay.inventory.loggers import DayOrder
from mainstay.inventory.rules.temperatures import (
    LimitsOverTime,
    Range,
    Scale,
    narrowed,
    range_of,
    spell_degrees,
    to_fahrenheit,
)
from mainstay.practice.models import Site


class StorageKind(StrEnum):
    """What a storage unit is; the range of each is in `tables/storage.toml`."""

    REFRIGERATOR = "refrigerator"
    FREEZER = "freezer"
    ULTRA_COLD = "ultra_cold"
    ROOM = "room"


@tracked()
class StorageUnit(Record):
    """A refrigerator, freezer or cupboard of a site.

    `lowest` and `highest` are limits of its own in °C, inside those of its kind; None: those of its kind.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="storage_units")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=[(k, k.replace("_", " ")) for k in StorageKind])
    lowest = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    highest = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    is_in_use = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["site", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="storage_unit_once_per_site"),
            one_of("kind", StorageKind, name="storage_unit_kind_exists"),
            models.CheckConstraint(condition=Q(lowest__lt=F("highest")), name="storage_unit_limits_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def limits(self, *, on: date) -> Range:
        """How warm it may be on a day: the range of its kind, narrowed by its own limits of now."""
        return narrowed(range_of(self.kind, on=on), self.lowest, self.highest)

    def limits_over_time(self, *, on: date) -> LimitsOverTime:
        """How warm it may be now, on a day, and how warm it might be before its own limits were changed."""
        former = tuple(
            (row.until, narrowed(range_of(self.kind, on=row.until.date()), row.lowest, row.highest))
            for row in sorted(self.former_limits.all(), key=lambda row: row.until)
        )
        return LimitsOverTime(self.limits(on=on), former)


class FormerLimits(models.Model):
    """Limits of its own a unit had until a moment (°C, None: those of its kind). Never changed."""

    unit = models.ForeignKey(StorageUnit, on_delete=models.PROTECT, related_name="former_limits")
    lowest = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    highest = models.DecimalField(max_digits=6, decimal_places=2, null=True, blank=True)
    until = models.DateTimeField()
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "until"], name="one_change_of_limits_per_moment"),
        ]
        triggers: ClassVar = [append_only()]


@tracked()
class Sensor(Record):
    """A digital data logger in a unit, with its calibration certificate's last day, and how its files are read.

    `file_column` is the heading of the temperatures where a file has several; `file_scale` and `file_days` what they
    are counted in and how days are written where the file does not say. Empty: found out from the file.
    """

    unit = models.ForeignKey(StorageUnit, on_delete=models.PROTECT, related_name="sensors")
    serial = models.CharField(max_length=40, unique=True)
    model_name = models.CharField(max_length=60, blank=True)
    certificate_expires_on = models.DateField(null=True, blank=True)
    file_column = models.CharField(max_length=40, blank=True)
    file_scale = models.CharField(max_length=1, blank=True)
    file_days = models.CharField(max_length=12, blank=True)
    is_in_use = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["serial"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(file_scale__in=["", *(str(s) for s in Scale)]), name="sensor_file_scale_exists"
            ),
            models.CheckConstraint(
                condition=Q(file_days__in=["", *(str(d) for d in DayOrder)]), name="sensor_file_days_exist"
            ),
        ]

    def __str__(self) -> str:
        return self.serial


class Reading(models.Model):
    """One temperature a data logger took: canonical in °C, and as the logger wrote it. Never changed."""

    unit = models.ForeignKey(StorageUnit, on_delete=models.PROTECT, related_name="readings")
    sensor = models.ForeignKey(Sensor, null=True, on_delete=models.PROTECT, related_name="readings")
    taken_at = models.DateTimeField()
    celsius = models.DecimalField(max_digits=6, decimal_places=2)
    as_written = models.CharField(max_length=16)
    scale = models.CharField(max_length=1)
    loaded_at = models.DateTimeField(default=clock.now)
    loaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["unit", "taken_at"])]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["unit", "sensor", "taken_at"], nulls_distinct=False, name="one_reading_per_moment"
            ),
            models.CheckConstraint(condition=Q(scale__in=["C", "F"]), name="reading_scale_exists"),
        ]
        triggers: ClassVar = [append_only()]


class DailyReading(Record):
    """Lowest, highest and present temperature somebody read from a unit, once each morning and afternoon.

    A reading nobody took stays blank: there is no row, and none is written later. Never changed.
    """

    unit = models.ForeignKey(StorageUnit, on_delete=models.PROTECT, related_name="daily_readings")
    day = models.DateField()
    slot = models.CharField(max_length=2)
    lowest = models.DecimalField(max_digits=6, decimal_places=2)
    highest = models.DecimalField(max_digits=6, decimal_places=2)
    present = models.DecimalField(max_digits=6, decimal_places=2)
    as_written = models.CharField(max_length=60)
    scale = models.CharField(max_length=1)
    initials = models.CharField(max_length=6)
    action_taken = models.CharField(max_length=300, blank=True)
    read_at = models.DateTimeField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "day", "slot"], name="one_daily_reading_per_slot"),
            models.CheckConstraint(condition=Q(slot__in=["am", "pm"]), name="daily_reading_slot_exists"),
            models.CheckConstraint(condition=Q(scale__in=["C", "F"]), name="daily_reading_scale_exists"),
            models.CheckConstraint(
                condition=Q(lowest__lte=F("present"), present__lte=F("highest")), name="daily_reading_in_order"
            ),
        ]
        triggers: ClassVar = [append_only()]


@tracked()
class Excursion(Record):
    """A unit was outside its range: from when to when (None: still), how far, and what was decided about it."""

    unit = models.ForeignKey(StorageUnit, on_delete=models.PROTECT, related_name="excursions")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    lowest = models.DecimalField(max_digits=6, decimal_places=2)
    highest = models.DecimalField(max_digits=6, decimal_places=2)
    found_how = models.CharField(max_length=20)
    found_at = models.DateTimeField(default=clock.now)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    immediate_action = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, default=ExcursionState.OPEN)

    class Meta:
        constraints: ClassVar = [
            one_of("state", ExcursionState, name="excursion_state_exists"),
            models.UniqueConstraint(fields=["unit"], condition=Q(state="open"), name="one_open_excursion_per_unit"),
        ]

    @property
    def span_words(self) -> str:
        """How far it went, in both scales: `9.6 °C (49.3 °F)`, or from the lowest to the highest."""
        ends = dict.fromkeys((self.lowest, self.highest))
        both = (
            " to ".join(f"{spell_degrees(value)}" for value in ends),
            " to ".join(spell_degrees(to_fahrenheit(value)) for value in ends),
        )
        return f"{both[0]} °C ({both[1]} °F)"


class ExcursionStep(StepRecord):
    """One move of an excursion."""

    excursion = models.ForeignKey(Excursion, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(excursion_lifecycle, name="excursion_step_is_legal")]
