"""Choosing whose advice the practice follows, and setting values of its own, always with a reason and a name."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.text import slugify

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.moves import locked
from mainstay.foundation.outbox import publish
from mainstay.immunizations.events import ScheduleChanged
from mainstay.immunizations.forecast import (
    UNUSED,
    Header,
    Override,
    Standing,
    check_override,
    load_schedule,
    schedule_names,
)
from mainstay.immunizations.models import ScheduleChoice, ScheduleEdition, ScheduleOverride, ScheduleStamp
from mainstay.immunizations.permissions import CHOOSE_SCHEDULE
from mainstay.immunizations.queries.schedules import NamedEdition, choices_in_force, editions


@dataclass(frozen=True, slots=True)
class EditionFacts:
    """One issuer's edition: whose, which, since when, the table it is read from, and where that is written."""

    issuer: str
    version: str
    effective: date
    table: str
    source: str


@dataclass(frozen=True, slots=True)
class OverrideFacts:
    """One value of the schedule the practice sets itself."""

    antigen: str
    series: str
    field: str
    value: str
    reason: str
    medical_director: str
    dose: int = 0


def _said(text: str, sentence: str, field: str) -> str:
    if not text.strip():
        raise InvalidInput(sentence, field=field)
    return text.strip()


def _tell() -> None:
    ScheduleStamp.objects.update_or_create(pk=1, defaults={"stamp": uuid.uuid4()})
    publish(ScheduleChanged())


@transaction.atomic
def record_edition(*, actor: Actor, facts: EditionFacts) -> ScheduleEdition:
    """Record an issuer's edition that follows one of the tables there are.

    Raises `InvalidInput` for a table that does not exist and for an edition that is known already.
    """
    actor.may(CHOOSE_SCHEDULE).or_raise()
    issuer = _said(facts.issuer, "Say who issued it.", "issuer")
    version = _said(facts.version, "Say which edition it is.", "version")
    name = slugify(f"{issuer}-{version}".replace(".", "_"))[:40]
    if facts.table not in schedule_names():
        raise InvalidInput("There is no such table.", field="table")
    known = editions()
    if name in known or any((item.header.issuer, item.header.version) == (issuer, version) for item in known.values()):
        raise InvalidInput("This edition is here already.", field="version")
    return ScheduleEdition.objects.create(
        name=name,
        issuer=issuer,
        version=version,
        effective=facts.effective,
        table=facts.table,
        source=_said(facts.source, "Say where it is published.", "source"),
        recorded_by_id=actor.staff_id,
        recorded_at=actor.now,
    )


@transaction.atomic
def set_edition_status(*, actor: Actor, name: str, status: Standing, reason: str) -> ScheduleEdition:
    """Say that an edition is active, superseded or stayed.

    Raises `InvalidInput` while the practice follows an edition that would no longer govern.
    """
    actor.may(CHOOSE_SCHEDULE).or_raise()
    why = _said(reason, "Say why, and who decided it.", "reason")
    named = editions().get(name)
    if named is None:
        raise InvalidInput("There is no such edition.", field="name")
    if status is not Standing.ACTIVE and choices_in_force().filter(edition=name).exists():
        raise InvalidInput(f"{named.title} is followed here. Choose another edition first.", field="status")
    row, _ = ScheduleEdition.objects.select_for_update().get_or_create(name=name, defaults=_as_row(named))
    row.status, row.status_reason = status, why[:240]
    row.recorded_by_id, row.recorded_at = actor.staff_id, actor.now
    row.save()
    _tell()
    return row


def _as_row(named: NamedEdition) -> dict[str, object]:
    header: Header = named.header
    return {
        "issuer": header.issuer,
        "version": header.version,
        "effective": named.effective,
        "status": header.status,
        "table": named.edition.table,
        "source": header.source[:240],
    }


