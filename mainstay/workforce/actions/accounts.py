"""Accounts: who works here, their roles, passwords and PINs; added, changed, unlocked, ended."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted
from mainstay.foundation.moves import locked
from mainstay.foundation.npi import read_npi
from mainstay.foundation.outbox import publish
from mainstay.practice.actions import close_in_turn
from mainstay.practice.models import Site
from mainstay.workforce.errors import NameTaken
from mainstay.workforce.events import StaffEnded
from mainstay.workforce.models import SignInRecord, Staff
from mainstay.workforce.permissions import MANAGE_STAFF
from mainstay.workforce.roles import roles
from mainstay.workforce.rules import pin_problem

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


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
    birth_date: date | None = None
    hired_on: date | None = None


@transaction.atomic
def hire(
    *,
    actor: Actor,
    person: NewStaff,
    home_site: Site | None,
    sites: Sequence[Site] = (),
    supervisor: Staff | None = None,
    password: str = "",
) -> Staff:
    """Let somebody start: their account, roles and sites. Without a password nobody signs in until one is given out.

    Raises `NameTaken`, `InvalidInput` for an unknown role, `NotPermitted` for a role the actor may not give.
    """
    actor.may(MANAGE_STAFF).or_raise()
    values = {field: value.strip() if isinstance(value, str) else value for field, value in asdict(person).items()}
    values["username"] = _free_name(person.username)
    values["roles"] = _known_roles(actor, person.roles, before=())
    values["npi"] = read_npi(person.npi)
    values["shown_name"] = values["shown_name"] or f"{values['given_name']} {values['family_name']}"
    values["hired_on"] = person.hired_on or actor.today
    staff = Staff(**values, home_site=home_site, supervisor=supervisor)
    staff.password = make_password(password or None)
    staff.save()
    staff.sites.set({site for site in (home_site, *sites) if site is not None})
    return staff


@transaction.atomic
def create_first_administrator(*, actor: Actor, person: NewStaff, password: str, sites: Sequence[Site] = ()) -> Staff:
    """Make the account a new practice begins with, at its first site; a second factor is asked for at once.

    Raises `IllegalMove` once anybody works here, `InvalidInput` for a weak password.
    """
    if Staff.objects.exists():
        raise IllegalMove("This practice has an administrator already. Sign in instead.")
    person = replace(person, roles=tuple(dict.fromkeys(("administrator", *person.roles))))
    _check_password(password, Staff(username=person.username, email=person.email, given_name=person.given_name))
    home = sites[0] if sites else None
    return hire(actor=actor, person=person, home_site=home, sites=sites, password=password)


@transaction.atomic
def change_staff(
    *,
    actor: Actor,
    staff: Staff,
    person: NewStaff,
    home_site: Site | None,
    sites: Sequence[Site] = (),
    supervisor: Staff | None = None,
) -> Staff:
    """Change what is known of somebody who works here, and their roles; the name they sign in with stays."""
    actor.may(MANAGE_STAFF).or_raise()
    fresh = locked(Staff.objects.all(), pk=staff.pk)
    chosen = _known_roles(actor, person.roles, before=fresh.roles)
    if fresh.pk == actor.staff_id and set(chosen) != set(fresh.roles):
        raise NotPermitted("Nobody changes their own roles. Ask another manager or administrator.")
    if supervisor is not None and supervisor.pk == fresh.pk:
        raise InvalidInput("Nobody supervises themselves.", field="supervisor")
    person = replace(person, npi=read_npi(person.npi))
    for field, value in asdict(person).items():
        if field not in ("username", "roles"):
            setattr(fresh, field, value.strip() if isinstance(value, str) else value)
    fresh.shown_name = fresh.shown_name or fresh.get_full_name()
    fresh.roles, fresh.home_site, fresh.supervisor = chosen, home_site, supervisor
    fresh.save()
    fresh.sites.set({site for site in (home_site, *sites) if site is not None})
    return fresh


@transaction.atomic
def end_staff(*, actor: Actor, staff: Staff, left_on: date, reason: str, successor: Staff | None = None) -> Staff:
    """End somebody's account: nobody signs in with it again, every session ends now, `successor` gets their work."""
    actor.may(MANAGE_STAFF).or_raise()
    if staff.pk == actor.staff_id:
        raise InvalidInput("Nobody ends their own account. Ask another manager or administrator.")
    if not reason.strip():
        raise InvalidInput("Say why the account ends.", field="reason")
    if successor is not None and (successor.pk == staff.pk or not successor.is_active):
        raise InvalidInput("Give their work to somebody who works here.", field="successor")
    close_in_turn()
    fresh = locked(Staff.objects.all(), pk=staff.pk)
    if not fresh.is_active:
        raise IllegalMove("This account has ended already.")
    fresh.is_active, fresh.left_on = False, left_on
    fresh.save(update_fields=["is_active", "left_on"])
    _end_everything(actor, fresh, why=f"left: {reason.strip()}")
    publish(StaffEnded(staff_id=fresh.pk, successor_id=successor.pk if successor else None))
    return fresh


