"""What differs between two compiled tables, line by line, for whoever decides whether to follow the newer one."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
_Told = dict[tuple[str, ...], str]

_AGES = {
    "absolute_minimum": "absolute minimum age",
    "minimum": "minimum age",
    "earliest_recommended": "earliest recommended age",
    "latest_recommended": "latest recommended age",
    "maximum": "maximum age",
    "effective": "ages in force since",
    "cessation": "ages in force until",
}
_INTERVALS = {
    "absolute_minimum": "absolute minimum interval",
    "minimum": "minimum interval",
    "earliest_recommended": "earliest recommended interval",
    "latest_recommended": "latest recommended interval",
    "effective": "interval in force since",
    "cessation": "interval in force until",
}
_SERIES = {
    "kind": "kind",
    "is_default": "default series",
    "is_product": "product series",
    "is_shared_decision": "decided together",
    "priority": "priority",
    "preference": "preference",
    "series_group": "series group",
    "equivalent_groups": "equivalent series groups",
    "genders": "genders",
    "minimum_start": "minimum age to start",
    "maximum_start": "maximum age to start",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs: where it stands, and its words before and after; empty where there is none."""

    where: tuple[str, ...]
    before: str
    after: str

    def line(self) -> str:
        """The change on one line a medical director reads."""
        place = ", ".join(" ".join(part.split()) for part in self.where)
        if not self.before:
            return f"{place}: new, {self.after}"
        return f"{place}: {self.before} -> {self.after}" if self.after else f"{place}: gone, was {self.before}"


def schedule_changes(before: bytes, after: bytes) -> list[Change]:
    """Every difference between two packed tables, in order; a series that is new or gone is one line.

    Headers are not compared: two issuers may say the same. Raises ValueError or KeyError for what is no table.
    """
    old, new = (_told(json.loads(gzip.decompress(packed))) for packed in (before, after))
    found = []
    for where in sorted(old.keys() | new.keys()):
        series = where[:2]
        if len(where) > 2 and (series in old) is not (series in new):
            continue
        if old.get(where) != new.get(where):
            found.append(Change(where, old.get(where, ""), new.get(where, "")))
    return found


def _told(table: Row) -> _Told:
    """Every value of a table in words, by its place."""
    told: _Told = {}
    for name, antigen in table["antigens"].items():
        for where, words in _about_antigen(antigen):
            place = (name, *where)
            told[place] = f"{told[place]}; {words}" if place in told else words
    for group in table["groups"]:
        told["vaccine groups", group["name"]] = ", ".join(group["antigens"]) + (
            ", given as one vaccine" if group.get("needs_full_vaccine") else ""
        )
    for cvx, vaccine in table["vaccines"].items():
        told["vaccines", cvx] = f"{vaccine['name']}: " + ", ".join(
            f"{link['antigen']}{_ages(link)}" for link in vaccine["antigens"]
        )
    for code, observation in table["observations"].items():
        codes = ", ".join(f"{system} {value}" for value, system in observation["values"])
        told["observations", code] = " ".join(observation["term"].split()) + (f" ({codes})" if codes else "")
    for row in table["conflicts"]:
        words = f"from {row['begin']} to {row['end']}, {row['minimum_end']} after a valid dose"
        told |= {("conflicts", f"{row['previous']} before {current}"): words for current in row["current"]}
    return told


def _about_antigen(antigen: Row) -> Iterator[tuple[tuple[str, ...], str]]:
    for code in antigen["immune_codes"]:
        yield ("immunity", code), "counts as immunity"
    for row in antigen["birth_immunity"]:
        yield ("immunity", "by birth"), f"before {row['before']}, {row['country']}, except {_listed(row['exclusions'])}"
    for row in antigen["contraindications"]:
        yield ("contraindications", row["code"]), f"every vaccine{_ages(row)}"
    for row in antigen["vaccine_contraindications"]:
        yield ("contraindications of vaccines", row["code"]), _listed(f"{v['cvx']}{_ages(v)}" for v in row["vaccines"])
    for series in antigen["series"]:
        yield (series["name"],), f"doses: {len(series['doses'])}"
        for where, words in _about_series(series):
            yield (series["name"], *where), words


def _about_series(series: Row) -> Iterator[tuple[tuple[str, ...], str]]:
    for field, label in _SERIES.items():
        if value := series.get(field):
            yield (label,), _listed(value) if isinstance(value, list) else "yes" if value is True else str(value)
    for row in series.get("indications", ()):
        if "code" in row:
            yield ("indications", row["code"]), f"applies{_ages(row)}"
    for dose in series["doses"]:
        for where, words in _about_dose(dose):
            yield (f"dose {dose['number']:>2}", *where), words


def _about_dose(dose: Row) -> Iterator[tuple[tuple[str, ...], str]]:
    yield from _fields(dose.get("ages", ()), _AGES)
    for name in ("intervals", "allowable_intervals"):
        kind = "" if name == "intervals" else "allowable "
        rows = dose.get(name, ())
        yield from (((kind + where[0], *where[1:]), words) for where, words in _fields(rows, _INTERVALS))
        for number, row in enumerate(rows, start=1):
            yield (
                (f"{kind}interval {number}",),
                f"from {row['reference']}"
                + "".join(f" {row[part]}" for part in ("target", "types", "observation") if row.get(part)),
            )
    for name in ("preferable", "allowable"):
        for row in dose.get(name, ()):
            maker = f" {row['trade_name']}" if row.get("trade_name") else ""
            yield (f"{name} vaccine", row["cvx"] + maker), f"counts{_ages(row)}"
    for cvx in dose.get("inadvertent", ()):
        yield ("inadvertent vaccine", cvx), "is an error"
    for number, row in enumerate(dose.get("skips", ()), start=1):
        yield (f"skip {number}",), json.dumps(row, sort_keys=True)
    for field in ("is_recurring", "season_start", "season_end"):
        if value := dose.get(field):
            yield (field.removeprefix("is_").replace("_", " "),), "yes" if value is True else str(value)


def _fields(rows: Iterable[Row], labels: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str]]:
    for number, row in enumerate(rows, start=1):
        for field, label in labels.items():
            if value := row.get(field):
                yield (label, *([f"row {number}"] if number > 1 else [])), value


def _ages(row: Row) -> str:
    begin, end = row.get("begin"), row.get("end")
    return (f" from {begin}" if begin else "") + (f" until {end}" if end else "")


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"
