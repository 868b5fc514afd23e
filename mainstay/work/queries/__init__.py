"""What is owed, what is awaited, and the clocks of both."""

from mainstay.work.queries.clocks import due_for_band, due_for_clock, open_hours_of, spell_left
from mainstay.work.queries.queue import (
    expectation_for,
    expectations_open,
    handoff_for,
    handoffs_waiting,
    open_causes,
    open_item_of,
    overloads,
    people_to_give_to,
    work_badge,
    work_counts,
    work_item,
    work_on_me,
    work_owed,
    work_waiting,
)
from mainstay.work.queries.standing import may_close
from mainstay.work.rules import BandClock, band_clocks, pool_title, pools_of

__all__ = [
    "BandClock",
    "band_clocks",
    "due_for_band",
    "due_for_clock",
    "expectation_for",
    "expectations_open",
    "handoff_for",
    "handoffs_waiting",
    "may_close",
    "open_hours_of",
    "open_causes",
    "open_item_of",
    "overloads",
    "pool_title",
    "pools_of",
    "spell_left",
    "people_to_give_to",
    "work_badge",
    "work_counts",
    "work_item",
    "work_on_me",
    "work_owed",
    "work_waiting",
]
