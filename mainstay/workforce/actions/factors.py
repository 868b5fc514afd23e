"""Second factors: an authenticator app, passkeys, recovery codes; added, used once, removed."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from fido2.server import Fido2Server
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticationResponse

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput, NotPermitted
from mainstay.foundation.moves import locked
from mainstay.foundation.sealing import seal, unseal
from mainstay.workforce.actions.proving import Origin, prove
from mainstay.workforce.errors import LockedOut, WrongCode, WrongNameOrPassword
from mainstay.workforce.models import FactorKind, RecoveryCode, SecondFactor, Staff
from mainstay.workforce.one_time_codes import matching_step
from mainstay.workforce.permissions import MANAGE_STAFF
from mainstay.workforce.rules import FACTOR_SEAL, NEEDS_SECOND_FACTOR

HOW_MANY = 10
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@transaction.atomic
def add_authenticator(*, actor: Actor, staff: Staff, secret: str, code: str) -> SecondFactor:
    """Add an authenticator app once it has shown a right code; an earlier one is replaced.

    Raises `WrongCode`, and `InvalidInput` for the app that is there already: a form sent twice adds one.
    """
    _own(actor, staff)
    step = matching_step(secret, code, now=actor.now, after=0)
    if step is None:
        raise WrongCode(field="code")
    Staff.objects.select_for_update().get(pk=staff.pk)
    earlier = _live(staff, FactorKind.AUTHENTICATOR)
    if any(unseal(one.sealed, purpose=FACTOR_SEAL) == secret for one in earlier):
        raise InvalidInput("This app is set up already.", field="code")
    earlier.update(removed_at=actor.now)
    return SecondFactor.objects.create(
        staff=staff,
        kind=FactorKind.AUTHENTICATOR,
        name="Authenticator app",
        sealed=seal(secret, purpose=FACTOR_SEAL),
        counter=step,
        created_at=actor.now,
    )


@transaction.atomic
def add_passkey(
    *, actor: Actor, staff: Staff, server: Fido2Server, state: Mapping[str, Any], response: Mapping[str, Any], name: str
) -> SecondFactor:
    """Add a passkey from what the browser answered to our challenge. Raises `InvalidInput`."""
    _own(actor, staff)
    try:
        made = server.register_complete(state, response)
    except (ValueError, KeyError, TypeError):
        raise InvalidInput("The passkey did not answer as it should. Try again.") from None
    credential = made.credential_data
    assert credential is not None
    kept = json.dumps({"credential": websafe_encode(bytes(credential))})
    return SecondFactor.objects.create(
        staff=staff,
        kind=FactorKind.PASSKEY,
        name=name.strip()[:60] or "Passkey",
        sealed=seal(kept, purpose=FACTOR_SEAL),
        credential_ref=_ref(credential.credential_id),
        counter=made.counter,
        created_at=actor.now,
    )


@transaction.atomic
def remove_factor(*, actor: Actor, factor: SecondFactor) -> SecondFactor:
    """Remove one's own second factor, unless the role demands one and it is the last."""
    _own(actor, factor.staff)
    Staff.objects.select_for_update().get(pk=factor.staff_id)
    fresh = locked(SecondFactor.objects.all(), pk=factor.pk)
    others = SecondFactor.objects.filter(staff_id=fresh.staff_id, removed_at__isnull=True).exclude(pk=fresh.pk)
    if NEEDS_SECOND_FACTOR & set(fresh.staff.roles) and not others.exists():
        raise InvalidInput("Your role needs a second factor. Add another one first, then remove this one.")
    fresh.removed_at = fresh.removed_at or actor.now
    fresh.save(update_fields=["removed_at"])
    return fresh


@transaction.atomic
def reset_factors(*, actor: Actor, staff: Staff, reason: str) -> int:
    """Remove every second factor of somebody who lost theirs: an administrator's act; returns how many."""
    actor.may(MANAGE_STAFF).or_raise()
    if actor.staff_id == staff.pk or not (actor.all_permissions or "administrator" in actor.roles):
        raise NotPermitted("Another person who is an administrator resets a second factor.")
    if not reason.strip():
        raise InvalidInput("Say how you made sure who asks.", field="reason")
    RecoveryCode.objects.filter(staff=staff, used_at=None, replaced_at=None).update(replaced_at=actor.now)
    staff.sessions.filter(ended_at__isnull=True).update(
        ended_at=actor.now, ended_by_id=actor.staff_id, ended_why=f"second factor reset: {reason.strip()}"[:60]
    )
    return SecondFactor.objects.filter(staff=staff, removed_at__isnull=True).update(removed_at=actor.now)


