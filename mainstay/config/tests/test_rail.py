"""The numbers beside the places of the rail: what waits for the person who looks."""

from __future__ import annotations

import re

import pytest

from mainstay.foundation.testing import A_MOMENT
from mainstay.messages import actions as messages
from mainstay.orders import actions as orders
from mainstay.orders.tests.factories import a_doctor, a_pended_order, seen
from mainstay.visits.tests.factories import a_patient, a_person, acting_as

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)


def numbers(client, staff):
    client.force_login(staff)
    shown = client.get("/work/").content.decode()
    links = re.findall(r'<a[^>]*href="(/(?:orders|messages)/)"[^>]*>(.*?)</a>', shown, re.DOTALL)
    return {
        place: re.sub(r"\D", "", re.sub(r"<svg.*?</svg>|<[^>]+>", "", inner, flags=re.DOTALL)) for place, inner in links
    }


def test_the_rail_counts_the_orders_that_wait_for_me_as_they_are_now(client):
    doctor, pender = a_doctor(), a_person("pender", "clinical_ma")
    order = a_pended_order(by=acting_as(pender))
    assert numbers(client, doctor)["/orders/"] == "1"
    assert numbers(client, pender)["/orders/"] == ""
    orders.sign_orders(actor=acting_as(doctor), seen=seen(order))
    assert numbers(client, doctor)["/orders/"] == ""


def test_the_rail_counts_the_messages_of_my_pools_beside_it(client):
    nurse = a_person("nora", "nurse")
    assert numbers(client, nurse)["/messages/"] == ""
    messages.receive_message(
        actor=acting_as(nurse), patient=a_patient(), text="A cough since Tuesday", category="SYM", channel="portal"
    )
    assert numbers(client, nurse)["/messages/"] == "1"
