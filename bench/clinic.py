"""The pages people wait for, on the demo clinic and on a large practice, each beside the raw-SQL floor of its data.

`./run bench clinic` builds both (a few minutes), measures server time through the whole stack of middleware, and
throws them away. `--demo-only` leaves the large practice out; `--rounds N` sets how often each page is asked for;
`--keep DIR` builds them there once and measures them again the next time.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
os.environ.setdefault("MAINSTAY_SECRET_KEY", "only for measuring")
os.environ.setdefault("MAINSTAY_HOSTS", "testserver,localhost,127.0.0.1")

BUDGET = {"board": 40, "board poll (304)": 10, "search": 50, "chart": 80, "slot search": 50, "rooming save": 60}


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table, in milliseconds."""

    name: str
    p50: float
    p95: float
    floor: float
    queries: int


def timed(ask: Callable[[], object], rounds: int) -> tuple[float, float]:
    """p50 and p95 of so many rounds, after three that do not count."""
    for _ in range(3):
        ask()
    took = []
    for _ in range(rounds):
        started = time.perf_counter()
        ask()
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    return statistics.median(took), took[int(len(took) * 0.95) - 1]


def floor(statements: list[tuple[str, tuple]], rounds: int) -> float:
    """The p50 of the bare statements over the same connection and in one transaction, rows fetched."""
    from django.db import connection, transaction

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for sql, parameters in statements:
                cursor.execute(sql, parameters)
                if cursor.description:
                    cursor.fetchall()

    return timed(bare, rounds)[0]


BOARD = """SELECT v.*, p.*, t.name, s.shown_name, h.shown_name, r.name FROM visits_visit v JOIN people_patient p
 ON p.id = v.patient_id JOIN practice_visittype t ON t.id = v.visit_type_id LEFT JOIN workforce_staff s
 ON s.id = v.provider_id LEFT JOIN workforce_staff h ON h.id = v.held_by_id LEFT JOIN practice_room r ON r.id = v.room_id
 WHERE v.site_id = %s AND v.day = %s AND v.stage NOT IN ('cancelled', 'closed', 'no_show', 'left') ORDER BY v.expected_at"""
SIGNALS = """SELECT g.* FROM visits_signal g WHERE g.cleared_at IS NULL
 AND g.visit_id = ANY(ARRAY(SELECT id FROM visits_visit WHERE site_id = %s AND day = %s))"""
ROOMS = "SELECT u.*, r.* FROM visits_roomuse u JOIN practice_room r ON r.id = u.room_id WHERE r.site_id = %s"
VERSION = "SELECT version FROM visits_boardversion WHERE site_id = %s"
SEARCH = "SELECT * FROM people_patient WHERE family_name = %s AND given_name = %s LIMIT 20"
SEARCH_DAY = """SELECT v.*, p.* FROM visits_visit v JOIN people_patient p ON p.id = v.patient_id
 WHERE v.site_id = %s AND v.day = %s AND v.stage <> 'cancelled' AND p.family_name ILIKE %s || '%%'"""
SEARCH_WORK = """SELECT w.*, p.* FROM work_workitem w LEFT JOIN people_patient p ON p.id = w.patient_id
 WHERE w.state IN ('open', 'taken') AND (w.title ILIKE '%%' || %s || '%%' OR p.family_name ILIKE %s || '%%')"""
"""The top bar looks for patients, for today's visits and for open work."""
CHART = (
    "SELECT * FROM chart_problem WHERE patient_id = %s", "SELECT * FROM chart_allergy WHERE patient_id = %s",
    "SELECT * FROM chart_medication WHERE patient_id = %s",
    "SELECT DISTINCT ON (key) * FROM chart_observation WHERE patient_id = %s ORDER BY key, effective_at DESC",
    "SELECT * FROM chart_familyhistory WHERE patient_id = %s", "SELECT * FROM chart_surgicalhistory WHERE patient_id = %s",
    "SELECT * FROM chart_socialhistory WHERE patient_id = %s", "SELECT * FROM people_need WHERE patient_id = %s",
)  # fmt: skip
SAVE = """INSERT INTO chart_observation (panel, key, loinc, value, unit, text, answer_code, typed, typed_unit, side,
 body_site, method, cuff, position, device, not_done_reason, confirmed_reason, status, effective_at, recorded_at, source,
 patient_id) SELECT 'vitals', k, '', 120, 'mm[Hg]', '', '', '120/78', '', '', '', '', '', '', '', '', '', 'final', now(),
 now(), 'here', %s FROM unnest(ARRAY['systolic', 'diastolic', 'heart_rate', 'respiratory_rate', 'temperature']) k"""


