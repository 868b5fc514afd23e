"""A recall: lot in, stock held, everybody who had it listed and owed a call; then their letters; at two sizes.

Run: `python -m bench.inventory [PATIENTS…]` (default 40 400). Aim: 40 patients held, listed and owed within one second.
The floor is the same rows written by bare SQL in one transaction of the same run. Nothing is kept.
The addresses of all pages are known before the clock starts, as they are wherever a page is answered; learning them
takes longer than the recall.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse

from bench.databases import a_server, an_empty_database

if TYPE_CHECKING:
    from mainstay.inventory.models import Recall

AIM = 1.0
OTHERS = 2_000
"""Doses of other lots in the same practice, so that there is something to leave alone."""


def main() -> int:
    """Print one table; 1 if 40 patients take longer than the aim."""
    with a_server(), an_empty_database():
        reverse("stock-recalls")
        print(f"{'patients':>9} {'recall':>10} {'floor':>10} {'×':>6} {'letters':>10} {'50 draws':>10}", flush=True)
        took = [measure(size) for size in [int(a) for a in sys.argv[1:]] or [40, 400]]
    return 1 if took[0] > AIM else 0


def measure(size: int) -> float:
    """Give a lot to so many people, call it back, print its letters; the seconds until all are held, listed and owed."""
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
    files = queries.recall_letters(recall).files
    written = 0
    for file in files:
        words = queries.letter_words(actor, recall, number=file.number)
        written += len(words["letters"]) if typeset("mainstay.inventory", "recall_letter.typ", words) else 0
    whole = time.perf_counter() - began
    owed = WorkItem.objects.filter(kind="recalled_dose", subject_ref=recall.public_id).count()
    if (owed, written) != (size, size):
        raise SystemExit(f"{size} people, but {owed} work items and {written} letters")
    floor = floor_of(recall)
    print(
        f"{size:>9} {held:>9.3f}s {floor:>9.3f}s {held / floor:>6.1f} {whole - held:>9.2f}s {draws:>9.2f}s", flush=True
    )
    return held


COPIES = (
    ("inventory_hold", "recall_id = %s", ("public_id",)),
    ("inventory_recallnotice", "recall_id = %s", ("public_id",)),
    ("work_workitem", "subject_ref = (SELECT public_id FROM inventory_recall WHERE id = %s)", ("public_id",)),
    (
        "work_workstep",
        "item_id IN (SELECT i.id FROM work_workitem i JOIN inventory_recall r ON r.public_id = i.subject_ref "
        "WHERE r.id = %s)",
        (),
    ),
)
"""What a recall writes: the same rows are written once more by bare SQL, with new ids, and taken back."""


def floor_of(recall: Recall) -> float:
    """Seconds in which the database alone writes what the recall wrote: same tables, same triggers."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for constraint in ("one_notice_per_recalled_dose", "one_open_item_per_cause"):
            for table, _, _ in COPIES:
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {constraint}")
            cursor.execute(f"DROP INDEX IF EXISTS {constraint}")
        began = time.perf_counter()
        for table, where, fresh in COPIES:
            cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
            columns = [name for (name,) in cursor.fetchall() if name != "id"]
            asked = ", ".join("gen_random_uuid()" if name in fresh else name for name in columns)
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {asked} FROM {table} WHERE {where}",
                [recall.pk],
            )
        took = time.perf_counter() - began
        transaction.set_rollback(True)
    return took


if __name__ == "__main__":
    sys.exit(main())
