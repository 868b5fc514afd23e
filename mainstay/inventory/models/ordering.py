"""What was ordered and what came of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from mainstay.foundation.constraints import legal_steps_only, one_of
from mainstay.foundation.history import append_only, tracked
from mainstay.foundation.records import Record, StepRecord
from mainstay.inventory.lifecycle import Funding, OrderState, order_lifecycle
from mainstay.inventory.models.catalog import Item
from mainstay.inventory.models.stock import Movement
from mainstay.practice.models import Site


@tracked()
class StockOrder(Record):
    """An order to a vendor or program, for one site. `expected_on` is when what is still to come is promised."""

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="+")
    vendor = models.CharField(max_length=80)
    number = models.CharField(max_length=40, blank=True)
    ordered_at = models.DateTimeField()
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    expected_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=16, default=OrderState.ORDERED)

    class Meta:
        constraints: ClassVar = [one_of("state", OrderState, name="stock_order_state_exists")]


@tracked()
class OrderLine(models.Model):
    """Doses of one item and fund on an order, and how many came; `short_because` once the rest will not come."""

    order = models.ForeignKey(StockOrder, on_delete=models.PROTECT, related_name="lines")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+")
    funding = models.CharField(max_length=8, choices=[(f, f.label) for f in Funding], default=Funding.PRIVATE)
    doses = models.PositiveIntegerField()
    received = models.PositiveIntegerField(default=0)
    short_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            one_of("funding", Funding, name="order_line_funding_exists"),
            models.CheckConstraint(condition=Q(doses__gte=1), name="order_line_orders_something"),
        ]

    @property
    def to_come(self) -> int:
        """How many are still awaited: none once the rest was closed short."""
        return 0 if self.short_because else max(self.doses - self.received, 0)


class Receipt(models.Model):
    """What came on an order line at one time: the movement that put it into stock. Never changed."""

    line = models.ForeignKey(OrderLine, on_delete=models.PROTECT, related_name="receipts")
    movement = models.OneToOneField(Movement, on_delete=models.PROTECT, related_name="receipt")

    class Meta:
        triggers: ClassVar = [append_only()]


class OrderStep(StepRecord):
    """One move of an order."""

    order = models.ForeignKey(StockOrder, on_delete=models.PROTECT, related_name="steps")

    class Meta(StepRecord.Meta):
        constraints: ClassVar = [legal_steps_only(order_lifecycle, name="stock_order_step_is_legal")]
