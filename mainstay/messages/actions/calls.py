"""A call, in the order that never changes: emergency, number and place, who, why, questions, where it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from mainstay.chart.queries import allergies_in_brief
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.moves import locked
from mainstay.messages.actions.threads import Matter, due_of, open_thread
from mainstay.messages.errors import CallOver
from mainstay.messages.models import Call, CallAnswer, Message, Thread
from mainstay.messages.permissions import TAKE_CALLS
from mainstay.messages.queries.calls import band_of_call
from mainstay.messages.queries.stops import asked_already
from mainstay.messages.red_flags import script
from mainstay.messages.red_flags.bands import ANSWERS
from mainstay.messages.rules import categories
from mainstay.messages.rules_calls import FACTS_TOPIC, OPENING, EndOfCall, before_ending
from mainstay.people.models import Patient, RelatedPerson
from mainstay.people.queries import may_act_for, read_phone
from mainstay.work.actions import finish_cause
from mainstay.work.lifecycle import Band
from mainstay.workforce.models import Staff

ACTIONS = ("emergency", "warm_transfer", "message", "booked", "answered")


@dataclass(frozen=True, slots=True)
class CallerSaid:
    """Who calls, from where, and how to reach them again."""

    number: str
    location: str
    name: str
    relation: str
    interpreter: str
    voicemail: str = "no"


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a call went. `action` is one of `ACTIONS`; the clinician took over, the second person called help."""

    action: str
    safety_net: str = "no"
    read_back: str = "no"
    clinician: Staff | None = None
    second_person: Staff | None = None


@transaction.atomic
def begin_call(*, actor: Actor, emergency: str) -> Call:
    """Begin a call with the answer to the one question asked before anything else (`yes`, `no`, `unsure`)."""
    actor.may(TAKE_CALLS).or_raise()
    if emergency not in ("yes", "no", "unsure"):
        raise InvalidInput("Ask whether this is an emergency first.", field="emergency")
    call = Call.objects.create(site_id=actor.site_id, answered_by_id=actor.staff_id, started_at=actor.now)
    CallAnswer.objects.create(call=call, topic=OPENING, question=OPENING, answer=emergency, at=actor.now)
    return _judged(call)


@transaction.atomic
def note_caller(*, actor: Actor, call: Call, said: CallerSaid) -> Call:
    """Write down the call-back number and the place for 911, and who is calling."""
    fresh = _running(actor, call)
    fresh.callback_number = read_phone(said.number) if said.number.strip() else ""
    fresh.location_if_urgent = said.location.strip()[:160]
    fresh.caller_name = said.name.strip()[:120]
    fresh.caller_relation = said.relation.strip()[:40] or "self"
    fresh.interpreter = said.interpreter.strip()[:80]
    fresh.can_leave_voicemail = said.voicemail == "yes"
    if fresh.caller_relation == "self":
        fresh.caller, fresh.has_authority = None, None
    fresh.save()
    return fresh


@transaction.atomic
def name_patient(*, actor: Actor, call: Call, patient: Patient, identifiers: Sequence[str]) -> Call:
    """Say whom the call is about, by at least two identifiers that matched."""
    fresh = _running(actor, call)
    if len(set(identifiers)) < 2:
        raise InvalidInput("Check two identifiers with the caller first.", field="identifiers")
    fresh.patient, fresh.identifiers = patient, sorted(set(identifiers))
    brief = allergies_in_brief(patient, zone=actor.zone)
    fresh.allergies_shown = (", ".join(brief.known) if brief.state == "known" else brief.state.replace("_", " "))[:240]
    fresh.caller = None
    fresh.has_authority = None if fresh.caller_relation == "self" else False
    return _judged(fresh)


@transaction.atomic
def name_proxy(*, actor: Actor, call: Call, person: RelatedPerson) -> Call:
    """Say which person on file is calling for the patient, and whether they may today."""
    fresh = _running(actor, call)
    if fresh.patient is None or person.patient_id != fresh.patient_id:
        raise InvalidInput("Choose the patient first.")
    fresh.caller = person
    fresh.caller_name, fresh.caller_relation = person.name[:120], person.relationship[:40]
    fresh.has_authority = bool(may_act_for(fresh.patient, person, day=actor.today))
    fresh.save()
    return fresh


@transaction.atomic
def note_reason(
    *,
    actor: Actor,
    call: Call,
    words: str,
    category: str,
    onset: str = "",
    pharmacy: str = "",
    last_known_well: str = "",
) -> Call:
    """Write down why they call, in their own words, and what it is about."""
    fresh = _running(actor, call)
    if not words.strip():
        raise InvalidInput("Write the reason in the caller's own words.", field="words")
    if category not in categories():
        raise InvalidInput("Choose what the call is about.", field="category")
    fresh.words, fresh.category = words.strip(), category
    fresh.onset, fresh.pharmacy = onset.strip()[:80], pharmacy.strip()[:120]
    fresh.last_known_well = last_known_well.strip()[:60]
    return _judged(fresh)


