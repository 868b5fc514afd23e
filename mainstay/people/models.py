"""Patients, and the people around them."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from mainstay.foundation import clock
from mainstay.foundation.components.marks import HUES
from mainstay.foundation.constraints import one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.phones import spell_phone
from mainstay.foundation.records import Record
from mainstay.practice.models import Site


class Sex(StrEnum):
    """Sex recorded at birth or for clinical use (FHIR administrative-gender)."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


@tracked(exclude=("search_text", "sound_keys", "hue"))
class Patient(Record):
    """One person we care for. `search_text` is every name, folded; `sound_keys` find them. Kept by actions.

    `hue` is the color of their banner and rows, 0 to 11. `photo_ref` is the public id of the document that holds the
    photograph.
    """

    mrn = models.CharField(max_length=16, unique=True)
    given_name = models.CharField(max_length=80)
    middle_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80)
    suffix = models.CharField(max_length=12, blank=True)
    chosen_name = models.CharField(max_length=80, blank=True)
    pronouns = models.CharField(max_length=30, blank=True)
    birth_date = models.DateField()
    sex = models.CharField(max_length=10, choices=[(s, s.title()) for s in Sex], default=Sex.UNKNOWN)
    gender_identity = models.CharField(max_length=60, blank=True)
    race = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    ethnicity = models.CharField(max_length=12, blank=True)
    language = models.CharField(max_length=10, default="en")
    mother_maiden_name = models.CharField(max_length=80, blank=True)
    multiple_birth_order = models.PositiveSmallIntegerField(null=True, blank=True)
    ssn_last4 = models.CharField(max_length=4, blank=True)
    usual_provider = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    home_site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField(default=clock.now)
    deceased_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged_from")
    is_confidential = models.BooleanField(default=False)
    photo_ref = models.UUIDField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=160, blank=True)
    hue = models.PositiveSmallIntegerField(db_default=0, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    sound_keys = ArrayField(models.CharField(max_length=12), default=list, blank=True, editable=False)

    class Meta:
        indexes: ClassVar = [
            GinIndex(name="patient_sound", fields=["sound_keys"]),
            models.Index(fields=["birth_date"]),
            models.Index(fields=["family_name", "given_name"]),
        ]
        constraints: ClassVar = [
            one_of("sex", Sex, name="sex_exists"),
            models.CheckConstraint(condition=Q(hue__lt=HUES), name="hue_exists"),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(deceased_on__isnull=True) | Q(deceased_on__gte=F("birth_date")), name="dies_after_birth"
            ),
        ]

    def __str__(self) -> str:
        return self.mrn

    @property
    def legal_name(self) -> str:
        """Given, middle, family and suffix, as in law."""
        return " ".join(p for p in (self.given_name, self.middle_name, self.family_name, self.suffix) if p)

    @property
    def called_name(self) -> str:
        """What to call this person: the chosen name if there is one."""
        return f"{self.chosen_name or self.given_name} {self.family_name}"


class NameKind(StrEnum):
    """Which name."""

    LEGAL = "legal"
    CHOSEN = "chosen"
    FORMER = "former"
    MAIDEN = "maiden"
    ALIAS = "alias"


@tracked()
class PatientName(models.Model):
    """Another name this person goes or went by, so that every name finds them."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="names")
    kind = models.CharField(max_length=10, choices=[(k, k.title()) for k in NameKind])
    given_name = models.CharField(max_length=80, blank=True)
    family_name = models.CharField(max_length=80, blank=True)
    until = models.DateField(null=True, blank=True)
    is_withdrawn = models.BooleanField(default=False)


class Channel(StrEnum):
    """A way to reach somebody (FHIR ContactPoint.system)."""

    PHONE = "phone"
    EMAIL = "email"


@tracked()
class ContactPoint(models.Model):
    """A phone number or e-mail address; `value` is E.164 digits or a lower-case address."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="contact_points")
    channel = models.CharField(max_length=10, choices=[(c, c.title()) for c in Channel])
    value = models.CharField(max_length=120)
    use = models.CharField(max_length=10, default="home")
    rank = models.PositiveSmallIntegerField(default=1)
    can_leave_voicemail = models.BooleanField(default=False)
    can_text = models.BooleanField(default=False)
    is_confidential = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["value"]),
            models.Index(models.functions.Right("value", 4), name="contact_last4"),
        ]

    @property
    def shown(self) -> str:
        """The number or address as people read it."""
        return spell_phone(self.value)


