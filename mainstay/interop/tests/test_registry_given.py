"""A vaccine given here reaches the registry by itself, with everything the guide asks for."""

from __future__ import annotations

import pytest

from mainstay.foundation.testing import an_actor, tell_everyone
from mainstay.immunizations import actions as immunizations
from mainstay.immunizations.models import GivenDose
from mainstay.immunizations.tests.giving import a_clinic, given, here_today, on_the_shelf
from mainstay.interop import actions
from mainstay.interop.hl7 import parse_message, remarks_on
from mainstay.interop.models import OutboundMessage
from mainstay.interop.tests.registry_cases import vaccine_codes

pytestmark = pytest.mark.django_db


def told():
    return [parse_message(bytes(one.body)) for one in OutboundMessage.objects.order_by("pk")]


def test_a_dose_given_here_is_told_with_lot_site_eligibility_and_statement_and_withdrawn_again():
    vaccine_codes()
    clinic = a_clinic()
    stock = on_the_shelf(clinic, "Boostrix")
    visit = here_today(clinic)
    facts = actions.RegistryFacts(
        name="State", host="127.0.0.1", port=1, facility="CLINIC1", authority="CLINIC1-MRN", uses_tls=False
    )
    actions.set_up_registry(actor=an_actor(), site=visit.site, facts=facts)
    dose = given(clinic, visit, "DTaP/Tdap/Td", stock)
    tell_everyone()
    (message,) = told()
    assert not remarks_on(message)
    record = GivenDose.objects.get(dose=dose)
    rxa = message.first("RXA")
    assert (rxa.text(5), rxa.text(9), rxa.text(15), rxa.text(20), rxa.text(21)) == (
        dose.cvx, "00", record.lot_number, "CP", "A",
    )  # fmt: skip
    assert (rxa.text(6), rxa.text(7), rxa.text(16)) == (
        f"{record.volume:f}", "mL", record.expires_on.strftime("%Y%m%d"),
    )  # fmt: skip
    assert rxa.text(10, 2) == record.given_by.family_name
    assert message.text("ORC-3") == str(dose.public_id)
    assert message.text("ORC-12.2")
    assert message.text("RXR-1") == "C28161"
    assert message.text("RXR-2") == record.site.upper()
    answers = {one.text(3): one.text(5) for one in message.every("OBX")}
    assert answers["64994-7"] == "V01"
    assert answers["30963-3"] == "PHC70"
    statement = record.preparation.statements.get()
    assert answers["69764-9"] == f"253{statement.gdti}11{statement.edition:%y%m%d}"
    assert answers["29769-7"] == f"{statement.given_on:%Y%m%d}" and "29768-9" not in answers
    immunizations.withdraw_dose(
        actor=clinic.acting(),
        given=record,
        reason="Never went in",
        wasted_because="drawn_not_given",
        witness=clinic.nurse,
    )
    tell_everyone()
    tell_everyone()
    assert [one.text("RXA-21") for one in told()] == ["A", "D"]
    assert {one.text("ORC-3") for one in told()} == {str(dose.public_id)}
