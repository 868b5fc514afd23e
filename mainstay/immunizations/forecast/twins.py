"""A short cut for antigens about which a schedule says the same, as measles, mumps and rubella.

Whoever had the same doses against both stands the same with both, unless one of these doses was of a vaccine that only
one of the two knows. What was found for the first then holds for the second, under the names of its own series.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from .forecasting import SeriesForecast
from .history import Patient
from .progress import Progress
from .schedule import Antigen, Series, SeriesKind, Twin

Row = Mapping[str, Any]

_NAMES = {"name", "series_group_name"}
_VACCINES = {"allowable", "inadvertent", "types"}


def twin_forecasts(
    antigen: Antigen, twin: Twin, patient: Patient, best: Mapping[str, Sequence[SeriesForecast]]
) -> list[SeriesForecast] | None:
    """The best series of an antigen after those of its twin, or None when the long way must be gone."""
    if patient.records.get(antigen.name) != patient.records.get(twin.antigen):
        return None
    if not patient.codes.isdisjoint(twin.watched_codes) or not patient.received.isdisjoint(twin.vaccines):
        return None
    return [_under_own_name(item, twin.series[item.progress.series.name]) for item in best[twin.antigen]]


def _under_own_name(known: SeriesForecast, series: Series) -> SeriesForecast:
    """What was found for the twin's series, said of the antigen's own series and its doses."""
    done, doses = known.progress, series.doses
    return SeriesForecast(
        Progress(
            series,
            done.records,
            doses[done.current.number - 1] if done.current else None,
            done.evaluations,
            done.satisfied,
            done.valid,
            done.inadvertent,
            done.previous,
            done.last,
        ),
        known.status,
        known.why,
        doses[known.dose.number - 1] if known.dose else None,
        known.number,
        known.earliest,
        known.recommended,
        known.past_due,
        known.latest,
        known.unadjusted_recommended,
        known.unadjusted_past_due,
        known.earliest_from,
        known.recommended_from,
        known.past_due_from,
    )


def with_twins(antigens: Mapping[str, Antigen], rows: Mapping[str, Row], groups: Sequence[Row]) -> dict[str, Antigen]:
    """The antigens, each knowing the first one before it in its vaccine group that it is a twin of."""
    found = dict(antigens)
    for group in groups:
        for position, name in enumerate(group["antigens"]):
            twins = [_twin(found[other], found[name], rows) for other in group["antigens"][:position]]
            found[name] = replace(found[name], twin=next((twin for twin in twins if twin), None))
    return found


def _twin(one: Antigen, other: Antigen, rows: Mapping[str, Row]) -> Twin | None:
    """What makes the other antigen a twin of the first; None when they differ in more than vaccines that also count."""
    if not (one.is_plain and other.is_plain) or one.birth_immunity != other.birth_immunity:
        return None
    series, others = ([item for item in each.series if item.kind is not SeriesKind.RISK] for each in (one, other))
    rules = [[_named(rows[each.name])[item.name] for item in own] for each, own in ((one, series), (other, others))]
    vaccines = _unshared(*rules)
    if _without(rules[0], vaccines) != _without(rules[1], vaccines):
        return None
    pairs = zip(series, others, strict=True)
    return Twin(one.name, frozenset(vaccines), one.watched_codes | other.watched_codes, {a.name: b for a, b in pairs})


def _named(row: Row) -> dict[str, Row]:
    """The series of an antigen's row by name."""
    return {item["name"]: item for item in row["series"]}


def _unshared(one: Any, other: Any) -> set[str]:
    """The vaccines that only one of two tables has in a list where the other has a list too."""
    found: set[str] = set()
    if isinstance(one, list) and isinstance(other, list):
        for mine, yours in zip(one, other, strict=False):
            found |= _unshared(mine, yours)
    elif isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() & other.keys():
            if key in _VACCINES:
                found |= {_code(item) for item in one[key]} ^ {_code(item) for item in other[key]}
            else:
                found |= _unshared(one[key], other[key])
    return found


def _without(table: Any, vaccines: Collection[str]) -> Any:
    """A table without its names and without some vaccines."""
    if isinstance(table, list):
        return [_without(item, vaccines) for item in table]
    if not isinstance(table, dict):
        return table
    return {
        key: [item for item in value if _code(item) not in vaccines] if key in _VACCINES else _without(value, vaccines)
        for key, value in table.items()
        if key not in _NAMES
    }


def _code(item: str | Row) -> str:
    return item if isinstance(item, str) else item["cvx"]
