"""One pair judged: weights summed, then the rules that no sum may overrule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import log2
from typing import Any

from mainstay.foundation.tables import read_toml
from mainstay.people.matching import compare
from mainstay.people.matching.persons import Features, Person, prepare


class Band(StrEnum):
    """What to do with a pair."""

    MATCH = "match"
    """One person."""
    POSSIBLE = "possible"
    """Somebody must look."""
    NO = "no"
    """Two people."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One field's part in a score: `bits` for (positive) or against (negative) one person."""

    field: str
    level: str
    bits: float

    def __str__(self) -> str:
        return f"{self.field} {self.level} {self.bits:+.1f}"


@dataclass(frozen=True, slots=True)
class MatchScore:
    """How likely two records are one person.

    `score` runs from 0 to 1: 0.9 and more is a match, 0.5 and more possible. `bits` is the summed weight
    before any rule; `rule` names the rule that held the score down, if one did.
    """

    score: float
    band: Band
    bits: float
    reasons: tuple[Reason, ...]
    rule: str = ""


@cache
def _weights() -> tuple[Mapping[str, Mapping[str, float]], Mapping[str, float], Mapping[str, float]]:
    table = read_toml("mainstay.people", "matching.toml")
    bands = {name: float(bits) for name, bits in table["bands"].items()}
    weights = {
        field: {level: log2(float(p["m"]) / float(p["u"])) for level, p in levels.items() if "u" in p}
        for field, levels in table.items()
        if isinstance(levels, dict) and field != "bands"
    }
    m_exact = {field: float(table[field]["exact"]["m"]) for field in ("given", "family")}
    return weights, bands, m_exact


@cache
def _common_names() -> Mapping[str, Mapping[str, float]]:
    table = read_toml("mainstay.people", "common_names.toml")
    return {kind: {name: float(share) for name, share in table[kind].items()} for kind in ("given", "family")}


