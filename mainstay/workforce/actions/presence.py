"""Who is on site: by clocking in, or by working at a registered workstation."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.practice.models import Site
from mainstay.workforce.models import Presence, PresenceKind, Shift, Staff

LONGEST_STAY = timedelta(hours=14)
AFTER_SHIFT = timedelta(minutes=30)


@transaction.atomic
def clock_in(*, actor: Actor, site: Site) -> Presence:
    """Say that one is at a site now."""
    if actor.staff_id is None:
        raise InvalidInput("Only people clock in.")
    return _arrive(actor.staff_id, site, PresenceKind.CLOCKED_IN, actor.now)


@transaction.atomic
def clock_out(*, actor: Actor) -> None:
    """Say that one has left."""
    _leave(actor.staff_id or 0, actor.now)


@transaction.atomic
def mark_present(*, actor: Actor, staff: Staff, site: Site, kind: PresenceKind = PresenceKind.SIGNED_IN) -> Presence:
    """Somebody is at a site from now on; where they were before ends."""
    return _arrive(staff.pk, site, kind, actor.now)


@transaction.atomic
def mark_gone(*, actor: Actor, staff: Staff) -> int:
    """Somebody leaves; returns how many presences ended (0 or 1)."""
    return _leave(staff.pk, actor.now)


@transaction.atomic
def note_presence(*, staff: Staff, site: Site, now: datetime) -> Presence:
    """Somebody works at a registered workstation of a site, so they are there."""
    return _arrive(staff.pk, site, PresenceKind.SIGNED_IN, now)


@transaction.atomic
def note_sign_out(*, staff: Staff, now: datetime) -> None:
    """Somebody signed out: they are gone, unless they clocked in, which only clocking out ends."""
    Staff.objects.select_for_update().get(pk=staff.pk)
    here = Presence.objects.filter(staff=staff, until__isnull=True, kind=PresenceKind.SIGNED_IN)
    here.update(until=now)


@transaction.atomic
def end_stale_presences(*, actor: Actor) -> int:
    """End the presence of people whose last shift is over, or who cannot still be here; returns how many."""
    ended = 0
    for here in Presence.objects.select_for_update(skip_locked=True).filter(until__isnull=True):
        ends = _shift_end(here, actor.now)
        latest = ends + AFTER_SHIFT if ends else here.since + LONGEST_STAY
        if actor.now >= latest:
            here.until = ends if ends and ends > here.since else actor.now
            here.save(update_fields=["until"])
            ended += 1
    return ended


def _shift_end(here: Presence, now: datetime) -> datetime | None:
    day = (here.since - timedelta(hours=2), now)
    shifts = Shift.objects.filter(staff_id=here.staff_id, is_cancelled=False, during__overlap=day)
    ends = [s.during.upper for s in shifts if s.during.upper > here.since]
    return max(ends, default=None)


def _arrive(staff_id: int, site: Site, kind: PresenceKind, now: datetime) -> Presence:
    Staff.objects.select_for_update().get(pk=staff_id)
    here = Presence.objects.filter(staff_id=staff_id, until__isnull=True).first()
    if here and here.site_id == site.pk and (here.kind == kind or here.kind == PresenceKind.CLOCKED_IN):
        return here
    _leave(staff_id, now)
    return Presence.objects.create(staff_id=staff_id, site=site, kind=kind, since=now)


def _leave(staff_id: int, now: datetime) -> int:
    return Presence.objects.filter(staff_id=staff_id, until__isnull=True).update(until=now)
