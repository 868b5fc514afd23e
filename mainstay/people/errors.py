"""What can go wrong with people's records."""

from __future__ import annotations

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted, Stale


class ChartClosed(NotPermitted):
    """This chart is confidential."""

    code = "chart-closed"
    way_url = ""
    way_label = ""


class DiesBeforeBirth(InvalidInput):
    """The date of death lies before the date of birth."""


class AlreadyMerged(IllegalMove):
    """This chart is already part of another."""

    code = "already-merged"


class NumberTaken(Stale):
    """This medical record number belongs to somebody else."""


means("dies_after_birth", DiesBeforeBirth)
