"""After the shot: how long somebody is watched, the anaphylaxis card, and what must be reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from mainstay.foundation.tables import read_toml
from mainstay.immunizations.rules.ages import years_old
from mainstay.immunizations.rules.concerns import GivingFacts
from mainstay.immunizations.rules.contraindications import is_severe_allergy
from mainstay.immunizations.rules.screening import Answer, Said, has_fainted
from mainstay.immunizations.rules.vaccines import PACKAGE


@dataclass(frozen=True, slots=True)
class Watch:
    """How long, why, and whether lying down."""

    minutes: int
    why: str
    is_lying: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """Something seen while watching: what it may mean, and whether the provider comes at once."""

    code: str
    name: str
    meaning: str
    is_urgent: bool
    is_anaphylaxis: bool


@dataclass(frozen=True, slots=True)
class AnaphylaxisCard:
    """What to do, and epinephrine for this patient: `dose_mg` and `dose_ml` are None when nobody knows the weight."""

    steps: tuple[str, ...]
    strength: str
    site: str
    repeat: str
    dose_mg: Decimal | None
    dose_ml: Decimal | None
    auto_injector_mg: Decimal | None
    assumes: str


@dataclass(frozen=True, slots=True)
class Reportable:
    """An event that must go to VAERS when it comes within so many days of such a vaccine."""

    event: str
    name: str
    families: tuple[str, ...]
    from_days: int
    days: int


@cache
def _table() -> Mapping[str, Any]:
    return read_toml(PACKAGE, "giving/watching.toml")


def signs_in_words(seen: Iterable[str]) -> str:
    """Signs as they are called on the page, in the order they were ticked: `Hives, itching, flushing; Vomiting`."""
    known = signs()
    return "; ".join(known[code].name if code in known else code.replace("_", " ") for code in seen)


@cache
def signs() -> Mapping[str, Sign]:
    """Every sign by its code."""
    rows = _table()["sign"]
    return MappingProxyType(
        {
            r["code"]: Sign(r["code"], r["name"]["en"], r["meaning"], r["is_urgent"], r.get("is_anaphylaxis", False))
            for r in rows
        }
    )


@cache
def reportables() -> tuple[Reportable, ...]:
    """The rows of the table of reportable events that MAs meet."""
    return tuple(
        Reportable(r["event"], r["name"], tuple(r["families"]), r.get("from_days", 0), r["days"])
        for r in _table()["reportable"]
    )


def how_to_watch(facts: GivingFacts, answers: Mapping[str, Said]) -> Watch:
    """15 minutes for everybody; 30 after a reaction to a shot or an anaphylaxis; lying down for who faints."""
    table = _table()
    lying = has_fainted(answers)
    before = answers.get("reaction_before")
    if before is not None and before.answer is not Answer.NO:
        return Watch(table["longer_minutes"], "a reaction after an earlier vaccine", lying)
    if any(is_severe_allergy(one) for one in facts.allergies):
        return Watch(table["longer_minutes"], "a severe allergy in the chart", lying)
    if lying:
        return Watch(table["usual_minutes"], "faints or fears shots: lying down", True)
    return Watch(table["usual_minutes"], "as after every vaccine", False)


def longest(watches: Iterable[Watch]) -> Watch:
    """The longest of several; lying down if any says so."""
    found = list(watches)
    best = max(found, key=lambda one: one.minutes)
    return Watch(best.minutes, best.why, any(one.is_lying for one in found))


def is_urgent(codes: Iterable[str]) -> bool:
    """Whether any of these signs fetches the provider; a sign nobody knows does."""
    known = signs()
    return any(code not in known or known[code].is_urgent for code in codes)


def looks_like_anaphylaxis(codes: Iterable[str]) -> bool:
    """Breathing or circulation is touched, or skin and gut together: treat as anaphylaxis until somebody says no."""
    seen = set(codes)
    known = signs()
    return any(known[c].is_anaphylaxis for c in seen if c in known) or {"hives", "vomiting"} <= seen


def anaphylaxis_card(*, born: date, on: date, weight_kg: Decimal | None) -> AnaphylaxisCard:
    """The card for one patient; 0.01 mg/kg of epinephrine 1 mg/mL, at most 0.3 mg in a child and 0.5 mg in an adult."""
    row = _table()["epinephrine"]
    is_child = years_old(born, on) < row["child_until_years"]
    most = Decimal(row["most_child_mg"] if is_child else row["most_adult_mg"])
    low, high = row["repeat_minutes"]
    dose = auto = None
    assumes = ""
    if weight_kg is not None:
        dose = min((weight_kg * Decimal(row["mg_per_kg"])).quantize(Decimal("0.01"), ROUND_HALF_UP), most)
        auto = auto_injector_mg(weight_kg)
    elif not is_child:
        dose, auto = most, auto_injector_mg(Decimal(60))
        assumes = "No weight on record: the adult dose is shown."
    else:
        assumes = "No weight on record: the provider decides the dose."
    return AnaphylaxisCard(
        steps=tuple(step["en"] for step in _table()["step"]),
        strength=row["strength"],
        site=row["site"],
        repeat=f"Again after {low} to {high} minutes if not better.",
        dose_mg=dose,
        dose_ml=dose,
        auto_injector_mg=auto,
        assumes=assumes,
    )


def auto_injector_mg(weight_kg: Decimal) -> Decimal | None:
    """The auto-injector for a weight; None below the smallest."""
    for row in _table()["auto_injector"]:
        if Decimal(row["from_kg"]) <= weight_kg and ("until_kg" not in row or weight_kg < Decimal(row["until_kg"])):
            return Decimal(row["mg"])
    return None


def must_report(event: str, families: Iterable[str], *, given: date, onset: date) -> bool:
    """Whether VAERS must hear of an event after vaccines of these families (42 USC 300aa-25)."""
    days, mine = (onset - given).days, set(families)
    return any(
        row.event == event and row.from_days <= days <= row.days and ("all" in row.families or mine & set(row.families))
        for row in reportables()
    )
