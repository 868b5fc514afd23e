"""What rests on a credential stops at the midnight after its last day, by the clock of the site, and not before."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mainstay.authority.queries import Order, Supervision, may_do_act
from mainstay.practice.models import Site
from mainstay.workforce.middleware import actor_from
from mainstay.workforce.models import CompetencySignOff, Credential
from mainstay.workforce.tests.factories import a_person, a_site

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("zone", "state", "last_moment", "first_after"),
    [
        ("America/New_York", "WA", datetime(2026, 11, 21, 4, 59, tzinfo=UTC), datetime(2026, 11, 21, 5, 0, tzinfo=UTC)),
        ("America/Los_Angeles", "WA", datetime(2026, 11, 21, 7, 59, tzinfo=UTC), datetime(2026, 11, 21, 8, tzinfo=UTC)),
        ("Pacific/Honolulu", "WA", datetime(2026, 11, 21, 9, 59, tzinfo=UTC), datetime(2026, 11, 21, 10, tzinfo=UTC)),
    ],
)
def test_an_act_is_refused_from_the_midnight_of_the_site(monkeypatch, zone, state, last_moment, first_after):
    site: Site = a_site("West", zone, state)
    boss = a_person("boss", "manager", home_site=site)
    ann = a_person("ann", "clinical_ma", home_site=site)
    Credential.objects.create(
        staff=ann, code="WA_MA_C", issuer="DOH", state="WA", expires_on=date(2026, 11, 20),
        verified_by=boss, verified_at=datetime(2026, 1, 1, tzinfo=UTC), verified_how="website",
    )  # fmt: skip
    CompetencySignOff.objects.create(
        staff=ann, act="venipuncture", rung="independent", checklist_version="1", assessed_by=boss,
        assessed_on=date(2026, 1, 1), expires_on=date(2027, 1, 1),
    )  # fmt: skip

    def answer_at(moment):
        monkeypatch.setattr("mainstay.foundation.clock.now", lambda: moment)
        actor = actor_from(ann, site_id=site.pk, zone=ZoneInfo(zone), session="")
        return may_do_act(actor, "venipuncture", order=Order.SIGNED, delegator="MD", supervision=Supervision.ON_SITE)

    assert answer_at(last_moment)
    refused = answer_at(first_after)
    assert not refused and "expired on" in refused.reason
