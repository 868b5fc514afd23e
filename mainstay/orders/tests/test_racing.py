"""Two people at once: one effect."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import connection

from mainstay.foundation.errors import IllegalMove
from mainstay.foundation.models import OutboxEvent
from mainstay.orders import actions
from mainstay.orders.models import OrderStep
from mainstay.orders.tests.factories import a_doctor, a_pended_order, a_signed_order, seen
from mainstay.visits.tests.factories import acting_as
from mainstay.workforce.models import Staff

PROVIDERS = 6


@pytest.mark.django_db(transaction=True)
def test_of_several_providers_signing_the_same_order_exactly_one_signs_it() -> None:
    doctors = [a_doctor(f"doctor{n}") for n in range(PROVIDERS)]
    order = a_pended_order()
    shown, begin = seen(order), Barrier(PROVIDERS)

    def one(doctor: Staff) -> str:
        begin.wait()
        try:
            return "signed" if actions.sign_orders(actor=acting_as(doctor), seen=shown).signed else "refused"
        finally:
            connection.close()

    with ThreadPoolExecutor(PROVIDERS) as desks:
        ended = Counter(desks.map(one, doctors))
    assert ended == {"signed": 1, "refused": PROVIDERS - 1}
    assert OrderStep.objects.filter(order=order, name="sign").count() == 1
    assert OutboxEvent.objects.filter(kind="OrderSigned").count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_people_carrying_out_the_same_order_exactly_one_does() -> None:
    doctor = a_doctor()
    order, begin = a_signed_order(doctor=doctor), Barrier(PROVIDERS)

    def one(_: int) -> str:
        begin.wait()
        try:
            actions.complete_order(actor=acting_as(doctor), order=order, used_ref=uuid4())
            return "done"
        except IllegalMove:
            return "already done"
        finally:
            connection.close()

    with ThreadPoolExecutor(PROVIDERS) as desks:
        ended = Counter(desks.map(one, range(PROVIDERS)))
    assert ended == {"done": 1, "already done": PROVIDERS - 1}
