"""A resource in plain words: label and value for everything a person may want to know of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from mainstay.interop.fhir.incoming.words import human_name
from mainstay.interop.fhir.parts import Resource, choice, code_in, day, number, part, parts, text, texts, words_of

_MACHINERY = frozenset(
    {"resourceType", "id", "meta", "text", "extension", "modifierExtension", "contained", "implicitRules"}
)
_TELLING = ("code", "vaccineCode", "medicationCodeableConcept", "productOrService", "type", "category", "description")
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}.*")
DEEPEST = 4


def label_of(name: str) -> str:
    """A FHIR name as words: "explanationOfBenefit" is "Explanation of benefit"."""
    return _CAPITAL.sub(" ", name.strip("_")).capitalize()


def title_of(body: Any) -> str:
    """What a resource is about, in its own words."""
    for here in (body, next(iter(parts(body, "item")), {})):
        for name in _TELLING:
            if here is body and name == "type" and parts(body, "item"):
                continue
            found = words_of(part(here, name)) or next(filter(None, map(words_of, parts(here, name))), "")
            if found or text(here, name):
                return found or text(here, name)
    names = parts(body, "name")
    return (human_name(names[0]) if names else text(body, "name")) or text(body, "title") or text(body, "id")


def date_of(body: Any) -> str:
    """The day a resource says it is about, spelled out; a year or month as it stands."""
    if not isinstance(body, dict):
        return ""
    dates = [choice(body, name)[1] for name in ("effective", "onset", "performed", "occurrence")]
    dates = [one.get("start") if isinstance(one, dict) else one for one in dates]
    dates += [body.get(name) for name in ("authoredOn", "recordedDate", "date", "issued", "started", "birthDate")]
    dates += [part(body, name).get("start") for name in ("period", "billablePeriod")]
    dates.append(body.get("created"))
    return next((_spelled(one) for one in dates if isinstance(one, str) and one), "")


def outline(body: Any) -> list[tuple[str, str]]:
    """(label, value) of every element that says something to a person, in the order they were sent."""
    if not isinstance(body, dict):
        return []
    found = []
    for name, value in body.items():
        if name not in _MACHINERY and not name.startswith("_") and (said := _said(value, DEEPEST)):
            found.append((label_of(name), said))
    return found


def _said(value: Any, depth: int) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _spelled(value) if _MOMENT.fullmatch(value) or day(value) else value[:300]
    if isinstance(value, int | Decimal):
        return f"{value}"
    if depth == 0:
        return "…"
    if isinstance(value, list):
        return "; ".join(filter(None, (_said(one, depth) for one in value[:20])))
    return _said_of_object(value, depth) if isinstance(value, dict) else ""


def _said_of_object(value: Resource, depth: int) -> str:
    """The usual data types in their usual form, anything else as "label: value" pairs."""
    if "coding" in value or set(value) == {"text"}:
        return words_of(value)
    if "reference" in value or set(value) <= {"display", "type", "identifier"}:
        return text(value, "display") or _pointed(text(value, "reference"))
    if "family" in value or "given" in value:
        return human_name(value)
    if "value" in value and set(value) <= {"value", "unit", "code", "system", "comparator", "currency"}:
        amount = number(value, "value")
        shown = text(value, "value") if amount is None else f"{amount}"
        return f"{text(value, 'comparator')}{shown} {text(value, 'unit') or text(value, 'currency')}".strip()
    if set(value) <= {"start", "end"}:
        return " – ".join(_spelled(text(value, side)) for side in ("start", "end") if text(value, side))
    if "line" in value or "city" in value:
        return ", ".join(
            [*texts(value, "line"), *filter(None, (text(value, n) for n in ("city", "state", "postalCode")))]
        )
    if "code" in value and "system" in value:
        return text(value, "display") or code_in({"coding": [value]})
    return ", ".join(_pairs(value, depth - 1))


def _pairs(value: Resource, depth: int) -> Iterator[str]:
    for name, inner in value.items():
        if name not in _MACHINERY and name != "url" and (said := _said(inner, depth)):
            yield f"{label_of(name).lower()}: {said}"


def _pointed(reference: str) -> str:
    kind = reference.rpartition("/")[0].rpartition("/")[2]
    return label_of(kind) if kind else ""


def _spelled(written: str) -> str:
    found = day(written) if len(written) >= len("2024-01-01") else None
    return f"{found.day} {found:%b %Y}" if found else written
