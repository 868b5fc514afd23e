"""The background worker: what was promised inside a transaction is done here, at least once."""

from __future__ import annotations

from procrastinate.contrib.django import app

from mainstay.config.supervisor import end_with_parent


def run(*, concurrency: int, forever: bool) -> None:
    """Run jobs until a signal asks to stop, or until none is waiting."""
    with_own_connections = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]  # missing in its types
    with_own_connections.run_worker(
        concurrency=concurrency,
        wait=forever,
        shutdown_graceful_timeout=10,
        delete_jobs="successful",
        update_heartbeat_interval=10,
        stalled_worker_timeout=60,
    )


def run_supervised() -> None:
    """The worker of demo and serve: runs until a signal, or until the supervisor is gone."""
    end_with_parent()
    run(concurrency=4, forever=True)
