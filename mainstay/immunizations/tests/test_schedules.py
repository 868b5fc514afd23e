"""Whose advice the practice follows, and where it goes its own way."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import date
from importlib import resources
from typing import Any

import pytest

from mainstay.foundation.errors import InvalidInput, NotPermitted
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.immunizations import actions
from mainstay.immunizations.actions import EditionFacts, OverrideFacts
from mainstay.immunizations.actions import schedules as acting
from mainstay.immunizations.forecast import (
    UNUSED,
    Standing,
    combining,
    forecast_person,
    load_schedule,
    read_schedule,
)
from mainstay.immunizations.models import ScheduleChoice, ScheduleOverride
from mainstay.immunizations.queries import editions, forecast_for, governing_schedule, record_words, vaccine_page
from mainstay.immunizations.queries import schedules as queries
from mainstay.visits.tests.factories import a_patient

pytestmark = pytest.mark.django_db

ACTOR = an_actor()
TODAY = A_MOMENT.date()
AAP = EditionFacts("AAP", "2026", date(2026, 1, 26), "cdc-4.64", "Pediatrics, January 2026: follows the former table")
TDAP = "DTaP/Tdap/Td"
CDC = load_schedule("cdc-4.64")


def chosen(group: str, edition: str) -> ScheduleChoice:
    return actions.choose_schedule(
        actor=ACTOR, group=group, edition=edition, reason="State law names it", medical_director="Dr. Patel"
    )


def an_override(**more: Any) -> ScheduleOverride:
    row = {"antigen": "MenB", "series": "", "field": "ages.minimum", "value": "", "reason": "Outbreak", "dose": 1}
    return actions.override_schedule(actor=ACTOR, facts=OverrideFacts(medical_director="Dr. Patel", **{**row, **more}))


def a_zoster_series() -> str:
    return next(s.name for s in load_schedule().antigens["Zoster"].series if s.kind == "Standard")


def test_without_a_choice_the_edition_that_ships_governs() -> None:
    assert governing_schedule() is load_schedule()


def test_a_group_follows_the_edition_chosen_for_it_and_says_so() -> None:
    actions.record_edition(actor=ACTOR, facts=AAP)
    chosen("HPV", "aap-2026")
    schedule = governing_schedule()
    assert schedule.header_of("HPV").issuer == "AAP"
    assert schedule.header_of("MMR").issuer == "CDC"
    assert governing_schedule() is schedule


def test_the_choice_before_stays_in_the_history() -> None:
    actions.record_edition(actor=ACTOR, facts=AAP)
    chosen("HPV", "aap-2026")
    chosen("HPV", "cdc-4.64")
    assert list(ScheduleChoice.objects.order_by("pk").values_list("edition", "ended_at")) == [
        ("aap-2026", A_MOMENT),
        ("cdc-4.64", None),
    ]


def test_dropping_a_choice_follows_the_others_again() -> None:
    actions.record_edition(actor=ACTOR, facts=AAP)
    chosen("HPV", "aap-2026")
    assert actions.follow_the_rest(actor=ACTOR, group="HPV") == 1
    assert governing_schedule().header_of("HPV").issuer == "CDC"


def test_a_stayed_edition_cannot_be_chosen_nor_one_of_the_future() -> None:
    actions.record_edition(actor=ACTOR, facts=AAP)
    actions.set_edition_status(actor=ACTOR, name="aap-2026", status=Standing.STAYED, reason="Court order")
    with pytest.raises(InvalidInput, match="may not govern"):
        chosen("", "aap-2026")
    actions.record_edition(actor=ACTOR, facts=EditionFacts("CDC", "5.0", date(2027, 8, 1), "cdc-4.64", "announced"))
    with pytest.raises(InvalidInput, match="not yet effective"):
        chosen("", "cdc-5_0")


def test_an_edition_that_is_followed_is_not_stayed_before_another_is_chosen() -> None:
    actions.record_edition(actor=ACTOR, facts=AAP)
    chosen("", "aap-2026")
    with pytest.raises(InvalidInput, match="Choose another"):
        actions.set_edition_status(actor=ACTOR, name="aap-2026", status=Standing.STAYED, reason="Court order")


def test_the_status_of_an_edition_that_ships_can_be_changed_too() -> None:
    actions.set_edition_status(actor=ACTOR, name="cdc-4.64", status=Standing.SUPERSEDED, reason="4.65 is out")
    assert editions()["cdc-4.64"].header.status is Standing.SUPERSEDED


def test_an_override_of_a_minimum_age_changes_the_forecast() -> None:
    patient = a_patient(birth_date=date(1980, 2, 3))
    before = {g.group.name: date.fromordinal(g.earliest) for g in forecast_for(patient, TODAY).groups if g.earliest}
    assert before["Zoster"] == date(2030, 2, 3)
    for field in ("ages.minimum", "ages.absolute_minimum", "ages.earliest_recommended"):
        an_override(antigen="Zoster", series=a_zoster_series(), field=field, value="40 years", reason="Outbreak")
    after = {g.group.name: date.fromordinal(g.earliest) for g in forecast_for(patient, TODAY).groups if g.earliest}
    assert after["Zoster"] == date(2020, 2, 3)
    assert {name: day for name, day in after.items() if name != "Zoster"} == {
        name: day for name, day in before.items() if name != "Zoster"
    }
    assert [row.reason for row in governing_schedule().overrides] == ["Outbreak"] * 3


def test_a_series_that_is_not_used_is_left_out() -> None:
    names = [series.name for series in load_schedule().antigens["Meningococcal B"].series]
    an_override(antigen="Meningococcal B", series=names[0], field=UNUSED, dose=0, value="")
    assert names[0] not in {series.name for series in governing_schedule().antigens["Meningococcal B"].series}


def test_a_withdrawn_override_no_longer_counts_and_keeps_its_reason() -> None:
    row = an_override(antigen="Zoster", series=a_zoster_series(), value="40 years")
    actions.withdraw_override(actor=ACTOR, override=row, reason="Outbreak is over")
    assert governing_schedule().overrides == ()
    row.refresh_from_db()
    assert row.withdrawn_reason == "Outbreak is over"


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"antigen": "Scurvy", "value": "1 year"}, "Scurvy"),
        ({"antigen": "Zoster", "series": "nothing", "value": "1 year"}, "no series"),
        ({"antigen": "Zoster", "value": "soon"}, "not an age"),
        ({"antigen": "Zoster", "field": "doses.color", "value": "1 year"}, "cannot override"),
        ({"antigen": "Zoster", "value": "1 year", "dose": 0}, "which dose"),
        ({"antigen": "Zoster", "value": "1 year", "dose": 9}, "dose 9"),
        ({"antigen": "Zoster", "value": "1 year", "reason": " "}, "why"),
        ({"antigen": "Measles", "field": UNUSED, "dose": 0}, "only series"),
    ],
)
def test_what_cannot_be_set_is_refused_in_words(more: dict[str, Any], words: str) -> None:
    series = {"Zoster": a_zoster_series(), "Measles": "?"}.get(more["antigen"], "")
    if more["antigen"] == "Measles":
        antigens = load_schedule().antigens
        lonely = next(name for name in antigens if len(antigens[name].series) == 1)
        more, series = {**more, "antigen": lonely}, antigens[lonely].series[0].name
    with pytest.raises(InvalidInput, match=words):
        an_override(**{"series": series, **more})


def test_only_those_who_may_choose_a_schedule() -> None:
    ma = an_actor(permissions=("immunizations.record_history",))
    with pytest.raises(NotPermitted):
        actions.record_edition(actor=ma, facts=AAP)


def test_a_combined_schedule_forecasts_like_a_single_one() -> None:
    from mainstay.immunizations.queries import person_for_forecast

    actions.record_edition(actor=ACTOR, facts=AAP)
    chosen("HPV", "aap-2026")
    person = person_for_forecast(a_patient(birth_date=date(2015, 5, 5)), TODAY)
    one = forecast_person(person, load_schedule(), TODAY)
    both = forecast_person(person, governing_schedule(), TODAY)
    assert [(g.group.name, g.status, g.earliest) for g in one.groups] == [
        (g.group.name, g.status, g.earliest) for g in both.groups
    ]


def test_the_governing_schedule_takes_one_statement(django_assert_num_queries: Any) -> None:
    chosen("HPV", "cdc-4.64")
    governing_schedule()
    with django_assert_num_queries(1):
        governing_schedule()


@pytest.fixture
def another_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A table of another issuer beside CDC's: HPV from 9 years instead of 11, everything else as it was."""
    ours = resources.files("mainstay.immunizations") / "tables" / "schedules" / "cdc-4.64.json.gz"
    table = json.loads(gzip.decompress(ours.read_bytes()))
    table["header"] |= {"issuer": "AAP", "version": "2026", "effective": "2026-01-26", "source": "made for a test"}
    for series in table["antigens"]["HPV"]["series"]:
        for row in series["doses"][0]["ages"]:
            row |= {"earliest_recommended": "9 years", "latest_recommended": "11 years + 4 weeks"}
    packed = gzip.compress(json.dumps(table).encode())
    theirs = read_schedule(packed)
    for module in (queries, acting):
        monkeypatch.setattr(module, "schedule_names", lambda: ["cdc-4.64", "aap-2026"])
        monkeypatch.setattr(module, "load_schedule", lambda name="cdc-4.64": {"aap-2026": theirs}.get(name) or CDC)
    monkeypatch.setattr(
        combining, "_text", lambda name: gzip.decompress(packed if name == "aap-2026" else ours.read_bytes())
    )
    queries._put_together.cache_clear()
    yield "aap-2026"
    queries._put_together.cache_clear()


