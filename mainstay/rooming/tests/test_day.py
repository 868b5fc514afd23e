"""The huddle sheet and the end of the day."""

import uuid
from datetime import timedelta

import pytest

from mainstay.foundation.errors import NotPermitted
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.people.models import Need
from mainstay.rooming import actions, queries
from mainstay.rooming.models import PreVisitPlan, ProviderNote
from mainstay.visits import actions as visit_actions
from mainstay.visits.models import Visit
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_site, a_visit, acting_as
from mainstay.work import actions as work_actions

pytestmark = pytest.mark.django_db
TOMORROW = A_MOMENT + timedelta(days=3)


def key():
    return {"idempotency_key": str(uuid.uuid4())}


@pytest.fixture
def ma(client, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(a_person("maria", "clinical_ma"))
    return client


def a_visit_to_plan():
    patient = a_patient(language="es")
    Need.objects.create(patient=patient, kind="mobility", detail="walker")
    visit = a_visit(provider=a_person("doc", "provider"), starts=TOMORROW, patient=patient)
    due = {"expected_by": A_MOMENT + timedelta(days=5), "patient": patient}
    work_actions.expect(actor=an_actor(), kind="lab_result", title="Potassium", **due)
    return visit


def test_the_sheet_says_what_each_visit_needs_and_keeps_the_teams_notes():
    visit, maria = a_visit_to_plan(), acting_as(a_person("maria", "clinical_ma"))
    day = queries.day_to_plan(a_site(), today=maria.today)
    assert day == visit.day
    assert actions.build_huddle(actor=maria, site=a_site(), day=day) == 1
    plan = actions.note_for_huddle(actor=maria, plan=PreVisitPlan.objects.get(), note="Daughter drives")
    assert "walker" in plan.text and "Interpreter (es)" in plan.text and "Potassium (awaited)" in plan.text
    actions.build_huddle(actor=maria, site=a_site(), day=day)
    (group,) = queries.huddle_groups(a_site(), day)
    assert group.name == "Doc" and group.lines[0].plan.huddle_note == "Daughter drives"
    with pytest.raises(NotPermitted):
        actions.build_huddle(actor=acting_as(a_person("bill", "biller")), site=a_site(), day=day)


def test_the_sheet_is_built_noted_and_shown(ma, django_assert_max_num_queries):
    a_visit_to_plan()
    assert "has not been gathered yet" in ma.get("/huddle/").content.decode()
    assert ma.post("/huddle/rebuild/", key()).status_code == 303
    note = f"/huddle/{PreVisitPlan.objects.get().public_id}/note/"
    assert ma.post(note, {"note": "Bring the lift", **key()}).status_code == 303
    with django_assert_max_num_queries(14):
        shown = ma.get("/huddle/").content.decode()
    assert "Bring the lift" in shown and "walker" in shown
    assert "Nobody is booked" in ma.get("/huddle/?day=today").content.decode()


def test_the_end_of_the_day_lists_what_is_open_each_with_one_thing_to_do(ma, django_assert_max_num_queries):
    assert "Nothing is open" in ma.get("/end-of-day/").content.decode()
    doc = a_person("doc", "provider")
    ann = acting_as(a_person("ann", "clinical_ma"))
    visit = visit_actions.mark_arrived(actor=ann, visit=a_visit(provider=doc))
    visit = visit_actions.room_patient(actor=ann, visit=visit, room=a_room())
    ProviderNote.objects.create(visit=Visit.objects.get(), author=doc, text="So far")
    work_actions.owe(actor=an_actor(), kind="test", title="Call Jo", band="R3")
    work_actions.hand_off(actor=ann, to=doc, situation="Recheck at three")
    with django_assert_max_num_queries(20):
        shown = ma.get("/end-of-day/").content.decode()
    for words in ("Visits not closed", "Notes not signed", "Recheck at three", "Call Jo", "Open the visit"):
        assert words in shown
    order = [shown.index(words) for words in ("Call Jo", "Recheck at three", "Visits not closed", "Notes not signed")]
    assert order == sorted(order), "what may harm somebody stands first"
