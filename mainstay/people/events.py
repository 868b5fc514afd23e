"""What happened to people's records."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PatientRegistered:
    """Somebody new is known here."""

    patient_id: int


@dataclass(frozen=True, slots=True)
class DemographicsChanged:
    """Names, birth date, sex, language or the like were changed."""

    patient_id: int


@dataclass(frozen=True, slots=True)
class PatientsMerged:
    """Two charts became one; everything of `merged_id` now hangs on `kept_id`."""

    merge_id: int
    kept_id: int
    merged_id: int


@dataclass(frozen=True, slots=True)
class MergeUndone:
    """Two charts are two again."""

    merge_id: int
    kept_id: int
    merged_id: int


@dataclass(frozen=True, slots=True)
class GlassBroken:
    """Somebody opened a confidential chart in need; it waits for review."""

    opening_id: int
