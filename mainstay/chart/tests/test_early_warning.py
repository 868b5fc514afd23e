"""NEWS2, the children's score and the standing test."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.chart.panels import Entry, items_asked, judge_panel, panel, read_panel
from mainstay.chart.rules import (
    Condition,
    Consciousness,
    News2Signs,
    PatientMeasures,
    PewsSigns,
    Posture,
    Symptom,
    Urgency,
    how_urgent,
    judge_orthostatics,
    news2,
    news2_applies,
    pews,
)

D = Decimal
TODAY = date(2026, 11, 21)
WELL = {
    "respiratory_rate": D(16),
    "oxygen_saturation": D(98),
    "is_on_oxygen": False,
    "systolic": D(120),
    "heart_rate": D(70),
    "consciousness": Consciousness.ALERT,
    "temperature": D("37.0"),
}


def points(**changes: object) -> int:
    return news2(News2Signs(**(WELL | changes))).total  # type: ignore[arg-type]  # facts by name


def test_a_well_adult_scores_nothing() -> None:
    score = news2(News2Signs(**WELL))  # type: ignore[arg-type]  # facts by name
    assert (score.total, score.findings) == (0, ())


@pytest.mark.parametrize(
    ("sign", "value", "expected"),
    [
        *[
            ("respiratory_rate", v, s)
            for v, s in [(8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3)]
        ],
        *[("oxygen_saturation", v, s) for v, s in [(91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0)]],
        *[
            ("systolic", v, s)
            for v, s in [(90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3)]
        ],
        *[
            ("heart_rate", v, s)
            for v, s in [(40, 3), (41, 1), (50, 1), (51, 0), (90, 0), (91, 1), (110, 1), (111, 2), (130, 2), (131, 3)]
        ],
        *[
            ("temperature", v, s)
            for v, s in [
                ("35.0", 3),
                ("35.1", 1),
                ("36.0", 1),
                ("36.1", 0),
                ("38.0", 0),
                ("38.1", 1),
                ("39.0", 1),
                ("39.1", 2),
            ]
        ],
    ],
)
def test_every_step_of_news2(sign: str, value: object, expected: int) -> None:
    assert points(**{sign: D(str(value))}) == expected


@pytest.mark.parametrize(
    ("value", "on_oxygen", "expected"),
    [
        (83, False, 3),
        (84, False, 2),
        (85, False, 2),
        (86, False, 1),
        (87, False, 1),
        (88, False, 0),
        (92, False, 0),
        (93, False, 0),
        (99, False, 0),
        (88, True, 2),
        (92, True, 2),
        (93, True, 3),
        (94, True, 3),
        (95, True, 4),
        (96, True, 4),
        (97, True, 5),
    ],
)
def test_the_second_oxygen_scale_punishes_too_much_oxygen(value: int, on_oxygen: bool, expected: int) -> None:
    assert points(oxygen_saturation=D(value), is_on_oxygen=on_oxygen, has_low_saturation_target=True) == expected


@pytest.mark.parametrize("state", [one for one in Consciousness if one is not Consciousness.ALERT])
def test_anything_but_alert_scores_three_and_fetches_the_provider(state: Consciousness) -> None:
    score = news2(News2Signs(**(WELL | {"consciousness": state})))  # type: ignore[arg-type]  # facts by name
    assert score.total == 3
    assert how_urgent(score.findings[0]) is Urgency.NOW


def test_the_worst_of_everything_is_twenty() -> None:
    assert (
        points(
            respiratory_rate=D(30),
            oxygen_saturation=D(80),
            is_on_oxygen=True,
            systolic=D(70),
            heart_rate=D(150),
            consciousness=Consciousness.PAIN,
            temperature=D(34),
        )
        == 20
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"heart_rate": D(95)}, "note.news2-raised"),
        ({"heart_rate": D(120), "respiratory_rate": D(22), "temperature": D("38.5")}, "now.news2-high"),
        ({"systolic": D(85)}, "now.news2-high"),
        ({"systolic": D(85), "heart_rate": D(135), "temperature": D("38.5")}, "now.news2-transfer"),
    ],
)
def test_the_clinic_acts_by_its_own_steps(changes: dict[str, Decimal], code: str) -> None:
    score = news2(News2Signs(**(WELL | changes)))  # type: ignore[arg-type]  # facts by name
    assert [one.code for one in score.findings] == [code]


def test_news2_is_for_sixteen_and_over_and_not_in_pregnancy() -> None:
    assert news2_applies(16, is_pregnant=False)
    assert not news2_applies(15, is_pregnant=False)
    assert not news2_applies(30, is_pregnant=True)


@given(st.integers(4, 100), st.integers(40, 100), st.integers(40, 300), st.integers(20, 300), st.integers(250, 450))
def test_news2_lies_between_nought_and_twenty(rate: int, oxygen: int, systolic: int, heart: int, tenths: int) -> None:
    score = points(
        respiratory_rate=D(rate),
        oxygen_saturation=D(oxygen),
        systolic=D(systolic),
        heart_rate=D(heart),
        temperature=D(tenths) / 10,
    )
    assert 0 <= score <= 15


FOUR = PatientMeasures(born=date(2022, 5, 1))
CALM = {
    "behaviour": "playing",
    "colour": "pink",
    "capillary_refill_seconds": 2,
    "effort": "normal",
    "heart_rate": D(100),
    "respiratory_rate": D(24),
}


@pytest.mark.parametrize(
    ("changes", "total"),
    [
        ({}, 0),
        ({"behaviour": "sleeping"}, 1),
        ({"behaviour": "irritable"}, 2),
        ({"behaviour": "lethargic"}, 3),
        ({"colour": "pale"}, 1),
        ({"capillary_refill_seconds": 3}, 1),
        ({"capillary_refill_seconds": 4}, 2),
        ({"capillary_refill_seconds": 5}, 3),
        ({"colour": "mottled"}, 3),
        ({"heart_rate": D(140)}, 0),
        ({"heart_rate": D(141)}, 2),
        ({"heart_rate": D(151)}, 3),
        ({"heart_rate": D(79)}, 3),
        ({"respiratory_rate": D(38)}, 0),
        ({"respiratory_rate": D(39)}, 1),
        ({"respiratory_rate": D(49)}, 2),
        ({"effort": "retractions"}, 2),
        ({"effort": "retractions", "respiratory_rate": D(15)}, 3),
        ({"is_grunting": True, "respiratory_rate": D(15)}, 3),
        ({"respiratory_rate": D(15)}, 0),
        ({"oxygen_flow": D(3)}, 1),
        ({"oxygen_percent": D(40)}, 2),
        ({"oxygen_flow": D(8)}, 3),
        ({"has_nebulisers_or_vomiting": True}, 2),
    ],
)
def test_every_step_of_the_childrens_score(changes: dict[str, object], total: int) -> None:
    assert pews(PewsSigns(**(CALM | changes)), FOUR, TODAY).total == total  # type: ignore[arg-type]  # facts by name


def test_a_single_three_fetches_the_provider_and_five_calls_for_help() -> None:
    lethargic = pews(PewsSigns(**(CALM | {"behaviour": "lethargic"})), FOUR, TODAY)  # type: ignore[arg-type]  # facts by name
    assert [one.code for one in lethargic.findings] == ["now.pews-high"]
    worse = pews(PewsSigns(**(CALM | {"behaviour": "lethargic", "colour": "grey"})), FOUR, TODAY)  # type: ignore[arg-type]  # facts by name
    assert [one.code for one in worse.findings] == ["now.pews-transfer"]


def test_the_childrens_score_is_refused_from_sixteen() -> None:
    with pytest.raises(ValueError, match="under 16"):
        pews(PewsSigns(**CALM), PatientMeasures(born=date(2010, 11, 21)), TODAY)  # type: ignore[arg-type]  # facts by name


LYING = Posture("lying", 5, D(130), D(80), D(70))


def stood(systolic: int, diastolic: int, rate: int, born: date = date(1970, 1, 1), **more: object) -> list[str]:
    standing = [
        Posture("standing", 1, D(systolic), D(diastolic), D(rate)),
        Posture("standing", 3, D(128), D(79), D(75)),
    ]
    patient = PatientMeasures(born=born, **more)  # type: ignore[arg-type]  # facts by name
    return [one.code for one in judge_orthostatics(LYING, standing, patient, today=TODAY)]


@pytest.mark.parametrize(
    ("reading", "codes"),
    [
        ((111, 71, 80), []),
        ((110, 75, 80), ["tell.orthostatic-drop"]),
        ((125, 70, 80), ["tell.orthostatic-drop"]),
        ((125, 75, 99), []),
        ((125, 75, 100), ["tell.orthostatic-pulse"]),
        ((110, 75, 110), ["tell.orthostatic-drop"]),
    ],
)
def test_a_fall_on_standing_is_told(reading: tuple[int, int, int], codes: list[str]) -> None:
    assert stood(*reading) == codes


def test_from_twelve_to_nineteen_the_pulse_may_rise_further() -> None:
    assert stood(125, 75, 109, born=date(2010, 1, 1)) == []
    assert stood(125, 75, 110, born=date(2010, 1, 1)) == ["tell.orthostatic-pulse"]


def test_fainting_stops_the_test() -> None:
    assert stood(125, 75, 80, symptoms=frozenset({Symptom.FAINTING})) == ["now.orthostatic-faint"]


def test_a_test_cut_short_needs_a_reason() -> None:
    short = judge_orthostatics(
        Posture("lying", 2, D(120), D(80)),
        [Posture("standing", 1, D(118), D(79))],
        PatientMeasures(born=date(1970, 1, 1)),
        today=TODAY,
    )
    assert [one.code for one in short] == ["orthostatic-rest", "orthostatic-minutes"]


VITALS = {
    "blood_pressure": "118/76",
    "heart_rate": "72",
    "respiratory_rate": "16",
    "temperature": "37 C",
    "oxygen_saturation": "97",
}


def judged(patient: PatientMeasures, *, air: bool | None = False, **more: str) -> list[str]:
    declared = panel("vitals")
    entries = {
        key: Entry(text, is_on_oxygen=air if key == "oxygen_saturation" else None)
        for key, text in {**VITALS, **more}.items()
    }
    entered = read_panel(declared, entries)
    now = datetime(2026, 11, 20, 10, tzinfo=UTC)
    return [found.code for found in judge_panel(declared, entered, patient, now=now)]


GROWN_UP = PatientMeasures(born=date(1970, 1, 1), sex="f")
SIX = PatientMeasures(born=date(2020, 6, 1), sex="m")


def test_the_vitals_panel_scores_an_adult_who_is_alert_on_room_air() -> None:
    assert not [code for code in judged(GROWN_UP, consciousness="alert") if "news2" in code]
    assert "now.news2-high" in judged(GROWN_UP, consciousness="confusion")
    assert "note.news2-raised" in judged(GROWN_UP, consciousness="alert", heart_rate="95")


def test_oxygen_counts_and_nobody_is_scored_while_it_is_not_known() -> None:
    assert "note.news2-raised" in judged(GROWN_UP, air=True, consciousness="alert")
    assert not [code for code in judged(GROWN_UP, air=None, consciousness="alert", heart_rate="95") if "news2" in code]


def test_somebody_who_is_not_alert_is_told_of_before_the_score_is_complete() -> None:
    declared = panel("vitals")
    entered = read_panel(declared, {"consciousness": Entry("pain")})
    found = judge_panel(declared, entered, GROWN_UP, now=datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert how_urgent(found[0]) is Urgency.NOW


def test_a_low_saturation_target_is_scored_on_the_second_scale() -> None:
    target = replace(GROWN_UP, conditions=frozenset({Condition.LOW_SATURATION_TARGET}))
    assert "now.news2-high" in judged(GROWN_UP, consciousness="alert", oxygen_saturation="90")
    assert not [code for code in judged(target, consciousness="alert", oxygen_saturation="90") if "news2" in code]


def test_a_child_is_scored_once_everything_looked_at_is_there() -> None:
    seen = {
        "heart_rate": "100",
        "respiratory_rate": "20",
        "behaviour": "lethargic",
        "colour": "pink",
        "effort": "normal",
    }
    assert not [code for code in judged(SIX, **seen) if "pews" in code]
    assert "now.pews-high" in judged(SIX, **seen, capillary_refill="2")
    ill = {**seen, "capillary_refill": "4", "colour": "grey"}
    assert "now.pews-transfer" in judged(SIX, **ill)


def test_each_is_asked_what_fits_the_age() -> None:
    today = date(2026, 11, 20)
    adults = {item.key for item in items_asked(panel("vitals"), GROWN_UP, today)}
    childs = {item.key for item in items_asked(panel("vitals"), SIX, today)}
    assert "consciousness" in adults and "behaviour" not in adults
    assert "behaviour" in childs and "consciousness" not in childs
