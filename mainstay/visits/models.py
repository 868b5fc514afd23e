"""The visit: one patient's presence, from booking to closed; the rooms it uses; what shows on the board."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.people.models import Patient
from mainstay.practice.models import Room, Site, VisitType
from mainstay.scheduling.models import Appointment
from mainstay.visits.lifecycle import NOT_OVER, RoomState, Stage, room_lifecycle, visit_lifecycle


@tracked()
class Visit(Record):
    """One patient's presence on one site day. `stage_since` times the board; `version` catches stale moves."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="visits")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="visits")
    day = models.DateField()
    appointment = models.OneToOneField(
        Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="visit"
    )
    visit_type = models.ForeignKey(VisitType, on_delete=models.PROTECT, related_name="visits")
    provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    expected_at = models.DateTimeField()
    reason = models.CharField(max_length=240, blank=True)
    stage = models.CharField(max_length=16, default=Stage.EXPECTED)
    stage_since = models.DateTimeField(default=clock.now)
    arrived_at = models.DateTimeField(null=True, blank=True)
    roomed_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    room = models.ForeignKey(Room, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    is_walk_in = models.BooleanField(default=False)
    plan_for_patient = models.TextField(blank=True)
    is_airborne_risk = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    source_ref = models.CharField(max_length=160, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "day", "expected_at"]),
            models.Index(fields=["patient", "-day"]),
            models.Index(fields=["provider", "day"]),
            models.Index(
                fields=["site", "day"],
                condition=Q(stage__in=[stage.value for stage in NOT_OVER]),
                name="visit_not_over",
            ),
        ]
        constraints: ClassVar = [
            one_of("stage", Stage, name="visit_stage_exists"),
            models.UniqueConstraint(
                fields=["room"],
                condition=Q(stage__in=["rooming", "ready", "with_provider", "after_provider"]),
                name="one_visit_per_room",
            ),
        ]

    @property
    def stage_words(self) -> str:
        """Where it stands, in words."""
        return self.stage.replace("_", " ").capitalize()


class VisitStep(StepRecord):
    """One move of a visit: the source of its timeline."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(visit_lifecycle, name="visit_step_is_legal")]
        indexes: ClassVar = [models.Index(fields=["visit", "at"])]


@tracked()
class RoomUse(models.Model):
    """The state of one room at this moment, and who is in it."""

    room = models.OneToOneField(Room, on_delete=models.PROTECT, related_name="use")
    state = models.CharField(max_length=16, default=RoomState.READY)
    since = models.DateTimeField(default=clock.now)
    visit = models.ForeignKey(Visit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    after = models.CharField(max_length=40, blank=True)
    wet_until = models.DateTimeField(null=True, blank=True)
    closed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [one_of("state", RoomState, name="room_state_exists")]


class RoomStep(StepRecord):
    """One move of a room."""

    use = models.ForeignKey(RoomUse, on_delete=models.PROTECT, related_name="steps")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(room_lifecycle, name="room_step_is_legal")]


class SignalKind(StrEnum):
    """What a board row can call out."""

    ABNORMAL_VITAL = "abnormal_vital"
    STOP_AND_FETCH = "stop_and_fetch"
    SELF_HARM = "self_harm"
    AIRBORNE = "airborne"
    ORDER_WAITING = "order_waiting"
    SPECIMEN_TO_LABEL = "specimen_to_label"
    VACCINE_DUE = "vaccine_due"
    FORM_MISSING = "form_missing"
    COVERAGE_PROBLEM = "coverage_problem"
    OBSERVATION_TIMER = "observation_timer"
    RECHECK_DUE = "recheck_due"
    SEATED_APART = "seated_apart"
    CAME_LATE = "came_late"
    INTERPRETER = "interpreter"
    NEEDS_HELP = "needs_help"


@tracked()
class Signal(models.Model):
    """Something about a visit everybody at the board must see until it is cleared."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="signals")
    kind = models.CharField(max_length=24, choices=[(k, k.replace("_", " ")) for k in SignalKind])
    text = models.CharField(max_length=160)
    severity = models.CharField(max_length=8, default="told")
    until = models.DateTimeField(null=True, blank=True)
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=clock.now)
    cleared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField(null=True, blank=True)
    source_ref = models.CharField(max_length=60, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["visit"], condition=Q(cleared_at__isnull=True), name="signal_on")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["visit", "kind", "source_ref"],
                condition=Q(cleared_at__isnull=True),
                name="one_signal_per_cause",
            )
        ]


