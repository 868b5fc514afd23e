"""The smaller steps of rooming: lists, screenings, loops, playbook steps, hand-off."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from mainstay.chart import actions as chart_actions
from mainstay.chart.actions import AllergyFacts, MedicationFacts, Said
from mainstay.chart.models import ListName
from mainstay.chart.queries import current_medications
from mainstay.foundation.components.forms import problems
from mainstay.foundation.errors import NotFound
from mainstay.foundation.pages import StaffRequest, attempt, page, redirect_to, staff_page
from mainstay.people.queries import banner_for
from mainstay.rooming import actions, queries
from mainstay.rooming.forms import (
    AllergyForm,
    AnswerForm,
    CloseLoopForm,
    DeclineForm,
    HandOffForm,
    MedicationForm,
    MedicationSaidForm,
    TellForm,
)
from mainstay.rooming.permissions import ROOM_PATIENT
from mainstay.rooming.screenings import Tool, tool, tools
from mainstay.rooming.views.room import rooming_page
from mainstay.visits import actions as visit_actions
from mainstay.visits import queries as visit_queries
from mainstay.visits.models import Visit


def _visit(request: StaffRequest, public_id: UUID) -> Visit:
    return visit_queries.visit_for(request.actor, public_id)


@require_POST
@staff_page(ROOM_PATIENT)
def add_allergy(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put an allergy on the list."""
    visit, form = _visit(request, public_id), AllergyForm(request.POST)
    if form.is_valid():
        arguments = {"patient": visit.patient, "facts": AllergyFacts(**form.cleaned_data), "said": _said(visit)}
        if attempt(form, chart_actions.add_allergy, actor=request.actor, **arguments):
            return redirect_to(request, "rooming", public_id)
    return rooming_page(request, visit, status=422, allergy=form)


@require_POST
@staff_page(ROOM_PATIENT)
def review_list(request: StaffRequest, public_id: UUID, name: str) -> HttpResponse:
    """Say that a list was gone through with the patient; `none` says that there is nothing."""
    visit = _visit(request, public_id)
    if name not in set(ListName):
        raise NotFound()
    say = chart_actions.record_none_known if request.POST.get("none") == "yes" else chart_actions.review_list
    say(actor=request.actor, patient=visit.patient, list_name=ListName(name), said=_said(visit))
    return redirect_to(request, "rooming", public_id)


@require_POST
@staff_page(ROOM_PATIENT)
def add_medication(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Put a medicine the patient takes on the list."""
    visit, form = _visit(request, public_id), MedicationForm(request.POST)
    if form.is_valid():
        arguments = {"patient": visit.patient, "facts": MedicationFacts(**form.cleaned_data), "said": _said(visit)}
        if attempt(form, chart_actions.add_medication, actor=request.actor, **arguments):
            return redirect_to(request, "rooming", public_id)
    return rooming_page(request, visit, status=422, medication=form)


@require_POST
@staff_page(ROOM_PATIENT)
def say_medications(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Keep what the patient says about every medicine, line by line."""
    visit = _visit(request, public_id)
    errors, medicines = [], list(current_medications(visit.patient, visit_ref=visit.public_id))
    for medicine in medicines:
        name = f"med-{medicine.pk}"
        said = {"taking": request.POST.get(name, ""), "words": request.POST.get(f"{name}_remark", "")}
        medicine.typed = said  # type: ignore[attr-defined]  # carried to the template
        if not said["taking"]:
            continue
        form = MedicationSaidForm(said)
        arguments = {"medication": medicine, "said": _said(visit)}
        if form.is_valid() and attempt(
            form, chart_actions.report_medication, actor=request.actor, **arguments, **form.cleaned_data
        ):
            continue
        errors.append(f"{medicine.name}: {' '.join(one.message for one in problems(form))}")
    if errors:
        return rooming_page(request, visit, status=422, list_errors=errors, medications=medicines)
    return redirect_to(request, "rooming", public_id)


def _said(visit: Visit) -> Said:
    return Said(visit_ref=visit.public_id)


@staff_page(ROOM_PATIENT)
def screening(request: StaffRequest, public_id: UUID, code: str) -> HttpResponse:
    """Ask one screening; a score that asks for more leads on to it."""
    visit = _visit(request, public_id)
    if code not in tools():
        raise NotFound("There is no such screening.")
    if request.method == "POST":
        language = _asked_in(request, visit)
        answers = {item.code: request.POST.get(item.code) for item in tool(code).items}
        wrong, told = Form(request.POST), {"code": code, "answers": answers, "language": language}
        taken = wrong.is_valid() and attempt(wrong, actions.take_screening, actor=request.actor, visit=visit, **told)
        if not taken:
            return _screening(request, visit, code, wrong)
        if follow_on := taken[2]:
            next_tool = reverse("rooming-screening", args=[public_id, follow_on[0]])
            return redirect_to(request, f"{next_tool}?language={language}")
        return redirect_to(request, "rooming", public_id)
    return _screening(request, visit, code)


def _screening(request: StaffRequest, visit: Visit, code: str, decline: Form | None = None) -> HttpResponse:
    if code not in tools():
        raise NotFound("There is no such screening.")
    asked, language = tool(code), _asked_in(request, visit)
    context = {"visit": visit, "tool": asked, "asked_in": language}
    context |= {"questions": _questions(asked, language, request.POST), "decline": decline}
    context |= {"banner": banner_for(request.actor, visit.patient)}
    return page(request, "rooming/screening.html", context, status=422 if decline else 200)


def _asked_in(request: StaffRequest, visit: Visit) -> str:
    """The language the questions are read out in: as chosen on the page, or the patient's own where we have it."""
    wanted = request.GET.get("language") or visit.patient.language
    return "es" if wanted.lower().startswith("es") else "en"


def _questions(asked: Tool, language: str, given: Mapping[str, str]) -> list[dict[str, object]]:
    def words(text: object) -> str:
        return str(getattr(text, "es" if language == "es" else "en"))

    return [
        {
            "name": item.code,
            "number": number,
            "text": words(item.text),
            "choices": [
                {"value": a.value, "label": words(a.text), "is_chosen": str(a.value) == given.get(item.code)}
                for a in item.answers
            ],
        }
        for number, item in enumerate(asked.items, start=1)
    ]


@require_POST
@staff_page(ROOM_PATIENT)
def decline_screening(request: StaffRequest, public_id: UUID, code: str) -> HttpResponse:
    """The patient would not answer."""
    visit, form = _visit(request, public_id), DeclineForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.decline_screening, actor=request.actor, visit=visit, code=code, **form.cleaned_data
    ):
        return redirect_to(request, "rooming", public_id)
    return _screening(request, visit, code, decline=form)


