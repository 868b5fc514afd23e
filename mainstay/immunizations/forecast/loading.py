"""Read a compiled table into a `Schedule`: ages numbered, dates as ordinals, vaccine lists shared."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

import orjson

from mainstay.foundation.tables import read_toml

from .digesting import accepted_ages, intervals_from, length, longest, only_ages
from .overriding import apply_override
from .periods import FUTURE, PAST, Period, parse_period
from .schedule import (
    ALWAYS,
    NEVER,
    NO_AGE,
    AgeRule,
    Antigen,
    BirthImmunity,
    Conflict,
    Contraindication,
    Gender,
    Header,
    Indication,
    IntervalRule,
    Observation,
    Override,
    Reference,
    Schedule,
    Series,
    SeriesDose,
    SeriesKind,
    Skip,
    SkipCondition,
    SkipKind,
    SkipSet,
    Standing,
    Vaccine,
    VaccineGroup,
    VaccineRule,
)
from .steadiness import (
    calendar,
    challengers,
    in_order,
    is_preferred,
    looks_at_completed,
    standing_series,
    steady_ages,
    untouched_series,
    watched_vaccines,
)
from .twins import with_twins

Row = Mapping[str, Any]

DEFAULT_SCHEDULE = "cdc-4.64"
_NO_PREFERENCE = 10_000


def schedule_names() -> list[str]:
    """The schedules that ship with the product, by file name."""
    folder = resources.files("mainstay.immunizations") / "tables" / "schedules"
    return sorted(entry.name.removesuffix(".json.gz") for entry in folder.iterdir() if entry.name.endswith(".json.gz"))


@cache
def load_schedule(name: str = DEFAULT_SCHEDULE) -> Schedule:
    """One of the schedules of `schedule_names`, read once. Raises FileNotFoundError when there is none by that name."""
    return read_schedule(packed_table(name))


def packed_table(name: str) -> bytes:
    """The compiled table a schedule is read from. Raises FileNotFoundError when there is none by that name."""
    path = resources.files("mainstay.immunizations") / "tables" / "schedules" / f"{name}.json.gz"
    return path.read_bytes()


@cache
def other_vaccines() -> frozenset[str]:
    """The vaccine codes (CVX) CDC knows and no schedule maps to an antigen; a dose of one is judged for none."""
    return frozenset(read_toml("mainstay.immunizations", "other_vaccines.toml")["codes"])


def read_schedule(packed: bytes, overrides: Iterable[Override] = ()) -> Schedule:
    """The schedule in a gzipped table, with local override rows laid over it. Raises KeyError or ValueError."""
    laid = tuple(overrides)
    table = orjson.loads(gzip.decompress(packed))
    for row in laid:
        apply_override(table, row)
    return read_table(table, laid)


def read_table(table: Row, overrides: tuple[Override, ...] = ()) -> Schedule:
    """The schedule in a table that was unpacked, its override rows already laid over it."""
    return _Reader(table).schedule(overrides)


def _ordinal(text: str | None, missing: int) -> int:
    return date.fromisoformat(text).toordinal() if text else missing


class _Reader:
    """Turns rows into values, giving every distinct age a position."""

    def __init__(self, table: Row) -> None:
        self.table = table
        self.ages: dict[Period, int] = {}
        self.shared: dict[Any, Any] = {}
        self.stages: list[int] = []
        self.conflicts = self._conflicts(table["conflicts"])

    def schedule(self, overrides: tuple[Override, ...]) -> Schedule:
        table = self.table
        header = table["header"]
        antigens = {name: self._antigen(row) for name, row in table["antigens"].items()}
        antigens = with_twins(antigens, table["antigens"], table["groups"])
        vaccines = {cvx: self._vaccine(cvx, row) for cvx, row in table["vaccines"].items()}
        return Schedule(
            stages=tuple(self.stages),
            header=Header(
                header["issuer"],
                header["version"],
                header["effective"],
                Standing(header["status"]),
                header["source"],
            ),
            ages=tuple(self.ages),
            antigens=antigens,
            groups=tuple(self._group(row, antigens) for row in table["groups"]),
            vaccines=vaccines,
            conflicts=self.conflicts,
            observations={
                code: Observation(code, row["term"], tuple((value, system) for value, system in row["values"]))
                for code, row in table["observations"].items()
            },
            overrides=overrides,
        )

    def _age(self, text: str | None, missing: int) -> int:
        if not text:
            return missing
        period = self._period(text)
        assert period is not None
        return self.ages.setdefault(period, len(self.ages) + 2)

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

    def _vaccine(self, cvx: str, row: Row) -> Vaccine:
        return Vaccine(
            cvx,
            row["name"],
            tuple(
                (link["antigen"], self._age(link.get("begin"), ALWAYS), self._age(link.get("end"), NEVER))
                for link in row["antigens"]
            ),
        )

    def _group(self, row: Row, antigens: Mapping[str, Antigen]) -> VaccineGroup:
        members = [antigens[name] for name in row["antigens"]]
        concerns_all = any(series for antigen in members for series in antigen.standing.values())
        indications = None if concerns_all else frozenset().union(*(antigen.indication_codes for antigen in members))
        return VaccineGroup(row["name"], tuple(row["antigens"]), row.get("needs_full_vaccine", False), indications)

    def _antigen(self, row: Row) -> Antigen:
        name = row["name"]
        series = [self._series(name, item) for item in row["series"]]
        series.sort(key=lambda item: item.series_group)
        series = [replace(item, is_preferred=is_preferred(item, series)) for item in series]
        is_plain = not looks_at_completed(series)
        if is_plain and untouched_series(series, list(self.ages)):
            series = [self._steadied(item) for item in series]
        indication_codes = frozenset(
            indication.code for item in series if item.kind is SeriesKind.RISK for indication in item.indications
        )
        other_codes = [item["code"] for item in (*row["contraindications"], *row["vaccine_contraindications"])]
        return Antigen(
            name=name,
            vaccine_group=row["vaccine_group"],
            series=tuple(series),
            indication_codes=indication_codes,
            watched_codes=indication_codes | {*other_codes, *row["immune_codes"]},
            standing={gender: standing_series(series, gender) for gender in Gender},
            challengers=challengers(series),
            untouched=untouched_series(series, list(self.ages)) if is_plain else {},
            is_plain=is_plain,
            immune_codes=frozenset(row["immune_codes"]),
            birth_immunity=tuple(
                BirthImmunity(_ordinal(item["before"], PAST), item["country"], frozenset(item["exclusions"]))
                for item in row["birth_immunity"]
            ),
            contraindications=tuple(
                Contraindication(item["code"], self._age(item.get("begin"), ALWAYS), self._age(item.get("end"), NEVER))
                for item in row["contraindications"]
            ),
            vaccine_contraindications=tuple(
                Contraindication(
                    item["code"],
                    vaccines=tuple(
                        (part["cvx"], self._age(part.get("begin"), ALWAYS), self._age(part.get("end"), NEVER))
                        for part in item["vaccines"]
                    ),
                )
                for item in row["vaccine_contraindications"]
            ),
        )

    def _series(self, antigen: str, row: Row) -> Series:
        kind = SeriesKind(row["kind"])
        doses = self._doses(row["doses"])
        starting = None if doses[0].skips_evaluation else doses[0]
        return Series(
            name=row["name"],
            antigen=antigen,
            kind=kind,
            series_group=row["series_group"],
            series_group_name=row["series_group_name"],
            equivalent_groups=frozenset(row.get("equivalent_groups", ())),
            genders=frozenset(row.get("genders", ())),
            is_default=row.get("is_default", False),
            is_product=row.get("is_product", False),
            is_shared_decision=row.get("is_shared_decision", False),
            priority=row["priority"],
            preference=int(row.get("preference", _NO_PREFERENCE)),
            minimum_start=self._age(row.get("minimum_start"), ALWAYS),
            maximum_start=NEVER if kind is SeriesKind.EVALUATION_ONLY else self._age(row.get("maximum_start"), NEVER),
            indications=tuple(
                Indication(item["code"], self._age(item.get("begin"), ALWAYS), self._age(item.get("end"), NEVER))
                for item in row.get("indications", ())
                if "code" in item
            ),
            doses=doses,
            starters=frozenset(starting.preferable) | frozenset(starting.allowable)
            if starting
            else frozenset(cvx for dose in doses for cvx in (*dose.preferable, *dose.allowable)),
            opens=starting.only_age.absolute_minimum if starting and starting.only_age else ALWAYS,
            fewest=sum(not dose.skips_evaluation and not dose.skips_forecast for dose in doses),
        )

    def _steadied(self, series: Series) -> Series:
        """The series, marked steady when its ages can be put in one order with those of the other steady series."""
        ages = steady_ages(series)
        stages = None if ages is None else in_order({*self.stages, *ages}, list(self.ages))
        if stages is None:
            return series
        self.stages = stages
        return replace(series, is_steady=True, watched=watched_vaccines(series), calendar=calendar(series))

    def _doses(self, rows: Sequence[Row]) -> tuple[SeriesDose, ...]:
        """The doses of a series, each knowing the next."""
        chain: list[SeriesDose] = []
        for row in reversed(rows):
            chain.append(self._dose(row, chain[-1] if chain else None))
        return tuple(reversed(chain))

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
            season_start=_ordinal(row.get("season_start"), PAST),
            season_end=_ordinal(row.get("season_end"), FUTURE),
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
            self._age(row.get("absolute_minimum"), ALWAYS),
            self._age(row.get("minimum"), ALWAYS),
            self._age(row.get("earliest_recommended"), NO_AGE),
            self._age(row.get("latest_recommended"), NO_AGE),
            self._age(row.get("maximum"), NEVER),
            _ordinal(row.get("effective"), PAST),
            _ordinal(row.get("cessation"), FUTURE),
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
            effective=_ordinal(row.get("effective"), PAST),
            cessation=_ordinal(row.get("cessation"), FUTURE),
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
                self._age(row.get("begin"), ALWAYS),
                self._age(row.get("end"), NEVER),
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
            _ordinal(row.get("effective"), PAST),
            _ordinal(row.get("cessation"), FUTURE),
        )

    def _condition(self, row: Row) -> SkipCondition:
        is_narrow = any(name in row for name in ("begin", "end", "start", "until", "types"))
        return SkipCondition(
            counts_every_valid=row.get("counts") == "valid" and not is_narrow,
            kind=SkipKind(row["kind"]),
            begin=self._age(row.get("begin"), ALWAYS),
            end=self._age(row.get("end"), NEVER),
            start=_ordinal(row.get("start"), PAST),
            until=_ordinal(row.get("until"), FUTURE),
            interval=self._period(row.get("interval")),
            comparison=row.get("comparison", ""),
            count=row.get("count", 0),
            valid_only=row.get("counts") == "valid",
            types=frozenset(row.get("types", ())),
            series_groups=frozenset(row.get("series_groups", ())),
        )
