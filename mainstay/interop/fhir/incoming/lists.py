"""Condition, AllergyIntolerance, MedicationRequest and MedicationStatement, Procedure."""

from __future__ import annotations

from datetime import date
from typing import Any

from mainstay.chart.actions import ReceivedAllergy, ReceivedMedication, ReceivedProblem, ReceivedSurgery
from mainstay.chart.models import MedicationStatus, ProblemStatus, VerificationStatus
from mainstay.interop.fhir.incoming.words import ICD10CM, RXNORM, NotModelled, Resolve, name_of, resolving
from mainstay.interop.fhir.parts import Resource, choice, code_in, day, moment, number, part, parts, text, words_of

CLINICAL = {
    "active": ProblemStatus.ACTIVE,
    "recurrence": ProblemStatus.ACTIVE,
    "relapse": ProblemStatus.ACTIVE,
    "inactive": ProblemStatus.INACTIVE,
    "remission": ProblemStatus.INACTIVE,
    "resolved": ProblemStatus.RESOLVED,
}
VERIFICATION = {
    "confirmed": VerificationStatus.CONFIRMED,
    "unconfirmed": VerificationStatus.UNCONFIRMED,
    "provisional": VerificationStatus.UNCONFIRMED,
    "differential": VerificationStatus.UNCONFIRMED,
    "presumed": VerificationStatus.UNCONFIRMED,
    "refuted": VerificationStatus.REFUTED,
    "entered-in-error": VerificationStatus.ENTERED_IN_ERROR,
}
MEDICATION = {
    "active": MedicationStatus.ACTIVE,
    "intended": MedicationStatus.ACTIVE,
    "on-hold": MedicationStatus.ON_HOLD,
    "stopped": MedicationStatus.STOPPED,
    "cancelled": MedicationStatus.STOPPED,
    "not-taken": MedicationStatus.STOPPED,
    "completed": MedicationStatus.COMPLETED,
    "entered-in-error": MedicationStatus.ENTERED_IN_ERROR,
}
CATEGORIES = frozenset({"medication", "food", "environment", "biologic"})
SEVERITIES = ("severe", "moderate", "mild")
NOTHING_KNOWN = frozenset({"716186003", "409137002", "428607008", "429625007", "716220001", "716184000"})
"""SNOMED CT statements that no allergy (of some kind) is known: a list is only called empty by somebody here."""


def from_condition(body: Resource, _: Resolve) -> ReceivedProblem:
    """A Condition as a problem. Its code is kept only if it is ICD-10-CM; nothing is translated."""
    concept = part(body, "code")
    said = words_of(concept)
    if not said:
        raise NotModelled("a condition that says neither code nor text")
    resolved_on = _day_of(body, "abatement")
    status = CLINICAL.get(code_in(part(body, "clinicalStatus")))
    return ReceivedProblem(
        text=said,
        code=code_in(concept, ICD10CM)[:12],
        status=status or (ProblemStatus.RESOLVED if resolved_on else ProblemStatus.ACTIVE),
        verification=VERIFICATION.get(code_in(part(body, "verificationStatus")), VerificationStatus.UNCONFIRMED),
        onset=_day_of(body, "onset"),
        resolved_on=resolved_on,
        recorded_at=moment(body.get("recordedDate")),
        note=_notes(body),
    )


def from_allergy(body: Resource, _: Resolve) -> ReceivedAllergy:
    """An AllergyIntolerance as an allergy. "No known allergies" is kept, never believed."""
    concept = part(body, "code")
    reactions = parts(body, "reaction")
    said = words_of(concept) or next((words_of(part(one, "substance")) for one in reactions), "")
    if not said:
        raise NotModelled("an allergy that names no substance")
    if code_in(concept) in NOTHING_KNOWN:
        raise NotModelled("that no allergy is known must be asked and recorded here")
    found = {text(one, "severity") for one in reactions}
    clinical = code_in(part(body, "clinicalStatus"))
    given = body.get("category")
    kinds = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
    category = next((one for one in kinds if one in CATEGORIES), "")
    recorded = moment(body.get("recordedDate"))
    last = day(body.get("lastOccurrence"))
    is_over = clinical in ("inactive", "resolved")
    return ReceivedAllergy(
        substance=said,
        substance_code=code_in(concept),
        category=category or "medication",
        reaction=", ".join(filter(None, (words_of(one) for r in reactions for one in parts(r, "manifestation")))),
        severity=next((one for one in SEVERITIES if one in found), ""),
        is_intolerance=text(body, "type") == "intolerance",
        verification=VERIFICATION.get(code_in(part(body, "verificationStatus")), VerificationStatus.UNCONFIRMED),
        onset=_day_of(body, "onset"),
        ended_on=(last or (recorded.date() if recorded else None)) if is_over else None,
        recorded_at=recorded,
        note=_notes(body, f"The sender calls it {clinical}." if is_over else ""),
    )


