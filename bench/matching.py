"""Patient matching on a made-up town: processor time, precision and recall at growing sizes, with and without the SSN.

The town has families at one address, twins, fathers and sons of one name, common names, and duplicates made by the
slips of a registration desk. Run: `python -m bench.matching [SIZE…]` (default 2000 20000; 200000 takes four minutes).
"""

from __future__ import annotations

import random
import re
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from mainstay.foundation.tables import read_csv, read_toml
from mainstay.people.matching import Band, Person, likely_pairs, prepare

CHANCE = random.Random(20261121)
SYLLABLES = re.findall("...", "barkendalmorvestinlorhangrasilwenpolcasdrefumnorkelzanostray")
STREETS = re.findall(r"\w+", "oak maple cedar elm pine lake hill park river spring mill church high main walnut ridge")
KINDS = ["St", "Ave", "Rd", "Dr", "Ln", "Ct", "Blvd", "Way"]
ZIPS = [f"787{n:02d}" for n in range(60)]


def _weighted(kind: str, tail: int) -> tuple[list[str], list[float]]:
    shares = {n: float(s) for n, s in read_toml("mainstay.people", "common_names.toml")[kind].items() if n != "other"}
    if kind == "given":
        more = [form for row in read_csv("mainstay.people", "nicknames.csv") for form in (row["name"], row["name"])]
        names = list(shares) + [n for n in dict.fromkeys(more) if n not in shares]
        return names, [shares.get(n, 0.0012) for n in names]
    made = {
        "".join(CHANCE.sample(SYLLABLES, 2)) + CHANCE.choice(["", "son", "er", "ez", "ski", "man"]) for _ in range(tail)
    }
    names = list(shares) + sorted(made - set(shares))
    return names, [shares.get(n, 0.75 / len(made)) for n in names]


FAMILIES = _weighted("family", 6000)
GIVEN = _weighted("given", 0)
FORMS = {row["name"]: row["forms"].split("|") for row in read_csv("mainstay.people", "nicknames.csv")}


def _pick(names: tuple[list[str], list[float]]) -> str:
    return CHANCE.choices(*names)[0]


def _birthday(youngest: int, oldest: int) -> date:
    return date(2026, 11, 21) - timedelta(days=CHANCE.randrange(youngest * 365, oldest * 365))


def _phone() -> str:
    return f"512{CHANCE.randrange(2000000, 9999999)}"


def _household() -> Iterator[Person]:
    home = Person(
        family=_pick(FAMILIES).title(),
        street=f"{CHANCE.randrange(1, 9999)} {CHANCE.choice(STREETS).title()} {CHANCE.choice(KINDS)}",
        city="Austin",
        state="TX",
        postcode=CHANCE.choice(ZIPS),
    )
    shared = _phone()
    for place in range(CHANCE.choice([1, 1, 2, 2, 3, 4, 5])):
        grown = place < 2
        someone = replace(
            home,
            given=_pick(GIVEN).title(),
            middle=CHANCE.choice(["", "", "A", "J", "M", _pick(GIVEN).title()]),
            birth_date=_birthday(20, 90) if grown else _birthday(0, 19),
            sex=CHANCE.choice("MF"),
            phones=(_phone() if grown and CHANCE.random() < 0.7 else shared,),
            ssn=f"9{CHANCE.randrange(10**7, 10**8)}" if CHANCE.random() < 0.6 else "",
        )
        yield someone
        if not grown and CHANCE.random() < 0.04:
            yield replace(someone, given=_pick(GIVEN).title(), middle="", ssn=f"9{CHANCE.randrange(10**7, 10**8)}")
        if grown and CHANCE.random() < 0.02:
            born = someone.birth_date + timedelta(days=CHANCE.randrange(20 * 365, 35 * 365))
            if born < date(2026, 11, 21):
                yield replace(someone, suffix=CHANCE.choice(["", "Jr"]), birth_date=born, ssn="", middle="")


def _slip(word: str) -> str:
    if len(word) < 3:
        return word
    at = CHANCE.randrange(1, len(word) - 1)
    return CHANCE.choice(
        [
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + CHANCE.choice("aeiorstn") + word[at + 1 :],
        ]
    )


def _again(person: Person) -> Person:
    """The same person, registered a second time by somebody in a hurry."""
    for _ in range(CHANCE.choice([0, 1, 1, 1, 2, 2, 3])):
        born = person.birth_date
        change = CHANCE.randrange(14)
        if change == 0:
            person = replace(person, given=_slip(person.given))
        elif change == 1:
            person = replace(person, family=_slip(person.family))
        elif change == 2:
            person = replace(person, given=CHANCE.choice(FORMS.get(person.given.lower(), [person.given])).title())
        elif change == 3:
            person = replace(person, family=f"{person.family}-{_pick(FAMILIES).title()}")
        elif change == 4 and person.sex == "F":
            person = replace(person, family=_pick(FAMILIES).title())
        elif change == 5:
            person = replace(person, given=person.family, family=person.given)
        elif change == 6 and born.day <= 12:
            person = replace(person, birth_date=born.replace(day=born.month, month=born.day))
        elif change == 7:
            person = replace(person, birth_date=born.replace(day=1 + (born.day + 9) % 28))
        elif change == 8:
            person = replace(person, birth_date=born + timedelta(days=365 * CHANCE.choice([-10, -1, 1, 10])))
        elif change in (9, 10):
            person = replace(person, phones=(_phone(),))
        elif change == 11:
            person = replace(person, street=f"{CHANCE.randrange(1, 9999)} Main St", postcode=CHANCE.choice(ZIPS))
        elif change == 12:
            person = replace(person, ssn="")
        else:
            person = replace(person, middle="", phones=())
    return person


def town(size: int) -> tuple[list[Person], set[frozenset[str]]]:
    """`size` records, one in twelve a duplicate, and the true pairs."""
    people: list[Person] = []
    while len(people) < size * 11 // 12:
        people += [replace(p, id=f"{len(people) + n}") for n, p in enumerate(_household())]
    truth = set()
    for original in CHANCE.sample(people, size // 12):
        people.append(replace(_again(original), id=f"{original.id}x"))
        truth.add(frozenset({original.id, f"{original.id}x"}))
    CHANCE.shuffle(people)
    return people, truth


def measure(size: int) -> None:
    """One size, with and without social security numbers: two lines of the table."""
    records, truth = town(size)
    for ssn in ("with", "without"):
        people = [prepare(p if ssn == "with" else replace(p, ssn="")) for p in records]
        started = time.process_time()
        found: defaultdict[Band, list[frozenset[str]]] = defaultdict(list)
        for pair in likely_pairs(people):
            found[pair.match.band].append(frozenset({pair.a.id, pair.b.id}))
        took = time.process_time() - started
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        matched = _figures(found[Band.MATCH], truth)
        offered = _figures(found[Band.MATCH] + found[Band.POSSIBLE], truth)
        print(
            f"{len(people):>8} {ssn:8} {took:6.1f} s {memory:5} MB  match {matched}  match or possible {offered}",
            flush=True,
        )


def _figures(pairs: list[frozenset[str]], truth: set[frozenset[str]]) -> str:
    right = sum(pair in truth for pair in pairs)
    return f"precision {right / max(1, len(pairs)):.4f} recall {right / len(truth):.4f}"


if __name__ == "__main__":
    for wanted in [int(argument) for argument in sys.argv[1:]] or [2000, 20_000]:
        measure(wanted)
