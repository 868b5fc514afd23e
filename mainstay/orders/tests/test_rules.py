"""Ages, seals and tables, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.authority.law import acts
from mainstay.foundation.errors import InvalidInput
from mainstay.orders.kinds import kinds, priorities, standing_terms
from mainstay.orders.rules import SigningFacts, before_signing, digest
from mainstay.orders.rules_standing import Criterion, Effect, PatientFacts, day_of_age, fits, read_age, spell_ages
from mainstay.work.rules import band_clocks
from mainstay.workforce.roles import roles


@pytest.mark.parametrize(
    ("born", "age", "day"),
    [
        (date(2026, 1, 1), "6w", date(2026, 2, 12)),
        (date(2025, 8, 31), "6m", date(2026, 2, 28)),
        (date(2024, 2, 29), "1y", date(2025, 2, 28)),
        (date(1960, 5, 5), "65y", date(2025, 5, 5)),
        (date(2026, 1, 1), "14d", date(2026, 1, 15)),
    ],
)
def test_an_age_is_reached_on_a_day(born: date, age: str, day: date) -> None:
    assert day_of_age(born, age) == day


@pytest.mark.parametrize("text", ["", "6", "w", "6 weeks", "-1y", "1.5y", "1000y"])
def test_an_age_that_cannot_be_read_is_said_so(text: str) -> None:
    with pytest.raises(InvalidInput):
        read_age(text)


def test_an_age_band_is_said_in_words() -> None:
    assert spell_ages("6w", "5y") == "from 6 weeks, younger than 5 years"
    assert spell_ages("1y", "") == "from 1 year"


@given(st.dates(date(1930, 1, 1), date(2026, 1, 1)), st.integers(0, 30000))
def test_bands_that_touch_leave_nobody_out_and_nobody_twice(born: date, days: int) -> None:
    on = date.fromordinal(min(born.toordinal() + days, date(2099, 1, 1).toordinal()))
    below = Criterion(Effect.INCLUDE, "", younger_than="18y")
    above = Criterion(Effect.INCLUDE, "", least_age="18y")
    patient = PatientFacts(born)
    assert fits(below, patient, on=on) != fits(above, patient, on=on)


def test_on_the_birthday_itself_the_older_band_holds_alone() -> None:
    below = Criterion(Effect.INCLUDE, "", younger_than="18y")
    above = Criterion(Effect.INCLUDE, "", least_age="18y")
    patient = PatientFacts(date(2008, 11, 20))
    assert [fits(c, patient, on=date(2026, 11, 19)) for c in (below, above)] == [True, False]
    assert [fits(c, patient, on=date(2026, 11, 20)) for c in (below, above)] == [False, True]


def test_an_order_may_be_signed_through_the_last_day_it_may_wait() -> None:
    facts = SigningFacts(is_patient_alive=True, is_patient_merged=False, sign_by_day=date(2026, 11, 20))
    assert before_signing(facts, on=date(2026, 11, 20)) == []
    assert [one.code for one in before_signing(facts, on=date(2026, 11, 21))] == ["waited-too-long"]
    dead = SigningFacts(is_patient_alive=False, is_patient_merged=True, sign_by_day=date(2026, 11, 20))
    assert [one.code for one in before_signing(dead, on=date(2026, 11, 20))] == ["patient-died", "patient-merged"]


def test_a_seal_tells_every_part_apart_and_reads_decimals_by_value() -> None:
    assert digest({"a": Decimal("0.50")}) == digest({"a": Decimal("0.5")})
    assert digest({"a": "x", "b": ""}) != digest({"a": "", "b": "x"})
    assert digest({"a": "x\nb:1:y"}) != digest({"a": "x", "b": "y"})
    assert digest({"a": None}) == digest({"a": ""})


def test_the_tables_name_acts_bands_and_roles_that_exist() -> None:
    assert {kind.act for kind in kinds().values()} <= set(acts())
    assert {p.band for p in priorities().values()} <= {str(band) for band in band_clocks()}
    assert standing_terms().assistant_roles <= set(roles())
    waits = [p.minutes for p in priorities().values()]
    assert waits == sorted(waits)
    assert all(kind.valid_days > 0 and kind.systems for kind in kinds().values())
