"""A folder the server's user can reach, and clusters in it that are gone afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from mainstay.foundation.database import THROWAWAY, Cluster
from mainstay.foundation.database.processes import stray_pids


@pytest.fixture
def reachable():
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="mainstay-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_cluster(reachable):
    made = []

    def make(root=reachable / "cluster", profile=THROWAWAY, **rest) -> Cluster:
        made.append(Cluster(root, profile=profile, **rest))
        return made[-1]

    yield make
    for cluster in made:
        kill_all(cluster)


@pytest.fixture
def cluster(make_cluster):
    return make_cluster()


def kill_all(cluster: Cluster) -> None:
    """Kill -9 every process of a server."""
    while pids := [p for p in stray_pids(cluster.pgdata, cluster.run_lock) if is_alive(p)]:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False
