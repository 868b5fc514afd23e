"""What can go wrong with a booking, in words."""

from mainstay.foundation.constraint_names import means
from mainstay.foundation.errors import ClinicError


class SlotTaken(ClinicError):
    """Somebody else has just taken that time. Choose another."""

    code = "slot-taken"
    status = 409


class RoomBooked(SlotTaken):
    """That room is booked at that time. Choose another room or time."""

    code = "room-booked"


class EquipmentBooked(SlotTaken):
    """The equipment this needs is booked at that time. Choose another time."""

    code = "equipment-booked"


class PatientBusy(SlotTaken):
    """This patient already has an appointment at that time."""

    code = "patient-busy"


class RedFlag(ClinicError):
    """This cannot wait for a slot. Get a clinician now."""

    code = "red-flag"
    status = 409


class AnswerAwaited(RedFlag):
    """A clinician has not answered yet about what this patient said. Nothing is booked until then."""

    code = "answer-awaited"


class SlotHeld(SlotTaken):
    """This time is held for somebody on the wait list. Choose another."""

    code = "slot-held"


class ClosedThen(SlotTaken):
    """Nobody is seen there then. Choose another time."""

    code = "closed-then"


class SeriesConflict(SlotTaken):
    """Not every visit of this series can be booked."""

    code = "series-conflict"


means("provider_not_double_booked", SlotTaken)
means("team_not_double_booked", SlotTaken)
means("room_not_double_booked", RoomBooked)
means("equipment_not_double_booked", EquipmentBooked)
means("patient_not_in_two_places", PatientBusy)
means("red_flag_is_answered", RedFlag)
means("time_offered_to_one", SlotHeld)
means("team_time_offered_to_one", SlotHeld)
means("one_open_offer_at_a_time", SlotHeld)
