"""Who waits and who is called back in the demo clinic."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from mainstay.config.demo.lists import RECALLS, WANTS, fill_lists
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.people.models import Patient
from mainstay.scheduling.models import Recall, WaitListEntry
from mainstay.visits.tests.factories import a_patient, a_person, a_site, a_visit

pytestmark = pytest.mark.django_db


def test_two_wait_for_an_earlier_time_four_are_called_back_and_a_second_start_adds_none(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    doctor = a_person("doc", "provider")
    for n in range(16):
        a_patient(f"80{n:04}")
    Patient.objects.update(birth_date=date(1960, 1, 1))
    for days in (6, 7, 8):
        a_visit(provider=doctor, starts=A_MOMENT + timedelta(days=days), patient=a_patient(f"81{days:04}"))
    for _ in range(2):
        fill_lists(an_actor(), a_site(), [doctor])
    assert Recall.objects.count() == len(RECALLS)
    assert WaitListEntry.objects.count() == len(WANTS)
