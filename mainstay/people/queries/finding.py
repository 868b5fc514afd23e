"""The patient search: names in any order, chosen or former, misspelled; birth date in any form; phone; number.

The cheap and exact comes first: number, birth date, phone, then names by their beginnings, and only when these find
too little, names by slips, sounds and nicknames. Beginnings, slips, sounds and nicknames are keys in one array with one
GIN index: on 200 000 patients a key costs a tenth of what trigrams cost. Ranking is done on the few rows that remain.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from mainstay.foundation.actor import Actor
from mainstay.people.matching import SearchQuery, fold_mrn, fuzzy_keys, name_fit, parse_query, prefix_key, search_key
from mainstay.people.permissions import FIND

ENOUGH = 200
"""Rows ranked at most by each way; a search that finds more needs another word."""
MANY = 1500
"""Rows put in order at most when only the beginning of one common name is known."""
FEW = 12
"""Finding fewer than this by the beginnings of names, we look for slips, sounds and nicknames too."""

WHOLE = 0.02
"""What a name typed whole counts before one that is half of a double name: Hughes before Hughes-Jordan."""

_SELECT = """SELECT p.id, p.public_id, p.given_name, p.chosen_name, p.middle_name, p.family_name, p.suffix,
    p.birth_date, p.sex, p.mrn, p.pronouns, p.search_text, p.deceased_on, p.is_confidential, p.home_site_id
    FROM people_patient p WHERE """
_IN_ORDER = "SELECT * FROM ({found}) p ORDER BY {order} LIMIT 200"
_LIVE = "p.merged_into_id IS NULL AND p.withdrawn_at IS NULL"
BY_NUMBER = f"{_LIVE} AND p.mrn = ANY(%s)"
BY_BEGINNINGS = f"{_LIVE} AND p.sound_keys @> %s::varchar[]"
BY_BEGINNINGS_AND_YEAR = f"{BY_BEGINNINGS} AND p.birth_date BETWEEN %s AND %s"
BY_MERGED_NUMBER = "p.id IN (SELECT o.merged_into_id FROM people_patient o WHERE o.mrn = ANY(%s))"
BY_BIRTH = f"{_LIVE} AND p.birth_date = ANY(%s)"
BY_PHONE = """p.merged_into_id IS NULL AND p.withdrawn_at IS NULL AND p.id IN (
    SELECT c.patient_id FROM people_contactpoint c WHERE right(c.value, 4) = %s AND c.channel = 'phone'
    AND NOT c.is_withdrawn AND c.value LIKE %s LIMIT 200)"""


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """One patient a search found; `why` says what matched when it is not plain from the name.

    `beware` names what somebody else who was found has in common with them: their name, or their birth date too.
    """

    id: int
    public_id: UUID
    name: str
    legal_name: str
    birth_date: date
    sex: str
    mrn: str
    pronouns: str = ""
    deceased_on: date | None = None
    is_confidential: bool = False
    why: str = ""
    beware: str = ""
    fit: float = 0.0


def patients_found(actor: Actor, text: str, *, limit: int = 20) -> list[FoundPatient]:
    """The patients that fit what was typed, best first."""
    actor.may(FIND).or_raise()
    query = parse_query(text, today=actor.today)
    if query.is_empty:
        return []
    with connection.cursor() as cursor:
        rows = _candidates(cursor, query)
    ranked = [found for row in rows.values() if (found := _ranked(row, query, actor)).fit > 0.3]
    ranked.sort(key=lambda f: (-round(f.fit, 2), f.deceased_on is not None, f.name.lower(), f.birth_date))
    return _told_apart(ranked)[:limit]


def _told_apart(ranked: Sequence[FoundPatient]) -> list[FoundPatient]:
    names = Counter(name for one in ranked for name in _names_of(one))
    births = Counter((name, one.birth_date) for one in ranked for name in _names_of(one))
    return [replace(one, beware=_beware(one, names, births)) for one in ranked]


def _names_of(one: FoundPatient) -> set[str]:
    first, *_, last = one.legal_name.lower().split() or [""]
    return {one.name.lower(), f"{first} {last}"}


def _beware(one: FoundPatient, names: Counter[str], births: Counter[tuple[str, date]]) -> str:
    if any(births[name, one.birth_date] > 1 for name in _names_of(one)):
        return "same name and birth date: ask the address"
    return "same name: ask the birth date" if any(names[name] > 1 for name in _names_of(one)) else ""


Rows = dict[int, dict[str, Any]]


def _candidates(cursor: Any, query: SearchQuery) -> Rows:
    rows: Rows = {}
    if query.mrn:
        _add(rows, cursor, "number", BY_NUMBER, [_number_forms(query.mrn)])
        _add(rows, cursor, "merged number", BY_MERGED_NUMBER, [_number_forms(query.mrn)])
    if query.births:
        _add(rows, cursor, "birth", BY_BIRTH, [sorted(query.births)])
    if len(query.phone) >= 4:
        _add(rows, cursor, "phone", BY_PHONE, [query.phone[-4:], f"%{query.phone}"])
    if query.names and not any(_ranked_names(row, query) > 0.7 and "birth" in row["ways"] for row in rows.values()):
        _add_by_name(rows, cursor, query)
    return rows


def _add_by_name(rows: Rows, cursor: Any, query: SearchQuery) -> None:
    words = [w for w in query.names if len(w) > 1 or len(query.names) > 1][:5]
    if not words:
        return
    if query.year:
        range_ = [date(query.year, 1, 1), date(query.year, 12, 31)]
        _add(rows, cursor, "name", BY_BEGINNINGS_AND_YEAR, [[prefix_key(w) for w in words], *range_])
        if any("name" in row["ways"] for row in rows.values()):
            return
    before = len(rows)
    whole = [f"% {word} %" for word in words]
    order = ", ".join(["(' ' || p.search_text || ' ' LIKE %s) DESC"] * len(words))
    parameters = [[prefix_key(w) for w in words], *whole]
    _add(rows, cursor, "name", BY_BEGINNINGS, parameters, order=f"{order}, p.family_name, p.given_name")
    if len(rows) - before >= FEW:
        return
    if keys := [sorted(fuzzy_keys(word)) for word in words if len(word) > 1]:
        _add(rows, cursor, "alike", " AND ".join([_LIVE, *["p.sound_keys && %s::varchar[]"] * len(keys)]), keys)


def _add(rows: Rows, cursor: Any, way: str, condition: str, parameters: list[Any], *, order: str = "") -> None:
    found = f"{_SELECT}{condition} LIMIT {MANY if order else ENOUGH}"
    cursor.execute(_IN_ORDER.format(found=found, order=order) if order else found, parameters)
    names = [column.name for column in cursor.description]
    for values in cursor.fetchall():
        row = rows.setdefault(values[0], dict(zip(names, values, strict=True)))
        row.setdefault("ways", set()).add(way)


def _number_forms(mrn: str) -> list[str]:
    forms = {mrn, mrn.upper(), *(mrn.zfill(width) for width in range(4, 11))}
    return sorted(forms | {form.upper() for form in forms})


def _ranked_names(row: dict[str, Any], query: SearchQuery) -> float:
    return name_fit(query.names, row["search_text"].split()) if query.names else 0.0


def _ranked(row: dict[str, Any], query: SearchQuery, actor: Actor) -> FoundPatient:
    fit, why = _ranked_names(row, query), ""
    ways = row["ways"]
    if query.names and "birth" not in ways:
        current = f"{row['given_name']} {row['chosen_name']} {row['middle_name']} {row['family_name']}"
        why = "" if _is_current(query.names, current) else "another name or spelling"
    if fit:
        whole = {search_key(row[part]) for part in ("given_name", "chosen_name", "family_name")}
        fit += WHOLE * sum(name in whole for name in query.names)
    if query.births:
        if row["birth_date"] in query.births:
            fit += 1.0 if not query.names or fit >= 0.5 else 0.3
        else:
            fit, why = fit * 0.6, "another date of birth"
    born: date = row["birth_date"]
    fit += 0.3 * (born.year == query.year) + 0.3 * ((born.month, born.day) == query.month_day)
    if "number" in ways and fold_mrn(row["mrn"]) == query.mrn:
        fit, why = fit + 2.0, ""
    elif "merged number" in ways:
        fit, why = fit + 1.6, "number of a merged chart"
    if "phone" in ways:
        fit, why = fit + (1.2 if len(query.phone) >= 7 else 0.7), "phone"
    if row["home_site_id"] == actor.site_id and actor.site_id:
        fit += 0.001
    return FoundPatient(
        id=row["id"],
        public_id=row["public_id"],
        name=f"{row['chosen_name'] or row['given_name']} {row['family_name']}",
        legal_name=" ".join(filter(None, (row["given_name"], row["middle_name"], row["family_name"], row["suffix"]))),
        birth_date=row["birth_date"],
        sex=row["sex"],
        mrn=row["mrn"],
        pronouns=row["pronouns"],
        deceased_on=row["deceased_on"],
        is_confidential=row["is_confidential"],
        why=why,
        fit=fit,
    )


def _is_current(names: Sequence[str], current: str) -> bool:
    words = search_key(current).split()
    begun = all(any(word.startswith(name) for word in words) for name in names)
    return begun or name_fit(tuple(names), words) >= 0.84
