"""The less travelled rules of the specification, each on a schedule of one disease made for it."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest

from mainstay.immunizations.forecast import (
    DoseGiven,
    Fact,
    Gender,
    GroupForecast,
    Person,
    Schedule,
    dose_results,
    forecast_person,
)
from mainstay.immunizations.forecast.reading import read_table

BORN = date(2020, 1, 1)
TODAY = date(2024, 6, 1)
HEADER = {"issuer": "Nobody", "version": "1", "effective": "2020-01-01", "status": "active", "source": "test"}
TERMS = {code: {"term": f"fact {code}", "values": []} for code in ("001", "002", "003")}

Row = dict[str, Any]


def a_dose(number: int, **more: Any) -> Row:
    """A dose of the series that vaccine 900 fits at any age."""
    return {"number": number, "ages": [{}], "preferable": [{"cvx": "900"}], **more}


def a_series(*doses: Row, name: str = "plain", **more: Any) -> Row:
    return {
        "name": name, "kind": "Standard", "series_group": "1", "series_group_name": "Standard", "priority": "A",
        "preference": "1", "is_default": True, "doses": list(doses), **more,
    }  # fmt: skip


def an_antigen(*series: Row, **more: Any) -> Row:
    return {
        "name": "Pox", "vaccine_group": "Pox", "series": list(series), "immune_codes": [], "birth_immunity": [],
        "contraindications": [], "vaccine_contraindications": [], **more,
    }  # fmt: skip


def a_schedule(*series: Row, antigen: Row | None = None, **more: Any) -> Schedule:
    vaccines = {cvx: {"name": f"vaccine {cvx}", "antigens": [{"antigen": "Pox"}]} for cvx in ("900", "901", "902")}
    vaccines["990"] = {"name": "other", "antigens": []}
    table = {
        "header": HEADER, "observations": TERMS, "conflicts": [], "vaccines": vaccines,
        "groups": [{"name": "Pox", "antigens": ["Pox"]}], "antigens": {"Pox": antigen or an_antigen(*series)}, **more,
    }  # fmt: skip
    return read_table(deepcopy(table))


def forecast(
    schedule: Schedule,
    *given: tuple[str, str],
    facts: tuple[Fact, ...] = (),
    on: date = TODAY,
    born: date = BORN,
    gender: Gender = Gender.UNKNOWN,
    country: str = "",
) -> tuple[GroupForecast | None, list[tuple[str, str]]]:
    """The group's forecast, and every dose's status and reason."""
    doses = tuple(DoseGiven(date.fromisoformat(day), cvx) for day, cvx in given)
    found = forecast_person(Person(born, gender, facts, doses, country), schedule, on)
    return next(iter(found.groups), None), [(str(r.status), str(r.reason)) for r in dose_results(found)]


def what(group: GroupForecast | None) -> tuple[str, int, str]:
    assert group is not None
    earliest = date.fromordinal(group.earliest).isoformat() if group.earliest else ""
    return str(group.status), group.number, earliest


VALID, SOON = ("Valid", ""), ("Not Valid", "Interval: too Soon")
MONTH = {"reference": "previous", "absolute_minimum": "4 weeks - 4 days", "minimum": "4 weeks"}


def test_an_interval_is_measured_from_an_observation_only_when_it_has_a_date() -> None:
    rule = {"reference": "observation", "observation": "001", "absolute_minimum": "0 days", "minimum": "6 months"}
    schedule = a_schedule(a_series(a_dose(1, intervals=[rule])))
    assert what(forecast(schedule, facts=(Fact("001", date(2024, 5, 1)),))[0]) == ("Not Complete", 1, "2024-11-01")
    assert what(forecast(schedule, facts=(Fact("001"),))[0]) == ("Not Complete", 1, "2020-01-01")
    twice = (Fact("001", date(2024, 5, 1)), Fact("001", date(2024, 3, 1)))
    assert what(forecast(schedule, facts=twice)[0])[2] == "2024-11-01"
    _, verdicts = forecast(schedule, ("2024-05-20", "900"), facts=twice)
    assert verdicts == [("Valid", "Grace Period")]


def test_an_interval_from_the_most_recent_vaccine_of_a_kind_looks_at_the_whole_history() -> None:
    rule = {"reference": "recent", "types": ["990"], "absolute_minimum": "8 weeks", "minimum": "8 weeks"}
    schedule = a_schedule(a_series(a_dose(1, intervals=[rule])))
    assert forecast(schedule, ("2024-01-01", "990"), ("2024-02-01", "900"))[1] == [SOON]
    assert forecast(schedule, ("2024-01-01", "990"), ("2024-02-26", "900"))[1] == [VALID]
    group, _ = forecast(schedule, ("2024-01-01", "990"), ("2024-05-01", "990"))
    assert what(group) == ("Not Complete", 1, "2024-06-26")


def test_an_interval_from_a_numbered_dose_is_not_measured_from_the_dose_before() -> None:
    third = {"reference": "target", "target": 1, "absolute_minimum": "16 weeks", "minimum": "16 weeks"}
    schedule = a_schedule(a_series(a_dose(1), a_dose(2, intervals=[MONTH]), a_dose(3, intervals=[MONTH, third])))
    two = (("2024-01-01", "900"), ("2024-01-29", "900"))
    assert what(forecast(schedule, *two)[0]) == ("Not Complete", 3, "2024-04-22")
    assert forecast(schedule, *two, ("2024-04-21", "900"))[1][2] == SOON
    assert forecast(schedule, *two, ("2024-04-22", "900"))[1][2] == VALID


def test_an_allowable_interval_saves_a_dose_given_before_the_preferable_one() -> None:
    early = {"reference": "previous", "absolute_minimum": "2 weeks"}
    schedule = a_schedule(a_series(a_dose(1), a_dose(2, intervals=[MONTH], allowable_intervals=[early])))
    assert forecast(schedule, ("2024-01-01", "900"), ("2024-01-15", "900"))[1][1] == VALID
    assert forecast(schedule, ("2024-01-01", "900"), ("2024-01-14", "900"))[1][1] == SOON


def test_an_interval_restarts_after_a_dose_that_was_not_valid_and_passes_over_an_inadvertent_one() -> None:
    second = a_dose(2, intervals=[MONTH], preferable=[{"cvx": "900"}, {"cvx": "901", "begin": "9 years"}])
    schedule = a_schedule(a_series(a_dose(1, inadvertent=["902"]), {**second, "inadvertent": ["902"]}))
    after_wrong, verdicts = forecast(schedule, ("2024-01-01", "900"), ("2024-02-01", "901"))
    assert verdicts[1] == ("Not Valid", "Not a preferable or allowable vaccine")
    assert what(after_wrong)[2] == "2024-02-29"
    after_mistake, verdicts = forecast(schedule, ("2024-01-01", "900"), ("2024-02-01", "902"))
    assert verdicts[1] == ("Not Valid", "Inadvertent Vaccine")
    assert what(after_mistake)[2] == "2024-02-01"
    assert forecast(schedule, ("2024-01-01", "900"), ("2024-01-20", "902"), ("2024-01-29", "900"))[1][2] == VALID


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        ("2024-01-24", ("Not Valid", "Live Virus Conflict")),
        ("2024-01-25", VALID),
    ],
)
def test_two_live_doses_keep_the_short_distance_when_the_first_was_valid(day: str, verdict: tuple[str, str]) -> None:
    live = [{"previous": "900", "current": ["900"], "begin": "1 day", "minimum_end": "24 days", "end": "28 days"}]
    schedule = a_schedule(a_series(a_dose(1), a_dose(2)), conflicts=live)
    assert forecast(schedule, ("2024-01-01", "900"), (day, "900"))[1][1] == verdict
    assert forecast(schedule, ("2024-01-01", "900"), ("2024-01-01", "900"))[1][1] == VALID
    assert what(forecast(schedule, ("2024-01-01", "900"))[0])[2] == "2024-01-29"


def test_two_live_doses_keep_the_long_distance_when_the_first_was_not_valid() -> None:
    live = [{"previous": "900", "current": ["900"], "begin": "1 day", "minimum_end": "24 days", "end": "28 days"}]
    young = {"absolute_minimum": "12 months", "minimum": "12 months"}
    schedule = a_schedule(a_series(a_dose(1, ages=[young]), a_dose(2)), conflicts=live)
    first = ("2020-12-31", "900")
    assert forecast(schedule, first, ("2021-01-27", "900"))[1][1] == ("Not Valid", "Live Virus Conflict")
    assert forecast(schedule, first, ("2021-01-28", "900"))[1][1] == VALID


OLDER = {"kind": "age", "begin": "4 years"}
TWO_VALID = {"kind": "count", "comparison": "greater than", "count": 1, "counts": "valid", "begin": "1 year"}


def skipping(context: str, logic: str, *sets: tuple[str, list[Row]]) -> list[Row]:
    return [{"context": context, "logic": logic, "sets": [{"logic": how, "conditions": rows} for how, rows in sets]}]


@pytest.mark.parametrize(
    ("logic", "sets", "number"),
    [
        ("and", [("and", [OLDER, TWO_VALID])], 3),
        ("and", [("or", [OLDER, TWO_VALID])], 0),
        ("or", [("and", [OLDER]), ("and", [TWO_VALID])], 0),
        ("and", [("and", [OLDER]), ("and", [TWO_VALID])], 3),
        ("or", [("and", [TWO_VALID]), ("and", [{"kind": "age", "begin": "9 years"}])], 3),
    ],
)
def test_conditions_and_sets_of_a_skip_count_together_as_they_say(
    logic: str, sets: list[tuple[str, list[Row]]], number: int
) -> None:
    third = a_dose(3, skips=skipping("forecast", logic, *sets))
    schedule = a_schedule(a_series(a_dose(1), a_dose(2), third))
    group, _ = forecast(schedule, ("2020-06-01", "900"), ("2021-06-01", "900"))
    assert group is not None
    assert (group.status, group.number) == (("Not Complete", number) if number else ("Complete", 0))


@pytest.mark.parametrize(
    ("context", "judged", "asked"),
    [("evaluation", "Extraneous", "Complete"), ("forecast", "Valid", "Complete"), ("both", "Extraneous", "Complete")],
)
def test_a_skip_holds_in_its_context_only(context: str, judged: str, asked: str) -> None:
    schedule = a_schedule(a_series(a_dose(1), a_dose(2, skips=skipping(context, "and", ("and", [OLDER])))))
    group, verdicts = forecast(schedule, ("2023-01-01", "900"), ("2024-02-01", "900"))
    assert (verdicts[1][0], str(group.status if group else "")) == (judged, asked)
    waiting, _ = forecast(schedule, ("2023-01-01", "900"))
    assert str(waiting.status if waiting else "") == ("Not Complete" if context == "evaluation" else "Complete")


def test_a_forecast_that_would_be_skipped_on_its_own_day_gives_way_to_the_next() -> None:
    month = {**MONTH, "minimum": "3 months", "earliest_recommended": "3 months"}
    skip = skipping("both", "and", ("and", [{"kind": "age", "begin": "12 months"}]))
    two = {"reference": "previous", "minimum": "8 weeks"}
    schedule = a_schedule(a_series(a_dose(1), a_dose(2, intervals=[month], skips=skip), a_dose(3, intervals=[two])))
    group, _ = forecast(schedule, ("2020-11-01", "900"), on=date(2020, 11, 2))
    assert what(group) == ("Not Complete", 2, "2020-12-27")


def test_an_interval_condition_is_measured_from_the_last_dose_and_needs_one() -> None:
    skip = skipping("forecast", "and", ("and", [{"kind": "interval", "interval": "6 months"}]))
    schedule = a_schedule(a_series(a_dose(1, skips=skip), a_dose(2, skips=skip)))
    assert what(forecast(schedule)[0])[0] == "Not Complete"
    assert what(forecast(schedule, ("2023-12-01", "900"))[0])[0] == "Complete"
    assert what(forecast(schedule, ("2023-12-02", "900"))[0])[0] == "Not Complete"


def test_a_series_that_asks_whether_another_is_complete_hears_of_it() -> None:
    completed = [{"kind": "completed", "series_groups": ["1"]}]
    booster = a_series(
        a_dose(1, preferable=[{"cvx": "901"}], skips=skipping("both", "and", ("and", completed))),
        name="booster", series_group="2",
    )  # fmt: skip
    schedule = a_schedule(a_series(a_dose(1)), booster)

    def status(*given: tuple[str, str]) -> dict[str, str]:
        doses = tuple(DoseGiven(date.fromisoformat(day), cvx) for day, cvx in given)
        best = forecast_person(Person(BORN, doses=doses), schedule, TODAY).best["Pox"]
        return {item.progress.series.name: str(item.status) for item in best}

    assert status() == {"plain": "Not Complete", "booster": "Not Complete"}
    assert status(("2023-01-01", "900")) == {"plain": "Complete", "booster": "Not Recommended"}


def test_a_skip_without_a_dose_on_record_is_not_recommended_rather_than_complete() -> None:
    schedule = a_schedule(a_series(a_dose(1, skips=skipping("both", "and", ("and", [OLDER])))))
    assert what(forecast(schedule)[0]) == ("Not Recommended", 0, "")


def test_birth_before_a_day_makes_immune_unless_a_fact_excludes_it() -> None:
    rule = {"before": "1957-01-01", "country": "", "exclusions": ["002"]}
    schedule = a_schedule(antigen=an_antigen(a_series(a_dose(1)), birth_immunity=[rule]))
    assert what(forecast(schedule, born=date(1956, 12, 31))[0])[0] == "Immune"
    assert what(forecast(schedule, born=date(1957, 1, 1))[0])[0] == "Not Complete"
    assert what(forecast(schedule, born=date(1956, 12, 31), facts=(Fact("002"),))[0])[0] == "Not Complete"


def test_a_season_holds_doses_back_and_counts_only_its_own() -> None:
    flu = a_dose(1, season_start="2023-07-01", season_end="2024-06-30", is_recurring=True)
    schedule = a_schedule(a_series(flu))
    assert what(forecast(schedule, on=date(2023, 1, 1))[0]) == ("Not Complete", 1, "2023-07-01")
    assert what(forecast(schedule, ("2022-10-01", "900"), on=date(2024, 6, 30))[0])[:2] == ("Not Complete", 1)
    assert what(forecast(schedule, ("2023-10-01", "900"), on=date(2024, 6, 30))[0])[:2] == ("Not Complete", 2)
    assert what(forecast(schedule, on=date(2024, 7, 1))[0]) == ("Not Recommended", 0, "")


def test_a_fact_opens_a_risk_series_between_two_ages() -> None:
    risk = a_series(a_dose(1), name="risk", kind="Risk", is_default=False, series_group="2")
    risk |= {"indications": [{"code": "001", "begin": "2 years", "end": "5 years"}], "equivalent_groups": ["1"]}
    common = a_series(a_dose(1, ages=[{"minimum": "9 years"}]), equivalent_groups=["2"])
    schedule = a_schedule(common, risk)

    def followed(on: date, *facts: Fact) -> str:
        group, _ = forecast(schedule, facts=facts, on=on)
        return group.contained[0].progress.series.name if group else ""

    assert followed(date(2022, 1, 1), Fact("001")) == followed(date(2024, 12, 31), Fact("001")) == "risk"
    assert followed(date(2021, 12, 31), Fact("001")) == followed(date(2025, 1, 1), Fact("001")) == "plain"
    assert followed(TODAY) == followed(TODAY, Fact("002")) == "plain"


def test_of_two_risk_series_the_higher_priority_is_followed_and_among_equals_the_preferred() -> None:
    def risk(name: str, priority: str, preference: str) -> Row:
        row = a_series(a_dose(1), name=name, kind="Risk", is_default=False, priority=priority, preference=preference)
        return {**row, "indications": [{"code": "001"}]}

    for rows, best in (
        ([risk("b", "B", "1"), risk("a", "A", "2")], "a"),
        ([risk("x", "A", "2"), risk("y", "A", "1")], "y"),
    ):
        group, _ = forecast(a_schedule(*rows), facts=(Fact("001"),))
        assert group is not None and group.contained[0].progress.series.name == best


@pytest.mark.parametrize(("gender", "name"), [(Gender.FEMALE, "women"), (Gender.MALE, "men"), (Gender.UNKNOWN, "men")])
def test_a_series_of_one_gender_is_for_that_gender(gender: Gender, name: str) -> None:
    women = a_series(a_dose(1), name="women", genders=["Female"])
    men = a_series(a_dose(1), name="men", genders=["Male", "Unknown"])
    group, _ = forecast(a_schedule(women, men), gender=gender)
    assert group is not None and group.contained[0].progress.series.name == name


def test_the_maximum_age_makes_a_dose_extraneous_on_its_very_day_and_ends_the_series() -> None:
    schedule = a_schedule(a_series(a_dose(1, ages=[{"maximum": "8 months"}])))
    assert forecast(schedule, ("2020-08-31", "900"))[1] == [VALID]
    assert forecast(schedule, ("2020-09-01", "900"))[1] == [("Extraneous", "Age: Too Old")]
    assert what(forecast(schedule)[0])[0] == "Aged Out"
    late = a_schedule(a_series(a_dose(1), a_dose(2, ages=[{"maximum": "8 months"}], intervals=[MONTH])))
    assert what(forecast(late, ("2020-08-10", "900"), on=date(2020, 8, 11))[0])[0] == "Aged Out"


def test_a_row_of_ages_holds_between_its_two_days() -> None:
    old = {"absolute_minimum": "12 months", "minimum": "12 months", "cessation": "2021-06-30"}
    new = {"absolute_minimum": "24 months", "minimum": "24 months", "effective": "2021-07-01"}
    schedule = a_schedule(a_series(a_dose(1, ages=[old, new])))
    assert forecast(schedule, ("2021-06-30", "900"))[1] == [VALID]
    assert forecast(schedule, ("2021-07-01", "900"))[1] == [("Not Valid", "Age: Too Young")]
    assert what(forecast(schedule, on=date(2021, 6, 30))[0])[2] == "2021-01-01"
    assert what(forecast(schedule, on=date(2021, 7, 1))[0])[2] == "2022-01-01"


def test_the_same_vaccine_twice_on_a_day_counts_once() -> None:
    schedule = a_schedule(a_series(a_dose(1), a_dose(2, intervals=[MONTH])))
    group, verdicts = forecast(schedule, ("2024-05-01", "900"), ("2024-05-01", "900"))
    assert verdicts == [VALID, SOON]
    assert what(group) == ("Not Complete", 2, "2024-05-29")


def test_a_fact_speaks_against_an_antigen_or_against_every_vaccine_of_a_series() -> None:
    antigen = an_antigen(
        a_series(a_dose(1, preferable=[{"cvx": "900"}, {"cvx": "901"}])),
        contraindications=[{"code": "001", "end": "5 years"}],
        vaccine_contraindications=[
            {"code": "002", "vaccines": [{"cvx": "900"}]},
            {"code": "003", "vaccines": [{"cvx": "901"}]},
        ],
    )
    schedule = a_schedule(antigen=antigen)
    assert what(forecast(schedule, facts=(Fact("001"),))[0])[0] == "Contraindicated"
    assert what(forecast(schedule, facts=(Fact("001"),), on=date(2025, 1, 1))[0])[0] == "Not Complete"
    assert what(forecast(schedule, facts=(Fact("002"),))[0])[0] == "Not Complete"
    assert what(forecast(schedule, facts=(Fact("002"), Fact("003")))[0])[0] == "Contraindicated"


def test_a_vaccine_of_two_antigens_is_judged_for_each_at_the_age_it_holds_it() -> None:
    table_vaccines = {
        "900": {"name": "pair", "antigens": [{"antigen": "Pox"}, {"antigen": "Pest", "begin": "2 years"}]},
    }
    pest = {**an_antigen(a_series(a_dose(1), name="pest")), "name": "Pest"}
    schedule = a_schedule(
        vaccines=table_vaccines,
        antigens={"Pox": an_antigen(a_series(a_dose(1))), "Pest": pest},
        groups=[{"name": "Both", "antigens": ["Pox", "Pest"]}],
    )
    young, verdicts = forecast(schedule, ("2021-01-01", "900"))
    assert verdicts == [VALID]
    assert what(young)[:2] == ("Not Complete", 1)
    old, verdicts = forecast(schedule, ("2022-01-01", "900"))
    assert verdicts == [VALID, VALID]
    assert what(old)[0] == "Complete"


def test_a_doubtful_day_moves_to_the_first_of_the_next_month() -> None:
    schedule = a_schedule(a_series(a_dose(1, ages=[{"minimum": "1 month", "absolute_minimum": "1 month"}])))
    group, _ = forecast(schedule, born=date(2024, 1, 31))
    assert what(group)[2] == "2024-03-01"
    assert forecast(schedule, born=date(2024, 1, 31))[0] is not None
    assert timedelta(days=30) == date(2024, 3, 1) - date(2024, 1, 31)
