"""Who looked at a chart, when and why; and the broken glass that waits for review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import NotFound
from mainstay.foundation.models import AccessRecord
from mainstay.people.models import BreakGlass, Patient
from mainstay.people.permissions import SEE_ACCESS


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a chart."""

    at: datetime
    who: str
    what: str
    reason: str
    is_break_glass: bool


def looks_at(actor: Actor, patient: Patient, *, limit: int = 500) -> list[Look]:
    """Who looked at this chart, newest first; looks at charts merged into it count too."""
    actor.may(SEE_ACCESS).or_raise()
    charts = Patient.objects.filter(Q(pk=patient.pk) | Q(merged_into=patient)).values_list("public_id", flat=True)
    records = list(AccessRecord.objects.filter(subject_id__in=list(charts)).order_by("-at", "-pk")[:limit])
    names = dict(
        get_user_model()
        .objects.filter(pk__in={r.staff_id for r in records if r.staff_id})
        .values_list("pk", "shown_name")
    )
    return [
        Look(r.at, names.get(r.staff_id, "Mainstay") if r.staff_id else "Mainstay", r.what, r.reason, r.is_break_glass)
        for r in records
    ]


def looks_during(actor: Actor, opening: BreakGlass) -> list[AccessRecord]:
    """What was looked at through one broken glass, oldest first."""
    actor.may(SEE_ACCESS).or_raise()
    return list(
        AccessRecord.objects.filter(
            subject_id=opening.patient.public_id,
            staff_id=opening.staff_id,
            at__gte=opening.opened_at,
            at__lt=opening.closes_at,
        ).order_by("at")
    )


def glass_opening(public_id: UUID) -> BreakGlass:
    """One broken glass; raises `NotFound`."""
    opening = BreakGlass.objects.select_related("patient", "staff").filter(public_id=public_id).first()
    if opening is None:
        raise NotFound("There is no such opening.")
    return opening


def broken_glass_to_review(actor: Actor) -> Sequence[BreakGlass]:
    """Broken glass nobody has reviewed yet, oldest first."""
    actor.may(SEE_ACCESS).or_raise()
    return list(BreakGlass.objects.filter(reviewed_at=None).select_related("patient", "staff").order_by("opened_at"))
