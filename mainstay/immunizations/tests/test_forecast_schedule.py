"""The compiled schedule: complete, coherent, and open to local rows with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from mainstay.immunizations.forecast import (
    DoseGiven,
    Fact,
    Gender,
    Header,
    Override,
    Person,
    Schedule,
    SourceDefect,
    Standing,
    forecast_by_issuer,
    forecast_person,
    load_schedule,
    observation_index,
    observations_for,
    read_release,
    read_schedule,
    schedule_names,
)
from mainstay.immunizations.forecast.choosing import NotInForce
from mainstay.immunizations.forecast.periods import FUTURE, PAST, ages_of
from mainstay.immunizations.forecast.schedule import ALWAYS

PACKED = (resources.files("mainstay.immunizations") / "tables" / "schedules" / "cdc-4.64.json.gz").read_bytes()
CHILD = Person(date(2025, 1, 10), Gender.FEMALE)
TODAY = date(2025, 11, 10)


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return load_schedule("cdc-4.64")


def laid(status: str = "active", issuer: str = "AAP", overrides: tuple[Override, ...] = ()) -> Schedule:
    base = read_schedule(PACKED, overrides)
    return replace(base, header=replace(base.header, issuer=issuer, status=Standing(status)))


def test_every_schedule_that_ships_says_whose_it_is_and_since_when() -> None:
    for name in schedule_names():
        header = load_schedule(name).header
        assert header.issuer
        assert header.version
        assert header.source
        assert date.fromisoformat(header.effective)


def test_all_thirty_antigens_and_their_series_are_there(schedule: Schedule) -> None:
    assert len(schedule.antigens) == 30
    assert sum(len(antigen.series) for antigen in schedule.antigens.values()) == 143
    assert {antigen for group in schedule.groups for antigen in group.antigens} == set(schedule.antigens)


def test_every_code_a_rule_names_is_known(schedule: Schedule) -> None:
    vaccines, observations = set(schedule.vaccines), set(schedule.observations)
    for antigen in schedule.antigens.values():
        named = {row.code for row in (*antigen.contraindications, *antigen.vaccine_contraindications)}
        named |= antigen.immune_codes | antigen.indication_codes
        assert named <= observations
        for series in antigen.series:
            for dose in series.doses:
                assert set(dose.preferable) | set(dose.allowable) | dose.inadvertent <= vaccines


def test_the_ages_of_a_dose_are_in_order_for_everybody(schedule: Schedule) -> None:
    for born in (date(2020, 2, 29), date(2023, 1, 31), date(2024, 7, 1)):
        dates = [PAST, FUTURE, *ages_of(born, schedule.ages)]
        for antigen in schedule.antigens.values():
            for series in antigen.series:
                for dose in series.doses:
                    for rule in dose.ages:
                        assert dates[rule.absolute_minimum] < dates[rule.maximum]
                        assert dates[rule.minimum] < dates[rule.maximum]
                        if rule.minimum != ALWAYS:
                            assert dates[rule.absolute_minimum] <= dates[rule.minimum]
                        if rule.earliest_recommended >= 0 and rule.latest_recommended >= 0:
                            assert dates[rule.earliest_recommended] <= dates[rule.latest_recommended]


def test_rows_of_one_dose_never_overlap_in_time(schedule: Schedule) -> None:
    for antigen in schedule.antigens.values():
        for series in antigen.series:
            for dose in series.doses:
                spans = sorted((rule.effective, rule.cessation) for rule in dose.ages)
                assert all(ends < begins for (_, ends), (begins, _) in zip(spans, spans[1:], strict=False))


def test_series_names_tell_series_apart(schedule: Schedule) -> None:
    for antigen in schedule.antigens.values():
        names = [series.name for series in antigen.series]
        assert len(names) == len(set(names))
    defaults = [s.name for a in schedule.antigens.values() for s in a.series if s.is_steady]
    assert len(defaults) == len(set(defaults))


def test_a_local_row_changes_the_date_and_keeps_its_reason() -> None:
    row = Override("Hib", "Hib start at 2 months 4-dose series", 1, "ages.minimum", "8 weeks", "Local outbreak plan")
    ours = laid(overrides=(row,))
    child = Person(date(2025, 11, 1), Gender.MALE)
    before = forecast_person(child, load_schedule(), TODAY, {"Hib"}).groups[0].earliest
    after = forecast_person(child, ours, TODAY, {"Hib"}).groups[0].earliest
    assert after - before == 14
    assert ours.overrides[0].reason == "Local outbreak plan"


def test_a_local_row_holds_where_the_schedule_stated_no_age() -> None:
    """The second dose against Japanese encephalitis has no row of ages in 4.64."""
    traveler = Person(date(1990, 5, 1), facts=(Fact("165"),), doses=(DoseGiven(date(2025, 1, 1), "134"),))
    rows = [
        Override("Japanese Encephalitis", name, 2, "ages.maximum", "30 years", "not for the old here")
        for name in ("Japanese Encephalitis risk 2-dose series", "Japanese Encephalitis risk 2-dose series 18-65 years")
    ]
    assert (
        forecast_person(traveler, load_schedule(), TODAY, {"Japanese Encephalitis"}).groups[0].status == "Not Complete"
    )
    found = forecast_person(traveler, laid(overrides=tuple(rows)), TODAY, {"Japanese Encephalitis"})
    assert found.groups[0].status == "Aged Out"


def test_a_local_row_keeps_the_infant_series_from_adults_at_risk() -> None:
    """The known defect of 4.64: nothing ends the two infant series, so an adult in an outbreak is shown one."""
    adult = Person(date(1956, 3, 7), facts=(Fact("070"),), doses=(DoseGiven(date(2016, 5, 23), "32"),))
    infant = Person(date(2025, 7, 1), facts=(Fact("070"),))
    rows = tuple(
        Override("Meningococcal", f"Meningococcal ACWY risk {name}", 0, "indications.end", "24 months", "MMWR 69(RR-9)")
        for name in ("2-23 month", "Hib-MenCY-TT 4-dose series")
    )

    def followed(person: Person, schedule: Schedule) -> str:
        return forecast_person(person, schedule, TODAY, {"Meningococcal"}).groups[0].contained[0].progress.series.name

    assert followed(adult, load_schedule()) == "Meningococcal ACWY risk 2-23 month"
    assert followed(adult, laid(overrides=rows)) == "Meningococcal ACWY risk 1-dose series"
    assert followed(infant, laid(overrides=rows)) == "Meningococcal ACWY risk 2-23 month"


@pytest.mark.parametrize(
    ("row", "error"),
    [
        (Override("Hib", "Hib start at 2 months 4-dose series", 1, "ages.minimum", "8 weeks", " "), ValueError),
        (Override("Hib", "no such series", 1, "ages.minimum", "8 weeks", "because"), KeyError),
        (Override("Hib", "Hib start at 2 months 4-dose series", 1, "ages.minimum", "soon", "because"), ValueError),
        (Override("Hib", "Hib start at 2 months 4-dose series", 1, "number", "2", "because"), ValueError),
        (Override("Hib", "Hib start at 2 months 4-dose series", 1, "intervals.minimum", "4 weeks", "x"), ValueError),
        (Override("Hib", "Hib start at 2 months 4-dose series", 2, "intervals.maximum", "4 weeks", "x"), ValueError),
        (Override("Hib", "Hib start at 2 months 4-dose series", 0, "indications.end", "5 years", "x"), ValueError),
    ],
)
def test_a_local_row_without_sense_is_refused(row: Override, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_schedule(PACKED, (row,))


def test_each_group_follows_the_issuer_chosen_for_it() -> None:
    other = laid()
    found = forecast_by_issuer(CHILD, TODAY, load_schedule(), {"Hib": other, "MMR": other})
    by_issuer = {one.patient.schedule.header.issuer: {group.group.name for group in one.groups} for one in found}
    assert by_issuer["AAP"] == {"Hib", "MMR"}
    assert "Hib" not in by_issuer["CDC"]
    assert "Polio" in by_issuer["CDC"]


@pytest.mark.parametrize("status", ["stayed", "superseded"])
def test_a_schedule_that_is_not_in_force_governs_nothing(status: str) -> None:
    with pytest.raises(NotInForce, match=status):
        forecast_by_issuer(CHILD, TODAY, load_schedule(), {"Hib": laid(status)})


def test_a_schedule_governs_nothing_before_its_day() -> None:
    with pytest.raises(NotInForce, match="effective from"):
        forecast_by_issuer(CHILD, date(2025, 11, 9), load_schedule(), {})


def test_a_dose_of_a_vaccine_the_schedule_does_not_know_changes_no_advice() -> None:
    """A chart may hold what no edition knows: the reader of cases refuses it, the clinic's page must not fall."""
    unknown = Person(date(2020, 1, 1), doses=(DoseGiven(date(2021, 1, 1), "9999"),))
    with_it = forecast_person(unknown, load_schedule(), TODAY)
    without = forecast_person(Person(date(2020, 1, 1)), load_schedule(), TODAY)
    shown = [[(g.group, g.status, g.recommended) for g in found.groups] for found in (with_it, without)]
    assert shown[0] == shown[1]


def test_codes_of_a_chart_become_observations(schedule: Schedule) -> None:
    index = observation_index(schedule)
    assert observations_for(index, [("snomed", " 77386006 "), ("SNOMED", "1"), ("CVX", "136")]) == {"007"}
    assert "095" in observations_for(index, [("SNOMED", "219088009")])


def test_a_folder_without_a_release_is_refused(tmp_path: Path) -> None:
    header = Header("CDC", "9", "2030-01-01", Standing.ACTIVE, "test")
    with pytest.raises(SourceDefect, match="must hold one"):
        read_release(tmp_path, header)
    (tmp_path / "ScheduleSupportingData.xml").write_text("<a>", encoding="utf-8")
    (tmp_path / "AntigenSupportingData- X.xml").write_text("<a/>", encoding="utf-8")
    with pytest.raises(SourceDefect, match="not well-formed"):
        read_release(tmp_path, header)
