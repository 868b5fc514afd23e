"""Which doses given elsewhere are of a recalled lot."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from mainstay.immunizations.models import VaccineDose
from mainstay.immunizations.queries.history import EVIDENCE
from mainstay.immunizations.rules.vaccines import products_of
from mainstay.inventory.lifecycle import RecallState
from mainstay.inventory.models import Recall


def doses_elsewhere_of(recall: Recall) -> Sequence[VaccineDose]:
    """The doses on record with the lot number of a recall that were given elsewhere, and may be of that vaccine."""
    rows = VaccineDose.objects.exclude(lot_number="").filter(lot_number__iexact=recall.lot_number)
    rows = rows.exclude(source="here").exclude(status="entered-in-error")
    doses = rows.select_related("patient__home_site").order_by("pk")
    return [dose for dose in doses if is_of_recall(dose, recall)]


def is_of_recall(dose: VaccineDose, recall: Recall) -> bool:
    """Whether a lot number means the recalled one: that of the vaccine, or of one nobody wrote down exactly."""
    if dose.lot_number.strip().upper() != recall.lot_number.upper():
        return False
    if dose.cvx == recall.item.cvx:
        return True
    known = {group for one in products_of(dose.cvx) for group in one.groups}
    return not known or any(group in known for one in products_of(recall.item.cvx) for group in one.groups)


def recalls_of_lots(numbers: Collection[str]) -> Sequence[Recall]:
    """The open recalls of any of these lot numbers, whatever their case."""
    upper = [number.strip().upper() for number in numbers]
    return list(Recall.objects.filter(state=RecallState.OPEN, lot_number__in=upper).select_related("item"))


def known_from(dose: VaccineDose) -> str:
    """How the lot of a dose given elsewhere is known, in words."""
    if dose.source == "registry":
        return "State registry"
    seen = EVIDENCE.get(dose.evidence, EVIDENCE["told"])
    return f"{seen}, lot typed"
