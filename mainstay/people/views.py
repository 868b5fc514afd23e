"""Pages about people: finding them, registering them, and who they are."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from mainstay.foundation.components.forms import confirmations_from
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.people import actions, queries
from mainstay.people.demographics import demographics_of
from mainstay.people.forms import DemographicsForm, RegisterForm
from mainstay.people.models import Patient
from mainstay.people.permissions import FIND, MERGE, REGISTER, SEE_ACCESS


@require_GET
@staff_page(FIND)
def patients(request: StaffRequest) -> HttpResponse:
    """Find a patient by anything they may say."""
    return _found(request)


def _found(request: StaffRequest) -> HttpResponse:
    typed = request.GET.get("q", "").strip()
    found = queries.patients_found(request.actor, typed, limit=50) if typed else []
    template = "people/patients.html" + ("#results" if request.htmx else "")
    context = {
        "typed": typed,
        "found": found,
        "beside": () if found or request.htmx else queries.found_beside(request.actor, typed),
        "may_register": request.actor.may(REGISTER),
        "may_see_due_list": request.actor.may("immunizations.see_due_list"),
    }
    return page(request, template, context)


@require_GET
@staff_page(FIND)
def search(request: StaffRequest) -> HttpResponse:
    """The search in the top bar: suggestions while typing, the whole page on Enter, the chart when only one fits."""
    typed = request.GET.get("q", "").strip()
    if not request.htmx:
        found = queries.patients_found(request.actor, typed, limit=2) if typed else []
        if len(found) == 1 or (len(found) == 2 and found[0].fit > 1.5 > found[1].fit):
            return redirect_to(request, "patient", found[0].public_id)
        beside = queries.found_beside(request.actor, typed) if not found else []
        return redirect_to(request, beside[0].url) if len(beside) == 1 else _found(request)
    found = queries.patients_found(request.actor, typed, limit=8) if len(typed) > 1 else []
    beside = queries.found_beside(request.actor, typed)
    return page(request, "people/suggestions.html", {"typed": typed, "found": found, "beside": beside})


@staff_page(REGISTER)
def register(request: StaffRequest) -> HttpResponse:
    """Register somebody new; a likely duplicate asks for a reason."""
    form = RegisterForm(request.POST or None, actor=request.actor)
    if request.method == "POST" and form.is_valid():
        patient = attempt(
            form,
            actions.register_patient,
            actor=request.actor,
            demographics=form.demographics(),
            phone=form.cleaned_data["phone"],
            confirmed=confirmations_from(request.POST),
        )
        if patient and (not form.cleaned_data["phone"] or _reached(request, form, patient)):
            return redirect_to(request, "patient", patient.public_id)
    return page(request, "people/register.html", {"likely": _likely(request, form)}, form=form)


def _reached(request: StaffRequest, form: RegisterForm, patient: Patient) -> bool:
    typed = form.cleaned_data
    reach = actions.Reach("phone", typed["phone"], use="mobile", can_leave_voicemail=typed["can_leave_voicemail"])
    return attempt(form, actions.add_contact_point, actor=request.actor, patient=patient, reach=reach) is not None


def _likely(request: StaffRequest, form: RegisterForm) -> list[queries.LikelyDuplicate]:
    if not form.is_bound or not all(form.cleaned_data.get(f) for f in ("given_name", "family_name", "birth_date")):
        return []
    phone = form.cleaned_data.get("phone", "")
    return queries.likely_duplicates(request.actor, form.demographics(), phone=phone)[:5]


@staff_page(REGISTER, repeatable=True)
def likely(request: StaffRequest) -> HttpResponse:
    """Who is known already that looks like the person being typed in."""
    form = RegisterForm(request.POST or None, actor=request.actor)
    form.is_valid()
    return page(request, "people/register.html#likely", {"likely": _likely(request, form)})


@require_GET
@staff_page(FIND)
def patient(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Who somebody is: names, ways to reach them, people around them, needs."""
    opened = queries.open_chart(request.actor, public_id, what="demographics")
    if opened.public_id != public_id:
        return redirect_to(request, "patient", opened.public_id)
    actor = request.actor
    context = {
        "details": queries.patient_details(actor, opened),
        "banner": queries.banner_for(actor, opened),
        "may_change": actor.may(REGISTER),
        "may_message": actor.may("messages.take_calls"),
        "may_merge": actor.may(MERGE),
        "may_see_access": actor.may(SEE_ACCESS),
        "page_title": opened.called_name,
    }
    return page(request, "people/patient.html", context)


@staff_page(REGISTER)
def demographics(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Change who somebody is said to be."""
    opened = queries.open_chart(request.actor, public_id, what="demographics, to change")
    form = DemographicsForm(request.POST or None, actor=request.actor, initial=_typed(opened))
    if request.method == "POST" and form.is_valid():
        changed = attempt(
            form,
            actions.change_demographics,
            actor=request.actor,
            patient=opened,
            demographics=form.demographics(),
            confirmed=confirmations_from(request.POST),
        )
        if changed:
            return redirect_to(request, "patient", opened.public_id)
    context = {"patient": opened, "banner": queries.banner_for(request.actor, opened)}
    return page(request, "people/demographics.html", context, form=form)


def _typed(patient: Patient) -> dict[str, object]:
    known = demographics_of(patient)
    values = {field: getattr(known, field) for field in known.__dataclass_fields__}
    return values | {"race": list(known.race)}


@require_GET
@staff_page(FIND)
def changes(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Every earlier version of who somebody is said to be."""
    opened = queries.open_chart(request.actor, public_id, what="history of demographics")
    context = {"changes": queries.changes_of(opened), "banner": queries.banner_for(request.actor, opened)}
    return page(request, "people/changes.html", {**context, "patient": opened})
