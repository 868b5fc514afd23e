"""What differs between two schedules, in words, and a schedule of another issuer from its file to its answers."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from mainstay.immunizations.commands import forecast, vaccines
from mainstay.immunizations.forecast import packed_table, schedule_changes

CDC = packed_table("cdc-4.64")
TEENAGER = {"id": 1, "dob": "2015-05-01", "sex": "F", "assessment_date": "2026-02-01", "doses": []}


def table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(CDC))
    return found


def packed(changed: dict[str, Any]) -> bytes:
    return gzip.compress(json.dumps(changed).encode())


def series(changed: dict[str, Any], antigen: str, name: str) -> dict[str, Any]:
    return next(item for item in changed["antigens"][antigen]["series"] if item["name"] == name)


def aap(status: str = "active") -> bytes:
    """CDC's table as another issuer might change it: HPV from nine, a contraindication more, a series less."""
    changed = table()
    changed["header"] |= {"issuer": "AAP", "version": "2026", "effective": "2026-01-26", "status": status}
    for name in ("HPV 2-dose series", "HPV male 2-dose series"):
        series(changed, "HPV", name)["doses"][0]["ages"][0]["earliest_recommended"] = "9 years"
    changed["antigens"]["Cholera"]["contraindications"].append({"code": "001", "begin": "2 years"})
    changed["antigens"]["HepA"]["series"] = [
        item for item in changed["antigens"]["HepA"]["series"] if item["name"] != "HepA risk 1-dose series"
    ]
    changed["vaccines"]["9001"] = {"name": "new", "antigens": [{"antigen": "Polio", "begin": "2 months"}]}
    return packed(changed)


def test_a_table_does_not_differ_from_itself() -> None:
    assert schedule_changes(CDC, CDC) == []


def test_every_kind_of_difference_is_one_line() -> None:
    assert [change.line() for change in schedule_changes(CDC, aap())] == [
        "Cholera, contraindications, 001: new, every vaccine from 2 years",
        "HPV, HPV 2-dose series, dose 1, earliest recommended age: 11 years -> 9 years",
        "HPV, HPV male 2-dose series, dose 1, earliest recommended age: 11 years -> 9 years",
        "HepA, HepA risk 1-dose series: gone, was doses: 1",
        "vaccines, 9001: new, new: Polio from 2 months",
    ]


@pytest.mark.parametrize(
    ("antigen", "name"),
    [
        ("Pneumococcal", "Pneumococcal risk 2-5 years 4-dose series"),
        ("Zoster", "Zoster Risk 2-dose series"),
        ("RSV", "RSV 1-dose series"),
        ("Measles", "Measles risk 2-dose ART series"),
    ],
)
def test_any_value_of_a_series_that_changes_is_seen(antigen: str, name: str) -> None:
    """Each value of a series, changed alone, makes a difference: nothing an issuer changes goes by unseen."""
    whole = table()
    row = series(whole, antigen, name)
    small = {**whole, "antigens": {antigen: {**whole["antigens"][antigen], "series": [row]}}}
    small |= {"vaccines": {}, "observations": {}, "conflicts": [], "groups": []}
    before, unseen = packed(small), set()
    for place, key in _leaves(row):
        kept = place[key]
        place[key] = 77 if isinstance(kept, int) else f"{kept}x"
        if not schedule_changes(before, packed(small)):
            unseen.add(key)
        place[key] = kept
    assert unseen <= {"volume", "mvx", "series_group_name"}


def _leaves(value: Any) -> list[tuple[Any, Any]]:
    found = []
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, dict | list):
            found += _leaves(inner)
        elif not isinstance(inner, bool):
            found.append((value, key))
    return found


def test_the_differences_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "aap.json.gz"
    path.write_bytes(aap())
    assert vaccines(["compare", "cdc-4.64", str(path), "--json"]) == 0
    first = json.loads(capsys.readouterr().out.splitlines()[1])
    assert (first["where"][0], first["before"], first["after"]) == ("HPV", "11 years", "9 years")
    assert vaccines(["compare", "cdc-4.64", str(tmp_path / "none")]) == 1
    (tmp_path / "spoiled").write_bytes(CDC[:500])
    assert vaccines(["compare", str(tmp_path / "spoiled"), "cdc-4.64"]) == 1
    assert "is no compiled table" in capsys.readouterr().err


@pytest.mark.parametrize("status", ["active", "stayed", "superseded"])
def test_answers_say_whose_advice_they_are_and_whether_it_governs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], status: str
) -> None:
    path, cases = tmp_path / "aap.json.gz", tmp_path / "cases.jsonl"
    path.write_bytes(aap(status))
    cases.write_text(json.dumps(TEENAGER), encoding="utf-8")
    assert forecast([str(cases)]) == 0
    assert forecast(["--schedule", str(path), str(cases)]) == 0
    told = capsys.readouterr()
    ours, theirs = (json.loads(line) for line in told.out.splitlines())
    assert (ours["schedule"], theirs["schedule"]) == ("CDC 4.64", "AAP 2026")
    hpv = [next(row for row in answer["groups"] if row["group"] == "HPV")["recommended"] for answer in (ours, theirs)]
    assert hpv == ["2026-05-01", "2024-05-01"]
    assert told.err == ("" if status == "active" else f"forecast: AAP 2026 is {status} and governs nobody's care\n")
