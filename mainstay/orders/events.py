"""What happened to orders and standing orders."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OrderPended:
    """An order waits for a signature."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderSigned:
    """An order was signed: it may be carried out."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderDeclined:
    """Whoever was asked to sign said no, in words for the one who prepared it."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderSettled:
    """An order was done, cancelled, ran out, or was struck out: nobody waits for it any more."""

    order_id: int


@dataclass(frozen=True, slots=True)
class OrderReopened:
    """What an order was used for was withdrawn: it is to be carried out again."""

    order_id: int


@dataclass(frozen=True, slots=True)
class StandingOrderSigned:
    """A standing order is in force from its first day."""

    standing_order_id: int


@dataclass(frozen=True, slots=True)
class StandingOrderWithdrawn:
    """A standing order no longer holds."""

    standing_order_id: int


@dataclass(frozen=True, slots=True)
class StandingOrderExpiring:
    """A standing order ends, or its yearly review is due, within a month."""

    standing_order_id: int
