"""Many desks at once: one time, one booking. Threads against PostgreSQL, each with its own connection."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from mainstay.foundation.constraint_names import meaning_of
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.desk import Asked, book_found_time
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.models import Appointment, SlotOffer
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = date(2026, 11, 23)
SYSTEM = an_actor()
RACING = int(os.environ.get("MAINSTAY_RACING_BOOKINGS", "600"))
"""Bookings through the action; `bench/scheduling.py` races ten thousand of them."""
RAW = 10_000
INSERT = """INSERT INTO scheduling_appointment (public_id, created_at, booked_at, patient_id, provider_id, site_id,
        visit_type_id, during, state, reason, booked_how, over_book_reason, cancel_reason, red_flag_override,
        red_flag_band, other_age_reason)
    VALUES (gen_random_uuid(), now(), now(), %s, %s, %s, %s, tstzrange(%s, %s), 'booked', '', 'phone', '', '', '',
        '', '')"""
DOUBLE = """SELECT count(*) FROM scheduling_appointment a JOIN scheduling_appointment b ON a.id < b.id
    AND (a.provider_id = b.provider_id OR a.provider_id IS NULL AND b.provider_id IS NULL AND a.site_id = b.site_id)
    AND a.during && b.during WHERE a.state = 'booked' AND b.state = 'booked'"""


def outcome(book: Callable[[], object]) -> str:
    """Booked, or the code of the refusal; anything else is raised."""
    try:
        with transaction.atomic():
            book()
    except ClinicError as error:
        return error.code
    except IntegrityError as error:
        known = meaning_of(error)
        if known is None:
            raise
        return known.code
    return "booked"


def double_bookings() -> int:
    with connection.cursor() as cursor:
        cursor.execute(DOUBLE)
        return cursor.fetchone()[0]


def at_once(work: list[Callable[[], object]], threads: int) -> Counter[str]:
    """Run everything on so many connections; how each ended."""
    begin = Barrier(threads)

    def desk(mine: list[Callable[[], object]]) -> Counter[str]:
        begin.wait()
        try:
            return Counter(outcome(one) for one in mine)
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return sum(pool.map(desk, [work[n::threads] for n in range(threads)]), Counter())


def test_fifty_desks_and_one_time_make_one_booking():
    doc = a_provider()
    a_week(doc)
    kind, patients = a_visit_type(), [a_patient(str(n)) for n in range(50)]
    slot = Slot(site=a_site(), provider=doc, starts=local(MONDAY, 9), minutes=20)

    def one(patient):
        return lambda: book_found_time(
            actor=SYSTEM, patient=patient, visit_type=kind, slot=slot, asked=Asked(reason="check")
        )

    ended = at_once([one(p) for p in patients], 50)
    assert ended == {"booked": 1, "slot-taken": 49}
    assert Appointment.objects.count() == 1


def test_racing_bookings_leave_no_time_booked_twice():
    chance = random.Random(26)
    doctors: list = [a_provider(f"doc{n}") for n in range(7)] + [None]
    kind, site = a_visit_type(), a_site()
    patients = [a_patient(str(n)) for n in range(40)]
    slots = [
        Slot(
            site=site,
            provider=doc,
            starts=local(MONDAY + timedelta(days=day), 9) + timedelta(minutes=5 * n),
            minutes=20,
        )
        for doc in doctors
        for day in range(2)
        for n in range(24)
    ]

    def one():
        slot, patient = chance.choice(slots), chance.choice(patients)
        return lambda: actions.book_appointment(actor=SYSTEM, patient=patient, visit_type=kind, slot=slot)

    ended = at_once([one() for _ in range(RACING)], 8)
    assert set(ended) <= {"booked", "slot-taken", "patient-busy"} and ended.total() == RACING
    assert ended["booked"] == Appointment.objects.count() > 20
    assert double_bookings() == 0


def test_the_database_alone_lets_ten_thousand_racing_bookings_make_no_double_one():
    chance = random.Random(26)
    doctors, kind, site = [a_provider(f"doc{n}").pk for n in range(8)], a_visit_type().pk, a_site().pk
    patients = [a_patient(str(n)).pk for n in range(400)]

    def one():
        starts = local(MONDAY, 0) + timedelta(minutes=5 * chance.randrange(288))
        who = chance.choice(patients), chance.choice([*doctors, None])
        return lambda: insert([*who, site, kind, starts, starts + timedelta(minutes=20)])

    ended = at_once([one() for _ in range(RAW)], 8)
    assert set(ended) <= {"booked", "slot-taken", "patient-busy", "deadlock"} and ended.total() == RAW
    assert ended["booked"] == Appointment.objects.count() > 100
    assert double_bookings() == 0


def insert(values: list[object]) -> None:
    """One booking with nothing of ours around it; a deadlock between constraints counts as a refusal."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, values)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "40P01":
            raise
        raise Deadlock from error


class Deadlock(ClinicError):
    """Two bookings waited for each other; the database ended one."""

    code = "deadlock"


def test_the_count_of_double_bookings_would_see_one():
    doc, kind = a_provider(), a_visit_type()
    for mrn, why in (("1", ""), ("2", "over-booked on purpose")):
        slot = Slot(site=a_site(), provider=doc, starts=local(MONDAY, 9), minutes=20)
        actions.book_appointment(actor=SYSTEM, patient=a_patient(mrn), visit_type=kind, slot=slot, over_book_reason=why)
    assert double_bookings() == 1


def test_two_desks_taking_one_offer_book_it_once(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    doc = a_provider()
    actions.join_wait_list(
        actor=SYSTEM, patient=a_patient("2"), visit_type=a_visit_type(), wanted=Wanted(note="Sooner")
    )
    actions.cancel_appointment(actor=SYSTEM, appointment=booked(doc, local(MONDAY, 9)), reason="ill")
    tell_everyone()
    offer = SlotOffer.objects.get()
    ended = at_once([lambda: actions.accept_offer(actor=SYSTEM, offer=offer)] * 8, 8)
    assert ended == {"booked": 1, "illegal-move": 7}
