"""What can go wrong with a visit or a room, in words."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import ClinicError, IllegalMove


class RoomTaken(IllegalMove):
    """Somebody is already in that room. Choose another."""

    code = "room-taken"


class RoomNotReady(IllegalMove):
    """That room is not ready yet. Choose another, or clean it first."""

    code = "room-not-ready"


class NotYetTheDay(ClinicError):
    """This visit is for a later day, and today's board would not show it. Move it to today, or start a walk-in."""

    code = "not-yet-the-day"
    status = 409


class LooseEndsLeft(ClinicError):
    """Something is still to be arranged before this visit can close."""

    code = "loose-ends"
    status = 409


class NotIdentified(ClinicError):
    """Check two identifiers with the patient first."""

    code = "not-identified"


means("one_visit_per_room", RoomTaken)
