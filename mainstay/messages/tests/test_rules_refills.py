from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from mainstay.messages.rules_refills import RefillFacts, Value, check_refill, drug_classes, never_by_protocol

TODAY = date(2026, 11, 21)
RECENT = date(2026, 6, 1)
HOLDS = frozenset({"active", "ours", "same_prescription", "visit_booked", "no_alert", "no_open_symptom"})
METFORMIN = RefillFacts(
    drug_class="metformin",
    holds=HOLDS,
    last_seen=RECENT,
    values={"a1c": Value(RECENT, Decimal("7.1")), "egfr": Value(RECENT, Decimal(60))},
)


def missed(facts: RefillFacts) -> set[str]:
    return {line.code for line in check_refill(facts, on=TODAY).missed}


def test_a_request_that_meets_every_line_may_be_queued():
    check = check_refill(METFORMIN, on=TODAY)
    assert check.may_be_queued
    assert (check.days, check.fills) == (90, 1)


@pytest.mark.parametrize("line", sorted(HOLDS))
def test_each_line_nobody_confirmed_holds_it_back(line):
    assert missed(replace(METFORMIN, holds=HOLDS - {line})) == {line}


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"last_seen": date(2025, 11, 20)}, "seen"),
        ({"last_seen": None}, "seen"),
        ({"days_early": 8}, "not_early"),
        ({"is_change": True}, "same_prescription"),
        ({"values": {"egfr": Value(RECENT, Decimal(60))}}, "a1c"),
        ({"values": {"a1c": Value(date(2026, 5, 20)), "egfr": Value(RECENT, Decimal(60))}}, "a1c"),
        ({"values": {"a1c": Value(RECENT), "egfr": Value(RECENT, Decimal(44))}}, "egfr"),
        ({"values": {"a1c": Value(RECENT), "egfr": Value(RECENT)}}, "egfr"),
    ],
)
def test_what_is_old_missing_or_out_of_bounds_goes_up_with_its_reason(change, line):
    check = check_refill(replace(METFORMIN, **change), on=TODAY)
    assert {c.code for c in check.missed} == {line}
    assert check.missed[0].missing
    assert not check.may_be_queued


def test_a_visit_exactly_twelve_months_ago_still_counts():
    assert missed(replace(METFORMIN, last_seen=date(2025, 11, 21))) == set()


@pytest.mark.parametrize("drug_class", [*sorted(never_by_protocol()), "something new"])
def test_some_medicines_are_never_refilled_by_protocol(drug_class):
    check = check_refill(replace(METFORMIN, drug_class=drug_class), on=TODAY)
    assert check.is_never_by_protocol
    assert not check.may_be_queued


def test_an_exclusion_nobody_asked_about_holds_back_and_one_ruled_out_does_not():
    values = {"systolic": Value(RECENT, Decimal(120)), "diastolic": Value(RECENT, Decimal(80))}
    pill = RefillFacts("combined_contraceptive", HOLDS, RECENT, values)
    exclusions = frozenset({"smoker_35", "migraine_with_aura", "pregnant"})
    assert missed(pill) == exclusions
    assert missed(replace(pill, ruled_out=exclusions)) == set()
    assert missed(replace(pill, ruled_out=exclusions, not_if=frozenset({"migraine_with_aura"}))) == {
        "migraine_with_aura"
    }


def test_a_thyroid_value_has_to_be_in_the_laboratorys_range():
    thyroid = RefillFacts(
        "levothyroxine",
        HOLDS,
        RECENT,
        {"tsh": Value(RECENT, Decimal(2))},
        ruled_out=frozenset({"dose_changed_8_weeks"}),
    )
    assert missed(thyroid) == {"tsh"}
    assert missed(replace(thyroid, values={"tsh": Value(RECENT, Decimal(2), is_in_range=True)})) == set()


def test_an_antidepressant_needs_a_visit_in_six_months():
    ssri = RefillFacts(
        "ssri_snri",
        HOLDS,
        date(2026, 5, 1),
        {"phq-9": Value(RECENT)},
        ruled_out=frozenset({"under_25", "first_3_months"}),
    )
    assert missed(ssri) == {"seen"}


def test_no_class_is_both_covered_and_never():
    assert not set(drug_classes()) & never_by_protocol()
    for row in drug_classes().values():
        assert row["days"] > 0
        assert row["fills"] > 0
