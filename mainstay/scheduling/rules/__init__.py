"""When somebody can be seen, and who of those that wait is asked first. Plain values in, plain values out."""

from mainstay.scheduling.rules.openings import (
    Calendar,
    Opening,
    Wish,
    first_times,
    nth_opening,
    openings,
)
from mainstay.scheduling.rules.sessions import Absence, Session, SiteDays, Weekly, sessions_on, wall_minute, why_closed
from mainstay.scheduling.rules.spans import Span, Timeline, free_starts, merged
from mainstay.scheduling.rules.waiting import FreedTime, Waiting, first_in_line, hold_until

__all__ = [
    "Absence",
    "Calendar",
    "FreedTime",
    "Opening",
    "Session",
    "SiteDays",
    "Span",
    "Timeline",
    "Waiting",
    "Weekly",
    "Wish",
    "first_in_line",
    "first_times",
    "free_starts",
    "hold_until",
    "merged",
    "nth_opening",
    "openings",
    "sessions_on",
    "wall_minute",
    "why_closed",
]
