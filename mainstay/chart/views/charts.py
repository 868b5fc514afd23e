"""Vital signs over time, and growth."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from mainstay.chart import queries
from mainstay.chart.permissions import READ
from mainstay.chart.views.summary import about
from mainstay.foundation.pages import StaffRequest, page, staff_page
from mainstay.people.queries import open_chart

SHOWN = ("blood_pressure", "heart_rate", "weight", "temperature", "oxygen_saturation", "respiratory_rate")


@require_GET
@staff_page(READ)
def vitals(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Each vital sign over time, with the bands of the patient's age."""
    patient = open_chart(request.actor, public_id, what="vitals")
    actor = request.actor
    keys = queries.keys_measured(patient)
    limits = queries.limits_at(actor.site_id, on=actor.today)
    drawn = [
        mark_safe(queries.trend_chart(patient, key, on=actor.today, zone=actor.zone, limits=limits))
        for key in SHOWN
        if key in keys or (key == "blood_pressure" and "systolic" in keys)
    ]
    recent = queries.in_words(queries.recent_observations(patient))
    return page(request, "chart/vitals.html", {**about(request, patient), "drawn": drawn, "recent": recent})


@require_GET
@staff_page(READ)
def growth(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Growth on the WHO and CDC references."""
    patient = open_chart(request.actor, public_id, what="growth")
    charts = queries.growth_charts(patient, on=request.actor.today, zone=request.actor.zone)
    drawn = [(mark_safe(one.svg), one.words) for one in charts]
    return page(request, "chart/growth.html", {**about(request, patient), "drawn": drawn})
