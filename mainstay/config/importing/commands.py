"""`mainstay import`: FHIR records, lists from CSV, and taking a list back."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from uuid import UUID

from django.db import transaction

from mainstay.config.importing.actions import OnFault, Report, hold_file, run_import, try_import, undo_import
from mainstay.config.importing.reading import KINDS, template_of, text_of
from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.packed import refuse_packed
from mainstay.interop.commands import import_ as import_fhir
from mainstay.practice.models import Site
from mainstay.practice.queries import import_batch, open_sites

USAGE = """usage: mainstay import fhir PATH… | csv KIND FILE | undo ID

  fhir  records from elsewhere: FHIR R4 bundles, resources, NDJSON
  csv   a list: staff, rooms, visit-types, patients or appointments
  undo  take back what an import of a list made in the last 24 hours

Each has --help, --json and exit codes: 0 all is in, 1 something was refused, 2 bad use."""


def import_(argv: list[str]) -> int:
    """Choose what is imported."""
    if argv[:1] == ["csv"]:
        return import_csv(argv[1:])
    if argv[:1] == ["undo"]:
        return undo(argv[1:])
    if argv[:1] == ["fhir"]:
        return import_fhir(argv)
    is_asking = bool({"-h", "--help"} & set(argv))
    print(USAGE, file=sys.stdout if is_asking else sys.stderr)
    return 0 if is_asking else 2


def import_csv(argv: list[str]) -> int:
    """`mainstay import csv KIND FILE`: bring a list in, or say what would come of it."""
    parser = argparse.ArgumentParser("mainstay import csv", description="Bring in a list, line by line.")
    parser.add_argument("kind", choices=list(KINDS), metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("file", nargs="?", metavar="FILE", help="a CSV file, or - for standard input")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")
    parser.add_argument("--all-or-nothing", action="store_true", help="import nothing if one line is wrong")
    parser.add_argument("--template", action="store_true", help="print an empty list to fill in")
    parser.add_argument("--json", action="store_true", help="print what came of it as JSON")
    asked = parser.parse_args(argv)
    if asked.template:
        print(template_of(asked.kind), end="")
        return 0
    if not asked.file:
        parser.error("name a FILE, or - for standard input")
    try:
        refuse_packed(asked.file, verb=f"import csv {asked.kind}")
    except InvalidInput as packed:
        print(f"import csv: {packed}", file=sys.stderr)
        return 2
    raw = sys.stdin.buffer.read() if asked.file == "-" else Path(asked.file).read_bytes()
    actor = _importer()
    with transaction.atomic():
        batch = hold_file(actor=actor, kind=asked.kind, text=text_of(raw), file_name=asked.file)
        if asked.dry_run:
            report = try_import(actor=actor, batch=batch)
            transaction.set_rollback(True)
        else:
            on_fault = OnFault.STOP if asked.all_or_nothing else OnFault.LEAVE_OUT
            report = run_import(actor=actor, batch=batch, on_fault=on_fault)
    _print(report, is_json=asked.json)
    return 1 if report.refused else 0


def undo(argv: list[str]) -> int:
    """`mainstay import undo ID`: take back what an import made."""
    parser = argparse.ArgumentParser("mainstay import undo", description="Take back what an import of a list made.")
    parser.add_argument("id", type=UUID, metavar="ID", help="the id the import printed")
    parser.add_argument("--json", action="store_true", help="print what came of it as JSON")
    asked = parser.parse_args(argv)
    actor = _importer()
    batch = undo_import(actor=actor, batch=import_batch(actor, asked.id))
    kept = [{"line": t.line, "what": t.label, "reason": t.kept_because} for t in batch.things.filter(is_undone=False)]
    undone = batch.things.filter(is_undone=True).count()
    if asked.json:
        print(json.dumps({"undone": undone, "kept": kept}))
    else:
        print(f"{undone} undone, {len(kept)} kept.")
        for one in kept:
            print(f"line {one['line']}: {one['what']}: {one['reason']}", file=sys.stderr)
    return 1 if kept else 0


def _importer() -> Actor:
    """The system, at the first site."""
    sites = open_sites()
    zone = (sites[0] if sites else Site()).zone
    return the_system(now=clock.now(), zone=zone, name="Import")


def _print(report: Report, *, is_json: bool) -> None:
    faults = [{"line": fault.line, "reason": fault.text} for fault in report.faults]
    if is_json:
        counts = {name: getattr(report, name) for name in ("kind", "lines", "made", "unchanged", "refused")}
        told = {**counts, "dry_run": report.is_dry, "ignored_columns": list(report.ignored), "refusals": faults}
        print(json.dumps(told | ({} if report.is_dry else {"id": report.batch})))
        return
    verb = "would be made" if report.is_dry else "made"
    counted = f"{report.lines} lines: {report.made} {verb}, {report.unchanged} here before, {report.refused} refused."
    print(counted if report.is_dry else f"{counted} To take it back: mainstay import undo {report.batch}")
    if report.ignored:
        print(f"Columns not used: {', '.join(report.ignored)}.", file=sys.stderr)
    for fault in faults:
        print(f"line {fault['line']}: {fault['reason']}", file=sys.stderr)
