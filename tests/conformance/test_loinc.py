"""The LOINC codes of our panels against a list of LOINC short names that others keep."""

from __future__ import annotations

import csv
import gzip
import os
from pathlib import Path

import pytest

from mainstay.chart.panels import panels

NAMES = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "codes" / "loinc"

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not NAMES.is_dir(), reason="MAINSTAY_TEST_DATA/codes/loinc is not here: LOINC names skipped"),
]

NEWER_THAN_THE_LIST = {
    "85353-1",
    "85354-9",
    "72514-3",
    "77606-2",
    "79880-1",
    "79881-9",
    "68999-2",
    "69001-6",
    "80288-4",
}


def test_every_panel_code_is_listed_or_known_to_be_newer() -> None:
    with gzip.open(NAMES / "short_loinc.tsv.gz", "rt", encoding="utf-8") as lines:
        names = {row["LOINC_NUM"]: row["SHORTNAME"] for row in csv.DictReader(lines, delimiter="\t")}
    ours = {
        code
        for panel in panels().values()
        for item in panel.items
        for code in (panel.loinc, item.loinc, *item.more_loinc, *item.components.values())
        if code
    }
    assert len(ours & set(names)) >= 30
    assert ours - set(names) <= NEWER_THAN_THE_LIST
    assert names["8461-6"] == "BP sys--sup"
    assert names["8454-1"] == "BP dias--stand"
