"""The rule tables themselves."""

from __future__ import annotations

from datetime import date, timedelta

from mainstay.authority.law import Code, acts, credential_kinds, licenses, rules, states, substances
from mainstay.foundation.tables import read_toml


def test_there_is_a_rule_for_every_state_act_and_day_and_only_one():
    assert len(states()) == 51
    for key, versions in rules().items():
        marks = {d for rule in versions for d in (rule.effective, rule.until) if d} | {date(2000, 1, 1)}
        for day in {m + timedelta(days=n) for m in marks for n in (-1, 0, 1)}:
            assert sum(rule.covers(day) for rule in versions[:-1]) <= 1, (key, day)
        assert versions[-1].effective is None, key
        assert versions[-1].until is None, key


def test_every_rule_is_dated_cited_and_says_who_reviewed_it():
    for versions in rules().values():
        for rule in versions:
            assert rule.citation
            assert rule.checked == date(2026, 11, 21)
            assert rule.reviewed_by
            assert rule.source == "unverified" or len(rule.source) > 5


def test_what_is_unsure_or_prohibited_is_never_open_by_default():
    for versions in rules().values():
        for rule in versions:
            if rule.law in (Code.UNSURE, Code.PROHIBITED):
                assert rule.default in (Code.PROHIBITED, Code.ASK), (rule.state.code, rule.act.code)


def test_every_code_in_the_tables_exists():
    for act in acts().values():
        assert set(act.permits) <= set(credential_kinds())
    assert set(licenses()) <= set(credential_kinds())
    for outline in licenses().values():
        assert outline.ask | outline.refuse <= set(acts())
    for _, decides in substances().values():
        assert decides in ("row", "refuse") or decides.removeprefix("act:") in acts()
    table = read_toml("mainstay.authority", "rules.toml")
    used = {name for rule in table["rule"] for name in rule.get("training", ())}
    assert used == set(table["training"])
    counted = {topic for row in table["training"].values() for one in row["any"] for topic in one}
    assert counted == set(table["topic"])


def test_conditions_are_sentences():
    for versions in rules().values():
        for rule in versions:
            assert all(c.endswith(".") and c[0].isupper() for c in rule.conditions)
            assert not rule.note or rule.note.endswith(".")
