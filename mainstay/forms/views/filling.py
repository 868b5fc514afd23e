"""One form at the desk: filled in, signed, declined, scanned, witnessed, printed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.forms import actions, queries
from mainstay.forms.forms import AnswersForm, DeskSignForm, ReasonForm, ScanForm, typed_answers
from mainstay.forms.models import FormResponse
from mainstay.forms.permissions import EXPLAIN, GIVE, SEE, WITNESS
from mainstay.forms.rules import form_kinds
from mainstay.forms.texts import phrases, text_of
from mainstay.forms.views.patient import pdf
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.foundation.printing import typeset
from mainstay.people.queries import banner_for, open_chart


def opened(request: StaffRequest, response_id: UUID) -> FormResponse:
    """One form whose chart this person may open, the look written down."""
    response = queries.response_for(request.actor, response_id)
    open_chart(request.actor, response.patient.public_id, what=f"form {response.form}")
    return response


@staff_page(SEE)
def form(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Fill a form in and sign it, or read what was signed."""
    response = opened(request, response_id)
    if response.status != "assigned":
        return page(request, "forms/signed.html", {**_about(request, response), "words": queries.form_words(response)})
    answers, sign = _forms(request, response)
    if request.method == "POST" and answers.is_valid() and sign.is_valid():
        request.actor.may(GIVE).or_raise()
        arguments = {
            "answers": answers.answers(),
            "signing": sign.signing("desk"),
            "confirmed": confirmations_in(request),
        }
        if attempt(sign, actions.sign_form, actor=request.actor, response=response, **arguments):
            return redirect_to(request, "form", response.public_id)
    context = {**_about(request, response), "answers": answers, "say": phrases(response.language)}
    is_refused = request.method == "POST"
    return page(request, "forms/fill.html", {**context, "form": sign}, status=422 if is_refused else 200)


def _forms(request: StaffRequest, response: FormResponse) -> tuple[AnswersForm, DeskSignForm]:
    today, posted = request.actor.today, request.POST or None
    signers = queries.signers_of(response, on=today)
    is_minor = queries.patient_is_minor(response.patient, on=today)
    first = next((s.value for s in signers if s.decision), None)
    sign = DeskSignForm(posted, response=response, signers=signers, is_minor=is_minor, initial={"signer": first})
    return AnswersForm(posted, response=response, asks_staff=True), sign


def _about(request: StaffRequest, response: FormResponse) -> dict[str, Any]:
    actor, kind = request.actor, form_kinds()[response.form]
    return {
        "response": response,
        "kind": kind,
        "text": text_of(response.form, response.version),
        "banner": banner_for(actor, response.patient),
        "signers": queries.signers_of(response, on=actor.today),
        "gaps": queries.consent_findings(response, on=actor.today) if response.status == "signed" else (),
        "may_give": actor.may(GIVE),
        "may_explain": actor.may(EXPLAIN),
        "may_witness": actor.may(WITNESS),
        "may_scan": actor.may("chart.file_documents"),
        "reason": ReasonForm(),
    }


@require_POST
@staff_page(GIVE, repeatable=True)
def keep(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Keep what is answered so far, as it is typed."""
    response = opened(request, response_id)
    typed = typed_answers(text_of(response.form, response.version), request.POST)
    actions.keep_answers(actor=request.actor, response=response, answers=typed)
    return HttpResponse(status=204)


def _with_reason(request: StaffRequest, response_id: UUID, action: Callable[..., FormResponse]) -> HttpResponse:
    response, given = opened(request, response_id), ReasonForm(request.POST)
    if given.is_valid() and attempt(given, action, actor=request.actor, response=response, **given.cleaned_data):
        return redirect_to(request, "patient-forms", response.patient.public_id)
    context = {**_about(request, response), "say": phrases(response.language), "form": given}
    return page(request, "forms/why.html", context, status=422)


@require_POST
@staff_page(GIVE)
def decline(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Write down that somebody would not sign."""
    return _with_reason(request, response_id, actions.decline_form)


@require_POST
@staff_page(GIVE)
def take_back(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Take back a form that was given out in error."""
    return _with_reason(request, response_id, actions.take_back_form)


@require_POST
@staff_page(GIVE)
def withdraw(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """The patient takes a signed form back."""
    return _with_reason(request, response_id, actions.withdraw_form)


@require_POST
@staff_page(EXPLAIN)
def explain(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """A provider says that they explained it."""
    actions.explain_form(actor=request.actor, response=opened(request, response_id))
    return redirect_to(request, "form", response_id)


@require_POST
@staff_page(WITNESS)
def witness(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Say that one saw it signed."""
    actions.witness_form(actor=request.actor, response=opened(request, response_id))
    return redirect_to(request, "form", response_id)


@staff_page("chart.file_documents")
def scan(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """Scan a paper in that was signed by hand."""
    response = opened(request, response_id)
    signers = queries.signers_of(response, on=request.actor.today)
    given = ScanForm(request.POST or None, request.FILES or None, response=response, signers=signers)
    if given.is_valid():
        keys = (given.cleaned_data["family_name"], given.cleaned_data["birth_date"])
        arguments = {"content": given.cleaned_data["file"].read(), "keys": keys, "signing": given.signing()}
        if attempt(given, actions.file_signed_paper, actor=request.actor, response=response, **arguments):
            return redirect_to(request, "form", response_id)
    return page(request, "forms/scan.html", _about(request, response), form=given)


@require_GET
@staff_page(SEE)
def paper(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """A form on paper: blank for its patient while it is open, then as it was signed."""
    response = opened(request, response_id)
    return pdf(typeset("mainstay.forms", "form.typ", queries.form_words(response)), response.form)


@require_GET
@staff_page(SEE)
def scanned(request: StaffRequest, response_id: UUID) -> HttpResponse:
    """The paper that was signed by hand, as it was scanned in."""
    response = opened(request, response_id)
    if response.document is None:
        raise NotFound("This form was not signed on paper.")
    answer = HttpResponse(bytes(response.document.content.content), content_type=response.document.media_type)
    answer["Content-Disposition"] = "inline; filename=signed-paper"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"
    return answer
