"""Doses of recalled lots given elsewhere: whoever has one on record is told like those who had it here."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.immunizations.events import VaccineHistoryChanged
from mainstay.immunizations.models import VaccineDose
from mainstay.immunizations.queries.recalled import doses_elsewhere_of, is_of_recall, known_from, recalls_of_lots
from mainstay.inventory import actions as inventory_actions
from mainstay.inventory.events import LotRecalled
from mainstay.inventory.models import Recall
from mainstay.work.queries.clocks import NO_SITE_ZONE


@transaction.atomic
def list_doses_elsewhere(event: LotRecalled) -> None:
    """A lot was recalled: list who has a dose of it on record that was given elsewhere."""
    recall = Recall.objects.select_related("item").get(pk=event.recall_id)
    _notice(recall, doses_elsewhere_of(recall))


@transaction.atomic
def follow_typed_lots(event: VaccineHistoryChanged) -> None:
    """Doses were written down: those of a lot recalled before are listed too, while the recall is open."""
    typed = VaccineDose.objects.filter(patient=event.patient_id).exclude(source="here").exclude(lot_number="")
    doses = list(typed.exclude(status="entered-in-error").select_related("patient").order_by("pk"))
    for recall in recalls_of_lots({dose.lot_number for dose in doses}):
        _notice(recall, [dose for dose in doses if is_of_recall(dose, recall)])


def _notice(recall: Recall, doses: Iterable[VaccineDose]) -> None:
    for dose in doses:
        inventory_actions.notice_elsewhere(
            actor=_mainstay(),
            recall=recall,
            patient=dose.patient,
            dose_ref=dose.public_id,
            given_on=dose.given_on,
            known_from=known_from(dose),
        )


def _mainstay() -> Actor:
    return the_system(now=clock.now(), zone=NO_SITE_ZONE)
