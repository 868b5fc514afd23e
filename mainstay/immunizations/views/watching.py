"""After the vaccines: the watch, what is seen, what was done, and what is put right."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.errors import InvalidInput, NotFound
from mainstay.foundation.findings import Severity
from mainstay.foundation.pages import (
    StaffRequest,
    attempt,
    confirmations_in,
    findings_of,
    page,
    redirect_to,
    staff_page,
)
from mainstay.immunizations import actions
from mainstay.immunizations.actions import DoseChanges
from mainstay.immunizations.forms_giving import (
    AmendForm,
    EndWatchForm,
    ReactionForm,
    ReasonForm,
    ReportForm,
    TreatmentForm,
    WitnessForm,
)
from mainstay.immunizations.models import GivenDose, VaccineWatch
from mainstay.immunizations.permissions import GIVE
from mainstay.immunizations.queries.giving import (
    given_dose_for,
    reaction_for,
    vaccination_of,
    watch_of,
    weight_of,
)
from mainstay.immunizations.rules.watching import anaphylaxis_card
from mainstay.immunizations.views.giving import PAGE
from mainstay.immunizations.views.giving_page import giving_page
from mainstay.inventory.queries import lot_by_scan
from mainstay.people.queries import banner_for, open_chart
from mainstay.visits import queries as visit_queries
from mainstay.visits.models import Visit


def _watch(visit: Visit) -> VaccineWatch:
    vaccination = vaccination_of(visit)
    watch = watch_of(vaccination) if vaccination else None
    if watch is None:
        raise NotFound("Nobody is watched at this visit.")
    return watch


@require_POST
@staff_page(GIVE)
def end_watch(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """How the watch ends."""
    visit, form = visit_queries.visit_for(request.actor, public_id), EndWatchForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.end_watch, actor=request.actor, watch=_watch(visit), **form.cleaned_data
    ):
        return redirect_to(request, PAGE, public_id)
    return giving_page(request, visit, status=422, refused=form)


@require_POST
@staff_page(GIVE)
def notice(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Something is seen: the provider is fetched, and the card for this patient opens."""
    visit, form = visit_queries.visit_for(request.actor, public_id), ReactionForm(request.POST)
    if form.is_valid():
        found = attempt(form, actions.notice_reaction, actor=request.actor, watch=_watch(visit), **form.cleaned_data)
        if found:
            return redirect_to(request, "vaccine-reaction-card" if found.is_urgent else PAGE, public_id)
    return giving_page(request, visit, status=422, refused=form)


