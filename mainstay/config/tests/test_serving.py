"""A practice in service: opened, killed in every part, and opened again, in processes of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from mainstay.foundation.database import Cluster
from mainstay.foundation.database.places import CHECKOUT
from mainstay.foundation.database.processes import postmaster_pid, stray_pids

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc"),
]


def environment():
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("MAINSTAY", "DATABASE", "DJANGO"))}
    return mine | {"PYTHONPATH": str(CHECKOUT)}


def mainstay(*arguments):
    command = [sys.executable, "-P", "-m", "mainstay", *arguments]
    return subprocess.run(command, cwd="/", env=environment(), capture_output=True, text=True)


class Practice:
    """One `mainstay serve` on a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.cluster = Cluster(folder / "postgres")
        self.process = None
        self.last_answer = ""

    def open(self):
        command = [sys.executable, "-P", "-m", "mainstay", "serve", "--json", "--data-dir", str(self.folder)]
        with (self.folder.parent / "log").open("a") as log:
            self.process = subprocess.Popen(command, cwd="/", env=environment(), stdout=subprocess.PIPE, stderr=log)
        self.url = json.loads(self.process.stdout.readline())["url"]
        wait_until(lambda: _is_whole(self))

    def answers(self):
        try:
            urllib.request.urlopen(self.url, timeout=600).close()
        except urllib.error.HTTPError as answer:
            answer.close()
            self.last_answer = str(answer)
            return answer.code < 500
        except OSError as silence:
            self.last_answer = str(silence)
            return False
        return True

    def family(self):
        """The supervisor's programs and the web's, by name; what they call for a moment (a backup's) does not count."""
        ours = Path(f"/proc/{self.process.pid}/exe").readlink()
        parents = {}
        for entry in Path("/proc").iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and (entry / "exe").readlink() == ours:
                    parents[int(entry.name)] = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        children = sorted(pid for pid, parent in parents.items() if parent == self.process.pid)
        web = next(pid for pid in children if pid in parents.values())
        worker = next(pid for pid in children if pid not in parents.values())
        return {"web": web, "worker": worker, "web process": next(p for p, parent in parents.items() if parent == web)}

    def close(self):
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(600)
        self.process.stdout.close()
        return code

    def keep(self, note):
        with psycopg.connect(**self.cluster.address().parameters()) as database:
            database.execute("CREATE TABLE IF NOT EXISTS kept_notes (note text)")
            database.execute("INSERT INTO kept_notes VALUES (%s)", [note])

    def kept(self):
        with psycopg.connect(**self.cluster.address().parameters()) as database:
            return {note for (note,) in database.execute("SELECT note FROM kept_notes")}


def wait_until(true, seconds=600):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def practice():
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="mainstay-test-"))
    folder.chmod(0o755)
    practice = Practice(folder / "practice")
    practice.open()
    practice.close()
    yield practice
    for pid in stray_pids(practice.cluster.pgdata, practice.cluster.run_lock):
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def closed_again(practice):
    """Leave nothing open to the next test, however this one ended."""
    yield
    if practice.process.poll() is None:
        practice.close()


@pytest.fixture
def opened(practice):
    practice.open()
    return practice


def test_ctrl_c_closes_everything(practice):
    practice.open()
    assert practice.answers()
    family = practice.family()
    assert practice.close() == 0
    assert not practice.answers()
    assert not practice.cluster.is_running()
    assert not any(Path(f"/proc/{pid}").exists() for pid in family.values())


@pytest.mark.parametrize("part", ["web", "web process", "worker"])
def test_a_killed_part_comes_back(opened, part):
    opened.keep(f"before {part} was killed")
    victim = opened.family()[part]
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: not Path(f"/proc/{victim}").exists())
    wait_until(lambda: opened.process.poll() is None and _is_whole(opened) and opened.answers())
    assert f"before {part} was killed" in opened.kept()


def _is_whole(practice):
    try:
        return len(set(practice.family().values())) == 3
    except StopIteration:
        return False


def test_a_killed_database_server_comes_back(opened):
    opened.keep("before the server was killed")
    os.kill(postmaster_pid(opened.cluster.pgdata), signal.SIGKILL)
    wait_until(lambda: postmaster_pid(opened.cluster.pgdata) and opened.answers())
    wait_until(lambda: _kept_or_none(opened) is not None)
    assert "before the server was killed" in opened.kept()


def _kept_or_none(practice):
    try:
        return practice.kept()
    except psycopg.OperationalError:
        return None


def test_a_killed_supervisor_takes_its_programs_along_and_the_next_start_works(practice):
    practice.open()
    practice.keep("before the supervisor was killed")
    family = practice.family()
    practice.process.kill()
    practice.process.wait()
    practice.process.stdout.close()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family.values()))
    practice.open()
    assert practice.answers()
    assert "before the supervisor was killed" in practice.kept()
    assert practice.close() == 0
    assert not practice.cluster.is_running()


def test_everything_killed_at_once_loses_nothing(practice):
    practice.open()
    practice.keep("before everything was killed")
    pids = [practice.process.pid, *practice.family().values()]
    pids += stray_pids(practice.cluster.pgdata, practice.cluster.run_lock)
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    practice.process.wait()
    practice.process.stdout.close()
    practice.open()
    assert "before everything was killed" in practice.kept()
    assert practice.close() == 0


def test_commands_leave_the_server_as_they_found_it(practice):
    done = mainstay("migrate", "--data-dir", str(practice.folder), "--json")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"up_to_date": True})
    assert not practice.cluster.is_running()
    practice.open()
    server, family = postmaster_pid(practice.cluster.pgdata), practice.family()
    assert mainstay("migrate", "--data-dir", str(practice.folder)).returncode == 0
    assert (postmaster_pid(practice.cluster.pgdata), practice.family()) == (server, family)
    assert practice.answers(), practice.last_answer
    assert practice.close() == 0


def test_the_demo_does_not_open_in_a_practice(practice):
    refused = mainstay("demo", "--data-dir", str(practice.folder))
    assert refused.returncode == 1
    assert "holds a real practice; the demo clinic needs one of its own" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not practice.cluster.is_running()


def test_the_doctor_finds_a_missing_backup_and_is_content_with_one(practice):
    shutil.rmtree(practice.folder / "backups", ignore_errors=True)
    ill = mainstay("doctor", "--data-dir", str(practice.folder), "--json")
    assert ill.returncode == 1
    assert [d["finding"] for d in json.loads(ill.stdout) if d["state"] == "fault"] == ["There is no backup."]
    made = mainstay("backup", "--data-dir", str(practice.folder), "--json")
    assert made.returncode == 0, made.stderr
    well = mainstay("doctor", "--data-dir", str(practice.folder))
    assert well.returncode == 0, well.stdout
    assert "FAULT" not in well.stdout
    assert "Every row of the access log seals the one before it." in well.stdout


def test_a_practice_comes_back_in_another_folder(practice):
    made = json.loads(mainstay("backup", "--data-dir", str(practice.folder), "--json").stdout)
    target = practice.folder.parent / "restored"
    target.mkdir()
    (target / "access-log.json").write_text("where the log of another database ended")
    done = mainstay("restore", made["folder"], "--data-dir", str(target), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == sum(rows for rows, _ in made["tables"].values())
    assert (target / "secret.key").read_text() == (practice.folder / "secret.key").read_text()
    assert not (target / "access-log.json").exists()
    again = mainstay("restore", made["folder"], "--data-dir", str(target))
    assert again.returncode == 1 and "not empty" in again.stderr
