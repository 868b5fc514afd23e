"""RSP^K11: what a registry answers to a query, as values (IZ guide 1.5, chapter 7; profiles Z31, Z32, Z33, Z42)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mainstay.interop.hl7 import Message, Segment, day_of
from mainstay.interop.hl7.acknowledging import Complaint, verdict_of


class Found(StrEnum):
    """How a query ended."""

    HISTORY = "history"
    CANDIDATES = "candidates"
    NOBODY = "nobody"
    TOO_MANY = "too_many"
    PROTECTED = "protected"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody the registry may mean: a person compares and decides."""

    identifiers: tuple[tuple[str, str, str], ...]
    """(number, authority, kind)"""
    family: str
    given: str
    middle: str
    birth_date: date | None
    sex: str
    address: str
    mother_maiden: str

    @property
    def name(self) -> str:
        """Given, middle, family."""
        return " ".join(part for part in (self.given, self.middle, self.family) if part)

    @property
    def sex_in_words(self) -> str:
        """HL7's letter as people read it."""
        return {"F": "Female", "M": "Male", "U": "Not known", "": "Not known"}.get(self.sex, "Other")

    def number(self, kind: str = "SR") -> tuple[str, str] | None:
        """(number, authority) of one kind: SR is the registry's own."""
        return next(((value, authority) for value, authority, what in self.identifiers if what == kind), None)


