"""Where an installation keeps what it remembers."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from mainstay.foundation.database.errors import DatabaseTrouble
from mainstay.foundation.database.server_user import server_user

CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Place:
    """One folder with everything an installation remembers; `note` says why it is not the usual one."""

    folder: Path
    note: str = ""

    @property
    def cluster(self) -> Path:
        """The folder of the embedded server."""
        return self.folder / "postgres"

    @property
    def backups(self) -> Path:
        """The folder nightly backups go to."""
        return self.folder / "backups"


def place_at(folder: Path | str) -> Place:
    """The place somebody chose by name."""
    return Place(Path(folder).expanduser().absolute())


def home() -> Path:
    """The folder the places of this program are in: `.mainstay` of a checkout, else the user's own data folder."""
    if (CHECKOUT / "pyproject.toml").exists():
        return CHECKOUT / ".mainstay"
    if os.geteuid() == 0:
        return Path("/var/lib/mainstay")
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "mainstay"


def default_place(name: str) -> Place:
    """Where `demo` or `practice` is kept: MAINSTAY_DATA_DIR if it is set, else the usual place."""
    if chosen := os.environ.get("MAINSTAY_DATA_DIR"):
        return place_at(chosen)
    return usual_place(name)


def usual_place(name: str) -> Place:
    """The place of that name in `home()`.

    Started as root from a folder that the server's user may not enter (a checkout
    in root's home), it is a folder in /var/tmp that belongs to this checkout; nobody's folders are opened up.
    """
    usual = home() / name
    if os.geteuid() != 0:
        return Place(usual)
    user = server_user(usual / "postgres" / "pgdata")
    if user.can_enter(nearest_existing(usual)):
        return Place(usual)
    mark = hashlib.sha256(str(home()).encode()).hexdigest()[:10]
    away = Path("/var/tmp") / f"mainstay-{mark}"
    if away.is_symlink() or (away.exists() and away.stat().st_uid != 0):
        raise DatabaseTrouble(f"{away} belongs to somebody else. Choose a folder with --data-dir.")
    return Place(away / name, f"{home().parent} is closed to the user {user.name}, so the data is in {away / name}.")


def nearest_existing(path: Path) -> Path:
    """The path itself or the first folder above it that exists."""
    while not path.exists():
        path = path.parent
    return path
