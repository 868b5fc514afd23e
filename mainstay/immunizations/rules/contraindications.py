"""What the chart says against a vaccine: problems, medicines, allergies, pregnancy, live vaccines of late."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from mainstay.foundation.tables import read_toml
from mainstay.immunizations.rules.ages import AgeWindow
from mainstay.immunizations.rules.concerns import (
    Concern,
    ConcernKind,
    GivingFacts,
    KnownAllergy,
    KnownMedicine,
)
from mainstay.immunizations.rules.facts import daily_milligrams
from mainstay.immunizations.rules.vaccines import (
    PACKAGE,
    Live,
    Product,
    asides,
    components,
    families,
    products_of,
    severe_words,
)

NOT_SYSTEMIC = (
    "inhal",
    "nasal",
    "eye",
    "ophth",
    "ear",
    "otic",
    "topical",
    "cream",
    "ointment",
    "lotion",
    "spray",
    "drop",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: whom it speaks of, what in the chart calls it up, and what it says."""

    code: str
    families: tuple[str, ...]
    except_families: tuple[str, ...]
    kind: ConcernKind
    says: str
    problems: tuple[str, ...]
    except_problems: tuple[str, ...]
    counts_past: bool
    medicines: tuple[str, ...]
    ended_within: timedelta
    ages: AgeWindow
    below_kg: Decimal | None
    is_pregnant: bool


@dataclass(frozen=True, slots=True)
class Steroids:
    """From which dose and for how long a systemic steroid rules out live vaccines, and how long after."""

    mg_per_day: Decimal
    mg_per_kg: Decimal
    under_kg: Decimal
    days: int
    wait: timedelta
    worth: Mapping[str, Decimal]


@cache
def _table() -> Mapping[str, Any]:
    return read_toml(PACKAGE, "giving/contraindications.toml")


@cache
def rules() -> tuple[Rule, ...]:
    """Every row of the table."""
    return tuple(
        Rule(
            code=row["code"],
            families=tuple(row["for"]),
            except_families=tuple(row.get("except_for", ())),
            kind=ConcernKind(row["kind"]),
            says=row["says"],
            problems=_plain(row.get("problems", ())),
            except_problems=_plain(row.get("except", ())),
            counts_past=row.get("counts_past", False),
            medicines=tuple(row.get("medicines", ())),
            ended_within=timedelta(days=row.get("ended_within_days", 0)),
            ages=AgeWindow(row.get("from", ""), row.get("until", "")),
            below_kg=Decimal(row["below_kg"]) if "below_kg" in row else None,
            is_pregnant=row.get("is_pregnant", False),
        )
        for row in _table()["rule"]
    )


@cache
def steroids() -> Steroids:
    """The row about systemic steroids."""
    row = _table()["steroid"]
    return Steroids(
        Decimal(row["mg_per_day"]),
        Decimal(row["mg_per_kg"]),
        Decimal(row["under_kg"]),
        row["days"],
        timedelta(days=row["wait_days"]),
        {name: Decimal(worth) for name, worth in row["equivalent"].items()},
    )


@cache
def live_days_apart() -> int:
    """How many days lie between two live vaccines not given on one day."""
    return int(_table()["live"]["days_apart"])


def concerns_of_chart(facts: GivingFacts, product: Product) -> list[Concern]:
    """What the chart says about giving one vaccine on a day; the hardest first."""
    found = [*_by_rules(facts, product), *_by_allergies(facts, product)]
    if product.is_live and product.live is not Live.ORAL:
        found += _by_steroids(facts)
        found += _by_live_doses(facts, product)
    order = list(ConcernKind)
    return sorted({one.code: one for one in reversed(found)}.values(), key=lambda one: order.index(one.kind))


def _by_rules(facts: GivingFacts, product: Product) -> Iterator[Concern]:
    for rule in rules():
        if not product.belongs_to(rule.families) or product.belongs_to(rule.except_families):
            continue
        if rule.ages != AgeWindow() and not rule.ages.holds(facts.born, facts.on):
            continue
        because = _because(rule, facts)
        if because is not None:
            yield Concern(f"chart.{rule.code}", rule.kind, rule.says, because)


def _because(rule: Rule, facts: GivingFacts) -> str | None:
    """What in the chart calls a rule up, or None."""
    if rule.is_pregnant:
        return "pregnancy in the chart" if facts.is_pregnant else None
    if rule.below_kg is not None:
        is_small = facts.weight_kg is not None and facts.weight_kg < rule.below_kg
        return f"{facts.weight_kg} kg" if is_small else None
    for problem in facts.problems:
        plain = problem.code.replace(".", "").upper()
        if (problem.is_active or rule.counts_past) and plain and plain.startswith(rule.problems or ("-",)):
            if rule.except_problems and plain.startswith(rule.except_problems):
                continue
            return problem.text
    for medicine in facts.medicines:
        if any(word in medicine.name.lower() for word in rule.medicines) and _is_recent(medicine, rule, facts):
            return f"{medicine.name} {medicine.words}".strip()
    return None


