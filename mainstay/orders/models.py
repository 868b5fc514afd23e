"""Orders for one patient, and standing orders for many: what was signed is never changed."""

from __future__ import annotations

import uuid
from functools import reduce
from operator import or_
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from mainstay.foundation import clock
from mainstay.foundation.constraints import both_or_neither, legal_steps_only, one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.orders.lifecycle import STATE_WORDS, OrderState, StandingState, order_lifecycle, standing_lifecycle
from mainstay.orders.rules_standing import Criterion, Effect, Terms
from mainstay.people.models import Patient
from mainstay.practice.models import Site

ORDER_CONTENT = (
    "patient", "kind", "system", "code", "vaccine_group", "name", "dose", "dose_unit", "quantity", "quantity_unit",
    "route", "reason", "instructions", "priority", "replaces",
)  # fmt: skip
"""What a signature on an order binds."""
STANDING_CONTENT = (
    "family", "version", "title", "acts", "vaccine_groups", "cvx", "roles", "credentials", "indication",
    "screening", "vis", "documentation", "emergency", "starts_on", "signed_through", "supersedes",
)  # fmt: skip
"""What a signature on a standing order binds, beside its sites, criteria and products."""


SIGNATURE = ("signed_by", "signed_at", "signed_license", "content_sha256")


def _signed_and_changed(content: tuple[str, ...]) -> pgtrigger.Q:
    """Whether a signed row would be given other content, or another signature."""
    changed = (pgtrigger.Q(**{f"old__{name}__df": pgtrigger.F(f"new__{name}")}) for name in (*content, *SIGNATURE))
    return pgtrigger.Q(old__signed_at__isnull=False) & reduce(or_, changed)


def _staff(**more: Any) -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", **more)


@tracked()
class Order(Record):
    """One thing to be done for one patient, prepared by somebody and signed by a provider.

    `system` and `code` say what in a standard's words, `name` in ours. `sign_by` is when its wait for a signature
    becomes work; `expires_on` the last day it may be carried out. `used_ref` is what it was used for (a dose's id).
    `content_sha256` is the seal over what was signed.
    """

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="orders")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    visit_ref = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=20)
    system = models.CharField(max_length=20)
    code = models.CharField(max_length=40, blank=True)
    vaccine_group = models.CharField(max_length=60, blank=True)
    name = models.CharField(max_length=160)
    dose = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    dose_unit = models.CharField(max_length=20, blank=True)
    quantity = models.DecimalField(max_digits=10, decimal_places=4, null=True, blank=True)
    quantity_unit = models.CharField(max_length=20, blank=True)
    route = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=240)
    instructions = models.CharField(max_length=500, blank=True)
    priority = models.CharField(max_length=10, default="routine")
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    state = models.CharField(max_length=20, default=OrderState.PENDED)
    pended_by = _staff(null=True)
    pended_at = models.DateTimeField(default=clock.now)
    instructed_by = _staff(null=True, blank=True)
    for_provider = _staff(null=True, blank=True)
    sign_by = models.DateTimeField()
    signed_by = _staff(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_license = models.CharField(max_length=12, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    declined_because = models.CharField(max_length=300, blank=True)
    decline_seen_at = models.DateTimeField(null=True, blank=True)
    used_ref = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["site", "sign_by"], condition=Q(state="pended"), name="order_to_sign"),
            models.Index(fields=["patient"], condition=Q(state__in=["signed", "in_progress"]), name="order_to_do"),
            models.Index(fields=["site"], condition=Q(state__in=["signed", "in_progress"]), name="order_to_do_here"),
            models.Index(fields=["patient", "-pended_at"]),
            models.Index(fields=["visit_ref"], name="order_of_visit"),
            models.Index(
                fields=["pended_by"], condition=Q(state="declined", decline_seen_at__isnull=True), name="order_declined"
            ),
        ]
        constraints: ClassVar = [
            one_of("state", OrderState, name="order_state_exists"),
            both_or_neither("signed_by", "signed_at", name="order_signed_by_somebody"),
            models.CheckConstraint(
                condition=~Q(state__in=["signed", "in_progress", "done"])
                | (Q(signed_at__isnull=False, expires_on__isnull=False) & ~Q(content_sha256="")),
                name="order_is_done_on_a_signature",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(declined_because=""), name="declined_order_says_why"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(used_ref__isnull=False), name="done_order_says_for_what"
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="signed_order_stays",
                operation=pgtrigger.Update,
                condition=_signed_and_changed(ORDER_CONTENT),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} order {self.pk} ({self.state})"

    @property
    def state_words(self) -> str:
        """Where it stands, as people read it."""
        return STATE_WORDS[OrderState(self.state)]


class OrderStep(StepRecord):
    """One move of an order."""

    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(order_lifecycle, name="order_step_is_legal")]

    @property
    def words(self) -> str:
        """Where it led, as people read it."""
        return STATE_WORDS[OrderState(self.target)]


