"""What happened to stock: ids only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LotRecalled:
    """A lot was recalled: stock is held and everybody who had it is listed in the recall's notices."""

    recall_id: int


@dataclass(frozen=True, slots=True)
class UnitOutOfRange:
    """A storage unit was found outside its range; what is inside is held under this excursion."""

    excursion_id: int


@dataclass(frozen=True, slots=True)
class StockBelowPar:
    """An item at a site has fallen below its par level."""

    par_id: int
