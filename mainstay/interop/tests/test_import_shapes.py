"""FHIR as other systems lay it out: lists, lines under another name, searching references, codes named by OID."""

from __future__ import annotations

import json

import pytest

from mainstay.chart.models import Observation
from mainstay.immunizations.models import VaccineDose
from mainstay.interop.commands import import_
from mainstay.interop.models import ExternalResource

pytestmark = pytest.mark.usefixtures("codes")
PERSON = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [{"system": "http://elsewhere.example/mrn", "value": "E-77"}],
    "name": [{"family": "Ruiz", "given": ["Ana"]}],
    "birthDate": "1980-04-02",
}


def weight(reference: str) -> dict:
    return {
        "resourceType": "Observation",
        "id": "w1",
        "status": "final",
        "code": {"coding": [{"system": "urn:oid:2.16.840.1.113883.6.1", "code": "29463-7"}]},
        "subject": {"reference": reference},
        "effectiveDateTime": "2024-03-01",
        "valueQuantity": {"value": 70.5, "unit": "kg", "system": "http://unitsofmeasure.org", "code": "kg"},
    }


@pytest.fixture
def bring_in(tmp_path, capsys):
    """Import one text under a name; returns (exit code, the JSON printed)."""

    def bring(text: str, name: str = "in.json"):
        (tmp_path / name).write_text(text, encoding="utf-8", newline="")
        return import_(["fhir", "--json", str(tmp_path / name)]), json.loads(capsys.readouterr().out)

    return bring


def test_a_list_of_resources_is_as_good_as_a_bundle(bring_in):
    code, said = bring_in(json.dumps([PERSON, weight("Patient/p1")]))
    assert code == 0
    assert said["resources"]["Observation"] == {"read": 1, "mapped": 1, "kept": 0, "refused": 0}


def test_lines_are_read_whatever_the_file_is_called(bring_in):
    code, said = bring_in(f"{json.dumps(PERSON)}\r\n{json.dumps(weight('Patient/p1'))}\r\n", "Patient.json")
    assert code == 0
    assert said["resources"]["Observation"]["mapped"] == 1


def test_only_a_line_feed_ends_a_line_of_ndjson(bring_in):
    """Narratives copied from a word processor hold line and paragraph separators."""
    narrative = {"status": "generated", "div": "<div>one\u2028two\u2029three\u0085four</div>"}
    code, said = bring_in(json.dumps(PERSON | {"text": narrative}, ensure_ascii=False) + "\n", "in.ndjson")
    assert (code, said["refusals"]) == (0, [])
    assert ExternalResource.objects.get().body["text"] == narrative


@pytest.mark.parametrize(
    "reference",
    [
        "Patient?identifier=http://elsewhere.example/mrn|E-77",
        "Patient?identifier=http%3A%2F%2Felsewhere.example%2Fmrn%7CE-77",
    ],
)
def test_a_reference_that_searches_by_identifier_finds_its_patient(bring_in, reference):
    code, _ = bring_in(json.dumps([weight(reference), PERSON]))
    assert code == 0
    assert Observation.objects.get().patient.identifiers.filter(value="E-77").exists()


@pytest.mark.parametrize(
    "reference",
    [
        "Patient?identifier=http://elsewhere.example/mrn|E-78",
        "Patient?identifier=E-77",
        "Patient?name=Ruiz",
        "Patient?identifier=http://elsewhere.example/mrn|E-77&name=Ruiz",
    ],
)
def test_a_reference_that_finds_nobody_for_certain_gets_one_line(bring_in, reference):
    code, said = bring_in(json.dumps([PERSON, weight(reference)]))
    assert code == 1
    assert [one["reason"] for one in said["refusals"]] == [
        f"its patient {reference[:80]} is neither in this file nor known here"
    ]
    assert not Observation.objects.exists()


def test_codes_may_be_named_by_the_number_of_their_system(bring_in, bundle):
    dose = next(one["resource"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Immunization")
    dose["vaccineCode"]["coding"][0]["system"] = "urn:oid:2.16.840.1.113883.12.292"
    assert bring_in(json.dumps(bundle))[0] == 0
    assert VaccineDose.objects.count() == 1
    assert bring_in(json.dumps([PERSON, weight("Patient/p1")]), "other.json")[0] == 0
    assert Observation.objects.filter(loinc="29463-7").count() == 2
