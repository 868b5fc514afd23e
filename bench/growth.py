"""How fast growth is scored: rows a second of the library, and of the verb with CSV in and out."""

from __future__ import annotations

import contextlib
import io
import random
import tempfile
from pathlib import Path
from time import perf_counter

from mainstay.chart.commands import growth
from mainstay.chart.growth import Measure, Measurement, Sex, score

ROWS = 50_000
TYPICAL = {Measure.WEIGHT: (3, 0.007), Measure.HEIGHT: (50, 0.018), Measure.BMI: (14, 0.001)}


def made_up_rows() -> list[Measurement]:
    """Children of all ages with plausible sizes; the same every time."""
    chance = random.Random(2006)
    rows = []
    for _ in range(ROWS):
        measure = chance.choice(list(TYPICAL))
        start, per_day = TYPICAL[measure]
        age = chance.randrange(7300)
        rows.append(
            Measurement(measure, chance.choice(list(Sex)), age, (start + age * per_day) * chance.uniform(0.8, 1.3))
        )
    return rows


def main() -> None:
    """Print one line per way of asking."""
    rows = made_up_rows()
    score(rows[0])
    began = perf_counter()
    answers = sum(len(score(row)) for row in rows)
    library = perf_counter() - began
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        lines = [f"{i},{r.sex},{r.age_days},{r.measure},{r.value:.3f}\n" for i, r in enumerate(rows)]
        path.write_text("id,sex,agedays,param,measurement\n" + "".join(lines), encoding="utf-8")
        began = perf_counter()
        with contextlib.redirect_stdout(io.StringIO()):
            growth([str(path)])
        verb = perf_counter() - began
    print("way          rows    answers   rows/s")
    for name, seconds in (("library", library), ("verb", verb)):
        print(f"{name:<10} {ROWS:>6}   {answers:>8} {ROWS / seconds:>8.0f}")


if __name__ == "__main__":
    main()