@transaction.atomic
def bring_back_staff(*, actor: Actor, staff: Staff) -> Staff:
    """Open an ended account again; its password has to be given out anew."""
    actor.may(MANAGE_STAFF).or_raise()
    fresh = locked(Staff.objects.all(), pk=staff.pk)
    if fresh.is_active:
        raise IllegalMove("This account is open.")
    fresh.is_active, fresh.left_on, fresh.pin_hash = True, None, ""
    fresh.password, fresh.must_change_password = make_password(None), True
    fresh.save()
    return fresh


@transaction.atomic
def unlock_staff(*, actor: Actor, staff: Staff) -> None:
    """Let a name that was locked after wrong tries try again at once."""
    actor.may(MANAGE_STAFF).or_raise()
    SignInRecord.objects.create(
        at=actor.now, staff=staff, username=staff.username.lower(), how="unlocked", is_success=True
    )


@transaction.atomic
def give_new_password(*, actor: Actor, staff: Staff) -> str:
    """A password to begin with, shown once, to be changed at the next sign-in; every session of theirs ends.

    A second factor stays as it is: whoever gives out a password does not get into an account that has one.
    """
    actor.may(MANAGE_STAFF).or_raise()
    if staff.pk == actor.staff_id:
        raise InvalidInput("Change your own password on your own page.")
    fresh = locked(Staff.objects.all(), pk=staff.pk)
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
    fresh.password, fresh.must_change_password, fresh.pin_hash = make_password(password), True, ""
    fresh.save(update_fields=["password", "must_change_password", "pin_hash"])
    _end_everything(actor, fresh, why="new password given out")
    unlock_staff(actor=actor, staff=fresh)
    return password


@transaction.atomic
def change_password(*, actor: Actor, staff: Staff, old: str, new: str) -> Staff:
    """Change one's own password; sessions elsewhere end."""
    if actor.staff_id != staff.pk:
        raise NotPermitted("Everybody changes their own password.")
    fresh = locked(Staff.objects.all(), pk=staff.pk)
    if not check_password(old, fresh.password):
        raise InvalidInput("That is not your password now.", field="old")
    if old == new:
        raise InvalidInput("Choose a password you do not have yet.", field="new")
    _check_password(new, fresh)
    fresh.password, fresh.must_change_password = make_password(new), False
    fresh.save(update_fields=["password", "must_change_password"])
    return fresh


@transaction.atomic
def set_pin(*, actor: Actor, staff: Staff, pin: str) -> Staff:
    """Set one's own PIN for fast switching: 4 to 8 digits, not all the same, not in sequence."""
    if actor.staff_id != staff.pk:
        raise InvalidInput("Everybody sets their own PIN.")
    if problem := pin_problem(pin):
        raise InvalidInput(problem, field="pin")
    staff.pin_hash = make_password(pin)
    staff.save(update_fields=["pin_hash"])
    return staff


def _end_everything(actor: Actor, staff: Staff, *, why: str) -> None:
    staff.sessions.filter(ended_at__isnull=True).update(
        ended_at=actor.now, ended_by_id=actor.staff_id, ended_why=why[:60]
    )
    staff.presences.filter(until__isnull=True).update(until=actor.now)


def _free_name(username: str) -> str:
    name = username.strip().lower()
    if not name or " " in name:
        raise InvalidInput("The name to sign in with has no spaces.", field="username")
    if Staff.objects.filter(username__iexact=name).exists():
        raise NameTaken(field="username")
    return name


def _known_roles(actor: Actor, chosen: Collection[str], *, before: Collection[str]) -> list[str]:
    """The roles, if they exist and the actor may give them: nobody gives more than managing staff allows."""
    known = roles()
    unknown = [c for c in chosen if c not in known]
    if unknown:
        raise InvalidInput(f"There is no role {unknown[0]!r}: use {', '.join(known)}.", field="roles")
    if not chosen:
        raise InvalidInput("Choose at least one role.", field="roles")
    given = set(chosen) - set(before)
    if "medical_director" in given and not actor.all_permissions and not _may_name_director(actor):
        raise NotPermitted("Only an administrator names a medical director.")
    return sorted(chosen)


def _may_name_director(actor: Actor) -> bool:
    return "administrator" in actor.roles


def _check_password(password: str, staff: Staff) -> None:
    try:
        validate_password(password, user=staff)
    except ValidationError as error:
        raise InvalidInput(" ".join(error.messages), field="new") from None
