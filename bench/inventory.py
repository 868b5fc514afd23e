"""A recall: lot in, stock held, everybody who had it listed, owed a call and written a letter; at three sizes.

Run: `python -m bench.inventory [PATIENTS…]` (default 40 400). Aim: 40 patients under one second. Nothing is kept.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta

from bench.databases import a_server, an_empty_database

AIM = 1.0
OTHERS = 2_000
"""Doses of other lots in the same practice, so that there is something to leave alone."""


def main() -> int:
    """Print one table; 1 if 40 patients take longer than the aim."""
    with a_server(), an_empty_database():
        print(f"{'patients':>9} {'recall':>9} {'letters':>9} {'together':>9} {'50 draws':>9}")
        took = [measure(size) for size in [int(a) for a in sys.argv[1:]] or [40, 400]]
    return 1 if took[0] > AIM else 0


def measure(size: int) -> float:
    """Give a lot to so many people, call it back, print its letters; returns the seconds of recall and letters."""
    from mainstay.foundation.printing import typeset
    from mainstay.foundation.testing import A_MOMENT, an_actor
    from mainstay.inventory import actions, queries
    from mainstay.inventory.models import Draw, Movement
    from mainstay.inventory.tests.factories import an_item, drawn, stocked
    from mainstay.people.models import Patient
    from mainstay.work.models import WorkItem

    actor = an_actor(now=A_MOMENT + timedelta(days=1))
    fields = {"birth_date": A_MOMENT.date(), "family_name": "Bench", "sex": "female"}
    people = Patient.objects.bulk_create(Patient(mrn=f"B{size}-{n}", given_name=f"P{n}", **fields) for n in range(size))
    recalled = stocked(an_item(), number=f"BAD{size}", doses=size + 100)
    other = stocked(an_item(), number=f"GOOD{size}", doses=OTHERS)
    for stock, whose in ((recalled, people), (other, (people * (OTHERS // size + 1))[: OTHERS - 60])):
        moved = Movement.objects.bulk_create(Movement(stock=stock, kind="drawn", doses=-1, at=A_MOMENT) for _ in whose)
        Draw.objects.bulk_create(
            Draw(stock=stock, lot=stock.lot, patient=p, used_for=p.public_id if stock is recalled else m.act,
                 drawn_at=A_MOMENT, movement=m)
            for p, m in zip(whose, moved, strict=True)
        )  # fmt: skip
    began = time.perf_counter()
    for n in range(50):
        drawn(other, patient=people[n % size])
    draws = time.perf_counter() - began
    began = time.perf_counter()
    recall = actions.recall_lot(
        actor=actor, item=recalled.lot.item, lot_number=recalled.lot.lot_number, issued_by="The maker",
        reason="It may be too weak.", what_to_do="Call us for another dose.",
    )  # fmt: skip
    held = time.perf_counter() - began
    shown = queries.recall_named(recall.public_id)
    words = queries.letter_words(actor, shown, shown.notices.all())
    pdf = typeset("mainstay.inventory", "recall_letter.typ", words)
    whole = time.perf_counter() - began
    owed = WorkItem.objects.filter(kind="recalled_dose", subject_ref=recall.public_id).count()
    if (owed, len(words["letters"]), pdf[:4]) != (size, size, b"%PDF"):
        raise SystemExit(f"{size} people, but {owed} work items and {len(words['letters'])} letters")
    print(f"{size:>9} {held:>8.2f}s {whole - held:>8.2f}s {whole:>8.2f}s {draws:>8.2f}s")
    return whole


if __name__ == "__main__":
    sys.exit(main())
