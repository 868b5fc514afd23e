"""The supervisor: children that die come back, and none outlives it."""

import os
import signal
import subprocess
import sys
import time

import pytest

from mainstay.config.supervisor import Service, ServiceFailed, Supervisor
from mainstay.foundation.database.places import CHECKOUT


def wait_until(true, seconds=600):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True).stdout
    return bool(state.strip()) and not state.startswith("Z")


PROGRAM = """
import os, sys, time, signal
from mainstay.config.supervisor import Service, Supervisor, end_with_parent
folder = sys.argv[1]
def child():
    end_with_parent()
    with open(f"{folder}/pids", "a") as out: out.write(f"{os.getpid()}\\n")
    while True: time.sleep(0.05)
def up(): return os.path.exists(f"{folder}/pids")
supervisor = Supervisor([Service("child", child)], tell=lambda text: print(text, flush=True))
supervisor.run(is_up=up, on_up=lambda: print("up", flush=True), watch=lambda: None)
print("closed", flush=True)
"""


@pytest.fixture
def supervised(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path)], cwd=CHECKOUT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout.readline() == "up\n"

    def pids():
        return [int(line) for line in (tmp_path / "pids").read_text().split()]

    yield process, pids
    process.kill()
    process.stdout.close()
    process.wait()


def test_a_child_that_is_killed_is_started_again(supervised):
    process, pids = supervised
    first = pids()[0]
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: len(pids()) == 2)
    assert "signal 9" in process.stdout.readline()
    assert not is_alive(first) and is_alive(pids()[1])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_one_signal_ends_everything_in_good_order(supervised, number):
    process, pids = supervised
    process.send_signal(number)
    assert process.stdout.readline() == "closed\n"
    assert process.wait(600) == 0
    assert not is_alive(pids()[0])


def test_no_child_outlives_a_killed_supervisor(supervised):
    process, pids = supervised
    process.kill()
    wait_until(lambda: not is_alive(pids()[0]))


def test_a_program_that_cannot_start_is_said(capfd):
    def broken():
        raise RuntimeError("no such table")

    supervisor = Supervisor([Service("web server", broken)], tell=lambda text: None)
    with pytest.raises(ServiceFailed, match=r"The web server did not start \(code 1\)"):
        supervisor.run(is_up=lambda: False, on_up=lambda: None, watch=lambda: None)
    assert "no such table" in capfd.readouterr().err
