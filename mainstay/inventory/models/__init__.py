"""What the clinic keeps: items, lots, where they are and how cold it is, and everything that moved."""

from mainstay.inventory.models.catalog import Item, ItemKind, PackageCode, ParLevel, Presentation
from mainstay.inventory.models.counting import Count, CountLine, CountStep
from mainstay.inventory.models.ordering import OrderLine, OrderStep, Receipt, StockOrder
from mainstay.inventory.models.stock import Draw, Lot, Movement, MovementKind, OpenVial, Stock
from mainstay.inventory.models.storage import (
    DailyReading,
    Excursion,
    ExcursionStep,
    FormerLimits,
    Reading,
    Sensor,
    StorageKind,
    StorageUnit,
)
from mainstay.inventory.models.trouble import Borrowing, Hold, Recall, RecallNotice, RecallStep, Verdict, Waste

__all__ = [
    "Borrowing",
    "Count",
    "CountLine",
    "CountStep",
    "DailyReading",
    "Draw",
    "Excursion",
    "ExcursionStep",
    "Hold",
    "Item",
    "ItemKind",
    "Lot",
    "Movement",
    "MovementKind",
    "OpenVial",
    "OrderLine",
    "OrderStep",
    "PackageCode",
    "ParLevel",
    "Presentation",
    "Reading",
    "Recall",
    "RecallNotice",
    "RecallStep",
    "Receipt",
    "Sensor",
    "Stock",
    "StockOrder",
    "StorageKind",
    "FormerLimits",
    "StorageUnit",
    "Verdict",
    "Waste",
]