@dataclass(frozen=True, slots=True)
class ToldDose:
    """One dose as the registry has it. `is_valid` is its evaluation, None where it gives none."""

    number: str
    given_on: date
    cvx: str
    words: str
    mvx: str = ""
    lot: str = ""
    source: str = ""
    completion: str = "CP"
    facility: str = ""
    is_valid: bool | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ToldForecast:
    """What the registry says is due: a vaccine or group by CVX, with its dates and words."""

    cvx: str
    words: str
    due_on: date | None = None
    earliest_on: date | None = None
    overdue_on: date | None = None
    latest_on: date | None = None
    status: str = ""
    dose_number: str = ""
    schedule: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RegistryAnswer:
    """Everything one RSP says. `unread` names what stood in it and could not be used."""

    found: Found
    query_tag: str
    person: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()
    doses: tuple[ToldDose, ...] = ()
    forecasts: tuple[ToldForecast, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    unread: tuple[str, ...] = field(default=())


_BY_QAK = {"NF": Found.NOBODY, "TM": Found.TOO_MANY, "PD": Found.PROTECTED, "AE": Found.ERROR, "AR": Found.ERROR}
_NOT_A_DOSE = "998"


def answer_of(message: Message) -> RegistryAnswer:
    """What a registry answered; `ERROR` for whatever is no answer to a query."""
    verdict = verdict_of(message)
    complaints = verdict.complaints if verdict else ()
    profile, status = message.text("MSH-21"), message.text("QAK-2").strip().upper()
    tag = message.text("QAK-1")
    if message.header.text(9, 1) != "RSP" or verdict is None or status in ("AE", "AR"):
        return RegistryAnswer(Found.ERROR, tag, complaints=complaints)
    people = [_candidate(pid) for pid in message.every("PID")]
    if status in _BY_QAK:
        return RegistryAnswer(_BY_QAK[status], tag, complaints=complaints)
    if profile == "Z31" or len(people) > 1:
        return RegistryAnswer(Found.CANDIDATES, tag, candidates=tuple(people), complaints=complaints)
    if profile == "Z33" or not people:
        gone_wrong = verdict.code != "AA"
        return RegistryAnswer(Found.ERROR if gone_wrong else Found.NOBODY, tag, complaints=complaints)
    doses, forecasts, unread = _content(message)
    return RegistryAnswer(
        Found.HISTORY, tag, people[0], (), tuple(doses), tuple(forecasts), tuple(complaints), tuple(unread)
    )


def told_in_update(message: Message) -> RegistryAnswer:
    """The doses in a VXU^V04 that somebody sent us unasked."""
    doses, _, unread = _content(message)
    pid = message.first("PID")
    return RegistryAnswer(Found.HISTORY, "", _candidate(pid) if pid else None, doses=tuple(doses), unread=tuple(unread))


def _candidate(pid: Segment) -> Candidate:
    address = [pid.text(11, part) for part in (1, 2, 3, 4, 5)]
    return Candidate(
        identifiers=tuple((one[0], one[3], one[4]) for one in _components(pid, 3, 5) if one[0]),
        family=pid.text(5, 1),
        given=pid.text(5, 2),
        middle=pid.text(5, 3),
        birth_date=day_of(pid.text(7)),
        sex=pid.text(8),
        address=", ".join(part for part in address if part),
        mother_maiden=pid.text(6),
    )


def _components(one: Segment, number: int, width: int) -> list[list[str]]:
    return [[*(part[0] for part in repetition), *[""] * width][:width] for repetition in one.tree(number)]


def _content(message: Message) -> tuple[list[ToldDose], list[ToldForecast], list[str]]:
    doses: list[ToldDose] = []
    forecasts: list[ToldForecast] = []
    unread: list[str] = []
    for number, group in enumerate(_administrations(message), start=1):
        rxa = next(one for one in group if one.name == "RXA")
        facts = _facts([one for one in group if one.name == "OBX"])
        cvx, words = vaccine_of(rxa)
        if cvx == _NOT_A_DOSE:
            forecasts += [_forecast(one) for one in facts if one.get("30956-7") or one.get("30979-9")]
            continue
        day = day_of(rxa.text(3))
        if not cvx or day is None:
            missing = "CVX code (RXA-5)" if not cvx else "whole date (RXA-3)"
            unread.append(f"Vaccination {number} has no {missing}: {words or cvx or 'unnamed'}.")
            continue
        orc = next((one for one in group if one.name == "ORC"), None)
        doses.append(_dose(rxa, orc, facts, cvx, words, day))
        forecasts += [_forecast(one) for one in facts if _asks_for_more(one)]
    return doses, forecasts, unread


def _administrations(message: Message) -> list[list[Segment]]:
    """Each RXA with its ORC and what follows; an ORC without an RXA of its own says nothing."""
    groups: list[list[Segment]] = []
    waiting: list[Segment] = []
    for one in message.segments:
        if one.name == "ORC":
            waiting = [one]
        elif one.name == "RXA":
            groups.append([*waiting, one])
            waiting = []
        elif groups and not waiting:
            groups[-1].append(one)
    return groups


def vaccine_of(rxa: Segment) -> tuple[str, str]:
    """(CVX, words) of RXA-5, whichever of its two triplets is the CVX; a single digit gets its leading zero."""
    for repetition in rxa.tree(5):
        parts = [*(one[0].strip() for one in repetition), *[""] * 6]
        for at in (0, 3):
            if parts[at] and parts[at + 2].upper() in ("CVX", "HL70292", ""):
                code = parts[at]
                return (code.zfill(2) if code.isdecimal() else code), parts[at + 1]
    return "", rxa.text(5, 2)


def _facts(observations: Iterable[Segment]) -> list[dict[str, list[str]]]:
    """What the OBX of one vaccination say, by LOINC and grouped by OBX-4; each value with its words.

    Registries that number nothing begin the next group where the vaccine type is told again.
    """
    groups: list[dict[str, list[str]]] = []
    last = ""
    for one in observations:
        code, group = one.text(3).strip(), one.text(4)
        begins_anew = code == "30956-7" and groups and "30956-7" in groups[-1]
        if not groups or group != last or begins_anew:
            groups.append({})
        last = group
        groups[-1].setdefault(code, [one.text(5), one.text(5, 2)])
    return groups


def _dose(
    rxa: Segment, orc: Segment | None, facts: list[dict[str, list[str]]], cvx: str, words: str, day: date
) -> ToldDose:
    judged = [one["59781-5"][0].upper() for one in facts if "59781-5" in one]
    reasons = [value[1] or value[0] for one in facts for code in ("30982-3",) if (value := one.get(code))]
    return ToldDose(
        number=orc.text(3) if orc else "",
        given_on=day,
        cvx=cvx,
        words=words,
        mvx=rxa.text(17).upper(),
        lot=rxa.text(15),
        source=rxa.text(9),
        completion=rxa.text(20) or "CP",
        facility=rxa.text(11, 4) or (orc.text(17, 2) or orc.text(17) if orc else ""),
        is_valid=None if not judged else any(one == "Y" for one in judged),
        reason="; ".join(dict.fromkeys(reasons)),
    )


def _asks_for_more(facts: dict[str, list[str]]) -> bool:
    return any(code in facts for code in ("30980-7", "30981-5", "59778-1")) and "59781-5" not in facts


def _forecast(facts: dict[str, list[str]]) -> ToldForecast:
    """30956-7 or 30979-9 vaccine, 30980-7 due, 30981-5 earliest, 59777-3 latest, 59778-1 overdue, 59783-1 status."""

    def day(code: str) -> date | None:
        return day_of(facts[code][0]) if code in facts else None

    def words(code: str) -> str:
        value = facts.get(code, ["", ""])
        return value[1] or value[0]

    vaccine = facts.get("30956-7") or facts.get("30979-9") or ["", ""]
    return ToldForecast(
        cvx=vaccine[0].zfill(2) if vaccine[0].isdecimal() else vaccine[0],
        words=vaccine[1],
        due_on=day("30980-7"),
        earliest_on=day("30981-5"),
        overdue_on=day("59778-1"),
        latest_on=day("59777-3"),
        status=words("59783-1"),
        dose_number=words("30973-2"),
        schedule=words("59779-9") or words("59780-7"),
        reason=words("30982-3"),
    )
