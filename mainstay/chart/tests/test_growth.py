"""Growth scores, curves and the `growth` verb."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.chart.commands import growth
from mainstay.chart.growth import Measure, Measurement, Sex, Standard, curves, percentile_of, score, z_at
from mainstay.chart.growth.intake import GoodRow, UnreadableFile, growth_rows
from mainstay.chart.growth.lms import Lms
from mainstay.chart.growth.reference import reference_tables

SEXES = st.sampled_from(list(Sex))


def z_on(standard: Standard, *asked: object) -> float | None:
    return next((one.z for one in score(Measurement(*asked)) if one.standard is standard), None)  # type: ignore[arg-type]  # a row of values in order


@pytest.mark.parametrize("standard", list(Standard))
def test_every_reference_table_rises_and_has_positive_medians_and_spreads(standard: Standard) -> None:
    for key, table in reference_tables(standard).items():
        assert list(table.steps) == sorted(set(table.steps)), key
        rows = [table.row(place) for place in range(len(table.steps))]
        assert all(lms.median > 0 and lms.spread > 0 for lms in rows), key


def test_who_by_day_misses_no_day() -> None:
    for sex in Sex:
        for name in ("weight_for_age", "length_height_for_age", "head_for_age", "bmi_for_age"):
            assert reference_tables(Standard.WHO)[name, sex].steps.tolist() == list(range(1857))


def test_the_median_has_z_score_zero_and_percentile_fifty() -> None:
    lms = reference_tables(Standard.WHO)["weight_for_age", Sex.MALE].at(100)
    assert lms is not None
    (who, _) = score(Measurement(Measure.WEIGHT, Sex.MALE, 100, lms.median))
    assert who.z == pytest.approx(0)
    assert who.percentile == pytest.approx(50)


@given(SEXES, st.integers(0, 7300), st.floats(8, 70), st.floats(0.01, 5))
def test_a_greater_bmi_never_has_a_lower_score(sex: Sex, day: int, bmi: float, more: float) -> None:
    lower = dict((one.standard, one.z) for one in score(Measurement(Measure.BMI, sex, day, bmi)))
    higher = dict((one.standard, one.z) for one in score(Measurement(Measure.BMI, sex, day, bmi + more)))
    assert all(higher[standard] >= z for standard, z in lower.items())


@given(
    SEXES, st.integers(0, 7300), st.floats(0.3, 200), st.sampled_from([Measure.WEIGHT, Measure.HEIGHT, Measure.HEAD])
)
def test_scores_are_finite_and_percentiles_lie_between_nought_and_a_hundred(
    sex: Sex, day: int, value: float, measure: Measure
) -> None:
    for one in score(Measurement(measure, sex, day, value)):
        assert abs(one.z) < 1e9
        assert 0 <= one.percentile <= 100


@given(st.floats(-3, 3, allow_nan=False), st.floats(-2, 2), st.floats(1, 150), st.floats(0.03, 0.15))
def test_a_value_at_a_score_has_that_score(skew: float, z: float, median: float, spread: float) -> None:
    lms = Lms(skew if abs(skew) > 0.01 else 0.0, median, spread)
    if 1 + lms.skew * spread * z > 0.05:
        assert lms.z_of(lms.value_at(z)) == pytest.approx(z, abs=1e-6)


def test_who_counts_far_tails_of_weight_in_steps_of_the_last_standard_deviation() -> None:
    lms = reference_tables(Standard.WHO)["weight_for_age", Sex.FEMALE].at(365)
    assert lms is not None
    step = lms.value_at(3) - lms.value_at(2)
    assert z_on(Standard.WHO, Measure.WEIGHT, Sex.FEMALE, 365, lms.value_at(3) + step) == pytest.approx(4)


def test_height_before_two_years_is_taken_as_seven_millimetres_longer_lying() -> None:
    standing = z_on(Standard.WHO, Measure.HEIGHT, Sex.MALE, 700, 85.0)
    assert standing == pytest.approx(z_on(Standard.WHO, Measure.LENGTH, Sex.MALE, 700, 85.7))


def test_length_from_two_years_is_taken_as_seven_millimetres_shorter_standing() -> None:
    lying = z_on(Standard.WHO, Measure.LENGTH, Sex.MALE, 731, 85.7)
    assert lying == pytest.approx(z_on(Standard.WHO, Measure.HEIGHT, Sex.MALE, 731, 85.0))


def test_a_length_after_three_years_is_still_scored_on_the_cdc_stature_table() -> None:
    lying = z_on(Standard.CDC, Measure.LENGTH, Sex.FEMALE, 1500, 100.8)
    assert lying == pytest.approx(z_on(Standard.CDC, Measure.HEIGHT, Sex.FEMALE, 1500, 100.0))


@pytest.mark.parametrize(
    ("measure", "day", "standards"),
    [
        (Measure.WEIGHT, 0, {"WHO", "CDC"}),
        (Measure.WEIGHT, 1856, {"WHO", "CDC"}),
        (Measure.WEIGHT, 1857, {"CDC"}),
        (Measure.WEIGHT, 7305, {"CDC"}),
        (Measure.WEIGHT, 7306, set()),
        (Measure.BMI, 730, {"WHO"}),
        (Measure.BMI, 731, {"WHO", "CDC"}),
        (Measure.HEAD, 1095, {"WHO", "CDC"}),
        (Measure.HEAD, 1096, {"WHO"}),
    ],
)
def test_each_standard_answers_where_it_is_defined(measure: Measure, day: int, standards: set[str]) -> None:
    assert {one.standard.value for one in score(Measurement(measure, Sex.MALE, day, 20))} == standards


def test_the_extended_bmi_joins_the_reference_at_the_95th_percentile() -> None:
    lms = reference_tables(Standard.CDC)["bmi_for_age", Sex.MALE].at(120)
    assert lms is not None
    p95 = lms.value_at(z_at(95))
    below, above = (z_on(Standard.CDC, Measure.BMI, Sex.MALE, 120 * 30.4375, p95 + d) for d in (-1e-6, 1e-6))
    assert below == pytest.approx(above, abs=1e-5)


def test_the_highest_extended_bmi_score_is_the_one_cdc_gives() -> None:
    assert z_on(Standard.CDC, Measure.BMI, Sex.FEMALE, 2000, 90) == 8.21


@pytest.mark.parametrize("sex", list(Sex))
@pytest.mark.parametrize("standard", list(Standard))
@pytest.mark.parametrize("measure", list(Measure))
def test_percentile_lines_rise_in_order_and_do_not_cross(standard: Standard, measure: Measure, sex: Sex) -> None:
    lines = curves(standard, measure, sex)
    for low, high in zip(lines, lines[1:], strict=False):
        assert low.percentile < high.percentile
        assert all(below[1] < above[1] for below, above in zip(low.points, high.points, strict=True))
    steps = [x for x, _ in lines[0].points]
    assert steps == sorted(set(steps))


def test_a_point_on_a_line_scores_that_percentile() -> None:
    for line in curves(Standard.CDC, Measure.BMI, Sex.FEMALE):
        age, bmi = line.points[100]
        z = z_on(Standard.CDC, Measure.BMI, Sex.FEMALE, age, bmi)
        assert z is not None
        assert percentile_of(z) == pytest.approx(line.percentile, abs=1e-6)


def run_growth(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], *options: str
) -> tuple[int, list[str], list[str]]:
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode("utf-8"))
    code = growth([str(path), *options])
    printed = capsys.readouterr()
    return code, printed.out.splitlines(), printed.err.splitlines()


HEADER = "id,sex,agedays,param,measurement,cm\n"


def test_the_verb_prints_one_line_per_standard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run_growth(HEADER + "a,m,100,WEIGHTKG,6,\n", tmp_path, capsys)
    assert (code, out, err) == (0, ["id,standard,z,percentile", "a,WHO,-0.7771,21.8550", "a,CDC,-0.3054,38.0022"], [])


def test_a_weight_with_a_length_is_scored_for_that_length(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_growth(HEADER + "a,f,100,WEIGHTKG,6,60\nb,f,100,WFL,6,60\n", tmp_path, capsys)
    assert code == 0
    assert [line[2:] for line in out[1:3]] == [line[2:] for line in out[3:5]]
    assert out[1].startswith("a,WHO,0.23")


def test_a_bad_row_is_named_and_the_rest_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = (
        "a,x,1,WEIGHTKG,3,\nb,m,one,WEIGHTKG,3,\nc,m,1,WAIST,3,\nd,m,1,WEIGHTKG,nan,\ne,m,1\n,m,1,BMI,14,\n"
        "f,m,-1,WEIGHTKG,3,\ng,m,1,WEIGHTKG,0,\nh,m,1,HEADCM,inf,\ni,f,1,WEIGHTKG,3.2,\n"
    )
    code, out, err = run_growth(HEADER + rows, tmp_path, capsys)
    assert code == 1
    assert [line.split(",")[0] for line in out] == ["id", "i", "i"]
    assert [line.split(":")[0] for line in err] == [
        f"row {2 + place} (id {name})" for place, name in enumerate(["a", "b", "c", "d", "e", "missing", "f", "g", "h"])
    ]
    assert err[4].endswith("param is missing")


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [("1", "m", True), ("2", "f", True), ("0", "m", True), ("Female", "f", True), ("1", "f", False)],
)
def test_sex_is_read_in_words_and_digits(
    first: str, second: str, same: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run_growth(HEADER + f"a,{first},400,WEIGHTKG,9,\na,{second},400,WEIGHTKG,9,\n", tmp_path, capsys)
    assert (out[1:3] == out[3:5]) is same


def test_one_means_female_in_a_file_that_uses_nought(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = "a,1,400,WEIGHTKG,9,\na,f,400,WEIGHTKG,9,\nb,0,400,WEIGHTKG,9,\n"
    _, out, _ = run_growth(HEADER + rows, tmp_path, capsys)
    assert out[1:3] == out[3:5]


def test_nought_and_two_in_one_file_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run_growth(HEADER + "a,0,400,WEIGHTKG,9,\nb,2,400,WEIGHTKG,9,\n", tmp_path, capsys)
    assert (code, len(out), len(err)) == (1, 1, 2)


def test_a_child_outside_both_standards_is_mentioned_but_is_no_fault(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run_growth(HEADER + "a,m,9000,WEIGHTKG,70,\n", tmp_path, capsys)
    assert (code, len(out)) == (0, 1)
    assert "outside" in err[0]


@pytest.mark.parametrize("text", ["", "id,sex\n1,m\n", "name\n"])
def test_a_file_without_the_columns_is_bad_use(text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run_growth(text, tmp_path, capsys)
    assert (code, len(err)) == (2, 1)


def test_a_file_that_is_not_there_or_not_text_is_bad_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert growth([str(tmp_path / "nothing.csv")]) == 2
    (tmp_path / "photo.csv").write_bytes(b"\xff\xd8\xff\xe0\x00")
    assert growth([str(tmp_path / "photo.csv")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


def test_standard_input_and_json_work(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\ufeff" + HEADER + "a,m,100,WEIGHTKG,6,\nb,m,100,WEIGHTKG,x,\n"))
    assert growth(["-", "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert [one["standard"] for one in printed["scores"]] == ["WHO", "CDC"]
    assert printed["bad_rows"][0]["id"] == "b"


@given(st.text(max_size=200), st.sampled_from(["", HEADER]))
def test_no_text_breaks_the_reading_of_a_file(text: str, header: str) -> None:
    try:
        rows = list(growth_rows(io.StringIO(header + text, newline="")))
    except UnreadableFile as unreadable:
        assert str(unreadable)
    else:
        assert all(isinstance(row, GoodRow) or row.reason for row in rows)
