"""What others must hear about vaccines."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VaccineHistoryChanged:
    """Doses or facts that decide what is due were written down, changed or withdrawn."""

    patient_id: int


@dataclass(frozen=True)
class ScheduleChanged:
    """The practice follows another schedule, or another value of it."""
