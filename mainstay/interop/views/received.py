"""Pages about what other systems sent."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.foundation.fields import is_number
from mainstay.foundation.pages import StaffRequest, page, staff_page
from mainstay.interop import queries
from mainstay.interop.permissions import SEE_RECEIVED
from mainstay.people.queries import banner_for, open_chart


@require_GET
@staff_page(SEE_RECEIVED)
def received(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Everything received about a patient; first of all what has no place in the chart."""
    patient = open_chart(request.actor, public_id, what="received records")
    kind = request.GET.get("kind", "")
    typed = request.GET.get("page", "1")
    context = {
        "patient": patient,
        "banner": banner_for(request.actor, patient),
        "kinds": queries.kinds_received(patient),
        "kind": kind,
        "rows": queries.received_of_patient(patient, kind=kind, number=int(typed) if is_number(typed) else 1),
        "encounters": queries.encounters_elsewhere(patient)[:20],
    }
    return page(request, "interop/received.html", context)


@require_GET
@staff_page(SEE_RECEIVED)
def received_one(request: StaffRequest, public_id: UUID, resource_id: int) -> HttpResponse:
    """One resource, word for word."""
    patient = open_chart(request.actor, public_id, what="received record")
    resource = queries.received_resource(patient, resource_id)
    context = {"patient": patient, "banner": banner_for(request.actor, patient), "resource": resource}
    return page(request, "interop/received_one.html", context)
