"""Every way a server has been seen to die or to refuse to come back (process files need /proc)."""

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from mainstay.foundation.database import DURABLE, Cluster, DatabaseTrouble
from mainstay.foundation.database.locks import is_held
from mainstay.foundation.database.places import CHECKOUT
from mainstay.foundation.database.processes import postmaster_pid, stray_pids

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc")

WRITER = """
import sys, psycopg
from mainstay.foundation.database import Cluster
cluster = Cluster(sys.argv[1]); cluster.start()
with psycopg.connect(**cluster.address().parameters(), autocommit=True) as database:
    database.execute("CREATE TABLE IF NOT EXISTS kept (n bigint PRIMARY KEY)")
    n = database.execute("SELECT coalesce(max(n), 0) FROM kept").fetchone()[0]
    while True:
        n += 1
        database.execute("INSERT INTO kept VALUES (%s)", [n])
        print(n, flush=True)
"""
STARTER = """
import sys, psycopg
from mainstay.foundation.database import Cluster, THROWAWAY
cluster = Cluster(sys.argv[1], profile=THROWAWAY); cluster.start()
with psycopg.connect(**cluster.address().parameters()) as database:
    print(database.execute("SELECT pg_postmaster_start_time()::text").fetchone()[0])
"""


def python(script, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(pids):
    for pid in pids:
        with suppress(ProcessLookupError):  # it went down with the one killed before it
            os.kill(pid, signal.SIGKILL)


def write_until(cluster, count):
    """A process that writes rows; returns it and the last number it was told is saved."""
    writer = python(WRITER, cluster.root)
    last = 0
    while last < count:
        last = int(writer.stdout.readline())
    return writer, last


def last_words(writer, last):
    writer.kill()
    rest = [line for line in writer.stdout.read().split("\n")[:-1] if line]
    writer.wait()
    writer.stdout.close()
    return int(rest[-1]) if rest else last


def kept(cluster):
    with psycopg.connect(**cluster.address().parameters()) as database:
        numbers = [n for (n,) in database.execute("SELECT n FROM kept ORDER BY n")]
    assert numbers == list(range(1, len(numbers) + 1))
    return len(numbers)


@pytest.fixture
def durable(make_cluster):
    return make_cluster(profile=DURABLE)


def test_a_program_killed_while_writing_loses_nothing_and_the_next_attaches(durable):
    writer, last = write_until(durable, 50)
    server = postmaster_pid(durable.pgdata)
    last = last_words(writer, last)
    durable.start()
    assert postmaster_pid(durable.pgdata) == server
    assert kept(durable) >= last


@pytest.mark.slow
def test_everything_killed_at_once_loses_nothing_three_times_over(durable):
    for _ in range(3):
        writer, last = write_until(durable, 30)
        kill([writer.pid, *stray_pids(durable.pgdata, durable.run_lock)])
        last = last_words(writer, last)
        durable.start()
        assert kept(durable) >= last
    address = durable.admin_address()
    check = subprocess.run(
        [durable.binaries.program("pg_amcheck"), "--all", "--install-missing", "--heapallindexed"],
        env=address.environment(),
        capture_output=True,
        text=True,
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_server_alone_killed_comes_back_at_once(durable):
    writer, last = write_until(durable, 30)
    kill([postmaster_pid(durable.pgdata)])
    last = last_words(writer, last)
    durable.start()
    assert kept(durable) >= last


def test_one_session_killed_is_survived_by_the_server(cluster):
    with cluster.owned(), psycopg.connect(**cluster.address().parameters()) as session:
        kill([session.info.backend_pid])
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                with psycopg.connect(**cluster.address().parameters()) as again:
                    assert again.execute("SELECT 1").fetchone() == (1,)
                    break
            except psycopg.OperationalError:
                time.sleep(0.05)
        else:
            pytest.fail("the server did not recover")
        session.close()


def test_a_zombie_server_is_not_taken_for_a_live_one(cluster):
    """Killed children of this very process stay zombies until somebody asks for them."""
    cluster.start()
    pid = postmaster_pid(cluster.pgdata)
    kill(stray_pids(cluster.pgdata, cluster.run_lock))
    while is_held(cluster.run_lock):
        time.sleep(0.01)
    assert (cluster.pgdata / "postmaster.pid").exists()
    assert postmaster_pid(cluster.pgdata) is None
    cluster.start()
    assert postmaster_pid(cluster.pgdata) not in (None, pid)


@pytest.mark.parametrize("whose", ["this process", "the first process", "another server"])
def test_a_recycled_process_number_does_not_brick_the_data(cluster, make_cluster, reachable, whose):
    with cluster.owned():
        left = (cluster.pgdata / "postmaster.pid").read_text().split("\n")
    other = make_cluster(reachable / "other")
    if whose == "another server":
        other.start()
        left[0] = str(postmaster_pid(other.pgdata))
    else:
        left[0] = str(os.getpid() if whose == "this process" else 1)
    (cluster.pgdata / "postmaster.pid").write_text("\n".join(left))
    shutil.chown(cluster.pgdata / "postmaster.pid", cluster.user.uid)
    with cluster.owned():
        assert postmaster_pid(cluster.pgdata)
    if whose == "another server":
        assert other.is_running()


@pytest.mark.parametrize("left", [b"", b"12", b"\n\n", b"\x00\xff\xfe", b"-1\n", b"99999999999999\n"])
def test_a_half_written_process_file_does_not_brick_the_data(cluster, left):
    with cluster.owned():
        pass
    (cluster.pgdata / "postmaster.pid").write_bytes(left)
    with cluster.owned():
        assert postmaster_pid(cluster.pgdata)


def test_a_stale_lock_of_the_socket_is_cleared(cluster):
    with cluster.owned():
        lock = cluster.socket / ".s.PGSQL.5432.lock"
        left = lock.read_text().split("\n")
    left[0] = str(os.getpid())
    lock.write_text("\n".join(left))
    (cluster.socket / ".s.PGSQL.5432").touch()
    with cluster.owned():
        assert postmaster_pid(cluster.pgdata)


@pytest.mark.slow
def test_eight_processes_starting_a_fresh_folder_share_one_server(cluster):
    starters = [python(STARTER, cluster.root) for _ in range(8)]
    answers = {starter.communicate(timeout=600)[0].strip() for starter in starters}
    assert [starter.returncode for starter in starters] == [0] * 8
    assert len(answers) == 1 and answers != {""}
    cluster.stop()


@pytest.mark.slow
def test_a_long_recovery_is_waited_for_by_whoever_starts_and_whoever_attaches(cluster):
    with cluster.owned():
        pass
    with (cluster.pgdata / "postgresql.auto.conf").open("a") as file:
        file.write("restore_command = 'sleep 6; false'\n")
    (cluster.pgdata / "recovery.signal").touch()
    told = []
    patient = Cluster(cluster.root, profile=cluster.profile, tell=told.append)
    begun = time.monotonic()
    starters = [python(STARTER, cluster.root)]
    patient.start()
    assert time.monotonic() - begun > 10, "the recovery was not long enough to show anything"
    assert starters[0].communicate(timeout=600)[0].strip()
    assert len(told) <= 1
    patient.stop()


def test_running_out_of_patience_is_said_and_leaves_the_recovery_alone(cluster):
    with cluster.owned():
        pass
    with (cluster.pgdata / "postgresql.auto.conf").open("a") as file:
        file.write("restore_command = 'sleep 2; false'\n")
    (cluster.pgdata / "recovery.signal").touch()
    with pytest.raises(DatabaseTrouble, match="still be recovering"):
        Cluster(cluster.root, profile=cluster.profile, patience=0.3).start()
    assert cluster.is_running()
    cluster.start()
    cluster.stop()


def test_a_second_container_on_the_same_folder_attaches(cluster):
    unshare = ["unshare", "--pid", "--fork", "--mount-proc"]
    if subprocess.run([*unshare, "true"], capture_output=True).returncode:
        pytest.skip("process namespaces cannot be made here")
    with cluster.owned():
        begun = psycopg.connect(**cluster.address().parameters())
        started = begun.execute("SELECT pg_postmaster_start_time()::text").fetchone()[0]
        inside = subprocess.run(
            [*unshare, sys.executable, "-c", STARTER, str(cluster.root)],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
            capture_output=True,
            text=True,
        )
        assert inside.stdout.strip() == started, inside.stderr
        begun.close()
