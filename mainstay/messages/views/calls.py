"""The call page, in the order that never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from mainstay.foundation.actor import Actor
from mainstay.foundation.components.day import Choice, Question
from mainstay.foundation.dates import spell_birth_date
from mainstay.foundation.pages import StaffRequest, attempt, confirmations_in, page, redirect_to, staff_page
from mainstay.messages import actions, queries
from mainstay.messages.forms import FACTS, IDENTIFIERS, YES_NO_UNSURE, CallerForm, EndForm, IdentifyForm, ReasonForm
from mainstay.messages.models import Call
from mainstay.messages.permissions import TAKE_CALLS
from mainstay.messages.queries.calls import PREGNANT
from mainstay.messages.red_flags import Facts, questions_for, script, signs_in
from mainstay.messages.rules import categories
from mainstay.messages.rules_calls import FACTS_TOPIC, OPENING, CallBand
from mainstay.people.queries import (
    banner_for,
    open_chart,
    patient_named,
    patients_found,
    proxies_of,
    related_person,
    spell_phone,
    ways_to_reach,
)
from mainstay.work.queries import band_clocks
from mainstay.workforce.queries import labels_of, roles


@dataclass(frozen=True, slots=True)
class CallStep:
    """One step of a call: its summary while another is open, so that the whole call is seen on one screen."""

    code: str
    title: str
    summary: str = ""
    is_done: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class OpeningScript:
    """The first thing asked in every call: `foundation/components/call_script.html`."""

    say: str
    ask: str
    red_flags: tuple[str, ...]
    url: str
    yes_label: str = "Yes, or not sure"
    no_label: str = "No"
    small: str = "Asked before hold, identity and insurance. If they think it is an emergency, it is one."
    name: str = "emergency"


@staff_page(TAKE_CALLS)
def new_call(request: StaffRequest) -> HttpResponse:
    """Answer the phone: one question before anything else."""
    if request.method == "POST":
        call = actions.begin_call(actor=request.actor, emergency=request.POST.get("emergency", ""))
        return redirect_to(request, "call", call.public_id)
    opening = OpeningScript(
        say=_who_answers(request.actor),
        ask=script().opening.en,
        red_flags=(script().opening.es,),
        url=request.path,
    )
    context = {"script": opening, "unfinished": queries.unfinished_calls(request.actor), "now": request.actor.now}
    return page(request, "messages/new_call.html", context)


def _who_answers(actor: Actor) -> str:
    """Name and role, as they are said to the caller: nobody passes for a nurse, or for an assistant."""
    role = next(iter(labels_of(code for code in roles() if code in actor.roles)), "")
    return f"This is {actor.name}, {role.lower()}." if role else f"This is {actor.name}."


@require_GET
@staff_page(TAKE_CALLS)
def call(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """One call as it runs, or its record when it is over."""
    shown = queries.call_for(request.actor, public_id)
    if shown.patient is not None:
        open_chart(request.actor, shown.patient.public_id, what="call")
    return _call(request, shown)


def _call(request: StaffRequest, shown: Call, form: Form | None = None, **given: object) -> HttpResponse:
    answers = queries.answers_of(shown)
    judged = queries.band_of_call(shown)
    context: dict[str, object] = {
        "call": shown,
        "judged": judged,
        "banner": banner_for(request.actor, shown.patient) if shown.patient else None,
        "proxies": proxies_of(shown.patient, day=request.actor.today) if shown.patient else (),
        "confidential": [p for p in ways_to_reach(shown.patient) if p.is_confidential] if shown.patient else (),
        "opening": answers.get(OPENING, {}).get(OPENING, ""),
        "closing": script().closing,
        "now": request.actor.now,
        **_forms(request, shown),
        **_topics(request, shown, answers),
        **given,
    }
    context["band_title"] = band_clocks()[judged.band].title if judged.band else ""
    steps = _steps(shown, judged, answers, str(given.get("step") or request.GET.get("step", "")))
    context |= {"steps": steps, "step": next(one.code for one in steps if one.is_open)}
    context["known"] = _known(shown, answers)
    name = "messages/call_record.html" if shown.ended_at else "messages/call.html"
    return page(request, name, context, form=form, status=422 if form is not None and form.errors else 200)


def _steps(shown: Call, judged: CallBand, answers: Mapping[str, Mapping[str, str]], wanted: str) -> list[CallStep]:
    """The steps of a call in the order that never changes; the first that is not done is open, or the one asked for."""
    asked = sum(len(said) for topic, said in answers.items() if topic != OPENING)
    is_clear = judged.band is None or judged.is_emergency
    reached = bool(shown.callback_number or shown.location_if_urgent)
    number = " · ".join(filter(None, (spell_phone(shown.callback_number), shown.location_if_urgent, shown.caller_name)))
    patient = f"{shown.patient.called_name}, {spell_birth_date(shown.patient.birth_date)}" if shown.patient else ""
    about = categories()[shown.category].title if shown.category else ""
    rows = [
        ("caller", "Number and place", number, reached),
        ("patient", "Whom it is about", patient, shown.patient is not None or bool(shown.words)),
        ("reason", "Why they call", f"{about}: “{shown.words}”" if shown.words else "", bool(shown.words)),
        ("questions", "Questions", f"{asked} answered" if asked else "", bool(asked) or is_clear),
        ("end", "Where it goes", "", False),
    ]
    codes = [code for code, *_ in rows]
    current = wanted if wanted in codes else next(code for code, _, _, is_done in rows if not is_done)
    return [CallStep(code, title, summary, is_done, code == current) for code, title, summary, is_done in rows]


def _known(shown: Call, answers: Mapping[str, Mapping[str, str]]) -> list[str]:
    """What the chart says that makes this caller's complaint more urgent, so that nobody asks it twice."""
    if shown.patient is None:
        return []
    facts = queries.facts_of(shown, answers.get(FACTS_TOPIC, {}))
    return [words for is_so, words in (
        (facts.is_pregnant, "pregnant"),
        (facts.weeks_since_birth is not None and facts.is_pregnant_or_postpartum, "gave birth in the last 6 weeks"),
        (facts.is_immunosuppressed, "weak immunity"),
        (facts.is_post_op, "operation in the last 30 days"),
        (facts.is_anticoagulated, "takes a blood thinner"),
        (facts.has_heart_disease, "heart disease"),
        (facts.has_diabetes, "diabetes"),
        (facts.is_repeat_call, "called in the last 3 days"),
    ) if is_so]  # fmt: skip


