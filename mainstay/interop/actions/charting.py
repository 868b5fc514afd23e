"""Writing what was sent about a patient into the chart, type by type, through the actions of each domain."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import DatabaseError, transaction

from mainstay.chart import actions as chart
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import ClinicError
from mainstay.immunizations.actions import record_doses_elsewhere
from mainstay.interop.actions.addressing import Addresses
from mainstay.interop.actions.slips import Slip
from mainstay.interop.fhir import incoming
from mainstay.interop.fhir.incoming import EncounterSent, NotModelled, Resolve
from mainstay.interop.fhir.parts import part as part_of
from mainstay.interop.fhir.parts import parts, text, words_of
from mainstay.interop.models import Disposition, EncounterElsewhere
from mainstay.people.models import Patient

Items = list[Any]
Write = Callable[[Actor, Patient, Items], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Way:
    """How one resource type gets into the chart: what it becomes, and the action that writes many of them."""

    read: Callable[[Any, Resolve], Items]
    write: Write


def _one(from_one: Callable[[Any, Resolve], Any]) -> Callable[[Any, Resolve], Items]:
    return lambda body, resolve: [from_one(body, resolve)]


def _problems(actor: Actor, patient: Patient, items: Items) -> Sequence[Any]:
    return chart.receive_problems(actor=actor, patient=patient, received=items)


def _allergies(actor: Actor, patient: Patient, items: Items) -> Sequence[Any]:
    return chart.receive_allergies(actor=actor, patient=patient, received=items)


def _medications(actor: Actor, patient: Patient, items: Items) -> Sequence[Any]:
    return chart.receive_medications(actor=actor, patient=patient, received=items)


def _surgeries(actor: Actor, patient: Patient, items: Items) -> Sequence[Any]:
    return chart.receive_surgeries(actor=actor, patient=patient, received=items)


def _observations(actor: Actor, patient: Patient, items: Items) -> Sequence[Any]:
    return chart.receive_observations(actor=actor, patient=patient, received=items)


def _documents(actor: Actor, patient: Patient, items: Items) -> Sequence[Any]:
    return chart.receive_documents(actor=actor, patient=patient, received=items)


def _doses(actor: Actor, patient: Patient, items: Items) -> Sequence[Any]:
    return record_doses_elsewhere(actor=actor, patient=patient, doses=items)


def _encounters(_: Actor, patient: Patient, items: Iterable[EncounterSent]) -> Sequence[Any]:
    return EncounterElsewhere.objects.bulk_create(
        [
            EncounterElsewhere(
                patient=patient,
                kind=one.kind,
                status=one.status,
                what=one.what[:240],
                reason=one.reason[:240],
                started_at=one.started_at,
                ended_at=one.ended_at,
                place=one.place[:160],
                clinician=one.clinician[:120],
            )
            for one in items
        ]
    )


WAYS: dict[str, Way] = {
    "Condition": Way(_one(incoming.from_condition), _problems),
    "AllergyIntolerance": Way(_one(incoming.from_allergy), _allergies),
    "MedicationRequest": Way(_one(incoming.from_medication), _medications),
    "MedicationStatement": Way(_one(incoming.from_medication), _medications),
    "Procedure": Way(_one(incoming.from_procedure), _surgeries),
    "Immunization": Way(_one(incoming.from_immunization), _doses),
    "Encounter": Way(_one(incoming.from_encounter), _encounters),
    "DocumentReference": Way(incoming.from_document_reference, _documents),
    "DiagnosticReport": Way(incoming.from_report, _documents),
    "Observation": Way(lambda body, _: list(incoming.from_observation(body)), _observations),
}
"""Everything that has a place in the chart; all other types are kept as they are."""


def take_clinical(*, actor: Actor, slips: Sequence[Slip], addresses: Addresses) -> None:
    """Write every open slip that has a patient and a way into the chart; the others are kept."""
    grouped = _grouped_by_report(slips, addresses)
    batches: dict[tuple[int, str], list[tuple[Slip, Items]]] = defaultdict(list)
    for slip in slips:
        if not slip.is_open or slip.patient is None:
            continue
        way = WAYS.get(slip.kind)
        if way is None:
            slip.keep("this type has no place in the chart")
            continue
        if slip.kind == "DiagnosticReport" and not incoming.has_papers(slip.body):
            continue
        try:
            items = _items(way, slip, addresses, grouped)
        except NotModelled as why:
            slip.keep(str(why))
            continue
        batches[slip.patient.pk, slip.kind].append((slip, items))
    for (_, kind), batch in batches.items():
        _write(WAYS[kind], batch, actor)
    _close_reports(slips, addresses)


def _items(way: Way, slip: Slip, addresses: Addresses, grouped: dict[int, tuple[str, UUID]]) -> Items:
    if slip.kind == "Observation" and id(slip) in grouped:
        panel, set_id = grouped[id(slip)]
        return list(incoming.from_observation(slip.body, panel=panel, set_id=set_id))
    return way.read(slip.body, addresses.resolve)


def _write(way: Way, batch: list[tuple[Slip, Items]], actor: Actor) -> None:
    """Write a batch at once; if one of it is refused, each for itself, so that only that one stays out."""
    patient = batch[0][0].patient
    if patient is None:
        return
    try:
        with transaction.atomic():
            rows = way.write(actor, patient, [item for _, items in batch for item in items])
    except (ClinicError, DatabaseError) as refusal:
        if len(batch) == 1:
            batch[0][0].refuse(_said(refusal))
            return
        for one in batch:
            _write(way, [one], actor)
        return
    position = 0
    for slip, items in batch:
        row = rows[position]
        slip.map_to(row._meta.db_table, row.pk)
        position += len(items)


def _said(refusal: Exception) -> str:
    return refusal.message if isinstance(refusal, ClinicError) else "it holds a value that cannot be stored"


def _grouped_by_report(slips: Iterable[Slip], addresses: Addresses) -> dict[int, tuple[str, UUID]]:
    """The panel and set of every observation that a report of the same sheet names among its results."""
    grouped: dict[int, tuple[str, UUID]] = {}
    for slip in slips:
        if slip.kind != "DiagnosticReport":
            continue
        panel = words_of(part_of(slip.body, "code"))
        set_id = uuid5(NAMESPACE_URL, f"fhir-report:{addresses.source}:{slip.foreign_id}")
        for result in parts(slip.body, "result"):
            observation = addresses.slip(text(result, "reference"))
            if observation is not None:
                grouped.setdefault(id(observation), (panel, set_id))
    return grouped


def _close_reports(slips: Iterable[Slip], addresses: Addresses) -> None:
    """A report without a paper of its own lives on in its results, if they are all in the chart."""
    for slip in slips:
        if slip.kind != "DiagnosticReport" or not slip.is_open or slip.patient is None:
            continue
        results = [addresses.slip(text(one, "reference")) for one in parts(slip.body, "result")]
        mapped = [one for one in results if one is not None and one.disposition is Disposition.MAPPED]
        if mapped and len(mapped) == len(results) and mapped[0].mapped_id is not None:
            slip.map_to(mapped[0].mapped_table, mapped[0].mapped_id)
        else:
            slip.keep("neither a paper nor all of its results came along")
