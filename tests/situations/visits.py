"""Writes of the board and the desk."""

from datetime import timedelta

from mainstay.foundation.testing import A_MOMENT
from mainstay.visits import actions
from mainstay.visits.models import LooseEndKind
from tests.situations.clinic import Clinic
from tests.situations.table import Sent, write


@write("visit-check-in")
def check_in(clinic: Clinic) -> Sent:
    typed = {
        "identifiers": ["name", "birth_date"], "fever": "no", "rash": "no", "cough": "no", "travel": "None",
        "demographics_confirmed": "on", "card_seen": "on", "copay_stated": "25.00", "accompanied_by": "Her son",
    }  # fmt: skip
    return Sent({"public_id": clinic.expected().public_id}, typed)


@write("visit-choose-room")
def choose_room(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.arrived().public_id}, {"room": str(clinic.room().public_id)})


@write("visit-left")
def left(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.identified().public_id}, {"reason": "Could not wait"})


@write("visit-add-loose-end")
def add_loose_end(clinic: Clinic) -> Sent:
    typed = {"kind": "follow_up", "text": "Back in two weeks", "due_on": "+2w"}
    return Sent({"public_id": clinic.checking_out().public_id}, typed)


@write("visit-settle")
def settle(clinic: Clinic) -> Sent:
    visit = clinic.checking_out()
    end = actions.add_loose_end(actor=clinic.actor, visit=visit, kind=LooseEndKind.FOLLOW_UP, text="Back")
    typed = {"how": "declined", "reason": "Would not come"}
    return Sent({"public_id": visit.public_id, "end_id": end.public_id}, typed)


@write("visit-summary")
def make_summary(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.checking_out().public_id}, {"language": "en"})


@write("visit-close")
def close(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.checking_out().public_id})


@write("visit-step")
def step(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.identified().public_id, "step": "begin_check_out"})


@write("visit-step", "arrive")
def arrive(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.expected().public_id, "step": "arrive"})


@write("visit-undo")
def undo(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.checking_out().public_id})


@write("visit-change-room")
def change_room(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.roomed().public_id}, {"room": str(clinic.room().public_id)})


@write("visit-take-over")
def take_over(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.roomed().public_id}, by=clinic.person("clinical_ma"))


@write("patient-walk-in")
def walk_in(clinic: Clinic) -> Sent:
    typed = {"visit_type": clinic.visit_type("acute").code, "provider": "", "reason": "Cough since Monday"}
    return Sent({"patient_id": clinic.patient().public_id}, typed)


@write("room-step")
def clean_room(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.dirty_room().public_id, "step": "start_cleaning"})


@write("visit-late-decided")
def decide_late(clinic: Clinic) -> Sent:
    visit = clinic.expected()
    visit.expected_at = A_MOMENT - timedelta(minutes=40)
    visit.save()
    actions.ask_about_late(actor=clinic.actor, visit=visit)
    return Sent({"public_id": visit.public_id}, {"decision": "shorter"})


@write("visit-late")
def ask_about_late(clinic: Clinic) -> Sent:
    visit = clinic.expected()
    visit.expected_at = A_MOMENT - timedelta(minutes=40)
    visit.save()
    return Sent({"public_id": visit.public_id})
