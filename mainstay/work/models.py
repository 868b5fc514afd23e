"""What we owe and what we are owed, each with a clock."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.work.lifecycle import ExpectationState, WorkState, expectation_lifecycle, work_lifecycle


@tracked()
class WorkItem(Record):
    """One thing somebody owes: what, for whom, whose, by when. `band` is R0 (now) to R5 (three days).

    `subject_kind` and `subject_ref` name the record it is about; `once_key` keeps one open item per cause.
    """

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    detail = models.TextField(blank=True)
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="work_items")
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    band = models.CharField(max_length=2, default="R4")
    is_clinical = models.BooleanField(default=False)
    pool = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="work_items"
    )
    due_at = models.DateTimeField()
    received_at = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, default=WorkState.OPEN)
    outcome = models.CharField(max_length=300, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_ref = models.UUIDField(null=True, blank=True)
    url = models.CharField(max_length=200, blank=True)
    once_key = models.CharField(max_length=120, blank=True)
    escalated_to = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["band", "due_at"], condition=Q(state__in=["open", "taken"]), name="work_waiting"),
            models.Index(fields=["owner"], condition=Q(state__in=["open", "taken"]), name="work_of_owner"),
            models.Index(fields=["patient"]),
        ]
        constraints: ClassVar = [
            one_of("state", WorkState, name="work_state_exists"),
            models.UniqueConstraint(
                fields=["once_key"],
                condition=Q(state__in=["open", "taken"]) & ~Q(once_key=""),
                name="one_open_item_per_cause",
            ),
        ]


@tracked()
class Alarm(models.Model):
    """Somebody was told that the clock of an item passed a mark (1 reminds, 2 the lead, 3 the manager), until seen."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="alarms")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="alarms")
    level = models.PositiveSmallIntegerField()
    told_at = models.DateTimeField(default=clock.now)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["item", "staff", "level"], name="told_once_a_level")]
        indexes: ClassVar = [models.Index(fields=["staff"], condition=Q(seen_at__isnull=True), name="alarm_unseen")]


class WorkStep(StepRecord):
    """One move of a work item."""

    item = models.ForeignKey(WorkItem, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(work_lifecycle, name="work_step_is_legal")]


@tracked()
class Expectation(Record):
    """Something that must come: a result, a report, a call back; when it does not, it becomes work."""

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="expectations")
    expected_by = models.DateTimeField()
    state = models.CharField(max_length=10, default=ExpectationState.AWAITED)
    band_when_late = models.CharField(max_length=2, default="R3")
    pool = models.CharField(max_length=40, blank=True)
    subject_kind = models.CharField(max_length=40, blank=True)
    subject_ref = models.UUIDField(null=True, blank=True)
    work_item = models.ForeignKey(WorkItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expected_by"], condition=Q(state="awaited"), name="still_awaited")]
        constraints: ClassVar = [one_of("state", ExpectationState, name="expectation_state_exists")]


class ExpectationStep(StepRecord):
    """One move of an expectation."""

    expectation = models.ForeignKey(Expectation, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(expectation_lifecycle, name="expectation_step_is_legal")]


@tracked()
class Handoff(Record):
    """A transfer in SBAR form that somebody named must acknowledge, with what they read back."""

    patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="handoffs")
    visit_ref = models.UUIDField(null=True, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handoffs_given")
    given_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="handoffs_received")
    situation = models.TextField()
    background = models.TextField(blank=True)
    assessment = models.TextField(blank=True)
    request = models.TextField(blank=True)
    is_urgent = models.BooleanField(default=False)
    given_at = models.DateTimeField(default=clock.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    read_back = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["given_to"],
                condition=Q(acknowledged_at__isnull=True, withdrawn_at__isnull=True),
                name="handoff_waiting",
            ),
            models.Index(fields=["visit_ref"]),
        ]
