"""What the simulated registry remembers: people and their doses, made by replaying the messages it accepted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import count

from mainstay.foundation.tables import read_csv
from mainstay.interop.hl7 import Message, Segment, day_of
from mainstay.interop.registries.answers import vaccine_of


@dataclass(slots=True)
class KnownDose:
    """One dose by the number its sender gave it; its RXA and RXR as they came."""

    key: tuple[str, str]
    day: date
    cvx: str
    words: str
    rxa: Segment
    rxr: Segment | None = None
    reactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownRefusal:
    """One vaccine that was refused on a day, with the reason of NIP002."""

    day: date
    cvx: str
    reason: str


@dataclass(slots=True)
class KnownPatient:
    """One person: the registry's number, the last PID and the doses."""

    number: str
    pid: Segment
    identifiers: set[tuple[str, str]] = field(default_factory=set)
    doses: list[KnownDose] = field(default_factory=list)
    refusals: set[KnownRefusal] = field(default_factory=set)

    @property
    def born(self) -> date | None:
        """PID-7."""
        return day_of(self.pid.text(7))

    def is_named(self, family: str, given: str) -> bool:
        """Whether a name is this person's, whatever its case."""
        return (self.pid.text(5).lower(), self.pid.text(5, 2).lower()) == (family.lower(), given.lower())


class Records:
    """Everybody the registry knows."""

    def __init__(self) -> None:
        self.patients: list[KnownPatient] = []
        self.control_ids: dict[tuple[str, str], bytes] = {}
        self._numbers = count(70001)

    def take(self, message: Message) -> None:
        """Do what a VXU says: add, update or delete doses; the same dose number never makes two."""
        pid = message.first("PID")
        if pid is None:
            return
        patient = self.person_of(pid)
        patient.pid = pid
        patient.identifiers |= identifiers_of(pid, 3)
        for group in message.groups("ORC"):
            rxa = next((one for one in group if one.name == "RXA"), None)
            if rxa is not None:
                rxr = next((one for one in group if one.name == "RXR"), None)
                seen = tuple(one.text(5) for one in group if one.name == "OBX" and one.text(3) == "31044-1")
                _take_dose(patient, group[0], rxa, rxr, seen)

    def person_of(self, pid: Segment) -> KnownPatient:
        """The person a PID means: by number, else by name and birth day, else somebody new."""
        numbers, born = identifiers_of(pid, 3), day_of(pid.text(7))
        for patient in self.patients:
            if patient.identifiers & numbers:
                return patient
        for patient in self.patients:
            if patient.born == born and patient.is_named(pid.text(5), pid.text(5, 2)):
                return patient
        number = str(next(self._numbers))
        made = KnownPatient(number, pid, {(number, "SIMREG")})
        self.patients.append(made)
        return made

    def matching(self, qpd: Segment) -> tuple[list[KnownPatient], bool]:
        """(whom a query may mean, whether that is certain)."""
        numbers, family, given = identifiers_of(qpd, 3), qpd.text(4), qpd.text(4, 2)
        if sure := [one for one in self.patients if one.identifiers & numbers]:
            return sure[:1], True
        same_day = [one for one in self.patients if one.born == day_of(qpd.text(6))]
        exact = [one for one in same_day if one.is_named(family, given)]
        if len(exact) == 1:
            return exact, True
        near = [
            one
            for one in same_day
            if one.pid.text(5).lower() == family.lower() or one.pid.text(5, 2).lower() == given.lower()
        ]
        return exact or near, False


def identifiers_of(one: Segment, number: int) -> set[tuple[str, str]]:
    """(number, authority) of a CX field."""
    parts = [[*(part[0] for part in repetition), *[""] * 4] for repetition in one.tree(number)]
    return {(part[0], part[3]) for part in parts if part[0]}


def _take_dose(
    patient: KnownPatient, orc: Segment, rxa: Segment, rxr: Segment | None, reactions: tuple[str, ...]
) -> None:
    cvx, words = vaccine_of(rxa)
    day = day_of(rxa.text(3)) or day_of(rxa.text(3)[:8])
    key = (orc.text(3), orc.text(3, 2))
    patient.doses = [one for one in patient.doses if one.key != key or key[0] == "9999"]
    if rxa.text(21) != "D" and rxa.text(20) in ("", "CP", "PA") and cvx and day:
        patient.doses.append(KnownDose(key, day, cvx, words, rxa, rxr, reactions))
        patient.doses.sort(key=lambda one: one.day)
    elif rxa.text(20) == "RE" and cvx and day:
        refusal = KnownRefusal(day, cvx, rxa.text(18))
        patient.refusals = patient.refusals - {refusal} if rxa.text(21) == "D" else patient.refusals | {refusal}


@dataclass(frozen=True, slots=True)
class CrudeRule:
    """One row of the simulator's schedule: ages in months, and which codes count."""

    cvx: str
    words: str
    months: tuple[int, ...]
    counts: frozenset[str]


@cache
def crude_rules() -> tuple[CrudeRule, ...]:
    """The simulator's schedule."""
    return tuple(
        CrudeRule(
            row["cvx"], row["words"], tuple(int(one) for one in row["months"].split()), frozenset(row["counts"].split())
        )
        for row in read_csv("mainstay.interop", "simulated_schedule.csv")
    )


def crude_forecast(patient: KnownPatient, *, today: date) -> Iterator[tuple[CrudeRule, int, date]]:
    """(rule, dose number, due) for every group still open before eighteen; a registry with an opinion of its own."""
    born = patient.born
    if born is None or (today - born).days > 18 * 365:
        return
    for rule in crude_rules():
        given = [one.day for one in patient.doses if one.cvx in rule.counts]
        if len(given) < len(rule.months):
            due = _after(born, rule.months[len(given)])
            if given and (due - max(given)).days < 28:
                due = date.fromordinal(max(given).toordinal() + 28)
            yield rule, len(given) + 1, due


def _after(born: date, months: int) -> date:
    year, month = divmod(born.year * 12 + born.month - 1 + months, 12)
    return date(year, month + 1, min(born.day, 28))
