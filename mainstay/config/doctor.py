"""`mainstay doctor`: looks an installation over and says in plain words what is wrong and what to do."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from enum import StrEnum
from importlib import metadata
from pathlib import Path

import psycopg

from mainstay.config import installation
from mainstay.config.installation import Installation
from mainstay.foundation import backup, clock
from mainstay.foundation.database import Address, DatabaseTrouble, find_binaries
from mainstay.foundation.database.binaries import OLDEST
from mainstay.foundation.database.places import CHECKOUT
from mainstay.foundation.database.provision import EXTENSIONS
from mainstay.foundation.database.purpose import WORDS, Purpose
from mainstay.foundation.database.purpose import of as purpose_of

GIGABYTE = 2**30


class State(StrEnum):
    """How one thing is."""

    GOOD = "good"
    WORRY = "worry"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing looked at: how it is, and what to do where it is not good."""

    state: State
    finding: str
    remedy: str = ""


def doctor(argv: list[str]) -> int:
    """Print the diagnoses; 1 if there is a fault, 0 if there are at most worries."""
    parser = argparse.ArgumentParser(
        "mainstay doctor", description="Say what is wrong with an installation, if anything."
    )
    parser.add_argument("--data-dir", default="", metavar="FOLDER", help="the installation meant")
    parser.add_argument("--json", action="store_true", help="print the diagnoses as JSON")
    asked = parser.parse_args(argv)
    found = list(diagnoses(installation.choose(asked.data_dir)))
    if asked.json:
        sys.stdout.write(json.dumps([asdict(d) for d in found], indent=1) + "\n")
    else:
        sys.stdout.writelines(f"{line}\n" for d in found for line in as_lines(d))
    return 1 if any(d.state is State.FAULT for d in found) else 0


def as_lines(diagnosis: Diagnosis) -> list[str]:
    """A diagnosis for the terminal."""
    mark = {State.GOOD: "ok   ", State.WORRY: "worry", State.FAULT: "FAULT"}[diagnosis.state]
    return [f"{mark}  {diagnosis.finding}", *([f"       → {diagnosis.remedy}"] if diagnosis.remedy else [])]


def diagnoses(chosen: Installation) -> Iterator[Diagnosis]:
    """Everything looked at, from the machine up to the work that waits."""
    yield good(f"Python {sys.version_info.major}.{sys.version_info.minor}, Mainstay in {CHECKOUT}.")
    yield from packages(CHECKOUT / "requirements.lock")
    yield from place(chosen.place.folder)
    with ExitStack() as stay:
        try:
            if chosen.external is None:
                programs = find_binaries()
                yield good(f"PostgreSQL {'.'.join(map(str, programs.version))} in {programs.folder}.")
                if not chosen.place.cluster.exists():
                    yield worry(f"There is no database in {chosen.place.folder} yet.", "Run `demo` or `serve`.")
                    return
            address = stay.enter_context(installation.answering(chosen, tell=lambda _: None))
            purpose = purpose_of(address)
        except DatabaseTrouble as trouble:
            yield fault(str(trouble), "Put that right first; the rest cannot be looked at.")
            return
        yield good(f"The database answers, and holds {WORDS[purpose] if purpose else 'nothing yet'}.")
        yield from server(address)
        yield from contents(address, chosen.place.folder)
        yield from waiting(address)
    if purpose is Purpose.PRACTICE:
        yield from backups(chosen)


def packages(lock: Path) -> Iterator[Diagnosis]:
    """Whether the installed packages are the locked ones."""
    if not lock.exists():
        return
    pins = [line.split()[0].split("==") for line in lock.read_text().splitlines() if "==" in line and line[0].isalnum()]
    wrong = []
    for name, version in pins:
        try:
            if metadata.version(name) != version:
                wrong.append(f"{name} {metadata.version(name)} instead of {version}")
        except metadata.PackageNotFoundError:
            continue  # for another platform
    if wrong:
        yield worry(f"Packages differ from requirements.lock: {', '.join(wrong[:4])}.", "Delete .venv and start again.")
    else:
        yield good("The installed packages are the tested ones.")


def place(folder: Path) -> Iterator[Diagnosis]:
    """The disk and the rights of the data folder."""
    if not folder.exists():
        return
    free = shutil.disk_usage(folder).free
    text = f"{free / GIGABYTE:.1f} GB are free on the disk of {folder}."
    if free < GIGABYTE:
        yield fault(text, "Make room now: a full disk stops the database.")
    elif free < 5 * GIGABYTE:
        yield worry(text, "Make room soon.")
    else:
        yield good(text)
    key = folder / "secret.key"
    if key.exists() and stat.S_IMODE(key.stat().st_mode) & 0o077:
        yield fault(f"Others on this machine can read {key}.", f"chmod 600 {key}")


