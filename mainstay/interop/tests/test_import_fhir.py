"""Bringing in FHIR: what becomes of every resource, and that nothing is lost, doubled or believed too easily."""

from __future__ import annotations

import gzip
import io
import json
import random
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection

from mainstay.chart.models import Allergy, Document, Medication, Observation, Problem, SurgicalHistory
from mainstay.foundation.errors import NotPermitted
from mainstay.foundation.testing import an_actor
from mainstay.immunizations.models import VaccineDose
from mainstay.interop import actions
from mainstay.interop.commands import import_
from mainstay.interop.fhir.reading import Sent, Sheet
from mainstay.interop.models import EncounterElsewhere, ExternalResource, ImportRun
from mainstay.people.models import Patient, PatientIdentifier

pytestmark = pytest.mark.usefixtures("codes")
CLINICAL = (Problem, Allergy, Medication, VaccineDose, Observation, SurgicalHistory, Document, EncounterElsewhere)


@pytest.fixture
def bring_in(tmp_path, capsys):
    """Import objects or raw bytes as one file each; returns (exit code, the JSON printed)."""

    def bring(*things, name: str = "in.json", options: tuple[str, ...] = ()):
        paths = []
        for number, thing in enumerate(things):
            path = tmp_path / f"{number}-{name}"
            path.write_bytes(thing if isinstance(thing, bytes) else json.dumps(thing).encode())
            paths.append(str(path))
        code = import_(["fhir", "--json", *options, *paths])
        return code, json.loads(capsys.readouterr().out)

    return bring


def _everything() -> list[tuple]:
    """Every row an import may write, so that "nothing changed" means nothing."""
    tables = [model._meta.db_table for model in (*CLINICAL, Patient, PatientIdentifier, ExternalResource)]
    found = []
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY id)), count(*) FROM \"{table}\" AS t")
            found.append((table, *cursor.fetchone()))
    return found


def test_every_modelled_resource_is_mapped_and_the_rest_is_kept(bring_in, bundle):
    code, said = bring_in(bundle)
    assert code == 0
    assert said["refusals"] == []
    mapped = {kind for kind, count in said["resources"].items() if count["mapped"] == count["read"]}
    kept = {kind for kind, count in said["resources"].items() if count["kept"] == count["read"]}
    assert kept == {"Organization", "Claim"}
    assert mapped == set(said["resources"]) - kept
    for count in said["resources"].values():
        assert count["read"] == count["mapped"] + count["kept"] + count["refused"]
    assert ExternalResource.objects.count() == len(bundle["entry"])
    assert [model.objects.count() for model in CLINICAL] == [1, 1, 1, 1, 3, 1, 1, 1]


def test_what_is_written_is_what_was_sent(bring_in, bundle):
    bring_in(bundle)
    ana = Patient.objects.get()
    assert (ana.given_name, ana.middle_name, ana.family_name, ana.chosen_name) == ("Ana", "María", "Ruiz", "Anita")
    assert ana.ssn_last4 == "3456"
    assert ana.addresses.get().state == "MA"
    assert ana.names.filter(kind="maiden", family_name="Soto").exists()
    assert Problem.objects.get().code == "I10"
    assert Allergy.objects.get().reaction == "Hives"
    assert Medication.objects.get().frequency == "1 time a day"
    weight = Observation.objects.get(key="weight")
    assert (weight.typed, weight.typed_unit, weight.unit) == ("154.3", "[lb_av]", "kg")
    assert weight.value == Decimal("69.9893")
    assert weight.panel == "Vitals"
    assert {o.key: o.value for o in Observation.objects.exclude(key="weight")} == {"systolic": 128, "diastolic": 82}
    assert len({o.set_id for o in Observation.objects.exclude(key="weight")}) == 1
    assert SurgicalHistory.objects.get().performed_on.isoformat() == "2001-01-01"
    assert bytes(Document.objects.get().content.content) == b"Hello"
    assert EncounterElsewhere.objects.get().place == "Elsewhere Clinic"


def test_the_social_security_number_is_no_key_to_a_chart(bring_in, bundle):
    bring_in(bundle)
    assert not PatientIdentifier.objects.filter(value__contains="999").exists()


