"""The vaccine registry: down for an hour and nothing lost; asked, compared, brought in; not sure whom we mean."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT, EASTERN, an_actor
from mainstay.immunizations.models import VaccineDose
from mainstay.interop import actions
from mainstay.interop.hl7 import write_message
from mainstay.interop.models import OutboundMessage
from mainstay.interop.registries.reports import Action, Coded, DoseReport, Envelope, Identifier, PersonReport
from mainstay.interop.registries.writing import vaccination_update
from mainstay.interop.tests.registry_cases import (
    a_child,
    a_connection,
    a_dose_told,
    a_registry,
    send,
    states,
    vaccine_codes,
)
from mainstay.visits.tests.factories import a_person

ELSEWHERE = Envelope("HARBOR", "HARBOR", "SIM", "SIM", "HARBOR-MRN", "T")
ANA = PersonReport((Identifier("7", "HARBOR-MRN"),), "Ruiz", "Ana", date(2024, 2, 29))


@pytest.fixture(autouse=True)
def codes(db):
    vaccine_codes()


def known_elsewhere(registry, person: PersonReport, *doses: tuple[str, date]) -> None:
    """Another clinic has told the registry of these doses."""
    for cvx, day in doses:
        number = f"{person.given}-{cvx}"
        dose = DoseReport(number, Action.ADD, Coded(cvx, f"Vaccine {cvx}", "CVX"), day, source="01")
        told = vaccination_update(ELSEWHERE, person, dose, control_id=number, now=A_MOMENT, zone=EASTERN)
        registry.answer(write_message(told), "")


def test_the_registry_is_down_for_an_hour_and_nothing_is_lost(now, at_a_screen):
    child = a_child()
    manager = at_a_screen(a_person("morgan", "manager"))
    with a_registry() as (registry, port):
        connection = a_connection(port)
    for cvx in ("03", "20", "21"):
        actions.report_dose(actor=an_actor(now=now()), dose=a_dose_told(child, cvx), action=Action.ADD)
    start = now()
    for minute in range(61):
        assert send(connection, start + timedelta(minutes=minute)) == 0
    manager.opens("/registries/messages/").reads("MMR").reads("Queued").reads("does not answer")
    with a_registry(port, registry=registry):
        assert any(send(connection, start + timedelta(minutes=minute)) for minute in range(61, 80))
    assert states() == ["accepted"] * 3
    heard = [message.control_id for message in registry.heard]
    assert heard == list(OutboundMessage.objects.order_by("pk").values_list("control_id", flat=True))
    assert len(registry.records.patients[0].doses) == 3
    manager.opens("/registries/messages/?list=done").reads("Accepted")


def test_a_history_is_asked_for_compared_and_brought_in(now, at_a_screen):
    child = a_child()
    a_dose_told(child, "03", date(2025, 3, 1), product="MMR II")
    maria = at_a_screen(a_person("maria", "clinical_ma"))
    with a_registry() as (registry, port):
        connection = a_connection(port)
        known_elsewhere(registry, ANA, ("03", date(2025, 3, 2)), ("20", date(2024, 5, 1)))
        maria.opens(f"/patients/{child.public_id}/registry/").presses("Ask the registry", within="body")
        maria.reads("waiting for the answer")
        send(connection, now())
        maria.opens(f"/patients/{child.public_id}/registry/")
        maria.reads("The registry says 03/02/2025, we say 03/01/2025.").reads("Both forecasts")
        maria.reads("The registry counts the next dose as number 2, we as 1.").reads("Bring them in first.")
        maria.presses("Bring in what is ticked").reads("Nothing in it is new to us.")
    assert sorted(VaccineDose.objects.values_list("cvx", "source")) == [("03", "historical"), ("20", "registry")]
    assert VaccineDose.objects.get(cvx="03").given_on == date(2025, 3, 1)


def test_when_the_registry_is_not_sure_a_person_chooses(now, at_a_screen):
    child = a_child(given_name="Anita")
    maria = at_a_screen(a_person("maria", "clinical_ma"))
    with a_registry() as (registry, port):
        connection = a_connection(port)
        known_elsewhere(registry, ANA, ("03", date(2025, 3, 1)))
        known_elsewhere(
            registry, replace(ANA, given="Eva", identifiers=(Identifier("8", "X"),)), ("21", date(2025, 3, 1))
        )
        maria.opens(f"/patients/{child.public_id}/registry/").presses("Ask the registry", within="body")
        send(connection, now())
        maria.opens(f"/patients/{child.public_id}/registry/").reads("not sure whom we mean")
        assert not VaccineDose.objects.exists()
        maria.presses("This is our patient")
        send(connection, now())
        maria.opens(f"/patients/{child.public_id}/registry/").presses("Bring in what is ticked")
    assert list(VaccineDose.objects.values_list("cvx", flat=True)) == ["03"]