@tracked()
class Address(models.Model):
    """Where somebody lives or gets mail."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="addresses")
    use = models.CharField(max_length=10, default="home")
    street = models.CharField(max_length=160)
    street2 = models.CharField(max_length=80, blank=True)
    city = models.CharField(max_length=80)
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10)
    is_confidential = models.BooleanField(default=False)
    is_withdrawn = models.BooleanField(default=False)


class ProxyAuthority(StrEnum):
    """Why somebody may act for a patient."""

    NONE = "none"
    PARENT = "parent"
    GUARDIAN = "guardian"
    FOSTER = "foster"
    POWER_OF_ATTORNEY = "power_of_attorney"
    REPRESENTATIVE = "representative"
    DELEGATED = "delegated"


@tracked()
class RelatedPerson(Record):
    """A contact or proxy: who they are to the patient, and with what authority from when to when."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="related_people")
    related_patient = models.ForeignKey(Patient, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    relationship = models.CharField(max_length=40)
    phone = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=10, default="en")
    is_emergency_contact = models.BooleanField(default=False)
    is_next_of_kin = models.BooleanField(default=False)
    may_be_told = models.BooleanField(default=False)
    authority = models.CharField(
        max_length=20, choices=[(a, a.replace("_", " ")) for a in ProxyAuthority], default=ProxyAuthority.NONE
    )
    authority_from = models.DateField(null=True, blank=True)
    authority_until = models.DateField(null=True, blank=True)
    authority_document = models.CharField(max_length=120, blank=True)
    is_withdrawn = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [one_of("authority", ProxyAuthority, name="proxy_authority_exists")]


class NeedKind(StrEnum):
    """What somebody needs us to do differently."""

    INTERPRETER = "interpreter"
    HEARING = "hearing"
    VISION = "vision"
    MOBILITY = "mobility"
    COGNITION = "cognition"
    FEAR = "fear"
    READING = "reading"
    OTHER = "other"


@tracked()
class Need(models.Model):
    """One need, in a few words, shown on the banner."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="needs")
    kind = models.CharField(max_length=20, choices=[(k, k.title()) for k in NeedKind])
    detail = models.CharField(max_length=160, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)


@tracked()
class PatientAlert(models.Model):
    """A word of warning everybody must see on opening the chart."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="alerts")
    text = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, default="clinical")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)


@tracked()
class CommunicationChoice(models.Model):
    """How somebody wants to hear from us, one row per patient."""

    patient = models.OneToOneField(Patient, on_delete=models.PROTECT, related_name="communication")
    preferred = models.CharField(max_length=10, default="phone")
    reminders = models.CharField(max_length=10, default="text")
    portal = models.BooleanField(default=False)
    text_consent_at = models.DateTimeField(null=True, blank=True)
    opted_out_at = models.DateTimeField(null=True, blank=True)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)


HOW_KNOWN_LENGTH = 600


class PatientMerge(models.Model):
    """Two charts made one, with every row that moved, so that it can be undone without loss.

    `how_known`: how it was known that two charts that look like two people are one person's; empty where they agreed.
    """

    kept = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    how_known = models.CharField(max_length=HOW_KNOWN_LENGTH, default="")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)


class MergedRow(models.Model):
    """One row that changed its patient in a merge: append-only."""

    merge = models.ForeignKey(PatientMerge, on_delete=models.PROTECT, related_name="rows")
    table = models.CharField(max_length=80)
    column = models.CharField(max_length=80)
    row_id = models.BigIntegerField()

    class Meta:
        triggers: ClassVar = [append_only()]


@tracked()
class BreakGlass(Record):
    """A time-limited opening of a chart somebody has no standing right to: reason first, reviewed after."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="break_glass")
    staff = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(null=True)
    review = models.CharField(max_length=300, blank=True)


class PatientIdentifier(models.Model):
    """What another system calls this person, so that the same person is found again."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="identifiers")
    system = models.CharField(max_length=160)
    value = models.CharField(max_length=160)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["system", "value"], name="identifier_once")]
