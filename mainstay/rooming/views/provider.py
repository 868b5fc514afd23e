"""The provider's side: the hand-off, a short note, a signature, an answer, what is to be arranged."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.chart.queries import active_problems, current_medications, in_words, observations_of_visit
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.people.queries import banner_for, open_chart
from mainstay.rooming import actions, queries
from mainstay.rooming.forms import AmendForm, AnswerForm, ArrangeForm, NoteForm, ReadBackForm
from mainstay.rooming.permissions import ANSWER, SIGN_NOTE
from mainstay.rooming.views.room import loops_with_forms
from mainstay.visits import actions as visit_actions
from mainstay.visits import queries as visit_queries
from mainstay.visits.models import Visit

ARRANGE = "arrange_%s"
"""Ids of the fields of what is to be arranged: the note has a field of the same name."""


@require_GET
@staff_page(SIGN_NOTE)
def provider(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One visit as the provider needs it."""
    visit = visit_queries.visit_for(request.actor, public_id)
    open_chart(request.actor, visit.patient.public_id, what="provider page")
    return _page(request, visit)


def _page(request: StaffRequest, visit: Visit, *, status: int = 200, **given: object) -> HttpResponse:
    notes = queries.notes_of(visit)
    mine = next((n for n in notes if n.author_id == request.actor.staff_id and n.state == "draft"), None)
    so_far = {"text": mine.text, "plan_for_patient": mine.plan_for_patient} if mine else {}
    context = {
        "visit": visit,
        "banner": banner_for(request.actor, visit.patient),
        "intake": queries.intake_of(visit),
        "measured": in_words(observations_of_visit(visit.public_id)),
        "loops": loops_with_forms(request, visit, given),
        "screened": queries.screenings_of(visit),
        "problems": active_problems(visit.patient),
        "medications": current_medications(visit.patient, visit_ref=visit.public_id),
        "notes": notes,
        "mine": mine,
        "note": NoteForm(initial=so_far),
        "read_back": ReadBackForm(),
        "loose_end": ArrangeForm(auto_id=ARRANGE),
        "ends": visit.loose_ends.order_by("pk"),
        "now": request.actor.now,
        **given,
    }
    return page(request, "rooming/provider.html", context, status=status)


@require_POST
@staff_page(SIGN_NOTE)
def acknowledge(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """The provider has the hand-off."""
    visit = visit_queries.visit_for(request.actor, public_id)
    intake = queries.intake_of(visit)
    if intake is None or intake.handoff is None:
        raise NotFound("There is no hand-off to acknowledge.")
    read_back = request.POST.get("read_back", "")
    actions.acknowledge(actor=request.actor, handoff=intake.handoff, read_back=read_back)
    return redirect_to(request, "provider", public_id)


@require_POST
@staff_page(SIGN_NOTE)
def save_note(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Keep the note, and sign it when asked to."""
    visit = visit_queries.visit_for(request.actor, public_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        note = attempt(form, actions.write_note, actor=request.actor, visit=visit, **form.cleaned_data)
        if note and request.POST.get("sign") == "yes":
            note = attempt(form, actions.sign_note, actor=request.actor, note=note)
        if note:
            return redirect_to(request, "provider", public_id)
    return _page(request, visit, status=422, note=form)


@staff_page(SIGN_NOTE)
def amend_note(request: StaffRequest, public_id: UUID, note_id: UUID) -> HttpResponse:
    """Amend a signed note."""
    visit = visit_queries.visit_for(request.actor, public_id)
    note = queries.note_for(visit, note_id)
    form = AmendForm(request.POST or None, initial={"text": note.text, "plan_for_patient": note.plan_for_patient})
    if form.is_valid():
        said = {"text": form.cleaned_data["text"], "because": form.cleaned_data["because"]}
        if attempt(form, actions.amend_note, actor=request.actor, note=note, **said):
            return redirect_to(request, "provider", public_id)
    context = {"visit": visit, "banner": banner_for(request.actor, visit.patient)}
    return page(request, "rooming/amend.html", context, form=form)


@require_POST
@staff_page(ANSWER)
def answer(request: StaffRequest, public_id: UUID, loop_id: UUID) -> HttpResponse:
    """The provider answers an abnormal value."""
    visit = visit_queries.visit_for(request.actor, public_id)
    loop, form = queries.loop_for(visit, loop_id), AnswerForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        loops = queries.loops_like(loop) if said.pop("others") else [loop]
        if attempt(form, actions.answer_together, actor=request.actor, loops=loops, **said):
            return redirect_to(request, "provider", public_id)
    return _page(request, visit, status=422, answer=form)


@require_POST
@staff_page(SIGN_NOTE)
def ask_for(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put something on the list of what to arrange at check-out."""
    visit = visit_queries.visit_for(request.actor, public_id)
    form = ArrangeForm(request.POST, auto_id=ARRANGE)
    if form.is_valid() and attempt(
        form, visit_actions.add_loose_end, actor=request.actor, visit=visit, **form.cleaned_data
    ):
        return redirect_to(request, "provider", public_id)
    return _page(request, visit, status=422, loose_end=form)
