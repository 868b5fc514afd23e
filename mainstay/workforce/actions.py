"""Signing in, and what is kept of every try."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.workforce.errors import LockedOut, WrongNameOrPassword
from mainstay.workforce.models import SignInRecord, Staff

TRIES = 5
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a try to sign in comes from."""

    address: str | None = None
    workstation: str = ""


def prove_identity(*, username: str, secret: str, how: str, origin: Origin, now: datetime) -> Staff:
    """The person who knows this name and secret (`how`: password or pin); every try is written down.

    Five wrong tries in 15 minutes lock the name, whoever tries. Raises `LockedOut` and `WrongNameOrPassword`;
    both look the same for a name that does not exist.
    """
    name = username.strip().lower()[:60]
    staff = Staff.objects.filter(username__iexact=name, is_active=True).first()
    if _failures(name, now) >= TRIES:
        _write_down(name, staff, how, origin, now, is_success=False)
        raise LockedOut()
    hashed = (staff.pin_hash if how == "pin" else staff.password) if staff else ""
    is_right = check_password(secret, hashed or make_password("nobody's password"))
    _write_down(name, staff, how, origin, now, is_success=bool(is_right and staff))
    if not is_right or staff is None:
        raise WrongNameOrPassword()
    return staff


def _failures(name: str, now: datetime) -> int:
    recent = SignInRecord.objects.filter(username=name, at__gt=now - WINDOW)
    last_good = recent.filter(is_success=True).order_by("-at").values_list("at", flat=True).first()
    failed = recent.filter(is_success=False)
    return (failed.filter(at__gt=last_good) if last_good else failed).count()


def _write_down(name: str, staff: Staff | None, how: str, origin: Origin, now: datetime, *, is_success: bool) -> None:
    SignInRecord.objects.create(
        at=now,
        staff=staff,
        username=name,
        how=how,
        is_success=is_success,
        address=origin.address,
        workstation=origin.workstation,
    )


@transaction.atomic
def set_pin(*, actor: Actor, staff: Staff, pin: str) -> Staff:
    """Set one's own PIN for fast switching: 4 to 8 digits, not all the same, not in sequence."""
    if actor.staff_id != staff.pk:
        raise InvalidInput("Everybody sets their own PIN.")
    is_plain = pin in "0123456789" or pin in "9876543210" or len(set(pin)) == 1
    if not pin.isdigit() or not 4 <= len(pin) <= 8 or is_plain:
        raise InvalidInput("Use 4 to 8 digits that are not all the same and not in sequence.", field="pin")
    staff.pin_hash = make_password(pin)
    staff.save(update_fields=["pin_hash"])
    return staff
