"""From the codes of a chart to the observations of a schedule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .schedule import Schedule

ObservationIndex = Mapping[tuple[str, str], tuple[str, ...]]
"""The schedule's observation codes for each pair of system (SNOMED, CDCPHINVS) and code."""

_MISPRINTS = {("SNOMED", "2219088009"): ("SNOMED", "219088009")}
"""Codes of release 4.64 with a digit too many, and what is meant (observation 095)."""


def observation_index(schedule: Schedule) -> ObservationIndex:
    """What each code of a chart stands for; keep it, it takes a moment to build.

    The schedule also lists CVX codes, for "severe reaction after a dose of …". A vaccine alone is no reaction, so they
    are left out: whoever records the reaction names the observation.
    """
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for observation in schedule.observations.values():
        for value, system in observation.values:
            if system.upper() != "CVX":
                key = (system.upper(), value)
                key = _MISPRINTS.get(key, key)
                found[key] = (*found.get(key, ()), observation.code)
    return found


def observations_for(index: ObservationIndex, codes: Iterable[tuple[str, str]]) -> frozenset[str]:
    """The observations that any of the (system, code) pairs stands for; what is not known stands for nothing."""
    return frozenset(found for system, value in codes for found in index.get((system.upper(), value.strip()), ()))
