"""Writes of orders and standing orders."""

from dataclasses import replace

from mainstay.orders import actions
from mainstay.orders.models import Order, StandingOrder
from mainstay.orders.queries import Content
from mainstay.orders.tests.factories import FLU, FLU_STANDING, seen
from tests.situations.clinic import Clinic
from tests.situations.table import Sent, write

ASKED = {"vaccine_group": "Influenza", "reason": "Due this season", "priority": "soon", "route": "IM"}
STANDING = {
    "title": "Influenza", "vaccine_groups": ["Influenza"], "roles": ["clinical_ma"], "starts_on": "11/01/2026",
    "expires_on": "06/30/2027", "emergency": "Call the provider, then 911.", "line-TOTAL_FORMS": "1",
    "line-INITIAL_FORMS": "0", "line-0-effect": "include", "line-0-words": "Everybody from 6 months",
    "line-0-least_age": "6m", "product-TOTAL_FORMS": "1", "product-INITIAL_FORMS": "0", "product-0-name": "Fluzone",
    "product-0-dose_unit": "mL",
}  # fmt: skip


def pended(clinic: Clinic) -> Order:
    """An order that waits."""
    return actions.pend_order(actor=clinic.actor, patient=clinic.patient(), content=FLU)


def drafted(clinic: Clinic) -> StandingOrder:
    """A standing order nobody signed yet."""
    text = replace(FLU_STANDING, title=f"Influenza {clinic.number()}")
    return actions.write_standing_order(actor=clinic.actor, text=text)


def signed(clinic: Clinic) -> StandingOrder:
    """A standing order that holds."""
    return actions.sign_standing_order(actor=clinic.actor, standing_order=drafted(clinic))


@write("orders-sign")
def sign(clinic: Clinic) -> Sent:
    orders = [pended(clinic), pended(clinic)]
    shown = {f"seal-{one.order_ref}": one.seal for one in seen(*orders)}
    return Sent({}, {"sign": [str(order.public_id) for order in orders], **shown})


@write("pend-order")
def pend(clinic: Clinic) -> Sent:
    return Sent({"patient_id": clinic.patient().public_id}, ASKED)


@write("pend-order-at-visit")
def pend_at_visit(clinic: Clinic) -> Sent:
    return Sent({"visit_id": clinic.identified().public_id}, ASKED)


@write("order-change")
def change(clinic: Clinic) -> Sent:
    return Sent({"public_id": pended(clinic).public_id}, {**ASKED, "reason": "Asked for it"})


@write("order-change", "signed")
def amend(clinic: Clinic) -> Sent:
    order = pended(clinic)
    actions.sign_orders(actor=clinic.actor, seen=seen(order))
    return Sent({"public_id": order.public_id}, {**ASKED, "reason": "Asked for it"})


@write("order-decline")
def decline(clinic: Clinic) -> Sent:
    return Sent({"public_id": pended(clinic).public_id}, {"words": "Had it in September"})


@write("order-acknowledge")
def acknowledge(clinic: Clinic) -> Sent:
    order = pended(clinic)
    actions.decline_order(actor=clinic.actor, order=order, words="Had it in September")
    return Sent({"public_id": order.public_id})


@write("order-end")
def end(clinic: Clinic) -> Sent:
    return Sent({"public_id": pended(clinic).public_id}, {"reason": "Left before"})


@write("pend-order", "test")
def pend_test(clinic: Clinic) -> Sent:
    asked = {"kind": "point_of_care", "name": "Rapid strep A", "code": "78012-2"}
    return Sent({"patient_id": clinic.patient().public_id}, {**asked, "reason": "Sore throat", "priority": "soon"})


@write("order-done")
def carry_out(clinic: Clinic) -> Sent:
    strep = Content(kind="point_of_care", system="words", code="", name="Rapid strep A", reason="Sore throat")
    order = actions.pend_order(actor=clinic.actor, patient=clinic.patient(), content=strep)
    actions.sign_orders(actor=clinic.actor, seen=seen(order))
    return Sent({"public_id": order.public_id}, {"words": "9:10 am, negative"})


@write("write-standing-order")
def write_standing(clinic: Clinic) -> Sent:
    return Sent({}, {**STANDING, "title": f"Influenza {clinic.number()}"})


@write("standing-order-version")
def version(clinic: Clinic) -> Sent:
    return Sent({"public_id": signed(clinic).public_id}, STANDING)


@write("standing-order-sign")
def sign_standing(clinic: Clinic) -> Sent:
    return Sent({"public_id": drafted(clinic).public_id})


@write("standing-order-review")
def review(clinic: Clinic) -> Sent:
    return Sent({"public_id": signed(clinic).public_id}, {"expires_on": "11/01/2027", "words": "As it is"})


@write("standing-order-withdraw")
def withdraw(clinic: Clinic) -> Sent:
    return Sent({"public_id": signed(clinic).public_id}, {"reason": "Recalled"})


@write("standing-order-discard")
def discard(clinic: Clinic) -> Sent:
    return Sent({"public_id": drafted(clinic).public_id})
