"""What others must hear about rooming."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HuddleBuilt:
    """The sheet of a site's day (an ISO date) was written; others may add their lines to its plans."""

    site_id: int
    day: str
