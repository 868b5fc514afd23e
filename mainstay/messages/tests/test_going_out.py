"""Calls we make, and refills held against the protocol."""

import uuid
from datetime import date, timedelta

import pytest

from mainstay.chart.models import Medication, Observation
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.testing import A_MOMENT, an_actor
from mainstay.messages import actions, queries
from mainstay.messages.models import CallAttempt
from mainstay.messages.queries import RefillSaid
from mainstay.messages.rules_refills import class_of
from mainstay.people.models import Patient
from mainstay.practice.models import Site
from mainstay.work.actions import owe
from mainstay.work.models import WorkItem
from mainstay.workforce.models import Staff

pytestmark = pytest.mark.django_db
SYSTEM = an_actor()
TODAY = A_MOMENT.date()
ALL_HOLD = frozenset(queries.ASKED)


@pytest.fixture
def site():
    return Site.objects.create(name="Northside", short_name="N", state="NY")


@pytest.fixture
def patient(site):
    return Patient.objects.create(
        mrn="1", given_name="Jo", family_name="Doe", birth_date=date(1960, 1, 1), sex="female"
    )


@pytest.fixture
def maria(site):
    return Staff.objects.create(
        username="maria", roles=["clinical_ma"], home_site=site, given_name="M", family_name="R", shown_name="Maria"
    )


def tried(item, outcome):
    return actions.note_call_attempt(actor=SYSTEM, item=item, tried=actions.Tried(outcome))


def test_the_third_call_that_reaches_nobody_makes_a_letter_work(patient, site):
    item = owe(actor=SYSTEM, kind="call_back", title="Tell her the time", band="R4", patient=patient, site=site)
    tried(item, "no_answer")
    tried(item, "voicemail")
    assert not WorkItem.objects.filter(kind="letter").exists()
    tried(item, "busy")
    tried(item, "no_answer")
    letter = WorkItem.objects.get(kind="letter")
    assert letter.pool == "forms" and letter.patient == patient and CallAttempt.objects.count() == 4


def test_a_call_that_reached_them_owes_no_letter_and_an_outcome_has_to_be_one(patient, site):
    item = owe(actor=SYSTEM, kind="call_back", title="Tell her the time", band="R4", patient=patient, site=site)
    for _ in range(3):
        tried(item, "spoke")
    assert not WorkItem.objects.filter(kind="letter").exists()
    with pytest.raises(InvalidInput):
        tried(item, "maybe")


@pytest.mark.parametrize(
    ("name", "drug_class"),
    [
        ("Atorvastatin 20 mg tablet", "statin"),
        ("lisinopril-hydrochlorothiazide 20/12.5", "ace_arb"),
        ("Hydrocodone-acetaminophen 5/325", "opioid"),
        ("Insulin glargine", "insulin"),
        ("predniSONE 5 mg", "oral_steroid"),
        ("Hydrocortisone 10 mg tablet", ""),
        ("Something new", ""),
    ],
)
def test_a_medicine_is_known_by_its_name_and_what_is_not_known_is_never_queued(name, drug_class):
    assert class_of(name) == drug_class


def a_statin(patient, *, lipids_days=100):
    at = A_MOMENT - timedelta(days=lipids_days)
    Observation.objects.create(patient=patient, key="total cholesterol", loinc="2093-3", value=180, effective_at=at)
    seen = A_MOMENT - timedelta(days=30)
    Observation.objects.create(patient=patient, key="heart_rate", value=70, effective_at=seen, visit_ref=uuid.uuid4())
    return Medication.objects.create(patient=patient, name="Atorvastatin 20 mg", frequency="once a day")


def a_request(patient, site):
    words = "Could I have my cholesterol pills again"
    return actions.receive_message(
        actor=SYSTEM, patient=patient, text=words, category="RFL", channel="voicemail", site=site
    )


def test_a_refill_that_meets_every_line_is_queued_for_approval_and_settled_by_the_answer(patient, site):
    pills, thread = a_statin(patient), a_request(patient, site)
    sent = actions.send_refill(actor=SYSTEM, thread=thread, medication=pills, said=RefillSaid(holds=ALL_HOLD))
    assert sent.check.may_be_queued, sent.check.missed
    assert sent.item.title.startswith("Approve") and sent.item.is_clinical and sent.item.pool == "provider"
    doctor = an_actor(permissions=("messages.take_calls", "messages.answer_clinically"))
    actions.answer_thread(actor=doctor, thread=thread, text="Sent.", disposition="Approved", relay="read_out")
    sent.item.refresh_from_db()
    assert sent.item.state == "done"


def test_what_misses_a_line_goes_to_a_prescriber_with_the_reason(patient, site):
    pills, thread = a_statin(patient, lipids_days=800), a_request(patient, site)
    sent = actions.send_refill(
        actor=SYSTEM, thread=thread, medication=pills, said=RefillSaid(holds=ALL_HOLD, is_out="yes")
    )
    assert [one.code for one in sent.check.missed] == ["lipids"]
    assert sent.item.title.startswith("Decide") and "NOT MET: Lipids" in sent.item.detail and sent.item.band == "R3"


def test_a_controlled_medicine_is_never_queued_whatever_is_met(patient, site):
    pills = Medication.objects.create(patient=patient, name="Lorazepam 1 mg")
    check = queries.refill_check(patient, pills, RefillSaid(holds=ALL_HOLD), on=TODAY)
    assert check.is_never_by_protocol and not check.may_be_queued


def test_an_answer_refused_by_the_chart_counts_whatever_is_said(patient):
    from mainstay.chart.models import Problem

    Problem.objects.create(patient=patient, code="Z34.90", text="Pregnancy", onset=TODAY - timedelta(days=60))
    pills = Medication.objects.create(patient=patient, name="Lisinopril 10 mg")
    said = RefillSaid(holds=ALL_HOLD, exclusions={"pregnant": "no"})
    assert "pregnant" in [one.code for one in queries.refill_check(patient, pills, said, on=TODAY).missed]


def test_the_pages_are_walked(client, maria, patient, site, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    client.force_login(maria)
    pills, thread = a_statin(patient), a_request(patient, site)
    at = f"/messages/{thread.public_id}/refill/"
    assert b"Atorvastatin" in client.get(at).content
    chosen = f"{at}?medicine={pills.public_id}"
    assert b"Not every line is met" in client.get(chosen).content
    said = {"holds": list(ALL_HOLD), "days_early": "0"}
    checked = client.post(chosen, {**said, "idempotency_key": str(uuid.uuid4())})
    assert b"Every line is met" in checked.content and not WorkItem.objects.filter(kind="refill").exists()
    sent = client.post(chosen, {**said, "send": "yes", "idempotency_key": str(uuid.uuid4())})
    assert sent.status_code == 303 and WorkItem.objects.filter(kind="refill").count() == 1
    out = f"/calls/out/{thread.work_item.public_id}/"
    assert b"Nobody has called yet" in client.get(out).content
    gone = client.post(out, {"outcome": "no_answer", "idempotency_key": str(uuid.uuid4())})
    assert gone.status_code == 303 and CallAttempt.objects.get().by == maria