def test_a_resource_is_kept_word_for_word_to_the_last_zero(bring_in, bundle):
    raw = json.dumps(bundle).replace("255.1", "255.10")
    bring_in(raw.encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT body->'total'->>'value' FROM interop_externalresource WHERE kind = 'Claim'")
        assert cursor.fetchone() == ("255.10",)
    assert ExternalResource.objects.get(kind="Claim").body["total"]["value"] == Decimal("255.10")


def test_importing_again_changes_nothing(bring_in, bundle):
    _, first = bring_in(bundle)
    before = _everything()
    code, again = bring_in(bundle)
    assert code == 0
    assert _everything() == before
    assert again["resources"] == first["resources"]
    assert again["unchanged"] == len(bundle["entry"])


def test_the_order_of_entries_and_keys_does_not_matter(bring_in, bundle):
    bring_in(bundle)
    before = _everything()
    random.Random(4).shuffle(bundle["entry"])
    for entry in bundle["entry"]:
        entry["resource"] = dict(reversed(entry["resource"].items()))
    bring_in(bundle)
    assert _everything() == before


def test_a_dry_run_says_the_same_and_leaves_nothing(bring_in, bundle):
    before = _everything()
    _, dry = bring_in(bundle, options=("--dry-run",))
    assert _everything() == before
    assert not ImportRun.objects.exists()
    _, real = bring_in(bundle)
    assert dry["resources"] == real["resources"]


def test_a_newer_version_is_kept_for_a_person_and_the_chart_stays(bring_in, bundle):
    bring_in(bundle)
    bundle["entry"][3]["resource"]["code"]["text"] = "Something else"
    code, said = bring_in(bundle)
    assert code == 0
    assert said["resources"]["Condition"] == {"read": 1, "mapped": 0, "kept": 1, "refused": 0}
    assert Problem.objects.get().text == "Hypertension"
    versions = ExternalResource.objects.filter(kind="Condition").order_by("version")
    assert [row.version for row in versions] == [1, 2]
    assert versions[1].mapped_id == versions[0].mapped_id


def test_a_patient_is_found_again_by_identifier_and_not_doubled(bring_in, bundle):
    bring_in(bundle)
    other = {
        "resourceType": "Patient",
        "id": "different",
        "identifier": [{"system": "http://elsewhere.example/mrn", "value": "E-77"}],
        "name": [{"family": "Ruiz-Soto", "given": ["Ana"]}],
        "birthDate": "1980-04-02",
    }
    bring_in(other, options=("--source", "another hospital"))
    assert Patient.objects.count() == 1
    assert Patient.objects.get().family_name == "Ruiz"


def test_identifiers_of_two_charts_are_refused(bring_in, bundle):
    bring_in(bundle)
    bring_in(_person("b", "Other", value="E-78"))
    both = _person("c", "Ruiz", value="E-77")
    both["identifier"].append({"system": "http://elsewhere.example/mrn", "value": "E-78"})
    code, said = bring_in(both)
    assert code == 1
    assert "2 different charts" in said["refusals"][0]["reason"]


def _person(identity: str, family: str, *, value: str) -> dict:
    return {
        "resourceType": "Patient",
        "id": identity,
        "identifier": [{"system": "http://elsewhere.example/mrn", "value": value}],
        "name": [{"family": family, "given": ["Lee"]}],
        "birthDate": "1970-01-01",
    }


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "the file is empty"),
        (b"not json", "it is not JSON"),
        (b"[1, 2]", "it is JSON, but not a FHIR resource"),
        (b'{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Pat', "the file is cut off"),
        (gzip.compress(b'{"resourceType": "Patient"}' * 50, mtime=0)[:40], "the compressed file is cut off or damaged"),
        (b"\xff\xfe{}", "it is not text in UTF-8"),
        (b'{"a":' * 100_000, "it is nested too deeply"),
        (b'{"resourceType": "Bundle", "entry": 5}', "the entries of the bundle are not a list"),
    ],
)
def test_an_unreadable_file_gets_one_line_and_the_rest_goes_on(bring_in, bundle, raw, reason):
    code, said = bring_in(raw, bundle)
    assert code == 1
    assert len(said["refusals"]) == 1
    assert said["refusals"][0]["reason"].startswith(reason)
    assert said["files"] == 2
    assert said["resources"]["Patient"]["mapped"] == 1


