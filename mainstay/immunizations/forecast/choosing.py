"""Several schedules side by side: each vaccine group follows the issuer chosen for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from .engine import Forecast, forecast_person
from .history import Person
from .schedule import Schedule, Standing


class NotInForce(Exception):
    """The schedule is superseded or stayed, or not yet effective, and may not govern care."""


def forecast_by_issuer(
    person: Person, assessed: date, default: Schedule, chosen: Mapping[str, Schedule]
) -> list[Forecast]:
    """One forecast for each schedule in use, each with the groups that follow it.

    `chosen` names the schedule of single vaccine groups; all others follow `default`. Raises `NotInForce` for a
    schedule that may not govern care on that day.
    """
    follows: dict[int, tuple[Schedule, set[str]]] = {}
    for group in default.groups:
        schedule = chosen.get(group.name, default)
        follows.setdefault(id(schedule), (schedule, set()))[1].add(group.name)
    for schedule, _ in follows.values():
        require_in_force(schedule, assessed)
    return [forecast_person(person, schedule, assessed, groups) for schedule, groups in follows.values()]


def require_in_force(schedule: Schedule, on: date) -> None:
    """Raise `NotInForce` unless the schedule is active and effective on the day."""
    header = schedule.header
    if header.status is not Standing.ACTIVE:
        raise NotInForce(f"{header.issuer} {header.version} is {header.status}")
    if header.effective > on.isoformat():
        raise NotInForce(f"{header.issuer} {header.version} is effective from {header.effective}")
