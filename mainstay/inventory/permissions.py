"""Who may see, receive, count and log stock, and who decides about it."""

from mainstay.foundation.permissions import permission

SEE = permission("inventory.see", "See stock, storage units and temperatures")
USE = permission("inventory.use", "Draw and waste doses")
RECEIVE = permission("inventory.receive", "Receive and transfer stock")
COUNT = permission("inventory.count", "Count stock")
LOG_TEMPERATURE = permission("inventory.log_temperature", "Log temperatures and report an excursion")
ADJUST = permission("inventory.adjust", "Adjust stock, settle counts, borrow between funds")
ORDER = permission("inventory.order", "Order stock; keep items, par levels, storage units and loggers")
RECALL = permission("inventory.recall", "Recall a lot and close the recall")
DECIDE = permission("inventory.decide_excursion", "Decide what becomes of stock after an excursion")
