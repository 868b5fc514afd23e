"""Growth scores against what other people computed: WHO igrowup, CDC by day, the published WHO and CDC tables."""

from __future__ import annotations

import csv
import gzip
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from mainstay.chart.growth import Measure, Measurement, Sex, Standard, percentile_of, score, z_at
from mainstay.chart.growth.lms import Lms
from mainstay.chart.growth.reference import reference_tables
from mainstay.chart.growth.scores import cdc_place

GROWTH = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[3] / "shared" / "data")) / "growth"

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(
        not GROWTH.is_dir(), reason="MAINSTAY_TEST_DATA/growth is not here: other people's cases skipped"
    ),
]

ONE_IS_MALE = {"1": Sex.MALE, "2": Sex.FEMALE}
ZERO_IS_MALE = {"0": Sex.MALE, "1": Sex.FEMALE}
SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(name: str, delimiter: str = ",") -> Iterator[dict[str, str]]:
    path = GROWTH / name
    if not path.exists():
        pytest.skip(f"{name} is not among the growth cases")
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    yield from csv.DictReader(text.splitlines(), delimiter=delimiter)


def sheet_rows(path: Path) -> Iterator[dict[str, float]]:
    """The rows of a published WHO spreadsheet."""
    with zipfile.ZipFile(path) as book:
        words = [
            "".join(text.text or "" for text in item.iter(SHEET + "t"))
            for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
        ]
        name = next(name for name in book.namelist() if name.startswith("xl/worksheets/sheet"))
        rows = [
            [(cell.get("t"), value.text or "") for cell in row if (value := cell.find(SHEET + "v")) is not None]
            for row in ElementTree.fromstring(book.read(name)).iter(SHEET + "row")
        ]
    header = [words[int(text)] for _, text in rows[0]]
    for row in rows[1:]:
        if len(row) == len(header):
            yield dict(zip(header, (float(text) for _, text in row), strict=True))


def z_on(standard: Standard, measurement: Measurement) -> float | None:
    return next((one.z for one in score(measurement) if one.standard is standard), None)


@pytest.mark.parametrize("survey", ["survey_z_rc.csv", "survey_z_st.csv"])
@pytest.mark.parametrize(
    ("column", "measure", "least"),
    [
        ("_ZWEI", Measure.WEIGHT, 485),
        ("_ZLEN", Measure.LENGTH, 470),
        ("_ZWFL", Measure.WEIGHT_FOR_LENGTH, 467),
        ("_ZBMI", Measure.BMI, 468),
    ],
)
def test_who_scores_agree_with_the_igrowup_survey(survey: str, column: str, measure: Measure, least: int) -> None:
    compared, apart = 0, []
    for row in rows_of(f"pygrowup/testdata/{survey}"):
        if not row.get(column) or not row["_agedays"]:
            continue
        corrected = row["_CLENHEI"]
        asked = {
            Measure.WEIGHT: (measure, row["WEIGHT"], None),
            Measure.LENGTH: (Measure.HEIGHT if row["measure"] == "h" else Measure.LENGTH, row["HEIGHT"], None),
            Measure.WEIGHT_FOR_LENGTH: (measure, row["WEIGHT"], corrected),
            Measure.BMI: (measure, row["_CBMI"], None),
        }[measure]
        z = z_on(
            Standard.WHO,
            Measurement(
                asked[0],
                ONE_IS_MALE[row["GENDER"]],
                float(row["_agedays"]),
                float(asked[1]),
                float(asked[2]) if asked[2] else None,
            ),
        )
        compared += 1
        if z is None or abs(z - float(row[column])) > 0.01:
            apart.append((row["id"], row["measure"], row["_agedays"], row["HEIGHT"], corrected, row[column], z))
    assert not apart
    assert compared >= least


