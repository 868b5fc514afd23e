"""Appointments from a file: tried, booked, undone."""

from __future__ import annotations

import uuid
from uuid import UUID

from django.db import IntegrityError, transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.constraint_names import meaning_of
from mainstay.foundation.errors import ClinicError, NotFound
from mainstay.scheduling.actions.booking import Slot, book_appointment, cancel_appointment
from mainstay.scheduling.importing import Fault, ImportReport, Line, lines_of
from mainstay.scheduling.models import Appointment
from mainstay.scheduling.permissions import IMPORT


@transaction.atomic
def try_appointment_import(*, actor: Actor, text: str) -> ImportReport:
    """Book every line and take all of it back: what would happen, with every fault by its line."""
    actor.may(IMPORT).or_raise()
    here = transaction.savepoint()
    report = _book_all(actor, text, uuid.uuid4())
    transaction.savepoint_rollback(here)
    report.ref = None
    return report


@transaction.atomic
def import_appointments(*, actor: Actor, text: str) -> ImportReport:
    """Book every line that can be booked; the report's `ref` undoes the whole file."""
    actor.may(IMPORT).or_raise()
    return _book_all(actor, text, uuid.uuid4())


@transaction.atomic
def undo_appointment_import(*, actor: Actor, ref: UUID) -> int:
    """Call off every booking of an import that is still only booked; returns how many. Raises `NotFound`."""
    actor.may(IMPORT).or_raise()
    if not Appointment.objects.filter(import_ref=ref).exists():
        raise NotFound("There is no such import.")
    booked = list(Appointment.objects.filter(import_ref=ref, state="booked").order_by("pk"))
    for appointment in booked:
        cancel_appointment(actor=actor, appointment=appointment, reason="The import was undone")
    return len(booked)


def _book_all(actor: Actor, text: str, ref: UUID) -> ImportReport:
    report = ImportReport(ref=ref)
    for line in lines_of(text, today=actor.today):
        report.read += 1
        fault = line if isinstance(line, Fault) else _book(actor, line, ref)
        if fault is None:
            report.booked += 1
        else:
            report.faults.append(fault)
    return report


def _book(actor: Actor, line: Line, ref: UUID) -> Fault | None:
    slot = Slot(site=line.site, provider=line.provider, starts=line.starts, minutes=line.minutes)
    try:
        with transaction.atomic():
            book_appointment(
                actor=actor,
                patient=line.patient,
                visit_type=line.visit_type,
                slot=slot,
                reason=line.reason,
                how="import",
                import_ref=ref,
            )
    except ClinicError as error:
        return Fault(line.number, error.message, error.field)
    except IntegrityError as error:
        if (known := meaning_of(error)) is None:
            raise
        return Fault(line.number, known.message, known.field)
    return None
