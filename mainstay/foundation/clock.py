"""The one place that asks what time it is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """This moment, aware, in UTC. Tests replace it; rules are given it."""
    return datetime.now(UTC)


def site_day(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The first moment of a site's day and the first of the next: 23, 24 or 25 hours apart."""
    start = datetime.combine(day, time(), tzinfo=zone)
    end = datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def is_on_the_wall(day: date, at: time, zone: ZoneInfo) -> bool:
    """Whether clocks of a zone show that time on that day: the hour skipped in spring they never show."""
    moment = datetime.combine(day, at, tzinfo=zone)
    return moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None)
