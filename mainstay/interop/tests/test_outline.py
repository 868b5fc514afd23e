"""A resource in plain words."""

import json

import pytest

from mainstay.interop.fhir import exact
from mainstay.interop.fhir.outline import date_of, label_of, outline, title_of
from mainstay.interop.tests.conftest import EVERYTHING


def _sent(kind: str) -> dict:
    found = next(entry["resource"] for entry in EVERYTHING if entry["resource"]["resourceType"] == kind)
    return exact.read(json.dumps(found))


def test_a_type_is_said_in_words():
    assert label_of("ExplanationOfBenefit") == "Explanation of benefit"
    assert label_of("Claim") == "Claim"


@pytest.mark.parametrize(
    ("kind", "title", "dated"),
    [
        ("Condition", "Hypertension", "5 May 2019"),
        ("MedicationRequest", "Lisinopril 10 MG", "1 Mar 2024"),
        ("Immunization", "140", "10 Oct 2023"),
        ("Encounter", "Check-up", "1 Mar 2024"),
        ("Procedure", "Appendectomy", "2001"),
        ("Patient", "Ana María Ruiz", "2 Apr 1980"),
    ],
)
def test_a_resource_tells_what_it_is_about_and_when(kind, title, dated):
    assert (title_of(_sent(kind)), date_of(_sent(kind))) == (title, dated)


def test_the_usual_data_types_are_said_in_their_usual_form():
    facts = dict(outline(_sent("Observation")))
    assert facts["Value quantity"] == "154.3 lb"
    assert facts["Code"] == "Body Weight"
    assert dict(outline(_sent("Patient")))["Address"] == "1 Elm St, Boston, Massachusetts, 02108"
    assert "type" not in dict(outline(_sent("Claim")))
    assert dict(outline(_sent("Encounter")))["Period"] == "1 Mar 2024 – 1 Mar 2024"


@pytest.mark.parametrize("odd", [None, [], "text", {"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}, {"x": [None, [[]]]}])
def test_odd_things_are_outlined_calmly(odd):
    outline(odd)
    assert isinstance(title_of(odd), str)
    assert date_of(odd) == ""
