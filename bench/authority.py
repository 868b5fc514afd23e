"""Decisions a second of the authority engine, in one process, on mixed questions: `python -m bench.authority`."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from itertools import product

from mainstay.authority.engine import decide
from mainstay.authority.facts import Competence, Competency, Credential, Order, Question, Supervision, Unstated
from mainstay.authority.law import acts, states

ON = date(2026, 11, 21)
PEOPLE = (
    (),
    (Credential("CMA_AAMA", date(2028, 1, 31)), Credential("BLS", date(2027, 3, 31))),
    (Credential("CCMA_NHA", date(2026, 11, 20)),),
    (Credential("RN", date(2027, 6, 30)),),
)
CIRCUMSTANCES = tuple(product((Supervision.ON_SITE, Supervision.GENERAL), (Order.SIGNED, Order.STANDING)))


def questions() -> list[Question]:
    """One question for every state, act, person and circumstance."""
    signed = Competency(Competence.SIGNED, date(2027, 5, 1))
    hours = (
        ("accredited_program", Decimal(1)),
        ("vaccine_class_hours", Decimal(24)),
        ("vaccine_clinic_hours", Decimal(8)),
    )
    return [
        Question(
            state=state, act=act, on=ON, credentials=person, competency=signed, training=hours, supervision=presence,
            order=order, delegator="MD", unstated=Unstated.REFUSE,
        )
        for state, act, person, (presence, order) in product(states(), acts(), PEOPLE, CIRCUMSTANCES)
    ]  # fmt: skip


def measure() -> dict[str, float]:
    """Decisions a second over every question, and the worst single decision in microseconds."""
    asked = questions()
    for question in asked:
        decide(question)
    start = time.perf_counter()
    for question in asked:
        decide(question)
    took = time.perf_counter() - start
    worst = 0.0
    for question in asked[::50]:
        before = time.perf_counter()
        decide(question)
        worst = max(worst, time.perf_counter() - before)
    return {"questions": len(asked), "per_second": len(asked) / took, "worst_us": worst * 1e6}


def main() -> None:
    """Print one table."""
    found = measure()
    print("| authority engine | questions | decisions/s | worst µs |")
    print("| --- | --- | --- | --- |")
    print(
        f"| decide(), one process | {found['questions']:.0f} | {found['per_second']:,.0f} | {found['worst_us']:.0f} |"
    )


if __name__ == "__main__":
    main()
