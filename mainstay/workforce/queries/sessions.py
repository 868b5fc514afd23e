"""Sessions, workstations and sign-ins, as looked up on each request and on the pages about them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from fido2.utils import websafe_decode

from mainstay.foundation.errors import NotFound
from mainstay.foundation.sealing import unseal
from mainstay.workforce.models import (
    FactorKind,
    RecoveryCode,
    SecondFactor,
    SignInRecord,
    Staff,
    StaffSession,
    Workstation,
)
from mainstay.workforce.rules import FACTOR_SEAL, PIN_LASTS, needs_second_factor


def session_of(public_id: str, staff_id: int) -> StaffSession | None:
    """One person's session by its id, ended or not."""
    try:
        key = UUID(public_id)
    except ValueError:
        return None
    return StaffSession.objects.select_related("workstation").filter(public_id=key, staff_id=staff_id).first()


def open_sessions_of(staff: Staff) -> QuerySet[StaffSession]:
    """Where somebody is signed in now."""
    return (
        StaffSession.objects.filter(staff=staff, ended_at__isnull=True)
        .select_related("workstation", "site")
        .order_by("-seen_at")
    )


def open_sessions() -> QuerySet[StaffSession]:
    """Where anybody is signed in now."""
    return (
        StaffSession.objects.filter(ended_at__isnull=True)
        .select_related("staff", "workstation", "site")
        .order_by("-seen_at")
    )


def session_named(public_id: UUID) -> StaffSession:
    """An open session by its id. Raises `NotFound`."""
    found = open_sessions().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("This session has ended.")
    return found


def workstation_known_by(cookie: str) -> Workstation | None:
    """The registered workstation a cookie (`<id>.<secret>`) belongs to; None for any other computer."""
    name, _, secret = cookie.partition(".")
    try:
        key = UUID(name)
    except ValueError:
        return None
    found = Workstation.objects.select_related("site").filter(public_id=key, retired_at=None, is_trusted=True).first()
    given = hashlib.sha256(secret.encode()).hexdigest()
    return found if found and hmac.compare_digest(found.secret_hash, given) else None


def people_at(workstation: Workstation, now: datetime) -> Sequence[StaffSession]:
    """Whose PIN is enough at a workstation: signed in fully there within twelve hours, and has a PIN."""
    return list(
        StaffSession.objects.select_related("staff")
        .filter(workstation=workstation, ended_at__isnull=True, full_at__gt=now - PIN_LASTS, staff__is_active=True)
        .exclude(staff__pin_hash="")
        .order_by("staff__given_name", "staff__family_name")
    )


def workstations() -> QuerySet[Workstation]:
    """Every workstation, those in use first."""
    return Workstation.objects.select_related("site").order_by("retired_at", "site__name", "name")


def workstation_named(public_id: UUID) -> Workstation:
    """A workstation by its id. Raises `NotFound`."""
    found = workstations().filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such workstation.")
    return found


def factors_of(staff: Staff) -> QuerySet[SecondFactor]:
    """The second factors somebody has set up."""
    return SecondFactor.objects.filter(staff=staff, removed_at__isnull=True).order_by("kind", "created_at")


def passkeys_of(staff: Staff) -> QuerySet[SecondFactor]:
    """The passkeys somebody has."""
    return factors_of(staff).filter(kind=FactorKind.PASSKEY)


def factor_named(staff: Staff, public_id: UUID) -> SecondFactor:
    """One of somebody's second factors. Raises `NotFound`."""
    found = factors_of(staff).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("There is no such second factor.")
    return found


def recovery_codes_left(staff: Staff) -> int:
    """How many recovery codes are still good."""
    return RecoveryCode.objects.filter(staff=staff, used_at__isnull=True, replaced_at__isnull=True).count()


def second_factor_is_set_up(staff: Staff) -> bool:
    """Whether somebody can be asked for more than a password."""
    return factors_of(staff).exists()


def second_factor_wanted(staff: Staff) -> bool:
    """Whether a password alone is not enough for this person."""
    return needs_second_factor(staff.roles, has_one=factors_of(staff).exists())


def staff_by_name(username: str) -> Staff | None:
    """Whoever signs in with a name."""
    return Staff.objects.filter(username__iexact=username.strip()[:60], is_active=True).first()


def sign_ins(*, staff: Staff | None = None, only_failed: bool = False) -> QuerySet[SignInRecord]:
    """Every try to sign in, newest first, each marked when the person never came from that address before."""
    earlier = SignInRecord.objects.filter(
        staff=OuterRef("staff"), address=OuterRef("address"), is_success=True, pk__lt=OuterRef("pk")
    )
    found = SignInRecord.objects.select_related("staff").annotate(is_known_place=Exists(earlier)).order_by("-pk")
    if staff is not None:
        found = found.filter(staff=staff)
    return found.filter(is_success=False) if only_failed else found


def known_passkeys(staff: Staff) -> list[bytes]:
    """The public halves of somebody's passkeys, as `AttestedCredentialData` bytes."""
    kept = [json.loads(unseal(row.sealed, purpose=FACTOR_SEAL)) for row in passkeys_of(staff)]
    return [websafe_decode(one["credential"]) for one in kept]
