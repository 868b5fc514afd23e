"""A patient's registry page: ask, compare, choose, bring in."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, page, redirect_to, staff_page
from mainstay.interop import actions, queries
from mainstay.interop.models import OutboundMessage, Purpose
from mainstay.interop.permissions import ASK_REGISTRY
from mainstay.people.models import Patient
from mainstay.people.queries import banner_for, open_chart


@require_GET
@staff_page(ASK_REGISTRY)
def patient_registry(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What the registry has of a patient beside ours, both forecasts, and what we told it."""
    patient = open_chart(request.actor, public_id, what="registry")
    view = queries.registry_view(request.actor, patient)
    context = {"patient": patient, "banner": banner_for(request.actor, patient), "view": view}
    return page(request, "interop/registry.html", context)


@require_POST
@staff_page(ASK_REGISTRY)
def ask_about_patient(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Ask the registry about this patient."""
    patient = open_chart(request.actor, public_id, what="registry")
    actions.ask_registry(actor=request.actor, patient=patient)
    return redirect_to(request, "patient-registry", patient.public_id)


@require_POST
@staff_page(ASK_REGISTRY)
def choose_person(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """This one of the registry's candidates is our patient."""
    patient = open_chart(request.actor, public_id, what="registry")
    number = request.POST.get("number", "")
    actions.choose_candidate(actor=request.actor, patient=patient, query=_last_query(patient), number=number)
    return redirect_to(request, "patient-registry", patient.public_id)


@require_POST
@staff_page(ASK_REGISTRY)
def bring_in(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write the ticked doses of the registry's answer down."""
    patient = open_chart(request.actor, public_id, what="registry")
    keys = request.POST.getlist("dose")
    actions.bring_in_answer(actor=request.actor, patient=patient, query=_last_query(patient), keys=keys)
    return redirect_to(request, "patient-registry", patient.public_id)


@require_POST
@staff_page(ASK_REGISTRY)
def bring_in_sent(request: StaffRequest, public_id: UUID, message_id: UUID) -> HttpResponse:
    """Write the ticked doses of a message somebody sent us down."""
    patient = open_chart(request.actor, public_id, what="registry")
    message, keys = queries.inbound_named(message_id), request.POST.getlist("dose")
    actions.bring_in_received(actor=request.actor, patient=patient, message=message, keys=keys)
    return redirect_to(request, "patient-registry", patient.public_id)


def _last_query(patient: Patient) -> OutboundMessage:
    query = patient.registry_messages.filter(purpose=Purpose.QUERY).order_by("-pk").first()
    if query is None:
        raise NotFound("The registry was not asked yet.")
    return query
