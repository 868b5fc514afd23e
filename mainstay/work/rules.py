"""Clocks that run in open hours, escalation, the order of the queue, and what never came."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

from mainstay.foundation.tables import read_toml
from mainstay.work.lifecycle import Band

FURTHEST_OPEN_DAY = 366
"""Days to look ahead for an open day before saying that the clinic never opens."""


class ClockKind(StrEnum):
    """What a clock counts."""

    AT_ONCE = "at once"
    OPEN_MINUTES = "open minutes"
    MINUTES = "minutes"
    SAME_DAY = "same day"
    BUSINESS_DAYS = "business days"
    DAYS = "days"


@dataclass(frozen=True, slots=True)
class Clock:
    """A time allowed, as tables spell it: `5 open minutes`, `same day`, `2 business days`, `30 days`.

    Open minutes and business days pause while the clinic is closed; minutes and days do not.
    """

    kind: ClockKind
    amount: int = 0

    def __str__(self) -> str:
        if not self.amount:
            return str(self.kind)
        return f"{self.amount} {str(self.kind)[:-1] if self.amount == 1 else self.kind}"


def read_clock(text: str) -> Clock:
    """The clock a table spells in words; raises `ValueError` for words it does not know."""
    words = re.sub(r"\s+", " ", text.strip().lower())
    if words in ("at once", "same day"):
        return Clock(ClockKind(words))
    found = re.fullmatch(r"(\d+) (open minutes?|minutes?|business days?|days?)", words)
    if not found:
        raise ValueError(f"not a clock: {text!r}")
    unit = found[2] if found[2].endswith("s") else found[2] + "s"
    return Clock(ClockKind(unit), int(found[1]))


Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class OpenHours:
    """When a site is open: spans of local time by weekday (Monday 0), days closed, and days that differ."""

    weekly: Mapping[int, tuple[Span, ...]]
    holidays: Collection[date] = frozenset()
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)

    def spans(self, day: date) -> tuple[Span, ...]:
        """The open spans of one day, earliest first; empty when closed."""
        if day in self.exceptions:
            return tuple(sorted(self.exceptions[day]))
        if day in self.holidays:
            return ()
        return tuple(sorted(self.weekly.get(day.weekday(), ())))


WEEKDAYS_EIGHT_TO_FIVE = OpenHours({day: ((time(8), time(17)),) for day in range(5)})


def _open_from(moment: datetime, hours: OpenHours, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The open spans at and after a moment, as UTC instants, cut to start no earlier than it."""
    first = moment.astimezone(zone).date()
    for ahead in range(FURTHEST_OPEN_DAY):
        day = first + timedelta(days=ahead)
        for opens, closes in hours.spans(day):
            start = datetime.combine(day, opens, tzinfo=zone).astimezone(UTC)
            end = datetime.combine(day, closes, tzinfo=zone).astimezone(UTC)
            if end > moment:
                yield max(start, moment.astimezone(UTC)), end


def next_open(moment: datetime, hours: OpenHours, zone: ZoneInfo) -> datetime:
    """The moment itself if the site is open, else when it next opens; raises `ValueError` if it never does."""
    for start, _ in _open_from(moment, hours, zone):
        return start
    raise ValueError("the site has no open hours")


def _after_open_minutes(moment: datetime, minutes: float, hours: OpenHours, zone: ZoneInfo) -> datetime:
    left = timedelta(minutes=minutes)
    for start, end in _open_from(moment, hours, zone):
        if start + left <= end:
            return start + left
        left -= end - start
    raise ValueError("the site has no open hours")


def _business_days_on(moment: datetime, count: int, hours: OpenHours, zone: ZoneInfo) -> datetime:
    """The same time of day `count` open days later, moved into that day's open hours."""
    local = next_open(moment, hours, zone).astimezone(zone)
    day = local.date()
    for _ in range(count):
        day = next(
            later for later in (day + timedelta(days=n) for n in range(1, FURTHEST_OPEN_DAY)) if hours.spans(later)
        )
    spans = hours.spans(day)
    at = local.time().replace(tzinfo=None)
    inside = next((max(at, opens) for opens, closes in spans if at <= closes), spans[-1][1])
    return datetime.combine(day, inside, tzinfo=zone).astimezone(UTC)


