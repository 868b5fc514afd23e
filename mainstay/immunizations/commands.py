"""Command-line verbs of immunizations: `forecast` and `vaccines`. Neither needs a database."""

from __future__ import annotations

import argparse
import gc
import io
import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TextIO

from mainstay.immunizations.forecast import (
    DEFAULT_SCHEDULE,
    Header,
    SourceDefect,
    Standing,
    answer_lines,
    load_schedule,
    read_release,
    read_schedule,
    schedule_names,
    write_table,
)

_TABLES = Path(__file__).parent / "tables" / "schedules"


def forecast(argv: list[str]) -> int:
    """Forecast the cases of a JSON-lines file. Returns 0, 1 when a line had an error, 2 for bad use."""
    parser = argparse.ArgumentParser(
        prog="forecast", description="What vaccines are due: one case a line in, one JSON answer a line out."
    )
    parser.add_argument("file", help="JSON lines with id, dob, sex, assessment_date, observations, doses; - for stdin")
    parser.add_argument("--schedule", default=DEFAULT_SCHEDULE, help=f"one of {', '.join(schedule_names())}")
    parser.add_argument("--explain", action="store_true", help="add to each group why, in words")
    parser.add_argument("--json", action="store_true", help="accepted for consistency; the output is always JSON lines")
    options = parser.parse_args(argv)
    if options.schedule not in schedule_names():
        print(f"forecast: no schedule {options.schedule!r}; there is {', '.join(schedule_names())}", file=sys.stderr)
        return 2
    depth = "full" if options.explain else "short"
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if options.file == "-":
        return _answer_all(sys.stdin, options.schedule, depth)
    try:
        with Path(options.file).open(encoding="utf-8", errors="replace") as lines:
            return _answer_all(lines, options.schedule, depth)
    except OSError as error:
        print(f"forecast: {options.file}: {error.strerror}", file=sys.stderr)
        return 2


def _answer_all(lines: TextIO, schedule: str, depth: str) -> int:
    """Answer line by line; whoever asks over a pipe has each answer before the next question."""
    loaded = load_schedule(schedule)
    gc.freeze()
    problems = 0
    write, is_piped = sys.stdout.write, lines is sys.stdin
    try:
        for text in answer_lines(lines, loaded, depth):
            problems += '"groups":[' not in text
            write(text + "\n")
            if is_piped:
                sys.stdout.flush()
        sys.stdout.flush()
    except BrokenPipeError:
        sys.stderr.close()
    return 1 if problems else 0


def vaccines(argv: list[str]) -> int:
    """Look after schedules: `import-schedule DIR` compiles a CDSi release, `schedules` lists what there is."""
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
    options = parser.parse_args(argv)
    if options.verb == "schedules":
        return _list_schedules(as_json=options.json)
    return _import_schedule(options)


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
    try:
        table = read_release(options.folder, header)
        write_table(table, path)
        schedule = read_schedule(path.read_bytes())
    except (SourceDefect, OSError) as error:
        print(f"vaccines: {error}", file=sys.stderr)
        return 1
    series = sum(len(antigen.series) for antigen in schedule.antigens.values())
    print(f"{path.name}: {len(schedule.antigens)} antigens, {series} series, {len(schedule.vaccines)} vaccines")
    return 0
