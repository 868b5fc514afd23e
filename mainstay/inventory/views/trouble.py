"""Recalls and their letters; borrowing between funds."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.foundation.printing import typeset
from mainstay.inventory import actions, queries
from mainstay.inventory.forms import BorrowForm, RecallForm, ReplaceForm, SpanishForm, VerdictForm, WhyForm
from mainstay.inventory.models import Borrowing, Recall
from mainstay.inventory.permissions import ADJUST, RECALL, SEE, USE
from mainstay.inventory.rules.reasons import title_of
from mainstay.people.queries import numbers_to_call, spell_phone


@staff_page(SEE)
def recalls(request: StaffRequest) -> HttpResponse:
    """Every recall; a new one."""
    form = RecallForm(request.POST or None, items=queries.items_to_recall(), initial=request.GET.dict())
    about = {"actor": request.actor, "confirmed": confirmations_in(request)}
    if form.is_valid() and (made := attempt(form, actions.recall_lot, **about, **form.cleaned_data)):
        return redirect_to(request, "stock-recall", made.public_id)
    context = {"recalls": queries.recalls(), "may_recall": request.actor.may(RECALL)}
    return page(request, "inventory/recalls.html", context, form=form)


@require_GET
@staff_page(SEE)
def recall(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One recall: what is held, who had it, who has been told."""
    return _recall(request, public_id)


def _recall(request: StaffRequest, public_id: UUID, form: Form | None = None, at: int | None = None) -> HttpResponse:
    shown = queries.recall_named(public_id)
    notices = list(shown.notices.all())
    numbers = numbers_to_call(one.patient_id for one in notices)
    holds = [
        (hold, form if form and hold.pk == at else VerdictForm(prefix=f"hold-{hold.pk}")) for hold in shown.holds.all()
    ]
    context = {
        "recall": shown,
        "never_here": not queries.was_ever_here(shown),
        "notices": [(one, numbers.get(one.patient_id)) for one in notices],
        "people": len({n.patient_id for n in notices}),
        "untold": len({n.patient_id for n in notices if n.told_at is None}),
        "holds": holds,
        "close": form if isinstance(form, WhyForm) else WhyForm(prefix="close"),
        "letters": queries.recall_letters(shown),
        "spanish": form if isinstance(form, SpanishForm) else SpanishForm(),
        "may_recall": request.actor.may(RECALL),
        "may_use": request.actor.may(USE),
    }
    return page(request, "inventory/recall.html", context, form=form)


@require_GET
@staff_page(SEE)
def letters(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One file of the letters, one a patient, as a PDF: `?file=2` is the second."""
    asked = request.GET.get("file", "1")
    number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 5 else 1
    return _pdf(request, queries.recall_named(public_id), number=number)


def _pdf(request: StaffRequest, shown: Recall, *, number: int = 1, only: int | None = None) -> HttpResponse:
    words = queries.letter_words(request.actor, shown, number=number, patient_id=only)
    if not words["letters"]:
        raise NotFound("There is no letter in this file: nobody had the lot, or who had it has died.")
    answer = HttpResponse(typeset("mainstay.inventory", "recall_letter.typ", words), content_type="application/pdf")
    name = f"recall-{shown.lot_number}-letter" if only else f"recall-{shown.lot_number}-letters-{number}"
    answer["Content-Disposition"] = f"inline; filename={re.sub(r'[^A-Za-z0-9-]', '-', name)}.pdf"
    return answer


@require_GET
@staff_page(SEE)
def letter(request: StaffRequest, public_id: UUID, notice: int) -> HttpResponse:
    """One patient's letter as a PDF."""
    shown = queries.recall_named(public_id)
    return _pdf(request, shown, only=queries.notice_numbered(shown, notice).patient_id)


@require_POST
@staff_page(RECALL)
def spanish(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What the letters in Spanish say."""
    form = SpanishForm(request.POST)
    about = {"actor": request.actor, "recall": queries.recall_named(public_id)}
    if form.is_valid() and attempt(form, actions.word_recall_in_spanish, **about, **form.cleaned_data):
        return redirect_to(request, "stock-recall", public_id)
    return _recall(request, public_id, form)


@require_POST
@staff_page(USE)
def told(request: StaffRequest, public_id: UUID, notice: int) -> HttpResponse:
    """Somebody was told."""
    found = queries.notice_numbered(queries.recall_named(public_id), notice)
    actions.mark_told(actor=request.actor, notice=found, how=request.POST.get("how", ""))
    return redirect_to(request, "stock-recall", public_id)


@require_POST
@staff_page(RECALL)
def recall_verdict(request: StaffRequest, public_id: UUID, hold: int) -> HttpResponse:
    """What becomes of recalled stock."""
    held = queries.recall_hold_numbered(queries.recall_named(public_id), hold)
    form = VerdictForm(request.POST, prefix=f"hold-{hold}")
    if form.is_valid() and attempt(form, actions.decide_hold, actor=request.actor, hold=held, **form.cleaned_data):
        return redirect_to(request, "stock-recall", public_id)
    return _recall(request, public_id, form, hold)


@require_POST
@staff_page(RECALL)
def recall_close(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End the work on a recall."""
    form = WhyForm(request.POST, prefix="close")
    about = {"actor": request.actor, "recall": queries.recall_named(public_id)}
    if form.is_valid() and attempt(form, actions.close_recall, **about, **form.cleaned_data):
        return redirect_to(request, "stock-recall", public_id)
    return _recall(request, public_id, form)


@staff_page(SEE)
def borrowings(request: StaffRequest) -> HttpResponse:
    """What one fund owes another; a new borrowing."""
    stocks = queries.stocks_to_choose(site_id=request.actor.site_id or 0)
    funds = queries.funds_here(*(stock.lot.funding for stock in stocks))
    form = BorrowForm(request.POST or None, stocks=stocks, funds=funds)
    if form.is_valid() and (made := attempt(form, _borrow, request=request, typed=dict(form.cleaned_data))):
        return redirect_to(request, "stock-borrowing", made.public_id)
    context = {"borrowings": queries.borrowings(), "may_adjust": request.actor.may(ADJUST)}
    return page(request, "inventory/borrowings.html", context, form=form)


def _borrow(request: StaffRequest, typed: dict[str, Any]) -> Borrowing:
    patient = queries.patient_numbered(typed.pop("mrn"))
    return actions.borrow_doses(actor=request.actor, patient=patient, **typed)


@staff_page(SEE)
def borrowing(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One borrowing, and what it is replaced with."""
    shown = queries.borrowing_named(public_id)
    every = queries.stocks_to_choose(site_id=request.actor.site_id or 0, item=shown.item)
    stocks = [stock for stock in every if stock.lot.funding == shown.borrowed_as.funding]
    form = ReplaceForm(request.POST or None, stocks=stocks)
    about = {"actor": request.actor, "borrowing": shown}
    if form.is_valid() and attempt(form, actions.replace_borrowed, **about, **form.cleaned_data):
        return redirect_to(request, "stock-borrowing", public_id)
    context = {"borrowing": shown, "stocks": stocks, "may_adjust": request.actor.may(ADJUST)}
    return page(request, "inventory/borrowing.html", context, form=form)


@require_GET
@staff_page(SEE)
def borrowing_form(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The borrowing on paper, to sign and send."""
    shown = queries.borrowing_named(public_id)
    context = {
        "borrowing": shown,
        "reason": title_of("borrow", shown.cause),
        **queries.paper_head(request.actor),
        "phone": spell_phone(queries.site_here(request.actor).phone),
    }
    return page(request, "inventory/borrowing_form.html", context)
