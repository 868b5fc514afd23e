"""A visit closes without its signature; the signature stays owed."""

from datetime import timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT
from mainstay.rooming import actions, queries
from mainstay.visits import actions as visit_actions
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.tests.factories import a_person, a_room, a_site, a_visit, acting_as
from mainstay.work import actions as work_actions
from mainstay.work.models import WorkItem
from mainstay.work.queries import may_close, work_waiting
from mainstay.workforce.models import Staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


@pytest.fixture
def doctor():
    return acting_as(a_person("doc", "provider", licence="MD"))


@pytest.fixture
def ma():
    return acting_as(a_person("maria", "clinical_ma"))


@pytest.fixture
def visit(ma, doctor):
    check = DeskCheck(identifiers=["name", "birth_date"])
    booked = a_visit(provider=Staff.objects.get(pk=doctor.staff_id))
    visit = visit_actions.check_in_patient(actor=ma, visit=booked, check=check, screen=ArrivalScreen())
    return visit_actions.room_patient(actor=ma, visit=visit, room=a_room())


def close(ma, visit):
    visit = visit_actions.begin_check_out(actor=ma, visit=visit)
    return visit_actions.close_visit(actor=ma, visit=visit)


def seen(doctor, visit):
    visit = visit_actions.start_provider(actor=doctor, visit=visit)
    return visit_actions.finish_provider(actor=doctor, visit=visit)


def the_work():
    return WorkItem.objects.get(kind="note_to_sign")


def test_a_visit_closes_before_the_note_is_signed_and_the_signature_is_the_providers_work(ma, doctor, visit):
    note = actions.write_note(actor=doctor, visit=visit, text="Stable.")
    assert close(ma, seen(doctor, visit)).stage == "closed"
    item = the_work()
    assert item.owner_id == doctor.staff_id and item in work_waiting(doctor, show="mine")
    assert timedelta() < item.due_at - A_MOMENT <= timedelta(days=4) and item.url == f"/provider/{visit.public_id}/"
    assert not may_close(ma, item)
    (section,) = [s for s in queries.open_at_end_of_day(ma, a_site()) if s.title == "Notes not signed"]
    (loop,) = section.loops
    assert "due" in loop.text and loop.whose == "Doc" and loop.url == item.url
    actions.sign_note(actor=doctor, note=note)
    assert the_work().state == "done" and the_work().outcome == "Signed."
    assert "Notes not signed" not in {s.title for s in queries.open_at_end_of_day(ma, a_site())}


def test_a_note_never_begun_is_owed_by_whoever_went_in(ma, visit):
    other = acting_as(a_person("cover", "provider", licence="MD"))
    close(ma, seen(other, visit))
    assert the_work().owner_id == other.staff_id
    note = actions.write_note(actor=other, visit=visit, text="Covered for Doc.")
    actions.sign_note(actor=other, note=note)
    assert the_work().state == "done"


def test_nothing_is_owed_for_a_signed_note_nor_where_no_provider_went_in(ma, doctor, visit):
    note = actions.write_note(actor=doctor, visit=visit, text="Stable.")
    actions.sign_note(actor=doctor, note=note)
    close(ma, seen(doctor, visit))
    assert not WorkItem.objects.filter(kind="note_to_sign").exists()


def test_a_visit_of_the_assistants_owes_no_note_even_where_the_provider_was_marked_by_mistake(ma, doctor, visit):
    visit = visit_actions.start_provider(actor=doctor, visit=visit)
    close(ma, visit_actions.undo_last_move(actor=doctor, visit=visit))
    assert not WorkItem.objects.filter(kind="note_to_sign").exists()


def test_a_patient_who_walks_out_leaves_the_begun_note_owed(ma, doctor, visit):
    visit = visit_actions.start_provider(actor=doctor, visit=visit)
    actions.write_note(actor=doctor, visit=visit, text="Was in the room for a minute.")
    visit_actions.mark_left(actor=ma, visit=visit, reason="Had to fetch a child")
    assert the_work().owner_id == doctor.staff_id
    assert the_work().detail == "Begun and not signed."


def test_a_note_begun_after_the_visit_is_owed_at_once_and_a_clinician_may_say_where_it_is(ma, doctor, visit):
    visit = close(ma, visit)
    actions.write_note(actor=doctor, visit=visit, text="Called the patient back.")
    done = work_actions.finish_work(actor=doctor, item=the_work(), outcome="Dictated elsewhere")
    assert done.state == "done"
