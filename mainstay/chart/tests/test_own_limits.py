"""A practice's own limits are read by the rules they claim to change, at the site they were set for."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from mainstay.chart.panels import Entry, judge_panel, panel, read_panel
from mainstay.chart.queries import PatientMeasures, limits_at, trend_chart
from mainstay.chart.rules import vital_limits
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.practice import actions
from mainstay.practice.actions import Override
from mainstay.practice.models import Site

pytestmark = pytest.mark.django_db
TODAY = A_MOMENT.date()
ADULT = PatientMeasures(born=date(1970, 1, 1), sex="m")


def a_site(name):
    return Site.objects.create(name=name, short_name=name, state="NY")


def own(row="adult.heart_rate", column="tell_from", value="100", site=None, effective=TODAY, **more):
    facts = {"table": "vital_limits", "reason": "Director's decision", "reviewed_by": "Dr. Boss", **more}
    override = Override(row=row, column=column, value=value, site=site, effective=effective, **facts)
    return actions.override_table(actor=an_actor(), override=override)


def told(limits, heart_rate):
    entered = read_panel(panel("vitals"), {"heart_rate": Entry(heart_rate)})
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    return [f.code for f in judge_panel(panel("vitals"), entered, ADULT, now=now, limits=limits)]


def test_without_values_of_our_own_the_table_holds():
    assert limits_at(None, on=TODAY) is vital_limits()


def test_a_sites_own_limit_is_judged_by_there_and_nowhere_else(django_assert_num_queries):
    here, there = a_site("here"), a_site("there")
    own(site=here)
    with django_assert_num_queries(1):
        limits = limits_at(here.pk, on=TODAY)
    assert told(limits, "104") and not told(limits_at(there.pk, on=TODAY), "104")


def test_a_sites_value_lies_over_the_practices():
    here = a_site("here")
    own(value="105")
    own(value="90", site=here)
    assert limits_at(here.pk, on=TODAY).adult["heart_rate"].tell_from == 90
    assert limits_at(None, on=TODAY).adult["heart_rate"].tell_from == Decimal(105)


def test_a_value_holds_from_its_day_until_the_next_one_or_its_withdrawal():
    first = own(value="105")
    own(value="100", effective=TODAY + timedelta(days=10))
    assert limits_at(None, on=TODAY - timedelta(days=1)) is vital_limits()
    assert limits_at(None, on=TODAY + timedelta(days=9)).adult["heart_rate"].tell_from == 105
    assert limits_at(None, on=TODAY + timedelta(days=10)).adult["heart_rate"].tell_from == 100
    first.refresh_from_db()
    assert first.withdrawn_on == TODAY + timedelta(days=10)


@pytest.mark.parametrize(
    "wrong",
    [
        {"table": "nothing reads this"},
        {"row": "adult.shoe_size"},
        {"value": "many"},
        {"value": "140"},
        {"reason": " "},
        {"reviewed_by": ""},
    ],
)
def test_a_value_no_rule_could_use_is_refused(wrong):
    with pytest.raises(InvalidInput):
        own(**wrong)


def test_a_value_for_the_practice_has_to_go_with_every_sites_own():
    own(column="now_from", value="115", site=a_site("here"))
    with pytest.raises(InvalidInput):
        own(column="tell_from", value="120")


def test_the_bands_behind_a_trend_are_those_the_value_is_judged_by():
    from mainstay.chart.models import Observation
    from mainstay.people.models import Patient

    here = a_site("here")
    own(row="adult.heart_rate", column="tell_from", value="85", site=here)
    patient = Patient.objects.create(mrn="1", given_name="A", family_name="B", birth_date=date(1970, 1, 1), sex="male")
    Observation.objects.create(patient=patient, key="heart_rate", value=80, effective_at=A_MOMENT)
    common = {"on": TODAY, "zone": ZoneInfo("America/New_York")}
    drawn = trend_chart(patient, "heart_rate", limits=limits_at(here.pk, on=TODAY), **common)
    assert drawn != trend_chart(patient, "heart_rate", **common)
