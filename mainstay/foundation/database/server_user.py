"""Who the server runs as: PostgreSQL refuses to run as root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mainstay.foundation.database.errors import DatabaseTrouble


@dataclass(frozen=True, slots=True)
class ServerUser:
    """The operating-system user PostgreSQL runs as: ourselves, or as root somebody unprivileged."""

    name: str
    uid: int
    gid: int

    @property
    def is_ourselves(self) -> bool:
        """Whether no change of user is needed."""
        return self.uid == os.geteuid()

    def popen_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to start a program as this user."""
        if self.is_ourselves:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can(self, test: str, path: Path) -> bool:
        """Whether this user passes `test -x` (or `-r`, `-w`) on a path: the kernel is asked, no modes are read."""
        command = ["/bin/sh", "-c", f'test {test} "$1"', "sh", str(path)]
        try:
            return subprocess.run(command, cwd="/", check=False, **self.popen_arguments()).returncode == 0
        except PermissionError as refusal:
            raise DatabaseTrouble(
                f"This process is root but may not become {self.name}, and PostgreSQL does not run as root. "
                "Start Mainstay as an ordinary user."
            ) from refusal

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can reach what lies inside a folder."""
        return self.can("-x", folder)


def server_user(data: Path) -> ServerUser:
    """The user for a data directory: its owner where it exists, else ourselves, or as root `postgres` or `nobody`.

    Raises `DatabaseTrouble` when the directory belongs to somebody we cannot become.
    """
    owner = data.stat().st_uid if data.exists() else None
    if os.geteuid() != 0:
        if owner is not None and owner != os.geteuid():
            raise DatabaseTrouble(
                f"The database in {data} belongs to {name_of(owner)}, and you are {name_of(os.geteuid())}. "
                f"Run this as {name_of(owner)} or as root, or choose another folder with --data-dir."
            )
        return ServerUser(name_of(os.geteuid()), os.geteuid(), os.getegid())
    if owner:
        try:
            return ServerUser(name_of(owner), owner, pwd.getpwuid(owner).pw_gid)
        except KeyError:
            return ServerUser(str(owner), owner, data.stat().st_gid)
    for name in (os.environ.get("MAINSTAY_PG_USER", ""), "postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServerUser(name, entry.pw_uid, entry.pw_gid)
    raise DatabaseTrouble("You are root, and PostgreSQL does not run as root: there is no user `postgres` or `nobody`.")


def name_of(uid: int) -> str:
    """A user's name, or the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
