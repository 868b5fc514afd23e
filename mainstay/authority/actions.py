"""What people do to the practice's own rules: write, sign, withdraw. A policy is replaced, never edited."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from mainstay.authority.errors import AlreadyWithdrawn, EndsBeforeItStarts, NoStatute
from mainstay.authority.events import PolicySigned, PolicyWithdrawn, PolicyWritten
from mainstay.authority.facts import PolicyEffect, Supervision
from mainstay.authority.law import acts, credential_kinds
from mainstay.authority.models import ClinicPolicy
from mainstay.authority.permissions import SIGN_POLICY, WRITE_POLICY
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.outbox import publish
from mainstay.practice.models import Site


@transaction.atomic
def write_policy(
    *,
    actor: Actor,
    act: str,
    effect: PolicyEffect,
    reason: str,
    effective: date,
    expires: date | None = None,
    site: Site | None = None,
    supervision: Supervision = Supervision.NOT_STATED,
    credentials: tuple[str, ...] = (),
    least_patient_age: int | None = None,
) -> ClinicPolicy:
    """Write a policy narrower than the tables: forbid an act, or ask for more. In force at once, without a signature.

    Raises `InvalidInput` for a loosening effect, an unknown act or credential, or a narrowing that asks for nothing.
    """
    actor.may(WRITE_POLICY).or_raise()
    _check(act, reason, effective, expires)
    if effect is PolicyEffect.LOOSEN:
        raise InvalidInput("A policy that allows more is signed by the medical director.", field="effect")
    if unknown := set(credentials) - set(credential_kinds()):
        raise InvalidInput(f"Unknown credential {', '.join(sorted(unknown))}.", field="credentials")
    asks_for_something = supervision is not Supervision.NOT_STATED or credentials or least_patient_age is not None
    if effect is PolicyEffect.NARROW and not asks_for_something:
        raise InvalidInput("Say what the policy asks for: presence, a credential or an age.", field="supervision")
    policy = ClinicPolicy.objects.create(
        act=act,
        effect=effect,
        reason=reason.strip(),
        effective=effective,
        expires=expires,
        site=site,
        supervision="" if supervision is Supervision.NOT_STATED else supervision.code,
        credentials=list(credentials),
        least_patient_age=least_patient_age,
        written_by_id=_author(actor),
        created_at=actor.now,
    )
    publish(PolicyWritten(policy_id=policy.pk))
    return policy


@transaction.atomic
def sign_policy(
    *,
    actor: Actor,
    act: str,
    statute: str,
    reason: str,
    effective: date,
    expires: date | None = None,
    site: Site | None = None,
) -> ClinicPolicy:
    """Sign, as medical director, a policy that opens an act the default closes, naming the statute it rests on.

    Order, sign-off and a supervisor on site are still asked for. Raises `NoStatute` without a statute.
    """
    actor.may(SIGN_POLICY).or_raise()
    _check(act, reason, effective, expires)
    if len(statute.strip()) < 5:
        raise NoStatute(field="statute")
    policy = ClinicPolicy.objects.create(
        act=act,
        effect=PolicyEffect.LOOSEN,
        statute=statute.strip(),
        reason=reason.strip(),
        effective=effective,
        expires=expires,
        site=site,
        written_by_id=_author(actor),
        signed_by_id=_author(actor),
        signed_at=actor.now,
        created_at=actor.now,
    )
    publish(PolicySigned(policy_id=policy.pk))
    return policy


@transaction.atomic
def withdraw_policy(*, actor: Actor, policy: ClinicPolicy, reason: str) -> ClinicPolicy:
    """Take a policy out of force now; the tables hold again. Raises `AlreadyWithdrawn` when somebody was first."""
    actor.may(WRITE_POLICY).or_raise()
    if not reason.strip():
        raise InvalidInput("Say why the policy is withdrawn.", field="reason")
    row = ClinicPolicy.objects.select_for_update().get(pk=policy.pk)
    if row.withdrawn_at is not None:
        raise AlreadyWithdrawn()
    row.withdrawn_at = actor.now
    row.withdrawn_by_id = actor.staff_id
    row.withdrawal_reason = reason.strip()
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawal_reason"])
    publish(PolicyWithdrawn(policy_id=row.pk))
    return row


def _check(act: str, reason: str, effective: date, expires: date | None) -> None:
    if act not in acts():
        raise InvalidInput(f"There is no act {act!r}.", field="act")
    if not reason.strip():
        raise InvalidInput("Say why, in one sentence; people who are refused will read it.", field="reason")
    if expires is not None and expires < effective:
        raise EndsBeforeItStarts(field="expires")


def _author(actor: Actor) -> int:
    if actor.staff_id is None:
        raise InvalidInput("A policy is written by a person, not by the system.")
    return actor.staff_id
