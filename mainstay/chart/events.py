"""What others must hear about the chart."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ObservationsRecorded:
    """A set of observations was recorded together."""

    patient_id: int
    set_id: str
