"""What others must hear about bookings."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AppointmentBooked:
    """A time was booked; `replaces` is the appointment it was moved from, `ref` what its booking was asked for by."""

    appointment_id: int
    replaces: int | None = None
    ref: str = ""


@dataclass(frozen=True)
class AppointmentCancelled:
    """A booking was called off, or moved (`moved_to` then follows as a booking of its own)."""

    appointment_id: int
    is_moved: bool = False


@dataclass(frozen=True)
class AppointmentMissed:
    """Nobody came."""

    appointment_id: int
