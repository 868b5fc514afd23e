"""What people do with orders and standing orders."""

from mainstay.orders.actions.carrying_out import (
    close_refused_order,
    complete_order,
    reopen_order,
    start_order,
    stop_order,
)
from mainstay.orders.actions.following import (
    owe_review,
    owe_signatures,
    return_to_pender,
    settle_review,
    settle_wait,
    show_on_board,
    tell_standing_orders_expiring,
)
from mainstay.orders.actions.pending import amend_order, change_order, pend_order, take_back_order
from mainstay.orders.actions.signing import (
    Refused,
    Seen,
    SignedBatch,
    acknowledge_decline,
    cancel_order,
    decline_order,
    expire_orders,
    sign_orders,
    strike_order,
)
from mainstay.orders.actions.standing import (
    StandingProductText,
    StandingText,
    discard_standing_order,
    renew_standing_order,
    sign_standing_order,
    withdraw_standing_order,
    write_standing_order,
)

__all__ = [
    "Refused",
    "Seen",
    "SignedBatch",
    "StandingProductText",
    "StandingText",
    "acknowledge_decline",
    "amend_order",
    "cancel_order",
    "change_order",
    "close_refused_order",
    "complete_order",
    "decline_order",
    "discard_standing_order",
    "expire_orders",
    "owe_review",
    "owe_signatures",
    "pend_order",
    "renew_standing_order",
    "reopen_order",
    "return_to_pender",
    "settle_review",
    "settle_wait",
    "show_on_board",
    "sign_orders",
    "sign_standing_order",
    "start_order",
    "stop_order",
    "strike_order",
    "take_back_order",
    "tell_standing_orders_expiring",
    "withdraw_standing_order",
    "write_standing_order",
]
