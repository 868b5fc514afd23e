"""How much there is of what a site wants."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, QuerySet, Sum

from mainstay.inventory.models import Hold, ParLevel, Stock


def fit_for_use(*, today: date) -> QuerySet[Stock]:
    """Stock that is neither held nor expired, with something left."""
    held = Exists(Hold.objects.filter(stock=OuterRef("pk"), lifted_at=None))
    return Stock.objects.filter(~held, on_hand__gt=0, lot__expires_on__gte=today)


def doses_fit_for_use(par: ParLevel, *, today: date) -> int:
    """Doses that count against a par level."""
    rows = fit_for_use(today=today).filter(unit__site=par.site_id, lot__item=par.item_id)
    if par.funding:
        rows = rows.filter(lot__funding=par.funding)
    return rows.aggregate(all=Sum("on_hand"))["all"] or 0
