"""What happened to work."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WorkEscalated:
    """An item's clock passed another mark: level 1 reminds its owner, 2 tells the lead, 3 the manager."""

    item_id: int
    level: int
