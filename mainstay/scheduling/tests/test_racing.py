"""Many desks at once: one time, one booking. Threads against PostgreSQL, each with its own connection."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from functools import partial
from threading import Barrier

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from mainstay.foundation.constraint_names import meaning_of
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.findings import Confirmations
from mainstay.foundation.testing import A_MOMENT, an_actor, tell_everyone
from mainstay.practice import actions as practice
from mainstay.scheduling import actions
from mainstay.scheduling.actions import Slot
from mainstay.scheduling.actions.desk import Asked, book_found_time
from mainstay.scheduling.actions.waiting import Wanted
from mainstay.scheduling.models import Appointment, SlotOffer
from mainstay.scheduling.tests.factories import a_patient, a_provider, a_site, a_visit_type, a_week, booked, local
from mainstay.work.actions import take_work
from mainstay.work.models import WorkItem

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


def test_a_day_opened_while_a_provider_is_being_taken_off_leaves_the_call(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    told = Confirmations({"booked-then": "The boiler is broken"})
    visit = booked(a_provider(), local(MONDAY, 9))
    closure = practice.close_day(actor=SYSTEM, day=MONDAY, name="Boiler", confirmed=told)
    away = {"starts": local(MONDAY, 8), "ends": local(MONDAY, 12), "reason": "Flu"}
    with ThreadPoolExecutor(1) as desk:
        with transaction.atomic():
            actions.take_time_off(actor=SYSTEM, provider=visit.provider, **away, confirmed=told)
            opening = desk.submit(at_once, [partial(practice.withdraw_closure, actor=SYSTEM, closure=closure)], 1)
            while not opening.done() and not someone_waits():
                pass
        assert opening.result() == {"booked": 1}
    assert WorkItem.objects.get(kind="move_appointment").state == "open"


def someone_waits() -> bool:
    """Whether somebody waits for a lock by name that another transaction has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = database"
            " WHERE locktype = 'advisory' AND NOT granted AND datname = current_database())"
        )
        return bool(cursor.fetchone()[0])


def test_a_call_taken_while_the_day_is_opened_is_taken_off_or_noted_and_never_lost(monkeypatch):
    monkeypatch.setattr("mainstay.foundation.clock.now", lambda: A_MOMENT)
    told = Confirmations({"booked-then": "The boiler is broken"})
    for n in range(6):
        day = MONDAY + timedelta(days=n)
        visit = booked(a_provider(f"doc{n}"), local(day, 9), patient=a_patient(f"{n}"))
        closure = practice.close_day(actor=SYSTEM, day=day, name="Boiler", confirmed=told)
        item = WorkItem.objects.get(subject_ref=visit.public_id)
        ended = at_once(
            [
                partial(practice.withdraw_closure, actor=SYSTEM, closure=closure),
                partial(take_work, actor=SYSTEM, item=item),
            ],
            2,
        )
        item.refresh_from_db()
        if ended == {"booked": 2}:
            assert item.state == "taken" and item.title.startswith("Can stay: ")
        else:
            assert ended == {"booked": 1, "illegal-move": 1} and item.state == "done"
