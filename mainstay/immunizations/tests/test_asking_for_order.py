"""A vaccine its standing order keeps the patient out of: one click leaves it out and asks for an order."""

from __future__ import annotations

import uuid

import pytest

from mainstay.foundation.errors import IllegalMove, NotPermitted
from mainstay.foundation.testing import A_MOMENT
from mainstay.immunizations import actions
from mainstay.immunizations.errors import StepSkipped
from mainstay.immunizations.models import GivenDose, VaccinePreparation
from mainstay.immunizations.tests.giving import (
    TDAP,
    a_clinic,
    a_signed_order,
    chosen,
    given,
    here_today,
    identified,
    left,
    nothing_given,
    on_the_shelf,
    placed,
    screened,
)
from mainstay.orders.actions import Seen, sign_orders
from mainstay.orders.models import Order
from mainstay.orders.queries import order_seal
from mainstay.visits.tests.factories import a_person
from mainstay.work.models import WorkItem
from mainstay.workforce.models import CompetencySignOff

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    return a_clinic()


def key():
    return {"idempotency_key": str(uuid.uuid4())}


def kept_out(clinic):
    """Tdap chosen on the standing order, which excludes who reacted before."""
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    screened(clinic, vaccination, reaction_before="yes")
    preparation.refresh_from_db()
    return preparation


def asked(clinic, preparation, *, by=None):
    return actions.ask_for_order(actor=clinic.acting(by), preparation=preparation)


def test_the_card_is_closed_with_its_reason_and_an_order_waits_for_the_provider(clinic):
    preparation = kept_out(clinic)
    assert WorkItem.objects.filter(kind="vaccine_doubt", state="open").exists()
    order = asked(clinic, preparation)
    preparation.refresh_from_db()
    assert preparation.state == "put_aside" and "Not under the standing order" in preparation.put_aside_because
    assert preparation.put_aside_because.endswith("An order was asked for.")
    assert (order.state, order.kind, order.vaccine_group) == ("pended", "vaccine", TDAP)
    assert order.for_provider == clinic.doctor and order.visit_ref == preparation.vaccination.visit.public_id
    assert "Not under the standing order" in order.reason
    assert not preparation.concerns.filter(state="open").exists()
    assert not WorkItem.objects.filter(kind="vaccine_doubt", state="open").exists()


def test_once_it_is_signed_the_vaccine_is_prepared_on_it_and_its_doubt_is_asked_again(clinic):
    preparation = kept_out(clinic)
    with pytest.raises(NotPermitted):
        actions.choose_vaccine(actor=clinic.acting(), vaccination=preparation.vaccination, group=TDAP)
    order = asked(clinic, preparation)
    sign_orders(actor=clinic.acting(clinic.doctor), seen=[Seen(order.public_id, order_seal(order))])
    again = chosen(clinic, preparation.vaccination, TDAP)
    assert (again.basis, again.order_id, again.state) == ("signed", order.pk, "held")
    assert again.concerns.filter(state="open").exists()


def test_an_order_that_waits_already_is_not_asked_for_twice(clinic):
    preparation = kept_out(clinic)
    order = asked(clinic, preparation)
    VaccinePreparation.objects.filter(pk=preparation.pk).update(state="chosen")
    assert asked(clinic, preparation) == order and Order.objects.count() == 1
    with pytest.raises(IllegalMove):
        asked(clinic, preparation)


def test_a_vial_in_hand_stays_in_stock(clinic):
    stock = on_the_shelf(clinic, "Boostrix")
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    vaccination = screened(clinic, vaccination)
    preparation.refresh_from_db()
    preparation = placed(clinic, preparation, stock)
    with pytest.raises(IllegalMove, match="change nothing"):
        asked(clinic, preparation)
    type(clinic.standing).objects.update(state="withdrawn")
    asked(clinic, preparation)
    preparation.refresh_from_db()
    assert preparation.state == "put_aside" and left(stock) == 10 and nothing_given()


def test_what_may_be_given_or_takes_somebody_else_is_not_asked_for(clinic):
    vaccination = identified(clinic, here_today(clinic))
    preparation = chosen(clinic, vaccination, TDAP)
    with pytest.raises(StepSkipped):
        asked(clinic, preparation)
    screened(clinic, vaccination)
    with pytest.raises(IllegalMove, match="change nothing"):
        asked(clinic, preparation)
    CompetencySignOff.objects.create(
        staff=clinic.maria, act="vaccine", rung="observed", assessed_by=clinic.nurse,
        assessed_on=A_MOMENT.date(), checklist_version="1",
    )  # fmt: skip
    with pytest.raises(IllegalMove, match="change nothing"):
        asked(clinic, preparation)
    with pytest.raises(NotPermitted):
        asked(clinic, preparation, by=a_person("bill", "biller", home_site=clinic.site))
    preparation.refresh_from_db()
    assert preparation.state == "chosen" and not Order.objects.exists()


def test_one_click_on_the_card_asks(clinic, client):
    preparation = kept_out(clinic)
    client.force_login(clinic.maria)
    page = f"/visits/{preparation.vaccination.visit.public_id}/vaccines/"
    shown = client.get(page).content.decode()
    assert "Ask for an order" in shown and "Take this vial" not in shown
    done = client.post(f"{page}{preparation.public_id}/order/", key())
    assert done.status_code == 303 and done["Location"].endswith(f"#vaccine-{preparation.pk}")
    shown = client.get(page).content.decode()
    assert "Ask for an order" not in shown and "An order was asked for." in shown
    assert f"An order was asked for: {clinic.doctor.shown_name} has yet to sign it." in shown
    assert shown.count('class="step step-skipped"') == 2 and "step-now" not in shown, "nothing given, nobody to watch"
    assert f"{clinic.doctor.shown_name} is asked to sign it." in shown
    assert client.post(f"{page}{preparation.public_id}/order/", key()).status_code in (409, 422)
    assert Order.objects.count() == 1


def test_an_order_whose_dose_was_never_given_can_be_carried_out_again(clinic):
    stock, visit = on_the_shelf(clinic, "Boostrix"), here_today(clinic)
    order = a_signed_order(clinic, visit.patient, TDAP)
    dose = given(clinic, visit, TDAP, stock)
    order.refresh_from_db()
    assert order.state == "done"
    actions.withdraw_dose(actor=clinic.acting(), given=GivenDose.objects.get(dose=dose), reason="Another patient's")
    order.refresh_from_db()
    assert order.state == "signed" and left(stock) == 10
    assert chosen(clinic, identified(clinic, visit), TDAP).order == order
