"""Taking in a sheet of FHIR resources: kept word for word, and written into the chart as far as we model it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import DatabaseError, transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import ClinicError
from mainstay.foundation.history import acting
from mainstay.interop.actions.addressing import DANGLING, Addresses
from mainstay.interop.actions.charting import take_clinical
from mainstay.interop.actions.people import take_patient
from mainstay.interop.actions.slips import Received, Slip, slips_of
from mainstay.interop.fhir.parts import part, text
from mainstay.interop.fhir.reading import Sheet
from mainstay.interop.fhir.shape import patient_reference
from mainstay.interop.models import Disposition, ExternalResource, ImportRun
from mainstay.interop.permissions import RECEIVE

BATCH = 500


@transaction.atomic
def receive_sheet(*, actor: Actor, run: ImportRun, sheet: Sheet) -> Received:
    """Take in every resource of a sheet: mapped into the chart, kept as it is, or refused with a reason.

    All are stored verbatim under (source, type, id); content that came before changes nothing. One bad resource
    never stops the others.
    """
    actor.may(RECEIVE).or_raise()
    slips = slips_of(sheet)
    with acting(actor, because=f"import {run.pk}"):
        _recognize(slips, run.source)
        addresses = Addresses(run.source, slips)
        for slip in slips:
            if slip.is_open and (reference := addresses.dangling(slip)):
                slip.refuse(f"it points to {reference[:60]}, which is not there")
        for slip in slips:
            if slip.is_open and slip.kind == "Patient":
                _take_patient(slip, actor=actor, source=run.source)
        for slip in slips:
            if slip.is_open:
                _find_patient(slip, addresses)
        take_clinical(actor=actor, slips=slips, addresses=addresses)
        for slip in slips:
            if slip.is_open:
                slip.keep("this type has no place in the chart")
        _store(slips, run, actor)
    return Received(slips)


def _recognize(slips: Sequence[Slip], source: str) -> None:
    """Find what came before: the same content is settled at once, a newer version waits for a person."""
    first: dict[tuple[str, str], Slip] = {}
    for slip in slips:
        if not slip.is_storable:
            continue
        twin = first.setdefault((slip.kind, slip.foreign_id), slip)
        if twin is not slip and (other := _other_identity(slip, twin)):
            slip.foreign_id = other
            twin = first.setdefault((slip.kind, slip.foreign_id), slip)
        if twin is not slip and slip.is_storable:
            _settle_twin(slip, twin)
    earlier = ExternalResource.objects.filter(
        source=source, kind__in={kind for kind, _ in first}, foreign_id__in={identity for _, identity in first}
    )
    known: dict[tuple[str, str], ExternalResource] = {}
    for row in earlier.select_related("patient").defer("body").order_by("version"):
        known[row.kind, row.foreign_id] = row
    for key, slip in first.items():
        if (before := known.get(key)) is not None:
            _compare(slip, before)


def _other_identity(slip: Slip, twin: Slip) -> str:
    """What tells two resources of one type and id apart: the server they are from, or their version."""
    if slip.sent.full_url != twin.sent.full_url:
        return slip.sent.full_url[-160:]
    version, first = (text(part(one.body, "meta"), "versionId") for one in (slip, twin))
    if version and version != first and slip.is_open:
        slip.keep("another version of a resource in this file")
        return f"{slip.foreign_id}/_history/{version}"[:160]
    return ""


def _compare(slip: Slip, before: ExternalResource) -> None:
    slip.known, slip.patient = before, before.patient
    if before.sha256 == slip.sha256:
        slip.is_unchanged = True
        if before.disposition != Disposition.REFUSED and slip.is_open:
            slip.disposition, slip.reason = Disposition(before.disposition), before.reason
            slip.mapped_table, slip.mapped_id = before.mapped_table, before.mapped_id
    elif before.mapped_id is not None and slip.is_open:
        slip.mapped_table, slip.mapped_id = before.mapped_table, before.mapped_id
        slip.keep("a newer version: the chart still shows the first one, until a person compares them")


def _settle_twin(slip: Slip, first: Slip) -> None:
    """The same resource twice in one file is one; two that share type, id and address are a mistake of the sender."""
    slip.is_storable = False
    if slip.sha256 != first.sha256:
        slip.refuse("another resource of this file has the same type and id")
    elif slip.is_open:
        slip.keep("the same resource stands in this file twice")
        slip.is_unchanged = True


def _take_patient(slip: Slip, *, actor: Actor, source: str) -> None:
    try:
        with transaction.atomic():
            take_patient(actor=actor, slip=slip, source=source)
    except ClinicError as refusal:
        slip.patient = None
        slip.refuse(refusal.message)
    except DatabaseError:
        slip.patient = None
        slip.refuse("it holds a value that cannot be stored")


def _find_patient(slip: Slip, addresses: Addresses) -> None:
    patient, reason = addresses.patient_of(slip)
    if patient is not None:
        slip.patient = patient
    elif reason == DANGLING:
        slip.is_waiting = True
        slip.refuse(f"its patient {patient_reference(slip.body)[:80]} is neither in this file nor known here")
    else:
        slip.keep(reason)


def _store(slips: Sequence[Slip], run: ImportRun, actor: Actor) -> None:
    """Keep every resource word for word; those that came before are only told what became of them now."""
    fresh = [(slip, _row(slip, run, actor)) for slip in slips if slip.is_storable and not slip.is_unchanged]
    try:
        with transaction.atomic():
            ExternalResource.objects.bulk_create([row for _, row in fresh], batch_size=BATCH)
    except DatabaseError:
        for slip, row in fresh:
            _store_one(slip, row)
    changed = [slip for slip in slips if slip.is_unchanged and slip.known is not None and _is_news(slip, slip.known)]
    for slip in changed:
        if slip.known is not None:
            _tell(slip.known, slip)


def _store_one(slip: Slip, row: ExternalResource) -> None:
    try:
        with transaction.atomic():
            row.pk = None
            row.save(force_insert=True)
    except DatabaseError:
        slip.is_storable = False
        slip.refuse("it holds a value that cannot be stored")


def _row(slip: Slip, run: ImportRun, actor: Actor) -> ExternalResource:
    row = ExternalResource(
        run=run,
        source=run.source,
        kind=slip.kind,
        foreign_id=slip.foreign_id,
        version=slip.known.version + 1 if slip.known is not None else 1,
        sha256=slip.sha256,
        body=slip.body,
        received_at=actor.now,
    )
    _fill(row, slip)
    return row


def _fill(row: ExternalResource, slip: Slip) -> None:
    row.patient = slip.patient
    row.disposition = slip.disposition or Disposition.KEPT
    row.reason = slip.reason[:200]
    row.mapped_table, row.mapped_id = slip.mapped_table, slip.mapped_id


def _is_news(slip: Slip, known: ExternalResource) -> bool:
    return (known.disposition, known.reason) != (slip.disposition, slip.reason[:200])


def _tell(known: ExternalResource, slip: Slip) -> None:
    _fill(known, slip)
    known.save(update_fields=["patient", "disposition", "reason", "mapped_table", "mapped_id"])
