"""Writes of the room, of the provider and of the huddle."""

from datetime import date

from mainstay.chart import actions as chart_actions
from mainstay.chart.queries import Entry
from mainstay.foundation.findings import NOTHING_CONFIRMED
from mainstay.rooming import actions
from mainstay.rooming.models import AbnormalLoop, PreVisitPlan
from tests.situations.clinic import TWO, Clinic
from tests.situations.table import Sent, write

TAKEN = {"blood_pressure": "128/82", "blood_pressure.side": "left", "heart_rate": "72", "weight": "", "height": ""}


@write("rooming-identify")
def identify(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.roomed().public_id}, {"identifiers": TWO})


@write("rooming-wrong-patient")
def wrong_patient(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.roomed().public_id}, {"said": "Jo Roe, 3 May 1971"})


@write("rooming-reason")
def reason(clinic: Clinic) -> Sent:
    typed = {
        "words": "Headache since Tuesday", "onset": "Tuesday", "told_by": "patient", "symptoms": [], "interpreter": "",
        "chaperone": "", "version": "",
    }  # fmt: skip
    return Sent({"public_id": clinic.identified().public_id}, typed)


@write("rooming-panel")
def panel(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.identified().public_id, "code": "vitals"}, TAKEN)


@write("rooming-judge")
def judge(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.identified().public_id, "code": "vitals"}, TAKEN)


@write("rooming-allergy")
def allergy(clinic: Clinic) -> Sent:
    typed = {"substance": "Penicillin", "reaction": "Hives", "severity": "mild"}
    return Sent({"public_id": clinic.identified().public_id}, typed)


@write("rooming-medication")
def medication(clinic: Clinic) -> Sent:
    typed = {"name": "Lisinopril 10 mg", "dose": "1 tablet", "frequency": "daily", "is_over_the_counter": ""}
    return Sent({"public_id": clinic.identified().public_id}, typed)


@write("rooming-medications-said")
def medications_said(clinic: Clinic) -> Sent:
    visit = clinic.identified()
    facts = chart_actions.MedicationFacts(name="Lisinopril 10 mg")
    medicine = chart_actions.add_medication(actor=clinic.actor, patient=visit.patient, facts=facts)
    typed = {f"med-{medicine.pk}": "differently", f"med-{medicine.pk}_remark": "Only at night"}
    return Sent({"public_id": visit.public_id}, typed)


@write("rooming-review")
def review(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.identified().public_id, "name": "allergies"}, {"none": "yes"})


@write("rooming-screening")
def screening(clinic: Clinic) -> Sent:
    from mainstay.rooming.screenings import tool

    answers = {item.code: str(item.answers[0].value) for item in tool("phq-2").items}
    return Sent({"public_id": clinic.identified().public_id, "code": "phq-2"}, answers)


@write("rooming-decline")
def decline(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.identified().public_id, "code": "phq-2"}, {"reason": "Would rather not"})


def an_abnormal_value(clinic: Clinic):
    visit = clinic.identified()
    entries = {"blood_pressure": Entry(text="168/102", technique={"side": "left"})}
    actions.record_panel(actor=clinic.actor, visit=visit, code="vitals", entries=entries, confirmed=NOTHING_CONFIRMED)
    return visit, AbnormalLoop.objects.filter(visit=visit).first()


def one_told(clinic: Clinic):
    visit, loop = an_abnormal_value(clinic)
    return visit, actions.tell_provider(actor=clinic.actor, loop=loop, to=visit.provider, how="in_person")


@write("rooming-tell")
def tell(clinic: Clinic) -> Sent:
    visit, loop = an_abnormal_value(clinic)
    typed = {"to": str(visit.provider.public_id), "how": "in_person"}
    return Sent({"public_id": visit.public_id, "loop_id": loop.public_id}, typed)


@write("rooming-answer")
def answer(clinic: Clinic) -> Sent:
    visit, loop = one_told(clinic)
    typed = {"answer": "Take it again sitting", "recheck_minutes": "5"}
    return Sent({"public_id": visit.public_id, "loop_id": loop.public_id}, typed)


@write("rooming-close-loop")
def close_loop(clinic: Clinic) -> Sent:
    visit, loop = one_told(clinic)
    loop = actions.answer_loop(actor=clinic.actor, loop=loop, answer="Fine as it is")
    return Sent({"public_id": visit.public_id, "loop_id": loop.public_id}, {"reason": "The provider is content"})


@write("rooming-tick")
def tick(clinic: Clinic) -> Sent:
    visit = clinic.identified()
    step = visit.tasks.order_by("pk").first()
    return Sent({"public_id": visit.public_id, "step": step.step}, {"what": "skip", "reason": "Not asked today"})


@write("rooming-hand-off")
def hand_off(clinic: Clinic) -> Sent:
    visit = clinic.identified()
    typed = {
        "to": str(visit.provider.public_id), "situation": "Headache", "background": "None",
        "request": "Wants a letter",
    }  # fmt: skip
    return Sent({"public_id": visit.public_id}, typed)


def handed_off(clinic: Clinic):
    visit = clinic.identified()
    giver = clinic.acting(clinic.person("clinical_ma"))
    actions.hand_off_to_provider(actor=giver, visit=visit, to=clinic.everybody, situation="Headache")
    return visit


@write("provider-acknowledge")
def acknowledge(clinic: Clinic) -> Sent:
    return Sent({"public_id": handed_off(clinic).public_id}, {"read_back": "Headache since Tuesday"})


@write("provider-note")
def note(clinic: Clinic) -> Sent:
    typed = {"text": "Tension headache.", "plan_for_patient": "Drink water.", "sign": "yes"}
    return Sent({"public_id": handed_off(clinic).public_id}, typed)


@write("provider-amend")
def amend(clinic: Clinic) -> Sent:
    visit = handed_off(clinic)
    note = actions.write_note(actor=clinic.actor, visit=visit, text="Tension headache.")
    note = actions.sign_note(actor=clinic.actor, note=note)
    typed = {"text": "Migraine.", "plan_for_patient": "", "because": "Aura came up later"}
    return Sent({"public_id": visit.public_id, "note_id": note.public_id}, typed)


@write("provider-answer")
def provider_answer(clinic: Clinic) -> Sent:
    visit, loop = one_told(clinic)
    typed = {"answer": "Take it again sitting", "recheck_minutes": "5"}
    return Sent({"public_id": visit.public_id, "loop_id": loop.public_id}, typed)


@write("provider-arrange")
def arrange(clinic: Clinic) -> Sent:
    typed = {"kind": "follow_up", "text": "Pressure check", "due_on": "+2w"}
    return Sent({"public_id": handed_off(clinic).public_id}, typed)


@write("huddle-rebuild")
def rebuild(clinic: Clinic) -> Sent:
    site = clinic.site_apart()
    clinic.booked(site=site)
    actions.build_huddle(actor=clinic.actor, site=site, day=date(2026, 11, 20))
    clinic.booked(site=site)
    return Sent(typed={"day": "today"}, by=clinic.person("lead_ma", home_site=site))


@write("huddle-note")
def huddle_note(clinic: Clinic) -> Sent:
    visit = clinic.expected()
    actions.build_huddle(actor=clinic.actor, site=clinic.site, day=date(2026, 11, 20))
    plan = PreVisitPlan.objects.get(visit=visit)
    return Sent({"public_id": plan.public_id}, {"note": "Bring the spirometer", "day": "today"})
