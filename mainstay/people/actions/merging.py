"""Two charts made one, and two again, with nothing lost.

Every row of every domain that points at the merged patient is re-pointed at the kept one and written down in
`MergedRow`; undoing the merge sends exactly these rows back. Rows that cannot move, because the kept patient has one
of their kind already (a unique column), stay with the merged chart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.db import IntegrityError, models, transaction

from mainstay.foundation.actor import Actor
from mainstay.foundation.errors import IllegalMove, InvalidInput
from mainstay.foundation.findings import NOTHING_CONFIRMED, Confirmations
from mainstay.foundation.outbox import publish
from mainstay.people.actions.registering import refresh_search
from mainstay.people.demographics import demographics_of
from mainstay.people.errors import AlreadyMerged
from mainstay.people.events import MergeUndone, PatientsMerged
from mainstay.people.models import HOW_KNOWN_LENGTH, MergedRow, NameKind, Patient, PatientMerge, PatientName
from mainstay.people.permissions import MERGE
from mainstay.people.rules import UNLIKE_PEOPLE, judge_merge, judge_reason

_apart: set[tuple[str, str]] = {
    ("people.Patient", "merged_into"),
    ("people.PatientMerge", "kept"),
    ("people.PatientMerge", "merged"),
    ("people.BreakGlass", "patient"),
}
MADE_BY_MERGE = "+"
"""In `MergedRow.column`: the row was made by the merge, and is withdrawn when it is undone."""


def left_apart(model: str, field: str) -> None:
    """Say that rows of `app.Model` keep pointing at the merged patient; called when a domain is loaded."""
    _apart.add((model, field))


def columns_to_patients() -> Iterator[tuple[type[models.Model], models.ForeignKey[Any, Any]]]:
    """Every (model, foreign key) of every domain that points at a patient and moves in a merge."""
    for model in apps.get_models():
        if hasattr(model, "pgh_tracked_model") or model._meta.proxy:
            continue
        for field in model._meta.local_concrete_fields:
            points = isinstance(field, models.ForeignKey) and field.related_model is Patient
            if points and (model._meta.label, field.name) not in _apart:
                yield model, field


@transaction.atomic
def merge_patients(
    *, actor: Actor, kept: Patient, merged: Patient, reason: str, confirmed: Confirmations = NOTHING_CONFIRMED
) -> PatientMerge:
    """Make `merged` part of `kept`: all rows move, its names and number still find the person.

    Raises `NeedsConfirmation` when they look like two people and nobody said how it is known that they are one.
    """
    actor.may(MERGE).or_raise()
    if kept.pk == merged.pk:
        raise InvalidInput("A chart cannot be merged with itself.")
    both = Patient.objects.select_for_update().filter(pk__in=(kept.pk, merged.pk)).order_by("pk")
    rows = {patient.pk: patient for patient in both}
    kept, merged = rows[kept.pk], rows[merged.pk]
    if kept.withdrawn_at or merged.withdrawn_at:
        raise IllegalMove("A chart that was withdrawn is not merged.")
    if kept.merged_into_id or merged.merged_into_id:
        raise AlreadyMerged()
    unlike = judge_merge(demographics_of(kept), demographics_of(merged))
    confirmed.answer([*judge_reason(reason), *unlike])
    merge = PatientMerge.objects.create(
        kept=kept,
        merged=merged,
        reason=reason.strip(),
        how_known=confirmed.reason_for(UNLIKE_PEOPLE)[:HOW_KNOWN_LENGTH] if unlike else "",
        by_id=actor.staff_id,
        at=actor.now,
    )
    for model, field in columns_to_patients():
        _move(merge, model, field)
    name = PatientName.objects.create(
        patient=kept, kind=NameKind.ALIAS, given_name=merged.given_name, family_name=merged.family_name
    )
    MergedRow.objects.create(merge=merge, table=PatientName._meta.label, column=MADE_BY_MERGE, row_id=name.pk)
    merged.merged_into = kept
    merged.save(update_fields=["merged_into"])
    refresh_search(kept)
    publish(PatientsMerged(merge_id=merge.pk, kept_id=kept.pk, merged_id=merged.pk))
    return merge


@transaction.atomic
def undo_merge(*, actor: Actor, merge: PatientMerge) -> PatientMerge:
    """Make two charts of one again: every row the merge moved goes back, unless somebody moved it on since.

    What was added after the merge stays with the kept chart.
    """
    actor.may(MERGE).or_raise()
    merge = PatientMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise IllegalMove("This merge was undone already.")
    both = Patient.objects.select_for_update().filter(pk__in=(merge.kept_id, merge.merged_id)).order_by("pk")
    rows = {patient.pk: patient for patient in both}
    kept, merged = rows[merge.kept_id], rows[merge.merged_id]
    if kept.merged_into_id:
        raise IllegalMove("The kept chart was itself merged since. Undo that merge first.")
    with pgtrigger.ignore(*_append_only_uris()):
        for row in merge.rows.all():
            _send_back(merge, row)
    merged.merged_into = None
    merged.save(update_fields=["merged_into"])
    merge.undone_by_id, merge.undone_at = actor.staff_id, actor.now
    merge.save(update_fields=["undone_by_id", "undone_at"])
    refresh_search(kept)
    refresh_search(merged)
    publish(MergeUndone(merge_id=merge.pk, kept_id=kept.pk, merged_id=merged.pk))
    return merge


def _move(merge: PatientMerge, model: type[models.Model], field: models.ForeignKey[Any, Any]) -> None:
    rows = model._base_manager.select_for_update().filter(**{field.name: merge.merged_id}).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        return
    with pgtrigger.ignore(*_append_only_uris()):
        moved = ids if _moves(merge, model, field, ids) else [pk for pk in ids if _moves(merge, model, field, [pk])]
    MergedRow.objects.bulk_create(
        MergedRow(merge=merge, table=model._meta.label, column=field.name, row_id=pk) for pk in moved
    )


def _moves(merge: PatientMerge, model: type[models.Model], field: models.ForeignKey[Any, Any], ids: list[int]) -> bool:
    try:
        with transaction.atomic():
            model._base_manager.filter(pk__in=ids).update(**{field.name: merge.kept_id})
    except IntegrityError:
        return False
    return True


def _send_back(merge: PatientMerge, row: MergedRow) -> None:
    model = apps.get_model(row.table)
    if row.column == MADE_BY_MERGE:
        model._base_manager.filter(pk=row.row_id).update(is_withdrawn=True)
    else:
        model._base_manager.filter(pk=row.row_id, **{row.column: merge.kept_id}).update(**{row.column: merge.merged_id})


def _append_only_uris() -> list[str]:
    """The append-only triggers of tables that point at patients: a merge moves a row's patient and nothing else."""
    return [
        f"{model._meta.label}:append_only"
        for model, _ in columns_to_patients()
        if any(trigger.name == "append_only" for trigger in getattr(model._meta, "triggers", ()))
    ]