def _forms(request: StaffRequest, shown: Call) -> dict[str, object]:
    caller = {
        "number": spell_phone(shown.callback_number),
        "location": shown.location_if_urgent,
        "name": shown.caller_name,
        "relation": shown.caller_relation if shown.caller_relation in ("self", "office") else "other",
        "interpreter": shown.interpreter,
        "voicemail": shown.can_leave_voicemail,
    }
    reason = {name: getattr(shown, name) for name in ("words", "onset", "category", "pharmacy", "last_known_well")}
    return {
        "caller_form": CallerForm(initial=caller),
        "identify_form": IdentifyForm(),
        "reason_form": ReasonForm(initial=reason),
        "end_form": _end_form(request),
        "checked": [str(label) for code, label in IDENTIFIERS if code in shown.identifiers],
    }


def _end_form(request: StaffRequest, data: object = None) -> EndForm:
    people = {
        "clinicians": queries.clinicians_at(request.actor),
        "colleagues": queries.colleagues_at(request.actor),
    }
    return EndForm(data, **people)


def _topics(request: StaffRequest, shown: Call, answers: Mapping[str, Mapping[str, str]]) -> dict[str, object]:
    facts = queries.facts_of(shown, answers.get(FACTS_TOPIC, {}))
    touched = [t for t in answers if t in script().topics]
    suggested = list(dict.fromkeys(sign.topic for sign in signs_in(f"{shown.words} {shown.onset}", facts)))
    asked = request.GET.get("topic", "")
    chosen = [asked] if asked in script().topics else [t for t in (suggested or touched) if t in script().topics][:2]
    said = answers.get(FACTS_TOPIC, {})
    about = [(code, text) for code, text in FACTS if code != PREGNANT or facts.sex != "male"]
    return {
        "topics": [(t.code, t.title, t.code in chosen, t.code in suggested) for t in script().topics.values()],
        "asked": [
            (script().topics[code].title, _questions(code, facts, answers.get(code, {}), shown)) for code in chosen
        ],
        "facts": [
            Question(f"fact:{code}", n, str(text), _choices(said.get(code, "")))
            for n, (code, text) in enumerate(about, 1)
        ],
        "topic": asked,
    }