JUDGE = (
    "SELECT v.*, p.* FROM visits_visit v JOIN people_patient p ON p.id = v.patient_id WHERE v.id = %s",
    "SELECT i.* FROM rooming_intake i WHERE i.visit_id = %s FOR UPDATE",
    "SELECT r.code FROM chart_problem r JOIN visits_visit v USING (patient_id) WHERE v.id = %s AND r.status = 'active'",
    """SELECT DISTINCT ON (o.key) o.key, o.value, o.effective_at FROM chart_observation o JOIN visits_visit v
     USING (patient_id) WHERE v.id = %s ORDER BY o.key, o.effective_at DESC""",
    "SELECT * FROM rooming_abnormalloop WHERE visit_id = %s AND closed_at IS NULL",
    "SELECT * FROM visits_visittask WHERE visit_id = %s AND state = 'to_do'",
)
"""What has to be known before a value is judged and kept."""
WHO = (
    "SELECT * FROM django_session WHERE session_key = %s AND expire_date > now()",
    "SELECT * FROM workforce_staff WHERE username = 'maria'",
)
"""Who asks: no page may be shown without it."""
LOG = """INSERT INTO foundation_accessrecord (at, staff_id, subject_kind, subject_id, what, reason, is_break_glass, session,
 previous_hash, hash) SELECT now(), id, 'patient', %s, 'chart', '', false, '', '', '' FROM workforce_staff
 WHERE username = 'maria'"""
"""Every look into a chart is written down."""
KEY = """INSERT INTO foundation_answer (staff_id, key, path, answered_at, status, headers, body)
 SELECT id, gen_random_uuid(), '/', now(), 303, '{}', '' FROM workforce_staff WHERE username = 'maria'"""
"""Every write keeps its answer."""


def measure(rounds: int) -> list[Figure]:
    """Every figure on the database that is open."""
    from django.test import Client
    from django.urls import NoReverseMatch, reverse

    from mainstay.people.models import Patient
    from mainstay.visits.queries import board_version
    from mainstay.workforce.models import Staff

    maria = Staff.objects.get(username="maria")
    site = maria.home_site
    client = Client()
    client.force_login(maria)
    session = client.session
    session["site_id"], session["zone"] = site.pk, site.zone_name
    session.save()
    roomed = somebody_in_a_room(maria, site)
    day = roomed.day
    patient = Patient.objects.order_by("-pk").first()
    version = board_version(site.pk)
    rooming = reverse("rooming", args=[roomed.public_id])
    identified = {"identifiers": ["name", "birth_date"], "idempotency_key": str(uuid.uuid4())}
    client.post(reverse("rooming-identify", args=[roomed.public_id]), identified)
    vitals = {
        "blood_pressure": "118/76", "heart_rate": "72", "respiratory_rate": "15", "temperature": "98.6",
        "temperature.body_site": "oral",
    }  # fmt: skip

    def found_by(family: str) -> list[tuple[str, tuple]]:
        return [
            (SEARCH, (family, patient.given_name)),
            (SEARCH_DAY, (site.pk, day, family)),
            (SEARCH_WORK, (family, family)),
        ]

    def save() -> object:
        answer = client.post(f"{rooming}panel/vitals/", {**vitals, "idempotency_key": str(uuid.uuid4())})
        assert answer.status_code == 303, answer.content[:2000]
        return answer

    asked: dict[str, tuple[Callable[[], object], list[tuple[str, tuple]]]] = {
        "board": (
            lambda: _ok(client.get("/board/")),
            [(BOARD, (site.pk, day)), (SIGNALS, (site.pk, day)), (ROOMS, (site.pk,))],
        ),
        "board poll (304)": (lambda: client.get(f"/board/rows/?v={version}"), [(VERSION, (site.pk,))]),
        "search": (
            lambda: _ok(
                client.get(f"/search/?q={patient.family_name}+{patient.given_name}", headers={"HX-Request": "true"})
            ),
            found_by(patient.family_name),
        ),
        "search, a slip": (
            lambda: _ok(
                client.get(
                    f"/search/?q={patient.family_name[:-1]}x+{patient.given_name}", headers={"HX-Request": "true"}
                )
            ),
            found_by(patient.family_name),
        ),
        "chart": (
            lambda: _ok(client.get(reverse("chart", args=[patient.public_id]))),
            [(LOG, (patient.public_id,)), *((sql, (patient.pk,)) for sql in CHART)],
        ),
        "rooming save": (save, [(KEY, ()), *((sql, (roomed.pk,)) for sql in JUDGE), (SAVE, (patient.pk,))]),
        "sign-in page": (lambda: _ok(Client().get("/sign-in/")), []),
    }
    with suppress(NoReverseMatch):
        slots, free = (
            reverse("find-slot"),
            "SELECT * FROM scheduling_appointment WHERE lower(during) > now() AND state = 'booked'",
        )
        asked["slot search"] = (
            lambda: _ok(
                client.get(f"{slots}?patient={patient.public_id}&visit_type=follow-up&reason=Blood+pressure+check")
            ),
            [(free, ()), ("SELECT * FROM scheduling_template", ())],
        )
    version = board_version(site.pk)
    who = [(WHO[0], (session.session_key,)), (WHO[1], ())]
    return [_figure(client, name, ask, [*who, *statements], rounds) for name, (ask, statements) in asked.items()]


