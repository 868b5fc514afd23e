"""Read the doses of a series from a compiled table: ages numbered, dates as ordinals, vaccine lists shared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from .digesting import accepted_ages, intervals_from, length, longest, only_ages
from .periods import FUTURE, PAST, Period, parse_period
from .schedule import (
    ALWAYS,
    NEVER,
    NO_AGE,
    AgeRule,
    Conflict,
    IntervalRule,
    Reference,
    SeriesDose,
    Skip,
    SkipCondition,
    SkipKind,
    SkipSet,
    VaccineRule,
)

Row = Mapping[str, Any]


def ordinal(text: str | None, missing: int) -> int:
    """The number of a day; `missing` where none is said."""
    return date.fromisoformat(text).toordinal() if text else missing


class DoseReader:
    """Turns rows of doses into values, giving every distinct age a position; what is equal is made once.

    `ages` are the periods met so far with their positions, `conflicts` the live vaccines that hold each other back.
    """

    def __init__(self, conflicts: Iterable[Row]) -> None:
        self.ages: dict[Period, int] = {}
        self.shared: dict[Any, Any] = {}
        self.conflicts = self._conflicts(conflicts)

    def age(self, text: str | None, missing: int) -> int:
        """The position of an age; `missing` where none is said."""
        if not text:
            return missing
        period = self._period(text)
        assert period is not None
        return self.ages.setdefault(period, len(self.ages) + 2)

    def doses(self, rows: Sequence[Row]) -> tuple[SeriesDose, ...]:
        """The doses of a series, each knowing the next."""
        chain: list[SeriesDose] = []
        for row in reversed(rows):
            chain.append(self._dose(row, chain[-1] if chain else None))
        return tuple(reversed(chain))

    def _period(self, text: str | None) -> Period | None:
        if not text:
            return None
        found: Period = self._share(("period", text), lambda: parse_period(text))
        return found

    def _share(self, key: Any, make: Any) -> Any:
        if key not in self.shared:
            self.shared[key] = make()
        return self.shared[key]

    def _conflicts(self, rows: Iterable[Row]) -> dict[str, dict[str, Conflict]]:
        found: dict[str, dict[str, Conflict]] = {}
        for row in rows:
            conflict = Conflict(parse_period(row["begin"]), parse_period(row["minimum_end"]), parse_period(row["end"]))
            for current in row["current"]:
                found.setdefault(current, {})[row["previous"]] = conflict
        return found

    def _dose(self, row: Row, following: SeriesDose | None) -> SeriesDose:
        preferable = self._vaccine_rules(row.get("preferable", ()))
        intervals = tuple(self._interval(item) for item in row.get("intervals", ()))
        skips = [(item["context"], self._skip(item)) for item in row.get("skips", ())]
        minimums = [rule.minimum for rule in intervals if rule.minimum]
        ages = tuple(self._age_rule(item) for item in row.get("ages", ()))
        allowable = self._vaccine_rules(row.get("allowable", ()))
        return SeriesDose(
            number=row["number"],
            ages=ages,
            intervals=intervals,
            allowable_intervals=tuple(self._interval(item) for item in row.get("allowable_intervals", ())),
            preferable=preferable,
            allowable=allowable,
            inadvertent=frozenset(row.get("inadvertent", ())),
            skips_evaluation=tuple(skip for context, skip in skips if context in ("evaluation", "both")),
            skips_forecast=tuple(skip for context, skip in skips if context in ("forecast", "both")),
            is_recurring=row.get("is_recurring", False),
            season_start=ordinal(row.get("season_start"), PAST),
            season_end=ordinal(row.get("season_end"), FUTURE),
            conflicts=self._share(("conflicts", tuple(preferable)), lambda: self._forecast_conflicts(preferable)),
            following=following,
            intervals_after=intervals_from(following),
            longest_interval=max(minimums, key=length, default=(0, 0)),
            only_age=ages[0] if len(ages) == 1 and (ages[0].effective, ages[0].cessation) == (PAST, FUTURE) else None,
            accepts=self._share(
                ("accepts", id(preferable), id(allowable)), lambda: accepted_ages(preferable, allowable)
            ),
        )

    def _forecast_conflicts(self, preferable: Mapping[str, Any]) -> dict[str, Period]:
        """For each earlier vaccine, how long it holds back a dose that prefers these vaccines (CALCDTCONFLICT-3).

        A dose that may also be given as a vaccine without the conflict is not held back: influenza after measles.
        """
        if not preferable:
            return {}
        conflicts = [self.conflicts.get(cvx, {}) for cvx in preferable]
        shared = set(conflicts[0]).intersection(*conflicts[1:])
        return {previous: min((found[previous].end for found in conflicts), key=length) for previous in sorted(shared)}

    def _age_rule(self, row: Row) -> AgeRule:
        return AgeRule(
            self.age(row.get("absolute_minimum"), ALWAYS),
            self.age(row.get("minimum"), ALWAYS),
            self.age(row.get("earliest_recommended"), NO_AGE),
            self.age(row.get("latest_recommended"), NO_AGE),
            self.age(row.get("maximum"), NEVER),
            ordinal(row.get("effective"), PAST),
            ordinal(row.get("cessation"), FUTURE),
        )

    def _interval(self, row: Row) -> IntervalRule:
        absolute_minimum, minimum = self._period(row.get("absolute_minimum")), self._period(row.get("minimum"))
        return IntervalRule(
            reference=Reference(row["reference"]),
            absolute_minimum=absolute_minimum,
            minimum=minimum,
            earliest_recommended=self._period(row.get("earliest_recommended")),
            latest_recommended=self._period(row.get("latest_recommended")),
            target=row.get("target", 0),
            types=frozenset(row.get("types", ())),
            observation=row.get("observation", ""),
            overrides=row.get("overrides", False),
            effective=ordinal(row.get("effective"), PAST),
            cessation=ordinal(row.get("cessation"), FUTURE),
            enough=max(longest(absolute_minimum or (0, 0)), longest(minimum or (0, 0))),
        )

    def _vaccine_rules(self, rows: Iterable[Row]) -> dict[str, tuple[VaccineRule, ...]]:
        key = ("vaccines", orjson.dumps(rows, option=orjson.OPT_SORT_KEYS))
        found: dict[str, tuple[VaccineRule, ...]] = self._share(key, lambda: self._vaccine_lists(rows))
        return found

    def _vaccine_lists(self, rows: Iterable[Row]) -> dict[str, tuple[VaccineRule, ...]]:
        lists: dict[str, list[VaccineRule]] = {}
        for row in rows:
            rule = VaccineRule(
                row["cvx"],
                self.age(row.get("begin"), ALWAYS),
                self.age(row.get("end"), NEVER),
                row.get("mvx", ""),
                row.get("trade_name", ""),
                row.get("volume", ""),
                row.get("is_recommended", False),
            )
            lists.setdefault(rule.cvx, []).append(rule)
        return {cvx: tuple(rules) for cvx, rules in lists.items()}

    def _skip(self, row: Row) -> Skip:
        sets = tuple(self._skip_set(item) for item in row["sets"])
        return Skip(sets, row["logic"] != "or", only_ages(sets))

    def _skip_set(self, row: Row) -> SkipSet:
        return SkipSet(
            tuple(self._condition(item) for item in row["conditions"]),
            row["logic"] != "or",
            ordinal(row.get("effective"), PAST),
            ordinal(row.get("cessation"), FUTURE),
        )

    def _condition(self, row: Row) -> SkipCondition:
        is_narrow = any(name in row for name in ("begin", "end", "start", "until", "types"))
        return SkipCondition(
            counts_every_valid=row.get("counts") == "valid" and not is_narrow,
            kind=SkipKind(row["kind"]),
            begin=self.age(row.get("begin"), ALWAYS),
            end=self.age(row.get("end"), NEVER),
            start=ordinal(row.get("start"), PAST),
            until=ordinal(row.get("until"), FUTURE),
            interval=self._period(row.get("interval")),
            comparison=row.get("comparison", ""),
            count=row.get("count", 0),
            valid_only=row.get("counts") == "valid",
            types=frozenset(row.get("types", ())),
            series_groups=frozenset(row.get("series_groups", ())),
        )
