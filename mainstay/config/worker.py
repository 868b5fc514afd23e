"""The background worker: what was promised inside a transaction is done here, at least once."""

from __future__ import annotations

import os

from procrastinate.contrib.django import app

from mainstay.config.installation import SUPERVISED
from mainstay.config.supervisor import end_with_parent


def run(*, concurrency: int, forever: bool) -> None:
    """Run jobs until a signal asks to stop, or until none is waiting."""
    if os.environ.get(SUPERVISED):
        end_with_parent()
    with_own_connections = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    with_own_connections.run_worker(
        concurrency=concurrency,
        wait=forever,
        shutdown_graceful_timeout=10,
        delete_jobs="successful",
        update_heartbeat_interval=10,
        stalled_worker_timeout=60,
    )
