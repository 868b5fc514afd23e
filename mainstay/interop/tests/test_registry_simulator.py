"""The simulated registry: takes doses once, remembers them, finds people, forecasts, and can be in a mood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from mainstay.foundation.testing import A_MOMENT, EASTERN
from mainstay.interop.hl7 import parse_message, write_message
from mainstay.interop.hl7.acknowledging import verdict_of
from mainstay.interop.registries.answers import Found, answer_of
from mainstay.interop.registries.reports import Action, Coded, DoseReport, Envelope, Identifier, PersonReport
from mainstay.interop.registries.writing import Asking, history_query, vaccination_update
from mainstay.interop.simulators.commands import simulate
from mainstay.interop.simulators.registry import SimulatedRegistry

ENVELOPE = Envelope("MAINSTAY", "CLINIC1", "SIM", "STATE", "MAINSTAY-MRN", "T")
ANN = PersonReport((Identifier("1", "MAINSTAY-MRN"),), "Lee", "Ann", date(2024, 2, 1))
DOSE = DoseReport("d-1", Action.ADD, Coded("20", "DTaP", "CVX"), date(2024, 4, 1), source="01")


@pytest.fixture
def registry():
    return SimulatedRegistry(lambda: A_MOMENT)


def send(registry, dose=DOSE, person=ANN, control_id="m1"):
    message = vaccination_update(ENVELOPE, person, dose, control_id=control_id, now=A_MOMENT, zone=EASTERN)
    answer = registry.answer(write_message(message), "")
    return verdict_of(parse_message(answer)) if answer else None


def ask(registry, person=ANN, asking=Asking.HISTORY_AND_FORECAST, limit=10):
    message = history_query(ENVELOPE, person, asking=asking, control_id="q1", now=A_MOMENT, zone=EASTERN, limit=limit)
    return answer_of(parse_message(registry.answer(write_message(message), "")))


def days(registry):
    return [dose.given_on for dose in ask(registry).doses]


def test_a_dose_is_taken_once_however_often_it_is_sent(registry):
    first, second = send(registry), send(registry)
    assert first == second
    send(registry, control_id="m2")
    assert days(registry) == [date(2024, 4, 1)]


def test_a_change_replaces_and_a_deletion_removes(registry):
    send(registry)
    send(registry, replace(DOSE, action=Action.UPDATE, given=date(2024, 4, 2)), control_id="m2")
    assert days(registry) == [date(2024, 4, 2)]
    send(registry, replace(DOSE, action=Action.DELETE), control_id="m3")
    assert days(registry) == []


def test_what_is_missing_is_warned_of_or_refused(registry):
    assert send(registry, replace(DOSE, source="00")).has_warnings
    refused = send(registry, person=replace(ANN, family="", identifiers=()), control_id="m2")
    assert not refused.is_accepted
    assert refused.complaints[0].place == "PID-5"


def test_people_are_found_guessed_not_found_or_too_many(registry):
    send(registry)
    assert ask(registry).found is Found.HISTORY
    stranger = replace(ANN, identifiers=(Identifier("9", "ELSEWHERE"),))
    assert ask(registry, stranger).found is Found.HISTORY
    assert ask(registry, replace(stranger, given="Anna")).found is Found.CANDIDATES
    assert ask(registry, replace(stranger, birth_date=date(2023, 1, 1))).found is Found.NOBODY
    for number in range(3):
        twin = replace(ANN, identifiers=(Identifier(f"t{number}", "X"),), given=f"Twin{number}")
        send(registry, replace(DOSE, number=f"t{number}"), twin, control_id=f"t{number}")
    assert ask(registry, replace(stranger, given="Who"), limit=2).found is Found.TOO_MANY
    assert ask(registry, replace(stranger, family="", given="")).found is Found.ERROR


def test_it_forecasts_by_its_own_schedule_when_asked(registry):
    send(registry)
    found = ask(registry)
    dtap = next(one for one in found.forecasts if one.cvx == "107")
    assert (dtap.dose_number, dtap.due_on, dtap.status) == ("2", date(2024, 6, 1), "Overdue")
    assert not ask(registry, asking=Asking.HISTORY).forecasts


def test_it_can_be_down_slow_busy_or_against_it(registry):
    registry.behave("down")
    assert send(registry) is None
    registry.behave("busy")
    assert send(registry).may_pass
    registry.behave("refuse")
    assert not send(registry).is_accepted
    registry.behave("warn")
    assert send(registry).has_warnings
    registry.behave("slow 0.01")
    assert send(registry).is_accepted
    with pytest.raises(ValueError, match="cannot be"):
        registry.behave("angry")


def test_what_it_accepted_outlives_it_and_its_mood_can_be_told_from_outside(tmp_path):
    folder = tmp_path / "registry"
    folder.mkdir()
    send(SimulatedRegistry(lambda: A_MOMENT, folder=folder))
    again = SimulatedRegistry(lambda: A_MOMENT, folder=folder)
    assert days(again) == [date(2024, 4, 1)]
    assert simulate(["registry", "--folder", str(folder), "--mood", "down"]) == 0
    assert send(again) is None
    assert simulate(["registry", "--folder", str(folder), "--mood", "sad"]) == 2
