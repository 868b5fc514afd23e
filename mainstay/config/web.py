"""The web application under gunicorn: threads in a few processes, each with one pool of connections.

The access log is off: paths and addresses are patients' business, and the application keeps its own log of
who looked at what.
"""

from __future__ import annotations

import os
import socket

from gunicorn.app.base import BaseApplication

from mainstay.config.supervisor import end_with_parent


class Web(BaseApplication):
    """gunicorn with our settings instead of a file; the application is loaded before the processes are forked."""

    def __init__(self, settings: dict[str, object]) -> None:
        self._settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Called by gunicorn for its settings."""
        for key, value in self._settings.items():
            self.cfg.set(key, value)

    def load(self) -> object:
        """Called by gunicorn for the application."""
        from mainstay.config.wsgi import application

        return application


def run(listener: socket.socket, *, processes: int) -> None:
    """Serve a socket that listens until a signal, or until the supervisor is gone."""
    end_with_parent()
    settings = {
        "bind": f"fd://{listener.detach()}",
        "worker_class": "gthread",
        "workers": processes,
        "threads": int(os.environ.get("MAINSTAY_WEB_THREADS", "8")),
        "preload_app": True,
        "timeout": 60,
        "graceful_timeout": 10,
        "keepalive": 15,
        "accesslog": None,
        "loglevel": "warning",
        "control_socket_disable": True,
        "forwarded_allow_ips": os.environ.get("MAINSTAY_PROXIES", "127.0.0.1"),
    }
    Web(settings).run()