def from_medication(body: Resource, resolve: Resolve) -> ReceivedMedication:
    """A MedicationRequest or MedicationStatement as an entry of the medication list."""
    look = resolving(body, resolve)
    if text(body, "intent") in ("proposal", "plan", "option"):
        raise NotModelled("it is only proposed")
    if body.get("doNotPerform") is True:
        raise NotModelled("it says what not to give")
    status = MEDICATION.get(text(body, "status"))
    if status is None:
        raise NotModelled(f"its status is {text(body, 'status') or 'missing'}")
    kind, value = choice(body, "medication")
    concept: Resource = value if isinstance(value, dict) else {}
    said = words_of(concept)
    if kind == "Reference":
        said = text(concept, "display")
        concept = part(look(text(concept, "reference")), "code")
        said = words_of(concept) or said
    if not said:
        raise NotModelled("it names no medicine that can be found")
    dosage = next(iter(parts(body, "dosageInstruction") or parts(body, "dosage")), {})
    kind, effective = choice(body, "effective")
    period = effective if kind == "Period" else {}
    started = (
        day(text(body, "authoredOn")) or day(text(period, "start")) or (day(effective) if kind == "DateTime" else None)
    )
    return ReceivedMedication(
        name=said,
        code=code_in(concept, RXNORM),
        dose=_dose(dosage),
        route=words_of(part(dosage, "route")),
        frequency=_frequency(dosage),
        reason=", ".join(filter(None, (words_of(one) for one in parts(body, "reasonCode")))),
        prescriber=name_of(part(body, "requester") or part(body, "informationSource"), look),
        status=status,
        started_on=started,
        ended_on=day(text(period, "end")),
        recorded_at=moment(body.get("authoredOn") or body.get("dateAsserted")),
        note=_notes(body),
    )


def from_procedure(body: Resource, resolve: Resolve) -> ReceivedSurgery:
    """A Procedure that was done, as an entry of the history of operations and procedures."""
    status = text(body, "status")
    if status not in ("completed", "in-progress", "unknown"):
        raise NotModelled(f"its status is {status or 'missing'}")
    concept = part(body, "code")
    said = words_of(concept)
    if not said:
        raise NotModelled("a procedure that says neither code nor text")
    kind, performed = choice(body, "performed")
    return ReceivedSurgery(
        procedure=said,
        code=code_in(concept)[:20],
        performed_on=_day_of(body, "performed"),
        performed_text=performed if kind == "String" and isinstance(performed, str) else "",
        place=name_of(part(body, "location"), resolving(body, resolve)),
        recorded_at=None,
        note=_notes(body, f"The sender's status is {status}." if status != "completed" else ""),
    )


def _day_of(body: Resource, name: str) -> date | None:
    """The day of `name[x]`: a date, or the start of a period (its end, for when something was over)."""
    kind, value = choice(body, name)
    if kind == "Period":
        return day(part({"p": value}, "p").get("end" if name == "abatement" else "start"))
    return day(value) if kind == "DateTime" else None


def _notes(body: Resource, ours: str = "") -> str:
    return " ".join(filter(None, [ours, *(text(one, "text") for one in parts(body, "note"))]))


def _dose(dosage: Resource) -> str:
    for rate in parts(dosage, "doseAndRate"):
        quantity = part(rate, "doseQuantity")
        value = number(quantity, "value")
        if value is not None:
            return f"{value:f} {text(quantity, 'unit') or text(quantity, 'code')}".strip()
    return text(dosage, "text")


def _frequency(dosage: Resource) -> str:
    timing = part(dosage, "timing")
    if said := words_of(part(timing, "code")):
        return said
    repeat = part(timing, "repeat")
    times: Any = number(repeat, "frequency")
    every: Any = number(repeat, "period")
    if times is None or every is None:
        return text(dosage, "text") if parts(dosage, "doseAndRate") else ""
    unit = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}.get(
        text(repeat, "periodUnit"), ""
    )
    often = f"{times:f} time{'s' if times != 1 else ''}"
    return f"{often} every {every:f} {unit}s" if every != 1 else f"{often} a {unit}"
