"""Taking entries from other systems into the chart, many at a time, by the rules that hold for entries made here.

All texts longer than their column are cut with an ellipsis; whoever hands them in keeps the whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction

from mainstay.chart.actions.received import (
    ReceivedAllergy,
    ReceivedDocument,
    ReceivedMedication,
    ReceivedObservation,
    ReceivedProblem,
    ReceivedSurgery,
)
from mainstay.chart.models import (
    Allergy,
    Document,
    DocumentContent,
    Medication,
    Observation,
    Problem,
    SurgicalHistory,
)
from mainstay.chart.permissions import FILE_DOCUMENTS, RECORD
from mainstay.chart.rules import vital_limits
from mainstay.foundation.actor import Actor
from mainstay.foundation.findings import NOTHING_CONFIRMED, Finding, Severity
from mainstay.people.models import Patient

TOLD_BY = "received"
SOURCE = "received"
_BATCH = 1000

M = TypeVar("M", bound=models.Model)


@transaction.atomic
def receive_problems(*, actor: Actor, patient: Patient, received: Sequence[ReceivedProblem]) -> list[Problem]:
    """Put conditions told by another system on the problem list."""
    return _receive(actor, patient, Problem, received)


@transaction.atomic
def receive_allergies(*, actor: Actor, patient: Patient, received: Sequence[ReceivedAllergy]) -> list[Allergy]:
    """Put allergies told by another system on the list. None of them says that nothing else is known."""
    return _receive(actor, patient, Allergy, received)


@transaction.atomic
def receive_medications(*, actor: Actor, patient: Patient, received: Sequence[ReceivedMedication]) -> list[Medication]:
    """Put medicines told by another system on the list; whether they are taken is asked at the next visit."""
    return _receive(actor, patient, Medication, received)


@transaction.atomic
def receive_surgeries(*, actor: Actor, patient: Patient, received: Sequence[ReceivedSurgery]) -> list[SurgicalHistory]:
    """Put operations and procedures told by another system into the history."""
    return _receive(actor, patient, SurgicalHistory, received)


@transaction.atomic
def receive_observations(
    *, actor: Actor, patient: Patient, received: Sequence[ReceivedObservation]
) -> list[Observation]:
    """File values told by another system under their own time. Raises `StopFound` if one of them cannot be true."""
    actor.may(RECORD).or_raise()
    for one in received:
        NOTHING_CONFIRMED.answer(judge_received_observation(one, born=patient.birth_date, today=actor.today))
    rows = [
        Observation(
            patient=patient, source=SOURCE, recorded_at=actor.now, performed_by_id=None, **_columns(Observation, one)
        )
        for one in received
    ]
    return Observation.objects.bulk_create(rows, batch_size=_BATCH)


@transaction.atomic
def receive_documents(*, actor: Actor, patient: Patient, received: Sequence[ReceivedDocument]) -> list[Document]:
    """File papers told by another system, each with its bytes; a person indexes them anew if need be."""
    actor.may(FILE_DOCUMENTS).or_raise()
    documents = Document.objects.bulk_create(
        [
            Document(
                patient=patient,
                kind=_cut(Document, "kind", one.kind),
                title=_cut(Document, "title", one.title),
                dated=one.dated,
                author=_cut(Document, "author", one.author),
                media_type=one.media_type,
                sha256=hashlib.sha256(one.content).hexdigest(),
                size=len(one.content),
                indexed_by_id=actor.staff_id,
                indexed_at=actor.now,
            )
            for one in received
        ]
    )
    DocumentContent.objects.bulk_create(
        [
            DocumentContent(document=document, content=one.content)
            for document, one in zip(documents, received, strict=True)
        ]
    )
    return documents


def judge_received_observation(one: ReceivedObservation, *, born: date, today: date) -> list[Finding]:
    """What makes a value told by another system impossible: before birth, in the future, or outside the hard limits."""
    found = []
    day = one.effective_at.date()
    if day < born:
        found.append(Finding(Severity.STOP, "before-birth", "effective_at", "It is dated before the patient's birth."))
    if (day - today).days > 1:
        found.append(Finding(Severity.STOP, "in-future", "effective_at", "It is dated in the future."))
    measure = vital_limits().measures.get(one.key)
    if measure is not None and one.value is not None and one.unit == measure.unit:
        low, high = measure.hard
        if not low <= one.value <= high:
            message = f"{measure.label} {one.value.normalize():f} {one.unit} is not possible ({low:f} to {high:f})."
            found.append(Finding(Severity.STOP, f"{one.key}-impossible", one.key, message))
    return found


def _receive(actor: Actor, patient: Patient, model: type[M], received: Sequence[Any]) -> list[M]:
    actor.may(RECORD).or_raise()
    rows = []
    for one in received:
        columns = _columns(model, one)
        columns["recorded_at"] = columns["recorded_at"] or actor.now
        rows.append(model(patient=patient, recorded_by_id=actor.staff_id, told_by=TOLD_BY, **columns))
    return model._default_manager.bulk_create(rows, batch_size=_BATCH)


def _columns(model: type[models.Model], value: Any) -> dict[str, Any]:
    return {field.name: _cut(model, field.name, getattr(value, field.name)) for field in fields(value)}


def _cut(model: type[models.Model], name: str, value: Any) -> Any:
    longest = getattr(model._meta.get_field(name), "max_length", None)
    if longest and isinstance(value, str) and len(value) > longest:
        return value[: longest - 1] + "…"
    return value
