"""Who is told: a clock that ran out, a colleague who left, a check not passed."""

from datetime import timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.scheduling.actions import Slot, book_appointment
from mainstay.scheduling.models import Appointment, Template
from mainstay.scheduling.tests.factories import a_week
from mainstay.visits.tests.factories import a_patient, a_person, a_site, a_visit_type, acting_as
from mainstay.work import actions, queries
from mainstay.work.models import Alarm, WorkItem
from mainstay.work.rules import pools, told_at_level
from mainstay.workforce.actions import accounts, credentials
from mainstay.workforce.models import LadderRung
from mainstay.workforce.roles import roles

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def owed(**more):
    facts = {"kind": "call_back", "title": "Call back", "band": "R3", "site": a_site(), "pool": "front_desk", **more}
    return actions.owe(actor=SYSTEM, **facts)


def test_a_list_nobody_has_is_refused():
    with pytest.raises(ValueError, match="nobody would see it"):
        owed(pool="front")


def test_every_role_that_is_told_exists():
    for level in (2, 3):
        assert {role for choice in told_at_level(level) for role in choice} <= set(roles())
    assert all(pool.roles <= set(roles()) for pool in pools().values())


def test_what_is_late_stands_in_front_of_the_lead_until_seen(django_assert_num_queries):
    lead, other = a_person("lena", "lead_ma"), a_person("desk", "administrative_ma")
    item = owed(due_at=A_MOMENT + timedelta(hours=1))
    actions.escalate_work(actor=SYSTEM.at(A_MOMENT + timedelta(hours=1, minutes=1)))
    assert list(Alarm.objects.values_list("staff", "level")) == [(lead.pk, 2)]
    with django_assert_num_queries(2):
        assert queries.work_on_me(acting_as(lead)).told[0].item == item
    with django_assert_num_queries(1):
        assert queries.work_on_me(acting_as(other)).told == ()
    actions.see_alarms(actor=acting_as(lead), item=item)
    assert queries.work_on_me(acting_as(lead)).told == () and queries.work_on_me(acting_as(lead)).waiting == 1


def test_the_owner_is_reminded_and_what_is_done_is_told_to_nobody():
    owner = a_person("desk", "administrative_ma")
    item = owed(owner=owner, due_at=A_MOMENT + timedelta(hours=8))
    actions.escalate_work(actor=SYSTEM.at(A_MOMENT + timedelta(hours=5)))
    assert [a.level for a in queries.work_on_me(acting_as(owner)).told] == [1]
    actions.finish_work(actor=acting_as(owner), item=item, outcome="Reached")
    assert queries.work_on_me(acting_as(owner)).told == ()


def test_without_a_lead_the_manager_is_told():
    manager = a_person("max", "manager")
    owed(due_at=A_MOMENT + timedelta(hours=1))
    actions.escalate_work(actor=SYSTEM.at(A_MOMENT + timedelta(hours=1, minutes=1)))
    assert Alarm.objects.get().staff == manager


def test_the_late_item_is_on_every_page_of_the_lead_and_one_click_settles_it(client):
    lead = a_person("lena", "lead_ma")
    item = owed(title="Call Ms. Doe back", due_at=A_MOMENT + timedelta(hours=1))
    actions.escalate_work(actor=SYSTEM.at(A_MOMENT + timedelta(hours=1, minutes=1)))
    client.force_login(lead)
    assert b"Call Ms. Doe back" in client.get("/schedule/").content
    assert client.post(f"/work/{item.public_id}/seen/", {"idempotency_key": "0" * 32}).status_code in (303, 422)
    actions.see_alarms(actor=acting_as(lead), item=item)
    assert b"told-late" not in client.get("/schedule/").content


def ends(staff, **more):
    return accounts.end_staff(actor=SYSTEM, staff=staff, left_on=A_MOMENT.date(), reason="moved away", **more)


def test_who_leaves_gives_everything_back_and_the_lead_hears_of_it():
    left = a_person("left", "provider")
    mine, pooled = owed(owner=left, pool=""), owed(owner=left, pool="clinician", title="Sign")
    actions.take_work(actor=acting_as(left), item=mine)
    handed = actions.hand_off(actor=acting_as(a_person("ann", "clinical_ma")), to=left, situation="BP 190/120")
    ends(left)
    mine.refresh_from_db(), pooled.refresh_from_db()
    assert (mine.state, mine.owner_id, mine.pool) == ("open", None, "lead")
    assert (pooled.owner_id, pooled.pool) == (None, "clinician")
    told = WorkItem.objects.get(kind="staff_left")
    assert told.pool == "lead" and "Sign" in told.detail
    assert "BP 190/120" in WorkItem.objects.get(kind="handoff_unread").title and handed


def test_a_named_successor_gets_it_all():
    left, heir = a_person("left", "administrative_ma"), a_person("heir", "administrative_ma")
    item = owed(owner=left)
    ends(left, successor=heir)
    item.refresh_from_db()
    assert item.owner == heir


def test_patients_booked_with_who_left_become_work_and_the_sessions_end():
    doc = a_person("doc", "provider")
    a_week(doc)
    for n, days in enumerate((1, 30)):
        book_appointment(
            actor=SYSTEM, patient=a_patient(f"70{n}"), visit_type=a_visit_type(),
            slot=Slot(site=a_site(), provider=doc, starts=A_MOMENT + timedelta(days=days), minutes=20),
        )  # fmt: skip
    ends(doc)
    moves = WorkItem.objects.filter(kind="move_appointment")
    assert moves.count() == 2 and all("does not work here" in m.detail and m.pool == "front_desk" for m in moves)
    assert Appointment.objects.filter(state="booked").count() == 2, "nothing is cancelled behind the patient's back"
    assert not Template.objects.filter(expires=None).exists()


def test_a_check_not_passed_is_the_leads_to_retrain():
    staff, assessor = a_person("new", "clinical_ma"), a_person("lena", "lead_ma")
    assessment = credentials.Assessment(act="vaccine", rung=LadderRung.FAILED, checklist_version="1")
    credentials.sign_off_competency(actor=SYSTEM, staff=staff, assessor=assessor, assessment=assessment)
    item = WorkItem.objects.get(kind="retrain")
    assert item.pool == "lead" and "not passed" in item.title
