"""How a booking is kept, moved, called off or missed."""

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step


class AppointmentState(StrEnum):
    """Where a booking stands (FHIR appointmentstatus: booked, fulfilled, cancelled, noshow)."""

    BOOKED = "booked"
    KEPT = "kept"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"


A = AppointmentState
appointment_lifecycle = Lifecycle(
    name="appointment",
    states=AppointmentState,
    initial=A.BOOKED,
    final=frozenset({A.KEPT, A.CANCELLED}),
    steps=(
        Step("keep", (A.BOOKED, A.NO_SHOW), A.KEPT, "scheduling.book"),
        Step("cancel", (A.BOOKED,), A.CANCELLED, "scheduling.book"),
        Step("miss", (A.BOOKED,), A.NO_SHOW, "scheduling.book"),
    ),
)
