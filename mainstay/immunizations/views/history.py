"""One patient's vaccines: what is due and why, the doses, the facts that decide, the record on paper."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.foundation.printing import typeset
from mainstay.immunizations import actions, queries
from mainstay.immunizations.actions import FactSaid
from mainstay.immunizations.forms_history import AmendDoseForm, DosesElsewhereForm, FactForm, ReasonForm, TalkForm
from mainstay.immunizations.models import DiscussionOutcome
from mainstay.immunizations.permissions import DISCUSS, READ_CHART, RECORD_HISTORY
from mainstay.immunizations.vaccine_names import vaccine_names
from mainstay.people.models import Patient
from mainstay.people.queries import banner_for, open_chart


def about(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    """What every page of one patient's vaccines shows."""
    return {"patient": patient, "banner": banner_for(request.actor, patient), "now": request.actor.now}


@require_GET
@staff_page(READ_CHART)
def vaccines(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What is due, and every dose with what became of it."""
    patient = open_chart(request.actor, public_id, what="vaccines")
    context = {
        "vaccines": queries.vaccine_page(patient, request.actor.today),
        "recorded": queries.recorded_facts(patient),
        "may_record": request.actor.may(RECORD_HISTORY),
        "may_discuss": request.actor.may(DISCUSS),
        "overrides": queries.governing_schedule().overrides,
        "talk": TalkForm(),
    }
    return page(request, "immunizations/vaccines.html", {**about(request, patient), **context})


@staff_page(RECORD_HISTORY)
def add_doses(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write down several doses given elsewhere."""
    patient = open_chart(request.actor, public_id, what="vaccines given elsewhere")
    form = DosesElsewhereForm(request.POST or None, known=queries.doses_on_paper(patient))
    if form.is_valid() and attempt(
        form, actions.record_doses_elsewhere, actor=request.actor, patient=patient, doses=form.doses, source="typed"
    ):
        return redirect_to(request, "chart-vaccines", public_id)
    context = {**about(request, patient), "names": vaccine_names()}
    return page(request, "immunizations/add_doses.html", context, form=form)


@staff_page(RECORD_HISTORY)
def amend_dose(request: StaffRequest, public_id: UUID, dose_id: UUID) -> HttpResponse:
    """Put right what was written about a dose given elsewhere."""
    patient = open_chart(request.actor, public_id, what="vaccines given elsewhere")
    dose = queries.dose_elsewhere_for(patient, dose_id)
    form = AmendDoseForm(request.POST or None, initial=queries.dose_as_typed(dose))
    if form.is_valid():
        said = {"dose": dose, "to": form.dose(), "reason": form.cleaned_data["reason"]}
        if attempt(form, actions.amend_dose_elsewhere, actor=request.actor, **said):
            return redirect_to(request, "chart-vaccines", public_id)
    context = {**about(request, patient), "dose": dose, "names": vaccine_names(), "withdraw": ReasonForm()}
    return page(request, "immunizations/amend_dose.html", context, form=form)


@require_POST
@staff_page(RECORD_HISTORY)
def withdraw_dose(request: StaffRequest, public_id: UUID, dose_id: UUID) -> HttpResponse:
    """Take a dose given elsewhere out of the history."""
    patient = open_chart(request.actor, public_id, what="vaccines given elsewhere")
    dose = queries.dose_elsewhere_for(patient, dose_id)
    form = ReasonForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.withdraw_dose_elsewhere, actor=request.actor, dose=dose, **form.cleaned_data
    ):
        return redirect_to(request, "chart-vaccines", public_id)
    amend = AmendDoseForm(initial=queries.dose_as_typed(dose))
    context = {**about(request, patient), "dose": dose, "names": vaccine_names(), "withdraw": form, "form": amend}
    return page(request, "immunizations/amend_dose.html", context, status=422)


@staff_page(RECORD_HISTORY)
def add_fact(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Record by hand what decides which vaccines are due."""
    patient = open_chart(request.actor, public_id, what="facts for vaccines")
    form = FactForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if form.is_valid():
        said = FactSaid(**{**form.cleaned_data, "holds": form.cleaned_data["holds"] == "yes"})
        if attempt(form, actions.record_immunization_fact, actor=request.actor, patient=patient, said=said):
            return redirect_to(request, "chart-vaccines", public_id)
    return page(request, "immunizations/add_fact.html", about(request, patient), form=form)


@staff_page(RECORD_HISTORY)
def withdraw_fact(request: StaffRequest, public_id: UUID, fact_id: UUID) -> HttpResponse:
    """Take back a fact recorded by hand."""
    patient = open_chart(request.actor, public_id, what="facts for vaccines")
    fact = queries.recorded_fact_for(patient, fact_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and attempt(
        form, actions.withdraw_immunization_fact, actor=request.actor, fact=fact, **form.cleaned_data
    ):
        return redirect_to(request, "chart-vaccines", public_id)
    context = {**about(request, patient), "what": queries.name_of_fact(fact.code)}
    return page(request, "immunizations/withdraw_fact.html", context, form=form)


@require_POST
@staff_page(DISCUSS)
def document_talk(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Document that a vaccine was talked over."""
    patient = open_chart(request.actor, public_id, what="vaccines")
    form = TalkForm(request.POST)
    if form.is_valid():
        said = {**form.cleaned_data, "outcome": DiscussionOutcome(form.cleaned_data["outcome"])}
        if attempt(form, actions.document_discussion, actor=request.actor, patient=patient, **said):
            return redirect_to(request, "chart-vaccines", public_id)
    return page(request, "immunizations/talk.html", about(request, patient), form=form, status=422)


@require_GET
@staff_page(READ_CHART)
def record(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The immunization record on paper, in the patient's language or the one asked for."""
    patient = open_chart(request.actor, public_id, what="immunization record")
    language = request.GET.get("language") or patient.language
    words = queries.record_words(patient, language=language, on=request.actor.today)
    answer = HttpResponse(typeset("mainstay.immunizations", "record.typ", words), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{_("immunization-record")}.pdf"'
    return answer
