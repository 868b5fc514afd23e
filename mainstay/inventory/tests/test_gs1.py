"""Barcodes as scanners send them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.inventory.gs1 import BarCode, UnreadableBarcode, check_digit, identifiers, ndc_forms, read_barcode

GTIN = "00349281421501"
VIAL = BarCode(GTIN, "U1234AA", date(2027, 12, 31), "S99", "4928142150")
LOT_CHARACTERS = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789-/._", min_size=1, max_size=20)


@pytest.mark.parametrize(
    "scan",
    [
        f"]d201{GTIN}1727123110U1234AA\x1d21S99",
        f"]d2\x1d01{GTIN}1727123110U1234AA\x1d21S99\r\n",
        f"]C101{GTIN}1727120010U1234AA\x1d21S99",
        f"01{GTIN}21S99\x1d17271231" + "10U1234AA",
        f"01{GTIN}1727123110U1234AA<GS>21S99",
        f"(01){GTIN}(17)271231(10)U1234AA(21)S99",
        f"(01) {GTIN} (17) 271231 (10) U1234AA (21) S99",
        f"https://id.gs1.org/01/{GTIN}/10/U1234AA/21/S99?17=271231",
    ],
)
def test_every_way_of_sending_a_vial_says_the_same(scan):
    assert read_barcode(scan) == VIAL


@pytest.mark.parametrize("scan", [GTIN[2:], GTIN[1:], GTIN, "]E0" + GTIN[1:]])
def test_a_linear_code_names_the_product(scan):
    assert read_barcode(scan) == BarCode(GTIN, ndc="4928142150")


def test_a_carton_has_the_same_ndc_under_another_number():
    digits = "5034928142150"
    assert read_barcode(digits + check_digit(digits)).ndc == "4928142150"


@pytest.mark.parametrize(
    ("digits", "today", "day"),
    [
        ("280229", date(2026, 1, 1), date(2028, 2, 29)),
        ("270200", date(2026, 1, 1), date(2027, 2, 28)),
        ("280200", date(2026, 1, 1), date(2028, 2, 29)),
        ("991231", date(2026, 1, 1), date(1999, 12, 31)),
        ("760101", date(2026, 1, 1), date(2076, 1, 1)),
        ("770101", date(2026, 1, 1), date(1977, 1, 1)),
        ("010131", date(2055, 1, 1), date(2101, 1, 31)),
        ("050131", date(2055, 1, 1), date(2105, 1, 31)),
        ("060131", date(2055, 1, 1), date(2006, 1, 31)),
    ],
)
def test_two_digit_years_find_their_century_and_day_nought_is_the_last(digits, today, day):
    assert read_barcode(f"(01){GTIN}(17){digits}", today=today).expires_on == day


@pytest.mark.parametrize(
    ("scan", "sentence"),
    [
        ("", "Nothing was scanned."),
        ("hello", "This is not a GS1 barcode. It starts with “hell”"),
        ("(01)00349281421502(10)A", "does not add up"),
        ("(01)0034928142150(10)A", "cut short: 13 of 14"),
        (f"(01){GTIN}(17)271331", "has no month 13"),
        (f"(01){GTIN}(17)270230", "has a day 30"),
        (f"(01){GTIN}(17)27123A", "should be digits"),
        (f"(01){GTIN}(10)", "breaks off before the lot number"),
        (f"01{GTIN}10ABCDEFGHIJKLMNOPQRSTUV", "leaves out the separators"),
        (f"(01){GTIN}(10)A(10)B", "says two different things for lot number"),
        (f"01{GTIN}1727123110Ä", "letters a barcode cannot have"),
        ("(21)S99", "names neither product nor lot"),
        ("(55)1", "(55) is not something"),
        ("+A123BJC5D6E71G", "HIBC"),
        ("]Z0123", "not a barcode of a medicine"),
        ("https://example.org/about", "names no product"),
        ("49281-42150-1", "An NDC has"),
        ("349281421509", "does not add up"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(scan, sentence):
    with pytest.raises(UnreadableBarcode) as refused:
        read_barcode(scan)
    assert sentence in refused.value.message


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("49281 0421 50", "49281042150"),
        ("49281042150", "49281042150"),
        ("49281-421-50", "49281042150"),
        ("4928-1421-50", "04928142150"),
        ("49281-4215-0", "49281421500"),
    ],
)
def test_a_typed_ndc_is_filled_where_its_hyphens_say(typed, digits):
    assert read_barcode(typed).ndc == digits
    assert digits in ndc_forms(typed)


def test_a_lot_number_may_have_brackets_of_its_own():
    assert read_barcode(f"(01){GTIN}(10)A(B)C").lot_number == "A(B)C"


@given(LOT_CHARACTERS, LOT_CHARACTERS, st.dates(date(2026, 1, 1), date(2060, 12, 31)))
def test_what_is_written_is_read_in_either_order(lot, serial, day):
    spelled = f"{day:%y%m%d}"
    one = read_barcode(f"]d201{GTIN}17{spelled}10{lot}\x1d21{serial}")
    other = read_barcode(f"]d221{serial}\x1d10{lot}\x1d17{spelled}01{GTIN}")
    assert one == other == BarCode(GTIN, lot, day, serial, "4928142150")


@given(st.text(max_size=80))
def test_no_text_breaks_it(text):
    try:
        read_barcode(text)
    except UnreadableBarcode as refused:
        assert refused.message.endswith((".", "?"))


def test_no_identifier_begins_with_another():
    codes = sorted(identifiers())
    assert [(a, b) for a in codes for b in codes if a != b and b.startswith(a)] == []
    assert {row.longest for row in identifiers().values()} <= set(range(2, 91))
