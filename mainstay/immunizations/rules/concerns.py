"""What speaks against giving a vaccine, and how hard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from mainstay.foundation.findings import Finding, Severity


class ConcernKind(StrEnum):
    """What a concern does."""

    CONTRAINDICATION = "contraindication"
    """It is not given here; nobody lets it through on this page."""
    PRECAUTION = "precaution"
    """A clinician decides, in words."""
    NOTE = "note"
    """It is said; nothing is held back."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that speaks about one vaccine: `because` is what it rests on, in the chart's or the patient's words."""

    code: str
    kind: ConcernKind
    message: str
    because: str = ""

    @property
    def sentence(self) -> str:
        """What people read."""
        return f"{self.message} ({self.because})." if self.because else f"{self.message}."

    @property
    def finding(self) -> Finding:
        """The same as a finding: a stop, a reason to give, or something to know."""
        severity = {
            ConcernKind.CONTRAINDICATION: Severity.STOP,
            ConcernKind.PRECAUTION: Severity.CONFIRM,
            ConcernKind.NOTE: Severity.ALERT,
        }[self.kind]
        return Finding(severity, self.code, "", self.sentence)


@dataclass(frozen=True, slots=True)
class KnownProblem:
    """A problem of the chart, ICD-10-CM."""

    code: str
    text: str
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class KnownMedicine:
    """A medicine of the chart: `words` are dose, route and frequency as written."""

    name: str
    words: str = ""
    started: date | None = None
    ended: date | None = None
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class KnownAllergy:
    """An allergy of the chart; `severity` may be empty: not known."""

    substance: str
    reaction: str = ""
    severity: str = ""


@dataclass(frozen=True, slots=True)
class EarlierDose:
    """A vaccine somebody had."""

    cvx: str
    given: date


@dataclass(frozen=True, slots=True)
class GivingFacts:
    """What must be known of a patient before any vaccine. `weight_kg` is the last one measured, if recent enough."""

    born: date
    on: date
    sex: str = "unknown"
    weight_kg: Decimal | None = None
    problems: tuple[KnownProblem, ...] = ()
    medicines: tuple[KnownMedicine, ...] = ()
    allergies: tuple[KnownAllergy, ...] = ()
    doses: tuple[EarlierDose, ...] = ()
    is_pregnant: bool = False
