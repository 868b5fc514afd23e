"""What a playbook is made of, and what has to be known about a patient to read one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from mainstay.foundation.ages import AgeRange, Period


class Stage(StrEnum):
    """When in a visit a step belongs, in order."""

    PREPARE_ROOM = "prepare_room"
    ARRIVE = "arrive"
    ROOM = "room"
    MEASURE = "measure"
    SCREEN = "screen"
    COLLECT = "collect"
    GIVE = "give"
    ASSIST = "assist"
    TEACH = "teach"
    BOOK = "book"
    CLEAN_UP = "clean_up"

    @property
    def rank(self) -> int:
        """0 for the first stage."""
        return list(Stage).index(self)


@dataclass(frozen=True, slots=True)
class Traits:
    """What selects steps: plain facts about one patient before one visit.

    `marks` holds codes of `tables/traits.toml` (conditions, coverage, needs, what is ordered). `last_done` gives the
    day a screening, panel, form or step was last done, by its code; `scores` the latest total of a screening tool.
    """

    born: date | None
    sex: str = "unknown"
    is_pregnant: bool | None = None
    is_first_visit: bool = False
    marks: frozenset[str] = frozenset()
    last_done: Mapping[str, date] = field(default_factory=dict)
    scores: Mapping[str, int] = field(default_factory=dict)

    @property
    def counts_as_pregnant(self) -> bool:
        """Pregnant as recorded, else as an active problem says."""
        return "pregnant" in self.marks if self.is_pregnant is None else self.is_pregnant


@dataclass(frozen=True, slots=True)
class When:
    """The condition of a step; every part that is set must hold."""

    age: AgeRange | None = None
    sex: str = ""
    is_pregnant: bool | None = None
    is_first_visit: bool | None = None
    any_of: frozenset[str] = frozenset()
    all_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    not_done_for: Period | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One thing a playbook asks for, in plain words.

    `act` is an authority act code where the step is regulated, else empty. `panel`, `form`, `screening` and `leaflet`
    name what opens when the step is started.
    """

    code: str
    stage: Stage
    title: str
    minutes: int
    act: str = ""
    panel: str = ""
    form: str = ""
    screening: str = ""
    leaflet: str = ""
    supplies: tuple[str, ...] = ()
    is_required: bool = True
    when: When | None = None


@dataclass(frozen=True, slots=True)
class Playbook:
    """What one kind of visit asks for. `minutes`: the whole visit, provider included; `ages`: whom it is for."""

    code: str
    title: str
    minutes: int
    steps: tuple[Step, ...]
    screenings: tuple[str, ...]
    source: str
    effective: date
    reviewed_by: str
    ages: AgeRange | None = None


@dataclass(frozen=True, slots=True)
class StepPlan:
    """A step that applies to this patient at this visit, in its place, and why."""

    position: int
    code: str
    stage: Stage
    title: str
    minutes: int
    act: str
    panel: str
    form: str
    screening: str
    leaflet: str
    supplies: tuple[str, ...]
    is_required: bool
    reason: str


@dataclass(frozen=True, slots=True)
class ScreeningDue:
    """A screening this patient is due for, and why. `is_reminder` marks a tool we do not reproduce."""

    code: str
    title: str
    minutes: int
    is_reminder: bool
    reason: str
