"""How long `mainstay serve` takes to open, what that costs the processors, and how long the first page takes.

Run: `python -m bench.starting`; it makes a practice in a folder of its own and throws it away.
"""

from __future__ import annotations

import json
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
STARTS = 3
AIM_SECONDS = 5


def main() -> None:
    """Print one line for the first start and one for those after it."""
    folder = Path(tempfile.mkdtemp(dir="/var/tmp", prefix="mainstay-bench-"))
    folder.chmod(0o755)
    try:
        first, *later = [_start(folder / "practice") for _ in range(STARTS + 1)]
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    middle = [statistics.median(column) for column in zip(*later, strict=True)]
    for name, (opening, page, cost) in (("first start", first), (f"later ones ({STARTS})", middle)):
        print(f"{name:20} open {opening:6.2f} s   first page {page * 1000:5.0f} ms   processors {cost:5.2f} s")
    print(f"(the aim is {AIM_SECONDS} s for a later start)")


def _start(folder: Path) -> tuple[float, float, float]:
    """Seconds until it says that it is open, seconds of the first page, and processor seconds from start to end."""
    command = [sys.executable, "-m", "mainstay", "serve", "--json", "--data-dir", str(folder)]
    before, begun = _spent(), time.perf_counter()
    with subprocess.Popen(command, cwd=HERE.parent, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        url = json.loads(program.stdout.readline())["url"]
        opened = time.perf_counter()
        urllib.request.urlopen(url).close()
        shown = time.perf_counter()
        program.send_signal(signal.SIGINT)
    return opened - begun, shown - opened, _spent() - before


def _spent() -> float:
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    main()
