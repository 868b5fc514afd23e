"""What people do with the schedule."""

from mainstay.scheduling.actions.ages import answer_age
from mainstay.scheduling.actions.booking import (
    BookedSeries,
    Slot,
    book_appointment,
    book_series,
    cancel_appointment,
    confirm_appointment,
    hear_reason,
    keep_appointment,
    miss_appointment,
    move_appointment,
)
from mainstay.scheduling.actions.desk import book_found_time, stop_for_red_flag
from mainstay.scheduling.actions.recalls import (
    close_recall,
    meet_recall,
    note_recall_attempt,
    owe_due_recalls,
    recall_patient,
)
from mainstay.scheduling.actions.stranding import (
    follow_closed_day,
    follow_retired_equipment,
    follow_retired_room,
    follow_shut_site,
    settle_opened,
)
from mainstay.scheduling.actions.templates import (
    add_session,
    add_template,
    end_template,
    hand_over_appointments_of,
    take_time_off,
    withdraw_exception,
)
from mainstay.scheduling.actions.turning_up import keep_late_appointment, undo_kept, undo_missed
from mainstay.scheduling.actions.waiting import (
    accept_offer,
    decline_offer,
    follow_no_show,
    join_wait_list,
    leave_wait_list,
    let_offers_run_out,
    offer_freed_time,
    offer_missed_time,
    withdraw_offers,
)

__all__ = [
    "undo_kept",
    "undo_missed",
    "BookedSeries",
    "Slot",
    "accept_offer",
    "add_session",
    "answer_age",
    "add_template",
    "book_appointment",
    "book_found_time",
    "book_series",
    "cancel_appointment",
    "close_recall",
    "confirm_appointment",
    "decline_offer",
    "follow_closed_day",
    "follow_retired_equipment",
    "follow_retired_room",
    "follow_shut_site",
    "end_template",
    "follow_no_show",
    "hand_over_appointments_of",
    "hear_reason",
    "join_wait_list",
    "keep_appointment",
    "keep_late_appointment",
    "leave_wait_list",
    "let_offers_run_out",
    "meet_recall",
    "miss_appointment",
    "move_appointment",
    "note_recall_attempt",
    "offer_freed_time",
    "offer_missed_time",
    "owe_due_recalls",
    "recall_patient",
    "settle_opened",
    "stop_for_red_flag",
    "take_time_off",
    "withdraw_exception",
    "withdraw_offers",
]
