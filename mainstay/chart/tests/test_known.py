"""What is read from a chart's lists: facts that raise a band, arms to spare, a birth, weeks of gestation."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from mainstay.chart.models import Medication, Observation, Problem, SurgicalHistory
from mainstay.chart.queries import Condition, known_of, measures_of
from mainstay.chart.rules import Listed, fact_rules, what_is_known
from mainstay.foundation.tables import read_toml
from mainstay.people.models import Patient

TODAY = date(2026, 11, 20)
EASTERN = ZoneInfo("America/New_York")


def known(problems=(), medicines=(), operations=()):
    return what_is_known(problems=problems, medicines=medicines, operations=operations, on=TODAY)


@pytest.mark.parametrize(
    ("problem", "fact"),
    [
        (Listed("Supervision of normal pregnancy", "Z34.90", date(2026, 8, 1)), "pregnant"),
        (Listed("Normal pregnancy", since=date(2026, 8, 1)), "pregnant"),
        (Listed("Kidney transplant status", "Z94.0"), "weak_immunity"),
        (Listed("Long term use of anticoagulants", "Z79.01"), "anticoagulated"),
        (Listed("Type 2 diabetes mellitus", "E11.9"), "diabetes"),
        (Listed("Old myocardial infarction", "I25.2"), "heart_disease"),
        (Listed("Epilepsy", "G40.909"), "epilepsy"),
        (Listed("Acquired absence of spleen", "Z90.81"), "no_spleen"),
        (Listed("Chronic respiratory failure with hypercapnia", "J96.12"), "low_saturation_target"),
        (Listed("COPD", "J44.9", note="Dr Patel: keep at 88-92 %"), "low_saturation_target"),
    ],
)
def test_a_problem_says_what_matters(problem, fact):
    assert known([problem]).has(fact)


@pytest.mark.parametrize(
    ("problem", "fact"),
    [
        (Listed("Supervision of normal pregnancy", "Z34.90", date(2024, 8, 1)), "pregnant"),
        (Listed("Normal pregnancy", "Z34.90", date(2026, 8, 1), is_active=False), "pregnant"),
        (Listed("Family history of diabetes"), "diabetes"),
        (Listed("Diabetes insipidus", "E23.2"), "diabetes"),
        (Listed("COPD", "J44.9"), "low_saturation_target"),
        (Listed("Encounter for pregnancy test, result negative", since=TODAY), "weak_immunity"),
    ],
)
def test_what_only_sounds_like_it_does_not_count(problem, fact):
    assert not known([problem]).has(fact)


@pytest.mark.parametrize(
    ("medicine", "fact"),
    [
        ("Apixaban 5 mg tablet", "anticoagulated"),
        ("Eliquis 5 MG Oral Tablet", "anticoagulated"),
        ("predniSONE 20 mg", "weak_immunity"),
        ("Insulin glargine (Lantus) 100 units/mL", "diabetes"),
        ("nitroglycerin 0.4 mg SL", "heart_disease"),
    ],
)
def test_a_medicine_on_the_list_says_what_matters(medicine, fact):
    assert known(medicines=[Listed(medicine)]).has(fact)


@pytest.mark.parametrize(
    "medicine", ["Prednisolone 1 % ophthalmic drops", "Heparin lock flush 10 units/mL", "Warm compress"]
)
def test_a_medicine_that_stays_where_it_is_put_says_nothing(medicine):
    assert known(medicines=[Listed(medicine)]).facts == frozenset()


def test_a_birth_ends_the_pregnancy_and_is_dated():
    found = known(
        [
            Listed("Supervision of normal pregnancy", "Z34.90", date(2026, 3, 1)),
            Listed("Encounter for full-term delivery", "O80", date(2026, 11, 2)),
        ]
    )
    assert found.gave_birth_on == date(2026, 11, 2)
    assert not found.has("pregnant")


def test_a_pregnancy_that_is_over_counts_as_a_birth_of_that_day():
    over = Listed("Pregnancy", "Z33.1", date(2026, 2, 1), ended=date(2026, 11, 5), is_active=False)
    assert known([over]).gave_birth_on == date(2026, 11, 5)


def test_the_latest_operation_is_dated_and_one_to_come_does_not_count():
    operations = [Listed("Knee arthroscopy", since=date(2026, 11, 1)), Listed("Hip", since=date(2027, 1, 1))]
    assert known(operations=operations).operated_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("entry", "arms"),
    [
        (Listed("Acquired absence of right breast", "Z90.11"), {"right"}),
        (Listed("Bilateral mastectomy"), {"left", "right"}),
        (Listed("AV fistula, left forearm"), {"left"}),
        (Listed("PICC line right arm"), {"right"}),
        (Listed("PICC line right arm, removed"), set()),
        (Listed("Hemiplegia following cerebral infarction, left dominant side", "I69.352"), {"left"}),
        (Listed("Anal fistula, left"), set()),
        (Listed("Mastectomy"), set()),
    ],
)
def test_the_arm_to_spare_is_the_side_the_chart_names(entry, arms):
    assert set(known([entry]).arm_to_avoid) == arms


def test_a_child_born_early_has_its_weeks():
    assert known([Listed("Preterm newborn, gestational age 30 completed weeks", "P07.33")]).gestation_weeks == 30
    assert known([Listed("Prematurity, born at 34 weeks")]).gestation_weeks == 34


def test_every_fact_of_the_table_is_named_once_and_can_be_met():
    table = read_toml("mainstay.chart", "known/facts.toml")
    codes = [rule.code for rule in fact_rules()]
    assert len(codes) == len(set(codes)) and table["source"] and table["reviewed_by"]
    for rule in fact_rules():
        assert rule.words or rule.medicines or rule.operations or rule.icd10 != ("\0",), rule.code


@pytest.mark.django_db
def test_the_patients_side_of_a_judgement_comes_from_the_whole_chart(django_assert_num_queries):
    patient = Patient.objects.create(
        mrn="1", given_name="A", family_name="B", birth_date=date(1960, 1, 1), sex="female"
    )
    Problem.objects.create(patient=patient, code="Z90.12", text="Absence of left breast")
    Problem.objects.create(patient=patient, code="J96.12", text="Chronic hypercapnia")
    Problem.objects.create(patient=patient, code="E11.9", text="Diabetes", verification="refuted")
    Medication.objects.create(patient=patient, name="Warfarin 5 mg")
    Medication.objects.create(patient=patient, name="Tacrolimus 1 mg", status="stopped")
    SurgicalHistory.objects.create(patient=patient, procedure="Hernia repair", performed_on=date(2026, 11, 10))
    visit = uuid4()
    late = datetime(2026, 11, 20, 3, 30, tzinfo=UTC)
    for n, (key, value) in enumerate([("oxygen_saturation", 91), ("oxygen_saturation", 90), ("oxygen_saturation", 92)]):
        Observation.objects.create(patient=patient, key=key, value=value, effective_at=late - timedelta(days=30 * n))
    Observation.objects.create(
        patient=patient, key="arm_circumference", value=Decimal(38), effective_at=late, visit_ref=visit
    )
    with django_assert_num_queries(3):
        facts = measures_of(patient, on=TODAY, zone=EASTERN, besides_visit=visit)
    assert facts.arm_to_avoid == {"left": "breast removed on this side"}
    assert facts.arm_circumference == 38
    assert facts.usual == {"oxygen_saturation": 91}
    assert facts.last["oxygen_saturation"].on == date(2026, 11, 19), "the site's evening, not the next day in London"
    assert facts.conditions == {Condition.LOW_SATURATION_TARGET, Condition.BLEEDING_RISK}
    with django_assert_num_queries(1):
        found = known_of(patient, on=TODAY)
    assert found.operated_on == date(2026, 11, 10) and not found.has("diabetes", "weak_immunity")
