"""Recording and amending what was measured, answered or seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from django.db import transaction

from mainstay.chart.models import Observation, ObservationStatus
from mainstay.chart.permissions import CONFIRM, RECORD
from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.people.models import Patient


@dataclass(frozen=True, slots=True)
class Measured:
    """One observation to record: `value` in `unit` (UCUM), `typed` and `typed_unit` as entered.

    `technique` holds side, body_site, method, cuff, position and device.
    """

    key: str
    loinc: str = ""
    value: Decimal | None = None
    unit: str = ""
    text: str = ""
    answer_code: str = ""
    typed: str = ""
    typed_unit: str = ""
    technique: Mapping[str, str] = field(default_factory=dict)
    is_on_oxygen: bool | None = None
    not_done_reason: str = ""
    confirmed_reason: str = ""
    effective_at: datetime | None = None
    repeat_of: Observation | None = None


TECHNIQUE = ("side", "body_site", "method", "cuff", "position", "device")


def observation_row(
    actor: Actor,
    patient: Patient,
    one: Measured,
    *,
    panel: str,
    set_id: UUID | None,
    visit_ref: UUID | None,
    source: str,
) -> Observation:
    """The unsaved row of one measurement; raises `InvalidInput` for a technique nobody knows."""
    if unknown := set(one.technique) - set(TECHNIQUE):
        raise InvalidInput(f"Unknown technique: {', '.join(sorted(unknown))}.")
    return Observation(
        patient=patient,
        set_id=set_id,
        panel=panel,
        key=one.key,
        loinc=one.loinc,
        value=one.value,
        unit=one.unit,
        text=one.text[:240],
        answer_code=one.answer_code,
        typed=one.typed[:60],
        typed_unit=one.typed_unit,
        on_oxygen=one.is_on_oxygen,
        not_done_reason=one.not_done_reason[:120],
        confirmed_reason=one.confirmed_reason[:240],
        effective_at=one.effective_at or actor.now,
        performed_by_id=actor.staff_id,
        recorded_at=actor.now,
        repeat_of=one.repeat_of,
        visit_ref=visit_ref,
        source=source,
        **{name: text[:60] for name, text in one.technique.items()},
    )


@transaction.atomic
def record_observations(
    *,
    actor: Actor,
    patient: Patient,
    panel: str,
    measured: Iterable[Measured],
    visit_ref: UUID | None = None,
    source: str = "here",
    set_id: UUID | None = None,
) -> Sequence[Observation]:
    """Record what was captured together. Judging comes before; this only keeps.

    Raises `NotPermitted`, and `InvalidInput` for an observation in the future or before birth.
    """
    actor.may(RECORD).or_raise()
    set_id = set_id or uuid4()
    rows = [
        observation_row(actor, patient, one, panel=panel, set_id=set_id, visit_ref=visit_ref, source=source)
        for one in measured
    ]
    for row in rows:
        if row.effective_at > actor.now:
            raise InvalidInput("An observation cannot be in the future.", field=row.key)
        if row.effective_at.astimezone(actor.zone).date() < patient.birth_date:
            raise InvalidInput("An observation cannot be before birth.", field=row.key)
    return Observation.objects.bulk_create(rows)


@transaction.atomic
def amend_observation(*, actor: Actor, observation: Observation, corrected: Measured, reason: str) -> Observation:
    """Put a corrected value beside a wrong one, with the reason; the wrong one stays, marked.

    One's own entries may be amended by whoever records; others' need the right to confirm.
    """
    if not reason.strip():
        raise InvalidInput("Say what was wrong.", field="reason")
    old = locked(Observation.objects.select_related("patient"), pk=observation.pk)
    actor.may(RECORD if old.performed_by_id == actor.staff_id else CONFIRM).or_raise()
    if old.status == ObservationStatus.ENTERED_IN_ERROR:
        raise IllegalMove("This entry was already marked as an error.")
    new = observation_row(
        actor, old.patient, corrected, panel=old.panel, set_id=old.set_id, visit_ref=old.visit_ref, source=old.source
    )
    new.effective_at, new.amends, new.status = old.effective_at, old, ObservationStatus.AMENDED
    new.confirmed_reason = reason.strip()[:240]
    new.save()
    old.status = ObservationStatus.ENTERED_IN_ERROR
    old.save(update_fields=["status"])
    return new


@transaction.atomic
def strike_observation(*, actor: Actor, observation: Observation, reason: str) -> Observation:
    """Mark an entry as made in error, with the reason: wrong patient, wrong value, never measured."""
    if not reason.strip():
        raise InvalidInput("Say what was wrong.", field="reason")
    old = locked(Observation.objects.all(), pk=observation.pk)
    actor.may(RECORD if old.performed_by_id == actor.staff_id else CONFIRM).or_raise()
    old.status, old.confirmed_reason = ObservationStatus.ENTERED_IN_ERROR, reason.strip()[:240]
    old.save(update_fields=["status", "confirmed_reason"])
    return old
