"""What is known about the patient, and the history taken apart into antigens (CDSi §4.1 and §4.2)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import NamedTuple

from .periods import FUTURE, PAST, add_period, ages_of
from .schedule import Conflict, Gender, Schedule


class DoseGiven(NamedTuple):
    """A vaccine somebody received. `is_substandard` when it was expired, recalled or mishandled (CDSi §6.1)."""

    given: date
    cvx: str
    mvx: str = ""
    trade_name: str = ""
    volume: str = ""
    lot_expires: date | None = None
    is_substandard: bool = False


_ORDER = ("given", "cvx", "mvx", "trade_name", "volume", "is_substandard")
_BY_DATE_AND_VACCINE = itemgetter(*map(DoseGiven._fields.index, _ORDER))


def _by_lot(dose: DoseGiven) -> date:
    return dose.lot_expires or date.max


@dataclass(frozen=True, slots=True)
class Fact:
    """A coded observation about the patient, by the schedule's own code; `on` when its date matters."""

    code: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Everything a forecast is made from."""

    born: date
    gender: Gender = Gender.UNKNOWN
    facts: tuple[Fact, ...] = ()
    doses: tuple[DoseGiven, ...] = ()
    birth_country: str = ""


@dataclass(slots=True, eq=False)
class Record:
    """One dose in the history; the same record serves every antigen the vaccine contains.

    `clashes` are the earlier doses it may have come too soon after: each with the day it would have been soon enough
    if that dose was valid, and if it was not.
    """

    position: int
    day: int
    cvx: str
    dose: DoseGiven
    is_substandard: bool
    clashes: Sequence[tuple[Record, int, int]] = ()


@dataclass(slots=True, eq=False)
class Patient:
    """A person as the rules read them: dates as ordinals, the date of every age of the schedule, records by antigen."""

    person: Person
    schedule: Schedule
    assessed: int
    born: int
    ages: list[int]
    gender: Gender
    codes: frozenset[str]
    observed: dict[str, int]
    history: list[Record]
    records: dict[str, list[Record]]
    received: frozenset[str]
    stage: int


def organize_history(person: Person, schedule: Schedule, assessed: date) -> Patient:
    """The patient on the day of assessment. Doses after that day have not been given yet and are left out.

    A vaccine the schedule maps to no antigen stays in the history, where conflicts and intervals look. The order of the
    input never matters: doses are ordered by date, then by vaccine code, maker and whatever else tells them apart.
    """
    today = assessed.toordinal()
    ages = [PAST, FUTURE, *ages_of(person.born, schedule.ages)]
    given = [dose for dose in person.doses if dose.given <= assessed]
    if len(given) > 1:
        if any([dose.lot_expires for dose in given]):
            given.sort(key=_by_lot, reverse=True)
        given.sort(key=_BY_DATE_AND_VACCINE)
    history: list[Record] = []
    records: dict[str, list[Record]] = {}
    vaccines, conflicts = schedule.vaccines, schedule.conflicts
    for position, dose in enumerate(given):
        day, cvx = dose.given.toordinal(), dose.cvx
        record = Record(position, day, cvx, dose, dose.is_substandard or _is_expired(dose))
        if position and cvx in conflicts:
            record.clashes = _clashes(day, history, conflicts[cvx])
        history.append(record)
        vaccine = vaccines.get(cvx)
        for antigen, begin, end in vaccine.antigens if vaccine else ():
            if ages[begin] <= day < ages[end]:
                records.setdefault(antigen, []).append(record)
    return Patient(
        person=person,
        schedule=schedule,
        assessed=today,
        born=person.born.toordinal(),
        ages=ages,
        gender=person.gender,
        codes=frozenset([fact.code for fact in person.facts]) if person.facts else frozenset(),
        observed=_latest(person.facts),
        history=history,
        records=records,
        received=frozenset([record.cvx for record in history]),
        stage=bisect_right(schedule.stages, today, key=ages.__getitem__),
    )


def _clashes(day: int, earlier: Iterable[Record], conflicts: Mapping[str, Conflict]) -> list[tuple[Record, int, int]]:
    """The earlier doses that a dose of this day is in conflict with (CALCDTCONFLICT-1 and -2)."""
    found = []
    for record in earlier:
        conflict = conflicts.get(record.cvx)
        if conflict is not None and day >= add_period(record.day, conflict.begin):
            ends = add_period(record.day, conflict.minimum_end), add_period(record.day, conflict.end)
            if day < max(ends):
                found.append((record, *ends))
    return found


def _is_expired(dose: DoseGiven) -> bool:
    """Whether a dose was given after its lot expired; then it must be repeated (§6.1, Table 6-3)."""
    return dose.lot_expires is not None and dose.lot_expires < dose.given


def _latest(facts: Iterable[Fact]) -> dict[str, int]:
    """The most recent date of each dated observation."""
    dates: dict[str, int] = {}
    for fact in facts:
        if fact.on is not None:
            day = fact.on.toordinal()
            dates[fact.code] = max(day, dates.get(fact.code, day))
    return dates
