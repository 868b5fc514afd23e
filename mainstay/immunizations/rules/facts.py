"""From what a chart holds to the observations a vaccine schedule knows, with the reason for each.

Two sources: the codes the schedule itself names (SNOMED CT, PHIN VS) and our own dated table `chart_facts.toml` for
what charts hold (ICD-10-CM, medicines, allergies, test results). What somebody recorded by hand goes before both.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from mainstay.immunizations.forecast import Fact, Schedule, observation_index
from mainstay.immunizations.rules.fact_rules import FactRule, Kind, fact_rules, is_below, rules_concerning

_PREGNANCY_DAYS = 301
_WEEKS_CODE = re.compile(r"^Z3A\.(\d\d)$")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)\s*mg", re.IGNORECASE)
_NOT_SYSTEMIC = re.compile(
    r"ophth|\beye|otic\b|\bear\b|topical|cream|ointment|lotion|shampoo|nasal|inhal|nebul|enema|rectal|gel\b", re.I
)
_NO_SMOKER = re.compile(r"never|former|used to|not now|quit|stopped|\bno\b|non", re.I)
_POSITIVE = re.compile(r"^(pos|react|detect|immune|present|yes|evidence of immun)", re.I)
_ANAPHYLAXIS = re.compile(r"anaphyla|swelling of the (throat|tongue)|airway|could not breathe", re.I)
_TIMES_A_DAY = (
    (re.compile(r"every other day|alternate", re.I), 0.5),
    (re.compile(r"twice|two times|2 ?x|\bbid\b|b\.i\.d|every 12", re.I), 2.0),
    (re.compile(r"three times|3 ?x|\btid\b|t\.i\.d|every 8", re.I), 3.0),
    (re.compile(r"four times|4 ?x|\bqid\b|q\.i\.d|every 6", re.I), 4.0),
    (re.compile(r"weekly|once a week|every week", re.I), 0.14),
    (re.compile(r"daily|once|a day|every day|every morning|\bqd\b|\bam\b", re.I), 1.0),
)


@dataclass(frozen=True, slots=True)
class ChartFact:
    """One thing a chart holds. `on` is when it began (a test: when it was taken), `until` when it ended.

    For medicines `text` is the name and `detail` dose, route and frequency; for allergies `detail` is the reaction, for
    social history the topic.
    """

    kind: Kind
    text: str
    code: str = ""
    detail: str = ""
    on: date | None = None
    until: date | None = None
    written: date | None = None
    is_active: bool = True
    is_confirmed: bool = True
    severity: str = ""
    number: float | None = None


@dataclass(frozen=True, slots=True)
class Recorded:
    """What somebody recorded by hand: that an observation holds, or that it does not (`holds` false)."""

    code: str
    holds: bool
    on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Observed:
    """An observation that holds for a patient, since when, and the words in the chart it rests on."""

    code: str
    on: date | None
    because: str
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a chart says to the schedule: what holds, and what has to be asked first."""

    observed: tuple[Observed, ...]
    questions: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[Fact, ...]:
        """As the forecaster takes it."""
        return tuple(Fact(item.code, item.on) for item in self.observed)


@dataclass(frozen=True, slots=True)
class _Found:
    on: date | None = None
    because: str = ""
    asks: str = ""


@dataclass(slots=True)
class _Answers:
    observed: dict[str, Observed] = field(default_factory=dict)
    questions: list[str] = field(default_factory=list)

    def add(self, code: str, on: date | None, because: str) -> None:
        """Keep the first reason and the latest date."""
        known = self.observed.get(code)
        if known is None or (on is not None and (known.on is None or on > known.on)):
            self.observed[code] = Observed(code, on, because)


