"""What must hold before an order is prepared or signed, and the seal that binds a signature to its content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from mainstay.foundation.findings import Finding, Severity
from mainstay.orders.kinds import kinds, priorities


@dataclass(frozen=True, slots=True)
class Content:
    """What an order says: what is to be done, how much, why. A signature binds every one of these.

    `dose` and `quantity` are decimals with a unit; `name` is the order in our own words.
    """

    kind: str
    system: str
    code: str
    name: str
    reason: str
    vaccine_group: str = ""
    dose: Decimal | None = None
    dose_unit: str = ""
    quantity: Decimal | None = None
    quantity_unit: str = ""
    route: str = ""
    instructions: str = ""
    priority: str = "routine"


def judge_content(content: Content) -> list[Finding]:
    """What stops an order from being prepared."""
    found = []
    kind = kinds().get(content.kind)
    if kind is None:
        found.append(_stop("no-such-kind", "kind", "Choose what kind of order it is."))
    elif content.system not in kind.systems:
        found.append(_stop("wrong-code-system", "code", f"A {kind.label.lower()} order is not written in that code."))
    if kind and kind.acts_by_route and content.route not in kind.acts_by_route:
        found.append(_stop("no-route", "route", "Say by which way it is given: it decides who may give it."))
    if content.priority not in priorities():
        found.append(_stop("no-such-priority", "priority", "Choose how soon it is needed."))
    if not content.name.strip():
        found.append(_stop("nothing-ordered", "name", "Say what is ordered."))
    if not content.code.strip() and content.system != "words":
        found.append(_stop("no-code", "code", "Choose what is ordered from the list."))
    if not content.reason.strip():
        found.append(_stop("no-reason", "reason", "Say why, in a few words; whoever signs reads it."))
    for field, amount, unit in (
        ("dose", content.dose, content.dose_unit),
        ("quantity", content.quantity, content.quantity_unit),
    ):
        if amount is not None and amount <= 0:
            found.append(_stop(f"{field}-not-positive", field, f"The {field} is more than nothing."))
        if amount is not None and not unit.strip():
            found.append(_stop(f"{field}-without-unit", f"{field}_unit", f"Give the {field} its unit."))
    return found


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """What is looked at once more when an order is signed."""

    is_patient_alive: bool
    is_patient_merged: bool
    sign_by_day: date
    """The last day an unsigned order may still be signed."""


def before_signing(facts: SigningFacts, *, on: date) -> list[Finding]:
    """What stops a signature."""
    found = []
    if not facts.is_patient_alive:
        found.append(_stop("patient-died", "", "The patient is recorded as deceased."))
    if facts.is_patient_merged:
        found.append(_stop("patient-merged", "", "This chart was merged into another. Order it there."))
    if on > facts.sign_by_day:
        found.append(
            _stop("waited-too-long", "", f"It has waited since before {facts.sign_by_day:%m/%d/%Y}. Pend anew.")
        )
    return found


def digest(parts: Mapping[str, object]) -> str:
    """The seal over what was signed: SHA-256 of every part by name, in order of names, each length-prefixed."""
    text = "".join(f"{name}:{len(value)}:{value}\n" for name, value in sorted(_spelled(parts)))
    return hashlib.sha256(text.encode()).hexdigest()


def _spelled(parts: Mapping[str, object]) -> Iterable[tuple[str, str]]:
    for name, value in parts.items():
        if value is None:
            yield name, ""
        elif isinstance(value, Decimal):
            yield name, format(value.normalize(), "f")
        else:
            yield name, str(value)


def _stop(code: str, field: str, message: str) -> Finding:
    return Finding(Severity.STOP, code, field, message)
