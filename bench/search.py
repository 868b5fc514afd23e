"""Patient search and likely duplicates on two practices, beside fetching the same rows by their keys with plain SQL.

The practices are the made-up town of `bench.matching`, loaded by COPY into the test server; nothing is kept.
Run: `python -m bench.search [PATIENTS…]` (default 2000 200000).
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import UUID

from bench.databases import a_server, an_empty_database
from bench.matching import town
from mainstay.people.matching import Person, prefix_key, search_key, word_keys

ASKED = 150
AIM = 50
DICE = random.Random(7)
SEXES = {"M": "male", "F": "female"}
PATIENT_COLUMNS = """public_id, created_at, mrn, given_name, middle_name, family_name, suffix, chosen_name, pronouns,
    birth_date, sex, gender_identity, race, ethnicity, language, mother_maiden_name, ssn_last4, registered_at,
    is_confidential, withdrawn_because, search_text, sound_keys"""
CONTACT_COLUMNS = "patient_id, channel, value, use, rank, can_leave_voicemail, can_text, is_confidential, is_withdrawn"


def main() -> None:
    """Print one table for each size."""
    with a_server():
        for size in [int(argument) for argument in sys.argv[1:]] or [2000, 200_000]:
            with an_empty_database():
                measure(size)


def measure(size: int) -> None:
    """Load one practice and ask it every kind of question."""
    from mainstay.foundation.testing import an_actor
    from mainstay.people import queries
    from mainstay.people.rules import Demographics

    people, _ = town(size)
    began = time.perf_counter()
    ids = load(people)
    print(f"{len(people):,} patients, loaded in {time.perf_counter() - began:.0f} s (aim: p95 under {AIM} ms)")
    print(f"{'asked':28} {'p50':>7} {'p95':>7} {'floor':>7} {'first':>6} {'in 20':>6}")
    actor = an_actor()
    sample = DICE.sample(list(zip(ids, people, strict=True)), min(ASKED, len(people)))
    for kind, words in KINDS.items():
        report(kind, [(i, lambda t=words(p): [f.id for f in queries.patients_found(actor, t)]) for i, p in sample])
    asked = []
    for i, p in sample:
        who = Demographics(p.given, p.family, p.birth_date, sex=SEXES[p.sex])
        phone = p.phones[0] if p.phones else ""
        asked.append((i, lambda w=who, n=phone: [d.patient.pk for d in queries.likely_duplicates(actor, w, phone=n)]))
    report("likely duplicates", asked)


def report(kind: str, asked: list[tuple[int, Callable[[], list[int]]]]) -> None:
    """One line: times in ms, the floor, and how often the person meant came first and among the first 20."""
    times, floors, first, among = [], [], 0, 0
    for meant, ask in asked:
        began = time.perf_counter()
        found = ask()
        times.append((time.perf_counter() - began) * 1000)
        floors.append(floor(found))
        first += found[:1] == [meant]
        among += meant in found[:20]
    times.sort()
    p50, p95 = times[len(times) // 2], times[len(times) * 95 // 100]
    shares = f"{first / len(asked):6.2f} {among / len(asked):6.2f}"
    print(f"{kind:28} {p50:7.1f} {p95:7.1f} {sorted(floors)[len(floors) // 2]:7.2f} {shares}", flush=True)


def floor(found: list[int]) -> float:
    """Milliseconds to fetch these very rows by their keys."""
    from django.db import connection

    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, given_name, family_name, birth_date, sex, mrn FROM people_patient WHERE id = ANY(%s)",
            [found],
        )
        cursor.fetchall()
    return (time.perf_counter() - began) * 1000


def slip(word: str) -> str:
    """Two neighboring letters turned round."""
    at = DICE.randrange(1, max(2, len(word) - 1))
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]


KINDS: dict[str, Callable[[Person], str]] = {
    "given and family name": lambda p: f"{p.given} {p.family}",
    "family name, given name": lambda p: f"{p.family}, {p.given}",
    "beginnings of both": lambda p: f"{p.given[:3]} {p.family[:4]}",
    "family name alone": lambda p: p.family,
    "two letters": lambda p: p.family[:2],
    "slip in the family name": lambda p: f"{p.given} {slip(p.family)}",
    "slip in the given name": lambda p: f"{slip(p.given)} {p.family}",
    "birth date alone": lambda p: f"{p.birth_date:%m%d%Y}",
    "family name and birth date": lambda p: f"{p.family} {p.birth_date:%m/%d/%y}",
    "slip and birth date": lambda p: f"{slip(p.family)} {p.birth_date:%d %b %Y}",
    "given name and year": lambda p: f"{p.given} {p.birth_date.year}",
    "phone": lambda p: p.phones[0] if p.phones else "5125550134",
    "last four of the phone": lambda p: (p.phones[0] if p.phones else "5125550134")[-4:],
    "nobody": lambda p: f"zq{p.family} x{p.given}",
}


def load(people: list[Person]) -> list[int]:
    """Put a town into the database the fast way: COPY, with the history's triggers silent."""
    from django.db import connection

    from mainstay.foundation.patience import unhurried

    with unhurried(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_patient DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE people_contactpoint DISABLE TRIGGER USER")
        with cursor.copy(f"COPY people_patient ({PATIENT_COLUMNS}) FROM STDIN") as rows:
            for number, person in enumerate(people):
                rows.write_row(patient_row(number, person))
        cursor.execute("SELECT id FROM people_patient ORDER BY id")
        ids = [row[0] for row in cursor.fetchall()]
        with cursor.copy(f"COPY people_contactpoint ({CONTACT_COLUMNS}) FROM STDIN") as rows:
            for pk, person in zip(ids, people, strict=True):
                for phone in person.phones:
                    rows.write_row((pk, "phone", f"+1{phone}", "home", 1, False, False, False, False))
        cursor.execute("ANALYZE people_patient")
        cursor.execute("ANALYZE people_contactpoint")
    return ids


def patient_row(number: int, person: Person) -> tuple[Any, ...]:
    """One person as a row of the patients' table."""
    keys = {key for word in search_key(person.given, person.family).split() for key in keys_of(word)}
    keys |= {prefix_key(w[:n]) for w in search_key(person.middle).split() for n in (1, 3, len(w))}
    text = search_key(person.given, person.family, person.middle)
    return (
        UUID(int=number + 1), "2026-01-01", str(500_000 + number), person.given, person.middle, person.family,
        person.suffix, "", "", person.birth_date, SEXES[person.sex], "", [], "", "en", "", "", "2026-01-01", False, "",
        text, sorted(keys),
    )  # fmt: skip


keys_of = cache(word_keys)


if __name__ == "__main__":
    main()
