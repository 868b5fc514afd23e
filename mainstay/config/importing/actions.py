"""Bringing lists in through the same actions a person at the desk uses, and taking back what an import made."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction

from mainstay.config.importing.making import MAKERS, Made, Withheld
from mainstay.config.importing.reading import Line, Sheet, columns_of, read_sheet
from mainstay.config.importing.undoing import UNDOERS, Kept
from mainstay.foundation.actor import Actor
from mainstay.foundation.constraint_names import meaning_of
from mainstay.foundation.errors import ClinicError, IllegalMove, InvalidInput
from mainstay.foundation.moves import locked
from mainstay.practice.models import ImportBatch, ImportedThing, RefusedLine
from mainstay.practice.permissions import IMPORT

UNDO_WITHIN = timedelta(hours=24)
HELD_FOR = timedelta(hours=24)
"""How long the text of a list that was never brought in is kept."""
LONG = 200
"""Lines from which on a list is brought in by the worker, and how many it takes at a time."""


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
def try_import(*, actor: Actor, batch: ImportBatch, at_most: int | None = None) -> Report:
    """Do everything a real run does, then take all of it back: nothing is written, and every fault is known.

    Of a list longer than `at_most` lines only so many are tried.
    """
    actor.may(IMPORT).or_raise()
    here = transaction.savepoint()
    report = _run(actor, batch, at_most)
    transaction.savepoint_rollback(here)
    report.is_dry, report.batch = True, str(batch.public_id)
    return report


@transaction.atomic
def run_import(*, actor: Actor, batch: ImportBatch, on_fault: OnFault) -> Report:
    """Bring a held file in, once. With `OnFault.STOP` one wrong line means that nothing is made."""
    actor.may(IMPORT).or_raise()
    batch = locked(ImportBatch.objects.all(), pk=batch.pk)
    _not_begun(batch)
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
    batch.read = report.lines
    batch.save()
    _remember_refusals(batch, report)
    return report


@transaction.atomic
def start_import(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Have the worker bring a long list in, a part at a time; wrong lines are left out and kept with their reason."""
    actor.may(IMPORT).or_raise()
    batch = locked(ImportBatch.objects.all(), pk=batch.pk)
    _not_begun(batch)
    batch.lines = len(read_sheet(batch.kind, batch.text).lines)
    batch.started_at = actor.now
    batch.staff_id, batch.staff_name = actor.staff_id, actor.name[:80]
    batch.save()
    from mainstay.config.tasks import import_list

    import_list.defer(batch_id=batch.pk)
    return batch


@transaction.atomic
def import_next_lines(*, actor: Actor, batch: ImportBatch, sheet: Sheet, count: int = LONG) -> ImportBatch:
    """Bring the next lines of a started list in, all in one step, so that a crash loses none and doubles none.

    Ends the import when it was the last part, or when somebody asked it to stop; what was made until then stays.
    """
    batch = locked(ImportBatch.objects.all(), pk=batch.pk)
    if batch.started_at is None or batch.ran_at is not None:
        return batch
    if batch.stop_asked_at is None:
        report, inside = Report(batch.kind), _inside(actor, batch)
        for line in sheet.lines[batch.read : batch.read + count]:
            _bring_in(inside, batch, line, report)
        batch.read += report.lines
        for name in ("made", "unchanged", "refused"):
            setattr(batch, name, getattr(batch, name) + getattr(report, name))
        _remember_refusals(batch, report)
    if batch.stop_asked_at is not None or batch.read >= len(sheet.lines):
        batch.ran_at, batch.text = actor.now, ""
    batch.save()
    return batch


@transaction.atomic
def stop_import(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Ask the worker to stop after the lines it is at; what was made stays, and can be undone."""
    actor.may(IMPORT).or_raise()
    batch = locked(ImportBatch.objects.all(), pk=batch.pk)
    if batch.started_at is None or batch.ran_at is not None:
        raise IllegalMove("This import is not running.")
    batch.stop_asked_at = actor.now
    batch.save(update_fields=["stop_asked_at"])
    return batch


@transaction.atomic
def forget_held_lists(*, actor: Actor) -> int:
    """Clear the text of lists that were held a day ago and never brought in; returns how many."""
    old = ImportBatch.objects.filter(created_at__lt=actor.now - HELD_FOR, started_at=None, ran_at=None)
    return old.exclude(text="").update(text="")


def _not_begun(batch: ImportBatch) -> None:
    if batch.ran_at is not None:
        raise IllegalMove("This file was imported already.")
    if batch.started_at is not None:
        raise IllegalMove("This file is being imported.")
    if not batch.text:
        raise IllegalMove("This file was kept for a day and is forgotten. Send it again.")


def _run(actor: Actor, batch: ImportBatch, at_most: int | None = None) -> Report:
    sheet = read_sheet(batch.kind, batch.text)
    report, inside = Report(batch.kind, ignored=sheet.ignored), _inside(actor, batch)
    for line in sheet.lines[:at_most]:
        _bring_in(inside, batch, line, report)
    return report


def _bring_in(inside: Actor, batch: ImportBatch, line: Line, report: Report) -> None:
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
            return
        report.add(line.number, "made" if made.is_new else "unchanged", made.label)
        if made.is_new:
            _remember(batch, line, made)


def _remember_refusals(batch: ImportBatch, report: Report) -> None:
    RefusedLine.objects.bulk_create(
        RefusedLine(batch=batch, line=fault.line, reason=fault.text[:300]) for fault in report.faults
    )


def _inside(actor: Actor, batch: ImportBatch) -> Actor:
    """Whoever may import may make what the list holds; but nobody gives out roles they could not give by hand."""
    return actor if batch.kind == "staff" else replace(actor, all_permissions=True)


def _needed(kind: str, line: Line) -> Line:
    missing = [c.name for c in columns_of(kind).values() if c.is_needed and not line.values[c.name]]
    if missing:
        raise InvalidInput(f"Nothing is given for {', '.join(missing).replace('_', ' ')}.")
    return line


def _remember(batch: ImportBatch, line: Line, made: Made) -> None:
    ImportedThing.objects.create(batch=batch, line=line.number, label=made.label[:160], ref=made.ref)


@transaction.atomic
def undo_import(*, actor: Actor, batch: ImportBatch) -> ImportBatch:
    """Take back what an import made in the last day, last line first; what was used since stays, and says why.

    As long as something stayed it can be tried again, for instance once the appointments of its patients are undone.
    """
    actor.may(IMPORT).or_raise()
    batch = locked(ImportBatch.objects.all(), pk=batch.pk)
    if batch.ran_at is None or batch.undone_at is not None:
        raise IllegalMove("There is nothing to undo: this import did not run, or was undone already.")
    if actor.now - batch.ran_at > UNDO_WITHIN:
        raise IllegalMove("An import can be undone for 24 hours. Change what it made one by one.")
    inside = _inside(actor, batch)
    left = ImportedThing.objects.select_for_update().filter(batch=batch, is_undone=False).order_by("-line", "-pk")
    has_kept = False
    for thing in left:
        try:
            with transaction.atomic():
                UNDOERS[batch.kind](inside, thing.ref)
            thing.is_undone, thing.kept_because = True, ""
        except (Kept, ClinicError) as reason:
            thing.kept_because, has_kept = str(reason)[:200], True
        thing.save(update_fields=["is_undone", "kept_because"])
    if not has_kept:
        batch.undone_at, batch.undone_by = actor.now, actor.name[:80]
        batch.save(update_fields=["undone_at", "undone_by"])
    return batch
