"""What others must hear about rooming."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AbnormalValueFound:
    """An abnormal value somebody must hear of."""

    loop_id: int


@dataclass(frozen=True)
class NoteSigned:
    """A provider signed the note of a visit."""

    note_id: int


@dataclass(frozen=True)
class HuddleBuilt:
    """The sheet of a site's day (an ISO date) was written; others may add their lines to its plans."""

    site_id: int
    day: str
