"""What people do to people's records."""

from mainstay.people.actions.merging import left_apart, merge_patients, undo_merge
from mainstay.people.actions.noting import end_alert, end_need, note_alert, note_need
from mainstay.people.actions.opening import break_glass, review_broken_glass
from mainstay.people.actions.picturing import keep_photo
from mainstay.people.actions.reaching import (
    Place,
    Reach,
    Wishes,
    add_address,
    add_contact_point,
    choose_communication,
    withdraw_address,
    withdraw_contact_point,
)
from mainstay.people.actions.registering import (
    add_identifier,
    add_name,
    change_demographics,
    register_patient,
    withdraw_name,
)
from mainstay.people.actions.relating import (
    Relation,
    add_related_person,
    change_related_person,
    withdraw_related_person,
)
from mainstay.people.actions.withdrawing import bring_back_chart, withdraw_chart
from mainstay.people.rules import Demographics

__all__ = [
    "Demographics",
    "Place",
    "Reach",
    "Relation",
    "Wishes",
    "add_address",
    "add_contact_point",
    "add_identifier",
    "add_name",
    "add_related_person",
    "break_glass",
    "bring_back_chart",
    "change_demographics",
    "change_related_person",
    "choose_communication",
    "end_alert",
    "end_need",
    "keep_photo",
    "left_apart",
    "merge_patients",
    "note_alert",
    "note_need",
    "register_patient",
    "review_broken_glass",
    "undo_merge",
    "withdraw_address",
    "withdraw_chart",
    "withdraw_contact_point",
    "withdraw_name",
    "withdraw_related_person",
]
