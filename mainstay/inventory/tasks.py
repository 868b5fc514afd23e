"""What the worker does for stock: each morning, expired lots and orders that have not come become work."""

from __future__ import annotations

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import the_system
from mainstay.inventory import actions
from mainstay.work.queries.clocks import NO_SITE_ZONE


@app.periodic(cron="20 10 * * *")
@app.task(name="owe_removal_of_expired_stock", queueing_lock="owe_removal_of_expired_stock")
def owe_removal_of_expired_stock(timestamp: int) -> None:
    """Put what has expired and still stands in a unit on the work list, one item a unit."""
    actions.owe_removal_of_expired(actor=the_system(now=clock.now(), zone=NO_SITE_ZONE))


@app.periodic(cron="25 10 * * *")
@app.task(name="owe_late_orders", queueing_lock="owe_late_orders")
def owe_late_orders(timestamp: int) -> None:
    """Put orders of stock promised for a day that has passed on the work list, one item an order."""
    actions.owe_late_orders(actor=the_system(now=clock.now(), zone=NO_SITE_ZONE))
