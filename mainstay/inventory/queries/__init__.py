"""What people look up about stock, and the pure judgements other domains need beside it."""

from mainstay.inventory.gs1 import BarCode, UnreadableBarcode, ndc_forms, read_barcode
from mainstay.inventory.queries.lots import (
    LotOnHand,
    ScannedLot,
    draws_for,
    items_scanned,
    lot_by_scan,
    lot_facts,
    lots_to_give,
    stocks_of,
)
from mainstay.inventory.rules import LotFacts, judge_label, judge_lot

__all__ = [
    "BarCode",
    "LotFacts",
    "LotOnHand",
    "ScannedLot",
    "UnreadableBarcode",
    "draws_for",
    "items_scanned",
    "judge_label",
    "judge_lot",
    "lot_by_scan",
    "lot_facts",
    "lots_to_give",
    "ndc_forms",
    "read_barcode",
    "stocks_of",
]