@transaction.atomic
def make_recovery_codes(*, actor: Actor, staff: Staff) -> list[str]:
    """Ten new recovery codes, shown once and each good once; those made before are good no longer."""
    _own(actor, staff)
    Staff.objects.select_for_update().get(pk=staff.pk)
    RecoveryCode.objects.filter(staff=staff, used_at=None, replaced_at=None).update(replaced_at=actor.now)
    codes = ["".join(secrets.choice(LETTERS) for _ in range(10)) for _ in range(HOW_MANY)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(staff=staff, code_hash=_code_hash(staff, code), made_at=actor.now) for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def prove_code(*, staff: Staff, code: str, origin: Origin, now: datetime) -> str:
    """Let a code of the authenticator app or a recovery code pass, once; returns which it was.

    Counts towards the lock-out of the name like a wrong password. Raises `WrongCode` and `LockedOut`.
    """
    typed = "".join(c for c in code.lower() if c.isalnum())
    how = "totp" if typed.isdigit() and len(typed) == 6 else "recovery_code"
    use = _use_authenticator if how == "totp" else _use_recovery_code
    try:
        prove(
            name=staff.username.lower(),
            staff=staff,
            how=how,
            origin=origin,
            now=now,
            is_right=lambda: use(staff, typed, now),
        )
    except LockedOut:
        raise
    except WrongNameOrPassword:
        raise WrongCode(field="code") from None
    return how


def prove_passkey(
    *,
    server: Fido2Server,
    state: Mapping[str, Any],
    response: Mapping[str, Any],
    only: Staff | None,
    origin: Origin,
    now: datetime,
) -> Staff:
    """The person whose passkey signed our challenge (`only`: it has to be this one).

    Raises `WrongCode` and `LockedOut`; a signature count that does not grow is a copied key and is refused.
    """
    try:
        answer = AuthenticationResponse.from_dict(response)
    except (ValueError, KeyError, TypeError):
        raise WrongCode("The passkey did not answer as it should. Try again.") from None
    factor = (
        SecondFactor.objects.select_related("staff")
        .filter(credential_ref=_ref(answer.raw_id), removed_at__isnull=True, staff__is_active=True)
        .first()
    )
    if factor is None or (only is not None and factor.staff_id != only.pk):
        raise WrongCode("This passkey is not known here.")
    try:
        prove(
            name=factor.staff.username.lower(),
            staff=factor.staff,
            how="passkey",
            origin=origin,
            now=now,
            is_right=lambda: _use_passkey(factor, server, state, answer, now),
        )
    except LockedOut:
        raise
    except WrongNameOrPassword:
        raise WrongCode("The passkey did not answer as it should. Try again.") from None
    return factor.staff


def _use_passkey(
    factor: SecondFactor, server: Fido2Server, state: Mapping[str, Any], answer: AuthenticationResponse, now: datetime
) -> bool:
    fresh = locked(SecondFactor.objects.all(), pk=factor.pk)
    kept = json.loads(unseal(fresh.sealed, purpose=FACTOR_SEAL))
    credential = AttestedCredentialData(websafe_decode(kept["credential"]))
    try:
        server.authenticate_complete(state, [credential], answer)
    except ValueError:
        return False
    count = answer.response.authenticator_data.counter
    if (count or fresh.counter) and count <= fresh.counter:
        return False
    fresh.counter, fresh.used_at = count, now
    fresh.save(update_fields=["counter", "used_at"])
    return True


def _use_authenticator(staff: Staff, code: str, now: datetime) -> bool:
    factor = _live(staff, FactorKind.AUTHENTICATOR).select_for_update().first()
    if factor is None:
        return False
    secret = unseal(factor.sealed, purpose=FACTOR_SEAL)
    step = matching_step(secret, code, now=now, after=factor.counter)
    if step is None:
        return False
    factor.counter, factor.used_at = step, now
    factor.save(update_fields=["counter", "used_at"])
    return True


def _use_recovery_code(staff: Staff, code: str, now: datetime) -> bool:
    open_ = RecoveryCode.objects.filter(
        staff=staff, code_hash=_code_hash(staff, code), used_at__isnull=True, replaced_at__isnull=True
    )
    return open_.update(used_at=now) == 1


def _live(staff: Staff, kind: FactorKind) -> Any:
    return SecondFactor.objects.filter(staff=staff, kind=kind, removed_at__isnull=True)


def _code_hash(staff: Staff, code: str) -> str:
    return salted_hmac(f"recovery code of {staff.public_id}", code, algorithm="sha256").hexdigest()


def _ref(credential_id: bytes) -> str:
    return hashlib.sha256(credential_id).hexdigest()


def _own(actor: Actor, staff: Staff) -> None:
    if actor.staff_id != staff.pk:
        raise NotPermitted("Everybody sets up their own sign-in.")
