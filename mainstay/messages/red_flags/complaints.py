"""What a patient writes or a caller says, read for signs that must not wait.

High recall on purpose: everything found is shown to a person, and nothing found never means that all is well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.tables import read_toml
from mainstay.messages.red_flags.bands import BandDecision, raised
from mainstay.messages.red_flags.model import NOTHING_KNOWN, PACKAGE, Facts, Limits, Say, read_limits, script
from mainstay.messages.red_flags.negation import is_denied_after, negations
from mainstay.messages.red_flags.words import (
    HARD,
    Finder,
    Phrase,
    Speller,
    Text,
    plain,
    read_phrase,
    split,
    vocabulary_of,
)
from mainstay.work.lifecycle import Band

SPAN = 8
"""Words within which the parts of a phrase must stand, unless its sign says otherwise."""
BESIDE = 3
"""Words between a match and what makes it something else."""
NUMBER_NEAR = 7
"""Words between a number and the word that says what it measures."""
LONGEST_TEXT = 20_000
"""Characters read; nobody describes an emergency after ten pages, and the answer must come at once."""


@dataclass(frozen=True, slots=True)
class Sign:
    """A kind of complaint and the lay phrases that name it."""

    code: str
    title: str
    topic: str
    band: Band
    say: Say
    phrases: tuple[Phrase, ...]
    unless: tuple[Phrase, ...]
    only: Limits | None
    span: int


@dataclass(frozen=True, slots=True)
class NumberSign:
    """A measured value written in text that must not wait."""

    code: str
    title: str
    topic: str
    band: Band
    say: Say
    near: frozenset[str]
    low: Decimal
    high: Decimal
    only: Limits | None


@dataclass(frozen=True, slots=True)
class SignFound:
    """One sign seen in a text: `words` are the patient's own, as read."""

    code: str
    title: str
    topic: str
    band: Band
    say: Say
    words: str


@cache
def signs() -> tuple[Sign, ...]:
    """Every sign lay words may name (`tables/complaints.toml`)."""
    return tuple(
        Sign(
            code=row["code"],
            title=row["title"],
            topic=row["topic"],
            band=Band(row["band"]),
            say=script().says[row["do"]],
            phrases=tuple(map(read_phrase, row["words"])),
            unless=tuple(map(read_phrase, row.get("unless", ()))),
            only=read_limits(row["only"]) if "only" in row else None,
            span=row.get("span", SPAN),
        )
        for row in read_toml(PACKAGE, "complaints.toml")["sign"]
    )


@cache
def number_signs() -> tuple[NumberSign, ...]:
    """Every value that must not wait when somebody writes it (`tables/complaints.toml`)."""
    return tuple(
        NumberSign(
            code=row["code"],
            title=row["title"],
            topic=row["topic"],
            band=Band(row["band"]),
            say=script().says[row["do"]],
            near=frozenset(row["near"].split("|")),
            low=Decimal(row["from"]),
            high=Decimal(row["to"]),
            only=read_limits(row["only"]) if "only" in row else None,
        )
        for row in read_toml(PACKAGE, "complaints.toml")["number"]
    )


@cache
def _speller() -> Speller:
    phrases = [phrase for sign in signs() for phrase in (*sign.phrases, *sign.unless)]
    table = read_toml(PACKAGE, "complaints.toml")
    measured = (word for sign in number_signs() for word in sign.near)
    return Speller({*vocabulary_of(phrases), *measured, *table["often_misspelled"].split()}, table["ordinary"].split())


_AGE = re.compile(
    r"\b(\d{1,3}|one|two|three|un|una|dos|tres)[ -]*"
    r"(days?|wks?|weeks?|mos?|months?|dias?|semanas?|mes|meses)[ -]*(old|de nacid[oa]|de edad|de vida)\b"
)
_NEWBORN = re.compile(r"\b(newborn|new born|recien nacid[oa])\b")
_NUMBER_WORDS = {"one": 1, "un": 1, "una": 1, "two": 2, "dos": 2, "three": 3, "tres": 3}
NEWBORN_DAYS = 14
"""The age taken for a baby called newborn."""


def _with_age_said(text: str, facts: Facts) -> Facts:
    """The facts, with a baby's age where the text says it and nobody has recorded one."""
    if facts.age_days is not None:
        return facts
    words = plain(text)
    if said := _AGE.search(words):
        count = _NUMBER_WORDS.get(said[1]) or int(said[1])
        days = count * (1 if said[2].startswith("d") else 7 if said[2][0] in "ws" else 30)
        return replace(facts, age_days=days)
    return replace(facts, age_days=NEWBORN_DAYS) if _NEWBORN.search(words) else facts


def _is_another_thing(sign: Sign, finder: Finder, places: tuple[int, ...]) -> bool:
    low, high = min(places) - BESIDE, max(places) + BESIDE
    for phrase in sign.unless:
        for spot in finder.phrase(phrase, SPAN):
            first, last = min(spot), max(spot)
            if first <= high and last >= low:
                between = range(min(last, max(places)) + 1, max(first, min(places)) + 1)
                if not any(finder.text.breaks[i] == HARD for i in between):
                    return True
    return False


def _is_negated(text: Text, covers: dict[int, range], places: tuple[int, ...]) -> bool:
    used = set(places)
    if any(cue not in used and used & set(words) for cue, words in covers.items()):
        return True
    return is_denied_after(text, max(places))


