from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.foundation.errors import NotPermitted
from mainstay.foundation.testing import an_actor
from mainstay.people import actions, queries
from mainstay.people.models import Patient
from mainstay.people.tests.factories import MARIA, a_patient

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()


@pytest.fixture
def maria():
    for given_name, family, born in [
        ("Maria", "Fernando", date(1984, 3, 6)),
        ("Mario", "Hernandez", date(1984, 5, 13)),
        ("Marta", "Fernandez", date(1990, 3, 5)),
        ("Maria", "Lopez", date(1979, 12, 30)),
        ("William", "Okafor", date(1951, 11, 30)),
        ("Jon", "Smith", date(2001, 2, 3)),
        ("Joan", "Smith", date(2001, 2, 4)),
        ("Mary Ann", "O'Brien", date(1966, 6, 6)),
    ]:
        a_patient(replace(MARIA, given_name=given_name, family_name=family, birth_date=born))
    who = replace(MARIA, middle_name="Elena", chosen_name="Marisol")
    patient = a_patient(who, phone="(512) 555-0134", mrn="00417")
    actions.add_name(actor=SYSTEM, patient=patient, kind="maiden", family_name="Quintanilla-Reyes")
    return patient


@pytest.mark.parametrize(
    "typed",
    [
        "maria hernandez",
        "Hernandez, Maria",
        "HERNÁNDEZ MARÍA",
        "marisol hernandez",
        "quintanilla",
        "reyes maria",
        "mar hern 1984-03-05",
        "hernandez maria elena",
        "hernandes maria",
        "maria hernadez",
        "mraia hernandez",
        "3/5/1984 hernandez",
        "hernandez 3/5/84",
        "hernandez 5 mar 1984",
        "03051984 maria",
        "5/3/1984 hernandez",
        "512-555-0134",
        "5125550134",
        "555-0134",
        "0134",
        "417",
        "MRN 417",
        "00417",
        "mrs. maria hernandez",
        "maria 1984 hernandez",
        "mari 3/5",
    ],
)
def test_the_right_patient_comes_first(maria, typed):
    assert queries.patients_found(SYSTEM, typed)[0].id == maria.pk


@pytest.mark.parametrize(
    ("typed", "family"),
    [
        ("bill okafor", "Okafor"),
        ("smith jon", "Smith"),
        ("obrien maryann", "O'Brien"),
        ("o'brien mary", "O'Brien"),
        ("okafro", "Okafor"),
    ],
)
def test_nicknames_and_slips_are_found(maria, typed, family):
    first = queries.patients_found(SYSTEM, typed)[0]
    assert first.legal_name.endswith(family)


def test_the_same_spelling_comes_before_one_that_is_alike(maria):
    assert [f.name for f in queries.patients_found(SYSTEM, "jon smith")][:2] == ["Jon Smith", "Joan Smith"]


def test_a_birth_date_alone_finds_everybody_born_then(maria):
    assert [f.id for f in queries.patients_found(SYSTEM, "3/5/1984")] == [maria.pk]


def test_why_somebody_was_found_is_said(maria):
    assert queries.patients_found(SYSTEM, "quintanilla")[0].why == "another name or spelling"
    assert {one.why for one in queries.patients_found(SYSTEM, "fern")} == {""}, "a name begun is no other name"
    assert queries.patients_found(SYSTEM, "0134")[0].why == "phone"
    assert queries.patients_found(SYSTEM, "hernandez maria 1/1/1970")[0].why == "another date of birth"


def test_a_query_costs_few_statements(maria, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        queries.patients_found(SYSTEM, "hernandez maria 3/5/84 0134")


def test_searching_needs_the_permission(maria):
    with pytest.raises(NotPermitted):
        queries.patients_found(an_actor(staff_id=1, permissions=("work.do",)), "maria")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_text_breaks_the_search(db, text):
    assert isinstance(queries.patients_found(SYSTEM, text), list)


def test_percent_signs_and_quotes_are_only_letters(maria):
    assert queries.patients_found(SYSTEM, "%' OR 1=1 --") == []
    assert queries.patients_found(SYSTEM, "zzqx") == []
    assert Patient.objects.count() == 9


def test_namesakes_are_told_apart_before_one_is_opened(maria):
    born = date(1984, 3, 5)
    a_patient(replace(MARIA, given_name="Robert", family_name="Stone", birth_date=born))
    assert queries.patients_found(SYSTEM, "stone")[0].beware == ""
    a_patient(replace(MARIA, given_name="Robert", middle_name="J", family_name="Stone", birth_date=date(1950, 1, 1)))
    assert {one.beware for one in queries.patients_found(SYSTEM, "stone")} == {"same name: ask the birth date"}
    a_patient(replace(MARIA, given_name="Roberto", chosen_name="Robert", family_name="Stone", birth_date=born))
    found = {one.birth_date: one.beware for one in queries.patients_found(SYSTEM, "stone", limit=2)}
    assert "same name and birth date: ask the address" in found.values()


def test_a_whole_family_name_comes_before_half_of_a_double_one():
    for given_name, family in (("Ana", "Hughes-Jordan"), ("Bea", "Green-Hughes"), ("Zoe", "Hughes")):
        a_patient(replace(MARIA, given_name=given_name, family_name=family))
    found = [one.name for one in queries.patients_found(SYSTEM, "hughes")]
    assert found == ["Zoe Hughes", "Ana Hughes-Jordan", "Bea Green-Hughes"]
    assert queries.patients_found(SYSTEM, "hughes jordan")[0].name == "Ana Hughes-Jordan"
