"""Giving vaccines on one page: every step opens the next, by scanner or keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.immunizations import actions
from mainstay.immunizations.errors import NotIdentifiedYet
from mainstay.immunizations.forms_giving import (
    BackForm,
    DecideForm,
    EligibilityForm,
    GiveForm,
    IdentifyForm,
    PlaceForm,
    ReasonForm,
    RefuseForm,
    ScanForm,
    ScreeningForm,
    StatementsForm,
    WitnessForm,
    WordsForm,
)
from mainstay.immunizations.models import Vaccination, VaccinePreparation
from mainstay.immunizations.permissions import CHECK, DECIDE, GIVE
from mainstay.immunizations.queries.checks import lot_named
from mainstay.immunizations.queries.giving import concern_for, preparation_for, vaccination_of, visit_of_today
from mainstay.immunizations.queries.page import giving_page_of
from mainstay.immunizations.views.giving_page import giving_page, place_form
from mainstay.people.queries import banner_for, open_chart
from mainstay.visits import queries as visit_queries
from mainstay.visits.models import Visit

PAGE = "give-vaccine"


@require_GET
@staff_page(GIVE)
def give_to_patient(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """From a chart to the vaccines of today's visit; whoever has not come is checked in first."""
    patient = open_chart(request.actor, public_id, what="vaccines")
    visit = visit_of_today(patient, request.actor)
    if visit is None:
        return page(request, "immunizations/not_here.html", {"banner": banner_for(request.actor, patient)})
    return redirect_to(request, PAGE, visit.public_id)


@require_GET
@staff_page(GIVE)
def give(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Everything about giving vaccines at one visit."""
    visit = visit_queries.visit_for(request.actor, public_id)
    open_chart(request.actor, visit.patient.public_id, what="vaccines")
    return giving_page(request, visit)


def _visit(request: StaffRequest, public_id: UUID) -> Visit:
    return visit_queries.visit_for(request.actor, public_id)


def _begun(visit: Visit) -> Vaccination:
    found = vaccination_of(visit)
    if found is None:
        raise NotIdentifiedYet()
    return found


def _done(request: StaffRequest, visit: Visit, part: str) -> HttpResponse:
    return redirect_to(request, f"{reverse(PAGE, args=[visit.public_id])}#{part}")


@require_POST
@staff_page(GIVE)
def identify(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Two identifiers, said by the patient."""
    visit, form = _visit(request, public_id), IdentifyForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.identify_for_vaccines, actor=request.actor, visit=visit, **form.cleaned_data
    ):
        return _done(request, visit, "due")
    return giving_page(request, visit, status=422, refused=form)