def _first_place(sign: Sign, finder: Finder, covers: dict[int, range]) -> tuple[int, ...] | None:
    for phrase in sign.phrases:
        for places in finder.phrase(phrase, sign.span):
            if not _is_negated(finder.text, covers, places) and not _is_another_thing(sign, finder, places):
                return places
    return None


def _numbers(text: Text, facts: Facts) -> list[SignFound]:
    found = []
    for i, word in enumerate(text.words):
        if not re.fullmatch(r"\d+(\.\d+)?", word):
            continue
        value = Decimal(word)
        nearby = text.words[max(0, i - NUMBER_NEAR) : i + 4]
        around = {reading for other in nearby for reading in _speller().readings(other)}
        for sign in number_signs():
            if not sign.low <= value <= sign.high or (sign.only and not sign.only.are_met(facts)):
                continue
            if "*" in sign.near or around & sign.near:
                found.append(SignFound(sign.code, sign.title, sign.topic, sign.band, sign.say, word))
    return found


@cache
def _pressure_limits() -> dict[str, Any]:
    return dict(read_toml(PACKAGE, "complaints.toml")["blood_pressure"])


def _pressures(text: str, facts: Facts) -> list[SignFound]:
    row = _pressure_limits()
    is_pregnant = facts.is_pregnant_or_postpartum
    systolic = row["pregnant_systolic"] if is_pregnant else row["systolic"]
    diastolic = row["pregnant_diastolic"] if is_pregnant else row["diastolic"]
    for found in re.finditer(r"\b(\d{2,3})\s*(?:/|over|sobre|con)\s*(\d{2,3})\b(?!/)", plain(text)):
        upper, lower = int(found[1]), int(found[2])
        if upper > 300 or lower > 200 or upper <= lower or (upper < systolic and lower < diastolic):
            continue
        band = Band(row["pregnant_band"] if is_pregnant else row["band"])
        say = script().says["warm_transfer" if band is Band.R1 else row["do"]]
        return [SignFound(row["code"], row["title"], row["topic"], band, say, found[0])]
    return []


def signs_in(text: str, facts: Facts = NOTHING_KNOWN) -> tuple[SignFound, ...]:
    """Every sign in a text, most urgent first, before anything is raised for the patient.

    Reads English and Spanish together, tolerates typing errors, and heeds "no chest pain" but not doubt.
    """
    text = text[:LONGEST_TEXT]
    facts = _with_age_said(text, facts)
    read = split(text)
    finder = Finder(read, _speller())
    covers = negations(read)
    found = []
    for sign in signs():
        if sign.only and not sign.only.are_met(facts):
            continue
        if places := _first_place(sign, finder, covers):
            words = " ".join(read.words[i] for i in sorted(places))
            found.append(SignFound(sign.code, sign.title, sign.topic, sign.band, sign.say, words))
    found += _numbers(read, facts) + _pressures(text, facts)
    unique = {sign.code: sign for sign in reversed(found)}
    return tuple(sorted(unique.values(), key=lambda sign: sign.band.rank))


def mentions(text: str, phrases: Iterable[Phrase]) -> bool:
    """Whether a text names any of some phrases without denying it, in the way signs are read."""
    read = split(text[:LONGEST_TEXT])
    finder = Finder(read, _speller())
    covers = negations(read)
    return any(not _is_negated(read, covers, places) for phrase in phrases for places in finder.phrase(phrase, SPAN))


def complaint_band(text: str, facts: Facts = NOTHING_KNOWN) -> BandDecision | None:
    """How urgent a written complaint is, or None if no sign is in it, which says nothing about the patient."""
    found = signs_in(text, facts)
    if not found:
        return None
    band, raised_by = raised(found[0].band, facts)
    return BandDecision(
        band=band,
        reasons=tuple(f"{sign.title} (“{sign.words}”)" for sign in found),
        raised_by=raised_by,
        say=tuple(dict.fromkeys(sign.say for sign in found if sign.band is found[0].band)),
        unasked=(),
    )


def _findings(text: str, facts: Facts, severity: Severity, ending: str) -> tuple[Finding, ...]:
    findings = []
    for sign in signs_in(text, facts):
        band, raised_by = raised(sign.band, facts)
        why = f" Raised: {', '.join(raised_by)}." if raised_by else ""
        message = f"{band}: {sign.title} (“{sign.words}”).{why} {sign.say.do if severity is Severity.ALERT else ending}"
        findings.append(Finding(severity, f"red-flag:{band}:{sign.code}", "reason", message))
    return tuple(findings)


def read_complaint(text: str, facts: Facts = NOTHING_KNOWN) -> tuple[Finding, ...]:
    """Alerts for every sign in a message or a call's reason, most urgent first; codes are `red-flag:BAND:SIGN`.

    For text that is saved whatever it says: the named person is told at once and has to acknowledge.
    """
    return _findings(text, facts, Severity.ALERT, "")


def before_booking(text: str, facts: Facts = NOTHING_KNOWN) -> tuple[Finding, ...]:
    """Stops for every sign in the reason of a visit somebody is about to book; asked before slots are searched."""
    ending = "Do not book a slot. Bring a clinician to the line now; they decide when and where."
    return _findings(text, facts, Severity.STOP, ending)
