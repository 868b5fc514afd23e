"""How fast vaccines are forecast: whole patients a second on one core, and the memory it takes."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter, process_time

from mainstay.immunizations.commands import forecast
from mainstay.immunizations.forecast import DoseGiven, Gender, Person, Schedule, forecast_person, load_schedule
from mainstay.immunizations.forecast.cases import Case, read_case

PATIENTS = 4_000
TIMES_IN_A_FILE = 5
TODAY = date(2025, 11, 10)
CHILDHOOD = (
    ("08", 0),
    ("110", 61),
    ("48", 61),
    ("216", 61),
    ("116", 61),
    ("110", 122),
    ("48", 122),
    ("216", 122),
    ("116", 122),
    ("110", 183),
    ("216", 183),
    ("03", 366),
    ("21", 366),
    ("83", 366),
    ("48", 400),
    ("106", 460),
    ("83", 560),
    ("130", 1470),
    ("94", 1470),
    ("115", 4020),
    ("165", 4020),
    ("136", 4020),
)


def made_up_patients() -> list[Person]:
    """People of all ages, most of them vaccinated along the schedule, some behind; the same every time."""
    chance = random.Random(1796)
    people = []
    for _ in range(PATIENTS):
        born = TODAY - timedelta(days=chance.choice((chance.randrange(6570), chance.randrange(33_000))))
        kept = chance.choice((1.0, 1.0, 0.9, 0.5, 0.0))
        late = chance.choice((0, 0, 0, 20, 200))
        doses = [
            DoseGiven(born + timedelta(days=age + chance.randrange(late + 9)), cvx)
            for cvx, age in CHILDHOOD
            if chance.random() < kept
        ]
        doses = [dose for dose in doses if dose.given <= TODAY]
        people.append(Person(born, chance.choice((Gender.FEMALE, Gender.MALE)), (), tuple(doses)))
    return people


def published_cases() -> list[str]:
    """CDC's cases as lines, when they are here."""
    folder = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[2] / "shared" / "data")) / "immunization"
    paths = [folder / name for name in ("cdsi-healthy.jsonl", "cdsi-conditions.jsonl")]
    return [line for path in paths if path.exists() for line in path.read_text(encoding="utf-8").splitlines()]


def as_line(number: int, person: Person) -> str:
    """The same person as a line of the command line's input."""
    return json.dumps(
        {
            "id": number,
            "dob": person.born.isoformat(),
            "sex": person.gender[0],
            "assessment_date": TODAY.isoformat(),
            "observations": [],
            "doses": [{"date": dose.given.isoformat(), "cvx": dose.cvx, "mvx": ""} for dose in person.doses],
        }
    )


def best_of_three(work: Callable[[], object]) -> float:
    """Processor seconds of the quickest of three runs: others on the machine only ever slow one down."""
    runs = []
    for _ in range(3):
        began = process_time()
        work()
        runs.append(process_time() - began)
    return min(runs)


def through_the_library(people: list[Person]) -> None:
    """Forecast everybody."""
    schedule = load_schedule()
    for person in people:
        forecast_person(person, schedule, TODAY)


def case_for(case: Case) -> tuple[Person, Schedule, date]:
    """The arguments to forecast a case with."""
    return case.person, load_schedule(), case.assessed


def through_the_verb(lines: list[str]) -> float:
    """Processor seconds for a file of cases, reading and writing included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        with contextlib.redirect_stdout(io.StringIO()):
            return best_of_three(lambda: forecast([str(path)]))


def from_the_shell(lines: list[str]) -> float:
    """Processor seconds of a process of its own that answers a file, its start included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cases.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "mainstay", "forecast", str(path)], stdout=subprocess.DEVNULL, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print one line per way of asking."""
    began = perf_counter()
    load_schedule()
    loading = perf_counter() - began
    people = made_up_patients()
    given = sum(len(person.doses) for person in people)
    library = best_of_three(lambda: through_the_library(people))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform != "darwin" else 1024) / 1024
    print(f"schedule read in {loading * 1000:.0f} ms; {given / PATIENTS:.1f} doses a patient; {memory:.0f} MB")
    print("way                          patients   patients/s per core")
    print(f"library, made up             {PATIENTS:>8} {PATIENTS / library:>21.0f}")
    lines = [as_line(number, person) for number, person in enumerate(people)]
    print(f"verb, made up                {PATIENTS:>8} {PATIENTS / through_the_verb(lines):>21.0f}")
    many = PATIENTS * TIMES_IN_A_FILE
    print(f"process, with its start      {many:>8} {many / from_the_shell(lines * TIMES_IN_A_FILE):>21.0f}")
    print(f"a process that is asked nothing takes {from_the_shell([]) * 1000:.0f} ms")
    cases = published_cases()
    if cases:
        read = [read_case(json.loads(line), load_schedule()) for line in cases]
        seconds = best_of_three(lambda: [forecast_person(*case_for(case)) and None for case in read])
        print(f"library, CDC's cases         {len(cases):>8} {len(cases) / seconds:>21.0f}")
        print(f"verb, CDC's published cases  {len(cases):>8} {len(cases) / through_the_verb(cases):>21.0f}")


if __name__ == "__main__":
    main()
