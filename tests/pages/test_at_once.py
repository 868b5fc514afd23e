"""Many hands at the same moment: one effect and one answer for each write, and nobody in a room that is taken."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from mainstay.foundation.testing import A_MOMENT
from mainstay.rooming.models import Intake
from mainstay.visits import actions
from mainstay.visits.models import RoomUse, Visit, VisitStep
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_visit, a_visit_type, acting_as

pytestmark = pytest.mark.django_db(transaction=True)
CHECKED = {"identifiers": ["name", "birth_date"], "fever": "no", "rash": "no", "cough": "no"}


@pytest.fixture(autouse=True)
def nine_in_the_morning(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def at_once(*sends: Callable[[], object]) -> list:
    """Start every one at the same moment, each on a connection of its own."""
    together = threading.Barrier(len(sends))

    def start(send: Callable[[], object]) -> object:
        together.wait(10)
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
    """A visit waiting to be checked in, one in a room, and what can be written about them."""
    maria = a_person("maria", "clinical_ma", "administrative_ma")
    actor = acting_as(maria)
    a_visit_type("acute", "acute")
    expected = a_visit()
    here = actions.mark_arrived(actor=actor, visit=a_visit(patient=a_patient("100002", given_name="Al")))
    roomed = actions.room_patient(actor=actor, visit=here, room=a_room("4"))
    Intake.objects.create(
        visit=roomed, started_by=maria, started_at=A_MOMENT, identified_at=A_MOMENT, identifiers=["name", "birth_date"]
    )
    rooming = f"/rooming/{roomed.public_id}/"
    writes = {
        "check in": (f"/visits/{expected.public_id}/check-in/", CHECKED, lambda: expected.steps),
        "walk in": (
            f"/patients/{expected.patient.public_id}/walk-in/",
            {"visit_type": "acute", "reason": "Cough"},
            lambda: Visit.objects.filter(reason="Cough"),
        ),
        "vital signs": (rooming + "panel/vitals/", {"heart_rate": "72"}, lambda: roomed.patient.observations),
        "allergy": (rooming + "allergies/", {"substance": "Penicillin"}, lambda: roomed.patient.allergys),
        "medicine": (rooming + "medications/", {"name": "Lisinopril 10 mg"}, lambda: roomed.patient.medications),
        "to check-out": (f"/visits/{roomed.public_id}/step/begin_check_out/", {}, lambda: roomed.steps),
        "loose end": (
            f"/visits/{roomed.public_id}/loose-ends/",
            {"kind": "follow_up", "text": "Back in 2 weeks"},
            lambda: roomed.loose_ends,
        ),
        "left": (f"/visits/{roomed.public_id}/left/", {"reason": "Could not wait"}, lambda: roomed.steps),
    }
    return maria, writes


WRITES = ("check in", "walk in", "vital signs", "allergy", "medicine", "to check-out", "loose end", "left")


@pytest.mark.parametrize("name", WRITES)
def test_a_write_sent_five_times_at_once_has_one_effect_and_one_answer(everything, name):
    maria, writes = everything
    url, typed, found = writes[name]
    before, once = found().count(), key()
    one = signed_in(maria)[0]
    answers = at_once(*[lambda: _post(one, url, {**typed, **once})] * 5)
    assert {a.status_code for a in answers} <= {200, 204, 303}, [a.content[:300] for a in answers]
    assert len({(a.status_code, a.get("Location", ""), a.content) for a in answers}) == 1
    made = found().count() - before
    again = _post(one, url, {**typed, **once})
    assert made >= 1 and found().count() - before == made and again["Idempotency-Replayed"] == "true"
    assert sum("Idempotency-Replayed" in a for a in answers) == 4


def _post(client: Client, url: str, typed: dict):
    """Each sender has a client of their own with the same session: clients are not made for threads."""
    own = Client()
    own.cookies = client.cookies.copy()
    return own.post(url, typed)


def test_two_desks_move_one_visit_and_the_second_is_told(everything):
    maria, _ = everything
    visit = Visit.objects.get(stage="rooming")
    url = f"/visits/{visit.public_id}/step/begin_check_out/"
    clients = signed_in(maria, a_person("lee", "clinical_ma"))
    answers = at_once(*[lambda c=c: c.post(url, key()) for c in clients])
    assert sorted(a.status_code for a in answers) == [303, 409]
    assert VisitStep.objects.filter(visit=visit, name="begin_check_out").count() == 1


def test_two_patients_and_one_room(everything):
    maria, _ = everything
    actor, room = acting_as(maria), a_room("5")
    waiting = [a_visit(patient=a_patient(mrn, given_name=mrn)) for mrn in ("100005", "100006")]
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
    maria, _ = everything
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
