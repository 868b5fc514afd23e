"""Command-line verbs of immunizations: `forecast` and `vaccines`. Neither needs a database."""

from __future__ import annotations

import argparse
import gc
import io
import json
import sys
import zlib
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TextIO

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.packed import refuse_packed
from mainstay.immunizations.forecast import (
    DEFAULT_SCHEDULE,
    Header,
    Schedule,
    SourceDefect,
    Standing,
    answers,
    load_schedule,
    packed_table,
    read_release,
    read_schedule,
    schedule_changes,
    schedule_names,
    write_table,
    written,
)

_TABLES = Path(__file__).parent / "tables" / "schedules"
_SHOWN = 40
_BETWEEN_COLLECTIONS = 5_000


def forecast(argv: list[str]) -> int:
    """Forecast the cases of a JSON-lines file. Returns 0, 1 when a line had an error, 2 for bad use."""
    parser = argparse.ArgumentParser(
        prog="forecast", description="What vaccines are due: one case a line in, one JSON answer a line out."
    )
    parser.add_argument("file", help="JSON lines with id, dob, sex, assessment_date, observations, doses; - for stdin")
    parser.add_argument(
        "--schedule", default=DEFAULT_SCHEDULE, help=f"one of {', '.join(schedule_names())}, or a compiled table's file"
    )
    parser.add_argument("--explain", action="store_true", help="add to each group why, in words")
    parser.add_argument("--json", action="store_true", help="accepted for consistency; the output is always JSON lines")
    options = parser.parse_args(argv)
    try:
        refuse_packed(options.file, verb="forecast")
        schedule = _schedule(options.schedule)
    except (SourceDefect, InvalidInput) as error:
        print(f"forecast: {error}", file=sys.stderr)
        return 2
    if schedule.header.status is not Standing.ACTIVE:
        print(
            f"forecast: {schedule.header.title} is {schedule.header.status} and governs nobody's care", file=sys.stderr
        )
    depth = "full" if options.explain else "short"
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if options.file == "-":
        return _answer_all(sys.stdin, schedule, depth)
    with Path(options.file).open(encoding="utf-8", errors="replace") as lines:
        return _answer_all(lines, schedule, depth)


def _schedule(name: str) -> Schedule:
    """A schedule that ships, by its name, or a compiled table's file. Raises `SourceDefect` saying what there is."""
    return load_schedule(name) if name in schedule_names() else read_schedule(_packed(name))


def _packed(name: str) -> bytes:
    """The table of a schedule that ships, or of a file."""
    if name in schedule_names():
        return packed_table(name)
    path = Path(name)
    try:
        packed = path.read_bytes()
        read_schedule(packed)
    except FileNotFoundError as error:
        raise SourceDefect(f"no schedule {name!r}; there is {', '.join(schedule_names())}") from error
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise SourceDefect(f"{name} is no compiled table") from error
    return packed


def _answer_all(lines: TextIO, schedule: Schedule, depth: str) -> int:
    """Answer line by line; whoever asks over a pipe has each answer before the next question.

    An answer leaves nothing behind that only the collector finds, so it looks once in a while and not all the time.
    """
    problems = 0
    write, is_piped = sys.stdout.write, lines is sys.stdin
    gc.freeze()
    gc.disable()
    try:
        for number, row in enumerate(answers(lines, schedule, depth), start=1):
            problems += "error" in row
            write(written(row) + "\n")
            if is_piped:
                sys.stdout.flush()
            if number % _BETWEEN_COLLECTIONS == 0:
                gc.collect()
        sys.stdout.flush()
    finally:
        gc.enable()
    return 1 if problems else 0


def vaccines(argv: list[str]) -> int:
    """Look after schedules: `import-schedule DIR` compiles a CDSi release, `schedules` lists what there is.

    `compare OLD NEW` says what differs between two of them, or between files.
    """
    parser = argparse.ArgumentParser(prog="vaccines", description="Schedules of recommended vaccines.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("schedules", help="list the compiled schedules")
    listing.add_argument("--json", action="store_true", help="as JSON")
    compiling = verbs.add_parser("import-schedule", help="compile CDSi supporting data (XML) into our own table")
    compiling.add_argument("folder", type=Path, help="ScheduleSupportingData*.xml and AntigenSupportingData*.xml")
    compiling.add_argument("--issuer", default="CDC")
    compiling.add_argument("--version", required=True, help="for example 4.64")
    compiling.add_argument("--effective", required=True, type=date.fromisoformat, help="YYYY-MM-DD")
    compiling.add_argument("--status", default="active", choices=[str(item) for item in Standing])
    compiling.add_argument("--source", required=True, help="where the data came from")
    compiling.add_argument("--to", type=Path, help="the table to write; by default beside the others")
    compiling.add_argument("--json", action="store_true", help="as one JSON object, with every difference")
    comparing = verbs.add_parser("compare", help="what differs between two schedules (names or files)")
    comparing.add_argument("old")
    comparing.add_argument("new")
    comparing.add_argument("--json", action="store_true", help="one JSON object a line")
    options = parser.parse_args(argv)
    if options.verb == "schedules":
        return _list_schedules(as_json=options.json)
    try:
        if options.verb == "compare":
            return _compare(_packed(options.old), _packed(options.new), as_json=options.json)
        return _import_schedule(options)
    except (SourceDefect, OSError) as error:
        print(f"vaccines: {error}", file=sys.stderr)
        return 1


def _list_schedules(*, as_json: bool) -> int:
    for name in schedule_names():
        header = load_schedule(name).header
        if as_json:
            print(json.dumps({"name": name, **asdict(header)}))
        else:
            print(f"{name}: {header.issuer} {header.version}, effective {header.effective}, {header.status}")
    return 0


def _import_schedule(options: argparse.Namespace) -> int:
    header = Header(
        options.issuer,
        options.version,
        options.effective.isoformat(),
        Standing(options.status),
        options.source,
    )
    path = options.to or _TABLES / f"{options.issuer.lower()}-{options.version}.json.gz"
    write_table(read_release(options.folder, header), path)
    packed = path.read_bytes()
    schedule = read_schedule(packed)
    series = sum(len(antigen.series) for antigen in schedule.antigens.values())
    found = schedule_changes(packed_table(DEFAULT_SCHEDULE), packed)
    if options.json:
        told = {"table": path.name, **asdict(header), "antigens": len(schedule.antigens), "series": series}
        changes = [asdict(change) for change in found]
        told |= {"vaccines": len(schedule.vaccines), "compared_with": DEFAULT_SCHEDULE, "changes": changes}
        print(json.dumps(told, ensure_ascii=False))
        return 0
    print(f"{path.name}: {len(schedule.antigens)} antigens, {series} series, {len(schedule.vaccines)} vaccines")
    others = f"; the first {_SHOWN}, all with `mainstay vaccines compare`" if len(found) > _SHOWN else ""
    print(f"{len(found) or 'no'} differences from {DEFAULT_SCHEDULE}{others}")
    for change in found[:_SHOWN]:
        print(f"  {change.line()}")
    return 0


def _compare(old: bytes, new: bytes, *, as_json: bool) -> int:
    for change in schedule_changes(old, new):
        print(json.dumps(asdict(change), ensure_ascii=False) if as_json else change.line())
    return 0
