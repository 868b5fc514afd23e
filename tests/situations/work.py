"""Writes of the queue, of calls, of messages, and drafts."""

from datetime import timedelta

from mainstay.chart import actions as chart_actions
from mainstay.chart.actions import MedicationFacts
from mainstay.foundation.testing import A_MOMENT
from mainstay.messages import actions as message_actions
from mainstay.messages.actions import CallerSaid
from mainstay.people import actions as people_actions
from mainstay.work import actions
from mainstay.work.models import Alarm
from tests.situations.clinic import TWO, Clinic
from tests.situations.table import Sent, write


@write("draft-save")
def draft(clinic: Clinic) -> Sent:
    typed = {
        "draft_key": f"check-in:{clinic.number()}", "draft_label": "Check-in", "draft_url": "/board/",
        "travel": "None", "draft_park": "1",
    }  # fmt: skip
    return Sent(typed=typed)


def an_expectation(clinic: Clinic, *, is_late: bool = False):
    expected_by = A_MOMENT + timedelta(days=-1 if is_late else 2)
    awaited = actions.expect(
        actor=clinic.actor, kind="result", title=f"Result {clinic.number()}", expected_by=expected_by,
        patient=clinic.patient(),
    )  # fmt: skip
    if is_late:
        actions.raise_what_never_came(actor=clinic.system)
    return awaited


@write("expectation-met")
def met(clinic: Clinic) -> Sent:
    return Sent({"public_id": an_expectation(clinic).public_id}, {"reason": "It came by fax"})


@write("expectation-extend")
def extend(clinic: Clinic) -> Sent:
    typed = {"until": "12/18/2026", "reason": "The laboratory is behind"}
    return Sent({"public_id": an_expectation(clinic, is_late=True).public_id}, typed)


@write("expectation-give-up")
def give_up(clinic: Clinic) -> Sent:
    return Sent({"public_id": an_expectation(clinic).public_id}, {"reason": "Cancelled by the patient"})


@write("acknowledge-handoff")
def acknowledge(clinic: Clinic) -> Sent:
    giver = clinic.acting(clinic.person("clinical_ma"))
    handoff = actions.hand_off(actor=giver, to=clinic.everybody, situation="Room 4 waits for results")
    return Sent({"public_id": handoff.public_id}, {"read_back": "Room 4"})


def an_item(clinic: Clinic):
    return actions.owe(
        actor=clinic.system, kind="call_back", title=f"Call back {clinic.number()}", band="R4",
        patient=clinic.patient(), site=clinic.site,
    )  # fmt: skip


def one_taken(clinic: Clinic):
    return actions.take_work(actor=clinic.actor, item=an_item(clinic))


def a_late_item(clinic: Clinic):
    item = an_item(clinic)
    Alarm.objects.create(item=item, staff=clinic.everybody, level=1)
    return item


@write("work-seen")
def seen(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_late_item(clinic).public_id})


@write("call-out")
def call_out(clinic: Clinic) -> Sent:
    typed = {"number": "(585) 555-0134", "outcome": "voicemail", "note": "Left our number"}
    return Sent({"item_id": an_item(clinic).public_id}, typed)


@write("work-take")
def take(clinic: Clinic) -> Sent:
    return Sent({"public_id": an_item(clinic).public_id}, {"then": "list"})


@write("work-finish")
def finish(clinic: Clinic) -> Sent:
    return Sent({"public_id": one_taken(clinic).public_id}, {"outcome": "Called, all well"})


@write("work-give-back")
def give_back(clinic: Clinic) -> Sent:
    return Sent({"public_id": one_taken(clinic).public_id}, {"reason": "No answer at noon"})


@write("work-drop")
def drop(clinic: Clinic) -> Sent:
    return Sent({"public_id": one_taken(clinic).public_id}, {"reason": "Not needed any more"})


@write("work-assign")
def assign(clinic: Clinic) -> Sent:
    return Sent({"public_id": an_item(clinic).public_id}, {"to": str(clinic.person("clinical_ma").public_id)})


@write("new-message")
def new_message(clinic: Clinic) -> Sent:
    return Sent(typed={"channel": "voicemail", "category": "ADM", "text": f"Please call me {clinic.number()}"})


@write("new-message-for")
def new_message_for(clinic: Clinic) -> Sent:
    typed = {"channel": "portal", "category": "ADM", "text": "When are you open?"}
    return Sent({"patient_id": clinic.patient().public_id}, typed)


def a_thread(clinic: Clinic):
    return message_actions.receive_message(
        actor=clinic.actor, patient=clinic.patient(), text="When are you open?", category="ADM", channel="portal",
        site=clinic.site,
    )  # fmt: skip


@write("thread-write")
def write_more(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_thread(clinic).public_id}, {"text": "Asked the desk", "from": ""})


@write("thread-answer")
def answer(clinic: Clinic) -> Sent:
    typed = {"disposition": "Told", "text": "We are open until five.", "relay": "read_out"}
    return Sent({"public_id": a_thread(clinic).public_id}, typed)


