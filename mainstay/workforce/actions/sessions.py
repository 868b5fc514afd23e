"""Sessions: opened, locked, parked for somebody else, taken up again, ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.moves import locked
from mainstay.practice.models import Site
from mainstay.workforce.actions.proving import Origin
from mainstay.workforce.models import Staff, StaffSession, Workstation
from mainstay.workforce.permissions import SEE_SIGN_INS

SEEN_EVERY = timedelta(seconds=60)


@transaction.atomic
def open_session(
    *, staff: Staff, how: str, origin: Origin, workstation: Workstation | None, site: Site | None, now: datetime
) -> StaffSession:
    """Begin somebody's stay on a device after a full sign-in; an earlier stay on the same workstation ends."""
    Staff.objects.select_for_update().get(pk=staff.pk)
    if workstation is not None:
        earlier = StaffSession.objects.filter(staff=staff, workstation=workstation, ended_at__isnull=True)
        earlier.update(ended_at=now, ended_by=staff, ended_why="signed in again")
    return StaffSession.objects.create(
        staff=staff,
        workstation=workstation,
        site=site,
        how=how,
        address=origin.address,
        device=origin.device[:80],
        full_at=now,
        seen_at=now,
    )


@transaction.atomic
def lock_session(*, session: StaffSession, place: str, now: datetime) -> StaffSession:
    """Nobody is there: ask again before anything is shown; the place is kept to come back to."""
    fresh = locked(StaffSession.objects.all(), pk=session.pk)
    if fresh.ended_at is None and fresh.locked_at is None:
        fresh.locked_at = now
        fresh.place = place[:200] or fresh.place
        fresh.save(update_fields=["locked_at", "place"])
    return fresh


@transaction.atomic
def resume_session(*, session: StaffSession, how: str, now: datetime) -> StaffSession:
    """Take up a locked or parked stay again; `how` says what was proved."""
    fresh = locked(StaffSession.objects.all(), pk=session.pk)
    fresh.locked_at, fresh.seen_at, fresh.how = None, now, how
    fresh.save(update_fields=["locked_at", "seen_at", "how"])
    return fresh


def note_seen(*, session: StaffSession, now: datetime) -> None:
    """Remember that a session is in use, at most once a minute."""
    if now - session.seen_at >= SEEN_EVERY:
        StaffSession.objects.filter(pk=session.pk).update(seen_at=now)


def keep_site(*, session: StaffSession, site: Site) -> None:
    """Remember at which site somebody works on this device."""
    StaffSession.objects.filter(pk=session.pk).update(site=site)


@transaction.atomic
def end_session(*, actor: Actor, session: StaffSession, why: str = "signed out") -> StaffSession:
    """End a stay: one's own, or with the permission somebody else's."""
    if actor.staff_id != session.staff_id:
        actor.may(SEE_SIGN_INS).or_raise()
    fresh = locked(StaffSession.objects.all(), pk=session.pk)
    if fresh.ended_at is None:
        fresh.ended_at, fresh.ended_by_id, fresh.ended_why = actor.now, actor.staff_id, why[:60]
        fresh.save(update_fields=["ended_at", "ended_by", "ended_why"])
    return fresh


@transaction.atomic
def end_sessions(*, actor: Actor, staff: Staff, keep: StaffSession | None = None, why: str = "ended") -> int:
    """End every stay of one person, on every device, but the one to keep; returns how many."""
    if actor.staff_id != staff.pk:
        actor.may(SEE_SIGN_INS).or_raise()
    going = StaffSession.objects.filter(staff=staff, ended_at__isnull=True)
    if keep is not None:
        going = going.exclude(pk=keep.pk)
    return going.update(ended_at=actor.now, ended_by_id=actor.staff_id, ended_why=why[:60])