@tracked()
class StandingOrder(Record):
    """An order for a class of patients: written, dated, signed by somebody who may delegate, reviewed every year.

    `family` is what its versions share. `acts` are codes of the authority's acts; `vaccine_groups` and `cvx` what it
    covers (either suffices). `roles` and `credentials` say who may act on it (any of each; no credential: any).
    `signed_through` is the end as signed, `expires_on` the end as last reviewed.
    """

    family = models.UUIDField(default=uuid.uuid4)
    version = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=120)
    acts = ArrayField(models.CharField(max_length=40))
    vaccine_groups = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    cvx = ArrayField(models.CharField(max_length=4), default=list, blank=True)
    roles = ArrayField(models.CharField(max_length=30))
    credentials = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    indication = models.TextField(blank=True)
    screening = models.CharField(max_length=40, blank=True)
    vis = models.CharField(max_length=300, blank=True)
    documentation = models.TextField(blank=True)
    emergency = models.TextField()
    starts_on = models.DateField()
    signed_through = models.DateField()
    expires_on = models.DateField()
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    state = models.CharField(max_length=12, default=StandingState.DRAFT)
    written_by = _staff(null=True)
    signed_by = _staff(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_license = models.CharField(max_length=12, blank=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)
    withdrawn_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["title", "-version"]
        indexes: ClassVar = [models.Index(fields=["expires_on"], condition=Q(state="signed"), name="standing_signed")]
        constraints: ClassVar = [
            one_of("state", StandingState, name="standing_state_exists"),
            both_or_neither("signed_by", "signed_at", name="standing_signed_by_somebody"),
            models.UniqueConstraint(fields=["family", "version"], name="one_standing_order_per_version"),
            models.UniqueConstraint(
                fields=["family"], condition=Q(state="signed"), name="one_signed_version_per_standing_order"
            ),
            models.CheckConstraint(
                condition=Q(signed_through__gte=F("starts_on"), expires_on__gte=F("starts_on")),
                name="standing_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"])
                | (Q(signed_at__isnull=False, reviewed_on__isnull=False) & ~Q(content_sha256="")),
                name="standing_order_rests_on_a_signature",
            ),
        ]
        triggers: ClassVar = [
            pgtrigger.Protect(
                name="signed_standing_order_stays",
                operation=pgtrigger.Update,
                condition=_signed_and_changed(STANDING_CONTENT),
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.version}"

    def terms(self, *, review_months: int) -> Terms:
        """From when to when it speaks, as the rules ask."""
        return Terms(
            is_signed=self.signed_at is not None,
            is_withdrawn=self.state in (StandingState.SUPERSEDED, StandingState.WITHDRAWN),
            starts_on=self.starts_on,
            expires_on=self.expires_on,
            reviewed_on=self.reviewed_on,
            review_months=review_months,
        )


def _only_while_drafted() -> pgtrigger.Trigger:
    """Refuse to add a part to a standing order that is signed."""
    return pgtrigger.Trigger(
        name="only_while_drafted",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="""
            IF EXISTS (SELECT 1 FROM orders_standingorder o
                       WHERE o.id = NEW.standing_order_id AND o.signed_at IS NOT NULL) THEN
                RAISE EXCEPTION 'pgtrigger: Cannot add a part to a signed standing order';
            END IF;
            RETURN NEW;
        """,
    )


class StandingSite(models.Model):
    """One site a standing order is for; with none it is for every site."""

    standing_order = models.ForeignKey(StandingOrder, on_delete=models.PROTECT, related_name="site_rows")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["standing_order", "site"], name="standing_site_once")]
        triggers: ClassVar = [append_only(), _only_while_drafted()]


class StandingCriterion(models.Model):
    """One line of who a standing order lets in or keeps out; see `rules_standing.Criterion`."""

    standing_order = models.ForeignKey(StandingOrder, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    effect = models.CharField(max_length=8)
    words = models.CharField(max_length=300)
    least_age = models.CharField(max_length=5, blank=True)
    younger_than = models.CharField(max_length=5, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    condition = models.CharField(max_length=12, blank=True)
    question = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            one_of("effect", Effect, name="criterion_effect_exists"),
            models.CheckConstraint(
                condition=Q(least_age="") | Q(least_age__regex=r"^\d{1,3}[dwmy]$"), name="criterion_least_age_is_an_age"
            ),
            models.CheckConstraint(
                condition=Q(younger_than="") | Q(younger_than__regex=r"^\d{1,3}[dwmy]$"),
                name="criterion_younger_than_is_an_age",
            ),
        ]
        triggers: ClassVar = [append_only(), _only_while_drafted()]

    def as_rule(self) -> Criterion:
        """The line as the rules judge it."""
        return Criterion(
            effect=Effect(self.effect),
            words=self.words,
            least_age=self.least_age,
            younger_than=self.younger_than,
            sex=self.sex,
            condition=self.condition,
            question=self.question,
        )


class StandingProduct(models.Model):
    """One product a standing order lets be given, to which ages: dose, route, body site and needle."""

    standing_order = models.ForeignKey(StandingOrder, on_delete=models.PROTECT, related_name="products")
    position = models.PositiveSmallIntegerField()
    cvx = models.CharField(max_length=4, blank=True)
    name = models.CharField(max_length=120)
    least_age = models.CharField(max_length=5, blank=True)
    younger_than = models.CharField(max_length=5, blank=True)
    dose = models.DecimalField(max_digits=8, decimal_places=4, null=True, blank=True)
    dose_unit = models.CharField(max_length=20, blank=True)
    route = models.CharField(max_length=20, blank=True)
    body_site = models.CharField(max_length=80, blank=True)
    needle = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["position"]
        triggers: ClassVar = [append_only(), _only_while_drafted()]


class StandingReview(models.Model):
    """One review of a standing order: who looked, when, until when it holds from then on."""

    standing_order = models.ForeignKey(StandingOrder, on_delete=models.PROTECT, related_name="reviews")
    reviewed_by = _staff(null=True)
    reviewed_at = models.DateTimeField(default=clock.now)
    license = models.CharField(max_length=12)
    holds_through = models.DateField()
    words = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["reviewed_at"]
        triggers: ClassVar = [append_only()]


class StandingStep(StepRecord):
    """One move of a standing order."""

    standing_order = models.ForeignKey(StandingOrder, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(standing_lifecycle, name="standing_step_is_legal")]
