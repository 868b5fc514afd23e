"""What must hold for passwords, PINs, sign-ins and sign-offs: plain values in, judgements out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from mainstay.foundation.findings import Finding, Severity

TRIES = 5
WINDOW = timedelta(minutes=15)
PIN_LASTS = timedelta(hours=12)
"""How long after a full sign-in a PIN is enough on the same workstation."""
SESSION_LASTS = timedelta(hours=12)
UNATTENDED = timedelta(minutes=30)
"""No request at all for this long locks a session, even where no script watches the screen."""
IDLE_MINUTES = 10
"""Idle minutes before a screen that is no shared workstation is given up (45 CFR 164.312(a)(2)(iii))."""
NEEDS_SECOND_FACTOR = frozenset({"administrator", "manager", "medical_director"})
FACTOR_SEAL = "second factor"
"""What the secrets of second factors are sealed for."""
RENEWAL_DAYS = (180, 90, 60, 30, 7)
RUNGS = ("observed", "assisted", "supervised", "independent")
RUNG_WORDS = {
    "observed": "Watched it",
    "assisted": "Helped with it",
    "supervised": "Does it watched",
    "independent": "Does it alone",
    "failed": "Not passed",
}
RECHECK = timedelta(days=365)


def pin_problem(pin: str) -> str:
    """What is wrong with a PIN, or nothing: 4 to 8 digits, not all the same, not in sequence."""
    is_plain = pin in "01234567890" or pin in "09876543210" or len(set(pin)) == 1
    if not pin.isascii() or not pin.isdigit() or not 4 <= len(pin) <= 8 or is_plain:
        return "Use 4 to 8 digits that are not all the same and not in sequence."
    return ""


def needs_second_factor(roles: Collection[str], *, has_one: bool) -> bool:
    """Whether a password alone is not enough: by role, or because the person has set up more."""
    return has_one or bool(NEEDS_SECOND_FACTOR & set(roles))


def pin_is_enough(*, full_at: datetime, now: datetime) -> bool:
    """Whether the last full sign-in is recent enough for a PIN."""
    return timedelta() <= now - full_at < PIN_LASTS


def reminder_due(expires_on: date, today: date, told: Collection[int]) -> int | None:
    """The distance (days) to remind of now, once each: 180, 90, 60, 30, 7; None when nothing is new.

    Distances that were slept through are not told afterwards: only the closest one counts.
    """
    left = (expires_on - today).days
    reached = [d for d in RENEWAL_DAYS if left <= d]
    if not reached or left < 0:
        return None
    closest = min(reached)
    return None if closest in told else closest


def before_signing_off(rung: str, *, reached: str, times_seen: int, suggested: int) -> list[Finding]:
    """What speaks against a sign-off: rungs are climbed one by one, and each act is seen often enough.

    `reached` is the rung held now (empty for none), `times_seen` the supervised performances so far with this one.
    """
    found = []
    if rung in RUNGS:
        at = RUNGS.index(reached) if reached in RUNGS else -1
        if RUNGS.index(rung) > at + 1:
            missing = RUNG_WORDS[RUNGS[at + 1]]
            found.append(Finding(Severity.CONFIRM, "rung-skipped", "rung", f"“{missing}” has not been signed yet."))
        elif rung == "independent" and times_seen < suggested:
            message = f"Seen {times_seen} of {suggested} times under supervision."
            found.append(Finding(Severity.CONFIRM, "seen-too-few", "times", message))
    return found


def shift_span(zone: ZoneInfo, day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """A shift by the clock of its site, in UTC; an end at or before the start is on the next day."""
    last = day if ends > starts else day + timedelta(days=1)
    return moment_of(zone, day, starts), moment_of(zone, last, ends)


def moment_of(zone: ZoneInfo, day: date, clock: time) -> datetime:
    """A day and a time of the clock in a zone, in UTC."""
    return datetime.combine(day, clock, tzinfo=zone).astimezone(UTC)
