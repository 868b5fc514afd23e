"""How an order and a standing order move, from pended to done, from draft to no longer in force."""

from __future__ import annotations

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step


class OrderState(StrEnum):
    """Where an order stands."""

    PENDED = "pended"
    SIGNED = "signed"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    ENTERED_IN_ERROR = "entered_in_error"


STATE_WORDS = {
    OrderState.PENDED: "Prepared, to be signed",
    OrderState.SIGNED: "Signed, to carry out",
    OrderState.IN_PROGRESS: "Begun",
    OrderState.DONE: "Carried out",
    OrderState.DECLINED: "Declined",
    OrderState.CANCELLED: "Cancelled",
    OrderState.EXPIRED: "Ran out",
    OrderState.ENTERED_IN_ERROR: "Entered in error",
}
"""Each state as people read it."""

O = OrderState  # noqa: E741 - reads as the column of a table below
TO_CARRY_OUT = (O.SIGNED, O.IN_PROGRESS)

order_lifecycle = Lifecycle(
    name="order",
    states=OrderState,
    initial=O.PENDED,
    final=frozenset({O.DECLINED, O.CANCELLED, O.EXPIRED, O.ENTERED_IN_ERROR}),
    steps=(
        Step("sign", (O.PENDED,), O.SIGNED, "orders.sign"),
        Step("decline", (O.PENDED,), O.DECLINED, "orders.sign"),
        Step("take_back", (O.PENDED,), O.CANCELLED, "orders.pend"),
        Step("cancel", (O.SIGNED, O.IN_PROGRESS), O.CANCELLED, "orders.sign"),
        Step("refuse", (O.SIGNED, O.IN_PROGRESS), O.CANCELLED, "orders.carry_out"),
        Step("start", (O.SIGNED,), O.IN_PROGRESS, "orders.carry_out"),
        Step("stop", (O.IN_PROGRESS,), O.SIGNED, "orders.carry_out"),
        Step("complete", (O.SIGNED, O.IN_PROGRESS), O.DONE, "orders.carry_out"),
        Step("reopen", (O.DONE,), O.SIGNED, "orders.carry_out"),
        Step("expire", (O.PENDED, O.SIGNED), O.EXPIRED, "orders.sign"),
        Step("strike", (O.PENDED, O.SIGNED, O.IN_PROGRESS, O.DONE), O.ENTERED_IN_ERROR, "orders.sign"),
    ),
)


class StandingState(StrEnum):
    """Where a standing order stands; whether it holds on a day is more (`rules_standing.why_it_does_not_hold`)."""

    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


D = StandingState
standing_lifecycle = Lifecycle(
    name="standing order",
    states=StandingState,
    initial=D.DRAFT,
    final=frozenset({D.SUPERSEDED, D.WITHDRAWN, D.DISCARDED}),
    steps=(
        Step("sign", (D.DRAFT,), D.SIGNED, "orders.sign_standing"),
        Step("discard", (D.DRAFT,), D.DISCARDED, "orders.write_standing"),
        Step("supersede", (D.SIGNED,), D.SUPERSEDED, "orders.sign_standing"),
        Step("withdraw", (D.SIGNED,), D.WITHDRAWN, "orders.sign_standing"),
    ),
)
