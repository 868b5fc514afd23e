"""Loading the tables and finding a diagnosis."""

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.foundation.errors import NotPermitted
from mainstay.foundation.testing import an_actor
from mainstay.terminology import queries
from mainstay.terminology.actions import load_code_tables, load_edition
from mainstay.terminology.codes import CodeSystem
from mainstay.terminology.commands import codes, load_codes
from mainstay.terminology.editions import shipped_edition
from mainstay.terminology.errors import CodeUnknown
from mainstay.terminology.models import Concept, Synonym

LAY_PHRASES = list(csv.DictReader(Path(__file__).with_name("lay_phrases.csv").read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def tables(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        yield load_code_tables(actor=an_actor())


@pytest.fixture(autouse=True)
def _with_tables(tables, db):
    return tables


def _codes(text: str, limit: int = 3) -> list[str]:
    return [hit.code for hit in queries.search_problems(text, limit)]


def test_the_tables_load_only_once(tables, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        again = load_code_tables(actor=an_actor())
    assert [table.system for table in again if table.is_new] == []
    assert Concept.objects.filter(system="icd10cm", is_billable=True).count() == 74_719
    assert {table.system for table in queries.code_tables()} == {*CodeSystem, "synonyms"}


def test_only_who_may_load_codes_loads_them():
    with pytest.raises(NotPermitted):
        load_code_tables(actor=an_actor(permissions=("people.find",)))


@pytest.mark.parametrize(
    ("said", "code"),
    [("heart attack", "I21.9"), ("kidney stone", "N20.0"), ("pink eye", "H10.9"), ("sugar diabetes", "E11.9")],
)
def test_what_everybody_says_finds_the_right_code_first(said: str, code: str):
    assert _codes(said)[0] == code


@pytest.mark.parametrize("typed", ["E11.9", "e119", "E119", "e11.9 "])
def test_a_code_typed_finds_itself(typed: str):
    assert _codes(typed)[0] == "E11.9"


def test_half_a_code_offers_what_begins_so():
    hits = queries.search_problems("M25.56", 5)
    assert hits[0].code == "M25.56"
    assert not hits[0].is_billable
    assert {hit.code[:6] for hit in hits} == {"M25.56"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("left knee pain", "M25.562"),
        ("pain in right ear", "H92.01"),
        ("torn left rotator cuff", "M75.102"),
        ("dolor de rodilla izquierda", "M25.562"),
        ("lft ankle sprain", "S93.402A"),
    ],
)
def test_a_side_leads_to_the_code_of_that_side(said: str, code: str):
    assert _codes(said)[0] == code


@pytest.mark.parametrize(
    ("said", "code"), [("hart attack", "I21.9"), ("kidny stone", "N20.0"), ("pnemonia", "J18.9"), ("diab", "E11.9")]
)
def test_slips_and_half_typed_words_are_understood(said: str, code: str):
    assert _codes(said)[0] == code


def test_official_wording_finds_its_code():
    assert _codes("type 2 diabetes with diabetic chronic kidney disease")[0] == "E11.22"
    assert _codes("Essential hypertension")[0] == "I10"


def test_what_patients_say_is_found_among_the_first_three():
    missed = [
        row["phrase"]
        for row in LAY_PHRASES
        if not any(code.startswith(tuple(row["expected"].split("|"))) for code in _codes(row["phrase"]))
    ]
    assert len(LAY_PHRASES) >= 500
    assert len(missed) <= len(LAY_PHRASES) // 50, missed


@pytest.mark.parametrize("phrase", [row["phrase"] for row in LAY_PHRASES[::48]])
def test_a_search_asks_the_database_only_a_few_questions(phrase, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        _codes(phrase)


@pytest.mark.parametrize(
    "odd", ["", " ", "'; drop table", "a" * 5000, "\x00", "%_%", "🤒", "&|!:*", "((", "1 2 3", "\\"]
)
def test_odd_input_is_answered_calmly(odd: str):
    assert isinstance(queries.search_problems(odd), list)


@given(st.text(max_size=40))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_answered_calmly(text: str):
    assert len(queries.search_problems(text, 5)) <= 5


def test_codes_are_looked_up_with_their_wording():
    assert queries.display_of(CodeSystem.CVX, "03") == "MMR"
    assert queries.display_of(CodeSystem.POS, "11") == "Office"
    assert queries.concept(CodeSystem.ICD10CM, "I10").is_billable
    assert set(queries.concepts_by_code(CodeSystem.ICD10CM, ["I10", "E11.9", "none"])) == {"I10", "E11.9"}
    assert "pink eye" in queries.everyday_names("H10.9")
    with pytest.raises(CodeUnknown):
        queries.concept(CodeSystem.ICD10CM, "I10.99")


def test_a_newer_edition_ends_codes_and_begins_others():
    shipped = shipped_edition(CodeSystem.ICD10CM)
    kept = [row for row in shipped.rows if row.code != "G35.D"]
    fresh = replace(shipped.rows[0], code="G35.E", display="Multiple sclerosis of a new kind", is_billable=True)
    day = date(2026, 10, 1)
    edition = replace(shipped, edition="2026-10-01", effective=day, sha256="f" * 64, rows=(*kept, fresh))
    assert load_edition(actor=an_actor(), edition=edition).is_new
    assert queries.concept(CodeSystem.ICD10CM, "G35.D").valid_to == date(2026, 9, 30)
    assert queries.concept(CodeSystem.ICD10CM, "G35.E").valid_from == day
    assert queries.concept(CodeSystem.ICD10CM, "I10").valid_from is None
    assert "G35.D" not in _codes("multiple sclerosis", 20)
    assert not load_edition(actor=an_actor(), edition=edition).is_new
    assert [table.system for table in load_code_tables(actor=an_actor()) if table.is_new] == []
    assert Synonym.objects.exists()


def test_the_command_line_finds_and_loads(capsys, monkeypatch):
    assert codes(["pink", "eye", "--json"]) == 0
    assert '"code": "H10.9"' in capsys.readouterr().out
    assert codes(["qqqqqq zzzzzz"]) in (0, 1)
    capsys.readouterr()
    assert load_codes(["--json"]) == 0
    assert '"loaded": false' in capsys.readouterr().out
    assert load_codes(["--icd10cm", "nowhere.txt", "--effective", "2026-10-01"]) == 1
    with pytest.raises(SystemExit) as bad_use:
        load_codes(["--icd10cm", "nowhere.txt"])
    assert bad_use.value.code == 2
