"""The chart: what is known of a patient's health. Nothing here is ever deleted; it is amended."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record
from mainstay.people.models import Patient


class ProblemStatus(StrEnum):
    """FHIR condition-clinical."""

    ACTIVE = "active"
    RESOLVED = "resolved"
    INACTIVE = "inactive"


class VerificationStatus(StrEnum):
    """FHIR verification status of a problem or allergy."""

    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"
    ENTERED_IN_ERROR = "entered-in-error"


class Sourced(Record):
    """Something in the chart, with who wrote it down, when, and who said so."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="%(class)ss")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    told_by = models.CharField(max_length=40, default="patient")
    visit_ref = models.UUIDField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True


@tracked()
class Problem(Sourced):
    """A condition on the problem list, coded in ICD-10-CM where it can be."""

    code = models.CharField(max_length=12, blank=True)
    text = models.CharField(max_length=240)
    status = models.CharField(max_length=12, choices=[(s, s.title()) for s in ProblemStatus], default="active")
    verification = models.CharField(max_length=20, default=VerificationStatus.UNCONFIRMED)
    onset = models.DateField(null=True, blank=True)
    resolved_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "status"])]
        constraints: ClassVar = [
            one_of("status", ProblemStatus, name="problem_status_exists"),
            one_of("verification", VerificationStatus, name="problem_verification_exists"),
        ]


@tracked()
class Allergy(Sourced):
    """A substance somebody reacts to, what happens, and how badly."""

    substance = models.CharField(max_length=120)
    substance_code = models.CharField(max_length=40, blank=True)
    category = models.CharField(max_length=12, default="medication")
    reaction = models.CharField(max_length=160, blank=True)
    severity = models.CharField(max_length=10, blank=True)
    is_intolerance = models.BooleanField(default=False)
    verification = models.CharField(max_length=20, default=VerificationStatus.CONFIRMED)
    onset = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "allergies"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(severity__in=["", "mild", "moderate", "severe"]), name="allergy_severity_exists"
            ),
            one_of("verification", VerificationStatus, name="allergy_verification_exists"),
        ]


class MedicationStatus(StrEnum):
    """FHIR MedicationStatement.status, as far as we use it."""

    ACTIVE = "active"
    ON_HOLD = "on-hold"
    STOPPED = "stopped"
    COMPLETED = "completed"
    ENTERED_IN_ERROR = "entered-in-error"


@tracked()
class Medication(Sourced):
    """A medicine on the list: prescribed here or elsewhere, over the counter, or a supplement."""

    name = models.CharField(max_length=200)
    code = models.CharField(max_length=20, blank=True)
    dose = models.CharField(max_length=80, blank=True)
    route = models.CharField(max_length=30, blank=True)
    frequency = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=160, blank=True)
    prescriber = models.CharField(max_length=120, blank=True)
    is_over_the_counter = models.BooleanField(default=False)
    status = models.CharField(max_length=20, choices=[(s, s) for s in MedicationStatus], default="active")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["patient", "status"])]
        constraints: ClassVar = [one_of("status", MedicationStatus, name="medication_status_exists")]


class Taking(StrEnum):
    """What the patient says about a medicine on our list."""

    TAKING = "taking"
    NOT_TAKING = "not_taking"
    DIFFERENTLY = "differently"
    UNKNOWN = "unknown"


@tracked()
class MedicationReport(Sourced):
    """The patient's own word on one medicine at one visit."""

    medication = models.ForeignKey(Medication, on_delete=models.PROTECT, related_name="reports")
    taking = models.CharField(max_length=12, choices=[(t, t.replace("_", " ")) for t in Taking])
    words = models.CharField(max_length=240, blank=True)
    last_taken = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints: ClassVar = [one_of("taking", Taking, name="taking_exists")]


class ListName(StrEnum):
    """A list of the chart that is reviewed as a whole."""

    ALLERGIES = "allergies"
    MEDICATIONS = "medications"
    PROBLEMS = "problems"
    FAMILY = "family"
    SOCIAL = "social"
    SURGICAL = "surgical"


