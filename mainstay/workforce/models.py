"""Who works here: people who sign in, what they hold, what they can do, when they are here."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from mainstay.foundation.constraints import both_or_neither, one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record
from mainstay.practice.models import Site


class StaffAccounts(BaseUserManager["Staff"]):
    """Finds staff by the name they sign in with, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        return self.get(username__iexact=username)


@tracked(exclude=("password", "pin_hash", "last_login"))
class Staff(Record, AbstractBaseUser):
    """Somebody who works here and signs in."""

    username = models.CharField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    given_name = models.CharField(max_length=60)
    family_name = models.CharField(max_length=60)
    shown_name = models.CharField(max_length=80)
    title = models.CharField(max_length=40, blank=True)
    npi = models.CharField(max_length=10, blank=True)
    roles = ArrayField(models.CharField(max_length=30), default=list)
    licence = models.CharField(max_length=12, blank=True)
    birth_date = models.DateField(null=True, blank=True)
    pin_hash = models.CharField(max_length=128, blank=True)
    home_site = models.ForeignKey(Site, null=True, on_delete=models.PROTECT, related_name="home_staff")
    sites = models.ManyToManyField(Site, related_name="staff")
    supervisor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="supervises")
    hired_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = []
    objects = StaffAccounts()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["family_name", "given_name"])]

    def __str__(self) -> str:
        return self.shown_name

    def get_full_name(self) -> str:
        return f"{self.given_name} {self.family_name}"

    def get_short_name(self) -> str:
        return self.shown_name

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False


@tracked()
class Credential(Record):
    """A certificate or licence somebody holds: issuer, number, who verified it and when, and when it ends."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="credentials")
    code = models.CharField(max_length=30)
    issuer = models.CharField(max_length=60)
    number = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=2, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    verified_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_how = models.CharField(max_length=120, blank=True)
    revoked_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["staff", "code"]), models.Index(fields=["expires_on"])]
        constraints: ClassVar = [both_or_neither("verified_at", "verified_by", name="credential_verified_by_somebody")]


@tracked()
class TrainingFact(models.Model):
    """Training the law asks about: hours or supervised counts, by topic (`vaccine_class_hours`: 24)."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="training")
    topic = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=7, decimal_places=1)
    completed_on = models.DateField()
    recorded_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    is_withdrawn = models.BooleanField(default=False)


class LadderRung(StrEnum):
    """How far somebody has come with an act."""

    OBSERVED = "observed"
    ASSISTED = "assisted"
    SUPERVISED = "supervised"
    INDEPENDENT = "independent"
    FAILED = "failed"


@tracked()
class CompetencySignOff(Record):
    """One assessor's word on one act: the rung reached, how many times seen, until when."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sign_offs")
    act = models.CharField(max_length=40)
    rung = models.CharField(max_length=20, choices=[(r, r.title()) for r in LadderRung])
    times = models.PositiveSmallIntegerField(default=1)
    checklist_version = models.CharField(max_length=30)
    restriction = models.CharField(max_length=200, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    assessed_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    assessed_on = models.DateField()
    expires_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["staff", "act", "-assessed_on"])]
        constraints: ClassVar = [
            one_of("rung", LadderRung, name="rung_exists"),
            models.CheckConstraint(condition=~Q(staff=models.F("assessed_by")), name="nobody_signs_off_themselves"),
        ]


@tracked()
class Shift(Record):
    """When somebody works where; nobody is on two shifts at once."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="shifts")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="shifts")
    during = DateTimeRangeField()
    duty = models.CharField(max_length=30, blank=True)
    pod = models.CharField(max_length=30, blank=True)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            ExclusionConstraint(
                name="nobody_on_two_shifts",
                expressions=[("staff", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)],
                condition=Q(is_cancelled=False),
            )
        ]


class PresenceKind(StrEnum):
    """How we know somebody is on site."""

    CLOCKED_IN = "clocked_in"
    SIGNED_IN = "signed_in"


@tracked()
class Presence(models.Model):
    """Somebody is at a site from one moment to another (open: still here)."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="presences")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="presences")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in PresenceKind])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff"], condition=Q(until__isnull=True), name="one_place_at_a_time")
        ]
        indexes: ClassVar = [models.Index(fields=["site"], condition=Q(until__isnull=True), name="presence_now")]


class SignInRecord(models.Model):
    """One try to sign in, switch, or confirm with a second factor: append-only."""

    at = models.DateTimeField()
    staff = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    username = models.CharField(max_length=60, blank=True)
    how = models.CharField(max_length=20)
    is_success = models.BooleanField()
    address = models.GenericIPAddressField(null=True)
    workstation = models.CharField(max_length=64, blank=True)

    class Meta:
        triggers: ClassVar = [append_only()]
        indexes: ClassVar = [models.Index(fields=["username", "-at"]), models.Index(fields=["staff", "-at"])]


@tracked()
class Workstation(Record):
    """A shared computer people switch on by PIN; known by a cookie."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="workstations")
    name = models.CharField(max_length=60)
    secret_hash = models.CharField(max_length=64)
    idle_minutes = models.PositiveSmallIntegerField(default=5)
    is_trusted = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


@tracked(exclude=("seen_at", "place", "full_at"))
class StaffSession(Record):
    """One person's stay on one device: open, locked (somebody went away), parked (somebody else uses it), or ended.

    `full_at` is the last sign-in with everything asked for; a PIN is enough for twelve hours after it.
    """

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="sessions")
    workstation = models.ForeignKey(
        Workstation, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions"
    )
    site = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=80, blank=True)
    full_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    ended_why = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff", "workstation"],
                condition=Q(ended_at__isnull=True),
                name="one_session_per_workstation",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["workstation"], condition=Q(ended_at__isnull=True), name="sessions_at_workstation")
        ]


class FactorKind(StrEnum):
    """What somebody proves themselves with besides a password."""

    AUTHENTICATOR = "totp"
    PASSKEY = "passkey"


@tracked(exclude=("sealed", "counter", "used_at"))
class SecondFactor(Record):
    """An authenticator app's secret or a passkey's public key, sealed with the installation's key.

    `counter` is the last time step (authenticator) or signature count (passkey) accepted: nothing counts twice.
    """

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="second_factors")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    sealed = models.TextField()
    credential_ref = models.CharField(max_length=64, blank=True)
    counter = models.BigIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("kind", FactorKind, name="factor_kind_exists"),
            models.UniqueConstraint(
                fields=["credential_ref"],
                condition=Q(removed_at__isnull=True) & ~Q(credential_ref=""),
                name="passkey_once",
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(kind="totp", removed_at__isnull=True), name="one_authenticator_each"
            ),
        ]


class RecoveryCode(models.Model):
    """A way back in when the second factor is lost: keyed hash only, good once."""

    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["staff", "code_hash"])]


class ExpiryReminder(models.Model):
    """Somebody was reminded that a credential ends: once for each distance and each expiry."""

    credential = models.ForeignKey(Credential, on_delete=models.PROTECT, related_name="reminders")
    expires_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        triggers: ClassVar = [append_only()]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["credential", "expires_on", "days"], name="reminded_once")
        ]
