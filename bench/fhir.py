"""Bringing in FHIR: time for one bundle of 500 resources, first and again, and for Synthea's bundles where they are.

Run: `python -m bench.fhir` on the test server; nothing is kept. MAINSTAY_TEST_DATA names the folder of test data.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.databases import a_server, an_empty_database

PATIENT = "urn:uuid:00000000-0000-4000-8000-000000000000"
AIM_SECONDS = 3


def main() -> None:
    """Print one table."""
    with a_server(), an_empty_database():
        for line in measured():
            print(line)


def measured() -> list[str]:
    """The lines of the table, on the database at hand."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "bundle.json"
        path.write_text(json.dumps(a_bundle()))
        for name in ("500 resources, first time", "500 resources, again"):
            seconds, read = _import([path], "bench")
            lines.append(f"{name:32} {seconds:7.2f} s   {read / seconds:8,.0f} resources/s   (aim < {AIM_SECONDS} s)")
    synthea = sorted(_data().glob("fhir/synthea-r4-bundles/*.json.gz"))
    if synthea:
        seconds, read = _import(synthea, "Synthea")
        lines.append(f"{len(synthea)} Synthea bundles{'':14} {seconds:7.2f} s   {read / seconds:8,.0f} resources/s")
    return lines


def a_bundle() -> dict[str, Any]:
    """One patient with 499 resources: mostly values, with visits, conditions, medicines and claims among them."""
    patient = {
        "resourceType": "Patient",
        "id": "bench",
        "name": [{"family": "Bench", "given": ["Lee"]}],
        "birthDate": "1970-01-01",
    }
    entries = [{"fullUrl": PATIENT, "resource": patient}]
    kinds = ["Observation"] * 6 + ["Encounter", "Condition", "MedicationRequest", "Claim"]
    for number in range(1, 500):
        resource = _resource(kinds[number % len(kinds)], number)
        entries.append({"fullUrl": f"urn:uuid:00000000-0000-4000-8000-{number:012d}", "resource": resource})
    return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


def _resource(kind: str, number: int) -> dict[str, Any]:
    about = {"reference": PATIENT}
    day = f"20{10 + number % 14}-{1 + number % 12:02d}-03"
    common: dict[str, Any] = {"resourceType": kind, "id": f"r{number}"}
    if kind == "Observation":
        code = {"coding": [{"system": "http://loinc.org", "code": "29463-7"}], "text": "Body weight"}
        value = {"value": 70 + number % 9, "system": "http://unitsofmeasure.org", "code": "kg"}
        return common | {
            "status": "final",
            "code": code,
            "subject": about,
            "effectiveDateTime": day,
            "valueQuantity": value,
        }
    if kind == "Encounter":
        return common | {"status": "finished", "class": {"code": "AMB"}, "subject": about, "period": {"start": day}}
    if kind == "Condition":
        return common | {"code": {"text": f"Condition {number}"}, "subject": about, "onsetDateTime": day}
    if kind == "MedicationRequest":
        medicine = {"text": f"Medicine {number}"}
        return common | {
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": medicine,
            "subject": about,
        }
    text = {"text": "professional"}
    return common | {
        "status": "active",
        "type": text,
        "use": "claim",
        "patient": about,
        "created": day,
        "provider": {"display": "Elsewhere"},
        "priority": text,
        "insurance": [{"sequence": 1}],
    }


def _import(files: list[Path], source: str) -> tuple[float, int]:
    from zoneinfo import ZoneInfo

    from mainstay.foundation import clock
    from mainstay.foundation.actor import the_system
    from mainstay.interop.commands import import_files

    begun = time.perf_counter()
    actor = the_system(now=clock.now(), zone=ZoneInfo("America/New_York"))
    tally = import_files([str(file) for file in files], source=source, actor=actor)
    return time.perf_counter() - begun, sum(count["read"] for count in tally.resources.values())


def _data() -> Path:
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    return Path(os.environ.get("MAINSTAY_TEST_DATA") or default)


if __name__ == "__main__":
    main()
