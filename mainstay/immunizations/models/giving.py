"""What happens while vaccines are given: who was asked what, what was chosen, taken, checked, refused or held."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import both_or_neither, legal_steps_only, one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.immunizations.lifecycle import (
    ConcernState,
    PreparationState,
    VaccinationState,
    concern_lifecycle,
    preparation_lifecycle,
    vaccination_lifecycle,
)
from mainstay.inventory.models import Lot
from mainstay.orders.models import Order, StandingOrder
from mainstay.people.models import Patient
from mainstay.visits.models import Visit


@tracked()
class Vaccination(Record):
    """The vaccines of one visit: who was identified how, what was asked, who pays. Every vaccine hangs on it."""

    visit = models.OneToOneField(Visit, on_delete=models.PROTECT, related_name="vaccination")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="vaccinations")
    identifiers = ArrayField(models.CharField(max_length=12))
    identified_at = models.DateTimeField()
    identified_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    told_by = models.CharField(max_length=40, blank=True)
    screened_at = models.DateTimeField(null=True)
    screened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    eligibility = models.CharField(max_length=4, blank=True)
    eligibility_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=12, default=VaccinationState.IDENTIFIED)

    class Meta:
        constraints: ClassVar = [
            one_of("state", VaccinationState, name="vaccination_state_exists"),
            both_or_neither("screened_at", "screened_by", name="vaccination_screened_by_somebody"),
            models.CheckConstraint(condition=Q(identifiers__len__gte=2), name="vaccination_two_identifiers"),
            models.CheckConstraint(
                condition=Q(state="identified") | Q(screened_at__isnull=False), name="vaccination_screened_first"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | (~Q(eligibility="") & Q(eligibility_at__isnull=False)),
                name="vaccination_funding_asked",
            ),
        ]


class VaccinationStep(StepRecord):
    """One move of the vaccines of a visit."""

    vaccination = models.ForeignKey(Vaccination, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(vaccination_lifecycle, name="vaccination_step_is_legal")]


@tracked()
class ScreeningAnswer(models.Model):
    """One answer before the vaccines of a visit: yes, no or unsure; there is no default."""

    vaccination = models.ForeignKey(Vaccination, on_delete=models.PROTECT, related_name="answers")
    code = models.CharField(max_length=60)
    asked = models.CharField(max_length=300)
    answer = models.CharField(max_length=6)
    detail = models.CharField(max_length=240, blank=True)
    product = models.CharField(max_length=30, blank=True)
    on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vaccination", "code"], name="one_answer_per_question"),
            models.CheckConstraint(condition=Q(answer__in=["no", "yes", "unsure"]), name="answer_exists"),
        ]


@tracked()
class VaccinePreparation(Record):
    """One vaccine on its way: chosen on an order, held by a doubt, taken from stock, placed, checked, given or not.

    `basis` is on whose word (signed, standing, own); `why` the schedule's reason in words. `cvx` to `expires_on` are
    of the vial taken; volumes in mL, `needle` in eighths of an inch.
    """

    vaccination = models.ForeignKey(Vaccination, on_delete=models.PROTECT, related_name="preparations")
    group = models.CharField(max_length=60)
    dose_number = models.PositiveSmallIntegerField(default=0)
    why = models.CharField(max_length=400, blank=True)
    basis = models.CharField(max_length=10)
    order = models.ForeignKey(Order, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    standing_order = models.ForeignKey(StandingOrder, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    authority = models.CharField(max_length=400, blank=True)
    needs_check = models.BooleanField(default=False)
    chosen_at = models.DateTimeField(default=clock.now)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, default=PreparationState.CHOSEN)
    lot = models.ForeignKey(Lot, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cvx = models.CharField(max_length=4, blank=True)
    mvx = models.CharField(max_length=6, blank=True)
    product = models.CharField(max_length=120, blank=True)
    taken_how = models.CharField(max_length=8, blank=True)
    volume = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    route = models.CharField(max_length=6, blank=True)
    site = models.CharField(max_length=6, blank=True)
    needle = models.PositiveSmallIntegerField(default=0)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    put_aside_because = models.CharField(max_length=240, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            one_of("state", PreparationState, name="preparation_state_exists"),
            models.CheckConstraint(
                condition=Q(basis__in=["signed", "standing", "own"]), name="preparation_basis_exists"
            ),
            models.CheckConstraint(
                condition=~Q(basis="signed") | Q(order__isnull=False), name="preparation_on_a_signed_order"
            ),
            models.CheckConstraint(
                condition=~Q(basis="standing") | Q(standing_order__isnull=False),
                name="preparation_on_a_standing_order",
            ),
            models.UniqueConstraint(
                fields=["vaccination", "group"],
                condition=Q(state__in=["chosen", "held", "taken", "placed", "checked", "informed"]),
                name="one_open_preparation_per_group",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["taken", "placed", "checked", "informed", "given", "withdrawn"])
                | (Q(lot__isnull=False) & ~Q(cvx="")),
                name="preparation_has_its_vial",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["placed", "checked", "informed", "given", "withdrawn"])
                | (Q(volume__gt=0) & ~Q(route="") & ~Q(site="")),
                name="preparation_is_placed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["checked", "informed", "given"])
                | Q(needs_check=False)
                | Q(checked_by__isnull=False),
                name="preparation_was_checked",
            ),
            models.CheckConstraint(
                condition=~Q(state="put_aside") | ~Q(put_aside_because=""), name="put_aside_has_a_reason"
            ),
        ]


class PreparationStep(StepRecord):
    """One move of one vaccine."""

    preparation = models.ForeignKey(VaccinePreparation, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(preparation_lifecycle, name="preparation_step_is_legal")]


@tracked()
class VaccineConcern(Record):
    """Something that speaks against one vaccine of one visit, until a clinician decides, in words."""

    preparation = models.ForeignKey(VaccinePreparation, on_delete=models.PROTECT, related_name="concerns")
    code = models.CharField(max_length=60)
    kind = models.CharField(max_length=16)
    message = models.CharField(max_length=300)
    state = models.CharField(max_length=8, default=ConcernState.OPEN)
    raised_at = models.DateTimeField(default=clock.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            one_of("state", ConcernState, name="concern_state_exists"),
            models.CheckConstraint(
                condition=Q(kind__in=["contraindication", "precaution"]), name="concern_kind_exists"
            ),
            models.UniqueConstraint(
                fields=["preparation", "code"], condition=~Q(state="gone"), name="one_concern_per_code"
            ),
            models.CheckConstraint(
                condition=~Q(state="cleared")
                | (Q(kind="precaution", decided_by__isnull=False, decided_at__isnull=False) & ~Q(words="")),
                name="concern_cleared_in_words",
            ),
        ]


class ConcernStep(StepRecord):
    """One move of a doubt about a vaccine."""

    concern = models.ForeignKey(VaccineConcern, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(concern_lifecycle, name="concern_step_is_legal")]


class VaccineConfirmation(models.Model):
    """A reason somebody gave to let a finding through while giving one vaccine. Append-only."""

    preparation = models.ForeignKey(VaccinePreparation, on_delete=models.PROTECT, related_name="confirmations")
    code = models.CharField(max_length=60)
    message = models.CharField(max_length=300)
    reason = models.CharField(max_length=240)
    at = models.DateTimeField(default=clock.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers: ClassVar = [append_only()]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="confirmation_has_a_reason")]


class StatementGiven(models.Model):
    """An information statement handed over before a vaccine: which edition, when, in which language. Append-only."""

    preparation = models.ForeignKey(VaccinePreparation, on_delete=models.PROTECT, related_name="statements")
    code = models.CharField(max_length=20)
    gdti = models.CharField(max_length=20)
    edition = models.DateField()
    given_on = models.DateField()
    given_at = models.DateTimeField(default=clock.now)
    language = models.CharField(max_length=10)
    how = models.CharField(max_length=12)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers: ClassVar = [append_only()]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(edition__lte=models.F("given_on")), name="statement_edition_exists_already"
            ),
            models.CheckConstraint(condition=Q(how__in=["paper", "screen", "link"]), name="statement_how_exists"),
        ]


@tracked()
class VaccineRefusal(Record):
    """A vaccine that was offered and refused: by whom, why, signed, before whom."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="vaccine_refusals")
    preparation = models.OneToOneField(VaccinePreparation, on_delete=models.PROTECT, related_name="refusal")
    group = models.CharField(max_length=60)
    cvx = models.CharField(max_length=4)
    refused_on = models.DateField()
    reason = models.CharField(max_length=2)
    words = models.CharField(max_length=240, blank=True)
    by_name = models.CharField(max_length=120)
    by_relation = models.CharField(max_length=40)
    signature = models.CharField(max_length=120)
    signed_at = models.DateTimeField()
    witness = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    visit_ref = models.UUIDField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reason__in=["00", "01", "02", "03"]), name="refusal_reason_exists"),
            models.CheckConstraint(condition=~Q(signature=""), name="refusal_is_signed"),
            models.CheckConstraint(condition=~Q(reason="02") | ~Q(words=""), name="other_refusal_says_why"),
        ]
