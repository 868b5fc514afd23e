"""Who may prepare, sign and carry out orders, and who writes and signs standing orders."""

from mainstay.foundation.permissions import permission

SEE = permission("orders.see", "See orders and standing orders")
PEND = permission("orders.pend", "Prepare orders for signature")
SIGN = permission("orders.sign", "Sign, decline and cancel orders")
CARRY_OUT = permission("orders.carry_out", "Carry out signed orders")
WRITE_STANDING = permission("orders.write_standing", "Write standing orders")
SIGN_STANDING = permission("orders.sign_standing", "Sign, review and withdraw standing orders")
