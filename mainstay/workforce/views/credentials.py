"""What somebody holds, what was signed off, what they were trained in."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.workforce import actions
from mainstay.workforce.forms import CredentialForm, ReasonForm, SignOffForm, TrainingForm, VerificationForm
from mainstay.workforce.models import LadderRung
from mainstay.workforce.permissions import SIGN_OFF, VERIFY_CREDENTIALS
from mainstay.workforce.queries import (
    credential_named,
    credential_shown,
    ladders_of,
    oneself,
    staff_named,
    training_numbered,
)

REASONS = ("Signed off at another clinic", "Re-check of long experience", "State allows fewer")


@staff_page(VERIFY_CREDENTIALS)
def record(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write down something somebody holds."""
    staff = staff_named(public_id)
    form = CredentialForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if form.is_valid():
        made = attempt(form, actions.record_credential, actor=request.actor, staff=staff, **form.cleaned_data)
        if made is not None:
            messages.success(request, _("Recorded. It counts once it is verified with its issuer."))
            return redirect_to(request, "verify-credential", made.public_id)
    return page(request, "workforce/record_credential.html", {"staff": staff}, form=form)


@staff_page(VERIFY_CREDENTIALS)
def verify(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that the issuer confirmed it."""
    credential = credential_named(public_id)
    form = VerificationForm(request.POST or None, initial={"expires_on": credential.expires_on})
    if form.is_valid() and attempt(
        form, actions.verify_credential, actor=request.actor, credential=credential,
        verifier=oneself(request.actor), **form.cleaned_data,
    ):  # fmt: skip
        messages.success(request, _("Verified."))
        return redirect_to(request, "person", credential.staff.public_id)
    shown = credential_shown(credential, request.actor.today)
    return page(
        request, "workforce/verify_credential.html", {"credential": shown, "staff": credential.staff}, form=form
    )


@staff_page(VERIFY_CREDENTIALS)
def revoke(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that it no longer counts."""
    credential = credential_named(public_id)
    form = ReasonForm(request.POST or None)
    if form.is_valid() and attempt(
        form, actions.revoke_credential, actor=request.actor, credential=credential, reason=form.cleaned_data["reason"]
    ):
        messages.success(request, _("It no longer counts, from today."))
        return redirect_to(request, "person", credential.staff.public_id)
    shown = credential_shown(credential, request.actor.today)
    return page(
        request, "workforce/revoke_credential.html", {"credential": shown, "staff": credential.staff}, form=form
    )


@staff_page(SIGN_OFF)
def sign_off(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Sign one act off, rung by rung, or take it away."""
    staff = staff_named(public_id)
    form = SignOffForm(request.POST or None, initial={"act": request.GET.get("act", "")})
    if form.is_valid():
        seen = actions.Assessment(**{**form.cleaned_data, "rung": LadderRung(form.cleaned_data["rung"])})
        if attempt(
            form, actions.sign_off_competency, actor=request.actor, staff=staff, assessor=oneself(request.actor),
            assessment=seen, confirmed=confirmations_in(request),
        ):  # fmt: skip
            messages.success(request, _("Signed off in your name."))
            return redirect_to(request, "person", staff.public_id)
    context = {"staff": staff, "ladders": ladders_of(staff, request.actor.today), "reasons": REASONS}
    return page(request, "workforce/sign_off.html", context, form=form)


@staff_page(SIGN_OFF)
def record_training(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Write down training the law asks about."""
    staff = staff_named(public_id)
    form = TrainingForm(request.POST or None, initial={"completed_on": request.actor.today})
    if form.is_valid() and attempt(
        form, actions.record_training, actor=request.actor, staff=staff, **form.cleaned_data
    ):
        messages.success(request, _("Recorded."))
        return redirect_to(request, "person", staff.public_id)
    return page(request, "workforce/record_training.html", {"staff": staff}, form=form)


@require_POST
@staff_page(SIGN_OFF)
def withdraw_training(request: StaffRequest, public_id: UUID, number: int) -> HttpResponse:
    """Take back training recorded by mistake."""
    staff = staff_named(public_id)
    actions.withdraw_training(actor=request.actor, training=training_numbered(staff, number))
    messages.success(request, _("Taken back; it stays in the history."))
    return redirect_to(request, "person", staff.public_id)
