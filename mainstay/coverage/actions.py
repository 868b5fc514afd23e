"""Writing down who pays, and what somebody found out about it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from mainstay.coverage.models import CoverageCheck, Payer, Policy
from mainstay.coverage.permissions import RECORD
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.people.models import Patient

RESULTS = ("active", "inactive", "unknown")


@dataclass(frozen=True, slots=True)
class PolicyFacts:
    """What a card says. `copay` is in dollars, None when it is not known."""

    plan_name: str = ""
    member_id: str = ""
    group_number: str = ""
    subscriber_name: str = ""
    subscriber_birth_date: date | None = None
    relationship: str = "self"
    effective: date | None = None
    ended: date | None = None
    copay: Decimal | None = None


@transaction.atomic
def know_payer(*, actor: Actor, name: str, kind: str = "commercial", payer_id: str = "") -> Payer:
    """The payer of that name, made known if it is new."""
    actor.may(RECORD).or_raise()
    payer, _ = Payer.objects.get_or_create(name=name.strip(), defaults={"kind": kind, "payer_id": payer_id})
    return payer


@transaction.atomic
def record_policy(*, actor: Actor, patient: Patient, payer: Payer, facts: PolicyFacts, rank: int = 1) -> Policy:
    """Write down a policy; one that held this rank ends."""
    actor.may(RECORD).or_raise()
    Policy.objects.filter(patient=patient, rank=rank, ended=None, is_withdrawn=False).update(ended=actor.today)
    return Policy.objects.create(patient=patient, payer=payer, rank=rank, **asdict(facts))


@transaction.atomic
def record_check(
    *, actor: Actor, policy: Policy, result: str, how: str = "phone", copay: Decimal | None = None, note: str = ""
) -> CoverageCheck:
    """Write down what somebody found out: active, inactive or unknown. Raises `InvalidInput` for anything else."""
    actor.may(RECORD).or_raise()
    if result not in RESULTS:
        raise InvalidInput("Active, inactive or unknown.", field="result")
    return CoverageCheck.objects.create(
        policy=policy,
        checked_at=actor.now,
        checked_by_id=actor.staff_id,
        how=how,
        result=result,
        copay=copay,
        note=note[:240],
    )
