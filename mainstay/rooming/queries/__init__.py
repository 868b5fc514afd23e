"""What people look up about rooming."""

from mainstay.rooming.queries.end_of_day import OpenLoop, OpenSection, open_at_end_of_day
from mainstay.rooming.queries.huddle import HuddleGroup, day_to_plan, huddle_groups, plan_for, visits_to_plan
from mainstay.rooming.queries.rooming import (
    intake_of,
    last_saved,
    loop_for,
    loops_like,
    loops_of,
    measured_again,
    note_for,
    notes_of,
    screenings_of,
    screenings_to_take,
    tasks_by_stage,
)

__all__ = [
    "HuddleGroup",
    "OpenLoop",
    "OpenSection",
    "day_to_plan",
    "huddle_groups",
    "open_at_end_of_day",
    "plan_for",
    "intake_of",
    "last_saved",
    "loop_for",
    "loops_like",
    "loops_of",
    "measured_again",
    "note_for",
    "notes_of",
    "screenings_of",
    "screenings_to_take",
    "tasks_by_stage",
    "visits_to_plan",
]
