"""What the acts of giving lock, in one order, so that two people never wait for each other.

The vaccines of the visit, the vaccine, what hangs on it (a doubt, or the dose and its record), then stock, order and
watch. Every act that touches a vaccine begins here.
"""

from __future__ import annotations

from mainstay.foundation.errors import IllegalMove
from mainstay.foundation.moves import locked
from mainstay.immunizations.models import GivenDose, Vaccination, VaccineConcern, VaccineDose, VaccinePreparation


def locked_preparation(preparation: VaccinePreparation) -> VaccinePreparation:
    """One vaccine, locked together with the vaccines of its visit."""
    rows = Vaccination.objects.select_related("visit__site", "visit__provider", "patient")
    vaccination = locked(rows, pk=preparation.vaccination_id)
    fresh = locked(VaccinePreparation.objects.select_related("lot__item", "order", "standing_order"), pk=preparation.pk)
    fresh.vaccination = vaccination
    return fresh


def locked_concern(concern: VaccineConcern) -> VaccineConcern:
    """One doubt, locked after the vaccine it is about; `preparation` is the locked one."""
    preparation = locked_preparation(concern.preparation)
    fresh = locked(VaccineConcern.objects.all(), pk=concern.pk)
    fresh.preparation = preparation
    return fresh


def locked_given(given: GivenDose) -> GivenDose:
    """The record of one dose, locked after its vaccine and its dose. Raises `IllegalMove` for a withdrawn one."""
    preparation = locked_preparation(given.preparation)
    dose = locked(VaccineDose.objects.select_related("patient"), pk=given.dose_id)
    if dose.status == "entered-in-error":
        raise IllegalMove("This dose is withdrawn already: it was entered in error.")
    fresh = locked(GivenDose.objects.select_related("lot__item", "draw"), pk=given.pk)
    fresh.dose, fresh.preparation = dose, preparation
    return fresh
