"""Which processes belong to a server, on systems with and without /proc."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def postmaster_pid(data: Path) -> int | None:
    """The number of the live server process of this data directory in this process namespace, else None.

    A zombie, a recycled number (another program, or a server of another directory) and a half-written
    file do not count.
    """
    try:
        first = (data / "postmaster.pid").read_text(errors="replace").split("\n", 1)[0]
        pid = int(first)
    except (FileNotFoundError, ValueError):
        return None
    return pid if pid > 0 and str(data) in _command_line(pid) else None


def _command_line(pid: int) -> list[str]:
    if (PROC / "self/stat").exists():
        with suppress(OSError):
            state = (PROC / f"{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
            command = (PROC / f"{pid}/cmdline").read_bytes().decode(errors="replace")
            return [] if state in "ZX" else command.split("\0")
        return []
    shown = subprocess.run(["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True)
    state, _, command = shown.stdout.strip().partition(" ")
    if not command or state.startswith("Z"):
        return []
    # `ps` joins the arguments with spaces, so a path is recovered from between `-D` and the next option.
    return [command.partition(" -D ")[2].partition(" -c ")[0]]


def stray_pids(data: Path, run_lock: Path) -> list[int]:
    """Children that outlived a killed server: they work inside its data directory and hold its run lock."""
    if (PROC / "self/stat").exists():
        strays = []
        for entry in PROC.iterdir():
            with suppress(OSError):
                if entry.name.isdigit() and (entry / "cwd").readlink() == data:
                    strays.append(int(entry.name))
        return strays
    if lsof := shutil.which("lsof"):
        shown = subprocess.run([lsof, "-t", "--", str(run_lock)], capture_output=True, text=True)
        return [int(pid) for pid in shown.stdout.split() if int(pid) != os.getpid()]
    return []
