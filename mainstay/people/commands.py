"""The `people` verb: patient matching over files, without a database."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mainstay.foundation.errors import InvalidInput
from mainstay.foundation.packed import refuse_packed
from mainstay.people.matching import Band, Matcher, MatchScore, likely_links, likely_pairs, prepare
from mainstay.people.matching.files import PeopleFile, read_people_file

_MATCH = """Reads a CSV of people (one a row: id, given, family, dob, sex, phone, address, city, zip, ssn, mrn, …)
and prints the pairs that may be one person; or a CSV of pairs (left_…/right_… or …_a/…_b) and scores every row.
With two files, links the one to the other. Scores run from 0 to 1: match from 0.9, possible from 0.5."""

Row = tuple[str, str, MatchScore]


def people(argv: list[str]) -> int:
    """Run `mainstay people …`; returns 0 done, 2 bad use or an unreadable file."""
    parser = argparse.ArgumentParser(prog="mainstay people", description="Patients: who may be whom.")
    verbs = parser.add_subparsers(dest="verb", required=True)
    match = verbs.add_parser(
        "match",
        help="print scored pairs of records that may be one person",
        description=_MATCH,
    )
    match.add_argument("file", metavar="FILE", help="CSV file, or - for standard input")
    match.add_argument("other", metavar="OTHER", nargs="?", help="a second CSV file to link the first one to")
    match.add_argument("--json", action="store_true", help="print JSON, with the reasons of every score")
    match.add_argument(
        "--band", choices=["match", "possible"], default="possible", help="the least band to print (default possible)"
    )
    match.add_argument("--why", action="store_true", help="add a column with the reasons")
    try:
        chosen = parser.parse_args(argv)
    except SystemExit as leaving:
        return int(leaving.code or 0)
    try:
        return _match(chosen)
    except BrokenPipeError:
        return 0


def _match(chosen: argparse.Namespace) -> int:
    try:
        read = _read(chosen.file)
        other = _read(chosen.other) if chosen.other else None
        if other is not None and (read.pairs or other.pairs):
            raise InvalidInput("Two files can be linked only when each has one person a row.")
    except InvalidInput as refusal:
        print(f"mainstay people match: {refusal.message}", file=sys.stderr)
        return 2
    for header in read.unused:
        print(f"column not used: {header}", file=sys.stderr)
    rows = _scored(read, other, Band(chosen.band))
    if chosen.json:
        _print_json(rows)
    else:
        _print_csv(rows, why=chosen.why)
    return 0


def _read(name: str) -> PeopleFile:
    try:
        refuse_packed(name, verb="people match")
        if name == "-":
            return read_people_file(sys.stdin)
        text = Path(name).read_bytes()
    except OSError as fault:
        raise InvalidInput(f"{name} cannot be read: {fault.strerror}.") from None
    except UnicodeDecodeError:
        raise InvalidInput("Standard input is not UTF-8 text.") from None
    try:
        return read_people_file([text.decode("utf-8-sig")])
    except UnicodeDecodeError:
        return read_people_file([text.decode("cp1252", errors="replace")])


def _scored(read: PeopleFile, other: PeopleFile | None, least: Band) -> Iterator[Row]:
    if read.pairs:
        prepared = [(prepare(a), prepare(b)) for a, b in read.pairs]
        matcher = Matcher()
        yield from ((a.id, b.id, matcher.judge(a, b)) for a, b in prepared)
        return
    left = [prepare(person) for person in read.people]
    found = (
        likely_pairs(left, least=least)
        if other is None
        else likely_links(left, [prepare(p) for p in other.people], least=least)
    )
    yield from sorted(((p.a.id, p.b.id, p.match) for p in found), key=lambda row: (-row[2].score, -row[2].bits))


def _print_csv(rows: Iterator[Row], *, why: bool) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["id_a", "id_b", "score", "band", *(["bits", "reasons"] if why else [])])
    for a, b, match in rows:
        reasons = "; ".join(filter(None, [match.rule, *map(str, match.reasons)]))
        out.writerow([a, b, f"{match.score:.4f}", match.band, *([match.bits, reasons] if why else [])])


def _print_json(rows: Iterator[Row]) -> None:
    print(json.dumps([_as_json(*row) for row in rows], indent=1))


def _as_json(a: str, b: str, match: MatchScore) -> dict[str, Any]:
    reasons = [{"field": r.field, "level": r.level, "bits": round(r.bits, 2)} for r in match.reasons]
    return {
        "id_a": a,
        "id_b": b,
        "score": match.score,
        "band": str(match.band),
        "bits": match.bits,
        "rule": match.rule,
        "reasons": reasons,
    }
