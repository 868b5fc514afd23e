import contextlib
import csv
import io
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.foundation.errors import InvalidInput
from mainstay.people.commands import people
from mainstay.people.matching.files import read_people_file

PEOPLE = """id,given,family,dob,sex,phone,address,city,state,zip,ssn,mrn
1,Maria,Hernandez,3/5/1984,F,512-555-0134,1200 Barton Springs Rd,Austin,TX,78704,,417
2,María,Hernández,1984-03-05,female,(512) 555-0134,1200 Barton Springs Road,Austin,TX,78704,,
3,William,Okafor,11/30/1951,M,,,,,,,
4,Bill,Okafor,19511130,M,,,,,,,
5,Jacob,Miller,6/14/2019,M,5125550177,88 Oak St,Austin,TX,78745,,
6,Ethan,Miller,6/14/2019,M,5125550177,88 Oak St,Austin,TX,78745,,
"""


def run(capsys, *arguments):
    code = people(["match", *map(str, arguments)])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def a_file(tmp_path):
    def write(text, name="people.csv", encoding="utf-8"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return tmp_path / name

    return write


def test_pairs_of_a_file_are_printed_with_score_and_band(a_file, capsys):
    code, out, err = run(capsys, a_file(PEOPLE))
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, err) == (0, "")
    assert [(r["id_a"], r["id_b"], r["band"]) for r in rows] == [("1", "2", "match"), ("3", "4", "match")]
    assert all(0.9 <= float(r["score"]) <= 1 for r in rows)


def test_the_reasons_come_as_json(a_file, capsys):
    code, out, _ = run(capsys, "--json", a_file(PEOPLE))
    first = json.loads(out)[0]
    assert code == 0 and first["band"] == "match"
    assert {"field": "phone", "level": "same", "bits": 9.1} in first["reasons"]


def test_standard_input_is_a_file_too(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdin", io.StringIO(PEOPLE))
    assert run(capsys, "-")[1].count("match") == 2


@pytest.mark.parametrize(
    "header",
    [
        "left_id,left_first_name,left_last_name,left_dob,right_id,right_first_name,right_last_name,right_dob",
        "id_a,given_a,family_a,dob_a,id_b,given_b,family_b,dob_b",
        "a_id,a_first,a_surname,a_birth_date,b_id,b_first,b_surname,b_birth_date",
        "id_l,nameFirst_l,nameLast_l,birthDate_l,id_r,nameFirst_r,nameLast_r,birthDate_r",
        "patientId1,firstName1,lastName1,dateOfBirth1,patientId2,firstName2,lastName2,dateOfBirth2",
    ],
)
def test_a_file_of_pairs_has_every_row_scored_in_order(a_file, capsys, header):
    rows = "7,Ann,Lee,1/2/1990,8,Anne,Lee,01/02/1990\n9,Bob,Ray,1/2/1990,10,Zoe,Kim,4/4/1971\n"
    code, out, err = run(capsys, a_file(f"{header}\n{rows}"))
    found = [tuple(r.values()) for r in csv.DictReader(io.StringIO(out))]
    assert (code, err) == (0, "")
    assert [(a, b, band) for a, b, _, band in found] == [("7", "8", "match"), ("9", "10", "no")]


def test_two_files_are_linked_to_each_other_only(a_file, capsys):
    other = a_file("rec_id, given_name, surname, date_of_birth\nx, maria, hernandez, 19840305\n", "other.csv")
    code, out, _ = run(capsys, a_file(PEOPLE), other)
    assert code == 0
    assert {tuple(r.values())[:2] for r in csv.DictReader(io.StringIO(out))} == {("1", "x"), ("2", "x")}


def test_headers_nobody_knows_are_named_and_left_out(a_file, capsys):
    code, out, err = run(
        capsys, "--why", a_file("id\tname\tdob\tshoe size\n1\tLee, Ann B\t1990-01-02\t38\n2\tAnn Lee\t1/2/90\t\n")
    )
    assert code == 0 and "column not used: shoe size" in err
    assert "1,2" in out and "birth exact" in out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("colour,size\nred,1\n", "No column holds a name"),
        ("id,given\n1,\0\n", "not a text file"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_line(a_file, capsys, text, says):
    code, out, err = run(capsys, a_file(text))
    assert (code, out, err.count("\n")) == (2, "", 1) and says in err


def test_a_missing_file_and_bad_use_end_with_2(capsys, tmp_path):
    assert run(capsys, tmp_path / "none.csv")[0] == 2
    assert people([]) == 2
    assert people(["match"]) == 2
    assert people(["match", "--help"]) == 0
    assert "pairs that may be one person" in " ".join(capsys.readouterr().out.split())


def test_pairs_cannot_be_linked_to_a_second_file(a_file, capsys):
    pairs = a_file("given_a,family_a,given_b,family_b\nA,B,C,D\n", "pairs.csv")
    code, _, err = run(capsys, pairs, a_file(PEOPLE))
    assert code == 2 and "one person a row" in err


def test_a_name_may_stand_in_one_column_in_any_order():
    names = ("Ana María Ruiz", "Ruiz, Ana María", "RUIZ^ANA^MARÍA", "Ruiz^Ana")
    told = read_people_file(["id,name,dob\n", *(f'{n},"{name}",1980-04-02\n' for n, name in enumerate(names))])
    assert [(one.given.title(), one.family.title()) for one in told.people] == [("Ana", "Ruiz")] * 4


def test_only_line_ends_end_a_row():
    told = read_people_file(['id,given,family,street\r\n1,Ana,Ruiz,1 Elm\u2028St\r\n2,Eva,Soto,"2 Elm\r\nApt 4"\r\n'])
    assert [(one.id, one.family) for one in told.people] == [("1", "Ruiz"), ("2", "Soto")]


def test_windows_files_and_ragged_rows_are_read(a_file):
    read = read_people_file(
        [
            a_file("id;first name;last name;DOB\n1;José;Núñez;5/3/1984\n2;Ana\n", encoding="cp1252")
            .read_bytes()
            .decode("cp1252")
        ]
    )
    assert [(p.given, p.family, p.birth_date) for p in read.people] == [
        ("José", "Núñez", date(1984, 5, 3)),
        ("Ana", "", None),
    ]


def test_an_impossible_date_is_kept_as_typed_and_parts_of_a_date_are_put_together():
    read = read_people_file(["id,given,family,dob\n1,A,B,19561345\n"])
    assert (read.people[0].birth_date, read.people[0].birth_typed) == (None, "19561345")
    read = read_people_file(["given,family,birth_year,birth_month,birth_day\nA,B,1990,2,3\n"])
    assert (read.people[0].birth_date, read.people[0].id) == (date(1990, 2, 3), "1")


def test_house_and_street_columns_are_one_address_and_missing_words_are_nothing():
    read = read_people_file(
        ["rec_id, street_number, address_1, given_name, surname\nr1, 7, wallaby place, nan, NULL\n"]
    )
    person = read.people[0]
    assert (person.street, person.given, person.family) == ("7 wallaby place", "", "")


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(InvalidInput):
        read_people_file([text])


@given(st.lists(st.lists(st.text(max_size=12), max_size=6), max_size=5))
def test_any_rows_under_a_good_header_are_read(rows):
    text = io.StringIO()
    csv.writer(text).writerows([["id", "given", "family", "dob", "phone", "ssn"], *rows])
    with contextlib.suppress(InvalidInput):
        read_people_file([text.getvalue()])
