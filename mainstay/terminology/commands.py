"""Terminology verbs of the command line: `load-codes` and `codes`."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from mainstay.foundation import clock
from mainstay.foundation.actor import Actor, the_system
from mainstay.foundation.errors import ClinicError
from mainstay.terminology import actions, queries
from mainstay.terminology.editions import icd10cm_order_file

LOAD_HELP = """\
Bring the code tables into the database: ICD-10-CM, CVX, MVX, place of service, LOINC, everyday names.
Tables already there in this edition are skipped. `demo` and `serve` do this by themselves.

With --icd10cm the order file CMS publishes every April and October (icd10cm_order_2027.txt) replaces
the shipped edition from its first day on; codes it no longer has are ended, not lost.
"""


def load_codes(argv: list[str]) -> int:
    """`mainstay load-codes`: 0 when every table is there, 1 if the file cannot be read, 2 for bad use."""
    parser = argparse.ArgumentParser(
        "mainstay load-codes", description=LOAD_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--icd10cm", metavar="FILE", help="a CMS order file, or - for standard input")
    parser.add_argument("--effective", metavar="DATE", type=date.fromisoformat, help="its first day, as 2026-10-01")
    parser.add_argument("--json", action="store_true", help="print what was loaded as JSON")
    asked = parser.parse_args(argv)
    if (asked.icd10cm is None) != (asked.effective is None):
        parser.error("--icd10cm and --effective belong together")
    actor = _system()
    loaded = list(actions.load_code_tables(actor=actor))
    if asked.icd10cm is not None:
        try:
            raw = sys.stdin.buffer.read() if asked.icd10cm == "-" else Path(asked.icd10cm).read_bytes()
            edition = icd10cm_order_file(raw, effective=asked.effective)
            loaded.append(actions.load_edition(actor=actor, edition=edition))
        except (OSError, ClinicError) as trouble:
            print(f"{asked.icd10cm}: {trouble}", file=sys.stderr)
            return 1
    if asked.json:
        print(json.dumps({table.system: _as_json(table) for table in loaded}))
    else:
        for table in loaded:
            state = "loaded" if table.is_new else "already there"
            print(f"{table.system:10} {table.edition:14} {table.row_count:>8,} rows  {state}")
    return 0


def codes(argv: list[str]) -> int:
    """`mainstay codes TEXT…`: diagnoses for a complaint; 0 when something was found, 1 when nothing was."""
    parser = argparse.ArgumentParser(
        "mainstay codes", description="Find ICD-10-CM diagnoses for a complaint, a name or a code."
    )
    parser.add_argument("text", nargs="+", help='what was said ("pink eye"), or - for one question a line')
    parser.add_argument("--limit", type=int, default=5, help="how many to show (default 5)")
    parser.add_argument("--json", action="store_true", help="print one JSON object a question")
    asked = parser.parse_args(argv)
    if not queries.code_tables():
        actions.load_code_tables(actor=_system())
    texts = sys.stdin.read().splitlines() if asked.text == ["-"] else [" ".join(asked.text)]
    found_all = True
    for text in texts:
        hits = queries.search_problems(text, max(1, asked.limit))
        found_all = found_all and bool(hits)
        if asked.json:
            print(json.dumps({"text": text, "hits": [_hit_as_json(hit) for hit in hits]}))
            continue
        if len(texts) > 1:
            print(f"{text}:")
        for hit in hits:
            print(
                f"{hit.code:9} {hit.display}"
                + (f"  ({hit.matched})" if hit.match is queries.Match.EVERYDAY_NAME else "")
            )
        if not hits:
            print(f"Nothing found for {text!r}.", file=sys.stderr)
    return 0 if found_all else 1


def _system() -> Actor:
    return the_system(now=clock.now(), zone=ZoneInfo("UTC"))


def _as_json(table: actions.LoadedTable) -> dict[str, object]:
    return {"edition": table.edition, "rows": table.row_count, "loaded": table.is_new}


def _hit_as_json(hit: queries.ConceptHit) -> dict[str, object]:
    return {
        "system": "icd10cm",
        "code": hit.code,
        "display": hit.display,
        "billable": hit.is_billable,
        "matched": hit.matched,
        "match": hit.match.value,
    }
