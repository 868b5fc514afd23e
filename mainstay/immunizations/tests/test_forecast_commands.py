"""`forecast` and `vaccines` on the command line."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mainstay.foundation.tables import read_csv
from mainstay.immunizations.commands import forecast, vaccines
from mainstay.immunizations.forecast import load_schedule
from mainstay.immunizations.forecast.loading import other_vaccines

GOOD: dict[str, Any] = {
    "id": "a",
    "dob": "2024-01-10",
    "sex": "F",
    "assessment_date": "2025-11-10",
    "observations": [{"code": "160", "date": None}],
    "doses": [{"date": "2025-01-05", "cvx": "03", "mvx": "MSD"}],
}


def told(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def asked(tmp_path: Path, *cases: object) -> str:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(case if isinstance(case, str) else json.dumps(case) for case in cases), encoding="utf-8")
    return str(path)


def test_one_case_gives_one_line_of_the_promised_shape(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert forecast([asked(tmp_path, GOOD)]) == 0
    (row,) = told(capsys)
    assert list(row) == ["id", "groups", "evaluations", "schedule"]
    assert row["schedule"] == "CDC 4.64"
    keys = ["group", "status", "dose_number", "earliest", "recommended", "past_due", "reasons"]
    assert all(list(group) == keys for group in row["groups"])
    assert row["evaluations"][0] == {
        "date": "2025-01-05",
        "cvx": "03",
        "antigen": "Measles",
        "status": "Not Valid",
        "reason": "Age: Too Young",
    }


def test_standard_input_is_read_with_a_dash(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(GOOD).encode())))
    assert forecast(["-"]) == 0
    assert told(capsys)[0]["id"] == "a"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"dob": None}, "dob: missing"),
        ({"dob": "2024-02-30"}, "not a date"),
        ({"dob": "20240110"}, "not a date"),
        ({"dob": "2026-01-01"}, "born after the assessment"),
        ({"assessment_date": ""}, "assessment_date: missing"),
        ({"sex": 7}, "sex"),
        ({"doses": [{"date": "2025-01-05", "cvx": "9999"}]}, "not a vaccine code"),
        ({"doses": [{"date": "2025-01-05"}]}, "cvx: missing"),
        ({"doses": [{"date": "2023-01-05", "cvx": "03"}]}, "before birth"),
        ({"doses": [{"date": "2025-13-05", "cvx": "03"}]}, "not a date"),
        ({"doses": "none"}, "list of objects"),
        ({"doses": [3]}, "list of objects"),
        ({"observations": [{"date": "2025-01-01"}]}, "needs a code"),
        ({"observations": [{"code": "007", "date": "2025"}]}, "not a date"),
        ({"doses": [{"date": "2025-01", "cvx": "03"}]}, "not a date"),
        ({"doses": [{"date": "2025-01-05", "cvx": "99"}]}, "not a vaccine code"),
        ({"doses": [{"date": "2025-01-05", "cvx": "03", "mvx": 3}]}, "mvx: must be text"),
        ({"doses": [{"date": "2025-01-05", "cvx": True}]}, "cvx: True is not a vaccine code"),
    ],
)
def test_a_bad_case_gets_an_error_line_and_the_rest_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], words: str
) -> None:
    assert forecast([asked(tmp_path, {**GOOD, **change}, {**GOOD, "id": "b"})]) == 1
    bad, good = told(capsys)
    assert (bad["id"], bad["line"]) == ("a", 1)
    assert words in bad["error"]
    assert good["id"] == "b"
    assert "groups" in good


@pytest.mark.parametrize("line", ["{", "[]", "3", '"x"', "null", '{"id": NaN}', '{"a":' * 5000])
def test_a_line_that_is_no_case_gets_an_error_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    assert forecast([asked(tmp_path, line, "", GOOD)]) == 1
    bad, good = told(capsys)
    assert bad["id"] is None
    assert bad["error"]
    assert good["id"] == "a"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"observations": [{"code": "999"}]}, "'999' is not an observation CDC 4.64 knows"),
        ({"observations": [{"code": "Z33.1", "date": "2025-01-01"}]}, "'Z33.1' is not an observation CDC 4.64 knows"),
        ({"doses": [{"date": "2025-12-05", "cvx": "21"}]}, "2025-12-05 (CVX 21) is after the assessment date"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_named_and_the_rest_is_answered_5_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], words: str
) -> None:
    """CDSi Table 5-4, rule 3: what cannot be determined does not apply, and a clinician is told."""
    case = {**GOOD, "observations": [], "doses": []}
    added = {name: [*GOOD[name], *value] for name, value in change.items()}
    with_it = {**GOOD, **added}
    assert forecast([asked(tmp_path, with_it, GOOD, {**case, **change}, case)]) == 0
    noted, plain, only_noted, bare = told(capsys)
    (note,) = noted.pop("notes")
    assert words in note
    assert noted == plain
    assert only_noted.pop("notes") == [note]
    assert only_noted == bare


def test_a_sex_nobody_knows_counts_as_unknown_and_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cases = [{**GOOD, "sex": sex} for sex in ("zz", "u", "X", " f ", "Female", "")]
    assert forecast([asked(tmp_path, *cases)]) == 0
    odd, *known = told(capsys)
    assert odd.pop("notes") == ["sex: 'zz' is neither F nor M; read as unknown"]
    assert odd == known[0] == known[1] == known[4]
    assert not any("notes" in row for row in known)


def test_numbers_too_long_for_a_computer_word_come_back_as_they_were(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    long = 123456789012345678901234567890
    assert forecast([asked(tmp_path, {**GOOD, "id": long}, {**GOOD, "id": [1.5, {"a": None}]})]) == 0
    assert [row["id"] for row in told(capsys)] == [long, [1.5, {"a": None}]]


def test_carriage_returns_blank_lines_and_repeated_ids_change_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps(GOOD)
    path = tmp_path / "cases.jsonl"
    path.write_bytes(f"\r\n{text}\r\n   \r\n{{\r\n{text}\r\n".encode())
    assert forecast([str(path)]) == 1
    first, bad, second = told(capsys)
    assert first == second
    assert bad["line"] == 4


def test_five_hundred_doses_are_one_answer(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    codes = ["03", "21", "08", "20", "140", "94"]
    doses = [
        {"date": f"20{24 + n % 2}-{1 + n % 12:02}-{11 + n % 17}", "cvx": codes[n % len(codes)]} for n in range(500)
    ]
    assert forecast([asked(tmp_path, {**GOOD, "assessment_date": "2026-01-10", "doses": doses})]) == 0
    (row,) = told(capsys)
    assert len({(line["date"], line["cvx"]) for line in row["evaluations"]}) > 100


def test_each_answer_is_there_before_the_next_question(tmp_path: Path) -> None:
    start = [sys.executable, "-c", "import sys; from mainstay.immunizations.commands import forecast; forecast(['-'])"]
    with subprocess.Popen(start, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdin and asking.stdout
        for number in range(3):
            asking.stdin.write(json.dumps({**GOOD, "id": number}) + "\n")
            asking.stdin.flush()
            assert json.loads(asking.stdout.readline())["id"] == number
        asking.stdin.close()


def test_a_byte_order_mark_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert forecast([asked(tmp_path, "\ufeff" + json.dumps(GOOD))]) == 0
    assert told(capsys)[0]["id"] == "a"


def test_codes_may_come_as_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = {**GOOD, "observations": [{"code": 7}], "doses": [{"date": "2025-02-05", "cvx": 3}]}
    assert forecast([asked(tmp_path, case)]) == 0
    (row,) = told(capsys)
    assert row["evaluations"][0]["cvx"] == "03"
    assert next(group for group in row["groups"] if group["group"] == "Varicella")["status"] == "Contraindicated"


def test_codes_and_days_a_spreadsheet_has_had_are_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = {**GOOD, "observations": [{"code": 7.0}], "doses": [{"date": " 2025-02-05 ", "cvx": 3.0}]}
    assert forecast([asked(tmp_path, case)]) == 0
    (row,) = told(capsys)
    assert [line["cvx"] for line in row["evaluations"]] == ["03"] * 3
    assert next(group for group in row["groups"] if group["group"] == "Varicella")["status"] == "Contraindicated"


@pytest.mark.parametrize("code", ["7", "0007", " 007 ", "Pregnant", "pregnant"])
def test_an_observation_is_known_by_its_code_however_written_and_by_its_term(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    assert forecast([asked(tmp_path, {**GOOD, "observations": [{"code": code}], "doses": []})]) == 0
    (row,) = told(capsys)
    assert next(group for group in row["groups"] if group["group"] == "MMR")["status"] == "Contraindicated"


def test_a_vaccine_cdc_knows_and_the_schedule_does_not_judge_spoils_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bcg, unknown_maker = {"date": "2025-01-20", "cvx": "19"}, {"date": "2025-02-05", "cvx": "3", "mvx": "ZZZ"}
    assert forecast([asked(tmp_path, {**GOOD, "doses": [bcg, unknown_maker]})]) == 0
    (row,) = told(capsys)
    assert {line["cvx"] for line in row["evaluations"]} == {"03"}
    assert row["evaluations"][0]["reason"] == "Live Virus Conflict"


def test_every_code_of_cdc_s_list_is_a_vaccine_of_the_schedule_or_known_to_be_none() -> None:
    every = {row["code"] for row in read_csv("mainstay.terminology", "cvx.csv")} - {"99"}
    assert every == set(load_schedule().vaccines) | other_vaccines()
    assert not set(load_schedule().vaccines) & other_vaccines()


def test_an_explanation_is_added_on_request(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert forecast(["--explain", asked(tmp_path, GOOD)]) == 0
    (row,) = told(capsys)
    assert all(group["explanation"]["series"] for group in row["groups"])


def test_a_missing_file_or_schedule_is_bad_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing = [sys.executable, "-m", "mainstay", "forecast", str(tmp_path / "none.jsonl")]
    found = subprocess.run(missing, capture_output=True, text=True, check=False)
    assert (found.returncode, found.stdout) == (2, "")
    assert "none.jsonl: No such file or directory" in found.stderr
    assert forecast(["--schedule", "who-1", asked(tmp_path, GOOD)]) == 2
    assert "no schedule 'who-1'" in capsys.readouterr().err


def test_a_bad_line_is_a_problem_whatever_its_id_looks_like(tmp_path: Path) -> None:
    assert forecast([asked(tmp_path, {"id": {"groups": [1]}})]) == 1
    assert forecast([asked(tmp_path, {**GOOD, "id": {"error": 1}})]) == 0


def test_the_schedules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert vaccines(["schedules"]) == 0
    assert "cdc-4.64: CDC 4.64, effective 2025-11-10, active" in capsys.readouterr().out
    assert vaccines(["schedules", "--json"]) == 0
    assert told(capsys)[0]["issuer"] == "CDC"


def test_a_folder_without_a_release_cannot_be_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--version", "9", "--effective", "2030-01-01", "--source", "test", "--to", str(tmp_path / "x.json.gz")]
    assert vaccines(["import-schedule", str(tmp_path), *arguments]) == 1
    assert "must hold one" in capsys.readouterr().err
    assert not (tmp_path / "x.json.gz").exists()
