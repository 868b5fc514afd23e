"""Signing in, and what is kept of every try; who works here, what they hold and can do, when they are here."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.practice.models import Site
from mainstay.workforce.errors import LockedOut, SignsOffThemselves, WrongNameOrPassword
from mainstay.workforce.models import (
    CompetencySignOff,
    Credential,
    LadderRung,
    Presence,
    PresenceKind,
    Shift,
    SignInRecord,
    Staff,
)
from mainstay.workforce.permissions import MANAGE_STAFF, PLAN_SHIFTS, SIGN_OFF, VERIFY_CREDENTIALS
from mainstay.workforce.roles import roles

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


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Somebody who starts working here."""

    username: str
    given_name: str
    family_name: str
    shown_name: str
    roles: tuple[str, ...]
    title: str = ""
    licence: str = ""
    email: str = ""
    npi: str = ""


@transaction.atomic
def hire(*, actor: Actor, person: NewStaff, home_site: Site | None, password: str) -> Staff:
    """Let somebody start: their account, roles and site. Raises `InvalidInput` for a taken name or unknown role."""
    actor.may(MANAGE_STAFF).or_raise()
    if Staff.objects.filter(username__iexact=person.username.strip()).exists():
        raise InvalidInput("Somebody signs in with that name already.", field="username")
    if unknown := set(person.roles) - set(roles()):
        raise InvalidInput(f"There is no role {', '.join(sorted(unknown))}.", field="roles")
    values = {**asdict(person), "username": person.username.strip().lower(), "roles": list(person.roles)}
    staff = Staff(**values, home_site=home_site, hired_on=actor.today)
    staff.set_password(password)
    staff.save()
    if home_site:
        staff.sites.add(home_site)
    return staff


@transaction.atomic
def record_credential(
    *, actor: Actor, staff: Staff, code: str, issuer: str, number: str = "", expires_on: date | None = None
) -> Credential:
    """Write down a credential somebody holds; it counts once it is verified."""
    actor.may(VERIFY_CREDENTIALS).or_raise()
    return Credential.objects.create(staff=staff, code=code, issuer=issuer, number=number, expires_on=expires_on)


@transaction.atomic
def verify_credential(*, actor: Actor, credential: Credential, verifier: Staff, how: str) -> Credential:
    """Say who verified a credential at its issuer, and how."""
    actor.may(VERIFY_CREDENTIALS).or_raise()
    if not how.strip():
        raise InvalidInput("Say how it was verified.", field="how")
    fresh = locked(Credential.objects.all(), pk=credential.pk)
    fresh.verified_by, fresh.verified_at, fresh.verified_how = verifier, actor.now, how.strip()[:120]
    fresh.save()
    return fresh


@dataclass(frozen=True, slots=True)
class Assessment:
    """What an assessor saw: the rung reached with one act, how often, by which checklist, until when."""

    act: str
    rung: LadderRung
    checklist_version: str
    times: int = 1
    restriction: str = ""
    expires_on: date | None = None


@transaction.atomic
def sign_off_competency(*, actor: Actor, staff: Staff, assessor: Staff, assessment: Assessment) -> CompetencySignOff:
    """Sign off one act for somebody. Raises `SignsOffThemselves`; a failed assessment takes the act away at once."""
    actor.may(SIGN_OFF).or_raise()
    if staff.pk == assessor.pk:
        raise SignsOffThemselves()
    return CompetencySignOff.objects.create(
        staff=staff, assessed_by=assessor, assessed_on=actor.today, **asdict(assessment)
    )


@transaction.atomic
def plan_shift(*, actor: Actor, staff: Staff, site: Site, starts: datetime, ends: datetime, duty: str = "") -> Shift:
    """Plan when somebody works where; the database refuses two shifts at once."""
    actor.may(PLAN_SHIFTS).or_raise()
    if ends <= starts:
        raise InvalidInput("A shift ends after it begins.", field="ends")
    return Shift.objects.create(staff=staff, site=site, during=DateTimeTZRange(starts, ends), duty=duty)


@transaction.atomic
def mark_present(*, actor: Actor, staff: Staff, site: Site, kind: PresenceKind = PresenceKind.SIGNED_IN) -> Presence:
    """Somebody is at a site from now on; where they were before ends."""
    here = Presence.objects.select_for_update(of=("self",)).filter(staff=staff, until=None).first()
    if here is not None and here.site_id == site.pk:
        return here
    if here is not None:
        here.until = actor.now
        here.save(update_fields=["until"])
    return Presence.objects.create(staff=staff, site=site, kind=kind, since=actor.now)


@transaction.atomic
def mark_gone(*, actor: Actor, staff: Staff) -> int:
    """Somebody leaves; returns how many presences ended (0 or 1)."""
    return Presence.objects.filter(staff=staff, until=None).update(until=actor.now)