class Matcher:
    """Judges pairs with one set of name shares: the nation's, or those of a file of at least 500 people."""

    def __init__(self, population: Iterable[Features] = ()) -> None:
        self.weights, self.bands, self._m_exact = _weights()
        national = _common_names()
        people = list(population)
        self._shares: dict[str, Mapping[str, float]] = dict(national)
        self._other = {kind: national[kind]["other"] for kind in national}
        if len(people) >= 500:
            self._shares = {
                "given": _shares(p.given_whole for p in people),
                "family": _shares(p.family_whole for p in people),
                "postcode": _shares(p.postcode for p in people),
            }
        self._exact: dict[tuple[str, str], float] = {}

    def exact_bits(self, kind: str, name: str) -> float:
        """The weight of agreeing on this very name: little for Smith, much for Szczepański."""
        key = (kind, name)
        if (bits := self._exact.get(key)) is None:
            share = min(max(self._shares[kind].get(name, 0.0), self._other[kind]), 0.05)
            bits = self._exact[key] = log2(self._m_exact[kind] / share)
        return bits

    def judge(self, a: Features, b: Features) -> MatchScore:
        """How likely `a` and `b` are one person, with every field's reason."""
        match = self.judge_if(a, b, least=Band.NO)
        assert match is not None
        return match

    def judge_if(self, a: Features, b: Features, *, least: Band) -> MatchScore | None:
        """The same, or None for pairs below `least`."""
        levels = self._levels(a, b)
        weighed = {field: self._bits(field, level, a) for field, level in levels.items()}
        household = sum(bits for field, bits in weighed.items() if bits > 0 and field in _HOUSEHOLD)
        bits = sum(weighed.values()) - max(0.0, household - self.bands["household_cap"])
        score = self._score(bits)
        ceiling, rule = _ceiling(a, b, levels)
        if ceiling is not Band.MATCH:
            score = min(score, 0.45 if ceiling is Band.NO else 0.85)
        band = Band.MATCH if score >= 0.9 else Band.POSSIBLE if score >= 0.5 else Band.NO
        if _ORDER[band] < _ORDER[least]:
            return None
        reasons = [Reason(field, level, weighed[field]) for field, level in levels.items()]
        reasons.sort(key=lambda r: -abs(r.bits))
        return MatchScore(round(score, 4), band, round(bits, 2), tuple(reasons), rule)

    def _score(self, bits: float) -> float:
        low, high = self.bands["possible"], self.bands["match"]
        odds = (bits - low) * log2(9) / (high - low)
        return 1 / (1 + 2 ** -max(-60.0, min(60.0, odds)))

    def _bits(self, field: str, level: str, a: Features) -> float:
        if level == "exact" and field == "given":
            return self.exact_bits("given", a.given_whole)
        if level == "exact" and field == "family":
            return self.exact_bits("family", a.family_whole)
        if level == "area" and "postcode" in self._shares:
            return self._area_bits(a.postcode)
        return self.weights[field][level]

    def _area_bits(self, postcode: str) -> float:
        """The weight of living under one ZIP code elsewhere: nothing where everybody does."""
        usual = self.weights["address"]["area"]
        share = self._shares["postcode"].get(postcode, 0.0)
        return max(self.weights["address"]["different"], min(usual, usual - log2(max(share, 0.05) / 0.05)))

    @staticmethod
    def _levels(a: Features, b: Features) -> dict[str, str]:
        found: dict[str, str | None] = {"given": compare.given_level(a, b), "family": compare.family_level(a, b)}
        if (found["given"] in _WEAK or found["family"] in _WEAK) and (swapped := compare.names_swapped(a, b)):
            found = {"names": swapped}
        found["birth"] = compare.birth_level(a.birth, b.birth)
        if a.sex and b.sex and "x" not in (a.sex, b.sex):
            found["sex"] = "same" if a.sex == b.sex else "different"
        found["middle"] = compare.middle_level(a, b)
        found["suffix"] = compare.suffix_level(a, b)
        found["ssn"] = compare.ssn_level(a, b)
        if a.mrns & b.mrns:
            found["mrn"] = "same"
        found["phone"] = compare.phone_level(a, b)
        if a.emails and b.emails:
            found["email"] = "same" if a.emails & b.emails else "different"
        found["address"] = compare.address_level(a, b)
        found["locality"] = compare.locality_level(a, b)
        found["mother_maiden"] = compare.word_level(a.mother_maiden, b.mother_maiden)
        found["mother_given"] = compare.mother_given_level(a.mother_given, b.mother_given)
        found["guardian"] = compare.guardian_level(a.guardian, b.guardian)
        found["birth_order"] = compare.birth_order_level(a, b)
        return {field: level for field, level in found.items() if level}


_ORDER = {Band.NO: 0, Band.POSSIBLE: 1, Band.MATCH: 2}
_WEAK = frozenset({"similar", "different", "initial"})
_HOUSEHOLD = frozenset({"phone", "email", "address", "locality", "mother_maiden", "mother_given", "guardian"})
_NAMED_ALIKE = frozenset({"exact", "nickname", "close", "part", "initial"})
_DAY_NOT_KNOWN = "0101"
"""Written for a birthday nobody recorded; refugees and the very old often have it."""
_BORN_ALIKE = frozenset({"exact", "swapped", "slip"})