@require_POST
@staff_page(ROOM_PATIENT)
def tell(request: StaffRequest, public_id: UUID, loop_id: UUID) -> HttpResponse:
    """The provider was told about an abnormal value."""
    visit = _visit(request, public_id)
    loop, form = queries.loop_for(visit, loop_id), TellForm(request.POST, site_id=visit.site_id)
    if form.is_valid():
        said = dict(form.cleaned_data)
        loops = queries.loops_like(loop) if said.pop("others") else [loop]
        if attempt(form, actions.tell_together, actor=request.actor, loops=loops, **said):
            return redirect_to(request, "rooming", public_id)
    return rooming_page(request, visit, status=422, tell=form)


@require_POST
@staff_page(ROOM_PATIENT)
def answer(request: StaffRequest, public_id: UUID, loop_id: UUID) -> HttpResponse:
    """What the provider said about it."""
    visit = _visit(request, public_id)
    loop, form = queries.loop_for(visit, loop_id), AnswerForm(request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        loops = queries.loops_like(loop) if said.pop("others") else [loop]
        if attempt(form, actions.answer_together, actor=request.actor, loops=loops, **said):
            return redirect_to(request, "rooming", public_id)
    return rooming_page(request, visit, status=422, answer=form)


@require_POST
@staff_page(ROOM_PATIENT)
def close_loop(request: StaffRequest, public_id: UUID, loop_id: UUID) -> HttpResponse:
    """Close an abnormal value: with what was measured again, or with why it was not."""
    visit = _visit(request, public_id)
    loop, form = queries.loop_for(visit, loop_id), CloseLoopForm(request.POST)
    recheck = queries.measured_again(loop)
    if form.is_valid() and attempt(
        form, actions.close_loop, actor=request.actor, loop=loop, recheck=recheck, **form.cleaned_data
    ):
        return redirect_to(request, "rooming", public_id)
    return rooming_page(request, visit, status=422, close_loop=form)


@require_POST
@staff_page(ROOM_PATIENT)
def tick(request: StaffRequest, public_id: UUID, step: str) -> HttpResponse:
    """Tick a playbook step, skip it with a reason, or take it back."""
    visit = _visit(request, public_id)
    what = request.POST.get("what", "done")
    if what == "skip":
        reason = request.POST.get("reason", "")
        visit_actions.skip_task(actor=request.actor, visit=visit, step=step, reason=reason)
    elif what == "reopen":
        visit_actions.reopen_task(actor=request.actor, visit=visit, step=step)
    else:
        visit_actions.finish_task(actor=request.actor, visit=visit, step=step)
    return redirect_to(request, "rooming", public_id)


@require_POST
@staff_page(ROOM_PATIENT)
def hand_off(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Hand the patient off to the provider."""
    visit, form = _visit(request, public_id), HandOffForm(request.POST, site_id=None)
    if form.is_valid() and attempt(
        form, actions.hand_off_to_provider, actor=request.actor, visit=visit, **form.cleaned_data
    ):
        return redirect_to(request, "board")
    return rooming_page(request, visit, status=422, hand_off=form)
