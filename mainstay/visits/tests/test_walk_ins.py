"""Who comes without a booking."""

import uuid
from datetime import date

import pytest

from mainstay.foundation.testing import A_MOMENT
from mainstay.visits.models import Visit
from mainstay.visits.tests.factories import a_patient, a_person, a_visit_type

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def walk_in(client, patient, **more):
    typed = {"visit_type": "physical", "provider": "", "reason": "Camp form", "idempotency_key": str(uuid.uuid4())}
    return client.post(f"/patients/{patient.public_id}/walk-in/", {**typed, **more})


@pytest.fixture
def child():
    kind = a_visit_type("physical")
    type(kind).objects.update(name="Adult physical", youngest="18y")
    return a_patient("7", birth_date=date(2019, 5, 1))


def test_a_walk_in_for_another_age_needs_a_reason_which_stands_in_the_timeline(client, child):
    client.force_login(a_person("lena", "lead_ma"))
    asked = walk_in(client, child)
    assert asked.status_code == 422 and 'name="reason:other-age"' in asked.content.decode()
    assert not Visit.objects.exists()
    assert walk_in(client, child, **{"reason:other-age": "No pediatrician today"}).status_code == 303
    shown = client.get(f"/visits/{Visit.objects.get().public_id}/").content.decode()
    assert "No pediatrician today" in shown


def test_who_may_not_decide_about_ages_puts_nobody_on_the_board(client, child):
    client.force_login(a_person("maria", "clinical_ma"))
    refused = walk_in(client, child, **{"reason:other-age": "Asked"})
    assert refused.status_code == 422 and "can book it with a reason" in refused.content.decode()
    assert not Visit.objects.exists()
    assert walk_in(client, a_patient("8")).status_code == 303
