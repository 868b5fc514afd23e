"""Measurements as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.chart.rules import blood_pressure_as_typed, quantity_as_typed, reading_as_typed
from mainstay.foundation.errors import InvalidInput

D = Decimal
TEMPERATURE = ("Cel", "[degF]")
WEIGHT = ("kg", "[lb_av]", "g", "[oz_av]")
HEIGHT = ("cm", "[in_i]", "[ft_i]", "m")


@pytest.mark.parametrize(
    ("text", "units", "value", "unit"),
    [
        ("98.6 F", TEMPERATURE, "98.6", "[degF]"),
        ("98.6°F", TEMPERATURE, "98.6", "[degF]"),
        ("37,2", TEMPERATURE, "37.2", "Cel"),
        (" 37.2 °C ", TEMPERATURE, "37.2", "Cel"),
        ("5'11\"", HEIGHT, "71", "[in_i]"),
        ("5’ 11½”", HEIGHT, "71.5", "[in_i]"),
        ("5 ft 3", HEIGHT, "63", "[in_i]"),
        ("5ft3in", HEIGHT, "63", "[in_i]"),
        ("6'", HEIGHT, "72", "[in_i]"),
        ("5 feet 3.5 inches", HEIGHT, "63.5", "[in_i]"),
        ("1.80 m", HEIGHT, "1.80", "m"),
        ("67 in", HEIGHT, "67", "[in_i]"),
        ("154 lb", WEIGHT, "154", "[lb_av]"),
        ("154lbs", WEIGHT, "154", "[lb_av]"),
        ("1.5 kg", WEIGHT, "1.5", "kg"),
        ("12 lb 4 oz", WEIGHT, "196", "[oz_av]"),
        ("12lbs. 4oz.", WEIGHT, "196", "[oz_av]"),
        ("3450 g", WEIGHT, "3450", "g"),
        (".5 kg", WEIGHT, "0.5", "kg"),
        ("97%", ("%",), "97", "%"),
        ("88 bpm", ("/min",), "88", "/min"),
        ("2 LPM", ("L/min",), "2", "L/min"),
        ("7/10", ("{score}",), "7", "{score}"),
    ],
)
def test_a_measurement_is_read_as_typed(text: str, units: tuple[str, ...], value: str, unit: str) -> None:
    quantity = quantity_as_typed(text, units)
    assert (quantity.value, quantity.unit) == (D(value), unit)


@pytest.mark.parametrize(
    ("text", "units", "expected"),
    [
        ("98.6 F", TEMPERATURE, "37"),
        ("5'11\"", HEIGHT, "180.34"),
        ("154 lb", WEIGHT, "69.85322498"),
        ("12 lb 4 oz", WEIGHT, "5.5565065325"),
    ],
)
def test_a_reading_keeps_what_was_typed_and_the_canonical_value(
    text: str, units: tuple[str, ...], expected: str
) -> None:
    reading = reading_as_typed(text, units)
    assert reading.value == D(expected)
    assert reading.typed == text


@pytest.mark.parametrize(
    ("text", "units", "says"),
    [
        ("", WEIGHT, "Type a value"),
        ("heavy", WEIGHT, "not a number"),
        ("70 stone", WEIGHT, "Use kg or lb"),
        ("70 cm", WEIGHT, "not a unit"),
        ("5'14\"", HEIGHT, "only 12 in"),
        ("12 lb 20 oz", WEIGHT, "only 16 oz"),
        ("1,250 g", WEIGHT, "two ways"),
        ("1e5", WEIGHT, "not a unit"),
    ],
)
def test_what_cannot_be_read_says_how_to_write_it(text: str, units: tuple[str, ...], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        quantity_as_typed(text, units, field="weight")


@pytest.mark.parametrize(
    "text", ["120/80", "120 / 80", "120 over 80", "BP 120/80", "bp:120-80", "120 80", "120/80 mmHg", "120\\80"]
)
def test_a_blood_pressure_is_read_however_it_is_written(text: str) -> None:
    systolic, diastolic = blood_pressure_as_typed(text)
    assert (systolic.value, diastolic.value) == (120, 80)


@pytest.mark.parametrize("text", ["", "120", "120/", "high", "1200/80", "120/80/60"])
def test_half_a_blood_pressure_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput, match="like 120/80"):
        blood_pressure_as_typed(text)


@given(st.text(max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    for units in (TEMPERATURE, WEIGHT, HEIGHT):
        try:
            quantity = quantity_as_typed(text, units)
        except InvalidInput as refused:
            assert refused.message
        else:
            assert quantity.unit in (*units, "[in_i]", "[oz_av]")
    try:
        blood_pressure_as_typed(text)
    except InvalidInput as refused:
        assert refused.message


@given(st.integers(1, 8), st.integers(0, 11))
def test_feet_and_inches_are_exact(feet: int, inches: int) -> None:
    assert reading_as_typed(f"{feet}'{inches}\"", HEIGHT).value == (feet * 12 + inches) * D("2.54")