def _closing_after(moment: datetime, hours: OpenHours, zone: ZoneInfo) -> datetime:
    """Closing time of the open day a moment falls in or comes before."""
    day = next_open(moment, hours, zone).astimezone(zone).date()
    return datetime.combine(day, hours.spans(day)[-1][1], tzinfo=zone).astimezone(UTC)


def due_at(received: datetime, clock: Clock | str, hours: OpenHours, zone: ZoneInfo) -> datetime:
    """When something received now has to be answered, in UTC.

    What arrives after hours counts from the next opening, except for clocks that never pause. Open minutes wait out
    a lunch break but never a night: they end at closing. `same day` is closing time of the (next) open day.
    A business day ends at the same time of day it began, within open hours.
    Raises `ValueError` for a clock that cannot be read, a naive moment, or a site that never opens.
    """
    if received.tzinfo is None:
        raise ValueError("received must be aware")
    clock = read_clock(clock) if isinstance(clock, str) else clock
    match clock.kind:
        case ClockKind.AT_ONCE:
            return received.astimezone(UTC)
        case ClockKind.MINUTES:
            return received.astimezone(UTC) + timedelta(minutes=clock.amount)
        case ClockKind.DAYS:
            local = received.astimezone(zone)
            return (local.replace(tzinfo=None) + timedelta(days=clock.amount)).replace(tzinfo=zone).astimezone(UTC)
        case ClockKind.OPEN_MINUTES:
            within = _after_open_minutes(received, clock.amount, hours, zone)
            return min(within, _closing_after(received, hours, zone))
        case ClockKind.SAME_DAY:
            return _closing_after(received, hours, zone)
        case ClockKind.BUSINESS_DAYS:
            return _business_days_on(received, clock.amount, hours, zone)


def open_minutes_between(start: datetime, end: datetime, hours: OpenHours, zone: ZoneInfo) -> float:
    """Minutes the site is open between two moments; 0 if the second is not later."""
    total = timedelta()
    for opens, closes in _open_from(start, hours, zone):
        if opens >= end:
            break
        total += min(closes, end.astimezone(UTC)) - opens
    return total.total_seconds() / 60


class Escalation(StrEnum):
    """Who is told that a clock runs out."""

    NONE = "none"
    REMIND = "remind"
    LEAD = "lead"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class BandClock:
    """What a band is called at the desk, and its time allowed."""

    band: Band
    title: str
    short: str
    clock: Clock


@cache
def band_clocks() -> Mapping[Band, BandClock]:
    """Every band's title and clock (`tables/bands.toml`)."""
    rows = read_toml("mainstay.work", "bands.toml")["band"]
    return {Band(r["code"]): BandClock(Band(r["code"]), r["title"], r["short"], read_clock(r["clock"])) for r in rows}


@cache
def escalation_percents() -> Mapping[Escalation, int]:
    """How much of its clock an item has used when each person is told (`tables/bands.toml`)."""
    rows = read_toml("mainstay.work", "bands.toml")["escalation"]
    return {Escalation(r["code"]): r["percent"] for r in rows}


def escalation_times(
    received: datetime, due: datetime, clock: Clock | str, hours: OpenHours, zone: ZoneInfo
) -> Mapping[Escalation, datetime]:
    """When the owner is reminded, the lead told, and the manager told: 50, 100 and 150 % of the clock.

    Percents are of open time, unless the clock is one that never pauses.
    """
    clock = read_clock(clock) if isinstance(clock, str) else clock
    percents = escalation_percents()
    if clock.kind in (ClockKind.AT_ONCE, ClockKind.MINUTES, ClockKind.DAYS):
        whole = due - received
        return {who: received + whole * percent / 100 for who, percent in percents.items()}
    minutes = open_minutes_between(received, due, hours, zone)
    return {
        who: due if percent == 100 else _after_open_minutes(received, minutes * percent / 100, hours, zone)
        for who, percent in percents.items()
    }


