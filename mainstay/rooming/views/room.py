"""The rooming page: identify, reason, vital signs, lists, screenings, playbook, hand-off. One page, no tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from mainstay.chart.queries import (
    Panel,
    Symptom,
    current_allergies,
    current_medications,
    in_words,
    items_asked,
    judge_panel,
    limits_at,
    measures_of,
    observations_of_visit,
    panel,
    read_panel,
)
from mainstay.foundation.errors import NotFound
from mainstay.foundation.findings import Finding, Severity
from mainstay.foundation.pages import (
    StaffRequest,
    attempt,
    confirmations_in,
    findings_of,
    page,
    redirect_to,
    staff_page,
)
from mainstay.people.queries import banner_for, open_chart
from mainstay.rooming import actions, queries
from mainstay.rooming.forms import (
    AllergyForm,
    AnswerForm,
    CloseLoopForm,
    DeclineForm,
    HandOffForm,
    IdentifyForm,
    MedicationForm,
    PanelForm,
    ReasonForm,
    TellForm,
    WrongPatientForm,
)
from mainstay.rooming.models import AbnormalLoop
from mainstay.rooming.permissions import ROOM_PATIENT
from mainstay.rooming.vitals_rows import findings_on, panel_rows
from mainstay.visits import queries as visit_queries
from mainstay.visits.models import Visit

PANEL = "vitals"
TAKING = (("taking", _("Taking")), ("not_taking", _("Not taking")), ("differently", _("Differently")))
USUAL_REASONS = (_("Measured twice, it stays"), _("Usual for this patient"), _("Could not be done otherwise"))
"""Why a value is kept that looks wrong, as most people would say it."""


@require_GET
@staff_page(ROOM_PATIENT)
def rooming(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Everything about rooming one patient, on one page."""
    visit = visit_queries.visit_for(request.actor, public_id)
    open_chart(request.actor, visit.patient.public_id, what="rooming")
    return rooming_page(request, visit)


def rooming_page(request: StaffRequest, visit: Visit, *, status: int = 200, **given: Any) -> HttpResponse:
    """The page, with the forms given in place of fresh ones (a form that was refused keeps what was typed)."""
    actor = request.actor
    intake = queries.intake_of(visit)
    banner = banner_for(actor, visit.patient)
    context: dict[str, Any] = {
        "visit": visit,
        "banner": banner,
        "intake": intake,
        "now": actor.now,
        "identify": IdentifyForm(),
        "wrong": WrongPatientForm(),
        "reason": ReasonForm(initial=_reason_so_far(request, visit, intake)),
        "measured": in_words(observations_of_visit(visit.public_id)),
        "loops": loops_with_forms(request, visit, given),
        "allergies": current_allergies(visit.patient),
        "allergies_brief": banner.allergies,
        "allergy": AllergyForm(),
        "medications": current_medications(visit.patient, visit_ref=visit.public_id),
        "medication": MedicationForm(),
        "taking": TAKING,
        "usual_reasons": USUAL_REASONS,
        "to_screen": queries.screenings_to_take(visit),
        "screened": queries.screenings_of(visit),
        "decline": DeclineForm(),
        "tasks": queries.tasks_by_stage(visit),
        "hand_off": HandOffForm(site_id=visit.site_id, initial=_hand_off_so_far(visit, intake)),
        **given,
    }
    if intake is not None and "vital_rows" not in context:
        context |= _vitals(request, visit, intake)
    return page(request, "rooming/rooming.html", context, status=status)


def loops_with_forms(request: StaffRequest, visit: Visit, given: Mapping[str, Any]) -> list[AbnormalLoop]:
    """The abnormal values of a visit, each with its own forms; one that was refused keeps what was typed."""
    loops = list(queries.loops_of(visit))
    refused = request.resolver_match.kwargs.get("loop_id") if request.resolver_match else None
    provider = {"to": visit.provider and visit.provider.public_id}
    states = [loop.state for loop in loops]
    for loop in loops:
        loop.has_others = states.count(loop.state) > 1  # type: ignore[attr-defined]  # forms hung on loops
        mine = given if loop.public_id == refused else {}
        key = f"{loop.pk}-%s"
        loop.tell = mine.get("tell") or TellForm(site_id=visit.site_id, initial=provider, auto_id=f"tell-{key}")  # type: ignore[attr-defined]  # each loop is shown with its forms
        loop.answer_form = mine.get("answer") or AnswerForm(auto_id=f"answer-{key}")  # type: ignore[attr-defined]  # each loop is shown with its forms
        loop.closing = mine.get("close_loop") or CloseLoopForm(auto_id=f"close-{key}")  # type: ignore[attr-defined]  # each loop is shown with its forms
    return loops


def _facts(visit: Visit, actor: Any, intake: Any) -> Any:
    symptoms = frozenset(Symptom(s) for s in (intake.symptoms if intake else ()))
    return measures_of(visit.patient, on=actor.today, zone=actor.zone, symptoms=symptoms, besides_visit=visit.public_id)


def _vitals(request: StaffRequest, visit: Visit, intake: Any, form: PanelForm | None = None, findings: Any = ()) -> Any:
    facts = _facts(visit, request.actor, intake)
    asked = items_asked(panel(PANEL), facts, request.actor.today, is_on_oxygen=True)
    form = form or PanelForm(items=asked)
    form.show_only(asked)
    return {"vitals": form, "vital_rows": panel_rows(form, visit, PANEL, facts, findings)}


