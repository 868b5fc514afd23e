"""`./run check` and `./run test`: everything that must hold, the same here and in continuous integration."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


ABOUT = {
    "check": "Check style, layout, house rules, floors, templates, types and migrations.",
    "test": "Check everything `./run check` does, then run every test that must hold.",
}


@dataclass(frozen=True)
class Step:
    """One check: what it shows, and the command that fails when it does not hold."""

    name: str
    command: tuple[str, ...]


def program(name: str) -> str:
    """A program of the environment this runs in."""
    return str(BIN / name)


STEPS = (
    Step("style (ruff)", (program("ruff"), "check", "--quiet", ".")),
    Step("layout (ruff format)", (program("ruff"), "format", "--quiet", "--check", ".")),
    Step("house rules (lint/)", (sys.executable, "-m", "lint.own")),
    Step("floors (import-linter)", (program("lint-imports"), "--no-logo")),
    Step("templates (djlint)", (program("djlint"), "mainstay", "--lint", "--quiet")),
    Step("types (mypy)", (program("mypy"), "mainstay", "lint")),
    Step("migrations match the models", (sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run")),
)


def check() -> bool:
    """Run every step, also after one failed; what a failed one says is shown."""
    held = True
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "mainstay.config.settings_test"}
    for step in STEPS:
        begun = time.monotonic()
        done = subprocess.run(step.command, cwd=ROOT, env=environment, capture_output=True, text=True)
        say(f"{'FAIL' if done.returncode else 'ok  '} {step.name} ({time.monotonic() - begun:.1f} s)")
        if done.returncode:
            held = False
            say(done.stdout.strip() + "\n" + done.stderr.strip())
    return held


def test(arguments: Sequence[str]) -> bool:
    """Run the whole suite, or what the arguments name, and say how many tests that was."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.xml"
        parallel = (
            ["-n", "2", "--dist", "worksteal"]
            if (os.cpu_count() or 1) > 1 and not any(a.startswith("-n") for a in arguments)
            else []
        )
        command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", *parallel, *arguments]
        begun = time.monotonic()
        code = subprocess.run(command, cwd=ROOT).returncode
        if not report.exists():
            return False
        counted = {"tests": 0, "failures": 0, "errors": 0, "skipped": 0}
        for suite in ElementTree.parse(report).getroot().iter("testsuite"):
            counted = {key: count + int(suite.get(key, "0")) for key, count in counted.items()}
    ran = counted["tests"] - counted["skipped"]
    bad = counted["failures"] + counted["errors"]
    say(f"{ran} tests ran, {bad} failed, {counted['skipped']} skipped, in {(time.monotonic() - begun) / 60:.1f} min.")
    return code == 0 and ran > 0


def say(text: str) -> None:
    """Print at once, so that a log shows the order of things."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> int:
    """Run what is asked for; 0 when all of it holds."""
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    parser = argparse.ArgumentParser(f"./run {what}".strip(), description=ABOUT.get(what, ABOUT["test"]))
    if what == "test":
        parser.epilog = "Other words go to pytest: ./run test mainstay/visits -k undo"
    parser.add_argument("what", choices=list(ABOUT), help=argparse.SUPPRESS)
    asked, rest = parser.parse_known_args()
    if rest and asked.what == "check":
        parser.error(f"check takes no {' '.join(rest)}; ./run test does.")
    held = check()
    if asked.what == "test":
        held = test(rest) and held
        say("Everything holds." if held else "Something does not hold; see above.")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
