"""What a registry is told of a dose, and what it is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mainstay.foundation.findings import Severity
from mainstay.foundation.testing import A_MOMENT, EASTERN
from mainstay.interop.hl7 import parse_message, remarks_on, write_message
from mainstay.interop.registries.reports import (
    Action,
    Clinician,
    Coded,
    Completion,
    DoseReport,
    Envelope,
    Identifier,
    Kin,
    Leaflet,
    PersonReport,
    Place,
)
from mainstay.interop.registries.rules import before_reporting
from mainstay.interop.registries.writing import Asking, history_query, vaccination_update

ENVELOPE = Envelope("MAINSTAY", "CLINIC1", "IIS", "STATE", "MAINSTAY-MRN", "T", "Harbor Clinic")
TODAY = date(2026, 11, 20)


def a_child(**changes) -> PersonReport:
    child = PersonReport(
        identifiers=(Identifier("100042", "MAINSTAY-MRN"), Identifier("S77", "STATE", "SR")),
        family="Núñez|Ortiz",
        given="Ana",
        birth_date=date(2024, 2, 29),
        middle="M",
        sex="F",
        mother_maiden="Ortiz",
        races=(Coded("2106-3", "White", "CDCREC"),),
        ethnicity=Coded("2135-2", "Hispanic or Latino", "CDCREC"),
        place=Place("5 Dock St", "", "Salem", "MA", "01970"),
        phones=("+19785550100",),
        email="ortiz@example.org",
        birth_order=2,
        kin=(Kin("Ortiz", "Rosa", Coded("MTH", "Mother", "HL70063"), "9785550100"),),
    )
    return replace(child, **changes)


def a_dose(**changes) -> DoseReport:
    dose = DoseReport(
        number="d-1",
        action=Action.ADD,
        vaccine=Coded("03", "MMR", "CVX"),
        given=A_MOMENT,
        amount=Decimal("0.5"),
        lot="L123",
        expires_on=date(2027, 5, 31),
        maker=Coded("MSD", "Merck", "MVX"),
        route=Coded("C38299", "Subcutaneous", "NCIT"),
        site=Coded("LT", "Left thigh", "HL70163"),
        eligibility=Coded("V02", "VFC eligible - Medicaid", "HL70064"),
        funding=Coded("VXC51", "Public VFC", "CDCPHINVS"),
        leaflets=(Leaflet(Coded("03", "MMR", "CVX"), date(2025, 1, 31), TODAY),),
        given_by=Clinician("7", "Silva", "Maria", credential="CMA"),
        ordered_by=Clinician("9", "Patel", "Nina", npi="1234567893"),
        facility="CLINIC1",
    )
    return replace(dose, **changes)


def told(dose: DoseReport, person: PersonReport | None = None):
    message = vaccination_update(ENVELOPE, person or a_child(), dose, control_id="MS-1", now=A_MOMENT, zone=EASTERN)
    again = parse_message(write_message(message))
    assert again == message
    assert not remarks_on(again)
    return again


def observation(message, code: str):
    return next(one for one in message.every("OBX") if one.text(3) == code)


def test_a_dose_given_here_tells_everything_the_guide_requires():
    message = told(a_dose())
    assert message.text("MSH-9.3") == "VXU_V04"
    assert [message.text(f"MSH-{n}") for n in (10, 11, 12, 15, 16, 18, 21, 22)] == [
        "MS-1", "T", "2.5.1", "ER", "AL", "UNICODE UTF-8", "Z22", "Harbor Clinic",
    ]  # fmt: skip
    assert message.text("MSH-7") == "20261120090000-0500"
    pid = message.first("PID")
    assert pid.tree(3) == (
        (("100042",), ("",), ("",), ("MAINSTAY-MRN",), ("MR",)),
        (("S77",), ("",), ("",), ("STATE",), ("SR",)),
    )
    assert pid.text(5) == "Núñez|Ortiz"
    assert (pid.text(7), pid.text(8), pid.text(10), pid.text(11, 5), pid.text(13, 6), pid.text(13, 7)) == (
        "20240229", "F", "2106-3", "01970", "978", "5550100",
    )  # fmt: skip
    assert (pid.text(13, 4, repetition=2), pid.text(22), pid.text(24), pid.text(25)) == (
        "ortiz@example.org", "2135-2", "Y", "2",
    )  # fmt: skip
    assert (message.text("NK1-2"), message.text("NK1-3")) == ("Ortiz", "MTH")
    rxa = message.first("RXA")
    assert [rxa.text(n) for n in (1, 2, 3, 5, 6, 7, 9, 15, 16, 17, 20, 21)] == [
        "0", "1", "20261120090000-0500", "03", "0.5", "mL", "00", "L123", "20270531", "MSD", "CP", "A",
    ]  # fmt: skip
    assert rxa.text(10, 2) == "Silva"
    assert message.text("ORC-12.1") == "1234567893"
    assert message.text("ORC-12.13") == "NPI"
    assert (message.text("ORC-3.1"), message.text("ORC-3.2")) == ("d-1", "MAINSTAY-MRN")
    assert (message.text("RXR-1"), message.text("RXR-2")) == ("C38299", "LT")
    assert observation(message, "64994-7").text(5) == "V02"
    assert observation(message, "64994-7").text(17) == "VXC40"
    assert observation(message, "30963-3").text(5) == "VXC51"
    assert observation(message, "29768-9").text(5) == "20250131"
    assert observation(message, "29769-7").text(5) == "20261120"
    assert observation(message, "30956-7").text(4) == observation(message, "29769-7").text(4)


def test_a_refusal_says_who_refused_and_carries_no_lot():
    reason = Coded("00", "Parental decision", "NIP002")
    message = told(a_dose(completion=Completion.REFUSED, refusal=reason, amount=None))
    rxa = message.first("RXA")
    assert (rxa.text(6), rxa.text(9), rxa.text(15), rxa.text(18), rxa.text(20)) == ("999", "", "", "00", "RE")
    assert message.text("ORC-3") == "9999"
    assert message.first("RXR") is None
    assert not list(message.every("OBX"))


@pytest.mark.parametrize("source", [f"{number:02d}" for number in range(1, 9)])
def test_a_historical_dose_says_where_it_was_told_and_claims_nothing_more(source):
    message = told(a_dose(source=source, amount=None, lot="", maker=None, expires_on=None))
    assert message.text("RXA-9") == source
    assert message.text("RXA-9.3") == "NIP001"
    assert message.text("RXA-6") == "999"
    assert message.text("RXA-10") == ""
    assert not [one for one in message.every("OBX") if one.text(3) in ("64994-7", "30963-3")]


@pytest.mark.parametrize("action", [Action.UPDATE, Action.DELETE])
def test_a_change_and_a_deletion_keep_the_number_of_the_dose(action):
    message = told(a_dose(action=action))
    assert message.text("RXA-21") == action.value
    assert message.text("ORC-3") == "d-1"


def test_a_patient_who_died_is_told_so():
    pid = told(a_dose(), a_child(died_on=TODAY))
    assert (pid.text("PID-29"), pid.text("PID-30"), pid.text("PD1-16")) == ("20261120", "Y", "P")


def test_what_the_registry_would_refuse_is_known_before():
    def places(person, dose, severity):
        found = before_reporting(person, dose, today=TODAY)
        return {one.field for one in found if one.severity is severity}

    stops = places(a_child(identifiers=(), given=""), a_dose(number="", completion=Completion.REFUSED), Severity.STOP)
    assert stops == {"PID-3", "PID-5", "ORC-3", "RXA-18"}
    assert places(a_child(), a_dose(given=date(2020, 1, 1)), Severity.STOP) == {"RXA-3"}
    assert places(a_child(kin=()), a_dose(lot="", eligibility=None), Severity.ALERT) == {"NK1", "RXA-15", "OBX-5"}
    assert not before_reporting(a_child(), a_dose(), today=TODAY)
    assert not before_reporting(a_child(), a_dose(source="01", lot="", site=None, route=None), today=TODAY)


@pytest.mark.parametrize("asking", list(Asking))
def test_a_query_names_the_patient_and_how_many_answers_are_read(asking):
    message = history_query(ENVELOPE, a_child(), asking=asking, control_id="MS-2", now=A_MOMENT, zone=EASTERN)
    assert parse_message(write_message(message)) == message
    assert (message.kind, message.text("MSH-21"), message.text("QPD-1"), message.text("QPD-2")) == (
        "QBP^Q11", asking.value, asking.value, "MS-2",
    )  # fmt: skip
    assert (message.text("QPD-3.5"), message.text("QPD-4.1"), message.text("QPD-6"), message.text("QPD-8.4")) == (
        "MR", "Núñez|Ortiz", "20240229", "MA",
    )  # fmt: skip
    assert (message.text("RCP-1"), message.text("RCP-2.1"), message.text("RCP-2.2.1")) == ("I", "10", "RD")
