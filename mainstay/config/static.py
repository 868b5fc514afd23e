"""Static files as they are served: collected into the data folder and compressed, only when they changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

STAMP = "collected.stamp"
COLLECTED = "MAINSTAY_STATIC_COLLECTED"


def collect() -> bool:
    """Bring the collected files up to date, for this process and its children to serve; whether there was need.

    Unchanged files take a few milliseconds: their names, sizes and times are compared with what was collected.
    """
    root = Path(settings.STATIC_ROOT)
    wanted = fingerprint()
    stamp = root / STAMP
    is_stale = not stamp.exists() or stamp.read_text() != wanted
    if is_stale:
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(wanted)
    os.environ[COLLECTED] = "1"
    settings.WHITENOISE_USE_FINDERS = False
    return is_stale


def fingerprint() -> str:
    """One value for all static files as they are now."""
    found = hashlib.sha256()
    for path, file in sorted(_files()):
        state = file.stat()
        found.update(f"{path}\0{state.st_size}\0{state.st_mtime_ns}\n".encode())
    return found.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            yield path, Path(storage.path(path))
