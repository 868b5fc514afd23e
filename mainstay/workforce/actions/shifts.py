"""Shifts: planned, copied to the next week, cancelled."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.practice.models import Site
from mainstay.workforce.errors import OnTwoShifts
from mainstay.workforce.models import Shift, Staff
from mainstay.workforce.permissions import PLAN_SHIFTS
from mainstay.workforce.rules import moment_of

LONGEST = timedelta(hours=24)


@transaction.atomic
def plan_shift(
    *, actor: Actor, staff: Staff, site: Site, starts: datetime, ends: datetime, duty: str = "", pod: str = ""
) -> Shift:
    """Plan when somebody works where; two shifts at once are refused. Raises `OnTwoShifts`."""
    actor.may(PLAN_SHIFTS).or_raise()
    if not staff.is_active:
        raise InvalidInput("This person no longer works here.", field="staff")
    if ends <= starts:
        raise InvalidInput("A shift ends after it begins.", field="ends")
    if ends - starts > LONGEST:
        raise InvalidInput("A shift is at most a day long.", field="ends")
    return _make(staff, site, starts, ends, duty, pod)


@transaction.atomic
def copy_week(*, actor: Actor, site: Site, monday: date) -> tuple[int, int]:
    """Plan the week after `monday`'s like it, at the same times of the clock; returns how many were made and left out.

    Left out are people who have ended and times somebody is on a shift already.
    """
    actor.may(PLAN_SHIFTS).or_raise()
    zone, week = site.zone, timedelta(days=7)
    span = (moment_of(zone, monday, time()), moment_of(zone, monday + week, time()))
    made = skipped = 0
    for shift in Shift.objects.select_related("staff").filter(
        site=site, is_cancelled=False, during__startswith__gte=span[0], during__startswith__lt=span[1]
    ):
        begins = shift.during.lower.astimezone(zone)
        finishes = shift.during.upper.astimezone(zone)
        later = [moment_of(zone, moment.date() + week, moment.time()) for moment in (begins, finishes)]
        try:
            with transaction.atomic():
                if not shift.staff.is_active:
                    raise OnTwoShifts()
                _make(shift.staff, site, later[0], later[1], shift.duty, shift.pod)
                made += 1
        except OnTwoShifts:
            skipped += 1
    return made, skipped


@transaction.atomic
def cancel_shift(*, actor: Actor, shift: Shift) -> Shift:
    """Take a shift off the plan."""
    actor.may(PLAN_SHIFTS).or_raise()
    fresh = locked(Shift.objects.all(), pk=shift.pk)
    if fresh.is_cancelled:
        raise IllegalMove("This shift is cancelled already.")
    fresh.is_cancelled = True
    fresh.save(update_fields=["is_cancelled"])
    return fresh


def _make(staff: Staff, site: Site, begins: datetime, finishes: datetime, duty: str, pod: str) -> Shift:
    try:
        with transaction.atomic():
            return Shift.objects.create(
                staff=staff,
                site=site,
                during=DateTimeTZRange(begins, finishes, "[)"),
                duty=duty.strip()[:30],
                pod=pod.strip()[:30],
            )
    except IntegrityError as error:
        if "nobody_on_two_shifts" not in str(error):
            raise
        raise OnTwoShifts(f"{staff.shown_name} already works at that time.", field="starts") from None
