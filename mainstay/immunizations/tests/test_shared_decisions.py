"""Vaccines of shared decision: no tray before somebody who prescribes talked it over, and the patient wants it."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest

from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.errors import TalkFirst
from mainstay.immunizations.models import VaccineDose, VaccinePreparation
from mainstay.immunizations.queries.giving import due_group
from mainstay.immunizations.rules.talking import Talk, may_go_on
from mainstay.immunizations.tests.giving import (
    TODAY,
    a_clinic,
    a_signed_order,
    chosen,
    here_today,
    identified,
    in_the_building,
    on_the_shelf,
    ready_to_give,
    screened,
)
from mainstay.inventory.models import Draw
from mainstay.visits.tests.factories import a_person

MENB = "Meningococcal B"
SEVENTEEN = date(2009, 5, 5)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def said(outcome: str, *, at: datetime = NOON) -> Talk:
    return Talk(outcome, at, "Dr Patel")


def test_without_a_talk_the_sentence_says_who_can_have_it():
    waits = may_go_on(MENB, talk=None, ordered_at=None, clinicians=["Patel Test", "Ann Lee"])
    assert not waits and "Patel Test or Ann Lee can have the talk" in waits.reason
    assert "A provider can have the talk" in may_go_on(MENB, talk=None, ordered_at=None, clinicians=()).reason


@pytest.mark.parametrize(("outcome", "words"), [("not_wanted", "does not want it"), ("undecided", "thinking it over")])
def test_a_talk_that_did_not_end_in_yes_waits_and_says_so(outcome, words):
    waits = may_go_on(MENB, talk=said(outcome), ordered_at=None, clinicians=())
    assert not waits and words in waits.reason and "Dr Patel" in waits.reason


@pytest.mark.parametrize(
    ("outcome", "ordered_at", "goes_on"),
    [
        ("wanted", None, True),
        ("not_wanted", NOON + timedelta(hours=1), True),
        ("not_wanted", NOON, False),
        ("undecided", NOON - timedelta(hours=1), False),
    ],
)
def test_an_order_stands_until_a_later_talk_speaks_against_it(outcome, ordered_at, goes_on):
    assert bool(may_go_on(MENB, talk=said(outcome), ordered_at=ordered_at, clinicians=())) is goes_on


@pytest.fixture
def clinic(db):
    return a_clinic()


def talked_over(clinic, patient, outcome: str, *, now: datetime = A_MOMENT):
    return actions.document_discussion(
        actor=clinic.acting(clinic.doctor, now=now), patient=patient, group=MENB, outcome=outcome
    )


def test_a_standing_order_does_not_stand_for_the_talk(clinic):
    visit = here_today(clinic, SEVENTEEN)
    assert due_group(visit.patient, MENB, on=TODAY).needs_talk
    vaccination = identified(clinic, visit)
    with pytest.raises(TalkFirst, match="can have the talk") as refused:
        chosen(clinic, vaccination, MENB)
    assert clinic.doctor.shown_name in str(refused.value) and not VaccinePreparation.objects.exists()


def test_a_nurse_waits_as_an_assistant_does(clinic):
    vaccination = identified(clinic, here_today(clinic, SEVENTEEN))
    with pytest.raises(TalkFirst):
        chosen(clinic, vaccination, MENB, by=clinic.nurse)


def test_after_the_talk_it_is_prepared_and_given(clinic):
    visit = here_today(clinic, SEVENTEEN)
    stock, vaccination = on_the_shelf(clinic, "Bexsero"), identified(clinic, visit)
    talked_over(clinic, visit.patient, "wanted")
    preparation = chosen(clinic, vaccination, MENB)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    assert actions.give_dose(actor=clinic.acting(), preparation=ready).cvx == "163"


@pytest.mark.parametrize("outcome", ["not_wanted", "undecided"])
def test_a_talk_that_was_declined_stays_a_refusal(clinic, outcome):
    visit = here_today(clinic, SEVENTEEN)
    vaccination = identified(clinic, visit)
    talked_over(clinic, visit.patient, "wanted", now=A_MOMENT - timedelta(days=30))
    talked_over(clinic, visit.patient, outcome, now=A_MOMENT - timedelta(days=2))
    with pytest.raises(TalkFirst, match="Nov"):
        chosen(clinic, vaccination, MENB)


def test_an_order_for_this_patient_needs_no_further_talk(clinic):
    visit = here_today(clinic, SEVENTEEN)
    vaccination = identified(clinic, visit)
    a_signed_order(clinic, visit.patient, MENB, cvx="163")
    assert chosen(clinic, vaccination, MENB).basis == "signed"


def test_who_prescribes_decides_with_the_patient_there_and_then(clinic):
    vaccination = identified(clinic, here_today(clinic, SEVENTEEN))
    assert chosen(clinic, vaccination, MENB, by=clinic.doctor).basis == "own"


def test_it_is_asked_again_at_the_dose_itself(clinic):
    visit = here_today(clinic, SEVENTEEN)
    stock, vaccination = on_the_shelf(clinic, "Bexsero"), identified(clinic, visit)
    talked_over(clinic, visit.patient, "wanted", now=A_MOMENT - timedelta(days=1))
    preparation = chosen(clinic, vaccination, MENB)
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    ready = ready_to_give(clinic, preparation, stock)
    talked_over(clinic, visit.patient, "not_wanted")
    with pytest.raises(TalkFirst, match="does not want it"):
        actions.give_dose(actor=clinic.acting(), preparation=ready)
    assert not VaccineDose.objects.exists() and not Draw.objects.exists()


def test_what_rides_along_in_the_vial_waits_too(clinic):
    """A five-valent vial taken for ACWY holds B as well, which goes by shared decision."""
    visit = here_today(clinic, SEVENTEEN)
    vaccination = identified(clinic, visit)
    a_signed_order(clinic, visit.patient, "Meningococcal")
    preparation = chosen(clinic, vaccination, "Meningococcal")
    screened(clinic, vaccination)
    preparation.refresh_from_db()
    stock = on_the_shelf(clinic, "Penbraya")
    with pytest.raises(TalkFirst, match=MENB):
        actions.take_vial(actor=clinic.acting(), preparation=preparation, lot=stock.lot, how="picked")
    preparation.refresh_from_db()
    assert preparation.state == "chosen" and preparation.lot is None


def test_the_page_says_so_before_the_tray_is_prepared(client, clinic, monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    visit = here_today(clinic, SEVENTEEN)
    identified(clinic, visit)
    page = f"/visits/{visit.public_id}/vaccines/"
    client.force_login(clinic.maria)
    shown = client.get(page).content.decode()
    assert "Talk with the provider first" in shown and "can have the talk" in shown
    assert "and note what came of it" not in shown
    sent = client.post(f"{page}choose/", {"group": MENB, "idempotency_key": str(uuid.uuid4())})
    assert sent.status_code == 422 and "can have the talk" in sent.content.decode()
    client.force_login(in_the_building(a_person("ann", "provider", licence="NP", home_site=clinic.site)))
    assert f"Talk {MENB} over and note what came of it" in client.get(page).content.decode()