def _is_recent(medicine: KnownMedicine, rule: Rule, facts: GivingFacts) -> bool:
    if medicine.is_active:
        return True
    return medicine.ended is not None and facts.on - medicine.ended <= rule.ended_within


def _by_steroids(facts: GivingFacts) -> Iterator[Concern]:
    """Prednisone and its kin: a high dose for long rules live vaccines out, an unknown one asks a clinician."""
    table = steroids()
    for medicine in facts.medicines:
        worth = _worth(medicine, table)
        if worth is None or not _counts(medicine, facts, table):
            continue
        because = f"{medicine.name} {medicine.words}".strip()
        daily = daily_milligrams(f"{medicine.name} {medicine.words}")
        if daily is None:
            yield Concern(
                "chart.steroid_unknown", ConcernKind.PRECAUTION, "A steroid: how much a day, and for how long", because
            )
            continue
        if Decimal(str(daily)) * worth < _limit(facts, table):
            continue
        end = facts.on if medicine.is_active else medicine.ended or facts.on
        if medicine.started is None:
            yield Concern(
                "chart.steroid_unknown", ConcernKind.PRECAUTION, "A high dose of a steroid: since when", because
            )
        elif (end - medicine.started).days >= table.days:
            yield Concern(
                "chart.steroid_high",
                ConcernKind.CONTRAINDICATION,
                f"A high dose of a steroid for {table.days} days or more: "
                f"live vaccines wait {table.wait.days} days after the last dose",
                because,
            )


def _worth(medicine: KnownMedicine, table: Steroids) -> Decimal | None:
    name = medicine.name.lower()
    if any(word in f"{name} {medicine.words.lower()}" for word in NOT_SYSTEMIC):
        return None
    found = [word for word in table.worth if word in name]
    return table.worth[max(found, key=len)] or None if found else None


def _counts(medicine: KnownMedicine, facts: GivingFacts, table: Steroids) -> bool:
    return medicine.is_active or (medicine.ended is not None and facts.on - medicine.ended < table.wait)


def _limit(facts: GivingFacts, table: Steroids) -> Decimal:
    """Milligrams of prednisone a day from which immunity counts as weakened."""
    if facts.weight_kg is not None and facts.weight_kg < table.under_kg:
        return table.mg_per_kg * facts.weight_kg
    return table.mg_per_day


def _by_live_doses(facts: GivingFacts, product: Product) -> Iterator[Concern]:
    apart = live_days_apart()
    for dose in facts.doses:
        if not 0 < (facts.on - dose.given).days < apart:
            continue
        if any(one.live in (Live.INJECTED, Live.NASAL) for one in products_of(dose.cvx)):
            until = dose.given + timedelta(days=apart)
            yield Concern(
                "chart.live_vaccine",
                ConcernKind.CONTRAINDICATION,
                f"Another live vaccine {(facts.on - dose.given).days} days ago: wait until {until:%b} {until.day}",
                products_of(dose.cvx)[0].name,
            )


def _by_allergies(facts: GivingFacts, product: Product) -> Iterator[Concern]:
    for allergy in facts.allergies:
        text = allergy.substance.lower()
        for code in product.components:
            component = components()[code]
            if any(word in text for word in component.words):
                yield _allergic(
                    allergy, f"allergy.{code}", f"The vaccine holds {component.name}. {component.note}".strip()
                )
                break
        else:
            if any(word in text for code in product.families for word in families()[code].words):
                yield _allergic(allergy, f"allergy.{product.families[0]}", "A reaction to this vaccine is on record")
            yield from _asides(text, product)


def _asides(text: str, product: Product) -> Iterator[Concern]:
    for aside in asides():
        if product.belongs_to(aside.families) and any(word in text for word in aside.words):
            yield Concern("allergy.aside", ConcernKind.NOTE, aside.message.rstrip("."))


def _allergic(allergy: KnownAllergy, code: str, message: str) -> Concern:
    """A severe allergy rules the vaccine out; one whose severity nobody knows asks a clinician; a mild one too."""
    because = f"allergy to {allergy.substance}" + (f": {allergy.reaction}" if allergy.reaction else "")
    is_severe = is_severe_allergy(allergy)
    kind = ConcernKind.CONTRAINDICATION if is_severe else ConcernKind.PRECAUTION
    return Concern(code, kind, message.rstrip("."), because)


def is_severe_allergy(allergy: KnownAllergy) -> bool:
    """Whether an allergy is written as severe, or its reaction reads like anaphylaxis."""
    reaction = allergy.reaction.lower()
    return allergy.severity == "severe" or any(word in reaction for word in severe_words())


def _plain(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(code.replace(".", "").upper() for code in codes)
