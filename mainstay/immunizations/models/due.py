"""What was reckoned to be due for everybody, and what people recorded that decides it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record
from mainstay.people.models import Patient


@tracked()
class ImmunizationFact(Record):
    """An observation of the schedule somebody recorded by hand: that it holds, or that it does not, and who said so."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="immunization_facts")
    code = models.CharField(max_length=3)
    holds = models.BooleanField(default=True)
    on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["patient", "code"], condition=Q(withdrawn_at=None), name="one_word_on_an_observation"
            ),
        ]


class DiscussionOutcome(StrEnum):
    """What came of talking a vaccine over."""

    WANTED = "wanted"
    NOT_WANTED = "not_wanted"
    UNDECIDED = "undecided"


class VaccineDiscussion(Record):
    """A clinician talked a vaccine over with a patient (shared clinical decision-making). Append-only."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="vaccine_discussions")
    group = models.CharField(max_length=40)
    outcome = models.CharField(max_length=12)
    note = models.CharField(max_length=300, blank=True)
    clinician = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    discussed_at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [append_only()]
        indexes: ClassVar = [models.Index(fields=["patient", "group", "-discussed_at"])]
        constraints: ClassVar = [one_of("outcome", DiscussionOutcome, name="discussion_outcome_exists")]


class DueVaccine(models.Model):
    """A vaccine group a patient needs a dose of, now or within the horizon: reckoned, and reckoned anew."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="due_vaccines")
    group = models.CharField(max_length=40)
    dose_number = models.PositiveSmallIntegerField()
    earliest = models.DateField()
    recommended = models.DateField()
    past_due = models.DateField(null=True)
    is_shared_decision = models.BooleanField(default=False)
    reckoned_on = models.DateField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["group", "recommended"]),
            models.Index(fields=["past_due"], condition=Q(past_due__isnull=False), name="due_past_due"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["patient", "group"], name="one_due_row_of_a_group"),
            models.CheckConstraint(condition=Q(recommended__gte=F("earliest")), name="recommended_after_earliest"),
        ]


class RunState(StrEnum):
    """Where a run over the whole practice stands."""

    RUNNING = "running"
    STOPPED = "stopped"
    FINISHED = "finished"


class DueRun(Record):
    """One reckoning for the whole practice: how far it has come, patient by patient in the order of their keys.

    `position` is the key of the last patient dealt with; it moves in the transaction that writes what is due.
    """

    as_of = models.DateField()
    state = models.CharField(max_length=10, default=RunState.RUNNING)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    position = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(default=clock.now)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [
            one_of("state", RunState, name="due_run_state_exists"),
            models.UniqueConstraint(fields=["state"], condition=Q(state="running"), name="one_due_run_at_a_time"),
        ]


class DueRunPart(models.Model):
    """One stretch of patients of a run, written once. Append-only: it proves that nobody was missed or done twice."""

    run = models.ForeignKey(DueRun, on_delete=models.PROTECT, related_name="parts")
    first = models.BigIntegerField()
    last = models.BigIntegerField()
    patients = models.PositiveIntegerField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        triggers: ClassVar = [append_only()]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "first"], name="a_stretch_once")]
