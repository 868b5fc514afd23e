"""Observation: one value, or several in its components."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from mainstay.chart.actions import ReceivedObservation
from mainstay.chart.models import ObservationStatus
from mainstay.foundation.tables import read_csv
from mainstay.interop.fhir.incoming.words import LOINC, UCUM, NotModelled
from mainstay.interop.fhir.parts import Resource, choice, code_in, moment, number, part, parts, text, words_of
from mainstay.terminology.units import UnitsDiffer, UnknownUnit, convert

STATUSES = {
    "final": ObservationStatus.FINAL,
    "amended": ObservationStatus.AMENDED,
    "corrected": ObservationStatus.AMENDED,
    "entered-in-error": ObservationStatus.ENTERED_IN_ERROR,
}
STEP = Decimal("0.0001")
LARGEST = Decimal(10) ** 10
UNIT_SPELLINGS = {"lb": "[lb_av]", "lbs": "[lb_av]", "in": "[in_i]", "degF": "[degF]", "C": "Cel", "mmHg": "mm[Hg]"}


@cache
def vital_signs() -> Mapping[str, tuple[str, str]]:
    """LOINC numbers of vital signs, with our key and its canonical unit."""
    return {row["loinc"]: (row["key"], row["unit"]) for row in read_csv("mainstay.interop", "observation_keys.csv")}


def from_observation(body: Resource, *, panel: str = "", set_id: UUID | None = None) -> list[ReceivedObservation]:
    """The values of an Observation, its components as values of their own told together.

    `panel` and `set_id` name the report it belongs to. Raises `NotModelled` for what is not final, has no time or
    no value.
    """
    status = STATUSES.get(text(body, "status"))
    if status is None:
        raise NotModelled(f"its status is {text(body, 'status') or 'missing'}")
    when = _when(body)
    if when is None:
        raise NotModelled("it does not say when")
    concept = part(body, "code")
    components = parts(body, "component")
    if components and set_id is None:
        set_id = uuid5(NAMESPACE_URL, f"fhir-observation:{text(body, 'id')}:{when.isoformat()}")
        panel = panel or words_of(concept)
    shared = {
        "effective_at": when,
        "status": status,
        "panel": panel[:40],
        "set_id": set_id,
        "body_site": words_of(part(body, "bodySite")),
        "method": words_of(part(body, "method")),
    }
    found = list(_value(body, concept, shared))
    for component in components:
        found += _value(component, part(component, "code"), shared)
    if not found:
        raise NotModelled("it holds no value")
    return found


def _value(body: Resource, concept: Resource, shared: Mapping[str, Any]) -> Iterator[ReceivedObservation]:
    loinc = code_in(concept, LOINC)[:10]
    key, canonical = vital_signs().get(loinc, ("", ""))
    said = words_of(concept)
    key = (key or said.lower() or loinc)[:40]
    if not key:
        return
    kind, value = choice(body, "value")
    filled = _filled(kind, value, canonical)
    if filled is None:
        absent = words_of(part(body, "dataAbsentReason"))
        if not absent:
            return
        filled = {"not_done_reason": absent}
    yield ReceivedObservation(key=key, loinc=loinc, **filled, **shared)


def _filled(kind: str, value: Any, canonical: str) -> dict[str, Any] | None:
    """The columns one `value[x]` fills; None when there is no value that can be written down."""
    if kind == "Quantity" and isinstance(value, dict):
        return _quantity(value, canonical)
    if kind == "CodeableConcept" and isinstance(value, dict) and words_of(value):
        return {"text": words_of(value), "answer_code": code_in(value)}
    if kind in ("String", "DateTime", "Time") and isinstance(value, str) and value.strip():
        return {"text": value.strip()}
    if kind == "Boolean" and isinstance(value, bool):
        return {"text": "yes" if value else "no"}
    if kind == "Integer" and isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST:
        return {"value": Decimal(value), "typed": str(value)}
    if kind in ("Range", "Period", "Ratio") and isinstance(value, dict):
        return _two_sided(kind, value)
    return None


def _quantity(value: Resource, canonical: str) -> dict[str, Any] | None:
    amount = number(value, "value")
    code, label = text(value, "code"), text(value, "unit")
    unit = code if text(value, "system") == UCUM and code else UNIT_SPELLINGS.get(code or label, code or label)
    if amount is None:
        return None
    shown = f"{amount:f}" if abs(amount) < LARGEST and amount.as_tuple().exponent else str(amount)
    if comparator := text(value, "comparator"):
        return {
            "text": f"{comparator} {shown} {label or code}".strip(),
            "typed": comparator + shown,
            "typed_unit": unit,
        }
    typed = {"typed": shown, "typed_unit": unit}
    if abs(amount) >= LARGEST:
        return {"text": f"{shown} {label or code}".strip()} | typed
    if canonical:
        try:
            amount, unit = convert(amount, unit, canonical), canonical
        except (UnknownUnit, UnitsDiffer):
            return {"text": f"{shown} {label or code}".strip()} | typed
    if abs(amount) >= LARGEST:
        return {"text": f"{shown} {label or code}".strip()} | typed
    try:
        return {"value": amount.quantize(STEP).normalize(), "unit": unit} | typed
    except InvalidOperation:
        return {"text": f"{shown} {label or code}".strip()} | typed


def _two_sided(kind: str, value: Resource) -> dict[str, Any] | None:
    first, second = {"Range": ("low", "high"), "Ratio": ("numerator", "denominator"), "Period": ("start", "end")}[kind]
    if kind == "Period":
        sides = [text(value, first), text(value, second)]
    else:
        sides = [_shown(part(value, first)), _shown(part(value, second))]
    joined = (" : " if kind == "Ratio" else " to ").join(side for side in sides if side)
    return {"text": joined} if joined else None


def _shown(quantity: Resource) -> str:
    amount = number(quantity, "value")
    return f"{amount} {text(quantity, 'unit') or text(quantity, 'code')}".strip() if amount is not None else ""


def _when(body: Resource) -> datetime | None:
    kind, value = choice(body, "effective")
    if kind == "Period" and isinstance(value, dict):
        value = value.get("start") or value.get("end")
    elif kind not in ("DateTime", "Instant"):
        value = None
    return moment(value) or moment(body.get("issued"))