@transaction.atomic
def answer_questions(
    *, actor: Actor, call: Call, answers: Mapping[str, str], facts: Mapping[str, str] | None = None
) -> Call:
    """Write down what was answered to the script's questions, and what is known about the body and the worry.

    Raises `InvalidInput` for a question or answer that does not exist. Earlier answers stay; the latest counts.
    """
    fresh = _running(actor, call)
    rows = []
    for code, answer in answers.items():
        try:
            topic = script().question(code).topic
        except KeyError:
            raise InvalidInput("There is no such question.") from None
        rows.append((topic, code, answer))
    rows += [(FACTS_TOPIC, code, answer) for code, answer in (facts or {}).items()]
    if any(answer not in ANSWERS for _, _, answer in rows):
        raise InvalidInput("Answers are yes, no or not sure.")
    for topic, code, answer in rows:
        if answer:
            CallAnswer.objects.create(call=fresh, topic=topic, question=code, answer=answer, at=actor.now)
    return _judged(fresh)


@transaction.atomic
def end_call(*, actor: Actor, call: Call, ending: Ending, confirmed: Confirmations = NOTHING_CONFIRMED) -> Call:
    """Close a call: where it went, who took it, and the conversation and clock it leaves behind."""
    fresh = _running(actor, call)
    if ending.action not in ACTIONS:
        raise InvalidInput("Choose where the call goes.", field="action")
    judged = band_of_call(fresh)
    found = before_ending(_facts(fresh, ending, judged.band, len(judged.unasked)))
    confirmed.answer(found)
    fresh.ended_because = "; ".join(f"{c}: {r}" for c, r in confirmed.reasons.items() if r.strip())[:240]
    fresh.band, fresh.action = judged.band or "", ending.action
    fresh.safety_net_given, fresh.read_back = ending.safety_net == "yes", ending.read_back == "yes"
    fresh.second_person = ending.second_person
    if ending.clinician is not None:
        fresh.warm_transfer_to, fresh.warm_transfer_at = ending.clinician, actor.now
    if judged.band is not None or ending.action in ("message", "warm_transfer", "emergency"):
        _leave_thread(actor, fresh, ending, judged.band)
    fresh.ended_at, fresh.closed_by_id = actor.now, actor.staff_id
    fresh.save()
    return fresh


def _leave_thread(actor: Actor, call: Call, ending: Ending, band: Band | None) -> None:
    category = call.category
    if band is not None and not categories()[category].is_banded:
        category = "SYM"
    matter = Matter(call.words, category, band, call.band_raised_because, ending.clinician)
    site, patient = call.site, call.patient
    if patient is not None and (asked := asked_already(patient, call.words)) is not None:
        _go_on_in_call(actor, asked)
    thread = open_thread(actor=actor, matter=matter, patient=patient, site=site, channel="phone", call=call)
    Message.objects.create(
        thread=thread, written_by_id=actor.staff_id, from_patient=True, text=call.words, sent_at=actor.now
    )
    call.expected_reply_by, call.sent_to = due_of(matter, site, at=actor.now), thread.pool
    call.work_item_ref = thread.work_item.public_id if thread.work_item else None


def _go_on_in_call(actor: Actor, asked: Thread) -> None:
    """What was put before a clinician while the call went on is one matter with the call: it is answered once."""
    asked.closed_at, asked.disposition = actor.now, "Goes on in the conversation of the call."
    asked.save()
    finish_cause(actor=actor, once_key=f"thread:{asked.pk}", outcome=asked.disposition)


def _facts(call: Call, ending: Ending, band: Band | None, unasked: int) -> EndOfCall:
    return EndOfCall(
        band=band,
        action=ending.action,
        has_words=bool(call.words.strip()),
        has_category=bool(call.category),
        has_number=bool(call.callback_number),
        has_location=bool(call.location_if_urgent),
        has_clinician=ending.clinician is not None,
        has_second_person=ending.second_person is not None,
        is_safety_net_given=ending.safety_net == "yes",
        identifiers=len(call.identifiers),
        has_patient=call.patient_id is not None,
        has_authority=call.has_authority,
        unasked=unasked,
    )


def _running(actor: Actor, call: Call) -> Call:
    actor.may(TAKE_CALLS).or_raise()
    fresh = locked(Call.objects.select_related("patient", "site", "caller"), pk=call.pk)
    if fresh.ended_at is not None:
        raise CallOver()
    return fresh


def _judged(call: Call) -> Call:
    judged = band_of_call(call)
    call.band = judged.band or ""
    call.band_raised_because = "; ".join(judged.raised_by)[:240]
    call.save()
    return call
