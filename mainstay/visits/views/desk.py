"""The desk: check in, walk in, left early, check out."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.coverage.queries import coverage_in_brief
from mainstay.foundation.components.forms import problems
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.messages.red_flags import Place, arrival_screen
from mainstay.people.queries import banner_for, open_chart, patient_details
from mainstay.visits import actions, queries
from mainstay.visits.errors import LooseEndsLeft
from mainstay.visits.forms import CheckInForm, ChooseRoomForm, LeftForm, LooseEndForm, SettleForm, WalkInForm
from mainstay.visits.lifecycle import STAGE_WORDS, Stage, out_of_turn
from mainstay.visits.models import Visit
from mainstay.visits.permissions import CHECK_IN, CHECK_OUT, ROOM, SEE_BOARD, SEE_PATIENT
from mainstay.visits.rules import is_before_its_day, late_decisions


@require_GET
@staff_page(SEE_BOARD)
def visit(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One visit: where it stands, what it asks, what happened when."""
    shown = queries.visit_for(request.actor, public_id)
    open_chart(request.actor, shown.patient.public_id, what="visit")
    steps = [
        (step, _(STAGE_WORDS[Stage(step.target)])) for step in shown.steps.select_related("by").order_by("at", "pk")
    ]
    context: dict[str, object] = {
        "tasks": shown.tasks.select_related("done_by"),
        "steps": steps,
        "asked_late": queries.asked_late(shown),
    }
    context |= {"late_decisions": late_decisions(), "may_decide": request.actor.may(SEE_PATIENT)}
    return page(request, "visits/visit.html", {**_about(request, shown), **context})


