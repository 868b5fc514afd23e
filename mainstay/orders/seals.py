"""The seals over what orders and standing orders say; shown beside a signature, and compared before one."""

from __future__ import annotations

from mainstay.orders.models import ORDER_CONTENT, STANDING_CONTENT, Order, StandingOrder
from mainstay.orders.rules import digest

CRITERION_PARTS = ("effect", "words", "least_age", "younger_than", "sex", "condition", "question")
PRODUCT_PARTS = (
    "cvx", "name", "least_age", "younger_than", "dose", "dose_unit", "route", "body_site", "needle",
)  # fmt: skip


def order_seal(order: Order) -> str:
    """The seal over everything a signature on an order binds."""
    columns = {"patient": "patient_id", "replaces": "replaces_id"}
    return digest({name: getattr(order, columns.get(name, name)) for name in ORDER_CONTENT})


def standing_seal(order: StandingOrder) -> str:
    """The seal over everything a signature on a standing order binds; reads its sites, criteria and products."""
    parts: dict[str, object] = {name: getattr(order, name) for name in STANDING_CONTENT if name != "supersedes"}
    parts["supersedes"] = order.supersedes_id
    parts["sites"] = sorted(row.site_id for row in order.site_rows.all())
    for kind, rows, names in (
        ("criterion", order.criteria.all(), CRITERION_PARTS),
        ("product", order.products.all(), PRODUCT_PARTS),
    ):
        for row in rows:
            parts.update({f"{kind}.{row.position}.{name}": getattr(row, name) for name in names})
    return digest(parts)