@require_GET
@staff_page(GIVE)
def reaction_card(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The anaphylaxis card for this patient, and what was noticed; prints on one page."""
    visit = visit_queries.visit_for(request.actor, public_id)
    patient, today = visit.patient, request.actor.today
    open_chart(request.actor, patient.public_id, what="vaccines")
    weight = weight_of(patient, on=today)
    vaccination = vaccination_of(visit)
    watch = watch_of(vaccination) if vaccination else None
    context = {
        "visit": visit,
        "banner": banner_for(request.actor, patient),
        "card": anaphylaxis_card(born=patient.birth_date, on=today, weight_kg=weight),
        "weight": weight,
        "watch": watch,
        "reactions": list(watch.reactions.all()) if watch else [],
        "now": request.actor.now,
    }
    return page(request, "immunizations/reaction_card.html", context)


@require_POST
@staff_page(GIVE)
def treat(request: StaffRequest, public_id: UUID, reaction_id: UUID) -> HttpResponse:
    """What was done about a reaction, and how it went."""
    visit, form = visit_queries.visit_for(request.actor, public_id), TreatmentForm(request.POST)
    reaction = reaction_for(_watch(visit).vaccination, reaction_id)
    if form.is_valid() and attempt(
        form, actions.record_treatment, actor=request.actor, reaction=reaction, **form.cleaned_data
    ):
        return redirect_to(request, PAGE, public_id)
    return giving_page(request, visit, status=422, refused=form, at=reaction.public_id)


@require_POST
@staff_page(GIVE)
def report(request: StaffRequest, public_id: UUID, reaction_id: UUID) -> HttpResponse:
    """The number under which VAERS has it."""
    visit, form = visit_queries.visit_for(request.actor, public_id), ReportForm(request.POST)
    reaction = reaction_for(_watch(visit).vaccination, reaction_id)
    if form.is_valid() and attempt(
        form, actions.record_vaers_report, actor=request.actor, reaction=reaction, **form.cleaned_data
    ):
        return redirect_to(request, PAGE, public_id)
    return giving_page(request, visit, status=422, refused=form, at=reaction.public_id)


def _dose_page(request: StaffRequest, given: GivenDose, status: int = 200, **forms: Any) -> HttpResponse:
    visit = given.preparation.vaccination.visit
    context = {
        "given": given,
        "visit": visit,
        "banner": banner_for(request.actor, given.dose.patient),
        "amendments": list(given.amendments.select_related("by")),
        "statements": list(given.preparation.statements.all()),
        "confirmations": list(given.preparation.confirmations.select_related("by")),
        "doubts": list(given.preparation.concerns.select_related("decided_by").exclude(state="gone")),
        "amend": AmendForm(),
        "withdraw": ReasonForm(),
        "waste": WitnessForm(site_id=visit.site_id),
        **forms,
    }
    found = findings_of(request, context["amend"])
    context["to_confirm"] = [one for one in found if one.severity is Severity.CONFIRM]
    return page(request, "immunizations/given_dose.html", context, status=status)


@require_GET
@staff_page(GIVE)
def given_dose(request: StaffRequest, dose_id: UUID) -> HttpResponse:
    """One dose given here, with everything the law wants on it, and the way to put it right."""
    given = given_dose_for(dose_id)
    open_chart(request.actor, given.dose.patient.public_id, what="vaccines")
    return _dose_page(request, given)


@require_POST
@staff_page(GIVE)
def amend(request: StaffRequest, dose_id: UUID) -> HttpResponse:
    """Put facts of a dose right, with a reason."""
    given, form = given_dose_for(dose_id), AmendForm(request.POST)
    if form.is_valid() and attempt(form, _amend, request=request, given=given, typed=form):
        return redirect_to(request, "given-dose", dose_id)
    return _dose_page(request, given_dose_for(dose_id), 422, amend=form)


def _amend(request: StaffRequest, given: GivenDose, typed: AmendForm) -> GivenDose:
    told = {"reason": typed.cleaned_data["reason"], "confirmed": confirmations_in(request)}
    return actions.amend_dose(actor=request.actor, given=given, changes=_changes(request, given, typed), **told)


def _changes(request: StaffRequest, given: GivenDose, form: AmendForm) -> DoseChanges:
    typed, zone = form.cleaned_data, request.actor.zone
    clock, scan = typed["given_clock"], typed["scan"].strip()
    lots = lot_by_scan(site_id=given.clinic_id, scan=scan, on=request.actor.now).lots if scan else ()
    if scan and not lots:
        raise InvalidInput("This lot is not in stock here.", field="scan")
    same_fund = [one for one in lots if str(one.lot.funding) == given.funding]
    return DoseChanges(
        site=typed["site"] or None,
        given_at=datetime.combine(given.given_on, clock, tzinfo=zone) if clock else None,
        lot=(same_fund or list(lots))[0].lot if lots else None,
        statement_how=typed["statement_how"],
        statement_language=typed["statement_language"] or "en",
    )


@require_POST
@staff_page(GIVE)
def withdraw(request: StaffRequest, dose_id: UUID) -> HttpResponse:
    """Entered in error: it counts no more; its dose comes back, or is wasted with a witness."""
    given, form = given_dose_for(dose_id), ReasonForm(request.POST)
    lost = WitnessForm(request.POST, site_id=given.preparation.vaccination.visit.site_id)
    told = {"wasted_because": "", "witness": None}
    if request.POST.get("stock") == "wasted" and lost.is_valid():
        told = lost.cleaned_data
    if form.is_valid() and attempt(
        form, actions.withdraw_dose, actor=request.actor, given=given, **told, **form.cleaned_data
    ):
        return redirect_to(request, "given-dose", dose_id)
    return _dose_page(request, given, 422, withdraw=form)
