"""Messages that come twice at the same moment: one effect, one answer."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from mainstay.foundation.testing import an_actor
from mainstay.interop import actions
from mainstay.interop.hl7 import parse_message
from mainstay.interop.models import InboundMessage, InboundOutcome
from mainstay.interop.tests.registry_cases import a_child, a_connection, vaccine_codes
from mainstay.interop.tests.test_hl7_inbound import a_vxu
from mainstay.work.models import WorkItem

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def a_clinic_with_a_child():
    vaccine_codes()
    a_connection(2575)
    a_child()


def at_once(acts):
    """Run every act at the same moment, each on a connection of its own."""
    together = threading.Barrier(len(acts))

    def start(act):
        together.wait(600)
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(start, acts))


def taking(octets: bytes):
    return lambda: actions.take_message(actor=an_actor(), octets=octets, peer="127.0.0.1")


def test_one_message_sent_five_times_at_once_has_one_effect_and_one_answer():
    answers = at_once([taking(a_vxu())] * 5)
    assert len(set(answers)) == 1 and parse_message(answers[0]).text("MSA-1") == "AA"
    assert InboundMessage.objects.count() == InboundOutcome.objects.count() == WorkItem.objects.count() == 1


def test_of_two_contents_under_one_control_id_at_once_one_is_taken_and_the_other_refused():
    answers = at_once([taking(a_vxu()), taking(a_vxu(cvx="20^DTaP^CVX"))])
    assert sorted(parse_message(one).text("MSA-1") for one in answers) == ["AA", "AR"]
    assert WorkItem.objects.filter(kind="registry_doses").count() == 1
    again = at_once([taking(a_vxu()), taking(a_vxu(cvx="20^DTaP^CVX"))])
    assert again == answers


def test_whichever_is_settled_first_is_the_message_even_if_the_other_was_stored_before():
    first = actions.store_message(actor=an_actor(), octets=a_vxu())
    second = actions.store_message(actor=an_actor(), octets=a_vxu(cvx="20^DTaP^CVX"))
    assert actions.settle_message(actor=an_actor(), message=second).code == "AA"
    assert actions.settle_message(actor=an_actor(), message=first).code == "AR"
