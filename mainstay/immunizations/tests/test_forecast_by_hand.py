"""Cases worked out by hand, antigen by antigen (`by_hand.toml`)."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mainstay.immunizations.forecast import answer, load_schedule

TODAY = "2025-11-10"
CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("by_hand.toml").read_text(encoding="utf-8"))[
    "case"
]


def line_of(case: dict[str, Any]) -> str:
    facts = [fact.split(" on ") for fact in case.get("facts", ())]
    doses = [dose.split(" on ") for dose in case.get("doses", ())]
    return json.dumps(
        {
            "dob": str(case["born"]),
            "sex": case.get("sex", "M"),
            "assessment_date": str(case.get("day", TODAY)),
            "observations": [{"code": fact[0], "date": fact[1] if len(fact) > 1 else None} for fact in facts],
            "doses": [{"date": day, "cvx": cvx} for cvx, day in doses],
        }
    )


def told(case: dict[str, Any]) -> str:
    """What the forecast says of the case's group, in the words of the table."""
    groups = answer(line_of(case), load_schedule("cdc-4.64"))["groups"]
    row = next((item for item in groups if item["group"] == case["group"]), None)
    if row is None:
        return "none"
    if row["status"] != "Not Complete":
        return str(row["status"])
    dates = [row[name] or "-" for name in ("earliest", "recommended", "past_due")]
    return " ".join([row["status"], str(row["dose_number"]), *dates])


@pytest.mark.parametrize("case", CASES, ids=[f"{case['group']}: {case['name']}" for case in CASES])
def test_the_forecast_says_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    assert told(case) == case["says"], case["rule"]


def test_every_antigen_has_a_case_worked_out_by_hand() -> None:
    schedule = load_schedule("cdc-4.64")
    assert {case["group"] for case in CASES} == {group.name for group in schedule.groups}
    assert all(case["rule"] for case in CASES)
