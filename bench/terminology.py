"""Code tables and diagnosis search: time to load, time to search, and how often the right code comes first.

Run: `python -m bench.terminology` on the test server; nothing is kept.
"""

from __future__ import annotations

import csv
import statistics
import time
from pathlib import Path
from zoneinfo import ZoneInfo

from bench.databases import a_server, an_empty_database

PHRASES = Path(__file__).parent.parent / "mainstay/terminology/tests/lay_phrases.csv"


def main() -> None:
    """Print one table."""
    with a_server(), an_empty_database():
        for line in measured():
            print(line)


def measured() -> list[str]:
    """The lines of the table, on the database at hand."""
    from mainstay.foundation import clock
    from mainstay.foundation.actor import the_system
    from mainstay.terminology.actions import load_code_tables
    from mainstay.terminology.queries import search_problems

    actor = the_system(now=clock.now(), zone=ZoneInfo("UTC"))
    begun = time.perf_counter()
    tables = load_code_tables(actor=actor)
    loading = time.perf_counter() - begun
    begun = time.perf_counter()
    load_code_tables(actor=actor)
    again = time.perf_counter() - begun
    phrases = list(csv.DictReader(PHRASES.read_text(encoding="utf-8").splitlines()))
    search_problems("warm up")
    times, first, among = [], 0, 0
    for row in phrases:
        begun = time.perf_counter()
        hits = search_problems(row["phrase"], 3)
        times.append((time.perf_counter() - begun) * 1000)
        right = [hit.code.startswith(tuple(row["expected"].split("|"))) for hit in hits]
        first += right[:1] == [True]
        among += any(right)
    times.sort()
    late = times[int(len(times) * 0.95)]
    return [
        f"load {sum(table.row_count for table in tables):,} rows  {loading:6.2f} s   again {again * 1000:.0f} ms",
        f"search p50 {statistics.median(times):.1f} ms   p95 {late:.1f} ms   max {times[-1]:.1f} ms",
        f"phrases {len(phrases)}   right code first {first}   among the first three {among}",
    ]


if __name__ == "__main__":
    main()
