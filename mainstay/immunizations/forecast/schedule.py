"""The schedule as the forecaster reads it: who issued it, and for every antigen the series, doses and conditions.

Ages are positions in `Schedule.ages`; a patient's dates for all of them are computed once. Position 0 stands for
"always reached" and position 1 for "never reached", which are the values the specification assumes when an age is
empty. `NO_AGE` marks an age that must stay empty (the recommended ages).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .periods import FUTURE, PAST, Period

DatedPeriod = tuple[Period, int, int]
"""An interval with the first and the last day on which it is in force."""

ALWAYS = 0
NEVER = 1
NO_AGE = -1


class Gender(StrEnum):
    """Gender as schedules use it."""

    FEMALE = "Female"
    MALE = "Male"
    UNKNOWN = "Unknown"


class SeriesKind(StrEnum):
    """What makes a series relevant (CDSi Table 5-5)."""

    STANDARD = "Standard"
    RISK = "Risk"
    EVALUATION_ONLY = "Evaluation Only"


class Standing(StrEnum):
    """Whether a schedule may govern care today."""

    ACTIVE = "active"
    SUPERSEDED = "superseded"
    STAYED = "stayed"


class Reference(StrEnum):
    """What an interval is measured from (CDSi §6.5)."""

    PREVIOUS = "previous"
    TARGET = "target"
    RECENT_TYPE = "recent"
    OBSERVATION = "observation"


class SkipKind(StrEnum):
    """The conditions under which a dose may be skipped (CDSi Tables 6-6 to 6-9)."""

    AGE = "age"
    INTERVAL = "interval"
    COUNT = "count"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class AgeRule:
    """The ages of one dose (positions), and the dates between which the row is in force."""

    absolute_minimum: int = ALWAYS
    minimum: int = ALWAYS
    earliest_recommended: int = NO_AGE
    latest_recommended: int = NO_AGE
    maximum: int = NEVER
    effective: int = PAST
    cessation: int = FUTURE


@dataclass(frozen=True, slots=True)
class IntervalRule:
    """One interval of one dose; for an allowable interval only `absolute_minimum` is filled."""

    reference: Reference
    absolute_minimum: Period | None = None
    minimum: Period | None = None
    earliest_recommended: Period | None = None
    latest_recommended: Period | None = None
    target: int = 0
    types: frozenset[str] = frozenset()
    observation: str = ""
    overrides: bool = False
    effective: int = PAST
    cessation: int = FUTURE
    enough: int = 0
    """Days after which both minimums are over, however long the months between are."""


@dataclass(frozen=True, slots=True)
class VaccineRule:
    """A vaccine that may satisfy a dose between two ages; `volume` is in mL as text, never used to refuse a dose."""

    cvx: str
    begin: int = ALWAYS
    end: int = NEVER
    mvx: str = ""
    trade_name: str = ""
    volume: str = ""
    is_recommended: bool = False


@dataclass(frozen=True, slots=True)
class SkipCondition:
    """One condition for skipping a dose; which fields count depends on `kind`."""

    kind: SkipKind
    begin: int = ALWAYS
    end: int = NEVER
    start: int = PAST
    until: int = FUTURE
    interval: Period | None = None
    comparison: str = ""
    count: int = 0
    valid_only: bool = False
    types: frozenset[str] = frozenset()
    series_groups: frozenset[str] = frozenset()
    counts_every_valid: bool = False
    """Whether every valid dose counts, whatever its vaccine, age or date."""


@dataclass(frozen=True, slots=True)
class SkipSet:
    """Conditions that count together: all of them, or any of them."""

    conditions: tuple[SkipCondition, ...]
    needs_all: bool = True
    effective: int = PAST
    cessation: int = FUTURE


@dataclass(frozen=True, slots=True)
class Skip:
    """Sets that count together, for the context they were selected for."""

    sets: tuple[SkipSet, ...]
    needs_all: bool = True
    only_ages: tuple[int, int] | None = None
    """The ages (begin, end) between which the dose is skipped, when nothing else is asked."""


@dataclass(frozen=True, slots=True)
class SeriesDose:
    """One dose of a series with everything that decides whether a given dose satisfies it and when it is due."""

    number: int
    ages: tuple[AgeRule, ...] = ()
    intervals: tuple[IntervalRule, ...] = ()
    allowable_intervals: tuple[IntervalRule, ...] = ()
    preferable: Mapping[str, tuple[VaccineRule, ...]] = field(default_factory=dict)
    allowable: Mapping[str, tuple[VaccineRule, ...]] = field(default_factory=dict)
    inadvertent: frozenset[str] = frozenset()
    skips_evaluation: tuple[Skip, ...] = ()
    skips_forecast: tuple[Skip, ...] = ()
    is_recurring: bool = False
    season_start: int = PAST
    season_end: int = FUTURE
    conflicts: Mapping[str, Period] = field(default_factory=dict)
    longest_interval: Period = (0, 0)
    intervals_after: tuple[DatedPeriod, ...] = ()
    """The minimum intervals of the doses after this one, each once, with the days on which they hold."""
    only_age: AgeRule | None = None
    """The age row when there is just one and it is always in force."""
    accepts: Mapping[str, tuple[tuple[int, int], ...]] = field(default_factory=dict)
    """For each vaccine that may count, whatever its trade name, the ages (begin, end) between which it does."""
    following: SeriesDose | None = field(default=None, repr=False)
    """The dose after this one, None after the last."""


@dataclass(frozen=True, slots=True)
class Indication:
    """An observation that makes a risk series relevant between two ages."""

    code: str
    begin: int = ALWAYS
    end: int = NEVER


@dataclass(frozen=True, slots=True)
class Series:
    """One way of protecting somebody against one disease."""

    name: str
    antigen: str
    kind: SeriesKind
    series_group: str
    series_group_name: str
    equivalent_groups: frozenset[str]
    genders: frozenset[str]
    is_default: bool
    is_product: bool
    is_shared_decision: bool
    priority: str
    preference: int
    minimum_start: int
    maximum_start: int
    indications: tuple[Indication, ...]
    doses: tuple[SeriesDose, ...]
    is_steady: bool = False
    """Whether, before the first dose, only the patient's age decides what the series says (see `untouched`)."""
    calendar: tuple[int, ...] = ()
    """The days on which a steady series changes for everybody."""
    starters: frozenset[str] = frozenset()
    """The vaccines one of which must be given before any dose of the series can be valid."""
    opens: int = ALWAYS
    """The age before which no dose of the series can be valid."""
    is_preferred: bool = False
    """Whether, among series with as many points, the schedule prefers it to every other of its series group."""
    fewest: int = 0
    """How many doses nothing lets anybody skip: without as many the series is never complete."""
    watched: frozenset[str] = frozenset()
    """Vaccines that have a say in this series without belonging to it: conflicts, intervals, counted doses."""


