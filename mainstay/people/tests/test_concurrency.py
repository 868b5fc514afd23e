from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from mainstay.foundation.errors import ClinicError
from mainstay.foundation.testing import an_actor
from mainstay.people import actions
from mainstay.people.models import MergedRow, Patient, PatientMerge
from mainstay.people.tests.factories import DIFFERENT, MARIA, a_patient

pytestmark = pytest.mark.django_db(transaction=True)
SYSTEM = an_actor()
DESKS = 6


def at_once(act):
    """What happened at each of several desks that did the same at the same moment."""
    start = Barrier(DESKS)

    def desk(number):
        try:
            start.wait()
            act(number)
            return "done"
        except ClinicError as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(DESKS) as desks:
        return Counter(desks.map(desk, range(DESKS)))


def test_two_charts_are_merged_once_whichever_way_round():
    one, other = a_patient(phone="512-555-0134"), a_patient(replace(MARIA, given_name="Mary"), phone="737-555-0188")

    def merge(number):
        kept, merged = (one, other) if number % 2 else (other, one)
        actions.merge_patients(actor=SYSTEM, kept=kept, merged=merged, reason="Same person: compared identity cards")

    assert at_once(merge) == {"done": 1, "AlreadyMerged": DESKS - 1}
    assert PatientMerge.objects.count() == 1
    assert MergedRow.objects.filter(table="people.ContactPoint").count() == 1

    merge_made = PatientMerge.objects.get()
    assert at_once(lambda _: actions.undo_merge(actor=SYSTEM, merge=merge_made)) == {
        "done": 1,
        "IllegalMove": DESKS - 1,
    }
    assert sorted(p.contact_points.count() for p in Patient.objects.all()) == [1, 1]


def test_every_desk_gets_its_own_number():
    def register(number):
        who = replace(MARIA, given_name=f"Maria{'abcdefgh'[number] * 3}")
        actions.register_patient(actor=SYSTEM, demographics=who, confirmed=DIFFERENT)

    assert at_once(register) == {"done": DESKS}
    assert len(set(Patient.objects.values_list("mrn", flat=True))) == DESKS


def test_the_same_need_told_at_two_desks_is_one_need():
    maria = a_patient()
    at_once(lambda _: actions.note_need(actor=SYSTEM, patient=maria, kind="hearing", detail="left ear"))
    assert maria.needs.filter(ended_at=None).count() == 1
