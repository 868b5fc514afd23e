"""Who waits for a time, and who is to be called back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.people.queries import banner_for, numbers_to_call, open_chart
from mainstay.scheduling import actions, queries
from mainstay.scheduling.forms import URGENCY, ReasonForm, RecallForm, WaitForm
from mainstay.scheduling.permissions import BOOK, SEE

STOPPED = "This cannot wait: get a clinician now. It is on the clinicians' list."
AHEAD_DAYS = {"due": 0, "month": 31, "quarter": 92}


@require_GET
@staff_page(SEE)
def wait_list(request: StaffRequest) -> HttpResponse:
    """Who waits, in the order in which they are asked, and what is held for whom."""
    offers = list(queries.open_offers())
    numbers = numbers_to_call(offer.entry.patient_id for offer in offers)
    context = {
        "waiting": [(entry, dict(URGENCY)[entry.urgency]) for entry in queries.people_waiting()],
        "offers": [(offer, numbers.get(offer.entry.patient_id)) for offer in offers],
        "may_book": request.actor.may(BOOK),
        "stopped": STOPPED if request.GET.get("stopped") else "",
    }
    return page(request, "scheduling/wait_list.html", {**context, "now": request.actor.now, "zone": request.actor.zone})


@staff_page(BOOK)
def join(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Put somebody on the wait list, perhaps with what they have booked already."""
    patient = open_chart(request.actor, patient_id, what="wait list")
    booked = patient.appointments.filter(state="booked", during__startswith__gt=request.actor.now).order_by("during")
    form = WaitForm(request.POST or None, actor=request.actor, patient=patient)
    if form.is_valid():
        said = form.cleaned_data
        arguments = {
            "patient": patient,
            **{name: said[name] for name in ("visit_type", "provider")},
            "wanted": form.wanted(),
            "confirmed": confirmations_in(request),
            "current_appointment": booked.filter(visit_type=said["visit_type"]).first(),
        }
        stopped = actions.stop_for_red_flag(actor=request.actor, patient=patient, reason=said["note"])
        if stopped is not None:
            form.add_error("note", f"{stopped.title}. {STOPPED}")
        elif attempt(form, actions.join_wait_list, actor=request.actor, **arguments):
            return redirect_to(request, "wait-list")
    context = {"banner": banner_for(request.actor, patient), "booked": booked.select_related("visit_type", "site")}
    return page(request, "scheduling/join.html", context, form=form)


@require_POST
@staff_page(BOOK)
def leave(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Take somebody off the wait list."""
    entry = queries.people_waiting().filter(public_id=public_id).first()
    if entry is None:
        raise NotFound("They are not on the wait list any more.")
    actions.leave_wait_list(actor=request.actor, entry=entry, reason=request.POST.get("reason", ""))
    return redirect_to(request, "wait-list")


@require_POST
@staff_page(BOOK)
def answer_offer(request: StaffRequest, public_id: UUID, answer: str) -> HttpResponse:
    """They take the time that is held for them, or they do not."""
    offer = queries.open_offers().filter(public_id=public_id).first()
    if offer is None:
        raise NotFound("This offer is over: it was answered, or it ran out.")
    note = offer.entry.note
    if answer == "accept" and actions.stop_for_red_flag(actor=request.actor, patient=offer.entry.patient, reason=note):
        return redirect_to(request, f"{reverse('wait-list')}?stopped=1")
    if answer == "accept":
        booked = actions.accept_offer(actor=request.actor, offer=offer)
        return redirect_to(request, "appointment", booked.public_id)
    actions.decline_offer(actor=request.actor, offer=offer)
    return redirect_to(request, "wait-list")


@require_GET
@staff_page(SEE)
def recalls(request: StaffRequest) -> HttpResponse:
    """Who is to be called back."""
    ahead = request.GET.get("ahead", "month")
    until = request.actor.today + timedelta(days=AHEAD_DAYS.get(ahead, 31))
    found = list(queries.due_recalls(until=until))
    numbers = numbers_to_call(one.patient_id for one in found)
    recalls = [(one, numbers.get(one.patient_id)) for one in found]
    context = {"recalls": recalls, "ahead": ahead, "today": request.actor.today}
    return page(request, "scheduling/recalls.html", {**context, "may_book": request.actor.may(BOOK)})


@staff_page(BOOK)
def add_recall(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Write down that somebody is to be called back."""
    patient = open_chart(request.actor, patient_id, what="recall")
    form = RecallForm(request.POST or None, actor=request.actor, patient=patient)
    if form.is_valid() and attempt(
        form, actions.recall_patient, actor=request.actor, patient=patient, **form.cleaned_data
    ):
        return redirect_to(request, "recalls")
    return page(request, "scheduling/add_recall.html", {"banner": banner_for(request.actor, patient)}, form=form)


@require_POST
@staff_page(BOOK)
def recall_tried(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """We tried to reach them."""
    actions.note_recall_attempt(actor=request.actor, recall=queries.recall_named(public_id))
    return redirect_to(request, "recalls")


@require_POST
@staff_page(BOOK)
def recall_close(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """End a recall without a booking."""
    form = ReasonForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    actions.close_recall(actor=request.actor, recall=queries.recall_named(public_id), reason=reason)
    return redirect_to(request, "recalls")
