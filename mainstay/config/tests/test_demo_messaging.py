"""What the demo clinic hears from its patients."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mainstay.chart.models import Medication
from mainstay.config.demo.messaging import CAME, hear_from_patients
from mainstay.foundation.testing import A_MOMENT
from mainstay.messages.models import Thread
from mainstay.visits.tests.factories import a_patient, a_person, a_site
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    site = a_site()
    a_person("lee", "administrative_ma")
    a_person("ruth", "nurse")
    for n in range(2 * len(CAME)):
        Medication.objects.create(patient=a_patient(f"70{n:04}"), name="Lisinopril")
    return site


def test_messages_wait_one_is_answered_one_is_settled_and_a_second_start_adds_none(site):
    hear_from_patients(site)
    hear_from_patients(site)
    assert Thread.objects.count() == len(CAME)
    assert Thread.objects.filter(closed_at__isnull=False).count() == 1
    chest = Thread.objects.get(subject__contains="chest")
    assert chest.band in ("R0", "R1", "R2") and chest.band_raised_because
    kinds = set(WorkItem.objects.filter(state__in=["open", "taken"]).values_list("kind", flat=True))
    assert {"message", "refill", "relay"} <= kinds


def test_what_an_earlier_day_left_open_is_closed_before_new_ones_come(site, monkeypatch):
    hear_from_patients(site)
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT + timedelta(days=1))
    hear_from_patients(site)
    assert Thread.objects.count() == 2 * len(CAME)
    assert not Thread.objects.filter(closed_at=None, opened_at__lt=A_MOMENT + timedelta(hours=9)).exists()