@staff_page(CHECK_IN)
def check_in(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Check a patient in: two identifiers, the arrival screen, coverage, forms due."""
    visit = queries.visit_for(request.actor, public_id)
    open_chart(request.actor, visit.patient.public_id, what="check-in")
    form = CheckInForm(request.POST or None)
    if form.is_valid():
        arguments = {"visit": visit, "check": form.check(), "screen": form.screen()}
        if attempt(form, actions.check_in_patient, actor=request.actor, **arguments):
            is_urgent = arrival_screen(form.screen().answers).place is Place.ROOM_NOW
            return redirect_to(request, "visit-choose-room", public_id) if is_urgent else redirect_to(request, "board")
    context = {**_about(request, visit), **_desk(request, visit)}
    return page(request, "visits/check_in.html", context, form=form)


def _desk(request: StaffRequest, visit: Visit) -> dict[str, object]:
    """What the desk looks at: coverage, forms, what is on file about the person, and how late they are."""
    actor, patient = request.actor, visit.patient
    papers = queries.papers_of_visit(visit)
    is_late = visit.stage in (Stage.EXPECTED, Stage.ARRIVED, Stage.NO_SHOW) and not visit.is_walk_in
    return {
        "coverage": coverage_in_brief(patient, on=visit.day),
        "papers": papers,
        "papers_left": [paper for paper in papers if paper.state == "due"],
        "papers_open": [paper for paper in papers if paper.state == "open" and not paper.is_paper_only],
        "asked_late": queries.asked_late(visit),
        "late": queries.lateness_of(visit, now=actor.now) if is_late else None,
        "is_missed": visit.stage == Stage.NO_SHOW,
        "is_early": visit.stage == Stage.EXPECTED and is_before_its_day(visit.expected_at, actor.now),
        "details": patient_details(actor, patient),
        "confirmed_at": queries.last_confirmed(patient),
        "form_language": "es" if patient.language.startswith("es") else "en",
        "may_give": actor.may("forms.give"),
    }


@require_POST
@staff_page(CHECK_IN)
def ask_about_late(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Ask the provider whether somebody who came late is seen."""
    visit = queries.visit_for(request.actor, public_id)
    actions.ask_about_late(actor=request.actor, visit=visit)
    return redirect_to(request, "visit-check-in", public_id)


@require_POST
@staff_page(SEE_PATIENT)
def decide_late(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Answer the desk about somebody who came late."""
    visit = queries.visit_for(request.actor, public_id)
    actions.decide_late(actor=request.actor, visit=visit, decision=request.POST.get("decision", ""))
    return redirect_to(request, "visit", public_id)


@require_GET
@staff_page(SEE_BOARD)
def patient_visits(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """The visits and bookings of one patient, past and coming, with the summaries that were handed over."""
    patient = open_chart(request.actor, patient_id, what="visits")
    found = queries.visits_of_patient(patient, now=request.actor.now)
    context = {"patient": patient, "banner": banner_for(request.actor, patient), "found": found}
    context |= {"may_book": request.actor.may("scheduling.book"), "may_walk_in": request.actor.may(CHECK_IN)}
    return page(request, "visits/patient_visits.html", context)


@staff_page(ROOM)
def choose_room(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Choose the room somebody is brought to."""
    visit = queries.visit_for(request.actor, public_id)
    form = ChooseRoomForm(request.POST or None, rooms=queries.free_rooms.queryset(visit.site.pk))
    if form.is_valid():
        room = form.cleaned_data["room"]
        if attempt(form, actions.room_patient, actor=request.actor, visit=visit, room=room):
            return redirect_to(request, "rooming", public_id)
    return page(request, "visits/choose_room.html", _about(request, visit), form=form)


@staff_page(CHECK_IN)
def walk_in(request: StaffRequest, patient_id: UUID) -> HttpResponse:
    """Put somebody who is here without a booking on the board."""
    patient = open_chart(request.actor, patient_id, what="walk-in")
    form = WalkInForm(request.POST or None, actor=request.actor, patient=patient)
    if form.is_valid():
        arguments = {"patient": patient, "site": queries.site_of(request.actor), **form.cleaned_data}
        arguments["confirmed"] = confirmations_in(request)
        if visit := attempt(form, actions.register_walk_in, actor=request.actor, **arguments):
            return redirect_to(request, "visit-check-in", visit.public_id)
    return page(request, "visits/walk_in.html", {"banner": banner_for(request.actor, patient)}, form=form)


@staff_page(CHECK_IN)
def left(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say that somebody left before the visit was over."""
    visit = queries.visit_for(request.actor, public_id)
    form = LeftForm(request.POST or None)
    if form.is_valid() and attempt(form, actions.mark_left, actor=request.actor, visit=visit, **form.cleaned_data):
        return redirect_to(request, "board")
    return page(request, "visits/left.html", _about(request, visit), form=form)


@require_GET
@staff_page(CHECK_OUT)
def check_out(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """What is left to arrange, the summary to hand over, and the door."""
    return _check_out(request, queries.visit_for(request.actor, public_id))


def _check_out(
    request: StaffRequest, visit: Visit, form: LooseEndForm | None = None, error: str = "", **given: object
) -> HttpResponse:
    ends = list(visit.loose_ends.select_related("settled_by", "appointment").order_by("pk"))
    context = {
        **_about(request, visit),
        "ends": ends,
        "open_ends": [end for end in ends if end.settled_at is None],
        "settle": SettleForm(),
        "summaries": visit.summaries.defer("pdf").order_by("-made_at"),
        "error": error,
        "page_errors": bool(error),
        "not_yet": out_of_turn("close", Stage(visit.stage)),
        "may_come": not out_of_turn("begin_check_out", Stage(visit.stage)),
    }
    status = 422 if error or (form and form.errors) else 200
    return page(request, "visits/check_out.html", {**context, "form": form or LooseEndForm(), **given}, status=status)


@require_POST
@staff_page(CHECK_OUT)
def add_loose_end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Add something to arrange."""
    visit = queries.visit_for(request.actor, public_id)
    form = LooseEndForm(request.POST)
    if form.is_valid() and attempt(form, actions.add_loose_end, actor=request.actor, visit=visit, **form.cleaned_data):
        return redirect_to(request, "visit-check-out", public_id)
    return _check_out(request, visit, form)


@require_POST
@staff_page(CHECK_OUT)
def settle_loose_end(request: StaffRequest, public_id: UUID, end_id: UUID) -> HttpResponse:
    """Say what became of one thing to arrange."""
    visit = queries.visit_for(request.actor, public_id)
    form = SettleForm(request.POST)
    end = queries.loose_end_of(visit, end_id)
    if form.is_valid() and attempt(form, actions.settle_loose_end, actor=request.actor, end=end, **form.settled()):
        return redirect_to(request, "visit-check-out", public_id)
    wrong = " ".join(one.message for one in problems(form))
    return _check_out(request, visit, error=wrong, settle=form, settling=end)


@require_POST
@staff_page(CHECK_OUT)
def make_summary(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Make the summary to hand over, and open it."""
    visit = queries.visit_for(request.actor, public_id)
    made = actions.make_summary(actor=request.actor, visit=visit, language=request.POST.get("language", "en"))
    return redirect_to(request, "visit-summary-pdf", public_id, made.public_id)


@require_GET
@staff_page(CHECK_OUT)
def summary_pdf(request: StaffRequest, public_id: UUID, summary_id: UUID) -> HttpResponse:
    """The summary as it was handed over."""
    visit = queries.visit_for(request.actor, public_id)
    open_chart(request.actor, visit.patient.public_id, what="visit summary")
    answer = HttpResponse(queries.summary_file(visit, summary_id), content_type="application/pdf")
    answer["Content-Disposition"] = "inline; filename=visit-summary.pdf"
    return answer


@require_POST
@staff_page(CHECK_OUT)
def close(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Close the visit; nothing may be left to arrange."""
    visit = queries.visit_for(request.actor, public_id)
    try:
        actions.close_visit(actor=request.actor, visit=visit)
    except LooseEndsLeft as error:
        return _check_out(request, visit, error=error.message)
    return redirect_to(request, "board")


def _about(request: StaffRequest, visit: Visit) -> dict[str, object]:
    return {"visit": visit, "banner": banner_for(request.actor, visit.patient), "now": request.actor.now}