@dataclass(frozen=True, slots=True)
class BirthImmunity:
    """Born before a date (in a country, when one is named) counts as immune unless an observation excludes it."""

    before: int
    country: str
    exclusions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contraindication:
    """An observation that speaks against an antigen, or against the vaccines named in `vaccines` (cvx, begin, end)."""

    code: str
    begin: int = ALWAYS
    end: int = NEVER
    vaccines: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Twin:
    """An antigen about which the schedule says the same as about another, but for some vaccines (see `twins`).

    `series` gives, for each series of that antigen by name, the one that says the same.
    """

    antigen: str
    vaccines: frozenset[str]
    watched_codes: frozenset[str]
    series: Mapping[str, Series]


@dataclass(frozen=True, slots=True)
class Antigen:
    """Everything a schedule says about one disease."""

    name: str
    vaccine_group: str
    series: tuple[Series, ...]
    immune_codes: frozenset[str] = frozenset()
    birth_immunity: tuple[BirthImmunity, ...] = ()
    contraindications: tuple[Contraindication, ...] = ()
    vaccine_contraindications: tuple[Contraindication, ...] = ()
    indication_codes: frozenset[str] = frozenset()
    watched_codes: frozenset[str] = frozenset()
    """Every observation that has a say in this antigen."""
    standing: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)
    """For each gender, the series that need no indication."""
    challengers: frozenset[str] = frozenset()
    """The series, by name, that matter only once a dose of theirs was valid: their group has a default one."""
    untouched: Mapping[str, tuple[Series, ...]] = field(default_factory=dict)
    """For each gender, the only series that can be prioritized while the patient has no dose and no indication."""
    is_plain: bool = True
    """Whether the short cuts hold: no series everybody may follow asks what became of another."""
    twin: Twin | None = None


@dataclass(frozen=True, slots=True)
class VaccineGroup:
    """Antigens that are given and shown together."""

    name: str
    antigens: tuple[str, ...]
    needs_full_vaccine: bool = False
    indications: frozenset[str] | None = None
    """The observations one of which must be there for the group to concern anybody; None when it may concern all."""


@dataclass(frozen=True, slots=True)
class Vaccine:
    """A CVX code and the antigens it contains, each between two ages at administration."""

    cvx: str
    name: str
    antigens: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """How long after one vaccine another may not be given: begin, end when the first was valid, end otherwise."""

    begin: Period
    minimum_end: Period
    end: Period


@dataclass(frozen=True, slots=True)
class Observation:
    """A coded fact a schedule knows: our code, its term, and the codes other systems use for it (code, system)."""

    code: str
    term: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Header:
    """Whose advice it is, which edition, since when, and whether it may govern care."""

    issuer: str
    version: str
    effective: str
    status: Standing
    source: str

    @property
    def title(self) -> str:
        """Issuer and edition: "CDC 4.64"."""
        return f"{self.issuer} {self.version}"


@dataclass(frozen=True, slots=True)
class Override:
    """A local row laid over a schedule, with the reason somebody gave for it."""

    antigen: str
    series: str
    dose: int
    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """One issuer's schedule, ready to forecast with."""

    header: Header
    ages: tuple[Period, ...]
    antigens: Mapping[str, Antigen]
    groups: tuple[VaccineGroup, ...]
    vaccines: Mapping[str, Vaccine]
    conflicts: Mapping[str, Mapping[str, Conflict]]
    observations: Mapping[str, Observation]
    overrides: tuple[Override, ...] = ()
    headers: Mapping[str, Header] = field(default_factory=dict)
    """Whose advice the single vaccine groups follow, where it is not the schedule's own."""
    stages: tuple[int, ...] = ()
    """Ages (positions) in the order in which everybody reaches them: between two of them steady series never change."""
    known: dict[tuple[str, int, int, int], object] = field(default_factory=dict, compare=False, repr=False)
    """What `untouched` has worked out so far, by series name and stage."""

    def header_of(self, group: str) -> Header:
        """Whose advice a vaccine group follows."""
        return self.headers.get(group, self.header)
