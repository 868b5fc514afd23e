"""The photograph of a patient: shown on the banner, taken at the desk."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from mainstay.chart import actions, queries
from mainstay.chart.forms import PhotoForm
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.people.queries import banner_for, open_chart


@staff_page("people.register")
def photo(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take a photograph with the camera, or choose a file."""
    patient = open_chart(request.actor, public_id, what="photograph, to change")
    back = request.POST.get("back") or request.GET.get("back", "")
    back = back if back.startswith("/") and not back.startswith("//") else reverse("patient", args=[public_id])
    form = PhotoForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        content = form.cleaned_data["photo"].read()
        if attempt(form, actions.take_photo, actor=request.actor, patient=patient, content=content):
            return redirect_to(request, back)
    context = {"patient": patient, "banner": banner_for(request.actor, patient), "back": back}
    return page(request, "chart/photo.html", context, form=form)


@require_POST
@staff_page("people.register")
def drop(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Show no photograph any more."""
    patient = open_chart(request.actor, public_id, what="photograph, to drop")
    actions.drop_photo(actor=request.actor, patient=patient)
    return redirect_to(request, "patient", public_id)


@require_GET
@staff_page("people.find")
def picture(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The photograph itself; closed for those who may not open the chart."""
    content = queries.photo_of(request.actor, public_id)
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
