"""From the act to the registry's own record: given, put right, withdrawn, refused, reacted to, over the wire."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.immunizations import actions as immunizations
from mainstay.immunizations.actions import DoseChanges
from mainstay.immunizations.models import GivenDose, VaccineWatch
from mainstay.immunizations.tests.giving import (
    TODAY,
    a_clinic,
    chosen,
    given,
    here_today,
    identified,
    on_the_shelf,
)
from mainstay.interop import actions
from mainstay.interop.models import OutboundMessage
from mainstay.interop.simulators.records import KnownRefusal
from mainstay.interop.tests.registry_cases import a_registry, send, states, vaccine_codes

pytestmark = pytest.mark.django_db
TDAP = "DTaP/Tdap/Td"


class Wire:
    """A clinic, a registry on loopback, and what goes from one to the other."""

    def __init__(self, clinic, registry, connection):
        self.clinic, self.registry, self.connection = clinic, registry, connection

    def run(self) -> list[str]:
        """What the worker does until nothing waits; the action codes heard so far."""
        tell_everyone()
        send(self.connection)
        assert set(states()) == {"accepted"}
        return [message.text("RXA-21") for message in self.registry.heard]

    @property
    def known(self):
        (patient,) = self.registry.records.patients
        return patient


@pytest.fixture
def wire(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    vaccine_codes()
    clinic = a_clinic()
    with a_registry() as (registry, port):
        facts = actions.RegistryFacts(
            name="State", host="127.0.0.1", port=port, facility="CLINIC1", authority="CLINIC1-MRN", uses_tls=False
        )
        yield Wire(clinic, registry, actions.set_up_registry(actor=an_actor(), site=clinic.site, facts=facts))


def given_and_told(wire, number: str = "WRONG1") -> GivenDose:
    dose = given(wire.clinic, here_today(wire.clinic), TDAP, on_the_shelf(wire.clinic, "Boostrix", number=number))
    assert wire.run() == ["A"]
    return GivenDose.objects.get(dose=dose)


def test_a_lot_put_right_is_put_right_at_the_registry_under_the_same_number(wire):
    record = given_and_told(wire)
    right = on_the_shelf(wire.clinic, "Boostrix", number="RIGHT1")
    changes = DoseChanges(lot=right.lot, site="RD")
    immunizations.amend_dose(actor=wire.clinic.acting(), given=record, changes=changes, reason="Read the wrong box")
    assert wire.run() == ["A", "U"]
    (dose,) = wire.known.doses
    assert (dose.key[0], dose.rxa.text(15), dose.rxr.text(2)) == (str(record.dose.public_id), "RIGHT1", "RD")


def test_two_corrections_before_the_worker_runs_both_reach_the_registry_in_their_order(wire):
    record = given_and_told(wire)
    maria = wire.clinic.acting()
    for site, reason in (("RD", "The right arm"), ("LD", "The left after all")):
        immunizations.amend_dose(actor=maria, given=record, changes=DoseChanges(site=site), reason=reason)
        record.refresh_from_db()
        tell_everyone()
    assert states() == ["accepted", "queued", "queued"]
    assert wire.run() == ["A", "U", "U"]
    assert [message.text("RXR-2") for message in wire.registry.heard][1:] == ["RD", "LD"]
    (dose,) = wire.known.doses
    assert dose.rxr.text(2) == "LD"


def test_a_dose_entered_in_error_leaves_the_registry(wire):
    record = given_and_told(wire)
    immunizations.withdraw_dose(actor=wire.clinic.acting(), given=record, reason="Wrong chart")
    assert wire.run() == ["A", "D"] and wire.known.doses == []
    assert {message.text("ORC-3") for message in wire.registry.heard} == {str(record.dose.public_id)}


def test_given_put_right_and_withdrawn_before_the_worker_runs_ends_in_nothing(wire):
    stock = on_the_shelf(wire.clinic, "Boostrix")
    record = GivenDose.objects.get(dose=given(wire.clinic, here_today(wire.clinic), TDAP, stock))
    maria = wire.clinic.acting()
    immunizations.amend_dose(actor=maria, given=record, changes=DoseChanges(site="RD"), reason="The right arm")
    immunizations.withdraw_dose(actor=maria, given=record, reason="Wrong chart")
    assert wire.run() == ["A", "U", "D"] and wire.known.doses == []


def test_a_refusal_is_told_with_its_reason_and_no_dose(wire):
    clinic = wire.clinic
    preparation = chosen(clinic, identified(clinic, here_today(clinic, date(2025, 9, 1))), "MMR")
    immunizations.refuse_vaccine(
        actor=clinic.acting(), preparation=preparation, reason="00", by_name="Ann Doe", by_relation="mother",
        signature="Ann Doe", words="Wants to wait",
    )  # fmt: skip
    assert wire.run() == ["A"]
    (message,) = wire.registry.heard
    rxa = message.first("RXA")
    assert [rxa.text(n) for n in (5, 6, 9, 18, 20)] == ["03", "999", "", "00", "RE"]
    assert message.text("ORC-3") == "9999" and not [*message.every("RXR"), *message.every("OBX")]
    assert wire.known.doses == [] and wire.known.refusals == {KnownRefusal(TODAY, "03", "00")}


def reacted(wire, seen: list[str]):
    return immunizations.notice_reaction(
        actor=wire.clinic.acting(now=A_MOMENT + timedelta(minutes=9)), watch=VaccineWatch.objects.get(), seen=seen
    )


def test_a_reaction_reaches_the_registry_when_it_is_seen_and_again_when_a_clinician_names_it(wire):
    given_and_told(wire)
    reaction = reacted(wire, ["hives"])
    assert wire.run() == ["A", "U"]
    assert wire.known.doses[0].reactions == ("VXC14",)
    doctor = wire.clinic.acting(wire.clinic.doctor, now=A_MOMENT + timedelta(minutes=30))
    told = {"done": "Epinephrine 0.5 mg IM at 9:10", "recovered": "yes", "event": "anaphylaxis"}
    immunizations.record_treatment(actor=doctor, reaction=reaction, **told)
    assert wire.run() == ["A", "U", "U"]
    assert wire.known.doses[0].reactions == ("39579001", "VXC14")
    obx = [one for one in wire.registry.heard[-1].every("OBX") if one.text(3) == "31044-1"]
    assert [(one.text(5), one.text(5, 3)) for one in obx] == [("39579001", "SCT"), ("VXC14", "CDCPHINVS")]
    assert len({one.text(4) for one in wire.registry.heard[-1].every("OBX")}) >= 4


def test_a_faint_has_no_code_in_the_guide_and_is_told_to_vaers_only(wire):
    given_and_told(wire)
    reacted(wire, ["faint"])
    assert wire.run() == ["A"]
    assert OutboundMessage.objects.count() == 1
