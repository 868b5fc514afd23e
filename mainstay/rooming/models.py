"""What happens between the waiting room and the provider: reason, screenings, abnormal values, the provider's note."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mainstay.chart.models import Observation
from mainstay.foundation import clock
from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.people.models import Patient
from mainstay.rooming.lifecycle import LoopState, NoteState, loop_lifecycle, note_lifecycle
from mainstay.visits.models import Visit
from mainstay.work.models import Handoff


@tracked()
class Intake(Record):
    """One rooming: who the patient said they are, why they came in their own words, and when it was handed off."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="intake")
    identifiers = ArrayField(models.CharField(max_length=12), default=list)
    identified_at = models.DateTimeField(null=True)
    reason_words = models.TextField(blank=True)
    onset = models.CharField(max_length=80, blank=True)
    told_by = models.CharField(max_length=40, default="patient")
    interpreter = models.CharField(max_length=80, blank=True)
    chaperone = models.CharField(max_length=12, blank=True)
    symptoms = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=clock.now)
    handoff = models.ForeignKey(Handoff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)


@tracked()
class ScreeningResult(Record):
    """One screening taken: the answers, the score, and the tool's own name for the band."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="screenings")
    visit = models.ForeignKey(Visit, null=True, on_delete=models.PROTECT, related_name="screenings")
    tool = models.SlugField(max_length=30)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=10, default="en")
    answers = ArrayField(models.SmallIntegerField(null=True), default=list)
    total = models.SmallIntegerField(null=True)
    band = models.CharField(max_length=60, blank=True)
    is_complete = models.BooleanField(default=False)
    declined_reason = models.CharField(max_length=160, blank=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=clock.now)
    told_by = models.CharField(max_length=40, default="patient")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "tool", "-taken_at"])]


@tracked()
class AbnormalLoop(Record):
    """An abnormal value until it is closed: told whom, when, what they said, when to check again."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="abnormal_loops")
    observation = models.ForeignKey(Observation, null=True, on_delete=models.PROTECT, related_name="+")
    screening = models.ForeignKey(ScreeningResult, null=True, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=240)
    is_now = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default=LoopState.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    told_to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True)
    told_how = models.CharField(max_length=20, blank=True)
    answer = models.CharField(max_length=300, blank=True)
    answered_at = models.DateTimeField(null=True)
    recheck_due_at = models.DateTimeField(null=True)
    recheck = models.ForeignKey(Observation, null=True, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["visit"], condition=~Q(state="closed"), name="loop_open")]
        constraints: ClassVar = [one_of("state", LoopState, name="loop_state_exists")]


class AbnormalLoopStep(StepRecord):
    """One move of the loop around an abnormal value."""

    loop = models.ForeignKey(AbnormalLoop, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(loop_lifecycle, name="loop_step_is_legal")]


@tracked()
class ProviderNote(Record):
    """A provider's short note on a visit; once signed it is amended by another, never changed."""

    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    plan_for_patient = models.TextField(blank=True)
    state = models.CharField(max_length=10, default=NoteState.DRAFT)
    signed_at = models.DateTimeField(null=True)
    amends = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments")
    amended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("state", NoteState, name="note_state_exists"),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(signed_at__isnull=False), name="signed_note_has_a_time"
            ),
        ]


class ProviderNoteStep(StepRecord):
    """One move of a provider's note."""

    note = models.ForeignKey(ProviderNote, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(note_lifecycle, name="note_step_is_legal")]


@tracked()
class PreVisitPlan(Record):
    """What tomorrow's patient needs, built overnight for the huddle and edited by the team."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="plan")
    made_at = models.DateTimeField(default=clock.now)
    text = models.TextField(blank=True)
    huddle_note = models.CharField(max_length=300, blank=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
