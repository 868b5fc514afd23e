"""The rules one by one, on patients a clinic knows."""

from __future__ import annotations

from datetime import date

import pytest

from mainstay.immunizations.forecast import (
    DoseGiven,
    EvaluationStatus,
    Fact,
    Forecast,
    Gender,
    GroupForecast,
    Person,
    Reason,
    SeriesStatus,
    dose_results,
    explain_group,
    forecast_person,
    load_schedule,
    needs_shared_decision,
    recommended_vaccines,
    short_reasons,
    suitable_vaccines,
)

BORN = date(2024, 1, 10)
TODAY = date(2025, 11, 10)


def doses(*pairs: tuple[str, str]) -> tuple[DoseGiven, ...]:
    return tuple(DoseGiven(date.fromisoformat(day), cvx) for day, cvx in pairs)


def forecast(
    *pairs: tuple[str, str], born: date = BORN, facts: tuple[Fact, ...] = (), gender: Gender = Gender.FEMALE
) -> Forecast:
    return forecast_person(Person(born, gender, facts, doses(*pairs)), load_schedule(), TODAY)


def group(found: Forecast, name: str) -> GroupForecast:
    return next(item for item in found.groups if item.group.name == name)


def verdict(found: Forecast, antigen: str) -> list[tuple[EvaluationStatus, Reason]]:
    return [(item.status, item.reason) for item in dose_results(found) if item.antigen == antigen]


def day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


def test_a_dose_at_the_right_age_counts_and_the_next_is_dated() -> None:
    found = forecast(("2025-01-10", "03"))
    assert verdict(found, "Measles") == [(EvaluationStatus.VALID, Reason.NONE)]
    mmr = group(found, "MMR")
    assert (mmr.status, mmr.number) == (SeriesStatus.NOT_COMPLETE, 2)
    assert (day(mmr.earliest), day(mmr.recommended)) == ("2025-02-10", "2028-01-10")


def test_four_days_early_is_grace_and_five_is_too_young() -> None:
    assert verdict(forecast(("2025-01-06", "21")), "Varicella") == [(EvaluationStatus.VALID, Reason.GRACE)]
    assert verdict(forecast(("2025-01-05", "21")), "Varicella") == [(EvaluationStatus.NOT_VALID, Reason.TOO_YOUNG)]


def test_a_dose_too_soon_after_the_one_before_does_not_count() -> None:
    found = forecast(("2025-01-10", "03"), ("2025-01-30", "03"))
    assert verdict(found, "Measles")[1] == (EvaluationStatus.NOT_VALID, Reason.TOO_YOUNG)
    later = forecast(("2025-02-10", "03"), ("2025-03-05", "03"))
    assert verdict(later, "Measles")[1] == (EvaluationStatus.NOT_VALID, Reason.TOO_SOON)


def test_a_live_vaccine_too_soon_after_another_does_not_count() -> None:
    found = forecast(("2025-02-10", "03"), ("2025-02-28", "21"))
    assert verdict(found, "Varicella") == [(EvaluationStatus.NOT_VALID, Reason.CONFLICT)]
    same_day = forecast(("2025-02-10", "03"), ("2025-02-10", "21"))
    assert verdict(same_day, "Varicella") == [(EvaluationStatus.VALID, Reason.NONE)]


def test_a_live_vaccine_holds_back_varicella_but_not_influenza() -> None:
    found = forecast(("2025-11-01", "03"))
    assert day(group(found, "Varicella").earliest) == "2025-11-29"
    assert group(found, "Influenza").earliest < date(2025, 11, 1).toordinal()


def test_a_wrong_vaccine_is_inadvertent() -> None:
    found = forecast(("2024-03-10", "115"))
    assert verdict(found, "Pertussis") == [(EvaluationStatus.NOT_VALID, Reason.INADVERTENT)]


def test_a_dose_past_the_highest_age_is_extraneous() -> None:
    found = forecast(("2024-09-20", "119"))
    assert verdict(found, "Rotavirus") == [(EvaluationStatus.EXTRANEOUS, Reason.TOO_OLD)]


def test_a_dose_after_the_last_is_extraneous() -> None:
    given = [(f"202{year}-02-10", "03") for year in (5,)] + [("2025-04-10", "03"), ("2025-08-10", "03")]
    assert verdict(forecast(*given), "Rubella")[2] == (EvaluationStatus.EXTRANEOUS, Reason.SERIES_COMPLETE)


def test_an_expired_dose_is_sub_standard_and_must_be_repeated() -> None:
    expired = DoseGiven(date(2025, 1, 20), "03", lot_expires=date(2025, 1, 19))
    found = forecast_person(Person(BORN, doses=(expired,)), load_schedule(), TODAY)
    assert verdict(found, "Mumps") == [(EvaluationStatus.SUBSTANDARD, Reason.SUBSTANDARD)]
    assert group(found, "MMR").number == 1


@pytest.mark.parametrize(("volume", "reason"), [("0.25", "Less than recommended volume"), ("0.5 mL", ""), ("½", "")])
def test_a_volume_only_adds_a_word_and_only_when_it_is_a_number_6_8(volume: str, reason: str) -> None:
    given = DoseGiven(date(2025, 1, 20), "03", volume=volume)
    found = forecast_person(Person(BORN, doses=(given,)), load_schedule(), TODAY)
    assert verdict(found, "Measles") == [(EvaluationStatus.VALID, reason)]


