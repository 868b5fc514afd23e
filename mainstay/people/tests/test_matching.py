from dataclasses import replace
from datetime import date
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.people.matching import Band, Matcher, Person, fold, likely_pairs, nicknames_of, prepare, score_pair

MARIA = Person(
    id="1",
    given="Maria",
    middle="Elena",
    family="Hernandez",
    birth_date=date(1984, 3, 5),
    sex="F",
    phones=("512-555-0134",),
    street="1200 Barton Springs Rd",
    city="Austin",
    state="TX",
    postcode="78704",
)
CHILD = Person(
    id="2",
    given="Jacob",
    family="Miller",
    birth_date=date(2019, 6, 14),
    sex="M",
    phones=("512-555-0177",),
    street="88 Oak Street",
    city="Austin",
    state="TX",
    postcode="78745",
    mother_maiden="Kowalski",
    mother_given="Anna",
)
LETTERS = str.maketrans("0123456789abcdef", "kalumbirosetfinz")
SLIM = Person(given="Maria", family="Hernandez", birth_date=date(1984, 3, 5))
OTHER_HOME = {"phones": ("737-555-0199",), "street": "9 Elm Ct", "city": "Pflugerville", "postcode": "78660"}


@pytest.mark.parametrize(
    ("story", "one", "other"),
    [
        ("the same record", MARIA, MARIA),
        ("name and birth date alone", SLIM, replace(SLIM)),
        ("case and accents", MARIA, replace(MARIA, given="MARÍA", family="HERNÁNDEZ")),
        ("given and family name swapped", MARIA, replace(MARIA, given="Hernandez", family="Maria")),
        ("given and family name swapped, nothing else known", SLIM, replace(SLIM, given="Hernandez", family="Maria")),
        ("day and month swapped", MARIA, replace(MARIA, birth_date=date(1984, 5, 3))),
        (
            "born on the first of January, same home",
            replace(MARIA, birth_date=date(1984, 1, 1)),
            replace(MARIA, birth_date=date(1984, 1, 1), middle=""),
        ),
        ("one digit of the birth date wrong, same phone", MARIA, replace(MARIA, birth_date=date(1984, 3, 6))),
        ("a double name shortened", replace(MARIA, family="Hernandez-Lopez"), MARIA),
        (
            "a double name in another order",
            replace(MARIA, family="Hernandez-Lopez"),
            replace(MARIA, family="Lopez Hernandez"),
        ),
        ("married, same home", MARIA, replace(MARIA, family="Whitfield")),
        (
            "married, former name on file",
            MARIA,
            replace(MARIA, family="Whitfield", former=("Hernandez",), **OTHER_HOME),
        ),
        ("moved, new phone", MARIA, replace(MARIA, **OTHER_HOME)),
        ("a slip in the family name", SLIM, replace(SLIM, family="Hernandes")),
        ("a slip in both names", MARIA, replace(MARIA, given="Mraia", family="Hernadez")),
        ("a nickname", replace(SLIM, given="William", family="Okafor"), replace(SLIM, given="Bill", family="Okafor")),
        ("a Spanish nickname", replace(SLIM, given="Francisco"), replace(SLIM, given="Paco")),
        ("two given names, one used", replace(MARIA, given="Maria Elena", middle=""), replace(MARIA, middle="")),
        ("middle name used as given", MARIA, replace(MARIA, given="Elena", middle="")),
        ("chosen name on file", replace(MARIA, given="Marco", aliases=("Maria",)), MARIA),
        ("only an initial, same phone", MARIA, replace(MARIA, given="M", middle="")),
        (
            "suffix on one side",
            replace(MARIA, given="John", sex="M", suffix="Jr"),
            replace(MARIA, given="John", sex="M"),
        ),
        (
            "all but the birth date, and the number agrees",
            replace(MARIA, ssn="667-12-3456"),
            replace(MARIA, ssn="667-12-3456", birth_date=date(1979, 11, 21)),
        ),
        (
            "names and number, all else changed",
            replace(MARIA, ssn="667-12-3456"),
            replace(MARIA, ssn="667123456", family="Whitfield", **OTHER_HOME),
        ),
        ("one digit of the number wrong", replace(MARIA, ssn="667-12-3456"), replace(MARIA, ssn="667-12-3465")),
        ("sex entered wrong", MARIA, replace(MARIA, sex="M")),
        ("a child, guardian's phone changed", CHILD, replace(CHILD, phones=("737-555-0100",))),
        ("a child with the mother's new name", CHILD, replace(CHILD, family="Kowalski")),
        ("abbreviated street", MARIA, replace(MARIA, street="1200 Barton Springs Road Apt 4", phones=())),
    ],
)
def test_one_person_is_recognized(story, one, other):
    for a, b in ((one, other), (other, one)):
        found = score_pair(a, b)
        assert found.band is Band.MATCH, (story, found.bits, found.rule, [str(r) for r in found.reasons])


