"""The chart on one page, and adding to its lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.chart import actions, queries
from mainstay.chart.forms import (
    AllergyForm,
    FamilyForm,
    MedicationForm,
    ProblemForm,
    SocialForm,
    StrikeForm,
    SurgeryForm,
)
from mainstay.chart.models import ListName
from mainstay.chart.permissions import READ, RECORD
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.people.models import Patient
from mainstay.people.queries import banner_for, open_chart
from mainstay.terminology.queries import search_problems


@dataclass(frozen=True, slots=True)
class Section:
    """One list one can add to: its form, and the action that adds."""

    title: Any
    form: type[django_forms.Form]
    add: Callable[..., Any]
    facts: Callable[..., Any] | None = None


SECTIONS: Mapping[str, Section] = {
    "problem": Section(_("Add a problem"), ProblemForm, actions.add_problem, actions.ProblemFacts),
    "allergy": Section(_("Add an allergy"), AllergyForm, actions.add_allergy, actions.AllergyFacts),
    "medication": Section(_("Add a medicine"), MedicationForm, actions.add_medication, actions.MedicationFacts),
    "family": Section(_("Add family history"), FamilyForm, actions.add_family_history),
    "surgery": Section(_("Add an operation"), SurgeryForm, actions.add_surgery),
    "social": Section(_("Add a fact"), SocialForm, actions.add_social_fact),
}


def about(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    """What every page of a chart shows."""
    return {"patient": patient, "banner": banner_for(request.actor, patient), "now": request.actor.now}


@require_GET
@staff_page(READ)
def chart(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Problems, allergies, medicines, histories, and what was measured last."""
    patient = open_chart(request.actor, public_id)
    active, past = queries.problems_of(patient)
    shown = about(request, patient)
    context = {
        "problems": active,
        "past_problems": past[:20],
        "allergies": queries.current_allergies(patient),
        "allergies_brief": shown["banner"].allergies,
        "medications": queries.current_medications(patient),
        "histories": queries.histories_of(patient),
        "latest": queries.in_words(queries.latest_values(patient)),
        "may_record": request.actor.may(RECORD),
    }
    return page(request, "chart/chart.html", {**shown, **context})


@staff_page(RECORD)
def add(request: StaffRequest, public_id: UUID, section: str) -> HttpResponse:
    """Add to one list of the chart."""
    if section not in SECTIONS:
        raise NotFound()
    patient, chosen = open_chart(request.actor, public_id, what=f"add {section}"), SECTIONS[section]
    form = chosen.form(request.POST or None)
    if form.is_valid():
        given = {"facts": chosen.facts(**form.cleaned_data)} if chosen.facts else form.cleaned_data
        if attempt(form, chosen.add, actor=request.actor, patient=patient, **given):
            return redirect_to(request, "chart", public_id)
    return page(
        request, "chart/add.html", {**about(request, patient), "section": section, "title": chosen.title}, form=form
    )


@require_GET
@staff_page(RECORD)
def find_problem(request: StaffRequest) -> HttpResponse:
    """Diagnoses for everyday words, as somebody types."""
    return page(request, "chart/add.html#hits", {"hits": search_problems(request.GET.get("text", ""), limit=8)})


@require_POST
@staff_page(RECORD)
def review(request: StaffRequest, public_id: UUID, name: str) -> HttpResponse:
    """Say that a list was gone through with the patient."""
    if name not in set(ListName):
        raise NotFound()
    patient = open_chart(request.actor, public_id, what=f"review {name}")
    say = actions.record_none_known if request.POST.get("none") == "yes" else actions.review_list
    say(actor=request.actor, patient=patient, list_name=ListName(name))
    return redirect_to(request, "chart", public_id)


@staff_page(RECORD)
def strike_allergy(request: StaffRequest, public_id: UUID, allergy_id: UUID) -> HttpResponse:
    """Take an allergy off the list, with the reason."""
    patient = open_chart(request.actor, public_id, what="strike allergy")
    allergy = queries.allergy_for(patient, allergy_id)
    form = StrikeForm(request.POST or None)
    if form.is_valid() and attempt(
        form, actions.strike_allergy, actor=request.actor, allergy=allergy, **form.cleaned_data
    ):
        return redirect_to(request, "chart", public_id)
    return page(request, "chart/strike.html", {**about(request, patient), "what": allergy.substance}, form=form)
