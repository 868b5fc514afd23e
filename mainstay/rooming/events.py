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