def somebody_in_a_room(maria: object, site: object) -> object:
    """A visit that is being roomed today, brought there now if there is none."""
    from mainstay.foundation import clock
    from mainstay.visits import actions
    from mainstay.visits.models import Visit
    from mainstay.visits.queries import free_rooms
    from mainstay.workforce.middleware import actor_from

    day = clock.now().astimezone(site.zone).date()
    here = Visit.objects.filter(site=site, day=day)
    if roomed := here.filter(stage="rooming").first():
        return roomed
    actor = actor_from(maria, site_id=site.pk, zone=site.zone, session="bench")
    visit = here.filter(stage="checked_in").first() or here.filter(stage__in=["arrived", "expected"]).last()
    if visit.stage == "expected":
        visit = actions.mark_arrived(actor=actor, visit=visit)
    return actions.room_patient(actor=actor, visit=visit, room=free_rooms(site.pk)[0])


def _ok(answer: object) -> object:
    assert answer.status_code == 200, (answer.status_code, answer.content[:500])
    return answer


def _figure(client: object, name: str, ask: Callable[[], object], statements: list, rounds: int) -> Figure:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        ask()
    queries = len(captured)
    p50, p95 = timed(ask, rounds)
    return Figure(name, p50, p95, floor(statements, rounds) if statements else 0.0, queries)


def show(title: str, figures: list[Figure]) -> None:
    """Print one table."""
    print(f"\n{title}\n{'':22}{'p50 ms':>9}{'p95 ms':>9}{'floor ms':>10}{'× floor':>9}{'queries':>9}{'target':>9}")
    for one in figures:
        ratio = f"{one.p50 / one.floor:8.1f}×" if one.floor else f"{'–':>9}"
        target = f"<{BUDGET[one.name]}" if one.name in BUDGET else "–"
        print(f"{one.name:22}{one.p50:9.1f}{one.p95:9.1f}{one.floor:10.2f}{ratio}{one.queries:9}{target:>9}")


