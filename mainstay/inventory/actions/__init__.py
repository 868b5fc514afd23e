"""What people do with stock: keep, receive, draw, waste, move, count, borrow, hold, recall, and log how cold it is."""

from mainstay.inventory.actions.drawing import draw_dose, return_draw
from mainstay.inventory.actions.keeping import add_item, add_sensor, add_storage_unit, know_package, set_par_level
from mainstay.inventory.actions.receiving import cancel_order, order_stock, receive_stock
from mainstay.inventory.actions.wasting import discard_open_vial, waste_dose

__all__ = [
    "add_item",
    "add_sensor",
    "add_storage_unit",
    "cancel_order",
    "discard_open_vial",
    "draw_dose",
    "know_package",
    "order_stock",
    "receive_stock",
    "return_draw",
    "set_par_level",
    "waste_dose",
]
