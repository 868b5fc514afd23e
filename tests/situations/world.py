"""A clinic with something on every page: where each page is found, and everything on it so many times.

`a_world(clinic, size=1)` and `a_world(clinic, size=3)` make the same subjects (a patient, a visit, an item of stock …)
with once and three times as much about each: what a page costs must not depend on it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.urls import reverse

from mainstay.chart import actions as chart
from mainstay.chart.models import Allergy, Document
from mainstay.forms.queries import leaflets_offered
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions as immunizations
from mainstay.immunizations.actions import DoseElsewhere
from mainstay.immunizations.models import GivenDose
from mainstay.inventory import actions as stock_actions
from mainstay.orders import actions as order_actions
from mainstay.people.models import Patient
from mainstay.rooming import actions as rooming_actions
from mainstay.visits.models import Visit
from mainstay.workforce.models import Staff
from tests.situations import forms, giving, orders, people, practice, registries, shelves, vaccines, work, workforce
from tests.situations.clinic import TWO, Clinic
from tests.situations.coverage import a_policy
from tests.situations.every import EVERY
from tests.situations.table import Situation, made_ready

ON_ITS_OWN = ("chart-add-allergy", "chart-add-medication", "chart-add-problem")
"""Refused the second time, because it is on the list: these are added one by one (`in_the_chart`)."""
AROUND_A_PATIENT = (
    *(one.name for one in EVERY if one.address in ("chart-add", "patient-add") and one.name not in ON_ITS_OWN),
    "vaccine-talk", "pend-order", "new-message-for", "recall-add", "patient-related", "give-form", "give-leaflet",
    "patient-registry-ask",
)  # fmt: skip
AROUND_A_VISIT = (
    "rooming-reason", "rooming-panel", "rooming-screening", "rooming-tick", "visit-add-loose-end",
    "pend-order-at-visit",
)  # fmt: skip
AROUND_SOMEBODY = ("record-credential", "record-training", "sign-off")


ASKED = {
    "search": {"q": "Given"},
    "patients": {"q": "Doe"},
    "find-problem": {"q": "heart"},
    "likely-duplicates": {"family_name": "Doe", "given_name": "Given1", "birth_date": "2/3/1980"},
    "registry-messages": {"list": "dead"},
}
"""What pages are asked for that show nothing unless they are."""


@cache
def examples() -> Mapping[str, Situation]:
    """Every example of a write by its name."""
    return {one.name: one for one in EVERY}


class About(Clinic):
    """The same clinic, whose situations are all about one patient, and one visit once there is one."""

    def __init__(self, clinic: Clinic, patient: Patient) -> None:
        self.__dict__.update(clinic.__dict__)
        self.whom, self.visit, self.somebody = patient, None, None

    def patient(self, **more: object) -> Patient:
        return self.whom

    def identified(self) -> Visit:
        return self.visit or super().identified()

    def roomed(self) -> Visit:
        return self.visit or super().roomed()

    def checking_out(self) -> Visit:
        return self.visit or super().checking_out()

    def person(self, *held: str, **more: object) -> Staff:
        return self.somebody or super().person(*held, **more)


def sent(clinic: Clinic, name: str, **at: object) -> None:
    """Send an example, to another place if one is named; it has to be taken."""
    write = made_ready(examples()[name], clinic)
    if at:
        write = replace(write, url=reverse(examples()[name].address, kwargs=at))
    status = write.send().status_code
    assert status < 400, (name, status)


def a_world(clinic: Clinic, size: int) -> dict[str, dict[str, Any]]:
    """The arguments of every page, by its name, with `size` of everything on it."""
    vaccines.codes()
    about = About(clinic, clinic.patient(home_site=clinic.site))
    reaction = giving.reacted(about)
    visit = reaction.watch.vaccination.visit
    rooming_actions.identify_patient(actor=clinic.actor, visit=visit, identifiers=TWO)
    about.visit = visit
    for _ in range(size):
        in_the_chart(about)
        for name in (*AROUND_A_PATIENT, *AROUND_A_VISIT):
            sent(about, name)
    found = {**of_a_patient(about, size), **of_a_visit(about, reaction), **of_the_shelves(clinic, size)}
    return {**found, **of_the_house(clinic, size), **of_messages(clinic, about, size), **of_vaccines(clinic, about)}


def in_the_chart(about: About) -> None:
    """One more of everything the chart lists once."""
    actor, patient, number = about.actor, about.whom, about.number()
    chart.add_allergy(actor=actor, patient=patient, facts=chart.AllergyFacts(f"Substance {number}"))
    chart.add_medication(actor=actor, patient=patient, facts=chart.MedicationFacts(f"Medicine {number} 10 mg"))
    chart.add_problem(actor=actor, patient=patient, facts=chart.ProblemFacts(f"Problem {number}"))
    chart.file_document(
        actor=actor, patient=patient, content=f"%PDF-1.7 {number}".encode(), kind="outside", title=f"Letter {number}",
        dated=A_MOMENT.date(), keys=(patient.family_name, patient.birth_date),
    )  # fmt: skip
    given_on = date(2015, 1, 1) + timedelta(days=number)
    doses = [DoseElsewhere(cvx=cvx, given_on=given_on, evidence="card") for cvx in vaccines.CVX]
    immunizations.record_doses_elsewhere(actor=actor, patient=patient, doses=doses, source="typed")


def of_a_patient(about: About, size: int) -> dict[str, dict[str, Any]]:
    """Pages of one patient."""
    patient = about.whom
    by_public_id = (
        "chart", "chart-documents", "chart-growth", "chart-vaccines", "chart-vitals", "give-to-patient", "patient",
        "patient-access", "patient-changes", "patient-coverage", "patient-duplicates", "patient-received",
        "patient-registry", "patient-picture", "vaccine-record", "add-policy", "add-vaccine-doses", "add-vaccine-fact",
        "file-document", "patient-demographics", "patient-photo",
    )  # fmt: skip
    by_patient_id = (
        "patient-forms", "patient-visits", "new-message-for", "pend-order", "recall-add", "wait-list-join",
        "patient-walk-in",
    )  # fmt: skip
    for rank in range(1, min(size, 3) + 1):
        policy = a_policy(about, patient, f"Payer {rank}", rank)
    for number in range(size):
        about.booked(starts=A_MOMENT + timedelta(days=7 + number), patient=patient)
        people.a_mother(about, patient)
    sent(about, "patient-photo")
    papers = [forms.signed(about) for _ in range(size)]
    return {
        **{name: {"public_id": patient.public_id} for name in by_public_id},
        **{name: {"patient_id": patient.public_id} for name in by_patient_id},
        "document": {
            "public_id": patient.public_id,
            "document_id": Document.objects.filter(patient=patient).latest("pk").public_id,
        },
        "change-policy": {"public_id": patient.public_id, "policy_id": policy.public_id},
        "chart-add": {"public_id": patient.public_id, "section": "allergy"},
        "patient-add": {"public_id": patient.public_id, "section": "need"},
        "chart-strike": {
            "public_id": patient.public_id,
            "allergy_id": Allergy.objects.filter(patient=patient).latest("pk").public_id,
        },
        "patient-related": {"public_id": patient.public_id, "person_id": people.a_mother(about, patient).public_id},
        "merge-patients": {"public_id": patient.public_id, "other_id": Clinic.patient(about).public_id},
        "form": {"response_id": forms.given(about).public_id},
        "form-paper": {"response_id": papers[0].public_id},
    }


def of_a_visit(about: About, reaction: Any) -> dict[str, dict[str, Any]]:
    """Pages of one visit."""
    visit = about.visit
    names = (
        "visit", "rooming", "provider", "give-vaccine", "vaccine-reaction-card", "vaccine-receipt", "visit-check-out",
        "visit-check-in", "visit-choose-room", "visit-left",
    )  # fmt: skip
    return {
        **{name: {"public_id": visit.public_id} for name in names},
        "pend-order-at-visit": {"visit_id": visit.public_id},
        "rooming-screening": {"public_id": visit.public_id, "code": "phq-2"},
        "appointment": {"public_id": visit.appointment.public_id},
        "schedule-week": {"public_id": visit.appointment.provider.public_id},
        "given-dose": {"dose_id": GivenDose.objects.latest("pk").dose.public_id},
        "vaers-draft": {"public_id": visit.public_id, "reaction_id": reaction.public_id},
    }


def of_the_shelves(clinic: Clinic, size: int) -> dict[str, dict[str, Any]]:
    """Pages of stock: an item in so many lots, a unit with so many lots inside, a recall so many people had."""
    item, unit = shelves.an_item(clinic), shelves.a_unit(clinic)
    yesterday = clinic.system.at(A_MOMENT - timedelta(days=1))
    stocks = [
        stock_actions.receive_stock(
            actor=yesterday, unit=unit, item=item, lot_number=f"W{clinic.number()}",
            expires_on=A_MOMENT.date() + timedelta(days=300), funding="private", doses=10,
        )
        for _ in range(size)
    ]  # fmt: skip
    for _ in range(size):
        shelves.drawn(clinic, stocks[0])
    count = stock_actions.begin_count(actor=clinic.actor, unit=unit)
    excursion = shelves.warmed(clinic, unit)
    recall = shelves.recalled(clinic, stocks[0])
    wanted = [stock_actions.Wanted(shelves.an_item(clinic), 5) for _ in range(size)]
    order = stock_actions.order_stock(actor=clinic.actor, site=clinic.site, vendor="Maker", wanted=wanted)
    for _ in range(size):
        sent(clinic, "stock-sensor-add", public_id=unit.public_id)
        owed = shelves.borrowed(clinic, shelves.an_item(clinic))
    one = {"public_id": recall.public_id}
    return {
        "stock-item": {"public_id": item.public_id},
        "stock-item-change": {"public_id": item.public_id},
        "stock-lot": {"public_id": stocks[0].lot.public_id},
        "stock-unit": {"public_id": unit.public_id},
        "stock-unit-change": {"public_id": unit.public_id},
        "stock-sensor-add": {"public_id": unit.public_id},
        "stock-count": {"public_id": count.public_id},
        "stock-excursion": {"public_id": excursion.public_id},
        "stock-recall": one,
        "stock-letters": one,
        "stock-letter": {**one, "notice": recall.notices.earliest("pk").pk},
        "stock-order": {"public_id": order.public_id},
        "stock-borrowing": {"public_id": owed.public_id},
        "stock-borrowing-form": {"public_id": owed.public_id},
    }


def of_the_house(clinic: Clinic, size: int) -> dict[str, dict[str, Any]]:
    """Pages of the settings, of staff and of imports."""
    site, about = clinic.site_apart(), About(clinic, clinic.patient())
    about.somebody = clinic.person("clinical_ma", home_site=site)
    for _ in range(size):
        for name in ("add-room", "add-equipment", "add-closure"):
            sent(clinic, name, public_id=site.public_id)
        for name in AROUND_SOMEBODY:
            sent(about, name)
    person = about.somebody
    text = "Site,Room,Type\n" + "".join(f"Northside,Exam {clinic.number()},exam\n" for _ in range(size))
    batch = practice.importing.hold_file(actor=clinic.actor, kind="rooms", text=text, file_name="rooms.csv")
    held = workforce.held(person)
    standing = orders.signed(clinic)
    for _ in range(size):
        drafted = order_actions.write_standing_order(actor=clinic.actor, text=orders.FLU_STANDING, replaces=standing)
        standing = order_actions.sign_standing_order(actor=clinic.actor, standing_order=drafted)
    names = ("person", "edit-staff", "end-staff", "record-credential", "record-training", "reset-factors", "sign-off")
    return {
        **{name: {"public_id": person.public_id} for name in names},
        **dict.fromkeys(
            ("site-settings", "change-site", "site-hours", "registry-settings"), {"public_id": site.public_id}
        ),
        **dict.fromkeys(("revoke-credential", "verify-credential"), {"public_id": held.public_id}),
        **dict.fromkeys(
            ("standing-order", "standing-order-paper", "standing-order-version"), {"public_id": standing.public_id}
        ),
        "import": {"public_id": batch.public_id},
        "import-template": {"kind": "rooms"},
        "change-visit-type": {"code": practice.a_visit_type_apart(clinic).code},
    }


def of_messages(clinic: Clinic, about: About, size: int) -> dict[str, dict[str, Any]]:
    """Pages of threads, calls, work and orders, and of messages to and from registries."""
    thread, item, order = work.a_thread(about), work.an_item(about), orders.pended(about)
    for _ in range(size):
        sent(clinic, "thread-write", public_id=thread.public_id)
        sent(clinic, "call-out", item_id=item.public_id)
        sent(clinic, "order-change", public_id=order.public_id)
        told, _ = registries.doses_sent(clinic, about.whom)
        report = registries.a_report(about)
    return {
        "thread": {"public_id": thread.public_id},
        "thread-refill": {"public_id": thread.public_id},
        "call": {"public_id": work.a_call_with_a_reason(about).public_id},
        "call-out": {"item_id": item.public_id},
        "work-item": {"public_id": item.public_id},
        "order": {"public_id": order.public_id},
        "order-change": {"public_id": order.public_id},
        "inbound-message": {"public_id": told.public_id},
        "outbound-message": {"public_id": report.public_id},
    }


def of_vaccines(clinic: Clinic, about: About) -> dict[str, dict[str, Any]]:
    """Pages of the vaccine history and of forms on paper."""
    dose = vaccines.a_dose(about)
    fact = vaccines.withdraw_fact(about).at
    leaflet = {"code": leaflets_offered("en")[0].code, "language": "en"}
    return {
        "amend-vaccine-dose": vaccines.of(dose),
        "withdraw-vaccine-fact": dict(fact),
        "schedule-edition-status": {"name": vaccines.an_edition(clinic)},
        "withdraw-schedule-value": {"public_id": vaccines.a_value(clinic).public_id},
        "blank-form": {"code": "npp_acknowledgement", "language": "en"},
        "leaflet": leaflet,
        "leaflet-pdf": leaflet,
    }
