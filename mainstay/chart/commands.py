"""Chart verbs of the command line; none needs a database."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TextIO

from mainstay.chart.growth.intake import BadRow, GoodRow, UnreadableFile, growth_rows
from mainstay.chart.growth.scores import GrowthScore, score
from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.packed import refuse_packed

GROWTH_HELP = """\
Print z-scores and percentiles of children's measurements, one line per standard that covers the child.

Columns: id, sex (m|f, male|female, 1|2, or 0|1), agedays, param (WEIGHTKG|LENGTHCM|HEIGHTCM|HEADCM|BMI),
measurement (kg, cm, kg/m2). A WEIGHTKG row with the column cm filled is scored as weight-for-length
(lying length before 24 months, standing height after). Output: id,standard,z,percentile.

WHO: Child Growth Standards 2006, 0-1856 days. CDC: 2000 reference, 0-20 years, BMI above the 95th
percentile by the extended method of 2022. Rows that cannot be read are named on standard error, the rest go on.
Exit code 0 all rows read, 1 some rows could not be read, 2 the file cannot be used.
"""


def growth(argv: list[str]) -> int:
    """Score a CSV of children's measurements; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="mainstay growth", description=GROWTH_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", metavar="FILE.csv", help="the file, or - for standard input")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of CSV")
    try:
        chosen = parser.parse_args(argv)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    try:
        refuse_packed(chosen.file, verb="growth")
        with ExitStack() as open_files:
            lines = _lines(chosen.file, open_files)
            return _print_json(lines) if chosen.json else _print_csv(lines)
    except BrokenPipeError:
        raise
    except InvalidInput as packed:
        print(f"growth: {packed}", file=sys.stderr)
        return 2
    except (OSError, UnicodeDecodeError, UnreadableFile) as unusable:
        reason = unusable.strerror if isinstance(unusable, OSError) and unusable.strerror else str(unusable)
        print(f"{chosen.file}: {reason}", file=sys.stderr)
        return 2


def _lines(name: str, open_files: ExitStack) -> TextIO:
    if name == "-":
        return sys.stdin
    return open_files.enter_context(Path(name).open(encoding="utf-8-sig", newline=""))


def _print_csv(lines: TextIO) -> int:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["id", "standard", "z", "percentile"])
    bad_rows = 0
    for row in growth_rows(lines):
        answer = _scored(row)
        if isinstance(answer, BadRow):
            bad_rows += 1
            print(answer, file=sys.stderr)
        else:
            if not answer:
                print(f"row {row.line} (id {row.id}): outside the ages and lengths of both standards", file=sys.stderr)
            out.writerows((row.id, one.standard.value, f"{one.z:.4f}", f"{one.percentile:.4f}") for one in answer)
    return 1 if bad_rows else 0


def _print_json(lines: TextIO) -> int:
    scores: list[dict[str, object]] = []
    bad_rows: list[dict[str, object]] = []
    for row in growth_rows(lines):
        answer = _scored(row)
        if isinstance(answer, BadRow):
            bad_rows.append({"row": answer.line, "id": answer.id, "reason": answer.reason})
        else:
            scores += [
                {
                    "id": row.id,
                    "standard": one.standard.value,
                    "z": round(one.z, 4),
                    "percentile": round(one.percentile, 4),
                    "table": one.table,
                }
                for one in answer
            ]
    print(json.dumps({"scores": scores, "bad_rows": bad_rows}, indent=1))
    return 1 if bad_rows else 0


def _scored(row: GoodRow | BadRow) -> tuple[GrowthScore, ...] | BadRow:
    if isinstance(row, BadRow):
        return row
    try:
        return score(row.measurement)
    except (ValueError, OverflowError) as wrong:
        reason = str(wrong) if isinstance(wrong, ValueError) else "the measurement is too far from any child's"
        return BadRow(row.line, row.id, reason)