def read_chart(
    facts: Iterable[ChartFact], recorded: Sequence[Recorded], schedule: Schedule, *, born: date, on: date
) -> Reading:
    """The observations that hold on a day. What was recorded by hand goes before what the chart suggests."""
    answers = _Answers()
    listed = list(facts)
    for fact in listed:
        _read_one(fact, listed, answers, on)
        for code in _named_by_schedule(fact, schedule):
            answers.add(code, fact.on, fact.text)
    if (on.year - born.year) * 12 + on.month - born.month < 12:
        answers.add("229", None, "age")
    _settle_pregnancy(answers, listed, on)
    if "186" in answers.observed and not {"154", "155"} & answers.observed.keys():
        answers.questions.append("What was the last CD4 count? It decides which vaccines may be given with HIV.")
    for item in sorted(recorded, key=lambda row: row.on or date.min):
        answers.observed.pop(item.code, None)
        if item.holds:
            answers.observed[item.code] = Observed(item.code, item.on, item.source, is_by_hand=True)
    return Reading(
        tuple(answers.observed[code] for code in sorted(answers.observed) if code in schedule.observations),
        tuple(dict.fromkeys(answers.questions)),
    )


def _named_by_schedule(fact: ChartFact, schedule: Schedule) -> tuple[str, ...]:
    """The observations the schedule itself gives a SNOMED CT code of the chart; a mild allergy is no severe one."""
    if not fact.code or not fact.is_active or fact.kind in (Kind.TEST, Kind.MEDICINE, Kind.RACE):
        return ()
    found = _index(schedule).get(("SNOMED", fact.code), ())
    if fact.kind is not Kind.ALLERGY or fact.severity == "severe" or _ANAPHYLAXIS.search(fact.detail):
        return found
    return tuple(code for code in found if not schedule.observations[code].term.startswith("Severe"))


def _read_one(fact: ChartFact, listed: Sequence[ChartFact], answers: _Answers, on: date) -> None:
    for rule in rules_concerning(fact.kind, fact.code, fact.text):
        found = _JUDGES[fact.kind](fact, rule, on)
        if found is None or (rule.needs_problem and not _has_problem(listed, rule.needs_problem)):
            continue
        if found.asks or rule.asks:
            answers.questions.append(found.asks or rule.asks)
        else:
            answers.add(rule.observation, found.on, found.because)


def _has_problem(listed: Iterable[ChartFact], prefixes: Sequence[str]) -> bool:
    return any(fact.kind is Kind.PROBLEM and fact.is_active and is_below(fact.code, prefixes) for fact in listed)


def _problem(fact: ChartFact, rule: FactRule, on: date) -> _Found | None:
    if rule.history and fact.is_confirmed and is_below(fact.code, rule.history):
        return _Found(fact.on, fact.text)
    if not fact.is_active or not rule.problems or not is_below(fact.code, rule.problems):
        return None
    if rule.except_problems and is_below(fact.code, rule.except_problems):
        return None
    since = fact.on or fact.written
    if rule.is_pregnancy:
        return _pregnancy(fact, on)
    if rule.lasts_days and since is not None and (on - since).days > rule.lasts_days:
        return None
    return _Found(fact.on, fact.text)


def _pregnancy(fact: ChartFact, on: date) -> _Found:
    """A pregnancy problem counts for 43 weeks from its onset, or from the day it was written down."""
    since = _onset_of_pregnancy(fact) or fact.written
    if since is not None and (on - since).days > _PREGNANCY_DAYS:
        return _Found(asks=f"Still pregnant? “{fact.text}” is on the problem list since {since:%b %Y}.")
    return _Found(fact.on, fact.text)


def _onset_of_pregnancy(fact: ChartFact) -> date | None:
    """The first day of the pregnancy: from weeks of gestation (Z3A) when written, else the problem's onset."""
    weeks = _WEEKS_CODE.match(fact.code)
    if weeks and (fact.on or fact.written) and int(weeks[1]) <= 42:
        day = fact.on or fact.written
        assert day is not None
        return day - timedelta(weeks=int(weeks[1]))
    return fact.on


def _settle_pregnancy(answers: _Answers, listed: Sequence[ChartFact], on: date) -> None:
    """Say when the pregnancy began (170): vaccines of pregnancy are timed by it."""
    if "007" not in answers.observed:
        return
    rule = next(rule for rule in fact_rules() if rule.is_pregnancy)
    pregnancies = [f for f in listed if f.kind is Kind.PROBLEM and f.is_active and is_below(f.code, rule.problems)]
    onsets = [day for day in map(_onset_of_pregnancy, pregnancies) if day and 0 <= (on - day).days <= _PREGNANCY_DAYS]
    if onsets:
        answers.add("170", min(onsets), answers.observed["007"].because)
    elif "170" not in answers.observed:
        answers.questions.append(
            "How many weeks pregnant? Record when the pregnancy began: Tdap and RSV are timed by it."
        )


