"""What a rule has to know: the readings just taken, and the patient they were taken from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

NO_READINGS: Mapping[str, Decimal] = {}


class Symptom(StrEnum):
    """Complaints and signs that change what a value means."""

    CHEST_PAIN = "chest pain"
    SHORT_OF_BREATH = "shortness of breath"
    NEUROLOGICAL = "new weakness, numbness or confusion"
    VISION_CHANGE = "change of vision"
    BACK_PAIN = "back pain"
    FAINTING = "fainting"
    IRREGULAR_PULSE = "new irregular pulse"
    LETHARGY = "lethargy"
    GRUNTING = "grunting"
    CYANOSIS = "blue lips or skin"
    NEW_PAIN = "new pain"


class Condition(StrEnum):
    """Known conditions that change a limit."""

    HEART_FAILURE = "heart failure"
    WEAK_IMMUNITY = "weak immunity"
    CHEMOTHERAPY = "chemotherapy"
    NEUTROPENIA = "neutropenia"
    BLEEDING_RISK = "bleeding risk"
    LOW_SATURATION_TARGET = "oxygen target 88-92 %"
    INTENDED_WEIGHT_LOSS = "intended weight loss"


@dataclass(frozen=True, slots=True)
class Reading:
    """One measured value: canonical unit inside, and how it was typed and taken."""

    value: Decimal
    unit: str
    typed: str = ""
    typed_value: Decimal | None = None
    typed_unit: str = ""
    site: str = ""
    """Where a temperature or a saturation was taken: oral, rectal, tympanic, temporal, axillary, ..."""
    arm: str = ""
    """left or right."""
    position: str = ""
    cuff: str = ""
    method: str = ""
    device: str = ""
    is_on_oxygen: bool | None = None
    """None: nobody has said whether it was on room air."""
    taken_at: datetime | None = None

    @property
    def shown(self) -> str:
        """As typed, for messages; the canonical value when nothing was typed."""
        return self.typed.strip() or f"{self.value.normalize():f}"


@dataclass(frozen=True, slots=True)
class PastValue:
    """A value measured before, in the canonical unit."""

    value: Decimal
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientMeasures:
    """The patient's side of a judgement. `sex` is m, f or empty when no reference may be chosen."""

    born: date
    sex: str = ""
    is_pregnant: bool = False
    gave_birth_on: date | None = None
    gestation_weeks: int | None = None
    """Completed weeks at the patient's own birth, for preterm correction."""
    symptoms: frozenset[Symptom] = frozenset()
    conditions: frozenset[Condition] = frozenset()
    usual: Mapping[str, Decimal] = field(default_factory=lambda: NO_READINGS)
    """The patient's usual values by key (systolic, oxygen_saturation)."""
    last: Mapping[str, PastValue] = field(default_factory=dict)
    """The latest earlier value by key."""
    earlier_weights: tuple[PastValue, ...] = ()
    """Weights of the past year, kg, for trends; home weights count."""
    height: Decimal | None = None
    """Last known height in cm, when none is measured today."""
    arm_to_avoid: Mapping[str, str] = field(default_factory=dict)
    """left or right -> why (fistula, mastectomy side, PICC, wound, paretic arm)."""
    arm_circumference: Decimal | None = None

    def age_years(self, today: date) -> int:
        """Completed years."""
        return today.year - self.born.year - ((today.month, today.day) < (self.born.month, self.born.day))

    def age_months(self, today: date) -> int:
        """Completed months."""
        months = (today.year - self.born.year) * 12 + today.month - self.born.month
        return months - (today.day < self.born.day)

    def age_days(self, today: date) -> int:
        """Days since birth."""
        return (today - self.born).days

    def has(self, *any_of: Symptom | Condition) -> bool:
        """Whether any of these is known."""
        return any(one in self.symptoms or one in self.conditions for one in any_of)

    def is_within_weeks_of_birth(self, weeks: int, today: date) -> bool:
        """Whether she gave birth at most so many weeks ago."""
        return self.gave_birth_on is not None and 0 <= (today - self.gave_birth_on).days <= weeks * 7
