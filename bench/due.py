"""What is due for a whole practice: 200 000 patients with their doses and problems, reckoned in one run.

`./run bench due` builds the practice in a database of its own (COPY and set-based inserts) and goes through it: the
process that does is killed halfway and another goes on, as a worker's would. Then it goes through a second time, when
nothing has changed, and prints patients a second and the minutes of the whole practice.
`--patients N` builds a smaller practice;
`--keep DIR` builds it there once and finds it there the next time.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
os.environ.setdefault("MAINSTAY_SECRET_KEY", "only for measuring")

GO_ON = "--go-on"
"""What the processes that do the work are told."""
DOSES = """
INSERT INTO immunizations_vaccinedose (public_id, created_at, cvx, mvx, product, lot_number, given_on, source, status,
  recorded_at, evidence, evidence_note, change_reason, patient_id)
SELECT gen_random_uuid(), now(), k.cvx, '', '', '', p.birth_date + k.days + (p.id % 20)::int, 'historical', 'completed',
  now(), '', '', '', p.id
FROM people_patient p JOIN (VALUES ('08', 1), ('110', 62), ('110', 124), ('110', 190), ('48', 62), ('48', 124),
  ('48', 372), ('215', 62), ('215', 124), ('215', 190), ('215', 372), ('116', 62), ('116', 124), ('03', 370), ('21', 371),
  ('83', 380), ('83', 570), ('20', 480), ('130', 1500), ('94', 1502), ('115', 4050), ('165', 4052), ('165', 4300),
  ('203', 4054)) k(cvx, days) ON p.birth_date + k.days + 20 < current_date
WHERE p.mrn LIKE 'L%' AND p.birth_date > date '1995-01-01' AND (p.id * 31 + k.days) % 9 <> 0
UNION ALL
SELECT gen_random_uuid(), now(), k.cvx, '', '', '', current_date - k.ago - (p.id % 90)::int, 'historical', 'completed',
  now(), '', '', '', p.id
FROM people_patient p JOIN (VALUES ('115', 2000), ('140', 380), ('140', 760), ('187', 900), ('187', 800), ('216', 700),
  ('309', 420)) k(cvx, ago) ON true
WHERE p.mrn LIKE 'L%' AND p.birth_date <= date '1995-01-01' AND (p.id * 17 + k.ago) % 3 <> 0
"""
MEDICINES = """
INSERT INTO chart_medication (public_id, created_at, recorded_at, told_by, note, name, code, dose, route, frequency,
  reason, prescriber, is_over_the_counter, status, patient_id)
SELECT gen_random_uuid(), now(), now(), 'received', '', m.name, '', m.dose, 'oral', 'daily', '', '', false, 'active', p.id
FROM people_patient p CROSS JOIN (VALUES ('lisinopril', '10 mg'), ('metformin', '500 mg'), ('prednisone', '5 mg'))
  m(name, dose) WHERE p.mrn LIKE 'L%' AND p.id % 3 = 0