@pytest.mark.parametrize(
    ("prefix", "measure"),
    [("cdc_wt", Measure.WEIGHT), ("cdc_ht", Measure.HEIGHT), ("cdc_bmi", Measure.BMI)],
)
def test_cdc_reference_by_day_agrees_from_two_to_twenty_years(prefix: str, measure: Measure) -> None:
    compared = 0
    for row in rows_of("growthcleanr/growthfile_cdc_ext.csv.gz"):
        day = float(row["agedays"])
        if not row[f"{prefix}_l"] or not 731 <= day <= 7305:
            continue
        theirs = Lms(*(float(row[f"{prefix}_{part}"]) for part in "lms"))
        place = cdc_place(Measurement(measure, ZERO_IS_MALE[row["sex"]], day, theirs.median))
        assert place is not None
        for z in (-3, -1.5, 0, 1.5):
            assert abs(place.lms.z_of(theirs.value_at(z)) - z) < 0.01, day
        compared += 1
    assert compared == 2 * (7305 - 731 + 1)


@pytest.mark.parametrize(
    ("prefix", "measure"),
    [
        ("WT", Measure.WEIGHT),
        ("LG", Measure.LENGTH),
        ("HT", Measure.HEIGHT),
        ("HC", Measure.HEAD),
        ("BMI", Measure.BMI),
    ],
)
def test_scores_agree_with_the_reference_inside_cdcs_own_program(prefix: str, measure: Measure) -> None:
    """CDC's program keeps both ends of each interval; a value a quarter of the way in is interpolated there."""
    compared = 0
    for row in rows_of("growthcleanr/CDCref_d.csv.gz"):
        if row["denom"] != "age" or not row[f"_L{prefix}1"]:
            continue
        begin, end = (float(row[f"_AGEMOS{side}"]) for side in (1, 2))
        months = begin + (end - begin) / 4
        first, last = (Lms(*(float(row[f"_{part}{prefix}{side}"]) for part in "LMS")) for side in (1, 2))
        theirs = Lms(*(a + (b - a) / 4 for a, b in zip(first, last, strict=True)))
        for z in (-2.5, -1, 0, 1, 1.6):
            ours = z_on(
                Standard.CDC,
                Measurement(measure, ONE_IS_MALE[row["SEX"]], months * 30.4375, theirs.value_at(z)),
            )
            if ours is None:
                assert (begin, measure) in ((23.5, Measure.HEIGHT), (23.5, Measure.BMI), (35.5, Measure.HEAD))
                continue
            if (begin, measure) == (23.5, Measure.HEIGHT):
                continue
            assert abs(ours - z) < (0.025 if (begin, measure) == (35.5, Measure.LENGTH) else 0.01), (months, ours, z)
            compared += 1
    assert compared > 300


@pytest.mark.parametrize(
    ("name", "step", "table"),
    [
        ("weianthro", "age", "weight_for_age"),
        ("lenanthro", "age", "length_height_for_age"),
        ("hcanthro", "age", "head_for_age"),
        ("bmianthro", "age", "bmi_for_age"),
        ("wflanthro", "length", "weight_for_length"),
        ("wfhanthro", "height", "weight_for_height"),
    ],
)
def test_shipped_who_tables_equal_the_anthro_tables(name: str, step: str, table: str) -> None:
    compared = 0
    for row in rows_of(f"who-anthro/data-raw/growthstandards/{name}.txt", delimiter="\t"):
        ours = reference_tables(Standard.WHO)[table, ONE_IS_MALE[row["sex"]]].at(float(row[step]))
        assert ours is not None
        assert ours == pytest.approx((float(row["l"]), float(row["m"]), float(row["s"])), abs=1e-6)
        compared += 1
    assert compared > 1000


