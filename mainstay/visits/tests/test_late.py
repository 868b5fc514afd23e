"""How late is late is the site's own: the shipped rule, with its minutes over it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice import actions as practice
from mainstay.practice.actions import Override
from mainstay.visits.queries import late_rule_at
from mainstay.visits.rules import late_rule
from mainstay.visits.tests.factories import a_person, a_site, a_visit

pytestmark = pytest.mark.django_db
TODAY = A_MOMENT.date()


def own(column, value, site=None):
    override = Override("late_arrivals", "minutes", column, value, "Long way by bus", "Dr. Reyes", TODAY, site)
    return practice.override_table(actor=an_actor(), override=override)


@pytest.fixture
def desk(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("dee", "administrative_ma"))
    return client


def test_a_site_has_a_rule_of_its_own_for_late_arrivals(desk):
    visit = a_visit(starts=A_MOMENT - timedelta(minutes=12))
    at = f"/visits/{visit.public_id}/check-in/"
    assert "Check in as usual" in desk.get(at).content.decode()
    own("grace_minutes", "2", visit.site)
    own("seen_as_booked_minutes", "10", visit.site)
    assert "The provider decides" in desk.get(at).content.decode()
    assert late_rule_at(a_site("Southside").pk, on=TODAY) == late_rule({})
    own("grace_minutes", "12", a_site("Southside"))
    assert "12 min late" in desk.get("/board/").content.decode()


def test_the_board_follows_the_sites_own_grace(desk):
    visit = a_visit(starts=A_MOMENT - timedelta(minutes=12))
    assert "12 min late" in desk.get("/board/").content.decode()
    own("grace_minutes", "12", visit.site)
    assert "12 min late" not in desk.get("/board/").content.decode()


@pytest.mark.parametrize(
    ("column", "value"),
    [("grace_minutes", "20"), ("grace_minutes", "soon"), ("seen_as_booked_minutes", "999"), ("grace", "5")],
)
def test_minutes_that_cannot_hold_together_are_refused(column, value):
    with pytest.raises(InvalidInput):
        own(column, value)
