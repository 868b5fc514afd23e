"""How urgent work is, how something owed is done or dropped, and how something awaited comes or does not."""

from __future__ import annotations

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step


class Band(StrEnum):
    """Clinical urgency, most urgent first; the clock of each is in `tables/bands.toml`."""

    R0 = "R0"
    """911 or 988 now; the caller is not left."""
    R1 = "R1"
    """A live clinician within minutes, by warm transfer."""
    R2 = "R2"
    """A clinician in this session."""
    R3 = "R3"
    """The same day."""
    R4 = "R4"
    """The next business day."""
    R5 = "R5"
    """Within three business days."""

    @property
    def rank(self) -> int:
        """0 for the most urgent; sorts a queue."""
        return list(Band).index(self)

    def raised(self, *, no_higher_than: Band) -> Band:
        """One band more urgent, stopping at `no_higher_than`; a band already beyond it stays."""
        return self if self.rank <= no_higher_than.rank else list(Band)[self.rank - 1]


def most_urgent(*bands: Band) -> Band:
    """The most urgent of some bands; raises `ValueError` if there are none."""
    return min(bands, key=lambda band: band.rank)


CLINICAL_BANDS = (Band.R0, Band.R1, Band.R2)
"""Bands that only a clinician closes."""


class Closing(StrEnum):
    """Who closes an item: a clinician if its band says so, or always."""

    BY_BAND = "by_band"
    BY_CLINICIAN = "by_clinician"


class WorkState(StrEnum):
    """Where a work item stands."""

    OPEN = "open"
    TAKEN = "taken"
    DONE = "done"
    DROPPED = "dropped"


W = WorkState
work_lifecycle = Lifecycle(
    name="work item",
    states=WorkState,
    initial=W.OPEN,
    final=frozenset({W.DONE, W.DROPPED}),
    steps=(
        Step("take", (W.OPEN,), W.TAKEN, "work.do"),
        Step("give_back", (W.TAKEN,), W.OPEN, "work.do"),
        Step("finish", (W.OPEN, W.TAKEN), W.DONE, "work.do"),
        Step("drop", (W.OPEN, W.TAKEN), W.DROPPED, "work.drop"),
    ),
)


class ExpectationState(StrEnum):
    """Where something we are owed stands."""

    AWAITED = "awaited"
    OVERDUE = "overdue"
    MET = "met"
    GIVEN_UP = "given_up"


X = ExpectationState
expectation_lifecycle = Lifecycle(
    name="expectation",
    states=ExpectationState,
    initial=X.AWAITED,
    final=frozenset({X.MET, X.GIVEN_UP}),
    steps=(
        Step("fall_due", (X.AWAITED,), X.OVERDUE, "work.do"),
        Step("extend", (X.OVERDUE,), X.AWAITED, "work.do"),
        Step("meet", (X.AWAITED, X.OVERDUE), X.MET, "work.do"),
        Step("give_up", (X.AWAITED, X.OVERDUE), X.GIVEN_UP, "work.drop"),
    ),
)
