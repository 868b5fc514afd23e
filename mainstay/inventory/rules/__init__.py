"""What must hold of lots, temperatures and levels: pure, over plain values."""

from mainstay.inventory.rules.lots import LotFacts, first_to_use, judge_label, judge_lot
from mainstay.inventory.rules.temperatures import (
    OutOfRange,
    Range,
    Scale,
    judge_daily,
    narrowed,
    out_of_range,
    range_of,
    slot_of,
    to_celsius,
    to_fahrenheit,
)

__all__ = [
    "LotFacts",
    "OutOfRange",
    "Range",
    "Scale",
    "first_to_use",
    "judge_daily",
    "judge_label",
    "judge_lot",
    "narrowed",
    "out_of_range",
    "range_of",
    "slot_of",
    "to_celsius",
    "to_fahrenheit",
]
