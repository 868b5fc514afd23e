"""A lot called back: held everywhere, everybody who had it listed, told one by one."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations, Finding, Severity
from mainstay.foundation.moves import begin, locked, take_step
from mainstay.foundation.outbox import publish
from mainstay.inventory.actions.holding import hold_stocks
from mainstay.inventory.actions.telling import owe_telling
from mainstay.inventory.events import LotRecalled
from mainstay.inventory.lifecycle import recall_lifecycle
from mainstay.inventory.models import Draw, Item, Lot, Recall, RecallNotice, Stock
from mainstay.inventory.permissions import RECALL, USE
from mainstay.inventory.queries.letters import site_of
from mainstay.people.models import Patient
from mainstay.work.actions import finish_cause
from mainstay.work.lifecycle import Band
from mainstay.work.queries.clocks import due_for_band

NEVER_HERE = "never_here"


@transaction.atomic
def recall_lot(
    *,
    actor: Actor,
    item: Item,
    lot_number: str,
    issued_by: str,
    reason: str,
    what_to_do: str,
    reference: str = "",
    reason_es: str = "",
    what_to_do_es: str = "",
    confirmed: Confirmations = NOTHING_CONFIRMED,
) -> Recall:
    """Call a lot back, under every fund and at every site: hold the stock, list everybody who had a dose.

    A lot that never stood here has patients all the same, who had it elsewhere, and is refused should it come.
    Raises `NeedsConfirmation` for such a lot (the number may be misread), `IllegalMove` for one recalled already.
    """
    actor.may(RECALL).or_raise()
    for field, value in (("issued_by", issued_by), ("reason", reason), ("what_to_do", what_to_do)):
        if not value.strip():
            raise InvalidInput("Fill this in: it goes into the letters.", field=field)
    number = lot_number.strip().upper()
    if not number:
        raise InvalidInput("Type the lot number.", field="lot_number")
    rows = Lot.objects.select_for_update(no_key=True).filter(item=item, lot_number__iexact=number)
    lots = list(rows.order_by("pk"))
    if Recall.objects.filter(item=item, lot_number=number).exists():
        raise IllegalMove(f"{item.name} lot {number} is recalled already.")
    if not lots:
        confirmed.answer([_never_here(item, number)])
    recall = Recall.objects.create(
        item=item,
        lot_number=number,
        issued_by=issued_by.strip(),
        reference=reference.strip(),
        reason=reason.strip()[:300],
        what_to_do=what_to_do.strip()[:600],
        reason_es=reason_es.strip()[:300],
        what_to_do_es=what_to_do_es.strip()[:600],
        recalled_at=actor.now,
        recalled_by_id=actor.staff_id,
    )
    begin(recall, recall_lifecycle, actor=actor, reason=confirmed.reason_for(NEVER_HERE)[:300])
    hold_stocks(
        actor,
        Stock.objects.filter(lot__in=lots, on_hand__gt=0),
        reason=f"Recalled: {recall.reason}",
        recall=recall,
    )
    drawn = Draw.objects.filter(lot__in=lots, returned_at=None).order_by("pk")
    RecallNotice.objects.bulk_create(RecallNotice(recall=recall, patient_id=d.patient_id, draw=d) for d in drawn)
    publish(LotRecalled(recall_id=recall.pk))
    return recall


def _never_here(item: Item, number: str) -> Finding:
    return Finding(
        Severity.CONFIRM,
        NEVER_HERE,
        "",
        f"{item.name} lot {number} was never in stock here: there is nothing to hold. Compare item and number with the "
        "notice. Recalled all the same, it lists who had it elsewhere, and is refused should it come.",
    )


@transaction.atomic
def notice_elsewhere(
    *, actor: Actor, recall: Recall, patient: Patient, dose_ref: UUID, given_on: date, known_from: str
) -> RecallNotice:
    """List a dose of a recalled lot that somebody had elsewhere, and owe the telling; the second time finds the same.

    `dose_ref` is the public id of its record, `known_from` how the lot is known, in words.
    """
    actor.may(USE).or_raise()
    notice, is_new = RecallNotice.objects.get_or_create(
        recall=recall,
        dose_ref=dose_ref,
        defaults={"patient": patient, "given_on": given_on, "known_from": known_from[:60]},
    )
    if is_new:
        owe_telling(recall, notice, actor=actor, due_at=due_for_band(Band.R3, site_of(notice), at=actor.now))
    return notice


@transaction.atomic
def word_recall_in_spanish(*, actor: Actor, recall: Recall, reason_es: str, what_to_do_es: str) -> Recall:
    """Say in Spanish why a lot was called back and what a patient should do, for the letters in Spanish."""
    actor.may(RECALL).or_raise()
    for field, value in (("reason_es", reason_es), ("what_to_do_es", what_to_do_es)):
        if not value.strip():
            raise InvalidInput("Fill this in: it goes into the letters.", field=field)
    fresh = locked(Recall.objects.all(), pk=recall.pk)
    fresh.reason_es, fresh.what_to_do_es = reason_es.strip()[:300], what_to_do_es.strip()[:600]
    fresh.save()
    return fresh


@transaction.atomic
def mark_told(*, actor: Actor, notice: RecallNotice, how: str) -> RecallNotice:
    """Say that somebody was told about every recalled dose they had, and how; their work item is settled."""
    actor.may(USE).or_raise()
    if not how.strip():
        raise InvalidInput("Say how they were told.", field="how")
    rows = RecallNotice.objects.select_for_update().filter(recall=notice.recall_id, patient=notice.patient_id)
    for row in rows.filter(told_at=None):
        row.told_at, row.told_by_id, row.told_how = actor.now, actor.staff_id, how.strip()[:40]
        row.save()
    finish_cause(
        actor=actor, once_key=f"recall:{notice.recall_id}:patient:{notice.patient_id}", outcome=f"Told: {how.strip()}"
    )
    return rows.get(pk=notice.pk)


@transaction.atomic
def close_recall(*, actor: Actor, recall: Recall, reason: str) -> Recall:
    """End the work on a recall, with what came of it. The lot stays recalled for good.

    Raises `IllegalMove` while stock waits for its verdict or somebody has not been told.
    """
    if not reason.strip():
        raise InvalidInput("Say what came of it.", field="reason")
    fresh = locked(Recall.objects.all(), pk=recall.pk)
    if waiting := fresh.notices.filter(told_at=None).values("patient").distinct().count():
        people = "patient has" if waiting == 1 else "patients have"
        raise IllegalMove(f"{waiting} {people} not been told yet.")
    if fresh.holds.filter(lifted_at=None).exists():
        raise IllegalMove("Stock of this lot still waits to be sent back or discarded.")
    take_step(fresh, recall_lifecycle, "close", actor=actor, reason=reason.strip()[:300])
    fresh.save()
    for site_id in set(fresh.holds.values_list("stock__unit__site", flat=True)):
        finish_cause(actor=actor, once_key=f"recall:{fresh.pk}:stock:{site_id}", outcome=reason.strip())
    return fresh
