"""What the worker does for orders: waits that grew too long, orders that run out, standing orders due for review."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from procrastinate.contrib.django import app

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.orders import actions

EASTERN = ZoneInfo("America/New_York")


def _mainstay() -> Actor:
    return the_system(now=clock.now(), zone=EASTERN)


@app.periodic(cron="*/5 * * * *")
@app.task(name="owe_signatures", queueing_lock="owe_signatures")
def owe_signatures(timestamp: int) -> None:
    """Turn orders that waited too long for a signature into work."""
    actions.owe_signatures(actor=_mainstay())


@app.periodic(cron="40 8 * * *")
@app.task(name="look_after_orders", queueing_lock="look_after_orders")
def look_after_orders(timestamp: int) -> None:
    """Let orders run out, and say which standing orders end or are due for review within a month."""
    actions.expire_orders(actor=_mainstay())
    actions.tell_standing_orders_expiring(actor=_mainstay())
