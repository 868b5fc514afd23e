"""The shapes of the day's screens: board rows, rooms, lanes, the schedule grid, vitals, scripts.

Plain values that the templates in `foundation/components/` draw; a domain may hand over its own objects
with the same attributes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from mainstay.foundation.decisions import Decision
from mainstay.foundation.findings import Finding

STEP_MINUTES = 5
"""One grid line of lanes and schedule."""

LONGEST_DAY = 288
"""Grid lines a day view may have (24 hours): as many classes as `positions.css` holds."""


@dataclass(frozen=True, slots=True)
class Signal:
    """One thing about a visit to see from across the room: a meaning, a few words, perhaps where it leads."""

    kind: str
    text: str
    url: str = ""
    icon: str = ""


@dataclass(frozen=True, slots=True)
class NextAction:
    """The one button of a row: what it says, where it posts (or leads, when `is_link`), and whether one may."""

    label: str
    url: str
    icon: str = ""
    decision: Decision | None = None
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a picker."""

    value: str
    label: str
    is_chosen: bool = False


@lru_cache(maxsize=512)
def options(choices: tuple[Choice, ...]) -> SafeString:
    """The options of a picker; drawn once for every row that offers the same."""
    drawn = ((c.value, SafeString(" selected" if c.is_chosen else ""), c.label) for c in choices)
    return format_html_join("", '<option value="{}"{}>{}</option>', drawn)


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One visit on the board: `foundation/components/board_row.html`. `folded` are signals one opens to see."""

    key: str
    time: datetime
    patient: str
    url: str
    hue: int
    reason: str
    provider: str
    stage: str
    stage_kind: str
    stage_step: int
    stage_of: int
    since: datetime
    warn: int = 0
    late: int = 0
    age: str = ""
    room: str = ""
    room_url: str = ""
    rooms: tuple[Choice, ...] = ()
    who: str = ""
    signals: tuple[Signal, ...] = ()
    folded: tuple[Signal, ...] = ()
    next: NextAction | None = None
    more: tuple[NextAction, ...] = ()
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class RoomTile:
    """One room: `foundation/components/room_tile.html`. `state`: ready, occupied, dirty, cleaning, stocked, closed."""

    name: str
    state: str
    since: datetime
    warn: int = 0
    late: int = 0
    who: str = ""
    hue: int | None = None
    note: str = ""
    url: str = ""
    next: NextAction | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """Something that takes time, on lanes or the schedule: `at` and `span` in grid lines (see `place`).

    `kind`: booked, arrived, active, done, off, free, closed. `lane` of `lanes` when several share the same time.
    """

    at: int
    span: int
    text: str
    small: str = ""
    kind: str = "booked"
    url: str = ""
    spoken: str = ""
    lane: int = 1
    lanes: int = 1
    signals: tuple[Signal, ...] = ()


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of `lanes.html`, or one column of `schedule_grid.html`: a person or a room through the day."""

    label: str
    small: str
    blocks: tuple[Block, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour's label on the axis."""

    at: int
    label: str


@dataclass(frozen=True, slots=True)
class DayGrid:
    """A day as lanes across or columns down: what `lanes.html` and `schedule_grid.html` draw."""

    label: str
    lanes: tuple[Lane, ...]
    hours: tuple[Hour, ...]
    lines: int
    now_at: int = 0


@dataclass(frozen=True, slots=True)
class VitalRow:
    """One measurement being typed: `foundation/components/vital_row.html`.

    `fields` are bound fields (two for a blood pressure), `unit_field` a bound choice of units or None.
    `key` names the row; findings come into `#vital-<key>` from `judge_url` as soon as a value is typed.
    """

    key: str
    label: str
    fields: tuple[object, ...]
    unit: str = ""
    unit_field: object | None = None
    details: tuple[object, ...] = ()
    previous: str = ""
    previous_on: date | None = None
    findings: tuple[Finding, ...] = ()
    judge_url: str = ""


@dataclass(frozen=True, slots=True)
class BesideRow:
    """What we have on file beside what the patient says: `foundation/components/beside_row.html`."""

    name: str
    ours: str
    ours_small: str = ""
    theirs: str = ""
    theirs_small: str = ""
    choices: tuple[Choice, ...] = ()
    remark: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One item of a screening: `foundation/components/question.html`."""

    name: str
    number: int
    text: str
    choices: tuple[Choice, ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaybookStep:
    """One thing a playbook asks for: `foundation/components/steps.html`. `state`: done, now, todo, skipped."""

    label: str
    state: str
    small: str = ""
    by: str = ""
    at: datetime | None = None
    url: str = ""
    decision: Decision | None = None


def place(start: datetime, end: datetime, opens: datetime) -> tuple[int, int]:
    """Where a stretch of time lies on a grid that begins at `opens`: first line (from 1) and number of lines.

    What began earlier is cut at the top; the shortest stretch still takes one line. All three are aware.
    """
    first = max(0, _lines(opens, start))
    last = max(first + 1, _lines(opens, end))
    return min(first, LONGEST_DAY - 1) + 1, min(last, LONGEST_DAY) - min(first, LONGEST_DAY - 1)


def _lines(opens: datetime, moment: datetime) -> int:
    return round((moment - opens).total_seconds() / 60 / STEP_MINUTES)


def place_class(prefix: str, lines: int) -> str:
    """The classes of a start (`t`) or a length (`s`) in grid lines: `th1 tm6` for line 18."""
    hours, rest = divmod(lines, 60 // STEP_MINUTES)
    return f"{prefix}h{hours} {prefix}m{rest}"


def side_by_side(stretches: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """For each (at, span), sorted by `at`: its lane (from 1) and how many lanes its cluster needs, so none overlap."""
    placed: list[tuple[int, int]] = []
    cluster: list[int] = []
    ends: list[int] = []

    def close() -> None:
        for index in cluster:
            placed[index] = (placed[index][0], len(ends))

    for index, (at, span) in enumerate(stretches):
        if ends and at >= max(ends):
            close()
            cluster, ends = [], []
        lane = next((n for n, end in enumerate(ends) if end <= at), len(ends))
        if lane == len(ends):
            ends.append(at + span)
        else:
            ends[lane] = at + span
        cluster.append(index)
        placed.append((lane + 1, 1))
    close()
    return placed


def whole_hours(opens: datetime, closes: datetime) -> tuple[datetime, datetime]:
    """A day's opening widened to whole local hours, as grids need it: 7:30 to 5:15 becomes 7 to 6."""
    first = opens.replace(minute=0, second=0, microsecond=0)
    last = closes.replace(minute=0, second=0, microsecond=0)
    return first, last if last == closes else last + timedelta(hours=1)


def hours_between(opens: datetime, closes: datetime, step: int = 1) -> tuple[Hour, ...]:
    """The labels of a day's axis, every `step` hours: `8 am`, `noon`, `1 pm`."""
    count = int((closes - opens).total_seconds() // 3600)
    lines = 60 // STEP_MINUTES
    return tuple(Hour(n * lines + 1, _spell_hour((opens.hour + n) % 24)) for n in range(0, count, step))


def _spell_hour(hour: int) -> str:
    if hour == 12:
        return "noon"
    return f"{hour % 12 or 12} {'am' if hour < 12 else 'pm'}"


def grid(label: str, lanes: Iterable[Lane], opens: datetime, closes: datetime, now: datetime) -> DayGrid:
    """A day grid from `opens` to `closes` (local, see `whole_hours`), with a line where `now` is."""
    hour = 60 // STEP_MINUTES
    lines = min(LONGEST_DAY, -(-_lines(opens, closes) // hour) * hour)
    now_at = _lines(opens, now) + 1
    return DayGrid(label, tuple(lanes), hours_between(opens, closes), lines, now_at if 1 <= now_at <= lines else 0)
