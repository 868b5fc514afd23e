"""What must hold of the practice's own choices. Pure, no database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from urllib.parse import urlencode

from mainstay.foundation.ages import AgeRange
from mainstay.foundation.dates import spell_age
from mainstay.foundation.findings import Finding, Severity

OTHER_AGE = "other-age"
"""The finding that a kind of visit is booked for an age it is not for."""

BOOKED_THEN = "booked-then"
"""The finding that somebody is booked at what is about to close; its reason is what they are told."""
MOST_TOLD = 6
"""Digits of a number of calls an address can carry."""
NAMED = 5
"""So many visits are named in a sentence; of the rest it says how many."""


def judge_age(ages: AgeRange, *, kind: str, born: date, on: date, who_may: str = "") -> Sequence[Finding]:
    """Whether a kind of visit is for somebody's age on that day: clinics have exceptions, so it asks for a reason.

    For somebody who may not decide that, `who_may` names who could, and nothing is saved.
    """
    if ages.holds(born, on):
        return ()
    found = f"{kind} is for {ages}; the patient is {spell_age(born, on)} old then."
    if who_may:
        return (Finding(Severity.STOP, OTHER_AGE, "visit_type", f"{found} {who_may} can book it with a reason."),)
    return (Finding(Severity.CONFIRM, OTHER_AGE, "visit_type", found),)


def judge_closing(booked: Sequence[str]) -> Sequence[Finding]:
    """Whether anybody is booked at what closes: how many, and the first of them as they are said.

    It asks for a reason, which is what they are told; each of them becomes work.
    """
    if not booked:
        return ()
    said = "; ".join(booked[:NAMED])
    more = f"; and {len(booked) - NAMED} more" if len(booked) > NAMED else ""
    are, each = ("1 visit is", "It goes") if len(booked) == 1 else (f"{len(booked)} visits are", "Each goes")
    found = f"{are} booked then: {said}{more}."
    asked = f"{each} on the list of the front desk, to be called and moved. Say what they are told."
    return (Finding(Severity.CONFIRM, BOOKED_THEN, "", f"{found} {asked}"),)


@dataclass(frozen=True, slots=True)
class Opened:
    """What came of the calls a closing had made, once it was open again; each number counts visits.

    `off`: off the list, as the visit can take place. `begun`: somebody has taken the call or dialed, so it stays, with
    a note. `moved`: moved, called off or called about before; nothing here puts them back. `still`: something else
    keeps the visit from taking place, so the call stays.
    """

    off: int = 0
    begun: int = 0
    moved: int = 0
    still: int = 0

    def __add__(self, other: Opened) -> Opened:
        return Opened(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))

    @property
    def words(self) -> list[str]:
        """The numbers as sentences, for whoever opened again; nothing where there was no call."""
        said = (
            (self.off, "{} off the work list: the visit can take place.", "call is", "calls are"),
            (self.begun, "{} on the list, with a note: somebody has begun.", *_STAY),
            (self.moved, "{} before; that is not put back from here.", *_MOVED),
            (self.still, "{} on the list: something else keeps the visit from taking place.", *_STAY),
        )
        return [text.format(f"{n} {one if n == 1 else many}") for n, text, one, many in said if n]

    @property
    def address(self) -> str:
        """The numbers as the end of an address; empty where there was no call."""
        return f"?{urlencode({one.name: getattr(self, one.name) for one in fields(self)})}" if self.words else ""


_STAY = ("call stays", "calls stay")
_MOVED = ("visit was moved, called off or called about", "visits were moved, called off or called about")


def read_opened(asked: Mapping[str, str]) -> Opened:
    """The numbers an address carries; what is no number counts as none."""
    typed = {one.name: asked.get(one.name, "") for one in fields(Opened)}
    return Opened(**{n: int(t) for n, t in typed.items() if t.isascii() and t.isdigit() and len(t) <= MOST_TOLD})
