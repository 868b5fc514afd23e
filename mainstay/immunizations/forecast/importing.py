"""Compile the official CDSi supporting data (XML) into our own compact table.

Only facts are carried over: codes, ages, intervals, dates, switches, and the short names that identify a series, a
vaccine or an observation. Explanations, guidance and notes of the source are left behind.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from .periods import parse_period
from .schedule import Header

Row = dict[str, Any]

_EMPTY = {"", "n/a", "N/A"}
_AGE_FIELDS = {
    "absMinAge": "absolute_minimum",
    "minAge": "minimum",
    "earliestRecAge": "earliest_recommended",
    "latestRecAge": "latest_recommended",
    "maxAge": "maximum",
}
_INTERVAL_FIELDS = {
    "absMinInt": "absolute_minimum",
    "minInt": "minimum",
    "earliestRecInt": "earliest_recommended",
    "latestRecInt": "latest_recommended",
}
_SKIP_KINDS = {
    "age": "age",
    "interval": "interval",
    "completed series": "completed",
    "vaccine count by age": "count",
    "vaccine count by date": "count",
    "vaccine count by date and age": "count",
}


class SourceDefect(Exception):
    """The supporting data holds something we do not understand; the table was not written."""


def read_release(folder: Path, header: Header) -> Row:
    """The table compiled from one release: a schedule file and one file per antigen. Raises `SourceDefect`."""
    schedule_files = sorted(folder.glob("ScheduleSupportingData*.xml"))
    antigen_files = sorted(folder.glob("AntigenSupportingData*.xml"))
    if len(schedule_files) != 1 or not antigen_files:
        raise SourceDefect(f"{folder} must hold one ScheduleSupportingData file and the AntigenSupportingData files")
    root = _parse(schedule_files[0])
    antigens = {}
    for path in antigen_files:
        try:
            antigen = _antigen(_parse(path))
        except (ValueError, KeyError) as error:
            raise SourceDefect(f"{path.name}: {error}") from error
        antigens[antigen["name"]] = antigen
    return {
        "header": {
            "issuer": header.issuer,
            "version": header.version,
            "effective": header.effective,
            "status": str(header.status),
            "source": header.source,
        },
        "groups": _groups(root),
        "vaccines": _vaccines(root),
        "conflicts": _conflicts(root),
        "observations": _observations(root),
        "antigens": antigens,
    }


def write_table(table: Row, path: Path) -> None:
    """Write the table as gzipped JSON, byte for byte the same for the same content."""
    text = json.dumps(table, separators=(",", ":"), ensure_ascii=False, sort_keys=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


def _parse(path: Path) -> ElementTree.Element:
    try:
        return ElementTree.parse(path).getroot()
    except ElementTree.ParseError as error:
        raise SourceDefect(f"{path.name} is not well-formed XML: {error}") from error


def _text(element: ElementTree.Element, tag: str) -> str:
    text = (element.findtext(tag) or "").strip()
    return "" if text in _EMPTY else text


def _period(element: ElementTree.Element, tag: str) -> str:
    text = _text(element, tag)
    if text:
        parse_period(text)
    return text


def _date(element: ElementTree.Element, tag: str) -> str:
    """The date as ISO text; the source writes 20250827 or 01/01/1957."""
    text = _text(element, tag)
    if not text:
        return ""
    if len(text) == 8 and text.isdigit():
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    month, day, year = text.split("/")
    return f"{year}-{month:0>2}-{day:0>2}"


def _codes(element: ElementTree.Element, tag: str) -> list[str]:
    return sorted(code.strip() for code in _text(element, tag).split(";") if code.strip())


def _filled(row: Row) -> Row:
    """The row without what is empty; absence means "not stated"."""
    return {name: value for name, value in row.items() if value not in ("", None, [], False)}


def _children(element: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    return (child for child in element.findall(tag) if len(child))


def _yes(element: ElementTree.Element, tag: str) -> bool:
    return _text(element, tag).lower() in ("yes", "y")


def _groups(root: ElementTree.Element) -> list[Row]:
    full = {_text(group, "name"): _yes(group, "administerFullVaccineGroup") for group in root.iter("vaccineGroup")}
    return [
        _filled(
            {
                "name": _text(group, "name"),
                "antigens": [(antigen.text or "").strip() for antigen in group.findall("antigen")],
                "needs_full_vaccine": full.get(_text(group, "name"), False),
            }
        )
        for group in root.iter("vaccineGroupMap")
    ]


def _vaccines(root: ElementTree.Element) -> Row:
    return {
        _text(vaccine, "cvx"): {
            "name": _text(vaccine, "shortDescription"),
            "antigens": [
                _filled(
                    {
                        "antigen": _text(link, "antigen"),
                        "begin": _period(link, "associationBeginAge"),
                        "end": _period(link, "associationEndAge"),
                    }
                )
                for link in vaccine.findall("association")
            ],
        }
        for vaccine in root.iter("cvxMap")
    }


def _conflicts(root: ElementTree.Element) -> list[Row]:
    """Conflicts with the same intervals and the same first vaccine share one row."""
    rows: dict[tuple[str, str, str, str], list[str]] = {}
    for conflict in root.iter("liveVirusConflict"):
        key = (
            _text(conflict, "previous/cvx"),
            _period(conflict, "conflictBeginInterval"),
            _period(conflict, "minConflictEndInterval"),
            _period(conflict, "conflictEndInterval"),
        )
        rows.setdefault(key, []).append(_text(conflict, "current/cvx"))
    return [
        {"previous": previous, "begin": begin, "minimum_end": minimum, "end": end, "current": sorted(current)}
        for (previous, begin, minimum, end), current in sorted(rows.items())
    ]


def _observations(root: ElementTree.Element) -> Row:
    return {
        _text(observation, "observationCode"): {
            "term": _text(observation, "observationTitle"),
            "values": [[_text(value, "code"), _text(value, "codeSystem")] for value in observation.iter("codedValue")],
        }
        for observation in root.iter("observation")
    }


def _antigen(root: ElementTree.Element) -> Row:
    series = [_series(row) for row in root.findall("series")]
    first = root.find("series")
    if first is None:
        raise ValueError("an antigen without a series")
    return {
        "name": _text(first, "targetDisease"),
        "vaccine_group": _text(first, "vaccineGroup"),
        "immune_codes": [_text(row, "guidelineCode") for row in root.iterfind("immunity/clinicalHistory")],
        "birth_immunity": [
            {
                "before": _date(row, "immunityBirthDate"),
                "country": _text(row, "birthCountry"),
                "exclusions": sorted(_text(item, "exclusionCode") for item in row.findall("exclusion")),
            }
            for row in root.iterfind("immunity/dateOfBirth")
        ],
        "contraindications": [
            _filled(
                {
                    "code": _text(row, "observationCode"),
                    "begin": _period(row, "beginAge"),
                    "end": _period(row, "endAge"),
                }
            )
            for row in root.iterfind("contraindications/vaccineGroup/contraindication")
        ],
        "vaccine_contraindications": [
            {
                "code": _text(row, "observationCode"),
                "vaccines": [
                    _filled(
                        {
                            "cvx": _text(item, "cvx"),
                            "begin": _period(item, "beginAge"),
                            "end": _period(item, "endAge"),
                        }
                    )
                    for item in row.findall("contraindicatedVaccine")
                ],
            }
            for row in root.iterfind("contraindications/vaccine/contraindication")
        ],
        "series": series,
    }


def _series(series: ElementTree.Element) -> Row:
    select = series.find("selectSeries")
    if select is None:
        raise ValueError(f"{_text(series, 'seriesName')}: no selectSeries")
    return _filled(
        {
            "name": _text(series, "seriesName"),
            "kind": _text(series, "seriesType"),
            "equivalent_groups": _codes(series, "equivalentSeriesGroups"),
            "genders": sorted((row.text or "").strip() for row in series.findall("requiredGender") if row.text),
            "is_default": _yes(select, "defaultSeries"),
            "is_shared_decision": "shared clinical decision" in _text(series, "seriesName").lower(),
            "is_product": _yes(select, "productPath"),
            "series_group": _text(select, "seriesGroup"),
            "series_group_name": _text(select, "seriesGroupName"),
            "priority": _text(select, "seriesPriority"),
            "preference": _text(select, "seriesPreference"),
            "minimum_start": _period(select, "minAgeToStart"),
            "maximum_start": _period(select, "maxAgeToStart"),
            "indications": [
                _filled(
                    {
                        "code": _text(row, "observationCode/code"),
                        "begin": _period(row, "beginAge"),
                        "end": _period(row, "endAge"),
                    }
                )
                for row in _children(series, "indication")
            ],
            "doses": [_dose(dose, position) for position, dose in enumerate(series.findall("seriesDose"), start=1)],
        }
    )


def _dose(dose: ElementTree.Element, position: int) -> Row:
    number = int(_text(dose, "doseNumber").removeprefix("Dose "))
    if number != position:
        raise ValueError(f"dose {number} stands at place {position}")
    season = dose.find("seasonalRecommendation")
    return _filled(
        {
            "number": number,
            "is_recurring": _yes(dose, "recurringDose"),
            "ages": [_dated(row, _AGE_FIELDS) for row in _children(dose, "age")],
            "intervals": [_interval(row) for row in _children(dose, "interval")],
            "allowable_intervals": [_interval(row) for row in _children(dose, "allowableInterval")],
            "preferable": [_vaccine(row) for row in _children(dose, "preferableVaccine")],
            "allowable": [_vaccine(row) for row in _children(dose, "allowableVaccine")],
            "inadvertent": sorted(_text(row, "cvx") for row in _children(dose, "inadvertentVaccine")),
            "skips": [_skip(row) for row in _children(dose, "conditionalSkip")],
            "season_start": "" if season is None else _date(season, "startDate"),
            "season_end": "" if season is None else _date(season, "endDate"),
        }
    )


def _dated(row: ElementTree.Element, fields: dict[str, str]) -> Row:
    found: Row = {ours: _period(row, theirs) for theirs, ours in fields.items()}
    found["effective"] = _date(row, "effectiveDate")
    found["cessation"] = _date(row, "cessationDate")
    return _filled(found)


def _interval(row: ElementTree.Element) -> Row:
    interval = _dated(row, _INTERVAL_FIELDS)
    target, types = _text(row, "fromTargetDose"), _codes(row, "fromMostRecent")
    observation = _text(row, "fromRelevantObs/code")
    if _yes(row, "fromPrevious"):
        interval["reference"] = "previous"
    elif target:
        interval.update(reference="target", target=int(target))
    elif types:
        interval.update(reference="recent", types=types)
    elif observation:
        interval.update(reference="observation", observation=observation)
    else:
        raise ValueError("an interval measured from nothing")
    priority = _text(row, "intervalPriority")
    if priority not in ("", "override"):
        raise ValueError(f"interval priority {priority!r}")
    return _filled(interval | {"overrides": priority == "override"})


def _vaccine(row: ElementTree.Element) -> Row:
    return _filled(
        {
            "cvx": _text(row, "cvx"),
            "begin": _period(row, "beginAge"),
            "end": _period(row, "endAge"),
            "mvx": _text(row, "mvx"),
            "trade_name": _text(row, "tradeName"),
            "volume": _text(row, "volume"),
            "is_recommended": _yes(row, "forecastVaccineType"),
        }
    )


def _skip(row: ElementTree.Element) -> Row:
    context = _text(row, "context").lower()
    if context not in ("both", "evaluation", "forecast"):
        raise ValueError(f"conditional skip context {context!r}")
    return {
        "context": context,
        "logic": _text(row, "setLogic").lower() or "and",
        "sets": [
            _filled(
                {
                    "logic": _text(group, "conditionLogic").lower() or "and",
                    "effective": _date(group, "effectiveDate"),
                    "cessation": _date(group, "cessationDate"),
                    "conditions": [_condition(condition) for condition in group.findall("condition")],
                }
            )
            for group in row.findall("set")
        ],
    }


def _condition(row: ElementTree.Element) -> Row:
    kind = _SKIP_KINDS[_text(row, "conditionType").lower()]
    comparison = _text(row, "doseCountLogic").lower()
    if kind == "count" and comparison not in ("greater than", "equal to", "less than"):
        raise ValueError(f"dose count logic {comparison!r}")
    return _filled(
        {
            "kind": kind,
            "begin": _period(row, "beginAge"),
            "end": _period(row, "endAge"),
            "start": _date(row, "startDate"),
            "until": _date(row, "endDate"),
            "interval": _period(row, "interval"),
            "comparison": comparison,
            "count": int(_text(row, "doseCount") or 0) if kind == "count" else None,
            "counts": _text(row, "doseType").lower(),
            "types": _codes(row, "vaccineTypes"),
            "series_groups": _codes(row, "seriesGroups"),
        }
    )
