"""The server tests run on: one per checkout, fast because nothing on it is worth keeping."""

from __future__ import annotations

from mainstay.foundation.database.cluster import Cluster
from mainstay.foundation.database.places import usual_place
from mainstay.foundation.database.profiles import THROWAWAY


def throwaway_cluster() -> Cluster:
    """The test cluster of this checkout; its databases survive a run, so `--reuse-db` is quick."""
    place = usual_place("test")
    return Cluster(place.cluster, profile=THROWAWAY)
