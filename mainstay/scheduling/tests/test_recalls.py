"""Recalls that are due become work; the third attempt that reached nobody becomes a letter."""

from datetime import date, timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.scheduling import actions
from mainstay.scheduling.tests.factories import a_patient, a_provider, booked, local
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()
TODAY = A_MOMENT.date()


def recall(mrn="1", due=TODAY):
    return actions.recall_patient(actor=SYSTEM, patient=a_patient(mrn), reason="Diabetes check", due_on=due)


def test_a_recall_that_is_due_is_on_the_front_desks_list_once():
    due = recall()
    recall("2", TODAY + timedelta(days=9))
    for _ in range(2):
        assert actions.owe_due_recalls(actor=SYSTEM) == 1
    item = WorkItem.objects.get(kind="recall")
    assert item.pool == "front_desk" and str(due.public_id) in item.url


def test_booking_it_or_giving_it_up_takes_it_off_the_list():
    one, other = recall(), recall("2")
    actions.owe_due_recalls(actor=SYSTEM)
    kept = booked(a_provider(), local(date(2026, 11, 23), 9), patient=one.patient)
    actions.meet_recall(actor=SYSTEM, recall=one, appointment=kept)
    actions.close_recall(actor=SYSTEM, recall=other, reason="Moved away")
    assert not WorkItem.objects.filter(kind="recall", state="open").exists()


def test_three_attempts_that_reach_nobody_make_a_letter_work():
    one = recall()
    for n in range(1, 4):
        actions.note_recall_attempt(actor=SYSTEM, recall=one)
        assert WorkItem.objects.filter(kind="letter").exists() == (n == 3)
    assert WorkItem.objects.get(kind="letter").pool == "forms"