@write("thread-answer", "what stopped a booking")
def answer_stop(clinic: Clinic) -> Sent:
    thread = message_actions.receive_message(
        actor=clinic.actor, patient=clinic.patient(), text="Crushing chest pain and sweating", category="SYM",
        channel="portal", site=clinic.site,
    )  # fmt: skip
    typed = {"disposition": "Seen by video", "text": "Come in.", "relay": "not_needed", "booking": "may"}
    return Sent({"public_id": thread.public_id}, typed)


@write("thread-relay")
def relay(clinic: Clinic) -> Sent:
    thread = a_thread(clinic)
    said = message_actions.answer_thread(
        actor=clinic.actor, thread=thread, text="We are open until five.", disposition="Told", relay="read_out"
    )
    typed = {"told_to": "Jo Doe", "relation": "self", "taught_back": "on", "question": "And on Sunday?"}
    return Sent({"public_id": thread.public_id, "message_id": said.public_id}, typed)


@write("thread-split")
def split(clinic: Clinic) -> Sent:
    typed = {
        "words_1": "When are you open?", "category_1": "ADM", "words_2": "My bill is wrong", "category_2": "BIL",
        "words_3": "", "category_3": "", "words_4": "", "category_4": "",
    }  # fmt: skip
    return Sent({"public_id": a_thread(clinic).public_id}, typed)


def a_refill(clinic: Clinic):
    patient = clinic.patient()
    pills = chart_actions.add_medication(
        actor=clinic.actor, patient=patient, facts=MedicationFacts("Atorvastatin 20 mg", frequency="once a day")
    )
    thread = message_actions.receive_message(
        actor=clinic.actor, patient=patient, text="My pills again, please", category="RFL", channel="voicemail",
        site=clinic.site,
    )  # fmt: skip
    return thread, pills


@write("thread-refill")
def refill(clinic: Clinic) -> Sent:
    thread, pills = a_refill(clinic)
    typed = {"holds": ["ours", "no_alert"], "days_early": "0", "send": "yes"}
    return Sent({"public_id": thread.public_id}, typed, query={"medicine": str(pills.public_id)})


@write("thread-close")
def close(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_thread(clinic).public_id}, {"outcome": "Told the hours"})


@write("new-call")
def new_call(clinic: Clinic) -> Sent:
    return Sent(typed={"emergency": "no"})


def a_call(clinic: Clinic):
    return message_actions.begin_call(actor=clinic.actor, emergency="no")


def a_call_about_somebody(clinic: Clinic):
    call = message_actions.note_caller(
        actor=clinic.actor, call=a_call(clinic), said=CallerSaid("(585) 555-0134", "12 Elm St", "Jo Doe", "self", "")
    )
    return message_actions.name_patient(actor=clinic.actor, call=call, patient=clinic.patient(), identifiers=TWO)


@write("call-caller")
def caller(clinic: Clinic) -> Sent:
    typed = {
        "number": "(585) 555-0134", "location": "12 Elm St", "name": "Jo Doe", "relation": "self", "interpreter": "",
        "voicemail": "on",
    }  # fmt: skip
    return Sent({"public_id": a_call(clinic).public_id}, typed)


@write("call-find")
def find(clinic: Clinic) -> Sent:
    clinic.patient()
    return Sent({"public_id": a_call(clinic).public_id}, {"q": "Doe"})


@write("call-identify")
def identify(clinic: Clinic) -> Sent:
    typed = {"patient": str(clinic.patient().public_id), "identifiers": TWO}
    return Sent({"public_id": a_call(clinic).public_id}, typed)


@write("call-proxy")
def proxy(clinic: Clinic) -> Sent:
    call = a_call_about_somebody(clinic)
    relation = people_actions.Relation(name="Rosa Doe", relationship="mother", may_be_told=True)
    person = people_actions.add_related_person(actor=clinic.actor, patient=call.patient, relation=relation)
    return Sent({"public_id": call.public_id, "person_id": person.public_id})


@write("call-reason")
def reason(clinic: Clinic) -> Sent:
    typed = {
        "words": "I need my form", "onset": "today", "category": "FRM", "pharmacy": "Main St", "last_known_well": "",
    }  # fmt: skip
    return Sent({"public_id": a_call_about_somebody(clinic).public_id}, typed)


def a_call_with_a_reason(clinic: Clinic):
    return message_actions.note_reason(
        actor=clinic.actor, call=a_call_about_somebody(clinic), words="I need my form", category="FRM"
    )


@write("call-answers")
def answers(clinic: Clinic) -> Sent:
    typed = {"fact:pregnant": "no", "q:chest_now": "no"}
    return Sent({"public_id": a_call_with_a_reason(clinic).public_id}, typed)


@write("call-end")
def end(clinic: Clinic) -> Sent:
    typed = {
        "action": "message", "clinician": "", "second_person": "", "safety_net_given": "on", "read_back": "on",
    }  # fmt: skip
    return Sent({"public_id": a_call_with_a_reason(clinic).public_id}, typed)
