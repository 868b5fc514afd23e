"""Other people's FHIR: Synthea's bundles and the examples of the specification are taken in whole, none crashes.

A few bundles run always; all of them with MAINSTAY_ALL_BUNDLES=1.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.foundation.testing import an_actor
from mainstay.interop.commands import Tally, import_files
from mainstay.interop.models import ExternalResource
from mainstay.people.models import Patient
from mainstay.terminology.actions import load_code_tables

DATA = Path(os.environ.get("MAINSTAY_TEST_DATA") or Path(__file__).resolve().parents[2].parent / "shared" / "data") / (
    "fhir"
)
BUNDLES = sorted((DATA / "synthea-r4-bundles").glob("*.json.gz"))
EXAMPLES = sorted((DATA / "r4-spec-examples").glob("*.json"))
ALL = os.environ.get("MAINSTAY_ALL_BUNDLES") == "1"
MAPPED = frozenset(
    {"Patient", "Encounter", "Condition", "AllergyIntolerance", "MedicationRequest", "Immunization"}
    | {"Observation", "Procedure", "DiagnosticReport"}
)

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.django_db,
    pytest.mark.skipif(not BUNDLES, reason="set MAINSTAY_TEST_DATA to a folder with fhir/synthea-r4-bundles"),
]


@pytest.fixture
def code_tables(db):
    load_code_tables(actor=an_actor())


def _import(files: list[Path], source: str = "Synthea") -> Tally:
    return import_files([str(file) for file in files], source=source, actor=an_actor())


def _adds_up(tally: Tally) -> bool:
    counts = tally.as_json()["resources"]
    assert isinstance(counts, dict)
    return all(one["read"] == one["mapped"] + one["kept"] + one["refused"] for one in counts.values())


def test_synthea_bundles_are_mapped_without_a_refusal_and_only_once(code_tables):
    files = BUNDLES if ALL else BUNDLES[:3]
    with CaptureQueriesContext(connection) as questions:
        tally = _import(files)
    assert tally.refusals == []
    assert _adds_up(tally)
    counts = tally.resources
    assert {kind for kind in counts if counts[kind]["mapped"]} >= MAPPED & set(counts)
    assert {kind for kind in counts if counts[kind]["mapped"] and counts[kind]["kept"]} == set()
    assert Patient.objects.count() == len(files)
    read = sum(one["read"] for one in counts.values())
    kept_before = ExternalResource.objects.count()
    again = _import(files)
    assert again.unchanged == read
    assert ExternalResource.objects.count() == kept_before
    assert len(questions) < read, "many resources are asked for and written in one question"


@pytest.mark.skipif(not EXAMPLES, reason="no r4-spec-examples in the test data")
def test_every_example_of_the_specification_is_mapped_kept_or_refused_with_a_reason(code_tables):
    files = EXAMPLES if ALL else EXAMPLES[::3]
    tally = _import(files, "HL7")
    assert tally.files == len(files)
    assert _adds_up(tally)
    assert all(refusal["reason"] and "\n" not in refusal["reason"] for refusal in tally.refusals)
    types = {json.loads(file.read_text(encoding="utf-8"))["resourceType"] for file in files} - {"Bundle"}
    assert types <= set(tally.resources)
    unsound = [one for one in tally.refusals if "neither in this file" not in one["reason"]]
    assert all("entry holds no resource" in one["reason"] for one in unsound), unsound


@pytest.mark.skipif(not EXAMPLES, reason="no r4-spec-examples in the test data")
def test_nothing_of_a_resource_is_lost(code_tables):
    files = [file for file in EXAMPLES[::9] if "bundle" not in file.name]
    _import(files, "HL7")
    for file in files:
        sent = json.loads(file.read_text(encoding="utf-8"))
        if sent["resourceType"] == "Bundle":
            continue
        row = ExternalResource.objects.get(kind=sent["resourceType"], foreign_id=sent["id"])
        assert json.loads(json.dumps(row.body, default=float)) == sent, file.name
