"""Every row of the scope-of-practice matrix is in our tables, and its default and confidence drive the answer.

The matrix is `domain/scope_matrix.csv` beside the folder that `MAINSTAY_TEST_DATA` names (default `../shared/data`).
"""

from __future__ import annotations

import csv
import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from mainstay.authority.engine import decide
from mainstay.authority.facts import Competence, Competency, Credential, Order, Question, Supervision
from mainstay.authority.law import acts, rule_on, states, training_topics
from mainstay.foundation.decisions import Decision, Outcome

ROOT = Path(__file__).resolve().parents[2]
MATRIX = (
    Path(os.environ.get("MAINSTAY_TEST_DATA", ROOT.parent / "shared" / "data")).parent / "domain" / "scope_matrix.csv"
)
ON = date(2026, 11, 21)
CONFIDENCE = {"H": "high", "M": "medium", "L": "low"}
EVERYTHING = tuple(
    Credential(code, date(2027, 12, 31))
    for code in ("CMA_AAMA", "WA_MA_C", "ND_MA_III", "NE_MEDICATION_AIDE", "LIMITED_XRAY", "LASER_PERMIT")
)
TRAINED = tuple((topic, Decimal(1000)) for topic in training_topics())

pytestmark = [
    pytest.mark.conformance,
    pytest.mark.skipif(not MATRIX.exists(), reason=f"the scope matrix is not at {MATRIX.name}: set MAINSTAY_TEST_DATA"),
]


def matrix() -> list[dict[str, str]]:
    with MATRIX.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def best_case(row: dict[str, str]) -> Decision:
    """The answer when everything an assistant can bring is in place."""
    return decide(
        Question(
            state=row["state"],
            act=row["act"],
            on=ON,
            credentials=EVERYTHING,
            training=TRAINED,
            competency=Competency(Competence.SIGNED, date(2027, 6, 30)),
            supervision=Supervision.DIRECT_VISUAL,
            order=Order.SIGNED,
            delegator="MD",
            is_patient_stable=True,
            setting="primary_care",
        )
    )


def test_every_state_and_act_of_the_matrix_is_here_and_no_other_state():
    rows = matrix()
    assert len(rows) == 51 * 28
    assert {r["state"] for r in rows} == set(states())
    assert {r["act"] for r in rows} == {a.code for a in acts().values() if not a.beside_matrix}


def test_every_row_keeps_its_law_default_confidence_and_whether_it_was_verified():
    for row in matrix():
        rule = rule_on(row["state"], row["act"], ON)
        ours = (str(rule.law), str(rule.default), str(rule.confidence), rule.is_verified)
        theirs = (
            row["legal_code"],
            row["product_default"],
            CONFIDENCE[row["confidence"]],
            row["source"] != "unverified",
        )
        assert ours == theirs, (row["state"], row["act"])


def test_every_row_cites_at_least_the_sections_of_the_matrix():
    for row in matrix():
        if row["authority"].startswith("none"):
            continue
        rule = rule_on(row["state"], row["act"], ON)
        cited = rule.citation + " ".join(re.findall(r"\S+", rule.source))
        first = re.search(r"\d[\d.:-]*\d", row["authority"])
        assert first, row
        assert first.group().split("-")[0] in cited, (row["state"], row["act"], cited)


def test_the_default_of_a_row_drives_the_outcome_when_all_else_is_in_place():
    wanted = {
        "A": {Outcome.ALLOW},
        "C": {Outcome.ALLOW_WITH_CONDITIONS},
        "P": {Outcome.ALLOW_WITH_CONDITIONS},
        "X": {Outcome.REFUSE},
        "measure_only": {Outcome.ALLOW_WITH_CONDITIONS},
    }
    for row in matrix():
        decision = best_case(row)
        assert decision.outcome in wanted[row["product_default"]], (row, decision)
        assert str(decision.confidence) == CONFIDENCE[row["confidence"]], (row, decision)
        assert decision.reason.endswith("."), row
        assert decision.citation, row
        assert bool(decision.conditions) == (decision.outcome is Outcome.ALLOW_WITH_CONDITIONS), row
        assert bool(decision.who_could) == (not decision), row
        assert ("(unverified)" in decision.citation) == (row["source"] == "unverified"), row


def test_no_row_is_milder_with_less_supervision_and_statutory_on_site_is_never_replaced_by_video():
    strict = {"on_site", "on_site_by_policy", "direct", "direct_immediate", "licensed_on_site"}
    needles = {"inj_im", "inj_sc", "inj_id", "vaccine", "venipuncture"}
    for row in matrix():
        if row["act"] not in needles or row["product_default"] != "C":
            continue
        for presence in (Supervision.GENERAL, Supervision.TELEHEALTH_AV):
            decision = decide(
                Question(
                    state=row["state"],
                    act=row["act"],
                    on=ON,
                    credentials=EVERYTHING,
                    training=TRAINED,
                    supervision=presence,
                    medicare_direct=True,
                    order=Order.SIGNED,
                    setting="primary_care",
                )
            )
            if row["supervision"] in strict:
                assert decision.outcome is Outcome.REFUSE, (row, decision)
            elif row["supervision"] != "general_ok":
                assert not decision, (row, decision)


def test_no_order_refuses_every_needle_and_every_medicine():
    for row in matrix():
        rule = rule_on(row["state"], row["act"], ON)
        if row["product_default"] != "C" or not (rule.act.medicine or row["act"] == "venipuncture"):
            continue
        decision = decide(
            Question(
                state=row["state"],
                act=row["act"],
                on=ON,
                credentials=EVERYTHING,
                training=TRAINED,
                supervision=Supervision.DIRECT_VISUAL,
                order=Order.NONE,
                setting="primary_care",
            )
        )
        assert decision.outcome is Outcome.REFUSE
        assert "order" in decision.reason