@pytest.mark.parametrize(
    ("resource", "reason"),
    [
        ({"resourceType": "Spaceship", "id": "x"}, "Spaceship is not a resource type of FHIR R4"),
        ({"id": "x"}, "it does not say which type of resource it is"),
        ({"resourceType": "Observation", "id": "x", "status": "final"}, "Observation without code"),
        ({"resourceType": "Condition", "id": "x"}, "Condition without subject"),
        ({"resourceType": "Condition", "id": "no spaces", "subject": {}}, "its id is not a FHIR id"),
        ({"resourceType": "Basic", "id": "x", "code": {"text": "a\x00b"}}, "it holds characters"),
        ({"resourceType": "Basic", "id": "x", "code": {"text": "\ud800"}}, "it holds characters"),
        (
            {"resourceType": "Condition", "id": "x", "code": {"text": "a"}, "subject": {"reference": "urn:uuid:none"}},
            "it points to urn:uuid:none, which is not there",
        ),
        (
            {"resourceType": "Condition", "id": "x", "code": {"text": "a"}, "subject": {"reference": "Patient/none"}},
            "its patient Patient/none is neither in this file nor known here",
        ),
        (
            {"resourceType": "Basic", "id": "x", "code": {"text": "a"}, "subject": {"reference": "#gone"}},
            "it points to #gone, which is not there",
        ),
    ],
)
def test_a_wrong_resource_gets_one_line_and_the_rest_goes_on(bring_in, bundle, resource, reason):
    bundle["entry"].insert(1, {"resource": resource})
    code, said = bring_in(bundle)
    assert code == 1
    assert [refusal["reason"][: len(reason)] for refusal in said["refusals"]] == [reason]
    assert said["refusals"][0]["resource"].startswith("entry 2: ")
    assert sum(count["read"] for count in said["resources"].values()) == len(bundle["entry"])
    assert sum(count["refused"] for count in said["resources"].values()) == 1
    assert Observation.objects.count() == 3


def test_what_is_refused_is_not_lost_either(bring_in):
    bring_in({"resourceType": "Spaceship", "id": "x", "crew": 3})
    row = ExternalResource.objects.get()
    assert (row.disposition, row.body["crew"]) == ("refused", 3)


def test_an_impossible_value_is_refused_by_the_rule_that_refuses_it_here(bring_in, bundle):
    bundle["entry"][7]["resource"]["valueQuantity"]["value"] = 15430
    code, said = bring_in(bundle)
    assert code == 1
    assert "not possible" in said["refusals"][0]["reason"]
    assert not Observation.objects.filter(key="weight").exists()
    assert Observation.objects.count() == 2
    assert said["resources"]["DiagnosticReport"]["kept"] == 1


def test_a_vaccine_code_that_does_not_exist_stays_out_of_the_history(bring_in, bundle):
    bundle["entry"][6]["resource"]["vaccineCode"]["coding"][0]["code"] = "9999"
    code, said = bring_in(bundle)
    assert code == 1
    assert not VaccineDose.objects.exists()
    assert "CVX" in said["refusals"][0]["reason"]


@pytest.mark.parametrize(
    ("sent", "category"),
    [
        (["food"], "food"),
        (["biologic", "food", "environment"], "biologic"),
        (["something new", "environment"], "environment"),
        ([{"code": "food"}, "environment"], "environment"),
        (["something new"], "medication"),
        ([], "medication"),
        ("food", "medication"),
        (None, "medication"),
    ],
)
def test_an_allergy_with_several_categories_takes_the_first_we_know(bring_in, bundle, sent, category):
    bundle["entry"][4]["resource"].update({"code": {"text": "Egg"}, "category": sent})
    code, said = bring_in(bundle)
    assert (code, said["resources"]["AllergyIntolerance"]["mapped"]) == (0, 1)
    assert (Allergy.objects.get().substance, Allergy.objects.get().category) == ("Egg", category)
    assert ExternalResource.objects.get(kind="AllergyIntolerance").body["category"] == sent


