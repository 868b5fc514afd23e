"""What others must hear about vaccines."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VaccineHistoryChanged:
    """Doses or facts that decide what is due were written down, changed or withdrawn."""

    patient_id: int


@dataclass(frozen=True)
class ScheduleChanged:
    """The practice follows another schedule, or another value of it."""


@dataclass(frozen=True, slots=True)
class DoseGiven:
    """A vaccine was given here; `dose_id` is the dose's."""

    dose_id: int


@dataclass(frozen=True, slots=True)
class DoseAmended:
    """A fact of a dose given here was put right."""

    dose_id: int


@dataclass(frozen=True, slots=True)
class DoseWithdrawn:
    """A dose was entered in error and does not count any more."""

    dose_id: int


@dataclass(frozen=True, slots=True)
class VaccineRefused:
    """A vaccine was offered and refused."""

    refusal_id: int


@dataclass(frozen=True, slots=True)
class VaccineReactionNoticed:
    """Something was seen after a vaccine."""

    reaction_id: int


@dataclass(frozen=True, slots=True)
class VaccineReactionDescribed:
    """What was done about a reaction was written down, or a clinician named it."""

    reaction_id: int
