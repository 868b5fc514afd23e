"""What the registry hears of by itself: doses given here, changed, withdrawn, refused, and those typed from a card."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.immunizations.events import VaccineHistoryChanged
from mainstay.immunizations.models import VaccineDose
from mainstay.interop.actions.reporting import report_dose, report_refusal
from mainstay.interop.hl7 import day_of, parse_message
from mainstay.interop.models import OutboundMessage, RegistryConnection
from mainstay.interop.queries.reporting import connection_for
from mainstay.interop.registries.answers import vaccine_of
from mainstay.interop.registries.reports import Action
from mainstay.people.models import Patient
from mainstay.practice.models import Site

TYPED_HERE = "historical"


@transaction.atomic
def tell_of_dose(event: Any, *, action: Action) -> None:
    """A dose given here: tell the registry of the site where it was given. `event` has a `dose_id`."""
    dose = VaccineDose.objects.select_related("patient").get(pk=event.dose_id)
    given: Any = getattr(dose, "given", None)
    site: Site | None = given.clinic if given else dose.patient.home_site
    if (connection := connection_for(site)) is not None:
        report_dose(actor=_system_at(connection), dose=dose, action=action, site=site)


def tell_of_given_dose(event: Any) -> None:
    """A vaccine was given here."""
    tell_of_dose(event, action=Action.ADD)


def tell_of_amended_dose(event: Any) -> None:
    """A fact of a dose given here was put right."""
    tell_of_dose(event, action=Action.UPDATE)


def tell_of_withdrawn_dose(event: Any) -> None:
    """A dose given here was entered in error."""
    tell_of_dose(event, action=Action.DELETE)


@transaction.atomic
def tell_of_history(event: VaccineHistoryChanged) -> None:
    """Doses somebody here typed from a card or a letter: new ones, changes and withdrawals, each told once.

    What a registry or an import brought is not told back.
    """
    patient = Patient.objects.select_related("home_site").get(pk=event.patient_id)
    connection = connection_for(patient.home_site)
    if connection is None:
        return
    typed = VaccineDose.objects.filter(
        patient=patient, source=TYPED_HERE, recorded_by__isnull=False, recorded_at__gte=connection.created_at
    )
    for dose in typed.select_related("patient").order_by("pk"):
        last = OutboundMessage.objects.filter(dose_ref=dose.public_id).order_by("-pk").first()
        if (action := _owed(dose, last)) is not None:
            report_dose(actor=_system_at(connection), dose=dose, action=action, site=connection.site)


def _owed(dose: VaccineDose, last: OutboundMessage | None) -> Action | None:
    if dose.status == "entered-in-error":
        return Action.DELETE if last is not None and last.action != Action.DELETE else None
    if last is None or last.action == Action.DELETE:
        return Action.ADD
    rxa = parse_message(bytes(last.body)).first("RXA")
    if rxa is None:
        return Action.UPDATE
    told = (vaccine_of(rxa)[0], day_of(rxa.text(3)), rxa.text(15), rxa.text(17))
    return Action.UPDATE if told != (dose.cvx, dose.given_on, dose.lot_number, dose.mvx) else None


def _system_at(connection: RegistryConnection) -> Actor:
    return the_system(now=clock.now(), zone=connection.site.zone)


@transaction.atomic
def tell_of_refusal(event: Any) -> None:
    """A vaccine was offered and refused. `event` has a `refusal_id`."""
    from mainstay.immunizations import models

    refusal: Any = models.VaccineRefusal.objects.select_related("patient").get(pk=event.refusal_id)  # type: ignore[attr-defined]
    connection = connection_for(refusal.patient.home_site)
    if connection is not None:
        report_refusal(actor=_system_at(connection), refusal=refusal, action=Action.ADD)
