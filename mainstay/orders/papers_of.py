"""The words of a standing order as they stand on the page and on paper."""

from __future__ import annotations

from typing import Any

from mainstay.orders.lines import spell_product
from mainstay.orders.models import StandingOrder
from mainstay.orders.rules_standing import Effect
from mainstay.practice.queries import the_practice
from mainstay.workforce.queries import labels_of

DATE = "%m/%d/%Y"


def standing_words(order: StandingOrder) -> dict[str, Any]:
    """Everything a standing order says, as plain data for `standing_order.typ` and for its page."""
    criteria = list(order.criteria.all())
    signer = order.signed_by
    return {
        "practice": practice.name if (practice := the_practice()) else "",
        "title": order.title,
        "version": str(order.version),
        "is_signed": order.signed_at is not None,
        "covers": ", ".join([*order.vaccine_groups, *(f"CVX {code}" for code in order.cvx)]),
        "sites": ", ".join(row.site.name for row in order.site_rows.all()) or "Every site",
        "roles": ", ".join(labels_of(order.roles)),
        "credentials": ", ".join(order.credentials) or "any accepted in the state",
        "from": order.starts_on.strftime(DATE),
        "through": order.expires_on.strftime(DATE),
        "indication": order.indication,
        "includes": [c.words for c in criteria if c.effect == Effect.INCLUDE],
        "excludes": [c.words + (" (asked)" if c.question else "") for c in criteria if c.effect == Effect.EXCLUDE],
        "products": [
            [p.name + (f" (CVX {p.cvx})" if p.cvx else ""), spell_product(p)] for p in order.products.all()
        ],
        "vis": order.vis,
        "documentation": order.documentation,
        "emergency": order.emergency,
        "signed": f"{signer.shown_name}, {order.signed_license}" if signer else "",
        "signed_on": order.signed_at.strftime(DATE) if order.signed_at else "",
        "seal": order.content_sha256[:16],
        "reviews": [
            [row.reviewed_at.strftime(DATE), f"{row.reviewed_by.shown_name}, {row.license}" if row.reviewed_by else "",
             row.holds_through.strftime(DATE), row.words]
            for row in order.reviews.all()
        ],
    }  # fmt: skip
