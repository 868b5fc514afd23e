"""Slot search for 8 providers × 90 days beside its raw-SQL floor, on two practices, and ten thousand racing bookings.

Run: `python -m bench.scheduling [PAST APPOINTMENTS…]` (default 2000 200000). Nothing is kept.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from bench.databases import a_server, an_empty_database

AIM = 50
ASKED = 60
RACING = 10_000
PAST = """
INSERT INTO scheduling_appointment (public_id, created_at, booked_at, patient_id, provider_id, site_id, visit_type_id,
    during, state, reason, booked_how, over_book_reason, cancel_reason, red_flag_override, red_flag_band,
    other_age_reason)
SELECT gen_random_uuid(), now(), now(), %(patients)s::bigint + n %% %(many)s, %(staff)s::bigint + n %% 40, %(site)s,
    %(kind)s, tstzrange(s, s + interval '20 minutes'), 'kept', '', 'phone', '', '', '', '', ''
FROM generate_series(0, %(past)s - 1) n,
    LATERAL (SELECT %(now)s::timestamptz - make_interval(mins => 1440 + (n / 40)::int * 20) AS s) AS t
"""
AHEAD = """
INSERT INTO scheduling_appointment (public_id, created_at, booked_at, patient_id, provider_id, site_id, visit_type_id,
    during, state, reason, booked_how, over_book_reason, cancel_reason, red_flag_override, red_flag_band,
    other_age_reason)
SELECT gen_random_uuid(), now(), now(), %(patients)s::bigint + row_number() OVER () %% %(many)s, p, %(site)s, %(kind)s,
    tstzrange(s, s + interval '20 minutes'), 'booked', '', 'phone', '', '', '', '', ''
FROM generate_series(%(staff)s::bigint, %(staff)s::bigint + 7) p, generate_series(0, 88) d, generate_series(0, 20) k,
    LATERAL (SELECT (%(today)s::date + d + time '09:00' + make_interval(mins => k * 20
        + CASE WHEN k > 8 THEN 60 ELSE 0 END)) AT TIME ZONE 'America/New_York' AS s) AS t
"""
FLOOR = """SELECT provider_id, lower(during), upper(during) FROM scheduling_appointment
    WHERE provider_id = ANY(%s) AND during && tstzrange(%s, %s) AND state IN ('booked', 'kept')"""


def main() -> None:
    """Print one table for each size."""
    with a_server():
        for size in [int(argument) for argument in sys.argv[1:]] or [2000, 200_000]:
            with an_empty_database():
                measure(size)


def measure(past: int) -> None:
    """Fill one practice, ask it three kinds of question, race for the times of one day."""
    from django.db import connection

    from mainstay.foundation.patience import unhurried
    from mainstay.foundation.testing import A_MOMENT
    from mainstay.scheduling import queries

    today = A_MOMENT.date()
    patients, kind, site, doctors = practice()
    given = {
        "patients": patients, "many": 2000, "staff": doctors[0].pk, "site": site.pk, "kind": kind.pk, "past": past,
        "now": A_MOMENT, "today": today,
    }  # fmt: skip
    search = {"visit_type": kind, "now": A_MOMENT, "first_day": today, "providers": [d.pk for d in doctors[:8]]}
    until = datetime.combine(today + timedelta(days=90), datetime.min.time(), tzinfo=A_MOMENT.tzinfo)
    with unhurried(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE scheduling_appointment DISABLE TRIGGER USER")
        cursor.execute(PAST, given)
        cursor.execute("VACUUM ANALYZE scheduling_appointment")

        def floor() -> None:
            cursor.execute(FLOOR, [search["providers"], A_MOMENT, until])
            cursor.fetchall()

        print(f"{past:,} past appointments, 8 providers × 90 days (aim: p95 under {AIM} ms)")
        print(f"{'asked':34} {'p50':>7} {'p95':>7} {'floor':>7}")
        asked = queries.Search(**search)
        report("first three times, empty", lambda: queries.first_times_that_suit(asked), floor)
        cursor.execute(AHEAD, given)
        cursor.execute("VACUUM ANALYZE scheduling_appointment")
        cursor.execute("ALTER TABLE scheduling_appointment ENABLE TRIGGER USER")
        report("first three times, full", lambda: queries.first_times_that_suit(asked), floor)
        report("third next available, full", lambda: access(doctors[:8], kind, A_MOMENT), floor)
    race(doctors[8:16], kind, site)


def practice() -> tuple[int, object, object, list]:
    """2000 patients, 40 providers with templates, one site; returns the first patient's key."""
    from mainstay.people.models import Patient
    from mainstay.scheduling.tests import factories as make

    people = Patient.objects.bulk_create(
        Patient(mrn=f"B{n}", given_name="Pat", family_name=f"Number{n}", birth_date=date(1980, 1, 1), sex="female")
        for n in range(2000)
    )
    doctors = [make.a_provider(f"doc{n}") for n in range(40)]
    for doctor in doctors:
        make.a_week(doctor, days=(0, 1, 2, 3, 4, 5, 6))
    return people[0].pk, make.a_visit_type(), make.a_site(), doctors


def access(doctors: list, kind: object, now: datetime) -> object:
    """The measure of access for every provider."""
    from mainstay.scheduling import queries

    return queries.access_of(doctors, kind, now=now, today=now.date())


def report(name: str, ask: Callable[[], object], floor: Callable[[], None]) -> None:
    """One line: milliseconds for half and for nineteen in twenty, and for the plain rows alone."""
    ask()
    low = sorted(timed(floor) for _ in range(ASKED // 3))[ASKED // 6]
    took = sorted(timed(ask) for _ in range(ASKED))
    print(f"{name:34} {took[len(took) // 2]:7.1f} {took[int(len(took) * 0.95)]:7.1f} {low:7.1f}")


def timed(ask: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


def race(doctors: list, kind: object, site: object) -> None:
    """Ten thousand bookings by action from 8 connections for 192 times of one day."""
    from mainstay.people.models import Patient
    from mainstay.scheduling.tests import factories as make
    from mainstay.scheduling.tests import test_racing as racing

    chance = random.Random(26)
    people = list(Patient.objects.order_by("pk")[:400])
    starts = make.local(racing.MONDAY, 9)
    slots = [
        racing.Slot(site=site, provider=doctor, starts=starts + timedelta(minutes=5 * n), minutes=20)
        for doctor in doctors
        for n in range(24)
    ]

    def one() -> Callable[[], object]:
        slot, patient = chance.choice(slots), chance.choice(people)
        return lambda: racing.actions.book_appointment(actor=racing.SYSTEM, patient=patient, visit_type=kind, slot=slot)

    began = time.perf_counter()
    ended: Counter[str] = racing.at_once([one() for _ in range(RACING)], 8)
    took = time.perf_counter() - began
    print(f"race: {dict(ended)}, {racing.double_bookings()} double, {ended.total() / took:.0f}/s, {took:.0f} s")


if __name__ == "__main__":
    main()
