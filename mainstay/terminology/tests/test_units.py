"""Units: exact conversion, round trips, and the words people type."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.terminology.units import (
    UnitsDiffer,
    UnknownUnit,
    canonical,
    convert,
    mmol_per_l,
    unit,
    unit_as_typed,
    units,
)

D = Decimal


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        ("98.6", "[degF]", "Cel", "37"),
        ("37", "Cel", "[degF]", "98.6"),
        ("-40", "[degF]", "Cel", "-40"),
        ("154", "[lb_av]", "kg", "69.85322498"),
        ("1.5", "kg", "g", "1500"),
        ("70", "[in_i]", "cm", "177.8"),
        ("5", "[ft_i]", "[in_i]", "60"),
        ("16", "kPa", "mm[Hg]", "120.010200867"),
        ("760", "mm[Hg]", "kPa", "101.32472"),
        ("13.2", "g/dL", "g/L", "132"),
        ("7.5", "10*3/uL", "10*9/L", "7.5"),
    ],
)
def test_a_value_is_converted_exactly(value: str, source: str, target: str, expected: str) -> None:
    assert convert(D(value), source, target) == D(expected)


@given(
    st.decimals(min_value=-1000, max_value=10_000, places=3),
    st.sampled_from(sorted(units())),
    st.sampled_from(sorted(units())),
)
def test_there_and_back_is_the_same_value(value: Decimal, source: str, target: str) -> None:
    if unit(source).quantity != unit(target).quantity:
        with pytest.raises(UnitsDiffer):
            convert(value, source, target)
    else:
        tolerance = max(abs(value), D(300)) * D("1e-10")
        assert abs(convert(convert(value, source, target), target, source) - value) <= tolerance


def test_every_group_has_its_canonical_unit_with_factor_one() -> None:
    for one in units().values():
        base = unit(one.canonical)
        assert (base.factor, base.offset, base.quantity) == (1, 0, one.quantity)


def test_no_spelling_means_two_units_of_one_quantity() -> None:
    seen: dict[tuple[str, str], str] = {}
    for one in units().values():
        for spelling in one.typed:
            assert spelling == spelling.lower()
            assert seen.setdefault((one.quantity, spelling), one.code) == one.code, spelling


@pytest.mark.parametrize(
    ("text", "among", "code"),
    [
        ("F", ("Cel", "[degF]"), "[degF]"),
        ("ºC", ("Cel", "[degF]"), "Cel"),
        ("Lbs.", ("kg", "[lb_av]"), "[lb_av]"),
        ("mm[Hg]", ("mm[Hg]",), "mm[Hg]"),
        ("L", ("L/min",), "L/min"),
        ("stone", ("kg", "[lb_av]"), None),
        ("cm", ("kg", "[lb_av]"), None),
    ],
)
def test_a_typed_unit_is_found_among_those_possible(text: str, among: tuple[str, ...], code: str | None) -> None:
    found = unit_as_typed(text, among)
    assert (found.code if found else None) == code


def test_canonical_values_keep_plain_notation() -> None:
    assert str(canonical(D("2.00"), "m")[0]) == "200"
    assert canonical(D("100.4"), "[degF]") == (D("38"), "Cel")


def test_glucose_is_known_in_both_customs() -> None:
    assert round(mmol_per_l(D(100), "glucose"), 2) == D("5.55")
    with pytest.raises(UnknownUnit):
        mmol_per_l(D(100), "moonlight")


def test_an_unknown_unit_says_so() -> None:
    with pytest.raises(UnknownUnit, match="furlong"):
        convert(D(1), "furlong", "cm")
