"""What others must hear about coverage."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CoverageChanged:
    """A policy of a patient was written down, changed, ended or checked."""

    patient_id: int
