"""What people look up about orders and standing orders, and the plain values other domains hand over."""

from mainstay.orders.kinds import kinds, priorities, standing_terms
from mainstay.orders.queries.standing import (
    StandingMatch,
    a_year_from,
    may_sign_standing,
    standing_order_named,
    standing_orders,
    standing_orders_for,
    versions_of,
)
from mainstay.orders.queries.waiting import (
    declined_orders_of,
    may_carry_out,
    may_sign,
    order_named,
    orders_of_patient,
    orders_of_visit,
    orders_on,
    orders_to_carry_out,
    orders_to_sign,
    orders_waiting,
    signed_orders_for,
)
from mainstay.orders.rules import Content
from mainstay.orders.rules_standing import Criterion, Effect, PatientFacts
from mainstay.orders.seals import order_seal, standing_seal

__all__ = [
    "Content",
    "Criterion",
    "Effect",
    "PatientFacts",
    "StandingMatch",
    "a_year_from",
    "declined_orders_of",
    "kinds",
    "may_carry_out",
    "may_sign",
    "may_sign_standing",
    "order_named",
    "order_seal",
    "orders_on",
    "orders_of_patient",
    "orders_of_visit",
    "orders_to_carry_out",
    "orders_to_sign",
    "orders_waiting",
    "priorities",
    "signed_orders_for",
    "standing_order_named",
    "standing_orders",
    "standing_orders_for",
    "standing_seal",
    "standing_terms",
    "versions_of",
]
