"""What people do with stock: keep, receive, draw, waste, move, count, borrow, hold, recall, and log how cold it is."""

from mainstay.inventory.actions.counting import (
    begin_count,
    count_found_lot,
    drop_count,
    settle_count,
    write_first_count,
    write_second_count,
)
from mainstay.inventory.actions.drawing import draw_dose, return_draw
from mainstay.inventory.actions.holding import (
    decide_excursion,
    decide_hold,
    decide_holds,
    dismiss_excursion,
    report_excursion,
    report_warm_unit,
)
from mainstay.inventory.actions.housing import (
    add_sensor,
    add_storage_unit,
    change_sensor,
    change_storage_unit,
    retire_sensor,
    retire_storage_unit,
    use_sensor_again,
    use_storage_unit_again,
)
from mainstay.inventory.actions.keeping import (
    add_item,
    change_item,
    end_par_level,
    forget_package,
    know_package,
    retire_item,
    set_par_level,
    stock_item_again,
)
from mainstay.inventory.actions.measuring import Loaded, load_readings, log_daily_reading
from mainstay.inventory.actions.moving import lock_lots
from mainstay.inventory.actions.ordering import (
    Wanted,
    back_order,
    close_line_short,
    close_order_short,
    order_stock,
)
from mainstay.inventory.actions.recalling import (
    close_recall,
    mark_told,
    notice_elsewhere,
    recall_lot,
    word_recall_in_spanish,
)
from mainstay.inventory.actions.receiving import receive_and_learn, receive_stock
from mainstay.inventory.actions.shifting import (
    adjust_stock,
    borrow_doses,
    expire_stock,
    replace_borrowed,
    transfer_stock,
)
from mainstay.inventory.actions.telling import (
    owe_excursion_work,
    owe_late_orders,
    owe_order_work,
    owe_recall_work,
    owe_removal_of_expired,
)
from mainstay.inventory.actions.wasting import discard_open_vial, discard_vials_past_hours, waste_dose

__all__ = [
    "Loaded",
    "Wanted",
    "add_item",
    "add_sensor",
    "add_storage_unit",
    "adjust_stock",
    "back_order",
    "begin_count",
    "borrow_doses",
    "change_item",
    "change_sensor",
    "change_storage_unit",
    "close_line_short",
    "close_order_short",
    "close_recall",
    "count_found_lot",
    "decide_excursion",
    "decide_hold",
    "decide_holds",
    "discard_open_vial",
    "discard_vials_past_hours",
    "dismiss_excursion",
    "draw_dose",
    "drop_count",
    "end_par_level",
    "expire_stock",
    "forget_package",
    "know_package",
    "load_readings",
    "lock_lots",
    "log_daily_reading",
    "mark_told",
    "notice_elsewhere",
    "order_stock",
    "owe_excursion_work",
    "owe_late_orders",
    "owe_order_work",
    "owe_recall_work",
    "owe_removal_of_expired",
    "recall_lot",
    "receive_and_learn",
    "receive_stock",
    "replace_borrowed",
    "report_excursion",
    "report_warm_unit",
    "retire_item",
    "retire_sensor",
    "retire_storage_unit",
    "return_draw",
    "set_par_level",
    "settle_count",
    "stock_item_again",
    "transfer_stock",
    "use_sensor_again",
    "use_storage_unit_again",
    "waste_dose",
    "word_recall_in_spanish",
    "write_first_count",
    "write_second_count",
]
