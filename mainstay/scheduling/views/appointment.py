"""One appointment: what to read out, moving, calling off, not come, what happened to it."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.people.queries import banner_for, open_chart
from mainstay.scheduling import actions, queries
from mainstay.scheduling.forms import ReasonForm
from mainstay.scheduling.lifecycle import AppointmentState
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.permissions import BOOK, SEE

STEP_WORDS = {
    "begin": gettext_lazy("Booked"),
    "keep": gettext_lazy("Came"),
    "cancel": gettext_lazy("Cancelled"),
    "miss": gettext_lazy("Did not come"),
}


@require_GET
@staff_page(SEE)
def appointment(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One appointment."""
    return _shown(request, queries.appointment_for(request.actor, public_id))


def _shown(request: StaffRequest, shown: Appointment, form: ReasonForm | None = None) -> HttpResponse:
    patient = open_chart(request.actor, shown.patient.public_id, what="appointment")
    back = request.GET.get("back", "")
    series = list(shown.series.appointments.order_by("during")) if shown.series else []
    context = {
        "appointment": shown,
        "starts": shown.during.lower.astimezone(shown.site.zone),
        "ends": shown.during.upper.astimezone(shown.site.zone),
        "banner": banner_for(request.actor, patient),
        "steps": [(s, STEP_WORDS.get(s.name, s.name)) for s in shown.steps.select_related("by").order_by("pk")],
        "series": series,
        "stay": [one for one in series if one.state == AppointmentState.BOOKED and one.pk != shown.pk],
        "is_over": shown.during.lower <= request.actor.now,
        "just_booked": request.GET.get("booked") == "1",
        "back": back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "",
        "may_book": request.actor.may(BOOK),
        "page_title": "Appointment",
    }
    return page(request, "scheduling/appointment.html", context, form=form or ReasonForm())


@require_POST
@staff_page(BOOK)
def confirm(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The patient said they will come."""
    shown = queries.appointment_for(request.actor, public_id)
    actions.confirm_appointment(actor=request.actor, appointment=shown)
    return redirect_to(request, "appointment", public_id)


@require_POST
@staff_page(BOOK)
def cancel(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Call it off, with the reason."""
    shown = queries.appointment_for(request.actor, public_id)
    form = ReasonForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.cancel_appointment, actor=request.actor, appointment=shown, **form.cleaned_data
    ):
        return redirect_to(request, "appointment", public_id)
    return _shown(request, shown, form)


@require_POST
@staff_page(BOOK)
def missed(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Nobody came."""
    shown = queries.appointment_for(request.actor, public_id)
    actions.miss_appointment(actor=request.actor, appointment_id=shown.pk)
    return redirect_to(request, "appointment", public_id)
