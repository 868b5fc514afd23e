"""How far a patient has come in one series: each record's evaluation, each dose's status."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from .history import Record
from .schedule import Series, SeriesDose


class EvaluationStatus(StrEnum):
    """What became of a dose that was given (CDSi Table 3-1)."""

    VALID = "Valid"
    NOT_VALID = "Not Valid"
    EXTRANEOUS = "Extraneous"
    SUBSTANDARD = "Sub-standard"


class Reason(StrEnum):
    """Why a dose was not simply valid, in the words of CDC's published cases."""

    NONE = ""
    GRACE = "Grace Period"
    SUBSTANDARD = "Dose Condition"
    TOO_YOUNG = "Age: Too Young"
    TOO_OLD = "Age: Too Old"
    TOO_SOON = "Interval: too Soon"
    CONFLICT = "Live Virus Conflict"
    WRONG_VACCINE = "Not a preferable or allowable vaccine"
    INADVERTENT = "Inadvertent Vaccine"
    SERIES_COMPLETE = "Series Already Complete"
    LOW_VOLUME = "Less than recommended volume"


class SeriesStatus(StrEnum):
    """Where a series or a vaccine group stands (CDSi Table 3-3)."""

    NOT_COMPLETE = "Not Complete"
    COMPLETE = "Complete"
    IMMUNE = "Immune"
    CONTRAINDICATED = "Contraindicated"
    AGED_OUT = "Aged Out"
    NOT_RECOMMENDED = "Not Recommended"


@dataclass(slots=True, eq=False)
class Evaluation:
    """One record judged against one dose of a series; `limit` is the date that decided, when one did."""

    record: Record
    target: SeriesDose | None
    status: EvaluationStatus
    reason: Reason = Reason.NONE
    limit: int = 0


@dataclass(slots=True, eq=False)
class Progress:
    """A series that was walked. `current` is the dose wanted next, None when all have been dealt with; a dose that
    recurs is wanted again after it was satisfied.

    `satisfied` pairs each dose of the series that was satisfied with the record that did it, `valid` are these records;
    doses passed over were skipped. `previous` is the day intervals are measured from, `last` the last evaluation
    against a dose of the series.
    """

    series: Series
    records: list[Record]
    current: SeriesDose | None
    evaluations: list[Evaluation] = field(default_factory=list)
    satisfied: list[tuple[SeriesDose, Record]] = field(default_factory=list)
    valid: list[Record] = field(default_factory=list)
    inadvertent: list[Record] = field(default_factory=list)
    previous: int = 0
    last: Evaluation | None = None

    def skip(self, dose: SeriesDose) -> None:
        """The current dose is not needed: go on to the next one."""
        self.current = dose.following

    def satisfied_on(self, number: int) -> int:
        """The date the dose with this number was last satisfied, or 0."""
        for dose, record in reversed(self.satisfied):
            if dose.number == number:
                return record.day
        return 0

    def remaining(self) -> int:
        """How many doses are not satisfied."""
        return 0 if self.current is None else len(self.series.doses) - self.current.number + 1
