"""What people look up about vaccines, a module per concern."""

from mainstay.immunizations.queries.due import (
    KnownPerson,
    forecast_for,
    forecasts_for,
    known_people,
    known_person,
    needs_discussion,
    person_for_forecast,
)
from mainstay.immunizations.queries.schedules import governing_schedule

__all__ = [
    "KnownPerson",
    "forecast_for",
    "forecasts_for",
    "governing_schedule",
    "known_people",
    "known_person",
    "needs_discussion",
    "person_for_forecast",
]
