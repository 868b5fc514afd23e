"""The limits as typed values, read once from the tables; a clinic's own values are laid over them."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cache
from typing import Any

from mainstay.foundation.tables import read_csv, read_toml

PACKAGE = "mainstay.chart"


class Level(StrEnum):
    """How far from usual a value lies."""

    NOW_LOW = "now low"
    TELL_LOW = "tell low"
    USUAL = "usual"
    TELL_HIGH = "tell high"
    NOW_HIGH = "now high"


@dataclass(frozen=True, slots=True)
class Measure:
    """What a vital sign is called, its canonical UCUM unit, and what can be saved."""

    key: str
    label: str
    unit: str
    step: Decimal
    hard: tuple[Decimal, Decimal]
    soft: tuple[Decimal, Decimal] | None

    def rounded(self, value: Decimal) -> Decimal:
        """The value at the precision limits are written in."""
        return value.quantize(self.step, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Bands:
    """Five bands without gap or overlap; a missing limit means that band does not exist."""

    now_upto: Decimal | None = None
    tell_upto: Decimal | None = None
    tell_from: Decimal | None = None
    now_from: Decimal | None = None

    def level(self, value: Decimal) -> Level:
        """Where a value, already rounded, lies."""
        if self.now_upto is not None and value <= self.now_upto:
            return Level.NOW_LOW
        if self.tell_upto is not None and value <= self.tell_upto:
            return Level.TELL_LOW
        if self.now_from is not None and value >= self.now_from:
            return Level.NOW_HIGH
        if self.tell_from is not None and value >= self.tell_from:
            return Level.TELL_HIGH
        return Level.USUAL

    def rising(self) -> list[Decimal]:
        """The limits that exist, lowest band first."""
        return [limit for limit in (self.now_upto, self.tell_upto, self.tell_from, self.now_from) if limit is not None]


@dataclass(frozen=True, slots=True)
class ChildBand:
    """Usual ranges of awake children from one age until the next band begins."""

    label: str
    from_days: int
    from_years: int
    heart_rate: tuple[Decimal, Decimal]
    respiratory_rate: tuple[Decimal, Decimal]
    systolic: tuple[Decimal, Decimal]
    hypotension_below: Decimal
    hypotension_per_year: Decimal

    def hypotension(self, age_years: int) -> Decimal:
        """A systolic pressure below this is too low, mmHg."""
        return self.hypotension_below + self.hypotension_per_year * age_years

    def range_of(self, key: str) -> tuple[Decimal, Decimal] | None:
        """The usual range of a vital sign, ends inside."""
        return {
            "heart_rate": self.heart_rate,
            "respiratory_rate": self.respiratory_rate,
            "systolic": self.systolic,
        }.get(key)


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit of `limits.toml`, typed where it is asked for most."""

    measures: Mapping[str, Measure]
    adult: Mapping[str, Bands]
    any_child: Mapping[str, Bands]
    table: Mapping[str, Any]

    def number(self, group: str, name: str) -> Decimal:
        """A single limit such as `change.weight_kg`."""
        return Decimal(self.table[group][name])

    def pair(self, group: str, name: str) -> tuple[Decimal, Decimal]:
        """A single pair of limits, low and high."""
        low, high = self.table[group][name]
        return Decimal(low), Decimal(high)


@cache
def vital_limits() -> Limits:
    """The limits as shipped."""
    return _typed(dict(read_toml(PACKAGE, "vitals/limits.toml")))


def limits_with(overrides: Mapping[str, Decimal]) -> Limits:
    """The shipped limits with a clinic's values over them, named like `adult.heart_rate.tell_from`.

    Raises `ValueError` when a name does not exist or the values no longer rise from band to band.
    """
    table = deepcopy(dict(read_toml(PACKAGE, "vitals/limits.toml")))
    for name, value in overrides.items():
        *path, last = name.split(".")
        place: Any = table
        for step in path:
            place = place.get(step) if isinstance(place, dict) else None
        if not isinstance(place, dict) or not isinstance(place.get(last), int | Decimal):
            raise ValueError(f"{name} is not the name of a limit")
        place[last] = value
    limits = _typed(table)
    for group in (limits.adult, limits.any_child):
        for key, bands in group.items():
            if sorted(set(bands.rising())) != bands.rising():
                raise ValueError(f"the limits of {key} must rise from band to band")
    return limits


