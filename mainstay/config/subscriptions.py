"""Who listens to whom: the one list of every event and its subscribers."""

from __future__ import annotations


def connect() -> None:
    """Connect every subscriber; called once, when all domains are loaded."""
    from mainstay.foundation.outbox import subscribe
    from mainstay.practice.events import RoomAdded
    from mainstay.scheduling.events import AppointmentBooked, AppointmentCancelled, AppointmentMissed
    from mainstay.visits import actions as visits

    subscribe(RoomAdded, together=(visits.prepare_added_room,))
    subscribe(AppointmentBooked, together=(visits.expect_visit,))
    subscribe(AppointmentCancelled, together=(visits.cancel_visit_of,))
    subscribe(AppointmentMissed, together=(visits.follow_missed_appointment,))
