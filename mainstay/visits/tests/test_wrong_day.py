"""Who comes days before the visit they are booked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT
from mainstay.visits import actions
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.errors import NotYetTheDay
from mainstay.visits.rules import is_before_its_day
from mainstay.visits.tests.factories import a_person, a_visit, acting_as

pytestmark = pytest.mark.django_db
TWO = DeskCheck(identifiers=["name", "birth_date"])


@pytest.mark.parametrize(("hours", "expected"), [(-30, False), (0, False), (12, False), (13, True), (48, True)])
def test_half_a_day_ahead_is_another_day(hours, expected):
    assert is_before_its_day(A_MOMENT + timedelta(hours=hours), A_MOMENT) is expected


def test_a_visit_of_a_later_day_is_not_checked_in_where_no_board_would_show_it():
    desk, visit = a_person("desk", "administrative_ma"), a_visit(starts=A_MOMENT + timedelta(days=2))
    with pytest.raises(NotYetTheDay):
        actions.check_in_patient(actor=acting_as(desk), visit=visit, check=TWO, screen=ArrivalScreen())
    visit.refresh_from_db()
    assert visit.stage == "expected"


def test_the_desk_is_told_the_day_and_what_to_do_instead(client, monkeypatch):
    desk, visit = a_person("desk", "administrative_ma"), a_visit(starts=A_MOMENT + timedelta(days=2))
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(desk)
    shown = client.get(f"/visits/{visit.public_id}/check-in/").content.decode()
    assert "not for today" in shown
    assert "Move it to today" in shown and "Walk-in" in shown
