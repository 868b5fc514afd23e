"""What people do with visits, rooms and the board."""

from mainstay.visits.actions.board import clear_signal, nudge_board, raise_signal
from mainstay.visits.actions.checking_in import (
    ask_about_late,
    check_in_patient,
    decide_late,
    follow_coverage,
    follow_form,
    screen_arrival,
)
from mainstay.visits.actions.checking_out import (
    add_loose_end,
    close_visit,
    settle_booked_end,
    settle_loose_end,
    tell_plan,
    tell_reason,
)
from mainstay.visits.actions.expecting import (
    cancel_visit_of,
    expect_visit,
    follow_missed_appointment,
    register_walk_in,
)
from mainstay.visits.actions.moving import (
    begin_check_out,
    bring_out,
    change_room,
    finish_provider,
    mark_arrived,
    mark_left,
    mark_no_show,
    mark_ready,
    room_patient,
    start_provider,
    take_over,
    take_patient_back,
    undo_last_move,
)
from mainstay.visits.actions.rooms import clean_room, close_room, open_room, prepare_added_room, prepare_room
from mainstay.visits.actions.summarizing import make_summary
from mainstay.visits.actions.tasks import finish_task, plan_tasks, reopen_task, skip_task

__all__ = [
    "add_loose_end",
    "ask_about_late",
    "begin_check_out",
    "bring_out",
    "cancel_visit_of",
    "change_room",
    "check_in_patient",
    "clean_room",
    "clear_signal",
    "close_room",
    "close_visit",
    "decide_late",
    "expect_visit",
    "finish_provider",
    "finish_task",
    "follow_coverage",
    "follow_form",
    "follow_missed_appointment",
    "make_summary",
    "mark_arrived",
    "mark_left",
    "mark_no_show",
    "mark_ready",
    "nudge_board",
    "open_room",
    "plan_tasks",
    "prepare_added_room",
    "prepare_room",
    "raise_signal",
    "register_walk_in",
    "reopen_task",
    "room_patient",
    "screen_arrival",
    "settle_booked_end",
    "settle_loose_end",
    "skip_task",
    "start_provider",
    "take_over",
    "take_patient_back",
    "tell_plan",
    "tell_reason",
    "undo_last_move",
]