def dates_of(patient: Any) -> dict[str, str]:
    return {
        group.group.name: date.fromordinal(group.recommended).isoformat()
        for group in forecast_for(patient, TODAY).groups
        if group.recommended
    }


def test_another_issuer_s_own_table_governs_the_group_that_follows_it_and_no_other(another_table: str) -> None:
    patient = a_patient(birth_date=date(2017, 1, 10))
    before = dates_of(patient)
    assert before["HPV"] == "2028-01-10"
    chosen("HPV", another_table)
    after = dates_of(patient)
    assert after["HPV"] == "2026-01-10"
    assert {name: day for name, day in after.items() if name != "HPV"} == {
        name: day for name, day in before.items() if name != "HPV"
    }
    lines = {line.name: line for _, found in vaccine_page(patient, TODAY).sections for line in found}
    assert (lines["HPV"].header.title, lines["HPV"].why.schedule) == ("AAP 2026", "AAP 2026")
    assert lines["Varicella"].header.title == "CDC 4.64"
    assert {header.title for header in vaccine_page(patient, TODAY).headers} == {"CDC 4.64", "AAP 2026"}
    assert record_words(patient, language="en", on=TODAY)["advice"].startswith(
        "Dates after the schedule of CDC 4.64; AAP"
    )
    assert actions.follow_the_rest(actor=ACTOR, group="HPV") == 1
    assert dates_of(patient) == before


def test_another_issuer_may_govern_everything_and_cdc_a_single_group(another_table: str) -> None:
    patient = a_patient(birth_date=date(2017, 1, 10))
    chosen("", another_table)
    chosen("HPV", "cdc-4.64")
    assert dates_of(patient)["HPV"] == "2028-01-10"
    assert governing_schedule().header_of("MMR").issuer == "AAP"
    assert governing_schedule().header_of("HPV").issuer == "CDC"


@pytest.mark.parametrize("status", [Standing.SUPERSEDED, Standing.STAYED])
def test_a_table_that_was_superseded_or_stayed_is_not_followed_until_it_is_active_again(
    another_table: str, status: Standing
) -> None:
    actions.set_edition_status(actor=ACTOR, name=another_table, status=status, reason="Court order of March 2026")
    with pytest.raises(InvalidInput, match="may not govern"):
        chosen("HPV", another_table)
    actions.set_edition_status(actor=ACTOR, name=another_table, status=Standing.ACTIVE, reason="Lifted")
    chosen("HPV", another_table)
    with pytest.raises(InvalidInput, match="Choose another"):
        actions.set_edition_status(actor=ACTOR, name=another_table, status=status, reason="Again")
