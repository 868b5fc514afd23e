"""The access log: append-only, and every row seals the one before."""

import uuid

import pytest
from django.db import InternalError, ProgrammingError, transaction

from mainstay.foundation.access import log_read
from mainstay.foundation.models import AccessRecord
from mainstay.foundation.testing import an_actor


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
