"""What others must hear about visits."""

from dataclasses import dataclass


@dataclass(frozen=True)
class VisitArrived:
    """Somebody came."""

    visit_id: int


@dataclass(frozen=True)
class VisitClosed:
    """A visit is over, with nothing left to arrange."""

    visit_id: int


@dataclass(frozen=True)
class PatientLeft:
    """Somebody left before the visit was over."""

    visit_id: int