def under_load(url: str, seconds: int = 8, people: int = 50) -> tuple[float, int, float]:
    """Requests a second, failures, and the web process's memory in MB, with so many people at the board."""
    import http.client
    import subprocess

    environment = {**os.environ, "DATABASE_URL": url, "MAINSTAY_POOL": "16"}
    command = [
        sys.executable, "-m", "gunicorn", "mainstay.config.wsgi", "--worker-class", "gthread", "--threads", "16",
        "--bind", "127.0.0.1:8931", "--log-level", "error",
    ]  # fmt: skip
    server = subprocess.Popen(command, env=environment)
    try:
        for _ in range(100):
            with suppress(OSError):
                http.client.HTTPConnection("127.0.0.1", 8931, timeout=2).request("GET", "/healthy/")
                break
            time.sleep(0.1)
        cookie, version = _signed_in_cookie()
        done, failed, end = [0] * people, [0] * people, time.perf_counter() + seconds

        def one_person(n: int) -> None:
            talk = http.client.HTTPConnection("127.0.0.1", 8931, timeout=20)
            turn = n  # people do not all open the board in the same second
            while time.perf_counter() < end:
                path = "/board/" if turn % 10 == 0 else f"/board/rows/?v={version}"
                turn += 1
                try:
                    talk.request("GET", path, headers={"Cookie": cookie, "Host": "localhost"})
                    answer = talk.getresponse()
                    answer.read()
                    failed[n] += answer.status >= 400
                    done[n] += 1
                except (OSError, http.client.HTTPException):
                    failed[n] += 1
                    talk = http.client.HTTPConnection("127.0.0.1", 8931, timeout=20)

        threads = [threading.Thread(target=one_person, args=(n,)) for n in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        workers = subprocess.run(["pgrep", "-P", str(server.pid)], capture_output=True, text=True).stdout.split()
        memory = max((_memory(pid) for pid in workers), default=0.0)
        return sum(done) / seconds, sum(failed), memory
    finally:
        server.terminate()
        server.wait(20)


def _signed_in_cookie() -> tuple[str, int]:
    from django.test import Client

    from mainstay.visits.queries import board_version
    from mainstay.workforce.models import Staff

    client = Client()
    maria = Staff.objects.get(username="maria")
    client.force_login(maria)
    session = client.session
    session["site_id"], session["zone"] = maria.home_site.pk, maria.home_site.zone_name
    session.save()
    return f"sessionid={client.cookies['sessionid'].value}", board_version(maria.home_site_id)


def _memory(pid: str) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Build, measure, print."""
    parser = argparse.ArgumentParser("./run bench clinic", description=__doc__)
    parser.add_argument("--demo-only", action="store_true", help="leave the large practice out")
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--keep", type=Path, help="a folder to build the clinics in, and to find them in again")
    wishes = parser.parse_args()
    if wishes.keep:
        wishes.keep.mkdir(parents=True, exist_ok=True)
        measure_in(wishes.keep, wishes)
        return
    base = "/var/tmp" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="mainstay-bench-", dir=base, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        measure_in(Path(folder), wishes)


def measure_in(folder: Path, wishes: argparse.Namespace) -> None:
    """Build what is not there yet in a cluster of this folder, and print its tables."""
    from mainstay.foundation.database import DURABLE, Cluster
    from mainstay.foundation.database.provision import provision

    cluster = Cluster(folder / "cluster", profile=DURABLE)
    with cluster.owned():
        provision(cluster)
        os.environ["DATABASE_URL"] = cluster.address().url()
        os.environ.setdefault("MAINSTAY_DEMO_PATIENTS", "260")
        import_module("mainstay.config.wsgi")  # the application as the web process loads it
        from django.core.management import call_command

        from bench import large_practice
        from mainstay.config.demo import filling
        from mainstay.config.serving import load_codes

        call_command("migrate", verbosity=0)
        load_codes()
        filling.fill_if_empty(tell=lambda text: print(f"  {text}", file=sys.stderr, flush=True))
        if not large_practice.is_built():
            both("Demo clinic (260 patients, a full day)", cluster.address().url(), wishes.rounds)
        if not wishes.demo_only:
            large_practice.build()
            both(
                "Large practice (200 000 patients, 1 M visits, 10 M observations)",
                cluster.address().url(),
                wishes.rounds,
            )


def both(title: str, url: str, rounds: int) -> None:
    """Print the pages one by one, then fifty people at once."""
    show(title, measure(rounds))
    rate, failures, memory = under_load(url)
    print(f"50 people at the board: {rate:.0f} requests/s, {failures} failed, web process {memory:.0f} MB")


if __name__ == "__main__":
    main()
