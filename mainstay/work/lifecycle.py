"""How urgent work is."""

from __future__ import annotations

from enum import StrEnum


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