@pytest.mark.parametrize(
    ("story", "one", "other"),
    [
        ("twins", CHILD, replace(CHILD, given="Ethan")),
        ("twins, a boy and a girl", CHILD, replace(CHILD, given="Olivia", sex="F")),
        (
            "twins with birth order and names alike",
            replace(CHILD, given="Jayden", multiple_birth=True, birth_order=1),
            replace(CHILD, given="Kayden", multiple_birth=True, birth_order=2),
        ),
        ("boy and girl twins with names alike", replace(CHILD, given="Mario"), replace(CHILD, given="Maria", sex="F")),
        ("brothers", CHILD, replace(CHILD, given="Ethan", birth_date=date(2021, 2, 3))),
        ("mother and daughter", MARIA, replace(MARIA, given="Sofia", birth_date=date(2012, 8, 1))),
        ("husband and wife", MARIA, replace(MARIA, given="Carlos", sex="M", birth_date=date(1982, 9, 9))),
        (
            "father and son of one name",
            replace(MARIA, given="John", sex="M", suffix="Sr", birth_date=date(1950, 1, 2)),
            replace(MARIA, given="John", sex="M", suffix="Jr", birth_date=date(1978, 7, 8)),
        ),
        ("the same common name", SLIM, replace(SLIM, birth_date=date(1961, 12, 30))),
        ("the same birthday", SLIM, Person(given="Emily", family="Nguyen", birth_date=date(1984, 3, 5))),
        ("strangers", MARIA, CHILD),
        (
            "strangers at one address",
            MARIA,
            replace(CHILD, street=MARIA.street, postcode=MARIA.postcode, phones=MARIA.phones),
        ),
        ("nothing known", Person(), Person()),
    ],
)
def test_two_people_are_kept_apart(story, one, other):
    for a, b in ((one, other), (other, one)):
        found = score_pair(a, b)
        assert found.band is Band.NO, (story, found.bits, found.rule, [str(r) for r in found.reasons])


@pytest.mark.parametrize(
    ("story", "one", "other"),
    [
        (
            "one digit of the birth date wrong, nothing else shared",
            MARIA,
            replace(MARIA, birth_date=date(1984, 3, 6), middle="", **OTHER_HOME),
        ),
        (
            "another given name, but the same number",
            replace(CHILD, ssn="667-12-3456"),
            replace(CHILD, given="Ethan", ssn="667-12-3456"),
        ),
        ("another family name, elsewhere", MARIA, replace(MARIA, family="Whitfield", middle="", **OTHER_HOME)),
        ("twins with names alike", replace(CHILD, given="Jayden"), replace(CHILD, given="Kayden")),
        ("a newborn not named yet", replace(CHILD, given="Baby Boy"), CHILD),
        (
            "no birth date on one side",
            MARIA,
            replace(MARIA, birth_date=None, middle="", **OTHER_HOME | {"phones": MARIA.phones}),
        ),
        (
            "one name, one home, a generation apart",
            replace(MARIA, middle=""),
            replace(MARIA, middle="", birth_date=date(2004, 8, 17)),
        ),
        (
            "one name, one home, a generation apart on the same birthday",
            replace(MARIA, middle=""),
            replace(MARIA, middle="", birth_date=date(2007, 3, 5)),
        ),
        (
            "a boy and a girl of one birth, her name made from his",
            replace(CHILD, given="Joseph"),
            replace(CHILD, given="Josephine", sex="F"),
        ),
        (
            "born on a day nobody wrote down, and nothing else shared",
            replace(MARIA, middle="", birth_date=date(1984, 1, 1)),
            replace(MARIA, middle="", birth_date=date(1984, 1, 1), **OTHER_HOME),
        ),
        (
            "chart number shared by two people",
            replace(MARIA, mrns=("00417",)),
            replace(MARIA, given="Sofia", middle="", family="Whitfield", mrns=("417",)),
        ),
    ],
)
def test_what_nobody_can_tell_from_afar_is_given_to_a_person(story, one, other):
    for a, b in ((one, other), (other, one)):
        found = score_pair(a, b)
        assert found.band is Band.POSSIBLE, (story, found.bits, found.rule, [str(r) for r in found.reasons])


