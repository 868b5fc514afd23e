"""Many hands at the same moment: one effect and one answer for each write, and nobody in a room that is taken."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from mainstay.foundation.testing import A_MOMENT
from mainstay.rooming.models import Intake
from mainstay.visits import actions
from mainstay.visits.models import RoomUse, Visit, VisitStep
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_visit, acting_as

pytestmark = pytest.mark.django_db(transaction=True)
CHECKED = {"identifiers": ["name", "birth_date"], "fever": "no", "rash": "no", "cough": "no"}


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def at_once(*sends: Callable[[], object]) -> list:
    """Start every one at the same moment, each on a connection of its own."""
    together = threading.Barrier(len(sends))

    def start(send: Callable[[], object]) -> object:
        together.wait(600)
        try:
            return send()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(sends)) as threads:
        return list(threads.map(start, sends))


def signed_in(*people) -> list[Client]:
    clients = [Client() for _ in people]
    for client, person in zip(clients, people, strict=True):
        client.force_login(person)
    return clients


def key() -> dict[str, str]:
    return {"idempotency_key": str(uuid.uuid4())}


@pytest.fixture
def everything():
    """A visit in a room, identified, and somebody who may do what is done there."""
    maria = a_person("maria", "clinical_ma", "administrative_ma")
    actor = acting_as(maria)
    here = actions.mark_arrived(actor=actor, visit=a_visit(patient=a_patient("100002", given_name="Al")))
    roomed = actions.room_patient(actor=actor, visit=here, room=a_room("4"))
    Intake.objects.create(
        visit=roomed, started_by=maria, started_at=A_MOMENT, identified_at=A_MOMENT, identifiers=["name", "birth_date"]
    )
    return maria


def test_two_desks_move_one_visit_and_the_second_is_told(everything):
    maria = everything
    visit = Visit.objects.get(stage="rooming")
    url = f"/visits/{visit.public_id}/step/begin_check_out/"
    clients = signed_in(maria, a_person("lee", "clinical_ma"))
    answers = at_once(*[lambda c=c: c.post(url, key()) for c in clients])
    assert sorted(a.status_code for a in answers) == [303, 409]
    assert VisitStep.objects.filter(visit=visit, name="begin_check_out").count() == 1


def test_two_patients_and_one_room(everything):
    maria = everything
    actor, room = acting_as(maria), a_room("5")
    waiting = [
        a_visit(patient=a_patient(mrn, given_name=mrn), starts=A_MOMENT + timedelta(minutes=40 * n))
        for n, mrn in enumerate(("100005", "100006"), 1)
    ]
    for visit in waiting:
        actions.mark_arrived(actor=actor, visit=visit)
    clients = signed_in(maria, a_person("lee", "clinical_ma"))
    answers = at_once(
        *[
            lambda c=c, v=v: c.post(f"/visits/{v.public_id}/choose-room/", {"room": str(room.public_id), **key()})
            for c, v in zip(clients, waiting, strict=True)
        ]
    )
    assert sorted(a.status_code for a in answers) in ([303, 409], [303, 422])
    assert Visit.objects.filter(room=room).count() == 1
    assert RoomUse.objects.get(room=room).visit_id in {visit.pk for visit in waiting}


def test_two_people_save_one_reason_and_the_second_is_told(everything):
    maria = everything
    intake = Intake.objects.get()
    url = f"/rooming/{intake.visit.public_id}/reason/"
    clients = signed_in(maria, a_person("lee", "clinical_ma"))
    said = {"told_by": "patient", "version": str(intake.version)}
    answers = at_once(
        *[
            lambda c=c, w=w: c.post(url, {**said, "words": w, **key()})
            for c, w in zip(clients, ("Headache", "Dizzy"), strict=True)
        ]
    )
    assert sorted(a.status_code for a in answers) == [303, 422]
    refused = next(a for a in answers if a.status_code == 422)
    lost = "Dizzy" if Intake.objects.get().reason_words == "Headache" else "Headache"
    assert lost in refused.content.decode(), "what the second typed is gone"
