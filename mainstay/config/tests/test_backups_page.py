"""The page of backups: what is kept, and one more on demand."""

import json
import uuid
from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from mainstay.foundation.testing import A_MOMENT
from mainstay.visits.tests.factories import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client, monkeypatch, tmp_path):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    monkeypatch.setenv("MAINSTAY_DATA_DIR", str(tmp_path))
    client.force_login(a_person("ada", "administrator"))
    return client


def test_the_page_shows_the_last_good_backup_and_those_kept(admin, tmp_path):
    assert b"No backup yet" in admin.get("/backups/").content
    begun = A_MOMENT - timedelta(hours=8)
    folder = tmp_path / "backups" / f"{begun:%Y%m%dT%H%M%SZ}"
    folder.mkdir(parents=True)
    record = {"edition": 1, "begun": begun.isoformat(), "finished": begun.isoformat(), "version": "1", "size": 2_000,
              "purpose": "practice", "sha256": "", "tables": {"people_patient": [321, "x"]}}  # fmt: skip
    (folder / "backup.json").write_text(json.dumps(record))
    shown = admin.get("/backups/").content.decode()
    assert folder.name in shown and "321" in shown and "Good" in shown


def test_a_backup_is_asked_for_once(admin):
    key = {"idempotency_key": str(uuid.uuid4())}
    assert admin.post("/backups/start/", key).status_code == 303
    assert ProcrastinateJob.objects.filter(task_name="back_up_now").count() == 1
    assert b"is being made" in admin.get("/backups/").content
    again = admin.post("/backups/start/", {"idempotency_key": str(uuid.uuid4())})
    assert again.status_code == 409
    assert ProcrastinateJob.objects.filter(task_name="back_up_now").count() == 1


def test_a_medical_assistant_starts_no_backup(client):
    client.force_login(a_person("maria", "clinical_ma"))
    assert client.post("/backups/start/", {"idempotency_key": str(uuid.uuid4())}).status_code == 403
    assert not ProcrastinateJob.objects.filter(task_name="back_up_now").exists()
