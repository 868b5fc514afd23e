"""The practice itself: sites, hours, rooms, equipment, kinds of visit, and its own choices."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mainstay.foundation.ages import AgeRange, read_period
from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record
from mainstay.practice.vocabulary import EQUIPMENT_KINDS


@tracked()
class Practice(Record):
    """One practice is one database; this is its one row."""

    name = models.CharField(max_length=120)
    npi = models.CharField(max_length=10, blank=True)
    governing_state = models.CharField(max_length=2)
    vaccine_programs = ArrayField(models.CharField(max_length=12), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(pk=1), name="one_practice")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Site(Record):
    """One place of the practice, with its own zone, hours and rooms."""

    name = models.CharField(max_length=80, unique=True)
    short_name = models.CharField(max_length=12)
    street = models.CharField(max_length=120, blank=True)
    city = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    fax = models.CharField(max_length=20, blank=True)
    zone_name = models.CharField(max_length=40, default="America/New_York")
    setting = models.CharField(max_length=30, default="primary_care")
    is_open = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.zone_name)


@tracked()
class OpeningHours(models.Model):
    """When a site is open on one weekday (0 = Monday), in site time."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    opens = models.TimeField()
    closes = models.TimeField()
    is_current = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lt=7), name="weekday_exists"),
            models.CheckConstraint(condition=Q(opens__lt=F("closes")), name="opens_before_closing"),
        ]


@tracked()
class Closure(models.Model):
    """A day on which a site (None: every site) is closed."""

    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="closures")
    day = models.DateField()
    name = models.CharField(max_length=80)
    is_withdrawn = models.BooleanField(default=False)


class RoomKind(StrEnum):
    """What a room is for."""

    EXAM = "exam"
    PROCEDURE = "procedure"
    LAB = "lab"
    IMAGING = "imaging"
    CONSULT = "consult"
    ISOLATION = "isolation"


@tracked()
class Room(Record):
    """A room of a site; its state of the moment lives with visits."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=30)
    kind = models.CharField(max_length=20, choices=[(k, k.title()) for k in RoomKind], default=RoomKind.EXAM)
    pod = models.CharField(max_length=30, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_in_use = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["site", "name"], name="room_name_once_per_site"),
            one_of("kind", RoomKind, name="room_kind_exists"),
        ]
        ordering: ClassVar = ["position", "name"]

    def __str__(self) -> str:
        return self.name


@tracked()
class Equipment(Record):
    """A thing that can be in one place at a time: the ECG cart, the spirometer."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="equipment")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=40)
    is_in_use = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def in_words(self) -> str:
        """What kind of thing it is, as people say it."""
        return EQUIPMENT_KINDS.get(self.kind, self.kind)


AGE_SPELLED = r"^([0-9]{1,4}[dwmy])?$"


@tracked()
class VisitType(Record):
    """A kind of visit people can book: how long, which playbook, for which ages, what to tell the patient.

    `youngest` and `oldest` are ages as tables spell them (`18y`, `27d`), both included; empty: any.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    playbook = models.SlugField(max_length=40)
    instructions_en = models.TextField(blank=True)
    instructions_es = models.TextField(blank=True)
    room_kind = models.CharField(max_length=20, default=RoomKind.EXAM)
    equipment_kind = models.CharField(max_length=40, blank=True)
    is_for_new_patients = models.BooleanField(default=False)
    is_telehealth = models.BooleanField(default=False)
    is_with_provider = models.BooleanField(default=True)
    youngest = models.CharField(max_length=5, blank=True)
    oldest = models.CharField(max_length=5, blank=True)
    is_offered = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=240), name="visit_type_length"),
            models.CheckConstraint(
                condition=Q(youngest__regex=AGE_SPELLED) & Q(oldest__regex=AGE_SPELLED), name="visit_type_ages_are_ages"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def ages(self) -> AgeRange:
        """For which ages it is offered; an age outside is asked about."""
        return AgeRange(*(read_period(age) if age else None for age in (self.youngest, self.oldest)))


@tracked()
class TableOverride(models.Model):
    """A practice's own value for one cell of a rule table, everywhere or at one site: why, and who reviewed it."""

    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=60)
    row = models.CharField(max_length=80)
    column = models.CharField(max_length=40)
    value = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    reviewed_by = models.CharField(max_length=120)
    effective = models.DateField()
    withdrawn_on = models.DateField(null=True, blank=True)


@tracked(exclude=("text",))
class ImportBatch(Record):
    """A list brought in from a file: what came of it, and until when it can be undone.

    `text` goes once it is in, or a day after it was held. A long list is brought in by the worker: `started_at`, how
    many lines are `read`, and `stop_asked_at` when somebody asked it to stop.
    """

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=120, blank=True)
    text = models.TextField(blank=True)
    staff_id = models.BigIntegerField(null=True)
    staff_name = models.CharField(max_length=80)
    started_at = models.DateTimeField(null=True, blank=True)
    stop_asked_at = models.DateTimeField(null=True, blank=True)
    read = models.PositiveIntegerField(default=0)
    ran_at = models.DateTimeField(null=True, blank=True)
    lines = models.PositiveIntegerField(default=0)
    made = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.CharField(max_length=80, blank=True)


class RefusedLine(models.Model):
    """One line of a list that was not brought in, and why."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="refusals")
    line = models.PositiveIntegerField()
    reason = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["line", "pk"]
        triggers: ClassVar = [append_only()]


@tracked()
class ImportedThing(models.Model):
    """One thing an import made, by its public id; `kept_because` says why an undo left it."""

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="things")
    line = models.PositiveIntegerField()
    label = models.CharField(max_length=160)
    ref = models.UUIDField()
    is_undone = models.BooleanField(default=False)
    kept_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["line", "pk"]
