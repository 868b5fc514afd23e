"""Orders of every kind the tables know: written, signed with the rest, carried out by whoever may do the act."""

from __future__ import annotations

from decimal import Decimal

import pytest

from mainstay.foundation.errors import InvalidInput
from mainstay.orders.actions import record_carried_out
from mainstay.orders.kinds import kinds, kinds_written
from mainstay.orders.models import Order
from mainstay.orders.queries import orders_on
from mainstay.orders.tests.factories import a_doctor, a_pended_order, a_signed_order
from mainstay.orders.tests.test_pages import _clock, as_, key, ticked  # noqa: F401 - _clock is a fixture
from mainstay.visits.tests.factories import a_patient, a_person, a_visit, acting_as

pytestmark = pytest.mark.django_db
WRITTEN = {
    "vaccine": {"vaccine_group": "Influenza", "route": "IM"},
    "point_of_care": {"name": "Rapid strep A", "code": "78012-2"},
    "laboratory": {"name": "Lipid panel"},
    "procedure": {"name": "Suture removal", "code": "15853"},
}


MEDICINE = {
    "kind": "medication", "system": "words", "code": "", "name": "Ketorolac", "vaccine_group": "",
    "dose": Decimal("30"), "dose_unit": "mg", "route": "IM",
}  # fmt: skip


def test_what_can_be_carried_out_here_can_be_written_and_a_medicine_not_yet():
    assert set(WRITTEN) == set(kinds_written()) == set(kinds()) - {"medication"}
    maria, visit = a_person("maria", "clinical_ma"), a_visit()
    page = f"/orders/visit/{visit.public_id}/"
    assert "Medicine given here" not in as_(maria).get(page, {"kind": "medication"}).content.decode()
    medicine = {"kind": "medication", "priority": "soon", "reason": "Pain", "name": "Ketorolac", "route": "IM"}
    assert as_(maria).post(page, {**medicine, **key()}).status_code == 422
    assert not Order.objects.exists()


@pytest.mark.parametrize("kind", sorted(WRITTEN))
def test_an_order_of_each_kind_is_prepared_signed_and_shown(kind):
    maria, doctor, visit = a_person("maria", "clinical_ma"), a_doctor(), a_visit()
    page = f"/orders/visit/{visit.public_id}/"
    shown = as_(maria).get(page, {"kind": kind}).content.decode()
    assert f'name="kind" value="{kind}"' in shown and kinds()[kind].label in shown
    typed = {"kind": kind, "priority": "soon", "reason": "As said", **WRITTEN[kind]}
    refused = as_(maria).post(page, {**typed, "reason": "", **key()})
    assert refused.status_code == 422 and f'name="kind" value="{kind}"' in refused.content.decode()
    assert as_(maria).post(page, {**typed, **key()}).status_code == 303
    order = Order.objects.get()
    assert (order.kind, order.system in kinds()[kind].systems) == (kind, True)
    assert as_(maria).get(f"/orders/{order.public_id}/change/").status_code == 200
    assert as_(doctor).post("/orders/sign/", ticked(order)).status_code == 303
    order.refresh_from_db()
    assert order.state == "signed"
    assert kinds()[kind].label in as_(doctor).get(f"/orders/{order.public_id}/").content.decode()


def test_what_the_form_does_not_know_is_asked_for():
    maria, patient = a_person("maria", "clinical_ma"), a_patient()
    page = f"/orders/for/{patient.public_id}/"
    wrong = {"kind": "point_of_care", "priority": "soon", "reason": "Sore throat", "name": "Strep", "code": "78012-3"}
    answer = as_(maria).post(page, {**wrong, **key()})
    assert answer.status_code == 422 and "no LOINC code" in answer.content.decode()
    assert as_(maria).get(page, {"kind": "spell"}).status_code == 200
    assert not Order.objects.exists()


def test_the_route_decides_which_act_it_is():
    medicine = kinds()["medication"]
    assert [medicine.act_for(route) for route in ("IM", "inhaled", "PO")] == ["inj_im", "med_inhaled", "med_oral"]
    assert kinds()["vaccine"].act_for("IM") == "vaccine"


def test_a_signed_test_is_carried_out_in_words_and_a_vaccine_is_not():
    doctor = a_doctor()
    strep = {"kind": "point_of_care", "system": "words", "code": "", "name": "Rapid strep A", "vaccine_group": "",
             "dose": None, "dose_unit": "", "route": ""}  # fmt: skip
    order = a_signed_order(doctor=doctor, **strep)
    page = f"/orders/{order.public_id}/"
    assert "Carried out" in as_(doctor).get(page).content.decode()
    assert as_(doctor).post(f"{page}done/", {"words": "", **key()}).status_code == 422
    assert as_(doctor).post(f"{page}done/", {"words": "9:10 am, negative", **key()}).status_code == 303
    order.refresh_from_db()
    assert (order.state, order.used_ref) == ("done", order.public_id)
    assert "9:10 am, negative" in as_(doctor).get(page).content.decode()
    vaccine = a_signed_order(doctor=doctor, by=acting_as(a_person("ben", "clinical_ma")), patient=a_patient("7"))
    with pytest.raises(InvalidInput, match="on the patient's vaccine page"):
        record_carried_out(actor=acting_as(doctor), order=vaccine, words="Given")
    medicine = a_signed_order(
        doctor=doctor, by=acting_as(a_person("kim", "clinical_ma")), patient=a_patient("8"), **MEDICINE
    )
    with pytest.raises(InvalidInput, match="not recorded as given in words alone"):
        record_carried_out(actor=acting_as(doctor), order=medicine, words="Given")


def test_the_rail_counts_what_waits_for_a_signature():
    doctor, maria = a_doctor(), a_person("maria", "clinical_ma")
    for n in range(3):
        a_pended_order(by=acting_as(maria), patient=a_patient(f"90{n}"))
    assert (orders_on(acting_as(doctor)).count(), orders_on(acting_as(maria)).count()) == (3, 0)
    shown = as_(doctor).get("/orders/").content.decode()
    rail = shown[shown.index('href="/orders/"') :][:600]
    assert ">3<" in rail
