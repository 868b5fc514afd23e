"""A small bundle with one of everything that is modelled."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from mainstay.foundation import clock
from mainstay.terminology.models import CodeTable, Concept

ANA = "urn:uuid:00000000-0000-4000-8000-00000000000a"


def _entry(number: int, resource: dict[str, Any]) -> dict[str, Any]:
    identity = f"00000000-0000-4000-8000-{number:012d}"
    return {"fullUrl": f"urn:uuid:{identity}", "resource": {"id": identity, **resource}}


PATIENT = {
    "fullUrl": ANA,
    "resource": {
        "resourceType": "Patient",
        "id": "00000000-0000-4000-8000-00000000000a",
        "identifier": [
            {"system": "http://elsewhere.example/mrn", "value": "E-77"},
            {"system": "http://hl7.org/fhir/sid/us-ssn", "value": "999-12-3456"},
        ],
        "name": [
            {"use": "official", "family": "Ruiz", "given": ["Ana", "María"]},
            {"use": "nickname", "given": ["Anita"]},
            {"use": "maiden", "family": "Soto"},
        ],
        "gender": "female",
        "birthDate": "1980-04-02",
        "telecom": [{"system": "phone", "value": "617-555-0134", "use": "home"}],
        "address": [{"line": ["1 Elm St"], "city": "Boston", "state": "Massachusetts", "postalCode": "02108"}],
    },
}
WEIGHT = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": "Body Weight"}]},
    "subject": {"reference": ANA},
    "effectiveDateTime": "2024-03-01T10:00:00-05:00",
    "valueQuantity": {"value": 154.30, "unit": "lb", "system": "http://unitsofmeasure.org", "code": "[lb_av]"},
}
PRESSURE = {
    "resourceType": "Observation",
    "status": "final",
    "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}], "text": "Blood pressure"},
    "subject": {"reference": ANA},
    "effectiveDateTime": "2024-03-01T10:00:00-05:00",
    "component": [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": value, "system": "http://unitsofmeasure.org", "code": "mm[Hg]"},
        }
        for code, value in (("8480-6", 128), ("8462-4", 82))
    ],
}
EVERYTHING = [
    PATIENT,
    _entry(1, {"resourceType": "Organization", "name": "Elsewhere Clinic"}),
    _entry(
        2,
        {
            "resourceType": "Encounter",
            "status": "finished",
            "class": {"code": "AMB"},
            "type": [{"text": "Check-up"}],
            "subject": {"reference": ANA},
            "period": {"start": "2024-03-01T10:00:00-05:00", "end": "2024-03-01T10:20:00-05:00"},
            "serviceProvider": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
        },
    ),
    _entry(
        3,
        {
            "resourceType": "Condition",
            "clinicalStatus": {"coding": [{"code": "active"}]},
            "verificationStatus": {"coding": [{"code": "confirmed"}]},
            "code": {
                "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "I10"}],
                "text": "Hypertension",
            },
            "subject": {"reference": ANA},
            "onsetDateTime": "2019-05-05",
        },
    ),
    _entry(
        4,
        {
            "resourceType": "AllergyIntolerance",
            "code": {"text": "Penicillin"},
            "patient": {"reference": ANA},
            "category": ["medication"],
            "reaction": [{"manifestation": [{"text": "Hives"}], "severity": "moderate"}],
        },
    ),
    _entry(
        5,
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {
                "coding": [
                    {
                        "system": "http://www.nlm.nih.gov/research/umls/rxnorm",
                        "code": "314076",
                        "display": "Lisinopril 10 MG",
                    }
                ]
            },
            "subject": {"reference": ANA},
            "authoredOn": "2024-03-01",
            "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}],
        },
    ),
    _entry(
        6,
        {
            "resourceType": "Immunization",
            "status": "completed",
            "vaccineCode": {"coding": [{"system": "http://hl7.org/fhir/sid/cvx", "code": "140"}]},
            "patient": {"reference": ANA},
            "occurrenceDateTime": "2023-10-10",
            "lotNumber": "L1",
        },
    ),
    _entry(7, WEIGHT),
    _entry(8, PRESSURE),
    _entry(
        9,
        {
            "resourceType": "Procedure",
            "status": "completed",
            "code": {"text": "Appendectomy"},
            "subject": {"reference": ANA},
            "performedDateTime": "2001",
        },
    ),
    _entry(
        10,
        {
            "resourceType": "DocumentReference",
            "status": "current",
            "subject": {"reference": ANA},
            "type": {"text": "Letter"},
            "date": "2024-03-02T00:00:00Z",
            "content": [{"attachment": {"contentType": "text/plain", "data": "SGVsbG8="}}],
        },
    ),
    _entry(
        11,
        {
            "resourceType": "DiagnosticReport",
            "status": "final",
            "code": {"text": "Vitals"},
            "subject": {"reference": ANA},
            "result": [{"reference": "urn:uuid:00000000-0000-4000-8000-000000000007"}],
        },
    ),
    _entry(
        12,
        {
            "resourceType": "Claim",
            "status": "active",
            "type": {"text": "professional"},
            "use": "claim",
            "patient": {"reference": ANA},
            "created": "2024-03-01",
            "provider": {"reference": "urn:uuid:00000000-0000-4000-8000-000000000001"},
            "priority": {"text": "normal"},
            "insurance": [{"sequence": 1}],
            "total": {"value": 255.10},
        },
    ),
]


@pytest.fixture
def bundle() -> dict[str, Any]:
    """A bundle nobody else changes."""
    return {"resourceType": "Bundle", "type": "transaction", "entry": copy.deepcopy(EVERYTHING)}


@pytest.fixture
def codes(db) -> None:
    """The one vaccine code the bundle uses, in tables that count as loaded."""
    if not CodeTable.objects.exists():
        CodeTable.objects.create(system="cvx", edition="tests", row_count=1, loaded_at=clock.now())
    Concept.objects.get_or_create(system="cvx", code="140", defaults={"display": "Influenza", "is_billable": True})
