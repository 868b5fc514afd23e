"""Programs killed in the middle of a write: acknowledged means committed, and a retry has one effect and one answer."""

import http.client
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import uuid
from contextlib import closing, contextmanager, suppress
from html import unescape
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
import pytest

from mainstay.config.tests.test_serving import Practice, environment, wait_until
from mainstay.foundation.database.processes import postmaster_pid, stray_pids

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc"),
]
TOKEN = "k" * 32
MAKE_A_CLINIC = """
import json
from datetime import timedelta
from mainstay.config.installation import load_django
load_django()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from mainstay.foundation import clock
from mainstay.foundation.testing import an_actor
from mainstay.practice.actions import set_up_practice
from mainstay.scheduling.actions import Slot, book_appointment
from mainstay.visits.tests import factories

now = clock.now()
set_up_practice(actor=an_actor(now=now), name="Mainstay Clinic", governing_state="NY")
maria = factories.a_person("maria", "lead_ma")
missed = book_appointment(
    actor=an_actor(now=now - timedelta(days=2)), patient=factories.a_patient(), visit_type=factories.a_visit_type(),
    slot=Slot(site=factories.a_site(), provider=factories.a_person("dana", "provider"), minutes=20,
              starts=now - timedelta(hours=1)),
)
session = SessionStore()
session[SESSION_KEY], session[HASH_SESSION_KEY] = str(maria.pk), maria.get_session_auth_hash()
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session.save()
print(json.dumps({"session": session.session_key, "missed": str(missed.public_id)}))
"""


class Clinic(Practice):
    """A practice with one person signed in, and a database one can look into."""

    def furnish(self):
        """Make the practice, its people and a booking, and sign somebody in, by the program's own actions."""
        told = environment() | {
            "DATABASE_URL": self.cluster.address().url(),
            "MAINSTAY_SECRET_KEY": (self.folder / "secret.key").read_text().strip(),
            "MAINSTAY_ENVIRONMENT": "practice",
        }
        command = [sys.executable, "-P", "-c", MAKE_A_CLINIC]
        made = subprocess.run(command, cwd="/", env=told, capture_output=True, text=True, check=True)
        self.made = json.loads(made.stdout.splitlines()[-1])

    @contextmanager
    def database(self):
        with psycopg.connect(**self.cluster.address().parameters(), autocommit=True) as database:
            yield database

    def one(self, question, *given):
        with self.database() as database:
            return database.execute(question, given).fetchone()[0]

    def send(self, path, typed):
        """POST as a browser does; returns the status, the place to go to, whether it was a repetition, and the page."""
        host = urlsplit(self.url).netloc
        headers = {
            "Cookie": f"sessionid={self.made['session']}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN,
            "Origin": f"http://{host}", "Content-Type": "application/x-www-form-urlencoded",
        }  # fmt: skip
        with closing(http.client.HTTPConnection(host, timeout=600)) as line:
            line.request("POST", path, urlencode(typed), headers)
            answer = line.getresponse()
            page = answer.read().decode()
            return answer.status, answer.headers["Location"], answer.headers["Idempotency-Replayed"], page

    def send_until_answered(self, path, typed):
        """The same until somebody answers: what a person does whose page did not come."""
        found = []

        def answered():
            with suppress(OSError, http.client.HTTPException):
                found.append(self.send(path, typed))
            return bool(found) and found[-1][0] < 500

        wait_until(answered)
        return found[-1]

    def kill(self, part):
        """Kill a program, or every process of the web server that answers, and wait until it is gone."""
        family = self.family()
        victims = [family[part]] if part != "web process" else children_of(family["web"])
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        wait_until(lambda: not any(Path(f"/proc/{victim}").exists() for victim in victims))

    def is_waiting_for(self, table):
        question = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE %s"
        return self.one(question, f"%{table}%") > 0


def children_of(parent):
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, IndexError):
            if entry.name.isdigit() and int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == parent:
                found.append(int(entry.name))
    return found


@pytest.fixture(scope="module")
def clinic():
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="mainstay-test-"))
    folder.chmod(0o755)
    clinic = Clinic(folder / "practice")
    clinic.open()
    clinic.furnish()
    yield clinic
    if clinic.process.poll() is None:
        clinic.close()
    for pid in stray_pids(clinic.cluster.pgdata, clinic.cluster.run_lock):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def a_message(text):
    return {"channel": "voicemail", "category": "ADM", "text": text, "idempotency_key": str(uuid.uuid4())}


def kept(clinic, text):
    return clinic.one("SELECT count(*) FROM messages_message WHERE text = %s", text)


@contextmanager
def held(clinic, table):
    """Nobody else can write to a table while this lasts."""
    with psycopg.connect(**clinic.cluster.address().parameters()) as database:
        database.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
        database.rollback()


