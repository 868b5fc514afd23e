"""`./run bench [NAME …]`: runs the benchmarks, each in a process of its own, and says what each measured."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def names() -> list[str]:
    """The benchmarks there are: modules of this folder that can be run."""
    return sorted(path.stem for path in HERE.glob("[!_]*.py") if '__name__ == "__main__"' in path.read_text())


def main() -> int:
    """Run those asked for, or all; 1 if one of them failed."""
    parser = argparse.ArgumentParser("./run bench", description="Measure, and print one table per benchmark.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ({', '.join(names())}); all if none is named")
    asked = parser.parse_args().names or names()
    if unknown := set(asked) - set(names()):
        parser.error(f"there is no benchmark called {', '.join(sorted(unknown))}; there are {', '.join(names())}")
    failed = []
    for name in asked:
        print(f"── {name} " + "─" * (70 - len(name)), flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=HERE.parent).returncode:
            failed.append(name)
    if failed:
        print(f"Failed: {', '.join(failed)}.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
