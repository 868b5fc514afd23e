"""Read a compiled table into a `Schedule`: antigens with their series, vaccine groups, vaccines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .periods import PAST
from .reading_doses import DoseReader, Row, ordinal
from .schedule import (
    ALWAYS,
    NEVER,
    Antigen,
    BirthImmunity,
    Contraindication,
    Gender,
    Header,
    Indication,
    Observation,
    Override,
    Schedule,
    Series,
    SeriesKind,
    Standing,
    Vaccine,
    VaccineGroup,
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

_NO_PREFERENCE = 10_000


def read_table(table: Row, overrides: tuple[Override, ...] = ()) -> Schedule:
    """The schedule in a table that was unpacked, its override rows already laid over it."""
    return _Reader(table).schedule(overrides)


class _Reader:
    """Turns rows into values; `stages` are the ages of the steady series in their one order."""

    def __init__(self, table: Row) -> None:
        self.table = table
        self.doses = DoseReader(table["conflicts"])
        self.stages: list[int] = []

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
            ages=tuple(self.doses.ages),
            antigens=antigens,
            groups=tuple(self._group(row, antigens) for row in table["groups"]),
            vaccines=vaccines,
            conflicts=self.doses.conflicts,
            observations={
                code: Observation(code, row["term"], tuple((value, system) for value, system in row["values"]))
                for code, row in table["observations"].items()
            },
            overrides=overrides,
        )

    def _span(self, row: Row) -> tuple[int, int]:
        return self.doses.age(row.get("begin"), ALWAYS), self.doses.age(row.get("end"), NEVER)

    def _vaccine(self, cvx: str, row: Row) -> Vaccine:
        return Vaccine(
            cvx,
            row["name"],
            tuple((link["antigen"], *self._span(link)) for link in row["antigens"]),
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
        if is_plain and untouched_series(series, list(self.doses.ages)):
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
            untouched=untouched_series(series, list(self.doses.ages)) if is_plain else {},
            is_plain=is_plain,
            immune_codes=frozenset(row["immune_codes"]),
            birth_immunity=tuple(
                BirthImmunity(ordinal(item["before"], PAST), item["country"], frozenset(item["exclusions"]))
                for item in row["birth_immunity"]
            ),
            contraindications=tuple(
                Contraindication(item["code"], *self._span(item)) for item in row["contraindications"]
            ),
            vaccine_contraindications=tuple(
                Contraindication(
                    item["code"],
                    vaccines=tuple((part["cvx"], *self._span(part)) for part in item["vaccines"]),
                )
                for item in row["vaccine_contraindications"]
            ),
        )

    def _series(self, antigen: str, row: Row) -> Series:
        kind, ages = SeriesKind(row["kind"]), self.doses.age
        doses = self.doses.doses(row["doses"])
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
            minimum_start=ages(row.get("minimum_start"), ALWAYS),
            maximum_start=NEVER
            if kind is SeriesKind.EVALUATION_ONLY
            else self.doses.age(row.get("maximum_start"), NEVER),
            indications=tuple(
                Indication(item["code"], *self._span(item)) for item in row.get("indications", ()) if "code" in item
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
        stages = None if ages is None else in_order({*self.stages, *ages}, list(self.doses.ages))
        if stages is None:
            return series
        self.stages = stages
        return replace(series, is_steady=True, watched=watched_vaccines(series), calendar=calendar(series))
