"""Whose advice on vaccines the practice follows, and where it goes its own way."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record
from mainstay.immunizations.forecast import Standing


@tracked()
class ScheduleEdition(Record):
    """One issuer's schedule: which edition, effective since when, and whether it may govern today.

    `table` names the compiled table it is read from; an issuer that adopts another's schedule shares its table.
    """

    name = models.SlugField(max_length=40, unique=True)
    issuer = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    effective = models.DateField()
    status = models.CharField(max_length=12, default=Standing.ACTIVE)
    table = models.CharField(max_length=40)
    source = models.CharField(max_length=240)
    status_reason = models.CharField(max_length=240, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            one_of("status", Standing, name="edition_status_exists"),
            models.UniqueConstraint(fields=["issuer", "version"], name="one_edition_of_a_version"),
        ]


@tracked()
class ScheduleChoice(Record):
    """The edition the practice follows for one vaccine group; an empty group stands for all the others."""

    group = models.CharField(max_length=40, blank=True)
    edition = models.SlugField(max_length=40)
    reason = models.CharField(max_length=240)
    medical_director = models.CharField(max_length=120)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(default=clock.now)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["group"], condition=Q(ended_at=None), name="one_schedule_for_a_group"),
        ]


@tracked()
class ScheduleOverride(Record):
    """One value of the schedule the practice sets itself, with the reason and who answers for it.

    `dose` 0 with the field `unused` leaves a whole series out.
    """

    antigen = models.CharField(max_length=40)
    series = models.CharField(max_length=160)
    dose = models.PositiveSmallIntegerField(default=0)
    field = models.CharField(max_length=40)
    value = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300)
    medical_director = models.CharField(max_length=120)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["antigen", "series", "dose", "field"],
                condition=Q(withdrawn_at=None),
                name="one_override_of_a_value",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="override_has_a_reason"),
        ]


class ScheduleStamp(models.Model):
    """The one row that says the choices above have changed, so that every process reads them again."""

    stamp = models.UUIDField(default=uuid.uuid4)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_schedule_stamp")]
