"""What is due for a whole practice: 200 000 patients with their doses and problems, reckoned in one run.

`./run bench due` builds the practice in a database of its own (COPY and set-based inserts), goes through it once, then a
second time when nothing has changed, and prints patients a second and the minutes of the whole practice.
`--reckon N` goes through N patients only and says what the whole would take; `--patients N` builds a smaller practice;
`--keep DIR` builds it there once and finds it there the next time.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
os.environ.setdefault("MAINSTAY_SECRET_KEY", "only for measuring")

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


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser("./run bench due", description=__doc__)
    parser.add_argument("--patients", type=int, default=200_000, help="how many the practice has")
    parser.add_argument("--reckon", type=int, default=0, help="how many to go through; all by default")
    parser.add_argument("--keep", type=Path, help="a folder to build the practice in, and to find it in again")
    wishes = parser.parse_args()
    if wishes.keep:
        wishes.keep.mkdir(parents=True, exist_ok=True)
        measure_in(wishes.keep, wishes.patients, wishes.reckon or wishes.patients)
        return
    base = "/var/tmp" if os.geteuid() == 0 else None  # noqa: S108 - a folder of its own inside
    with tempfile.TemporaryDirectory(prefix="mainstay-bench-", dir=base, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        measure_in(Path(folder), wishes.patients, wishes.reckon or wishes.patients)


def measure_in(folder: Path, patients: int, reckon: int) -> None:
    """Build the practice in a cluster of this folder and go through it twice."""
    from mainstay.foundation.database import DURABLE, Cluster
    from mainstay.foundation.database.provision import provision

    cluster = Cluster(folder / "cluster", profile=DURABLE)
    with cluster.owned():
        provision(cluster)
        os.environ["DATABASE_URL"] = cluster.address().url()
        import_module("mainstay.config.wsgi")
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        build(patients)
        first, second = go_through(reckon), go_through(reckon)
        show(patients, reckon, first, second)


def build(patients: int) -> None:
    """Patients, problems and doses, without their history triggers."""
    from django.db import connection

    from bench import large_practice
    from mainstay.people.models import Patient

    if Patient.objects.filter(mrn="L1").exists():
        return
    tables = ("people_patient", "chart_problem", "immunizations_vaccinedose")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "CREATE TABLE bench_names (id serial, sex text, given text, family text, text text, keys text[])"
        )
        with cursor.copy("COPY bench_names (sex, given, family, text, keys) FROM STDIN") as copy:
            for row in large_practice.all_names():
                copy.write_row(row)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for sql in (large_practice.PATIENTS, large_practice.PROBLEMS, DOSES):
            cursor.execute(
                sql.replace("{patients}", str(patients)).replace("{{", "{").replace("}}", "}").replace("%%", "%")
            )
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("DROP TABLE bench_names")
        cursor.execute("ANALYZE")
        cursor.execute("RESET statement_timeout")


def go_through(how_many: int) -> float:
    """The seconds a run takes for so many patients; a run of another day each time."""
    from mainstay.foundation import clock
    from mainstay.foundation.actor import the_system
    from mainstay.immunizations import actions
    from mainstay.immunizations.models import DueRun, RunState

    actor = the_system(now=clock.now(), zone=ZoneInfo("UTC"))
    if DueRun.objects.exists():
        DueRun.objects.update(as_of=actor.today - timedelta(days=1), state=RunState.STOPPED)
    started = time.perf_counter()
    run = actions.start_due_run(actor=actor)
    while run.state == RunState.RUNNING and run.done < how_many:
        run = actions.reckon_stretch(actor=actor, run=run)
    return time.perf_counter() - started


def show(patients: int, reckoned: int, first: float, second: float) -> None:
    """The table."""
    from mainstay.immunizations.models import DueVaccine, VaccineDose

    doses, rows = VaccineDose.objects.count(), DueVaccine.objects.count()
    print(f"{patients:,} patients, {doses:,} doses on record; {rows:,} vaccines on the list")
    print(f"{'':26}{'patients':>10}{'seconds':>10}{'a second':>10}{'whole practice':>18}")
    for name, took in (("first run", first), ("again, nothing changed", second)):
        minutes = took / reckoned * patients / 60
        print(f"{name:26}{reckoned:>10,}{took:>10.1f}{reckoned / took:>10,.0f}{minutes:>14.1f} min")
    print(f"memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB, one process")


if __name__ == "__main__":
    main()
