"""The last look before a dose: does this product, today, at this age, count for this person?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from mainstay.foundation.findings import Finding, Severity
from mainstay.immunizations.forecast import (
    DoseGiven,
    DoseResult,
    EvaluationStatus,
    Forecast,
    Person,
    Reason,
    Schedule,
    dose_results,
    forecast_person,
)
from mainstay.immunizations.forecast.contraindications import antigen_contraindication, contraindicated_vaccines
from mainstay.immunizations.rules.ages import day_of_age
from mainstay.immunizations.rules.vaccines import Product


class Basis(StrEnum):
    """On whose word a vaccine is given."""

    SIGNED = "signed"
    """An order for this patient: the clinician may have meant what the schedule does not."""
    STANDING = "standing"
    """A standing order: it covers what the schedule asks for, and nothing else."""


WORDS = {
    Reason.TOO_YOUNG: "too young for it to count",
    Reason.TOO_OLD: "past the highest age for it",
    Reason.TOO_SOON: "too soon after the dose before",
    Reason.CONFLICT: "too soon after another live vaccine",
    Reason.WRONG_VACCINE: "not a vaccine that counts for this dose at this age",
    Reason.INADVERTENT: "not a vaccine for this dose",
    Reason.LOW_VOLUME: "less than the full volume",
}


def judge_product(product: Product, *, born: date, on: date, weight_kg: Decimal | None) -> list[Finding]:
    """Whether a product is meant for this age and weight at all."""
    found = []
    if product.ages.is_too_young(born, on):
        opens = day_of_age(born, product.ages.low)
        words = f"{product.name} is for {product.ages}: not before {opens:%b} {opens.day}, {opens.year}."
        found.append(Finding(Severity.STOP, "product_too_young", "lot", words))
    elif product.ages.is_too_old(born, on):
        found.append(Finding(Severity.STOP, "product_too_old", "lot", f"{product.name} is for {product.ages}."))
    if product.from_kg is None and product.until_kg is None:
        return found
    if weight_kg is None:
        words = f"Which dose of {product.name} fits goes by weight: weigh the patient first."
        found.append(Finding(Severity.STOP, "weight_unknown", "lot", words))
    elif (product.from_kg and weight_kg < product.from_kg) or (product.until_kg and weight_kg >= product.until_kg):
        limit = f"from {product.from_kg} kg" if product.from_kg else f"under {product.until_kg} kg"
        found.append(
            Finding(Severity.STOP, "product_weight", "lot", f"{product.name} is for {limit}; this is {weight_kg} kg.")
        )
    return found


def judge_dose(product: Product, person: Person, schedule: Schedule, *, on: date, basis: Basis) -> list[Finding]:
    """What the schedule would say of this product given today: as CDC evaluates it, before and not after.

    On a standing order whatever does not count stops; on an order for this patient it asks for a reason. A dose that
    counts only by the four days of grace asks for a reason either way: grace is for judging doses, not for planning.
    """
    given = DoseGiven(on, product.cvx, product.mvx)
    with_it = forecast_person(replace(person, doses=(*person.doses, given)), schedule, on)
    results = [one for one in dose_results(with_it) if one.record.dose is given]
    banned = _banned_antigens(product, with_it)
    if banned:
        words = f"The schedule rules {product.name} out for what is in the chart ({', '.join(banned)})."
        return [Finding(Severity.STOP, "contraindicated_by_schedule", "lot", words)]
    return _judge_results(product, results, basis)


def _judge_results(product: Product, results: list[DoseResult], basis: Basis) -> list[Finding]:
    if not results:
        words = f"The schedule knows no reason to give {product.name} to this patient today."
        return [_not_counting(basis, "not_recommended", words)]
    wrong = [one for one in results if one.status is EvaluationStatus.NOT_VALID]
    if wrong:
        reasons = dict.fromkeys(WORDS.get(one.reason, str(one.reason).lower()) for one in wrong)
        antigens = ", ".join(one.antigen for one in wrong)
        code = f"would_not_count_{wrong[0].reason.name.lower()}"
        return [
            _not_counting(basis, code, f"{product.name} today would not count for {antigens}: {'; '.join(reasons)}.")
        ]
    if all(one.status is EvaluationStatus.EXTRANEOUS for one in results):
        return [_not_counting(basis, "not_needed", f"{product.name} is not needed: the schedule asks for none today.")]
    if any(one.reason is Reason.GRACE for one in results):
        words = f"{product.name} today counts only by the 4 days of grace; a school or state may not accept it."
        return [Finding(Severity.CONFIRM, "grace_period", "lot", words)]
    return []


def _not_counting(basis: Basis, code: str, words: str) -> Finding:
    if basis is Basis.STANDING:
        return Finding(Severity.STOP, code, "lot", f"{words} The standing order does not cover that.")
    return Finding(Severity.CONFIRM, code, "lot", words)


def _banned_antigens(product: Product, forecast: Forecast) -> list[str]:
    """The antigens of a product that the schedule rules out for this patient, or this very vaccine type for them."""
    patient = forecast.patient
    known = patient.schedule
    return [
        name
        for name, _, _ in known.vaccines[product.cvx].antigens
        if antigen_contraindication(known.antigens[name], patient)
        or product.cvx in contraindicated_vaccines(known.antigens[name], patient)
    ]


def next_day_it_counts(
    product: Product, person: Person, schedule: Schedule, *, on: date, within: timedelta = timedelta(days=120)
) -> date | None:
    """The first day from `on` on which this product would count without grace; None within the time looked at."""
    group_names = set(product.groups)
    forecast = forecast_person(person, schedule, on)
    days = [one.earliest for one in forecast.groups if one.group.name in group_names and one.earliest]
    if not days:
        return None
    found = date.fromordinal(max(days))
    return found if on < found <= on + within else None


def put_on_record(findings: Iterable[Finding], *, by_clinician: bool) -> list[Finding]:
    """What is found about a vaccine that is in the patient already, before its record is put right.

    A record says what happened: a clinician writes it down with the reason where an assistant is stopped.
    """
    if by_clinician:
        return [replace(one, severity=Severity.CONFIRM) if one.severity is Severity.STOP else one for one in findings]
    words = "If it did go in, a clinician puts it on record with the reason."
    return [
        replace(one, message=f"{one.message} {words}") if one.severity is Severity.STOP else one for one in findings
    ]
