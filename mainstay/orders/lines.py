"""Orders and standing orders as the pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mainstay.orders.kinds import priorities, standing_terms
from mainstay.orders.lifecycle import StandingState
from mainstay.orders.models import Order, StandingOrder, StandingProduct
from mainstay.orders.rules_standing import spell_ages, why_it_does_not_hold
from mainstay.orders.seals import order_seal


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One order in words; `seal` is what a signature given on this page binds."""

    order: Order
    what: str
    how: str
    priority: str
    seal: str
    is_late: bool


def order_lines(orders: Iterable[Order], *, late_at: datetime | None = None) -> list[OrderLine]:
    """Orders in words; `late_at` is the moment after which an unsigned one has waited too long."""
    return [
        OrderLine(
            order=order,
            what=order.name,
            how=spell_how(order),
            priority="" if order.priority == "routine" else priorities()[order.priority].label,
            seal=order_seal(order),
            is_late=late_at is not None and order.state == "pended" and order.sign_by <= late_at,
        )
        for order in orders
    ]


def spell_how(order: Order) -> str:
    """Dose, route and quantity of an order in a few words."""
    said = []
    if order.dose is not None:
        said.append(f"{order.dose.normalize():f} {order.dose_unit}")
    said += [order.route] if order.route else []
    if order.quantity is not None:
        said.append(f"{order.quantity.normalize():f} {order.quantity_unit}")
    if order.system == "cvx":
        said.append(f"CVX {order.code}")
    return " · ".join(said)


@dataclass(frozen=True, slots=True)
class StandingLine:
    """A standing order as it stands on a day: `standing` is one of draft, holds, soon, off; `why` says more."""

    order: StandingOrder
    standing: str
    why: str
    ends_on: date
    where: str


def standing_line(order: StandingOrder, *, on: date) -> StandingLine:
    """How a standing order stands on a day; `soon` when it ends or is due for review within a month."""
    rules = standing_terms()
    terms = order.terms(review_months=rules.review_months)
    found = why_it_does_not_hold(terms, on=on)
    if order.state == StandingState.DRAFT:
        standing, why = "draft", "Waits for a signature; nobody acts on it yet."
    elif found:
        standing, why = "off", " ".join(f.message for f in found)
    elif terms.ends_on - on <= timedelta(days=rules.notice_days):
        standing, why = "soon", f"Holds through {terms.ends_on:%m/%d/%Y}: review it before."
    else:
        standing, why = "holds", f"Holds through {terms.ends_on:%m/%d/%Y}."
    sites = [row.site.name for row in order.site_rows.all()]
    return StandingLine(order, standing, why, terms.ends_on, ", ".join(sites) or "Every site")


def spell_product(product: StandingProduct) -> str:
    """One product with ages, dose, route, body site and needle."""
    dose = f"{product.dose.normalize():f} {product.dose_unit}" if product.dose is not None else ""
    ages = spell_ages(product.least_age, product.younger_than)
    return " · ".join(filter(None, (ages, dose, product.route, product.body_site, product.needle)))