def test_no_known_allergies_is_kept_but_never_believed(bring_in, bundle):
    coding = {"system": "http://snomed.info/sct", "code": "716186003", "display": "No known allergy"}
    bundle["entry"][4]["resource"]["code"] = {"coding": [coding]}
    code, said = bring_in(bundle)
    assert code == 0
    assert said["resources"]["AllergyIntolerance"]["kept"] == 1
    assert not Allergy.objects.exists()


def test_patients_without_a_whole_birth_date_are_kept_with_all_that_is_about_them(bring_in, bundle):
    bundle["entry"][0]["resource"]["birthDate"] = "1980"
    code, said = bring_in(bundle)
    assert code == 0
    assert not Patient.objects.exists()
    assert {one["kept"] == one["read"] for one in said["resources"].values()} == {True}


def test_single_files_may_come_in_any_order(bring_in, bundle):
    person, weight = bundle["entry"][0]["resource"], bundle["entry"][7]["resource"]
    weight["subject"] = {"reference": f"Patient/{person['id']}"}
    code, said = bring_in(weight, person)
    assert code == 0
    assert said["resources"]["Observation"] == {"read": 1, "mapped": 1, "kept": 0, "refused": 0}
    assert said["unchanged"] == 1


def test_lines_of_ndjson_stand_for_themselves(bring_in, bundle):
    lines = [json.dumps(entry["resource"]).encode() for entry in bundle["entry"]]
    lines.insert(3, b'{"resourceType": "Patient", "id"')
    code, said = bring_in(gzip.compress(b"\n".join(lines)), name="all.ndjson.gz")
    assert code == 1
    assert [(one["resource"], one["reason"]) for one in said["refusals"]] == [
        ("line 4", "the file is cut off: the JSON ends too soon")
    ]
    assert said["resources"]["Patient"]["mapped"] == 1


def test_standard_input_and_folders_are_read(bring_in, bundle, tmp_path, monkeypatch, capsys):
    folder = tmp_path / "deep" / "er"
    folder.mkdir(parents=True)
    (folder / "a.json.gz").write_bytes(gzip.compress(json.dumps(bundle).encode()))
    (folder / "LICENSE").write_text("not FHIR")
    assert import_(["fhir", "--json", str(tmp_path)]) == 0
    assert json.loads(capsys.readouterr().out)["files"] == 1
    stdin = io.TextIOWrapper(io.BytesIO(json.dumps(bundle).encode()))
    monkeypatch.setattr("sys.stdin", stdin)
    assert import_(["fhir", "--json", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["unchanged"] == len(bundle["entry"])


def test_bad_use_is_told_apart_from_bad_input(tmp_path, capsys):
    assert import_(["fhir", str(tmp_path)]) == 2
    assert import_(["fhir", str(tmp_path / "missing.json")]) == 1
    assert "no such file" in capsys.readouterr().err
    with pytest.raises(SystemExit) as bad_use:
        import_(["hl7"])
    assert bad_use.value.code == 2


def test_the_table_for_people_names_every_type(bundle, tmp_path, capsys):
    path: Path = tmp_path / "in.json"
    path.write_text(json.dumps(bundle))
    assert import_(["fhir", str(path)]) == 0
    out = capsys.readouterr().out
    assert "MedicationRequest" in out
    assert "refused" in out


def test_only_who_may_receive_brings_anything_in(bundle):
    nobody = an_actor(permissions=("chart.read",))
    with pytest.raises(NotPermitted):
        actions.start_run(actor=nobody, source="x")
    run = actions.start_run(actor=an_actor(), source="x")
    sheet = Sheet("x", [Sent("", bundle["entry"][0]["resource"])])
    with pytest.raises(NotPermitted):
        actions.receive_sheet(actor=nobody, run=run, sheet=sheet)
    assert not ExternalResource.objects.exists()
    assert not Patient.objects.exists()
