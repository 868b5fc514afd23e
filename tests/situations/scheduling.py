"""Writes of the schedule."""

from datetime import date, time, timedelta

from mainstay.foundation.testing import A_MOMENT
from mainstay.scheduling import actions
from mainstay.scheduling.actions.templates import Pattern
from mainstay.scheduling.actions.waiting import Wanted, offer_freed_time
from mainstay.scheduling.events import AppointmentCancelled
from mainstay.scheduling.models import SlotOffer
from mainstay.scheduling.queries import people_waiting
from mainstay.workforce.models import Staff
from tests.situations.clinic import Clinic
from tests.situations.table import Sent, write


def searched(clinic: Clinic) -> dict:
    provider = clinic.provider()
    clinic.week_of(provider)
    return {
        "patient": str(clinic.patient().public_id), "visit_type": clinic.visit_type().code, "reason": "Ankle check",
        "provider": str(provider.public_id), "site": "", "from_day": "11/23/2026", "part": "morning", "weekdays": ["0"],
    }  # fmt: skip


@write("find-slot")
def find_slot(clinic: Clinic) -> Sent:
    return Sent(typed={**searched(clinic), "show": "more"})


@write("book-slot")
def book_slot(clinic: Clinic) -> Sent:
    typed = searched(clinic)
    provider = Staff.objects.get(public_id=typed["provider"])
    minute = int(clinic.on_monday(9).timestamp()) // 60
    slot = f"{minute}.{provider.pk}.{clinic.site.pk}.0.0"
    return Sent(typed={**typed, "slot": slot, "how": "phone", "times": "1", "weeks": "1"})


@write("book-slot", "over-booked")
def over_book(clinic: Clinic) -> Sent:
    own = {"slot": "", "at_day": "11/23/2026", "at_time": "9:07", "over_book_reason": "The provider asked"}
    return Sent(typed={**searched(clinic), **own, "how": "desk"})


@write("wait-list-join")
def join(clinic: Clinic) -> Sent:
    typed = {
        "visit_type": clinic.visit_type().code, "provider": "", "sites": [str(clinic.site.pk)], "weekdays": ["0", "2"],
        "earliest_time": "8a", "latest_time": "4p", "wanted_by": "12/18/2026", "urgency": "R4", "note": "Pain",
    }  # fmt: skip
    return Sent({"patient_id": clinic.patient().public_id}, typed)


def waiting(clinic: Clinic, **more):
    return actions.join_wait_list(
        actor=clinic.actor,
        patient=clinic.patient(),
        visit_type=clinic.visit_type(),
        wanted=Wanted(note="Blood pressure check"),
        **more,
    )


@write("wait-list-leave")
def leave(clinic: Clinic) -> Sent:
    return Sent({"public_id": waiting(clinic).public_id}, {"reason": "Found a time elsewhere"})


def an_offer(clinic: Clinic):
    for other in people_waiting():
        actions.leave_wait_list(actor=clinic.actor, entry=other, reason="Not asked here")
    appointment = clinic.booked(starts=clinic.on_monday(9))
    clinic.week_of(appointment.provider)
    entry = waiting(clinic, provider=appointment.provider)
    actions.cancel_appointment(actor=clinic.actor, appointment=appointment, reason="Ill")
    offer_freed_time(AppointmentCancelled(appointment_id=appointment.pk))
    return SlotOffer.objects.get(entry=entry)


@write("slot-offer", "accept")
def accept(clinic: Clinic) -> Sent:
    return Sent({"public_id": an_offer(clinic).public_id, "answer": "accept"})


@write("slot-offer", "decline")
def decline(clinic: Clinic) -> Sent:
    return Sent({"public_id": an_offer(clinic).public_id, "answer": "decline"})


@write("recall-add")
def add_recall(clinic: Clinic) -> Sent:
    typed = {"reason": "Colonoscopy", "due_on": "+6m", "visit_type": clinic.visit_type().code, "provider": ""}
    return Sent({"patient_id": clinic.patient().public_id}, typed)


def a_recall(clinic: Clinic):
    return actions.recall_patient(
        actor=clinic.actor, patient=clinic.patient(), reason="Colonoscopy", due_on=date(2026, 12, 1)
    )


@write("recall-tried")
def recall_tried(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_recall(clinic).public_id})


@write("recall-close")
def recall_close(clinic: Clinic) -> Sent:
    return Sent({"public_id": a_recall(clinic).public_id}, {"reason": "Done elsewhere"})


@write("templates")
def add_template(clinic: Clinic) -> Sent:
    typed = {
        "provider": str(clinic.provider().public_id), "site": str(clinic.site.pk), "weekday": "1", "starts": "8a",
        "ends": "12p", "slot_minutes": "20", "every_weeks": "1", "effective": "12/1/2026", "expires": "",
        "visit_types": [clinic.visit_type().code],
    }  # fmt: skip
    return Sent(typed=typed)


@write("template-end")
def end_template(clinic: Clinic) -> Sent:
    pattern = Pattern(1, time(8), time(12))
    added = actions.add_template(
        actor=clinic.actor, provider=clinic.provider(), site=clinic.site, pattern=pattern, effective=date(2026, 1, 1)
    )
    return Sent({"public_id": added.template.public_id})


@write("time-off")
def time_off(clinic: Clinic) -> Sent:
    typed = {
        "off-kind": "off", "off-provider": str(clinic.provider().public_id), "off-site": "",
        "off-first_day": "12/1/2026", "off-from_time": "", "off-last_day": "12/4/2026", "off-to_time": "",
        "off-reason": "Conference",
    }  # fmt: skip
    return Sent(typed=typed)


@write("time-off-withdraw")
def withdraw_time_off(clinic: Clinic) -> Sent:
    starts = clinic.on_monday(8)
    off = actions.take_time_off(
        actor=clinic.actor, provider=clinic.provider(), starts=starts, ends=starts + timedelta(hours=4), reason="Ill"
    )
    return Sent({"public_id": off.public_id})


@write("appointment-confirm")
def confirm(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.booked(starts=clinic.on_monday(9)).public_id})


@write("appointment-cancel")
def cancel(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.booked(starts=clinic.on_monday(9)).public_id}, {"reason": "Ill"})


@write("appointment-missed")
def missed(clinic: Clinic) -> Sent:
    return Sent({"public_id": clinic.booked(starts=A_MOMENT - timedelta(hours=1)).public_id})