class TaskState(StrEnum):
    """Where one playbook step of one visit stands."""

    TO_DO = "to_do"
    DONE = "done"
    NOT_DONE = "not_done"


@tracked()
class VisitTask(models.Model):
    """One step the playbook asks of this visit: done, or not done with a reason."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="tasks")
    step = models.CharField(max_length=60)
    stage = models.CharField(max_length=16)
    title = models.CharField(max_length=160)
    act = models.CharField(max_length=40, blank=True)
    panel = models.CharField(max_length=40, blank=True)
    form = models.CharField(max_length=40, blank=True)
    screening = models.CharField(max_length=40, blank=True)
    supplies = models.CharField(max_length=240, blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()
    is_required = models.BooleanField(default=True)
    state = models.CharField(max_length=10, default=TaskState.TO_DO)
    reason = models.CharField(max_length=160, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            one_of("state", TaskState, name="task_state_exists"),
            models.UniqueConstraint(fields=["visit", "step"], name="task_once_per_visit"),
            models.CheckConstraint(condition=~Q(state="not_done") | ~Q(reason=""), name="not_done_has_a_reason"),
        ]


@tracked()
class CheckIn(models.Model):
    """What was verified when somebody arrived. `arrival_answers` are `question:answer` pairs of the arrival screen."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="check_in")
    identifiers = ArrayField(models.CharField(max_length=12), default=list)
    photo_id_seen = models.BooleanField(default=False)
    demographics_confirmed = models.BooleanField(default=False)
    card_seen = models.BooleanField(default=False)
    fever = models.BooleanField(null=True)
    rash = models.BooleanField(null=True)
    cough = models.BooleanField(null=True)
    travel = models.CharField(max_length=160, blank=True)
    arrival_answers = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    place = models.CharField(max_length=12, blank=True)
    precautions = models.CharField(max_length=10, blank=True)
    mask_given = models.BooleanField(default=False)
    copay_stated = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    accompanied_by = models.CharField(max_length=120, blank=True)
    checked_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    checked_in_at = models.DateTimeField(default=clock.now)


class LooseEndKind(StrEnum):
    """What a visit may leave to be arranged before it closes."""

    FOLLOW_UP = "follow_up"
    LAB = "lab"
    IMAGING = "imaging"
    REFERRAL = "referral"
    PRESCRIPTION = "prescription"
    FORM = "form"
    TEACHING = "teaching"
    OTHER = "other"


@tracked()
class LooseEnd(Record):
    """One thing to arrange at check-out: arranged, handed on as work, or declined with a reason."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="loose_ends")
    kind = models.CharField(max_length=16, choices=[(k, k.replace("_", " ")) for k in LooseEndKind])
    text = models.CharField(max_length=200)
    due_on = models.DateField(null=True, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    source_ref = models.UUIDField(null=True, blank=True)
    settled_how = models.CharField(max_length=12, blank=True)
    settled_reason = models.CharField(max_length=160, blank=True)
    became = models.CharField(max_length=8, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    appointment = models.ForeignKey(Appointment, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(settled_how__in=["", "booked", "handed_on", "done", "declined"]), name="settled_how_exists"
            ),
            models.CheckConstraint(
                condition=~Q(settled_how="declined") | ~Q(settled_reason=""), name="declined_has_a_reason"
            ),
            models.CheckConstraint(condition=Q(became__in=["", "recall", "work"]), name="became_exists"),
        ]


class VisitSummary(Record):
    """The after-visit summary as handed over: the PDF itself, its language, when. Append-only."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="summaries")
    language = models.CharField(max_length=10)
    pdf = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    handed = models.CharField(max_length=12, default="printed")

    class Meta:
        triggers: ClassVar = [append_only()]


class BoardVersion(models.Model):
    """A number per site that grows with every change of its board; screens ask only for this."""

    site = models.OneToOneField(Site, on_delete=models.PROTECT, related_name="+")
    version = models.BigIntegerField(default=1)