def _ceiling(a: Features, b: Features, levels: Mapping[str, str]) -> tuple[Band, str]:
    """The highest band the facts allow, whatever they sum to, and the rule that says so."""
    given, birth, family = levels.get("given"), levels.get("birth"), levels.get("family")
    known_number = levels.get("ssn") in ("same", "slip") or levels.get("mrn") == "same"
    same_number = levels.get("ssn") in ("same", "last4", "slip") or levels.get("mrn") == "same"
    swapped = "names" in levels
    household = levels.get("address") in ("same", "street") or levels.get("phone") == "same" or _one_mother(levels)
    if levels.get("birth_order") == "different" and given not in ("exact", "nickname") and not swapped:
        return (Band.POSSIBLE if same_number else Band.NO), "two children of one birth"
    if given == "different" and birth not in _BORN_ALIKE and birth is not None:
        return (Band.POSSIBLE if same_number else Band.NO), "neither given name nor date of birth agree"
    if given == "different" and not swapped:
        if birth == "exact" and (household or family in ("exact", "close", "former", "part")) and not known_number:
            return Band.NO, "twins: same birth and family, another given name"
        return Band.POSSIBLE, "another given name"
    if given in ("close", "similar") and levels.get("sex") == "different" and (household or given == "similar"):
        return (Band.POSSIBLE if same_number else Band.NO), "brother and sister with names alike"
    if given == "nickname" and levels.get("sex") == "different" and household and not same_number:
        return Band.POSSIBLE, "brother and sister with names alike"
    if birth == "exact" and not known_number and _like_twins(a, b, given, household=household):
        return Band.POSSIBLE, "twins with names alike"
    if levels.get("suffix") == "different" and birth != "exact":
        return (Band.POSSIBLE if same_number else Band.NO), "father and son of one name"
    if birth == "two_parts" and not same_number and _is_a_generation_apart(a.birth, b.birth):
        return Band.POSSIBLE, "perhaps father and son of one name"
    if birth == "exact" and a.birth.endswith(_DAY_NOT_KNOWN) and not (household or same_number or _is_backed(levels)):
        return Band.POSSIBLE, "born on 1 January, as many are whose day is not known"
    if birth in ("different", "two_parts", "year") and not same_number:
        if birth == "different" and (a.suffix or b.suffix) and _years_apart(a.birth, b.birth) >= 13:
            return Band.NO, "father and son of one name"
        if birth != "two_parts" or not household:
            return Band.POSSIBLE, "another date of birth"
    if birth is None and not known_number and not _rich_without_birth(levels):
        return Band.POSSIBLE, "no date of birth to compare"
    if given is None and not swapped and not known_number:
        return Band.POSSIBLE, "no given name to compare"
    if levels.get("ssn") == "different" and (birth != "exact" or given not in _NAMED_ALIKE) and not swapped:
        return Band.POSSIBLE, "another social security number"
    if family == "different" and not (household or same_number or levels.get("mother_given")):
        return Band.POSSIBLE, "another family name"
    return Band.MATCH, ""


def _is_a_generation_apart(one: str, other: str) -> bool:
    """A son may be born on his father's birthday; two slips of the pen seldom make somebody a generation younger."""
    return one[4:] == other[4:] and 15 <= _years_apart(one, other) <= 50


def _is_backed(levels: Mapping[str, str]) -> bool:
    """Whether something that is not of a household says too that it is one person."""
    return "same" in (levels.get("middle"), levels.get("email"))


def _one_mother(levels: Mapping[str, str]) -> bool:
    return levels.get("mother_maiden") == "same" and levels.get("mother_given") != "different"


def _rich_without_birth(levels: Mapping[str, str]) -> bool:
    named = "names" in levels or (
        levels.get("given") in ("exact", "nickname", "close") and levels.get("family") in ("exact", "close")
    )
    return named and levels.get("address") == "same" and levels.get("suffix") != "different"


def _like_twins(a: Features, b: Features, given: str | None, *, household: bool) -> bool:
    """Two names we know, or rhyming ones in one home: a slip of the pen seldom hits the first letter."""
    if given == "similar":
        return compare.is_known_given(a.given_whole) and compare.is_known_given(b.given_whole)
    return given == "close" and household and a.given_whole[1:] == b.given_whole[1:]


def _years_apart(one: str, other: str) -> int:
    return abs(int(one[:4]) - int(other[:4])) if len(one) == len(other) == 8 else 0


def _shares(names: Iterable[str]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for name in names:
        if name:
            counts[name] = counts.get(name, 0) + 1
    total = sum(counts.values()) or 1
    return {name: count / total for name, count in counts.items()}


@cache
def _national() -> Matcher:
    return Matcher()


def score_pair(a: Person | Features, b: Person | Features) -> MatchScore:
    """How likely two records are one person, by the nation's name shares."""
    return _national().judge(_prepared(a), _prepared(b))


def _prepared(person: Any) -> Features:
    return person if isinstance(person, Features) else prepare(person)