def server(address: Address) -> Iterator[Diagnosis]:
    """How the server is set."""
    with psycopg.connect(**address.parameters()) as database:
        version = database.info.server_version // 10_000
        yield good(f"The server is PostgreSQL {version} ({OLDEST} or newer is needed).")
        for setting, what in (
            ("fsync", "A power cut could lose data"),
            ("full_page_writes", "A power cut could tear pages"),
        ):
            if _one(database, "SELECT current_setting(%s)", setting) != "on":
                yield fault(f"{what}: {setting} is off.", f"Set {setting} = on.")
        if _one(database, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"):
            yield fault("The program connects as a superuser.", "Give it a role that only owns its database.")
        have = {name for (name,) in database.execute("SELECT extname FROM pg_extension")}
        if missing := sorted(set(EXTENSIONS) - have):
            yield fault(f"Extensions are missing: {', '.join(missing)}.", "CREATE EXTENSION each as a superuser.")
        skew = abs((clock.now() - _one(database, "SELECT clock_timestamp()")).total_seconds())  # type: ignore[operator]  # a moment, by what was asked
        if skew > 5:
            yield fault(f"The clocks of this machine and of the database differ by {skew:.0f} s.", "Set both by NTP.")
        if _one(database, "SELECT current_setting('data_checksums')") != "on":
            yield worry("The server does not checksum its pages.", "docs/operate.md says how to turn that on.")


def contents(address: Address, folder: Path) -> Iterator[Diagnosis]:
    """Whether the schema is this version's, its guards are in place, and the access log is whole."""
    os.environ.setdefault("DATABASE_URL", address.url())
    installation.load_django()
    from mainstay.config.schema import missing_steps, triggers_out_of_place
    from mainstay.foundation.access import broken_seals

    missing = missing_steps()
    if missing:
        yield worry(f"The database lacks {len(missing)} steps of this version.", "The next start makes them.")
        return
    yield good("The database has the schema of this version.")
    if wrong := triggers_out_of_place():
        yield fault(
            f"Guards of the database are not in place: {', '.join(wrong[:5])}.",
            "Run `mainstay manage pgtrigger install`.",
        )
    else:
        yield good("History and append-only guards are in place.")
    if broken := broken_seals():
        yield fault(
            f"The access log was changed behind its guards, at row {', '.join(map(str, broken))}.",
            "Keep the newest backup from before, and tell the privacy officer: 45 CFR 164.312(b).",
        )
    else:
        yield good("Every row of the access log seals the one before it.")
    yield from end_of_access_log(folder)


def end_of_access_log(folder: Path) -> Iterator[Diagnosis]:
    """Whether the access log still has every row that was there when its end was last written down in the folder."""
    from mainstay.foundation.anchoring import NAME, REMEDY, anchor_in, contradiction, is_left_behind

    try:
        anchor = anchor_in(folder)
    except ValueError as unreadable:
        yield fault(str(unreadable), REMEDY.format(file=folder / NAME))
        return
    if anchor is not None and (gone := contradiction(anchor)):
        yield fault(gone, REMEDY.format(file=folder / NAME))
    elif is_left_behind(anchor):
        yield worry(
            f"Nothing keeps rows from being cut off the end of the access log: {folder / NAME} "
            + ("does not grow with it." if anchor else "is missing."),
            "Is a worker running? `demo` and `serve` run one. If the file was there before, tell the privacy officer.",
        )
    elif anchor is not None:
        yield good(f"The access log has all {anchor.rows} rows it had at {anchor.at:%Y-%m-%d %H:%M} UTC.")


def waiting(address: Address) -> Iterator[Diagnosis]:
    """Background work that failed, or that nobody does."""
    with psycopg.connect(**address.parameters()) as database:
        if _one(database, "SELECT to_regclass('procrastinate_jobs')") is None:
            return
        failed = _one(database, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'")
        late = _one(
            database,
            "SELECT count(*) FROM procrastinate_jobs j JOIN procrastinate_events e ON e.job_id = j.id "
            "WHERE j.status = 'todo' AND e.type = 'deferred' AND e.at < now() - interval '15 minutes' "
            "AND coalesce(j.scheduled_at, e.at) < now() - interval '15 minutes'",
        )
    if failed:
        yield worry(f"{failed} background jobs failed for good.", "The log of the worker says why.")
    if late:
        yield worry(
            f"{late} background jobs wait for more than 15 minutes.", "Is a worker running? `demo` and `serve` run one."
        )
    if not failed and not late:
        yield good("No background work is left behind.")


def backups(chosen: Installation) -> Iterator[Diagnosis]:
    """When the last backup was, and whether it would survive the disk."""
    state = backup.backup_state(chosen.place.backups)
    if state.failure:
        yield fault(f"The last backup failed: {state.failure}", "Put that right, then run `mainstay backup`.")
    if state.last is None:
        yield fault("There is no backup.", "Run `mainstay backup`; `serve` makes one every night.")
        return
    text = f"The last backup is of {state.last:%Y-%m-%d %H:%M} UTC."
    if state.is_overdue(clock.now()):
        yield fault(text, "Run `mainstay backup`, and leave `serve` running at night.")
    else:
        yield good(text)
    if chosen.place.backups.stat().st_dev == chosen.place.folder.stat().st_dev:
        yield worry("The backups are on the same disk as the data.", f"Copy {chosen.place.backups} to another machine.")


def good(finding: str) -> Diagnosis:
    """Nothing to do."""
    return Diagnosis(State.GOOD, finding)


def worry(finding: str, remedy: str) -> Diagnosis:
    """Works, but should not stay so."""
    return Diagnosis(State.WORRY, finding, remedy)


def fault(finding: str, remedy: str) -> Diagnosis:
    """Does not work, or loses something."""
    return Diagnosis(State.FAULT, finding, remedy)


def _one(database: psycopg.Connection, question: str, *values: object) -> object:
    row = database.execute(question, values).fetchone()
    return row[0] if row else None
