"""Patients of the demo clinic: who they are and what is known of them, decided by a seeded dice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from mainstay.chart.actions import (
    ReceivedAllergy,
    ReceivedMedication,
    ReceivedObservation,
    ReceivedProblem,
    ReceivedSurgery,
    receive_allergies,
    receive_medications,
    receive_observations,
    receive_problems,
    receive_surgeries,
    record_none_known,
)
from mainstay.chart.models import ListName, VerificationStatus
from mainstay.config.demo.growing import Build, size_at
from mainstay.config.demo.names import BOYS, FAMILIES, GIRLS, STREETS
from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import Confirmations
from mainstay.people import actions as people
from mainstay.people.actions import Demographics, Place, Reach, Relation
from mainstay.people.models import Patient

CONDITIONS = (
    # share of adults, code, text, medicine, dose, how often
    (0.32, "I10", "Essential hypertension", "Lisinopril", "10 mg", "once daily"),
    (0.14, "E11.9", "Type 2 diabetes mellitus", "Metformin", "500 mg", "twice daily"),
    (0.24, "E78.5", "Hyperlipidemia", "Atorvastatin", "20 mg", "at bedtime"),
    (0.09, "J45.909", "Asthma", "Albuterol inhaler", "90 mcg", "as needed"),
    (0.10, "F32.A", "Depression", "Sertraline", "50 mg", "once daily"),
    (0.08, "F41.1", "Generalized anxiety disorder", "", "", ""),
    (0.09, "E03.9", "Hypothyroidism", "Levothyroxine", "75 mcg", "once daily, empty stomach"),
    (0.12, "K21.9", "Gastro-esophageal reflux disease", "Omeprazole", "20 mg", "before breakfast"),
    (0.05, "J44.9", "Chronic obstructive pulmonary disease", "Tiotropium inhaler", "18 mcg", "once daily"),
    (0.03, "I50.9", "Heart failure", "Furosemide", "40 mg", "once daily"),
    (0.04, "I48.91", "Atrial fibrillation", "Apixaban", "5 mg", "twice daily"),
    (0.13, "M54.50", "Low back pain", "Ibuprofen", "400 mg", "as needed"),
)
SUBSTANCES = (
    ("Penicillin", "Hives", "moderate", "medication"), ("Sulfa drugs", "Rash", "mild", "medication"),
    ("Latex", "Itching", "mild", "environment"), ("Peanut", "Swelling of the lips", "severe", "food"),
    ("Ibuprofen", "Wheezing", "severe", "medication"), ("Shellfish", "Hives", "moderate", "food"),
)  # fmt: skip
REASONS = {
    "follow-up": ("Blood pressure follow-up", "Diabetes follow-up", "Cholesterol check", "Medication review"),
    "acute": ("Sore throat for 3 days", "Cough and runny nose", "Ear hurts", "Burning when I pee", "Twisted my ankle"),
    "physical": ("Yearly physical",),
    "well-child": ("Well child check", "School physical"),
    "new-patient": ("New to the area",),
    "wellness": ("Yearly wellness visit",),
    "womens-health": ("Pap test", "Period problems"),
    "wound": ("Check the cut on my hand",),
    "sutures": ("Stitches out",),
    "nurse": ("Weight and blood pressure check",),
    "bp-check": ("Blood pressure check",),
    "injection": ("B12 shot",),
    "telehealth": ("Rash, by video",),
}
NEEDS = (
    ("interpreter", "Spanish"), ("hearing", "Speak to the right side"), ("mobility", "Walker"),
    ("fear", "Faints with needles: lie down"), ("vision", "Large print"), ("reading", "Read forms aloud"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Someone:
    """A person the dice made up."""

    demographics: Demographics
    phone: str
    street: str
    is_child: bool


def someone(dice: Random, today: date, number: int) -> Someone:
    """The next person: a third of them children, a quarter over 65."""
    kind = dice.random()
    if kind < 0.26:
        days = dice.randint(10, 17 * 365)
    elif kind < 0.74:
        days = dice.randint(18 * 365, 64 * 365)
    else:
        days = dice.randint(65 * 365, 94 * 365)
    sex = "female" if dice.random() < 0.53 else "male"
    given = dice.choice(GIRLS if sex == "female" else BOYS)
    family = dice.choice(FAMILIES)
    if dice.random() < 0.05:
        family = f"{family}-{dice.choice(FAMILIES)}"
    demographics = Demographics(
        given_name=given,
        family_name=family,
        birth_date=today - timedelta(days=days),
        middle_name=dice.choice("ABCDEFGJKLMNPRST") if dice.random() < 0.6 else "",
        chosen_name=dice.choice(GIRLS + BOYS) if dice.random() < 0.03 else "",
        sex=sex,
        language="es" if dice.random() < 0.12 else "en",
        ssn_last4=f"{dice.randint(0, 9999):04d}",
    )
    return Someone(
        demographics,
        f"614555{1000 + number % 9000:04d}",
        f"{dice.randint(1, 999)} {dice.choice(STREETS)} St",
        days < 18 * 365,
    )


def enter(actor: Actor, dice: Random, one: Someone) -> Patient:
    """Register somebody with how to reach them, who is around them and what they need."""
    confirmed = Confirmations({code: "Another person of that name" for code in ("likely-duplicate",)})
    patient = people.register_patient(actor=actor, demographics=one.demographics, confirmed=confirmed)
    takes_voicemail = one.phone[-1] in "1234567"
    reach = Reach("phone", one.phone, can_text=dice.random() < 0.7, can_leave_voicemail=takes_voicemail)
    people.add_contact_point(actor=actor, patient=patient, reach=reach)
    people.add_address(
        actor=actor, patient=patient, place=Place(street=one.street, city="Columbus", state="OH", postal_code="43215")
    )
    if one.is_child:
        parent = f"{dice.choice(GIRLS + BOYS)} {one.demographics.family_name}"
        relation = Relation(
            name=parent, relationship="parent", phone=one.phone, authority="parent", is_emergency_contact=True
        )
        people.add_related_person(actor=actor, patient=patient, relation=relation)
    if dice.random() < 0.12 or one.demographics.language == "es":
        kind, detail = NEEDS[0] if one.demographics.language == "es" else dice.choice(NEEDS[1:])
        people.note_need(actor=actor, patient=patient, kind=kind, detail=detail)
    return patient


def remember(actor: Actor, dice: Random, patient: Patient, *, asked_by: Actor) -> None:
    """Fill a chart with years of history, as told by the practice's former system."""
    today = actor.today
    age = (today - patient.birth_date).days / 365.25
    had = [c for c in CONDITIONS if age >= 18 and dice.random() < c[0] * (0.5 if age < 40 else 1.4)]
    problems = [
        ReceivedProblem(
            text=text,
            code=code,
            verification=VerificationStatus.CONFIRMED,
            onset=today - timedelta(days=dice.randint(200, 4000)),
        )
        for _, code, text, *_ in had
    ]
    receive_problems(
        actor=actor, patient=patient, received=[p for p in problems if p.onset and p.onset > patient.birth_date]
    )
    receive_medications(
        actor=actor,
        patient=patient,
        received=[ReceivedMedication(name=name, dose=dose, frequency=often) for *_, name, dose, often in had if name],
    )
    if dice.random() < 0.22:
        substance, reaction, severity, category = dice.choice(SUBSTANCES)
        allergy = ReceivedAllergy(
            substance=substance,
            reaction=reaction,
            severity=severity,
            category=category,
            verification=VerificationStatus.CONFIRMED,
        )
        receive_allergies(actor=actor, patient=patient, received=[allergy])
    elif dice.random() < 0.7:
        record_none_known(actor=asked_by, patient=patient, list_name=ListName.ALLERGIES)
    if age > 30 and dice.random() < 0.3:
        what = dice.choice(
            ("Appendectomy", "Cholecystectomy", "Cesarean section", "Knee arthroscopy", "Cataract surgery")
        )
        year = dice.randint(2005, today.year - 1)
        receive_surgeries(
            actor=actor, patient=patient, received=[ReceivedSurgery(procedure=what, performed_text=str(year))]
        )
    receive_observations(actor=actor, patient=patient, received=list(measurements(dice, patient, today, age, had)))