def _typed(table: dict[str, Any]) -> Limits:
    return Limits(
        measures={
            key: Measure(
                key=key,
                label=row["label"],
                unit=row["unit"],
                step=Decimal(row["step"]),
                hard=(Decimal(row["hard"][0]), Decimal(row["hard"][1])),
                soft=(Decimal(row["soft"][0]), Decimal(row["soft"][1])) if "soft" in row else None,
            )
            for key, row in table["measures"].items()
        },
        adult=_bands(table["adult"]),
        any_child=_bands(table["any_child"]),
        table=table,
    )


def _bands(group: Mapping[str, Mapping[str, Any]]) -> dict[str, Bands]:
    return {key: Bands(**{name: Decimal(limit) for name, limit in row.items()}) for key, row in group.items()}


@cache
def child_bands() -> tuple[ChildBand, ...]:
    """Children's bands, youngest first."""
    return tuple(
        ChildBand(
            label=row["label"],
            from_days=row["from"].get("days", 0),
            from_years=row["from"].get("years", 0),
            heart_rate=_two(row["heart_rate"]),
            respiratory_rate=_two(row["respiratory_rate"]),
            systolic=_two(row["systolic"]),
            hypotension_below=Decimal(row["hypotension_below"]),
            hypotension_per_year=Decimal(row.get("hypotension_per_year", 0)),
        )
        for row in read_toml(PACKAGE, "vitals/children.toml")["band"]
    )


def child_band(born: date, today: date, age_years: int) -> ChildBand | None:
    """The band of a child's age; `None` from the eighteenth birthday and before birth."""
    if today < born or age_years >= adult_from_years():
        return None
    days = (today - born).days
    return [
        band for band in child_bands() if (band.from_years <= age_years if band.from_years else band.from_days <= days)
    ][-1]


@cache
def adult_from_years() -> int:
    """The age at which adult limits begin."""
    return int(read_toml(PACKAGE, "vitals/children.toml")["until_years"])


@cache
def beyond_percent() -> Decimal:
    """How far outside a child's range a value must lie to be fetched for now."""
    return Decimal(read_toml(PACKAGE, "vitals/children.toml")["beyond_percent"])


@cache
def temperature_sites() -> Mapping[str, Mapping[str, Any]]:
    """Fever limits by where a temperature was taken."""
    return {
        name: row for name, row in read_toml(PACKAGE, "vitals/temperature_sites.toml").items() if isinstance(row, dict)
    }


@cache
def child_pressure_2017() -> Mapping[tuple[str, int, int, int], tuple[Decimal, Decimal]]:
    """(sex, age, pressure percentile, height percentile) -> (systolic, diastolic), AAP 2017."""
    return {
        (row["sex"], int(row["age"]), int(row["pressure_percentile"]), int(row["height_percentile"])): (
            Decimal(row["systolic"]),
            Decimal(row["diastolic"]),
        )
        for row in read_csv(PACKAGE, "vitals/child_pressure_2017.csv")
    }


@cache
def child_pressure_screen() -> Mapping[tuple[str, int], tuple[Decimal, Decimal]]:
    """(sex, age) -> (systolic, diastolic) at which a child without a known height is looked at again."""
    return {
        (sex, int(row["age"])): (Decimal(row[f"{word}_systolic"]), Decimal(row[f"{word}_diastolic"]))
        for row in read_csv(PACKAGE, "vitals/child_pressure_screen.csv")
        for sex, word in (("m", "male"), ("f", "female"))
    }


def _two(pair: list[Any]) -> tuple[Decimal, Decimal]:
    return Decimal(pair[0]), Decimal(pair[1])
