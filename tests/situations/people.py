"""Writes about people and their charts."""

import hashlib
from datetime import date

from mainstay.chart import actions as chart_actions
from mainstay.people import actions
from tests.situations.clinic import Clinic
from tests.situations.table import Paper, Sent, write

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def a_name(number: int) -> str:
    """A name that sounds like no other."""
    drawn = hashlib.sha256(str(number).encode()).digest()
    return "".join("bdfgklmnprst"[n % 12] + "aeiou"[n % 5] for n in drawn[:4]).capitalize()


def somebody_new(clinic: Clinic) -> dict:
    number = clinic.number()
    return {
        "given_name": a_name(number), "family_name": a_name(-number), "birth_date": f"3/5/{1930 + number % 80}",
        "sex": "female", "chosen_name": "", "pronouns": "she/her", "middle_name": "", "suffix": "",
        "language": "en", "ssn_last4": "",
    }  # fmt: skip


def a_phone(clinic: Clinic) -> str:
    return f"(518) 555-{clinic.number() % 10000:04}"


@write("register-patient")
def register(clinic: Clinic) -> Sent:
    return Sent(typed={**somebody_new(clinic), "phone": a_phone(clinic), "can_leave_voicemail": "on"})


@write("likely-duplicates")
def likely(clinic: Clinic) -> Sent:
    clinic.patient()
    return Sent(typed={**somebody_new(clinic), "phone": ""})


@write("patient-demographics")
def demographics(clinic: Clinic) -> Sent:
    more = {
        "gender_identity": "", "race": ["2106-3"], "ethnicity": "2186-5", "mother_maiden_name": "Ray",
        "multiple_birth_order": "1", "deceased_on": "",
    }  # fmt: skip
    same = {"family_name": "Doe", "birth_date": "2/3/1980"}
    return Sent({"public_id": clinic.patient().public_id}, {**somebody_new(clinic), **same, **more})


AROUND = {
    "reach": {"channel": "phone", "value": "(518) 555-0142", "use": "mobile", "can_text": "on"},
    "address": {
        "street": "12 Elm St", "street2": "", "city": "Albany", "state": "NY", "postal_code": "12203", "use": "home",
    },
    "person": {
        "name": "Rosa Doe", "relationship": "mother", "phone": "(518) 555-0143", "language": "es",
        "may_be_told": "on", "authority": "none", "authority_from": "", "authority_until": "", "authority_document": "",
    },
    "need": {"kind": "hearing", "detail": "Left ear"},
    "alert": {"text": "Faints at needles"},
    "name": {"kind": "former", "given_name": "Joan", "family_name": "Smith"},
    "communication": {"preferred": "phone", "reminders": "text", "text_consent": "on", "quiet_from": "9p",
                      "quiet_until": "8a"},
}  # fmt: skip


def add_around(section: str):
    def made(clinic: Clinic) -> Sent:
        return Sent({"public_id": clinic.patient().public_id, "section": section}, AROUND[section])

    return made


for _section in AROUND:
    write("patient-add", _section)(add_around(_section))


def a_mother(clinic: Clinic, patient):
    relation = actions.Relation(name="Rosa Doe", relationship="mother", may_be_told=True)
    return actions.add_related_person(actor=clinic.actor, patient=patient, relation=relation)


@write("patient-related")
def related(clinic: Clinic) -> Sent:
    patient = clinic.patient()
    typed = {**AROUND["person"], "name": "Rosa Smith"}
    return Sent({"public_id": patient.public_id, "person_id": a_mother(clinic, patient).public_id}, typed)


@write("patient-end")
def end(clinic: Clinic) -> Sent:
    patient = clinic.patient()
    need = actions.note_need(actor=clinic.actor, patient=patient, kind="hearing")
    return Sent({"public_id": patient.public_id, "section": "need", "row": need.pk})


@write("break-glass")
def break_glass(clinic: Clinic) -> Sent:
    patient = clinic.patient(is_confidential=True)
    return Sent({"public_id": patient.public_id}, {"reason": "Collapsed in the hall"}, by=clinic.person("clinical_ma"))


@write("review-broken-glass")
def review_glass(clinic: Clinic) -> Sent:
    opener = clinic.person("clinical_ma")
    patient = clinic.patient(is_confidential=True)
    opening = actions.break_glass(actor=clinic.acting(opener), patient=patient, reason="Collapsed in the hall")
    return Sent({"opening_id": opening.public_id}, {"review": "An emergency indeed"})


def two_of_one(clinic: Clinic):
    return clinic.patient(), clinic.patient()


@write("merge-patients")
def merge(clinic: Clinic) -> Sent:
    kept, other = two_of_one(clinic)
    return Sent({"public_id": kept.public_id, "other_id": other.public_id}, {"reason": "The same person"})


@write("undo-merge")
def undo_merge(clinic: Clinic) -> Sent:
    kept, other = two_of_one(clinic)
    merged = actions.merge_patients(actor=clinic.actor, kept=kept, merged=other, reason="The same person")
    return Sent({"merge_id": merged.pk})


IN_THE_CHART = {
    "problem": {"text": "High blood pressure", "code": "I10", "onset": "3/5/2019"},
    "allergy": {"substance": "Penicillin", "reaction": "Hives", "severity": "moderate", "category": "medication"},
    "medication": {"name": "Lisinopril 10 mg", "dose": "1 tablet", "frequency": "daily", "prescriber": "Dr. Patel"},
    "family": {"relation": "Mother", "condition": "Diabetes", "age_at_onset": "52"},
    "surgery": {"procedure": "Appendix out", "performed_text": "1999", "place": "Albany Med"},
    "social": {"topic": "tobacco", "answer": "Never smoked"},
}


def add_to_chart(section: str):
    def made(clinic: Clinic) -> Sent:
        return Sent({"public_id": clinic.patient().public_id, "section": section}, IN_THE_CHART[section])

    return made


for _section in IN_THE_CHART:
    write("chart-add", _section)(add_to_chart(_section))


@write("chart-review")
def review_list(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.patient().public_id, "name": "allergies"}, {"none": "yes"})


@write("chart-strike")
def strike(clinic: Clinic) -> Sent:
    patient = clinic.patient()
    facts = chart_actions.AllergyFacts(substance="Penicillin")
    allergy = chart_actions.add_allergy(actor=clinic.actor, patient=patient, facts=facts)
    return Sent({"public_id": patient.public_id, "allergy_id": allergy.public_id}, {"reason": "It was the other twin"})


@write("file-document")
def file_document(clinic: Clinic) -> Sent:
    typed = {
        "file": Paper("letter.pdf", PDF), "kind": "letter", "title": "Letter of the cardiologist",
        "dated": "11/2/2026", "author": "Dr. Hart", "family_name": "Doe", "birth_date": "2/3/1980",
    }  # fmt: skip
    return Sent({"public_id": clinic.patient().public_id}, typed)


@write("review-document")
def review_document(clinic: Clinic) -> Sent:
    patient = clinic.patient()
    paper = chart_actions.file_document(
        actor=clinic.actor, patient=patient, content=PDF, kind="letter", title="Letter", dated=date(2026, 11, 2),
        keys=("Doe", date(1980, 2, 3)),
    )  # fmt: skip
    return Sent({"public_id": patient.public_id, "document_id": paper.public_id})
