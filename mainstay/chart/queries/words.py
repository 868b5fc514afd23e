"""Measurements as people read them: named, with units, a blood pressure as one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from mainstay.chart.models import Observation
from mainstay.chart.panels.names import (
    clinic_unit,
    in_clinic_unit,
    name_of,
    number_in_words,
    technique_in_words,
    unit_in_words,
)

FROM = {"received": "From elsewhere", "here": "", "patient": "The patient"}
"""Whose a value is that nobody here measured."""
HOW = ("side", "body_site", "cuff", "position", "method", "device")
PAIR = ("systolic", "diastolic")
TENTH, THOUSANDTH = Decimal("0.1"), Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Told:
    """One measurement in words: `value` as typed with its unit, `canonical` in the chart's unit where that differs."""

    key: str
    name: str
    value: str
    canonical: str
    how: str
    at: datetime
    by: str
    is_not_done: bool = False

    @property
    def both(self) -> str:
        """The value, and in brackets the same in the chart's unit."""
        return f"{self.value} ({self.canonical})" if self.canonical else self.value


def in_words(rows: Iterable[Observation]) -> list[Told]:
    """Measurements in the order given, the two halves of a blood pressure told once; reads their `performed_by`."""
    rows = list(rows)
    halves = {(row.set_id, row.effective_at): row for row in rows if row.key == PAIR[1] and row.value is not None}
    told, taken = [], set()
    for row in rows:
        if row.pk in taken:
            continue
        other = halves.get((row.set_id, row.effective_at)) if row.key == PAIR[0] and row.value is not None else None
        if other is not None:
            taken.add(other.pk)
        if row.key == PAIR[1] and any(
            one.key == PAIR[0] and (one.set_id, one.effective_at) == (row.set_id, row.effective_at) for one in rows
        ):
            continue
        told.append(_told(row, other))
    return told


def _told(row: Observation, other: Observation | None) -> Told:
    by = row.performed_by.shown_name if row.performed_by else FROM.get(row.source, row.source.capitalize())
    how = ", ".join(technique_in_words(column, code) for column in HOW if (code := getattr(row, column)))
    if row.on_oxygen is not None:
        how = ", ".join(filter(None, (how, "on oxygen" if row.on_oxygen else "room air")))
    name, canonical = name_of(row.key), ""
    if other is not None and row.value is not None and other.value is not None:
        pressure = f"{number_in_words(row.value)}/{number_in_words(other.value)}"
        return Told("blood_pressure", name_of("blood_pressure"), f"{pressure} {unit_in_words(row.unit)}", "", how,
                    row.effective_at, by)  # fmt: skip
    if row.value is not None and not row.answer_code:
        value = " ".join(filter(None, (number_in_words(row.value), unit_in_words(row.unit))))
        if row.typed_unit and row.typed_unit != row.unit:
            value, canonical = _as_typed(row), _in_our_unit(row.value, row.unit)
        elif row.performed_by is None and clinic_unit(row.key) not in ("", row.unit):
            value, canonical = _as_read_here(row.key, row.value, row.unit), value
        elif row.text:
            value = f"{value} · {row.text}"
    else:
        value = row.text or row.answer_code
    if not value and row.not_done_reason:
        return Told(row.key, name, f"Not done: {row.not_done_reason}", "", how, row.effective_at, by, is_not_done=True)
    return Told(row.key, name, value, canonical, how, row.effective_at, by)


def _in_our_unit(value: Decimal, code: str) -> str:
    """What was converted, to a tenth; what is small (an infant's weight) to a thousandth."""
    return f"{number_in_words(value.quantize(TENTH if value >= 10 else THOUSANDTH))} {unit_in_words(code)}".strip()


def _as_read_here(key: str, value: Decimal, code: str) -> str:
    value, code = in_clinic_unit(key, value, code)
    return f"{number_in_words(value)} {unit_in_words(code)}"


def _as_typed(row: Observation) -> str:
    try:
        return f"{number_in_words(Decimal(row.typed.strip()))} {unit_in_words(row.typed_unit)}"
    except InvalidOperation:
        return row.typed.strip()


__all__ = ["Told", "clinic_unit", "in_clinic_unit", "in_words", "name_of", "unit_in_words"]
