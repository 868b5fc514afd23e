"""Doses given elsewhere."""

from datetime import date

import pytest

from mainstay.foundation.errors import InvalidInput, NotPermitted
from mainstay.foundation.testing import an_actor
from mainstay.immunizations.actions import DoseElsewhere, record_doses_elsewhere
from mainstay.immunizations.models import VaccineDose
from mainstay.people.models import Patient
from mainstay.terminology.models import Concept


@pytest.fixture
def patient(db) -> Patient:
    Concept.objects.get_or_create(system="cvx", code="03", defaults={"display": "MMR", "is_billable": True})
    return Patient.objects.create(mrn="D1", given_name="Leo", family_name="Park", birth_date=date(2020, 3, 1))


def test_a_dose_given_elsewhere_is_kept_with_its_day(patient):
    record_doses_elsewhere(actor=an_actor(), patient=patient, doses=[DoseElsewhere("03", date(2021, 3, 5))])
    dose = VaccineDose.objects.get()
    assert (dose.cvx, dose.given_on, dose.source) == ("03", date(2021, 3, 5), "historical")


@pytest.mark.parametrize(
    ("cvx", "day"), [("999", date(2021, 1, 1)), ("03", date(2019, 1, 1)), ("03", date(2030, 1, 1))]
)
def test_a_dose_that_cannot_be_is_refused_and_nothing_is_written(patient, cvx, day):
    doses = [DoseElsewhere("03", date(2021, 3, 5)), DoseElsewhere(cvx, day)]
    with pytest.raises(InvalidInput):
        record_doses_elsewhere(actor=an_actor(), patient=patient, doses=doses)
    assert not VaccineDose.objects.exists()


def test_only_who_may_record_history_does(patient):
    with pytest.raises(NotPermitted):
        record_doses_elsewhere(actor=an_actor(permissions=("chart.read",)), patient=patient, doses=[])
