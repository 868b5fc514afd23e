"""Chapters 8 and 9, table by table, each on a schedule made for it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from mainstay.immunizations.forecast import DoseGiven, Fact, Forecast, Person, Schedule, forecast_person
from mainstay.immunizations.forecast.reading import read_table

BORN, TODAY = date(2020, 1, 1), date(2024, 6, 1)
HEADER = {"issuer": "Nobody", "version": "1", "effective": "2020-01-01", "status": "active", "source": "test"}
TERMS = {code: {"term": f"fact {code}", "values": []} for code in ("001", "002")}
MONTH = {"reference": "previous", "absolute_minimum": "4 weeks", "minimum": "4 weeks"}
YEAR = {"reference": "previous", "absolute_minimum": "1 year", "minimum": "1 year"}

Row = dict[str, Any]


def a_dose(number: int, *vaccines: str, **more: Any) -> Row:
    codes = vaccines or ("900",)
    return {"number": number, "ages": [{}], "preferable": [{"cvx": cvx} for cvx in codes], **more}


def a_series(name: str, *doses: Row, **more: Any) -> Row:
    return {
        "name": name, "kind": "Standard", "series_group": "1", "series_group_name": "", "priority": "A",
        "preference": "1", "doses": list(doses), **more,
    }  # fmt: skip


def an_antigen(name: str, *series: Row, **more: Any) -> Row:
    return {
        "name": name, "vaccine_group": "Both", "series": list(series), "immune_codes": [], "birth_immunity": [],
        "contraindications": [], "vaccine_contraindications": [], **more,
    }  # fmt: skip


def a_schedule(*antigens: Row, **group: Any) -> Schedule:
    names = [antigen["name"] for antigen in antigens]
    held = {"900": names, "901": names[:1], "902": names[-1:], "903": names}
    table = {
        "header": HEADER, "observations": TERMS, "conflicts": [], "antigens": {row["name"]: row for row in antigens},
        "vaccines": {cvx: {"name": cvx, "antigens": [{"antigen": one} for one in held[cvx]]} for cvx in held},
        "groups": [{"name": "Both", "antigens": names, **group}],
    }  # fmt: skip
    return read_table(deepcopy(table))


def forecast(schedule: Schedule, *given: tuple[str, str], facts: tuple[str, ...] = ()) -> Forecast:
    doses = tuple(DoseGiven(date.fromisoformat(day), cvx) for day, cvx in given)
    return forecast_person(Person(BORN, facts=tuple(Fact(code) for code in facts), doses=doses), schedule, TODAY)


def best(schedule: Schedule, *given: tuple[str, str], facts: tuple[str, ...] = ()) -> list[str]:
    """The best series of the first antigen, by name."""
    found = forecast(schedule, *given, facts=facts)
    return [item.progress.series.name for item in next(iter(found.best.values()))]


ONE, TWO = ("2023-01-01", "900"), ("2023-03-01", "900")


def test_of_two_complete_series_the_one_with_more_valid_doses_is_prioritized_8_7() -> None:
    short = a_series("short", a_dose(1), preference="1")
    long = a_series("long", a_dose(1), a_dose(2, intervals=[MONTH]), preference="2")
    schedule = a_schedule(an_antigen("Pox", short, long))
    assert best(schedule, ONE) == ["short"]
    assert best(schedule, ONE, TWO) == ["long"]


def test_a_single_complete_or_single_started_series_is_prioritized_without_points_8_3() -> None:
    first = a_series("first", a_dose(1, "901"), a_dose(2, "901"), preference="1")
    second = a_series("second", a_dose(1, "900"), preference="2", is_product=True)
    schedule = a_schedule(an_antigen("Pox", first, second))
    assert best(schedule, ("2023-01-01", "901"), TWO) == ["second"]
    assert best(schedule, ("2023-01-01", "901")) == ["first"]


@pytest.mark.parametrize(
    ("other", "given", "winner"),
    [
        ({"is_product": True}, [ONE], "other"),
        ({"is_product": True}, [ONE, ("2023-01-10", "900")], "plain"),
        ({"doses": [a_dose(1), a_dose(2, intervals=[MONTH])]}, [ONE], "other"),
        ({"doses": [a_dose(1), *(a_dose(n, intervals=[MONTH]) for n in (2, 3, 4))]}, [ONE], "plain"),
        ({"doses": [a_dose(1), a_dose(2), a_dose(3, ages=[{"maximum": "3 years"}])]}, [ONE], "plain"),
        ({"doses": [a_dose(1), a_dose(2, intervals=[MONTH]), a_dose(3, intervals=[YEAR])]}, [ONE], "plain"),
        ({"preference": "0"}, [ONE], "other"),
    ],
    ids=[
        "product",
        "product with a bad dose",
        "closer",
        "farther",
        "cannot be finished",
        "finishes later",
        "preferred",
    ],
)
def test_series_under_way_are_told_apart_by_points_8_9(other: Row, given: list[tuple[str, str]], winner: str) -> None:
    """Product and all valid 2, completable 3, most valid doses 2, closest to completion 2, finishes earliest 1."""
    doses = [a_dose(1), a_dose(2, intervals=[MONTH]), a_dose(3, intervals=[MONTH])]
    plain = a_series("plain", *doses)
    schedule = a_schedule(an_antigen("Pox", plain, {**a_series("other", *doses, preference="2"), **other}))
    assert best(schedule, *given) == [winner]


def test_an_interval_that_no_longer_holds_has_no_say_in_who_finishes_first_relevant_2() -> None:
    once = [{**YEAR, "cessation": "2020-12-31"}, {**MONTH, "effective": "2021-01-01"}]
    changed = a_series("changed", a_dose(1), a_dose(2), a_dose(3, intervals=once))
    steady = a_series("steady", a_dose(1), a_dose(2), a_dose(3, intervals=[MONTH]), preference="2")
    assert best(a_schedule(an_antigen("Pox", changed, steady)), ONE) == ["changed"]
    to_come = [{**MONTH, "cessation": "2030-12-31"}, {**YEAR, "effective": "2031-01-01"}]
    changing = a_series("changing", a_dose(1), a_dose(2), a_dose(3, intervals=to_come))
    assert best(a_schedule(an_antigen("Pox", changing, steady)), ONE) == ["changing"]
    slow = a_series("slow", a_dose(1), a_dose(2), a_dose(3, intervals=[YEAR]))
    assert best(a_schedule(an_antigen("Pox", slow, steady)), ONE) == ["steady"]


@pytest.mark.parametrize(
    ("other", "winner"),
    [
        ({"doses": [a_dose(1, ages=[{"minimum": "1 year"}])]}, "other"),
        ({"doses": [a_dose(1, ages=[{"minimum": "3 years"}])]}, "plain"),
        ({"is_product": True}, "plain"),
        ({"preference": "0"}, "other"),
        ({"doses": [a_dose(1, ages=[{"minimum": "1 year"}]), a_dose(2, ages=[{"maximum": "1 year"}])]}, "plain"),
    ],
    ids=["starts earlier", "starts later", "product", "preferred", "starts earlier and cannot be finished"],
)
def test_series_without_a_valid_dose_are_told_apart_by_points_8_11(other: Row, winner: str) -> None:
    """Starts earliest 1, completable 1, and a product loses one."""
    doses = [a_dose(1, ages=[{"minimum": "2 years"}])]
    schedule = a_schedule(
        an_antigen("Pox", a_series("plain", *doses), {**a_series("other", *doses, preference="2"), **other})
    )
    assert best(schedule) == [winner]


def test_a_series_started_past_its_maximum_age_to_start_cannot_compete_8_2() -> None:
    late = a_series("late", a_dose(1), a_dose(2), a_dose(3), maximum_start="2 years", is_default=True)
    catch_up = a_series("catch up", a_dose(1), a_dose(2), preference="2")
    schedule = a_schedule(an_antigen("Pox", late, catch_up))
    assert best(schedule, ("2021-12-31", "900")) == ["catch up"]
    assert best(schedule, ("2022-01-01", "900")) == ["catch up"]
    assert best(schedule) == ["late"]
    alone = a_schedule(an_antigen("Pox", late))
    assert best(alone, ("2022-01-01", "900")) == ["late"]


def test_a_contraindicated_series_competes_only_when_all_of_its_group_are_8_2() -> None:
    barred = [{"code": "001", "vaccines": [{"cvx": "901"}]}, {"code": "002", "vaccines": [{"cvx": "900"}]}]
    live, killed = a_series("live", a_dose(1, "901")), a_series("killed", a_dose(1, "900"), preference="2")
    schedule = a_schedule(an_antigen("Pox", live, killed, vaccine_contraindications=barred))
    assert best(schedule) == ["live"]
    assert best(schedule, facts=("001",)) == ["killed"]
    assert best(schedule, facts=("001", "002")) == ["live"]


def test_a_best_series_is_complete_or_has_no_better_one_in_an_equivalent_group_8_14() -> None:
    indicated = {"kind": "Risk", "series_group": "2", "indications": [{"code": "001"}], "equivalent_groups": ["1"]}
    common = a_series("common", a_dose(1), a_dose(2), equivalent_groups=["2"], is_default=True)
    risk = a_series("risk", a_dose(1), **indicated)
    schedule = a_schedule(an_antigen("Pox", common, risk))
    assert best(schedule) == ["common"]
    assert best(schedule, facts=("001",)) == ["risk"]
    assert best(schedule, ONE, facts=("001",)) == ["risk"]
    apart = a_schedule(an_antigen("Pox", {**common, "equivalent_groups": []}, {**risk, "equivalent_groups": []}))
    assert best(apart, facts=("001",)) == ["common", "risk"]
    more = {**risk, "doses": [a_dose(n) for n in (1, 2, 3)]}
    assert best(a_schedule(an_antigen("Pox", common, more)), ONE, TWO, facts=("001",)) == ["common"]


def test_a_series_for_evaluation_only_counts_when_it_is_complete_and_never_asks_for_a_dose_8_2() -> None:
    common = a_series("common", a_dose(1), a_dose(2), a_dose(3), is_default=True)
    old = a_series("old", a_dose(1, "903"), a_dose(2, "903"), kind="Evaluation Only")
    schedule = a_schedule(an_antigen("Pox", common, old))
    assert best(schedule, ("2023-01-01", "903")) == ["common"]
    assert best(schedule, ("2023-01-01", "903"), ("2023-02-01", "903")) == ["old"]


def pair(first: Row, second: Row, **group: Any) -> Schedule:
    """Two antigens in one group: 900 holds both, 901 the first, 902 the second."""
    return a_schedule(an_antigen("Pox", first), an_antigen("Pest", second), **group)


def dated(found: Forecast) -> tuple[str, int, list[str]]:
    group = found.groups[0]
    days = (group.earliest, group.recommended, group.past_due, group.latest)
    return str(group.status), group.number, [date.fromordinal(day).isoformat() if day else "" for day in days]


def test_the_dates_of_a_group_of_two_antigens_9_1_and_9_3() -> None:
    """Latest earliest, earliest recommended and past due but no sooner, earliest latest, most or fewest doses."""
    first = a_series("one", a_dose(1, "900", "901"), a_dose(2, "900", "901", intervals=[MONTH]), is_default=True)
    ages = {
        "minimum": "3 years",
        "earliest_recommended": "6 years",
        "latest_recommended": "7 years",
        "maximum": "9 years",
    }
    second = a_series("two", a_dose(1, "900", "902", ages=[ages]), is_default=True)
    given = ("2024-05-20", "901")
    assert dated(forecast(pair(first, second), given)) == (
        "Not Complete",
        2,
        ["2024-06-17", "2024-06-17", "2026-12-31", "2028-12-31"],
    )
    assert dated(forecast(pair(first, second, needs_full_vaccine=True), given))[1] == 1


def test_a_priority_interval_lets_the_group_go_ahead_but_never_before_the_last_dose_9_5() -> None:
    """MULTIANTVG-1 and FORECASTPRIORITY-1: every interval of the dose must carry the flag."""
    first = a_series("one", a_dose(1, "901"), a_dose(2, "901", intervals=[YEAR]), is_default=True)

    def second(*intervals: Row) -> Row:
        return a_series("two", a_dose(1, "902"), a_dose(2, "902", intervals=list(intervals)), is_default=True)

    given = (("2024-01-01", "902"), ("2024-03-10", "901"))
    hurried = {**MONTH, "overrides": True}
    assert dated(forecast(pair(first, second(MONTH)), *given))[2][0] == "2025-03-10"
    assert dated(forecast(pair(first, second(hurried)), *given))[2][0] == "2024-03-10"
    assert dated(forecast(pair(first, second(hurried, MONTH)), *given))[2][0] == "2025-03-10"
    assert dated(forecast(pair(first, second(hurried)), ("2024-03-01", "902"), given[1]))[2][0] == "2024-03-29"


OLD = {"ages": [{"maximum": "2 years"}]}
OVER = {"season_end": "2023-12-31"}


@pytest.mark.parametrize(
    ("one", "two", "facts", "status"),
    [
        ({}, OLD, ("001",), "Contraindicated"),
        ({}, OLD, (), "Aged Out"),
        (OVER, OLD, (), "Aged Out"),
        (OVER, {}, (), "Not Recommended"),
        ({}, {}, (), "Not Complete"),
        ({}, {}, ("002",), "Immune"),
    ],
)
def test_the_status_of_a_group_falls_through_in_one_order_9_4(
    one: Row, two: Row, facts: tuple[str, ...], status: str
) -> None:
    rules = {"contraindications": [{"code": "001"}], "immune_codes": ["002"]}
    schedule = a_schedule(
        an_antigen("Pox", a_series("one", a_dose(1, **one), is_default=True), **rules),
        an_antigen("Pest", a_series("two", a_dose(1, **two), is_default=True), immune_codes=["002"]),
    )
    assert str(forecast(schedule, facts=facts).groups[0].status) == status


def test_a_group_is_complete_when_one_antigen_is_and_the_other_is_immune_9_4() -> None:
    schedule = a_schedule(
        an_antigen("Pox", a_series("one", a_dose(1), is_default=True)),
        an_antigen("Pest", a_series("two", a_dose(1, "902"), is_default=True), immune_codes=["002"]),
    )
    assert str(forecast(schedule, ("2023-01-01", "901"), facts=("002",)).groups[0].status) == "Not Complete"
    assert str(forecast(schedule, ONE, facts=("002",)).groups[0].status) == "Complete"


def names(found: Forecast) -> dict[str, list[str]]:
    return {antigen: [item.progress.series.name for item in best] for antigen, best in found.best.items()}


def test_a_complete_default_series_settles_its_group_only_when_nothing_can_have_more_valid_doses() -> None:
    common = a_series("common", a_dose(1), a_dose(2, intervals=[MONTH]), is_default=True)
    longer = a_series("longer", *[a_dose(n) for n in (1, 2, 3)], preference="2")
    schedule = a_schedule(an_antigen("Pox", common, longer))
    assert best(schedule, ONE, TWO) == ["common"]
    assert best(schedule, ONE, ("2023-01-02", "900"), TWO) == ["longer"]
    preferred = a_schedule(an_antigen("Pox", {**common, "preference": "3"}, {**longer, "doses": longer["doses"][:2]}))
    assert best(preferred, ONE, TWO) == ["longer"]


def test_a_default_series_completed_after_a_late_start_settles_nothing() -> None:
    late = a_series("late", a_dose(1), maximum_start="2 years", is_default=True)
    catch_up = a_series("catch up", a_dose(1), preference="2")
    assert best(a_schedule(an_antigen("Pox", late, catch_up)), ("2022-01-01", "900")) == ["catch up"]


def test_twins_stand_alike_each_under_its_own_names() -> None:
    schedule = pair(a_series("one", a_dose(1), a_dose(2)), a_series("two", a_dose(1), a_dose(2)))
    assert schedule.antigens["Pest"].twin
    found = forecast(schedule, ONE)
    assert names(found) == {"Pox": ["one"], "Pest": ["two"]}
    for antigen, best in found.best.items():
        progress = best[0].progress
        assert progress.current is best[0].dose is schedule.antigens[antigen].series[0].doses[1]
        assert [item.status for item in progress.evaluations] == ["Valid"]


def test_a_vaccine_only_one_of_two_twins_knows_sends_the_other_the_long_way() -> None:
    knowing = [a_dose(number, allowable=[{"cvx": "903"}]) for number in (1, 2)]
    lacking = [a_dose(number, allowable=[]) for number in (1, 2)]
    schedule = pair(a_series("one", *knowing), a_series("two", *lacking))
    twin = schedule.antigens["Pest"].twin
    assert twin is not None and twin.vaccines == {"903"}
    found = forecast(schedule, ("2023-01-01", "903"))
    assert {antigen: best[0].number for antigen, best in found.best.items()} == {"Pox": 2, "Pest": 1}


@pytest.mark.parametrize(
    "more",
    [
        {"preference": "2"},
        {"doses": [a_dose(1), a_dose(2, "900", "903")]},
        {"doses": [a_dose(1)]},
        {"is_product": True},
    ],
    ids=["preference", "preferable vaccines", "doses", "product"],
)
def test_antigens_that_differ_in_more_than_an_allowable_vaccine_are_no_twins(more: Row) -> None:
    other = {**a_series("two", a_dose(1), a_dose(2)), **more}
    assert pair(a_series("one", a_dose(1), a_dose(2)), other).antigens["Pest"].twin is None
