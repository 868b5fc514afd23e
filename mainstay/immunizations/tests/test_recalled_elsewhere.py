"""A recall finds who had the lot elsewhere: their doses are listed, they are told, and get a letter that says where."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from mainstay.foundation.testing import tell_everyone
from mainstay.immunizations import actions
from mainstay.immunizations.models import VaccineDose
from mainstay.immunizations.tests.giving import SYSTEM, given, here_today, on_the_shelf
from mainstay.inventory.actions import close_recall, mark_told, recall_lot
from mainstay.inventory.queries import letter_words, recall_named
from mainstay.people.models import Patient
from mainstay.terminology.models import Concept
from mainstay.visits.tests.factories import a_patient, a_person
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db
TDAP = "DTaP/Tdap/Td"
RECALL = {"issued_by": "Maker", "reason": "Too weak.", "what_to_do": "Come in for another dose."}
TYPED = {"given_on": date(2026, 6, 1), "lot_number": "bad1", "source": "historical", "evidence": "card"}


def elsewhere(mrn: str, cvx: str = "115", **more: object) -> Patient:
    """Somebody with one dose on record that was given elsewhere."""
    patient = a_patient(mrn, given_name=f"P{mrn}")
    VaccineDose.objects.create(patient=patient, cvx=cvx, **{**TYPED, **more})
    return patient


def recalled(clinic):
    stock = on_the_shelf(clinic, "Boostrix", number="BAD1")
    return recall_lot(actor=SYSTEM, item=stock.lot.item, lot_number="BAD1", **RECALL)


def listed(recall) -> list[str]:
    return sorted(recall.notices.values_list("patient__mrn", flat=True))


def test_who_had_the_lot_elsewhere_is_listed_and_told(clinic):
    elsewhere("700101")
    elsewhere("700102", evidence="told")
    elsewhere("700103", cvx="139", source="registry")
    recall = recalled(clinic)
    assert listed(recall) == ["700101", "700102", "700103"]
    known = dict(recall.notices.values_list("patient__mrn", "known_from"))
    assert known == {
        "700101": "Vaccine card, lot typed", "700102": "Told, nothing seen, lot typed", "700103": "State registry",
    }  # fmt: skip
    owed = WorkItem.objects.filter(kind="recalled_dose")
    assert sorted(owed.values_list("patient__mrn", flat=True)) == listed(recall)
    mark_told(actor=SYSTEM, notice=recall.notices.first(), how="phone")
    assert owed.filter(state="done").count() == 1


def test_a_lot_that_never_stood_here_still_has_patients_who_are_told_and_written_to(client, clinic):
    elsewhere("700101")
    item = on_the_shelf(clinic, "Boostrix", number="GOOD").lot.item
    client.force_login(a_person("lee", "lead_ma"))
    typed = {"item": item.pk, "lot_number": "bad1", **RECALL, "idempotency_key": uuid4()}
    asked = client.post("/stock/recalls/", typed)
    assert asked.status_code == 422 and "was never in stock here" in asked.content.decode()
    typed |= {"reason:never_here": "It is the number on the notice", "idempotency_key": uuid4()}
    page = client.post("/stock/recalls/", typed)["Location"]
    shown = client.get(page).content.decode()
    assert "never stood here: there is nothing to hold" in shown and "1 person had it" in shown
    assert client.get(f"{page}letters.pdf").content.startswith(b"%PDF")
    assert WorkItem.objects.get(kind="recalled_dose").patient.mrn == "700101"


def test_another_vaccine_with_the_same_lot_number_and_a_withdrawn_dose_are_not_meant(clinic):
    elsewhere("700101", cvx="03")
    elsewhere("700102", status="entered-in-error")
    elsewhere("700103", lot_number="BAD10")
    assert listed(recalled(clinic)) == []


def test_a_lot_typed_after_the_recall_is_found_too_while_the_recall_is_open(clinic):
    recall = recalled(clinic)
    late = elsewhere("700101")
    for _ in range(2):
        actions.recalled.follow_typed_lots(actions.recalled.VaccineHistoryChanged(patient_id=late.pk))
    assert listed(recall) == ["700101"] and WorkItem.objects.filter(kind="recalled_dose").count() == 1


def test_a_typed_dose_calls_it_out_by_itself(clinic):
    recall = recalled(clinic)
    patient = a_patient("700101")
    Concept.objects.get_or_create(system="cvx", code="115", defaults={"display": "Tdap", "is_billable": False})
    dose = actions.DoseElsewhere(cvx="115", given_on=date(2026, 6, 1), lot_number="BAD1", evidence="card")
    actions.record_doses_elsewhere(actor=clinic.acting(), patient=patient, doses=[dose])
    tell_everyone()
    assert listed(recall) == ["700101"]


def test_somebody_who_had_it_here_and_elsewhere_gets_one_letter_that_says_both(clinic):
    stock = on_the_shelf(clinic, "Boostrix", number="BAD1")
    visit = here_today(clinic)
    given(clinic, visit, TDAP, stock)
    VaccineDose.objects.create(patient=visit.patient, cvx="115", **TYPED)
    made = recall_lot(actor=SYSTEM, item=stock.lot.item, lot_number="BAD1", **RECALL)
    recall = recall_named(made.public_id)
    (letter,) = letter_words(clinic.acting(), recall)["letters"]
    assert "from lot BAD1 here" in letter["paragraphs"][0]
    assert "at another place: June 1, 2026" in letter["paragraphs"][0]
    assert WorkItem.objects.filter(kind="recalled_dose").count() == 1


def test_a_recall_stays_open_until_those_elsewhere_were_told(clinic):
    elsewhere("700101")
    recall = recalled(clinic)
    with pytest.raises(Exception, match="1 patient has not been told yet"):
        close_recall(actor=SYSTEM, recall=recall, reason="Done")


def test_the_page_says_elsewhere_and_how_the_lot_is_known(client, clinic):
    elsewhere("700101", evidence="told")
    recall = recalled(clinic)
    client.force_login(clinic.doctor)
    shown = client.get(f"/stock/recalls/{recall.public_id}/").content.decode()
    assert "elsewhere" in shown and "Told, nothing seen, lot typed" in shown
