"""Who pays: a patient's policies, what their cards say, and what was found out about them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.coverage import actions, queries
from mainstay.coverage.forms import ChangePolicyForm, CheckForm, EndForm, PolicyForm, ReasonForm, known_of
from mainstay.coverage.models import Policy
from mainstay.coverage.permissions import RECORD, SEE
from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.people.models import Patient
from mainstay.people.queries import banner_for, open_chart


@require_GET
@staff_page(SEE)
def patient_coverage(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Every policy of a patient, in the order they pay."""
    patient = open_chart(request.actor, public_id, what="coverage")
    return page(request, "coverage/patient_coverage.html", _policies(request, patient))


def _policies(
    request: StaffRequest, patient: Patient, *, refused: CheckForm | None = None, at: Policy | None = None
) -> dict[str, Any]:
    """Every policy with the form for what was found out about it; a refused one keeps what was typed."""
    lines = [
        (one, refused if refused is not None and one == at else CheckForm(auto_id=f"check{one.pk}-%s"))
        for one in queries.policies_of(patient)
    ]
    return {**_about(request, patient), "policies": lines, "check": refused}


def _about(request: StaffRequest, patient: Patient) -> dict[str, Any]:
    back = request.GET.get("back") or request.POST.get("back", "")
    return {
        "patient": patient,
        "banner": banner_for(request.actor, patient),
        "may_record": request.actor.may(RECORD),
        "today": request.actor.today,
        "back": back if back.startswith("/") and not back.startswith("//") else "",
    }


@staff_page(RECORD)
def add(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write down a policy as its card says."""
    patient = open_chart(request.actor, public_id, what="coverage, to change")
    form = PolicyForm(
        request.POST or None, request.FILES or None, initial={"rank": queries.free_rank(patient), "kind": "commercial"}
    )
    if form.is_valid() and attempt(
        form, _add, actor=request.actor, patient=patient, typed=form, confirmed=confirmations_in(request)
    ):
        return redirect_to(request, "patient-coverage", public_id)
    return page(request, "coverage/policy.html", {**_about(request, patient), "payers": queries.payers()}, form=form)


def _add(*, actor: Actor, patient: Patient, typed: PolicyForm, confirmed: Confirmations) -> Policy:
    said = typed.cleaned_data
    payer = actions.know_payer(actor=actor, name=said["payer"], kind=said["kind"])
    return actions.add_policy(
        actor=actor,
        patient=patient,
        payer=payer,
        facts=typed.facts(),
        rank=said["rank"],
        card=typed.card(),
        confirmed=confirmed,
    )


@staff_page(RECORD)
def change(request: StaffRequest, public_id: UUID, policy_id: UUID) -> HttpResponse:
    """Put a policy right, end it, or say that it was never theirs."""
    patient = open_chart(request.actor, public_id, what="coverage, to change")
    policy = queries.policy_for(request.actor, patient, policy_id)
    form = ChangePolicyForm(request.POST or None, request.FILES or None, initial=known_of(policy))
    if form.is_valid() and attempt(
        form, _change, actor=request.actor, policy=policy, typed=form, confirmed=confirmations_in(request)
    ):
        return redirect_to(request, "patient-coverage", public_id)
    context = {**_about(request, patient), "policy": policy, "payers": queries.payers(), "end": EndForm()}
    context |= {"withdraw": ReasonForm(), "versions": queries.versions_of(policy)}
    return page(request, "coverage/policy.html", context, form=form)


def _change(*, actor: Actor, policy: Policy, typed: ChangePolicyForm, confirmed: Confirmations) -> Policy:
    said = typed.cleaned_data
    payer = actions.know_payer(actor=actor, name=said["payer"], kind=said["kind"])
    return actions.change_policy(
        actor=actor, policy=policy, payer=payer, facts=typed.facts(), card=typed.card(), confirmed=confirmed
    )


@require_GET
@staff_page(SEE)
def card(request: StaffRequest, public_id: UUID, policy_id: UUID, side: str) -> HttpResponse:
    """One side of a card as it was photographed, for those who see coverage but no charts."""
    patient = open_chart(request.actor, public_id, what="insurance card")
    paper = queries.card_side(queries.policy_for(request.actor, patient, policy_id), side)
    answer = HttpResponse(bytes(paper.content.content), content_type=paper.media_type)
    answer["Content-Disposition"] = f"inline; filename=card-{side}"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return answer


def _named(request: StaffRequest, public_id: UUID, policy_id: UUID) -> Policy:
    patient = open_chart(request.actor, public_id, what="coverage, to change")
    return queries.policy_for(request.actor, patient, policy_id)


@require_POST
@staff_page(RECORD)
def check(request: StaffRequest, public_id: UUID, policy_id: UUID) -> HttpResponse:
    """Write down what somebody found out about a policy."""
    policy = _named(request, public_id, policy_id)
    form = CheckForm(request.POST, auto_id=f"check{policy.pk}-%s")
    if form.is_valid() and attempt(form, actions.record_check, actor=request.actor, policy=policy, **form.cleaned_data):
        return _back(request, policy)
    context = _policies(request, policy.patient, refused=form, at=policy)
    return page(request, "coverage/patient_coverage.html", context, status=422)


def _back(request: StaffRequest, policy: Policy) -> HttpResponse:
    back = request.POST.get("back", "")
    if back.startswith("/") and not back.startswith("//"):
        return redirect_to(request, back)
    return redirect_to(request, "patient-coverage", policy.patient.public_id)


@require_POST
@staff_page(RECORD)
def end(request: StaffRequest, public_id: UUID, policy_id: UUID) -> HttpResponse:
    """End a policy on a day, with the reason."""
    policy, form = _named(request, public_id, policy_id), EndForm(request.POST)
    if form.is_valid() and attempt(form, actions.end_policy, actor=request.actor, policy=policy, **form.cleaned_data):
        return _back(request, policy)
    return _again(request, policy, end=form)


@require_POST
@staff_page(RECORD)
def withdraw(request: StaffRequest, public_id: UUID, policy_id: UUID) -> HttpResponse:
    """Say that a policy was written down in error."""
    policy, form = _named(request, public_id, policy_id), ReasonForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.withdraw_policy, actor=request.actor, policy=policy, **form.cleaned_data
    ):
        return _back(request, policy)
    return _again(request, policy, withdraw=form)


def _again(request: StaffRequest, policy: Policy, **refused: Any) -> HttpResponse:
    context = {**_about(request, policy.patient), "policy": policy, "payers": queries.payers(), "end": EndForm()}
    context |= {"withdraw": ReasonForm(), "versions": queries.versions_of(policy)}
    form = ChangePolicyForm(initial=known_of(policy))
    return page(request, "coverage/policy.html", {**context, **refused, "form": form}, status=422)


@require_POST
@staff_page(RECORD)
def pay_first(request: StaffRequest, public_id: UUID, policy_id: UUID) -> HttpResponse:
    """Let a policy pay first; Medicaid before another one needs a reason."""
    policy = _named(request, public_id, policy_id)
    actions.make_primary(actor=request.actor, policy=policy, confirmed=confirmations_in(request))
    return redirect_to(request, "patient-coverage", public_id)
