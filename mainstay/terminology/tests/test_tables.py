"""The shipped tables: what must hold in every file."""

from collections import Counter
from datetime import date

import pytest

from mainstay.foundation.tables import read_csv, read_toml
from mainstay.terminology.codes import CodeSystem, icd10cm_is_well_formed, loinc_is_valid
from mainstay.terminology.editions import (
    Edition,
    icd10cm_order_file,
    shipped_edition,
    shipped_fingerprint,
    shipped_synonyms,
)
from mainstay.terminology.errors import CodeFileUnreadable
from mainstay.terminology.standing import standing
from mainstay.terminology.wording import FILLERS, SAME_WORDS, formal_words


@pytest.fixture(scope="module")
def icd10cm() -> Edition:
    return shipped_edition(CodeSystem.ICD10CM)


def test_every_edition_names_its_source_and_day():
    entries = read_toml("mainstay.terminology", "editions.toml")
    assert set(entries) == {system.value for system in CodeSystem}
    for entry in entries.values():
        assert entry["source"]
        assert entry["reviewed_by"]
        assert isinstance(entry["effective"], date)


@pytest.mark.parametrize("system", list(CodeSystem))
def test_no_code_comes_twice_and_none_is_blank(system: CodeSystem):
    edition = shipped_edition(system)
    codes = Counter(row.code for row in edition.rows)
    assert [code for code, count in codes.items() if count > 1] == []
    assert all(row.code.strip() == row.code and row.display.strip() for row in edition.rows)
    assert edition.sha256 == shipped_fingerprint(system)


def test_icd10cm_is_the_whole_edition(icd10cm: Edition):
    assert sum(1 for row in icd10cm.rows if row.is_billable) == 74_719
    assert len(icd10cm.rows) == 98_186
    assert all(icd10cm_is_well_formed(row.code) for row in icd10cm.rows)


def test_every_icd10cm_code_hangs_below_its_category(icd10cm: Edition):
    codes = {row.code for row in icd10cm.rows}
    assert {row.code[:3] for row in icd10cm.rows} <= codes
    billable = {row.code for row in icd10cm.rows if row.is_billable}
    above = {code[:length].rstrip(".") for code in codes for length in range(3, len(code))}
    assert billable & above == set()


def test_every_loinc_number_has_its_check_digit():
    rows = shipped_edition(CodeSystem.LOINC).rows
    assert [row.code for row in rows if not loinc_is_valid(row.code)] == []


def test_cvx_keeps_its_leading_zero_and_its_status():
    rows = {row.code: row for row in shipped_edition(CodeSystem.CVX).rows}
    assert rows["03"].display == "MMR"
    assert rows["03"].is_billable
    assert not rows["01"].is_billable


def test_every_synonym_leads_to_a_billable_code(icd10cm: Edition):
    billable = {row.code for row in icd10cm.rows if row.is_billable}
    rows = shipped_synonyms()
    assert len(rows) >= 600
    assert sorted({row.code for row in rows} - billable) == []
    assert {row.language for row in rows} == {"en", "es"}


def test_the_places_of_a_synonym_count_from_one():
    places: dict[tuple[str, str], list[int]] = {}
    for row in shipped_synonyms():
        places.setdefault((row.term, row.language), []).append(row.place)
    assert {term for term, found in places.items() if sorted(found) != list(range(1, len(found) + 1))} == set()


def test_no_everyday_word_is_dropped_as_a_filler():
    assert set(formal_words()) & FILLERS == set()
    assert set(SAME_WORDS) & FILLERS == set()
    assert set(SAME_WORDS) & set(SAME_WORDS.values()) == set(), "one word leads to another that leads on"
    assert len(read_csv("mainstay.terminology", "everyday_words.csv")) == len(formal_words())


def test_ordinary_illness_stands_before_injuries_and_later_encounters():
    cough = standing("R05.9", "Cough, unspecified", is_billable=True)
    poisoning = standing("T36.0X1A", "Poisoning by penicillins, accidental, initial encounter", is_billable=True)
    first = standing("S93.409A", "Sprain of ankle, initial encounter", is_billable=True)
    later = standing("S93.409D", "Sprain of ankle, subsequent encounter", is_billable=True)
    assert cough < first < later
    assert cough < poisoning


def test_an_order_file_of_cms_is_read():
    lines = [
        f"{number:05d} {f'A{number // 100:02d}{number % 100:02d}':7} {number % 2} {'short':60} Title {number}"
        for number in range(1000, 2500)
    ]
    edition = icd10cm_order_file("\r\n".join(lines).encode(), effective=date(2026, 10, 1))
    assert len(edition.rows) == 1500
    assert edition.rows[0].code == "A10.00"
    assert not edition.rows[0].is_billable
    assert edition.rows[1].display == "Title 1001"


@pytest.mark.parametrize("raw", [b"", b"code,display\nE11,Diabetes\n", b"\xff\xfe\x00", b"00001 A00     0 short\n"])
def test_another_file_is_refused_in_one_sentence(raw: bytes):
    with pytest.raises(CodeFileUnreadable):
        icd10cm_order_file(raw, effective=date(2026, 10, 1))
