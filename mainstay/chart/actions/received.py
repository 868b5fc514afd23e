"""Entries of the chart as another system tells them: values, checked by the actions that take them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from mainstay.chart.models import MedicationStatus, ObservationStatus, ProblemStatus, VerificationStatus


@dataclass(frozen=True, slots=True)
class ReceivedProblem:
    """A condition; `code` is ICD-10-CM or empty."""

    text: str
    code: str = ""
    status: ProblemStatus = ProblemStatus.ACTIVE
    verification: VerificationStatus = VerificationStatus.UNCONFIRMED
    onset: date | None = None
    resolved_on: date | None = None
    recorded_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedAllergy:
    """A substance reacted to; `category` is medication, food, environment or biologic."""

    substance: str
    substance_code: str = ""
    category: str = "medication"
    reaction: str = ""
    severity: str = ""
    is_intolerance: bool = False
    verification: VerificationStatus = VerificationStatus.UNCONFIRMED
    onset: date | None = None
    ended_on: date | None = None
    recorded_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedMedication:
    """A medicine; `code` is RxNorm or empty."""

    name: str
    code: str = ""
    dose: str = ""
    route: str = ""
    frequency: str = ""
    reason: str = ""
    prescriber: str = ""
    status: MedicationStatus = MedicationStatus.ACTIVE
    started_on: date | None = None
    ended_on: date | None = None
    recorded_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedSurgery:
    """An operation or procedure somebody had."""

    procedure: str
    code: str = ""
    performed_on: date | None = None
    performed_text: str = ""
    place: str = ""
    recorded_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedObservation:
    """One value; `value` is in `unit` (UCUM), `typed` and `typed_unit` as the sender wrote them.

    Values told together share `set_id`.
    """

    key: str
    effective_at: datetime
    loinc: str = ""
    value: Decimal | None = None
    unit: str = ""
    typed: str = ""
    typed_unit: str = ""
    text: str = ""
    answer_code: str = ""
    body_site: str = ""
    method: str = ""
    not_done_reason: str = ""
    status: ObservationStatus = ObservationStatus.FINAL
    panel: str = ""
    set_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReceivedDocument:
    """A paper with its bytes."""

    kind: str
    title: str
    dated: date
    media_type: str
    content: bytes
    author: str = ""
