"""Proving who one is: a name with a password, a PIN or a second factor, and what is kept of every try."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction

from mainstay.workforce.errors import LockedOut, WrongNameOrPassword
from mainstay.workforce.models import SignInRecord, Staff
from mainstay.workforce.rules import TRIES, WINDOW

FULL = ("password", "totp", "passkey", "recovery_code", "unlocked")
"""Successes that let a name start counting anew. A password that still wants a second factor is not one of them."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try to sign in comes from."""

    address: str | None = None
    workstation: str = ""
    device: str = ""


def prove_identity(*, username: str, secret: str, how: str, origin: Origin, now: datetime) -> Staff:
    """The person who knows this name and secret (`how`: password, password_part or pin); every try is written down.

    `password_part` is a password to which a second factor is still owed: it does not end a row of wrong tries.
    Five wrong tries in 15 minutes lock the name, whoever tries. Raises `LockedOut` and `WrongNameOrPassword`;
    both look the same for a name that does not exist. Call it outside a transaction, so that a failed try is kept.
    """
    name = username.strip().lower()[:60]
    staff = Staff.objects.filter(username__iexact=name, is_active=True).first()
    kept = (staff.pin_hash if how == "pin" else staff.password) if staff else ""

    def is_right() -> bool:
        return check_password(secret, kept or _nobodys_secret()) and bool(kept)

    prove(name=name, staff=staff, how=how, origin=origin, now=now, is_right=is_right)
    assert staff is not None
    return staff


def prove(
    *, name: str, staff: Staff | None, how: str, origin: Origin, now: datetime, is_right: Callable[[], bool]
) -> None:
    """Let one try pass or fail, one at a time for each name, and write it down either way.

    Raises `LockedOut` and `WrongNameOrPassword`.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(7262002, hashtext(%s))", [name])
        is_locked = _failures(name, how, now) >= TRIES
        is_good = not is_locked and is_right()
        SignInRecord.objects.create(
            at=now,
            staff=staff,
            username=name,
            how=how,
            is_success=is_good,
            address=origin.address,
            workstation=origin.workstation,
        )
    if is_locked:
        raise LockedOut()
    if not is_good:
        raise WrongNameOrPassword()


def _failures(name: str, how: str, now: datetime) -> int:
    """Wrong tries since the last good one; a PIN that was right does not forgive wrong passwords."""
    recent = SignInRecord.objects.filter(username=name, at__gt=now - WINDOW)
    forgiving = (*FULL, "pin") if how == "pin" else FULL
    last_good = recent.filter(is_success=True, how__in=forgiving).order_by("-pk").values_list("pk", flat=True).first()
    failed = recent.filter(is_success=False)
    return (failed.filter(pk__gt=last_good) if last_good else failed).count()


@cache
def _nobodys_secret() -> str:
    return make_password("nobody's password")
