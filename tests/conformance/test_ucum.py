"""Our unit table against UCUM's own functional tests and definitions, as far as the table reaches."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mainstay.terminology.units import convert, units

UCUM = (
    Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "codes" / "ucum" / "src"
)

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not UCUM.is_dir(), reason="MAINSTAY_TEST_DATA/codes/ucum is not here: UCUM's cases skipped"),
]


def test_conversions_agree_with_ucums_functional_tests() -> None:
    compared = 0
    for name in ("UcumFunctionalTests.xml", "UcumFunctionalTests.2.xml"):
        for case in ElementTree.parse(UCUM / "test" / "resources" / name).iter("case"):
            source, target = case.get("srcUnit"), case.get("dstUnit")
            if case.get("outcome") is None or source not in units() or target not in units():
                continue
            expected = Decimal(case.get("outcome", ""))
            slack = Decimal(1).scaleb(int(expected.as_tuple().exponent)) / 2
            assert abs(convert(Decimal(case.get("value", "")), source, target) - expected) <= slack, case.attrib
            compared += 1
    assert compared >= 6


def test_customary_units_have_the_factors_ucum_defines() -> None:
    """UCUM defines each customary unit by another one; following the chain gives the same factor."""
    space = "{http://unitsofmeasure.org/ucum-essence}"
    definitions = {
        one.get("Code"): one.find(f"{space}value")
        for one in ElementTree.parse(UCUM / "main" / "resources" / "ucum-essence.xml").iter(f"{space}unit")
    }
    compared = 0
    for code, one in units().items():
        defined = definitions.get(code)
        if defined is None or defined.get("Unit") not in units() or not defined.get("value"):
            continue
        expected = convert(Decimal(defined.get("value", "")), defined.get("Unit", ""), one.canonical)
        assert convert(Decimal(1), code, one.canonical) == pytest.approx(expected, rel=Decimal("1e-6")), code
        compared += 1
    assert compared >= 5
