"""Leaflets: read on the screen, printed, handed out."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.forms import actions, queries
from mainstay.forms.forms import LeafletForm
from mainstay.forms.permissions import SEE, TEACH
from mainstay.forms.texts import phrases
from mainstay.forms.views.patient import forms_page, pdf, visit_in
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.foundation.printing import typeset
from mainstay.people.queries import open_chart


@require_GET
@staff_page(SEE)
def leaflets(request: StaffRequest) -> HttpResponse:
    """Every leaflet in both languages."""
    pairs = zip(queries.leaflets_offered("en"), sorted_like(queries.leaflets_offered("en")), strict=True)
    return page(request, "forms/leaflets.html", {"pairs": list(pairs)})


def sorted_like(papers: list[queries.Leaflet]) -> list[queries.Leaflet]:
    """The Spanish leaflets in the order of the English ones."""
    return [queries.leaflet_named(paper.code, "es") for paper in papers]


@require_GET
@staff_page(SEE)
def leaflet(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """One leaflet as it is handed out."""
    paper = queries.leaflet_named(code, language)
    return page(request, "forms/leaflet.html", {"leaflet": paper, "say": phrases(language)})


@require_GET
@staff_page(SEE)
def leaflet_pdf(request: StaffRequest, code: str, language: str) -> HttpResponse:
    """One leaflet on paper, in large print."""
    words = queries.leaflet_words(queries.leaflet_named(code, language))
    return pdf(typeset("mainstay.forms", "leaflet.typ", words), code)


@require_POST
@staff_page(TEACH)
def give(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Write down that a patient got a leaflet."""
    patient = open_chart(request.actor, patient_id, what="give leaflet")
    form = LeafletForm(request.POST, offered=[(p.code, p.title) for p in queries.leaflets_offered()])
    arguments = {"patient": patient, "visit_ref": visit_in(request)}
    if form.is_valid() and attempt(form, actions.give_leaflet, actor=request.actor, **arguments, **form.cleaned_data):
        return redirect_to(request, "patient-forms", patient_id)
    return forms_page(request, patient, teach=form)


@require_POST
@staff_page(TEACH)
def withdraw(request: StaffRequest, patient_id: UUID, given_id: UUID) -> HttpResponse:
    """Take back a leaflet written down in error."""
    patient = open_chart(request.actor, patient_id, what="withdraw leaflet")
    actions.withdraw_leaflet(actor=request.actor, given=queries.leaflet_given(patient, given_id))
    return redirect_to(request, "patient-forms", patient_id)