def escalation(now: datetime, times: Mapping[Escalation, datetime]) -> Escalation:
    """How far an open item has escalated by now."""
    reached = [who for who, at in sorted(times.items(), key=lambda pair: pair[1]) if now >= at]
    return reached[-1] if reached else Escalation.NONE


UNBANDED_RANK = Band.R5.rank
NEVER_DUE = datetime.max.replace(tzinfo=UTC)


def queue_key(band: Band | str | None, due: datetime | None, created: datetime) -> tuple[int, datetime, datetime]:
    """Sort key of the one queue: clinical band first, then the soonest due, then the oldest.

    Work without a band stands with the least urgent one and is ordered there by its clock.
    """
    rank = Band(band).rank if band else UNBANDED_RANK
    return rank, due or NEVER_DUE, created


@dataclass(frozen=True, slots=True)
class ExpectationKind:
    """Something we are owed: from which moment, within what time, and what to do about silence."""

    kind: str
    title: str
    starts_from: str
    clock: Clock
    band: Band
    when_silent: str


@cache
def expectation_kinds() -> Mapping[str, ExpectationKind]:
    """Everything the clinic waits for by default (`tables/expectations.toml`)."""
    rows = read_toml("mainstay.work", "expectations.toml")["expectation"]
    return {
        r["kind"]: ExpectationKind(
            r["kind"], r["title"], r["from"], read_clock(r["clock"]), Band(r["band"]), r["when_silent"]
        )
        for r in rows
    }


def expected_by(kind: str, since: datetime, hours: OpenHours, zone: ZoneInfo) -> datetime:
    """When something expected since a moment should have come, in UTC; raises `KeyError` for an unknown kind."""
    return due_at(since, expectation_kinds()[kind].clock, hours, zone)


def is_silent(expected: datetime, met: datetime | None, now: datetime) -> bool:
    """Whether what was expected never came."""
    return met is None and now >= expected


@dataclass(frozen=True, slots=True)
class Pool:
    """A list several people work from: what it is called, and the roles that do."""

    code: str
    title: str
    roles: frozenset[str]


@cache
def pools() -> Mapping[str, Pool]:
    """Every pool by code (`tables/pools.toml`)."""
    rows = read_toml("mainstay.work", "pools.toml")["pool"]
    return {r["code"]: Pool(r["code"], r["title"], frozenset(r["roles"])) for r in rows}


def pool_title(code: str) -> str:
    """A pool by the name people use; a code no table knows stays as it is, with spaces."""
    pool = pools().get(code)
    return pool.title if pool else code.replace("_", " ")


def pools_of(roles: Collection[str]) -> tuple[str, ...]:
    """The pools somebody with these roles works from."""
    return tuple(pool.code for pool in pools().values() if pool.roles & set(roles))


@cache
def told_at_level(level: int) -> tuple[tuple[str, ...], ...]:
    """The roles told when a clock passes a mark, first choice first (`tables/pools.toml`)."""
    rows = read_toml("mainstay.work", "pools.toml")["told"]
    return next((tuple(tuple(roles) for roles in row["roles"]) for row in rows if row["level"] == level), ())


@dataclass(frozen=True, slots=True)
class Load:
    """What one person has on their list now."""

    staff_id: int
    name: str
    open_items: int
    urgent_items: int
    overdue_items: int


def overload_of(load: Load) -> tuple[str, ...]:
    """Why somebody has more than they can do well (`tables/pools.toml`); empty when they do not."""
    limits = read_toml("mainstay.work", "pools.toml")["overload"]
    said = (
        (load.urgent_items, limits["urgent_items"], "urgent at once"),
        (load.overdue_items, limits["overdue_items"], "overdue"),
        (load.open_items, limits["open_items"], "open"),
    )
    return tuple(f"{count} {word}" for count, limit, word in said if count >= limit)
