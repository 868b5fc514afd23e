"""Time: when providers see patients, what is booked, who waits for a slot, who is to be called back."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Q
from django.utils.dates import WEEKDAYS

from mainstay.foundation import clock
from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.people.models import Patient
from mainstay.practice.models import Equipment, Room, Site, VisitType
from mainstay.scheduling.lifecycle import AppointmentState, appointment_lifecycle

ON = ("booked", "kept")
"""The states in which an appointment takes up its time."""


@tracked()
class Template(Record):
    """When a provider (or the MA team: provider None) sees which kinds of visit, week after week, in site time."""

    provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="templates"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="templates")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()
    visit_types = models.ManyToManyField(VisitType, blank=True)
    slot_minutes = models.PositiveSmallIntegerField(default=20)
    every_weeks = models.PositiveSmallIntegerField(default=1)
    effective = models.DateField()
    expires = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(weekday__lt=7), name="template_weekday_exists"),
            models.CheckConstraint(condition=Q(starts__lt=F("ends")), name="template_starts_before_end"),
        ]

    @property
    def weekday_name(self) -> str:
        """The day of the week, in the reader's language."""
        return str(WEEKDAYS[self.weekday])


@tracked()
class TemplateException(Record):
    """A time off or an extra session of a provider that breaks the template."""

    provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="template_exceptions"
    )
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    during = DateTimeRangeField()
    is_extra = models.BooleanField(default=False)
    reason = models.CharField(max_length=120)
    is_withdrawn = models.BooleanField(default=False)


@tracked()
class Series(Record):
    """Bookings that belong together: every two weeks, six times."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=60)
    not_booked = ArrayField(models.CharField(max_length=160), default=list, blank=True)


@tracked()
class Appointment(Record):
    """A time kept for a patient.

    No two that are on share the time of a provider, of a site's medical assistants or of a patient, unless one was
    over-booked with a reason; rooms and equipment are never shared. A reason with a red flag has a clinician's answer.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="appointments")
    provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments"
    )
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="appointments")
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="appointments")
    during = DateTimeRangeField()
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    equipment = models.ForeignKey(Equipment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=240, blank=True)
    state = models.CharField(max_length=10, default=AppointmentState.BOOKED)
    booked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    booked_at = models.DateTimeField(default=clock.now)
    booked_how = models.CharField(max_length=12, default="phone")
    over_book_reason = models.CharField(max_length=160, blank=True)
    cancel_reason = models.CharField(max_length=160, blank=True)
    moved_from = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="moved_to")
    series = models.ForeignKey(Series, null=True, blank=True, on_delete=models.PROTECT, related_name="appointments")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    other_age_reason = models.CharField(max_length=160, blank=True)
    red_flag_band = models.CharField(max_length=2, blank=True)
    red_flag_override = models.CharField(max_length=240, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["patient", "state"]),
            models.Index(fields=["site", "during"], name="appointment_site_time"),
            models.Index(fields=["provider"], name="appointment_over_booked", condition=~Q(over_book_reason="")),
            GistIndex(fields=["site", "during"], name="appointment_site_during", condition=Q(state__in=ON)),
        ]
        constraints: ClassVar = [
            one_of("state", AppointmentState, name="appointment_state_exists"),
            models.CheckConstraint(
                condition=Q(during__startswith__isnull=False, during__endswith__isnull=False, during__isempty=False),
                name="appointment_has_a_length",
            ),
            models.CheckConstraint(
                condition=Q(red_flag_band="") | ~Q(red_flag_override=""), name="red_flag_is_answered"
            ),
            ExclusionConstraint(
                name="provider_not_double_booked",
                expressions=[("provider", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state__in=["booked", "kept"], over_book_reason=""),
            ),
            ExclusionConstraint(
                name="team_not_double_booked",
                expressions=[("site", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state__in=["booked", "kept"], over_book_reason="", provider__isnull=True),
            ),
            ExclusionConstraint(
                name="room_not_double_booked",
                expressions=[("room", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state__in=["booked", "kept"]),
            ),
            ExclusionConstraint(
                name="equipment_not_double_booked",
                expressions=[("equipment", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state__in=["booked", "kept"]),
            ),
            ExclusionConstraint(
                name="patient_not_in_two_places",
                expressions=[("patient", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(state__in=["booked", "kept"], over_book_reason=""),
            ),
        ]


class AppointmentStep(StepRecord):
    """One move of an appointment."""

    appointment = models.ForeignKey(Appointment, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(appointment_lifecycle, name="appointment_step_is_legal")]


@tracked()
class WaitListEntry(Record):
    """Somebody who would come sooner: what for, when they could, until when they wait."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="wait_list")
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sites = models.ManyToManyField(Site, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    earliest_time = models.TimeField(null=True, blank=True)
    latest_time = models.TimeField(null=True, blank=True)
    wanted_by = models.DateField(null=True, blank=True)
    urgency = models.CharField(max_length=2, default="R5")
    current_appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.CharField(max_length=160, blank=True)
    other_age_reason = models.CharField(max_length=160, blank=True)
    joined_at = models.DateTimeField(default=clock.now)
    left_at = models.DateTimeField(null=True, blank=True)
    left_because = models.CharField(max_length=80, blank=True)


@tracked()
class SlotOffer(Record):
    """A freed time offered to one who waits; held for them until the offer runs out."""

    entry = models.ForeignKey(WaitListEntry, on_delete=models.PROTECT, related_name="offers")
    provider = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    during = DateTimeRangeField()
    offered_at = models.DateTimeField(default=clock.now)
    runs_out_at = models.DateTimeField()
    answer = models.CharField(max_length=10, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    appointment = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry"], condition=Q(answer=""), name="one_open_offer_at_a_time"),
            ExclusionConstraint(
                name="time_offered_to_one",
                expressions=[("provider", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(answer=""),
            ),
            ExclusionConstraint(
                name="team_time_offered_to_one",
                expressions=[("site", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(answer="", provider__isnull=True),
            ),
        ]


@tracked()
class Recall(Record):
    """Somebody to be called back for something by a date, and how often we tried."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="recalls")
    visit_type = models.ForeignKey(VisitType, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reason = models.CharField(max_length=160)
    due_on = models.DateField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_attempt_at = models.DateTimeField(null=True, blank=True)
    appointment = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_because = models.CharField(max_length=80, blank=True)
