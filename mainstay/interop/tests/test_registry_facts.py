"""What decides about vaccines without one being given: told to the registry once, with a code of the guide."""

from __future__ import annotations

import pytest

from mainstay.foundation.tables import read_csv
from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.immunizations import actions as immunizations
from mainstay.immunizations.actions import FactSaid
from mainstay.immunizations.queries import governing_schedule
from mainstay.immunizations.tests.giving import a_clinic
from mainstay.interop import actions
from mainstay.interop.hl7 import parse_message, remarks_on
from mainstay.interop.models import OutboundMessage, RegistryConnection
from mainstay.interop.tests.registry_cases import vaccine_codes
from mainstay.visits.tests.factories import a_patient
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    vaccine_codes()
    clinic = a_clinic()
    facts = actions.RegistryFacts(
        name="State", host="127.0.0.1", port=1, facility="CLINIC1", authority="CLINIC1-MRN", uses_tls=False
    )
    actions.set_up_registry(actor=an_actor(), site=clinic.site, facts=facts)
    RegistryConnection.objects.update(created_at=A_MOMENT)
    return clinic


def noted(clinic, patient, code, **more):
    said = FactSaid(code=code, source="patient", **more)
    fact = immunizations.record_immunization_fact(actor=clinic.acting(), patient=patient, said=said)
    tell_everyone()
    return fact


def told():
    return [parse_message(bytes(one.body)) for one in OutboundMessage.objects.order_by("pk")]


def test_an_allergy_to_eggs_is_told_with_no_vaccine(clinic):
    noted(clinic, a_patient("700201"), "101")
    (message,) = told()
    assert not remarks_on(message)
    assert message.text("ORC-3") == "9999"
    rxa = message.first("RXA")
    assert [rxa.text(n) for n in (5, 6, 9, 15, 20, 21)] == ["998", "999", "", "", "NA", "A"]
    (obx,) = message.every("OBX")
    assert (obx.text(3), obx.text(5), obx.text(5, 3), obx.text(11)) == ("30945-0", "91930004", "SCT", "F")
    assert message.first("RXR") is None
    assert OutboundMessage.objects.get().what == "Allergy to eggs"


def test_a_reaction_to_a_vaccine_names_the_vaccine_it_speaks_against(clinic):
    noted(clinic, a_patient("700201"), "089")
    (message,) = told()
    assert (message.text("RXA-5"), message.text("OBX-5"), message.text("RXA-20")) == ("21", "VXC20", "NA")


def test_measles_immunity_in_the_laboratory_is_told_as_that(clinic):
    noted(clinic, a_patient("700201"), "020")
    (message,) = told()
    assert (message.text("OBX-3"), message.text("OBX-5")) == ("75505-8", "371111005")


@pytest.mark.parametrize("code", ["007", "154", "186"])
def test_a_pregnancy_and_an_infection_with_hiv_stay_here(clinic, code):
    noted(clinic, a_patient("700201"), code)
    assert told() == []


def test_it_is_told_once_and_taken_back_by_somebody_who_calls(clinic):
    patient = a_patient("700201")
    noted(clinic, patient, "101")
    fact = noted(clinic, patient, "101", note="Hives as a child")
    assert len(told()) == 1
    immunizations.withdraw_immunization_fact(actor=clinic.acting(), fact=fact, reason="Eats eggs")
    tell_everyone()
    noted(clinic, patient, "110")
    assert WorkItem.objects.get(kind="registry_report").title == "Ask the registry to take back: Allergy to eggs"
    assert len(told()) == 2


def test_what_does_not_hold_is_not_told(clinic):
    noted(clinic, a_patient("700201"), "101", holds=False)
    assert told() == []


def test_every_row_of_the_table_is_an_observation_of_the_schedule_and_told_once():
    rows = read_csv("mainstay.interop", "registry_observations.csv")
    codes = [row["fact"] for row in rows]
    assert len(set(codes)) == len(codes) and set(codes) <= set(governing_schedule().observations)
    assert {row["question"] for row in rows} == {"30945-0", "59784-9", "75505-8"}
    assert {row["system"] for row in rows} == {"SCT", "CDCPHINVS"}
    assert all(row["cvx"] == "998" or row["cvx"] in governing_schedule().vaccines for row in rows)
