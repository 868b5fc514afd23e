"""A day of the demo clinic at any hour: at night, on a Sunday, on a holiday, when the clocks change."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from mainstay.config.demo.filling import book_around
from mainstay.config.demo.staffing import hire_everybody, open_practice, plan_templates, providers_of
from mainstay.foundation.actor import the_system
from mainstay.people.models import Patient
from mainstay.practice.actions import close_day
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.queries import why_stranded
from mainstay.visits.tests.factories import a_patient

NEW_YORK = ZoneInfo("America/New_York")
HOURS = [
    "2026-11-23 00:20", "2026-11-23 07:50", "2026-11-23 12:30", "2026-11-23 17:10", "2026-11-23 23:40",
    "2026-11-22 10:00", "2026-11-26 10:00", "2026-11-01 00:30", "2026-11-01 01:30", "2027-03-14 03:10",
]  # fmt: skip


@pytest.fixture
def sites(db, monkeypatch):
    system = the_system(now=datetime(2026, 10, 1, 12, tzinfo=NEW_YORK), zone=NEW_YORK)
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: system.now)
    sites = open_practice(system)
    people = hire_everybody(system, sites)
    plan_templates(system, people, sites)
    for n in range(160):
        a_patient(f"80{n:04}", birth_date=date(1950 + n % 60, 1, 1))
    return sites, people


@pytest.mark.parametrize("at", HOURS)
def test_the_day_is_full_at_any_hour_and_nobody_is_booked_where_it_is_closed(sites, monkeypatch, at):
    sites, people = sites
    now = datetime.fromisoformat(at).replace(tzinfo=NEW_YORK)
    system = the_system(now=now, zone=NEW_YORK)
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: now)
    site = sites[0]
    if at.startswith("2026-11-26"):
        close_day(actor=system, day=now.date(), name="Thanksgiving")
    providers = providers_of({name: one for name, one in people.items() if one.home_site_id == site.pk}, site)
    book_around(system, site, providers, now)
    booked = list(Appointment.objects.filter(site=site, state="booked").select_related("site", "provider"))
    today = [one for one in booked if one.during.lower.astimezone(NEW_YORK).date() == now.date()]
    assert len(today) >= 8 * len(providers)
    assert why_stranded(booked) == {}
    assert Patient.objects.count() == 160
