"""Whether a standing order holds on a day, for a patient, for a member of staff: findings over plain facts.

Source: what a standing order contains and when it stops holding, docs/clinical/orders.md.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import Finding, Severity

AGE = re.compile(r"^(\d{1,3})([dwmy])$")
UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}


class Effect(StrEnum):
    """What a criterion does: it lets patients in, or keeps them out."""

    INCLUDE = "include"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One line of who is let in or kept out; it fits a patient when every part it states does.

    Ages are written `6w`, `18m`, `65y`: from `least_age`, and younger than `younger_than`. `condition` is an
    observation code (CDSi), `question` is asked of the patient and fits on "yes" and on "unsure".
    """

    effect: Effect
    words: str
    least_age: str = ""
    younger_than: str = ""
    sex: str = ""
    condition: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """What criteria ask about one patient: birth date, sex, observation codes, answers (`yes`, `no`, `unsure`)."""

    birth_date: date
    sex: str = ""
    conditions: frozenset[str] = frozenset()
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Terms:
    """From when to when a standing order speaks, and when it was last reviewed."""

    is_signed: bool
    is_withdrawn: bool
    starts_on: date
    expires_on: date
    reviewed_on: date | None
    review_months: int = 12

    @property
    def review_due_on(self) -> date | None:
        """The last day it holds without another review."""
        return None if self.reviewed_on is None else months_after(self.reviewed_on, self.review_months)

    @property
    def ends_on(self) -> date:
        """The last day it holds as things stand: its end, or the day its review is due."""
        due = self.review_due_on
        return self.expires_on if due is None else min(self.expires_on, due)


def months_after(start: date, months: int) -> date:
    """The same day some months later; the last day of a shorter month."""
    year, month = divmod(start.month - 1 + months, 12)
    year, month = start.year + year, month + 1
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def read_age(text: str) -> tuple[int, str]:
    """An age as it is written (`6w`) as (6, "w"). Raises `InvalidInput`."""
    found = AGE.match(text.strip().lower())
    if found is None:
        raise InvalidInput(f"Write an age as 6w, 18m or 65y, not {text!r}.")
    return int(found[1]), found[2]


def day_of_age(born: date, text: str) -> date:
    """The day somebody born on a day reaches an age."""
    amount, unit = read_age(text)
    if unit in "dw":
        return born + timedelta(days=amount * (7 if unit == "w" else 1))
    return months_after(born, amount * (12 if unit == "y" else 1))


def spell_ages(least_age: str, younger_than: str) -> str:
    """An age band in words: `from 6 weeks, younger than 5 years`."""
    parts = []
    if least_age:
        parts.append(f"from {_spell(least_age)}")
    if younger_than:
        parts.append(f"younger than {_spell(younger_than)}")
    return ", ".join(parts)


def _spell(text: str) -> str:
    amount, unit = read_age(text)
    return f"{amount} {UNITS[unit]}{'' if amount == 1 else 's'}"


def why_it_does_not_hold(terms: Terms, *, on: date) -> list[Finding]:
    """Every reason a standing order does not hold on a day; none when it does."""
    found = []
    if not terms.is_signed:
        found.append(_stop("not-signed", "The standing order is not signed."))
    if terms.is_withdrawn:
        found.append(_stop("withdrawn", "The standing order was withdrawn or replaced."))
    if on < terms.starts_on:
        found.append(_stop("not-yet", f"The standing order starts on {terms.starts_on:%m/%d/%Y}."))
    if on > terms.expires_on:
        found.append(_stop("expired", f"The standing order ended on {terms.expires_on:%m/%d/%Y}."))
    due = terms.review_due_on
    if terms.is_signed and due is not None and on > due:
        found.append(
            _stop(
                "not-reviewed",
                f"The standing order was last reviewed on {terms.reviewed_on:%m/%d/%Y}; "
                f"it has to be every {terms.review_months} months.",
            )
        )
    return found


def fits(criterion: Criterion, patient: PatientFacts, *, on: date) -> bool:
    """Whether every part a criterion states is true of the patient."""
    born = patient.birth_date
    if criterion.least_age and on < day_of_age(born, criterion.least_age):
        return False
    if criterion.younger_than and on >= day_of_age(born, criterion.younger_than):
        return False
    if criterion.sex and criterion.sex != patient.sex:
        return False
    if criterion.condition and criterion.condition not in patient.conditions:
        return False
    return not criterion.question or patient.answers.get(criterion.question) in ("yes", "unsure")


def open_questions(criteria: Iterable[Criterion], patient: PatientFacts, *, on: date) -> list[Criterion]:
    """Exclusions that hang on a question nobody has answered yet, for a patient the rest of them fits."""
    asked = (c for c in criteria if c.effect is Effect.EXCLUDE and c.question)
    return [
        c
        for c in asked
        if patient.answers.get(c.question) not in ("yes", "no", "unsure")
        and fits(Criterion(c.effect, c.words, c.least_age, c.younger_than, c.sex, c.condition), patient, on=on)
    ]


def judge_patient(criteria: Iterable[Criterion], patient: PatientFacts, *, on: date) -> list[Finding]:
    """Every reason a standing order does not cover a patient: let in by no line, or kept out by one.

    A question answered "yes" or "unsure" keeps out: there is no judgment in a standing order. One nobody has answered
    stops with the code `unanswered`.
    """
    rows, found = tuple(criteria), []
    included = [c for c in rows if c.effect is Effect.INCLUDE]
    if included and not any(fits(c, patient, on=on) for c in included):
        who = "; ".join(c.words for c in included)
        found.append(_stop("not-included", f"The standing order covers: {who}. This patient is none of them."))
    for criterion in rows:
        if criterion.effect is Effect.EXCLUDE and fits(criterion, patient, on=on):
            said = patient.answers.get(criterion.question, "") if criterion.question else ""
            how = f' (answered "{said}")' if said else ""
            found.append(_stop("excluded", f"Not under the standing order: {criterion.words}{how}. Ask a provider."))
    found.extend(_stop("unanswered", f"Ask first: {c.words}") for c in open_questions(rows, patient, on=on))
    return found


def why_not_this_person(
    roles: Iterable[str],
    credentials: Iterable[str],
    *,
    covered_roles: Iterable[str],
    covered_credentials: Iterable[str],
) -> list[Finding]:
    """Every reason a standing order does not cover a member of staff: its roles, then its credentials (any of them)."""
    found = []
    if not set(roles) & set(covered_roles):
        found.append(_stop("role-not-covered", "The standing order does not name your role."))
    wanted = set(covered_credentials)
    if wanted and not set(credentials) & wanted:
        found.append(_stop("credential-not-covered", "The standing order asks for a credential you do not hold."))
    return found


def _stop(code: str, message: str) -> Finding:
    return Finding(Severity.STOP, code, "", message)
