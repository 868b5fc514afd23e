"""The table `chart_facts.toml`: what in a chart makes which observation of a vaccine schedule hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from mainstay.foundation.tables import read_toml


class Kind(StrEnum):
    """What sort of thing in the chart it is."""

    PROBLEM = "problem"
    MEDICINE = "medicine"
    ALLERGY = "allergy"
    TEST = "test"
    SURGERY = "surgery"
    SOCIAL = "social"
    RACE = "race"


@dataclass(frozen=True, slots=True)
class FactRule:
    """One row of the table: what in a chart makes one observation hold."""

    observation: str
    problems: tuple[str, ...] = ()
    except_problems: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    needs_problem: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    allergies: tuple[re.Pattern[str], ...] = ()
    tests: frozenset[str] = frozenset()
    snomed: frozenset[str] = frozenset()
    race: frozenset[str] = frozenset()
    tobacco: tuple[str, ...] = ()
    least: float | None = None
    below: float | None = None
    least_daily_mg: float = 0
    least_days: int = 0
    after_days: int = 0
    lasts_days: int = 0
    is_pregnancy: bool = False
    is_severe_only: bool = False
    asks: str = ""


@cache
def fact_rules() -> tuple[FactRule, ...]:
    """The rows of `chart_facts.toml`."""
    return tuple(_rule(row) for row in read_toml("mainstay.immunizations", "chart_facts.toml")["fact"])


def _rule(row: Mapping[str, Any]) -> FactRule:
    return FactRule(
        observation=row["observation"],
        problems=tuple(row.get("problems", ())),
        except_problems=tuple(row.get("except", ())),
        history=tuple(row.get("history", ())),
        needs_problem=tuple(row.get("needs_problem", ())),
        medicines=tuple(row.get("medicines", ())),
        allergies=tuple(re.compile(rf"\b{re.escape(word)}", re.I) for word in row.get("allergies", ())),
        tests=frozenset(row.get("tests", ())),
        snomed=frozenset(row.get("snomed", ())),
        race=frozenset(row.get("race", ())),
        tobacco=tuple(row.get("tobacco", ())),
        least=float(row["least"]) if "least" in row else None,
        below=float(row["below"]) if "below" in row else None,
        least_daily_mg=float(row.get("least_daily_mg", 0)),
        least_days=int(row.get("least_days", 0)),
        after_days=int(row.get("after_days", 0)),
        lasts_days=int(row.get("lasts_days", 0)),
        is_pregnancy=bool(row.get("is_pregnancy", False)),
        is_severe_only=bool(row.get("severe", False)),
        asks=str(row.get("asks", "")),
    )


@cache
def _rules_by_kind() -> Mapping[Kind, tuple[FactRule, ...]]:
    rules = fact_rules()
    return {
        Kind.PROBLEM: tuple(rule for rule in rules if rule.problems or rule.history),
        Kind.MEDICINE: tuple(rule for rule in rules if rule.medicines),
        Kind.ALLERGY: tuple(rule for rule in rules if rule.allergies),
        Kind.TEST: tuple(rule for rule in rules if rule.tests),
        Kind.SURGERY: tuple(rule for rule in rules if rule.snomed),
        Kind.SOCIAL: tuple(rule for rule in rules if rule.tobacco),
        Kind.RACE: tuple(rule for rule in rules if rule.race),
    }


def rules_concerning(kind: Kind, code: str, text: str) -> tuple[FactRule, ...]:
    """The rules worth trying for a thing of that kind, code and text; whether one holds is for `read_chart` to say."""
    if kind is Kind.PROBLEM:
        return _concerning_problem(code)
    if kind is Kind.MEDICINE:
        return _concerning_medicine(text.lower())
    return _rules_by_kind()[kind]


@lru_cache(maxsize=4096)
def _concerning_problem(code: str) -> tuple[FactRule, ...]:
    """A practice holds few codes many times, and there are many rules."""
    return tuple(rule for rule in _rules_by_kind()[Kind.PROBLEM] if is_below(code, (*rule.problems, *rule.history)))


@lru_cache(maxsize=4096)
def _concerning_medicine(name: str) -> tuple[FactRule, ...]:
    rules = _rules_by_kind()[Kind.MEDICINE]
    return tuple(rule for rule in rules if any(medicine in name for medicine in rule.medicines))


def is_below(code: str, prefixes: Sequence[str]) -> bool:
    """Whether an ICD-10-CM code is one of these or below one of them, dot or no dot."""
    plain = code.replace(".", "").upper()
    return bool(plain) and plain.startswith(tuple(prefix.replace(".", "") for prefix in prefixes))
