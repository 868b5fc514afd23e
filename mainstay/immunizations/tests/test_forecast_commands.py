"""`forecast` and `vaccines` on the command line."""

from __future__ import annotations

import io
import json
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
    assert list(row) == ["id", "groups", "evaluations"]
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
        ({"doses": [{"date": "2025-12-05", "cvx": "03"}]}, "after the assessment"),
        ({"doses": "none"}, "list of objects"),
        ({"doses": [3]}, "list of objects"),
        ({"observations": [{"date": "2025-01-01"}]}, "needs a code"),
        ({"observations": [{"code": "999"}]}, "not an observation the schedule knows"),
        ({"observations": [{"code": "007", "date": "2025"}]}, "not a date"),
        ({"doses": [{"date": "2025-01", "cvx": "03"}]}, "not a date"),
        ({"doses": [{"date": "2025-01-05", "cvx": "99"}]}, "not a vaccine code"),
        ({"doses": [{"date": "2025-01-05", "cvx": "03", "mvx": 3}]}, "mvx: must be text"),
        ({"doses": [{"date": "2025-01-05", "cvx": True}]}, "cvx: missing"),
    ],
)
def test_a_bad_case_gets_an_error_line_and_the_rest_go_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], words: str
) -> None:
    assert forecast([asked(tmp_path, {**GOOD, **change}, {**GOOD, "id": "b"})]) == 1
    bad, good = told(capsys)
    assert bad["id"] == "a"
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


def test_a_byte_order_mark_is_no_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert forecast([asked(tmp_path, "\ufeff" + json.dumps(GOOD))]) == 0
    assert told(capsys)[0]["id"] == "a"


def test_codes_may_come_as_numbers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = {**GOOD, "observations": [{"code": 7}], "doses": [{"date": "2025-02-05", "cvx": 3}]}
    assert forecast([asked(tmp_path, case)]) == 0
    (row,) = told(capsys)
    assert row["evaluations"][0]["cvx"] == "03"
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
    assert forecast([str(tmp_path / "none.jsonl")]) == 2
    assert forecast(["--schedule", "who-1", asked(tmp_path, GOOD)]) == 2
    assert "no schedule 'who-1'" in capsys.readouterr().err


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
