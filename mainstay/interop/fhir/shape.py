"""Whether something is an R4 resource at all: its type, and the elements no such resource may lack."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from mainstay.foundation.tables import read_csv
from mainstay.interop.fhir.parts import Resource, choice, part, text

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")


@dataclass(frozen=True, slots=True)
class Kind:
    """One R4 resource type: elements it must have (`occurrence[x]` is any of its forms), and where its patient is."""

    name: str
    required: tuple[str, ...]
    patient: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Every resource type of R4 by name (FHIR 4.0.1, profiles-resources: elements with a minimum of one)."""
    rows = read_csv("mainstay.interop", "r4_resources.csv")
    return {
        row["type"]: Kind(row["type"], tuple(filter(None, row["required"].split("|"))), row["patient"].split("|")[0])
        for row in rows
    }


def kind_of(body: Any) -> str:
    """The type a resource says it is, or "?"."""
    return text(body, "resourceType")[:60] or "?"


def problem_with(body: Any) -> str:
    """Why this is not an R4 resource, in one line; the empty string if it is one."""
    if not isinstance(body, dict):
        return "it is not an object"
    name = text(body, "resourceType")
    if not name:
        return "it does not say which type of resource it is"
    kind = kinds().get(name)
    if kind is None:
        return f"{name[:40]} is not a resource type of FHIR R4"
    identity = body.get("id")
    if identity is not None and not (isinstance(identity, str) and _ID.fullmatch(identity)):
        return "its id is not a FHIR id"
    missing = [one for one in kind.required if not _has(body, one)]
    if missing:
        return f"{name} without {' and '.join(missing)}"
    return ""


def patient_reference(body: Resource) -> str:
    """The literal reference to the patient a resource is about, or the empty string."""
    kind = kinds().get(kind_of(body))
    return text(part(body, kind.patient), "reference") if kind and kind.patient else ""


def _has(body: Resource, element: str) -> bool:
    if element.endswith("[x]"):
        value = choice(body, element[:-3])[1]
    else:
        value = body.get(element)
        if value is None:
            value = body.get(f"_{element}")
    return value is not None and value != "" and value != [] and value != {}
