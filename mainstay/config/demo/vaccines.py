"""What the demo clinic's patients were vaccinated with before they came: most of them well, some behind."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from mainstay.foundation.actor import Actor
from mainstay.immunizations.actions import DoseElsewhere, record_doses_elsewhere
from mainstay.people.models import Patient

MONTH, YEAR = 30.44, 365.25
CHILDHOOD = (
    # CVX, ages in months, born since
    ("01", (2, 4, 6, 15, 50), 1950),
    ("08", (0, 2, 6), 1991),
    ("20", (2, 4, 6, 15, 50), 1997),
    ("10", (2, 4, 6, 50), 1990),
    ("48", (2, 4, 6, 13), 1990),
    ("133", (2, 4, 6, 13), 2010),
    ("116", (2, 4, 6), 2006),
    ("03", (12.5, 50), 1989),
    ("21", (12.5, 50), 1996),
    ("83", (13, 20), 2006),
    ("115", (11.2 * 12,), 1995),
    ("165", (11.2 * 12, 11.8 * 12), 2003),
    ("203", (11.2 * 12, 16.2 * 12), 1995),
)
GROWN = (
    # CVX, ages in years, born until
    ("03", (20, 20.5), 1988),
    ("21", (21, 21.5), 1995),
    ("43", (30, 30.1, 30.6), 1990),
    ("187", (50.5, 51), 1975),
    ("303", (75.5,), 1951),
)
LATE, NEVER = 0.12, 0.05
"""Shares of the patients whose doses stop somewhere, and who had none."""


def vaccinated(actor: Actor, patient: Patient) -> None:
    """Write down a past: a registry's record for most, nothing for a few, the same every time for the same person."""
    dice = Random(patient.mrn)
    luck = dice.random()
    if luck < NEVER:
        return
    doses = sorted(set(_doses(dice, patient.birth_date, actor.today)), key=lambda dose: dose.given_on)
    if luck < NEVER + LATE:
        doses = doses[: dice.randint(0, max(0, len(doses) - 2))]
    if doses:
        record_doses_elsewhere(actor=actor, patient=patient, doses=doses, source="registry")


def doses_by_the_book(patient: Patient, today: date) -> list[DoseElsewhere]:
    """What this person would have had if nothing had been missed, oldest first."""
    dice = Random(patient.mrn)
    dice.random()
    return sorted(set(_doses(dice, patient.birth_date, today)), key=lambda dose: dose.given_on)


def _doses(dice: Random, born: date, today: date) -> Iterator[DoseElsewhere]:
    for cvx, months, since in CHILDHOOD:
        if born.year >= since and not (cvx == "01" and born.year >= 1997):
            yield from _at(cvx, [month * MONTH for month in months], born, today)
    for cvx, years, until in GROWN:
        if born.year <= until:
            yield from _at(cvx, [year * YEAR for year in years], born, today)
    age = (today - born).days
    if age > 19 * YEAR:
        yield DoseElsewhere("115", today - timedelta(days=dice.randint(100, 3400)))
    if age > 50 * YEAR and dice.random() < 0.75:
        yield DoseElsewhere("216", today - timedelta(days=dice.randint(60, 1500)))
    season = date(today.year - (today.month < 9), 9, 20)
    if age > 7 * MONTH and dice.random() < 0.7:
        yield DoseElsewhere("140", min(today, season + timedelta(days=dice.randint(0, 50))))
    if age > 18 * YEAR and dice.random() < 0.6:
        yield DoseElsewhere("309", min(today, season + timedelta(days=dice.randint(0, 50))))


def _at(cvx: str, ages: list[float], born: date, today: date) -> Iterator[DoseElsewhere]:
    """Each dose at its age or up to three weeks later, all of one age on one day, as far as that day has come."""
    for age in ages:
        given_on = born + timedelta(days=round(age) + ((born.toordinal() + round(age)) % 20 if age else 0))
        if given_on < today:
            yield DoseElsewhere(cvx, given_on)