def _reason_so_far(request: StaffRequest, visit: Visit, intake: Any) -> dict[str, Any]:
    if intake is None:
        return {"words": visit.reason}
    return {
        "words": intake.reason_words or visit.reason,
        "onset": intake.onset,
        "told_by": intake.told_by,
        "symptoms": intake.symptoms,
        "interpreter": intake.interpreter,
        "chaperone": intake.chaperone,
        "version": intake.version,
    }


def _hand_off_so_far(visit: Visit, intake: Any) -> dict[str, Any]:
    words = intake.reason_words if intake else ""
    return {"to": visit.provider and visit.provider.public_id, "situation": words or visit.reason}


@require_POST
@staff_page(ROOM_PATIENT)
def identify(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Open the rooming with two identifiers."""
    visit = visit_queries.visit_for(request.actor, public_id)
    form = IdentifyForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.identify_patient, actor=request.actor, visit=visit, **form.cleaned_data
    ):
        return redirect_to(request, "rooming", public_id)
    return rooming_page(request, visit, status=422, identify=form)


@require_POST
@staff_page(ROOM_PATIENT)
def wrong_patient(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Somebody else is in the room: stop, and look for the right one."""
    visit = visit_queries.visit_for(request.actor, public_id)
    form = WrongPatientForm(request.POST)
    if form.is_valid() and attempt(
        form, actions.stop_for_wrong_patient, actor=request.actor, visit=visit, **form.cleaned_data
    ):
        return redirect_to(request, "board")
    return rooming_page(request, visit, status=422, wrong=form)


@require_POST
@staff_page(ROOM_PATIENT)
def save_reason(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Keep why the patient came."""
    visit = visit_queries.visit_for(request.actor, public_id)
    form = ReasonForm(request.POST)
    theirs = None
    if form.is_valid():
        said = dict(form.cleaned_data)
        version = said.pop("version")
        reason = actions.Reason(**said)
        arguments = {"visit": visit, "reason": reason, "seen_version": version}
        if attempt(form, actions.record_reason, actor=request.actor, **arguments):
            return redirect_to(request, "rooming", public_id)
        theirs = _saved_meanwhile(request, visit, form)
    return rooming_page(request, visit, status=422, reason=form, theirs=theirs)


def _saved_meanwhile(request: StaffRequest, visit: Visit, form: ReasonForm) -> dict[str, object] | None:
    """What somebody else saved since this form was opened, to stand beside what was typed; saving again knows of it."""
    intake = queries.intake_of(visit)
    if intake is None or intake.version == form.cleaned_data["version"]:
        return None
    form.data = request.POST.copy()
    form.data["version"] = str(intake.version)
    who, at = queries.last_saved(intake)
    return {"who": who, "at": at, "differs": form.unlike(_reason_so_far(request, visit, intake))}


@require_POST
@staff_page(ROOM_PATIENT)
def save_panel(request: StaffRequest, public_id: UUID, code: str) -> HttpResponse:
    """Judge and keep one panel; what needs a reason comes back asking for it."""
    visit = visit_queries.visit_for(request.actor, public_id)
    form = PanelForm(request.POST, items=_declared(code).items)
    if form.is_valid():
        arguments = {"visit": visit, "code": code, "entries": form.entries(), "confirmed": confirmations_in(request)}
        if attempt(form, actions.record_panel, actor=request.actor, **arguments):
            return redirect_to(request, "rooming", public_id)
    refused = findings_of(request, form)
    to_confirm = [f for f in refused if f.severity is Severity.CONFIRM]
    found = tuple(dict.fromkeys((*_judged(request, visit, _declared(code), form), *refused)))
    context = _vitals(request, visit, queries.intake_of(visit), form, found)
    return rooming_page(request, visit, status=422, to_confirm=to_confirm, **context)


def _declared(code: str) -> Panel:
    try:
        return panel(code)
    except KeyError:
        raise NotFound("There is no such panel.") from None


def _judged(request: StaffRequest, visit: Visit, declared: Panel, form: PanelForm) -> Sequence[Finding]:
    """Everything the rules say about what was typed, saved or not: a value to fetch for is never hidden by a slip."""
    facts = _facts(visit, request.actor, queries.intake_of(visit))
    now = request.actor.now.astimezone(request.actor.zone)
    limits = limits_at(visit.site_id, on=request.actor.today)
    return judge_panel(declared, read_panel(declared, form.entries()), facts, now=now, limits=limits)


@require_POST
@staff_page(ROOM_PATIENT, repeatable=True)
def judge(request: StaffRequest, public_id: UUID, code: str) -> HttpResponse:
    """What the rules say about one item as it is typed; nothing is kept."""
    visit = visit_queries.visit_for(request.actor, public_id)
    declared = _declared(code)
    form = PanelForm(request.POST, items=declared.items)
    form.is_valid()
    found = _judged(request, visit, declared, form)
    item = next((i for i in form.panel_items if i.key == request.GET.get("item")), None)
    shown = findings_on(item, found) if item else ()
    return page(request, "rooming/rooming.html#judged", {"shown": shown})