def measurements(
    dice: Random, patient: Patient, today: date, age: float, had: list[tuple]
) -> Iterator[ReceivedObservation]:
    """Vital signs of past years: one set at each past visit."""
    high = any(c[1] == "I10" for c in had)
    pressure = dice.gauss(136 if high else 121, 8)
    weight, height = (
        dice.gauss(80 if patient.sex == "male" else 70, 14),
        dice.gauss(176 if patient.sex == "male" else 163, 7),
    )
    build = Build(patient.sex, height, max(41, weight))
    visits = dice.randint(2, 8)
    for n in range(visits):
        ago = int(n * 340 / max(1, visits) * 4 + dice.randint(20, 120))
        day = today - timedelta(days=ago)
        if day <= patient.birth_date:
            continue
        at = datetime(day.year, day.month, day.day, 14, dice.randint(0, 59), tzinfo=UTC)
        set_id = UUID(int=dice.getrandbits(128), version=4)
        years = (day - patient.birth_date).days / 365.25
        values: dict[str, tuple[str, float, str, int]] = {"heart_rate": ("8867-4", dice.gauss(74, 8), "/min", 0)}
        height, weight = size_at(build, years)
        if years >= 18:
            values["systolic"] = ("8480-6", pressure + dice.gauss(0, 6), "mm[Hg]", 0)
            values["diastolic"] = ("8462-4", pressure * 0.62 + dice.gauss(0, 4), "mm[Hg]", 0)
            weight = max(40, weight + dice.gauss(0, 1.2))
        else:
            values["heart_rate"] = ("8867-4", dice.gauss(130 if years < 1 else 95, 6), "/min", 0)
        values["weight"] = ("29463-7", weight, "kg", 1 if years >= 18 else 2)
        values["length" if years < 2 else "height"] = ("8306-3" if years < 2 else "8302-2", height, "cm", 1)
        for key, (loinc, number, unit, places) in values.items():
            value = Decimal(str(round(number, places)))
            yield ReceivedObservation(
                key=key, effective_at=at, loinc=loinc, value=value, unit=unit, panel="vitals", set_id=set_id
            )
