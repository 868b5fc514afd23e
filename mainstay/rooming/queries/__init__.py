"""What people look up about rooming."""

from mainstay.rooming.queries.rooming import (
    intake_of,
    loop_for,
    loops_of,
    measured_again,
    note_for,
    notes_of,
    screenings_of,
    screenings_to_take,
    tasks_by_stage,
)

__all__ = [
    "intake_of",
    "loop_for",
    "loops_of",
    "measured_again",
    "note_for",
    "notes_of",
    "screenings_of",
    "screenings_to_take",
    "tasks_by_stage",
]
