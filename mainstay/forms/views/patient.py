"""The forms of one patient: what is due, what is open, what was signed; and blank paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.forms import actions, queries
from mainstay.forms.forms import GiveForm, LeafletForm, ReasonForm
from mainstay.forms.leaflets import nearest
from mainstay.forms.permissions import GIVE, SEE, TEACH
from mainstay.forms.texts import LANGUAGES
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.foundation.printing import typeset
from mainstay.people.models import Patient
from mainstay.people.queries import banner_for, open_chart


@require_GET
@staff_page(SEE)
def patient_forms(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Everything a patient signed, is to sign, or was given to read."""
    patient = open_chart(request.actor, patient_id, what="forms")
    return forms_page(request, patient)


def forms_page(request: StaffRequest, patient: Patient, **forms: Any) -> HttpResponse:
    """The page of a patient's forms, with whatever form was refused."""
    language = nearest(patient.language)
    rows = list(queries.forms_of(patient))
    leaflets = [(paper.code, paper.title) for paper in queries.leaflets_offered()]
    context: dict[str, Any] = {
        "patient": patient,
        "banner": banner_for(request.actor, patient),
        "open_forms": [row for row in rows if row.status == "assigned"],
        "past_forms": [row for row in rows if row.status not in ("assigned", "taken_back")],
        "given": queries.leaflets_given(patient),
        "visit": request.GET.get("visit", "") or request.POST.get("visit", ""),
        "may_give": request.actor.may(GIVE),
        "may_teach": request.actor.may(TEACH),
        "give": GiveForm(offered=queries.forms_offered(on=request.actor.today), initial={"language": language}),
        "teach": LeafletForm(offered=leaflets, initial={"language": language}),
        "reason": ReasonForm(),
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return page(request, "forms/patient_forms.html", {**context, **forms}, status=status)


@require_POST
@staff_page(GIVE)
def give(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Give one form, or all that were named, and open the first."""
    patient = open_chart(request.actor, patient_id, what="give form")
    named, visit = request.POST.getlist("form"), visit_in(request)
    form = GiveForm(
        {**request.POST.dict(), "form": named[:1] and named[0]}, offered=queries.forms_offered(on=request.actor.today)
    )
    arguments = {"patient": patient, "forms": named, "language": request.POST.get("language"), "visit_ref": visit}
    if form.is_valid() and (given := attempt(form, actions.give_forms, actor=request.actor, **arguments)):
        back = request.POST.get("back", "")
        return redirect_to(request, "form", given[0].public_id) if len(given) == 1 else go_back(request, patient, back)
    return forms_page(request, patient, give=form)


def visit_in(request: StaffRequest) -> UUID | None:
    """The visit a form is given for, if one was named."""
    try:
        return UUID(request.POST.get("visit") or request.GET.get("visit") or "")
    except ValueError:
        return None


def go_back(request: StaffRequest, patient: Patient, back: str) -> HttpResponse:
    """To the page somebody came from, if it is one of ours; else to the patient's forms."""
    if back.startswith("/") and not back.startswith("//"):
        return redirect_to(request, back)
    return redirect_to(request, "patient-forms", patient.public_id)


@require_GET
@staff_page(SEE)
def blanks(request: StaffRequest) -> HttpResponse:
    """Every form as blank paper, for the shelf and for the day the power is out."""
    return page(request, "forms/blanks.html", {"offered": queries.forms_offered(on=request.actor.today)})


@require_GET
@staff_page(SEE)
def blank(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """One form as blank paper."""
    known = dict(queries.forms_offered(on=request.actor.today))
    if code not in known or language not in LANGUAGES:
        raise NotFound("There is no such form.")
    return pdf(typeset("mainstay.forms", "form.typ", queries.blank_words(code, language, on=request.actor.today)), code)


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF to open in the browser."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename={name}.pdf"
    return answer
