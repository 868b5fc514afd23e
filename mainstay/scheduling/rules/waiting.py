"""Who of those that wait is asked first when a time comes free, and how long it is held for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mainstay.scheduling.rules.sessions import SiteDays, next_open

SHORTEST_HOLD = timedelta(minutes=15)
LONGEST_HOLD = timedelta(hours=24)
MORNING = timedelta(hours=1)
"""What would run out while nobody is there to call is held so long after the site opens."""
ON_THE_WAY = timedelta(minutes=30)
"""Nobody is asked to come sooner than this from now."""


@dataclass(frozen=True, slots=True)
class FreedTime:
    """A time that came free, in the site's own clock."""

    provider_id: int | None
    site_id: int
    starts: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        """How long it is."""
        return int((self.ends - self.starts).total_seconds() // 60)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who would come sooner. Empty weekdays or sites mean any; `booked_for` is what they have now."""

    entry_id: int
    minutes: int
    provider_id: int | None
    site_ids: frozenset[int]
    weekdays: frozenset[int]
    earliest: time | None
    latest: time | None
    wanted_by: date | None
    urgency: str
    joined_at: datetime
    booked_for: datetime | None = None
    is_with_provider: bool = True

    def suits(self, freed: FreedTime) -> bool:
        """Whether they could take it: long enough, right person, place, day and hour, and sooner."""
        at = freed.starts
        if self.minutes > freed.minutes or (freed.provider_id is None) == self.is_with_provider:
            return False
        if self.provider_id is not None and self.provider_id != freed.provider_id:
            return False
        if (self.site_ids and freed.site_id not in self.site_ids) or (
            self.weekdays and at.weekday() not in self.weekdays
        ):
            return False
        if (self.earliest and at.time() < self.earliest) or (self.latest and at.time() >= self.latest):
            return False
        return self.booked_for is None or at < self.booked_for

    @property
    def place_in_line(self) -> tuple[str, date, datetime, int]:
        """Clinical urgency, then the day they need it by, then who has waited longest."""
        return self.urgency, self.wanted_by or date.max, self.joined_at, self.entry_id


def first_in_line(waiting: Iterable[Waiting], freed: FreedTime) -> Waiting | None:
    """Whom to ask first, or nobody."""
    return min((w for w in waiting if w.suits(freed)), key=lambda w: w.place_in_line, default=None)


def hold_until(now: datetime, starts: datetime, site: SiteDays) -> datetime | None:
    """Until when a time is held for somebody: a quarter of what is left, within a quarter of an hour and a day.

    It does not run out at night or on a weekend, when nobody is there who could call. None when they could not be here
    in time any more.
    """
    left = starts - ON_THE_WAY - now
    if left < SHORTEST_HOLD:
        return None
    held = now + min(LONGEST_HOLD, max(SHORTEST_HOLD, left / 4))
    opens = next_open(site, held)
    return held if opens == held else min(opens + MORNING, starts - ON_THE_WAY)