def test_laboratory_evidence_makes_immune() -> None:
    found = forecast(facts=(Fact("023"),))
    assert group(found, "Varicella").status is SeriesStatus.IMMUNE


@pytest.mark.parametrize(("country", "status"), [("", "Not Complete"), ("U.S.", "Immune"), ("FR", "Not Complete")])
def test_birth_before_1980_makes_immune_to_varicella_in_the_country_it_holds_for(country: str, status: str) -> None:
    person = Person(date(1970, 5, 5), birth_country=country)
    found = forecast_person(person, load_schedule(), TODAY)
    assert group(found, "Varicella").status == status


def test_health_care_work_takes_immunity_by_birth_away() -> None:
    older = date(1950, 1, 1)
    assert group(forecast(born=older), "MMR").status is SeriesStatus.IMMUNE
    assert group(forecast(born=older, facts=(Fact("055"),)), "MMR").status is SeriesStatus.NOT_COMPLETE


def test_pregnancy_speaks_against_live_vaccines_and_asks_for_tdap_in_week_27() -> None:
    facts = (Fact("007"), Fact("170", date(2025, 6, 1)))
    found = forecast(born=date(1995, 1, 1), facts=facts)
    assert group(found, "MMR").status is SeriesStatus.CONTRAINDICATED
    tdap = group(found, "DTaP/Tdap/Td")
    assert day(tdap.earliest) == "2025-12-07"
    assert [item.progress.series.antigen for item in tdap.contained] == ["Pertussis"]
    assert suitable_vaccines(tdap.contained[0], found.patient) == ["115"]


def test_pertussis_that_may_not_be_given_does_not_hold_back_diphtheria_and_tetanus() -> None:
    found = forecast(("2024-03-10", "110"), facts=(Fact("079"),))
    dtap = group(found, "DTaP/Tdap/Td")
    assert (dtap.status, dtap.number) == (SeriesStatus.NOT_COMPLETE, 2)
    assert {item.progress.series.antigen for item in dtap.contained if item.earliest} == {"Diphtheria", "Tetanus"}
    suitable = set(suitable_vaccines(dtap.contained[0], found.patient))
    assert "28" in suitable
    assert not {"20", "106", "110", "120", "146"} & suitable


def test_a_condition_opens_its_risk_series() -> None:
    healthy, asplenic = forecast(), forecast(facts=(Fact("160"),))
    assert group(healthy, "Meningococcal").contained[0].progress.series.kind == "Standard"
    assert group(asplenic, "Meningococcal").contained[0].progress.series.kind == "Risk"
    assert "because of" in explain_group(group(asplenic, "Meningococcal"), asplenic.patient).series[0]


def test_an_indication_that_waits_for_an_age_is_dated_ahead() -> None:
    found = forecast(born=date(2017, 2, 12), facts=(Fact("211"),))
    dengue = group(found, "Dengue")
    assert (dengue.status, day(dengue.earliest)) == (SeriesStatus.NOT_COMPLETE, "2026-02-12")


def test_a_travel_vaccine_without_an_indication_is_not_mentioned() -> None:
    assert not {"Yellow Fever", "Rabies", "TBE"} & {item.group.name for item in forecast().groups}


def test_the_series_for_fifty_does_not_speak_for_a_toddler() -> None:
    pneumococcal = group(forecast(), "Pneumococcal")
    assert pneumococcal.contained[0].progress.series.series_group == "1"
    assert pneumococcal.others[0].contained[0].progress.series.series_group == "3"


def test_the_explanation_can_be_read_to_a_parent() -> None:
    found = forecast(("2024-03-10", "10"), ("2024-04-02", "10"))
    polio = group(found, "Polio")
    told = explain_group(polio, found.patient)
    assert told.schedule == "CDC 4.64"
    assert told.doses == (
        "The dose of 10 Mar 2024 (IPV) counts as dose 1.",
        "The dose of 2 Apr 2024 (IPV) does not count: it came too soon after the dose before; "
        "it would have counted from 3 Apr 2024.",
    )
    assert told.dates[0] == "Dose 2 may be given since 30 Apr 2024, 4 weeks after the dose before."
    assert short_reasons(polio, found.patient)[0] == "earliest 4 weeks after the dose before"


def test_a_shared_decision_is_told_apart_from_routine() -> None:
    found = forecast(born=date(2008, 1, 10))
    assert needs_shared_decision(group(found, "Meningococcal B"))
    assert not needs_shared_decision(group(found, "Meningococcal"))
    told = explain_group(group(found, "Meningococcal B"), found.patient)
    assert told.series[0].endswith("decided together with the clinician, after talking it over.")


def test_reasons_say_why_nothing_is_due() -> None:
    found = forecast(born=date(2010, 1, 10))
    assert short_reasons(group(found, "Rotavirus"), found.patient) == ["past the highest age for the next dose"]


def test_the_schedule_names_a_vaccine_where_only_that_one_fits() -> None:
    found = forecast(("2024-03-10", "119"), born=date(2024, 1, 10))
    hpv = forecast(born=date(2013, 1, 10))
    assert recommended_vaccines(group(hpv, "HPV").contained[0], hpv.patient) in (["165"], [])
    assert recommended_vaccines(group(found, "Rotavirus").contained[0], found.patient) == []
