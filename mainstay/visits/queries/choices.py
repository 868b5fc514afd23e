"""What can be chosen when a visit is made."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from mainstay.practice.models import VisitType
from mainstay.workforce.models import Staff


def offered_visit_types() -> QuerySet[VisitType]:
    """The kinds of visit on offer."""
    return VisitType.objects.filter(is_offered=True).order_by("name")


def providers_at(site_id: int | None) -> QuerySet[Staff]:
    """The providers who work at a site (None: anywhere)."""
    staff = Staff.objects.filter(is_active=True, roles__contains=["provider"]).order_by("family_name")
    return staff.filter(Q(home_site_id=site_id) | Q(sites=site_id)).distinct() if site_id else staff