def _medicine(fact: ChartFact, rule: FactRule, on: date) -> _Found | None:
    name = fact.text.lower()
    if not any(medicine in name for medicine in rule.medicines) or _NOT_SYSTEMIC.search(f"{fact.text} {fact.detail}"):
        return None
    if "methylprednisolone" in name and "methylprednisolone" not in rule.medicines and "prednisolone" in rule.medicines:
        return None
    if not fact.is_active and (fact.until is None or (on - fact.until).days > rule.after_days):
        return None
    if not rule.least_daily_mg:
        return _Found(fact.on, fact.text)
    return _by_daily_amount(fact, rule, on)


def _by_daily_amount(fact: ChartFact, rule: FactRule, on: date) -> _Found | None:
    daily = daily_milligrams(f"{fact.text} {fact.detail}")
    if daily is None:
        return _Found(asks=f"How much {fact.text} a day, and for how long? A high dose speaks against live vaccines.")
    if daily < rule.least_daily_mg:
        return None
    end = on if fact.is_active else (fact.until or on)
    if fact.on is not None and (end - fact.on).days < rule.least_days:
        return None
    return _Found(fact.on, f"{fact.text} {fact.detail}".strip())


def daily_milligrams(words: str) -> float | None:
    """The milligrams a day that a dose and frequency in words come to; None when they do not say."""
    amount = _AMOUNT.search(words)
    times = next((factor for pattern, factor in _TIMES_A_DAY if pattern.search(words)), None)
    return float(amount[1]) * times if amount and times is not None else None


def _allergy(fact: ChartFact, rule: FactRule, on: date) -> _Found | None:
    if not fact.is_active or not any(word.search(fact.text) for word in rule.allergies):
        return None
    if not rule.is_severe_only or fact.severity == "severe" or _ANAPHYLAXIS.search(fact.detail):
        return _Found(fact.on, f"allergy to {fact.text}")
    if fact.severity == "":
        return _Found(asks=f"How bad was the reaction to {fact.text}? A severe one speaks against some vaccines.")
    return None


def _test(fact: ChartFact, rule: FactRule, on: date) -> _Found | None:
    if fact.code not in rule.tests:
        return None
    if rule.least is None and rule.below is None:
        return _Found(fact.on, fact.text) if _POSITIVE.match(fact.detail.strip()) else None
    if fact.number is None:
        return None
    if rule.least is not None and fact.number < rule.least:
        return None
    if rule.below is not None and fact.number >= rule.below:
        return None
    return _Found(fact.on, fact.text)


def _surgery(fact: ChartFact, rule: FactRule, on: date) -> _Found | None:
    return _Found(fact.on, fact.text) if fact.code in rule.snomed else None


def _social(fact: ChartFact, rule: FactRule, on: date) -> _Found | None:
    if fact.detail != "tobacco":
        return None
    if fact.code in rule.tobacco:
        return _Found(None, fact.text)
    words = fact.text.lower()
    if _NO_SMOKER.search(words):
        return None
    return _Found(None, fact.text) if any(word in words for word in rule.tobacco) else None


def _race(fact: ChartFact, rule: FactRule, on: date) -> _Found | None:
    return _Found(None, fact.text) if fact.code in rule.race else None


_JUDGES = {
    Kind.PROBLEM: _problem,
    Kind.MEDICINE: _medicine,
    Kind.ALLERGY: _allergy,
    Kind.TEST: _test,
    Kind.SURGERY: _surgery,
    Kind.SOCIAL: _social,
    Kind.RACE: _race,
}

_indexes: dict[str, Mapping[tuple[str, str], tuple[str, ...]]] = {}


def _index(schedule: Schedule) -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The schedule's own codes; the same edition is read once."""
    others = sorted({header.title for header in schedule.headers.values()})
    key = " + ".join((schedule.header.title, *others))
    if key not in _indexes:
        _indexes[key] = observation_index(schedule)
    return _indexes[key]