def test_agreeing_on_a_rare_name_says_more_than_on_a_common_one():
    smith, rare = replace(SLIM, family="Smith"), replace(SLIM, family="Szczepański")
    assert score_pair(rare, rare).bits > score_pair(smith, smith).bits + 3


def test_a_file_brings_its_own_name_shares():
    crowd = [prepare(Person(id=str(n), given=f"Given{n}", family="Szczepanski")) for n in range(600)]
    assert Matcher(crowd).exact_bits("family", "szczepanski") < Matcher().exact_bits("family", "szczepanski") - 4


def test_placeholders_say_nothing():
    blank = prepare(
        Person(
            given="Baby Girl", ssn="999-99-9999", phones=("000-000-0000", "555-1212"), postcode="00000", mrns=("000",)
        )
    )
    assert (blank.given, blank.ssn, blank.phones, blank.postcode, blank.mrns) == ((), "", frozenset(), "", frozenset())


def test_names_are_folded_and_suffixes_taken_off():
    person = prepare(Person(given="Dr. Seán Q", family="O’Brien-Núñez, Jr."))
    assert (person.given, person.middle, person.family, person.suffix) == (("sean",), ("q",), ("obrien", "nunez"), "jr")
    assert fold("Łukasz ØRSTED") == "lukasz orsted"
    assert "bill" in nicknames_of("William") and "william" in nicknames_of("bill")


def test_pairs_that_share_no_whole_field_are_still_found():
    first = prepare(MARIA)
    second = prepare(
        replace(
            MARIA,
            id="9",
            given="Mraia",
            family="Hernades",
            birth_date=date(1984, 5, 3),
            phones=("5125550135",),
            postcode="78740",
        )
    )
    crowd = [
        prepare(
            Person(id=f"c{n}", given=word[:6], family=word[6:], birth_date=date(1950 + n % 60, 1 + n % 12, 1 + n % 28))
        )
        for n, word in enumerate(sha256(bytes([n])).hexdigest()[:14].translate(LETTERS) for n in range(250))
    ]
    assert [(p.a.id, p.b.id) for p in likely_pairs([*crowd, first, second])] == [("1", "9")]


people = st.builds(
    Person,
    given=st.text(max_size=12),
    family=st.text(max_size=12),
    middle=st.text(max_size=3),
    birth_date=st.none() | st.dates(),
    birth_typed=st.text(max_size=9),
    sex=st.sampled_from(["", "M", "F", "x", "?"]),
    phones=st.lists(st.text(max_size=12), max_size=2).map(tuple),
    street=st.text(max_size=20),
    postcode=st.text(max_size=6),
    ssn=st.text("0123456789-", max_size=11),
)


@given(people, people)
def test_a_score_is_symmetric_and_between_0_and_1(one, other):
    there, back = score_pair(one, other), score_pair(other, one)
    assert 0 <= there.score <= 1
    assert (there.band, there.score) == (back.band, back.score)


@given(people)
def test_no_record_scores_against_itself(one):
    assert score_pair(one, one).bits >= 0
