"""Several abnormal values told in one breath, and answered in one."""

import uuid

import pytest

from mainstay.chart.queries import Entry
from mainstay.foundation.errors import IllegalMove
from mainstay.foundation.findings import NOTHING_CONFIRMED
from mainstay.foundation.testing import A_MOMENT
from mainstay.rooming import actions
from mainstay.rooming.models import AbnormalLoop
from mainstay.visits import actions as visit_actions
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.tests.factories import a_person, a_room, a_visit, acting_as

pytestmark = pytest.mark.django_db
TWO = ["name", "birth_date"]


@pytest.fixture
def doctor():
    return a_person("doc", "provider", licence="MD")


@pytest.fixture
def visit(client, monkeypatch, doctor):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    maria = a_person("maria", "clinical_ma")
    client.force_login(maria)
    ma, check = acting_as(maria), DeskCheck(identifiers=TWO)
    booked = a_visit(provider=doctor)
    visit = visit_actions.check_in_patient(actor=ma, visit=booked, check=check, screen=ArrivalScreen())
    visit = visit_actions.room_patient(actor=ma, visit=visit, room=a_room())
    actions.identify_patient(actor=ma, visit=visit, identifiers=TWO)
    entries = {"heart_rate": Entry(text="138"), "respiratory_rate": Entry(text="27")}
    actions.record_panel(actor=ma, visit=visit, code="vitals", entries=entries, confirmed=NOTHING_CONFIRMED)
    return visit


def post(client, visit, what, **typed):
    loop = AbnormalLoop.objects.order_by("pk").first()
    url = f"/rooming/{visit.public_id}/loops/{loop.public_id}/{what}/"
    return client.post(url, {**typed, "idempotency_key": str(uuid.uuid4())})


def states():
    return [loop.state for loop in AbnormalLoop.objects.order_by("pk")]


def test_values_said_together_are_told_and_answered_once(client, visit, doctor):
    assert "The other values too, said together" in client.get(f"/rooming/{visit.public_id}/").content.decode()
    told = {"to": str(doctor.public_id), "how": "in_person", "others": "on"}
    assert post(client, visit, "tell", **told).status_code == 303 and states() == ["told", "told"]
    assert post(client, visit, "answer", answer="ECG now", others="on").status_code == 303
    assert states() == ["answered", "answered"] and {one.answer for one in AbnormalLoop.objects.all()} == {"ECG now"}


def test_a_value_not_said_to_be_told_stays_open(client, visit, doctor):
    post(client, visit, "tell", to=str(doctor.public_id), how="phone")
    assert states() == ["told", "open"]


def test_values_are_answered_all_or_none(visit, doctor):
    ma = acting_as(a_person("ann", "clinical_ma"))
    first, second = AbnormalLoop.objects.order_by("pk")
    actions.tell_provider(actor=ma, loop=first, to=doctor, how="phone")
    with pytest.raises(IllegalMove):
        actions.answer_together(actor=acting_as(doctor), loops=[first, second], answer="ECG now")
    assert states() == ["told", "open"]