@transaction.atomic
def choose_schedule(*, actor: Actor, group: str, edition: str, reason: str, medical_director: str) -> ScheduleChoice:
    """Follow an edition for one vaccine group, or with an empty group for all that have no choice of their own.

    Raises `InvalidInput` for an edition that may not govern today.
    """
    actor.may(CHOOSE_SCHEDULE).or_raise()
    named = editions().get(edition)
    if named is None or not named.may_govern(actor.today):
        title = named.title if named else "That edition"
        raise InvalidInput(
            f"{title} may not govern today: it is stayed, superseded or not yet effective.", field="edition"
        )
    if group and group not in {row.name for row in load_schedule(named.edition.table).groups}:
        raise InvalidInput("That edition says nothing about this vaccine.", field="group")
    facts = {
        "reason": _said(reason, "Say why.", "reason")[:240],
        "medical_director": _said(
            medical_director, "Name the medical director who answers for it.", "medical_director"
        ),
    }
    _end_choice(actor, group)
    choice = ScheduleChoice.objects.create(
        group=group, edition=edition, chosen_by_id=actor.staff_id, chosen_at=actor.now, **facts
    )
    _tell()
    return choice


@transaction.atomic
def follow_the_rest(*, actor: Actor, group: str) -> int:
    """Drop the choice of one group, so that it follows what all others follow. Returns how many there were."""
    actor.may(CHOOSE_SCHEDULE).or_raise()
    ended = _end_choice(actor, group) if group else 0
    if ended:
        _tell()
    return ended


def _end_choice(actor: Actor, group: str) -> int:
    rows = ScheduleChoice.objects.select_for_update().filter(group=group, ended_at=None)
    return rows.update(ended_at=actor.now, ended_by_id=actor.staff_id)


@transaction.atomic
def override_schedule(*, actor: Actor, facts: OverrideFacts) -> ScheduleOverride:
    """Set one age or interval of a dose, a season, whom a risk series is for, or leave a series out, for everybody.

    Raises `InvalidInput` for a value that is no age, interval or day, or a series that does not exist.
    """
    actor.may(CHOOSE_SCHEDULE).or_raise()
    reason = _said(facts.reason, "Say why.", "reason")
    director = _said(facts.medical_director, "Name the medical director who answers for it.", "medical_director")
    row = Override(facts.antigen, facts.series, facts.dose, facts.field, facts.value, reason)
    if facts.field != UNUSED and not facts.field.startswith(("season.", "indications.")) and facts.dose < 1:
        raise InvalidInput("Say which dose.", field="dose")
    tables = {named.edition.table for named in editions().values()}
    _check(tables, row)
    same = ScheduleOverride.objects.select_for_update().filter(
        antigen=row.antigen, series=row.series, dose=row.dose, field=row.field, withdrawn_at=None
    )
    same.update(withdrawn_at=actor.now, withdrawn_by_id=actor.staff_id, withdrawn_reason="replaced by another value")
    made = ScheduleOverride.objects.create(
        antigen=row.antigen,
        series=row.series,
        dose=row.dose,
        field=row.field,
        value=row.value,
        reason=reason[:300],
        medical_director=director[:120],
        made_by_id=actor.staff_id,
        made_at=actor.now,
    )
    _tell()
    return made


def _check(tables: set[str], row: Override) -> None:
    refusals = []
    for table in sorted(tables):
        try:
            check_override(table, row)
        except (KeyError, ValueError) as refusal:
            refusals.append(str(refusal.args[0]))
    if len(refusals) == len(tables):
        raise InvalidInput(f"That cannot be set: {refusals[0]}.", field="value")


@transaction.atomic
def withdraw_override(*, actor: Actor, override: ScheduleOverride, reason: str) -> ScheduleOverride:
    """Go back to what the schedule says, with the reason."""
    actor.may(CHOOSE_SCHEDULE).or_raise()
    why = _said(reason, "Say why.", "reason")
    fresh = locked(ScheduleOverride.objects.all(), pk=override.pk)
    if fresh.withdrawn_at is None:
        fresh.withdrawn_at, fresh.withdrawn_by_id, fresh.withdrawn_reason = actor.now, actor.staff_id, why[:300]
        fresh.save()
        _tell()
    return fresh
