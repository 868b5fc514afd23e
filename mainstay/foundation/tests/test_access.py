"""The access log: append-only, and every row seals the one before."""

import uuid
from datetime import timedelta

import pgtrigger
import pytest
from django.db import InternalError, ProgrammingError, transaction

from mainstay.foundation.access import broken_seals, log_read
from mainstay.foundation.models import AccessRecord
from mainstay.foundation.testing import A_MOMENT, an_actor


@pytest.mark.django_db
def test_every_row_seals_the_one_before_it():
    for _ in range(3):
        log_read(an_actor(), kind="patient", subject=uuid.uuid4(), what="chart")
    rows = list(AccessRecord.objects.order_by("pk"))
    assert [r.previous_hash for r in rows] == ["", rows[0].hash, rows[1].hash]
    assert all(len(r.hash) == 64 for r in rows)


@pytest.mark.django_db
def test_the_access_log_can_be_neither_changed_nor_cut():
    log_read(an_actor(), kind="patient", subject=uuid.uuid4(), what="chart")
    for write in (lambda: AccessRecord.objects.update(what="nothing"), lambda: AccessRecord.objects.all().delete()):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            write()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"at": A_MOMENT + timedelta(hours=1)},
        {"staff_id": 99},
        {"subject_kind": "visit"},
        {"subject_id": uuid.UUID(int=1)},
        {"what": "nothing"},
        {"reason": "none"},
        {"is_break_glass": True},
        {"session": "other"},
        {"previous_hash": "0" * 64},
        {"hash": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whoever_changes_a_row_behind_the_guards_breaks_its_seal(change):
    subjects = [uuid.uuid4() for _ in range(3)]
    for subject in subjects:
        log_read(an_actor(staff_id=7), kind="patient", subject=subject, what="chart")
    assert broken_seals() == []
    row = AccessRecord.objects.get(subject_id=subjects[1])
    with pgtrigger.ignore("foundation.AccessRecord:append_only"):
        AccessRecord.objects.filter(pk=row.pk).update(**change)
    assert broken_seals()[0] == row.pk


@pytest.mark.django_db
def test_a_row_cut_out_of_the_log_is_missed():
    subjects = [uuid.uuid4() for _ in range(3)]
    for subject in subjects:
        log_read(an_actor(), kind="patient", subject=subject, what="chart")
    with pgtrigger.ignore("foundation.AccessRecord:append_only"):
        AccessRecord.objects.filter(subject_id=subjects[1]).delete()
    assert broken_seals() == [AccessRecord.objects.get(subject_id=subjects[2]).pk]