@pytest.mark.parametrize(
    ("stem", "step", "measure"),
    [
        ("wfa", "Day", Measure.WEIGHT),
        ("lhfa", "Day", Measure.HEIGHT),
        ("hcfa", "Day", Measure.HEAD),
        ("bfa", "Day", Measure.BMI),
        ("wfl", "Length", Measure.WEIGHT_FOR_LENGTH),
        ("wfh", "Height", Measure.WEIGHT_FOR_LENGTH),
    ],
)
@pytest.mark.parametrize("sex", [Sex.MALE, Sex.FEMALE])
def test_the_standard_deviations_who_publishes_get_their_own_z_score(
    stem: str, step: str, measure: Measure, sex: Sex
) -> None:
    """WHO prints values to the gram and the millimetre; beyond three it prints the restricted tails."""
    who = GROWTH / "pedbp" / "data-raw" / "who"
    paths = sorted(who.glob(f"{stem}-{'boys' if sex is Sex.MALE else 'girls'}-zscore*.xlsx"))
    if not paths:
        pytest.skip("the WHO spreadsheets are not among the growth cases")
    compared = 0
    for row in sheet_rows(paths[0]):
        for name, z in (("SD4neg", -4), ("SD3neg", -3), ("SD2neg", -2), ("SD0", 0), ("SD2", 2), ("SD3", 3), ("SD4", 4)):
            at = row[step]
            asked = measure
            if measure is Measure.HEIGHT and at < 731:
                asked = Measure.LENGTH
            day, cm = (at, None) if step == "Day" else (700.0 if step == "Length" else 800.0, at)
            ours = z_on(Standard.WHO, Measurement(asked, sex, day, row[name], cm))
            assert ours is not None
            assert abs(ours - z) < 0.01, (at, name, ours)
            compared += 1
    assert compared > 3000


@pytest.mark.parametrize(
    ("name", "measure", "step"),
    [
        ("wtage", Measure.WEIGHT, "Agemos"),
        ("wtageinf", Measure.WEIGHT, "Agemos"),
        ("statage", Measure.HEIGHT, "Agemos"),
        ("lenageinf", Measure.LENGTH, "Agemos"),
        ("hcageinf", Measure.HEAD, "Agemos"),
        ("bmiagerev", Measure.BMI, "Agemos"),
        ("wtleninf", Measure.WEIGHT_FOR_LENGTH, "Length"),
        ("wtstat", Measure.WEIGHT_FOR_LENGTH, "Height"),
    ],
)
def test_the_percentiles_cdc_publishes_get_their_own_z_score(name: str, measure: Measure, step: str) -> None:
    compared = 0
    for row in rows_of(f"pedbp/data-raw/cdc2000/{name}.csv"):
        if row["Sex"] not in ONE_IS_MALE:
            continue
        at = float(row[step])
        days, cm = (at * 30.4375, None) if step == "Agemos" else (700.0 if step == "Length" else 800.0, at)
        for percentile in (3, 5, 10, 25, 50, 75, 90, 95):
            asked = Measurement(measure, ONE_IS_MALE[row["Sex"]], days, float(row[f"P{percentile}"]), cm)
            ours = z_on(Standard.CDC, asked)
            assert ours is not None, at
            assert abs(ours - z_at(percentile)) < 0.01, (at, percentile, ours)
            compared += 1
    assert compared > 300


def test_cdc_bmi_above_the_95th_percentile_follows_the_extended_definition() -> None:
    """An independent reckoning of the 2022 definition from the published L, M and S and the published sigma."""
    compared = 0
    for row in rows_of("pedbp/data-raw/cdc2000/bmiagerev.csv"):
        if row["Sex"] not in ONE_IS_MALE:
            continue
        sex, years, p95 = ONE_IS_MALE[row["Sex"]], float(row["Agemos"]) / 12, float(row["P95"])
        male = sex is Sex.MALE
        sigma = (
            0.3728 + 0.5196 * years - 0.0091 * years * years
            if male
            else 0.8334 + 0.3712 * years - 0.0011 * years * years
        )
        for distance in (0.1, 0.5, 1, 2, 3, 4, 5):
            expected = 90 + 10 * percentile_of(distance) / 100
            asked = Measurement(Measure.BMI, sex, float(row["Agemos"]) * 30.4375, p95 + sigma * distance)
            (ours,) = (one for one in score(asked) if one.standard is Standard.CDC)
            assert ours.percentile == pytest.approx(expected, abs=0.001)
            assert ours.z == pytest.approx(z_at(expected), abs=0.01)
            compared += 1
    assert compared > 3000
