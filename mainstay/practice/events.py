"""What others hear of the practice."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RoomAdded:
    """A room is there, or there again."""

    room_id: int
