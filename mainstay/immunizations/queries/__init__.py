"""What people look up about vaccines, a module per concern."""

from mainstay.immunizations.queries.due import (
    SOURCES,
    KnownPerson,
    discussion_of,
    discussions_of,
    forecast_for,
    forecasts_for,
    known_people,
    known_person,
    needs_discussion,
    person_for_forecast,
    waits_for_discussion,
)
from mainstay.immunizations.queries.practice_list import DueRow, due_rows, last_finished_run, run_in_hand
from mainstay.immunizations.queries.schedules import (
    choices_in_force,
    editions,
    governing_schedule,
    override_for,
    overrides_in_force,
    past_choices,
    past_overrides,
)

__all__ = [
    "SOURCES",
    "DueRow",
    "KnownPerson",
    "choices_in_force",
    "discussion_of",
    "discussions_of",
    "due_rows",
    "editions",
    "forecast_for",
    "forecasts_for",
    "governing_schedule",
    "known_people",
    "known_person",
    "last_finished_run",
    "needs_discussion",
    "override_for",
    "overrides_in_force",
    "past_choices",
    "past_overrides",
    "person_for_forecast",
    "run_in_hand",
    "waits_for_discussion",
]