class ListReview(Sourced):
    """A whole list was gone through with the patient; only this can say "none known". Append-only."""

    list_name = models.CharField(max_length=12, choices=[(n, n.title()) for n in ListName])
    none_known = models.BooleanField(default=False)

    class Meta:
        triggers: ClassVar = [append_only()]
        indexes: ClassVar = [models.Index(fields=["patient", "list_name", "-recorded_at"])]
        constraints: ClassVar = [one_of("list_name", ListName, name="list_name_exists")]


@tracked()
class FamilyHistory(Sourced):
    """A condition of a relative."""

    relation = models.CharField(max_length=40)
    condition = models.CharField(max_length=160)
    code = models.CharField(max_length=12, blank=True)
    age_at_onset = models.PositiveSmallIntegerField(null=True, blank=True)
    is_deceased = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)


@tracked()
class SurgicalHistory(Sourced):
    """An operation or procedure somebody had."""

    procedure = models.CharField(max_length=240)
    code = models.CharField(max_length=20, blank=True)
    performed_on = models.DateField(null=True, blank=True)
    performed_text = models.CharField(max_length=60, blank=True)
    place = models.CharField(max_length=160, blank=True)
    is_withdrawn = models.BooleanField(default=False)


@tracked()
class SocialHistory(Sourced):
    """One fact of somebody's life that matters for care: tobacco, alcohol, work, home."""

    topic = models.CharField(max_length=40)
    answer = models.CharField(max_length=240)
    loinc = models.CharField(max_length=10, blank=True)
    answer_code = models.CharField(max_length=40, blank=True)
    is_withdrawn = models.BooleanField(default=False)


class ObservationStatus(StrEnum):
    """FHIR observation-status, as far as we use it."""

    FINAL = "final"
    AMENDED = "amended"
    ENTERED_IN_ERROR = "entered-in-error"


@tracked()
class Observation(models.Model):
    """One thing measured, answered or seen: the value as typed and the value in its canonical unit.

    `value` is in `unit` (UCUM); `typed` and `typed_unit` are what the person entered. `technique` columns say how.
    Observations captured together share `set_id` and `panel`.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="observations")
    set_id = models.UUIDField(null=True)
    panel = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=40)
    loinc = models.CharField(max_length=10, blank=True)
    value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    unit = models.CharField(max_length=20, blank=True)
    text = models.CharField(max_length=240, blank=True)
    answer_code = models.CharField(max_length=60, blank=True)
    typed = models.CharField(max_length=60, blank=True)
    typed_unit = models.CharField(max_length=20, blank=True)
    side = models.CharField(max_length=10, blank=True)
    body_site = models.CharField(max_length=30, blank=True)
    method = models.CharField(max_length=40, blank=True)
    cuff = models.CharField(max_length=20, blank=True)
    position = models.CharField(max_length=20, blank=True)
    device = models.CharField(max_length=60, blank=True)
    on_oxygen = models.BooleanField(null=True)
    not_done_reason = models.CharField(max_length=120, blank=True)
    confirmed_reason = models.CharField(max_length=240, blank=True)
    repeat_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="repeats")
    amends = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="amendments")
    status = models.CharField(max_length=20, default=ObservationStatus.FINAL)
    effective_at = models.DateTimeField()
    performed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    visit_ref = models.UUIDField(null=True)
    source = models.CharField(max_length=20, default="here")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["patient", "key", "-effective_at"]),
            models.Index(fields=["visit_ref"], condition=Q(visit_ref__isnull=False), name="observation_of_visit"),
        ]
        constraints: ClassVar = [one_of("status", ObservationStatus, name="observation_status_exists")]


@tracked()
class Document(Record):
    """A scanned or received paper: found by two keys, viewed on screen, kept whole."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=160)
    dated = models.DateField()
    author = models.CharField(max_length=120, blank=True)
    media_type = models.CharField(max_length=60)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    indexed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    indexed_at = models.DateTimeField(default=clock.now)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    visit_ref = models.UUIDField(null=True)
    status = models.CharField(max_length=20, default="current")


class DocumentContent(models.Model):
    """The bytes of a document, apart so that lists stay light. Append-only."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, related_name="content")
    content = models.BinaryField()

    class Meta:
        triggers: ClassVar = [append_only()]
