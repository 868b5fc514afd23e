"""Bringing lists in through the same actions a person at the desk uses, and taking back what an import made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction

from mainstay.config.importing.making import MAKERS, Made, Withheld
from mainstay.config.importing.reading import Line, columns_of, read_sheet
from mainstay.config.importing.undoing import UNDOERS, Kept
from mainstay.foundation.actor import Actor
from mainstay.foundation.constraint_names import meaning_of
from mainstay.foundation.errors import ClinicError, IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.practice.models import ImportBatch, ImportedThing
from mainstay.practice.permissions import IMPORT

UNDO_WITHIN = timedelta(hours=24)


class OnFault(StrEnum):
    """What to do when a line is wrong."""

    LEAVE_OUT = "leave_out"
    """Import the others."""
    STOP = "stop"
    """Import nothing."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one line: made, unchanged or refused; in a dry run, what would."""

    line: int
    what: str
    text: str


@dataclass(slots=True)
class Report:
    """What came of a list; `lines` is always `made` + `unchanged` + `refused`."""

    kind: str
    lines: int = 0
    made: int = 0
    unchanged: int = 0
    refused: int = 0
    ignored: tuple[str, ...] = ()
    outcomes: list[Outcome] = field(default_factory=list)
    is_dry: bool = False
    batch: str = ""

    def add(self, line: int, what: str, text: str) -> None:
        """Count one line."""
        self.lines += 1
        setattr(self, what, getattr(self, what) + 1)
        self.outcomes.append(Outcome(line, what, text))

    @property
    def faults(self) -> list[Outcome]:
        """The lines that are refused, in order."""
        return [o for o in self.outcomes if o.what == "refused"]


@transaction.atomic
def hold_file(*, actor: Actor, kind: str, text: str, file_name: str = "") -> ImportBatch:
    """Keep a file to be tried and then imported."""
    actor.may(IMPORT).or_raise()
    read_sheet(kind, text)
    return ImportBatch.objects.create(
        kind=kind, text=text, file_name=file_name[:120], staff_id=actor.staff_id, staff_name=actor.name[:80]
    )


@transaction.atomic
def try_import(*, actor: Actor, batch: ImportBatch) -> Report:
    """Do everything a real run does, then take all of it back: nothing is written, and every fault is known."""
    actor.may(IMPORT).or_raise()
    here = transaction.savepoint()
    report = _run(actor, batch)
    transaction.savepoint_rollback(here)
    report.is_dry, report.batch = True, str(batch.public_id)
    return report


@transaction.atomic
def run_import(*, actor: Actor, batch: ImportBatch, on_fault: OnFault) -> Report:
    """Bring a held file in, once. With `OnFault.STOP` one wrong line means that nothing is made."""
    actor.may(IMPORT).or_raise()
    batch = locked(ImportBatch.objects.all(), pk=batch.pk)
    if batch.ran_at is not None:
        raise IllegalMove("This file was imported already.")
    here = transaction.savepoint()
    report = _run(actor, batch)
    report.batch = str(batch.public_id)
    if report.refused and on_fault is OnFault.STOP:
        transaction.savepoint_rollback(here)
        report.is_dry = True
        return report
    batch.ran_at, batch.text = actor.now, ""
    for count in ("lines", "made", "unchanged", "refused"):
        setattr(batch, count, getattr(report, count))
    batch.save()
    return report


def _run(actor: Actor, batch: ImportBatch) -> Report:
    sheet = read_sheet(batch.kind, batch.text)
    report = Report(batch.kind, ignored=sheet.ignored)
    inside = _inside(actor, batch)
    for line in sheet.lines:
        try:
            with transaction.atomic():
                made = MAKERS[batch.kind](inside, _needed(batch.kind, line))
        except ClinicError as refusal:
            report.add(line.number, "refused", refusal.message)
        except IntegrityError as refusal:
            if (known := meaning_of(refusal)) is None:
                raise
            report.add(line.number, "refused", known.message)
        else:
            if isinstance(made, Withheld):
                report.add(line.number, "refused", made.text)
                continue
            report.add(line.number, "made" if made.is_new else "unchanged", made.label)
            if made.is_new:
                _remember(batch, line, made)
    return report


def _inside(actor: Actor, batch: ImportBatch) -> Actor:
    """Whoever may import may make what the list holds; but nobody gives out roles they could not give by hand."""
    return actor if batch.kind == "staff" else replace(actor, all_permissions=True)


def _needed(kind: str, line: Line) -> Line:
    missing = [c.name for c in columns_of(kind).values() if c.is_needed and not line.values[c.name]]
    if missing:
        raise InvalidInput(f"{', '.join(missing).replace('_', ' ')} is empty.")
    return line


def _remember(batch: ImportBatch, line: Line, made: Made) -> None:
    ImportedThing.objects.create(batch=batch, line=line.number, label=made.label[:160], ref=made.ref)


@transaction.atomic
def undo_import(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Take back what an import made in the last day, last line first; what was used since stays, and says why."""
    actor.may(IMPORT).or_raise()
    batch = locked(ImportBatch.objects.all(), pk=batch.pk)
    if batch.ran_at is None or batch.undone_at is not None:
        raise IllegalMove("There is nothing to undo: this import did not run, or was undone already.")
    if actor.now - batch.ran_at > UNDO_WITHIN:
        raise IllegalMove("An import can be undone for 24 hours. Change what it made one by one.")
    inside = _inside(actor, batch)
    for thing in ImportedThing.objects.select_for_update().filter(batch=batch).order_by("-line", "-pk"):
        try:
            with transaction.atomic():
                UNDOERS[batch.kind](inside, thing.ref)
            thing.is_undone = True
        except (Kept, ClinicError) as reason:
            thing.kept_because = str(reason)[:200]
        thing.save(update_fields=["is_undone", "kept_because"])
    batch.undone_at, batch.undone_by = actor.now, actor.name[:80]
    batch.save(update_fields=["undone_at", "undone_by"])
    return batch
