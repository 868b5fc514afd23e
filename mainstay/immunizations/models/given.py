"""What was given, and what came after: the record the law asks for, amendments, the watch, reactions."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.immunizations.lifecycle import WatchState, watch_lifecycle
from mainstay.immunizations.models.dose import VaccineDose
from mainstay.immunizations.models.giving import Vaccination, VaccinePreparation
from mainstay.immunizations.rules.watching import signs_in_words
from mainstay.inventory.models import Draw, Lot
from mainstay.practice.models import Site


@tracked()
class GivenDose(Record):
    """The record of a dose given here (42 USC 300aa-25): maker, lot, expiry, site, route, giver, place, who paid.

    `giver_name`, `giver_title`, `clinic_name` and `clinic_address` are as they were on that day. Volumes in mL.
    """

    dose = models.OneToOneField(VaccineDose, on_delete=models.PROTECT, related_name="given")
    preparation = models.OneToOneField(VaccinePreparation, on_delete=models.PROTECT, related_name="given")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="+")
    draw = models.OneToOneField(Draw, on_delete=models.PROTECT, related_name="+")
    clinic = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    given_on = models.DateField()
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    giver_name = models.CharField(max_length=120)
    giver_title = models.CharField(max_length=80)
    clinic_name = models.CharField(max_length=120)
    clinic_address = models.CharField(max_length=200)
    ndc = models.CharField(max_length=11, blank=True)
    lot_number = models.CharField(max_length=30)
    expires_on = models.DateField()
    volume = models.DecimalField(max_digits=5, decimal_places=2)
    full_volume = models.DecimalField(max_digits=5, decimal_places=2)
    route = models.CharField(max_length=6)
    site = models.CharField(max_length=6)
    needle = models.PositiveSmallIntegerField(default=0)
    funding = models.CharField(max_length=8)
    eligibility = models.CharField(max_length=4)
    ordered_by = models.CharField(max_length=160)
    partial_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["lot"]), models.Index(fields=["clinic", "given_on"])]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(volume__gt=0, volume__lte=F("full_volume")), name="given_volume_fits"),
            models.CheckConstraint(
                condition=Q(volume=F("full_volume")) | ~Q(partial_because=""), name="partial_dose_says_why"
            ),
            models.CheckConstraint(condition=Q(expires_on__gte=F("given_on")), name="never_given_expired"),
            models.CheckConstraint(condition=Q(route__in=["im", "sc", "po", "nasal"]), name="given_route_exists"),
            models.CheckConstraint(
                condition=~Q(lot_number="") & ~Q(giver_name="") & ~Q(giver_title="") & ~Q(clinic_address=""),
                name="given_dose_names_lot_giver_and_place",
            ),
        ]


class DoseAmendment(models.Model):
    """One fact of a given dose put right: what it said, what it says, why, by whom. Append-only."""

    given = models.ForeignKey(GivenDose, on_delete=models.PROTECT, related_name="amendments")
    what = models.CharField(max_length=30)
    before = models.CharField(max_length=160)
    after = models.CharField(max_length=160)
    reason = models.CharField(max_length=240)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        triggers: ClassVar = [append_only()]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="amendment_has_a_reason")]


@tracked()
class VaccineWatch(Record):
    """The watch after the vaccines of a visit: until when, why so long, lying down or not, how it ended."""

    vaccination = models.ForeignKey(Vaccination, on_delete=models.PROTECT, related_name="watches")
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    why = models.CharField(max_length=120)
    is_lying = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default=WatchState.WATCHING)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            one_of("state", WatchState, name="watch_state_exists"),
            models.CheckConstraint(condition=Q(until__gt=F("started_at")), name="watch_takes_time"),
            models.UniqueConstraint(
                fields=["vaccination"], condition=Q(state__in=["watching", "reacting"]), name="one_watch_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["watching", "reacting"]) | Q(ended_at__isnull=False),
                name="ended_watch_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["left_early", "handed_over"]) | ~Q(outcome=""), name="unusual_end_is_told"
            ),
        ]


class WatchStep(StepRecord):
    """One move of a watch."""

    watch = models.ForeignKey(VaccineWatch, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(watch_lifecycle, name="watch_step_is_legal")]


@tracked()
class VaccineReaction(Record):
    """What was seen after a vaccine: signs, when it began, what was done, and what VAERS needs to hear.

    `minute` counts from the last vaccine; `event` is the reportable event a clinician named, if any.
    """

    watch = models.ForeignKey(VaccineWatch, on_delete=models.PROTECT, related_name="reactions")
    noticed_at = models.DateTimeField()
    minute = models.PositiveSmallIntegerField()
    signs = ArrayField(models.CharField(max_length=20))
    words = models.CharField(max_length=300, blank=True)
    is_urgent = models.BooleanField()
    looks_like_anaphylaxis = models.BooleanField()
    done = models.CharField(max_length=400, blank=True)
    recovered = models.CharField(max_length=10, blank=True)
    event = models.CharField(max_length=40, blank=True)
    is_reportable = models.BooleanField(default=False)
    noticed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    loop_ref = models.UUIDField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    report_number = models.CharField(max_length=30, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(signs__len__gte=1), name="reaction_has_a_sign"),
            models.CheckConstraint(
                condition=Q(recovered__in=["", "yes", "no", "unknown"]), name="reaction_recovery_exists"
            ),
        ]

    @property
    def seen(self) -> str:
        """The signs in words."""
        return signs_in_words(self.signs)