@require_POST
@staff_page(GIVE)
def choose(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Begin to prepare one vaccine group."""
    visit, form = _visit(request, public_id), forms.Form(request.POST)
    form.is_valid()
    chosen = {"vaccination": _begun(visit), "group": request.POST.get("group", "")}
    if attempt(form, actions.choose_vaccine, actor=request.actor, **chosen):
        return _done(request, visit, "due")
    return giving_page(request, visit, status=422, refused=form)


@require_POST
@staff_page(GIVE)
def screen(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The answers to every question."""
    visit = _visit(request, public_id)
    shown = giving_page_of(request.actor, visit)
    form = ScreeningForm(request.POST, asked=shown.asked)
    if form.is_valid():
        said = {"answers": form.said(), "told_by": form.cleaned_data["told_by"]}
        if attempt(form, actions.record_screening, actor=request.actor, vaccination=_begun(visit), **said):
            return _done(request, visit, "pays")
    return giving_page(request, visit, status=422, refused=form)


@require_POST
@staff_page(GIVE)
def pay(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Who pays today."""
    visit = _visit(request, public_id)
    born, setting = visit.patient.birth_date, visit.site.setting
    form = EligibilityForm(request.POST, born=born, on=request.actor.today, setting=setting)
    if form.is_valid() and attempt(
        form, actions.record_eligibility, actor=request.actor, vaccination=_begun(visit), **form.cleaned_data
    ):
        return _done(request, visit, "vaccines")
    return giving_page(request, visit, status=422, refused=form)


def _on_card(
    request: StaffRequest,
    public_id: UUID,
    preparation_id: UUID,
    form: Any,
    act: Callable[[VaccinePreparation, Any], Any],
) -> HttpResponse:
    """Do something with one vaccine of the visit, and show its card again, in order or with what is wrong."""
    visit = _visit(request, public_id)
    preparation = preparation_for(_begun(visit), preparation_id)
    made = form(preparation, visit) if callable(form) else form
    if made.is_valid() and act(preparation, made):
        return _done(request, visit, f"vaccine-{preparation.pk}")
    return giving_page(request, visit, status=422, refused=made, at=preparation.public_id)


@require_POST
@staff_page(GIVE)
def take(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """Take the vial: scanned, picked from the list, or its lot number typed."""

    def act(preparation: VaccinePreparation, form: ScanForm) -> Any:
        told = {"actor": request.actor, "preparation": preparation, "confirmed": confirmations_in(request)}
        if request.POST.get("lot"):
            return attempt(form, actions.take_vial, lot=lot_named(request.POST["lot"]), how="picked", **told)
        return attempt(form, actions.scan_vial, scan=form.cleaned_data["scan"], **told)

    return _on_card(request, public_id, preparation_id, ScanForm(request.POST), act)


@require_POST
@staff_page(GIVE)
def place(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """Dose, route, site and needle."""

    def form(preparation: VaccinePreparation, visit: Visit) -> PlaceForm:
        shown = giving_page_of(request.actor, visit)
        card = next(one for one in shown.cards if one.preparation.pk == preparation.pk)
        return place_form(request, shown, card, request.POST)

    def act(preparation: VaccinePreparation, form: PlaceForm) -> Any:
        told = {"placement": form.placement(), "confirmed": confirmations_in(request)}
        return attempt(form, actions.place_dose, actor=request.actor, preparation=preparation, **told)

    return _on_card(request, public_id, preparation_id, form, act)


@require_POST
@staff_page(CHECK)
def check(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """A licensed person says that vaccine and dose are right."""

    def act(preparation: VaccinePreparation, form: forms.Form) -> Any:
        return attempt(form, actions.check_dose, actor=request.actor, preparation=preparation)

    return _on_card(request, public_id, preparation_id, forms.Form(request.POST), act)


@require_POST
@staff_page(GIVE)
def inform(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """The statements were handed over."""

    def act(preparation: VaccinePreparation, form: StatementsForm) -> Any:
        typed = {**form.cleaned_data, "multi": "yes" if form.cleaned_data["multi"] else ""}
        return attempt(form, actions.hand_over_statements, actor=request.actor, preparation=preparation, **typed)

    return _on_card(request, public_id, preparation_id, StatementsForm(request.POST), act)


@require_POST
@staff_page(GIVE)
def give_dose(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """The act itself."""

    def act(preparation: VaccinePreparation, form: GiveForm) -> Any:
        told = {**form.cleaned_data, "confirmed": confirmations_in(request)}
        return attempt(form, actions.give_dose, actor=request.actor, preparation=preparation, **told)

    return _on_card(request, public_id, preparation_id, GiveForm(request.POST), act)


@require_POST
@staff_page(GIVE)
def refuse(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """The patient or parent says no."""

    def act(preparation: VaccinePreparation, form: RefuseForm) -> Any:
        return attempt(form, actions.refuse_vaccine, actor=request.actor, preparation=preparation, **form.said())

    return _on_card(request, public_id, preparation_id, RefuseForm(request.POST), act)


@require_POST
@staff_page(GIVE)
def waste(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """A vial in hand is lost."""

    def form(preparation: VaccinePreparation, visit: Visit) -> WitnessForm:
        return WitnessForm(request.POST, site_id=visit.site_id)

    def act(preparation: VaccinePreparation, form: WitnessForm) -> Any:
        lost = {"reason": form.cleaned_data["wasted_because"], "witness": form.cleaned_data["witness"]}
        return attempt(form, actions.waste_vial, actor=request.actor, preparation=preparation, **lost)

    return _on_card(request, public_id, preparation_id, form, act)


@require_POST
@staff_page(GIVE)
def put_aside(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """Not now; or only the vial goes back."""
    is_vial = request.POST.get("what") == "vial"
    do = actions.put_vial_back if is_vial else actions.put_vaccine_aside
    form = BackForm(request.POST) if is_vial else ReasonForm(request.POST)

    def act(preparation: VaccinePreparation, form: ReasonForm) -> Any:
        return attempt(form, do, actor=request.actor, preparation=preparation, **form.cleaned_data)

    return _on_card(request, public_id, preparation_id, form, act)


@require_POST
@staff_page(GIVE)
def ask_for_order(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """Leave out a vaccine its standing order does not allow, and prepare an order for this patient."""

    def act(preparation: VaccinePreparation, form: forms.Form) -> Any:
        if order := attempt(form, actions.ask_for_order, actor=request.actor, preparation=preparation):
            signer = order.for_provider.shown_name if order.for_provider else _("A provider")
            messages.success(request, _("Prepared. %(signer)s is asked to sign it.") % {"signer": signer})
        return order

    return _on_card(request, public_id, preparation_id, forms.Form(request.POST), act)


@require_POST
@staff_page(GIVE)
def ask(request: StaffRequest, public_id: UUID, preparation_id: UUID) -> HttpResponse:
    """Hold a vaccine for a doubt of one's own."""

    def act(preparation: VaccinePreparation, form: WordsForm) -> Any:
        return attempt(form, actions.ask_clinician, actor=request.actor, preparation=preparation, **form.cleaned_data)

    return _on_card(request, public_id, preparation_id, WordsForm(request.POST), act)


@require_POST
@staff_page(DECIDE)
def decide(request: StaffRequest, public_id: UUID, concern_id: UUID) -> HttpResponse:
    """A clinician decides on a doubt, in words."""
    visit = _visit(request, public_id)
    concern = concern_for(_begun(visit), concern_id)
    form = DecideForm(request.POST, doubt=concern.pk)
    do = actions.clear_concern if request.POST.get("what") == "clear" else actions.uphold_concern
    if form.is_valid() and attempt(form, do, actor=request.actor, concern=concern, **form.cleaned_data):
        return _done(request, visit, f"vaccine-{concern.preparation_id}")
    return giving_page(request, visit, status=422, refused=form, at=concern.preparation.public_id)
