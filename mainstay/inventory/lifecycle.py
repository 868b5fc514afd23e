"""What stock is bought from, and how an order, a count, an excursion and a recall come to their end."""

from __future__ import annotations

from enum import StrEnum

from mainstay.foundation.lifecycle import Lifecycle, Step


class Funding(StrEnum):
    """Whose money bought a lot. Pools never mix."""

    PRIVATE = "private"
    VFC = "vfc"
    SECTION_317 = "317"
    STATE = "state"

    @property
    def label(self) -> str:
        """As people say it."""
        return {"private": "private", "vfc": "VFC", "317": "317", "state": "state"}[self.value]


class OrderState(StrEnum):
    """Where an order of stock stands."""

    ORDERED = "ordered"
    PARTLY_RECEIVED = "partly_received"
    BACK_ORDERED = "back_ordered"
    RECEIVED = "received"
    CLOSED_SHORT = "closed_short"
    CANCELLED = "cancelled"


AWAITED = (OrderState.ORDERED, OrderState.PARTLY_RECEIVED, OrderState.BACK_ORDERED)
"""While something of an order may still come."""

order_lifecycle = Lifecycle(
    name="order of stock",
    states=OrderState,
    initial=OrderState.ORDERED,
    steps=(
        Step(
            "receive_part",
            (OrderState.ORDERED, OrderState.BACK_ORDERED),
            OrderState.PARTLY_RECEIVED,
            "inventory.receive",
        ),
        Step("receive_rest", AWAITED, OrderState.RECEIVED, "inventory.receive"),
        Step("back_order", AWAITED, OrderState.BACK_ORDERED, "inventory.order"),
        Step("close_short", AWAITED, OrderState.CLOSED_SHORT, "inventory.order"),
        Step("receive_last", AWAITED, OrderState.CLOSED_SHORT, "inventory.receive"),
        Step("cancel", AWAITED, OrderState.CANCELLED, "inventory.order"),
    ),
    final=frozenset({OrderState.RECEIVED, OrderState.CLOSED_SHORT, OrderState.CANCELLED}),
)


class CountState(StrEnum):
    """Where a blind count stands."""

    COUNTING = "counting"
    RECOUNTING = "recounting"
    TO_SETTLE = "to_settle"
    CLOSED = "closed"
    DROPPED = "dropped"


FINDING_LOTS = frozenset({CountState.COUNTING, CountState.RECOUNTING})
"""While a count is in one of these, a lot that no book knows can be put into its list."""

count_lifecycle = Lifecycle(
    name="count of stock",
    states=CountState,
    initial=CountState.COUNTING,
    steps=(
        Step("agree", (CountState.COUNTING, CountState.RECOUNTING), CountState.CLOSED, "inventory.count"),
        Step("count_again", (CountState.COUNTING,), CountState.RECOUNTING, "inventory.count"),
        Step("leave_to_lead", (CountState.RECOUNTING,), CountState.TO_SETTLE, "inventory.count"),
        Step("settle", (CountState.TO_SETTLE,), CountState.CLOSED, "inventory.adjust"),
        Step(
            "drop",
            (CountState.COUNTING, CountState.RECOUNTING, CountState.TO_SETTLE),
            CountState.DROPPED,
            "inventory.count",
        ),
    ),
    final=frozenset({CountState.CLOSED, CountState.DROPPED}),
)


class ExcursionState(StrEnum):
    """Where an excursion of a storage unit stands."""

    OPEN = "open"
    DECIDED = "decided"
    DISMISSED = "dismissed"


excursion_lifecycle = Lifecycle(
    name="temperature excursion",
    states=ExcursionState,
    initial=ExcursionState.OPEN,
    steps=(
        Step("decide", (ExcursionState.OPEN,), ExcursionState.DECIDED, "inventory.decide_excursion"),
        Step("dismiss", (ExcursionState.OPEN,), ExcursionState.DISMISSED, "inventory.decide_excursion"),
    ),
    final=frozenset({ExcursionState.DECIDED, ExcursionState.DISMISSED}),
)


class RecallState(StrEnum):
    """Where a recall stands."""

    OPEN = "open"
    CLOSED = "closed"


recall_lifecycle = Lifecycle(
    name="recall of a lot",
    states=RecallState,
    initial=RecallState.OPEN,
    steps=(Step("close", (RecallState.OPEN,), RecallState.CLOSED, "inventory.recall"),),
    final=frozenset({RecallState.CLOSED}),
)
