"""A visit from the booking to the closed door."""

from datetime import timedelta

import pytest

from mainstay.foundation.errors import IllegalMove, InvalidInput, NotPermitted, Stale
from mainstay.foundation.testing import A_MOMENT
from mainstay.scheduling.models import Appointment
from mainstay.visits import actions
from mainstay.visits.actions.checking_in import ArrivalScreen, DeskCheck
from mainstay.visits.errors import LooseEndsLeft, NotIdentified, RoomNotReady, RoomTaken
from mainstay.visits.models import LooseEndKind, RoomUse, Signal, Visit
from mainstay.visits.tests.factories import a_patient, a_person, a_room, a_site, a_visit, acting_as

pytestmark = pytest.mark.django_db

TWO = DeskCheck(identifiers=["name", "birth_date"])


@pytest.fixture
def ma():
    return acting_as(a_person("maria", "clinical_ma"))


def test_a_visit_is_expected_as_soon_as_it_is_booked():
    visit = a_visit()
    assert visit.stage == "expected"
    assert [s.name for s in visit.steps.all()] == ["begin"]


def test_check_in_needs_two_identifiers(ma):
    visit = a_visit()
    for too_few in (["name"], ["name", "name"]):
        with pytest.raises(NotIdentified):
            actions.check_in_patient(actor=ma, visit=visit, check=DeskCheck(too_few), screen=ArrivalScreen())
    visit.refresh_from_db()
    assert visit.stage == "expected"


def test_check_in_keeps_the_booking_and_plans_the_playbook(ma):
    visit = actions.check_in_patient(actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen())
    assert visit.stage == "checked_in"
    assert Appointment.objects.get(pk=visit.appointment_id).state == "kept"
    assert visit.tasks.exists()


def test_a_rash_with_fever_is_called_out_at_once(ma):
    visit = actions.check_in_patient(
        actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen({"fever": "yes", "rash": "yes", "cough": "no"})
    )
    visit.refresh_from_db()
    assert visit.is_airborne_risk
    assert Signal.objects.filter(visit=visit, kind="airborne", severity="stop").exists()


def test_two_patients_never_share_a_room(ma):
    room = a_room()
    first = actions.check_in_patient(actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen())
    actions.room_patient(actor=ma, visit=first, room=room)
    second = a_visit(patient=a_patient("100002"), starts=A_MOMENT + timedelta(hours=1))
    second = actions.check_in_patient(actor=ma, visit=second, check=TWO, screen=ArrivalScreen())
    with pytest.raises(RoomTaken):
        actions.room_patient(actor=ma, visit=second, room=room)


def test_nobody_is_brought_into_a_room_of_another_site(ma):
    visit = actions.check_in_patient(actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen())
    elsewhere = a_room("9", site=a_site("Southside"))
    with pytest.raises(InvalidInput, match="another site"):
        actions.room_patient(actor=ma, visit=visit, room=elsewhere)
    visit.refresh_from_db()
    assert visit.stage == "checked_in" and RoomUse.objects.get(room=elsewhere).state == "ready"


def test_a_stale_screen_is_told_who_was_first(ma):
    visit = actions.check_in_patient(actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen())
    actions.room_patient(actor=ma, visit=visit, room=a_room("1"), seen_version=visit.version)
    with pytest.raises(Stale, match="Already rooming at"):
        actions.room_patient(actor=ma, visit=visit, room=a_room("2"), seen_version=visit.version)


def test_a_move_is_undone_within_a_minute_and_the_room_is_free_again(ma):
    room = a_room()
    visit = actions.check_in_patient(actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen())
    visit = actions.room_patient(actor=ma, visit=visit, room=room)
    undone = actions.undo_last_move(actor=ma.at(ma.now + timedelta(seconds=59)), visit=visit)
    assert undone.stage == "checked_in" and undone.room is None
    assert RoomUse.objects.get(room=room).state == "ready"


def test_after_a_minute_a_move_stays(ma):
    visit = actions.check_in_patient(actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen())
    visit = actions.room_patient(actor=ma, visit=visit, room=a_room())
    with pytest.raises(IllegalMove):
        actions.undo_last_move(actor=ma.at(ma.now + timedelta(seconds=61)), visit=visit)


def test_an_undone_check_out_puts_the_patient_back_into_the_room(ma):
    room = a_room()
    visit = actions.check_in_patient(actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen())
    visit = actions.room_patient(actor=ma, visit=visit, room=room)
    visit = actions.begin_check_out(actor=ma, visit=visit)
    assert RoomUse.objects.get(room=room).state == "dirty"
    visit = actions.undo_last_move(actor=ma, visit=visit)
    assert visit.stage == "rooming"
    assert RoomUse.objects.get(room=room).visit_id == visit.pk


def test_a_room_after_airborne_risk_stays_shut_for_two_hours(ma):
    room = a_room()
    visit = actions.check_in_patient(
        actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen({"fever": "yes", "rash": "yes"})
    )
    visit = actions.room_patient(actor=ma, visit=visit, room=room)
    actions.begin_check_out(actor=ma, visit=visit)
    with pytest.raises(RoomNotReady):
        actions.clean_room(actor=ma.at(ma.now + timedelta(minutes=119)), room=room, step="finish_cleaning")
    use = actions.clean_room(actor=ma.at(ma.now + timedelta(minutes=120)), room=room, step="finish_cleaning")
    assert use.state == "ready"


def test_a_visit_does_not_close_with_something_unbooked(ma):
    visit = actions.check_in_patient(actor=ma, visit=a_visit(), check=TWO, screen=ArrivalScreen())
    end = actions.add_loose_end(actor=ma, visit=visit, kind=LooseEndKind.FOLLOW_UP, text="Back in 3 months")
    visit = actions.begin_check_out(actor=ma, visit=visit)
    with pytest.raises(LooseEndsLeft, match="Back in 3 months"):
        actions.close_visit(actor=ma, visit=visit)
    with pytest.raises(InvalidInput):
        actions.settle_loose_end(actor=ma, end=end, how="declined")
    actions.settle_loose_end(actor=ma, end=end, how="declined", reason="Will call")
    assert actions.close_visit(actor=ma, visit=visit).stage == "closed"


def test_somebody_without_the_right_moves_nothing():
    biller = acting_as(a_person("bill", "biller"))
    visit = a_visit()
    with pytest.raises(NotPermitted):
        actions.mark_arrived(actor=biller, visit=visit)
    assert Visit.objects.get(pk=visit.pk).stage == "expected"
    assert visit.steps.count() == 1