def _questions(topic: str, facts: Facts, said: Mapping[str, str], shown: Call) -> list[Question]:
    language = shown.patient.language if shown.patient else "en"
    spanish = language.startswith("es")
    return [
        Question(f"q:{q.code}", n, f"{q.ask.en} / {q.ask.es}" if spanish else q.ask.en, _choices(said.get(q.code, "")))
        for n, q in enumerate(questions_for(topic, facts), 1)
    ]


def _choices(answer: str) -> tuple[Choice, ...]:
    return tuple(Choice(value, str(label), value == answer) for value, label in YES_NO_UNSURE)


@require_POST
@staff_page(TAKE_CALLS)
def save_caller(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Keep the number, the place and the caller."""
    shown, form = queries.call_for(request.actor, public_id), CallerForm(request.POST)
    if form.is_valid() and attempt(form, actions.note_caller, actor=request.actor, call=shown, said=form.said()):
        return redirect_to(request, "call", public_id)
    return _call(request, shown, form, caller_form=form, step="caller")


@require_POST
@staff_page(TAKE_CALLS, repeatable=True)
def find(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Find whom the call is about; what is typed stays out of addresses."""
    return _call(request, queries.call_for(request.actor, public_id), None, **_found(request), step="patient")


def _found(request: StaffRequest) -> dict[str, object]:
    """Who fits what was typed, which of them was meant so far, and what was checked with the caller."""
    typed = request.POST.get("q", "").strip()
    found = patients_found(request.actor, typed, limit=8) if len(typed) > 1 else []
    meant = request.POST.get("patient") or (str(found[0].public_id) if len(found) == 1 else "")
    return {"typed": typed, "found": found, "meant": meant, "ticked": request.POST.getlist("identifiers")}


@require_POST
@staff_page(TAKE_CALLS)
def identify(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Say whom it is about."""
    shown, form = queries.call_for(request.actor, public_id), IdentifyForm(request.POST)
    if form.is_valid():
        patient = patient_named(form.cleaned_data["patient"])
        said = {"patient": patient, "identifiers": form.cleaned_data["identifiers"]}
        if attempt(form, actions.name_patient, actor=request.actor, call=shown, **said):
            return redirect_to(request, "call", public_id)
    return _call(request, shown, form, identify_form=form, step="patient", **_found(request))


@require_POST
@staff_page(TAKE_CALLS)
def proxy(request: StaffRequest, public_id: UUID, person_id: UUID) -> HttpResponse:
    """Say who on file is calling for the patient."""
    shown = queries.call_for(request.actor, public_id)
    if shown.patient is not None:
        person = related_person(shown.patient, person_id)
        actions.name_proxy(actor=request.actor, call=shown, person=person)
    return redirect_to(request, "call", public_id)


@require_POST
@staff_page(TAKE_CALLS)
def save_reason(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Keep the reason, verbatim."""
    shown, form = queries.call_for(request.actor, public_id), ReasonForm(request.POST)
    if form.is_valid() and attempt(form, actions.note_reason, actor=request.actor, call=shown, **form.cleaned_data):
        return redirect_to(request, "call", public_id)
    return _call(request, shown, form, reason_form=form, step="reason")


@require_POST
@staff_page(TAKE_CALLS)
def save_answers(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Keep the answers to the script."""
    shown = queries.call_for(request.actor, public_id)
    said = {name: request.POST[name] for name in request.POST}
    answers = {name[2:]: value for name, value in said.items() if name.startswith("q:")}
    known = {code for code, _ in FACTS}
    facts = {name[5:]: value for name, value in said.items() if name.startswith("fact:") and name[5:] in known}
    actions.answer_questions(actor=request.actor, call=shown, answers=answers, facts=facts)
    return redirect_to(request, "call", public_id)


@require_POST
@staff_page(TAKE_CALLS)
def end(request: StaffRequest, public_id: UUID) -> HttpResponse:
    """Close the call."""
    shown, form = queries.call_for(request.actor, public_id), _end_form(request, request.POST)
    if form.is_valid():
        said = {"ending": form.ending(), "confirmed": confirmations_in(request)}
        if attempt(form, actions.end_call, actor=request.actor, call=shown, **said):
            return redirect_to(request, "call", public_id)
    return _call(request, shown, form, end_form=form, step="end")