def test_a_write_whose_web_process_is_killed_before_the_commit_leaves_nothing_and_the_retry_writes_once(clinic):
    typed, answers = a_message("Killed before the commit"), []

    def send():
        with suppress(OSError, http.client.HTTPException):
            answers.append(clinic.send("/messages/new/", typed))

    with held(clinic, "messages_thread"):
        sender = threading.Thread(target=send)
        sender.start()
        wait_until(lambda: clinic.is_waiting_for("messages_thread"))
        clinic.kill("web process")
        sender.join(600)
        assert answers == [], "nobody was told that it was saved"
    assert kept(clinic, typed["text"]) == 0
    status, place, is_repetition, _ = clinic.send_until_answered("/messages/new/", typed)
    assert (status, is_repetition) == (303, None) and kept(clinic, typed["text"]) == 1
    assert clinic.send("/messages/new/", typed)[:3] == (303, place, "true") and kept(clinic, typed["text"]) == 1


def test_a_write_that_was_committed_and_never_answered_is_answered_by_the_retry(clinic):
    typed = a_message("Killed after the commit")
    clinic.send_until_answered("/messages/new/", a_message("Warm"))
    host = urlsplit(clinic.url).netloc
    line = http.client.HTTPConnection(host, timeout=600)
    headers = {
        "Cookie": f"sessionid={clinic.made['session']}; csrftoken={TOKEN}", "X-CSRFToken": TOKEN,
        "Content-Type": "application/x-www-form-urlencoded",
    }  # fmt: skip
    line.request("POST", "/messages/new/", urlencode(typed), headers)
    wait_until(lambda: kept(clinic, typed["text"]) == 1)
    clinic.kill("web process")
    line.close()
    status, place, is_repetition, _ = clinic.send_until_answered("/messages/new/", typed)
    assert (status, is_repetition) == (303, "true") and place.startswith("/messages/")
    assert kept(clinic, typed["text"]) == 1


def test_what_is_acknowledged_while_web_processes_are_killed_is_there_once(clinic):
    texts, is_over = [f"Message {n}" for n in range(30)], threading.Event()
    acknowledged = []

    def write_all():
        for text in texts:
            acknowledged.append(clinic.send_until_answered("/messages/new/", a_message(text))[0])
        is_over.set()

    writer = threading.Thread(target=write_all)
    writer.start()
    for so_many in (3, 10, 20):
        wait_until(lambda so_many=so_many: len(acknowledged) >= so_many)
        clinic.kill("web process")
        wait_until(lambda: is_whole(clinic))
    wait_until(is_over.is_set)
    assert acknowledged == [303] * len(texts)
    assert [kept(clinic, text) for text in texts] == [1] * len(texts)


def is_whole(clinic):
    with suppress(StopIteration):
        return len(set(clinic.family().values())) == 3
    return False


def test_a_task_whose_worker_is_killed_runs_again_and_has_one_effect(clinic):
    wait_until(lambda: is_whole(clinic))
    calls = "SELECT count(*) FROM work_workitem"
    before = clinic.one(calls)
    with held(clinic, "work_workitem"):
        status, *_ = clinic.send_until_answered(
            f"/appointments/{clinic.made['missed']}/missed/", {"idempotency_key": str(uuid.uuid4())}
        )
        assert status == 303
        wait_until(lambda: clinic.is_waiting_for("work_workitem"))
        clinic.kill("worker")
    with clinic.database() as database:
        database.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '10 minutes'")
    wait_until(lambda: clinic.one(calls) > before)
    wait_until(lambda: clinic.one("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'deliver_event'") == 0)
    assert clinic.one(calls) == before + 1
    assert clinic.one("SELECT count(*) FROM foundation_delivery WHERE delivered_at IS NULL") == 0


def test_while_the_database_is_away_a_page_says_so_and_what_was_typed_is_sent_again(clinic):
    wait_until(lambda: is_whole(clinic))
    typed = a_message("Typed while the database was away")
    os.kill(clinic.process.pid, signal.SIGSTOP)  # the supervisor would start the database again at once
    try:
        os.kill(postmaster_pid(clinic.cluster.pgdata), signal.SIGKILL)
        wait_until(lambda: not clinic.cluster.is_running())
        status, _, _, page = clinic.send("/messages/new/", typed)
    finally:
        os.kill(clinic.process.pid, signal.SIGCONT)
    assert status == 503 and "Nothing was saved" in page and "Traceback" not in page
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    again = {unescape(name): unescape(value) for name, value in fields}
    assert again.items() >= typed.items()
    status, *_ = clinic.send_until_answered("/messages/new/", again)
    assert status == 303 and kept(clinic, typed["text"]) == 1
