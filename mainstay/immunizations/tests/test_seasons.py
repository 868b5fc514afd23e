"""Seasons: a schedule that knows only the last one says so, and what can be done about it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.immunizations import actions
from mainstay.immunizations.actions import OverrideFacts
from mainstay.immunizations.forecast import Person, forecast_person, load_schedule, season_over_for, seasons_over
from mainstay.immunizations.queries import forecast_for, seasons_that_ended, vaccine_page
from mainstay.visits.tests.factories import a_patient, a_person

TODAY = A_MOMENT.date()


def over_on(day: date) -> dict[str, tuple[str, bool, bool]]:
    return {
        item.group: (item.ended.isoformat(), item.is_on_again, item.is_whole)
        for item in seasons_over(load_schedule("cdc-4.64"), day)
    }


@pytest.mark.parametrize(
    ("day", "over"),
    [
        (date(2025, 11, 10), {}),
        (date(2026, 1, 31), {}),
        (date(2026, 2, 1), {"RSV": ("2026-01-31", False, False)}),
        (date(2026, 6, 30), {"RSV": ("2026-03-31", False, False)}),
        (date(2026, 7, 1), {"Influenza": ("2026-06-30", True, True), "RSV": ("2026-03-31", False, False)}),
        (date(2026, 11, 22), {"Influenza": ("2026-06-30", True, True), "RSV": ("2026-03-31", True, False)}),
    ],
)
def test_a_season_is_over_after_its_last_day_and_on_again_by_the_calendar(day: date, over: dict[str, Any]) -> None:
    assert over_on(day) == over


def test_a_group_that_waits_for_no_season_is_not_called_out_of_season() -> None:
    forecast = forecast_person(Person(date(1960, 1, 1)), load_schedule("cdc-4.64"), date(2026, 11, 22))
    found = {group.group.name: season_over_for(group, date(2026, 11, 22)) for group in forecast.groups}
    assert found["Influenza"] is not None and found["Influenza"].is_on_again
    assert {name for name, over in found.items() if over is not None} == {"Influenza"}


@pytest.mark.django_db
def test_the_page_of_a_patient_says_that_the_season_ended_and_what_to_do(
    client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    patient = a_patient(birth_date=date(1960, 1, 1))
    sections = {title: [line.name for line in lines] for title, lines in vaccine_page(patient, TODAY).sections}
    assert sections["Season over"] == ["Influenza"]
    assert "Influenza" not in sections.get("Not needed", [])
    client.force_login(a_person("lee", "lead_ma"))
    shown = client.get(f"/patients/{patient.public_id}/vaccines/").content.decode()
    assert "The season CDC 4.64 knows ended on" in shown
    assert "the clinician decides and signs an order" in shown


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/vaccines/due/", "/admin/vaccine-schedules/"])
def test_the_list_and_the_settings_say_it_too(client: Any, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("lee", "lead_ma"))
    shown = client.get(address).content.decode()
    assert "The season CDC 4.64 knows has ended (Flu, 06/30/2026; RSV for some patients, 03/31/2026)" in shown


def a_season(field: str, value: str) -> None:
    facts = OverrideFacts(
        antigen="Influenza", series="Influenza standard series", field=field, value=value,
        reason="ACIP 2026", medical_director="Dr. Patel",
    )  # fmt: skip
    actions.override_schedule(actor=an_actor(), facts=facts)


@pytest.mark.django_db
def test_a_season_the_medical_director_sets_makes_flu_due_again() -> None:
    patient = a_patient(birth_date=date(1960, 1, 1))
    a_season("season.start", "2026-07-01")
    a_season("season.end", "2027-06-30")
    flu = next(group for group in forecast_for(patient, TODAY).groups if group.group.name == "Influenza")
    assert (flu.status, date.fromordinal(flu.earliest)) == ("Not Complete", date(2026, 7, 1))
    assert [notice.groups for notice in seasons_that_ended(TODAY)] == [("RSV",)]


@pytest.mark.django_db
def test_a_season_is_a_day() -> None:
    with pytest.raises(InvalidInput, match="cannot be set"):
        a_season("season.end", "next summer")
