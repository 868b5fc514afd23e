"""Which installation a command works on, and its database opened for the time of the command."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from mainstay.foundation.database import Address, Cluster, Place, default_place, place_at, purpose
from mainstay.foundation.database.purpose import Purpose

Tell = Callable[[str], None]


class Stay(StrEnum):
    """How a process uses the embedded server: serving from it, or passing by."""

    OWNER = "owner"
    GUEST = "guest"


@dataclass(frozen=True, slots=True)
class Installation:
    """A place on disk, and where its database is: embedded in the place, or a server elsewhere."""

    place: Place
    external: Address | None

    @property
    def cluster(self) -> Cluster | None:
        """The embedded server, or None where DATABASE_URL points elsewhere."""
        return None if self.external else Cluster(self.place.cluster, archive=self.archive)

    @property
    def archive(self) -> Path | None:
        """Where finished write-ahead log is kept, if this installation keeps it."""
        folder = self.place.folder / "wal"
        return folder if folder.is_dir() else None


def choose(folder: str = "", *, purpose: Purpose | None = None) -> Installation:
    """The installation meant: a named folder, MAINSTAY_DATA_DIR, the running one, the practice, else the demo."""
    url = os.environ.get("DATABASE_URL")
    external = Address.from_url(url) if url else None
    if folder:
        return Installation(place_at(folder), external)
    if purpose:
        return Installation(default_place(str(purpose)), external)
    places = [default_place(str(p)) for p in (Purpose.PRACTICE, Purpose.DEMO)]
    made = [place for place in places if place.cluster.exists()]
    running = [place for place in made if Cluster(place.cluster).is_running()]
    return Installation((running or made or places[::-1])[0], external)


def here() -> Installation:
    """The installation this process serves or works for, as the process that opened it left word."""
    place = place_at(os.environ["MAINSTAY_DATA_DIR"])
    address = Address.from_url(os.environ["DATABASE_URL"])
    embedded = address.host == str(Cluster(place.cluster).socket)
    return Installation(place, None if embedded else address)


@contextmanager
def opened(
    installation: Installation, *, tell: Tell, stay: Stay = Stay.GUEST, purpose: Purpose | None = None
) -> Iterator[Address]:
    """The installation's database, answering and at this version's schema, with Django loaded.

    `purpose` claims the database for the demo or for a practice. Raises `DatabaseTrouble`.
    """
    with answering(installation, stay=stay, tell=tell) as address:
        _set_environment(installation, address, purpose)
        load_django()
        from mainstay.config import schema

        schema.bring_up_to_date(tell)
        yield address


@contextmanager
def answering(installation: Installation, *, tell: Tell, stay: Stay = Stay.GUEST) -> Iterator[Address]:
    """The installation's server, answering; its schema is left as it is and Django is not loaded."""
    cluster = installation.cluster
    if cluster is None:
        assert installation.external is not None
        yield installation.external
        return
    if installation.place.note:
        tell(installation.place.note)
    with cluster.owned() if stay is Stay.OWNER else cluster.borrowed():
        yield cluster.address()


def _set_environment(installation: Installation, address: Address, wanted: Purpose | None) -> None:
    """Tell Django's settings, here and in every child process, what they need to know."""
    found = purpose.claim(address, wanted) if wanted else purpose.of(address)
    os.environ["DATABASE_URL"] = address.url()
    os.environ["MAINSTAY_DATA_DIR"] = str(installation.place.folder)
    os.environ["MAINSTAY_ENVIRONMENT"] = str(found or Purpose.PRACTICE)
    os.environ.setdefault("MAINSTAY_SECRET_KEY", secret_key(installation.place.folder))
    static = Path(os.environ.setdefault("MAINSTAY_STATIC", str(installation.place.folder / "static")))
    static.mkdir(parents=True, exist_ok=True)


def secret_key(folder: Path) -> str:
    """The installation's signing key, made once and readable by its owner alone."""
    folder.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(folder / "secret.key", os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        key = file.read().strip()
        if not key:
            key = secrets.token_urlsafe(50)
            file.write(key)
        return key


def load_django() -> None:
    """Load the settings and all domains; no database is touched."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mainstay.config.settings")
    os.environ.setdefault("MAINSTAY_SECRET_KEY", secrets.token_urlsafe(50))
    django.setup()
