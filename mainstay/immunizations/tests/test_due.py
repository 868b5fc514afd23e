"""What is due for patients of the practice, from their charts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from mainstay.chart import actions as chart
from mainstay.chart.actions import AllergyFacts, MedicationFacts, ProblemFacts
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.immunizations.forecast import SeriesStatus, dose_results
from mainstay.immunizations.models import VaccineDose
from mainstay.immunizations.queries import forecast_for, forecasts_for, known_person, person_for_forecast
from mainstay.people.models import Patient
from mainstay.visits.tests.factories import a_patient

pytestmark = pytest.mark.django_db

TODAY = A_MOMENT.date()
ACTOR = an_actor()


def a_dose(patient: Patient, cvx: str, on: date, **more: Any) -> VaccineDose:
    return VaccineDose.objects.create(patient=patient, cvx=cvx, given_on=on, **more)


def status_of(patient: Patient, group: str) -> str:
    return {g.group.name: str(g.status) for g in forecast_for(patient, TODAY).groups}[group]


def test_doses_given_here_and_elsewhere_count_and_errors_do_not() -> None:
    patient = a_patient()
    a_dose(patient, "115", TODAY - timedelta(days=400), source="here")
    a_dose(patient, "187", TODAY - timedelta(days=300))
    a_dose(patient, "140", TODAY - timedelta(days=30), status="entered-in-error")
    a_dose(patient, "309", TODAY - timedelta(days=20), status="refused")
    assert [dose.cvx for dose in person_for_forecast(patient, TODAY).doses] == ["115", "187"]


def test_a_vaccine_the_schedule_does_not_know_is_judged_for_nothing_but_keeps_live_vaccines_apart() -> None:
    patient, other = a_patient(), a_patient("100002")
    a_dose(patient, "998", TODAY)
    assert forecast_for(patient, TODAY).groups
    assert list(dose_results(forecast_for(patient, TODAY))) == []
    for cvx, days in (("19", 10), ("03", 3)):
        a_dose(other, cvx, TODAY - timedelta(days=days))
    reasons = {result.antigen: result.reason for result in dose_results(forecast_for(other, TODAY))}
    assert reasons["Measles"] == "Live Virus Conflict"


def test_a_spleen_taken_out_asks_for_meningococcal_vaccine() -> None:
    patient = a_patient()
    assert "Meningococcal" not in {
        g.group.name for g in forecast_for(patient, TODAY).groups if g.status == "Not Complete"
    }
    chart.add_problem(actor=ACTOR, patient=patient, facts=ProblemFacts("Spleen removed", "Z90.81"))
    assert status_of(patient, "Meningococcal") == SeriesStatus.NOT_COMPLETE


def test_a_medicine_against_rejection_speaks_against_measles_vaccine() -> None:
    patient = a_patient()
    chart.add_medication(actor=ACTOR, patient=patient, facts=MedicationFacts("Mycophenolate 500 mg", frequency="BID"))
    assert status_of(patient, "MMR") == SeriesStatus.CONTRAINDICATED


def test_a_severe_allergy_to_gelatin_speaks_against_varicella_vaccine() -> None:
    patient = a_patient()
    chart.add_allergy(actor=ACTOR, patient=patient, facts=AllergyFacts("Gelatin", "Anaphylaxis", "severe"))
    known = known_person(patient, TODAY)
    assert [(item.code, item.because) for item in known.reading.observed] == [("102", "allergy to Gelatin")]
    assert status_of(patient, "Varicella") == SeriesStatus.CONTRAINDICATED


def test_many_patients_take_as_many_statements_as_one(django_assert_num_queries: Any) -> None:
    patients = [a_patient(str(200000 + n)) for n in range(12)]
    for patient in patients:
        a_dose(patient, "03", TODAY - timedelta(days=100))
        chart.add_problem(actor=ACTOR, patient=patient, facts=ProblemFacts("Diabetes", "E11.9"))
    with django_assert_num_queries(9):
        forecasts_for(patients[:1], TODAY)
    with django_assert_num_queries(9):
        assert len(forecasts_for(patients, TODAY)) == 12
