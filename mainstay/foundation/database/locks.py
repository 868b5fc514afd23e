"""Locks of the operating system, which vanish with their holders and so are never stale."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


@contextmanager
def door(path: Path) -> Iterator[None]:
    """Let one process at a time start or stop a server; others wait their turn."""
    fd = _open(path)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def try_exclusive(path: Path) -> int | None:
    """An open descriptor holding the lock, or None while anybody else does. Close it to let go.

    The server inherits the descriptor of its run lock, and so do all its children: the lock is free
    exactly when none of them is left, across zombies, recycled process numbers and containers that
    share the volume. Network file systems do not give this promise.
    """
    fd = _open(path)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        return None
    return fd


def is_held(path: Path) -> bool:
    """Whether anybody holds the lock at this moment."""
    if not path.exists():
        return False
    fd = try_exclusive(path)
    if fd is None:
        return True
    os.close(fd)
    return False


class Lease:
    """One process's stay as a user of a server; any number may be open at once."""

    def __init__(self, path: Path) -> None:
        self._path = path
        alone = try_exclusive(path)
        self.found_others = alone is None
        self._fd = alone if alone is not None else _open(path)
        fcntl.flock(self._fd, fcntl.LOCK_SH)

    def end(self) -> bool:
        """Leave; true when nobody else is left. Call it with the door locked."""
        os.close(self._fd)
        return not is_held(self._path)