"""


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser("./run bench due", description=__doc__)
    parser.add_argument("--patients", type=int, default=200_000, help="how many the practice has")
    parser.add_argument("--keep", type=Path, help="a folder to build the practice in, and to find it in again")
    parser.add_argument(GO_ON, type=int, default=0, help=argparse.SUPPRESS)
    wishes = parser.parse_args()
    if wishes.go_on:
        import_module("mainstay.config.wsgi")
        go_on(wishes.go_on)
        return
    if wishes.keep:
        wishes.keep.mkdir(parents=True, exist_ok=True)
        measure_in(wishes.keep, wishes.patients)
        return
    base = "/var/tmp" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="mainstay-bench-", dir=base, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        measure_in(Path(folder), wishes.patients)


def measure_in(folder: Path, patients: int) -> None:
    """Build the practice in a cluster of this folder and go through it twice."""
    from mainstay.foundation.database import DURABLE, Cluster
    from mainstay.foundation.database.provision import provision

    cluster = Cluster(folder / "cluster", profile=DURABLE)
    with cluster.owned():
        provision(cluster)
        os.environ["DATABASE_URL"] = cluster.address().url()
        import_module("mainstay.config.wsgi")
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        build(patients)
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE immunizations_duevaccine, immunizations_duerunpart, immunizations_duerun")
        parts, spent = list(killed_and_taken_up(patients)), resource.getrusage(resource.RUSAGE_CHILDREN)
        a_new_run()
        started, cpu = time.perf_counter(), time.process_time()
        go_on(patients)
        again = (time.perf_counter() - started, time.process_time() - cpu)
        show(patients, (sum(parts), spent.ru_utime + spent.ru_stime), again)


def build(patients: int) -> None:
    """Patients, problems and doses, without their history triggers."""
    from django.db import connection

    from bench import large_practice
    from mainstay.foundation.patience import unhurried
    from mainstay.people.models import Patient

    if Patient.objects.filter(mrn="L1").exists():
        return
    tables = ("people_patient", "chart_problem", "chart_medication", "immunizations_vaccinedose")
    with unhurried(), connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_names (id serial, sex text, given text, family text, text text, keys text[])"
        )
        with cursor.copy("COPY bench_names (sex, given, family, text, keys) FROM STDIN") as copy:
            for row in large_practice.all_names():
                copy.write_row(row)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql in (large_practice.PATIENTS, large_practice.PROBLEMS, MEDICINES, DOSES):
            cursor.execute(
                sql.replace("{patients}", str(patients)).replace("{{", "{").replace("}}", "}").replace("%%", "%")
            )
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("DROP TABLE bench_names")
        cursor.execute("ANALYZE")


def a_new_run() -> None:
    """Close what ran before and begin."""
    from mainstay.foundation import clock
    from mainstay.foundation.actor import the_system
    from mainstay.immunizations import actions
    from mainstay.immunizations.models import DueRun, RunState

    actor = the_system(now=clock.now(), zone=ZoneInfo("UTC"))
    DueRun.objects.update(as_of=actor.today - timedelta(days=1), state=RunState.STOPPED)
    actions.start_due_run(actor=actor)


def go_on(until: int) -> None:
    """What the worker does, stretch after stretch, until so many patients are done."""
    from mainstay.foundation import clock
    from mainstay.foundation.actor import the_system
    from mainstay.immunizations import actions
    from mainstay.immunizations.queries import run_in_hand

    run = run_in_hand()
    while run.state == "running" and run.done < until:
        run = actions.reckon_stretch(actor=the_system(now=clock.now(), zone=ZoneInfo("UTC")), run=run)


def killed_and_taken_up(patients: int) -> Iterator[float]:
    """The seconds of two processes: the first is killed in the middle of a stretch when half is done."""
    from mainstay.immunizations.models import DueRun

    a_new_run()
    run = DueRun.objects.latest("pk")
    for until in (patients // 2, patients):
        started = time.perf_counter()
        child = subprocess.Popen([sys.executable, "-m", "bench.due", GO_ON, str(patients)])
        while run.done < until and child.poll() is None:
            time.sleep(0.2)
            run.refresh_from_db()
        if until < patients:
            child.kill()
        child.wait()
        yield time.perf_counter() - started


def show(patients: int, first: tuple[float, float], again: tuple[float, float]) -> None:
    """The table: seconds that passed, and those of our own processor, which others on the machine do not lengthen."""
    from mainstay.immunizations.models import DueRunPart, DueVaccine, VaccineDose

    doses, rows = VaccineDose.objects.count(), DueVaccine.objects.count()
    print(
        f"{patients:,} patients, {doses:,} doses on record; {rows:,} vaccines on the list; load {os.getloadavg()[0]:.1f}"
    )
    print(f"{'':28}{'patients':>10}{'seconds':>10}{'a second':>10}{'ms each':>10}{'minutes':>10}{'processor':>12}")
    for name, (took, cpu) in (("first run, killed at half", first), ("again, nothing changed", again)):
        each = took / patients
        figures = f"{patients:>10,}{took:>10.1f}{1 / each:>10,.0f}{each * 1000:>10.2f}{took / 60:>10.1f}"
        print(f"{name:28}{figures}{cpu / 60:>8.1f} min")
    stretches = list(DueRunPart.objects.order_by("run", "first").values_list("run", "first", "last", "patients"))
    twice = sum(a[0] == b[0] and a[2] >= b[1] for a, b in pairwise(stretches))
    print(f"stretches that overlap {twice}; patients in the stretches {sum(row[3] for row in stretches) // 2:,}")
    memory = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024
    print(f"memory {memory:.0f} MB, one process at a time")


if __name__ == "__main__":
    main()
