"""Cases worked out by hand, antigen by antigen (`by_hand.toml`)."""

from __future__ import annotations

import json
import re
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


def lines_about(case: dict[str, Any]) -> list[str]:
    """Every sentence said about the case's group."""
    groups = answer(line_of(case), load_schedule("cdc-4.64"), "full")["groups"]
    found = [row["explanation"] for row in groups if row["group"] == case["group"]]
    return [line for one in found for part in ("series", "doses", "dates") for line in one[part]]


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


@pytest.mark.parametrize("case", CASES, ids=[f"{case['group']}: {case['name']}" for case in CASES])
def test_the_words_can_be_read_aloud(case: dict[str, Any]) -> None:
    for line in lines_about(case):
        assert re.fullmatch(r"[A-Z].*[^:,;\s]\.", line), line
        assert not re.search(r"\b1 (days|weeks|months|years)\b|[{}\n]|  |\bNone\b", line), line
        dates = [int(year) for year in re.findall(r"\d \w{3} (\d{4})", line)]
        assert all(case["born"].year <= year < 2100 for year in dates), line


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("an adult is due once a season", "Dose 1 may be given since 1 Jul 2025, at the start of the season."),
        ("an adult is due once a season", "It is due from that day on."),
        (
            "a pregnant woman is due in week 27 whatever she had before",
            "The dose of 1 May 2024 (Tdap) does not count: it was given before it was time for it, counted from “Onset"
            " of pregnancy”.",
        ),
        (
            "a pregnant woman is due in week 27 whatever she had before",
            "Dose 2 is best given on 24 Nov 2025, 27 weeks after “Onset of pregnancy”.",
        ),
        (
            "the second dose of two follows after a week",
            "Dose 2 has been due since 8 Oct 2025, 1 week after the dose before.",
        ),
    ],
)
def test_the_words_name_what_decided(name: str, line: str) -> None:
    assert line in lines_about(next(case for case in CASES if case["name"] == name))
