"""Putting a registry's history beside ours: what is the same dose, what is new, what a person must look at.

Two doses are the same when they are of one family (one contains every antigen of the other) and at most two days
apart; with rabies, whose doses are days apart, on the same day. Up to six days apart, or overlapping only in part,
a person looks. Ours wins: nothing here is changed by what a registry says. House decision, unverified.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mainstay.interop.registries.answers import ToldDose

SAME_WITHIN_DAYS = 2
DOUBTFUL_WITHIN_DAYS = 6
CLOSE_SERIES = frozenset({"Rabies"})

Families = Mapping[str, frozenset[str]]
"""The antigens of each CVX code."""


class Standing(StrEnum):
    """What a told dose is to us."""

    NEW = "new"
    SAME = "same"
    REPEATED = "repeated"
    """The registry has it twice, under one code or two."""
    DOUBTFUL = "doubtful"
    NOT_GIVEN = "not_given"
    IMPOSSIBLE = "impossible"


@dataclass(frozen=True, slots=True)
class OurDose:
    """One dose of ours, as far as it is compared."""

    id: int
    cvx: str
    given_on: date
    words: str = ""
    mvx: str = ""
    lot: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One told dose beside ours. `differences` are sentences; `key` names it in a form."""

    key: str
    told: ToldDose
    standing: Standing
    ours: OurDose | None = None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MergePlan:
    """Every told dose with its standing, in the order of their days, and ours the registry does not have."""

    compared: tuple[Compared, ...]
    only_here: tuple[OurDose, ...]

    @property
    def new(self) -> tuple[Compared, ...]:
        """What would be added."""
        return tuple(one for one in self.compared if one.standing is Standing.NEW)


def merge_plan(
    ours: Sequence[OurDose], told: Sequence[ToldDose], families: Families, *, born: date, today: date
) -> MergePlan:
    """Compare histories day by day, combinations before their parts; what the registry has twice is new once."""
    found: list[Compared] = []
    fresh: list[tuple[ToldDose, frozenset[str]]] = []
    order = sorted(range(len(told)), key=lambda at: (told[at].given_on, -len(_family(told[at].cvx, families)), at))
    for at in order:
        dose, family = told[at], _family(told[at].cvx, families)
        key = f"{dose.given_on:%Y%m%d}-{dose.cvx}-{_which(told, at)}"
        if dose.completion not in ("CP", "PA"):
            found.append(Compared(key, dose, Standing.NOT_GIVEN))
        elif not born <= dose.given_on <= today:
            words = "It lies before birth or after today."
            found.append(Compared(key, dose, Standing.IMPOSSIBLE, differences=(words,)))
        elif beside := _beside(key, dose, family, ours, families):
            found.append(beside)
        elif any(_is_same(family, dose.given_on, of, one.given_on) for one, of in fresh):
            found.append(Compared(key, dose, Standing.REPEATED))
        else:
            fresh.append((dose, family))
            found.append(Compared(key, dose, Standing.NEW))
    matched = {one.ours.id for one in found if one.ours and one.standing is Standing.SAME}
    return MergePlan(tuple(found), tuple(dose for dose in ours if dose.id not in matched))


def _family(cvx: str, families: Families) -> frozenset[str]:
    return families.get(cvx) or frozenset({cvx})


def _is_same(family: frozenset[str], day: date, other: frozenset[str], other_day: date) -> bool:
    within = 0 if family & CLOSE_SERIES else SAME_WITHIN_DAYS
    return abs((day - other_day).days) <= within and (family <= other or other <= family)


def _which(told: Sequence[ToldDose], at: int) -> int:
    same = [n for n, one in enumerate(told) if (one.given_on, one.cvx) == (told[at].given_on, told[at].cvx)]
    return same.index(at) + 1


def _beside(
    key: str, dose: ToldDose, family: frozenset[str], ours: Sequence[OurDose], families: Families
) -> Compared | None:
    """How a told dose stands to the nearest of ours that shares an antigen; None if none is near."""

    def nearness(one: OurDose) -> tuple[int, bool, int]:
        return abs((one.given_on - dose.given_on).days), one.cvx != dose.cvx, one.id

    near = sorted((one for one in ours if _family(one.cvx, families) & family), key=nearness)
    for one in near:
        if _is_same(family, dose.given_on, _family(one.cvx, families), one.given_on):
            return Compared(key, dose, Standing.SAME, one, tuple(_differences(one, dose)))
    if near and not family & CLOSE_SERIES and (apart := nearness(near[0])[0]) <= DOUBTFUL_WITHIN_DAYS:
        one = near[0]
        words = _days_apart(apart) if apart > SAME_WITHIN_DAYS else "Part of it is in a dose of ours of that time."
        return Compared(key, dose, Standing.DOUBTFUL, one, (words, *_differences(one, dose)))
    return None


def _days_apart(apart: int) -> str:
    return f"We have one {apart} day{'s' if apart != 1 else ''} apart: too near for two doses, and not the same day."


def _differences(ours: OurDose, told: ToldDose) -> list[str]:
    found = []
    if ours.given_on != told.given_on:
        found.append(f"The registry says {told.given_on:%m/%d/%Y}, we say {ours.given_on:%m/%d/%Y}.")
    if ours.cvx != told.cvx:
        found.append(
            f"The registry says {told.words or told.cvx} (CVX {told.cvx}), we say {ours.words} (CVX {ours.cvx})."
        )
    if told.lot and ours.lot and told.lot.upper() != ours.lot.upper():
        found.append(f"The registry says lot {told.lot}, we say {ours.lot}.")
    if told.mvx and ours.mvx and told.mvx.upper() != ours.mvx.upper():
        found.append(f"The registry says manufacturer {told.mvx}, we say {ours.mvx}.")
    return found
